//! Mail as rows: written with the change that caused it, carried to the post afterwards.
//!
//! A row is `ready` until a sender claims it, `sending` while it does, and then `sent`, `failed`
//! (refused for good, or too late) or `unknown` (the post may or may not have taken it, twice).
//! `at_dot` is committed just before the text goes out: a crash before it surely sent nothing, a
//! crash after it is ambiguous and is tried once more with the same bytes and Message-ID.

use std::fs::{File, TryLockError};
use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed, parsed_if_any};
use super::{Error, Reader, Result, Store, Writer};
use crate::domain::EventId;

/// A letter on its way in.
#[derive(Debug, Clone)]
pub struct NewLetter {
    /// Names it for ever: the same key is the same letter, and is written once.
    pub key: String,
    /// What sort of letter.
    pub kind: String,
    /// Lower goes first.
    pub priority: u8,
    /// The subscription it is for; ends with it.
    pub subscription: Option<i64>,
    /// The event it is about.
    pub event: Option<EventId>,
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// The subject, to find it again.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// The whole message, frozen.
    pub mail: Vec<u8>,
    /// Not to be sent after that.
    pub not_after: DateTime<Utc>,
}

/// Where a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutboxState {
    /// Waits for its time.
    Ready,
    /// A sender has it.
    Sending,
    /// The post took it.
    Sent,
    /// Refused for good, or too late.
    Failed,
    /// Nobody knows whether the post took it.
    Unknown,
    /// Taken back before it was sent.
    Withdrawn,
}

/// A letter in the outbox.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// Its number.
    pub id: i64,
    /// Its key.
    pub key: String,
    /// What sort of letter.
    pub kind: String,
    /// The subscription it is for.
    pub subscription: Option<i64>,
    /// The event it is about.
    pub event: Option<EventId>,
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// The subject.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// The whole message.
    pub mail: Vec<u8>,
    /// Where it is.
    pub state: OutboxState,
    /// How often the post put it off.
    pub attempts: u32,
    /// How often it was sent again after nobody knew.
    pub resent: u32,
    /// Not to be sent after that.
    pub not_after: DateTime<Utc>,
    /// The post's last words.
    pub reply: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When it was settled.
    pub done_at: Option<DateTime<Utc>>,
}

/// Held by the one process that sends from a database; the system lets go of it when the process ends.
#[derive(Debug)]
pub struct SendingLock(#[allow(dead_code, reason = "held, not read")] File);

impl Store {
    /// The right to send from this database; `None` while another process has it.
    ///
    /// # Errors
    /// When the lock's file beside the database cannot be opened.
    pub fn lock_sending(&self) -> Result<Option<SendingLock>> {
        let path = self.path().with_extension("sending");
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|why| Error::File { path: path.clone(), why })?;
        match file.try_lock() {
            Ok(()) => Ok(Some(SendingLock(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(why)) => Err(Error::File { path, why }),
        }
    }
}

impl Reader<'_> {
    /// The newest letters first, at most `limit`.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn letters(&self, limit: u32) -> Result<Vec<OutboxRow>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM outbox ORDER BY id DESC LIMIT ?1")?;
        query.query_and_then([limit], letter)?.collect()
    }

    /// One letter.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub fn letter(&self, id: i64) -> Result<OutboxRow> {
        let mut query = self.connection().prepare_cached("SELECT * FROM outbox WHERE id = ?1")?;
        query.query_and_then([id], letter)?.next().unwrap_or(Err(Error::NotFound("letter")))
    }

    /// How many letters are in each state.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn count_letters(&self) -> Result<Vec<(OutboxState, i64)>> {
        let mut query =
            self.connection().prepare_cached("SELECT state, count(*) AS n FROM outbox GROUP BY state ORDER BY state")?;
        query.query_and_then([], |row| Ok((parsed(row, "state")?, row.get("n")?)))?.collect()
    }
}

