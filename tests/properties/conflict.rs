//! The engine against brute force: minute by minute, pair by pair, written without its indexes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;
use convene::domain::conflict::{Finding, Kind, Severity, find, find_all, reach, travel_reach};
use convene::domain::team::Member;
use convene::domain::{
    Agenda, Civic, Days, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Occurrence, Policy, Role, RoleTree, Team,
    Venue, When,
};
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use uuid::Uuid;

/// The fortnight of all calendars: the clocks of New York and Chicago change in it, on 1 November 2026.
const WINDOW: i64 = 16;
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 26).expect("a date");

const ZONES: [Tz; 4] =
    [chrono_tz::America::Chicago, chrono_tz::America::New_York, chrono_tz::Pacific::Honolulu, chrono_tz::Pacific::Apia];
const ROLES: [&str; 4] = ["elected_official", "mayor", "equity_staff", "city_manager"];
const COHORTS: [&str; 2] = ["first-year-mayors", "second-year-mayors"];

/// Town, latitude, longitude.
const PLACES: [(&str, f64, f64); 4] = [
    ("Kansas City", 39.0997, -94.5786),
    ("Overland Park", 38.9822, -94.6708),
    ("Topeka", 39.0473, -95.6752),
    ("St. Louis", 38.627, -90.1994),
];

