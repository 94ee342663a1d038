//! Several acts in one transaction: what one thread reads and writes in between is all kept, or none of it.
//!
//! The verbs of the service each begin a transaction of their own. Where two of them are one act (a change, and the
//! answer to whoever asked for it), the thread that does both has the writer's connection to itself meanwhile: what it
//! reads sees what it wrote, and what it writes is a savepoint inside.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::PoisonError;

use rusqlite::Connection;

use super::{CalendarMark, Error, Reader, Result, Store, Writer, open_writer};

thread_local! {
    /// The transaction that this thread is in.
    static WITHIN: RefCell<Option<Joined>> = const { RefCell::new(None) };
}

/// A transaction of several acts.
struct Joined {
    /// The database, by its place in memory.
    store: usize,
    connection: Rc<Connection>,
    /// The state of the calendar that it began with, which others see until it ends.
    began: CalendarMark,
}

/// While it is there, this thread is within a transaction; also a panic ends that.
struct Within;

impl Within {
    fn begin(store: usize, connection: &Rc<Connection>, began: CalendarMark) -> Self {
        WITHIN.set(Some(Joined { store, connection: Rc::clone(connection), began }));
        Self
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        WITHIN.set(None);
    }
}

impl Store {
    /// Does `work` in one transaction: all that it reads and writes by this store, and on this thread, belongs together.
    ///
    /// It must not wait for the network: nobody else writes meanwhile.
    ///
    /// # Errors
    /// Whatever `work` returns, or that the transaction could not be begun or committed; then nothing is kept.
    pub fn together<T, E: From<Error>>(&self, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if self.joined().is_some() {
            return work();
        }
        let mut place = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        // After a panic it is gone, and what it had begun was taken back with it.
        let connection = place.take().map_or_else(|| open_writer(&self.path), Ok)?;
        let began = match begin(&connection) {
            Ok(began) => began,
            Err(error) => {
                // One that is still in a transaction is closed, which takes it back.
                *place = connection.is_autocommit().then_some(connection);
                return Err(error.into());
            }
        };
        let connection = Rc::new(connection);
        let within = Within::begin(self.place(), &connection, began);
        let done = work();
        drop(within);
        let ended = match &done {
            Ok(_) => connection.execute_batch("COMMIT"),
            Err(_) => connection.execute_batch("ROLLBACK"),
        };
        // One whose transaction cannot be ended is closed, which takes it back.
        *place = ended.is_ok().then(|| Rc::into_inner(connection)).flatten();
        self.watch.committed();
        ended.map_err(Error::from)?;
        done
    }

    /// The connection of the transaction that this thread is in, and the state of the calendar that it began with.
    pub(super) fn joined(&self) -> Option<(Rc<Connection>, CalendarMark)> {
        WITHIN.with_borrow(|within| {
            let joined = within.as_ref().filter(|joined| joined.store == self.place())?;
            Some((Rc::clone(&joined.connection), joined.began))
        })
    }

    fn place(&self) -> usize {
        std::ptr::from_ref(&self.writer).addr()
    }
}

fn begin(connection: &Connection) -> Result<CalendarMark> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    Reader { connection, began: None }.calendar_mark()
}

/// Writes inside of the transaction that this thread is in: all of it, or nothing.
pub(super) fn write_within<T, E: From<Error>>(
    connection: &Connection,
    began: CalendarMark,
    work: impl FnOnce(&Writer<'_>) -> Result<T, E>,
) -> Result<T, E> {
    connection.execute_batch("SAVEPOINT step").map_err(Error::from)?;
    let done = Writer::new(connection, Some(began)).map_err(E::from).and_then(|writer| work(&writer));
    let ended = if done.is_ok() { "RELEASE step" } else { "ROLLBACK TO step; RELEASE step" };
    connection.execute_batch(ended).map_err(Error::from)?;
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("together.sqlite")).unwrap();
        (folder, store)
    }

    fn set(store: &Store, key: &str) -> Result<()> {
        store.write(|writer| writer.set_meta(key, "there"))
    }

    fn has(store: &Store, key: &str) -> bool {
        store.read(|reader| reader.meta(key)).unwrap().is_some()
    }

    #[test]
    fn what_belongs_together_sees_itself_and_is_seen_by_nobody_until_it_is_whole() {
        let (_folder, store) = store();
        store
            .together(|| {
                set(&store, "one")?;
                assert!(has(&store, "one"));
                std::thread::scope(|scope| scope.spawn(|| assert!(!has(&store, "one"))).join()).unwrap();
                set(&store, "two")
            })
            .unwrap();
        assert!(has(&store, "one") && has(&store, "two"));
    }

    #[test]
    fn of_what_failed_nothing_is_kept_and_of_what_was_tried_in_between_only_the_rest() {
        let (_folder, store) = store();
        let failed = store.together(|| {
            set(&store, "one")?;
            Err::<(), _>(Error::Stale)
        });
        assert!(matches!(failed, Err(Error::Stale)) && !has(&store, "one"));

        let tried = || {
            store.write(|writer| {
                writer.set_meta("two", "there")?;
                Err::<(), _>(Error::Stale)
            })
        };
        store
            .together(|| {
                assert!(tried().is_err());
                set(&store, "three")
            })
            .unwrap();
        assert!(!has(&store, "two") && has(&store, "three"));
    }

    #[test]
    fn a_panic_takes_back_what_was_begun_and_the_store_goes_on() {
        let (_folder, store) = store();
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            store.together(|| {
                set(&store, "one")?;
                panic!("something of ours");
                #[allow(unreachable_code, reason = "it says what would be given")]
                Ok::<(), Error>(())
            })
        }));
        assert!(broken.is_err() && !has(&store, "one"));
        set(&store, "two").unwrap();
        store.together(|| set(&store, "three")).unwrap();
        assert!(has(&store, "two") && has(&store, "three"));
    }
}
