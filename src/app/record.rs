//! Puts a change on record: the event, its history, its findings and its letters, in one transaction.

mod outlook;

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::agenda::{around, days_of, expand, horizon, journeys_around, whole, whole_with};
use super::discretion::Eyes;
use super::{Actor, App, Error, Result, holds, invite, notify};
use crate::domain::agenda::{Agenda, Entry};
use crate::domain::conflict::{self, Finding, Fingerprint, Kind, Severity};
use crate::domain::recurrence::MOST_IN_A_YEAR;
use crate::domain::several::one_ahead;
use crate::domain::{Days, Details, Event, EventId, EventStatus, Pattern, Recurrence};
use crate::json::{EventJson, FieldError};
use crate::store::changes::Change;
use crate::store::{NewFinding, Reader, Writer};

/// An event that is to be stored, with what its history will say: it can be made ready on any thread.
pub(super) struct Ready {
    /// The event as it will be, and when it happens.
    pub entry: Entry,
    told: String,
}

impl Ready {
    /// Makes an event ready.
    pub(super) fn of(entry: Entry) -> Self {
        Self { told: EventJson::to_text(&entry.event), entry }
    }
}

/// What is being done to an event.
pub(super) struct Step<'a> {
    /// `proposed`, `confirmed`, `moved`, …: what the history calls it.
    pub what: &'a str,
    /// Who does it.
    pub actor: &'a Actor,
    /// Why, if they said so.
    pub reason: Option<&'a str>,
    /// Refuse it where something blocks that nobody has overridden.
    pub binding: bool,
}

/// Stores `after` in the place of `before`, with all that follows from it, and gives its findings.
///
/// The caller has raised `revision` (and `sequence`, where people see the change).
pub(super) fn record(
    app: &App,
    writer: &Writer<'_>,
    before: Option<&Event>,
    after: Event,
    step: &Step<'_>,
) -> Result<(Event, Vec<Finding>)> {
    let now = app.now();
    must_exist(writer, &after.details)?;
    // What is there already can still be called off.
    if before.is_none_or(|before| before.details.recurrence != after.details.recurrence) {
        must_be_seldom(&after.details)?;
    }
    let mut after = after;
    after.details.hold_until = holds::until(app, writer, before, &after)?;
    let entry = expand(after, now);
    let findings = findings_of(app, writer, &entry, now)?;
    if step.binding {
        refuse_blocked(writer, step.actor, &entry.event, &findings, now)?;
    }
    let ready = Ready::of(entry);
    store(app, writer, before, &ready, step, now, &writer.patterns()?)?;
    let entry = ready.entry;
    notify::note_change(app, writer, before, &entry.event, writer.last_change()?, step.actor)?;
    if before.is_none() {
        recount_trips(app, writer, &entry, None, step.actor)?;
    }
    let new = writer.replace_findings_of(entry.event.id, &findings, now)?;
    tell(app, writer, &entry, new, step.actor)?;
    Ok((entry.event, findings))
}

/// Computes the findings of these events afresh and tells whom a new grave one concerns.
pub(super) fn refresh(app: &App, writer: &Writer<'_>, actor: &Actor, events: &[EventId]) -> Result<()> {
    let now = app.now();
    // For a few events what is around each is read; for many, the whole calendar once.
    if events.len() <= FEW {
        for id in events {
            let entry = writer.entry(*id)?;
            let findings = findings_of(app, writer, &entry, now)?;
            let new = writer.replace_findings_of(*id, &findings, now)?;
            tell(app, writer, &entry, new, actor)?;
            recount_trips(app, writer, &entry, None, actor)?;
        }
        return Ok(());
    }
    let agenda = whole(app, writer, now)?;
    let find = |some: &[&Entry]| conflict::find_each(some, &agenda, &app.settings.policy);
    let entries = within(&agenda, events);
    one_ahead(&entries.chunks(AT_ONCE).collect::<Vec<_>>(), find, |some, found| {
        some.iter().zip(found).try_for_each(|(entry, findings)| {
            let new = writer.replace_findings_of(entry.event.id, &findings, now)?;
            tell(app, writer, entry, new, actor)
        })
    })?;
    recount_others(app, writer, actor, events, &agenda)
}

