//! The whole calendar, kept in memory from one question to the next.
//!
//! It is never older than the view of whoever asks: each question compares its mark with the
//! database's, in the same transaction, and reads again what has changed, whichever process changed
//! it. What a writer has not committed is never kept.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};

use super::Result;
use super::agenda::whole;
use crate::domain::agenda::{Agenda, Entry};
use crate::store::{CalendarMark, Reader};

/// The calendar as it was at a mark, if somebody has asked before.
#[derive(Default)]
pub struct Kept {
    known: RwLock<Option<(CalendarMark, Agenda)>>,
    asked: AtomicBool,
}

/// A writer that has changed more events than this looks things up in the database.
const MOST_SUPPOSED: usize = 32;

impl Kept {
    /// Does `work` with the calendar as `reader` sees it, from `now`; `None` where it is not kept.
    ///
    /// The first question of a process is one that may be its last: only the second has the calendar
    /// read whole, unless `at_once`.
    ///
    /// # Errors
    /// What the store says, or `work`.
    pub fn look<T>(
        &self,
        reader: &Reader<'_>,
        now: DateTime<Utc>,
        at_once: bool,
        work: impl FnOnce(&Agenda) -> Result<T>,
    ) -> Result<Option<T>> {
        let committed = reader.committed_mark()?;
        let seen = reader.calendar_mark()?;
        if seen != committed {
            return self.suppose(reader, committed, now, work);
        }
        if !self.is_at(committed) && !self.catch_up(reader, committed, now, at_once)? {
            return Ok(None);
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.as_ref().filter(|(mark, _)| *mark == committed) {
            Some((_, agenda)) => work(&agenda.at(now)).map(Some),
            None => Ok(None),
        }
    }

    fn is_at(&self, mark: CalendarMark) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_some_and(|(known, _)| *known == mark)
    }

    /// Brings it to this mark; not where it is past it already, or nobody has asked before.
    fn catch_up(&self, reader: &Reader<'_>, mark: CalendarMark, now: DateTime<Utc>, at_once: bool) -> Result<bool> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever fails on the way leaves nothing half done behind.
        let Some((seen, mut agenda)) = known.take() else {
            let asked_before = self.asked.swap(true, Ordering::Relaxed);
            if asked_before || at_once {
                *known = Some((mark, whole(reader, now)?));
            }
            return Ok(known.is_some());
        };
        if !mark.is_at_least(seen) {
            *known = Some((seen, agenda));
            return Ok(false);
        }
        match reader.changed_since(seen)? {
            Some(changed) => {
                for event in changed {
                    agenda.put(reader.entry(event)?);
                }
            }
            None => agenda = whole(reader, now)?,
        }
        *known = Some((mark, agenda));
        Ok(true)
    }

    /// Puts a writer's own changes in, does `work`, and takes them out again.
    fn suppose<T>(
        &self,
        reader: &Reader<'_>,
        committed: CalendarMark,
        now: DateTime<Utc>,
        work: impl FnOnce(&Agenda) -> Result<T>,
    ) -> Result<Option<T>> {
        let Some(changed) = reader.changed_since(committed)?.filter(|changed| changed.len() <= MOST_SUPPOSED) else {
            return Ok(None);
        };
        let entries = changed.iter().map(|event| Ok(reader.entry(*event)?)).collect::<Result<Vec<Entry>>>()?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let Some((mark, mut agenda)) = known.take_if(|(mark, _)| *mark == committed) else { return Ok(None) };
        let before: Vec<Option<Entry>> = changed.iter().map(|event| agenda.entry(*event).cloned()).collect();
        for entry in entries {
            agenda.put(entry);
        }
        let done = work(&agenda.at(now));
        for (event, entry) in changed.into_iter().zip(before) {
            match entry {
                Some(entry) => agenda.put(entry),
                None => agenda.remove(event),
            }
        }
        *known = Some((mark, agenda));
        done.map(Some)
    }
}
