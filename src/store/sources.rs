//! Upstream calendars: where they are, what each reading came to, and which events they gave.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::{EventId, Mode, PartnerSlug, RoleSlug};

/// A partner's own calendar that the service keeps reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UpstreamCalendar {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub partner: PartnerSlug,
    /// What people call it; one of its kind within the partner.
    pub name: String,
    /// Where it is read, with whatever secret its address holds; `None` for what was uploaded.
    pub address: Option<String>,
    /// What events name as the calendar that gave them, where its host alone is what another one is called.
    pub calendar: Option<String>,
    /// The zone of times that name none.
    pub zone: Tz,
    /// Whom its events are for where they do not say.
    pub roles: BTreeSet<RoleSlug>,
    /// How people take part where an event does not say.
    pub mode: Option<Mode>,
    /// How often it is read, while all is well.
    pub every: Duration,
    /// The `ETag` of what was read last.
    pub etag: Option<String>,
    /// The `Last-Modified` of what was read last.
    pub last_modified: Option<String>,
    /// When it is read next; `None` for what was uploaded.
    pub next_at: Option<DateTime<Utc>>,
    /// Since when it cannot be read.
    pub failing_since: Option<DateTime<Utc>>,
    /// How often in a row it could not be read.
    pub failures: u32,
    /// When the partner was last told that it cannot be read.
    pub told_at: Option<DateTime<Utc>>,
    /// When it was added.
    pub created_at: DateTime<Utc>,
    /// Since when it is not read, because somebody said so.
    pub paused_at: Option<DateTime<Utc>>,
    /// How often its settings were changed, from 1.
    pub revision: u32,
}

/// What one reading came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which calendar.
    pub source: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub took: Duration,
    /// How it went.
    pub outcome: ReadingOutcome,
    /// Events not known before.
    pub new: usize,
    /// Events that changed, also those called off.
    pub changed: usize,
    /// Events as they were.
    pub unchanged: usize,
    /// Events withdrawn upstream by this reading.
    pub gone: usize,
    /// Lines that were left out because they were not understood.
    pub refused: usize,
    /// Rows that wait for a yes or no.
    pub held: usize,
    /// What went wrong, in words and without secrets.
    pub message: Option<String>,
}

/// How a reading went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReadingOutcome {
    /// It was read.
    Read,
    /// The server said that it is as it was.
    NotModified,
    /// It could not be read; everything stays as it was.
    Failed,
}

/// An event that its calendar gives no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// The event.
    pub event: EventId,
    /// The calendar's name.
    pub name: String,
    /// Whose calendar it is.
    pub partner: PartnerSlug,
    /// Since when it is missing there.
    pub since: DateTime<Utc>,
}

/// Withdrawn for now: missing in one calendar, given by no other, and nobody has decided to keep it.
const WITHDRAWN: &str = "SELECT one.event, one.withdrawn_at, sources.name, sources.partner
  FROM source_events AS one JOIN sources ON sources.id = one.source
  WHERE one.withdrawn_at IS NOT NULL AND one.kept_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM source_events AS other WHERE other.event = one.event AND other.withdrawn_at IS NULL)";

impl Reader<'_> {
    /// All upstream calendars, by number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn sources(&self) -> Result<Vec<UpstreamCalendar>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM sources ORDER BY id")?;
        let found: Vec<UpstreamCalendar> = query.query_and_then([], source)?.collect::<Result<_>>()?;
        found.into_iter().map(|one| self.with_roles(one)).collect()
    }

    /// One upstream calendar.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub fn source(&self, id: i64) -> Result<UpstreamCalendar> {
        let mut query = self.connection().prepare_cached("SELECT * FROM sources WHERE id = ?1")?;
        let found = query.query_and_then([id], source)?.next().unwrap_or(Err(Error::NotFound("source")))?;
        self.with_roles(found)
    }

    fn with_roles(&self, mut source: UpstreamCalendar) -> Result<UpstreamCalendar> {
        let mut query = self.connection().prepare_cached("SELECT role FROM source_roles WHERE source = ?1 ORDER BY role")?;
        source.roles = query.query_and_then([source.id], |row| parsed(row, "role"))?.collect::<Result<_>>()?;
        Ok(source)
    }

    /// The latest reading of a calendar.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_reading(&self, source: i64) -> Result<Option<Reading>> {
        Ok(self.readings(source, 1)?.into_iter().next())
    }

    /// The latest readings of a calendar, newest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn readings(&self, source: i64, limit: u32) -> Result<Vec<Reading>> {
        let sql = "SELECT * FROM readings WHERE source = ?1 ORDER BY id DESC LIMIT ?2";
        self.connection().prepare_cached(sql)?.query_and_then(params![source, limit], reading)?.collect()
    }

    /// The events that a calendar gives, those withdrawn aside.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn given_by(&self, source: i64) -> Result<BTreeSet<EventId>> {
        let sql = "SELECT event FROM source_events WHERE source = ?1 AND withdrawn_at IS NULL";
        self.connection().prepare_cached(sql)?.query_and_then([source], |row| parsed(row, "event"))?.collect()
    }

    /// Is this event withdrawn upstream, and where?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn withdrawn(&self, event: EventId) -> Result<Option<Withdrawn>> {
        let mut query = self.connection().prepare_cached(&format!("{WITHDRAWN} AND one.event = ?1 ORDER BY one.source"))?;
        query.query_and_then([event.to_string()], withdrawn)?.next().transpose()
    }

    /// All events that are withdrawn upstream, the longest missing first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn all_withdrawn(&self) -> Result<Vec<Withdrawn>> {
        let sql = format!("{WITHDRAWN} ORDER BY one.withdrawn_at, one.event, one.source");
        let mut found: Vec<Withdrawn> =
            self.connection().prepare_cached(&sql)?.query_and_then([], withdrawn)?.collect::<Result<_>>()?;
        found.dedup_by_key(|one| one.event);
        Ok(found)
    }
}

