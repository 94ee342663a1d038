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
/// From the first Monday of 2027 on, and before the election of 2028, on which nothing can be confirmed.
const DAYS: u64 = 600;
/// How often the server is killed under those who send again.
const AGAIN: usize = 15;

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
        let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 4)? + chrono::Days::new(number as u64 % DAYS);
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

#[test]
fn a_proposal_cut_off_by_a_crash_and_sent_again_by_the_same_key_is_there_once() {
    let program = Program::with_partners();
    let token = format!("Bearer {}", program.token("harbor"));
    let (counter, mut open, mut cut_off) = (AtomicUsize::new(0), Vec::new(), 0);
    for round in 0..AGAIN {
        let server = program.serve(&[]);
        let base = server.base.clone();
        let (said, yes) = channel();
        let unanswered = std::thread::scope(|scope| {
            let write = |said: Sender<()>, again: Option<usize>| {
                let new = std::iter::repeat_with(|| counter.fetch_add(1, Ordering::Relaxed));
                // What was not answered is sent again first; then something new, until no answer comes.
                again.into_iter().chain(new).find(|number| match propose(&base, &token, *number) {
                    Some(()) => {
                        _ = said.send(());
                        false
                    }
                    None => true,
                })
            };
            let writers: Vec<_> = (0..WRITERS).map(|at| (said.clone(), open.get(at).copied())).collect();
            let writers: Vec<_> = writers.into_iter().map(|(said, again)| scope.spawn(move || write(said, again))).collect();
            yes.iter().take(2 + round % 5).for_each(drop);
            server.kill();
            writers.into_iter().filter_map(|writer| writer.join().expect("no panic")).collect::<Vec<_>>()
        });
        cut_off += unanswered.len();
        open = unanswered;
    }
    let server = program.serve(&[]);
    for number in open {
        propose(&server.base, &token, number).expect("nobody cuts it off");
    }
    let feed = |path: &str| server.get(path, &[("Authorization", &token)]).expect("an answer").json();
    let (mut titles, mut path) = (Vec::new(), "/api/v1/events?limit=200".to_owned());
    loop {
        let page = feed(&path);
        titles.extend(page["items"].as_array().expect("items").iter().map(|event| event["title"].to_string()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        path = format!("/api/v1/events?limit=200&cursor={cursor}");
    }
    titles.sort();
    let all = titles.len();
    titles.dedup();
    assert_eq!(titles.len(), all, "each once");
    assert!(all > AGAIN && cut_off >= AGAIN, "{all} events, {cut_off} cut off");
}

/// Proposes the event of this number by the key of this number; `None` where no answer came.
fn propose(base: &str, token: &str, number: usize) -> Option<()> {
    let day = chrono::NaiveDate::from_ymd_opt(2027, 1, 4)? + chrono::Days::new(number as u64 % DAYS);
    let body = json!({
        "title": format!("Write {number}"), "roles": ["procurement_staff"], "mode": "virtual", "time_zone": "America/Chicago",
        "start": format!("{day}T{:02}:00", 8 + number % 9), "end": format!("{day}T{:02}:30", 8 + number % 9),
    });
    let key = format!("\"write-{number}\"");
    let headers = [("Authorization", token), ("Idempotency-Key", key.as_str())];
    let answer = post(base, "/api/v1/events", &headers, &body.to_string()).ok()?;
    assert_eq!(answer.status, 201, "{answer:?}");
    Some(())
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
