//! Takes in a partner's calendar: what is new, changed, unchanged, cancelled, not understood.
//!
//! What upstream said last time is kept beside the event. A field changes only where upstream now
//! says something else than then, so that roles, an anchor or speakers added here survive the next
//! reading. Nothing is deleted because it is missing.

mod bounds;
mod doubts;
mod held;
mod incoming;
mod plan;
mod voices;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::agenda::expand;
use super::record::{self, Ready, Step, nearest, refresh, refresh_new};
use super::{Actor, App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::several::one_ahead;
use crate::domain::{Event, EventId, Mode, PartnerSlug, Pattern, RoleSlug};
use crate::store::{Reader, UpstreamCalendar, Writer};
use doubts::Sight;
pub(super) use held::Held;
pub use incoming::Incoming;
pub(super) use incoming::{claim_of, read, step_name};
pub use plan::{Class, Difference, Row};
use plan::{Planned, in_words, plan, source};
use voices::Keeping;

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
    /// Take in what is doubtful too, over what was changed here.
    pub doubtful: bool,
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
    /// Every event of the source that was taken in and what becomes of it, in its order.
    pub rows: Vec<Row>,
    /// What was left out because it is doubtful; of an event that was changed here, only with the fields in question.
    pub left_out: Vec<Row>,
    /// The UIDs of what is beyond the bounds of one calendar: where it is known already, it stays as it is.
    pub beyond: Vec<String>,
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
    let planned = |reader: &Reader<'_>| plan(reader, Sight::Of(actor), options, incoming, app.now());
    let chosen = |planned| if options.doubtful { (planned, Vec::new()) } else { doubts::part(planned) };
    let left_out = if options.dry_run {
        let (taken, left_out) = chosen(app.store.read(planned)?);
        for one in taken {
            report.add(one.row);
        }
        left_out
    } else {
        app.store.write::<_, Error>(|writer| {
            let (taken, left_out) = chosen(planned(writer)?);
            store_all(app, writer, actor, options, taken, &mut report)?;
            Ok(left_out)
        })?
    };
    report.left_out = left_out.into_iter().map(|one| one.row).collect();
    Ok(report)
}

/// What would become of each event that was read; nothing is stored.
pub(super) fn preview(
    app: &App,
    reader: &Reader<'_>,
    actor: &Actor,
    options: &Options,
    incoming: Vec<Incoming>,
) -> Result<Vec<Row>> {
    Ok(plan(reader, Sight::Of(actor), options, incoming, app.now())?.into_iter().map(|one| one.row).collect())
}

/// Stores those rows that `chosen` says yes to, within the caller's transaction; the others are as if not read.
///
/// # Errors
/// [`Error::Stale`] where `agreed` is not what would become of the rows now.
pub(super) fn store_chosen(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    options: &Options,
    incoming: Vec<Incoming>,
    is_agreed: impl FnOnce(&[&Row]) -> bool,
    chosen: impl Fn(&Row) -> bool,
) -> Result<Report> {
    let mut planned = plan(writer, Sight::Of(actor), options, incoming, app.now())?;
    if !is_agreed(&planned.iter().map(|one| &one.row).collect::<Vec<_>>()) {
        return Err(Error::Stale);
    }
    // What is only another source's word on what is decided is kept, and asked about with the event.
    planned.retain(|one| if one.row.class == Class::Unchanged { !one.keeping.is_empty() } else { chosen(&one.row) });
    let mut report = Report::default();
    store_all(app, writer, actor, options, planned, &mut report)?;
    Ok(report)
}

/// Stores what an upstream calendar gives within the caller's transaction, but for what waits for a yes or no; gives
/// all events that it has, and what is held.
pub(super) fn store_upstream(
    app: &App,
    writer: &Writer<'_>,
    source: &UpstreamCalendar,
    options: &Options,
    incoming: Vec<Incoming>,
    report: &mut Report,
) -> Result<(BTreeSet<EventId>, Held)> {
    let planned = plan(writer, Sight::Partner(&source.partner), options, incoming, app.now())?;
    let (taken, held) = held::hold(writer, source.id, planned, app.now())?;
    let mut seen = store_all(app, writer, &Actor::Calendar(source.name.clone()), options, taken, report)?;
    seen.extend(&held.events);
    Ok((seen, held))
}

