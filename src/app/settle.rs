//! The steps of an event's life: hold, announce, confirm, edit, move, go virtual, postpone, cancel.

use chrono::{DateTime, NaiveDate, Utc};

use super::answers::choose::follow;
use super::answers::details_at;
use super::propose::Verdict;
use super::record::{Step, next, record};
use super::{Actor, App, Error, Result};
use crate::domain::conflict::Kind;
use crate::domain::proposal::Candidate;
use crate::domain::{Details, Event, EventId, EventStatus, Mode};
use crate::json::Draft;
use crate::store::{StoredFinding, Writer};

/// One step, with what it needs.
#[derive(Debug, Clone)]
pub enum Act {
    /// Keep the dates provisionally.
    Hold,
    /// Keep them for longer, up to and including this day, as in a draft.
    Prolong {
        /// The day.
        until: String,
    },
    /// A public save-the-date.
    Announce,
    /// It is certain.
    Confirm,
    /// It is over.
    MarkHeld,
    /// Other details, the status as it is.
    Edit(Box<Draft>),
    /// Other dates: `start` and `end` as in a draft.
    Move {
        /// The new start.
        start: String,
        /// The new end.
        end: Option<String>,
    },
    /// One of the dates that were proposed, with its place.
    Choose(Box<Candidate>),
    /// Online instead.
    GoVirtual {
        /// Where to join it.
        join_url: Option<String>,
    },
    /// Put off, new dates to come.
    Postpone,
    /// Called off.
    Cancel,
}

/// Takes one step in an event's life.
///
/// `revision` is the one that the actor read; `None` where they did not say.
///
/// # Errors
/// [`Error::Stale`] when it changed meanwhile; [`Error::NotPossible`] when the step may not follow;
/// [`Error::Blocked`] when something stands in the way of confirming that nobody has overridden.
pub fn settle(app: &App, actor: &Actor, id: EventId, revision: Option<u32>, act: &Act, reason: Option<&str>) -> Result<Verdict> {
    app.store.write::<_, Error>(|writer| {
        let before = must_change(writer, actor, id, revision)?;
        take(app, writer, actor, before, act, reason)
    })
}

/// The same with an event that the actor may change, as a part of something larger.
pub(super) fn take(
    app: &App,
    writer: &Writer<'_>,
    actor: &Actor,
    before: Event,
    act: &Act,
    reason: Option<&str>,
) -> Result<Verdict> {
    let (status, mut details) = outcome(app, &before, act)?;
    if matches!(act, Act::Move { .. } | Act::Choose(_) | Act::GoVirtual { .. }) {
        details.anchor = still_beside(app, writer, &before, &details)?;
    }
    if status == before.status && details == before.details {
        let findings = writer.findings_of(before.id)?.into_iter().map(|stored| stored.finding).collect();
        return Verdict::told(writer, actor, before, findings);
    }
    let after = next(&before, status, details, app.now());
    let reason = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let step = Step { what: act.name(), actor, reason, binding: is_binding(&before, &after) };
    let (event, findings) = record(app, writer, Some(&before), after, &step)?;
    follow(app, writer, &event, actor)?;
    Verdict::told(writer, actor, event, findings)
}

/// A public date, place or speaker is relied on: every blocking finding needs its override first.
fn is_binding(before: &Event, after: &Event) -> bool {
    let (a, b) = (&before.details, &after.details);
    let taken = (a.when, &a.venue, &a.speakers) != (b.when, &b.venue, &b.speakers);
    after.status.is_public() && !after.status.is_off() && (taken || !before.status.is_public())
}

/// The event, for those who may change it, as they read it.
pub(super) fn must_change(writer: &Writer<'_>, actor: &Actor, id: EventId, revision: Option<u32>) -> Result<Event> {
    let event = writer.event(id)?;
    if !actor.may_see(&event) {
        return Err(Error::NotFound("event"));
    }
    if !actor.sees_all() && !actor.partner().is_some_and(|partner| event.is_called_by(partner)) {
        actor.must_act_for(&event.details.partner)?;
    }
    if revision.is_some_and(|read| read != event.revision) {
        return Err(Error::Stale);
    }
    Ok(event)
}

