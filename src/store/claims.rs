//! What sources say of one event where they are several, and who decided between them.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, parsed};
use super::{Reader, Result, Writer};
use crate::domain::{EventId, PartnerSlug};

/// What a source says of an event that was last taken from another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptClaim {
    /// The event.
    pub event: EventId,
    /// The calendar's or the file's name.
    pub source: String,
    /// All that it said, as text.
    pub facts: String,
    /// Since when it says so.
    pub read_at: DateTime<Utc>,
    /// What it said when somebody decided that another source is right.
    pub overruled: Option<String>,
}

/// Somebody decided which source is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceChoice {
    /// The event.
    pub event: EventId,
    /// Which source.
    pub chosen: String,
    /// Who decided.
    pub by_name: String,
    /// Their mail address, where they signed in.
    pub by_email: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

impl Reader<'_> {
    /// Is anything kept of any second source?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_claims(&self) -> Result<bool> {
        Ok(self.connection().prepare_cached("SELECT 1 FROM claims LIMIT 1")?.exists([])?)
    }

    /// The events of which anything is kept.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn events_with_claims(&self) -> Result<BTreeSet<EventId>> {
        let mut query = self.connection().prepare_cached("SELECT DISTINCT event FROM claims")?;
        query.query_and_then([], |row| parsed(row, "event"))?.collect()
    }

    /// What other sources say of an event, by their names.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn claims_of(&self, event: EventId) -> Result<Vec<KeptClaim>> {
        let sql = "SELECT * FROM claims WHERE event = ?1 ORDER BY source";
        self.connection().prepare_cached(sql)?.query_and_then([event.to_string()], claim)?.collect()
    }

    /// The same of all events of a partner.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn claims_on(&self, partner: &PartnerSlug) -> Result<Vec<KeptClaim>> {
        let sql = "SELECT claims.* FROM claims JOIN events ON events.id = claims.event WHERE events.partner = ?1
             ORDER BY claims.event, claims.source";
        self.connection().prepare_cached(sql)?.query_and_then([partner.as_str()], claim)?.collect()
    }

    /// Who decided which source is right for an event, the latest first.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn source_choices(&self, event: EventId) -> Result<Vec<SourceChoice>> {
        let sql = "SELECT * FROM source_choices WHERE event = ?1 ORDER BY id DESC";
        self.connection().prepare_cached(sql)?.query_and_then([event.to_string()], choice)?.collect()
    }
}

impl Writer<'_> {
    /// Keeps what a source says of an event, in the place of what it said before.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_claim(&self, claim: &KeptClaim) -> Result<()> {
        let sql = "INSERT INTO claims (event, source, facts, read_at, overruled) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (event, source) DO UPDATE
             SET facts = excluded.facts, read_at = excluded.read_at, overruled = excluded.overruled";
        let KeptClaim { event, source, facts, read_at, overruled } = claim;
        self.connection().prepare_cached(sql)?.execute(params![
            event.to_string(),
            source,
            facts,
            read_at.timestamp(),
            overruled
        ])?;
        Ok(())
    }

    /// What this source says stands with the event itself now.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn drop_claim(&self, event: EventId, source: &str) -> Result<()> {
        let sql = "DELETE FROM claims WHERE event = ?1 AND source = ?2";
        self.connection().prepare_cached(sql)?.execute(params![event.to_string(), source])?;
        Ok(())
    }

    /// Keeps who decided which source is right.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_source_choice(&self, choice: &SourceChoice) -> Result<()> {
        self.connection().execute(
            "INSERT INTO source_choices (event, chosen, by_name, by_email, at, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                choice.event.to_string(),
                choice.chosen,
                choice.by_name,
                choice.by_email,
                choice.at.timestamp(),
                choice.reason
            ],
        )?;
        Ok(())
    }
}

fn claim(row: &Row<'_>) -> Result<KeptClaim> {
    Ok(KeptClaim {
        event: parsed(row, "event")?,
        source: row.get("source")?,
        facts: row.get("facts")?,
        read_at: instant(row, "read_at")?,
        overruled: row.get("overruled")?,
    })
}

fn choice(row: &Row<'_>) -> Result<SourceChoice> {
    Ok(SourceChoice {
        event: parsed(row, "event")?,
        chosen: row.get("chosen")?,
        by_name: row.get("by_name")?,
        by_email: row.get("by_email")?,
        at: instant(row, "at")?,
        reason: row.get("reason")?,
    })
}
