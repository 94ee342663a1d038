//! Days and times as people and spreadsheets write them.
//!
//! Read are ISO dates (`2027-10-06`, `2027-10-06T09:00`), numbers (`10/6/2027`, `6.10.2027`), names of months
//! (`Oct 6, 2027`, `Wed 6 October 2027`), first and last day in one cell (`Oct 6–8, 2027`), and the day numbers that
//! Excel shows where a cell lost its form.

use chrono::{Datelike as _, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// A day.
    Day(NaiveDate),
    /// A time of a day.
    Time(NaiveDateTime),
}

/// Whether `10/6/2027` begins with the month or with the day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Order {
    /// As in the United States; also where nothing in the table tells.
    #[default]
    MonthFirst,
    /// As nearly everywhere else.
    DayFirst,
    /// The table has dates of both kinds.
    Mixed,
}

/// Which order the dates of a table have: one whose first number is above 12 begins with its day.
pub(super) fn order<'a>(cells: impl Iterator<Item = &'a str>) -> Order {
    let (mut month, mut day) = (false, false);
    for (first, second) in cells.filter_map(slashed) {
        month |= second > 12 && first <= 12;
        day |= first > 12 && second <= 12;
    }
    match (month, day) {
        (true, true) => Order::Mixed,
        (false, true) => Order::DayFirst,
        (_, false) => Order::MonthFirst,
    }
}

/// Could the day and the month of this cell change places?
pub(super) fn is_ambiguous(text: &str) -> bool {
    slashed(text).is_some_and(|(first, second)| first != second && (1..=12).contains(&first) && (1..=12).contains(&second))
}

/// The first two numbers of a date that is written with three, by slash or hyphen, and without the year in front.
fn slashed(text: &str) -> Option<(u32, u32)> {
    let date = split_time(text.trim())?.0;
    let parts: Vec<&str> = date.split(['/', '-']).map(str::trim).collect();
    match parts.as_slice() {
        [first, second, year] if year.len() >= 2 && first.len() <= 2 => Some((first.parse().ok()?, second.parse().ok()?)),
        _ => None,
    }
}

/// Reads a cell; `None` where it is neither a day nor a time of one.
pub(super) fn read(text: &str, order: Order) -> Option<Moment> {
    let text = text.trim();
    if let Some(moment) = serial(text) {
        return Some(moment);
    }
    let (date, time) = split_time(text)?;
    let day = day(date, order)?;
    Some(match time {
        None => Moment::Day(day),
        Some(text) => Moment::Time(day.and_time(self::time(text)?)),
    })
}

/// Reads days from first to last in one cell: `May 3–5, 2027`, `3 to 5 May 2027`, `Oct 30 - Nov 2, 2027`; `None` where it
/// is not that, or the last is before the first.
pub(super) fn days(text: &str, order: Order) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = ends(text)?;
    let (first, last) = if let Some(last) = day(to, order) {
        let with_year = || day(&format!("{from} {}", last.year()), order);
        let with_month = || day(&format!("{from} {}", last.format("%B %Y")), order);
        (day(from, order).or_else(with_year).or_else(with_month)?, last)
    } else {
        let mut parts = to.split([',', ' ']).filter(|part| !part.is_empty());
        let (number, year) = (ordinal(parts.next()?)?, parts.next().filter(|_| parts.next().is_none())?);
        let first = day(&format!("{from} {year}"), order)?;
        (first, first.with_day(number)?)
    };
    (first <= last).then_some((first, last))
}

/// What stands before and after the word or sign between two days. A hyphen alone may as well be part of a date.
fn ends(text: &str) -> Option<(&str, &str)> {
    let between = ["–", "—", " - ", " to ", " through ", " thru ", " until "];
    let parted = between.iter().find_map(|sign| text.split_once(sign));
    let named = || text.split_once('-').filter(|_| text.split([' ', ',', '-']).any(|part| month(part).is_some()));
    let (from, to) = parted.or_else(named)?;
    Some((from.trim(), to.trim()))
}

/// Reads a time of day: `9:00`, `09:00:00`, `9 AM`, `9:30 p.m.`, or the part of a day that Excel keeps (`0.375`).
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let plain = text.trim().to_lowercase().replace(['.', '\u{202f}', '\u{a0}'], " ");
    let compact: String = plain.split_whitespace().collect();
    let (clock, half) = match (compact.strip_suffix("am"), compact.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (compact.as_str(), None),
    };
    if half.is_none() && !clock.contains(':') {
        let part: f64 = text.trim().parse().ok().filter(|part| (0.0..1.0).contains(part))?;
        return minutes_of(part);
    }
    let mut parts = clock.split(':').map(|part| if part.len() <= 2 { part.parse::<u32>().ok() } else { None });
    let hour = parts.next()??;
    let minute = parts.next().unwrap_or(Some(0))?;
    let second = parts.next().unwrap_or(Some(0))?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    if parts.next().is_some() { None } else { NaiveTime::from_hms_opt(hour, minute, second) }
}