/// What an event is still set beside after it moved or went online: a lost anchor is let go, unless it is near again.
fn still_beside(app: &App, writer: &Writer<'_>, before: &Event, after: &Details) -> Result<Option<EventId>> {
    let Some(anchor) = before.details.anchor else { return Ok(after.anchor) };
    let is_lost = |stored: &StoredFinding| stored.finding.kind == Kind::AnchorChanged && stored.finding.events.contains(&anchor);
    if !writer.findings_of(before.id)?.iter().any(is_lost) {
        return Ok(after.anchor);
    }
    let event = writer.event(anchor)?;
    let free = event.details.when.days().free_days_between(after.when.days());
    let is_near = free.is_none_or(|free| free <= i64::from(app.settings.policy.same_place_near_dates.near_days));
    Ok(after.anchor.filter(|_| is_near && after.is_in_person() && event.details.is_in_person() && !event.status.is_off()))
}

fn outcome(app: &App, before: &Event, act: &Act) -> Result<(EventStatus, Details)> {
    let mut details = before.details.clone();
    let status = match act {
        Act::Hold => EventStatus::Hold,
        Act::Prolong { until } => {
            details.hold_until = Some(prolonged(before, until, app.now())?);
            before.status
        }
        Act::Announce => EventStatus::Announced,
        Act::Confirm => EventStatus::Confirmed,
        Act::MarkHeld => EventStatus::Held,
        Act::Postpone => EventStatus::Postponed,
        Act::Cancel => EventStatus::Cancelled,
        Act::Edit(draft) => {
            details = reread(app, before, draft)?;
            before.status
        }
        Act::Move { start, end } => {
            let draft = Draft { start: start.clone(), end: end.clone(), all_day: None, ..Draft::of(&details) };
            details = reread(app, before, &draft)?;
            // New dates end a postponement.
            if before.status == EventStatus::Postponed { EventStatus::Announced } else { before.status }
        }
        Act::Choose(chosen) => {
            details = details_at(&details, chosen);
            if before.status == EventStatus::Postponed { EventStatus::Announced } else { before.status }
        }
        Act::GoVirtual { join_url } => {
            let draft = Draft { join_url: join_url.clone().or_else(|| details.join_url.clone()), ..Draft::of(&details) };
            details = Details { mode: Mode::Virtual, venue: None, ..reread(app, before, &draft)? };
            before.status
        }
    };
    if matches!(before.status, EventStatus::Held | EventStatus::Cancelled) && status == before.status && details != before.details
        || status != before.status && !before.status.may_become(status)
    {
        return Err(Error::NotPossible(format!("an event that is {} cannot be {} any more", before.status, act.name())));
    }
    Ok((status, details))
}

/// How long a hold may be kept at once.
const HOLD_DAYS: i64 = 400;

/// The new last day of a hold.
fn prolonged(before: &Event, until: &str, now: DateTime<Utc>) -> Result<NaiveDate> {
    if before.status != EventStatus::Hold {
        return Err(Error::NotPossible(format!("only a hold can be held for longer, and this is {}", before.status)));
    }
    let today = now.with_timezone(&before.details.zone).date_naive();
    let day: NaiveDate = until.trim().parse().map_err(|_| {
        Error::field("until", format!("“{}” is no day; one would be {}", until.trim(), today + chrono::Days::new(30)))
    })?;
    if day < today || (day - today).num_days() > HOLD_DAYS {
        return Err(Error::field("until", format!("Choose a day from today on, and within {HOLD_DAYS} days.")));
    }
    Ok(day)
}

fn reread(app: &App, before: &Event, draft: &Draft) -> Result<Details> {
    let mut details = draft.read(before.details.partner.as_str(), Some(before.details.zone)).map_err(Error::Invalid)?;
    if details.anchor == Some(before.id) {
        return Err(Error::field("anchor", "an event cannot be set beside itself"));
    }
    app.places().complete(&mut details.venue);
    Ok(details)
}

impl Act {
    /// What the history calls it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hold => "held provisionally",
            Self::Prolong { .. } => "held for longer",
            Self::Announce => "announced",
            Self::Confirm => "confirmed",
            Self::MarkHeld => "marked as held",
            Self::Edit(_) => "edited",
            Self::Move { .. } => "moved",
            Self::Choose(_) => "settled on these dates",
            Self::GoVirtual { .. } => "made virtual",
            Self::Postpone => "postponed",
            Self::Cancel => "cancelled",
        }
    }
}
