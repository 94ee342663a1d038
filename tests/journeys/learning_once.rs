//! Both owners learn exactly once of a new grave finding, whatever brought it.

use std::time::Duration;

use convene::app::import::{Options, take_in};
use convene::app::life::life;
use convene::app::policy::{Change, change_policy};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::sync::{self, NewSource};
use convene::app::teams::{roster, rule_out};
use convene::app::{Actor, agenda, passing};
use convene::domain::civic::{Blackout, Whose};
use convene::domain::conflict::{Kind, Moment, Severity};
use convene::domain::team::Member;
use convene::domain::{Days, Event, EventStatus, Venue};
use convene::json::Draft;
use convene::store::{PolicyHolder, ReadingOutcome};
use serde_json::json;

use super::upstream::{Upstream, calendar};
use crate::support::World;
use crate::support::cast::session;

const OPERATOR: Actor = Actor::Operator;

/// Three days in person in a town, called by a partner for a role.
fn days(partner: &str, role: &str, town: (&str, &str), first: &str) -> Draft {
    let first: chrono::NaiveDate = first.parse().expect("a day");
    Draft {
        partner: Some(partner.to_owned()),
        roles: vec![role.to_owned()],
        mode: Some("in_person".to_owned()),
        join_url: None,
        venue: Some(Venue { city: Some(town.0.into()), state: Some(town.1.into()), ..Venue::default() }),
        start: first.to_string(),
        end: Some((first + chrono::Days::new(2)).to_string()),
        ..session(&format!("Days of {partner}"), "2027-10-05")
    }
}

fn announced(world: &World, draft: &Draft) -> Event {
    propose(&world.app, &OPERATOR, draft, EventStatus::Announced).expect("it is stored").event
}

/// Harbor's days in Kansas City from 5 October 2027 on.
fn harbors(world: &World, role: &str) -> Event {
    announced(world, &days("harbor", role, ("Kansas City", "MO"), "2027-10-05"))
}

const PHOENIX: (&str, &str) = ("Phoenix", "AZ");
const OFFICERS: &str = "chief_equity_officer";

/// Whatever `brings` does makes one grave finding of this kind; each of these is written to once, and never again.
fn learn_once(world: &World, kind: Kind, told: &[&str], brings: impl Fn(&World)) {
    let grave = || {
        let found = agenda::findings(&world.app, &OPERATOR).expect("findings").into_iter().map(|stored| stored.finding);
        found.filter(|one| one.kind == kind && one.severity >= Severity::High).collect::<Vec<_>>()
    };
    world.at("2026-11-23T14:00:00Z");
    world.letters();
    assert_eq!(grave(), [], "there is none before");
    brings(world);
    let found = grave();
    assert_eq!(found.len(), 1, "{found:?}");
    world.at("2026-11-23T16:00:00Z");
    let letters = world.letters();
    let recipients: Vec<&str> = letters.iter().map(|letter| letter.row.recipient.as_str()).collect();
    assert_eq!(recipients, told);
    for letter in &letters {
        let text = letter.read.text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains(&found[0].message), "{}: {text}", found[0].message);
    }
    // Whatever else happens, and whatever is computed afresh: they know.
    brings(world);
    let far = Days::one("2028-02-01".parse().expect("a day"));
    let whose = Whose::Team("elm-hollow-mo".parse().expect("a team"));
    let out = Blackout { whose, days: far, severity: Severity::Low, reason: "retreat".into(), in_person: false, decide_by: None };
    rule_out(&world.app, &OPERATOR, &out).expect("it is ruled out");
    world.at("2026-11-25T16:00:00Z");
    passing::sweep(&world.app).expect("the day is looked at");
    let again: Vec<String> = world.letters().into_iter().map(|letter| letter.row.subject).collect();
    assert_eq!(again, Vec::<String>::new(), "once");
    let whole = life(&world.app, &OPERATOR, found[0].fingerprint.as_str()).expect("its life");
    assert_eq!(whole.moments.iter().filter(|one| one.what == Moment::Told).count(), told.len());
}

const BOTH: [&str; 2] = ["ada@example.org", "ben@example.org"];

#[test]
fn of_a_change_by_hand() {
    let world = World::new();
    harbors(&world, OFFICERS);
    let later = announced(&world, &days("prairie", OFFICERS, PHOENIX, "2027-12-01"));
    learn_once(&world, Kind::RoleOverlap, &BOTH, |world| {
        let act = Act::Move { start: "2027-10-05".into(), end: Some("2027-10-07".into()) };
        settle(&world.app, &OPERATOR, later.id, None, &act, None).expect("it is moved");
    });
}