/// The same for events that were all added in this transaction: what is found now was never there before.
pub(super) fn refresh_new(app: &App, writer: &Writer<'_>, actor: &Actor, new: Vec<Entry>) -> Result<()> {
    let events: Vec<EventId> = new.iter().map(|entry| entry.event.id).collect();
    if events.len() <= FEW || writer.has_findings(&events)? {
        return refresh(app, writer, actor, &events);
    }
    let now = app.now();
    let agenda = whole_with(app, writer, new, now)?;
    let added: Mutex<HashSet<Fingerprint>> = Mutex::default();
    let find = |some: &[&Entry]| -> Result<Vec<Vec<NewFinding>>> {
        let mut found = conflict::find_each(some, &agenda, &app.settings.policy);
        let mut added = added.lock().unwrap_or_else(PoisonError::into_inner);
        for of_one in &mut found {
            // Of two new events both have it, and the first has brought it.
            of_one.retain(|finding| added.insert(finding.fingerprint.clone()));
        }
        found.into_iter().map(|of_one| of_one.into_iter().map(|finding| Ok(NewFinding::of(finding)?)).collect()).collect()
    };
    let entries = within(&agenda, &events);
    one_ahead(&entries.chunks(AT_ONCE).collect::<Vec<_>>(), find, |some, found| {
        some.iter().zip(found?).try_for_each(|(entry, new)| {
            writer.add_findings(&new, now)?;
            tell(app, writer, entry, new.iter().map(|one| &one.finding), actor)
        })
    })?;
    recount_others(app, writer, actor, &events, &agenda)
}

/// These events in an agenda.
fn within<'a>(agenda: &'a Agenda, events: &[EventId]) -> Vec<&'a Entry> {
    events.iter().filter_map(|id| agenda.entry(*id)).collect()
}

/// Counts the trips of all other events again.
fn recount_others(app: &App, writer: &Writer<'_>, actor: &Actor, events: &[EventId], agenda: &Agenda) -> Result<()> {
    let done: BTreeSet<EventId> = events.iter().copied().collect();
    let travels = |entry: &&Entry| entry.event.details.is_in_person() && !done.contains(&entry.event.id);
    agenda.entries().iter().filter(travels).try_for_each(|entry| recount(app, writer, entry, agenda, actor))
}

/// So many events that change at once are each looked at with what is around them.
const FEW: usize = 20;
/// Of how many events the findings are held at a time before they are stored.
const AT_ONCE: usize = 512;

/// Tells the owners of a new grave finding, unless what it is about is over.
fn tell<'f>(
    app: &App,
    writer: &Writer<'_>,
    entry: &Entry,
    new: impl IntoIterator<Item = &'f Finding>,
    actor: &Actor,
) -> Result<()> {
    if days_of(entry).last < app.now().date_naive() {
        return Ok(());
    }
    for finding in new.into_iter().filter(|finding| notify::is_worth_telling(finding)) {
        notify::note_finding(app, writer, finding, None, actor)?;
    }
    Ok(())
}

/// The findings that an entry has or would have.
pub(super) fn findings_of(app: &App, reader: &Reader<'_>, entry: &Entry, now: DateTime<Utc>) -> Result<Vec<Finding>> {
    let find = |agenda: &Agenda| Ok(conflict::find(entry, agenda, &app.settings.policy));
    match app.kept.look(app, reader, false, find)? {
        Some(findings) => Ok(findings),
        None => find(&around(app, reader, entry, now)?),
    }
}

/// The event, its occurrences, its history, and the feeds' revision; `patterns` are all that are stored.
pub(super) fn store(
    app: &App,
    writer: &Writer<'_>,
    before: Option<&Event>,
    ready: &Ready,
    step: &Step<'_>,
    now: DateTime<Utc>,
    patterns: &[Pattern],
) -> Result<()> {
    let Ready { entry, told } = ready;
    let event = &entry.event;
    writer.put_event(entry, event.details.recurrence.is_some().then(|| horizon(now)))?;
    writer.add_change(&Change {
        seq: 0,
        at: now,
        event: event.id,
        what: step.what.to_owned(),
        actor: step.actor.name().to_owned(),
        reason: step.reason.map(str::to_owned),
        before: before.map(EventJson::to_text),
        after: told.clone(),
    })?;
    outlook::reconsider(app, writer, before, entry, patterns)?;
    if before.is_some() {
        invite::note_change(app, writer, entry)?;
    }
    if event.is_public() || before.is_some_and(Event::is_public) {
        writer.raise_revision("public", now)?;
    }
    match before {
        Some(before) => recount_trips(app, writer, entry, Some(before), step.actor),
        None => Ok(()),
    }
}

