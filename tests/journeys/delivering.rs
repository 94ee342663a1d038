//! Letters from the outbox to a real mail server, which refuses, puts off and hangs up.

use convene::app::deliver::{Delivery, deliver};
use convene::app::digest::{Run, run};
use convene::app::sign_in;
use convene::app::{App, Error};
use convene::mail::Post;
use convene::store::OutboxState;

use crate::smtp::sink::Sink;
use crate::support::World;
use crate::support::cast::address;

fn carry(app: &App, sink: &Sink) -> Result<Delivery, Error> {
    deliver(app, &Post::Smtp(sink.settings()))
}

fn states(world: &World) -> Vec<OutboxState> {
    world.letters().iter().map(|letter| letter.row.state).collect()
}

fn ask_for_links(world: &World) {
    for name in ["Ada", "Ben"] {
        sign_in::ask(&world.app, &address(name), "").expect("a link is written");
    }
}

#[test]
fn a_digest_reaches_a_real_mail_server_once_byte_for_byte() {
    let world = World::demo();
    world.at("2022-10-03T12:00:00Z");
    let how = Run { dry_run: false, replay: true, sent_from: world.app.now() };
    run(&world.app, how).expect("it is written");
    let sink = Sink::start(&[]);
    assert_eq!(carry(&world.app, &sink).expect("it goes").sent, 1);
    assert_eq!(carry(&world.app, &sink).expect("nothing is left").sent, 0);
    let letter = world.letter();
    assert_eq!(letter.row.state, OutboxState::Sent);
    assert_eq!(sink.stored(), vec![letter.row.mail]);
}

#[test]
fn a_refused_person_costs_nobody_else_a_letter() {
    let world = World::new();
    ask_for_links(&world);
    let sink = Sink::start(&["--fail", "rcpt:550 5.1.1 no such user:1:ada"]);
    let done = carry(&world.app, &sink).expect("the run ends");
    assert_eq!(done, Delivery { sent: 1, put_off: 0, failed: 1 });
    assert_eq!(states(&world), [OutboxState::Failed, OutboxState::Sent]);
    assert_eq!(sink.stored().len(), 1);
}

#[test]
fn what_is_put_off_waits_and_goes_later() {
    let world = World::new();
    sign_in::ask(&world.app, &address("Ada"), "").expect("a link is written");
    let busy = Sink::start(&["--fail", "rcpt:451 4.7.1 later, please:1"]);
    assert_eq!(carry(&world.app, &busy).expect("the run ends").put_off, 1);
    assert_eq!(carry(&world.app, &busy).expect("it waits"), Delivery::default());
    world.at("2026-11-23T12:10:00Z");
    let ready = Sink::start(&[]);
    assert_eq!(carry(&world.app, &ready).expect("it goes").sent, 1);
    assert_eq!(states(&world), [OutboxState::Sent]);
}

#[test]
fn while_the_server_is_away_nothing_fails_and_nothing_is_lost() {
    let world = World::new();
    ask_for_links(&world);
    let gone = Sink::start(&[]).settings();
    assert!(matches!(deliver(&world.app, &Post::Smtp(gone)), Err(Error::NotPossible(_))));
    let waiting = world.letters();
    assert!(waiting.iter().all(|letter| letter.row.state == OutboxState::Ready && letter.row.attempts == 0));
    world.at("2026-11-23T12:05:00Z");
    let back = Sink::start(&[]);
    assert_eq!(carry(&world.app, &back).expect("they go").sent, 2);
    assert_eq!(back.stored().len(), 2);
}

#[test]
fn a_letter_that_may_have_been_taken_goes_once_more_with_the_same_bytes_and_then_is_left_to_people() {
    let world = World::new();
    sign_in::ask(&world.app, &address("Ada"), "").expect("a link is written");
    // It stores the letter and hangs up before it says so: nobody knows.
    let sink = Sink::start(&["--fail", "drop_after:x:1"]);
    for time in ["2026-11-23T12:00:00Z", "2026-11-23T12:10:00Z", "2026-11-23T12:20:00Z"] {
        world.at(time);
        let _ = carry(&world.app, &sink);
    }
    let stored = sink.stored();
    assert_eq!(stored.len(), 2, "at most two copies");
    assert_eq!(stored[0], stored[1]);
    assert_eq!(states(&world), [OutboxState::Unknown]);
}

#[test]
fn a_stop_before_the_text_sends_nothing_twice_and_one_after_it_at_most_once_more() {
    let world = World::new();
    ask_for_links(&world);
    // Two letters in the hand of a process that ended: one before its text went out, one after.
    let claimed = world.app.store.write::<_, Error>(|writer| {
        let claimed = writer.claim_letters(10, world.app.now())?;
        writer.mark_at_dot(claimed[1].id)?;
        Ok(claimed)
    });
    assert_eq!(claimed.expect("they are claimed").len(), 2);
    let sink = Sink::start(&[]);
    assert_eq!(carry(&world.app, &sink).expect("they go").sent, 2);
    let resent: Vec<u32> = world.letters().iter().map(|letter| letter.row.resent).collect();
    assert_eq!(resent, [0, 1]);
}

#[test]
fn two_processes_do_not_send_from_one_database() {
    let world = World::new();
    let lock = world.app.store.lock_sending().expect("a lock");
    assert!(lock.is_some());
    let other = world.another();
    assert!(matches!(deliver(&other, &Post::Memory(Default::default())), Err(Error::NotPossible(_))));
    drop(lock);
    assert!(deliver(&other, &Post::Memory(Default::default())).is_ok());
}
