//! The agenda around an event, and the findings in it: reads only.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

use super::discretion::{Eyes, blurred};
use super::overrides::Decided;
use super::{Actor, App, Error, Result, disagree};
use crate::domain::agenda::{Agenda, Entry, Facts};
use crate::domain::civic::Whose;
use crate::domain::conflict::{self, Finding, OwnPolicies};
use crate::domain::recurrence::occurrences;
use crate::domain::{Days, Event, EventId, Observance, Span, Team, almanac};
use crate::json::{DecidedJson, FindingJson, OverrideJson};
use crate::store::{EventFilter, Override, PolicyHolder, Reader, StoredFinding};

/// How far ahead series are expanded: three years and a quarter.
const HORIZON_DAYS: i64 = 1186;

/// Up to when a series is expanded, seen from `now`.
#[must_use]
pub fn horizon(now: DateTime<Utc>) -> DateTime<Utc> {
    now + chrono::Duration::days(HORIZON_DAYS)
}

/// An event with the occurrences it has from its first up to the horizon.
#[must_use]
pub fn expand(event: Event, now: DateTime<Utc>) -> Entry {
    let details = &event.details;
    let first = details.when.span(details.zone);
    let window =
        Span::new(first.start.min(now) - chrono::Duration::days(1), horizon(now).max(first.end + chrono::Duration::days(1)));
    let expansion = occurrences(details.when, details.zone, details.recurrence.as_ref(), window);
    Entry { occurrences: expansion.occurrences, event }
}

/// The days that an entry is on, first to last.
#[must_use]
pub fn days_of(entry: &Entry) -> Days {
    let own = entry.event.details.when.days();
    entry
        .occurrences
        .iter()
        .map(|one| one.when.days())
        .fold(own, |all, days| Days { first: all.first.min(days.first), last: all.last.max(days.last) })
}

/// Everything that a finding about this event may depend on: what is around its days, what it is set
/// beside, and what is set beside it, whenever that is.
///
/// # Errors
/// What the store says.
pub fn around(app: &App, reader: &Reader<'_>, subject: &Entry, now: DateTime<Utc>) -> Result<Agenda> {
    let days = days_of(subject);
    seen_from(app, reader, subject, gathered(reader, subject, days)?, now)
}

/// The same for what is only asked: plans that `actor` may not know of are there by their weeks ([`blurred`]).
///
/// # Errors
/// What the store says.
pub fn around_for(app: &App, reader: &Reader<'_>, actor: &Actor, subject: &Entry, now: DateTime<Utc>) -> Result<Agenda> {
    if actor.sees_all() {
        return around(app, reader, subject, now);
    }
    let days = days_of(subject);
    let entries = gathered(reader, subject, conflict::weeks_around(days))?;
    let event = &subject.event;
    let is_own = |entry: &Entry| entry.event.id == event.id || event.details.anchor == Some(entry.event.id);
    let look = |entry: Entry| if is_own(&entry) { entry } else { blurred(actor, entry, app.settings.time_zone) };
    seen_from(app, reader, subject, entries.into_iter().map(look).collect(), now)
}

/// The agenda of these entries, in which the subject is as it is meant to be: that need not be as it is stored.
fn seen_from(app: &App, reader: &Reader<'_>, subject: &Entry, entries: Vec<Entry>, now: DateTime<Utc>) -> Result<Agenda> {
    let mut facts = facts(app, reader, entries, conflict::reach(days_of(subject)), now)?;
    facts.claims.remove(&subject.event.id);
    facts.claims.extend(disagree::contested(reader, std::iter::once(&subject.event))?);
    Ok(Agenda::new(facts))
}

fn gathered(reader: &Reader<'_>, subject: &Entry, days: Days) -> Result<Vec<Entry>> {
    let mut entries = reader.entries(&EventFilter { within: Some(instants(conflict::reach(days))) })?;
    if subject.event.details.is_in_person() {
        let far = reader.journeys(instants(conflict::travel_reach(days)))?;
        entries.retain(|near| !near.event.details.is_in_person());
        entries.extend(far);
    }
    let mut tied = vec![subject.event.id];
    tied.extend(subject.event.details.anchor);
    for id in tied.clone() {
        tied.extend(reader.satellites(id)?.iter().map(|event| event.id));
    }
    // Whole: a series is tied to its anchor by all of its occurrences, however far off.
    for id in tied {
        if id != subject.event.id {
            entries.retain(|entry| entry.event.id != id);
            entries.push(reader.entry(id)?);
        }
    }
    Ok(entries)
}

/// What is in person around these days, as far as the trips of what is on them hang on it.
///
/// # Errors
/// What the store says.
pub fn journeys_around(app: &App, reader: &Reader<'_>, days: Days, now: DateTime<Utc>) -> Result<Agenda> {
    let far = conflict::travel_reach(conflict::travel_reach(days));
    let entries = reader.journeys(instants(far))?;
    assemble(app, reader, entries, days, now)
}

