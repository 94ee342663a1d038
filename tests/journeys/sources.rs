//! A partner connects its calendar once; it stays read, and what breaks there breaks nothing here.

use std::time::Duration;

use convene::app::propose::propose;
use convene::app::sync::{self, NewSource};
use convene::app::{Actor, agenda, doubts, view};
use convene::domain::conflict::Kind;
use convene::domain::{EventStatus, Venue};
use convene::json::Draft;
use convene::store::{DoubtAnswer, Reading, ReadingOutcome};
use rocket::http::Status;

use super::upstream::{Upstream, calendar};
use crate::support::World;
use crate::support::cast::{ada, cleo};
use crate::support::visitor::Visitor;

const SUMMIT: (&str, &str, &str, &str, &str) =
    ("summit", "20271006", "20271009", "Lake summit", "LOCATION:Kansas City\\, MO\r\nCATEGORIES:mayor\r\n");
const FORUM: (&str, &str, &str, &str, &str) = ("forum", "20271117", "20271119", "Lake forum", "LOCATION:Omaha\\, NE\r\n");

fn connect(world: &World, upstream: &Upstream) -> i64 {
    let new = NewSource {
        partner: "summit".parse().unwrap(),
        address: Some(upstream.url()),
        name: Some("Lake League calendar".to_owned()),
        zone: Some(chrono_tz::America::Chicago),
        roles: vec!["city_manager".parse().unwrap()],
        mode: None,
        every: Duration::from_hours(1),
    };
    sync::add(&world.app, &Actor::Operator, &new).unwrap()
}

/// Outcome and counts of a reading: new, changed, unchanged, gone, refused.
fn counts(reading: &Reading) -> (ReadingOutcome, [usize; 5]) {
    (reading.outcome, [reading.new, reading.changed, reading.unchanged, reading.gone, reading.refused])
}

/// The service on the fourth of January 2027, and a partner's server.
fn begin() -> (World, Upstream) {
    let world = World::new();
    world.at("2027-01-04T12:00:00Z");
    (world, Upstream::start())
}

#[test]
fn a_calendar_is_read_when_due_and_asked_only_whether_it_changed() {
    let (world, upstream) = begin();
    upstream.says(Some("\"v1\""), calendar(&[SUMMIT, FORUM]));
    connect(&world, &upstream);

    let first = sync::due(&world.app).unwrap();
    assert_eq!(first.iter().map(counts).collect::<Vec<_>>(), [(ReadingOutcome::Read, [2, 0, 0, 0, 0])]);
    assert_eq!(sync::due(&world.app).unwrap(), [], "it is not due again yet");

    world.at("2027-01-04T13:00:00Z");
    let second = sync::due(&world.app).unwrap();
    assert_eq!(second.iter().map(counts).collect::<Vec<_>>(), [(ReadingOutcome::NotModified, [0, 0, 2, 0, 0])]);
    let asked = upstream.asked();
    assert_eq!(asked.len(), 2);
    assert!(!asked[0].contains("if-none-match"), "{}", asked[0]);
    assert!(asked[1].contains("if-none-match: \"v1\"\r\n"), "{}", asked[1]);
}

#[test]
fn defaults_fill_in_what_an_event_does_not_say_and_no_secret_is_kept_with_it() {
    let (world, upstream) = begin();
    upstream.says(None, calendar(&[SUMMIT, FORUM]));
    connect(&world, &upstream);
    sync::due(&world.app).unwrap();

    let all = world.events();
    let roles: Vec<Vec<&str>> = all.iter().map(|one| one.details.roles.iter().map(|role| role.as_str()).collect()).collect();
    assert_eq!(roles, [["city_manager"], ["mayor"]], "the forum names nobody, the summit does");
    for event in &all {
        assert_eq!(event.source.as_ref().unwrap().calendar, "http://127.0.0.1:".to_owned() + &upstream.url()[17..22]);
    }
}

#[test]
fn a_moved_event_keeps_its_place_in_calendars_with_a_higher_sequence_and_says_what_it_was() {
    let (world, upstream) = begin();
    upstream.says(None, calendar(&[SUMMIT]));
    let id = connect(&world, &upstream);
    sync::one(&world.app, id).unwrap();
    let before = world.events().remove(0);

    world.at("2027-02-01T12:00:00Z");
    upstream.says(None, calendar(&[("summit", "20271013", "20271016", "Lake summit", SUMMIT.4)]));
    let reading = sync::one(&world.app, id).unwrap();
    assert_eq!(counts(&reading), (ReadingOutcome::Read, [0, 1, 0, 0, 0]));
    let after = world.events().remove(0);
    assert_eq!((before.id, before.sequence + 1), (after.id, after.sequence));
    assert_eq!(after.changed_at, world.app.now());
    assert!(world.feed("").contains("DESCRIPTION:Was Wed 6 – Fri 8 October 2027."), "{}", world.feed(""));
}

