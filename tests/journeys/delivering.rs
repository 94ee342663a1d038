//! Letters from the outbox to a real mail server, which refuses, puts off and hangs up.

use std::collections::BTreeSet;
use std::sync::Mutex;

use convene::app::deliver::{Delivery, Stop, alerts, deliver, keep_delivering, resume, send_again};
use convene::app::digest::{Run, run};
use convene::app::sign_in;
use convene::app::subscribe::{Wish, subscribe};
use convene::app::{Actor, App, Error};
use convene::mail::{LetterKind, Post};
use convene::store::{NewLetter, OutboxRow, OutboxState};

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
        writer.mark_at_dot(claimed[1].id, world.app.now())?;
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

/// A letter of this kind, the `n`th.
fn letter(n: usize, kind: LetterKind, recipient: &str) -> NewLetter {
    NewLetter {
        key: format!("{kind}:{n}"),
        kind: kind.to_string(),
        priority: u8::try_from(kind.priority()).expect("it is small"),
        subscription: None,
        event: None,
        tells_of: BTreeSet::new(),
        name: None,
        sender: "convene@example.org".to_owned(),
        recipient: recipient.to_owned(),
        subject: format!("Letter {n}"),
        message_id: format!("<{kind}.{n}@example.org>"),
        mail: format!("Message-ID: <{kind}.{n}@example.org>\r\nX-Idempotency: {kind}:{n}\r\n\r\nHello {n}\r\n").into_bytes(),
        not_after: "2026-11-24T12:00:00Z".parse().expect("a time"),
        order: None,
    }
}

fn add(world: &World, letter: &NewLetter) -> i64 {
    let added = world.app.store.write::<_, Error>(|writer| Ok(writer.add_letter(letter, world.app.now())?));
    added.expect("it is written").expect("it is new")
}

fn row(world: &World, id: i64) -> OutboxRow {
    world.app.store.read::<_, Error>(|reader| Ok(reader.letter(id)?)).expect("it is there")
}

fn stored_keys(sink: &Sink) -> Vec<String> {
    let stored = sink.events().into_iter().filter(|event| event["event"] == "stored");
    stored.map(|event| event["key"].as_str().expect("a key").to_owned()).collect()
}

#[test]
fn c10_a_clock_set_back_an_hour_holds_no_letter_up() {
    let world = World::new();
    world.ignore_letters();
    add(&world, &letter(1, LetterKind::Notice, "ada@example.org"));
    world.at("2026-11-23T11:00:00Z");
    let sink = Sink::start(&[]);
    assert_eq!(carry(&world.app, &sink).expect("it goes").sent, 1);
}

#[test]
fn c12_nothing_goes_to_whoever_unsubscribed_also_when_it_is_in_the_senders_hand() {
    let world = World::new();
    world.ignore_letters();
    let subscription = subscribed(&world, "sam@example.org");
    let first = add(&world, &NewLetter { subscription: Some(subscription), ..letter(1, LetterKind::Digest, "sam@example.org") });
    // In hand, and unsubscribed only then: the mark is refused.
    let why = world.app.store.write::<_, Error>(|writer| {
        assert_eq!(writer.claim_letters(10, world.app.now())?.len(), 1);
        writer.end_subscription(subscription, world.app.now())?;
        Ok(writer.mark_at_dot(first, world.app.now())?)
    });
    assert_eq!(why.expect("it is asked").as_deref(), Some("the subscription has ended"));
    let sink = Sink::start(&[]);
    assert_eq!(carry(&world.app, &sink).expect("nothing goes"), Delivery::default());
    assert_eq!(row(&world, first).state, OutboxState::Withdrawn);
    // Written after that: never on its way.
    let late = add(&world, &NewLetter { subscription: Some(subscription), ..letter(2, LetterKind::Digest, "sam@example.org") });
    assert_eq!(row(&world, late).state, OutboxState::Withdrawn);
    assert_eq!(sink.stored().len(), 0);
}

fn subscribed(world: &World, email: &str) -> i64 {
    let wish = Wish { email: email.into(), frequency: "weekly".into(), zone: "UTC".into(), hour: "7".into(), ..Wish::default() };
    subscribe(&world.app, &wish).expect("a subscription");
    world.deliver();
    world.letters().pop().and_then(|seen| seen.row.subscription).expect("its letter")
}