/// Counts the trips of others again that this event is, or was, one of.
fn recount_trips(app: &App, writer: &Writer<'_>, entry: &Entry, before: Option<&Event>, actor: &Actor) -> Result<()> {
    let now = app.now();
    let both: Vec<Entry> = before.map(|event| expand(event.clone(), now)).into_iter().chain([entry.clone()]).collect();
    let travels = |entry: &&Entry| entry.event.details.is_in_person();
    let days = both.iter().filter(travels).map(days_of);
    let Some(days) = days.reduce(|a, b| Days { first: a.first.min(b.first), last: a.last.max(b.last) }) else {
        return Ok(());
    };
    let loads = app.kept.look(app, writer, false, |agenda| {
        let load = |other: &Entry| (other.clone(), conflict::find_load(other, agenda, &app.settings.policy));
        Ok(journeys_beside(agenda, &both, days).into_iter().map(load).collect::<Vec<_>>())
    })?;
    if let Some(loads) = loads {
        return loads.iter().try_for_each(|(other, load)| put_load(app, writer, other, load, actor));
    }
    let agenda = journeys_around(app, writer, days, now)?;
    for other in journeys_beside(&agenda, &both, days) {
        let whole = writer.entry(other.event.id)?;
        let (theirs, near) = (days_of(&whole), conflict::travel_reach(days));
        // What lasts, or repeats, beyond the days at hand needs its own.
        let own = (theirs.overlap(near) != Some(theirs)).then(|| around(app, writer, &whole, now)).transpose()?;
        recount(app, writer, &whole, own.as_ref().unwrap_or(&agenda), actor)?;
    }
    Ok(())
}

/// What is in person near these days for anybody whom one of these reaches, but for themselves.
fn journeys_beside<'a>(agenda: &'a Agenda, these: &[Entry], days: Days) -> Vec<&'a Entry> {
    let near = conflict::travel_reach(days);
    let guests = these.iter().filter(|entry| entry.event.details.is_in_person()).map(|entry| agenda.guest(entry));
    let keys: BTreeSet<_> = guests.flat_map(|guest| guest.audience().keys.clone()).collect();
    let found: BTreeSet<EventId> =
        keys.into_iter().flat_map(|key| agenda.in_person(key, near)).map(|slot| slot.event.id).collect();
    let others = found.into_iter().filter(|id| these.iter().all(|entry| entry.event.id != *id));
    others.filter_map(|id| agenda.entry(id)).collect()
}

/// Counts the trips around one event again.
fn recount(app: &App, writer: &Writer<'_>, entry: &Entry, agenda: &Agenda, actor: &Actor) -> Result<()> {
    put_load(app, writer, entry, &conflict::find_load(entry, agenda, &app.settings.policy), actor)
}

fn put_load(app: &App, writer: &Writer<'_>, entry: &Entry, load: &[Finding], actor: &Actor) -> Result<()> {
    let new = writer.replace_findings_of_kind(entry.event.id, Kind::TravelLoad, load, app.now())?;
    tell(app, writer, entry, new, actor)
}

/// Does a finding block this event? What an anchor does to its satellites is theirs to decide: it blocks them, not the anchor.
fn stands_in_the_way(event: &Event, finding: &Finding) -> bool {
    let is_satellite = || event.details.anchor.is_some_and(|anchor| finding.events.contains(&anchor));
    finding.severity == Severity::Block && (finding.kind != Kind::AnchorChanged || is_satellite())
}

/// Refuses what something blocks that nobody has overridden; names what was there first.
fn refuse_blocked(reader: &Reader<'_>, actor: &Actor, event: &Event, findings: &[Finding], now: DateTime<Utc>) -> Result<()> {
    let overrides = reader.overrides()?;
    let is_overridden = |finding: &Finding| {
        overrides.get(finding.fingerprint.as_str()).is_some_and(|decision| decision.holds_for(&finding.facts, now))
    };
    let blocking: Vec<Finding> =
        findings.iter().filter(|finding| stands_in_the_way(event, finding) && !is_overridden(finding)).cloned().collect();
    if blocking.is_empty() {
        return Ok(());
    }
    let findings = Eyes::of(reader, actor)?.with(event).told_all(blocking)?;
    let mut words = Vec::new();
    for finding in &findings {
        words.push(finding.message.clone());
        for id in finding.events.iter().filter(|id| **id != event.id) {
            let other = reader.event(*id)?.details;
            words.push(format!("“{}”, called by {}, was there first.", other.title, other.partner));
        }
    }
    Err(Error::Blocked { findings, words: words.join(" ") })
}