#[test]
fn two_calendars_of_one_host_are_told_apart_and_may_disagree() {
    let (world, upstream) = begin();
    upstream.says(None, calendar(&[SUMMIT]));
    connect(&world, &upstream);
    sync::due(&world.app).unwrap();
    let board = NewSource {
        partner: "summit".parse().unwrap(),
        address: Some(format!("{}&of=board", upstream.url())),
        name: Some("The board's".to_owned()),
        zone: Some(chrono_tz::America::Chicago),
        roles: vec!["city_manager".parse().unwrap()],
        mode: None,
        every: Duration::from_hours(1),
    };
    sync::add(&world.app, &Actor::Operator, &board).unwrap();
    let (uid, _, _, title, more) = SUMMIT;
    upstream.says(None, calendar(&[(uid, "20271007", "20271010", title, more)]));
    sync::due(&world.app).unwrap();

    let event = world.event(title);
    let host = event.source.clone().unwrap().calendar;
    assert!(host.ends_with(" (2)") && !host.contains("s3cret"), "{host}");
    let found = agenda::findings_of(&world.app, &Actor::Operator, event.id).unwrap();
    let kinds: Vec<Kind> =
        found.iter().map(|stored| stored.finding.kind).filter(|kind| *kind == Kind::SourceDisagreement).collect();
    assert_eq!(kinds, [Kind::SourceDisagreement]);
    let of_both = found.iter().find(|stored| stored.finding.kind == Kind::SourceDisagreement).unwrap();
    let bare = host.trim_end_matches(" (2)");
    let said = of_both.finding.message.replace(&host, "");
    assert!(of_both.finding.message.contains(&host) && said.contains(bare), "each by its own name: {}", of_both.finding.message);

    let address = |of: &str| format!("{}{of}", upstream.url());
    let called = |of: &str| sync::called(&world.app, &"summit".parse().unwrap(), &address(of)).unwrap();
    assert_eq!([called(""), called("&of=board"), called("&of=nobody")], [bare.to_owned(), host.clone(), format!("{bare} (3)")]);
    let of_others = sync::called(&world.app, &"harbor".parse().unwrap(), &address("&of=board")).unwrap();
    assert_eq!(of_others, bare, "another partner's names are its own");
}

#[test]
fn what_was_typed_by_hand_and_comes_from_the_calendar_too_is_asked_about_and_then_told_as_a_double() {
    let (world, upstream) = begin();
    let typed = Draft {
        title: "Lake League: Lake Summit 2027".to_owned(),
        partner: Some("summit".to_owned()),
        roles: vec!["city_manager".to_owned()],
        mode: Some("in_person".to_owned()),
        venue: Some(Venue { city: Some("Kansas City".into()), state: Some("MO".into()), ..Venue::default() }),
        start: "2027-10-06".to_owned(),
        end: Some("2027-10-08".to_owned()),
        time_zone: Some("America/Chicago".to_owned()),
        ..Draft::default()
    };
    let by_hand = propose(&world.app, &cleo(), &typed, EventStatus::Confirmed).unwrap().event.id;
    upstream.says(None, calendar(&[("summit", "20271006", "20271009", "Lake League Lake Summit", SUMMIT.4)]));
    let source = connect(&world, &upstream);
    sync::due(&world.app).unwrap();

    assert_eq!(world.events().len(), 1, "it is not taken in without asking");
    let waits = doubts::list(&world.app, &cleo(), source).unwrap().remove(0);
    assert!(waits.doubt.reasons.iter().any(|why| why.contains("Lake Summit 2027")), "{:?}", waits.doubt.reasons);
    let read = doubts::answer(&world.app, &cleo(), waits.doubt.id, &waits.mark, DoubtAnswer::Yes).unwrap().unwrap();
    assert_ne!(by_hand, read, "nor taken for the same");
    let found = agenda::findings_of(&world.app, &cleo(), by_hand).unwrap();
    let doubles: Vec<_> = found.iter().filter(|stored| stored.finding.kind == Kind::PossibleDuplicate).collect();
    assert_eq!(doubles.len(), 1);
    assert!(doubles[0].finding.events.contains(&read));
}

