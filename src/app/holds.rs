//! Holds: how long they stand, and what becomes of those that nobody decided on.

use chrono::{DateTime, Days as Step, NaiveDate, Utc};

use super::agenda::own_policies;
use super::record::{Step as Record, next, record};
use super::{Actor, App, Error, Result};
use crate::domain::{Details, Event, EventId, EventStatus};
use crate::store::Reader;

/// The last day of this hold: the one that was said, or that it had; else as long as the policy that speaks for it
/// lets a hold stand.
///
/// Whatever is no hold has none.
pub(super) fn until(app: &App, reader: &Reader<'_>, before: Option<&Event>, event: &Event) -> Result<Option<NaiveDate>> {
    if event.status != EventStatus::Hold {
        return Ok(None);
    }
    let known = before.and_then(|before| before.details.hold_until);
    if let Some(day) = event.details.hold_until.or(known) {
        return Ok(Some(day));
    }
    let policies = own_policies(app, reader)?;
    let stands = Step::new(policies.of(event, &app.settings.policy).hold_lapsing.stands_days.into());
    Ok(today(event, app.now()).checked_add_days(stands))
}

/// Frees the days of holds whose last day is over; gives how many there were.
///
/// Each becomes an idea again, with its history.
///
/// # Errors
/// What the store says.
pub fn sweep(app: &App) -> Result<usize> {
    let now = app.now();
    let lapsed: Vec<Event> = app.store.read::<_, Error>(|reader| {
        let holds = reader.holds_until(now.date_naive())?;
        Ok(holds.into_iter().filter(|event| is_over(event, now)).collect())
    })?;
    for event in &lapsed {
        free(app, event.id)?;
    }
    Ok(lapsed.len())
}

fn free(app: &App, id: EventId) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        // Somebody may have decided meanwhile.
        let before = writer.event(id)?;
        if before.status != EventStatus::Hold || !is_over(&before, app.now()) {
            return Ok(());
        }
        let after = next(&before, EventStatus::Idea, Details { hold_until: None, ..before.details.clone() }, app.now());
        let reason = before
            .details
            .hold_until
            .map(|day| format!("nobody decided by {}", crate::domain::wording::days(crate::domain::Days::one(day))));
        let step = Record { what: "hold lapsed", actor: &Actor::Operator, reason: reason.as_deref(), binding: false };
        record(app, writer, Some(&before), after, &step).map(drop)
    })
}

fn is_over(event: &Event, now: DateTime<Utc>) -> bool {
    event.details.hold_until.is_some_and(|until| until < today(event, now))
}

fn today(event: &Event, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&event.details.zone).date_naive()
}