impl Writer<'_> {
    /// Puts a letter into the outbox; `None` where its key is there already.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_letter(&self, letter: &NewLetter, at: DateTime<Utc>) -> Result<Option<i64>> {
        let added = self.connection().execute(
            "INSERT INTO outbox (idem, kind, priority, subscription, event, sender, recipient, subject, message_id, mail, state,
               next_at, not_after, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'ready', ?11, ?12, ?11) ON CONFLICT (idem) DO NOTHING",
            params![
                letter.key,
                letter.kind,
                letter.priority,
                letter.subscription,
                letter.event.map(|id| id.to_string()),
                letter.sender,
                letter.recipient,
                letter.subject,
                letter.message_id,
                letter.mail,
                at.timestamp(),
                letter.not_after.timestamp(),
            ],
        )?;
        Ok((added == 1).then(|| self.connection().last_insert_rowid()))
    }

    /// After a stop: what was surely not sent is ready again; what may have been sent is tried once
    /// more with the same bytes, and is `unknown` after that.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn recover_letters(&self, at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "UPDATE outbox SET state = CASE WHEN at_dot = 1 AND resent >= 1 THEN 'unknown' ELSE 'ready' END,
               done_at = CASE WHEN at_dot = 1 AND resent >= 1 THEN ?1 END, resent = resent + at_dot, at_dot = 0
             WHERE state = 'sending'",
            [at.timestamp()],
        )?;
        Ok(())
    }

    /// Takes up to `limit` letters that are due. What is too late fails, what nobody wants any more is withdrawn.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn claim_letters(&self, limit: u32, at: DateTime<Utc>) -> Result<Vec<OutboxRow>> {
        let now = at.timestamp();
        self.connection().execute(
            "UPDATE outbox SET state = 'failed', done_at = ?1, reply = 'it was too late to send it'
             WHERE state = 'ready' AND not_after < ?1",
            [now],
        )?;
        self.connection().execute(
            "UPDATE outbox SET state = 'withdrawn', done_at = ?1 WHERE state = 'ready' AND kind = 'digest'
               AND subscription IN (SELECT id FROM subscriptions WHERE state = 'ended')",
            [now],
        )?;
        let mut claim = self.connection().prepare_cached(
            "UPDATE outbox SET state = 'sending', at_dot = 0 WHERE id IN
               (SELECT id FROM outbox WHERE state = 'ready' AND next_at <= ?1 ORDER BY priority, next_at, id LIMIT ?2)
             RETURNING *",
        )?;
        let mut claimed: Vec<OutboxRow> = claim.query_and_then(params![now, limit], letter)?.collect::<Result<_>>()?;
        claimed.sort_by_key(|row| row.id);
        Ok(claimed)
    }

    /// Marks a letter whose text is about to go out.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn mark_at_dot(&self, id: i64) -> Result<()> {
        self.connection().execute("UPDATE outbox SET at_dot = 1 WHERE id = ?1 AND state = 'sending'", [id])?;
        Ok(())
    }

    /// Settles a letter: sent, failed, unknown or withdrawn.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn settle_letter(&self, id: i64, state: OutboxState, code: Option<u16>, reply: &str, at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "UPDATE outbox SET state = ?2, code = ?3, reply = ?4, done_at = ?5, at_dot = 0 WHERE id = ?1",
            params![id, state.as_str(), code, reply, at.timestamp()],
        )?;
        Ok(())
    }

    /// Puts a letter back until `next_at`; `counts` where that was an attempt at the letter itself.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_letter_back(&self, id: i64, counts: bool, reply: &str, next_at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "UPDATE outbox SET state = 'ready', attempts = attempts + ?2, reply = ?3, next_at = ?4, at_dot = 0 WHERE id = ?1",
            params![id, counts, reply, next_at.timestamp()],
        )?;
        Ok(())
    }

    /// Puts a letter back that the post may have taken: it is sent once more, and is `unknown` after that.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn doubt_letter(&self, id: i64, reply: &str, next_at: DateTime<Utc>, at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "UPDATE outbox SET state = CASE WHEN resent >= 1 THEN 'unknown' ELSE 'ready' END,
               done_at = CASE WHEN resent >= 1 THEN ?4 END, resent = resent + 1, reply = ?2, next_at = ?3, at_dot = 0 WHERE id = ?1",
            params![id, reply, next_at.timestamp(), at.timestamp()],
        )?;
        Ok(())
    }
}

fn letter(row: &Row<'_>) -> Result<OutboxRow> {
    Ok(OutboxRow {
        id: row.get("id")?,
        key: row.get("idem")?,
        kind: row.get("kind")?,
        subscription: row.get("subscription")?,
        event: parsed_if_any(row, "event")?,
        sender: row.get("sender")?,
        recipient: row.get("recipient")?,
        subject: row.get("subject")?,
        message_id: row.get("message_id")?,
        mail: row.get("mail")?,
        state: parsed(row, "state")?,
        attempts: row.get("attempts")?,
        resent: row.get("resent")?,
        not_after: instant(row, "not_after")?,
        reply: row.get("reply")?,
        created_at: instant(row, "created_at")?,
        done_at: instant_if_any(row, "done_at")?,
    })
}

impl OutboxState {
    const ALL: [Self; 6] = [Self::Ready, Self::Sending, Self::Sent, Self::Failed, Self::Unknown, Self::Withdrawn];

    /// As it is written in SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl FromStr for OutboxState {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.as_str() == text);
        found.ok_or_else(|| Error::Unreadable { what: "state", value: text.to_owned() })
    }
}
