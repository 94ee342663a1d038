//! Keeps reading the upstream calendars.
//!
//! A calendar is fetched with no transaction open and taken in within one, together with the record
//! of the reading. What cannot be read changes nothing: it is tried again later and later, and the
//! partner is told once. What is missing is marked as withdrawn upstream, and never deleted.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};

use super::import::{self, Fallback, Options, Report};
use super::{Actor, App, Error, Result, notify};
use crate::domain::{EventId, EventStatus, Mode, PartnerSlug, RoleSlug};
use crate::net::{self, Ask, Fetched, Validators};
use crate::store::{Reader, Reading, ReadingOutcome, UpstreamCalendar, Writer};

/// For how long a calendar that is being read is left alone by others.
const LEASE_MINUTES: i64 = 5;
/// How long to wait after the first failure; it doubles with each further one.
const FIRST_WAIT: Duration = Duration::from_mins(5);
/// The longest wait after a failure.
const LONGEST_WAIT: Duration = Duration::from_hours(6);
/// A calendar that fails again and again is told about no more often than that.
const TELL_AGAIN_HOURS: i64 = 24;
/// The shortest time between two readings, in seconds.
pub const SHORTEST: u64 = 60;
/// The longest time between two readings, in seconds: a week.
pub const LONGEST: u64 = 7 * 24 * 3600;

/// An upstream calendar to be added.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// Whose it is.
    pub partner: PartnerSlug,
    /// Where it is read; `None` for what is uploaded.
    pub address: Option<String>,
    /// What people call it; its host by default.
    pub name: Option<String>,
    /// The zone of times that name none; the settings' by default.
    pub zone: Option<chrono_tz::Tz>,
    /// Whom its events are for where they do not say.
    pub roles: Vec<RoleSlug>,
    /// How people take part where an event does not say.
    pub mode: Option<Mode>,
    /// How often it is read.
    pub every: Duration,
}

/// Adds an upstream calendar, due at once, and gives its number.
///
/// # Errors
/// [`Error::Invalid`] for a partner, role, address or length of time that cannot be; [`Error::NotPossible`]
/// where it is read already.
pub fn add(app: &App, actor: &Actor, new: &NewSource) -> Result<i64> {
    actor.must_act_for(&new.partner)?;
    import::must_know(app, &new.partner)?;
    if let Some(address) = &new.address {
        net::calendar_address(address, app.settings.upstream.allow_loopback)
            .map_err(|error| Error::field("address", error.to_string()))?;
    }
    must_be_an_interval(new.every)?;
    let host = new.address.as_deref().map(calendar_name);
    let host = host.map(|host| host.split_once("://").map_or_else(|| host.clone(), |(_, bare)| bare.to_owned()));
    let name = checked_name(&new.name.clone().or(host).unwrap_or_default())?;
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        must_know_roles(writer, new.roles.iter())?;
        let source = UpstreamCalendar {
            id: 0,
            partner: new.partner.clone(),
            name,
            address: new.address.clone(),
            calendar: told_apart(writer, new)?,
            zone: new.zone.unwrap_or(app.settings.time_zone),
            roles: new.roles.iter().cloned().collect(),
            mode: new.mode,
            every: new.every,
            etag: None,
            last_modified: None,
            next_at: new.address.is_some().then_some(now),
            failing_since: None,
            failures: 0,
            told_at: None,
            created_at: now,
            paused_at: None,
            revision: 1,
        };
        Ok(writer.add_source(&source)?)
    })
}

/// What events name as it: its host with a number, where the host alone is what another one of the partner's is called.
///
/// Two calendars of one name would count as one, and could never disagree.
fn told_apart(reader: &Reader<'_>, new: &NewSource) -> Result<Option<String>> {
    new.address.as_deref().map_or(Ok(None), |address| numbered(reader, &new.partner, &calendar_name(address)))
}

fn numbered(reader: &Reader<'_>, partner: &PartnerSlug, host: &str) -> Result<Option<String>> {
    let own = |source: &UpstreamCalendar| source.partner == *partner;
    let taken: BTreeSet<String> = reader.sources()?.iter().filter(|source| own(source)).map(named).collect();
    let mut numbered = (2_u32..).map(|number| format!("{host} ({number})"));
    Ok(if taken.contains(host) { numbered.find(|name| !taken.contains(name)) } else { None })
}

