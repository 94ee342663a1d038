//! A partner works in a calendar server of its own, by that server's own protocol, and we keep reading it.
//!
//! The server is Radicale (GPL; a program of its own, run and never linked), on this machine and for this test alone. It sends an
//! `ETag` and answers every GET whole, so a calendar that has not changed is read and found unchanged;
//! `sources.rs` has a server that answers 304.

use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use convene::app::settle::{Act, settle};
use convene::app::sync::{self, NewSource};
use convene::app::{Actor, view};
use convene::domain::{Event, EventStatus};
use convene::json::Draft;
use convene::store::{Reading, ReadingOutcome};
use rocket::http::Status;
use ureq::http::Request;

use crate::support::World;
use crate::support::cast::cleo;
use crate::support::python::python;
use crate::support::visitor::Visitor;

const CALENDAR: &str = "/lake/plans/";

#[test]
fn what_is_made_moved_and_deleted_in_a_real_calendar_server_is_read_as_that() {
    let (world, radicale) = begin();
    radicale.put("summit", &all_day("summit", "Lake summit", "20271006", "20271009", 0));
    radicale.put("forum", &all_day("forum", "Lake forum", "20271117", "20271119", 0));
    radicale.put("hours", &weekly("hours", "Lake office hours", None));
    let id = connect(&world, &radicale);
    let read = || sync::one(&world.app, id).unwrap();
    assert_eq!(counts(&read()), (ReadingOutcome::Read, [3, 0, 0, 0, 0]));
    let (summit, hours) = (world.event("Lake summit"), world.event("Lake office hours"));
    assert_eq!(occurrences(&world, &hours), 4);

    let tag = radicale.tag();
    assert_eq!(counts(&read()), (ReadingOutcome::Read, [0, 0, 3, 0, 0]));
    assert!(radicale.log().contains(&format!("'HTTP_IF_NONE_MATCH': '{tag}'")), "it is asked with the tag that it gave: {tag}");

    world.at("2027-02-01T12:00:00Z");
    radicale.put("summit", &all_day("summit", "Lake summit", "20271013", "20271016", 1));
    radicale.put("hours", &weekly("hours", "Lake office hours", Some("20270312")));
    radicale.put("retreat", &all_day("retreat", "Lake retreat", "20270601", "20270602", 0));
    radicale.delete("forum");
    assert_ne!(radicale.tag(), tag);
    assert_eq!(counts(&read()), (ReadingOutcome::Read, [1, 2, 0, 1, 0]));
    let moved = world.event("Lake summit");
    assert_eq!((moved.id, moved.sequence), (summit.id, summit.sequence + 1));
    assert_eq!(moved.details.when.days().first.to_string(), "2027-10-13");
    assert_eq!(occurrences(&world, &world.event("Lake office hours")), 3, "one Friday is left out");
    assert_eq!(withdrawn(&world), ["Lake forum"], "nothing is deleted unasked");
    assert_eq!(world.event("Lake forum").status, EventStatus::Confirmed);

    let records = world.app.store.read::<_, convene::store::Error>(|reader| reader.readings(id, 10)).unwrap();
    let kept: Vec<_> = records.iter().rev().map(counts).collect();
    let read = ReadingOutcome::Read;
    assert_eq!(kept, [(read, [3, 0, 0, 0, 0]), (read, [0, 0, 3, 0, 0]), (read, [1, 2, 0, 1, 0])]);
    world.ignore_letters();
}

