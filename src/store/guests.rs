//! Who said that they come to an event, or speak there, and what their calendar was told of it.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, original, parsed, parsed_if_any, wall_text};
use super::{Error, Reader, Result, Writer};
use crate::domain::{EventId, PersonSlug};

/// Somebody who comes, was asked whether they come, or comes no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Their number; 0 before it is kept.
    pub id: i64,
    /// The event.
    pub event: EventId,
    /// The occurrence of a series, by its start under the rule; `None` for an event that happens once.
    pub original: Option<NaiveDateTime>,
    /// Their address, in lower case.
    pub email: String,
    /// Their name, as they gave it.
    pub name: Option<String>,
    /// Whom of the event's speakers this is; `None` for those who listen.
    pub speaker: Option<PersonSlug>,
    /// Where it stands.
    pub state: GuestState,
    /// Who of the partner asked them; `None` where they came by themselves.
    pub asked_by: Option<String>,
    /// When they were last asked to confirm.
    pub asked_at: DateTime<Utc>,
    /// How often they were asked.
    pub asks: i64,
    /// Until when the link to confirm works.
    pub confirm_until: DateTime<Utc>,
    /// When they confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When they said off.
    pub off_at: Option<DateTime<Utc>>,
    /// The last `SEQUENCE` that was sent to them.
    pub sequence: Option<u32>,
    /// What their calendar has (JSON); `None` where it has no entry.
    pub told: Option<String>,
    /// The first change that their calendar was not told of.
    pub changed_at: Option<DateTime<Utc>>,
    /// When it will be told.
    pub due_at: Option<DateTime<Utc>>,
}

/// Where somebody's coming stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GuestState {
    /// Asked by mail whether they meant it.
    Pending,
    /// They come.
    Coming,
    /// They come no longer.
    Off,
}

impl Reader<'_> {
    /// One of them.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub fn guest(&self, id: i64) -> Result<Guest> {
        let mut query = self.connection().prepare_cached("SELECT * FROM guests WHERE id = ?1")?;
        query.query_and_then([id], guest)?.next().unwrap_or(Err(Error::NotFound("invitation")))
    }

    /// Whom a link to confirm was sent to, by its hash.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown one.
    pub fn guest_to_confirm(&self, hash: &str) -> Result<Guest> {
        let mut query = self.connection().prepare_cached("SELECT * FROM guests WHERE confirm_hash = ?1")?;
        query.query_and_then([hash], guest)?.next().unwrap_or(Err(Error::NotFound("link")))
    }

    /// Everybody of an event who confirmed, by occurrence and number; also those who then said off.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn guests_of(&self, event: EventId) -> Result<Vec<Guest>> {
        let sql = "SELECT * FROM guests WHERE event = ?1 AND confirmed_at IS NOT NULL ORDER BY original, id";
        self.connection().prepare_cached(sql)?.query_and_then([event.to_string()], guest)?.collect()
    }

    /// Of an event, occurrence and address, if they were ever asked.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn guest_at(&self, event: EventId, at: Option<NaiveDateTime>, email: &str) -> Result<Option<Guest>> {
        let sql = "SELECT * FROM guests WHERE event = ?1 AND original = ?2 AND email = ?3";
        let mut query = self.connection().prepare_cached(sql)?;
        query.query_and_then(params![event.to_string(), key(at), email], guest)?.next().transpose()
    }

    /// Those whose calendar is to be told of a change, now or later; the next first.
    ///
    /// # Errors
    /// What SQLite says, or a value that is no longer known.
    pub fn guests_waiting(&self) -> Result<Vec<Guest>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM guests WHERE due_at IS NOT NULL ORDER BY due_at, id")?;
        query.query_and_then([], guest)?.collect()
    }

    /// The numbers of those whose calendar is to be told of a change by now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn guests_due(&self, at: DateTime<Utc>) -> Result<Vec<i64>> {
        let mut query = self.connection().prepare_cached("SELECT id FROM guests WHERE due_at <= ?1 ORDER BY due_at, id")?;
        query.query_and_then([at.timestamp()], |row| Ok(row.get(0)?))?.collect()
    }
}