/// What events name as the calendar at an address that is read once: as the partner's source of that address is
/// called; else by its host, told apart from those of the partner's that are called so.
///
/// # Errors
/// What the store says.
pub fn called(app: &App, partner: &PartnerSlug, address: &str) -> Result<String> {
    let host = calendar_name(address);
    app.store.read::<_, Error>(|reader| {
        let is_it = |source: &UpstreamCalendar| source.partner == *partner && source.address.as_deref() == Some(address);
        match reader.sources()?.iter().find(|source| is_it(source)) {
            Some(source) => Ok(named(source)),
            None => Ok(numbered(reader, partner, &host)?.unwrap_or(host)),
        }
    })
}

/// What events name as the calendar that gave them.
#[must_use]
pub fn named(source: &UpstreamCalendar) -> String {
    let host = || source.address.as_deref().map(calendar_name);
    source.calendar.clone().or_else(host).unwrap_or_else(|| source.name.clone())
}

/// A calendar's name, tidied.
pub(super) fn checked_name(name: &str) -> Result<String> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Error::field("name", "give it a name of up to 100 characters"));
    }
    Ok(name)
}

pub(super) fn must_be_an_interval(every: Duration) -> Result<()> {
    if (SHORTEST..=LONGEST).contains(&every.as_secs()) {
        Ok(())
    } else {
        Err(Error::field("every", "a calendar is read at most once a minute and at least once a week"))
    }
}

pub(super) fn must_know_roles<'r>(reader: &Reader<'_>, mut roles: impl Iterator<Item = &'r RoleSlug>) -> Result<()> {
    let tree = reader.roles()?;
    let Some(role) = roles.find(|role| tree.get(role).is_none()) else { return Ok(()) };
    let known: Vec<String> = tree.iter().map(|role| role.slug.to_string()).collect();
    let near = super::record::nearest(role.as_str(), &known);
    Err(Error::field("roles", format!("there is no role “{role}”; {near}")))
}

/// Reads the calendars that are due, one after the other.
///
/// # Errors
/// When the store fails; a calendar that cannot be read is no error, but a reading that says so.
pub fn due(app: &App) -> Result<Vec<Reading>> {
    let now = app.now();
    let lease = now + chrono::Duration::minutes(LEASE_MINUTES);
    // Most rounds find nothing: those do not wait for the writer.
    let any = app.store.read::<_, Error>(|reader| Ok(reader.sources()?))?;
    if !any.iter().any(|source| source.paused_at.is_none() && source.next_at.is_some_and(|at| at <= now)) {
        return Ok(Vec::new());
    }
    let ids = app.store.write::<_, Error>(|writer| Ok(writer.claim_due_sources(now, lease)?))?;
    ids.into_iter().map(|id| one(app, id)).collect()
}

/// Reads one calendar now, whether or not it is due.
///
/// # Errors
/// [`Error::NotFound`] where there is none; [`Error::NotPossible`] for one that was uploaded; when the store fails.
pub fn one(app: &App, id: i64) -> Result<Reading> {
    let source = app.store.read::<_, Error>(|reader| Ok(reader.source(id)?))?;
    let Some(address) = source.address.clone() else {
        return Err(Error::NotPossible(format!("“{}” was uploaded: there is no address to read it from", source.name)));
    };
    let ask = Ask {
        limit: app.settings.limits.calendar_bytes,
        validators: Validators { etag: source.etag.clone(), last_modified: source.last_modified.clone() },
        allow_loopback: app.settings.upstream.allow_loopback,
    };
    let begun = Instant::now();
    match net::fetch(&address, &ask) {
        Ok(Fetched::NotModified) => well(app, source, begun),
        Ok(Fetched::Calendar { bytes, validators }) => took(app, source, &bytes, validators, begun),
        Err(error) => failed(app, source, error.to_string(), begun),
    }
}

