//! What organizers are told, when, and what it comes to: one letter a person for a burst of changes.

use convene::app::directory::set_contact;
use convene::app::notify;
use convene::app::overrides::override_finding;
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, Error, holds, passing};
use convene::domain::{Event, EventStatus, Venue};
use convene::json::Draft;

use crate::smtp::lint;
use crate::support::World;
use crate::support::cast::{ada, address, ben, cleo, session};

/// A morning that Harbor calls together with Prairie.
fn ours() -> Draft {
    Draft { co_hosts: vec!["prairie".to_owned()], ..session("Budgeting for equity", "2027-10-06") }
}

fn entered(world: &World, actor: &Actor, draft: &Draft, status: EventStatus) -> Event {
    propose(&world.app, actor, draft, status).expect("it is stored").event
}

fn to_day(day: &str) -> Act {
    Act::Move { start: format!("{day}T14:00"), end: Some(format!("{day}T15:30")) }
}

fn takes(world: &World, event: &Event, act: &Act) {
    settle(&world.app, &ada(), event.id, None, act, None).expect("the step is taken");
}

/// An event of Harbor's that Prairie knows already.
fn known(world: &World) -> Event {
    let event = entered(world, &ada(), &ours(), EventStatus::Confirmed);
    world.at("2026-11-23T13:00:00Z");
    assert_eq!(recipients(world), ["ben@example.org"], "named beside it: told that it is there");
    event
}

fn recipients(world: &World) -> Vec<String> {
    world.letters().into_iter().map(|letter| letter.row.recipient).collect()
}

#[test]
fn replies_go_to_the_one_partner_that_a_letter_is_about_and_else_to_the_service() {
    let mut world = World::new();
    world.app.settings.mail.reply_to = Some("team@convene.example.org".to_owned());
    let keep = |slug: &str, contact: &str| {
        let slug = slug.parse().expect("a partner");
        set_contact(&world.app, &Actor::Operator, &slug, Some(contact)).expect("it is kept");
    };
    keep("harbor", "Events@Harbor.Example.org");
    keep("prairie", "events@prairie.example.org");
    let replies = || {
        let letter = world.letter();
        assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
        let named = |(name, _): &&(String, String)| name == "Reply-To";
        (letter.row.recipient.clone(), letter.read.headers.iter().find(named).map(|(_, value)| value.clone()))
    };
    let told = |name: &str, contact: &str| (address(name), Some(contact.to_owned()));

    let first = entered(&world, &ada(), &ours(), EventStatus::Confirmed);
    world.at("2026-11-23T13:00:00Z");
    assert_eq!(replies(), told("Ben", "Events@harbor.example.org"), "Harbor called it");

    let with_both = Draft { co_hosts: vec!["prairie".to_owned()], ..session("Cleo's hour", "2027-11-10") };
    entered(&world, &cleo(), &with_both, EventStatus::Confirmed);
    takes(&world, &first, &to_day("2027-10-07"));
    world.at("2026-11-23T14:00:00Z");
    assert_eq!(replies(), told("Ben", "team@convene.example.org"), "plans of two partners: nobody's contact is right for all");
}

#[test]
fn a_burst_of_edits_is_one_letter_once_it_is_quiet_and_says_from_where_to_where() {
    let world = World::new();
    let event = known(&world);
    for (minute, day) in [("00", "2027-10-07"), ("10", "2027-10-12"), ("25", "2027-10-14")] {
        world.at(&format!("2026-11-23T14:{minute}:00Z"));
        takes(&world, &event, &to_day(day));
        assert_eq!(recipients(&world), Vec::<String>::new(), "not while it goes on");
    }
    world.at("2026-11-23T14:54:59Z");
    assert_eq!(recipients(&world), Vec::<String>::new(), "not before it is quiet");
    world.at("2026-11-23T14:55:00Z");
    let letter = world.letter();
    assert_eq!(
        (letter.row.recipient.as_str(), letter.row.subject.as_str()),
        ("ben@example.org", "Budgeting for equity – moved Wed 6 → Thu 14 October 2027")
    );
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    let text = &letter.read.text;
    assert!(text.contains("Wed 6 October 2027") && text.contains("Thu 14 October 2027"), "{text}");
    assert!(text.contains(&format!("/events/{}", event.id)) && !text.contains("12 October"), "{text}");
    world.at("2026-11-25T14:55:00Z");
    assert_eq!(recipients(&world), Vec::<String>::new(), "once");
}

