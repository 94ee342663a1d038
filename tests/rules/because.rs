//! Every kind of finding names its rule, the thresholds that it was asked with, and the data behind it.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate};
use convene::domain::civic::{Blackout, BudgetYear, Council, Meeting, Whose};
use convene::domain::conflict::{Because, Finding, Kind, Severity, find};
use convene::domain::observance::{Certainty, ObservanceKind, Tier};
use convene::domain::pattern::Outlook;
use convene::domain::team::Member;
use convene::domain::{
    Agenda, Civic, Claim, Claims, Days, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Observance, Policy, Recurrence,
    Role, RoleTree, Span, Team, Venue, When,
};
use convene::sheet::patterns;
use uuid::Uuid;

#[test]
fn every_kind_names_its_rule_its_thresholds_and_the_age_of_the_data_behind_it() {
    let mut wrong = Vec::new();
    for kind in Kind::ALL {
        let found = of(kind, &Policy::default());
        let Some(finding) = found.first() else {
            wrong.push(format!("{kind}: the example of this test gives none"));
            continue;
        };
        let Because { rule, data, threshold, .. } = &finding.because;
        let (data, threshold) = (data.as_deref().unwrap_or_default(), threshold.as_deref().unwrap_or_default());
        if *rule != kind || !says_how_old(data) || threshold != Policy::default().thresholds(kind) || threshold.is_empty() {
            wrong.push(format!("{kind}: rule {rule}, thresholds “{threshold}”, data “{data}”"));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_thresholds_are_those_of_the_policy_that_spoke() {
    let of_kind = |kind, policy: &Policy| of(kind, policy).remove(0).because.threshold.unwrap_or_default();
    assert_eq!(
        of_kind(Kind::TightTurnaround, &Policy::default()),
        "far_km = 300, free_days = high medium low low, zone_hours = 3"
    );
    let wide = Policy { apart_km: 50, ..Policy::default() };
    assert_eq!(of_kind(Kind::TeamSplit, &wide), "few = medium, many = high, many_percent = 25, many_teams = 5, apart_km = 50");
    assert_eq!(of_kind(Kind::Blackout, &wide), "as entered");
    let (subject, mut facts) = example(Kind::TeamSplit);
    facts.policies.partners.insert(subject.event.details.partner.clone(), wide);
    let found = find(&subject, &Agenda::new(facts), &Policy::default());
    let split = found.iter().find(|finding| finding.kind == Kind::TeamSplit).expect("a split");
    let said = split.because.threshold.as_deref().unwrap_or_default();
    assert!(said.ends_with("apart_km = 50"), "the partner's own speaks: {said}");
}

#[test]
fn every_kind_that_policies_grade_has_thresholds_of_its_own() {
    let ungraded: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| Policy::default().thresholds(*kind) == "as entered").collect();
    assert_eq!(ungraded, [Kind::Blackout]);
}

#[test]
fn the_paper_about_findings_lists_every_kind_with_its_defaults() {
    let mut expected = String::from(PAPER);
    for kind in Kind::ALL {
        expected += &format!("| `{kind}` | {} | {} |\n", kind.label(), Policy::default().thresholds(kind));
    }
    let paper = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/findings.md");
    if std::env::var_os("CONVENE_BLESS").is_some() {
        std::fs::write(&paper, &expected).expect("it can be written");
    }
    let written = std::fs::read_to_string(&paper).expect("docs/findings.md");
    assert_eq!(written, expected, "CONVENE_BLESS=1 cargo nextest run paper_about_findings writes it anew");
}

const PAPER: &str = "\
# Kinds of findings

Generated from the program: `CONVENE_BLESS=1 cargo nextest run paper_about_findings` writes it anew.

A finding says in `because` which rule found it (`rule`), what it clashes with when that is not an event (`name`), the
thresholds and severities that the rule was asked with (`threshold`), the version and age of the data behind it (`data`),
and whose policy makes it so grave where somebody changed the defaults (`policy`). All thresholds can be changed for the
network, a partner or one event: `convene policy`. Between a hold or proposal and something else it is one step lower.

| kind | in words | thresholds and severities by default |
| --- | --- | --- |
";

/// Does it name a table with its years, a release or a day?
fn says_how_old(data: &str) -> bool {
    let is_day = |text: &str| text.len() >= 10 && text.is_char_boundary(10) && text[..10].parse::<NaiveDate>().is_ok();
    let day = data.char_indices().any(|(at, _)| is_day(&data[at..]));
    day || ["shipped-", "own-", "calculation "].iter().any(|mark| data.contains(mark))
}

fn of(kind: Kind, policy: &Policy) -> Vec<Finding> {
    let (subject, facts) = example(kind);
    let found = find(&subject, &Agenda::new(facts), policy);
    found.into_iter().filter(|finding| finding.kind == kind).collect()
}

const KANSAS_CITY: (&str, &str, f64, f64) = ("Kansas City", "MO", 39.0997, -94.5786);
const PHOENIX: (&str, &str, f64, f64) = ("Phoenix", "AZ", 33.4484, -112.074);
const ONLINE: (&str, &str, f64, f64) = ("", "", 0.0, 0.0);

/// A subject and the facts around it in which this kind is found. A new kind does not compile without one.
fn example(kind: Kind) -> (Entry, Facts) {
    const WEEK: &str = "2027-10-05/2027-10-07";
    const HOUR: &str = "2027-10-05T09:00/2027-10-05T10:00";
    let subject = |when| event(1, "mayor", when, KANSAS_CITY, |_| ());
    let beside = |when, place| (subject(WEEK), with(vec![event(2, "mayor", when, place, |_| ())], |_| ()));
    let on = |day: Observance| (subject(WEEK), with(vec![], |facts| facts.observances = vec![day]));
    let alone = |change: fn(&mut Event)| (event(1, "mayor", WEEK, KANSAS_CITY, change), with(vec![], |_| ()));
    match kind {
        Kind::RoleOverlap => beside(WEEK, PHOENIX),
        Kind::TeamSplit => (subject(WEEK), with(vec![event(2, "city_manager", WEEK, PHOENIX, |_| ())], |_| ())),
        Kind::SpeakerDoubleBooked => {
            let speaks = |event: &mut Event| event.details.speakers = ["sam-sample".parse().expect("person")].into();
            (event(1, "mayor", HOUR, ONLINE, speaks), with(vec![event(2, "city_manager", HOUR, ONLINE, speaks)], |_| ()))
        }
        Kind::RoomDoubleBooked => {
            let room = |event: &mut Event| {
                let venue = event.details.venue.as_mut().expect("a venue");
                (venue.name, venue.room) = (Some("City Hall".into()), Some("Oak Room".into()));
            };
            (event(1, "mayor", HOUR, KANSAS_CITY, room), with(vec![event(2, "city_manager", HOUR, KANSAS_CITY, room)], |_| ()))
        }
        Kind::RoomTooSmall => alone(|event| {
            event.details.expected = Some(80);
            event.details.venue.as_mut().expect("a venue").capacity = Some(40);
        }),
        Kind::TightTurnaround => beside("2027-10-08/2027-10-09", PHOENIX),
        Kind::TravelLoad => {
            let trips = [(2, "2027-10-11/2027-10-12"), (3, "2027-10-18/2027-10-19"), (4, "2027-10-25/2027-10-26")];
            (subject(WEEK), with(trips.map(|(number, when)| event(number, "mayor", when, KANSAS_CITY, |_| ())).into(), |_| ()))
        }
        Kind::Observance => on(day("2027-10-06", ObservanceKind::Religious, "A feast")),
        Kind::ObservanceEve => on(Observance { from_sunset: true, ..day("2027-10-08", ObservanceKind::Religious, "A feast") }),
        Kind::TravelOnObservance => on(day("2027-10-08", ObservanceKind::Religious, "A feast")),
        Kind::WeeklyObservance => (subject("2027-10-07/2027-10-08"), with(vec![], |_| ())),
        Kind::ElectionDay => on(day("2027-10-06", ObservanceKind::Election, "A special primary")),
        Kind::FederalHoliday => on(day("2027-10-06", ObservanceKind::Federal, "A holiday")),
        Kind::ClosurePeriod => on(day("2027-10-06", ObservanceKind::Season, "Thanksgiving week")),
        Kind::CouncilNight => (subject(WEEK), with(vec![], |facts| facts.civic = council(9))),
        Kind::QuorumRisk => (subject(WEEK), with(vec![], |facts| facts.civic = council(1))),
        Kind::BudgetSeason => {
            let season = |facts: &mut Facts| {
                facts.civic.budgets.insert("sampleton".parse().expect("team"), BudgetYear { month: 11, weeks: None });
            };
            (subject(WEEK), with(vec![], season))
        }
        Kind::Blackout => {
            let whose = Whose::Partner("nlc".parse().expect("partner"));
            let days = Days::one("2027-10-06".parse().expect("a day"));
            let blackout =
                Blackout { whose, days, severity: Severity::High, reason: "recess".into(), in_person: false, decide_by: None };
            (subject(WEEK), with(vec![], |facts| facts.civic.blackouts = vec![blackout]))
        }
        Kind::ShortNotice => (
            event(1, "mayor", "2026-01-20/2026-01-21", KANSAS_CITY, |event| event.status = EventStatus::Proposed),
            with(vec![], |_| ()),
        ),
        Kind::UnfairHours => {
            let away = |facts: &mut Facts| facts.teams[0].zone = chrono_tz::Pacific::Honolulu;
            (event(1, "mayor", HOUR, ONLINE, |_| ()), with(vec![], away))
        }
        Kind::ClockChange => (subject("2027-11-06/2027-11-08"), with(vec![], |_| ())),
        Kind::AnchorChanged => {
            let anchor = event(2, "mayor", WEEK, KANSAS_CITY, |event| event.status = EventStatus::Cancelled);
            (event(1, "mayor", WEEK, KANSAS_CITY, |event| event.details.anchor = Some(id(2))), with(vec![anchor], |_| ()))
        }
        Kind::HoldLapsing => alone(|event| {
            event.status = EventStatus::Hold;
            event.details.hold_until = "2026-01-03".parse().ok();
        }),
        Kind::IncompleteDates => alone(|event| {
            event.details.when = When::Days { first: "2027-10-05".parse().expect("a day"), last: None };
        }),
        Kind::PossibleDuplicate => {
            let other = event(2, "mayor", WEEK, KANSAS_CITY, |event| event.details.partner = "icma".parse().expect("partner"));
            (subject(WEEK), with(vec![other], |_| ()))
        }
        Kind::SamePlaceNearDates => {
            let other = |event: &mut Event| event.details.partner = "icma".parse().expect("partner");
            (subject(WEEK), with(vec![event(2, "mayor", "2027-10-09/2027-10-10", KANSAS_CITY, other)], |_| ()))
        }
        Kind::ExpectedAnchor => {
            let others = |event: &mut Event| event.details.partner = "icma".parse().expect("partner");
            let usual = patterns::shipped().expect("the shipped patterns");
            let expecting = |facts: &mut Facts| {
                facts.outlook = Outlook { patterns: usual, version: "patterns, shipped-0a1b2c3d".into(), ..Outlook::default() }
            };
            (event(1, "mayor", "2027-11-17/2027-11-19", KANSAS_CITY, others), with(vec![], expecting))
        }
        Kind::SourceDisagreement => {
            let says = |source: &str, when| {
                let event = subject(when).event;
                Claim::new(source, DateTime::UNIX_EPOCH, event.status, &event.details)
            };
            let claims = Claims { taken: says("one.ics", WEEK), others: vec![says("other.csv", "2027-10-05/2027-10-08")] };
            (subject(WEEK), with(vec![], |facts| _ = facts.claims.insert(id(1), claims)))
        }
    }
}

fn id(number: u128) -> EventId {
    EventId(Uuid::from_u128(number))
}

fn event(number: u128, role: &str, when: &str, place: (&str, &str, f64, f64), change: impl FnOnce(&mut Event)) -> Entry {
    let mut details = Details::new("A convening", "nlc".parse().expect("partner"), times(when), chrono_tz::America::Chicago);
    details.roles = [role.parse().expect("role")].into();
    let (city, state, lat, lon) = place;
    details.mode = if city.is_empty() { Mode::Virtual } else { Mode::InPerson };
    details.venue = (!city.is_empty()).then(|| Venue {
        city: Some(city.into()),
        state: Some(state.into()),
        lat: Some(lat),
        lon: Some(lon),
        ..Venue::default()
    });
    let mut event = Event::new(id(number), EventStatus::Confirmed, details, DateTime::UNIX_EPOCH);
    change(&mut event);
    Entry::once(event)
}

fn times(text: &str) -> When {
    let (start, end) = text.split_once('/').expect("start/end");
    match start.parse() {
        Ok(first) => When::Days { first, last: end.parse().ok() },
        Err(_) => When::Times { start: format!("{start}:00").parse().expect("start"), end: format!("{end}:00").parse().ok() },
    }
}

fn day(date: &str, kind: ObservanceKind, name: &str) -> Observance {
    Observance {
        name: name.into(),
        days: Days::one(date.parse().expect("a day")),
        kind,
        tier: Tier::Avoid,
        from_sunset: false,
        work_restricted: true,
        state: None,
        certainty: Certainty::Exact,
        alternate: None,
        calculated: false,
    }
}

/// A council that meets on an evening of the week; the mayor has one of its seats.
fn council(seats: u32) -> Civic {
    let team: convene::domain::TeamSlug = "sampleton".parse().expect("team");
    let at = |text: &str| text.parse::<DateTime<chrono::Utc>>().expect("a time");
    let council = Council {
        name: "City Council".into(),
        seats,
        quorum: None,
        mayor_sits: true,
        approves_travel: false,
        yields_to_elections: false,
        when: times("2027-10-05T19:00/2027-10-05T21:00"),
        recurrence: Recurrence::default(),
        agenda_days: 5,
    };
    let meeting = Meeting {
        team: team.clone(),
        day: "2027-10-05".parse().expect("a day"),
        span: Span::new(at("2027-10-06T00:00:00Z"), at("2027-10-06T02:00:00Z")),
        moved_from: None,
        title: None,
    };
    Civic { councils: [(team, council)].into(), meetings: vec![meeting], ..Civic::default() }
}

/// Facts with one made-up city team, its mayor and its manager.
fn with(entries: Vec<Entry>, change: impl FnOnce(&mut Facts)) -> Facts {
    let role = |slug: &str, parent: Option<&str>| Role {
        slug: slug.parse().expect("role"),
        name: slug.replace('_', " "),
        parent: parent.map(|parent| parent.parse().expect("role")),
    };
    let member = |role: &str| Member { name: format!("Made-up {role}"), role: role.parse().expect("role"), cohorts: [].into() };
    let team = Team {
        slug: "sampleton".parse().expect("team"),
        name: "Sampleton".into(),
        state: Some("OH".into()),
        zone: chrono_tz::America::New_York,
        home: None,
        members: vec![member("mayor"), member("city_manager")],
    };
    let mut facts = Facts {
        entries,
        roles: RoleTree::new([
            role("elected_official", None),
            role("mayor", Some("elected_official")),
            role("city_manager", None),
        ]),
        teams: vec![team],
        observances: vec![],
        outlook: Outlook::default(),
        observances_version: "observances 2018–2027, shipped-0a1b2c3d".into(),
        people: BTreeMap::new(),
        partners: BTreeMap::new(),
        civic: Civic::default(),
        claims: Default::default(),
        policies: Default::default(),
        now: "2026-01-01T00:00:00Z".parse().expect("now"),
    };
    change(&mut facts);
    facts
}