/// Takes in what was uploaded for a calendar.
///
/// # Errors
/// [`Error::NotFound`] where there is none; [`Error::Forbidden`] for others; when the store fails.
pub fn upload(app: &App, actor: &Actor, id: i64, bytes: &[u8]) -> Result<Reading> {
    let source = app.store.read::<_, Error>(|reader| Ok(reader.source(id)?))?;
    actor.must_act_for(&source.partner)?;
    took(app, source, bytes, Validators::default(), Instant::now())
}

/// Somebody of the partner decides that an event stays although it was withdrawn upstream.
///
/// # Errors
/// [`Error::Forbidden`] for others; [`Error::NotPossible`] where it is not withdrawn.
pub fn keep(app: &App, actor: &Actor, event: EventId) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        let known = writer.event(event)?;
        if !actor.may_see(&known) {
            return Err(Error::NotFound("event"));
        }
        actor.must_act_for(&known.details.partner)?;
        if writer.keep_withdrawn(event, app.now())? {
            Ok(())
        } else {
            Err(Error::NotPossible("it is not withdrawn upstream, or somebody kept it already".to_owned()))
        }
    })
}

/// What events name as the calendar they were read from: its host, and nothing of the address that may be secret.
#[must_use]
pub fn calendar_name(address: &str) -> String {
    let address = address.trim();
    net::host_only(&address.strip_prefix("webcal://").map_or_else(|| address.to_owned(), |rest| format!("https://{rest}")))
}

/// The server says that nothing changed.
fn well(app: &App, mut source: UpstreamCalendar, begun: Instant) -> Result<Reading> {
    app.store.write::<_, Error>(|writer| {
        let reading = Reading {
            unchanged: writer.given_by(source.id)?.len(),
            held: writer.count_doubts(source.id)?,
            ..blank(&source, app.now(), begun, ReadingOutcome::NotModified)
        };
        settle(writer, &mut source, &reading)?;
        Ok(reading)
    })
}

/// The server sent something: all of it is taken in, or nothing.
fn took(app: &App, source: UpstreamCalendar, bytes: &[u8], validators: Validators, begun: Instant) -> Result<Reading> {
    match take_in(app, source.clone(), bytes, validators, begun) {
        // What can be wrong with a calendar, as against with us.
        Err(Error::NotPossible(why)) => failed(app, source, why, begun),
        Err(error @ Error::Invalid(_)) => failed(app, source, error.to_string(), begun),
        other => other,
    }
}

fn take_in(app: &App, mut source: UpstreamCalendar, bytes: &[u8], validators: Validators, begun: Instant) -> Result<Reading> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::NotPossible("it sent nothing".to_owned()));
    }
    let options = options(&source);
    let fallback = Fallback { roles: source.roles.clone(), mode: source.mode };
    let mut report = Report::default();
    let incoming = import::read(app, bytes, &options, &fallback, &mut report)?;
    app.store.write::<_, Error>(|writer| {
        let given = writer.given_by(source.id)?;
        if incoming.is_empty() && !given.is_empty() {
            return Err(Error::NotPossible(format!("it has no events any more, and had {}", given.len())));
        }
        let (mut seen, held) = import::store_upstream(app, writer, &source, &options, incoming, &mut report)?;
        // It is there upstream, though not taken in: nobody has withdrawn it.
        for uid in &report.beyond {
            seen.extend(writer.event_by_source(&source.partner, uid)?.map(|event| event.id).filter(|id| given.contains(id)));
        }
        if held.new > 0 {
            notify::note_doubts(app, writer, &source)?;
        }
        let mut gone = 0;
        for event in &seen {
            writer.give(source.id, *event)?;
        }
        for event in given.difference(&seen) {
            gone += usize::from(withdraw(app, writer, source.id, *event)?);
        }
        (source.etag, source.last_modified) = (validators.etag, validators.last_modified);
        let reading = Reading {
            new: report.new.len(),
            changed: report.changed.len() + report.cancelled.len(),
            unchanged: report.unchanged,
            gone,
            refused: report.refused(),
            held: held.waiting,
            message: first_refused(&report),
            ..blank(&source, app.now(), begun, ReadingOutcome::Read)
        };
        settle(writer, &mut source, &reading)?;
        Ok(reading)
    })
}

