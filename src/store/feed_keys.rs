//! Keys of the feeds that are not for everybody. Secrets are kept only as hashes.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::TeamSlug;

/// Whose feed it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedHolder {
    /// A city team's: what concerns its people.
    Team(TeamSlug),
    /// An organizer's, by mail address: also the holds and proposals that they may see.
    User(String),
}

/// A key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedKey {
    /// Its number.
    pub id: i64,
    /// Whose feed it opens.
    pub holder: FeedHolder,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

impl Reader<'_> {
    /// All keys, by number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn feed_keys(&self) -> Result<Vec<FeedKey>> {
        self.connection().prepare_cached("SELECT * FROM feed_keys ORDER BY id")?.query_and_then([], key)?.collect()
    }

    /// The key with that secret's hash, also a revoked one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn feed_key(&self, token_hash: &str) -> Result<Option<FeedKey>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM feed_keys WHERE token_hash = ?1")?;
        query.query_and_then([token_hash], key)?.next().transpose()
    }
}

impl Writer<'_> {
    /// Keeps a new key and gives its number.
    ///
    /// # Errors
    /// What SQLite says: the team or the user must be there.
    pub fn add_feed_key(&self, holder: &FeedHolder, token_hash: &str, at: DateTime<Utc>) -> Result<i64> {
        let (team, email) = match holder {
            FeedHolder::Team(slug) => (Some(slug.as_str()), None),
            FeedHolder::User(email) => (None, Some(email.as_str())),
        };
        self.connection().execute(
            "INSERT INTO feed_keys (team, email, token_hash, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![team, email, token_hash, at.timestamp()],
        )?;
        Ok(self.connection().last_insert_rowid())
    }

    /// Revokes a key.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number that still works.
    pub fn revoke_feed_key(&self, id: i64, at: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE feed_keys SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
        let revoked = self.connection().execute(sql, params![id, at.timestamp()])?;
        if revoked == 1 { Ok(()) } else { Err(Error::NotFound("feed key")) }
    }
}

fn key(row: &Row<'_>) -> Result<FeedKey> {
    let holder = match parsed_if_any(row, "team")? {
        Some(team) => FeedHolder::Team(team),
        None => FeedHolder::User(row.get("email")?),
    };
    Ok(FeedKey {
        id: row.get("id")?,
        holder,
        created_at: instant(row, "created_at")?,
        revoked_at: instant_if_any(row, "revoked_at")?,
    })
}