/// Kilometres between those places, roughly, as a map has them.
fn kilometres(a: usize, b: usize) -> u32 {
    match (a.min(b), a.max(b)) {
        (a, b) if a == b => 0,
        (0, 1) => 15,
        (0 | 1, 2) => 95,
        (0 | 1, 3) => 385,
        _ => 475,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_engine_finds_what_brute_force_finds(calendar in calendar()) {
        let facts = facts(&calendar);
        let found = outline(&find_all(&Agenda::new(facts.clone()), &Policy::default()));
        prop_assert_eq!(found, by_brute_force(&calendar, &facts));
    }

    #[test]
    fn asking_for_each_event_gives_what_asking_for_all_gives(calendar in calendar()) {
        let facts = facts(&calendar);
        let agenda = Agenda::new(facts.clone());
        let all = find_all(&agenda, &Policy::default());
        for entry in &facts.entries {
            let own: Vec<Finding> = all.iter().filter(|finding| finding.events.contains(&entry.event.id)).cloned().collect();
            prop_assert_eq!(&find(entry, &agenda, &Policy::default()), &own, "in the agenda");
            let mut others = facts.clone();
            others.entries.retain(|other| other.event.id != entry.event.id);
            prop_assert_eq!(&find(entry, &Agenda::new(others), &Policy::default()), &own, "not in the agenda");
        }
    }

    #[test]
    fn nothing_beyond_reach_matters(calendar in calendar(), chosen in any::<prop::sample::Index>()) {
        let facts = facts(&calendar);
        let entry = chosen.get(&facts.entries);
        let Some(days) = all_days(entry) else { return Ok(()) };
        let whole = find(entry, &Agenda::new(facts.clone()), &Policy::default());
        let mut near = facts.clone();
        let beside = |other: &Entry| other.event.details.anchor == Some(entry.event.id) || entry.event.details.anchor == Some(other.event.id);
        for other in near.entries.iter_mut().filter(|other| !beside(other)) {
            let journeys = entry.event.details.is_in_person() && other.event.details.is_in_person();
            let wide = if journeys { travel_reach(days) } else { reach(days) };
            other.occurrences.retain(|occurrence| wide.overlap(occurrence.when.days()).is_some());
        }
        prop_assert_eq!(find(entry, &Agenda::new(near), &Policy::default()), whole);
    }

    #[test]
    fn an_agenda_that_was_kept_up_is_one_made_anew(before in calendar(), after in calendar(), puts in vec(any::<prop::sample::Index>(), 0..12)) {
        // The same cast before and after: an agenda's setting does not change by putting events in.
        let after = Calendar { teams: before.teams.clone(), ..after };
        let (mut there, changed) = (facts(&before), facts(&after));
        let mut kept = Agenda::new(there.clone());
        for put in &puts {
            let entry = put.get(&changed.entries).clone();
            kept.put(entry.clone());
            there.entries.retain(|known| known.event.id != entry.event.id);
            there.entries.push(entry);
            let made = Agenda::new(there.clone());
            prop_assert_eq!(find_all(&kept, &Policy::default()), find_all(&made, &Policy::default()));
            let asking = put.get(&there.entries);
            prop_assert_eq!(find(asking, &kept, &Policy::default()), find(asking, &made, &Policy::default()));
            prop_assert_eq!(find_all(&kept.with_entries(there.entries.clone()), &Policy::default()), find_all(&made, &Policy::default()));
        }
    }

    #[test]
    fn the_order_of_facts_does_not_matter(calendar in calendar(), turn in 0_usize..8) {
        let facts = facts(&calendar);
        let mut turned = facts.clone();
        let turn = turn.min(turned.entries.len());
        turned.entries.rotate_left(turn);
        turned.entries.iter_mut().for_each(|entry| entry.occurrences.reverse());
        turned.teams.reverse();
        let findings = |facts| find_all(&Agenda::new(facts), &Policy::default());
        prop_assert_eq!(findings(turned), findings(facts));
    }
}

// Calendars.

#[derive(Debug, Clone)]
struct Plan {
    /// Day of the window, minute of the day, length in minutes; or whole days where the length is `None`.
    starts: Vec<(i64, i64, bool)>,
    minutes: Option<i64>,
    days: i64,
    zone: usize,
    place: Option<usize>,
    mode: Mode,
    roles: BTreeSet<usize>,
    cohort: Option<usize>,
    speakers: BTreeSet<usize>,
    room: Option<usize>,
    status: EventStatus,
    transparent: bool,
    anchor: Option<usize>,
}

type Person = (usize, BTreeSet<usize>);

#[derive(Debug, Clone)]
struct Calendar {
    plans: Vec<Plan>,
    /// For each team its people: a role, and the cohorts they are in.
    teams: Vec<Vec<Person>>,
}

fn calendar() -> impl Strategy<Value = Calendar> {
    let person = (0..ROLES.len(), btree_set(0..COHORTS.len(), 0..3));
    (vec(plan(), 2..9), vec(vec(person, 1..4), 0..5)).prop_map(|(plans, teams)| Calendar { plans, teams })
}

fn plan() -> impl Strategy<Value = Plan> {
    let start = (0..12_i64, (0..24 * 12_i64).prop_map(|fifth| fifth * 5), prop::bool::weighted(0.1));
    let time = (vec(start, 1..4), prop::option::weighted(0.6, 5..1600_i64), 1..4_i64, 0..ZONES.len());
    let mode = prop::sample::select(vec![Mode::InPerson, Mode::InPerson, Mode::Virtual, Mode::Hybrid]);
    let place = (prop::option::weighted(0.9, 0..PLACES.len()), mode, prop::option::weighted(0.7, 0..2_usize));
    let roles = btree_set(0..ROLES.len(), 0..3);
    let people = (roles, prop::option::weighted(0.2, 0..COHORTS.len()), btree_set(0..3_usize, 0..2));
    let statuses = vec![
        EventStatus::Hold,
        EventStatus::Proposed,
        EventStatus::Announced,
        EventStatus::Confirmed,
        EventStatus::Held,
        EventStatus::Cancelled,
    ];
    let state = (prop::sample::select(statuses), prop::bool::weighted(0.1), prop::option::weighted(0.2, 0..8_usize));
    (time, place, people, state).prop_map(
        |((starts, minutes, days, zone), (place, mode, room), (roles, cohort, speakers), (status, transparent, anchor))| Plan {
            starts,
            minutes,
            days,
            zone,
            place,
            mode,
            roles,
            cohort,
            speakers,
            room,
            status,
            transparent,
            anchor,
        },
    )
}

fn id(number: usize) -> EventId {
    EventId(Uuid::from_u128(number as u128 + 1))
}

fn facts(calendar: &Calendar) -> Facts {
    let role = |slug: &str, parent: Option<&str>| Role {
        slug: slug.parse().expect("role"),
        name: slug.replace('_', " "),
        parent: parent.map(|parent| parent.parse().expect("role")),
    };
    let roles = [
        role("elected_official", None),
        role("mayor", Some("elected_official")),
        role("equity_staff", None),
        role("city_manager", None),
    ];
    Facts {
        entries: calendar.plans.iter().enumerate().map(|(number, plan)| entry(number, plan)).collect(),
        roles: RoleTree::new(roles),
        teams: calendar.teams.iter().enumerate().map(|(number, people)| team(number, people)).collect(),
        observances: vec![],
        outlook: convene::domain::pattern::Outlook::default(),
        observances_version: String::new(),
        people: BTreeMap::new(),
        partners: BTreeMap::new(),
        civic: Civic::default(),
        claims: Default::default(),
        policies: Default::default(),
        now: DateTime::UNIX_EPOCH,
    }
}

fn team(number: usize, people: &[Person]) -> Team {
    let member = |(role, cohorts): &Person| Member {
        name: "Made Up".into(),
        role: ROLES[*role].parse().expect("role"),
        cohorts: cohorts.iter().map(|cohort| COHORTS[*cohort].parse().expect("cohort")).collect(),
    };
    let slug = format!("team-{number}").parse().expect("team");
    Team {
        slug,
        name: String::new(),
        state: None,
        zone: chrono_tz::UTC,
        home: None,
        members: people.iter().map(member).collect(),
    }
}

fn entry(number: usize, plan: &Plan) -> Entry {
    let zone = ZONES[plan.zone];
    let occurrences: Vec<Occurrence> = plan.starts.iter().map(|start| occurrence(plan, *start, zone)).collect();
    let mut details =
        Details::new("A convening", ["nlc", "icma"][number % 2].parse().expect("partner"), occurrences[0].when, zone);
    details.mode = plan.mode;
    details.roles = plan.roles.iter().map(|role| ROLES[*role].parse().expect("role")).collect();
    details.cohort = plan.cohort.map(|cohort| COHORTS[cohort].parse().expect("cohort"));
    details.speakers = plan.speakers.iter().map(|speaker| format!("speaker-{speaker}").parse().expect("person")).collect();
    details.transparent = plan.transparent;
    details.anchor = plan.anchor.filter(|anchor| *anchor != number).map(id);
    details.venue = plan.place.map(|place| {
        let (town, lat, lon) = PLACES[place];
        let name = plan.room.map(|_| "City Hall".to_owned());
        let room = plan.room.map(|room| format!("Room {room}"));
        Venue { name, room, city: Some(town.into()), lat: Some(lat), lon: Some(lon), ..Venue::default() }
    });
    Entry { event: Event::new(id(number), plan.status, details, DateTime::UNIX_EPOCH), occurrences }
}

fn occurrence(plan: &Plan, (day, minute, cancelled): (i64, i64, bool), zone: Tz) -> Occurrence {
    let first = FIRST + Duration::days(2 + day);
    let when = match plan.minutes {
        Some(minutes) => {
            let start = first.and_time(NaiveTime::MIN) + Duration::minutes(minute);
            When::Times { start, end: Some(start + Duration::minutes(minutes)) }
        }
        None => When::Days { first, last: Some(first + Duration::days(plan.days - 1)) },
    };
    Occurrence { original: when.wall_start(), when, span: when.span(zone), title: None, cancelled }
}

fn all_days(entry: &Entry) -> Option<Days> {
    let days = entry.occurrences.iter().map(|occurrence| occurrence.when.days());
    days.reduce(|a, b| Days::new(a.first.min(b.first), a.last.max(b.last)))
}

// The oracle.

/// What is compared: kind and pair, with the severity and the occurrences.
type Outline = BTreeMap<(Kind, EventId, EventId), (Severity, BTreeSet<(EventId, DateTime<Utc>)>)>;

fn outline(findings: &[Finding]) -> Outline {
    let line = |finding: &Finding| {
        let occurrences = finding.occurrences.iter().map(|at| (at.event, at.start)).collect();
        ((finding.kind, finding.events[0], finding.events[1]), (finding.severity, occurrences))
    };
    findings.iter().filter(|finding| SPELT_OUT.contains(&finding.kind)).map(line).collect()
}

/// The kinds that the oracle knows.
const SPELT_OUT: [Kind; 5] =
    [Kind::RoleOverlap, Kind::TeamSplit, Kind::SpeakerDoubleBooked, Kind::RoomDoubleBooked, Kind::TightTurnaround];

/// One occurrence, spelt out: the minutes and the civil days it takes.
struct Spelt<'a> {
    plan: &'a Plan,
    id: EventId,
    start: DateTime<Utc>,
    minutes: Vec<bool>,
    days: BTreeSet<NaiveDate>,
}

