//! Events and the occurrences they have.

mod put;
mod rows;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rusqlite::{Row, ToSql};

use super::columns::{Column, day_text, parsed, parsed_if_any};
use super::{Error, Reader, Result};
use crate::domain::agenda::Entry;
use crate::domain::{Event, EventId, Occurrence, PartnerSlug, Span};

/// Which events to load, with which of their occurrences.
#[derive(Debug, Clone, Copy, Default)]
pub struct EventFilter {
    /// Only events that have an occurrence in there, and only those occurrences.
    pub within: Option<Span>,
}

/// Who is named in an event, without what else is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The convening that it is set beside.
    pub anchor: Option<EventId>,
    /// Who calls it, the host first.
    pub partners: Vec<PartnerSlug>,
}

/// The occurrences that touch a span; `?1` and `?2` are its ends. What lasts no time is at its start.
const TOUCHING: &str = "starts_at < ?2 AND starts_at >= ?1 - (SELECT coalesce(max(ends_at - starts_at), 0) FROM occurrences)
     AND (ends_at > ?1 OR starts_at = ?1)";

/// The condition that holds for every row.
const ALL: &str = "1";

/// To look up the parts of one event takes as long as to read those of so many in the order in which they lie there.
const MANY: usize = 8;

/// Of which event a part is.
const PART_OF: Column = Column::among(&["event", "part"], "event");

