//! How people write days, hours, places and numbers.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::{Days, Span};

/// “6 October 2027, 14:00–15:30 New York time”.
#[must_use]
pub fn hours(span: Span, zone: Tz) -> String {
    let (start, end) = (span.start.with_timezone(&zone), span.end.with_timezone(&zone));
    let clock = clock(zone);
    if start.date_naive() == end.date_naive() {
        format!("{}, {}–{} {clock}", day_in_words(start.date_naive()), start.format("%H:%M"), end.format("%H:%M"))
    } else {
        format!(
            "{}, {} to {}, {} {clock}",
            day_in_words(start.date_naive()),
            start.format("%H:%M"),
            day_in_words(end.date_naive()),
            end.format("%H:%M")
        )
    }
}

/// “18:12 New York time”.
#[must_use]
pub fn hour(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{} {}", at.with_timezone(&zone).format("%H:%M"), clock(zone))
}

/// The town that a zone is named after: “Honolulu”.
#[must_use]
pub fn place_of_clock(zone: Tz) -> String {
    let name = zone.name();
    name.rsplit_once('/').map_or(name, |(_, place)| place).replace('_', " ")
}

/// How people call a zone: “New York time”, “UTC”.
///
/// ```
/// use convene::domain::conflict::phrases::clock;
/// assert_eq!(clock(chrono_tz::America::New_York), "New York time");
/// assert_eq!(clock(chrono_tz::UTC), "UTC");
/// ```
#[must_use]
pub fn clock(zone: Tz) -> String {
    match zone.name().rsplit_once('/') {
        Some((area, place)) if area != "Etc" => format!("{} time", place.replace('_', " ")),
        Some((_, place)) => place.to_owned(),
        None => zone.name().to_owned(),
    }
}

/// Days as people write them.
///
/// ```
/// use convene::domain::{Days, conflict::phrases::days_in_words};
/// let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
/// let words = |first, last| days_in_words(Days::new(day(first), day(last)));
/// assert_eq!(words("2022-11-17", "2022-11-19"), "17–19 November 2022");
/// assert_eq!(words("2026-11-30", "2026-12-02"), "30 November – 2 December 2026");
/// assert_eq!(words("2026-12-28", "2027-01-01"), "28 December 2026 – 1 January 2027");
/// assert_eq!(words("2027-10-06", "2027-10-06"), "6 October 2027");
/// ```
#[must_use]
pub fn days_in_words(days: Days) -> String {
    let (first, last) = (days.first, days.last);
    if first == last {
        day_in_words(first)
    } else if (first.year(), first.month()) == (last.year(), last.month()) {
        format!("{}–{}", first.day(), day_in_words(last))
    } else if first.year() == last.year() {
        format!("{} {} – {}", first.day(), month(first), day_in_words(last))
    } else {
        format!("{} – {}", day_in_words(first), day_in_words(last))
    }
}

/// “6 October 2027”.
#[must_use]
pub fn day_in_words(day: NaiveDate) -> String {
    format!("{} {} {}", day.day(), month(day), day.year())
}

fn month(day: NaiveDate) -> &'static str {
    chrono::Month::try_from(u8::try_from(day.month()).unwrap_or_default()).map_or("", |month| month.name())
}

/// Single days as people write them, each year once where it stays the same.
///
/// ```
/// use convene::domain::conflict::phrases::listed_days;
/// let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
/// assert_eq!(listed_days(&["2027-10-12", "2027-11-09"].map(day)), "12 October and 9 November 2027");
/// assert_eq!(listed_days(&["2027-12-28", "2028-01-04", "2028-01-11"].map(day)), "28 December 2027, 4 January and 11 January 2028");
/// ```
#[must_use]
pub fn listed_days(days: &[NaiveDate]) -> String {
    let next_years = days.iter().skip(1).map(|next| Some(next.year())).chain([None]);
    let one = |(day, next): (&NaiveDate, Option<i32>)| {
        if next == Some(day.year()) { format!("{} {}", day.day(), month(*day)) } else { day_in_words(*day) }
    };
    list(&days.iter().zip(next_years).map(one).collect::<Vec<_>>())
}

/// One day is, several are.
#[must_use]
pub fn is_or_are(days: Days) -> &'static str {
    if days.count() == 1 { "is" } else { "are" }
}

/// One day falls, several fall.
#[must_use]
pub fn falls(days: Days) -> &'static str {
    if days.count() == 1 { "falls" } else { "fall" }
}

/// Small numbers in words, larger ones in digits.
#[must_use]
pub fn number(n: i64) -> String {
    const WORDS: [&str; 10] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
    usize::try_from(n).ok().and_then(|n| WORDS.get(n)).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// 1430 as “1,430”.
#[must_use]
pub fn thousands(n: u32) -> String {
    if n < 1000 { n.to_string() } else { format!("{},{:03}", thousands(n / 1000), n % 1000) }
}

/// “a, b and c”.
#[must_use]
pub fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