fn by_brute_force(calendar: &Calendar, facts: &Facts) -> Outline {
    let spelt: Vec<Spelt<'_>> = calendar.plans.iter().zip(&facts.entries).flat_map(|(plan, entry)| spell(plan, entry)).collect();
    let mut outline = Outline::new();
    for a in &spelt {
        for b in spelt.iter().filter(|b| a.id < b.id) {
            for (kind, severity) in clashes(a, b, calendar) {
                let known = outline.entry((kind, a.id, b.id)).or_insert((severity, BTreeSet::new()));
                known.0 = known.0.max(severity);
                known.1.extend([(a.id, a.start), (b.id, b.start)]);
            }
        }
    }
    outline
}

/// The local day of each minute of the window, zone by zone.
static LOCAL_DAYS: LazyLock<Vec<Vec<NaiveDate>>> = LazyLock::new(|| {
    let minute = |minute: i64| FIRST.and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minute);
    let local = |zone: &Tz| (0..WINDOW * 1440).map(|at| minute(at).with_timezone(zone).date_naive()).collect();
    ZONES.iter().map(local).collect()
});

fn spell<'a>(plan: &'a Plan, entry: &Entry) -> Vec<Spelt<'a>> {
    let is_off = plan.transparent || plan.status == EventStatus::Cancelled;
    let on = entry.occurrences.iter().filter(|occurrence| !is_off && !occurrence.cancelled);
    on.map(|occurrence| {
        let days = civil_days(occurrence.when);
        let minutes = match occurrence.when {
            When::Days { .. } => LOCAL_DAYS[plan.zone].iter().map(|day| days.contains(day)).collect(),
            When::Times { start, end } => minutes(start, end.expect("an end"), ZONES[plan.zone]),
        };
        Spelt { plan, id: entry.event.id, start: occurrence.span.start, minutes, days }
    })
    .collect()
}