/// The instants of these days, with a day more on each side, since civil days begin at other instants in other zones.
pub(super) fn instants(days: Days) -> Span {
    let wide = days.widened(1);
    let after = days.widened(2).last;
    Span::new(wide.first.and_time(NaiveTime::MIN).and_utc(), after.and_time(NaiveTime::MIN).and_utc())
}

/// The events that are on any of these civil days, each by its own clock, with those of their occurrences that are.
///
/// # Errors
/// What the store says.
pub fn entries_on(reader: &Reader<'_>, days: Days) -> Result<Vec<Entry>> {
    let mut entries = reader.entries(&EventFilter { within: Some(instants(days)) })?;
    for entry in &mut entries {
        entry.occurrences.retain(|one| one.when.days().overlap(days).is_some());
    }
    entries.retain(|entry| !entry.occurrences.is_empty());
    Ok(entries)
}

/// The same one after the other, by id, of which few are in memory at a time.
///
/// # Errors
/// What the store says.
pub fn each_entry_on(reader: &Reader<'_>, days: Days, mut take: impl FnMut(Entry)) -> Result<()> {
    Ok(reader.each_entry(instants(days), |mut entry| {
        entry.occurrences.retain(|one| one.when.days().overlap(days).is_some());
        if !entry.occurrences.is_empty() {
            take(entry);
        }
    })?)
}

/// All days that anything can be on, as far as they sort as texts.
const EVERY_DAY: Days = Days {
    first: NaiveDate::from_ymd_opt(2, 1, 1).expect("a date"),
    last: NaiveDate::from_ymd_opt(9998, 12, 31).expect("a date"),
};

/// The whole calendar as one agenda, with whatever is known of any day.
///
/// # Errors
/// What the store says.
pub fn whole(app: &App, reader: &Reader<'_>, now: DateTime<Utc>) -> Result<Agenda> {
    assemble(app, reader, reader.entries(&EventFilter::default())?, EVERY_DAY, now)
}

/// The same with these entries as they are here: they are stored, and need not be read again.
///
/// # Errors
/// What the store says.
pub(super) fn whole_with(app: &App, reader: &Reader<'_>, these: Vec<Entry>, now: DateTime<Utc>) -> Result<Agenda> {
    let mut entries = reader.entries_besides(&these.iter().map(|entry| entry.event.id).collect())?;
    entries.extend(these);
    entries.sort_by_cached_key(|entry| entry.event.id);
    assemble(app, reader, entries, EVERY_DAY, now)
}

/// The days to plan around: from the table, and calculated for the years that it does not cover.
///
/// # Errors
/// What the store says.
pub fn observances(reader: &Reader<'_>, days: Days) -> Result<Vec<Observance>> {
    let covered = reader.observance_years()?;
    let mut found = reader.observances(whole_years(days))?;
    // What a table says of a day goes before what is calculated of it, also where it says nothing else of that year.
    let named: BTreeSet<(String, Option<String>, i32)> =
        found.iter().map(|one| (one.name.clone(), one.state.clone(), one.days.first.year())).collect();
    found.retain(|one| one.days.overlap(days).is_some());
    let calculated = almanac::between(days, |year| !covered.contains(&year));
    found.extend(
        calculated.into_iter().filter(|one| !named.contains(&(one.name.clone(), one.state.clone(), one.days.first.year()))),
    );
    Ok(found)
}

/// All years that these days, or what lasts into them, begin in.
fn whole_years(days: Days) -> Days {
    let first = NaiveDate::from_ymd_opt(days.first.year() - 1, 1, 1).unwrap_or(days.first);
    Days { first, last: NaiveDate::from_ymd_opt(days.last.year(), 12, 31).unwrap_or(days.last) }
}

/// What may be known of the events of these days without any other event: what is expected then.
pub(super) fn outlook_on(app: &App, reader: &Reader<'_>, days: Days, now: DateTime<Utc>) -> Result<Agenda> {
    assemble(app, reader, Vec::new(), days, now)
}

/// What concerns one city team, as if there were no other.
///
/// # Errors
/// What the store says.
pub fn of_team(app: &App, reader: &Reader<'_>, team: &Team, entries: Vec<Entry>, now: DateTime<Utc>) -> Result<Agenda> {
    let days = entries.iter().map(days_of).reduce(|a, b| Days { first: a.first.min(b.first), last: a.last.max(b.last) });
    let days = conflict::reach(days.unwrap_or_else(|| Days::one(now.date_naive())));
    let mut facts = facts(app, reader, entries, days, now)?;
    facts.teams.retain(|known| known.slug == team.slug);
    facts.civic.blackouts.retain(|one| !matches!(&one.whose, Whose::Team(slug) if *slug != team.slug));
    facts.civic.meetings.retain(|meeting| meeting.team == team.slug);
    facts.civic.budgets.retain(|slug, _| *slug == team.slug);
    Ok(Agenda::new(facts))
}

fn assemble(app: &App, reader: &Reader<'_>, entries: Vec<Entry>, days: Days, now: DateTime<Utc>) -> Result<Agenda> {
    Ok(Agenda::new(facts(app, reader, entries, days, now)?))
}