/// How what it gives is read and compared.
pub(super) fn options(source: &UpstreamCalendar) -> Options {
    Options { partner: Some(source.partner.clone()), calendar: named(source), zone: source.zone, dry_run: false, doubtful: true }
}

/// Marks an event that the calendar gives no longer. Calendars let go of what is over or called off: that tells nothing.
fn withdraw(app: &App, writer: &Writer<'_>, source: i64, id: EventId) -> Result<bool> {
    let entry = writer.entry(id)?;
    let now = app.now();
    let ahead = entry.occurrences.iter().any(|one| one.span.end > now && !one.cancelled);
    if !ahead || matches!(entry.event.status, EventStatus::Cancelled | EventStatus::Held) {
        writer.let_go(source, id)?;
        return Ok(false);
    }
    writer.withdraw(source, id, now)?;
    Ok(true)
}

/// The calendar is well: nothing is failing any more, and it is due again in its own time.
fn settle(writer: &Writer<'_>, source: &mut UpstreamCalendar, reading: &Reading) -> Result<()> {
    source.failures = 0;
    source.failing_since = None;
    source.next_at = source.address.is_some().then(|| after(reading.at, source.every));
    writer.put_source_state(source)?;
    Ok(writer.add_reading(reading)?)
}

/// It could not be read: everything stays, it is tried again later, and the partner is told once.
fn failed(app: &App, mut source: UpstreamCalendar, why: String, begun: Instant) -> Result<Reading> {
    let now = app.now();
    let reading = Reading { message: Some(why.clone()), ..blank(&source, now, begun, ReadingOutcome::Failed) };
    app.store.write::<_, Error>(|writer| {
        let since = source.failing_since.unwrap_or(now);
        source.failing_since = Some(since);
        source.failures = source.failures.saturating_add(1);
        source.next_at = source.address.is_some().then(|| after(now, wait_after(source.failures)));
        let told = source.told_at.is_some_and(|at| at >= since || now - at < chrono::Duration::hours(TELL_AGAIN_HOURS));
        if !told {
            notify::note_trouble(app, writer, &source, since, &why)?;
            source.told_at = Some(now);
        }
        writer.put_source_state(&source)?;
        Ok(writer.add_reading(&reading)?)
    })?;
    Ok(reading)
}

/// How long to wait after so many failures in a row: 5 minutes, doubling, up to 6 hours.
#[must_use]
pub fn wait_after(failures: u32) -> Duration {
    let doubled = 2_u32.checked_pow(failures.saturating_sub(1)).and_then(|times| FIRST_WAIT.checked_mul(times));
    doubled.unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT)
}

fn after(at: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    chrono::Duration::from_std(wait).ok().and_then(|wait| at.checked_add_signed(wait)).unwrap_or(at)
}

fn blank(source: &UpstreamCalendar, at: DateTime<Utc>, begun: Instant, outcome: ReadingOutcome) -> Reading {
    Reading {
        source: source.id,
        at,
        took: begun.elapsed(),
        outcome,
        new: 0,
        changed: 0,
        unchanged: 0,
        gone: 0,
        refused: 0,
        held: 0,
        message: None,
    }
}

/// The first thing that was left out, for the record; `convene import --dry-run` lists them all.
fn first_refused(report: &Report) -> Option<String> {
    let first = report.notes.iter().find(|note| note.refused)?;
    Some(if first.line == 0 { first.text.clone() } else { format!("line {}: {}", first.line, first.text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_from_five_minutes_to_six_hours() {
        let minutes: Vec<u64> = (1..=9).map(|failures| wait_after(failures).as_secs() / 60).collect();
        assert_eq!(minutes, [5, 10, 20, 40, 80, 160, 320, 360, 360]);
        assert_eq!((wait_after(0), wait_after(u32::MAX)), (FIRST_WAIT, LONGEST_WAIT));
    }

    #[test]
    fn events_name_the_host_they_were_read_from_and_no_secret() {
        for address in [
            "https://user:word@calendar.example.org/private-0123/basic.ics?key=4",
            "webcal://calendar.example.org/private-0123/basic.ics",
        ] {
            assert_eq!(calendar_name(address), "https://calendar.example.org");
        }
    }
}
