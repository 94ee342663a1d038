//! Gathers what changed and what is coming for each reader whose hour it is, and writes the letters.
//!
//! A digest belongs to a period: the last due time in the reader's zone. Its key is made of the
//! reader and the period, so twice is once. Watermark and letter are one transaction, and the
//! watermark is a place in the history, not a time, so nothing is lost or told twice.

mod facts;
mod gathered;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};

use super::subscribe::{due_after, unsubscribe_address};
use super::{App, Error, Result, letters};
use crate::domain::span::instant;
use crate::domain::{Days, wording};
use crate::mail::digest::{DigestMail, LONG_HOURS};
use crate::mail::{Letter, LetterKind, ListHeaders, Mailbox};
use crate::store::{Frequency, OutboxState, Reader, Subscription, SubscriptionState, Writer};
use facts::{FARTHEST, Facts};
use gathered::Gathered;

/// How a run is meant.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Write nothing, only say what would be.
    pub dry_run: bool,
    /// The time was set by hand: everybody's digest for that time, without moving on what they have read.
    pub replay: bool,
    /// The letters are worth sending for their hours after that: the real time, also in a replay.
    pub sent_from: DateTime<Utc>,
}

/// A digest that was or would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// It was in the outbox already.
    pub again: bool,
}

/// Writes the digest of every reader whose hour it is.
///
/// # Errors
/// When a letter cannot be written or the store fails; what was written for others before stays.
pub fn run(app: &App, how: Run) -> Result<Vec<Written>> {
    let now = app.now();
    let due = app.store.read::<_, Error>(|reader| {
        let mut all = if how.replay { reader.subscriptions()? } else { reader.subscriptions_due(now)? };
        if !how.replay {
            all.extend(reader.subscriptions_at_once()?);
        }
        Ok(all.into_iter().filter(|one| one.state == SubscriptionState::Active).collect::<Vec<_>>())
    })?;
    let mut written = Vec::new();
    let mut facts = Facts::default();
    for subscription in due {
        let one = if how.dry_run {
            app.store.read::<_, Error>(|reader| {
                Ok(compose(app, reader, &mut facts, &subscription, how)?.map(|letter| told(&letter, false)))
            })?
        } else {
            app.store.write::<_, Error>(|writer| write_one(app, writer, &mut facts, &subscription, how))?
        };
        written.extend(one);
    }
    Ok(written)
}

fn write_one(app: &App, writer: &Writer<'_>, facts: &mut Facts, listed: &Subscription, how: Run) -> Result<Option<Written>> {
    let now = app.now();
    // As it is now: another process may have written this digest since the list was read.
    let subscription = &writer.subscription(listed.id)?;
    let is_due = match subscription.frequency {
        Frequency::AtOnce => is_quiet(app, writer, subscription)?,
        _ => subscription.next_due.is_some_and(|due| due <= now),
    };
    if subscription.state != SubscriptionState::Active || !(how.replay || is_due) {
        return Ok(None);
    }
    let merged = if how.replay { None } else { take_back(writer, subscription, &key(writer, subscription, now)?, now)? };
    let subscription = &Subscription { watermark: merged.unwrap_or(subscription.watermark), ..subscription.clone() };
    let letter = compose(app, writer, facts, subscription, how)?;
    let mut outcome = (None, None);
    let mut read_to = writer.last_change()?;
    if let Some(letter) = letter {
        let hours =
            (how.sent_from - now).num_hours().max(0) + if subscription.frequency == Frequency::Daily { 20 } else { LONG_HOURS };
        let row = letters::enqueue(app, writer, &letter, None, Some(subscription.id), hours)?;
        if row.is_none() {
            // This period's letter went before: what is new since then is for the next.
            read_to = subscription.watermark;
        }
        outcome = (row, Some(told(&letter, row.is_none())));
    }
    if !how.replay {
        let due = due_after(subscription, now);
        writer.advance_subscription(subscription, read_to, outcome.0, due, now)?;
    }
    Ok(outcome.1)
}

/// Is it quiet again after what this reader has not been told yet, or has it gone on for too long?
fn is_quiet(app: &App, reader: &Reader<'_>, subscription: &Subscription) -> Result<bool> {
    let quiet = super::notify::quiet(app);
    let burst = reader.changed_between(subscription.watermark)?;
    Ok(burst.is_some_and(|(first, last)| app.now() >= (last + quiet).min(first + quiet * super::notify::LONGEST_BURST)))
}