/// The part of a day as a time, to the minute.
fn minutes_of(part: f64) -> Option<NaiveTime> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a day has 1440 minutes at most")]
    let minutes = (part * 1440.0).round() as u32;
    NaiveTime::from_hms_opt(minutes / 60, minutes % 60, 0)
}

/// A day as Excel counts it, from the end of 1899, with a part of a day behind the point.
fn serial(text: &str) -> Option<Moment> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) {
        return None;
    }
    if whole.len() == 8 && part.is_empty() {
        return NaiveDate::parse_from_str(whole, "%Y%m%d").ok().filter(|day| is_sensible(*day)).map(Moment::Day);
    }
    // From the year 2000 to the year 2099: any other number is no date that somebody meant.
    let number: u64 = whole.parse().ok().filter(|number| (36_526..73_051).contains(number))?;
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(number))?;
    if part.is_empty() {
        return Some(Moment::Day(day));
    }
    minutes_of(format!("0.{part}").parse().ok()?).map(|time| Moment::Time(day.and_time(time)))
}

/// The date, and the time behind it where there is one.
fn split_time(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some((date, time)) = text.split_once(['T', 't']).filter(|(date, _)| date.ends_with(|c: char| c.is_ascii_digit())) {
        return time.starts_with(|c: char| c.is_ascii_digit()).then_some((date, Some(time)));
    }
    let lower = text.to_ascii_lowercase();
    let clock = match text.find(':') {
        Some(colon) => Some(colon),
        // “9 AM”, “9am”: the hour is the last number.
        None if lower.ends_with('m') || lower.ends_with("m.") => text.rfind(|c: char| c.is_ascii_digit()).map(|at| at + 1),
        None => None,
    };
    let Some(clock) = clock else { return Some((text, None)) };
    // “6 October 2027 at 9:00”, “10/6/2027, 9:00”.
    let at = text.get(..clock)?.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let date = text.get(..at)?.trim_end_matches([' ', ',', '\u{a0}', '\u{202f}']);
    let date = date.strip_suffix(" at").unwrap_or(date).trim_end_matches([' ', ',']);
    Some((date, Some(text.get(at..)?)))
}

fn day(text: &str, order: Order) -> Option<NaiveDate> {
    let dotted = text.matches('.').count() == 2 && text.bytes().all(|byte| byte.is_ascii_digit() || b". ".contains(&byte));
    let mut parts: Vec<&str> = text.split(['/', '-', '.', ',', ' ', '\u{a0}']).filter(|part| !part.is_empty()).collect();
    if parts.len() == 4 && is_weekday(parts[0]) {
        parts.remove(0);
    }
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    let found = match (month(a), month(b)) {
        (Some(month), _) => date(year(c)?, month, ordinal(b)?),
        (_, Some(month)) if a.len() == 4 => date(year(a)?, month, ordinal(c)?),
        (_, Some(month)) => date(year(c)?, month, ordinal(a)?),
        _ if a.len() == 4 => date(year(a)?, number(b)?, number(c)?),
        _ => {
            let (first, second) = (number(a)?, number(b)?);
            let day_first = dotted || first > 12 || (order == Order::DayFirst && second <= 12);
            let (month, day) = if day_first { (second, first) } else { (first, second) };
            date(year(c)?, month, day)
        }
    };
    found.filter(|day| is_sensible(*day))
}