fn facts(app: &App, reader: &Reader<'_>, entries: Vec<Entry>, days: Days, now: DateTime<Utc>) -> Result<Facts> {
    let people: BTreeMap<_, _> = reader.people()?.into_iter().map(|person| (person.slug, person.name)).collect();
    let partners: BTreeMap<_, _> = reader.partners()?.into_iter().map(|partner| (partner.slug, partner.name)).collect();
    let claims = disagree::contested(reader, entries.iter().map(|entry| &entry.event))?;
    Ok(Facts {
        entries,
        outlook: reader.outlook(reader.patterns()?, days)?,
        roles: reader.roles()?,
        teams: reader.teams()?,
        observances: observances(reader, days)?,
        observances_version: reader.meta("observances")?.unwrap_or_default(),
        people,
        partners,
        civic: reader.civic(conflict::approvals(days))?,
        policies: own_policies(app, reader)?,
        claims,
        now,
    })
}

/// The policies that partners and events have of their own, over those that are wider.
///
/// # Errors
/// What the store says.
pub fn own_policies(app: &App, reader: &Reader<'_>) -> Result<OwnPolicies> {
    let network = &app.settings.policy;
    let (mut policies, mut of_events) = (OwnPolicies::default(), Vec::new());
    for stored in reader.policies()? {
        match stored.whose {
            PolicyHolder::Partner(partner) => drop(policies.partners.insert(partner, stored.patch.over(network))),
            PolicyHolder::Event(id) => of_events.push((id, stored.patch)),
        }
    }
    for (id, patch) in of_events {
        let partner = reader.event(id)?.details.partner;
        let wider = policies.partners.get(&partner).unwrap_or(network);
        policies.events.insert(id, patch.over(wider));
    }
    Ok(policies)
}

/// All findings of the calendar that `actor` may see, computed afresh, with the overrides that hold.
///
/// # Errors
/// What the store says.
pub fn check(app: &App, actor: &Actor) -> Result<Vec<StoredFinding>> {
    let now = app.now();
    app.store.read::<_, Error>(|reader| {
        let findings = conflict::find_all(&whole(app, reader, now)?, &app.settings.policy);
        let stored = with_overrides(reader, findings, now)?;
        visible(reader, stored, actor, now)
    })
}

/// The stored findings that `actor` may see.
///
/// # Errors
/// What the store says.
pub fn findings(app: &App, actor: &Actor) -> Result<Vec<StoredFinding>> {
    app.store.read::<_, Error>(|reader| visible(reader, reader.findings()?, actor, app.now()))
}

/// The stored findings of one event that `actor` may see.
///
/// # Errors
/// What the store says.
pub fn findings_of(app: &App, actor: &Actor, event: EventId) -> Result<Vec<StoredFinding>> {
    app.store.read::<_, Error>(|reader| {
        let mut found = visible(reader, reader.findings_of(event)?, actor, app.now())?;
        found.sort_by(|a, b| Finding::by_rank(&a.finding, &b.finding));
        Ok(found)
    })
}

fn with_overrides(reader: &Reader<'_>, findings: Vec<Finding>, now: DateTime<Utc>) -> Result<Vec<StoredFinding>> {
    let overrides = reader.overrides()?;
    let hold = |finding: Finding| {
        let known = overrides.get(&finding.fingerprint.to_string());
        StoredFinding { overridden: known.filter(|known| known.facts == finding.facts).cloned(), found_at: now, finding }
    };
    Ok(findings.into_iter().map(hold).collect())
}

fn visible(reader: &Reader<'_>, findings: Vec<StoredFinding>, actor: &Actor, now: DateTime<Utc>) -> Result<Vec<StoredFinding>> {
    let mut eyes = Eyes::of(reader, actor)?;
    let mut seen = Vec::with_capacity(findings.len());
    for stored in findings {
        seen.extend(eyes.told_stored(stored, now)?);
    }
    Ok(seen)
}

/// A stored finding as programs see it.
#[must_use]
pub fn finding_json(stored: &StoredFinding) -> FindingJson<'_> {
    FindingJson::new(&stored.finding, stored.overridden.as_ref().map(override_json))
}

/// A decision as programs see it.
#[must_use]
pub fn override_json(by: &Override) -> OverrideJson<'_> {
    let (expires, time_zone) = by.expiry.map(|expiry| (expiry.day, expiry.zone.name())).unzip();
    OverrideJson { by: &by.by_name, at: by.at, reason: &by.reason, expires, time_zone }
}

/// A decision with what it is about, as programs see it.
#[must_use]
pub fn decided_json(decided: &Decided) -> DecidedJson<'_> {
    let Decided { finding, ended, .. } = decided;
    DecidedJson {
        fingerprint: &finding.fingerprint,
        kind: finding.kind,
        severity: finding.severity,
        events: &finding.events,
        message: &finding.message,
        decision: override_json(&decided.decision),
        standing: decided.standing.as_str(),
        ended_at: ended.as_ref().map(|(at, _)| *at),
        ended_by: ended.as_ref().and_then(|(_, by)| by.as_deref()),
    }
}
