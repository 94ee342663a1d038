//! What is remembered: the only room that knows SQL.
//!
//! One SQLite file in WAL mode: many readers beside one writer. A change, its history, its findings
//! and its letters are one transaction ([`Store::write`]), committed to disk before it is answered
//! (`synchronous = FULL`). Rows become values of the domain here and nowhere else.

mod calendar_log;
pub mod changes;
mod civic;
mod claims;
mod columns;
mod directory;
mod doubts;
pub mod events;
mod feed_keys;
mod finding_life;
mod findings;
mod guests;
mod kept_answers;
mod letters;
mod migrate;
mod notices;
mod observances;
pub mod outbox;
mod overrides;
mod patterns;
mod pauses;
mod people;
mod policies;
mod proposals;
pub mod schema;
mod sending;
pub mod sources;
mod subscriptions;
mod suppressions;
mod together;
mod undated;
mod uploads;
mod venues;
pub mod verify;
mod watch;

use std::cell::{Cell, RefCell};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, TryLockError};
use std::time::Duration;

use r2d2_sqlite::SqliteConnectionManager;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

pub use calendar_log::CalendarMark;
pub use claims::{KeptClaim, SourceChoice};
pub use doubts::{Doubt, DoubtAnswer, DoubtAnswered};
pub use events::EventFilter;
pub use feed_keys::{FeedHolder, FeedKey};
pub use finding_life::LifeEntry;
pub use findings::{NewFinding, StoredFinding};
pub use guests::{Guest, GuestState};
pub use kept_answers::{Answered, KeptAnswer};
pub use letters::{LettersOf, LettersWanted};
pub use notices::Notice;
pub use outbox::{NewLetter, OutboxRow, OutboxState};
pub use overrides::{KeptOverride, Override};
pub use pauses::{Alert, Pause, PauseCause, RELAY};
pub use people::{Scope, SignIn, Token, User, UserRole};
pub use policies::{PolicyChange, PolicyHolder, StoredPolicy};
pub use sending::SendingLock;
pub use sources::{Reading, ReadingOutcome, UpstreamCalendar, Withdrawn};
pub use subscriptions::{Frequency, Subscription, SubscriptionState};
pub use suppressions::{Bounce, Noted, Suppression, SuppressionReason, Weight};
pub use uploads::Upload;
pub use venues::KnownVenue;
use watch::Watch;

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The name is taken.
    #[error("there is such a {0} already")]
    Taken(&'static str),
    /// The row has changed since it was read.
    #[error("it has changed since you read it")]
    Stale,
    /// A stored value that the program cannot read: the database is damaged or newer than the program.
    #[error("the database holds an unreadable {what}: {value}")]
    Unreadable {
        /// Which column.
        what: &'static str,
        /// What it holds.
        value: String,
    },
    /// The database was made by a newer program.
    #[error("{0}")]
    Version(String),
    /// What SQLite said.
    #[error("the database said: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// A file beside the database.
    #[error("{}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: std::io::Error,
    },
    /// No connection could be had.
    #[error("no connection to the database could be had: {0}")]
    Pool(#[from] r2d2::Error),
}

/// Short for what store functions return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The database: a pool of readers and one writer.
pub struct Store {
    path: PathBuf,
    readers: r2d2::Pool<SqliteConnectionManager>,
    watch: Watch,
    /// Not there while one thread has it to itself ([`Store::together`]).
    writer: Mutex<Option<Connection>>,
    steps: Arc<AtomicU64>,
}

/// A consistent view of the database.
pub struct Reader<'c> {
    connection: &'c Connection,
    /// For a writer, the state that it began with: others see that until it commits.
    began: Option<CalendarMark>,
}

/// The one transaction that may write; reads through it see what it wrote.
pub struct Writer<'c> {
    reader: Reader<'c>,
    /// The last moment in the life of any finding before this transaction; known once it adds one.
    life_before: Cell<Option<i64>>,
    /// What of [`Writer::raise_revision`] was done already.
    raised: RefCell<Option<(String, i64)>>,
}

impl<'c> Writer<'c> {
    /// A writer within a transaction that began with that state of the calendar, or begins now.
    fn new(connection: &'c Connection, began: Option<CalendarMark>) -> Result<Self> {
        let began = began.map_or_else(|| Reader { connection, began: None }.calendar_mark(), Ok)?;
        Ok(Self { reader: Reader { connection, began: Some(began) }, life_before: Cell::new(None), raised: RefCell::new(None) })
    }
}

impl<'c> Deref for Writer<'c> {
    type Target = Reader<'c>;
    fn deref(&self) -> &Reader<'c> {
        &self.reader
    }
}

impl Store {
    /// Opens the database at `path`, creating and migrating it as needed.
    ///
    /// # Errors
    /// When the file cannot be opened, or was made by a newer program.
    pub fn open(path: &Path) -> Result<Self> {
        let mut writer = open_writer(path)?;
        migrate::to_latest(&mut writer)?;
        let steps = count_steps(&writer)?;
        let manager = SqliteConnectionManager::file(path).with_flags(READ).with_init(|connection| {
            prepare(connection)?;
            connection.pragma_update(None, "query_only", true)
        });
        let readers = r2d2::Pool::builder()
            .max_size(8)
            .min_idle(Some(0))
            .connection_timeout(Duration::from_secs(10))
            .test_on_check_out(false)
            .build(manager)?;
        Ok(Self { path: path.to_owned(), readers, watch: Watch::of(path), writer: Mutex::new(Some(writer)), steps })
    }