fn minutes(start: NaiveDateTime, end: NaiveDateTime, zone: Tz) -> Vec<bool> {
    let instant = |wall| zone.from_local_datetime(&wall).earliest().expect("no hour is missing in autumn").with_timezone(&Utc);
    let minute = |at: DateTime<Utc>| (at - FIRST.and_time(NaiveTime::MIN).and_utc()).num_minutes();
    let (from, until) = (minute(instant(start)), minute(instant(end)));
    (0..WINDOW * 1440).map(|minute| from <= minute && minute < until).collect()
}

fn civil_days(when: When) -> BTreeSet<NaiveDate> {
    let (first, last) = match when {
        When::Days { first, last } => (first, last.expect("a last day")),
        When::Times { start, end } => (start.date(), (end.expect("an end") - Duration::minutes(1)).date()),
    };
    first.iter_days().take_while(|day| *day <= last).collect()
}

fn clashes(a: &Spelt<'_>, b: &Spelt<'_>, calendar: &Calendar) -> Vec<(Kind, Severity)> {
    let at_once = a.minutes.iter().zip(&b.minutes).any(|(a, b)| *a && *b);
    let found = [
        (Kind::RoleOverlap, role_overlap(a, b, at_once, calendar)),
        (Kind::TeamSplit, team_split(a, b, calendar)),
        (Kind::TightTurnaround, turnaround(a, b, calendar)),
        (Kind::SpeakerDoubleBooked, booked(a, b, at_once, share(&a.plan.speakers, &b.plan.speakers))),
        (Kind::RoomDoubleBooked, booked(a, b, at_once, is_same_room(a.plan, b.plan))),
    ];
    let tentative = |spelt: &Spelt<'_>| matches!(spelt.plan.status, EventStatus::Hold | EventStatus::Proposed);
    let step = |severity| if tentative(a) || tentative(b) { lower(severity) } else { severity };
    found.into_iter().filter_map(|(kind, severity)| Some((kind, step(severity?)))).collect()
}

fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Block => Severity::High,
        Severity::High => Severity::Medium,
        Severity::Medium => Severity::Low,
        _ => Severity::Note,
    }
}

fn share<T: Ord>(a: &BTreeSet<T>, b: &BTreeSet<T>) -> bool {
    a.intersection(b).next().is_some()
}

fn in_person(plan: &Plan) -> bool {
    plan.mode != Mode::Virtual
}

fn tied(a: &Spelt<'_>, b: &Spelt<'_>) -> bool {
    let beside = |a: &Spelt<'_>, b: &Spelt<'_>| a.plan.anchor.map(id) == Some(b.id);
    beside(a, b) || beside(b, a)
}

/// The anchor that both are set beside. An event is never its own.
fn one_anchor(a: &Spelt<'_>, b: &Spelt<'_>) -> bool {
    let anchor = |spelt: &Spelt<'_>| spelt.plan.anchor.map(id).filter(|anchor| *anchor != spelt.id);
    anchor(a).is_some() && anchor(a) == anchor(b)
}

fn is_same_room(a: &Plan, b: &Plan) -> bool {
    in_person(a) && in_person(b) && a.room.is_some() && a.room == b.room && a.place.is_some() && a.place == b.place
}

fn booked(a: &Spelt<'_>, b: &Spelt<'_>, at_once: bool, same: bool) -> Option<Severity> {
    let timed = a.plan.minutes.is_some() && b.plan.minutes.is_some();
    (same && at_once && (timed || !tied(a, b))).then_some(Severity::Block)
}

