//! The stories that the service was made for, each with its own figures, from beginning to end.

mod anchors;
mod days;
mod plans;
mod sources;
mod undated;

use convene::app::agenda::findings_of;
use convene::app::propose::propose;
use convene::app::teams::roster::{self, Change};
use convene::app::{Actor, sign_in};
use convene::domain::conflict::{Finding, Kind, Severity};
use convene::domain::team::Member;
use convene::domain::{Days, Event, EventId, EventStatus, TeamSlug, Venue, wording};
use convene::json::Draft;
use convene::store::UserRole;

use crate::support::World;
use crate::support::cast::ada;

/// The cast's world at another time; letters are looked at where a story tells of them.
fn world_at(time: &str) -> World {
    let world = World::new();
    world.at(time);
    world
}

/// Whole days in person; `place` is “Phoenix, AZ”.
fn in_person(title: &str, partner: &str, roles: &[&str], days: (&str, &str), place: &str, zone: &str) -> Draft {
    let (city, state) = place.split_once(", ").expect("a city and a state");
    Draft {
        kind: Some("convening".to_owned()),
        title: title.to_owned(),
        partner: Some(partner.to_owned()),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        mode: Some("in_person".to_owned()),
        venue: Some(Venue { city: Some(city.to_owned()), state: Some(state.to_owned()), ..Venue::default() }),
        start: days.0.to_owned(),
        end: Some(days.1.to_owned()),
        time_zone: Some(zone.to_owned()),
        ..Draft::default()
    }
}

fn put(world: &World, draft: &Draft, status: EventStatus) -> Event {
    propose(&world.app, &Actor::Operator, draft, status).expect("it is put forward").event
}

fn found(world: &World, id: EventId) -> Vec<Finding> {
    let stored = findings_of(&world.app, &Actor::Operator, id).expect("its findings");
    stored.into_iter().map(|stored| stored.finding).collect()
}

/// Severity and sentence of the findings of a kind.
fn said(world: &World, id: EventId, kind: Kind) -> Vec<(Severity, String)> {
    let of_kind = found(world, id).into_iter().filter(|finding| finding.kind == kind);
    of_kind.map(|finding| (finding.severity, finding.message)).collect()
}

fn riverbend() -> TeamSlug {
    "riverbend-oh".parse().expect("a team")
}

/// Riverbend has these people, as “Name role” or “Name role cohort”; Lea leads it.
fn with_team(world: &World, people: &[&str]) -> Actor {
    let member = |line: &&str| {
        let mut words = line.split(' ');
        let mut next = || words.next().map(str::to_owned);
        Member {
            name: next().expect("a name"),
            role: next().expect("a role").parse().expect("a role"),
            cohorts: next().map(|cohort| cohort.parse().expect("a cohort")).into_iter().collect(),
        }
    };
    let all = people.iter().map(member).collect();
    roster::change(&world.app, &Actor::Operator, &riverbend(), &Change::Replace(all)).expect("a roster");
    let lead = sign_in::add_lead(&world.app, &Actor::Operator, "lea@example.org", Some("Lea Placeholder"), &riverbend());
    Actor::User(lead.expect("a lead"))
}

fn days_said(days: Days) -> String {
    wording::days(days)
}

/// Ada, as her partner's admin.
fn admin() -> Actor {
    let Actor::User(user) = ada() else { unreachable!("Ada signs in") };
    Actor::User(convene::store::User { role: UserRole::PartnerAdmin, ..user })
}
