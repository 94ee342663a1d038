//! How a feed is made: afresh, or from the one that is kept, by exchanging what changed.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, Utc};

use super::kept::{Body, Facts, Feed, Kept, Plain};
use super::{Form, Shown, chosen, notes};
use crate::app::agenda::each_entry_on;
use crate::app::select::Selection;
use crate::app::{App, Result};
use crate::domain::agenda::Entry;
use crate::domain::{Event, EventId};
use crate::ical::Binder;
use crate::store::{Error as StoreError, Reader};

/// Of more events than this that changed, all are read again.
const MOST_CHANGED: usize = 500;
/// A UID begins with the id of its event.
const ID_LENGTH: usize = 36;

/// What is being made.
pub(super) struct Making<'a> {
    pub app: &'a App,
    pub selection: &'a Selection,
    pub name: &'a str,
    pub form: Form,
}

impl Making<'_> {
    /// The feed from the stored events.
    pub fn afresh(&self, reader: &Reader<'_>, facts: Facts) -> Result<Kept> {
        let shown = Shown::load(self.app, reader, self.name)?;
        let (mut ids, plain) = match self.form {
            Form::Ics => self.calendar(reader, &shown, facts)?,
            other => {
                let entries = chosen(reader, self.selection, self.selection.window(facts.day), Event::is_public)?;
                (entries.iter().map(|entry| entry.event.id).collect(), Plain::Whole(shown.bytes(&entries, other)))
            }
        };
        ids.sort_unstable();
        self.app.feeds.count(|work| work.made += 1);
        Ok(self.kept(facts, ids, plain))
    }

    /// The calendar, and the events in it: of those that are stored, few are in memory at a time.
    fn calendar(&self, reader: &Reader<'_>, shown: &Shown<'_>, facts: Facts) -> Result<(Vec<EventId>, Plain)> {
        let (window, tree) = (self.selection.window(facts.day), reader.roles()?);
        // What began the year before may go on into the window, and what begins in it into the year after.
        let mut binder = Binder::new(window.first.year() - 1..=window.last.year() + 1);
        let mut ids = Vec::new();
        each_entry_on(reader, window, |entry| {
            if entry.event.is_public() && self.selection.has(&entry.event, &tree) {
                ids.push(entry.event.id);
                entry.occurrences.iter().for_each(|one| binder.add(&shown.item(&entry.event, one)));
            }
        })?;
        Ok((ids, Plain::Bound(binder.bound(&shown.header()))))
    }

    /// The feed from the one that is kept: as it is where none of its events changed, else with their entries
    /// exchanged. `None` where it has to be made afresh.
    pub fn brought(&self, reader: &Reader<'_>, known: &Kept, facts: Facts) -> Result<Option<Kept>> {
        let Some(changed) = reader.changed_events(known.facts.seq, MOST_CHANGED)? else { return Ok(None) };
        let now = self.chosen_of(reader, &changed, facts)?;
        let gone: BTreeSet<EventId> = changed.into_iter().filter(|id| known.ids.binary_search(id).is_ok()).collect();
        if now.is_empty() && gone.is_empty() {
            self.app.feeds.count(|work| work.untouched += 1);
            let feed = Arc::new(Feed::new(Arc::clone(&known.feed.body), Some(last_modified(facts))));
            return Ok(Some(Kept { facts, feed, ..known.clone() }));
        }
        let Some(bound) = known.feed.body.bound() else { return Ok(None) };
        let mut shown = Shown::without_notes(self.app, reader, self.name)?;
        for entry in &now {
            shown.notes.extend(notes::what_was(reader, Some(entry.event.id))?);
        }
        let items = now.iter().flat_map(|entry| entry.occurrences.iter().map(|one| shown.item(&entry.event, one)));
        let names: HashSet<String> = gone.iter().map(EventId::to_string).collect();
        let is_gone = |uid: &str| uid.get(..ID_LENGTH).is_some_and(|id| names.contains(id));
        let exchanged = bound.exchange(&shown.header(), is_gone, items);
        let stay = known.ids.iter().copied().filter(|id| !gone.contains(id));
        let mut ids: Vec<EventId> = stay.chain(now.iter().map(|entry| entry.event.id)).collect();
        ids.sort_unstable();
        self.app.feeds.count(|work| work.exchanged += 1);
        Ok(Some(self.kept(facts, ids, Plain::Bound(exchanged))))
    }

    /// Of these events those that belong into the feed, with their occurrences in its window.
    fn chosen_of(&self, reader: &Reader<'_>, ids: &[EventId], facts: Facts) -> Result<Vec<Entry>> {
        let (tree, window) = (reader.roles()?, self.selection.window(facts.day));
        let mut entries = Vec::new();
        for id in ids {
            let mut entry = match reader.entry(*id) {
                Err(StoreError::NotFound(_)) => continue,
                read => read?,
            };
            entry.occurrences.retain(|one| one.when.days().overlap(window).is_some());
            if entry.event.is_public() && self.selection.has(&entry.event, &tree) && !entry.occurrences.is_empty() {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    fn kept(&self, facts: Facts, ids: Vec<EventId>, plain: Plain) -> Kept {
        let body = Body::new(plain);
        self.app.feeds.count(|work| {
            let written = body.bound().map_or(body.length(), |bound| bound.anew);
            work.bytes_written += written as u64;
            work.bytes_shared += (body.length() - written) as u64;
        });
        let feed = Arc::new(Feed::new(Arc::new(body), Some(last_modified(facts))));
        Kept { facts, feed, ids: ids.into() }
    }
}

/// When anything public last changed: a feed that lost its newest event is not older for that.
fn last_modified(facts: Facts) -> DateTime<Utc> {
    facts.changed_at.unwrap_or(DateTime::UNIX_EPOCH)
}