#[test]
fn what_was_added_here_and_decided_here_outlives_what_changes_there() {
    let (world, radicale) = begin();
    radicale.put("summit", &all_day("summit", "Lake summit", "20271006", "20271009", 0));
    radicale.put("retreat", &all_day("retreat", "Lake retreat", "20271004", "20271005", 0));
    let id = connect(&world, &radicale);
    sync::one(&world.app, id).unwrap();
    let (anchor, before) = (world.event("Lake summit"), world.event("Lake retreat"));
    let draft = Draft {
        roles: vec!["chief_equity_officer".to_owned()],
        speakers: vec!["sam-speaker".to_owned()],
        anchor: Some(anchor.id.to_string()),
        ..Draft::of(&before.details)
    };
    settle(&world.app, &cleo(), before.id, None, &Act::Edit(Box::new(draft)), None).unwrap();

    radicale.put("retreat", &all_day("retreat", "Lake retreat", "20271003", "20271004", 1));
    assert_eq!(counts(&sync::one(&world.app, id).unwrap()).1, [0, 1, 1, 0, 0]);
    let after = world.event("Lake retreat").details;
    assert_eq!(after.when.days().first.to_string(), "2027-10-03");
    let roles: Vec<&str> = after.roles.iter().map(|role| role.as_str()).collect();
    assert_eq!((roles, after.speakers.len(), after.anchor), (vec!["chief_equity_officer"], 1, Some(anchor.id)));

    radicale.delete("retreat");
    assert_eq!(counts(&sync::one(&world.app, id).unwrap()).1, [0, 0, 1, 1, 0]);
    assert_eq!(withdrawn(&world), ["Lake retreat"]);
    let desk = Visitor::signed_in(&world, "cleo@example.org");
    assert_eq!(desk.post_form(&format!("/events/{}/upstream/keep", before.id), "").status, Status::SeeOther);
    assert_eq!(counts(&sync::one(&world.app, id).unwrap()).1, [0, 0, 1, 0, 0]);
    assert_eq!(withdrawn(&world), Vec::<String>::new(), "it was decided once");
    world.ignore_letters();
}

#[test]
fn a_calendar_server_that_is_down_for_a_while_loses_us_nothing() {
    let (world, mut radicale) = begin();
    radicale.put("summit", &all_day("summit", "Lake summit", "20271006", "20271009", 0));
    let id = connect(&world, &radicale);
    sync::one(&world.app, id).unwrap();
    let before = world.events();

    radicale.stop();
    assert_eq!(sync::one(&world.app, id).unwrap().outcome, ReadingOutcome::Failed);
    assert_eq!(world.events(), before);
    world.app.clock.set(world.app.now() + chrono::Duration::minutes(30));
    assert!(world.letter().row.subject.starts_with("Lake League calendar cannot be read since"), "told once");

    radicale.run();
    radicale.put("forum", &all_day("forum", "Lake forum", "20271117", "20271119", 0));
    assert_eq!(counts(&sync::one(&world.app, id).unwrap()), (ReadingOutcome::Read, [1, 0, 1, 0, 0]));
    radicale.delete("summit");
    radicale.delete("forum");
    let empty = sync::one(&world.app, id).unwrap();
    assert_eq!(counts(&empty), (ReadingOutcome::Failed, [0; 5]), "an emptied calendar may be a mishap: it is asked about");
    assert_eq!(world.events().len(), 2);
    world.ignore_letters();
}

/// The service on the fourth of January 2027, and a server with an empty calendar.
fn begin() -> (World, Radicale) {
    let world = World::new();
    world.at("2027-01-04T12:00:00Z");
    let radicale = Radicale::start();
    radicale.ask("MKCALENDAR", CALENDAR, "");
    (world, radicale)
}

fn connect(world: &World, radicale: &Radicale) -> i64 {
    let new = NewSource {
        partner: "summit".parse().unwrap(),
        address: Some(format!("http://127.0.0.1:{}{CALENDAR}", radicale.port)),
        name: Some("Lake League calendar".to_owned()),
        zone: Some(chrono_tz::America::Chicago),
        roles: vec!["city_manager".parse().unwrap()],
        mode: None,
        every: Duration::from_hours(1),
    };
    sync::add(&world.app, &Actor::Operator, &new).unwrap()
}

fn all_day(uid: &str, title: &str, first: &str, after: &str, sequence: u32) -> String {
    component(&format!(
        "UID:{uid}@lake.example.org\r\nDTSTAMP:20270104T120000Z\r\nSEQUENCE:{sequence}\r\nDTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}\r\nSUMMARY:{title}\r\n"
    ))
}

