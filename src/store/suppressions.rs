//! Letters that came back, by address, and the addresses that are not written to because of that.

use std::str::FromStr;

use chrono::{DateTime, Duration, Utc};
use rusqlite::{OptionalExtension as _, Row, params};

use super::columns::{instant, instant_if_any, parsed};
use super::{Error, Reader, Result, Writer};

/// So many soft failures, on different days, within [`SOFT_DAYS`] stop letters for [`SOFT_REST`] days.
const SOFT_LIMIT: i64 = 3;
const SOFT_DAYS: i64 = 14;
const SOFT_REST: i64 = 30;

/// How much a letter that came back says about its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nobody is there.
    Hard,
    /// Not now: the mailbox is full, the server does not answer.
    Soft,
    /// It is about us, not about the person: blocked, not authenticated, looks like spam.
    Policy,
}

/// A letter that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounce {
    /// The letter's number.
    pub outbox: i64,
    /// What it says.
    pub weight: Weight,
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: Option<String>,
    /// The receiving server's words.
    pub reply: String,
}

/// What came of noting a bounce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// It is noted.
    Noted,
    /// The letter had come back before, or there is no such letter.
    Known,
    /// It is noted, and the address is not written to any more.
    Suppressed,
}

/// An address that is not written to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// The address, in lower case.
    pub address: String,
    /// `hard`, `soft` or `asked`.
    pub reason: SuppressionReason,
    /// What the receiving server said, or who asked for it.
    pub evidence: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// Until when; for good where that is empty.
    pub until: Option<DateTime<Utc>>,
}

/// Why an address is not written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SuppressionReason {
    /// A letter came back for good.
    Hard,
    /// Several came back for now.
    Soft,
    /// Somebody asked for it.
    Asked,
}

impl Reader<'_> {
    /// The addresses that are not written to at that time, in order.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn suppressions(&self, at: DateTime<Utc>) -> Result<Vec<Suppression>> {
        let sql = "SELECT * FROM suppressions WHERE until IS NULL OR until > ?1 ORDER BY address";
        self.connection().prepare_cached(sql)?.query_and_then([at.timestamp()], suppression)?.collect()
    }

    /// What came back of a letter, if it did.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn bounce_of(&self, letter: i64) -> Result<Option<String>> {
        let sql = "SELECT reply FROM bounces WHERE outbox = ?1";
        Ok(self.connection().prepare_cached(sql)?.query_row([letter], |row| row.get(0)).optional()?)
    }
}

impl Writer<'_> {
    /// Notes that a letter came back, once a letter, and stops writing to its address where that is due.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn note_bounce(&self, bounce: &Bounce, at: DateTime<Utc>) -> Result<Noted> {
        let added = self.connection().execute(
            "INSERT INTO bounces (outbox, address, weight, status, reply, at)
             SELECT id, lower(recipient), ?2, ?3, ?4, ?5 FROM outbox WHERE id = ?1 ON CONFLICT (outbox) DO NOTHING",
            params![bounce.outbox, bounce.weight.as_str(), bounce.status, bounce.reply, at.timestamp()],
        )?;
        if added == 0 {
            return Ok(Noted::Known);
        }
        let sql = "SELECT address FROM bounces WHERE outbox = ?1";
        let address: String = self.connection().query_row(sql, [bounce.outbox], |row| row.get(0))?;
        match bounce.weight {
            Weight::Policy => return Ok(Noted::Noted),
            Weight::Hard => self.suppress(&address, SuppressionReason::Hard, &bounce.reply, None, at)?,
            Weight::Soft if self.soft_days(&address, at)? < SOFT_LIMIT => return Ok(Noted::Noted),
            Weight::Soft => {
                let until = at + Duration::days(SOFT_REST);
                self.suppress(&address, SuppressionReason::Soft, &bounce.reply, Some(until), at)?;
            }
        }
        Ok(Noted::Suppressed)
    }

    /// On how many days of late (UTC) letters to this address came back for now.
    fn soft_days(&self, address: &str, at: DateTime<Utc>) -> Result<i64> {
        let sql = "SELECT count(DISTINCT at / 86400) FROM bounces
                   WHERE address = ?1 AND weight = 'soft' AND forgiven = 0 AND at > ?2";
        let since = (at - Duration::days(SOFT_DAYS)).timestamp();
        Ok(self.connection().query_row(sql, params![address, since], |row| row.get(0))?)
    }

    /// Stops writing to an address; a lasting suppression is not replaced by a passing one.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn suppress(
        &self,
        address: &str,
        reason: SuppressionReason,
        evidence: &str,
        until: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.connection().execute(
            "INSERT INTO suppressions (address, reason, evidence, since, until) VALUES (lower(?1), ?2, ?3, ?4, ?5)
             ON CONFLICT (address) DO UPDATE SET reason = excluded.reason, evidence = excluded.evidence, since = excluded.since,
               until = excluded.until WHERE until IS NOT NULL",
            params![address, reason.as_str(), evidence, at.timestamp(), until.map(|until| until.timestamp())],
        )?;
        Ok(())
    }

    /// Writes to an address again, and forgives what came back so far; was it suppressed?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn lift_suppression(&self, address: &str) -> Result<bool> {
        self.connection().execute("UPDATE bounces SET forgiven = 1 WHERE address = lower(?1)", [address])?;
        Ok(self.connection().execute("DELETE FROM suppressions WHERE address = lower(?1)", [address])? > 0)
    }
}

fn suppression(row: &Row<'_>) -> Result<Suppression> {
    Ok(Suppression {
        address: row.get("address")?,
        reason: parsed(row, "reason")?,
        evidence: row.get("evidence")?,
        since: instant(row, "since")?,
        until: instant_if_any(row, "until")?,
    })
}

impl Weight {
    /// As it is written in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Policy => "policy",
        }
    }
}

impl SuppressionReason {
    /// As it is written in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
            Self::Asked => "asked",
        }
    }
}

impl FromStr for SuppressionReason {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = [Self::Hard, Self::Soft, Self::Asked].into_iter().find(|reason| reason.as_str() == text);
        found.ok_or_else(|| Error::Unreadable { what: "reason", value: text.to_owned() })
    }
}
