//! Findings as they stand, and the decisions to go on in spite of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::instant;
use super::overrides::{Override, overridden};
use super::{Error, Reader, Result, Writer};
use crate::domain::EventId;
use crate::domain::conflict::{Finding, Kind, Severity};

/// A finding, since when it stands, and the override that holds for it.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredFinding {
    /// What was found.
    pub finding: Finding,
    /// Since when.
    pub found_at: DateTime<Utc>,
    /// The decision to go on, if there is one and the facts are still those it was about.
    pub overridden: Option<Override>,
}

const SELECT: &str = "SELECT findings.body, findings.found_at, findings.facts AS now, findings.fingerprint,
    overrides.id, overrides.facts, overrides.by_name, overrides.by_email, overrides.at, overrides.reason,
    overrides.expires, overrides.zone
  FROM findings LEFT JOIN overrides ON overrides.fingerprint = findings.fingerprint AND overrides.facts = findings.facts
    AND overrides.ended_at IS NULL";

impl Reader<'_> {
    /// All findings, by fingerprint.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn findings(&self) -> Result<Vec<StoredFinding>> {
        self.connection()
            .prepare_cached(&format!("{SELECT} ORDER BY findings.fingerprint"))?
            .query_and_then([], stored)?
            .collect()
    }

    /// The findings that involve an event, by fingerprint.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn findings_of(&self, event: EventId) -> Result<Vec<StoredFinding>> {
        let sql = format!(
            "{SELECT} WHERE findings.fingerprint IN (SELECT fingerprint FROM finding_events WHERE event = ?1)
             ORDER BY findings.fingerprint"
        );
        self.connection().prepare_cached(&sql)?.query_and_then([event.to_string()], stored)?.collect()
    }

    /// Is a finding stored that involves any of these events?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn has_findings(&self, events: &[EventId]) -> Result<bool> {
        let events: Vec<String> = events.iter().map(EventId::to_string).collect();
        let mut query = self
            .connection()
            .prepare_cached("SELECT 1 FROM finding_events WHERE event IN (SELECT value FROM json_each(?1)) LIMIT 1")?;
        Ok(query.exists([serde_json::json!(events).to_string()])?)
    }

    /// The finding of that fingerprint.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it does not stand.
    pub fn finding(&self, fingerprint: &str) -> Result<StoredFinding> {
        let sql = format!("{SELECT} WHERE findings.fingerprint = ?1");
        let mut query = self.connection().prepare_cached(&sql)?;
        query.query_and_then([fingerprint], stored)?.next().unwrap_or(Err(Error::NotFound("finding")))
    }
}

