//! Suggestions over random calendars: verified by the rules, distinct, clean where they can be, and always the same.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Duration, NaiveDate};
use convene::domain::conflict::{Kind, Severity, find};
use convene::domain::observance::{Certainty, ObservanceKind, Tier};
use convene::domain::suggest::{Length, Suggestions, Weekdays, Wish, suggest};
use convene::domain::{
    Agenda, Days, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Observance, Policy, Role, RoleTree, Venue, When,
};
use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2027, 2, 22).expect("a date");
const ZONE: chrono_tz::Tz = chrono_tz::America::Chicago;
const PLACES: [(&str, f64, f64); 3] =
    [("Kansas City", 39.0997, -94.5786), ("Overland Park", 38.9822, -94.6708), ("Phoenix", 33.4484, -112.074)];
const ROLES: [&str; 2] = ["mayor", "equity_staff"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_window_is_what_the_rules_say_it_is(case in case()) {
        let (wish, facts) = (case.wish(), case.facts());
        let agenda = Agenda::new(facts.clone());
        let found = suggest(&wish, &agenda, &Policy::default());
        prop_assert!(found.windows.len() <= wish.most);
        for window in &found.windows {
            let rules = find(&wish.candidate(window.when, facts.now), &agenda, &Policy::default());
            let rules: Vec<_> = rules.into_iter().filter(|finding| finding.severity != Severity::Opportunity).collect();
            prop_assert_eq!(&window.against, &rules);
            prop_assert!(wish.between.contains(window.when.days().first) && wish.between.contains(window.when.days().last));
            prop_assert!(wish.weekdays.has_all(window.when.days()));
        }
    }

    #[test]
    fn windows_are_distinct_and_of_more_than_one_week(case in case()) {
        let (wish, facts) = (case.wish(), case.facts());
        let agenda = Agenda::new(facts.clone());
        let found = suggest(&wish, &agenda, &Policy::default());
        for (place, one) in found.windows.iter().enumerate() {
            for other in &found.windows[place + 1..] {
                let overlap = one.when.span(ZONE).overlap(other.when.span(ZONE));
                prop_assert_eq!(overlap, None, "{:?} and {:?}", one.when, other.when);
            }
        }
        let week = |when: When| when.days().first.iso_week();
        let weeks: BTreeSet<_> = found.windows.iter().map(|window| week(window.when)).collect();
        if found.windows.len() > 1 && weeks.len() == 1 {
            let offered: Vec<When> = found.windows.iter().map(|window| window.when).collect();
            let is_grave = |when| {
                let rules = find(&wish.candidate(when, facts.now), &agenda, &Policy::default());
                rules.iter().any(|finding| finding.severity >= Severity::High)
            };
            let apart = |when: &When| offered.iter().all(|other| other.days().overlap(when.days()).is_none());
            let elsewhere = every_start(&wish).into_iter().filter(|when| !weeks.contains(&week(*when)) && apart(when));
            let clean = elsewhere.filter(|when| !is_excluded(*when, &wish, &facts) && !is_grave(*when)).collect::<Vec<_>>();
            prop_assert_eq!(clean, vec![]);
        }
    }

    #[test]
    fn nothing_grave_is_offered_while_something_clean_is_left(case in case()) {
        let (wish, facts) = (case.wish(), case.facts());
        let agenda = Agenda::new(facts.clone());
        let found = suggest(&wish, &agenda, &Policy::default());
        let is_grave = |when| {
            let rules = find(&wish.candidate(when, facts.now), &agenda, &Policy::default());
            rules.iter().any(|finding| finding.severity >= Severity::High)
        };
        let offered_grave = found.windows.iter().filter(|window| is_grave(window.when)).count();
        if offered_grave > 0 {
            prop_assert_eq!(offered_grave, found.windows.len());
            let clean = every_start(&wish).into_iter().find(|when| !is_grave(*when) && !is_excluded(*when, &wish, &facts));
            prop_assert_eq!(clean, None);
        }
    }

    #[test]
    fn the_first_window_is_the_best_of_all_that_brute_force_tries(case in case()) {
        let (wish, facts) = (case.wish(), case.facts());
        let agenda = Agenda::new(facts.clone());
        let found = suggest(&wish, &agenda, &Policy::default());
        let cost = |when| -> (bool, i64) {
            let rules = find(&wish.candidate(when, facts.now), &agenda, &Policy::default());
            let grave = rules.iter().any(|finding| finding.severity >= Severity::High);
            let chances = rules.iter().filter(|finding| finding.severity == Severity::Opportunity).count().min(3);
            let cost: i64 = rules.iter().map(|finding| weight(finding.severity)).sum();
            (grave, cost - 20 * i64::try_from(chances).expect("few"))
        };
        let least = every_start(&wish).into_iter().filter(|when| !is_excluded(*when, &wish, &facts)).map(cost).min();
        prop_assert_eq!(found.windows.first().map(|window| cost(window.when)), least);
        if let Some((window, (_, cost))) = found.windows.first().zip(least) {
            prop_assert_eq!(window.score, 1000 - cost);
        }
    }

    #[test]
    fn the_order_of_facts_does_not_matter(case in case(), turn in 0_usize..8) {
        let (wish, facts) = (case.wish(), case.facts());
        let mut turned = facts.clone();
        let turn = turn.min(turned.entries.len());
        turned.entries.rotate_left(turn);
        turned.observances.reverse();
        let answer = |facts: Facts| -> Suggestions { suggest(&wish, &Agenda::new(facts), &Policy::default()) };
        prop_assert_eq!(answer(turned), answer(facts));
    }
}