#[test]
fn what_is_beyond_the_bounds_of_a_calendar_stays_as_it_is_and_is_not_called_withdrawn() {
    let (world, upstream) = begin();
    upstream.says(None, calendar(&[SUMMIT, FORUM]));
    let id = connect(&world, &upstream);
    sync::one(&world.app, id).unwrap();

    let names: Vec<(String, String)> = (0..60).map(|number| (format!("track{number}"), format!("Track {number}"))).collect();
    let sessions = names.iter().map(|(uid, title)| (uid.as_str(), "20271117", "20271118", title.as_str(), ""));
    let all: Vec<_> = sessions.chain([SUMMIT, FORUM]).collect();
    upstream.says(None, calendar(&all));
    world.at("2027-01-05T12:00:00Z");
    let reading = sync::one(&world.app, id).unwrap();
    assert_eq!((reading.outcome, reading.gone, reading.refused), (ReadingOutcome::Read, 0, 1));
    assert!(world.events().iter().any(|event| event.details.title == "Lake forum"));
    let sources = view::sources(&world.app, &cleo()).unwrap();
    assert!(sources.iter().all(|one| one.withdrawn.is_empty()));
    world.ignore_letters();
}

#[test]
fn what_vanishes_upstream_is_marked_shown_and_kept_until_somebody_decides() {
    let (world, upstream) = begin();
    let over = ("winter", "20270102", "20270104", "Lake winter meeting", "");
    upstream.says(None, calendar(&[SUMMIT, FORUM, over]));
    let id = connect(&world, &upstream);
    sync::one(&world.app, id).unwrap();

    upstream.says(None, calendar(&[SUMMIT]));
    world.at("2027-01-05T12:00:00Z");
    let reading = sync::one(&world.app, id).unwrap();
    assert_eq!(counts(&reading), (ReadingOutcome::Read, [0, 0, 1, 1, 0]), "what is over is let go, and is nobody's question");
    let titles: Vec<String> = world.events().into_iter().map(|one| one.details.title).collect();
    assert_eq!(titles, ["Lake forum", "Lake summit", "Lake winter meeting"], "nothing is deleted");

    let asked = || -> Vec<String> {
        let sources = view::sources(&world.app, &cleo()).unwrap();
        sources.iter().flat_map(|one| &one.withdrawn).map(|(event, _)| event.details.title.clone()).collect()
    };
    assert_eq!(asked(), ["Lake forum"]);
    let forum = world.events().remove(0).id;
    let page = Visitor::of(&world).get(&format!("/events/{forum}")).text();
    assert!(page.contains("Withdrawn upstream: “Lake League calendar”"), "{page}");
    let desk = Visitor::signed_in(&world, "cleo@example.org");
    let shown = desk.get("/desk").text();
    assert!(shown.contains("One event was withdrawn there and waits for you"), "{shown}");
    assert!(!shown.contains("s3cret") && !shown.contains("private-0123456789"), "{shown}");

    assert!(sync::keep(&world.app, &ada(), forum).is_err(), "it is the partner's to decide");
    assert_eq!(desk.post_form(&format!("/events/{forum}/upstream/keep"), "").status, Status::SeeOther);
    assert_eq!(asked(), Vec::<String>::new());
    sync::one(&world.app, id).unwrap();
    assert_eq!(asked(), Vec::<String>::new(), "the decision holds over the next reading");

    upstream.says(None, calendar(&[SUMMIT, FORUM]));
    sync::one(&world.app, id).unwrap();
    upstream.says(None, calendar(&[SUMMIT]));
    sync::one(&world.app, id).unwrap();
    assert_eq!(asked(), ["Lake forum"], "what came back and went again is a new question");
}

