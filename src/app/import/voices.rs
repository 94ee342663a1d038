//! Which of several sources of one event is heard.
//!
//! What is said later is taken, and what was said before is kept beside it, so that a source which only repeats
//! itself changes nothing. Once somebody has decided between sources, what another one says of dates, place and mode
//! is kept and asked about, and not taken.

use chrono::{DateTime, Utc};

use super::Options;
use super::incoming::{Incoming, claim_of};
use super::plan::source;
use crate::app::record::next;
use crate::domain::{Details, Event, Source};
use crate::store::KeptClaim;

/// What is to be kept of what a source says beside the one that the event carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Keeping {
    /// It says that.
    Put(KeptClaim),
    /// It is the one that the event carries now.
    Drop(String),
}

/// The event as it becomes where this changes it, and what is kept beside it.
pub(super) fn heard(
    options: &Options,
    one: &Incoming,
    before: &Event,
    rows: &[KeptClaim],
    now: DateTime<Utc>,
) -> (Option<Event>, Vec<Keeping>) {
    let facts = one.facts();
    let Some(standing) = &before.source else { return (Some(taken(options, one, before, "", now)), Vec::new()) };
    if standing.calendar == options.calendar {
        let is_new = standing.facts != facts;
        return (is_new.then(|| taken(options, one, before, &standing.facts, now)), Vec::new());
    }
    let earlier = rows.iter().find(|row| row.source == options.calendar);
    let overruled = earlier.and_then(|row| row.overruled.clone());
    let own = KeptClaim { event: before.id, source: options.calendar.clone(), facts, read_at: now, overruled };
    let said_before = earlier.map_or(&standing.facts, |row| &row.facts);
    if own.facts == *said_before {
        // Who says the same is kept too, once.
        return (None, if earlier.is_none() { vec![Keeping::Put(own)] } else { Vec::new() });
    }
    let repeats = earlier.is_some_and(|row| key(row) == key(&own));
    let is_decided = rows.iter().any(|row| row.overruled.is_some());
    if repeats || is_decided {
        return (uncontested(one, before, said_before, now), vec![Keeping::Put(own)]);
    }
    let mut keeping = vec![Keeping::Put(kept(before, standing))];
    keeping.extend(earlier.map(|row| Keeping::Drop(row.source.clone())));
    (Some(taken(options, one, before, &standing.facts, now)), keeping)
}

/// What the source that was taken last said, as a claim beside others.
fn kept(event: &Event, standing: &Source) -> KeptClaim {
    KeptClaim {
        event: event.id,
        source: standing.calendar.clone(),
        facts: standing.facts.clone(),
        read_at: standing.read_at,
        overruled: None,
    }
}

fn key(row: &KeptClaim) -> Option<String> {
    claim_of(&row.source, row.read_at, &row.facts).map(|claim| claim.key())
}

/// The event as the source says it, with what was added here.
fn taken(options: &Options, one: &Incoming, before: &Event, last_read: &str, now: DateTime<Utc>) -> Event {
    let same_calendar = before.source.as_ref().is_some_and(|source| source.calendar == options.calendar);
    let (status, details) = one.merged_into(before, last_read, same_calendar);
    let mut after = next(before, status, details, now);
    let uid = before.source.as_ref().map_or_else(|| one.uid.clone(), |known| known.uid.clone());
    after.source = Some(source(options, one, uid, now));
    after
}

/// The event with what else is new in the source: its text, say. Dates, place, mode and status stay.
fn uncontested(one: &Incoming, before: &Event, last_read: &str, now: DateTime<Utc>) -> Option<Event> {
    let (_, new) = one.merged_into(before, last_read, false);
    let own = before.details.clone();
    let details = Details { when: own.when, zone: own.zone, mode: own.mode, venue: own.venue, recurrence: own.recurrence, ..new };
    (details != before.details).then(|| next(before, before.status, details, now))
}
