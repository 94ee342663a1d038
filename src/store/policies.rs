//! The policies of partners and events, and who changed them.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, parsed, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::conflict::policy::Patch;
use crate::domain::{EventId, PartnerSlug};

/// Whose policy it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyHolder {
    /// A partner's: for all that it hosts.
    Partner(PartnerSlug),
    /// One event's.
    Event(EventId),
}

/// A policy as it is kept: what it changes of the wider one.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPolicy {
    /// Whose.
    pub whose: PolicyHolder,
    /// What it changes.
    pub patch: Patch,
    /// 1 for the first.
    pub revision: u32,
}

/// A change of a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyChange {
    /// When.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub actor: String,
    /// Why, where somebody said so.
    pub reason: Option<String>,
    /// What it said before.
    pub before: Patch,
    /// What it says now.
    pub after: Patch,
}

impl PolicyHolder {
    fn columns(&self) -> (Option<&str>, Option<String>) {
        match self {
            Self::Partner(slug) => (Some(slug.as_str()), None),
            Self::Event(id) => (None, Some(id.to_string())),
        }
    }
}

impl Reader<'_> {
    /// All policies of partners and events.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn policies(&self) -> Result<Vec<StoredPolicy>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM policies ORDER BY id")?;
        query.query_and_then([], stored)?.collect()
    }

    /// One's policy; `None` where there never was one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn policy_of(&self, whose: &PolicyHolder) -> Result<Option<StoredPolicy>> {
        let (partner, event) = whose.columns();
        let mut query = self.connection().prepare_cached("SELECT * FROM policies WHERE partner IS ?1 AND event IS ?2")?;
        query.query_and_then(params![partner, event], stored)?.next().transpose()
    }

    /// The changes of one's policy, first to last.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn policy_changes(&self, whose: &PolicyHolder) -> Result<Vec<PolicyChange>> {
        let (partner, event) = whose.columns();
        let mut query =
            self.connection().prepare_cached("SELECT * FROM policy_changes WHERE partner IS ?1 AND event IS ?2 ORDER BY seq")?;
        query.query_and_then(params![partner, event], change)?.collect()
    }
}

impl Writer<'_> {
    /// Puts a policy in the place of the one before, and the change into its history.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_policy(&self, policy: &StoredPolicy, change: &PolicyChange) -> Result<()> {
        let (partner, event) = policy.whose.columns();
        self.connection().execute("DELETE FROM policies WHERE partner IS ?1 AND event IS ?2", params![partner, event])?;
        self.connection().execute(
            "INSERT INTO policies (partner, event, body, revision) VALUES (?1, ?2, ?3, ?4)",
            params![partner, event, policy.patch.to_json().to_string(), policy.revision],
        )?;
        self.connection().execute(
            "INSERT INTO policy_changes (at, partner, event, actor, reason, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                change.at.timestamp(),
                partner,
                event,
                change.actor,
                change.reason,
                change.before.to_json().to_string(),
                change.after.to_json().to_string(),
            ],
        )?;
        Ok(())
    }
}

fn stored(row: &Row<'_>) -> Result<StoredPolicy> {
    let partner: Option<PartnerSlug> = parsed_if_any(row, "partner")?;
    let whose = match partner {
        Some(partner) => PolicyHolder::Partner(partner),
        None => PolicyHolder::Event(parsed(row, "event")?),
    };
    Ok(StoredPolicy { whose, patch: patch(row, "body")?, revision: row.get("revision")? })
}

fn change(row: &Row<'_>) -> Result<PolicyChange> {
    Ok(PolicyChange {
        at: instant(row, "at")?,
        actor: row.get("actor")?,
        reason: row.get("reason")?,
        before: patch(row, "before")?,
        after: patch(row, "after")?,
    })
}

fn patch(row: &Row<'_>, column: &'static str) -> Result<Patch> {
    let text: String = row.get(column)?;
    let read = serde_json::from_str(&text).ok().and_then(|value| Patch::read(&value).ok());
    read.ok_or(Error::Unreadable { what: "policy", value: text })
}
