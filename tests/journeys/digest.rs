//! A digest: what is new, changed and coming for one reader's roles; once, in two readings that say the same.

use convene::app::digest::{Run, Written, run};
use convene::app::propose::propose;
use convene::app::seed::RECIPIENT;
use convene::app::settle::{Act, settle};
use convene::app::subscribe::{Wish, confirm, subscribe};
use convene::app::{Actor, App};
use convene::clock::Clock;
use convene::domain::{EventStatus, Mode};

use crate::smtp::lint;
use crate::support::World;
use crate::support::cast::{ada, session};

const OCTOBER: &str = "2022-10-03T12:00:00Z";

#[test]
fn the_equity_staffs_digest_of_october_2022_has_facing_race_and_its_warning_and_nothing_of_the_counties() {
    let world = World::demo();
    let county_only: Vec<String> = titles(&world, |roles| roles.iter().all(|role| role.starts_with("county_")));
    assert!(county_only.iter().any(|title| title.contains("NACo")), "there is something to leave out");
    world.at(OCTOBER);
    write(&world.app, replay());
    let letter = world.letter();
    let (row, text) = (&letter.row, &letter.read.text);
    assert_eq!((row.kind.as_str(), row.recipient.as_str()), ("digest", RECIPIENT));
    assert!(text.contains("Facing Race: A National Conference 2022") && text.contains("Thu 17 – Sat 19 November 2022"), "{text}");
    assert!(text.contains("NLC City Summit 2022"), "the warning names what it clashes with:\n{text}");
    let leaked: Vec<_> = county_only.iter().filter(|title| text.contains(title.as_str())).collect();
    assert_eq!(leaked, Vec::<&String>::new(), "{text}");
}

#[test]
fn both_readings_say_the_same_and_the_letter_keeps_to_every_rule_of_mail() {
    let world = World::demo();
    world.at(OCTOBER);
    write(&world.app, replay());
    let letter = world.letter();
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    assert!(letter.read.html.contains("Facing Race: A National Conference 2022"), "{}", letter.read.html);
}

#[test]
fn twice_is_once() {
    let world = World::demo();
    world.at(OCTOBER);
    let first = write(&world.app, replay());
    let second = write(&world.app, replay());
    assert_eq!((first.len(), first[0].again), (1, false));
    assert_eq!((second.len(), second[0].again), (1, true));
    assert_eq!(first[0].text, second[0].text);
    assert_eq!(world.letters().len(), 1);
    let (delivered, again) = (world.deliver(), world.deliver());
    assert_eq!((delivered.sent, again.sent, world.carried().len()), (1, 0, 1));
}

#[test]
fn of_two_runs_in_one_second_the_later_tells_from_where_the_earlier_ended() {
    let world = World::demo();
    for time in [OCTOBER, "2022-11-07T12:00:00Z"] {
        world.at(time);
        write(&world.app, replay());
    }
    let ids: Vec<i64> = world.letters().iter().map(|one| one.row.id).collect();
    let at = OCTOBER.parse().expect("a time");
    let last = world.app.store.write::<_, convene::store::Error>(|writer| {
        let reader = writer.subscriptions()?.remove(0);
        for (number, id) in (0..).zip(&ids) {
            let told = convene::store::Subscription { watermark: number * 10, ..reader.clone() };
            writer.advance_subscription(&told, (number + 1) * 10, Some(*id), None, at)?;
        }
        Ok(writer.last_digest(reader.id)?.map(|(row, from)| (row.id, from)))
    });
    assert_eq!((ids.len(), last.expect("two runs")), (2, Some((ids[1], 10))));
}

#[test]
fn a_dry_run_writes_nothing() {
    let world = World::demo();
    world.at(OCTOBER);
    let would = write(&world.app, Run { dry_run: true, ..replay() });
    assert_eq!(would.iter().map(|one| one.to.as_str()).collect::<Vec<_>>(), [RECIPIENT]);
    assert_eq!(world.letters().len(), 0);
}