/// Four Fridays from 5 March 2027, but not this one.
fn weekly(uid: &str, title: &str, but: Option<&str>) -> String {
    let but = but.map(|day| format!("EXDATE:{day}T150000Z\r\n")).unwrap_or_default();
    component(&format!(
        "UID:{uid}@lake.example.org\r\nDTSTAMP:20270104T120000Z\r\nDTSTART:20270305T150000Z\r\nDTEND:20270305T160000Z\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n{but}SUMMARY:{title}\r\n"
    ))
}

fn component(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Lake League//EN\r\nBEGIN:VEVENT\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

fn counts(reading: &Reading) -> (ReadingOutcome, [usize; 5]) {
    (reading.outcome, [reading.new, reading.changed, reading.unchanged, reading.gone, reading.refused])
}

fn occurrences(world: &World, event: &Event) -> usize {
    let entry = world.app.store.read::<_, convene::store::Error>(|reader| reader.entry(event.id)).unwrap();
    entry.occurrences.iter().filter(|one| !one.cancelled).count()
}

fn withdrawn(world: &World) -> Vec<String> {
    let sources = view::sources(&world.app, &cleo()).unwrap();
    sources.iter().flat_map(|one| &one.withdrawn).map(|(event, _)| event.details.title.clone()).collect()
}

/// A calendar server of our own; it ends with this value.
struct Radicale {
    port: u16,
    folder: tempfile::TempDir,
    server: Option<Child>,
}

impl Radicale {
    fn start() -> Self {
        // The port that is free now may be taken before the server has it.
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).unwrap().port();
            let mut made = Self { port, folder: tempfile::tempdir().unwrap(), server: None };
            if made.try_run() {
                return made;
            }
        }
        panic!("Radicale does not start; tests/run installs it, and CONVENE_PYTHON names a Python that has it");
    }

    fn run(&mut self) {
        assert!(self.try_run(), "Radicale does not start again:\n{}", self.log());
    }

    /// Runs it, and waits until it answers.
    fn try_run(&mut self) -> bool {
        let here = self.folder.path();
        let settings = format!(
            "[server]\nhosts = 127.0.0.1:{}\n[auth]\ntype = none\n[rights]\ntype = owner_only\n[storage]\nfilesystem_folder = {}\n[logging]\nlevel = debug\nrequest_header_on_debug = True\n",
            self.port,
            here.join("kept").display()
        );
        fs::write(here.join("settings"), settings).unwrap();
        let log = File::options().create(true).append(true).open(here.join("log")).unwrap();
        let mut command = Command::new(python());
        command.args(["-m", "radicale", "--config"]).arg(here.join("settings")).stdin(Stdio::null()).stdout(Stdio::null());
        let mut server = command.stderr(log).spawn().unwrap();
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) && server.try_wait().unwrap().is_none() {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                self.server = Some(server);
                return true;
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        let _ = server.kill();
        let _ = server.wait();
        false
    }

    fn stop(&mut self) {
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    fn put(&self, name: &str, calendar: &str) {
        self.ask("PUT", &format!("{CALENDAR}{name}.ics"), calendar);
    }

    fn delete(&self, name: &str) {
        self.ask("DELETE", &format!("{CALENDAR}{name}.ics"), "");
    }

    /// The whole calendar's `ETag`.
    fn tag(&self) -> String {
        self.ask("GET", CALENDAR, "")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// Asks as the calendar's owner; the answer's `ETag`.
    fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let within = Some(Duration::from_secs(20));
        let config = ureq::Agent::config_builder().http_status_as_error(false).allow_non_standard_methods(true);
        let agent = ureq::Agent::from(config.timeout_global(within).build());
        let request = Request::builder()
            .method(method)
            .uri(format!("http://127.0.0.1:{}{path}", self.port))
            // lake:any, in base 64 (RFC 7617).
            .header("Authorization", "Basic bGFrZTphbnk=")
            .header("Content-Type", "text/calendar; charset=utf-8")
            .body(body.to_owned())
            .unwrap();
        let mut answer = agent.run(request).unwrap();
        let (status, said) = (answer.status().as_u16(), answer.body_mut().read_to_string().unwrap());
        assert!((200..300).contains(&status), "{method} {path}: {status} {said}");
        answer.headers().get("ETag").map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        self.stop();
    }
}