/// What would become of rows that are held, as things stand.
pub(super) fn look_again(
    app: &App,
    reader: &Reader<'_>,
    source: &UpstreamCalendar,
    options: &Options,
    incoming: Vec<Incoming>,
) -> Result<Vec<Row>> {
    let planned = plan(reader, Sight::Partner(&source.partner), options, incoming, app.now())?;
    Ok(planned.into_iter().map(|one| one.row).collect())
}

/// Stores a row that somebody said yes to, within the caller's transaction; gives its event.
pub(super) fn store_answered(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    options: &Options,
    incoming: Incoming,
) -> Result<BTreeSet<EventId>> {
    let planned = plan(writer, Sight::Of(actor), options, vec![incoming], app.now())?;
    store_all(app, writer, actor, options, planned, &mut Report::default())
}

/// Of how many events the next are made ready while these are stored.
const AT_ONCE: usize = 256;

/// Stores rows with all that follows from them; gives all events that they are.
fn store_all(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    options: &Options,
    planned: Vec<Planned>,
    report: &mut Report,
) -> Result<BTreeSet<EventId>> {
    let (mut touched, mut new, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    let (patterns, now) = (writer.patterns()?, app.now());
    let make = |some: &[Planned]| some.iter().map(|one| made(app, options, one, now)).collect::<Result<Vec<_>>>();
    // While some are stored, the next are made ready.
    one_ahead(&planned.chunks(AT_ONCE).collect::<Vec<_>>(), make, |some, made| {
        for (one, made) in some.iter().zip(made?) {
            seen.extend(one.before.as_ref().map(|event| event.id));
            match (put(app, writer, actor, one, made, &patterns)?, &one.before) {
                (Some(entry), None) => new.push(entry),
                (Some(entry), Some(_)) => touched.push(entry.event.id),
                // Its findings are looked at again where a source has said something.
                (None, before) => touched.extend(before.as_ref().map(|event| event.id).filter(|_| !one.keeping.is_empty())),
            }
        }
        Ok::<_, Error>(())
    })?;
    for one in planned {
        report.add(one.row);
    }
    seen.extend(touched.iter().copied().chain(new.iter().map(|entry| entry.event.id)));
    if touched.is_empty() {
        refresh_new(app, writer, actor, new)?;
    } else {
        touched.extend(new.iter().map(|entry| entry.event.id));
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

/// The event that a row is to become; `None` where it stays as it is.
fn made(app: &App, options: &Options, one: &Planned, now: DateTime<Utc>) -> Result<Option<Ready>> {
    let event = match (&one.before, &one.after) {
        (Some(_), None) => return Ok(None),
        (Some(_), Some(after)) => after.clone(),
        (None, _) => {
            let read = &one.incoming;
            let mut event = Event::new(app.keys.event_id(now)?, read.status, read.details.clone(), now);
            event.source = Some(source(options, read, read.uid.clone(), now));
            event
        }
    };
    Ok(Some(Ready::of(expand(event, now))))
}

/// Stores one event of the source, and what is to be kept of others that name it.
fn put(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    one: &Planned,
    made: Option<Ready>,
    patterns: &[Pattern],
) -> Result<Option<Entry>> {
    for keeping in &one.keeping {
        match (keeping, &one.before) {
            (Keeping::Put(claim), _) => writer.put_claim(claim)?,
            (Keeping::Drop(source), Some(before)) => writer.drop_claim(before.id, source)?,
            (Keeping::Drop(_), None) => {}
        }
    }
    let Some(ready) = made else { return Ok(None) };
    let (what, why) = match &one.before {
        None => ("imported", None),
        Some(before) => (step_name(before, &ready.entry.event), Some(in_words(&one.row.differences))),
    };
    let step = Step { what, actor, reason: why.as_deref(), binding: false };
    record::store(app, writer, one.before.as_ref(), &ready, &step, app.now(), patterns)?;
    Ok(Some(ready.entry))
}
