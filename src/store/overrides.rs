//! Decisions to go on in spite of a finding. None is ever taken away: it ends.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, params};

use super::columns::{day, day_text, instant, instant_if_any, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::conflict::{Ending, Expiry, Finding, Standing};

/// A decision to go on in spite of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Its number; 0 before it is stored.
    pub id: i64,
    /// Which finding.
    pub fingerprint: String,
    /// What it was about.
    pub facts: String,
    /// Who decided.
    pub by_name: String,
    /// Their address.
    pub by_email: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
    /// From when on it holds no longer, if it was given for a time only.
    pub expiry: Option<Expiry>,
}

impl Override {
    /// Does it hold for these facts, as long as it has not ended?
    #[must_use]
    pub fn holds_for(&self, facts: &str, now: DateTime<Utc>) -> bool {
        Standing::of(None, self.expiry, &self.facts, Some(facts), now) == Standing::Holds
    }
}

/// A decision with what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptOverride {
    /// The decision.
    pub decision: Override,
    /// The finding as it was decided on.
    pub about: Option<Finding>,
    /// When and how it ended, and who ended it, where it was somebody.
    pub ended: Option<(DateTime<Utc>, Ending, Option<String>)>,
}

impl Reader<'_> {
    /// The overrides that have not ended, by fingerprint, whether or not the facts are still theirs.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn overrides(&self) -> Result<BTreeMap<String, Override>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM overrides WHERE ended_at IS NULL")?;
        query.query_and_then([], |row| overridden(row).map(|found| (found.fingerprint.clone(), found)))?.collect()
    }

    /// All overrides there ever were, the latest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn all_overrides(&self) -> Result<Vec<KeptOverride>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM overrides ORDER BY at DESC, id DESC")?;
        query.query_and_then([], kept)?.collect()
    }

    /// The override of that number.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn override_of(&self, id: i64) -> Result<KeptOverride> {
        let mut query = self.connection().prepare_cached("SELECT * FROM overrides WHERE id = ?1")?;
        query.query_and_then([id], kept)?.next().unwrap_or(Err(Error::NotFound("override")))
    }

    /// The overrides that have not ended and whose day has come, the earliest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn overrides_expiring(&self, now: DateTime<Utc>) -> Result<Vec<Override>> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM overrides WHERE ended_at IS NULL AND lapses_at <= ?1 ORDER BY lapses_at, id")?;
        query.query_and_then([now.timestamp()], overridden)?.collect()
    }
}

impl Writer<'_> {
    /// Records the decision to go on in spite of a finding, in the place of an earlier one; gives its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_override(&self, decision: &Override, about: &Finding) -> Result<i64> {
        let earlier: Option<i64> = self
            .connection()
            .prepare_cached("SELECT id FROM overrides WHERE fingerprint = ?1 AND ended_at IS NULL")?
            .query_row([&decision.fingerprint], |row| row.get(0))
            .optional()?;
        if let Some(earlier) = earlier {
            self.end_override(earlier, Ending::Replaced, Some(&decision.by_name), decision.at)?;
        }
        let body = super::findings::body(about)?;
        self.connection()
            .prepare_cached(
                "INSERT INTO overrides (fingerprint, facts, about, by_name, by_email, at, reason, expires, zone, lapses_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            )?
            .execute(params![
                decision.fingerprint,
                decision.facts,
                body,
                decision.by_name,
                decision.by_email,
                decision.at.timestamp(),
                decision.reason,
                decision.expiry.map(|expiry| day_text(expiry.day)),
                decision.expiry.map(|expiry| expiry.zone.name()),
                decision.expiry.map(|expiry| expiry.at().timestamp()),
            ])?;
        Ok(self.connection().last_insert_rowid())
    }

    /// Ends an override.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number that has not ended.
    pub fn end_override(&self, id: i64, how: Ending, by: Option<&str>, at: DateTime<Utc>) -> Result<()> {
        let ended = self
            .connection()
            .prepare_cached("UPDATE overrides SET ended_at = ?2, ended = ?3, ended_by = ?4 WHERE id = ?1 AND ended_at IS NULL")?
            .execute(params![id, at.timestamp(), how.as_str(), by])?;
        if ended == 0 { Err(Error::NotFound("override")) } else { Ok(()) }
    }
}

pub(super) fn overridden(row: &Row<'_>) -> Result<Override> {
    let expires: Option<String> = row.get("expires")?;
    let expires = expires.map(|text| day(&text, "expires")).transpose()?;
    let zone = parsed_if_any(row, "zone")?;
    Ok(Override {
        id: row.get("id")?,
        fingerprint: row.get("fingerprint")?,
        facts: row.get("facts")?,
        by_name: row.get("by_name")?,
        by_email: row.get("by_email")?,
        at: instant(row, "at")?,
        reason: row.get("reason")?,
        expiry: expires.zip(zone).map(|(day, zone)| Expiry { day, zone }),
    })
}

fn kept(row: &Row<'_>) -> Result<KeptOverride> {
    let decision = overridden(row)?;
    let about: Option<String> = row.get("about")?;
    let about = about.map(|body| super::findings::read(&body)).transpose()?;
    let about = about.map(|about| Finding { facts: decision.facts.clone(), ..about });
    let ended = match (instant_if_any(row, "ended_at")?, parsed_if_any(row, "ended")?) {
        (Some(at), Some(how)) => Some((at, how, row.get("ended_by")?)),
        _ => None,
    };
    Ok(KeptOverride { decision, about, ended })
}
