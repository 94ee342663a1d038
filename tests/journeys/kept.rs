//! The calendar that a process keeps in memory is never older than the database, whoever changed it.

use std::sync::atomic::Ordering;

use chrono::NaiveDate;
use convene::app::propose::{check, propose};
use convene::app::settle::{Act, settle};
use convene::app::suggest::suggest;
use convene::app::{Actor, App, Error};
use convene::domain::civic::{Blackout, Whose};
use convene::domain::conflict::{Finding, Kind, Severity};
use convene::domain::suggest::Suggestions;
use convene::domain::team::Member;
use convene::domain::{Days, EventId, EventStatus, Team, Venue};
use convene::json::{Draft, WishDraft};
use convene::keys::Keys;
use convene::store::Error as StoreError;
use proptest::collection::vec;
use proptest::prelude::*;

use super::standing::{Deed, Wish, act, deed, draft as wished, wish};
use crate::support::{World, cast};

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

fn team(slug: &str) -> Team {
    Team {
        slug: slug.parse().expect("a slug"),
        name: "Added".to_owned(),
        state: Some("OH".to_owned()),
        zone: chrono_tz::America::New_York,
        home: None,
        members: vec![Member {
            name: "Made-up Officer".to_owned(),
            role: "chief_equity_officer".parse().expect("a role"),
            cohorts: [].into(),
        }],
    }
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
    other.store.write::<_, StoreError>(|writer| writer.add_team(&team("added-oh"))).expect("a team");
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

#[test]
fn what_several_acts_do_together_is_kept_only_once_all_of_it_is_committed() {
    let world = World::new();
    world.ignore_letters();
    assert_eq!([clashes(&world.app), clashes(&world.app)], [[0; 0], []], "asked twice, so that it is kept");
    let there = draft("There", "2027-05-11", ("Kansas City", "MO"));
    let both = |fails: bool| {
        world.app.store.together::<(), Error>(|| {
            propose(&world.app, &Actor::Operator, &there, EventStatus::Announced)?;
            assert_eq!(clashes(&world.app), [2], "it sees its own");
            std::thread::scope(|scope| {
                let others = scope.spawn(|| assert_eq!(clashes(&world.app), [0; 0], "others see what is committed"));
                others.join().expect("another thread");
            });
            assert_eq!(clashes(&world.app), [2], "it still does");
            if fails { Err(Error::Stale) } else { Ok(()) }
        })
    };
    assert!(matches!(both(true), Err(Error::Stale)));
    assert_eq!(clashes(&world.app), [0; 0]);
    both(false).expect("it is stored");
    assert_eq!(clashes(&world.app), [2]);
}

/// One thing that changes what is kept.
#[derive(Debug, Clone)]
enum Change {
    Event(Deed),
    Team,
    RuleOut(u64),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        6 => deed().prop_map(Change::Event),
        1 => Just(Change::Team),
        1 => (0_u64..130).prop_map(Change::RuleOut),
    ]
}

fn bring_about(app: &App, change: &Change, number: usize, events: &mut Vec<EventId>) {
    match change {
        Change::Event(deed) => act(app, deed, events),
        Change::Team => {
            let added = team(&format!("added-{number}-oh"));
            app.store.write::<_, StoreError>(|writer| writer.add_team(&added)).expect("a team");
        }
        Change::RuleOut(day) => {
            let first = NaiveDate::from_ymd_opt(2027, 3, 1).expect("a day") + chrono::Days::new(*day);
            let blackout = Blackout {
                whose: Whose::Team("riverbend-oh".parse().expect("a team")),
                days: Days::one(first),
                severity: Severity::High,
                reason: "Made-up recess".to_owned(),
                in_person: false,
                decide_by: None,
            };
            app.store.write::<_, StoreError>(|writer| writer.add_blackout(&blackout, app.now())).expect("it is ruled out");
        }
    }
}

/// Whoever plans for the partner of that name.
fn planner(partner: Option<&str>) -> Actor {
    match partner {
        Some("harbor") => cast::ada(),
        Some("prairie") => cast::ben(),
        _ => cast::cleo(),
    }
}

/// What these would meet, to the operator and to who plans them, and where something is free.
fn answers(app: &App, asked: &[Wish], events: &[EventId]) -> (Vec<Vec<Finding>>, Vec<Suggestions>) {
    let Keys::Counted(ids) = &app.keys else { panic!("ids are counted") };
    let found = |wish: &Wish| {
        let draft = wished(wish, events);
        let check = |actor: Actor| {
            // What is asked about has the same name in each process: it decides what comes first of what is alike.
            let next = ids.swap(u64::from(u32::MAX), Ordering::Relaxed);
            let found = check(app, &actor, &draft).expect("findings").findings;
            ids.store(next, Ordering::Relaxed);
            found
        };
        // The planner first: what a process is asked first it looks up in the database.
        [check(planner(draft.partner.as_deref())), check(Actor::Operator)]
    };
    let free = WishDraft {
        roles: vec!["chief_equity_officer".to_owned()],
        mode: Some("in_person".to_owned()),
        length: "2d".to_owned(),
        between: Some("2027-03-01..2027-05-30".to_owned()),
        near: Some("Kansas City, MO".to_owned()),
        ..WishDraft::default()
    };
    let windows = |actor| suggest(app, &actor, &free).expect("windows");
    (asked.iter().flat_map(found).collect(), vec![windows(Actor::Operator), windows(cast::ada()), windows(Actor::Visitor)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_calendar_that_is_kept_answers_as_one_that_is_read_anew(changes in vec(change(), 1..10), asked in vec(wish(), 1..4)) {
        let world = World::new();
        world.ignore_letters();
        let another = world.another();
        let mut events = Vec::new();
        for (number, change) in changes.iter().enumerate() {
            bring_about(if number % 2 == 0 { &another } else { &world.app }, change, number, &mut events);
            let anew = answers(&world.another(), &asked[..1], &events);
            prop_assert_eq!(answers(&world.app, &asked[..1], &events), anew, "after {:?}", change);
        }
        // A process asks the database for its first question only: each of these has a process of its own.
        for wish in &asked {
            let one = std::slice::from_ref(wish);
            prop_assert_eq!(answers(&world.app, one, &events).0, answers(&world.another(), one, &events).0);
        }
    }
}
