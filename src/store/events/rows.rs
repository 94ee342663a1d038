//! Rows of events and of occurrences, and what they become.

use std::collections::BTreeSet;

use rusqlite::Row;

use crate::domain::{Details, Event, Occurrence, Source, Span, Venue};
use crate::store::columns::{Column, day, instant, original, parsed, parsed_if_any, when};
use crate::store::{Error, Result};

/// The columns of an event, in the order in which they are read.
pub(super) const COLUMNS: [&str; 40] = [
    "id",
    "kind",
    "status",
    "revision",
    "sequence",
    "created_at",
    "changed_at",
    "title",
    "description",
    "url",
    "join_url",
    "partner",
    "cohort",
    "states",
    "anchor",
    "expected",
    "private",
    "transparent",
    "mode",
    "venue_name",
    "room",
    "city",
    "state",
    "country",
    "lat",
    "lon",
    "capacity",
    "has_venue",
    "all_day",
    "starts",
    "ends",
    "time_zone",
    "recurrence",
    "expanded_until",
    "source_uid",
    "source_calendar",
    "source_read_at",
    "source_sequence",
    "source_facts",
    "hold_until",
];

/// The columns of an occurrence, in the same way.
pub(super) const OCCURRENCE: [&str; 9] =
    ["event", "original", "starts_at", "ends_at", "all_day", "starts", "ends", "title", "cancelled"];

macro_rules! event {
    ($name:literal) => {
        const { Column::among(&COLUMNS, $name) }
    };
}

macro_rules! occurrence {
    ($name:literal) => {
        const { Column::among(&OCCURRENCE, $name) }
    };
}

/// Which event a row is.
pub(super) const ID: Column = event!("id");
/// Of which event an occurrence is.
pub(super) const OF: Column = occurrence!("event");

/// The event of a row, without its parts.
pub(super) fn event(row: &Row<'_>) -> Result<Event> {
    Ok(Event {
        id: parsed(row, event!("id"))?,
        status: parsed(row, event!("status"))?,
        revision: event!("revision").of(row)?,
        sequence: event!("sequence").of(row)?,
        created_at: instant(row, event!("created_at"))?,
        changed_at: instant(row, event!("changed_at"))?,
        source: source(row)?,
        asked: BTreeSet::new(),
        details: details(row)?,
    })
}

fn details(row: &Row<'_>) -> Result<Details> {
    let recurrence: Option<String> = event!("recurrence").of(row)?;
    Ok(Details {
        kind: parsed(row, event!("kind"))?,
        title: event!("title").of(row)?,
        description: event!("description").of(row)?,
        url: event!("url").of(row)?,
        join_url: event!("join_url").of(row)?,
        partner: parsed(row, event!("partner"))?,
        co_hosts: Vec::new(),
        cohort: parsed_if_any(row, event!("cohort"))?,
        states: event!("states").of::<String>(row)?.split_whitespace().map(str::to_owned).collect(),
        anchor: parsed_if_any(row, event!("anchor"))?,
        roles: Default::default(),
        stages: Default::default(),
        speakers: Default::default(),
        expected: event!("expected").of(row)?,
        private: event!("private").of(row)?,
        transparent: event!("transparent").of(row)?,
        mode: parsed(row, event!("mode"))?,
        venue: event!("has_venue").of::<bool>(row)?.then(|| venue(row)).transpose()?,
        when: when(row, [event!("all_day"), event!("starts"), event!("ends")])?,
        zone: parsed(row, event!("time_zone"))?,
        recurrence: recurrence
            .map(|text| serde_json::from_str(&text).map_err(|_| Error::Unreadable { what: "recurrence", value: text }))
            .transpose()?,
        hold_until: event!("hold_until").of::<Option<String>>(row)?.map(|text| day(&text, "hold_until")).transpose()?,
    })
}

fn venue(row: &Row<'_>) -> Result<Venue> {
    Ok(Venue {
        name: event!("venue_name").of(row)?,
        room: event!("room").of(row)?,
        city: event!("city").of(row)?,
        state: event!("state").of(row)?,
        country: event!("country").of(row)?,
        lat: event!("lat").of(row)?,
        lon: event!("lon").of(row)?,
        capacity: event!("capacity").of(row)?,
    })
}

fn source(row: &Row<'_>) -> Result<Option<Source>> {
    let Some(uid) = event!("source_uid").of(row)? else { return Ok(None) };
    Ok(Some(Source {
        uid,
        calendar: event!("source_calendar").of(row)?,
        read_at: instant(row, event!("source_read_at"))?,
        sequence: event!("source_sequence").of(row)?,
        facts: event!("source_facts").of(row)?,
    }))
}

/// The occurrence of a row.
pub(super) fn occurrence(row: &Row<'_>) -> Result<Occurrence> {
    Ok(Occurrence {
        original: original(&occurrence!("original").of::<String>(row)?)?,
        when: when(row, [occurrence!("all_day"), occurrence!("starts"), occurrence!("ends")])?,
        span: Span::new(instant(row, occurrence!("starts_at"))?, instant(row, occurrence!("ends_at"))?),
        title: occurrence!("title").of(row)?,
        cancelled: occurrence!("cancelled").of(row)?,
    })
}
