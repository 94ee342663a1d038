//! The history: what changed, in the order it was committed.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params, params_from_iter};

use super::columns::{instant, parsed};
use super::{Error, Reader, Result, Writer};
use crate::domain::EventId;

/// One step in the life of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its place in the order of all changes.
    pub seq: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// The event.
    pub event: EventId,
    /// `proposed`, `confirmed`, `moved`, `imported`, …
    pub what: String,
    /// Who made it.
    pub actor: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// The event before, in its JSON form; `None` for a new one.
    pub before: Option<String>,
    /// The event after, in its JSON form.
    pub after: String,
}

/// An event before the last change of its public dates, or of its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicMove {
    /// The event; one that repeats is not among them.
    pub event: EventId,
    /// The event before, in its JSON form.
    pub before: String,
    /// The event as it is now, in its JSON form.
    pub now: String,
}

/// What can move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// When it is.
    Dates,
    /// Where it is, or how people take part.
    Place,
}

impl Reader<'_> {
    /// The last public move of each event that moved, by event; of one event only, where it is named.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_public_moves(&self, moved: Moved, only: Option<EventId>) -> Result<Vec<PublicMove>> {
        let of = |side: &str| match moved {
            Moved::Dates => format!("({side} ->> '$.start', {side} ->> '$.end', {side} ->> '$.time_zone')"),
            Moved::Place => format!("({side} ->> '$.mode', {side} -> '$.venue')"),
        };
        let sql = format!(
            "SELECT event, before,
               (SELECT last.after FROM changes AS last WHERE last.event = moves.event ORDER BY seq DESC LIMIT 1) AS now
             FROM (SELECT event, max(seq) AS seq FROM changes INDEXED BY changes_with_before
                   WHERE before IS NOT NULL AND before ->> '$.private' = 0 AND before ->> '$.recurrence' IS NULL
                     AND before ->> '$.status' IN ('announced', 'confirmed', 'held', 'postponed', 'cancelled')
                     AND {} IS NOT {} {}
                   GROUP BY event) AS moves JOIN changes USING (event, seq) ORDER BY event",
            of("before"),
            of("after"),
            if only.is_some() { "AND event = ?1" } else { "" }
        );
        let read =
            |row: &Row<'_>| Ok(PublicMove { event: parsed(row, "event")?, before: row.get("before")?, now: row.get("now")? });
        let only = only.map(|id| id.to_string());
        self.connection().prepare_cached(&sql)?.query_and_then(params_from_iter(only), read)?.collect()
    }

    /// The events that changed after `since`, each once; `None` where they are more than `most`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn changed_events(&self, since: i64, most: usize) -> Result<Option<Vec<EventId>>> {
        let mut query = self.connection().prepare_cached("SELECT DISTINCT event FROM changes WHERE seq > ?1 LIMIT ?2")?;
        let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
        let found: Vec<EventId> =
            query.query_and_then(params![since, limit], |row| parsed(row, "event"))?.collect::<Result<_>>()?;
        Ok((found.len() <= most).then_some(found))
    }

    /// Changes after `since`, in order, at most `limit`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn changes_since(&self, since: i64, limit: u32) -> Result<Vec<Change>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
        query.query_and_then(params![since, limit], change)?.collect()
    }

    /// The changes of one event, first to last.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn changes_of(&self, event: EventId) -> Result<Vec<Change>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM changes WHERE event = ?1 ORDER BY seq")?;
        query.query_and_then([event.to_string()], change)?.collect()
    }

    /// One change by its place in the order.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn change(&self, seq: i64) -> Result<Change> {
        let mut query = self.connection().prepare_cached("SELECT * FROM changes WHERE seq = ?1")?;
        query.query_and_then([seq], change)?.next().unwrap_or(Err(Error::NotFound("change")))
    }

    /// The last change's place in the order; 0 before the first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_change(&self) -> Result<i64> {
        Ok(self.connection().query_row("SELECT coalesce(max(seq), 0) FROM changes", [], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Records a change and gives its place in the order; `change.seq` is not read.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_change(&self, change: &Change) -> Result<i64> {
        let mut insert = self.connection().prepare_cached(
            "INSERT INTO changes (at, event, what, actor, reason, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?;
        insert.execute(params![
            change.at.timestamp(),
            change.event.to_string(),
            change.what,
            change.actor,
            change.reason,
            change.before,
            change.after
        ])?;
        Ok(self.connection().last_insert_rowid())
    }
}

fn change(row: &Row<'_>) -> Result<Change> {
    Ok(Change {
        seq: row.get("seq")?,
        at: instant(row, "at")?,
        event: parsed(row, "event")?,
        what: row.get("what")?,
        actor: row.get("actor")?,
        reason: row.get("reason")?,
        before: row.get("before")?,
        after: row.get("after")?,
    })
}
