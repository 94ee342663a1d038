//! Gathers what changed and what is coming for each reader whose hour it is, and writes the letters.
//!
//! A digest belongs to a period: the last due time in the reader's zone. Its key is made of the
//! reader and the period, so twice is once. Watermark and letter are one transaction, and the
//! watermark is a place in the history, not a time, so nothing is lost or told twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Utc};

use super::discretion::Eyes;
use super::netted::{Netted, net};
use super::subscribe::{due_after, unsubscribe_address};
use super::{Actor, App, Error, Result, letters};
use crate::domain::agenda::Entry;
use crate::domain::conflict::{Finding, Severity};
use crate::domain::span::instant;
use crate::domain::{Days, Event, EventId, RoleTree, Span, Venue, state_code, wording};
use crate::json::EventJson;
use crate::mail::digest::{ChangedItem, DigestMail, Item, LONG_HOURS};
use crate::mail::notices::Change;
use crate::mail::{Letter, LetterKind, ListHeaders, Mailbox};
use crate::store::changes::Change as Recorded;
use crate::store::{EventFilter, Frequency, OutboxState, Reader, Subscription, SubscriptionState, Writer};

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
    for subscription in due {
        let one = if how.dry_run {
            app.store
                .read::<_, Error>(|reader| Ok(compose(app, reader, &subscription, how)?.map(|letter| told(&letter, false))))?
        } else {
            app.store.write::<_, Error>(|writer| write_one(app, writer, &subscription, how))?
        };
        written.extend(one);
    }
    Ok(written)
}