#[test]
fn what_moved_back_is_nothing_and_what_was_called_off_before_anybody_knew_is_nothing() {
    let world = World::new();
    let event = known(&world);
    takes(&world, &event, &to_day("2027-10-07"));
    takes(&world, &event, &to_day("2027-10-06"));
    let other = entered(&world, &ada(), &Draft { title: "A mistake".to_owned(), ..ours() }, EventStatus::Announced);
    takes(&world, &other, &Act::Cancel);
    assert!(!world.app.store.read(|reader| reader.notices()).expect("notices").is_empty(), "there is something to net");
    world.at("2026-11-24T12:00:00Z");
    assert_eq!(recipients(&world), Vec::<String>::new());
    assert_eq!(world.app.store.read(|reader| reader.notices()).expect("notices"), [], "and nothing is left");
}

#[test]
fn a_burst_that_never_ends_is_told_after_two_hours() {
    let world = World::new();
    let event = known(&world);
    for minutes in (0..=115).step_by(5) {
        world.at(&format!("2026-11-23T{:02}:{:02}:00Z", 14 + minutes / 60, minutes % 60));
        takes(&world, &event, &to_day(&format!("2027-10-{:02}", 7 + minutes / 5)));
        assert_eq!(recipients(&world), Vec::<String>::new());
    }
    world.at("2026-11-23T16:00:00Z");
    assert_eq!(recipients(&world), ["ben@example.org"]);
}

#[test]
fn what_is_urgent_is_told_at_once_and_takes_along_what_waits() {
    let world = World::new();
    let event = known(&world);
    takes(&world, &event, &to_day("2027-10-07"));
    let with_sam = |title: &str| Draft { speakers: vec!["sam-speaker".to_owned()], ..session(title, "2027-12-08") };
    entered(&world, &ben(), &with_sam("Prairie's hour"), EventStatus::Confirmed);
    assert_eq!(recipients(&world), Vec::<String>::new());
    entered(&world, &ada(), &with_sam("Harbor's hour"), EventStatus::Proposed);
    let letter = world.letter();
    assert_eq!(letter.row.recipient, "ben@example.org");
    let text = &letter.read.text;
    assert!(text.contains("Prairie's hour") && text.contains("Budgeting for equity"), "one letter has both:\n{text}");
    assert!(text.find("Prairie's hour") < text.find("Budgeting for equity"), "what is to be decided is first:\n{text}");
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
}

#[test]
fn a_clash_that_is_gone_or_decided_before_it_is_quiet_is_not_told() {
    for decided in [false, true] {
        let world = World::new();
        let there = |title: &str, city: &str, state: &str| Draft {
            mode: Some("in_person".to_owned()),
            join_url: None,
            venue: Some(Venue { city: Some(city.to_owned()), state: Some(state.to_owned()), ..Venue::default() }),
            ..session(title, "2027-10-06")
        };
        entered(&world, &ben(), &there("Prairie's day", "Kansas City", "MO"), EventStatus::Confirmed);
        let verdict =
            propose(&world.app, &ada(), &there("Harbor's day", "Phoenix", "AZ"), EventStatus::Confirmed).expect("stored");
        let waiting = notify::waiting(&world.app, &Actor::Operator).expect("what waits");
        assert_eq!(waiting.iter().map(|one| one.to.as_str()).collect::<Vec<_>>(), ["ben@example.org"]);
        if decided {
            for finding in &verdict.findings {
                override_finding(&world.app, &ada(), finding.fingerprint.as_str(), "both sides know", None).expect("decided");
            }
        } else {
            takes(&world, &verdict.event, &to_day("2027-12-15"));
        }
        world.at("2026-11-24T12:00:00Z");
        assert_eq!(recipients(&world), Vec::<String>::new());
    }
}

