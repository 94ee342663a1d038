//! The whole service over a database of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::UNIX_EPOCH;

use chrono::{DateTime, Utc};
use convene::app::deliver::{Delivery, deliver};
use convene::app::notify;
use convene::app::publish::{Form, feed};
use convene::app::select::Selection;
use convene::app::{App, Error, seed};
use convene::clock::Clock;
use convene::config::{Limits, MailSettings, Settings, Upstream};
use convene::domain::{Event, Policy};
use convene::keys::Keys;
use convene::mail::{Frozen, Post};
use convene::mail::{ReadLetter, read};
use convene::store::{EventFilter, OutboxRow, Store};
use tempfile::TempDir;

use super::cast;

/// The service at noon (UTC) of Monday 23 November 2026, its mail caught.
///
/// A test that ends with letters that it never looked at fails: they are a consequence that nobody expected.
pub struct World {
    /// The service.
    pub app: App,
    /// The mail server that keeps what it gets.
    pub posted: Arc<Mutex<Vec<Frozen>>>,
    looked_at: AtomicI64,
    ignores: AtomicBool,
    folder: TempDir,
}

/// A letter of the outbox, as its reader sees it.
#[derive(Debug)]
pub struct Seen {
    /// Its row.
    pub row: OutboxRow,
    /// Its headers and readings.
    pub read: ReadLetter,
}

impl Seen {
    /// What follows this in the text, up to the next blank: a link's secret.
    pub fn after(&self, mark: &str) -> String {
        let rest = self.read.text.split_once(mark).unwrap_or_else(|| panic!("no “{mark}” in:\n{}", self.read.text)).1;
        rest.split_whitespace().next().unwrap_or_default().to_owned()
    }
}

impl World {
    /// With the cast and nothing else.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let app = open(&folder, Keys::counted());
        let world = Self::around(folder, app);
        cast::move_in(&world.app);
        world
    }

    /// With the demo: real convenings, made-up people.
    pub fn demo() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::copy(demo_database(), folder.path().join(FILE)).expect("the demo can be copied");
        // Ids go on where those of the demo ended.
        let app = open(&folder, Keys::Counted(AtomicU64::new(1_000_000)));
        Self::around(folder, app)
    }

    fn around(folder: TempDir, app: App) -> Self {
        let (posted, looked_at, ignores) = (Arc::default(), AtomicI64::new(0), AtomicBool::new(false));
        let world = Self { app, posted, looked_at, ignores, folder };
        let there = world.rows().iter().map(|row| row.id).max().unwrap_or_default();
        world.looked_at.store(there, Ordering::Relaxed);
        world
    }

    /// Another process over the same database, at the same time; its ids are its own.
    pub fn another(&self) -> App {
        static PROCESSES: AtomicU64 = AtomicU64::new(2);
        let app = open(&self.folder, Keys::Counted(AtomicU64::new(1_000_000 * PROCESSES.fetch_add(1, Ordering::Relaxed))));
        app.clock.set(self.app.now());
        app
    }

    /// The database file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join(FILE)
    }

    /// The clock is set to this time.
    pub fn at(&self, time: &str) {
        self.app.clock.set(time.parse().unwrap_or_else(|error| panic!("{time}: {error}")));
    }

    /// Letters written since the test last looked, oldest first.
    ///
    /// Notices that are due are written first, as the service's background does every few seconds.
    pub fn letters(&self) -> Vec<Seen> {
        notify::write_due(&self.app).expect("notices are written");
        let known = self.looked_at.load(Ordering::Relaxed);
        let mut rows = self.rows();
        rows.retain(|row| row.id > known);
        rows.sort_by_key(|row| row.id);
        self.looked_at.store(rows.last().map_or(known, |row| row.id), Ordering::Relaxed);
        rows.into_iter().map(|row| Seen { read: read(&row.mail), row }).collect()
    }

    /// The one letter written since the test last looked.
    pub fn letter(&self) -> Seen {
        let mut all = self.letters();
        let told: Vec<_> =
            all.iter().map(|one| format!("{} to {}: {}", one.row.kind, one.row.recipient, one.row.subject)).collect();
        assert_eq!(all.len(), 1, "one letter was expected: {told:?}");
        all.remove(0)
    }

    /// This test is not about letters.
    pub fn ignore_letters(&self) {
        self.ignores.store(true, Ordering::Relaxed);
    }

    /// Carries what is due to the mail server.
    pub fn deliver(&self) -> Delivery {
        deliver(&self.app, &Post::Memory(Arc::clone(&self.posted))).expect("the post takes everything")
    }

    /// What the mail server got, in order.
    pub fn carried(&self) -> Vec<Frozen> {
        self.posted.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every event, by its title.
    pub fn events(&self) -> Vec<Event> {
        let entries = self.app.store.read(|reader| reader.entries(&EventFilter::default())).expect("events");
        let mut events: Vec<Event> = entries.into_iter().map(|entry| entry.event).collect();
        events.sort_by(|a, b| (&a.details.title, a.id).cmp(&(&b.details.title, b.id)));
        events
    }

    /// The one event of this title.
    pub fn event(&self, title: &str) -> Event {
        let mut found: Vec<Event> = self.events().into_iter().filter(|event| event.details.title == title).collect();
        assert_eq!(found.len(), 1, "{title}");
        found.remove(0)
    }

    /// The combined feed for these filters (`roles=mayor&past=P9Y`), as text.
    pub fn feed(&self, filters: &str) -> String {
        feed_of(&self.app, filters).unwrap_or_else(|error| panic!("{filters}: {error}"))
    }

    fn rows(&self) -> Vec<OutboxRow> {
        self.app.store.read(|reader| reader.letters(10_000)).expect("the outbox")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() || self.ignores.load(Ordering::Relaxed) {
            return;
        }
        let left: Vec<String> =
            self.letters().iter().map(|one| format!("{} to {}: {}", one.row.kind, one.row.recipient, one.row.subject)).collect();
        assert!(left.is_empty(), "letters that the test never looked at (world.ignore_letters() to say so): {left:#?}");
    }
}