#[test]
fn c13_a_calendar_entry_never_reaches_anybody_after_a_later_one_of_the_same_meeting() {
    let world = World::new();
    world.ignore_letters();
    let entry = |n: usize, kind, place| NewLetter {
        order: Some(("ics:uid-1:ada@example.org".to_owned(), place)),
        ..letter(n, kind, "ada@example.org")
    };
    let request = add(&world, &entry(1, LetterKind::Invite, 0));
    let busy = Sink::start(&["--fail", "rcpt:451 4.3.0 later:1"]);
    assert_eq!(carry(&world.app, &busy).expect("the run ends").put_off, 1);
    // While the request waits for its second attempt, the meeting moves, and is called off.
    let update = add(&world, &entry(2, LetterKind::Invite, 1));
    let cancel = add(&world, &entry(3, LetterKind::Cancel, 2));
    let other = add(&world, &letter(4, LetterKind::Notice, "ada@example.org"));
    world.at("2026-11-23T12:10:00Z");
    let sink = Sink::start(&[]);
    assert_eq!(carry(&world.app, &sink).expect("they go").sent, 2);
    let states: Vec<OutboxState> = [request, update, cancel, other].into_iter().map(|id| row(&world, id).state).collect();
    assert_eq!(states, [OutboxState::Withdrawn, OutboxState::Withdrawn, OutboxState::Sent, OutboxState::Sent]);
    let mut keys = stored_keys(&sink);
    keys.sort();
    assert_eq!(keys, ["cancel:3", "notice:4"]);
    // And one that is written late stays behind.
    let late = add(&world, &entry(5, LetterKind::Invite, 1));
    assert_eq!(row(&world, late).state, OutboxState::Withdrawn);
}

#[test]
fn while_one_entry_of_a_meeting_is_on_its_way_the_next_waits() {
    let world = World::new();
    world.ignore_letters();
    let entry = |n: usize, place| NewLetter {
        order: Some(("ics:uid-1:a".to_owned(), place)),
        ..letter(n, LetterKind::Invite, "ada@example.org")
    };
    let claim = || world.app.store.write::<_, Error>(|writer| Ok(writer.claim_letters(10, world.app.now())?)).expect("claimed");
    add(&world, &entry(1, 0));
    assert_eq!(claim().len(), 1);
    add(&world, &entry(2, 1));
    assert_eq!(claim().len(), 0);
}

#[test]
fn what_is_urgent_goes_before_what_was_written_first() {
    let world = World::new();
    world.ignore_letters();
    add(&world, &letter(1, LetterKind::Digest, "sam@example.org"));
    add(&world, &letter(2, LetterKind::Notice, "sam@example.org"));
    add(&world, &letter(3, LetterKind::SignIn, "sam@example.org"));
    world.deliver();
    let order: Vec<String> = world.carried().into_iter().map(|frozen| frozen.message_id).collect();
    assert_eq!(order, ["<sign_in.3@example.org>", "<notice.2@example.org>", "<digest.1@example.org>"]);
}

#[test]
fn an_overdue_letter_fails_in_words_and_is_not_sent() {
    let world = World::new();
    world.ignore_letters();
    let id = add(&world, &letter(1, LetterKind::Notice, "sam@example.org"));
    world.at("2026-11-25T12:00:00Z");
    world.deliver();
    let row = row(&world, id);
    assert_eq!((row.state, row.reply.as_deref()), (OutboxState::Failed, Some("it was too late to send it")));
    assert_eq!(world.carried().len(), 0);
}

