//! Mail as rows: written with the change that caused it, carried to the post afterwards.
//!
//! A row is `ready` until a sender claims it, `sending` while it does, and then `sent`, `failed`
//! (refused for good, or too late) or `unknown` (the post may or may not have taken it, twice).
//! `at_dot` is committed just before the text goes out: a crash before it surely sent nothing, a
//! crash after it is ambiguous and is tried once more with the same bytes and Message-ID. The
//! sender's own steps are in `sending`.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed, parsed_if_any};
use super::{Error, Reader, Result, Writer};
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
    /// The events that it tells of, to find it again.
    pub tells_of: BTreeSet<EventId>,
    /// The envelope's sender.
    pub sender: String,
    /// The envelope's recipient.
    pub recipient: String,
    /// The name it is addressed to, to find it again.
    pub name: Option<String>,
    /// The subject, to find it again.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// The whole message, frozen.
    pub mail: Vec<u8>,
    /// Not to be sent after that.
    pub not_after: DateTime<Utc>,
    /// What it has its place in, such as `ics:UID:ADDRESS`, and which place: of letters with the same
    /// name a lower one never goes after a higher one.
    pub order: Option<(String, i64)>,
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
    /// The name it is addressed to.
    pub name: Option<String>,
    /// The subject.
    pub subject: String,
    /// Its `Message-ID`.
    pub message_id: String,
    /// The whole message; empty once it is forgotten, and in lists.
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
    /// To an address that is not written to it is kept as withdrawn: whoever looks for it finds why it did not go.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_letter(&self, letter: &NewLetter, at: DateTime<Utc>) -> Result<Option<i64>> {
        let (order_key, order_seq) = letter.order.clone().unzip();
        let added = self.connection().execute(
            "INSERT INTO outbox (idem, kind, priority, subscription, event, sender, recipient, subject, message_id, mail, state,
               next_at, not_after, created_at, order_key, order_seq, name)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'ready', ?11, ?12, ?11, ?13, ?14, ?15) ON CONFLICT (idem) DO NOTHING",
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
                order_key,
                order_seq,
                letter.name,
            ],
        )?;
        if added == 0 {
            return Ok(None);
        }
        let id = self.connection().last_insert_rowid();
        self.link_events(id, letter)?;
        if let Some(why) = self.why_unwanted(id, at)? {
            self.settle_letter(id, OutboxState::Withdrawn, None, &why, at)?;
        }
        Ok(Some(id))
    }

    fn link_events(&self, id: i64, letter: &NewLetter) -> Result<()> {
        let mut link = self
            .connection()
            .prepare_cached("INSERT OR IGNORE INTO letter_events (event, letter) SELECT id, ?2 FROM events WHERE id = ?1")?;
        for event in letter.tells_of.iter().chain(&letter.event) {
            link.execute(params![event.to_string(), id])?;
        }
        Ok(())
    }
}

pub(super) fn letter(row: &Row<'_>) -> Result<OutboxRow> {
    Ok(OutboxRow {
        id: row.get("id")?,
        key: row.get("idem")?,
        kind: row.get("kind")?,
        subscription: row.get("subscription")?,
        event: parsed_if_any(row, "event")?,
        sender: row.get("sender")?,
        recipient: row.get("recipient")?,
        name: row.get("name")?,
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
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Ready, Self::Sending, Self::Sent, Self::Failed, Self::Unknown, Self::Withdrawn];

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
