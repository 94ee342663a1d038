//! What was answered to requests that named themselves, for whoever sends one again.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::{Reader, Result, Writer};

/// What was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status, from 200 to 299.
    pub status: u16,
    /// The revision that the answer named.
    pub revision: Option<u32>,
    /// Where it said a new thing is.
    pub location: Option<String>,
    /// Its body.
    pub body: String,
}

/// The hash of a request, and what was answered to it.
pub type KeptAnswer = (String, Answered);

impl Reader<'_> {
    /// What was answered since then to the request that a token's holder called by this key.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn kept_answer(&self, token: i64, key: &str, since: DateTime<Utc>) -> Result<Option<KeptAnswer>> {
        let mut query =
            self.connection().prepare_cached("SELECT * FROM kept_answers WHERE token = ?1 AND key = ?2 AND created_at > ?3")?;
        let found = query.query_row(params![token, key, since.timestamp()], |row| {
            let answered = Answered {
                status: row.get("status")?,
                revision: row.get("revision")?,
                location: row.get("location")?,
                body: row.get("body")?,
            };
            Ok((row.get("request")?, answered))
        });
        Ok(found.optional()?)
    }

    /// Is anything of then or before still kept?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_answers_until(&self, at: DateTime<Utc>) -> Result<bool> {
        let sql = "SELECT 1 FROM kept_answers WHERE created_at <= ?1";
        Ok(self.connection().prepare_cached(sql)?.exists([at.timestamp()])?)
    }
}

impl Writer<'_> {
    /// Keeps what was answered.
    ///
    /// # Errors
    /// What SQLite says: the token must be there, and the key not be taken.
    pub fn keep_answer(&self, token: i64, key: &str, request: &str, answered: &Answered, at: DateTime<Utc>) -> Result<()> {
        let Answered { status, revision, location, body } = answered;
        self.connection().execute(
            "INSERT INTO kept_answers (token, key, request, status, revision, location, body, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![token, key, request, status, revision, location, body, at.timestamp()],
        )?;
        Ok(())
    }

    /// Forgets what was answered then or before, and gives how many answers that were.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn forget_answers(&self, until: DateTime<Utc>) -> Result<usize> {
        Ok(self.connection().execute("DELETE FROM kept_answers WHERE created_at <= ?1", [until.timestamp()])?)
    }
}