fn weight(severity: Severity) -> i64 {
    match severity {
        Severity::Block => 10_000,
        Severity::High => 1_000,
        Severity::Medium => 100,
        Severity::Low => 30,
        Severity::Note => 3,
        Severity::Opportunity => 0,
    }
}

/// Everything that the wish allows, written without the engine.
fn every_start(wish: &Wish) -> Vec<When> {
    let days: Vec<NaiveDate> = wish.between.iter().collect();
    match wish.length {
        Length::Days(count) => {
            let windows = days.windows(usize::try_from(count).expect("few days"));
            let allowed = windows.filter(|window| wish.weekdays.has_all(Days::new(window[0], window[window.len() - 1])));
            allowed.map(|window| When::Days { first: window[0], last: window.last().copied() }).collect()
        }
        Length::Minutes(minutes) => {
            let allowed = days.iter().filter(|day| wish.weekdays.has_all(Days::one(**day)));
            let quarters = (8 * 4..18 * 4).map(|quarter| Duration::minutes(quarter * 15));
            let starts = allowed.flat_map(|day| quarters.clone().map(|quarter| day.and_time(chrono::NaiveTime::MIN) + quarter));
            let end = |start| start + Duration::minutes(minutes.into());
            let evening = chrono::NaiveTime::from_hms_opt(18, 0, 0).expect("a time");
            let in_time = starts.filter(|start| end(*start) <= start.date().and_time(evening));
            in_time.map(|start| When::Times { start, end: Some(end(start)) }).collect()
        }
    }
}

/// By sets of days: an avoid day, its eve, or a day beside it that it may fall on.
fn is_excluded(when: When, wish: &Wish, facts: &Facts) -> bool {
    let Some(tier) = wish.avoid else { return false };
    let days: BTreeSet<NaiveDate> = when.days().iter().collect();
    let away: BTreeSet<NaiveDate> = when.days().widened(wish.travel()).iter().collect();
    let ends_early = matches!(when, When::Times { end: Some(end), .. } if end.time() <= chrono::NaiveTime::from_hms_opt(15, 0, 0).expect("a time"));
    facts.observances.iter().filter(|observance| observance.tier >= tier).any(|observance| {
        let (first, last) = (observance.days.first, observance.days.last);
        let eve = first - Duration::days(1);
        let on = observance.days.iter().any(|day| away.contains(&day));
        let at_sunset = observance.from_sunset && away.contains(&eve) && (wish.is_in_person() || !ends_early);
        let perhaps = observance.certainty == Certainty::PlusMinusOne
            && [eve, last + Duration::days(1)].iter().any(|day| days.contains(day));
        on || at_sunset || perhaps
    })
}

// Cases.

#[derive(Debug, Clone)]
struct Plan {
    day: i64,
    days: i64,
    hours: Option<(i64, i64)>,
    place: usize,
    online: bool,
    role: usize,
    speaks: bool,
    status: EventStatus,
}

#[derive(Debug, Clone)]
struct Case {
    plans: Vec<Plan>,
    observed: Vec<(i64, i64, Tier, bool, bool)>,
    length: Length,
    span: i64,
    weekdays: &'static str,
    online: bool,
    place: Option<usize>,
    avoid: Option<Tier>,
    speaks: bool,
}

fn case() -> impl Strategy<Value = Case> {
    let statuses = vec![EventStatus::Hold, EventStatus::Confirmed, EventStatus::Announced, EventStatus::Cancelled];
    let plan = (
        (0..24_i64, 1..4_i64, prop::option::of((8..17_i64, 1..5_i64)), 0..PLACES.len()),
        (any::<bool>(), 0..ROLES.len(), prop::bool::weighted(0.3), prop::sample::select(statuses)),
    );
    let plan = plan.prop_map(|((day, days, hours, place), (online, role, speaks, status))| Plan {
        day,
        days,
        hours,
        place,
        online,
        role,
        speaks,
        status,
    });
    let tier = || prop::sample::select(vec![Tier::Note, Tier::Caution, Tier::Avoid]);
    let observed = (0..24_i64, 1..3_i64, tier(), any::<bool>(), prop::bool::weighted(0.3));
    let lengths = vec![Length::Days(1), Length::Days(3), Length::Minutes(60), Length::Minutes(150)];
    let wish = (
        prop::sample::select(lengths),
        3..20_i64,
        prop::sample::select(vec!["any", "mon-fri", "wed-fri", "tue,thu"]),
        any::<bool>(),
        prop::option::weighted(0.7, 0..PLACES.len()),
        prop::option::of(tier()),
        any::<bool>(),
    );
    (vec(plan, 0..14), vec(observed, 0..4), wish).prop_map(
        |(plans, observed, (length, span, weekdays, online, place, avoid, speaks))| Case {
            plans,
            observed,
            length,
            span,
            weekdays,
            online,
            place,
            avoid,
            speaks,
        },
    )
}