impl Writer<'_> {
    /// Puts these in the place of all stored findings that involve `event`; gives those that are new,
    /// or were not yet high or a block and are now, or were overridden for other facts.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn replace_findings_of<'f>(
        &self,
        event: EventId,
        findings: &'f [Finding],
        at: DateTime<Utc>,
    ) -> Result<Vec<&'f Finding>> {
        self.replace(self.findings_of(event)?, findings, at)
    }

    /// Adds findings that were never there before: each involves an event that is new.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_findings(&self, findings: &[NewFinding], at: DateTime<Utc>) -> Result<()> {
        for NewFinding { finding, body } in findings {
            self.put_finding(finding, body, at)?;
            self.opened(finding, at)?;
        }
        Ok(())
    }

    /// Puts these in the place of the stored findings of that kind that involve `event`; gives what
    /// [`Writer::replace_findings_of`] gives.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn replace_findings_of_kind<'f>(
        &self,
        event: EventId,
        kind: Kind,
        findings: &'f [Finding],
        at: DateTime<Utc>,
    ) -> Result<Vec<&'f Finding>> {
        let sql = format!(
            "{SELECT} WHERE findings.fingerprint IN (SELECT fingerprint FROM finding_events WHERE event = ?1)
               AND findings.kind = ?2 ORDER BY findings.fingerprint"
        );
        let mut query = self.connection().prepare_cached(&sql)?;
        let known = query.query_and_then([event.to_string().as_str(), kind.as_str()], stored)?.collect::<Result<Vec<_>>>()?;
        self.replace(known, findings, at)
    }

    fn replace<'f>(&self, stored: Vec<StoredFinding>, findings: &'f [Finding], at: DateTime<Utc>) -> Result<Vec<&'f Finding>> {
        let known: BTreeMap<String, StoredFinding> =
            stored.into_iter().map(|stored| (stored.finding.fingerprint.to_string(), stored)).collect();
        let now: BTreeSet<&str> = findings.iter().map(|finding| finding.fingerprint.as_str()).collect();
        for (gone, stored) in known.iter().filter(|(fingerprint, _)| !now.contains(fingerprint.as_str())) {
            self.connection().prepare_cached("DELETE FROM findings WHERE fingerprint = ?1")?.execute([gone])?;
            self.went(&stored.finding, at)?;
        }
        let mut new = Vec::new();
        for finding in findings {
            let before = known.get(finding.fingerprint.as_str());
            if before.is_none_or(|before| before.finding != *finding) {
                self.put_finding(finding, &body(finding)?, before.map_or(at, |before| before.found_at))?;
                self.came(before.map(|before| &before.finding), finding, at)?;
            }
            if before.is_none_or(|before| is_news(before, finding)) {
                new.push(finding);
            }
        }
        Ok(new)
    }

    fn put_finding(&self, finding: &Finding, body: &str, found_at: DateTime<Utc>) -> Result<()> {
        let fingerprint = finding.fingerprint.as_str();
        self.connection()
            .prepare_cached(
                "INSERT INTO findings (fingerprint, kind, severity, facts, body, found_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (fingerprint) DO UPDATE SET severity = excluded.severity, facts = excluded.facts, body = excluded.body",
            )?
            .execute(params![
                fingerprint,
                finding.kind.as_str(),
                finding.severity.as_str(),
                finding.facts,
                body,
                found_at.timestamp()
            ])?;
        for event in &finding.events {
            self.connection()
                .prepare_cached("INSERT INTO finding_events (event, fingerprint) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
                .execute([event.to_string().as_str(), fingerprint])?;
        }
        Ok(())
    }
}

/// A finding that is to be stored, as SQL will keep it: it can be made ready on any thread.
pub struct NewFinding {
    /// What was found.
    pub finding: Finding,
    body: String,
}

impl NewFinding {
    /// Makes a finding ready.
    ///
    /// # Errors
    /// [`Error::Unreadable`] where it cannot be written.
    pub fn of(finding: Finding) -> Result<Self> {
        Ok(Self { body: body(&finding)?, finding })
    }
}

/// Is it graver than whoever was told of it before knows, or was it decided on for what it is not any more?
fn is_news(before: &StoredFinding, now: &Finding) -> bool {
    let is_graver = before.finding.severity < Severity::High && now.severity >= Severity::High;
    is_graver || before.overridden.is_some() && before.finding.facts != now.facts
}

fn stored(row: &Row<'_>) -> Result<StoredFinding> {
    let finding = Finding { facts: row.get("now")?, ..read(&row.get::<_, String>("body")?)? };
    let has_override = row.get::<_, Option<String>>("reason")?.is_some();
    let overridden = has_override.then(|| overridden(row)).transpose()?;
    Ok(StoredFinding { finding, found_at: instant(row, "found_at")?, overridden })
}

/// A finding as SQL keeps it.
pub(super) fn body(finding: &Finding) -> Result<String> {
    serde_json::to_string(finding).map_err(|error| Error::Unreadable { what: "finding", value: error.to_string() })
}

/// A finding from what SQL keeps of it; its facts are in a column of their own.
pub(super) fn read(body: &str) -> Result<Finding> {
    serde_json::from_str(body).map_err(|_| Error::Unreadable { what: "finding", value: body.to_owned() })
}