impl Writer<'_> {
    /// Keeps that somebody was asked to confirm; their number, or `None` where they come already.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn ask_guest(&self, new: &Guest, confirm_hash: &str) -> Result<Option<i64>> {
        let mut ask = self.connection().prepare_cached(
            "INSERT INTO guests (event, original, email, name, speaker, state, asked_by, asked_at, confirm_hash, confirm_until)
             VALUES (?1, ?2, ?3, ?4, ?5, 'pending', ?6, ?7, ?8, ?9)
             ON CONFLICT (event, original, email) DO UPDATE SET name = excluded.name, speaker = excluded.speaker,
               state = 'pending', asked_by = excluded.asked_by, asked_at = excluded.asked_at, asks = asks + 1,
               confirm_hash = excluded.confirm_hash, confirm_until = excluded.confirm_until, confirmed_at = NULL
             WHERE state <> 'coming' RETURNING id",
        )?;
        let mut rows = ask.query(params![
            new.event.to_string(),
            key(new.original),
            new.email,
            new.name,
            new.speaker.as_ref().map(ToString::to_string),
            new.asked_by,
            new.asked_at.timestamp(),
            confirm_hash,
            new.confirm_until.timestamp(),
        ])?;
        Ok(rows.next()?.map(|row| row.get(0)).transpose()?)
    }

    /// Keeps where their coming stands and what their calendar was told.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn change_guest(&self, guest: &Guest) -> Result<()> {
        let seconds = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp());
        self.connection()
            .prepare_cached(
                "UPDATE guests SET state = ?2, confirmed_at = ?3, off_at = ?4, sequence = ?5, told = ?6, changed_at = ?7, due_at = ?8
                 WHERE id = ?1",
            )?
            .execute(params![
                guest.id,
                guest.state.as_str(),
                seconds(guest.confirmed_at),
                seconds(guest.off_at),
                guest.sequence,
                guest.told,
                seconds(guest.changed_at),
                seconds(guest.due_at),
            ])?;
        Ok(())
    }

    /// Forgets whoever was asked before that time, never answered, and was never sent an entry.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn forget_unanswered(&self, before: DateTime<Utc>) -> Result<usize> {
        let sql = "DELETE FROM guests WHERE state = 'pending' AND sequence IS NULL AND confirm_until < ?1";
        Ok(self.connection().execute(sql, [before.timestamp()])?)
    }
}

fn key(original: Option<NaiveDateTime>) -> String {
    original.map(wall_text).unwrap_or_default()
}

fn guest(row: &Row<'_>) -> Result<Guest> {
    let at: String = row.get("original")?;
    Ok(Guest {
        id: row.get("id")?,
        event: parsed(row, "event")?,
        original: if at.is_empty() { None } else { Some(original(&at)?) },
        email: row.get("email")?,
        name: row.get("name")?,
        speaker: parsed_if_any(row, "speaker")?,
        state: parsed(row, "state")?,
        asked_by: row.get("asked_by")?,
        asked_at: instant(row, "asked_at")?,
        asks: row.get("asks")?,
        confirm_until: instant(row, "confirm_until")?,
        confirmed_at: instant_if_any(row, "confirmed_at")?,
        off_at: instant_if_any(row, "off_at")?,
        sequence: row.get("sequence")?,
        told: row.get("told")?,
        changed_at: instant_if_any(row, "changed_at")?,
        due_at: instant_if_any(row, "due_at")?,
    })
}

impl GuestState {
    /// As it is written in SQL and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Coming => "coming",
            Self::Off => "off",
        }
    }
}

impl FromStr for GuestState {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = [Self::Pending, Self::Coming, Self::Off].into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| Error::Unreadable { what: "state", value: text.to_owned() })
    }
}
