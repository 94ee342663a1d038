//! What a sender does with the outbox: claim, mark, settle, put back, recover after a stop.
//!
//! One process sends from a database ([`Store::lock_sending`]); its workers each have a handle of
//! their own. A row that a worker holds is `sending`. Why something is not wanted any more is asked
//! when it is claimed and once more in the transaction that marks it, so nothing goes out after that.

use std::fs::{File, TryLockError};

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension as _, params};

use super::outbox::letter;
use super::{Error, OutboxRow, OutboxState, Reader, Result, Store, Writer};

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
    /// Is there a letter to send, or one that is too late, and is the relay not paused?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn letters_wait(&self, at: DateTime<Utc>) -> Result<bool> {
        let mut query = self.connection().prepare_cached(&format!(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'ready' AND not_after < ?1)
               OR (NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'relay' AND since <= ?1 AND until > ?1)
                   AND EXISTS (SELECT 1 FROM outbox WHERE {DUE}))"
        ))?;
        Ok(query.query_row([at.timestamp()], |row| row.get(0))?)
    }

    /// Why a letter is not to be sent any more, in words; `None` where it still is.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn why_unwanted(&self, id: i64, at: DateTime<Utc>) -> Result<Option<String>> {
        let mut query = self.connection().prepare_cached(UNWANTED)?;
        let why: Option<Option<String>> = query.query_row(params![id, at.timestamp()], |row| row.get(0)).optional()?;
        Ok(why.flatten())
    }
}

/// Ready, its time has come, its domain is not paused, and no earlier letter of the same order is on its way.
///
/// A letter that was never tried and comes from up to 25 hours ahead was written before the clock was set back: it is due.
const DUE: &str =
    "state = 'ready' AND (next_at <= ?1 OR (created_at BETWEEN ?1 + 1 AND ?1 + 90000 AND attempts = 0 AND reply IS NULL))
   AND NOT EXISTS (SELECT 1 FROM pauses WHERE scope = 'domain:' || lower(substr(recipient, instr(recipient, '@') + 1))
     AND since <= ?1 AND until > ?1)
   AND (order_key IS NULL OR NOT EXISTS (SELECT 1 FROM outbox AS other WHERE other.order_key = outbox.order_key
     AND (other.state = 'sending' OR (other.state = 'ready' AND other.id < outbox.id))))";

const UNWANTED: &str = "SELECT CASE
   WHEN kind <> 'confirm' AND EXISTS (SELECT 1 FROM subscriptions WHERE id = outbox.subscription AND state = 'ended')
     THEN 'the subscription has ended'
   WHEN kind NOT IN ('confirm', 'sign_in') AND EXISTS (SELECT 1 FROM suppressions
       WHERE address = lower(outbox.recipient) AND (until IS NULL OR until > ?2))
     THEN 'nothing is sent to this address: ' || (SELECT evidence FROM suppressions WHERE address = lower(outbox.recipient))
   WHEN order_key IS NOT NULL AND EXISTS (SELECT 1 FROM outbox AS later WHERE later.order_key = outbox.order_key
       AND later.order_seq > outbox.order_seq AND later.state IN ('ready', 'sending', 'sent', 'unknown'))
     THEN 'a later letter about the same takes its place'
   END FROM outbox WHERE id = ?1";