#[test]
fn a_reader_is_told_of_each_change_once_and_of_what_came_back_not_at_all() {
    let world = World::new();
    reader(&world, "daily");
    let event = propose(&world.app, &ada(), &session("Budgeting for equity", "2026-12-02"), EventStatus::Confirmed)
        .expect("it is stored")
        .event;
    let away = Act::Move { start: "2026-12-03T14:00".to_owned(), end: Some("2026-12-03T15:30".to_owned()) };

    let first = next_morning(&world, "2026-11-24T13:00:00Z").expect("there is news");
    assert!(first.text.contains("Budgeting for equity") && first.text.contains("Wed 2 December 2026"), "{}", first.text);

    settle(&world.app, &ada(), event.id, None, &away, None).expect("it moves");
    let second = next_morning(&world, "2026-11-25T13:00:00Z").expect("it moved");
    assert!(second.subject.contains("moved") || second.text.to_lowercase().contains("moved"), "{second:?}");
    assert!(
        second.text.contains("Wed 2 December 2026") && second.text.contains("Thu 3 December 2026"),
        "was and is: {}",
        second.text
    );

    let back = Act::Move { start: "2026-12-02T14:00".to_owned(), end: Some("2026-12-02T15:30".to_owned()) };
    settle(&world.app, &ada(), event.id, None, &back, None).expect("it moves back");
    settle(&world.app, &ada(), event.id, None, &away, None).expect("and away again");
    let third = next_morning(&world, "2026-11-26T13:00:00Z");
    assert!(
        third.as_ref().is_none_or(|told| !told.text.contains("Wed 2 December 2026")),
        "there and back is no change: {third:?}"
    );

    settle(&world.app, &ada(), event.id, None, &Act::Cancel, None).expect("it is called off");
    let last = next_morning(&world, "2026-11-27T13:00:00Z").expect("it is cancelled");
    assert!(last.text.to_lowercase().contains("cancelled"), "{}", last.text);
    let after = next_morning(&world, "2026-11-28T13:00:00Z");
    assert!(after.is_none(), "nothing to tell, no letter: {after:?}");
    world.ignore_letters();
}

#[test]
fn what_is_not_public_is_in_nobodys_digest() {
    let world = World::new();
    reader(&world, "daily");
    propose(&world.app, &ada(), &session("Still thinking", "2026-12-02"), EventStatus::Proposed).expect("it is stored");
    propose(&world.app, &ada(), &session("Public hour", "2026-12-04"), EventStatus::Confirmed).expect("it is stored");
    let told = next_morning(&world, "2026-11-24T13:00:00Z").expect("there is news");
    assert!(told.text.contains("Public hour") && !told.text.contains("Still thinking"), "{}", told.text);
    world.ignore_letters();
}

#[test]
fn a_session_gone_online_is_told_with_its_place_before() {
    let world = World::new();
    reader(&world, "daily");
    let draft = convene::json::Draft {
        mode: Some("in_person".to_owned()),
        venue: Some(convene::domain::Venue {
            city: Some("Chicago".to_owned()),
            state: Some("IL".to_owned()),
            ..Default::default()
        }),
        ..session("Face to face", "2026-12-09")
    };
    let event = propose(&world.app, &ada(), &draft, EventStatus::Confirmed).expect("it is stored").event;
    next_morning(&world, "2026-11-24T13:00:00Z").expect("there is news");
    let online = Act::GoVirtual { join_url: Some("https://meet.example.org/1".to_owned()) };
    let after = settle(&world.app, &ada(), event.id, None, &online, None).expect("it goes online").event;
    assert_eq!((after.details.mode, after.details.venue), (Mode::Virtual, None));
    let told = next_morning(&world, "2026-11-25T13:00:00Z").expect("it changed");
    assert!(told.text.contains("Chicago") && told.text.contains("online"), "{}", told.text);
    world.ignore_letters();
}

/// A confirmed reader for equity staff, at seven in the morning in Chicago.
fn reader(world: &World, frequency: &str) {
    let wish = Wish {
        email: "reader@city.example.org".to_owned(),
        roles: vec!["chief_equity_officer".to_owned()],
        frequency: frequency.to_owned(),
        zone: "America/Chicago".to_owned(),
        hour: "7".to_owned(),
        ..Wish::default()
    };
    subscribe(&world.app, &wish).expect("a wish");
    let secret = world.letter().after("/subscribe/");
    confirm(&world.app, &secret).expect("a click");
}

/// The digest that is due by then, if there is one.
fn next_morning(world: &World, time: &str) -> Option<Written> {
    world.at(time);
    let mut all = write(&world.app, Run { dry_run: false, replay: false, sent_from: world.app.now() });
    assert!(all.len() <= 1);
    // What never goes out is told again with the next.
    world.deliver();
    all.pop()
}

fn write(app: &App, how: Run) -> Vec<Written> {
    run(app, how).expect("digests are written")
}

fn replay() -> Run {
    Run { dry_run: false, replay: true, sent_from: Clock::System.now() }
}

/// The titles of public events whose roles are like that.
fn titles(world: &World, like: impl Fn(&[&str]) -> bool) -> Vec<String> {
    let public = world.events().into_iter().filter(|event| Actor::Visitor.may_see(event));
    public
        .filter(|event| like(&event.details.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>()))
        .map(|event| event.details.title)
        .collect()
}