#[test]
fn a_hold_that_runs_out_is_told_fourteen_and_three_days_before_and_when_it_is_gone() {
    let world = World::new();
    let hold = Draft { hold_until: Some("2027-01-31".to_owned()), ..session("Kept for now", "2027-10-06") };
    entered(&world, &ada(), &hold, EventStatus::Hold);
    let mut told = Vec::new();
    for day in 0..75 {
        let at = world.app.now() + chrono::Duration::days(day);
        for minutes in [0, 31] {
            world.app.clock.set(at + chrono::Duration::minutes(minutes));
            holds::sweep(&world.app).expect("a sweep");
            passing::sweep(&world.app).expect("the day is looked at");
            told.extend(
                world.letters().into_iter().map(|letter| (at.date_naive().to_string(), letter.row.recipient, letter.row.subject)),
            );
        }
        world.app.clock.set(at - chrono::Duration::days(day));
    }
    let to_ada = |day: &str, what: &str| (day.to_owned(), address("Ada"), format!("Kept for now – {what}"));
    assert_eq!(
        told,
        [
            to_ada("2027-01-17", "its hold runs out"),
            to_ada("2027-01-28", "its hold runs out"),
            to_ada("2027-02-01", "hold lapsed")
        ]
    );
}

#[test]
fn a_stop_between_two_letters_neither_loses_nor_repeats_one() {
    let world = World::new();
    let both = Draft { co_hosts: vec!["prairie".to_owned(), "summit".to_owned()], ..ours() };
    entered(&world, &ada(), &both, EventStatus::Confirmed);
    world.at("2026-11-23T13:00:00Z");
    let again = world.another();
    again.clock.set(world.app.now());
    let written = std::thread::scope(|scope| {
        let runs = [&world.app, &again].map(|app| scope.spawn(|| notify::write_due(app).expect("notices are written")));
        runs.into_iter().map(|run| run.join().expect("no panic")).sum::<usize>()
    });
    assert_eq!((written, recipients(&world)), (2, vec!["ben@example.org".to_owned(), "cleo@example.org".to_owned()]));
    // What is written and not settled is not there: the letter and its notices are one transaction.
    let event = world.event("Budgeting for equity");
    takes(&world, &event, &to_day("2027-10-07"));
    let failed: Result<(), Error> = world.app.store.write(|writer| {
        let waiting = writer.notices()?;
        writer.settle_notices(&waiting.iter().map(|one| one.id).collect::<Vec<_>>(), None, world.app.now())?;
        Err(Error::Stale)
    });
    assert!(failed.is_err());
    world.at("2026-11-23T15:00:00Z");
    assert_eq!(recipients(&world).len(), 2);
}

#[test]
fn the_anchor_falls_and_each_person_gets_one_letter() {
    let world = World::new();
    let anchor = entered(&world, &cleo(), &session("Annual meeting", "2027-04-21"), EventStatus::Confirmed);
    for (actor, titles) in [(ada(), ["Officers' day", "Roundtable"]), (ben(), ["Workshop", "Site visit"])] {
        for (title, hour) in titles.iter().zip(["09", "17"]) {
            let draft = Draft {
                anchor: Some(anchor.id.to_string()),
                start: format!("2027-04-21T{hour}:00"),
                end: Some(format!("2027-04-21T{hour}:50")),
                ..session(title, "2027-04-21")
            };
            entered(&world, &actor, &draft, EventStatus::Confirmed);
        }
    }
    world.at("2026-11-23T14:00:00Z");
    world.letters();
    settle(&world.app, &cleo(), anchor.id, None, &Act::Cancel, Some("The venue closed.")).expect("it is called off");
    let letters = world.letters();
    let told: Vec<_> = letters.iter().map(|letter| letter.row.recipient.as_str()).collect();
    assert_eq!(told, ["ada@example.org", "ben@example.org"], "at once, and one each");
    for (letter, titles) in letters.iter().zip([["Officers' day", "Roundtable"], ["Workshop", "Site visit"]]) {
        let text = &letter.read.text;
        assert!(titles.iter().all(|title| text.contains(title)), "{text}");
        assert!(text.contains("Annual meeting") && text.contains("decide by"), "{text}");
        assert!(text.contains("Cancel it, keep it, move it or take it online"), "{text}");
        assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new(), "{text}");
    }
    world.at("2026-11-24T14:00:00Z");
    assert_eq!(recipients(&world), Vec::<String>::new(), "and no more");
    let standing: Vec<_> = world.events().iter().map(|event| event.status).collect();
    assert_eq!(standing.iter().filter(|status| **status == EventStatus::Confirmed).count(), 4, "nothing is cancelled silently");
}