/// Everything that the details name must be there; each thing that is not is a mistake with its field.
pub(super) fn must_exist(reader: &Reader<'_>, details: &Details) -> Result<()> {
    let mut mistakes = Vec::new();
    let mut add = |field: &str, message: String| mistakes.push(FieldError { field: field.to_owned(), message });
    let partners: Vec<String> = reader.partners()?.into_iter().map(|partner| partner.slug.to_string()).collect();
    for (field, slug) in
        std::iter::once(("partner", &details.partner)).chain(details.co_hosts.iter().map(|slug| ("co_hosts", slug)))
    {
        if !partners.iter().any(|known| known == slug.as_str()) {
            add(field, format!("there is no partner “{slug}”; {}", nearest(slug.as_str(), &partners)));
        }
    }
    let roles = reader.roles()?;
    let known: Vec<String> = roles.iter().map(|role| role.slug.to_string()).collect();
    for slug in details.roles.iter().filter(|slug| roles.get(slug).is_none()) {
        add("roles", format!("there is no role “{slug}”; {}", nearest(slug.as_str(), &known)));
    }
    if let Some(slug) = &details.cohort {
        let cohorts: Vec<String> = reader.cohorts()?.into_iter().map(|cohort| cohort.slug.to_string()).collect();
        if !cohorts.iter().any(|known| known == slug.as_str()) {
            add("cohort", format!("there is no cohort “{slug}”; {}", nearest(slug.as_str(), &cohorts)));
        }
    }
    if !details.speakers.is_empty() {
        let people: Vec<String> = reader.people()?.into_iter().map(|person| person.slug.to_string()).collect();
        for slug in details.speakers.iter().filter(|slug| !people.iter().any(|known| known == slug.as_str())) {
            add("speakers", format!("there is no person “{slug}”; {}", nearest(slug.as_str(), &people)));
        }
    }
    if let Some(anchor) = details.anchor
        && matches!(reader.event(anchor), Err(crate::store::Error::NotFound(_)))
    {
        add("anchor", format!("there is no event {anchor}"));
    }
    if let Some(recurrence) = &details.recurrence
        && let Err(message) = recurrence.check(details.when, details.zone)
    {
        add("recurrence", message);
    }
    if mistakes.is_empty() { Ok(()) } else { Err(Error::Invalid(mistakes)) }
}

/// Refuses a series of nearly every day: each of its dates is compared with all that is on then.
///
/// # Errors
/// [`Error::Invalid`] on `recurrence`.
pub(super) fn must_be_seldom(details: &Details) -> Result<()> {
    let often = |series: &Recurrence| series.in_first_year(details.when, details.zone) > MOST_IN_A_YEAR;
    if details.recurrence.as_ref().is_some_and(often) {
        let right = "give it fewer days, or an end";
        return Err(Error::field(
            "recurrence",
            format!("it would happen more than {MOST_IN_A_YEAR} times in its first year; {right}"),
        ));
    }
    Ok(())
}

/// “did you mean …”, or the ones there are.
pub(super) fn nearest(text: &str, known: &[String]) -> String {
    let mut near: Vec<&String> = known.iter().filter(|name| strsim::jaro_winkler(name, text) > 0.8).collect();
    near.sort_by(|a, b| strsim::jaro_winkler(b, text).total_cmp(&strsim::jaro_winkler(a, text)).then(a.cmp(b)));
    near.truncate(3);
    let names = |list: &[&String]| list.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
    match (near.is_empty(), known.is_empty()) {
        (false, _) => format!("did you mean {}?", names(&near)),
        (true, true) => "there are none yet".to_owned(),
        (true, false) => format!("there are {}", names(&known.iter().take(20).collect::<Vec<_>>())),
    }
}

/// What people see of a change raises `SEQUENCE`: when, where, how, whether, and what it is called.
#[must_use]
pub(super) fn is_seen(before: &Event, after: &Event) -> bool {
    let (a, b) = (&before.details, &after.details);
    before.status != after.status
        || a.when != b.when
        || a.zone != b.zone
        || a.mode != b.mode
        || a.venue != b.venue
        || a.title != b.title
        || a.partner != b.partner
        || a.recurrence != b.recurrence
        || a.join_url != b.join_url
}

/// `after` as the next revision of `before`.
#[must_use]
pub(super) fn next(before: &Event, status: EventStatus, details: Details, now: DateTime<Utc>) -> Event {
    let mut after = Event { status, details, revision: before.revision + 1, changed_at: now, ..before.clone() };
    if is_seen(before, &after) {
        after.sequence += 1;
    }
    after
}