fn date(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn is_sensible(day: NaiveDate) -> bool {
    (1900..2200).contains(&day.year())
}

/// A year of four figures, or of two in this century.
fn year(text: &str) -> Option<i32> {
    let number: i32 = text.trim_start_matches(['\'', '’']).parse().ok()?;
    match text.trim_start_matches(['\'', '’']).len() {
        2 => Some(2000 + number),
        4 => Some(number),
        _ => None,
    }
}

/// `6`, `6th`, `1st`.
fn ordinal(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let bare = ["st", "nd", "rd", "th"].into_iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    bare.parse().ok().filter(|_| bare.len() <= 2)
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// The month that a name of three letters or more begins.
fn month(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let at =
        MONTHS.iter().position(|name| lower.len() >= 3 && (name.starts_with(&lower) || lower == "sept" && *name == "september"));
    at.and_then(|at| u32::try_from(at + 1).ok())
}

fn is_weekday(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.len() >= 2 && WEEKDAYS.iter().any(|name| name.starts_with(&lower))
}

impl Moment {
    /// Its day.
    pub fn day(self) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Time(at) => at.date(),
        }
    }

    /// Its time, where it says one that is not midnight.
    pub fn hour(self) -> Option<NaiveDateTime> {
        match self {
            Self::Time(at) if at.num_seconds_from_midnight() > 0 => Some(at),
            Self::Day(_) | Self::Time(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str, order: Order) -> String {
        match read(text, order) {
            None => "none".to_owned(),
            Some(Moment::Day(day)) => day.to_string(),
            Some(Moment::Time(at)) => at.format("%Y-%m-%dT%H:%M").to_string(),
        }
    }

    #[test]
    fn days_from_first_to_last_are_read_from_one_cell() {
        let cases = [
            ("May 3-5, 2027", Some("2027-05-03 2027-05-05")),
            ("May 3–5 2027", Some("2027-05-03 2027-05-05")),
            ("Mon May 3 – Wed May 5, 2027", Some("2027-05-03 2027-05-05")),
            ("3-5 May 2027", Some("2027-05-03 2027-05-05")),
            ("3rd to 5th May 2027", Some("2027-05-03 2027-05-05")),
            ("Oct 30 - Nov 2, 2027", Some("2027-10-30 2027-11-02")),
            ("Dec 30, 2026 through Jan 2, 2027", Some("2026-12-30 2027-01-02")),
            ("2027-05-03 to 2027-05-05", Some("2027-05-03 2027-05-05")),
            ("5/3/2027 – 5/5/2027", Some("2027-05-03 2027-05-05")),
            ("May 5-3, 2027", None),
            ("May 3-35, 2027", None),
            ("2027-05-03", None),
            ("3-May-2027", None),
            ("May 3-5", None),
            ("to be announced", None),
            ("–", None),
        ];
        for (text, expected) in cases {
            let read = days(text, Order::MonthFirst).map(|(first, last)| format!("{first} {last}"));
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn days_are_read_in_the_forms_that_spreadsheets_show() {
        for text in [
            "2027-10-06",
            "2027/10/6",
            "2027.10.06",
            "20271006",
            "10/6/2027",
            "10/06/27",
            "10-6-2027",
            "6.10.2027",
            "06.10.27",
            "Oct 6, 2027",
            "October 6th, 2027",
            "6 Oct 2027",
            "6-Oct-27",
            "6 October 2027",
            "Wed, Oct 6, 2027",
            "Wednesday, 6 October 2027",
            "2027 Oct 6",
            " 10/6/2027 ",
            "46666",
        ] {
            assert_eq!(said(text, Order::MonthFirst), "2027-10-06", "{text}");
        }
        assert_eq!(said("25/10/2027", Order::MonthFirst), "2027-10-25", "there is no month 25");
        assert_eq!(said("6/10/2027", Order::DayFirst), "2027-10-06");
        assert_eq!(said("10/25/2027", Order::DayFirst), "2027-10-25");
    }

    #[test]
    fn times_are_read_behind_the_day() {
        for text in [
            "2027-10-06T09:30",
            "2027-10-06T09:30:00",
            "2027-10-06 9:30",
            "10/6/2027 9:30 AM",
            "10/6/2027, 9:30 am",
            "10/6/27 9:30am",
            "October 6, 2027 at 9:30 a.m.",
            "6 Oct 2027 09:30:00",
            "46666.3958333333",
        ] {
            assert_eq!(said(text, Order::MonthFirst), "2027-10-06T09:30", "{text}");
        }
        assert_eq!(said("10/6/2027 12:15 AM", Order::MonthFirst), "2027-10-06T00:15");
        assert_eq!(said("10/6/2027 12:15 PM", Order::MonthFirst), "2027-10-06T12:15");
        assert_eq!(said("10/6/2027 3 PM", Order::MonthFirst), "2027-10-06T15:00");
        assert_eq!(said("Oct 6, 2027 3pm", Order::MonthFirst), "2027-10-06T15:00");
    }

    #[test]
    fn what_is_no_day_is_none_and_never_a_panic() {
        for text in [
            "",
            "someday",
            "TBD",
            "2027",
            "October 2027",
            "13/13/2027",
            "2/30/2027",
            "0/1/2027",
            "99999",
            "123",
            "-1",
            "1e5",
            "1/2/3",
            "10/6/2027 25:00",
            "10/6/2027 9:30 XM",
            "10/6/2027 13:00 PM",
            "T",
            "T:",
            ":",
            "::",
            "am",
            " pm",
            "m",
            "é:é",
            "２０２７-10-06",
            "6/10",
            "2027-10-06T",
            "2027-10-06T09:30Z",
            "2027-10-06T09:30+02:00",
            "1.2.3.4",
            "....",
            "////",
            "\u{a0}pm",
            "9999999999999999999",
        ] {
            assert_eq!(said(text, Order::MonthFirst), "none", "{text}");
        }
    }

    #[test]
    fn the_dates_of_a_table_tell_which_comes_first() {
        let of = |cells: &[&str]| order(cells.iter().copied());
        assert_eq!(of(&["10/6/2027", "11/7/2027"]), Order::MonthFirst, "nothing tells: as in the United States");
        assert_eq!(of(&["10/25/2027", "11/7/2027"]), Order::MonthFirst);
        assert_eq!(of(&["25/10/2027", "7/11/2027"]), Order::DayFirst);
        assert_eq!(of(&["25/10/2027 9:00", "10/25/2027"]), Order::Mixed);
        assert_eq!(of(&["2027-25-10", "25 Oct 2027"]), Order::MonthFirst);
        assert!(is_ambiguous("10/6/2027") && is_ambiguous("10/6/27 9:00 AM"));
        assert!(!is_ambiguous("10/10/2027") && !is_ambiguous("10/25/2027") && !is_ambiguous("2027-10-06"));
    }
}