impl Writer<'_> {
    /// Adds an upstream calendar and gives its number; `source.id` is not read.
    ///
    /// # Errors
    /// [`Error::Taken`] when that address is read already, or the partner has one of that name.
    pub fn add_source(&self, source: &UpstreamCalendar) -> Result<i64> {
        let sql = "SELECT 1 FROM sources WHERE address = ?1 OR (partner = ?2 AND name = ?3)";
        if self.connection().prepare_cached(sql)?.exists(params![source.address, source.partner.as_str(), source.name])? {
            return Err(Error::Taken("source"));
        }
        self.connection().execute(
            "INSERT INTO sources (partner, name, address, time_zone, mode, every, next_at, created_at, calendar)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                source.partner.as_str(),
                source.name,
                source.address,
                source.zone.name(),
                source.mode.map(Mode::as_str),
                i64::try_from(source.every.as_secs()).unwrap_or(i64::MAX),
                source.next_at.map(|at| at.timestamp()),
                source.created_at.timestamp(),
                source.calendar
            ],
        )?;
        let id = self.connection().last_insert_rowid();
        self.put_source_roles(id, &source.roles)?;
        Ok(id)
    }

    /// Keeps a calendar's settings (name, zone, roles, mode, how often, paused) as its next revision.
    ///
    /// # Errors
    /// [`Error::Taken`] when the partner has another of that name; [`Error::Stale`] when it was changed since.
    pub fn put_source_settings(&self, source: &UpstreamCalendar) -> Result<()> {
        let taken = "SELECT 1 FROM sources WHERE partner = ?1 AND name = ?2 AND id <> ?3";
        if self.connection().prepare_cached(taken)?.exists(params![source.partner.as_str(), source.name, source.id])? {
            return Err(Error::Taken("source"));
        }
        let put = self.connection().execute(
            "UPDATE sources SET name = ?3, time_zone = ?4, mode = ?5, every = ?6, paused_at = ?7, revision = revision + 1
             WHERE id = ?1 AND revision = ?2",
            params![
                source.id,
                source.revision,
                source.name,
                source.zone.name(),
                source.mode.map(Mode::as_str),
                i64::try_from(source.every.as_secs()).unwrap_or(i64::MAX),
                source.paused_at.map(|at| at.timestamp())
            ],
        )?;
        if put == 0 {
            return Err(Error::Stale);
        }
        self.connection().execute("DELETE FROM source_roles WHERE source = ?1", [source.id])?;
        self.put_source_roles(source.id, &source.roles)
    }

    fn put_source_roles(&self, source: i64, roles: &BTreeSet<RoleSlug>) -> Result<()> {
        for role in roles {
            let sql = "INSERT INTO source_roles (source, role) VALUES (?1, ?2)";
            self.connection().execute(sql, params![source, role.as_str()])?;
        }
        Ok(())
    }

    /// Forgets a calendar with the record of its readings; the events that it gave stay.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_source(&self, id: i64) -> Result<()> {
        self.connection().execute("DELETE FROM sources WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Takes those calendars that are due at `now` for whoever asks: they are not due for others until `until`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn claim_due_sources(&self, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<i64>> {
        let mut claim = self
            .connection()
            .prepare_cached("UPDATE sources SET next_at = ?2 WHERE next_at <= ?1 AND paused_at IS NULL RETURNING id")?;
        let mut ids: Vec<i64> =
            claim.query_map([now.timestamp(), until.timestamp()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// Keeps how a calendar stands after a reading: validators, next time, failures, when somebody was told.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_source_state(&self, source: &UpstreamCalendar) -> Result<()> {
        self.connection().execute(
            "UPDATE sources SET etag = ?2, last_modified = ?3, next_at = ?4, failing_since = ?5, failures = ?6, told_at = ?7
             WHERE id = ?1",
            params![
                source.id,
                source.etag,
                source.last_modified,
                source.next_at.map(|at| at.timestamp()),
                source.failing_since.map(|at| at.timestamp()),
                source.failures,
                source.told_at.map(|at| at.timestamp())
            ],
        )?;
        Ok(())
    }

    /// Keeps the record of a reading, and of each calendar the last two hundred.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_reading(&self, reading: &Reading) -> Result<()> {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        self.connection().execute(
            "INSERT INTO readings (source, at, took_ms, outcome, new, changed, unchanged, gone, refused, held, message)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            params![
                reading.source,
                reading.at.timestamp(),
                i64::try_from(reading.took.as_millis()).unwrap_or(i64::MAX),
                reading.outcome.as_str(),
                count(reading.new),
                count(reading.changed),
                count(reading.unchanged),
                count(reading.gone),
                count(reading.refused),
                count(reading.held),
                reading.message
            ],
        )?;
        self.connection().execute(
            "DELETE FROM readings WHERE source = ?1 AND id <=
               (SELECT id FROM readings WHERE source = ?1 ORDER BY id DESC LIMIT 1 OFFSET 200)",
            [reading.source],
        )?;
        Ok(())
    }

    /// A calendar gives this event: it is not, or no longer, withdrawn there.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn give(&self, source: i64, event: EventId) -> Result<()> {
        let sql = "INSERT INTO source_events (source, event) VALUES (?1, ?2)
             ON CONFLICT (source, event) DO UPDATE SET withdrawn_at = NULL, kept_at = NULL WHERE withdrawn_at IS NOT NULL";
        self.connection().prepare_cached(sql)?.execute(params![source, event.to_string()])?;
        Ok(())
    }

    /// A calendar gives this event no longer.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn withdraw(&self, source: i64, event: EventId, at: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE source_events SET withdrawn_at = ?3 WHERE source = ?1 AND event = ?2 AND withdrawn_at IS NULL";
        self.connection().prepare_cached(sql)?.execute(params![source, event.to_string(), at.timestamp()])?;
        Ok(())
    }

    /// A calendar need not give this event any more: it is over, or called off.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn let_go(&self, source: i64, event: EventId) -> Result<()> {
        let sql = "DELETE FROM source_events WHERE source = ?1 AND event = ?2";
        self.connection().prepare_cached(sql)?.execute(params![source, event.to_string()])?;
        Ok(())
    }

    /// Somebody decided that an event stays although it was withdrawn upstream; `false` where it was not.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn keep_withdrawn(&self, event: EventId, at: DateTime<Utc>) -> Result<bool> {
        let kept = self.connection().execute(
            "UPDATE source_events SET kept_at = ?2 WHERE event = ?1 AND withdrawn_at IS NOT NULL AND kept_at IS NULL",
            params![event.to_string(), at.timestamp()],
        )?;
        Ok(kept > 0)
    }
}