fn write_one(app: &App, writer: &Writer<'_>, listed: &Subscription, how: Run) -> Result<Option<Written>> {
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
    let letter = compose(app, writer, subscription, how)?;
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
fn compose(app: &App, reader: &Reader<'_>, subscription: &Subscription, how: Run) -> Result<Option<Letter>> {
    let now = app.now();
    let gathered = Gathered::load(app, reader, subscription, how)?;
    let unsubscribe_url = unsubscribe_address(app, subscription.id);
    let period = period(subscription, now);
    let mail = DigestMail {
        zone: subscription.zone,
        period: wording::days(period),
        roles: wording::list(&subscription.roles.iter().map(|role| gathered.tree.name(role)).collect::<Vec<_>>()),
        changed: gathered.changed()?,
        new: gathered.items(&gathered.new)?,
        coming: gathered.items(&gathered.coming)?,
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
    Duration::days(match frequency {
        Frequency::AtOnce => 0,
        Frequency::Daily => 14,
        Frequency::Weekly => 35,
        Frequency::Monthly => 62,
    })
}

/// What one reader is to be told, before it is put into words.
struct Gathered<'a> {
    app: &'a App,
    reader: &'a Reader<'a>,
    tree: RoleTree,
    partners: BTreeMap<String, String>,
    changes: Vec<(EventJson, Event)>,
    new: Vec<Event>,
    coming: Vec<Event>,
}

impl<'a> Gathered<'a> {
    fn load(app: &'a App, reader: &'a Reader<'_>, subscription: &Subscription, how: Run) -> Result<Self> {
        let now = app.now();
        let tree = reader.roles()?;
        let wanted = |event: &Event| {
            let roles = &event.details.roles;
            let for_role = subscription.roles.is_empty()
                || subscription
                    .roles
                    .iter()
                    .any(|own| roles.iter().any(|role| tree.is_within(own, role) || tree.is_within(role, own)));
            let of_partner =
                subscription.partners.is_empty() || subscription.partners.iter().any(|partner| event.is_called_by(partner));
            for_role && of_partner && is_in(event, &subscription.places)
        };
        let (mut changes, mut new) = (Vec::new(), Vec::new());
        let at_once = subscription.frequency == Frequency::AtOnce;
        let since = if how.replay { i64::MAX } else { subscription.watermark };
        for (id, first) in first_changes(reader, since)? {
            let event = reader.event(id)?;
            let before = first.before.as_deref().and_then(|text| EventJson::from_text(text).ok());
            let was_public = before.as_ref().is_some_and(|before| before.status.is_public() && !before.private);
            if !wanted(&event) || is_over(reader, &event, now)? || (!was_public && !event.is_public()) {
                continue;
            }
            match before.filter(|_| was_public) {
                Some(before) => changes.push((before, event)),
                None if !event.status.is_off() && !at_once => new.push(event),
                None => {}
            }
        }
        let within = Span::new(now, now + ahead(subscription.frequency));
        let mut entries = if at_once { Vec::new() } else { reader.entries(&EventFilter { within: Some(within) })? };
        entries.retain(|entry| {
            entry.event.is_public() && !entry.event.status.is_off() && wanted(&entry.event) && begins_within(entry, within)
        });
        entries.sort_by_key(|entry| (entry.occurrences.first().map(|one| one.span.start), entry.event.id));
        let partners = reader.partners()?.into_iter().map(|partner| (partner.slug.to_string(), partner.name)).collect();
        new.sort_by_key(|event| (event.details.when.wall_start(), event.id));
        changes.sort_by_key(|(_, event)| (event.details.when.wall_start(), event.id));
        Ok(Self { app, reader, tree, partners, changes, new, coming: entries.into_iter().map(|entry| entry.event).collect() })
    }

    /// What changed as people see it, first to last; what came back to where it was is no change.
    fn changed(&self) -> Result<Vec<ChangedItem>> {
        let mut items = Vec::new();
        for (before, event) in &self.changes {
            let Some(Netted { what, was, now, .. }) = net(self.app, before, event) else { continue };
            items.push(ChangedItem { item: self.item(event)?, what, was, now });
        }
        // Called off first, then moved, then the rest: what costs a reader most is on top.
        items.sort_by_key(|item| match item.what {
            Change::Cancelled => 0,
            Change::Postponed => 1,
            Change::Moved => 2,
            Change::Virtual => 3,
            _ => 4,
        });
        Ok(items)
    }

    fn items(&self, events: &[Event]) -> Result<Vec<Item>> {
        events.iter().map(|event| self.item(event)).collect()
    }

    fn item(&self, event: &Event) -> Result<Item> {
        let details = &event.details;
        let roles: Vec<String> = details.roles.iter().map(|role| self.tree.name(role)).collect();
        Ok(Item {
            title: details.title.clone(),
            when_words: wording::when(details.when, details.zone),
            where_words: wording::place(details),
            partner: self.partners.get(details.partner.as_str()).cloned().unwrap_or_else(|| details.partner.to_string()),
            roles_words: wording::list(&roles),
            url: self.app.address(&format!("/events/{}", event.id)),
            ics_url: self.app.address(&format!("/events/{}.ics", event.id)),
            warnings: self.warnings(event.id)?,
        })
    }

    /// The gravest findings between public events, at most three.
    fn warnings(&self, id: EventId) -> Result<Vec<String>> {
        let mut found = self.reader.findings_of(id)?;
        found.retain(|stored| {
            matches!(stored.finding.severity, Severity::Medium | Severity::High | Severity::Block) && stored.overridden.is_none()
        });
        found.sort_by(|a, b| Finding::by_rank(&a.finding, &b.finding));
        let mut eyes = Eyes::of(self.reader, &Actor::Visitor)?;
        let mut warnings = Vec::new();
        for stored in found {
            let Some(finding) = eyes.told(stored.finding)? else { continue };
            let others = finding.events.iter().filter(|event| **event != id);
            let titles = others.map(|event| Ok(self.reader.event(*event)?.details.title)).collect::<Result<Vec<_>>>()?;
            let with = if titles.is_empty() { String::new() } else { format!("{}: ", wording::list(&titles)) };
            warnings.push(format!("{with}{}", finding.message));
        }
        warnings.truncate(3);
        Ok(warnings)
    }
}

/// Is it in one of these towns or states? What is online is everywhere.
fn is_in(event: &Event, places: &BTreeSet<String>) -> bool {
    if places.is_empty() || !event.details.is_in_person() {
        return true;
    }
    let line = event.details.venue.as_ref().and_then(Venue::line).unwrap_or_default().to_lowercase();
    // "or" in "Fort Worth" is not Oregon: whole words only.
    let words = format!(" {} ", line.replace(|c: char| !c.is_alphanumeric(), " "));
    let is_named = |place: &str| {
        let place = place.to_lowercase().replace(|c: char| !c.is_alphanumeric(), " ");
        words.contains(&format!(" {} ", place.trim()))
    };
    places.iter().any(|place| is_named(place) || state_code(place).is_some_and(is_named))
}

/// The first change of each event after `since`.
fn first_changes(reader: &Reader<'_>, since: i64) -> Result<BTreeMap<EventId, Recorded>> {
    let mut first = BTreeMap::new();
    let mut at = since;
    loop {
        let page = reader.changes_since(at, 500)?;
        let Some(last) = page.last() else { return Ok(first) };
        at = last.seq;
        for change in page {
            first.entry(change.event).or_insert(change);
        }
    }
}

fn is_over(reader: &Reader<'_>, event: &Event, now: DateTime<Utc>) -> Result<bool> {
    let entry = reader.entry(event.id)?;
    Ok(entry.occurrences.iter().all(|one| one.span.end <= now) && event.details.when.span(event.details.zone).end <= now)
}

fn begins_within(entry: &Entry, within: Span) -> bool {
    entry.occurrences.iter().any(|one| !one.cancelled && within.start <= one.span.start && one.span.start < within.end)
}
