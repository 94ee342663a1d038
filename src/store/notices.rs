//! What organizers are to be told, until it is told: a row a person and topic, however often it changes meanwhile.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, parsed_if_any};
use super::{Reader, Result, Writer};
use crate::domain::EventId;

/// Something that somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its number; 0 before it is kept.
    pub id: i64,
    /// Whom.
    pub email: String,
    /// What it is about: the same topic again joins the one that waits.
    pub topic: String,
    /// The reader's own event.
    pub event: Option<EventId>,
    /// The finding, where it is about one.
    pub fingerprint: Option<String>,
    /// The calendar that cannot be read, where it is about one.
    pub source: Option<i64>,
    /// What happened, where no row says it.
    pub words: Option<String>,
    /// The place in the history of the first change that it is about; of the last one, for a finding.
    pub from_seq: i64,
    /// It does not wait for quiet.
    pub urgent: bool,
    /// When it first came up.
    pub first_at: DateTime<Utc>,
    /// When it last came up.
    pub last_at: DateTime<Utc>,
}

impl Reader<'_> {
    /// Everything that waits, by person and number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn notices(&self) -> Result<Vec<Notice>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM notices WHERE settled_at IS NULL ORDER BY email, id")?;
        query.query_and_then([], notice)?.collect()
    }

    /// What waits for one person, by number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn notices_for(&self, email: &str) -> Result<Vec<Notice>> {
        let mut query =
            self.connection().prepare_cached("SELECT * FROM notices WHERE settled_at IS NULL AND email = ?1 ORDER BY id")?;
        query.query_and_then([email], notice)?.collect()
    }

    /// Was this topic told to this person in a letter?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_told(&self, email: &str, topic: &str) -> Result<bool> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM notices WHERE email = ?1 AND topic = ?2 AND told = 1)")?;
        Ok(query.query_row([email, topic], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Keeps something to be told; joins what waits under the same topic, and begins its quiet time anew.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_notice(&self, new: &Notice) -> Result<()> {
        self.connection()
            .prepare_cached(
                "INSERT INTO notices (email, topic, event, fingerprint, source, words, from_seq, urgent, first_at, last_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (email, topic) WHERE settled_at IS NULL DO UPDATE SET
                   words = excluded.words, urgent = max(urgent, excluded.urgent), last_at = excluded.last_at",
            )?
            .execute(params![
                new.email,
                new.topic,
                new.event.map(|id| id.to_string()),
                new.fingerprint,
                new.source,
                new.words,
                new.from_seq,
                new.urgent,
                new.first_at.timestamp(),
                new.last_at.timestamp(),
            ])?;
        Ok(())
    }

    /// These were told in `letter`, or came to nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn settle_notices(&self, notices: &[i64], letter: Option<i64>, at: DateTime<Utc>) -> Result<()> {
        let mut settle = self
            .connection()
            .prepare_cached("UPDATE notices SET settled_at = ?2, letter = ?3, told = ?3 IS NOT NULL WHERE id = ?1")?;
        for id in notices {
            settle.execute(params![id, at.timestamp(), letter])?;
        }
        Ok(())
    }
}

fn notice(row: &Row<'_>) -> Result<Notice> {
    Ok(Notice {
        id: row.get("id")?,
        email: row.get("email")?,
        topic: row.get("topic")?,
        event: parsed_if_any(row, "event")?,
        fingerprint: row.get("fingerprint")?,
        source: row.get("source")?,
        words: row.get("words")?,
        from_seq: row.get("from_seq")?,
        urgent: row.get("urgent")?,
        first_at: instant(row, "first_at")?,
        last_at: instant(row, "last_at")?,
    })
}
