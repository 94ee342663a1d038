//! What would become of each event of a source: new, changed, unchanged or called off, and what is doubtful about it.
//!
//! The preview, the dry run and the import itself all ask here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::doubts::{self, Sight};
use super::incoming::{Contested, Incoming};
use super::voices::{Keeping, heard};
use super::{Options, Report};
use crate::app::Result;
use crate::domain::several::in_parts;
use crate::domain::{Event, EventId, EventStatus, PartnerSlug, Source, wording};
use crate::store::{KeptClaim, Reader};

/// One event of a source, and what would become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its line in the source, from 1.
    pub line: u64,
    /// Whose event it is.
    pub partner: PartnerSlug,
    /// Its name in the source; with the partner it names the row.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// When, in words.
    pub when: String,
    /// Where, in words.
    pub place: String,
    /// What would become of it.
    pub class: Class,
    /// What would change, field by field.
    pub differences: Vec<Difference>,
    /// Why somebody should look before it is taken in; empty where all is plain.
    pub doubts: Vec<String>,
    /// The event that it is, where it is known already, and the revision that it was compared with.
    pub event: Option<(EventId, u32)>,
}

/// What becomes of an event of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Not known before.
    New,
    /// It differs from what was read last.
    Changed,
    /// It is called off.
    Cancelled,
    /// As it was.
    Unchanged,
}

/// A field before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name for people.
    pub field: &'static str,
    /// What it was.
    pub old: String,
    /// What it becomes.
    pub new: String,
}

/// An event of a source with what is stored of it and what is to be stored.
#[derive(Clone)]
pub(super) struct Planned {
    pub row: Row,
    /// What was changed here too, and is something else upstream.
    pub contested: Vec<Contested>,
    pub before: Option<Event>,
    /// What is to be stored in its place; `None` for what is new or unchanged.
    pub after: Option<Event>,
    pub incoming: Incoming,
    /// What is to be kept of other sources of the same event.
    pub keeping: Vec<Keeping>,
}

impl Planned {
    /// Should somebody look before it is taken in?
    pub(super) fn is_doubtful(&self) -> bool {
        !self.row.doubts.is_empty()
    }
}

/// Compares what was read with what is stored, and looks for what is doubtful with these eyes.
pub(super) fn plan(
    reader: &Reader<'_>,
    sight: Sight<'_>,
    options: &Options,
    incoming: Vec<Incoming>,
    now: DateTime<Utc>,
) -> Result<Vec<Planned>> {
    let mut known: BTreeMap<PartnerSlug, Known> = BTreeMap::new();
    for one in &incoming {
        let partner = &one.details.partner;
        if !known.contains_key(partner) {
            known.insert(partner.clone(), Known::load(reader, partner)?);
        }
    }
    let judge = |some: &[Incoming]| -> Vec<Judged> {
        some.iter().map(|one| judged(options, one, known.get(&one.details.partner), now)).collect()
    };
    let judged = if incoming.len() < FEW { judge(&incoming) } else { in_parts(&incoming, judge) };
    let mut planned: Vec<Planned> = incoming.into_iter().zip(judged).map(|(incoming, judged)| judged.planned(incoming)).collect();
    doubts::look(reader, sight, &mut planned, now)?;
    Ok(planned)
}

/// Fewer rows than this are compared one after the other.
const FEW: usize = 500;

/// What a row was compared with, and what came of it.
struct Judged {
    row: Row,
    before: Option<Event>,
    after: Option<Event>,
    keeping: Vec<Keeping>,
}

impl Judged {
    fn planned(self, incoming: Incoming) -> Planned {
        let Self { row, before, after, keeping } = self;
        Planned { row, contested: Vec::new(), before, after, incoming, keeping }
    }
}

fn judged(options: &Options, one: &Incoming, known: Option<&Known>, now: DateTime<Utc>) -> Judged {
    let before = known.and_then(|known| known.find(&one.uid)).cloned();
    let rows = known.zip(before.as_ref()).map_or(&[][..], |(known, event)| known.claims(event.id));
    let (after, keeping) = before.as_ref().map_or_else(|| (None, Vec::new()), |before| heard(options, one, before, rows, now));
    let class = match (&before, &after) {
        (None, _) => Class::New,
        (_, None) => Class::Unchanged,
        (Some(before), Some(after)) if before.status != EventStatus::Cancelled && after.status == EventStatus::Cancelled => {
            Class::Cancelled
        }
        _ => Class::Changed,
    };
    let shown = after.as_ref().or(before.as_ref()).map_or(&one.details, |event| &event.details);
    let row = Row {
        line: one.line,
        partner: one.details.partner.clone(),
        uid: one.uid.clone(),
        title: shown.title.clone(),
        when: wording::when(shown.when, shown.zone),
        place: wording::place(shown),
        class,
        differences: before.as_ref().zip(after.as_ref()).map(|(before, after)| differences(before, after)).unwrap_or_default(),
        doubts: Vec::new(),
        event: before.as_ref().map(|event| (event.id, event.revision)),
    };
    Judged { row, before, after, keeping }
}

