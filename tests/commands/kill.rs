//! `kill -9` at any moment loses nothing that was answered with success.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};

use convene::domain::EventId;
use convene::store::Store;
use serde_json::json;

use super::program::{Program, post};

const ROUNDS: usize = 50;
const WRITERS: usize = 3;

/// What a writer was told last about an event: its revision and status.
type Told = BTreeMap<EventId, (u64, String)>;

#[test]
fn fifty_times_killed_while_it_writes_it_has_everything_that_it_said_yes_to() {
    let program = Program::with_partners();
    let token = format!("Bearer {}", program.token("harbor"));
    let told = Mutex::new(Told::new());
    let (counter, mut cut_off) = (AtomicUsize::new(0), 0);
    for round in 0..ROUNDS {
        let server = program.serve(&[]);
        let over = AtomicBool::new(false);
        let base = server.base.clone();
        let (said, yes) = channel();
        cut_off += std::thread::scope(|scope| {
            let writer = |said: Sender<()>| {
                let write = Writer { base: &base, token: &token, told: &told, counter: &counter };
                let mut cut_off = 0;
                while !over.load(Ordering::Relaxed) {
                    match write.once() {
                        Some(()) => _ = said.send(()),
                        None => cut_off += 1,
                    }
                }
                cut_off
            };
            let writers: Vec<_> = (0..WRITERS).map(|_| said.clone()).map(|said| scope.spawn(move || writer(said))).collect();
            // After another number of answers each time, and in the middle of what the others are doing.
            yes.iter().take(1 + round % 9).for_each(drop);
            server.kill();
            over.store(true, Ordering::Relaxed);
            writers.into_iter().map(|writer| writer.join().expect("no panic")).sum::<usize>()
        });
        compare(&program, &told.lock().expect("no panic"));
    }
    let events = told.lock().expect("no panic").len();
    assert!(events >= ROUNDS && cut_off >= ROUNDS / 2, "{events} events, {cut_off} writes cut off");
    let said = program.fine(&["verify"]);
    assert!(said.starts_with("sound: "), "{said}");
}

struct Writer<'a> {
    base: &'a str,
    token: &'a str,
    told: &'a Mutex<Told>,
    counter: &'a AtomicUsize,
}

impl Writer<'_> {
    /// Proposes an event, then confirms it; `None` where no answer came.
    fn once(&self) -> Option<()> {
        let number = self.counter.fetch_add(1, Ordering::Relaxed);
        // Before the general election of 2028, which blocks a confirmation.
        let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 4)? + chrono::Days::new(number as u64 % 600);
        let body = json!({
            "title": format!("Write {number}"), "roles": ["procurement_staff"], "mode": "virtual", "time_zone": "America/Chicago",
            "start": format!("{day}T{:02}:00", 8 + number % 9), "end": format!("{day}T{:02}:30", 8 + number % 9),
        });
        let (id, revision) = self.send("/api/v1/events", "*", &body.to_string())?;
        self.send(&format!("/api/v1/events/{id}/confirmation"), &format!("\"{revision}\""), "").map(|_| ())
    }

    fn send(&self, path: &str, revision: &str, body: &str) -> Option<(EventId, u64)> {
        let answer = post(self.base, path, &[("Authorization", self.token), ("If-Match", revision)], body).ok()?;
        assert!(matches!(answer.status, 200 | 201), "{path}: {answer:?}");
        // An answer that breaks off in the middle is none.
        let event: serde_json::Value = serde_json::from_str(&answer.body).ok()?;
        let id = event["id"].as_str()?.parse().ok()?;
        let (revision, status) = (event["revision"].as_u64()?, event["status"].as_str()?.to_owned());
        self.told.lock().expect("no panic").insert(id, (revision, status));
        Some((id, revision))
    }
}

/// Every event is there, at least as far as its writer was told; the step after that may have been stored unanswered.
fn compare(program: &Program, told: &Told) {
    let store = Store::open(&program.path("convene.sqlite")).expect("the database opens");
    let faults = store.read(|reader| reader.faults()).expect("it can be verified");
    assert_eq!(faults, Vec::<String>::new());
    for (id, (revision, status)) in told {
        let event =
            store.read(|reader| reader.event(*id)).unwrap_or_else(|error| panic!("{id} was answered with success: {error}"));
        let stored = (u64::from(event.revision), event.status.to_string());
        assert!(
            stored == (*revision, status.clone()) || stored.0 == revision + 1,
            "{id}: told {revision} {status}, is {stored:?}"
        );
    }
}