#[test]
fn a_domain_that_wants_less_at_a_time_is_left_alone_and_the_others_are_served() {
    let world = World::new();
    world.ignore_letters();
    for n in 1..=3 {
        add(&world, &letter(n, LetterKind::Notice, &format!("p{n}@slow.example.org")));
    }
    add(&world, &letter(4, LetterKind::Notice, "sam@example.org"));
    let sink = Sink::start(&["--fail", "rcpt:450 4.7.28 unusual rate:1:slow.example"]);
    let done = carry(&world.app, &sink).expect("the run ends");
    assert_eq!(done.sent, 1, "{done:?}");
    let (pauses, attempts) = world
        .app
        .store
        .read::<_, Error>(|reader| Ok((reader.pauses()?, reader.letters(10)?.iter().map(|row| row.attempts).sum::<u32>())))
        .expect("they are kept");
    let told: Vec<(&str, u32)> = pauses.iter().map(|pause| (pause.scope.as_str(), pause.step)).collect();
    assert_eq!((told, attempts), (vec![("domain:slow.example.org", 1)], 0));
    world.at("2026-11-23T12:02:00Z");
    let better = Sink::start(&[]);
    assert_eq!(carry(&world.app, &better).expect("they go").sent, 3);
    assert_eq!(world.app.store.read::<_, Error>(|reader| Ok(reader.pauses()?.len())).expect("read"), 0);
}

#[test]
fn five_refusals_of_ours_in_a_row_stop_the_relay_and_are_told_and_can_be_sent_again() {
    let world = World::new();
    world.ignore_letters();
    let ids: Vec<i64> = (1..=30).map(|n| add(&world, &letter(n, LetterKind::Notice, "sam@example.org"))).collect();
    let strict = Sink::start(&["--fail", "dot:550 5.7.26 not authenticated:1"]);
    let done = carry(&world.app, &strict).expect("the run ends");
    assert!((5..=6).contains(&done.failed), "{done:?}");
    let kinds: Vec<String> = alerts(&world.app).expect("alerts").into_iter().map(|alert| alert.kind).collect();
    assert_eq!(kinds, ["refused", "relay_refuses"]);
    let good = Sink::start(&[]);
    let refused = carry(&world.app, &good).expect_err("it stays stopped");
    assert!(refused.to_string().contains("--resume"), "{refused}");
    resume(&world.app).expect("it is mended");
    assert_eq!(carry(&world.app, &good).expect("they go").sent, 30 - done.failed);
    let failed: Vec<i64> = ids.into_iter().filter(|id| row(&world, *id).state == OutboxState::Failed).collect();
    assert!(matches!(send_again(&world.app, &Actor::Visitor, failed[0]), Err(Error::Forbidden(_))));
    for id in &failed {
        send_again(&world.app, &Actor::Operator, *id).expect("it may be sent again");
    }
    assert!(matches!(send_again(&world.app, &Actor::Operator, failed[0]), Err(Error::NotPossible(_))));
    assert_eq!(carry(&world.app, &good).expect("they go").sent, failed.len());
}

#[test]
fn a_pause_of_the_relay_outlives_the_process_and_grows() {
    let world = World::new();
    world.ignore_letters();
    add(&world, &letter(1, LetterKind::Notice, "sam@example.org"));
    let gone = Post::Smtp(Sink::start(&[]).settings());
    let stop = Stop::default();
    let pause = |app: &App| app.store.read::<_, Error>(|reader| Ok(reader.pause("relay")?)).expect("read").expect("a pause");
    let said = Mutex::new(vec![]);
    std::thread::scope(|scope| {
        scope.spawn(|| keep_delivering(&world.app, &gone, &stop, &|what| said.lock().expect("no panic").push(what.to_owned())));
        while world.app.store.read::<_, Error>(|reader| Ok(reader.pause("relay")?)).expect("read").is_none() {
            std::thread::yield_now();
        }
        stop.now();
    });
    let first = pause(&world.app);
    assert_eq!((first.step, row(&world, 1).attempts, said.into_inner().expect("no panic")), (1, 0, vec![]));
    // Another process knows of it, and a later try in vain makes it longer; after a quarter of an hour people are told.
    assert!(!world.another().store.read::<_, Error>(|reader| Ok(reader.letters_wait(world.app.now())?)).expect("read"));
    world.at("2026-11-23T12:20:00Z");
    let stop = Stop::default();
    std::thread::scope(|scope| {
        scope.spawn(|| keep_delivering(&world.app, &gone, &stop, &|_| {}));
        while pause(&world.app).step < 2 {
            std::thread::yield_now();
        }
        stop.now();
    });
    let words = alerts(&world.app).expect("alerts").remove(0).words;
    assert!(words.starts_with("The mail server cannot be reached since Mon 23 November 2026, 07:00"), "{words}");
    let back = Sink::start(&[]);
    assert_eq!(carry(&world.app, &back).expect("it goes").sent, 1);
}
