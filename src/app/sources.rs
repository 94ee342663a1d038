//! Looking after the upstream calendars: settings, pause, removal, reading now, and what was withdrawn upstream.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono_tz::Tz;
use serde_json::{Value, json};

use super::record::{Step, next, record};
use super::settle::{Act, settle};
use super::sync::{self, checked_name, must_be_an_interval, must_know_roles};
use super::view::{self, SourceView};
use super::{Actor, App, Error, Result};
use crate::domain::{Details, EventId, EventStatus, Mode, RoleSlug};
use crate::store::{Reading, UpstreamCalendar};

/// Somebody asks to read now no more often than that, in seconds.
const READ_AGAIN_SECONDS: i64 = 20;

/// New settings of a calendar; `None` leaves one as it is.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// What people call it.
    pub name: Option<String>,
    /// The zone of times that name none.
    pub zone: Option<Tz>,
    /// Whom its events are for where they do not say.
    pub roles: Option<BTreeSet<RoleSlug>>,
    /// How people take part where an event does not say; `Some(None)` is as place and links say.
    #[allow(clippy::option_option, reason = "left out, said to be none, and said to be something are three things")]
    pub mode: Option<Option<Mode>>,
    /// How often it is read.
    pub every: Option<Duration>,
    /// Not read for now.
    pub paused: Option<bool>,
}

/// What becomes of an event that was withdrawn upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is on all the same.
    Keep,
    /// It is off, and stays visible as cancelled.
    Cancel,
    /// It was never meant to be there: only the partner sees it from now on.
    Remove,
}

/// One calendar of the actor's.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is another partner's.
pub fn one(app: &App, actor: &Actor, id: i64) -> Result<SourceView> {
    view::sources(app, actor)?.into_iter().find(|view| view.source.id == id).ok_or(Error::NotFound("source"))
}

/// Changes the settings of a calendar. Where they change what its events come to, it is read anew.
///
/// # Errors
/// [`Error::Stale`] where `revision` is not the present one; [`Error::Invalid`] for what cannot be;
/// [`Error::NotFound`] as [`one`].
pub fn edit(app: &App, actor: &Actor, id: i64, revision: Option<u32>, new: &Settings) -> Result<()> {
    let mut source = own(app, actor, id)?;
    if revision.is_some_and(|read| read != source.revision) {
        return Err(Error::Stale);
    }
    if let Some(name) = &new.name {
        source.name = checked_name(name)?;
    }
    if let Some(every) = new.every {
        must_be_an_interval(every)?;
        source.every = every;
    }
    let before = (source.zone, source.roles.clone(), source.mode, source.paused_at.is_some());
    source.zone = new.zone.unwrap_or(source.zone);
    source.mode = new.mode.unwrap_or(source.mode);
    source.roles = new.roles.clone().unwrap_or(source.roles);
    match new.paused {
        Some(true) => source.paused_at = source.paused_at.or(Some(app.now())),
        Some(false) => source.paused_at = None,
        None => {}
    }
    let is_resumed = before.3 && source.paused_at.is_none();
    let is_other = (source.zone, &source.roles, source.mode) != (before.0, &before.1, before.2);
    app.store.write::<_, Error>(|writer| {
        must_know_roles(writer, source.roles.iter())?;
        writer.put_source_settings(&source)?;
        if is_other || is_resumed {
            let mut now = writer.source(id)?;
            if is_other {
                // Asked whether it has changed, the server would say no.
                (now.etag, now.last_modified) = (None, None);
            }
            now.next_at = now.address.is_some().then(|| app.now());
            writer.put_source_state(&now)?;
        }
        Ok(())
    })
}

/// Forgets a calendar and the record of its readings. The events that it gave stay.
///
/// # Errors
/// [`Error::Stale`] as [`edit`]; [`Error::NotFound`] as [`one`].
pub fn remove(app: &App, actor: &Actor, id: i64, revision: Option<u32>) -> Result<()> {
    let source = own(app, actor, id)?;
    if revision.is_some_and(|read| read != source.revision) {
        return Err(Error::Stale);
    }
    app.store.write::<_, Error>(|writer| Ok(writer.drop_source(id)?))
}

/// Reads a calendar now.
///
/// # Errors
/// [`Error::TooMany`] where it was read a moment ago; [`Error::NotPossible`] for one that was uploaded;
/// [`Error::NotFound`] as [`one`].
pub fn read_now(app: &App, actor: &Actor, id: i64) -> Result<Reading> {
    own(app, actor, id)?;
    let last = app.store.read::<_, Error>(|reader| Ok(reader.last_reading(id)?))?;
    if last.is_some_and(|last| (app.now() - last.at).num_seconds() < READ_AGAIN_SECONDS) {
        return Err(Error::TooMany("It was read a moment ago; try again in half a minute.".to_owned()));
    }
    sync::one(app, id)
}

