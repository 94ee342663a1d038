//! The whole calendar, kept in memory from one question to the next.
//!
//! It is never older than the view of whoever asks: each question compares its mark with the
//! database's, in the same transaction, and reads again what has changed, whichever process changed
//! it. What a writer has not committed is never kept.

mod views;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};

use views::Views;

use super::agenda::whole;
use super::{Actor, App, Result};
use crate::domain::EventId;
use crate::domain::agenda::{Agenda, Entry};
use crate::store::{CalendarMark, Reader};

/// The calendar as it was at a mark, if somebody has asked before.
#[derive(Default)]
pub struct Kept {
    known: RwLock<Option<Known>>,
    asked: AtomicBool,
    read_whole: AtomicU64,
    views: Views,
}

struct Known {
    mark: CalendarMark,
    agenda: Agenda,
    /// How many events were put into it since it was read whole.
    put: usize,
}

/// A writer that has changed more events than this looks things up in the database.
const MOST_SUPPOSED: usize = 32;
/// A calendar with more occurrences than this is looked up in the database: about 300 MB.
const MOST_KEPT: i64 = 250_000;
/// So many changed events are put in before all is read anew, or as many as there are: names that nobody uses any more go.
const MOST_PUT: usize = 4096;

impl Known {
    fn read(app: &App, reader: &Reader<'_>, mark: CalendarMark) -> Result<Option<Self>> {
        if reader.count_occurrences()? > MOST_KEPT {
            return Ok(None);
        }
        app.kept.read_whole.fetch_add(1, Ordering::Relaxed);
        Ok(Some(Self { mark, agenda: whole(app, reader, app.now())?, put: 0 }))
    }

    /// The same after these events changed; `None` where it must be read anew.
    fn followed(mut self, reader: &Reader<'_>, mark: CalendarMark, changed: &[EventId]) -> Result<Option<Self>> {
        self.put += changed.len();
        if self.put > MOST_PUT.max(self.agenda.entries().len()) || changed.iter().any(|event| self.hangs_on_more(*event)) {
            return Ok(None);
        }
        for event in changed {
            self.agenda.put(reader.entry(*event)?);
        }
        Ok(Some(Self { mark, ..self }))
    }

    /// An event's own policy hangs on whose event it is; what its sources say, on which of them was taken last.
    fn hangs_on_more(&self, event: EventId) -> bool {
        let facts = self.agenda.facts();
        facts.policies.events.contains_key(&event) || facts.claims.contains_key(&event)
    }
}

impl Kept {
    /// How often the calendar was read whole.
    pub fn read_whole(&self) -> u64 {
        self.read_whole.load(Ordering::Relaxed)
    }

    /// Does `work` with the calendar as `reader` sees it, from `now`; `None` where it is not kept.
    ///
    /// The first question of a process is one that may be its last: only the second has the calendar
    /// read whole, unless `at_once`. `work` must not look again.
    ///
    /// # Errors
    /// What the store says, or `work`.
    pub fn look<T>(
        &self,
        app: &App,
        reader: &Reader<'_>,
        at_once: bool,
        work: impl FnOnce(&Agenda) -> Result<T>,
    ) -> Result<Option<T>> {
        let (now, seen) = (app.now(), reader.calendar_mark()?);
        let committed = reader.mark_before().unwrap_or(seen);
        if seen != committed {
            return self.suppose(reader, committed, now, work);
        }
        if !self.is_at(committed) && !self.catch_up(app, reader, committed, at_once)? {
            return Ok(None);
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        match known.as_ref().filter(|known| known.mark == committed) {
            Some(known) => work(&known.agenda.at(now)).map(Some),
            None => Ok(None),
        }
    }

    /// The same as somebody may look at it who asks without storing anything: plans that they may not know of, whose
    /// names come with it, are there by their weeks.
    ///
    /// # Errors
    /// What the store says, or `work`.
    pub fn look_as<T>(
        &self,
        app: &App,
        reader: &Reader<'_>,
        actor: &Actor,
        at_once: bool,
        work: impl FnOnce(&Agenda, &BTreeSet<EventId>) -> Result<T>,
    ) -> Result<Option<T>> {
        let (now, mark) = (app.now(), reader.calendar_mark()?);
        // What a writer supposes is its own.
        if reader.mark_before().is_some_and(|before| before != mark) {
            return Ok(None);
        }
        if !self.is_at(mark) && !self.catch_up(app, reader, mark, at_once)? {
            return Ok(None);
        }
        let view = {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            let Some(known) = known.as_ref().filter(|known| known.mark == mark) else { return Ok(None) };
            let view = self.views.of(actor, known);
            view.follow(actor, app.settings.time_zone, known, reader)?;
            view
        };
        view.look(mark, |seen| work(&seen.agenda.at(now), &seen.hidden)).transpose()
    }

    fn is_at(&self, mark: CalendarMark) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().is_some_and(|known| known.mark == mark)
    }

    /// Brings it to this mark; not where it is past it already, or nobody has asked before.
    fn catch_up(&self, app: &App, reader: &Reader<'_>, mark: CalendarMark, at_once: bool) -> Result<bool> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        // Whoever fails on the way leaves nothing half done behind.
        let Some(before) = known.take() else {
            let asked_before = self.asked.swap(true, Ordering::Relaxed);
            if asked_before || at_once {
                *known = Known::read(app, reader, mark)?;
            }
            return Ok(known.is_some());
        };
        if !mark.is_at_least(before.mark) {
            *known = Some(before);
            return Ok(false);
        }
        *known = match reader.changed_since(before.mark)? {
            Some(changed) => before.followed(reader, mark, &changed)?,
            None => None,
        };
        if known.is_none() {
            *known = Known::read(app, reader, mark)?;
        }
        Ok(known.is_some())
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
        let mut slot = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let fits = |known: &mut Known| known.mark == committed && !changed.iter().any(|event| known.hangs_on_more(*event));
        let Some(mut known) = slot.take_if(fits) else { return Ok(None) };
        let before: Vec<Option<Entry>> = changed.iter().map(|event| known.agenda.entry(*event).cloned()).collect();
        known.put += 2 * changed.len();
        for entry in entries {
            known.agenda.put(entry);
        }
        let done = work(&known.agenda.at(now));
        for (event, entry) in changed.into_iter().zip(before) {
            match entry {
                Some(entry) => known.agenda.put(entry),
                None => known.agenda.remove(event),
            }
        }
        *slot = Some(known);
        done.map(Some)
    }
}