/// Where an event was read, and what it said there.
pub(super) fn source(options: &Options, one: &Incoming, uid: String, now: DateTime<Utc>) -> Source {
    Source { uid, calendar: options.calendar.clone(), read_at: now, sequence: one.sequence, facts: one.facts() }
}

/// What was read of a partner before.
struct Known {
    by_uid: BTreeMap<String, Event>,
    /// The part of a UID before its `@`: what a sheet calls `id`.
    by_local_part: BTreeMap<String, String>,
    /// What other sources say of its events.
    claims: BTreeMap<EventId, Vec<KeptClaim>>,
}

impl Known {
    fn load(reader: &Reader<'_>, partner: &PartnerSlug) -> Result<Self> {
        let by_uid = reader.events_from_sources(partner)?;
        let by_local_part = by_uid.keys().map(|uid| (local_part(uid).to_owned(), uid.clone())).collect();
        let mut claims: BTreeMap<EventId, Vec<KeptClaim>> = BTreeMap::new();
        for claim in reader.claims_on(partner)? {
            claims.entry(claim.event).or_default().push(claim);
        }
        Ok(Self { by_uid, by_local_part, claims })
    }

    fn claims(&self, event: EventId) -> &[KeptClaim] {
        self.claims.get(&event).map_or(&[], Vec::as_slice)
    }

    /// The event of that UID; else, between a sheet and a calendar, the one of the same local part.
    fn find(&self, uid: &str) -> Option<&Event> {
        self.by_uid.get(uid).or_else(|| {
            let other = self.by_local_part.get(local_part(uid))?;
            (other.contains('@') != uid.contains('@')).then(|| self.by_uid.get(other)).flatten()
        })
    }
}

fn local_part(uid: &str) -> &str {
    uid.split('@').next().unwrap_or_default()
}

/// What differs, field by field, as people see it.
pub(super) fn differences(before: &Event, after: &Event) -> Vec<Difference> {
    let (a, b) = (&before.details, &after.details);
    let roles = |roles: &BTreeSet<crate::domain::RoleSlug>| {
        let names: Vec<String> = roles.iter().map(|role| role.as_str().replace('_', " ")).collect();
        if names.is_empty() { "nobody named".to_owned() } else { wording::list(&names) }
    };
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let all = [
        (before.status != after.status, STATUS, before.status.to_string(), after.status.to_string()),
        (a.when != b.when || a.zone != b.zone, WHEN, wording::when(a.when, a.zone), wording::when(b.when, b.zone)),
        (a.mode != b.mode || a.venue != b.venue, PLACE, wording::place(a), wording::place(b)),
        (a.title != b.title, TITLE, a.title.clone(), b.title.clone()),
        (a.roles != b.roles, ROLES, roles(&a.roles), roles(&b.roles)),
        (a.url != b.url, "Page", or_none(&a.url), or_none(&b.url)),
        (a.join_url != b.join_url, "Joining", or_none(&a.join_url), or_none(&b.join_url)),
        (a.recurrence != b.recurrence, "Repeats", repeats(a), repeats(b)),
        (a.description != b.description, "Text", a.description.clone(), b.description.clone()),
    ];
    all.into_iter().filter(|(differs, ..)| *differs).map(|(_, field, old, new)| Difference { field, old, new }).collect()
}

const STATUS: &str = "Status";
const WHEN: &str = "When";
const PLACE: &str = "Where";
const TITLE: &str = "Title";
const ROLES: &str = "For";

fn repeats(details: &crate::domain::Details) -> String {
    details
        .recurrence
        .as_ref()
        .map_or_else(|| "no".to_owned(), |rule| rule.rrule.clone().unwrap_or_else(|| "on named days".to_owned()))
}

/// The same in one sentence, as the history keeps it.
pub(super) fn in_words(differences: &[Difference]) -> String {
    let said = |one: &Difference| match one.field {
        TITLE => Some(format!("was “{}”, is “{}”", one.old, one.new)),
        STATUS | WHEN | PLACE => Some(format!("was {}, is {}", one.old, one.new)),
        ROLES => Some("other roles".to_owned()),
        _ => None,
    };
    let parts: Vec<String> = differences.iter().filter_map(said).collect();
    if parts.is_empty() { "text or links".to_owned() } else { parts.join("; ") }
}

impl Report {
    /// Counts a row and keeps it.
    pub(super) fn add(&mut self, row: Row) {
        match row.class {
            Class::New => self.new.push(format!("{}, {}", row.title, row.when)),
            Class::Changed => self.changed.push(format!("{}: {}", row.title, in_words(&row.differences))),
            Class::Cancelled => self.cancelled.push(row.title.clone()),
            Class::Unchanged => self.unchanged += 1,
        }
        self.rows.push(row);
    }
}