/// Who is invited, as team and place in it.
fn invited(plan: &Plan, calendar: &Calendar) -> BTreeSet<(usize, usize)> {
    let people = calendar
        .teams
        .iter()
        .enumerate()
        .flat_map(|(team, people)| people.iter().enumerate().map(move |(place, person)| ((team, place), person)));
    let is_invited = |(role, cohorts): &Person| match plan.cohort {
        Some(wanted) => cohorts.contains(&wanted),
        None => plan.roles.iter().any(|wide| is_within(*role, *wide)),
    };
    people.filter(|(_, person)| is_invited(person)).map(|(who, _)| who).collect()
}

/// A mayor is an elected official.
fn is_within(narrow: usize, wide: usize) -> bool {
    narrow == wide || (narrow, wide) == (1, 0)
}

fn same_people(a: &Plan, b: &Plan, calendar: &Calendar) -> bool {
    let role = a.roles.iter().any(|x| b.roles.iter().any(|y| is_within(*x, *y) || is_within(*y, *x)));
    match (a.cohort, b.cohort) {
        (Some(x), Some(y)) if x == y => true,
        (Some(_), Some(_)) => role && share(&invited(a, calendar), &invited(b, calendar)),
        _ => role,
    }
}

fn role_overlap(a: &Spelt<'_>, b: &Spelt<'_>, at_once: bool, calendar: &Calendar) -> Option<Severity> {
    if tied(a, b) || !same_people(a.plan, b.plan, calendar) {
        return None;
    }
    let timed = a.plan.minutes.is_some() && b.plan.minutes.is_some();
    match (a.plan.place, b.plan.place) {
        _ if !in_person(a.plan) || !in_person(b.plan) => at_once.then_some(Severity::Medium),
        (Some(x), Some(y)) if kilometres(x, y) > 80 => share(&a.days, &b.days).then_some(Severity::High),
        (Some(_), Some(_)) => (at_once && (timed || one_anchor(a, b))).then_some(Severity::Medium),
        _ => at_once.then_some(Severity::Medium),
    }
}

fn team_split(a: &Spelt<'_>, b: &Spelt<'_>, calendar: &Calendar) -> Option<Severity> {
    let km = kilometres(a.plan.place?, b.plan.place?);
    let apart = in_person(a.plan) && in_person(b.plan) && km > 80 && share(&a.days, &b.days);
    if !apart || tied(a, b) || same_people(a.plan, b.plan, calendar) {
        return None;
    }
    let (here, there) = (invited(a.plan, calendar), invited(b.plan, calendar));
    let splits = |team: &usize| here.iter().any(|x| there.iter().any(|y| x.0 == *team && y.0 == *team && x.1 != y.1));
    let teams = (0..calendar.teams.len()).filter(splits).count();
    let of = |people: &BTreeSet<(usize, usize)>| people.iter().map(|(team, _)| team).collect::<BTreeSet<_>>().len();
    let many = teams >= 5 || teams * 4 >= of(&here).min(of(&there));
    (teams > 0).then_some(if many { Severity::High } else { Severity::Medium })
}

fn turnaround(a: &Spelt<'_>, b: &Spelt<'_>, calendar: &Calendar) -> Option<Severity> {
    let (first, then) = if a.days < b.days { (a, b) } else { (b, a) };
    let far = in_person(a.plan) && in_person(b.plan) && kilometres(a.plan.place?, b.plan.place?) > 300;
    if !far || share(&a.days, &b.days) || tied(a, b) || !same_people(a.plan, b.plan, calendar) {
        return None;
    }
    let free = first.days.last()?.iter_days().skip(1).take_while(|day| !then.days.contains(day)).take(9).count();
    let severity = [Severity::High, Severity::Medium, Severity::Low, Severity::Low].get(free).copied()?;
    let at = a.start.max(b.start);
    let offset = |spelt: &Spelt<'_>| ZONES[spelt.plan.zone].offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let raised = (offset(a) - offset(b)).abs() >= 3 * 3600;
    Some(match severity {
        Severity::Low if raised => Severity::Medium,
        _ if raised => Severity::High,
        severity => severity,
    })
}

#[test]
fn the_generator_makes_every_kind_of_clash() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..200 {
        let calendar = calendar().new_tree(&mut runner).expect("a calendar").current();
        seen.extend(by_brute_force(&calendar, &facts(&calendar)).into_keys().map(|(kind, ..)| kind));
    }
    assert_eq!(seen, SPELT_OUT.into());
}