fn source(row: &Row<'_>) -> Result<UpstreamCalendar> {
    Ok(UpstreamCalendar {
        id: row.get("id")?,
        partner: parsed(row, "partner")?,
        name: row.get("name")?,
        address: row.get("address")?,
        calendar: row.get("calendar")?,
        zone: parsed(row, "time_zone")?,
        roles: BTreeSet::new(),
        mode: parsed_if_any(row, "mode")?,
        every: Duration::from_secs(u64::try_from(row.get::<_, i64>("every")?).unwrap_or_default()),
        etag: row.get("etag")?,
        last_modified: row.get("last_modified")?,
        next_at: instant_if_any(row, "next_at")?,
        failing_since: instant_if_any(row, "failing_since")?,
        failures: row.get("failures")?,
        told_at: instant_if_any(row, "told_at")?,
        created_at: instant(row, "created_at")?,
        paused_at: instant_if_any(row, "paused_at")?,
        revision: row.get("revision")?,
    })
}

fn reading(row: &Row<'_>) -> Result<Reading> {
    let count = |column| -> Result<usize> { Ok(usize::try_from(row.get::<_, i64>(column)?).unwrap_or_default()) };
    Ok(Reading {
        source: row.get("source")?,
        at: instant(row, "at")?,
        took: Duration::from_millis(u64::try_from(row.get::<_, i64>("took_ms")?).unwrap_or_default()),
        outcome: parsed(row, "outcome")?,
        new: count("new")?,
        changed: count("changed")?,
        unchanged: count("unchanged")?,
        gone: count("gone")?,
        refused: count("refused")?,
        held: count("held")?,
        message: row.get("message")?,
    })
}

fn withdrawn(row: &Row<'_>) -> Result<Withdrawn> {
    Ok(Withdrawn {
        event: parsed(row, "event")?,
        name: row.get("name")?,
        partner: parsed(row, "partner")?,
        since: instant(row, "withdrawn_at")?,
    })
}

impl ReadingOutcome {
    const ALL: [Self; 3] = [Self::Read, Self::NotModified, Self::Failed];

    /// As it is written in SQL and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::NotModified => "not_modified",
            Self::Failed => "failed",
        }
    }
}

impl FromStr for ReadingOutcome {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|outcome| outcome.as_str() == text);
        found.ok_or_else(|| Error::Unreadable { what: "outcome", value: text.to_owned() })
    }
}
