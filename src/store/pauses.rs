//! When nothing is sent, to the relay or to one domain, and what those who run the service must know.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, params};

use super::columns::{instant, parsed};
use super::{Error, Reader, Result, Writer};

/// The scope of a pause of the relay itself.
pub const RELAY: &str = "relay";

/// Why nothing is sent for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseCause {
    /// The relay cannot be reached, or does not let us in.
    Away,
    /// It refuses letter after letter for something of ours.
    Refuses,
    /// The receiving domain wants less at a time.
    Rate,
}

/// A time in which nothing is sent to the relay or to a domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// `relay`, or `domain:` and the domain.
    pub scope: String,
    /// Why.
    pub cause: PauseCause,
    /// Since when it has been so, over all pauses in a row.
    pub since: DateTime<Utc>,
    /// Until when nothing is tried.
    pub until: DateTime<Utc>,
    /// How many pauses in a row, this one included.
    pub step: u32,
    /// The server's last words.
    pub reason: String,
}

impl Pause {
    /// Is it in force? One that begins in the future was written before the clock was set back.
    #[must_use]
    pub fn holds(&self, now: DateTime<Utc>) -> bool {
        self.since <= now && now < self.until
    }
}

/// Something that those who run the service must look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// Names it: the same trouble is one alert.
    pub kind: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When it was seen last.
    pub at: DateTime<Utc>,
    /// How often it was seen.
    pub count: u32,
    /// What is wrong, in words.
    pub words: String,
}

impl Reader<'_> {
    /// The pause of the relay or of a domain.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn pause(&self, scope: &str) -> Result<Option<Pause>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM pauses WHERE scope = ?1")?;
        query.query_and_then([scope], pause)?.next().transpose()
    }

    /// All pauses, also those that are over but not yet followed by a success.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn pauses(&self) -> Result<Vec<Pause>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM pauses ORDER BY scope")?;
        query.query_and_then([], pause)?.collect()
    }

    /// What is wrong at present, the oldest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn alerts(&self) -> Result<Vec<Alert>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM alerts ORDER BY since, kind")?;
        query
            .query_and_then([], |row| {
                Ok(Alert {
                    kind: row.get("kind")?,
                    since: instant(row, "since")?,
                    at: instant(row, "at")?,
                    count: row.get("count")?,
                    words: row.get("words")?,
                })
            })?
            .collect()
    }
}

impl Writer<'_> {
    /// Sets a pause in the place of the one that was there.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn set_pause(&self, pause: &Pause) -> Result<()> {
        self.connection().execute(
            "INSERT INTO pauses (scope, cause, since, until, step, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (scope) DO UPDATE SET cause = excluded.cause, since = excluded.since, until = excluded.until,
               step = excluded.step, reason = excluded.reason",
            params![
                pause.scope,
                pause.cause.as_str(),
                pause.since.timestamp(),
                pause.until.timestamp(),
                pause.step,
                pause.reason
            ],
        )?;
        Ok(())
    }

    /// Ends a pause; was there one?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn end_pause(&self, scope: &str) -> Result<bool> {
        Ok(self.connection().prepare_cached("DELETE FROM pauses WHERE scope = ?1")?.execute([scope])? > 0)
    }

    /// Raises an alert, or notes that it was seen again.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn raise_alert(&self, kind: &str, words: &str, since: DateTime<Utc>, at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "INSERT INTO alerts (kind, since, at, count, words) VALUES (?1, ?2, ?3, 1, ?4)
             ON CONFLICT (kind) DO UPDATE SET at = excluded.at, count = count + 1, words = excluded.words",
            params![kind, since.timestamp(), at.timestamp(), words],
        )?;
        Ok(())
    }

    /// Ends an alert; was there one?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn end_alert(&self, kind: &str) -> Result<bool> {
        let kept: Option<i64> =
            self.connection().query_row("SELECT 1 FROM alerts WHERE kind = ?1", [kind], |row| row.get(0)).optional()?;
        Ok(kept.is_some() && self.connection().execute("DELETE FROM alerts WHERE kind = ?1", [kind])? > 0)
    }
}

fn pause(row: &Row<'_>) -> Result<Pause> {
    Ok(Pause {
        scope: row.get("scope")?,
        cause: parsed(row, "cause")?,
        since: instant(row, "since")?,
        until: instant(row, "until")?,
        step: row.get("step")?,
        reason: row.get("reason")?,
    })
}

impl PauseCause {
    /// As it is written in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Away => "away",
            Self::Refuses => "refuses",
            Self::Rate => "rate",
        }
    }
}

impl FromStr for PauseCause {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = [Self::Away, Self::Refuses, Self::Rate].into_iter().find(|cause| cause.as_str() == text);
        found.ok_or_else(|| Error::Unreadable { what: "cause", value: text.to_owned() })
    }
}
