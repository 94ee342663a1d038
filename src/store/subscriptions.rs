//! Who gets the digest, how often, and up to which change they have read.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed};
use super::outbox::letter;
use super::{Error, OutboxRow, Reader, Result, Writer};
use crate::domain::{PartnerSlug, RoleSlug};

/// Somebody's wish for a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its number.
    pub id: i64,
    /// Where it goes.
    pub email: String,
    /// How often.
    pub frequency: Frequency,
    /// The reader's zone.
    pub zone: Tz,
    /// The reader's hour, 0 to 23, in that zone.
    pub hour: u32,
    /// Only events for these roles; all where there are none.
    pub roles: BTreeSet<RoleSlug>,
    /// Only events of these partners; all where there are none.
    pub partners: BTreeSet<PartnerSlug>,
    /// Only events in these towns or states, and online ones; all where there are none.
    pub places: BTreeSet<String>,
    /// Where it stands.
    pub state: SubscriptionState,
    /// Until when the confirmation link works.
    pub confirm_until: DateTime<Utc>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// The last change that its digests told of.
    pub watermark: i64,
    /// When its next digest is due.
    pub next_due: Option<DateTime<Utc>>,
}

/// How often a digest comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frequency {
    /// When something changes, once it is quiet; nothing of what is new or coming.
    AtOnce,
    /// Every day.
    Daily,
    /// Every Monday.
    Weekly,
    /// On the first of the month.
    Monthly,
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubscriptionState {
    /// Asked for, not confirmed.
    Pending,
    /// Confirmed.
    Active,
    /// Ended by its reader.
    Ended,
}

impl Reader<'_> {
    /// All subscriptions, by number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.load_subscriptions("1", &[])
    }

    /// One subscription.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub fn subscription(&self, id: i64) -> Result<Subscription> {
        self.load_subscriptions("id = ?1", &[&id])?.into_iter().next().ok_or(Error::NotFound("subscription"))
    }

    /// The subscription that a confirmation link belongs to.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none.
    pub fn subscription_to_confirm(&self, confirm_hash: &str) -> Result<Subscription> {
        self.load_subscriptions("confirm_hash = ?1", &[&confirm_hash])?.into_iter().next().ok_or(Error::NotFound("subscription"))
    }

    /// Active subscriptions whose digest is due.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn subscriptions_due(&self, at: DateTime<Utc>) -> Result<Vec<Subscription>> {
        self.load_subscriptions("state = 'active' AND next_due <= ?1", &[&at.timestamp()])
    }

    /// Active subscriptions that are told at once, and have not read up to the last change.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn subscriptions_at_once(&self) -> Result<Vec<Subscription>> {
        self.load_subscriptions("state = 'active' AND frequency = 'at_once' AND watermark < (SELECT max(seq) FROM changes)", &[])
    }

    /// When the first and the last change after that place in the history were made; `None` where there is none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn changed_between(&self, since: i64) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>> {
        let mut query =
            self.connection().prepare_cached("SELECT min(at) AS first, max(at) AS last FROM changes WHERE seq > ?1")?;
        let (first, last) =
            query.query_row([since], |row| Ok((row.get::<_, Option<i64>>("first")?, row.get::<_, Option<i64>>("last")?)))?;
        let at = |seconds: Option<i64>| seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        Ok(at(first).zip(at(last)))
    }

    /// The last letter that this subscription was written, and from which change on it tells.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn last_digest(&self, subscription: i64) -> Result<Option<(OutboxRow, i64)>> {
        let mut query = self.connection().prepare_cached(
            "SELECT outbox.*, from_seq FROM digest_runs JOIN outbox ON outbox.id = digest_runs.outbox
             WHERE digest_runs.subscription = ?1 ORDER BY at DESC LIMIT 1",
        )?;
        query.query_and_then([subscription], |row| Ok((letter(row)?, row.get("from_seq")?)))?.next().transpose()
    }

    /// How many letters of this kind an address was written since then.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn letters_since(&self, kind: &str, email: &str, since: DateTime<Utc>) -> Result<i64> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT count(*) FROM outbox WHERE recipient = ?2 AND kind = ?1 AND created_at > ?3")?;
        Ok(query.query_row(params![kind, email, since.timestamp()], |row| row.get(0))?)
    }

    /// How many confirmations an address was asked for since then.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn subscriptions_since(&self, email: &str, since: DateTime<Utc>) -> Result<i64> {
        let mut query =
            self.connection().prepare_cached("SELECT count(*) FROM subscriptions WHERE email = ?1 AND created_at > ?2")?;
        Ok(query.query_row(params![email, since.timestamp()], |row| row.get(0))?)
    }

    fn load_subscriptions(&self, condition: &str, values: &[&dyn rusqlite::ToSql]) -> Result<Vec<Subscription>> {
        let sql = format!("SELECT * FROM subscriptions WHERE {condition} ORDER BY id");
        let found: Result<Vec<Subscription>> =
            self.connection().prepare_cached(&sql)?.query_and_then(values, subscription)?.collect();
        let mut found = found?;
        let mut roles =
            self.connection().prepare_cached("SELECT role AS part FROM subscription_roles WHERE subscription = ?1")?;
        let mut partners =
            self.connection().prepare_cached("SELECT partner AS part FROM subscription_partners WHERE subscription = ?1")?;
        let mut places =
            self.connection().prepare_cached("SELECT place AS part FROM subscription_places WHERE subscription = ?1")?;
        for one in &mut found {
            one.roles = roles.query_and_then([one.id], |row| parsed(row, "part"))?.collect::<Result<_>>()?;
            one.partners = partners.query_and_then([one.id], |row| parsed(row, "part"))?.collect::<Result<_>>()?;
            one.places = places.query_map([one.id], |row| row.get("part"))?.collect::<rusqlite::Result<_>>()?;
        }
        Ok(found)
    }
}

