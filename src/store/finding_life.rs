//! What became of each finding, in order. Nothing is taken away when a finding goes.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, Row, params};

use super::columns::{instant, parsed, parsed_if_any};
use super::findings::{body, read};
use super::{Error, Reader, Result, Writer};
use crate::domain::PartnerSlug;
use crate::domain::conflict::{Finding, Moment, Severity};

/// One moment in the life of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LifeEntry {
    /// What happened.
    pub what: Moment,
    /// When.
    pub at: DateTime<Utc>,
    /// How grave it was from then on; of what went, how grave it was.
    pub severity: Severity,
    /// Who decided, saw it or was told.
    pub by_name: Option<String>,
    /// For which partner.
    pub partner: Option<PartnerSlug>,
    /// The number of the decision that it is about.
    pub decision: Option<i64>,
}

impl LifeEntry {
    /// Something that nobody did.
    #[must_use]
    pub fn new(what: Moment, severity: Severity, at: DateTime<Utc>) -> Self {
        Self { what, at, severity, by_name: None, partner: None, decision: None }
    }
}

impl Reader<'_> {
    /// The life of a finding from its first moment on; empty where there never was such a finding.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn life_of(&self, fingerprint: &str) -> Result<Vec<LifeEntry>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM finding_life WHERE fingerprint = ?1 ORDER BY seq")?;
        query.query_and_then([fingerprint], entry)?.collect()
    }

    /// A finding that is gone, as it was when it went.
    ///
    /// # Errors
    /// [`Error::NotFound`] when none of that fingerprint ever went.
    pub fn gone_finding(&self, fingerprint: &str) -> Result<Finding> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT body FROM finding_life WHERE fingerprint = ?1 AND what = 'gone' ORDER BY seq DESC LIMIT 1")?;
        let found: Option<String> = query.query_row([fingerprint], |row| row.get(0)).optional()?;
        read(&found.ok_or(Error::NotFound("finding"))?)
    }

    /// Has nobody of this partner seen a finding as it is now?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn is_news_to(&self, fingerprint: &str, partner: &PartnerSlug) -> Result<bool> {
        let mut query = self.connection().prepare_cached(
            "SELECT what <> 'seen' FROM finding_life
             WHERE fingerprint = ?1 AND (what IN ('opened', 'changed', 'back') OR what = 'seen' AND partner = ?2)
             ORDER BY seq DESC LIMIT 1",
        )?;
        Ok(query.query_row(params![fingerprint, partner.as_str()], |row| row.get(0)).optional()?.unwrap_or(false))
    }

    fn has_lived(&self, fingerprint: &str) -> Result<bool> {
        let mut query = self.connection().prepare_cached("SELECT 1 FROM finding_life WHERE fingerprint = ?1 LIMIT 1")?;
        Ok(query.exists([fingerprint])?)
    }

    /// The place of the last moment in the life of any finding.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_life(&self) -> Result<i64> {
        let mut query = self.connection().prepare_cached("SELECT coalesce(max(seq), 0) FROM finding_life")?;
        Ok(query.query_row([], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Keeps a moment in the life of a finding.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_life(&self, fingerprint: &str, entry: &LifeEntry) -> Result<()> {
        self.insert_life(fingerprint, entry, None)
    }

    /// A finding is there, which was not or was another before.
    pub(super) fn came(&self, before: Option<&Finding>, finding: &Finding, at: DateTime<Utc>) -> Result<()> {
        let fingerprint = finding.fingerprint.as_str();
        let what = match before {
            Some(before) if (before.severity, &before.facts) == (finding.severity, &finding.facts) => return Ok(()),
            Some(_) => Moment::Changed,
            None if !self.has_lived(fingerprint)? => Moment::Opened,
            None if self.take_back(fingerprint, Moment::Gone)? => return Ok(()),
            None => Moment::Back,
        };
        self.insert_life(fingerprint, &LifeEntry::new(what, finding.severity, at), None)
    }

    /// A finding is there that never was.
    pub(super) fn opened(&self, finding: &Finding, at: DateTime<Utc>) -> Result<()> {
        self.insert_life(finding.fingerprint.as_str(), &LifeEntry::new(Moment::Opened, finding.severity, at), None)
    }

    /// A finding is there no longer.
    pub(super) fn went(&self, finding: &Finding, at: DateTime<Utc>) -> Result<()> {
        let fingerprint = finding.fingerprint.as_str();
        if self.take_back(fingerprint, Moment::Opened)? || self.take_back(fingerprint, Moment::Back)? {
            return Ok(());
        }
        self.insert_life(fingerprint, &LifeEntry::new(Moment::Gone, finding.severity, at), Some(body(finding)?))
    }

    /// What came and went, or went and came, within one transaction has not happened: takes the first of the two back.
    fn take_back(&self, fingerprint: &str, what: Moment) -> Result<bool> {
        let Some(before) = self.life_before.get() else { return Ok(false) };
        let taken = self
            .connection()
            .prepare_cached(
                "DELETE FROM finding_life WHERE what = ?2 AND seq > ?3
                   AND seq = (SELECT max(seq) FROM finding_life WHERE fingerprint = ?1)",
            )?
            .execute(params![fingerprint, what.as_str(), before])?;
        Ok(taken > 0)
    }

    fn insert_life(&self, fingerprint: &str, entry: &LifeEntry, body: Option<String>) -> Result<()> {
        if self.life_before.get().is_none() {
            self.life_before.set(Some(self.last_life()?));
        }
        self.connection()
            .prepare_cached(
                "INSERT INTO finding_life (fingerprint, at, what, severity, by_name, partner, override, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                fingerprint,
                entry.at.timestamp(),
                entry.what.as_str(),
                entry.severity.as_str(),
                entry.by_name,
                entry.partner.as_ref().map(PartnerSlug::as_str),
                entry.decision,
                body
            ])?;
        Ok(())
    }
}

fn entry(row: &Row<'_>) -> Result<LifeEntry> {
    Ok(LifeEntry {
        what: parsed(row, "what")?,
        at: instant(row, "at")?,
        severity: parsed(row, "severity")?,
        by_name: row.get("by_name")?,
        partner: parsed_if_any(row, "partner")?,
        decision: row.get("override")?,
    })
}
