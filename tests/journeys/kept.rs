//! The calendar that a process keeps in memory is never older than the database, whoever changed it.

use convene::app::propose::{check, propose};
use convene::app::settle::{Act, settle};
use convene::app::{Actor, App, Error};
use convene::domain::conflict::Kind;
use convene::domain::team::Member;
use convene::domain::{EventStatus, Team, Venue};
use convene::json::Draft;
use convene::store::Error as StoreError;

use crate::support::World;

fn draft(title: &str, first: &str, city: (&str, &str)) -> Draft {
    Draft {
        title: title.to_owned(),
        partner: Some("harbor".to_owned()),
        roles: vec!["chief_equity_officer".to_owned()],
        mode: Some("in_person".to_owned()),
        venue: Some(Venue { city: Some(city.0.into()), state: Some(city.1.into()), ..Venue::default() }),
        start: first.to_owned(),
        end: Some(first.to_owned()),
        time_zone: Some("America/Chicago".to_owned()),
        ..Draft::default()
    }
}

/// How many teams each clash of a gathering in Phoenix concerns.
fn clashes(app: &App) -> Vec<u32> {
    let asked = draft("Asked about", "2027-05-11", ("Phoenix", "AZ"));
    let found = check(app, &Actor::Operator, &asked).expect("findings").findings;
    found.iter().filter(|finding| finding.kind == Kind::RoleOverlap).map(|finding| finding.touches.teams).collect()
}

#[test]
fn what_another_process_changes_is_seen_by_the_next_question() {
    let world = World::new();
    world.ignore_letters();
    let other = world.another();
    assert_eq!([clashes(&world.app), clashes(&world.app)], [[0; 0], []], "asked twice, so that it is kept");
    let there = draft("There", "2027-05-11", ("Kansas City", "MO"));
    let event = propose(&other, &Actor::Operator, &there, EventStatus::Announced).expect("it is stored").event;
    assert_eq!(clashes(&world.app), [2]);
    let team = Team {
        slug: "added-oh".parse().expect("a slug"),
        name: "Added".to_owned(),
        state: Some("OH".to_owned()),
        zone: chrono_tz::America::New_York,
        home: None,
        members: vec![Member {
            name: "Made-up Officer".to_owned(),
            role: "chief_equity_officer".parse().expect("a role"),
            cohorts: [].into(),
        }],
    };
    other.store.write::<_, StoreError>(|writer| writer.add_team(&team)).expect("a team");
    assert_eq!(clashes(&world.app), [3]);
    settle(&other, &Actor::Operator, event.id, None, &Act::Cancel, None).expect("it is cancelled");
    assert_eq!(clashes(&world.app), [0; 0]);
}

#[test]
fn what_was_not_committed_is_not_kept() {
    let world = World::new();
    world.ignore_letters();
    assert_eq!([clashes(&world.app), clashes(&world.app)], [[0; 0], []], "asked twice, so that it is kept");
    let there = draft("There", "2027-05-11", ("Kansas City", "MO"));
    let event = propose(&world.app, &Actor::Operator, &there, EventStatus::Announced).expect("it is stored").event;
    assert_eq!(clashes(&world.app), [2]);
    let undone = world.app.store.write::<(), Error>(|writer| {
        let mut entry = writer.entry(event.id)?;
        entry.event.status = EventStatus::Cancelled;
        writer.put_event(&entry, None)?;
        assert_eq!(clashes(&world.app), [2], "others see what is committed");
        Err(Error::Stale)
    });
    assert!(matches!(undone, Err(Error::Stale)));
    assert_eq!(clashes(&world.app), [2]);
}
