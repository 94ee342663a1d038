//! One event alone.

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::room;
use crate::domain::agenda::Slot;
use crate::domain::conflict::phrases::{clock, day_in_words, number, place_of_clock, thousands};
use crate::domain::conflict::trips::Load;

/// More people than the room holds.
pub(super) fn room_too_small(slot: &Slot<'_>, expected: u32, capacity: u32) -> String {
    format!("{} people are expected, and {} holds {}", thousands(expected), room(slot), thousands(capacity))
}

/// Too early or too late where somebody lives.
pub(super) fn unfair_hours(slot: &Slot<'_>, there: Tz) -> String {
    let (zone, span) = (slot.event.details.zone, slot.occurrence.span);
    let (start, local) = (span.start.with_timezone(&zone), span.start.with_timezone(&there));
    let same_day = local.date_naive() == start.date_naive();
    let other_day = if same_day { String::new() } else { format!(" on {}", day_in_words(local.date_naive())) };
    format!(
        "{} {} on {} is {}{other_day} in {}, and it ends there at {}",
        start.format("%H:%M"),
        clock(zone),
        day_in_words(start.date_naive()),
        local.format("%H:%M"),
        place_of_clock(there),
        span.end.with_timezone(&there).format("%H:%M"),
    )
}

/// The clocks change between its first and its last day.
pub(super) fn clocks_change_within(slot: &Slot<'_>, day: NaiveDate) -> String {
    let place = place_of_clock(slot.event.details.zone);
    format!(
        "On {} the clocks change by {place} time, between its first day and its last: check the hours of that day",
        day_in_words(day)
    )
}

/// The clocks change between two sessions of a series.
pub(super) fn clocks_change_between(slot: &Slot<'_>, there: Option<Tz>) -> String {
    let (zone, at) = (slot.event.details.zone, slot.occurrence.span.start);
    let hour = format!("{} {}", at.with_timezone(&zone).format("%H:%M"), clock(zone));
    let from = format!("From {}, {hour}", day_in_words(slot.days.first));
    match there {
        Some(there) => {
            let local = at.with_timezone(&there).format("%H:%M").to_string();
            format!("{from} is {local} in {}, another hour than before, since the clocks have changed", place_of_clock(there))
        }
        None => format!("{from} is another hour than before wherever clocks do not change with it, as in Arizona and Hawaii"),
    }
}

/// Too few days for a city to approve the journey.
pub(super) fn short_notice(slot: &Slot<'_>, days: i64) -> String {
    let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let begins = day_in_words(slot.days.first);
    let notice = if slot.event.status.is_tentative() {
        format!("It is not announced yet, and begins in {days}, on {begins}")
    } else {
        format!("It was entered {days} before it begins, on {begins}")
    };
    let approval = if slot.is_in_person() { ": many councils approve trips six to eight weeks ahead" } else { "" };
    notice + approval
}

/// Many trips in a short time.
pub(super) fn many_trips(load: Load, who: &str) -> String {
    let trips = number(i64::try_from(load.trips).unwrap_or(i64::MAX));
    let (first, last) = (day_in_words(load.days.first), day_in_words(load.days.last));
    format!("With this, {who} are wanted on {trips} trips that begin between {first} and {last}, within {} days", load.within)
}

/// A first day without a last.
pub(super) fn open_end(slot: &Slot<'_>) -> String {
    let what = if slot.occurrence.when.is_all_day() { "its last day" } else { "when it ends" };
    format!("It begins on {}, and {what} is not known", day_in_words(slot.days.first))
}
