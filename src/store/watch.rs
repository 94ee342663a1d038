//! Whether anything was stored since: a number that every commit changes, whoever makes it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::{READ, Result, Store};

/// For how long a version that was seen is taken for the present one.
const FRESH: Duration = Duration::from_millis(1);

/// What watches the database.
pub(super) struct Watch {
    /// Never writes, so that it sees every commit as another's; there once somebody has asked.
    connection: Mutex<Option<Connection>>,
    /// How often this process has ended a transaction that may have written.
    commits: Arc<AtomicU64>,
    seen: Mutex<Option<Seen>>,
}

/// A version, when it was asked for, and after how many commits.
#[derive(Clone, Copy)]
struct Seen {
    version: i64,
    at: Instant,
    commits: u64,
}

/// The count of each database that this process has open, by where it is.
static COMMITS: LazyLock<Mutex<HashMap<PathBuf, Weak<AtomicU64>>>> = LazyLock::new(Mutex::default);

impl Watch {
    pub(super) fn of(path: &Path) -> Self {
        let place = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut all = COMMITS.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, commits| commits.strong_count() > 0);
        let commits = all.get(&place).and_then(Weak::upgrade).unwrap_or_default();
        all.insert(place, Arc::downgrade(&commits));
        Self { connection: Mutex::default(), commits, seen: Mutex::default() }
    }

    /// To be called after each commit, before anybody is told of it.
    pub(super) fn committed(&self) {
        self.commits.fetch_add(1, Ordering::Release);
    }
}

impl Store {
    /// A number that is another one after every commit, of this process or of any other; for this process only.
    ///
    /// Takes a microsecond or two and never waits: it reads no page.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn version(&self) -> Result<i64> {
        let mut place = self.watch.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = match &mut *place {
            Some(connection) => connection,
            none => none.insert(open(&self.path)?),
        };
        let mut query = connection.prepare_cached("PRAGMA data_version")?;
        Ok(query.query_row([], |row| row.get(0))?)
    }

    /// The same for whoever asks very often: SQLite is asked once in a millisecond at most.
    ///
    /// What this process has committed before `now` counts; what another has, if that was a millisecond before.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn version_lately(&self, now: Instant) -> Result<i64> {
        let commits = self.watch.commits.load(Ordering::Acquire);
        let mut seen = self.watch.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fresh = |known: &Seen| known.commits == commits && now.saturating_duration_since(known.at) < FRESH;
        if let Some(known) = seen.filter(is_fresh) {
            return Ok(known.version);
        }
        let version = self.version()?;
        *seen = Some(Seen { version, at: now, commits });
        Ok(version)
    }
}

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, READ)?;
    connection.pragma_update(None, "query_only", true)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(store: &Store, value: &str) {
        store.write(|writer| writer.set_meta("key", value)).unwrap();
    }

    #[test]
    fn what_this_process_commits_counts_at_once_and_what_another_commits_after_a_millisecond() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("watched.sqlite");
        let (store, beside) = (Store::open(&path).unwrap(), Store::open(&path).unwrap());
        let now = Instant::now();
        let mut last = store.version_lately(now).unwrap();
        assert_eq!(store.version_lately(now).unwrap(), last, "nothing was stored");
        let together = || -> Result<()> {
            put(&store, "two");
            Ok(())
        };
        let commits: [(&str, &dyn Fn()); 4] = [
            ("a writer", &|| put(&store, "one")),
            ("several acts together", &|| store.together(together).unwrap()),
            ("a writer that does not wait", &|| {
                store.write_if_free(|writer| writer.set_meta("key", "three")).unwrap().expect("it is free");
            }),
            ("another store over the same file", &|| put(&beside, "four")),
        ];
        for (what, commit) in commits {
            commit();
            let version = store.version_lately(now).unwrap();
            assert_ne!(version, last, "{what}");
            last = version;
        }

        let elsewhere = Connection::open(&path).unwrap();
        elsewhere.execute("UPDATE meta SET value = 'five'", []).unwrap();
        assert_eq!(store.version_lately(now + FRESH / 2).unwrap(), last, "it was asked for just now");
        assert_ne!(store.version_lately(now + FRESH).unwrap(), last);
    }
}
