//! What is written down about a letter once the post has answered.

use chrono::{DateTime, Utc};

use super::Result;
use super::pace::{domain_rest, ladder};
use crate::app::bounces;
use crate::mail::post::{Class, Receipt, SendError};
use crate::store::{Bounce, OutboxRow, OutboxState, Pause, PauseCause, RELAY, Weight, Writer};

/// A letter and what came of it, not yet written down.
#[derive(Debug)]
pub(super) struct Settled {
    /// The letter; its text is not needed any more.
    row: OutboxRow,
    came: Came,
    at: DateTime<Utc>,
}

#[derive(Debug)]
enum Came {
    Answer(Result<Receipt, SendError>),
    Unwanted(String),
}

impl Settled {
    pub(super) fn answered(row: OutboxRow, answer: Result<Receipt, SendError>, at: DateTime<Utc>) -> Self {
        Self { row, came: Came::Answer(answer), at }
    }

    pub(super) fn unwanted(row: OutboxRow, why: String, at: DateTime<Utc>) -> Self {
        Self { row, came: Came::Unwanted(why), at }
    }

    /// Writes it down.
    pub(super) fn record(&self, writer: &Writer<'_>) -> Result<()> {
        let Self { row, came, at } = self;
        match came {
            Came::Unwanted(why) => writer.settle_letter(row.id, OutboxState::Withdrawn, None, why, *at)?,
            Came::Answer(Ok(receipt)) => {
                writer.settle_letter(row.id, OutboxState::Sent, Some(receipt.code), &receipt.reply, *at)?;
                all_is_well(writer, row)?;
            }
            Came::Answer(Err(error)) => refused(writer, row, error, *at)?,
        }
        Ok(())
    }
}

/// A letter was taken: pauses that are over, and the alerts about them, are history.
fn all_is_well(writer: &Writer<'_>, row: &OutboxRow) -> Result<()> {
    if writer.end_pause(RELAY)? {
        writer.end_alert("relay_away")?;
        writer.end_alert("relay_refuses")?;
    }
    writer.end_pause(&domain_scope(&row.recipient))?;
    Ok(())
}

fn refused(writer: &Writer<'_>, row: &OutboxRow, error: &SendError, at: DateTime<Utc>) -> Result<()> {
    let reply = error.reply.as_str();
    match error.class {
        // Not the letter's trouble, but others go first, in case it is.
        Class::Link => writer.put_letter_back(row.id, false, reply, at + ladder(row.id, 0))?,
        Class::Mail => writer.put_letter_back(row.id, true, reply, at + ladder(row.id, row.attempts))?,
        Class::Full => {
            writer.put_letter_back(row.id, true, reply, at + ladder(row.id, row.attempts))?;
            bounces::note(writer, &bounce(row, error, Weight::Soft), at)?;
        }
        Class::Domain => writer.put_letter_back(row.id, false, reply, pause_domain(writer, row, reply, at)?)?,
        Class::Ambiguous => writer.doubt_letter(row.id, reply, at + ladder(row.id, 0), at)?,
        Class::Person => {
            writer.settle_letter(row.id, OutboxState::Failed, error.code, reply, at)?;
            bounces::note(writer, &bounce(row, error, Weight::Hard), at)?;
        }
        Class::Ours => {
            writer.settle_letter(row.id, OutboxState::Failed, error.code, reply, at)?;
            let words = format!("A letter was refused for something of ours: “{reply}”. See the outgoing mail.");
            writer.raise_alert("refused", &words, at, at)?;
        }
    }
    Ok(())
}

fn bounce(row: &OutboxRow, error: &SendError, weight: Weight) -> Bounce {
    Bounce { outbox: row.id, weight, status: error.code.map(|code| code.to_string()), reply: error.reply.clone() }
}

fn pause_domain(writer: &Writer<'_>, row: &OutboxRow, reason: &str, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let scope = domain_scope(&row.recipient);
    let last = writer.pause(&scope)?;
    if let Some(pause) = last.as_ref().filter(|pause| pause.holds(now)) {
        return Ok(pause.until);
    }
    let (step, since) = last.map_or((1, now), |pause| (pause.step.saturating_add(1), pause.since.min(now)));
    let until = now + domain_rest(step, &scope);
    writer.set_pause(&Pause { scope, cause: PauseCause::Rate, since, until, step, reason: reason.to_owned() })?;
    Ok(until)
}

fn domain_scope(recipient: &str) -> String {
    format!("domain:{}", recipient.rsplit('@').next().unwrap_or_default().to_ascii_lowercase())
}
