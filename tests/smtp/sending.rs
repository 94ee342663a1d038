//! Letters sent to a real mail server that refuses, stalls and hangs up.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use convene::mail::post::{AtDotError, Class, Password, Receipt, SendError, Tls};
use convene::mail::{Frozen, Post, Session, SmtpSettings};
use serde_json::json;

use super::samples::{self, frozen};
use super::sink::{Sink, fresh_folder};

fn letters() -> Vec<Frozen> {
    samples::all().iter().map(|(_, letter)| frozen(letter)).collect()
}

fn one() -> Frozen {
    letters().remove(0)
}

fn connect(sink: &Sink) -> Session {
    Post::Smtp(sink.settings()).connect().expect("the server answers")
}

/// Sends it and tells how often it was marked as going out.
fn send(session: &mut Session, letter: &Frozen) -> (Result<Receipt, SendError>, u32) {
    let mut marks = 0;
    let sent = session.send(letter.borrowed(), &mut || {
        marks += 1;
        Ok(())
    });
    (sent, marks)
}

/// What becomes of a letter at a server that fails like this: class, code, marks, copies stored there.
fn outcome(options: &[&str]) -> (Class, Option<u16>, u32, usize) {
    let sink = Sink::start(options);
    let (sent, marks) = send(&mut connect(&sink), &one());
    let error = sent.expect_err("it fails");
    (error.class, error.code, marks, sink.stored().len())
}

#[test]
fn every_letter_arrives_as_it_was_frozen_over_one_connection() {
    let sink = Sink::start(&[]);
    let mut session = connect(&sink);
    for (n, letter) in letters().iter().enumerate() {
        let (sent, marks) = send(&mut session, letter);
        let expected = Receipt { code: 250, reply: format!("250 2.0.0 Stored as {:05}", n + 1) };
        assert_eq!((sent, marks), (Ok(expected), 1));
    }
    session.quit();
    assert_eq!(sink.stored(), letters().into_iter().map(|letter| letter.bytes).collect::<Vec<_>>());
    let events = sink.events();
    assert_eq!((&events[0]["event"], &events[0]["name"]), (&json!("ehlo"), &json!("convene.example.org")));
    let first = events.iter().find(|event| event["event"] == "stored").expect("something is stored");
    assert_eq!(first["sender"], json!("bounce@convene.example.org"));
    assert_eq!(first["to"], json!(["robin@city.example.org"]));
    assert_eq!((&first["message_id"], &first["key"]), (&json!(one().message_id), &json!("sign_in:17")));
}

#[test]
fn lines_that_begin_with_a_dot_arrive_with_it() {
    let sink = Sink::start(&[]);
    let mut letter = one();
    letter.bytes.extend_from_slice(b".\r\n..two\r\n.hidden\r\n");
    let (sent, _) = send(&mut connect(&sink), &letter);
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(sink.stored(), [letter.bytes]);
}

#[test]
fn a_letter_is_marked_when_the_server_waits_for_its_text_and_nothing_was_sent() {
    let sink = Sink::start(&[]);
    let mut seen = vec![];
    let sent = connect(&sink).send(one().borrowed(), &mut || {
        seen.push(sink.event_names());
        Ok(())
    });
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(seen, [["ehlo", "data"]]);
    assert_eq!(sink.event_names(), ["ehlo", "data", "stored"]);
}

#[test]
fn a_letter_that_cannot_be_marked_is_not_sent() {
    let sink = Sink::start(&[]);
    let mut session = connect(&sink);
    let sent = session.send(one().borrowed(), &mut || Err(AtDotError::new("the disk is full")));
    let reply = "the letter was not marked as going out: the disk is full".to_owned();
    assert_eq!(sent, Err(SendError { class: Class::Link, code: None, reply }));
    assert!(session.is_over());
    drop(session);
    assert!(send(&mut connect(&sink), &letters()[1]).0.is_ok());
    assert_eq!(sink.stored(), [letters().remove(1).bytes]);
}

#[test]
fn a_refused_recipient_costs_neither_the_mark_nor_the_connection() {
    let sink = Sink::start(&["--fail", "rcpt:550 5.1.1 No such person:1:robin@"]);
    let mut session = connect(&sink);
    let (sent, marks) = send(&mut session, &one());
    let reply = "550 5.1.1 No such person".to_owned();
    assert_eq!((sent, marks), (Err(SendError { class: Class::Person, code: Some(550), reply }), 0));
    let other = Frozen { to: "kim@city.example.org".to_owned(), ..one() };
    assert!(!session.is_over());
    assert!(send(&mut session, &other).0.is_ok());
    assert_eq!(sink.event_names(), ["ehlo", "failed", "data", "stored"]);
}

#[test]
fn each_refusal_is_known_by_its_phase() {
    for (fault, expected) in [
        ("mail:451 4.3.0 later:1", (Class::Mail, Some(451), 0, 0)),
        ("rcpt:451 4.3.0 later:1", (Class::Mail, Some(451), 0, 0)),
        ("rcpt:450 4.7.28 rate:1", (Class::Domain, Some(450), 0, 0)),
        ("rcpt:452 4.2.2 full:1", (Class::Full, Some(452), 0, 0)),
        ("data:451 4.3.0 later:1", (Class::Mail, Some(451), 0, 0)),
        ("dot:451 4.3.0 later:1", (Class::Mail, Some(451), 1, 0)),
        ("mail:550 5.7.1 unwelcome:1", (Class::Ours, Some(550), 0, 0)),
        ("dot:554 5.7.1 looks like spam:1", (Class::Ours, Some(554), 1, 0)),
        ("mail:421 4.3.2 closing:1", (Class::Link, Some(421), 0, 0)),
    ] {
        assert_eq!(outcome(&["--fail", fault]), expected, "{fault}");
    }
}

