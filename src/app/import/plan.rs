//! What would become of each event of a source: new, changed, unchanged or called off, and what is doubtful about it.
//!
//! The preview, the dry run and the import itself all ask here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike as _, Utc};

use super::incoming::{Incoming, overruled};
use super::voices::{Keeping, heard};
use super::{Options, Report};
use crate::app::{Actor, Result};
use crate::domain::agenda::name_key;
use crate::domain::{Days, Event, EventId, EventStatus, PartnerSlug, Source, wording};
use crate::store::{KeptClaim, Reader};

/// Longer than that is perhaps a wrong month or year.
const LONG_DAYS: i64 = 31;
/// The same title of the same partner within so many days is perhaps the same event, moved.
const MOVED_WITHIN_DAYS: u64 = 60;

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
pub(super) struct Planned {
    pub row: Row,
    pub before: Option<Event>,
    /// What is to be stored in its place; `None` for what is new or unchanged.
    pub after: Option<Event>,
    pub incoming: Incoming,
    /// What is to be kept of other sources of the same event.
    pub keeping: Vec<Keeping>,
}

/// Compares what was read with what is stored; `with_doubts` also looks for what is doubtful.
pub(super) fn plan(
    reader: &Reader<'_>,
    actor: &Actor,
    options: &Options,
    incoming: Vec<Incoming>,
    with_doubts: bool,
    now: DateTime<Utc>,
) -> Result<Vec<Planned>> {
    let mut known: BTreeMap<PartnerSlug, Known> = BTreeMap::new();
    for one in &incoming {
        let partner = &one.details.partner;
        if !known.contains_key(partner) {
            known.insert(partner.clone(), Known::load(reader, partner)?);
        }
    }
    let mut planned: Vec<Planned> = incoming
        .into_iter()
        .map(|one| {
            let known = known.get(&one.details.partner);
            let before = known.and_then(|known| known.find(&one.uid)).cloned();
            let rows = known.zip(before.as_ref()).map_or(&[][..], |(known, event)| known.claims(event.id));
            planned_one(options, one, before, rows, now)
        })
        .collect();
    if with_doubts {
        let others = Others::load(reader, actor, &planned)?;
        let doubts: Vec<Vec<String>> = planned.iter().map(|one| doubts(one, &others)).collect();
        for (one, doubts) in planned.iter_mut().zip(doubts) {
            one.row.doubts = doubts;
        }
    }
    Ok(planned)
}

fn planned_one(options: &Options, one: Incoming, before: Option<Event>, rows: &[KeptClaim], now: DateTime<Utc>) -> Planned {
    let (after, keeping) = before.as_ref().map_or_else(|| (None, Vec::new()), |before| heard(options, &one, before, rows, now));
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
    Planned { row, before, after, incoming: one, keeping }
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

/// What stands beside the rows: other events of the same name.
struct Others {
    /// What the actor may see and the source does not give, by the name's key.
    stored: HashMap<String, Vec<Event>>,
    /// The lines of the source's own events, by the name's key and first day.
    lines: HashMap<(String, chrono::NaiveDate), Vec<u64>>,
}

impl Others {
    fn load(reader: &Reader<'_>, actor: &Actor, planned: &[Planned]) -> Result<Self> {
        let given: BTreeSet<EventId> = planned.iter().filter_map(|one| one.row.event.map(|(id, _)| id)).collect();
        let mut stored: HashMap<String, Vec<Event>> = HashMap::new();
        for event in reader.events_besides(&given)? {
            if !actor.may_see(&event) || event.status.is_off() {
                continue;
            }
            if let Some(key) = name_key(&event.details.title, &event.details.partner) {
                stored.entry(key).or_default().push(event);
            }
        }
        let mut lines: HashMap<_, Vec<u64>> = HashMap::new();
        for one in planned {
            if let Some(key) = key(one) {
                lines.entry((key, one.incoming.details.when.days().first)).or_default().push(one.row.line);
            }
        }
        Ok(Self { stored, lines })
    }
}

fn key(one: &Planned) -> Option<String> {
    name_key(&one.incoming.details.title, &one.incoming.details.partner)
}

/// Why somebody should look at a row before it is taken in. What is unchanged needs no look.
fn doubts(one: &Planned, others: &Others) -> Vec<String> {
    if one.row.class == Class::Unchanged {
        return Vec::new();
    }
    let mut found = one.incoming.doubts.clone();
    let details = &one.incoming.details;
    let days = details.when.days();
    found.extend(other_year(&details.title, days));
    if days.count() > LONG_DAYS && details.recurrence.is_none() {
        found.push(format!("it lasts {} days; are both dates right?", days.count()));
    }
    if let Some(before) = &one.before {
        let last_read = before.source.as_ref().map(|source| source.facts.as_str()).unwrap_or_default();
        found.extend(
            overruled(&one.incoming, before, last_read)
                .iter()
                .map(|field| format!("somebody changed its {field} here since it was last read; taking it in overrules that")),
        );
        return found;
    }
    if let Some(key) = key(one) {
        let twins = others.stored.get(&key).into_iter().flatten();
        found.extend(twins.filter_map(|other| twin(&details.partner, days, other)).take(3));
        let lines = others.lines.get(&(key, days.first)).into_iter().flatten();
        found.extend(
            lines.filter(|line| **line < one.row.line).take(1).map(|line| format!("line {line} has the same title and day")),
        );
    }
    found
}

/// Another event of the same name at about the same time.
fn twin(partner: &PartnerSlug, days: Days, other: &Event) -> Option<String> {
    let theirs = other.details.when.days();
    let (title, when) = (&other.details.title, wording::when(other.details.when, other.details.zone));
    if days.free_days_between(theirs).is_none_or(|free| free == 0) {
        let whose = &other.details.partner;
        return Some(format!("“{title}” of {whose}, {when}, is in the calendar already; if it is the same, leave this one out"));
    }
    (other.is_called_by(partner) && days.widened(MOVED_WITHIN_DAYS).overlap(theirs).is_some()).then(|| {
        format!("“{title}”, {when}, is in your calendar already; if it has moved, move that one (or give this row its id)")
    })
}

/// A year in the title that is none of its dates’: “2025 City Summit” in November 2024.
fn other_year(title: &str, days: Days) -> Option<String> {
    let years: Vec<i32> = title
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() == 4)
        .filter_map(|word| word.parse().ok().filter(|year| (1990..2100).contains(year)))
        .collect();
    let first = years.first()?;
    let fits = years.iter().any(|year| (days.first.year()..=days.last.year()).contains(year));
    (!fits).then(|| format!("its title says {first}, and its dates are in {}", days.first.year()))
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

    /// How many rows somebody should look at first.
    #[must_use]
    pub fn doubtful(&self) -> usize {
        self.rows.iter().filter(|row| !row.doubts.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_in_the_title_that_is_none_of_the_dates_is_doubtful() {
        let days = |first: &str, last: &str| Days::new(first.parse().unwrap(), last.parse().unwrap());
        let november = days("2024-11-20", "2024-11-22");
        assert_eq!(other_year("2025 City Summit", november).as_deref(), Some("its title says 2025, and its dates are in 2024"));
        assert_eq!(other_year("City Summit 2024", november), None);
        assert_eq!(other_year("From 2023 to 2024: what we learned", november), None);
        assert_eq!(other_year("City Summit", november), None);
        assert_eq!(other_year("Room 2217, 1800 Main Street", november), None);
        assert_eq!(other_year("New Year 2025", days("2024-12-30", "2025-01-02")), None);
    }
}