impl Writer<'_> {
    /// Keeps a new subscription, `id` aside, and gives its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_subscription(&self, new: &Subscription, confirm_hash: &str) -> Result<i64> {
        self.connection().execute(
            "INSERT INTO subscriptions (email, frequency, time_zone, hour, state, confirm_hash, confirm_until, created_at, watermark)
             VALUES (?1, ?2, ?3, ?4, 'pending', ?5, ?6, ?7, ?8)",
            params![
                new.email,
                new.frequency.as_str(),
                new.zone.name(),
                new.hour,
                confirm_hash,
                new.confirm_until.timestamp(),
                new.created_at.timestamp(),
                new.watermark,
            ],
        )?;
        let id = self.connection().last_insert_rowid();
        self.narrow(id, new)?;
        Ok(id)
    }

    /// Changes what a subscription is about, how often and when it comes.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn change_subscription(&self, changed: &Subscription) -> Result<()> {
        self.connection().execute(
            "UPDATE subscriptions SET frequency = ?2, time_zone = ?3, hour = ?4, next_due = ?5 WHERE id = ?1 AND state = 'active'",
            params![
                changed.id,
                changed.frequency.as_str(),
                changed.zone.name(),
                changed.hour,
                changed.next_due.map(|at| at.timestamp())
            ],
        )?;
        for table in ["roles", "partners", "places"] {
            self.connection().execute(&format!("DELETE FROM subscription_{table} WHERE subscription = ?1"), [changed.id])?;
        }
        self.narrow(changed.id, changed)
    }

    /// Keeps to what a subscription is narrowed.
    fn narrow(&self, id: i64, new: &Subscription) -> Result<()> {
        for role in &new.roles {
            self.connection()
                .execute("INSERT INTO subscription_roles (subscription, role) VALUES (?1, ?2)", params![id, role.as_str()])?;
        }
        for partner in &new.partners {
            self.connection().execute(
                "INSERT INTO subscription_partners (subscription, partner) VALUES (?1, ?2)",
                params![id, partner.as_str()],
            )?;
        }
        for place in &new.places {
            self.connection()
                .execute("INSERT INTO subscription_places (subscription, place) VALUES (?1, ?2)", params![id, place])?;
        }
        Ok(())
    }

    /// Makes a pending subscription active.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn confirm_subscription(
        &self,
        id: i64,
        watermark: i64,
        next_due: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.connection().execute(
            "UPDATE subscriptions SET state = 'active', confirmed_at = ?2, watermark = ?3, next_due = ?4
             WHERE id = ?1 AND state = 'pending'",
            params![id, at.timestamp(), watermark, next_due.map(|due| due.timestamp())],
        )?;
        Ok(())
    }

    /// Ends a subscription; again changes nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn end_subscription(&self, id: i64, at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "UPDATE subscriptions SET state = 'ended', ended_at = ?2, next_due = NULL WHERE id = ?1 AND state <> 'ended'",
            params![id, at.timestamp()],
        )?;
        Ok(())
    }

    /// Records that a digest was made (or had nothing to tell) and when the next one is due.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn advance_subscription(
        &self,
        subscription: &Subscription,
        to_seq: i64,
        letter: Option<i64>,
        next_due: Option<DateTime<Utc>>,
        at: DateTime<Utc>,
    ) -> Result<()> {
        self.connection().execute(
            "INSERT INTO digest_runs (subscription, from_seq, to_seq, outbox, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (subscription, at) DO UPDATE SET
                 from_seq = CASE WHEN excluded.outbox IS NULL THEN from_seq ELSE excluded.from_seq END,
                 to_seq = excluded.to_seq,
                 outbox = coalesce(excluded.outbox, outbox)",
            params![subscription.id, subscription.watermark, to_seq, letter, at.timestamp()],
        )?;
        self.connection().execute(
            "UPDATE subscriptions SET watermark = ?2, next_due = ?3 WHERE id = ?1",
            params![subscription.id, to_seq, next_due.map(|due| due.timestamp())],
        )?;
        Ok(())
    }
}

fn subscription(row: &Row<'_>) -> Result<Subscription> {
    Ok(Subscription {
        id: row.get("id")?,
        email: row.get("email")?,
        frequency: parsed(row, "frequency")?,
        zone: parsed(row, "time_zone")?,
        hour: row.get("hour")?,
        roles: BTreeSet::new(),
        partners: BTreeSet::new(),
        places: BTreeSet::new(),
        state: parsed(row, "state")?,
        confirm_until: instant(row, "confirm_until")?,
        created_at: instant(row, "created_at")?,
        watermark: row.get("watermark")?,
        next_due: instant_if_any(row, "next_due")?,
    })
}

impl Frequency {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::AtOnce, Self::Daily, Self::Weekly, Self::Monthly];

    /// As it is written in SQL and forms.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AtOnce => "at_once",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }
}

impl FromStr for Frequency {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|frequency| frequency.as_str() == text)
            .ok_or_else(|| format!("“{text}” is no frequency; there are at_once, daily, weekly, monthly"))
    }
}

impl FromStr for SubscriptionState {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        match text {
            "pending" => Ok(Self::Pending),
            "active" => Ok(Self::Active),
            "ended" => Ok(Self::Ended),
            _ => Err(Error::Unreadable { what: "state", value: text.to_owned() }),
        }
    }
}