#[test]
fn of_a_file_that_is_taken_in_as_calendar_or_table() {
    let ics = calendar(&[(
        "one",
        "20271005",
        "20271008",
        "Days of prairie",
        "LOCATION:Phoenix\\, AZ\r\nCATEGORIES:chief_equity_officer\r\n",
    )]);
    let csv = "title,start,end,city,state,roles\nDays of prairie,2027-10-05,2027-10-07,Phoenix,AZ,chief_equity_officer\n";
    for (name, text) in [("prairie.ics", ics.as_str()), ("prairie.csv", csv)] {
        let world = World::new();
        harbors(&world, OFFICERS);
        learn_once(&world, Kind::RoleOverlap, &BOTH, |world| {
            let options = Options {
                partner: Some("prairie".parse().expect("a partner")),
                calendar: name.into(),
                zone: chrono_tz::America::Chicago,
                dry_run: false,
                doubtful: false,
            };
            let report = take_in(&world.app, &OPERATOR, text.as_bytes(), &options).expect("it is taken in");
            assert_eq!(report.refused(), 0, "{report:?}");
        });
    }
}

#[test]
fn of_a_calendar_that_is_read_again_and_again() {
    let world = World::new();
    harbors(&world, OFFICERS);
    let upstream = Upstream::start();
    upstream.says(None, calendar(&[("one", "20271005", "20271008", "Days of prairie", "LOCATION:Phoenix\\, AZ\r\n")]));
    let source = NewSource {
        partner: "prairie".parse().expect("a partner"),
        address: Some(upstream.url()),
        name: None,
        zone: Some(chrono_tz::America::Chicago),
        roles: vec![OFFICERS.parse().expect("a role")],
        mode: None,
        every: Duration::from_hours(1),
    };
    let id = sync::add(&world.app, &OPERATOR, &source).expect("it is connected");
    learn_once(&world, Kind::RoleOverlap, &BOTH, |world| {
        assert_eq!(sync::one(&world.app, id).expect("it is read").outcome, ReadingOutcome::Read);
    });
}

#[test]
fn of_somebody_who_joins_a_city_team() {
    let world = World::new();
    harbors(&world, OFFICERS);
    announced(&world, &days("prairie", "city_manager", PHOENIX, "2027-10-05"));
    learn_once(&world, Kind::TeamSplit, &BOTH, |world| {
        let team = "elm-hollow-mo".parse().expect("a team");
        let member =
            |role: &str| Member { name: format!("Made-up {role}"), role: role.parse().expect("a role"), cohorts: [].into() };
        let all = [OFFICERS, "city_manager"].map(member).to_vec();
        roster::change(&world.app, &OPERATOR, &team, &roster::Change::Replace(all)).expect("the roster is changed");
    });
}

#[test]
fn of_a_policy_that_takes_it_more_gravely() {
    let world = World::new();
    let online =
        |partner: &str| Draft { partner: Some(partner.to_owned()), ..session(&format!("{partner}'s hour"), "2027-10-05") };
    announced(&world, &online("harbor"));
    announced(&world, &online("prairie"));
    learn_once(&world, Kind::RoleOverlap, &BOTH, |world| {
        let whose = PolicyHolder::Partner("harbor".parse().expect("a partner"));
        let said = Change::Put(json!({"role_overlap": {"online": "high"}}));
        change_policy(&world.app, &OPERATOR, &whose, None, &said, None).expect("it is changed");
    });
}

#[test]
fn of_a_room_that_shrinks_below_what_is_expected_and_those_who_call_it_together_learn_it() {
    let world = World::new();
    let in_room = |capacity: u32| {
        let draft = days("harbor", OFFICERS, ("Kansas City", "MO"), "2027-10-05");
        let venue = draft.venue.clone().map(|venue| Venue { capacity: Some(capacity), ..venue });
        Draft { venue, expected: Some(100), co_hosts: vec!["prairie".to_owned()], ..draft }
    };
    let event = announced(&world, &in_room(120));
    learn_once(&world, Kind::RoomTooSmall, &BOTH, |world| {
        settle(&world.app, &OPERATOR, event.id, None, &Act::Edit(Box::new(in_room(50))), None).expect("it is edited");
    });
}
