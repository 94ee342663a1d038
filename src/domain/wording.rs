//! How days, hours and places are put into words: the same on pages, in mail and on the command line.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::{OffsetName as _, Tz};

use super::span::instant;
use super::{Days, Details, When};

/// “Thu 17 – Sat 19 November 2022”: the weekday is said, what both ends share is said once.
///
/// ```
/// use convene::domain::{Days, wording};
/// let day = |text: &str| text.parse().unwrap();
/// assert_eq!(wording::days(Days::new(day("2022-11-17"), day("2022-11-19"))), "Thu 17 – Sat 19 November 2022");
/// assert_eq!(wording::days(Days::new(day("2019-02-27"), day("2019-03-01"))), "Wed 27 February – Fri 1 March 2019");
/// assert_eq!(wording::days(Days::one(day("2026-11-03"))), "Tue 3 November 2026");
/// ```
#[must_use]
pub fn days(days: Days) -> String {
    let (first, last) = (days.first, days.last);
    let end = last.format("%a %-d %B %Y");
    if first == last {
        end.to_string()
    } else if first.year() != last.year() {
        format!("{} – {end}", first.format("%a %-d %B %Y"))
    } else if first.month() != last.month() {
        format!("{} – {end}", first.format("%a %-d %B"))
    } else {
        format!("{} – {end}", first.format("%a %-d"))
    }
}

/// The same without what it shares with another day that is named after it: “Tue 6” before 14 October of that year.
///
/// ```
/// use convene::domain::{Days, wording};
/// let day = |text: &str| text.parse().unwrap();
/// assert_eq!(wording::days_before(Days::one(day("2026-10-06")), day("2026-10-14")), "Tue 6");
/// assert_eq!(wording::days_before(Days::one(day("2026-09-29")), day("2026-10-14")), "Tue 29 September");
/// assert_eq!(wording::days_before(Days::one(day("2026-12-29")), day("2027-01-14")), "Tue 29 December 2026");
/// ```
#[must_use]
pub fn days_before(days: Days, other: NaiveDate) -> String {
    let words = self::days(days);
    let last = days.last;
    let shared = if last.year() != other.year() {
        String::new()
    } else if last.month() != other.month() {
        last.format(" %Y").to_string()
    } else {
        last.format(" %B %Y").to_string()
    };
    words.strip_suffix(&shared).unwrap_or(&words).to_owned()
}

/// When something is, in its own zone: whole days as civil days, hours with the zone's name and offset.
///
/// ```
/// use convene::domain::{When, wording};
/// let open = When::Days { first: "2024-11-13".parse().unwrap(), last: None };
/// assert_eq!(wording::when(open, chrono_tz::America::New_York), "from Wed 13 November 2024, last day not known");
/// let hour = When::Times { start: "2023-10-12T15:00:00".parse().unwrap(), end: Some("2023-10-12T16:00:00".parse().unwrap()) };
/// assert_eq!(wording::when(hour, chrono_tz::America::New_York), "Thu 12 October 2023, 15:00–16:00 EDT (New York, UTC−4)");
/// ```
#[must_use]
pub fn when(when: When, zone: Tz) -> String {
    match when {
        When::Days { first, last: None } => format!("from {}, last day not known", days(Days::one(first))),
        When::Days { .. } => days(when.days()),
        When::Times { start, end } => {
            let day = days(Days::one(start.date()));
            let named = zone_at(start, zone);
            match end {
                None => format!("{day}, {} {named}, end not known", start.format("%H:%M")),
                Some(end) if end.date() == start.date() => {
                    format!("{day}, {}–{} {named}", start.format("%H:%M"), end.format("%H:%M"))
                }
                Some(end) => format!(
                    "{}, {} – {}, {} {named}",
                    days_short(start),
                    start.format("%H:%M"),
                    days(Days::one(end.date())),
                    end.format("%H:%M")
                ),
            }
        }
    }
}

/// An instant on the wall of a zone: “Mon 3 October 2022, 08:00 EDT (New York, UTC−4)”.
#[must_use]
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let wall = at.with_timezone(&zone).naive_local();
    format!("{}, {} {}", days(Days::one(wall.date())), wall.format("%H:%M"), zone_of(at, zone))
}

/// “Kansas City, MO”, “online”, or “place not known yet”.
#[must_use]
pub fn place(details: &Details) -> String {
    place_of(details.venue.as_ref(), details.mode)
}

/// The same of a venue and a mode.
#[must_use]
pub fn place_of(venue: Option<&super::Venue>, mode: super::Mode) -> String {
    match (venue.and_then(super::Venue::line), mode) {
        (_, super::Mode::Virtual) => "online".to_owned(),
        (Some(line), super::Mode::Hybrid) => format!("{line}, and online"),
        (Some(line), super::Mode::InPerson) => line,
        (None, super::Mode::Hybrid) => "place not known yet, and online".to_owned(),
        (None, super::Mode::InPerson) => "place not known yet".to_owned(),
    }
}

/// “a, b and c”.
#[must_use]
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

fn days_short(at: NaiveDateTime) -> String {
    at.format("%a %-d %B %Y").to_string()
}

fn zone_at(wall: NaiveDateTime, zone: Tz) -> String {
    zone_of(instant(wall, zone), zone)
}

/// A zone's abbreviation, town and offset at an instant: “EDT (New York, UTC−4)”.
fn zone_of(at: DateTime<Utc>, zone: Tz) -> String {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    let minutes = offset.fix().local_minus_utc() / 60;
    let sign = if minutes < 0 { '−' } else { '+' };
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let utc = match (minutes, rest) {
        (0, _) => "UTC".to_owned(),
        (_, 0) => format!("UTC{sign}{hours}"),
        _ => format!("UTC{sign}{hours}:{rest:02}"),
    };
    let town = zone.name().rsplit('/').next().unwrap_or(zone.name()).replace('_', " ");
    match offset.abbreviation() {
        _ if zone == Tz::UTC => "UTC".to_owned(),
        Some(short) if short.chars().all(char::is_alphabetic) => format!("{short} ({town}, {utc})"),
        _ => format!("({town}, {utc})"),
    }
}
