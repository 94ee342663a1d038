//! What one reader is to be told, before it is put into words.

use std::collections::BTreeSet;
use std::rc::Rc;

use chrono::{DateTime, Utc};

use super::facts::Facts;
use super::{Run, ahead};
use crate::app::{App, Result};
use crate::domain::agenda::Entry;
use crate::domain::{Event, RoleTree, Span, Venue, state_code};
use crate::mail::digest::{ChangedItem, Item};
use crate::mail::notices::Change;
use crate::store::{Frequency, Reader, Subscription};

/// What one reader is to be told.
pub(super) struct Gathered {
    /// What changed as people see it, first to last: what costs a reader most is on top.
    pub changed: Vec<ChangedItem>,
    /// What they have not been told of yet, soonest first.
    pub new: Vec<Item>,
    /// What begins soon, soonest first.
    pub coming: Vec<Item>,
}

impl Gathered {
    /// Loads it for one reader.
    pub(super) fn load(app: &App, reader: &Reader<'_>, facts: &mut Facts, subscription: &Subscription, how: Run) -> Result<Self> {
        let now = app.now();
        facts.freshen(reader)?;
        let tree = facts.tree();
        let at_once = subscription.frequency == Frequency::AtOnce;
        let wants = |event: &Event| is_wanted(event, subscription, &tree);
        let since = if how.replay { i64::MAX } else { subscription.watermark };
        let all = facts.changes_since(app, reader, since)?;
        let (mut changed, mut new) = (Vec::new(), Vec::new());
        for one in all.iter() {
            let event = &one.entry.event;
            if !wants(event) || is_over(&one.entry, now) || (!one.was_public && !event.is_public()) {
                continue;
            }
            match &one.netted {
                Some(netted) => changed.push((event, netted)),
                // What came back to where it was is no change.
                None if one.was_public => {}
                None if !event.status.is_off() && !at_once => new.push(event),
                None => {}
            }
        }
        let within = Span::new(now, now + ahead(subscription.frequency));
        let coming = if at_once { Rc::default() } else { facts.coming(reader, now)? };
        let mut coming: Vec<_> = coming
            .iter()
            .filter(|entry| wants(&entry.event))
            .filter_map(|entry| Some((begins(entry, within)?, &entry.event)))
            .collect();
        coming.sort_by_key(|(at, event)| (*at, event.id));
        new.sort_by_key(|event| (event.details.when.wall_start(), event.id));
        changed.sort_by_key(|(event, netted)| (gravity(netted.what), event.details.when.wall_start(), event.id));
        let mut item = |event: &Event| Ok::<_, crate::app::Error>(Item::clone(&*facts.item(app, reader, event)?));
        Ok(Self {
            changed: changed
                .into_iter()
                .map(|(event, netted)| {
                    let (was, now) = (netted.was.clone(), netted.now.clone());
                    Ok(ChangedItem { item: item(event)?, what: netted.what, was, now })
                })
                .collect::<Result<_>>()?,
            new: new.into_iter().map(&mut item).collect::<Result<_>>()?,
            coming: coming.into_iter().map(|(_, event)| item(event)).collect::<Result<_>>()?,
        })
    }
}

/// Called off first, then moved, then the rest.
fn gravity(what: Change) -> u8 {
    match what {
        Change::Cancelled => 0,
        Change::Postponed => 1,
        Change::Moved => 2,
        Change::Virtual => 3,
        _ => 4,
    }
}

fn is_wanted(event: &Event, subscription: &Subscription, tree: &RoleTree) -> bool {
    let roles = &event.details.roles;
    let is_for = |own| roles.iter().any(|role| tree.is_within(own, role) || tree.is_within(role, own));
    (subscription.roles.is_empty() || subscription.roles.iter().any(is_for))
        && (subscription.partners.is_empty() || subscription.partners.iter().any(|partner| event.is_called_by(partner)))
        && is_in(event, &subscription.places)
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

fn is_over(entry: &Entry, now: DateTime<Utc>) -> bool {
    let Entry { event, occurrences } = entry;
    occurrences.iter().all(|one| one.span.end <= now) && event.details.when.span(event.details.zone).end <= now
}

/// When it first touches that time, where it begins within.
fn begins(entry: &Entry, within: Span) -> Option<DateTime<Utc>> {
    let starts = || entry.occurrences.iter().filter(|one| within.start < one.span.end).map(|one| (one.span.start, one.cancelled));
    let is_within = |(at, cancelled): (DateTime<Utc>, bool)| !cancelled && within.start <= at && at < within.end;
    starts().any(is_within).then(|| starts().map(|(at, _)| at).min()).flatten()
}
