//! Events for the tests and examples of the rules: each begins as an in-person convening and is told what else it is.

#![expect(clippy::expect_used, reason = "what an example says is right, or it fails")]

use chrono::DateTime;
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Finding, Kind, Policy, Severity, find};
use crate::domain::observance::{Certainty, ObservanceKind, Tier};
use crate::domain::team::Member;
use crate::domain::{
    Agenda, Days, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Observance, Role, RoleTree, Team, Venue, When,
};

/// A town: its name and state, where it lies, and its clock.
pub type Place = (&'static str, &'static str, f64, f64, Tz);

/// Kansas City.
pub const KANSAS_CITY: Place = ("Kansas City", "MO", 39.0997, -94.5786, chrono_tz::America::Chicago);
/// Phoenix.
pub const PHOENIX: Place = ("Phoenix", "AZ", 33.4484, -112.074, chrono_tz::America::Phoenix);
/// Overland Park.
pub const OVERLAND_PARK: Place = ("Overland Park", "KS", 38.9822, -94.6708, chrono_tz::America::Chicago);
/// Seattle.
pub const SEATTLE: Place = ("Seattle", "WA", 47.6062, -122.3321, chrono_tz::America::Los_Angeles);
/// Washington.
pub const WASHINGTON: Place = ("Washington", "DC", 38.9072, -77.0369, chrono_tz::America::New_York);

/// A confirmed event of mayors with this number, on these days (`2026-04-08/2026-04-10`) or at these times
/// (`2026-04-08T09:00/2026-04-08T10:00`), and then changed.
pub fn entry(number: u128, when: &str, place: Place, change: impl FnOnce(&mut Event)) -> Entry {
    let mut details = Details::new("A convening", "nlc".parse().expect("partner"), times(when), place.4);
    details.roles = ["mayor".parse().expect("role")].into();
    details.venue = Some(Venue {
        city: Some(place.0.into()),
        state: Some(place.1.into()),
        lat: Some(place.2),
        lon: Some(place.3),
        ..Venue::default()
    });
    let mut event = Event::new(EventId(Uuid::from_u128(number)), EventStatus::Confirmed, details, DateTime::UNIX_EPOCH);
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

/// Makes it virtual.
pub fn online(event: &mut Event) {
    event.details.mode = Mode::Virtual;
    event.details.venue = None;
}

/// Days to plan around: `2027-09-06`, or `2027-10-05/2027-10-07`.
#[must_use]
pub fn observance(name: &str, days: &str, kind: ObservanceKind, tier: Tier) -> Observance {
    let (first, last) = days.split_once('/').unwrap_or((days, days));
    Observance {
        name: name.into(),
        days: Days::new(first.parse().expect("first"), last.parse().expect("last")),
        kind,
        tier,
        from_sunset: false,
        work_restricted: false,
        state: None,
        certainty: Certainty::Exact,
        alternate: None,
        calculated: false,
    }
}

/// A made-up team with these roles, in this state.
#[must_use]
pub fn team(name: &str, state: &str, zone: Tz, roles: &[&str]) -> Team {
    let member = |role: &&str| Member { name: "Made Up".into(), role: role.parse().expect("role"), cohorts: [].into() };
    let members = roles.iter().map(member).collect();
    Team { slug: name.parse().expect("team"), name: name.into(), state: Some(state.into()), zone, home: None, members }
}

/// An agenda of these events; everything else may be changed.
pub fn agenda(entries: Vec<Entry>, change: impl FnOnce(&mut Facts)) -> Agenda {
    let role = |slug: &str, name: &str, parent: Option<&str>| Role {
        slug: slug.parse().expect("role"),
        name: name.into(),
        parent: parent.map(|parent| parent.parse().expect("role")),
    };
    let roles = [
        role("elected_official", "elected officials", None),
        role("mayor", "mayors", Some("elected_official")),
        role("council_member", "council members", Some("elected_official")),
        role("city_manager", "city managers", None),
    ];
    let mut facts = Facts {
        entries,
        roles: RoleTree::new(roles),
        teams: vec![],
        observances: vec![],
        outlook: crate::domain::pattern::Outlook::default(),
        observances_version: "test".into(),
        people: [("pat-example".parse().expect("person"), "Pat Example".to_owned())].into(),
        partners: [].into(),
        civic: crate::domain::Civic::default(),
        claims: Default::default(),
        policies: Default::default(),
        now: "2026-01-01T00:00:00Z".parse().expect("now"),
    };
    change(&mut facts);
    Agenda::new(facts)
}

/// What one kind says about a subject beside others: severity and sentence.
#[must_use]
pub fn said(kind: Kind, subject: &Entry, agenda: &Agenda) -> Vec<(Severity, String)> {
    found(kind, subject, agenda).into_iter().map(|finding| (finding.severity, finding.message)).collect()
}

/// What one kind finds about a subject beside others.
#[must_use]
pub fn found(kind: Kind, subject: &Entry, agenda: &Agenda) -> Vec<Finding> {
    find(subject, agenda, &Policy::default()).into_iter().filter(|finding| finding.kind == kind).collect()
}