#[test]
fn what_breaks_before_the_text_is_surely_not_sent() {
    assert_eq!(outcome(&["--fail", "drop_data:gone:1"]), (Class::Link, None, 0, 0));
}

#[test]
fn what_breaks_after_the_text_may_have_arrived() {
    assert_eq!(outcome(&["--fail", "drop_before:gone:1"]), (Class::Ambiguous, None, 1, 0));
    assert_eq!(outcome(&["--fail", "drop_after:gone:1"]), (Class::Ambiguous, None, 1, 1));
    assert_eq!(outcome(&["--fail", "dot:252 maybe:1"]), (Class::Ambiguous, None, 1, 0));
}

#[test]
fn a_broken_session_says_so_and_sends_nothing_more() {
    let sink = Sink::start(&["--fail", "drop_after:gone:1"]);
    let mut session = connect(&sink);
    assert!(send(&mut session, &one()).0.is_err());
    assert!(session.is_over());
    let (sent, marks) = send(&mut session, &one());
    assert_eq!((sent.map_err(|error| error.class), marks, sink.stored().len()), (Err(Class::Link), 0, 1));
}

#[test]
fn a_server_that_knows_an_address_after_a_while_gets_the_letter_then() {
    let sink = Sink::start(&["--greylist", "0.05"]);
    let mut session = connect(&sink);
    let first = send(&mut session, &one()).0;
    assert_eq!(first.map_err(|error| (error.class, error.code)), Err((Class::Mail, Some(450))));
    let begun = Instant::now();
    while send(&mut session, &one()).0.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(10), "it never takes the letter");
    }
    assert_eq!(sink.stored(), [one().bytes]);
}

#[test]
fn a_relay_that_does_not_answer_is_trouble_of_the_line() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("its address").port();
    let settings = SmtpSettings { port: Some(free), ..Sink::start(&[]).settings() };
    assert_eq!(Post::Smtp(settings).connect().map(|_| ()).map_err(|error| error.class), Err(Class::Link));
    let busy = Sink::start(&["--fail", "ehlo:421 4.3.2 busy:1"]);
    let refused = Post::Smtp(busy.settings()).connect().map(|_| ()).map_err(|error| (error.class, error.code));
    assert_eq!(refused, Err((Class::Link, Some(421))));
}

#[test]
fn without_tls_no_letter_leaves_this_machine() {
    let sink = Sink::start(&[]);
    let insist = SmtpSettings { tls: Tls::Required, ..sink.settings() };
    let refused = Post::Smtp(insist).connect().map(|_| ()).map_err(|error| (error.class, error.reply));
    let why = "internal client error: STARTTLS is not supported on this server";
    let words = format!("127.0.0.1 does not offer STARTTLS, and nothing is sent without: {why}");
    assert_eq!(refused, Err((Class::Link, words)));
    assert_eq!(sink.event_names(), ["ehlo"]);
    let elsewhere = SmtpSettings { host: "192.0.2.1".to_owned(), ..sink.settings() };
    let refused = Post::Smtp(elsewhere).connect().map(|_| ()).map_err(|error| (error.class, error.reply));
    let words = "192.0.2.1 is another machine: mail goes there only with TLS".to_owned();
    assert_eq!(refused, Err((Class::Link, words)));
}

#[test]
fn a_relay_that_asks_who_sends_is_told() {
    let sink = Sink::start(&["--auth", "convene:correct horse"]);
    let known = |password: &str| SmtpSettings {
        user: Some("convene".to_owned()),
        password: Some(Password(password.to_owned())),
        ..sink.settings()
    };
    let mut session = Post::Smtp(known("correct horse")).connect().expect("it lets us in");
    assert!(send(&mut session, &one()).0.is_ok());
    let refused = |settings| Post::Smtp(settings).connect().map(|_| ()).map_err(|error| (error.class, error.code));
    assert_eq!(refused(known("wrong")), Err((Class::Link, Some(535))));
    assert_eq!(refused(SmtpSettings { password: None, ..known("") }), Err((Class::Link, None)));
    let (sent, _) = send(&mut connect(&sink), &one());
    assert_eq!(sent.map_err(|error| (error.class, error.code)), Err((Class::Link, Some(530))));
}

#[test]
fn a_folder_keeps_one_file_a_letter_however_often_it_is_sent() {
    let path = fresh_folder().join("outgoing");
    let mut session = Post::Folder(path.clone()).connect().expect("a folder can be made");
    for letter in [&letters()[0], &letters()[9], &letters()[0]] {
        let (sent, marks) = send(&mut session, letter);
        assert!(sent.is_ok() && marks == 1, "{sent:?}");
    }
    let mut names: Vec<String> = std::fs::read_dir(&path)
        .expect("it is there")
        .map(|file| file.expect("a file").file_name().into_string().expect("a name"))
        .collect();
    names.sort();
    let stem = |letter: &Frozen| letter.message_id[1..].split('@').next().expect("a local part").to_owned();
    assert_eq!(names, [format!("0001-{}.eml", stem(&letters()[0])), format!("0002-{}.eml", stem(&letters()[9]))]);
    assert_eq!(std::fs::read(path.join(&names[1])).expect("it can be read"), letters()[9].bytes);
}

#[test]
fn memory_keeps_what_was_sent_unless_it_could_not_be_marked() {
    let kept = Arc::new(Mutex::new(vec![]));
    let mut session = Post::Memory(Arc::clone(&kept)).connect().expect("memory is always there");
    assert!(session.send(one().borrowed(), &mut || Err(AtDotError::new("no"))).is_err());
    assert!(send(&mut session, &letters()[1]).0.is_ok());
    assert_eq!(*kept.lock().expect("nobody panicked"), [letters().remove(1)]);
}