/// Withdraws the letter before, where it never went out, and gives the change from which on it told: one
/// letter tells of both times.
fn take_back(writer: &Writer<'_>, subscription: &Subscription, key: &str, now: DateTime<Utc>) -> Result<Option<i64>> {
    let Some((before, from)) = writer.last_digest(subscription.id)? else { return Ok(None) };
    let expired = before.state == OutboxState::Failed && before.not_after < now && before.attempts == 0;
    if before.key == key || !(expired || before.state == OutboxState::Ready) {
        return Ok(None);
    }
    if !expired {
        writer.settle_letter(before.id, OutboxState::Withdrawn, None, "the next one tells of it too", now)?;
    }
    Ok(Some(from.min(subscription.watermark)))
}

fn told(letter: &Letter, again: bool) -> Written {
    Written { to: letter.to.address.clone(), subject: letter.subject.clone(), text: letter.text.clone(), again }
}

/// The letter for one reader; `None` where there is nothing to tell.
fn compose(app: &App, reader: &Reader<'_>, facts: &mut Facts, subscription: &Subscription, how: Run) -> Result<Option<Letter>> {
    let now = app.now();
    let Gathered { changed, new, coming } = Gathered::load(app, reader, facts, subscription, how)?;
    let tree = facts.tree();
    let unsubscribe_url = unsubscribe_address(app, subscription.id);
    let period = period(subscription, now);
    let mail = DigestMail {
        zone: subscription.zone,
        period: wording::days(period),
        roles: wording::list(&subscription.roles.iter().map(|role| tree.name(role)).collect::<Vec<_>>()),
        places: wording::list(&subscription.places.iter().cloned().collect::<Vec<_>>()),
        changed,
        new,
        coming,
        all_url: app.address("/"),
        unsubscribe_url: unsubscribe_url.clone(),
        settings_url: format!("{unsubscribe_url}/change"),
        base_url: app.settings.base_url.clone(),
    };
    let Some(written) = mail.written() else { return Ok(None) };
    let to = Mailbox { name: None, address: subscription.email.clone() };
    let at_once = subscription.frequency == Frequency::AtOnce;
    let (kind, id) = if at_once { (LetterKind::Notice, "changes") } else { (LetterKind::Digest, "digest") };
    let mut letter = Letter::new(kind, key(reader, subscription, now)?, to, written);
    letter.list = Some(ListHeaders { id: id.to_owned(), unsubscribe_url, unsubscribe_mailto: None });
    Ok(Some(letter))
}

/// Names a reader's letter: one for each of their days, or for the part of the history that it tells of.
fn key(reader: &Reader<'_>, subscription: &Subscription, now: DateTime<Utc>) -> Result<String> {
    let Subscription { id, watermark, .. } = subscription;
    Ok(match subscription.frequency {
        Frequency::AtOnce => format!("changes:{id}:{watermark}-{}", reader.last_change()?),
        _ => format!("digest:{id}:{}", period(subscription, now).last),
    })
}

/// The days that a digest covers, ending with the day it is due on: what makes it this one and no other.
fn period(subscription: &Subscription, now: DateTime<Utc>) -> Days {
    let today = now.with_timezone(&subscription.zone).date_naive();
    if subscription.frequency == Frequency::AtOnce {
        return Days::one(today);
    }
    let fits = |day: &NaiveDate| match subscription.frequency {
        Frequency::AtOnce | Frequency::Daily => true,
        Frequency::Weekly => day.weekday() == chrono::Weekday::Mon,
        Frequency::Monthly => day.day() == 1,
    };
    let passed =
        |day: NaiveDate| day.and_hms_opt(subscription.hour, 0, 0).is_some_and(|wall| instant(wall, subscription.zone) <= now);
    let back =
        |from: NaiveDate| std::iter::successors(Some(from), NaiveDate::pred_opt).take(64).find(|day| fits(day) && passed(*day));
    let last = back(today).unwrap_or(today);
    let first = last.pred_opt().and_then(back).unwrap_or(last);
    Days::new(first, last)
}

/// How far ahead a digest looks.
fn ahead(frequency: Frequency) -> Duration {
    match frequency {
        Frequency::AtOnce => Duration::zero(),
        Frequency::Daily => Duration::days(14),
        Frequency::Weekly => Duration::days(35),
        Frequency::Monthly => FARTHEST,
    }
}
