//! Storing an event with all that it is made of.

use chrono::{DateTime, Utc};
use rusqlite::params;

use crate::domain::Event;
use crate::domain::agenda::Entry;
use crate::store::columns::{day_text, wall_text, when_columns};
use crate::store::{Error, Result, Writer};

impl Writer<'_> {
    /// Stores an event as it is now, new or known, with its occurrences.
    ///
    /// `expanded_until` is up to when a series is expanded; `None` for what happens once.
    ///
    /// # Errors
    /// [`Error::NotFound`] names what it refers to that is not there; else what SQLite says.
    pub fn put_event(&self, entry: &Entry, expanded_until: Option<DateTime<Utc>>) -> Result<()> {
        let id = entry.event.id.to_string();
        let is_known = self.connection().prepare_cached("SELECT 1 FROM events WHERE id = ?1")?.exists([&id])?;
        self.put_row(&entry.event, expanded_until)?;
        if is_known {
            for table in ["event_roles", "event_co_hosts", "event_speakers", "event_stages", "occurrences"] {
                self.connection().prepare_cached(&format!("DELETE FROM {table} WHERE event = ?1"))?.execute([&id])?;
            }
        }
        self.put_parts(&entry.event)?;
        self.put_occurrences(entry)
    }

    fn put_row(&self, event: &Event, expanded_until: Option<DateTime<Utc>>) -> Result<()> {
        let details = &event.details;
        let venue = details.venue.clone().unwrap_or_default();
        let (all_day, starts, ends) = when_columns(details.when);
        let recurrence = details
            .recurrence
            .as_ref()
            .map(serde_json::to_string)
            .transpose()
            .map_err(|error| Error::Unreadable { what: "recurrence", value: error.to_string() })?;
        let source = event.source.as_ref();
        self.connection().prepare_cached(PUT)?.execute(params![
            event.id.to_string(),
            details.kind.as_str(),
            event.status.as_str(),
            event.revision,
            event.sequence,
            event.created_at.timestamp(),
            event.changed_at.timestamp(),
            details.title,
            details.description,
            details.url,
            details.join_url,
            details.partner.as_str(),
            details.cohort.as_ref().map(|slug| slug.as_str()),
            details.anchor.map(|id| id.to_string()),
            details.expected,
            details.private,
            details.transparent,
            details.mode.as_str(),
            venue.name,
            venue.room,
            venue.city,
            venue.state,
            venue.country,
            venue.lat,
            venue.lon,
            venue.capacity,
            details.venue.is_some(),
            all_day,
            starts,
            ends,
            details.zone.name(),
            recurrence,
            expanded_until.map(|at| at.timestamp()),
            source.map(|source| &source.uid),
            source.map(|source| &source.calendar),
            source.map(|source| source.read_at.timestamp()),
            source.map(|source| source.sequence),
            source.map(|source| &source.facts),
            details.hold_until.map(day_text),
            details.states.iter().map(String::as_str).collect::<Vec<_>>().join(" "),
        ])?;
        Ok(())
    }

    fn put_parts(&self, event: &Event) -> Result<()> {
        let (id, details) = (event.id.to_string(), &event.details);
        let add = |sql: &str, text: &str| -> Result<()> {
            self.connection().prepare_cached(sql)?.execute([&id, text])?;
            Ok(())
        };
        for role in &details.roles {
            add("INSERT INTO event_roles (event, role) VALUES (?1, ?2)", role.as_str())?;
        }
        for person in &details.speakers {
            add("INSERT INTO event_speakers (event, person) VALUES (?1, ?2)", person.as_str())?;
        }
        for stage in &details.stages {
            add("INSERT INTO event_stages (event, stage) VALUES (?1, ?2)", stage)?;
        }
        for (position, partner) in (0_i64..).zip(&details.co_hosts) {
            self.connection()
                .prepare_cached("INSERT INTO event_co_hosts (event, position, partner) VALUES (?1, ?2, ?3)")?
                .execute(params![id, position, partner.as_str()])?;
        }
        Ok(())
    }

    fn put_occurrences(&self, entry: &Entry) -> Result<()> {
        let id = entry.event.id.to_string();
        let mut insert = self.connection().prepare_cached(
            "INSERT INTO occurrences (event, original, starts_at, ends_at, all_day, starts, ends, title, cancelled)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for one in &entry.occurrences {
            let (all_day, starts, ends) = when_columns(one.when);
            insert.execute(params![
                id,
                wall_text(one.original),
                one.span.start.timestamp(),
                one.span.end.timestamp(),
                all_day,
                starts,
                ends,
                one.title,
                one.cancelled
            ])?;
        }
        Ok(())
    }
}

const PUT: &str = "INSERT INTO events (id, kind, status, revision, sequence, created_at, changed_at, title, description, url,
    join_url, partner, cohort, anchor, expected, private, transparent, mode, venue_name, room, city, state, country, lat, lon,
    capacity, has_venue, all_day, starts, ends, time_zone, recurrence, expanded_until, source_uid, source_calendar,
    source_read_at, source_sequence, source_facts, hold_until, states)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
    ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, ?40)
  ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, status = excluded.status, revision = excluded.revision,
    sequence = excluded.sequence, changed_at = excluded.changed_at, title = excluded.title, description = excluded.description,
    url = excluded.url, join_url = excluded.join_url, partner = excluded.partner, cohort = excluded.cohort,
    anchor = excluded.anchor, expected = excluded.expected, private = excluded.private, transparent = excluded.transparent,
    mode = excluded.mode, venue_name = excluded.venue_name, room = excluded.room, city = excluded.city, state = excluded.state,
    country = excluded.country, lat = excluded.lat, lon = excluded.lon, capacity = excluded.capacity,
    has_venue = excluded.has_venue, all_day = excluded.all_day, starts = excluded.starts, ends = excluded.ends,
    time_zone = excluded.time_zone, recurrence = excluded.recurrence, expanded_until = excluded.expanded_until,
    source_uid = excluded.source_uid, source_calendar = excluded.source_calendar, source_read_at = excluded.source_read_at,
    source_sequence = excluded.source_sequence, source_facts = excluded.source_facts,
    hold_until = excluded.hold_until, states = excluded.states";