/// The record of a calendar's readings, newest first.
///
/// # Errors
/// [`Error::NotFound`] as [`one`].
pub fn readings(app: &App, actor: &Actor, id: i64, limit: u32) -> Result<Vec<Reading>> {
    own(app, actor, id)?;
    app.store.read::<_, Error>(|reader| Ok(reader.readings(id, limit)?))
}

/// Decides what becomes of an event that was withdrawn upstream.
///
/// # Errors
/// [`Error::NotPossible`] where it is not withdrawn, or was decided already; [`Error::Forbidden`] for others.
pub fn decide(app: &App, actor: &Actor, event: EventId, decision: Decision) -> Result<()> {
    let reason = "withdrawn upstream";
    // First the decision: two who decide at once are one who decides.
    sync::keep(app, actor, event)?;
    match decision {
        Decision::Keep => {}
        Decision::Cancel => drop(settle(app, actor, event, None, &Act::Cancel, Some(reason))?),
        Decision::Remove => take_off(app, actor, event, reason)?,
    }
    Ok(())
}

/// Calls an event off and hides it from everybody but its own people; its history stays.
fn take_off(app: &App, actor: &Actor, id: EventId, reason: &str) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        let before = writer.event(id)?;
        let hidden = Details { private: true, ..before.details.clone() };
        let after = next(&before, EventStatus::Cancelled, hidden, app.now());
        let step = Step { what: "taken off", actor, reason: Some(reason), binding: false };
        record(app, writer, Some(&before), after, &step).map(drop)
    })
}

/// The calendar itself, for who may act for its partner.
fn own(app: &App, actor: &Actor, id: i64) -> Result<UpstreamCalendar> {
    let source = app.store.read::<_, Error>(|reader| Ok(reader.source(id)?))?;
    actor.must_act_for(&source.partner).map_err(|_| Error::NotFound("source"))?;
    Ok(source)
}

/// A calendar for programs; of its address only the host.
#[must_use]
pub fn source_json(source: &UpstreamCalendar, last: Option<&Reading>, withdrawn: &[EventId], held: usize) -> Value {
    json!({
        "id": source.id, "revision": source.revision, "partner": source.partner, "name": source.name,
        "calendar": source.address.as_ref().map(|_| sync::named(source)), "time_zone": source.zone.name(),
        "roles": source.roles, "mode": source.mode, "every_seconds": source.every.as_secs(), "next_at": source.next_at,
        "paused_at": source.paused_at, "failing_since": source.failing_since, "failures": source.failures,
        "created_at": source.created_at, "last_reading": last.map(reading_json), "withdrawn": withdrawn, "held": held,
    })
}

/// The same of a calendar with its last reading and what it has withdrawn.
#[must_use]
pub fn view_json(view: &SourceView) -> Value {
    let withdrawn: Vec<EventId> = view.withdrawn.iter().map(|(event, _)| event.id).collect();
    source_json(&view.source, view.last.as_ref(), &withdrawn, view.held)
}

/// A reading for programs.
#[must_use]
pub fn reading_json(one: &Reading) -> Value {
    json!({
        "source": one.source, "at": one.at, "took_ms": u64::try_from(one.took.as_millis()).unwrap_or(u64::MAX),
        "outcome": one.outcome.as_str(), "new": one.new, "changed": one.changed, "unchanged": one.unchanged,
        "gone": one.gone, "refused": one.refused, "held": one.held, "message": one.message,
    })
}

/// Reads a length of time: `15m`, `1h`, `1d`.
///
/// # Errors
/// A sentence with what would be right.
pub fn length(text: &str) -> Result<Duration, String> {
    let wrong = || format!("“{text}” is no length of time; one would be 15m, 1h or 1d");
    let (count, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let count: u64 = count.parse().map_err(|_| wrong())?;
    let seconds = match unit {
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return Err(wrong()),
    };
    count.checked_mul(seconds).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_minutes_hours_or_days() {
        assert_eq!(length("15m"), Ok(Duration::from_mins(15)));
        assert_eq!(length("2h"), Ok(Duration::from_hours(2)));
        assert_eq!(length("1d"), Ok(Duration::from_hours(24)));
        for bad in ["", "h", "1", "1x", "-1h", "1.5h", "99999999999999999999h", "18446744073709551615d", "é"] {
            assert!(length(bad).is_err(), "{bad}");
        }
    }
}
