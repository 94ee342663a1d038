//! How far the calendar has changed, for whoever keeps it in memory.
//!
//! Triggers keep count, so that no writer in any process can forget to.

use super::columns::parsed;
use super::{Reader, Result};
use crate::domain::EventId;

/// A state of the calendar: two views with one mark see the same events and judge them by the same facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarMark {
    /// The last change of an event.
    pub events: i64,
    /// How often anything else changed that events are judged by.
    pub setting: i64,
}

impl CalendarMark {
    /// Is everything that the other has seen in here too?
    #[must_use]
    pub fn is_at_least(self, other: Self) -> bool {
        self.events >= other.events && self.setting >= other.setting
    }
}

impl Reader<'_> {
    /// The state that this view sees.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn calendar_mark(&self) -> Result<CalendarMark> {
        let mut query = self.connection().prepare_cached(
            "SELECT (SELECT coalesce(max(seq), 0) FROM calendar_log), (SELECT value FROM revisions WHERE name = 'setting')",
        )?;
        Ok(query.query_row([], |row| Ok(CalendarMark { events: row.get(0)?, setting: row.get(1)? }))?)
    }

    /// For a writer, the state before its own changes, which others see.
    #[must_use]
    pub fn mark_before(&self) -> Option<CalendarMark> {
        self.began
    }

    /// The events that changed after a state, each once; `None` where all must be read anew.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn changed_since(&self, known: CalendarMark) -> Result<Option<Vec<EventId>>> {
        let now = self.calendar_mark()?;
        let oldest: Option<i64> =
            self.connection().prepare_cached("SELECT min(seq) FROM calendar_log")?.query_row([], |row| row.get(0))?;
        if now.setting != known.setting || oldest.is_none_or(|oldest| oldest > known.events + 1) && now != known {
            return Ok(None);
        }
        let mut query =
            self.connection().prepare_cached("SELECT DISTINCT event FROM calendar_log WHERE seq > ?1 ORDER BY event")?;
        Ok(Some(query.query_and_then([known.events], |row| parsed(row, "event"))?.collect::<Result<_>>()?))
    }
}

#[cfg(test)]
mod tests {
    use crate::store::{Result, Store};

    #[test]
    fn the_log_stays_short_and_whoever_is_too_far_behind_is_told_so() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("log.sqlite")).unwrap();
        let log = |entries: usize| {
            store.write(|writer| -> Result<()> {
                let mut insert = writer.connection().prepare_cached("INSERT INTO calendar_log (event) VALUES (?1)")?;
                for _ in 0..entries {
                    insert.execute(["018f0000-0000-7000-8000-000000000001"])?;
                }
                Ok(())
            })
        };
        log(1).unwrap();
        let mark = store.read(|reader| reader.calendar_mark()).unwrap();
        let since = || store.read(|reader| reader.changed_since(mark)).unwrap().map(|events| events.len());
        let length = || -> i64 {
            store
                .read(|reader| -> Result<i64> {
                    Ok(reader.connection().query_row("SELECT count(*) FROM calendar_log", [], |row| row.get(0))?)
                })
                .unwrap()
        };
        assert_eq!(since(), Some(0));
        log(4_000).unwrap();
        assert_eq!(since(), Some(1), "one event, many times");
        log(8_000).unwrap();
        assert_eq!(since(), None);
        assert!((4_096..4_096 + 256).contains(&length()), "{} entries", length());
    }
}