fn venue(place: usize) -> Venue {
    let (town, lat, lon) = PLACES[place];
    Venue { city: Some(town.into()), lat: Some(lat), lon: Some(lon), ..Venue::default() }
}

fn speakers(speaks: bool) -> BTreeSet<convene::domain::PersonSlug> {
    speaks.then(|| "sam-sample".parse().expect("person")).into_iter().collect()
}

impl Case {
    fn wish(&self) -> Wish {
        let between = Days::new(FIRST + Duration::days(2), FIRST + Duration::days(2 + self.span));
        let mut template =
            Details::new("A wish", "gare".parse().expect("partner"), When::Days { first: FIRST, last: None }, ZONE);
        template.roles = ["mayor".parse().expect("role")].into();
        template.mode = if self.online { Mode::Virtual } else { Mode::InPerson };
        template.venue = self.place.filter(|_| !self.online).map(venue);
        template.speakers = speakers(self.speaks);
        Wish {
            template,
            event: Wish::NEW,
            length: self.length,
            between,
            weekdays: self.weekdays.parse::<Weekdays>().expect("weekdays"),
            hours: None,
            at: None,
            travel_days: 1,
            avoid: self.avoid,
            most: 4,
            hidden: BTreeSet::new(),
        }
    }

    fn facts(&self) -> Facts {
        let role = |slug: &str| Role { slug: slug.parse().expect("role"), name: slug.replace('_', " "), parent: None };
        Facts {
            entries: self.plans.iter().zip(1..).map(|(plan, number)| plan.entry(number)).collect(),
            roles: RoleTree::new(ROLES.map(role)),
            teams: vec![],
            observances: self.observed.iter().enumerate().map(|(number, one)| observance(number, *one)).collect(),
            outlook: convene::domain::pattern::Outlook::default(),
            observances_version: String::new(),
            people: [].into(),
            partners: [].into(),
            civic: Default::default(),
            claims: Default::default(),
            policies: Default::default(),
            now: "2026-06-01T00:00:00Z".parse().expect("now"),
        }
    }
}

fn observance(number: usize, (day, days, tier, from_sunset, uncertain): (i64, i64, Tier, bool, bool)) -> Observance {
    let first = FIRST + Duration::days(day);
    Observance {
        name: format!("Observance {number}"),
        calculated: false,
        days: Days::new(first, first + Duration::days(days - 1)),
        kind: ObservanceKind::Religious,
        tier,
        from_sunset,
        work_restricted: false,
        state: None,
        certainty: if uncertain { Certainty::PlusMinusOne } else { Certainty::Exact },
        alternate: None,
    }
}

impl Plan {
    fn entry(&self, number: u128) -> Entry {
        let first = FIRST + Duration::days(self.day);
        let when = match self.hours {
            None => When::Days { first, last: Some(first + Duration::days(self.days - 1)) },
            Some((hour, length)) => {
                let start = first.and_time(chrono::NaiveTime::MIN) + Duration::hours(hour);
                When::Times { start, end: Some(start + Duration::hours(length)) }
            }
        };
        let title = format!("Convening number {number}");
        let mut details = Details::new(&title, "nlc".parse().expect("partner"), when, ZONE);
        details.roles = [ROLES[self.role].parse().expect("role")].into();
        details.mode = if self.online { Mode::Virtual } else { Mode::InPerson };
        details.venue = (!self.online).then(|| venue(self.place));
        details.speakers = speakers(self.speaks);
        // Read from somewhere long ago, so that no rule asks when it was entered.
        Entry::once(Event::new(EventId(Uuid::from_u128(number)), self.status, details, chrono::DateTime::UNIX_EPOCH))
    }
}

#[test]
fn without_patterns_nothing_is_expected() {
    let case = Case {
        plans: vec![],
        observed: vec![],
        length: Length::Days(3),
        span: 19,
        weekdays: "any",
        online: false,
        place: Some(0),
        avoid: None,
        speaks: false,
    };
    let found = suggest(&case.wish(), &Agenda::new(case.facts()), &Policy::default());
    let kinds = found.windows.iter().flat_map(|window| &window.against).map(|finding| finding.kind);
    let others: Vec<Kind> = kinds.filter(|kind| *kind != Kind::WeeklyObservance).collect();
    assert_eq!((found.windows.len(), others), (4, vec![]));
}
