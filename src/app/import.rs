//! Takes in a partner's calendar: what is new, changed, unchanged, cancelled, not understood.
//!
//! What upstream said last time is kept beside the event. A field changes only where upstream now
//! says something else than then, so that roles, an anchor or speakers added here survive the next
//! reading. Nothing is deleted because it is missing.

mod incoming;

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;

use super::agenda::expand;
use super::record::{self, Step, nearest, next, refresh};
use super::{Actor, App, Error, Result};
use crate::domain::{Event, EventId, EventStatus, Mode, PartnerSlug, RoleSlug, Source};
use crate::store::Writer;
pub use incoming::Incoming;
pub(super) use incoming::read;

/// How to take a calendar in.
#[derive(Debug, Clone)]
pub struct Options {
    /// The partner whose calendar it is; a sheet may name partners row by row where this is `None`.
    pub partner: Option<PartnerSlug>,
    /// What the calendar is called: a file name, or an address without secrets.
    pub calendar: String,
    /// The zone of times and days that name none.
    pub zone: Tz,
    /// Say what would happen and store nothing.
    pub dry_run: bool,
}

/// What holds for events that do not say it themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fallback {
    /// Whom they are for.
    pub roles: BTreeSet<RoleSlug>,
    /// How people take part, where neither a place nor a link says so.
    pub mode: Option<Mode>,
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Titles with their days, of events not known before.
    pub new: Vec<String>,
    /// Titles with what changed.
    pub changed: Vec<String>,
    /// How many are as they were.
    pub unchanged: usize,
    /// Titles of those that upstream called off.
    pub cancelled: Vec<String>,
    /// What was skipped, repaired or worth telling, with its line.
    pub notes: Vec<Note>,
}

/// Something about a line of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its line, from 1.
    pub line: u64,
    /// Was something left out because of it?
    pub refused: bool,
    /// What, in words.
    pub text: String,
}

impl Report {
    /// How many lines led to something being left out.
    #[must_use]
    pub fn refused(&self) -> usize {
        self.notes.iter().filter(|note| note.refused).count()
    }
}

/// Takes in a calendar or a sheet, all of it in one transaction.
///
/// # Errors
/// [`Error::NotPossible`] where it is neither a calendar nor a table of events, or its partner is not known:
/// then nothing has changed.
pub fn take_in(app: &App, actor: &Actor, bytes: &[u8], options: &Options) -> Result<Report> {
    if let Some(partner) = &options.partner {
        actor.must_act_for(partner)?;
        must_know(app, partner)?;
    }
    let mut report = Report::default();
    let incoming = read(app, bytes, options, &Fallback::default(), &mut report)?;
    // A table may name partners row by row; each of them counts.
    incoming.iter().try_for_each(|one| actor.must_act_for(&one.details.partner))?;
    let outcome = app.store.write::<_, Error>(|writer| {
        store_all(app, writer, actor, options, incoming, &mut report)?;
        if options.dry_run { Err(Error::NotPossible(DRY_RUN.to_owned())) } else { Ok(()) }
    });
    match outcome {
        // A dry run does all of it and keeps none of it.
        Err(Error::NotPossible(why)) if why == DRY_RUN => Ok(report),
        Err(error) => Err(error),
        Ok(()) => Ok(report),
    }
}

const DRY_RUN: &str = "dry run";

/// Stores what was read of a calendar within the caller's transaction, with all that follows from it; gives
/// all events that the calendar has.
pub(super) fn store_all(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    options: &Options,
    incoming: Vec<Incoming>,
    report: &mut Report,
) -> Result<BTreeSet<EventId>> {
    let (mut touched, mut known, mut seen) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
    for one in incoming {
        let partner = one.details.partner.clone();
        if !known.contains_key(&partner) {
            known.insert(partner.clone(), Known::load(writer, &partner)?);
        }
        let before = known.get(&partner).and_then(|known| known.find(&one.uid)).cloned();
        seen.extend(before.as_ref().map(|event| event.id));
        touched.extend(put(app, writer, actor, options, before, one, report)?);
    }
    seen.extend(&touched);
    // A dry run tells nobody.
    if !options.dry_run {
        refresh(app, writer, actor, &touched)?;
    }
    Ok(seen)
}

/// Refuses a partner that is not known, and names the nearest.
///
/// # Errors
/// [`Error::Invalid`] on `partner`.
pub fn must_know(app: &App, partner: &PartnerSlug) -> Result<()> {
    let known: Vec<String> = app
        .store
        .read::<_, Error>(|reader| Ok(reader.partners()?.into_iter().map(|partner| partner.slug.to_string()).collect()))?;
    if known.iter().any(|slug| slug == partner.as_str()) {
        return Ok(());
    }
    let near = nearest(partner.as_str(), &known);
    Err(Error::field(
        "partner",
        format!("there is no partner “{partner}”; {near} To add it: convene partners add {partner} --name NAME"),
    ))
}

/// Stores one event of the source; gives its id where it is new or changed.
fn put(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    options: &Options,
    before: Option<Event>,
    one: Incoming,
    report: &mut Report,
) -> Result<Option<EventId>> {
    let now = app.now();
    let source = |facts: String| Source {
        uid: one.uid.clone(),
        calendar: options.calendar.clone(),
        read_at: now,
        sequence: one.sequence,
        facts,
    };
    let facts = one.facts();
    let Some(before) = before else {
        let event = Event {
            id: app.keys.event_id(now)?,
            status: one.status,
            revision: 1,
            sequence: 0,
            created_at: now,
            changed_at: now,
            source: Some(source(facts)),
            details: one.details.clone(),
        };
        report.new.push(format!(
            "{}, {}",
            event.details.title,
            crate::domain::wording::when(event.details.when, event.details.zone)
        ));
        let step = Step { what: "imported", actor, reason: None, binding: false };
        let entry = expand(event, now);
        record::store(app, writer, None, &entry, &step, now)?;
        return Ok(Some(entry.event.id));
    };
    let last_read = before.source.as_ref().map(|source| source.facts.clone()).unwrap_or_default();
    if last_read == facts {
        report.unchanged += 1;
        return Ok(None);
    }
    let same_calendar = before.source.as_ref().is_some_and(|source| source.calendar == options.calendar);
    let (status, details) = one.merged_into(&before, &last_read, same_calendar);
    let mut after = next(&before, status, details, now);
    after.source =
        Some(Source { uid: before.source.as_ref().map_or(one.uid.clone(), |known| known.uid.clone()), ..source(facts) });
    let what = incoming::difference(&before, &after);
    if let (false, EventStatus::Cancelled) = (before.status == EventStatus::Cancelled, after.status) {
        report.cancelled.push(after.details.title.clone());
    } else {
        report.changed.push(format!("{}: {what}", after.details.title));
    }
    let step = Step { what: incoming::step_name(&before, &after), actor, reason: Some(&what), binding: false };
    let entry = expand(after, now);
    record::store(app, writer, Some(&before), &entry, &step, now)?;
    Ok(Some(entry.event.id))
}

/// What was read of a partner before.
struct Known {
    by_uid: BTreeMap<String, Event>,
    /// The part of a UID before its `@`: what a sheet calls `id`.
    by_local_part: BTreeMap<String, String>,
}

impl Known {
    fn load(writer: &Writer<'_>, partner: &PartnerSlug) -> Result<Self> {
        let by_uid = writer.events_from_sources(partner)?;
        let by_local_part = by_uid.keys().map(|uid| (local_part(uid).to_owned(), uid.clone())).collect();
        Ok(Self { by_uid, by_local_part })
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