impl Writer<'_> {
    /// After a stop: what was surely not sent is ready again; what may have been sent is tried once
    /// more with the same bytes, and is `unknown` after that. How many were in hand.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn recover_letters(&self, at: DateTime<Utc>) -> Result<usize> {
        Ok(self.connection().execute(
            "UPDATE outbox SET state = CASE WHEN at_dot = 1 AND resent >= 1 THEN 'unknown' ELSE 'ready' END,
               done_at = CASE WHEN at_dot = 1 AND resent >= 1 THEN ?1 END, resent = resent + at_dot, at_dot = 0
             WHERE state = 'sending'",
            [at.timestamp()],
        )?)
    }

    /// Takes up to `limit` letters that are due. What is too late fails, what nobody wants any more is withdrawn.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn claim_letters(&self, limit: u32, at: DateTime<Utc>) -> Result<Vec<OutboxRow>> {
        self.connection().execute(
            "UPDATE outbox SET state = 'failed', done_at = ?1,
               reply = 'it was too late to send it' || coalesce('; before that: ' || reply, '')
             WHERE state = 'ready' AND not_after < ?1",
            [at.timestamp()],
        )?;
        loop {
            let due = self.due_letters(limit, at)?;
            let all = due.len();
            let mut claimed = Vec::with_capacity(all);
            for row in due {
                if let Some(why) = self.why_unwanted(row.id, at)? {
                    self.settle_letter(row.id, OutboxState::Withdrawn, None, &why, at)?;
                } else {
                    claimed.push(row);
                }
            }
            // Where all of them were withdrawn, there may be more behind them.
            if all == 0 || !claimed.is_empty() {
                return self.take(claimed);
            }
        }
    }

    fn due_letters(&self, limit: u32, at: DateTime<Utc>) -> Result<Vec<OutboxRow>> {
        let sql = format!("SELECT * FROM outbox WHERE {DUE} ORDER BY priority, next_at, id LIMIT ?2");
        self.connection().prepare_cached(&sql)?.query_and_then(params![at.timestamp(), limit], letter)?.collect()
    }

    fn take(&self, mut rows: Vec<OutboxRow>) -> Result<Vec<OutboxRow>> {
        let mut take = self.connection().prepare_cached("UPDATE outbox SET state = 'sending', at_dot = 0 WHERE id = ?1")?;
        for row in &mut rows {
            take.execute([row.id])?;
            row.state = OutboxState::Sending;
        }
        Ok(rows)
    }

    /// Marks a letter whose text is about to go out; where it is not to be sent after all, says why and marks nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn mark_at_dot(&self, id: i64, at: DateTime<Utc>) -> Result<Option<String>> {
        if let Some(why) = self.why_unwanted(id, at)? {
            return Ok(Some(why));
        }
        let mut mark = self.connection().prepare_cached("UPDATE outbox SET at_dot = 1 WHERE id = ?1 AND state = 'sending'")?;
        Ok((mark.execute([id])? == 0).then(|| "it is in nobody's hand any more".to_owned()))
    }

    /// Settles a letter: sent, failed, unknown or withdrawn.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn settle_letter(&self, id: i64, state: OutboxState, code: Option<u16>, reply: &str, at: DateTime<Utc>) -> Result<()> {
        let mut settle = self
            .connection()
            .prepare_cached("UPDATE outbox SET state = ?2, code = ?3, reply = ?4, done_at = ?5, at_dot = 0 WHERE id = ?1")?;
        settle.execute(params![id, state.as_str(), code, reply, at.timestamp()])?;
        Ok(())
    }

    /// Lets go of letters that were claimed and not tried: they are due as they were.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn release_letters(&self, ids: impl IntoIterator<Item = i64>) -> Result<()> {
        let sql = "UPDATE outbox SET state = 'ready', at_dot = 0 WHERE id = ?1 AND state = 'sending'";
        let mut release = self.connection().prepare_cached(sql)?;
        for id in ids {
            release.execute([id])?;
        }
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

    /// Makes a letter that failed, or of which nobody knows, ready once more, until `not_after`; was it one?
    ///
    /// # Errors
    /// What SQLite says.
    pub fn send_letter_again(&self, id: i64, note: &str, not_after: DateTime<Utc>, at: DateTime<Utc>) -> Result<bool> {
        let changed = self.connection().execute(
            "UPDATE outbox SET state = 'ready', at_dot = 0, attempts = 0, done_at = NULL, code = NULL, reply = ?2, next_at = ?4,
               not_after = max(not_after, ?3)
             WHERE id = ?1 AND state IN ('failed', 'unknown') AND length(mail) > 0",
            params![id, note, not_after.timestamp(), at.timestamp()],
        )?;
        Ok(changed == 1)
    }
}