    /// How many steps SQLite has taken for the writer of this process, to the nearest hundred or so: a measure of the rows
    /// that changes looked at.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps.load(Ordering::Relaxed)
    }

    /// Where the file is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Reads from one consistent view of the database.
    ///
    /// # Errors
    /// Whatever `work` returns, or that no connection could be had.
    pub fn read<T, E: From<Error>>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
        if let Some((connection, began)) = self.joined() {
            return work(&Reader { connection: &connection, began: Some(began) });
        }
        let connection = self.readers.get().map_err(Error::from)?;
        let view = connection.unchecked_transaction().map_err(Error::from)?;
        work(&Reader { connection: &view, began: None })
    }

    /// Does `work` in one transaction: all of it is kept when it returns `Ok`, none of it otherwise.
    ///
    /// # Errors
    /// Whatever `work` returns, or that the transaction could not be begun or committed.
    pub fn write<T, E: From<Error>>(&self, work: impl FnOnce(&Writer<'_>) -> Result<T, E>) -> Result<T, E> {
        if let Some((connection, began)) = self.joined() {
            return together::write_within(&connection, began, work);
        }
        // A writer that panicked left no transaction behind: its guard rolled it back.
        let mut place = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = self.writer_in(&mut place)?;
        let transaction = Transaction::new(connection, TransactionBehavior::Immediate).map_err(Error::from)?;
        let done = work(&Writer::new(&transaction, None)?)?;
        transaction.commit().map_err(Error::from)?;
        self.watch.committed();
        Ok(done)
    }

    /// The connection that writes; after a panic it is a new one.
    fn writer_in<'p>(&self, place: &'p mut Option<Connection>) -> Result<&'p mut Connection> {
        Ok(match place {
            Some(connection) => connection,
            gone => gone.insert(open_writer(&self.path)?),
        })
    }

    /// The same, but only if nobody else is writing, in this process or another; `None` where somebody is.
    ///
    /// # Errors
    /// As [`Store::write`].
    pub fn write_if_free<T, E: From<Error>>(&self, work: impl FnOnce(&Writer<'_>) -> Result<T, E>) -> Result<Option<T>, E> {
        let mut place = match self.writer.try_lock() {
            Ok(place) => place,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(None),
        };
        let connection = self.writer_in(&mut place)?;
        connection.busy_timeout(Duration::ZERO).map_err(Error::from)?;
        let done = match Transaction::new_unchecked(connection, TransactionBehavior::Immediate) {
            Ok(transaction) => {
                let worked = Writer::new(&transaction, None).map_err(E::from).and_then(|writer| work(&writer));
                worked.and_then(|done| transaction.commit().map(|()| Some(done)).map_err(|error| Error::from(error).into()))
            }
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => Ok(None),
            Err(error) => Err(Error::from(error).into()),
        };
        connection.busy_timeout(PATIENCE).map_err(Error::from)?;
        self.watch.committed();
        done
    }

    /// Copies the database, consistently and while it is in use, to a new file.
    ///
    /// `progress` is told how many pages are still to be copied, and of how many.
    ///
    /// # Errors
    /// When the file exists already or cannot be written.
    pub fn backup(&self, to: &Path, mut progress: impl FnMut(i32, i32)) -> Result<()> {
        let from = self.readers.get()?;
        let mut into = Connection::open(to)?;
        {
            let copy = rusqlite::backup::Backup::new(&from, &mut into)?;
            loop {
                use rusqlite::backup::StepResult::{Busy, Done, Locked, More};
                let step = copy.step(256)?;
                let at = copy.progress();
                progress(at.remaining, at.pagecount);
                match step {
                    Done => break,
                    Busy | Locked => std::thread::sleep(Duration::from_millis(5)),
                    More | _ => {}
                }
            }
        }
        // A copy is one file: no log beside it.
        into.pragma_update(None, "journal_mode", "DELETE")?;
        Ok(())
    }
}

impl<'c> Reader<'c> {
    fn connection(&self) -> &'c Connection {
        self.connection
    }
}

/// The connection that writes.
fn open_writer(path: &Path) -> Result<Connection> {
    let writer = Connection::open(path)?;
    prepare(&writer)?;
    // In KiB: a calendar of ten thousand taken in at once is not written twice for want of room.
    writer.pragma_update(None, "cache_size", -16_384)?;
    Ok(writer)
}

/// How a connection that only reads is opened.
const READ: OpenFlags =
    OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX).union(OpenFlags::SQLITE_OPEN_URI);

/// How long a connection waits for another to finish writing.
const PATIENCE: Duration = Duration::from_secs(10);

/// Counts the steps of a connection from now on.
fn count_steps(connection: &Connection) -> rusqlite::Result<Arc<AtomicU64>> {
    const AT_ONCE: u16 = 100;
    let steps = Arc::<AtomicU64>::default();
    let counted = Arc::clone(&steps);
    let count = move || {
        counted.fetch_add(u64::from(AT_ONCE), Ordering::Relaxed);
        false
    };
    connection.progress_handler(i32::from(AT_ONCE), Some(count))?;
    Ok(steps)
}

/// Settings that each connection needs.
fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}
