//! Carries letters from the outbox to the post. No transaction is open while the post is spoken to.

use chrono::{DateTime, Duration, Utc};

use super::{App, Error, Result};
use crate::mail::FrozenRef;
use crate::mail::post::{AtDotError, Class, Post, SendError, Session};
use crate::store::{OutboxRow, OutboxState};

/// How many letters are claimed at a time.
const BATCH: u32 = 20;

/// What came of a delivery run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery {
    /// Taken by the post.
    pub sent: usize,
    /// To be tried again later.
    pub put_off: usize,
    /// Refused for good, too late, or nobody knows.
    pub failed: usize,
}

/// Sends what is due until nothing is, or the post cannot be reached.
///
/// # Errors
/// When the store fails, or the post cannot be reached ([`Error::NotPossible`], with every letter put back).
pub fn deliver(app: &App, post: &Post) -> Result<Delivery> {
    let Some(_lock) = app.store.lock_sending()? else {
        return Err(Error::NotPossible("another process is sending from this database; it will send what is due".into()));
    };
    app.store.write::<_, Error>(|writer| Ok(writer.recover_letters(app.now())?))?;
    let mut total = Delivery::default();
    let mut session = None;
    loop {
        let batch = app.store.write::<_, Error>(|writer| Ok(writer.claim_letters(BATCH, app.now())?))?;
        if batch.is_empty() {
            break;
        }
        for (place, row) in batch.iter().enumerate() {
            if let Err(lost) = send_one(app, post, &mut session, row, &mut total) {
                put_back(app, batch.get(place + 1..).unwrap_or_default(), &lost)?;
                return Err(lost);
            }
        }
    }
    if let Some(session) = session {
        session.quit();
    }
    Ok(total)
}

fn send_one(app: &App, post: &Post, session: &mut Option<Session>, row: &OutboxRow, total: &mut Delivery) -> Result<()> {
    if session.as_ref().is_none_or(Session::is_over) {
        match post.connect() {
            Ok(fresh) => *session = Some(fresh),
            Err(error) => return unreachable_post(app, row, &error),
        }
    }
    let Some(open) = session.as_mut() else { return Ok(()) };
    let letter = FrozenRef { message_id: &row.message_id, from: &row.sender, to: &row.recipient, bytes: &row.mail };
    let mut at_dot = || app.store.write::<_, Error>(|writer| Ok(writer.mark_at_dot(row.id)?)).map_err(AtDotError::new);
    let outcome = open.send(letter, &mut at_dot);
    let now = app.now();
    match outcome {
        Ok(receipt) => {
            total.sent += 1;
            settle(app, row, OutboxState::Sent, Some(receipt.code), &receipt.reply)
        }
        Err(error) if error.class == Class::Link => unreachable_post(app, row, &error),
        Err(error) => match error.class {
            Class::Mail | Class::Domain | Class::Full => {
                total.put_off += 1;
                back(app, row, true, &error.reply, now + wait(row.attempts))
            }
            Class::Ambiguous => {
                total.put_off += 1;
                app.store.write::<_, Error>(|writer| Ok(writer.doubt_letter(row.id, &error.reply, now + wait(0), now)?))
            }
            _ => {
                total.failed += 1;
                settle(app, row, OutboxState::Failed, error.code, &error.reply)
            }
        },
    }
}

/// How long to wait before the next attempt at a letter that the post put off.
fn wait(attempts: u32) -> Duration {
    const MINUTES: [i64; 8] = [1, 5, 15, 30, 60, 120, 240, 240];
    let place = usize::try_from(attempts).unwrap_or(usize::MAX).min(MINUTES.len() - 1);
    Duration::minutes(MINUTES.get(place).copied().unwrap_or(240))
}

/// Nothing is wrong with the letter: it waits, and the run ends.
fn unreachable_post(app: &App, row: &OutboxRow, error: &SendError) -> Result<()> {
    back(app, row, false, &error.reply, app.now() + Duration::seconds(30))?;
    Err(Error::NotPossible(format!("the mail server could not be reached: {}", error.reply)))
}

fn put_back(app: &App, rows: &[OutboxRow], why: &Error) -> Result<()> {
    for row in rows {
        back(app, row, false, &why.to_string(), app.now() + Duration::seconds(30))?;
    }
    Ok(())
}

fn back(app: &App, row: &OutboxRow, counts: bool, reply: &str, next_at: DateTime<Utc>) -> Result<()> {
    app.store.write::<_, Error>(|writer| Ok(writer.put_letter_back(row.id, counts, reply, next_at)?))
}

fn settle(app: &App, row: &OutboxRow, state: OutboxState, code: Option<u16>, reply: &str) -> Result<()> {
    app.store.write::<_, Error>(|writer| Ok(writer.settle_letter(row.id, state, code, reply, app.now())?))
}