#[test]
fn whatever_a_broken_server_sends_keeps_what_was_read_and_says_why() {
    let (world, upstream) = begin();
    upstream.says(Some("\"v1\""), calendar(&[SUMMIT, FORUM]));
    let id = connect(&world, &upstream);
    sync::one(&world.app, id).unwrap();
    let before = world.events();

    let html = "<!doctype html><html><head><title>Sign in</title></head><body>Sign in, please</body></html>";
    let cases: [(&str, &str, &str); 7] = [
        ("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", html, "This is a web page, not a calendar."),
        ("HTTP/1.1 200 OK\r\n", "", "it sent nothing"),
        ("HTTP/1.1 200 OK\r\n", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n", "it has no events any more, and had 2"),
        ("HTTP/1.1 500 Oops\r\n", "", "answered with status 500"),
        ("HTTP/1.1 204 No Content\r\n", "", "answered with status 204"),
        ("HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/a.ics\r\n", "", "not on the public internet"),
        ("HTTP/1.1 301 Moved\r\nLocation: https://169.254.169.254/latest/meta-data\r\n", "", "not on the public internet"),
    ];
    for (head, body, why) in cases {
        upstream.answers(head, None, body);
        let reading = sync::one(&world.app, id).unwrap();
        assert_eq!(counts(&reading), (ReadingOutcome::Failed, [0; 5]), "{head}");
        let message = reading.message.unwrap();
        assert!(message.contains(why), "{head}: {message}");
        assert!(!message.contains("s3cret") && !message.contains("private-0123456789"), "{message}");
        assert_eq!(world.events(), before, "{head}");
    }
    world.app.clock.set(world.app.now() + chrono::Duration::minutes(30));
    assert_eq!(world.letters().len(), 1, "told once");
    upstream.says(Some("\"v1\""), "");
    assert_eq!(counts(&sync::one(&world.app, id).unwrap()), (ReadingOutcome::NotModified, [0, 0, 2, 0, 0]));
}

#[test]
fn trouble_is_told_to_the_admin_once_by_name_and_since_when_and_tried_again_ever_later() {
    let (world, upstream) = begin();
    upstream.answers("HTTP/1.1 503 Busy\r\n", None, "");
    let id = connect(&world, &upstream);
    let next = || world.app.store.read::<_, convene::store::Error>(|reader| reader.source(id)).unwrap().next_at.unwrap();

    let mut waits = Vec::new();
    for _ in 0..9 {
        assert_eq!(sync::due(&world.app).unwrap().len(), 1);
        waits.push((next() - world.app.now()).num_minutes());
        world.app.clock.set(next());
    }
    assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 360, 360]);

    let letter = world.letter();
    let (to, subject, text) = (&letter.row.recipient, &letter.row.subject, &letter.read.text);
    assert_eq!(
        (to.as_str(), subject.as_str()),
        ("cleo@example.org", "Lake League calendar cannot be read since Mon 4 January 2027, 07:00 EST (New York, UTC−5)")
    );
    assert!(text.contains("status 503") && text.contains("http://127.0.0.1") && !text.contains("s3cret"), "{text}");

    upstream.says(None, calendar(&[SUMMIT]));
    assert_eq!(counts(&sync::due(&world.app).unwrap()[0]), (ReadingOutcome::Read, [1, 0, 0, 0, 0]));
    assert_eq!((next() - world.app.now()).num_minutes(), 60, "well again: in its own time");
    upstream.answers("HTTP/1.1 503 Busy\r\n", None, "");
    world.app.clock.set(world.app.now() + chrono::Duration::days(2));
    sync::due(&world.app).unwrap();
    assert_eq!(world.letters().len(), 0, "it may pass");
    world.app.clock.set(world.app.now() + chrono::Duration::minutes(30));
    assert_eq!(world.letters().len(), 1, "a new trouble days later is told again");
    upstream.says(None, calendar(&[SUMMIT]));
    world.app.clock.set(next());
    assert_eq!(counts(&sync::due(&world.app).unwrap()[0]).0, ReadingOutcome::Read);
    upstream.answers("HTTP/1.1 503 Busy\r\n", None, "");
    world.app.clock.set(next());
    assert_eq!(counts(&sync::due(&world.app).unwrap()[0]).0, ReadingOutcome::Failed);
    assert_eq!(world.letters().len(), 0, "one that comes and goes is told once a day at most");
}

#[test]
fn only_a_partners_own_people_connect_its_calendars_and_only_safe_addresses() {
    let (world, _) = begin();
    let new = |address: &str| NewSource {
        partner: "summit".parse().unwrap(),
        address: Some(address.to_owned()),
        name: None,
        zone: None,
        roles: Vec::new(),
        mode: None,
        every: Duration::from_hours(1),
    };
    let refused = |actor: &Actor, new: &NewSource| sync::add(&world.app, actor, new).unwrap_err().to_string();
    assert_eq!(refused(&ada(), &new("https://calendar.example.org/a.ics")), "only people of summit may do that");
    assert!(refused(&Actor::Operator, &new("ftp://calendar.example.org/a.ics")).contains("must begin with https://"));
    let often = NewSource { every: Duration::from_secs(1), ..new("https://calendar.example.org/a.ics") };
    assert!(refused(&Actor::Operator, &often).contains("at most once a minute"));
    let known = NewSource { partner: "sumit".parse().unwrap(), ..new("https://calendar.example.org/a.ics") };
    assert!(refused(&Actor::Operator, &known).contains("did you mean “summit”?"));
    sync::add(&world.app, &Actor::Operator, &new("https://calendar.example.org/a.ics")).unwrap();
    assert!(refused(&Actor::Operator, &new("https://calendar.example.org/a.ics")).contains("already"));
}