/// The combined feed of a service for these filters, as text.
pub fn feed_of(app: &App, filters: &str) -> Result<String, Error> {
    let pairs = filters.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[]))?;
    let made = feed(app, &selection, "Convenings", Form::Ics)?;
    Ok(String::from_utf8(made.body.pieces().collect::<Vec<_>>().concat()).expect("a feed is UTF-8"))
}

const FILE: &str = "convene.sqlite";

fn noon() -> DateTime<Utc> {
    "2026-11-23T12:00:00Z".parse().expect("a time")
}

fn open(folder: &TempDir, keys: Keys) -> App {
    let database = folder.path().join(FILE);
    let store = Store::open(&database).expect("the database opens");
    let settings = Settings {
        database,
        data: None,
        base_url: "https://cal.example.org".to_owned(),
        time_zone: chrono_tz::America::New_York,
        mail: MailSettings::default(),
        policy: Policy::default(),
        limits: Limits { calendar_bytes: 20 << 20 },
        // Partners' calendars are read from a server on this machine.
        upstream: Upstream { allow_loopback: true },
    };
    App::new(store, Clock::at(noon()), keys, settings).expect("the service starts")
}

/// A database with the demo in it, made once for each build of the tests.
pub fn demo_database() -> PathBuf {
    let built = std::env::current_exe().and_then(std::fs::metadata).expect("this program is a file");
    let since = built.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).expect("it has a time");
    let name = format!("demo-{}-{}.sqlite", built.len(), since.as_nanos());
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    if !kept.exists() {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let app = open(&folder, Keys::counted());
        seed::demo(&app, |_, _, _| {}).expect("the demo can be made");
        let copy = folder.path().join("copy.sqlite");
        app.store.backup(&copy, |_, _| {}).expect("it can be copied");
        // Tests run side by side: whoever is last puts the same thing in the same place.
        std::fs::rename(&copy, &kept).expect("it can be put in its place");
    }
    kept
}
