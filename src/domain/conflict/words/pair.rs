//! Two events.

use chrono::NaiveDate;

use super::here;
use crate::domain::agenda::Slot;
use crate::domain::conflict::anchors::Loss;
use crate::domain::conflict::phrases::{day_in_words, days_in_words, hours, number, thousands};
use crate::domain::conflict::travel::Apart;
use crate::domain::{Days, Span};

/// The same people at both.
pub(super) fn same_people(a: &Slot<'_>, b: &Slot<'_>, apart: Option<Apart>, overlap: Option<Span>, who: &str) -> String {
    let days = || a.days.overlap(b.days).map(days_in_words).unwrap_or_default();
    match apart {
        Some(Apart::Far(km)) => format!("Both want {who} in person on {}, {}", days(), far(a, b, km)),
        Some(Apart::Near) => format!("Both want {who} in {} at the same time, {}", here(a), when(a, b, overlap)),
        Some(Apart::Unknown) => {
            format!("Both want {who} in person at the same time, {}, and a place is not known yet", when(a, b, overlap))
        }
        None if a.is_in_person() || b.is_in_person() => {
            format!("Both want {who} at the same time, {}, one in person and one online", when(a, b, overlap))
        }
        None => format!("Both want {who} online at the same time, {}", when(a, b, overlap)),
    }
}

/// A team in two places.
pub(super) fn split(a: &Slot<'_>, b: &Slot<'_>, days: Days, apart: Apart, teams: u32) -> String {
    let km = if let Apart::Far(km) = apart { km } else { None };
    let common =
        if days.count() == 1 { "are on the same day".to_owned() } else { format!("share {} days", number(days.count())) };
    let would = if teams == 1 {
        "1 city team has people invited to each and would".into()
    } else {
        format!("{} city teams have people invited to each and would", thousands(teams))
    };
    let (one, other) = (here(a), here(b));
    let distance = km.map(|km| format!(", {} km apart", thousands(km))).unwrap_or_default();
    format!("{one} and {other}{distance}, {common}, {}: no role is shared, but {would} have to split", days_in_words(days))
}

/// A journey without rest.
pub(super) fn turnaround(a: &Slot<'_>, b: &Slot<'_>, free_days: i64, km: u32, zone_hours: u32, who: &str) -> String {
    let free = match free_days {
        0 => "No free day lies".to_owned(),
        1 => "Only one free day lies".to_owned(),
        n => format!("Only {} free days lie", number(n)),
    };
    let leaves = if a.occurrence.when.is_open() { "from" } else { "until" };
    let open = if a.occurrence.when.is_open() { " (last day not known)" } else { "" };
    let clocks = if zone_hours > 0 { format!(" and {zone_hours} h by the clock") } else { String::new() };
    format!(
        "{free} between {}, {leaves} {}{open}, and {}, from {}, {} km{clocks} apart: both want {who}",
        here(a),
        day_in_words(a.days.last),
        here(b),
        day_in_words(b.days.first),
        thousands(km),
    )
}

/// “1,690 km apart in Phoenix, AZ and Kansas City, MO”.
fn far(a: &Slot<'_>, b: &Slot<'_>, km: Option<u32>) -> String {
    let places = format!("in {} and {}", here(a), here(b));
    km.map(|km| format!("{} km apart {places}", thousands(km))).unwrap_or(places)
}

/// When both are: days if one of them has no hours, else hours by the clock of the first.
pub(super) fn when(a: &Slot<'_>, b: &Slot<'_>, overlap: Option<Span>) -> String {
    let zone = a.event.details.zone;
    match overlap {
        Some(span) if !a.occurrence.when.is_all_day() || !b.occurrence.when.is_all_day() => {
            let timed = if a.occurrence.when.is_all_day() { b.event.details.zone } else { zone };
            hours(span, timed)
        }
        _ => a.days.overlap(b.days).map_or_else(|| days_in_words(b.days), days_in_words),
    }
}

/// A satellite without what it was set beside.
pub(super) fn anchor_lost(a: &Slot<'_>, b: &Slot<'_>, loss: Loss, decide_by: NaiveDate) -> String {
    let (anchor, satellite) = if a.event.details.anchor == Some(b.event.id) { (b, a) } else { (a, b) };
    let change = match loss {
        Loss::Cancelled => "is cancelled".to_owned(),
        Loss::Postponed => "is postponed".to_owned(),
        Loss::Online => "is online now".to_owned(),
        Loss::Moved => format!("is on {} now, and this on {}", days_in_words(anchor.days), days_in_words(satellite.days)),
        Loss::Elsewhere => format!("is in {} now, and this in {}", here(anchor), here(satellite)),
    };
    let day = day_in_words(decide_by);
    format!("The convening that this was set beside {change}: decide by {day} whether to cancel, keep, move or go online")
}

/// Two that may be one.
pub(super) fn same_title(a: &Slot<'_>, b: &Slot<'_>) -> String {
    let day = day_in_words(a.days.first);
    let days = if a.days.first == b.days.first { day } else { format!("{day} and {}", day_in_words(b.days.first)) };
    format!("Two events of the same name begin on {days}: they may be one that was entered twice")
}

/// Two that people could go to in one journey.
pub(super) fn same_place(a: &Slot<'_>, b: &Slot<'_>, free_days: Option<i64>, teams: u32) -> String {
    let towns = if here(a) == here(b) { here(a) } else { format!("{} and {}, close by", here(a), here(b)) };
    let apart = match free_days {
        None => "share days".to_owned(),
        Some(0) => "follow each other".to_owned(),
        Some(1) => "are one free day apart".to_owned(),
        Some(n) => format!("are {} free days apart", number(n)),
    };
    let reach = match teams {
        0 => String::new(),
        1 => ": 1 city team with people invited to each could come together".to_owned(),
        n => format!(": {} city teams with people invited to each could come together", thousands(n)),
    };
    let (one, other) = (days_in_words(a.days), days_in_words(b.days));
    format!("In {towns}, {one} and {other} {apart}, so that one trip could serve both{reach}")
}