impl Reader<'_> {
    /// One event.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that id.
    pub fn event(&self, id: EventId) -> Result<Event> {
        let found = self.load_events("id = ?1", &[&id.to_string()])?;
        found.into_iter().next().ok_or(Error::NotFound("event"))
    }

    /// Who calls an event, and what it is set beside.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that id.
    pub fn named_in(&self, id: EventId) -> Result<Named> {
        let id = id.to_string();
        let mut query = self.connection().prepare_cached("SELECT partner, anchor FROM events WHERE id = ?1")?;
        let read = |row: &Row<'_>| Ok(Named { anchor: parsed_if_any(row, "anchor")?, partners: vec![parsed(row, "partner")?] });
        let mut named = query.query_and_then([&id], read)?.next().unwrap_or(Err(Error::NotFound("event")))?;
        let sql = "SELECT partner FROM event_co_hosts WHERE event = ?1 ORDER BY position";
        let mut query = self.connection().prepare_cached(sql)?;
        for partner in query.query_and_then([&id], |row| parsed(row, "partner"))? {
            named.partners.push(partner?);
        }
        Ok(named)
    }

    /// One event with all its stored occurrences.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that id.
    pub fn entry(&self, id: EventId) -> Result<Entry> {
        let event = self.event(id)?;
        let occurrences = self.load_occurrences("event = ?1", &[&id.to_string()])?.remove(&id).unwrap_or_default();
        Ok(Entry { event, occurrences })
    }

    /// The partner's event that was read under that UID.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn event_by_source(&self, partner: &PartnerSlug, uid: &str) -> Result<Option<Event>> {
        Ok(self.load_events("partner = ?1 AND source_uid = ?2", &[&partner.as_str(), &uid])?.into_iter().next())
    }

    /// The events of a partner that were read from a calendar, by UID.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn events_from_sources(&self, partner: &PartnerSlug) -> Result<BTreeMap<String, Event>> {
        // In the order in which they lie there: these may be most of all that is stored.
        let of_them = "rowid IN (SELECT rowid FROM events WHERE partner = ?1 AND source_uid IS NOT NULL)";
        let found = self.load_events(of_them, &[&partner.as_str()])?;
        Ok(found.into_iter().filter_map(|event| Some((event.source.as_ref()?.uid.clone(), event))).collect())
    }

    /// All events but these, by id.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn events_besides(&self, known: &BTreeSet<EventId>) -> Result<Vec<Event>> {
        self.load_some_events(ALL, &[], |id| !known.contains(&id))
    }

    /// The same with their occurrences.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn entries_besides(&self, known: &BTreeSet<EventId>) -> Result<Vec<Entry>> {
        let events = self.events_besides(known)?;
        let mut occurrences = self.load_some_occurrences(ALL, &[], |id| !known.contains(&id))?;
        let entry = |event: Event| Entry { occurrences: occurrences.remove(&event.id).unwrap_or_default(), event };
        Ok(events.into_iter().map(entry).collect())
    }

    /// The events that are set beside this one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn satellites(&self, anchor: EventId) -> Result<Vec<Event>> {
        self.load_events("anchor = ?1", &[&anchor.to_string()])
    }

    /// Events with their occurrences, by id.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn entries(&self, filter: &EventFilter) -> Result<Vec<Entry>> {
        let (events, mut occurrences) = match filter.within {
            None => (self.load_events(ALL, &[])?, self.load_occurrences(ALL, &[])?),
            Some(span) => {
                let (from, to) = (span.start.timestamp(), span.end.timestamp());
                let ids = format!("id IN (SELECT event FROM occurrences WHERE {TOUCHING})");
                (self.load_events(&ids, &[&from, &to])?, self.load_occurrences(TOUCHING, &[&from, &to])?)
            }
        };
        let entry = |event: Event| Entry { occurrences: occurrences.remove(&event.id).unwrap_or_default(), event };
        Ok(events.into_iter().map(entry).collect())
    }

    /// The same one after the other, by id, of which few are in memory at a time.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn each_entry(&self, within: Span, mut take: impl FnMut(Entry)) -> Result<()> {
        const AT_ONCE: usize = 256;
        let (from, to) = (within.start.timestamp(), within.end.timestamp());
        let mut query = self
            .connection()
            .prepare_cached(&format!("SELECT DISTINCT event FROM occurrences WHERE {TOUCHING} ORDER BY event"))?;
        let ids: Vec<String> = query.query_map([from, to], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for some in ids.chunks(AT_ONCE) {
            let some = serde_json::json!(some).to_string();
            let events = self.load_events("id IN (SELECT value FROM json_each(?1))", &[&some])?;
            let of_them = format!("event IN (SELECT value FROM json_each(?3)) AND {TOUCHING}");
            let mut occurrences = self.load_occurrences(&of_them, &[&from, &to, &some])?;
            for event in events {
                take(Entry { occurrences: occurrences.remove(&event.id).unwrap_or_default(), event });
            }
        }
        Ok(())
    }

    /// What people must travel to within a span, with the occurrences in there, by id.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn journeys(&self, within: Span) -> Result<Vec<Entry>> {
        let (from, to) = (within.start.timestamp(), within.end.timestamp());
        let condition = format!("mode <> 'virtual' AND id IN (SELECT event FROM occurrences WHERE {TOUCHING})");
        let events = self.load_events(&condition, &[&from, &to])?;
        let mut occurrences = self.load_occurrences(TOUCHING, &[&from, &to])?;
        let entry = |event: Event| Entry { occurrences: occurrences.remove(&event.id).unwrap_or_default(), event };
        Ok(events.into_iter().map(entry).collect())
    }

    /// How many events there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_events(&self) -> Result<i64> {
        Ok(self.connection().query_row("SELECT count(*) FROM events", [], |row| row.get(0))?)
    }

    /// How many events there are, or more: the number of the last one.
    fn count_at_most(&self) -> Result<usize> {
        let mut query = self.connection().prepare_cached("SELECT coalesce(max(rowid), 0) FROM events")?;
        let last: i64 = query.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(last).unwrap_or_default())
    }

    /// How many occurrences there are.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_occurrences(&self) -> Result<i64> {
        Ok(self.connection().query_row("SELECT count(*) FROM occurrences", [], |row| row.get(0))?)
    }

    /// Series whose occurrences are stored only up to before `until`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn series_ending_before(&self, until: DateTime<Utc>) -> Result<Vec<Event>> {
        self.load_events("recurrence IS NOT NULL AND expanded_until < ?1", &[&until.timestamp()])
    }

    /// The holds whose last day is before `day`, or on it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn holds_until(&self, day: NaiveDate) -> Result<Vec<Event>> {
        self.load_events("status = 'hold' AND hold_until <= ?1", &[&day_text(day)])
    }

    /// The events whose findings hang on what day it is, each with its zone, by id: those that are not announced yet,
    /// and those beside which something is expected.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn events_by_the_day(&self) -> Result<Vec<(EventId, Tz)>> {
        let mut query = self.connection().prepare_cached(
            "SELECT id, time_zone FROM events WHERE status IN ('idea', 'hold', 'proposed')
             UNION
             SELECT id, time_zone FROM findings JOIN finding_events USING (fingerprint) JOIN events ON id = event
               WHERE findings.kind = 'expected_anchor'
             ORDER BY id",
        )?;
        query.query_and_then([], |row| Ok((parsed(row, "id")?, parsed(row, "time_zone")?)))?.collect()
    }

    fn load_events(&self, condition: &str, values: &[&dyn ToSql]) -> Result<Vec<Event>> {
        self.load_some_events(condition, values, |_| true)
    }

    /// Of the events that the condition holds for those that are `wanted`: the others are not even read.
    fn load_some_events(&self, condition: &str, values: &[&dyn ToSql], wanted: impl Fn(EventId) -> bool) -> Result<Vec<Event>> {
        let columns = rows::COLUMNS.join(", ");
        let mut query = self.connection().prepare_cached(&format!("SELECT {columns} FROM events WHERE {condition}"))?;
        let mut rows = query.query(values)?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            if wanted(parsed(row, rows::ID)?) {
                events.push(rows::event(row)?);
            }
        }
        events.sort_by_cached_key(|event| event.id);
        let places: HashMap<EventId, usize> = events.iter().enumerate().map(|(place, event)| (event.id, place)).collect();
        let most = places.len() > MANY && self.count_at_most()? < MANY * places.len();
        let (condition, values) = if most { (ALL, &[][..]) } else { (condition, values) };
        self.each_part("event_roles", "role", condition, values, &places, &mut events, |event, text| {
            event.details.roles.insert(text.parse().ok()?);
            Some(())
        })?;
        self.each_part("event_co_hosts", "partner", condition, values, &places, &mut events, |event, text| {
            event.details.co_hosts.push(text.parse().ok()?);
            Some(())
        })?;
        self.each_part("event_speakers", "person", condition, values, &places, &mut events, |event, text| {
            event.details.speakers.insert(text.parse().ok()?);
            Some(())
        })?;
        self.each_part("event_stages", "stage", condition, values, &places, &mut events, |event, text| {
            event.details.stages.insert(text.to_owned());
            Some(())
        })?;
        self.each_part("asked_partners", "partner", condition, values, &places, &mut events, |event, text| {
            event.asked.insert(text.parse().ok()?);
            Some(())
        })?;
        Ok(events)
    }

    #[allow(clippy::too_many_arguments, reason = "one helper of one function, so that five tables are read alike")]
    fn each_part(
        &self,
        table: &'static str,
        column: &'static str,
        condition: &str,
        values: &[&dyn ToSql],
        places: &HashMap<EventId, usize>,
        events: &mut [Event],
        add: impl Fn(&mut Event, &str) -> Option<()>,
    ) -> Result<()> {
        if events.is_empty() {
            return Ok(());
        }
        let of_them = if condition == ALL { ALL } else { &format!("event IN (SELECT id FROM events WHERE {condition})") };
        let mut query =
            self.connection().prepare_cached(&format!("SELECT event, {column} AS part FROM {table} WHERE {of_them}"))?;
        let mut rows = query.query(values)?;
        while let Some(row) = rows.next()? {
            let part = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
            if let Some(event) = places.get(&parsed(row, PART_OF)?).and_then(|place| events.get_mut(*place)) {
                add(event, part).ok_or_else(|| Error::Unreadable { what: column, value: part.to_owned() })?;
            }
        }
        Ok(())
    }

    fn load_occurrences(&self, condition: &str, values: &[&dyn ToSql]) -> Result<BTreeMap<EventId, Vec<Occurrence>>> {
        self.load_some_occurrences(condition, values, |_| true)
    }

    fn load_some_occurrences(
        &self,
        condition: &str,
        values: &[&dyn ToSql],
        wanted: impl Fn(EventId) -> bool,
    ) -> Result<BTreeMap<EventId, Vec<Occurrence>>> {
        let columns = rows::OCCURRENCE.join(", ");
        let mut query = self.connection().prepare_cached(&format!(
            "SELECT {columns} FROM occurrences WHERE {condition} ORDER BY starts_at, event, original"
        ))?;
        let mut rows = query.query(values)?;
        let mut found: BTreeMap<EventId, Vec<Occurrence>> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let event = parsed(row, rows::OF)?;
            if wanted(event) {
                found.entry(event).or_default().push(rows::occurrence(row)?);
            }
        }
        Ok(found)
    }
}
