//! Letters that come back: noted by address, told where that is ours to mend, and forgiven.

use std::collections::BTreeSet;
use std::path::PathBuf;

use convene::app::bounces::{self, TakenIn};
use convene::app::deliver::alerts;
use convene::app::{Actor, Error};
use convene::mail::{Frozen, LetterKind};
use convene::store::{NewLetter, OutboxState, Suppression, SuppressionReason};

use crate::smtp::sink::Sink;
use crate::support::World;

fn world() -> World {
    let mut world = World::new();
    world.ignore_letters();
    world.app.settings.mail.bounce = Some("bounce@bounces.example.org".to_owned());
    world.app.settings.mail.bounce_folder = Some(folder(&world));
    std::fs::create_dir_all(folder(&world).join("new")).expect("a maildir");
    world
}

fn folder(world: &World) -> PathBuf {
    world.file().with_extension("bounces")
}

fn write(world: &World, n: usize, kind: LetterKind) -> i64 {
    let letter = NewLetter {
        key: format!("{kind}:{n}"),
        kind: kind.to_string(),
        priority: 4,
        subscription: None,
        event: None,
        tells_of: BTreeSet::new(),
        name: None,
        sender: "convene@example.org".to_owned(),
        recipient: "Ada@city.example.org".to_owned(),
        subject: format!("Letter {n}"),
        message_id: format!("<{kind}.{n}@example.org>"),
        mail: b"Subject: Hello\r\n\r\nHello\r\n".to_vec(),
        not_after: world.app.now() + chrono::Duration::days(1),
        order: None,
    };
    let added = world.app.store.write::<_, Error>(|writer| Ok(writer.add_letter(&letter, world.app.now())?));
    added.expect("it is written").expect("it is new")
}

/// Sends a letter and gives it as the relay got it.
fn send(world: &World, n: usize) -> Frozen {
    write(world, n, LetterKind::Notice);
    world.deliver();
    world.carried().pop().expect("it was sent")
}

/// A report arrives about a letter that was sent from this address.
fn arrives(world: &World, name: &str, to: &str, action: &str, status: &str) {
    let report = format!(
        "From: MAILER-DAEMON@relay.example.org\r\nTo: {to}\r\nContent-Type: multipart/report; boundary=b\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example.org\r\n\r\n\
         Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; 550 {status} said the server\r\n\r\n--b--\r\n"
    );
    std::fs::write(folder(world).join("new").join(name), report).expect("it is delivered");
}

fn suppressed(world: &World) -> Vec<Suppression> {
    bounces::suppressions(&world.app, &Actor::Operator).expect("they are listed")
}

fn state(world: &World, id: i64) -> OutboxState {
    world.app.store.read::<_, Error>(|reader| Ok(reader.letter(id)?)).expect("it is there").state
}

#[test]
fn a_letter_names_itself_in_its_return_path_and_comes_back_once() {
    let world = world();
    let from = send(&world, 1).from;
    assert!(from.starts_with("bounce+") && from.ends_with("@bounces.example.org"), "{from}");
    arrives(&world, "1", &from, "delayed", "4.4.1");
    arrives(&world, "2", &from, "failed", "5.1.1");
    arrives(&world, "3", &from, "failed", "5.1.1");
    arrives(&world, "4", &from.replace('+', "+9"), "failed", "5.1.1");
    let taken = bounces::take_in(&world.app).expect("they are read");
    assert_eq!(taken, TakenIn { noted: 1, suppressed: 1, other: 3 });
    assert_eq!(bounces::take_in(&world.app).expect("they were put away"), TakenIn::default());
    let expected = Suppression {
        address: "ada@city.example.org".to_owned(),
        reason: SuppressionReason::Hard,
        evidence: "smtp; 550 5.1.1 said the server".to_owned(),
        since: world.app.now(),
        until: None,
    };
    assert_eq!(suppressed(&world), [expected]);
}

#[test]
fn to_an_address_where_nobody_is_only_what_it_asks_for_itself_goes_until_that_is_lifted() {
    let world = world();
    let waiting = write(&world, 1, LetterKind::Notice);
    let sink = Sink::start(&["--fail", "rcpt:550 5.1.1 no such user:1"]);
    let post = convene::mail::Post::Smtp(sink.settings());
    convene::app::deliver::deliver(&world.app, &post).expect("the run ends");
    assert_eq!(state(&world, waiting), OutboxState::Failed);
    let (notice, confirm) = (write(&world, 2, LetterKind::Notice), write(&world, 3, LetterKind::Confirm));
    world.deliver();
    assert_eq!((state(&world, notice), state(&world, confirm)), (OutboxState::Withdrawn, OutboxState::Sent));
    assert!(matches!(bounces::lift(&world.app, &Actor::Visitor, "ada@city.example.org"), Err(Error::Forbidden(_))));
    bounces::lift(&world.app, &Actor::Operator, "ADA@city.example.org").expect("it is lifted");
    assert_eq!(suppressed(&world), []);
    let again = write(&world, 4, LetterKind::Notice);
    world.deliver();
    assert_eq!(state(&world, again), OutboxState::Sent);
}

#[test]
fn a_full_mailbox_is_left_alone_for_a_month_after_three_days_of_it() {
    let world = world();
    for (n, time) in
        ["2026-11-23T12:00:00Z", "2026-11-23T15:00:00Z", "2026-11-25T12:00:00Z", "2026-11-27T12:00:00Z"].into_iter().enumerate()
    {
        assert_eq!(suppressed(&world), [], "{time}");
        world.at(time);
        let from = send(&world, n).from;
        arrives(&world, &n.to_string(), &from, "failed", "5.2.2");
        bounces::take_in(&world.app).expect("it is read");
    }
    let found = suppressed(&world);
    assert_eq!(found.iter().map(|one| one.reason).collect::<Vec<_>>(), [SuppressionReason::Soft]);
    world.at("2026-12-28T12:00:00Z");
    assert_eq!(suppressed(&world), []);
}

#[test]
fn what_is_ours_to_mend_is_told_and_blamed_on_nobody() {
    let world = world();
    let from = send(&world, 1).from;
    arrives(&world, "1", &from, "failed", "5.7.26");
    bounces::take_in(&world.app).expect("it is read");
    assert_eq!(suppressed(&world), []);
    let told: Vec<String> = alerts(&world.app).expect("alerts").into_iter().map(|alert| alert.kind).collect();
    assert_eq!(told, ["policy"]);
}

#[test]
fn a_confirmed_letter_forgives_what_came_back() {
    let world = world();
    bounces::suppress(&world.app, &Actor::Operator, "sam@example.org", "asked by phone").expect("it is noted");
    let wish = convene::app::subscribe::Wish {
        email: "sam@example.org".into(),
        frequency: "weekly".into(),
        zone: "UTC".into(),
        hour: "7".into(),
        ..Default::default()
    };
    convene::app::subscribe::subscribe(&world.app, &wish).expect("a letter is written");
    world.deliver();
    let letter = world.letters().pop().expect("the letter");
    assert_eq!(letter.row.state, OutboxState::Sent);
    convene::app::subscribe::confirm(&world.app, &letter.after("/subscribe/")).expect("it is confirmed");
    assert_eq!(suppressed(&world), []);
}
