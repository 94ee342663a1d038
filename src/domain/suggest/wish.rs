//! A wish: what somebody would like to hold, before it has dates.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::zones::Fairness;
use crate::domain::observance::Tier;
use crate::domain::span::instant;
use crate::domain::{Days, Details, Entry, Event, EventId, EventStatus, Mode, Span, When};

/// What somebody would like to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// Everything about it but its dates: roles, cohort, mode, place, zone, speakers, partner, anchor. `when` is not looked at.
    pub template: Details,
    /// The event that looks for better dates, so that it is no company for itself; [`Wish::NEW`] for a new one.
    pub event: EventId,
    /// How long.
    pub length: Length,
    /// Between these days, both included; days of travel may lie outside.
    pub between: Days,
    /// On which weekdays.
    pub weekdays: Weekdays,
    /// Between which hours by the clock of its zone, for what has hours; 08:00–18:00 by default.
    pub hours: Option<Hours>,
    /// The hour that would suit best, where several are as good.
    pub at: Option<NaiveTime>,
    /// Days of travel on each side, for what is in person.
    pub travel_days: u32,
    /// Observances of this tier and graver ones are excluded altogether.
    pub avoid: Option<Tier>,
    /// How many windows are wanted.
    pub most: usize,
    /// Events that count, and that whoever wishes may know no more of.
    pub hidden: BTreeSet<EventId>,
}

impl Wish {
    /// The id of an event that does not exist yet.
    pub const NEW: EventId = EventId(Uuid::nil());

    /// The event that this wish would become at that time: a proposal.
    #[must_use]
    pub fn candidate(&self, when: When, now: DateTime<Utc>) -> Entry {
        let details = Details { when, recurrence: None, ..self.template.clone() };
        Entry::once(Event::new(self.event, EventStatus::Proposed, details, now))
    }

    /// Days of travel before and after: none online.
    #[must_use]
    pub fn travel(&self) -> u64 {
        if self.is_in_person() { u64::from(self.travel_days) } else { 0 }
    }

    /// Must people travel to it?
    #[must_use]
    pub fn is_in_person(&self) -> bool {
        self.template.mode != Mode::Virtual
    }

    /// Does it begin and end on one day?
    #[must_use]
    pub fn is_within_a_day(&self) -> bool {
        matches!(self.length, Length::Minutes(_) | Length::Days(1))
    }

    /// The hours in which it may be.
    #[must_use]
    pub fn day_hours(&self) -> Hours {
        self.hours.unwrap_or(Hours::DAY)
    }
}

/// How long something is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Whole days, one after the other.
    Days(u32),
    /// Minutes of one day.
    Minutes(u32),
}

impl FromStr for Length {
    type Err = String;

    /// ```
    /// use convene::domain::suggest::Length;
    /// assert_eq!("3d".parse(), Ok(Length::Days(3)));
    /// assert_eq!("90m".parse(), Ok(Length::Minutes(90)));
    /// assert_eq!("2h".parse(), Ok(Length::Minutes(120)));
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is no length; three days are 3d, two hours 2h, ninety minutes 90m");
        let text = text.trim();
        let (count, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
        let count: u32 = count.parse().map_err(|_| wrong())?;
        match unit {
            "d" if (1..=60).contains(&count) => Ok(Self::Days(count)),
            "d" => Err(format!("“{text}” is not between 1 and 60 days")),
            "h" if (1..=24).contains(&count) => Ok(Self::Minutes(count * 60)),
            "m" if (5..=1440).contains(&count) => Ok(Self::Minutes(count)),
            "h" | "m" => Err(format!("“{text}” is not between 5 minutes and 24 hours; whole days are 1d")),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days(1) => f.write_str("1 day"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::Minutes(minutes) if minutes % 60 == 0 => write!(f, "{} h", minutes / 60),
            Self::Minutes(minutes) => write!(f, "{minutes} minutes"),
        }
    }
}

/// Allowed weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weekdays(u8);

const NAMES: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl Weekdays {
    /// Any day of the week.
    pub const ANY: Self = Self(0b111_1111);
    /// Monday to Friday.
    pub const WORKING: Self = Self(0b1_1111);

    /// Is this weekday allowed?
    #[must_use]
    pub fn has(self, weekday: Weekday) -> bool {
        self.0 >> weekday.num_days_from_monday() & 1 == 1
    }

    /// Are all of these days allowed?
    #[must_use]
    pub fn has_all(self, days: Days) -> bool {
        self == Self::ANY || days.iter().all(|day| self.has(day.weekday()))
    }

    /// How many days at most can follow each other; `None` where every day may.
    #[must_use]
    pub fn longest_run(self) -> Option<u32> {
        let run =
            |first: u32| (0..7).take_while(|day| self.0 >> ((first + day) % 7) & 1 == 1).zip(1..).last().map_or(0, |(_, n)| n);
        (self != Self::ANY).then(|| (0..7).map(run).max().unwrap_or(0))
    }
}

impl FromStr for Weekdays {
    type Err = String;

    /// ```
    /// use chrono::Weekday::{Fri, Mon, Sun, Wed};
    /// use convene::domain::suggest::Weekdays;
    /// let days = "wed-fri,mon".parse::<Weekdays>().unwrap();
    /// assert_eq!([Mon, Wed, Fri, Sun].map(|day| days.has(day)), [true, true, true, false]);
    /// ```
    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim().eq_ignore_ascii_case("any") {
            return Ok(Self::ANY);
        }
        let mut days = Self(0);
        for part in text.split(',').map(str::trim) {
            let (first, last) = part.split_once(['-', '–']).unwrap_or((part, part));
            let (first, last) = (number(first)?, number(last)?);
            for step in 0..=(last + 7 - first) % 7 {
                days.0 |= 1 << ((first + step) % 7);
            }
        }
        Ok(days)
    }
}

/// The number of a weekday by its name or the first letters of it, at least two; Monday is 0.
fn number(name: &str) -> Result<u32, String> {
    let lower = name.trim().to_lowercase();
    let found = NAMES.iter().zip(0..).find(|(full, _)| lower.len() >= 2 && full.starts_with(&lower));
    found
        .map(|(_, number)| number)
        .ok_or_else(|| format!("“{}” is no weekday; one is tue, several are mon,wed or wed-fri, all of them any", name.trim()))
}

/// From one hour of the day until a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// The first moment.
    pub from: NaiveTime,
    /// The first moment after it.
    pub until: NaiveTime,
}

impl Hours {
    /// A working day: 08:00–18:00.
    pub const DAY: Self = Self { from: clock(8), until: clock(18) };
    /// When it is no burden to anybody: 09:00–17:00.
    pub const CORE: Self = Self { from: clock(9), until: clock(17) };

    /// How many minutes there are.
    #[must_use]
    pub fn minutes(self) -> i64 {
        (self.until - self.from).num_minutes()
    }
}

const fn clock(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

impl FromStr for Hours {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” are no hours; they would be 10:00-17:00");
        let (from, until) = text.split_once(['-', '–']).ok_or_else(wrong)?;
        let time = |text: &str| NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| wrong());
        let hours = Self { from: time(from)?, until: time(until)? };
        if hours.from < hours.until { Ok(hours) } else { Err(format!("“{text}” end before they begin")) }
    }
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.from.format("%H:%M"), self.until.format("%H:%M"))
    }
}

/// One time at which a wish could come true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Start {
    /// When.
    pub when: When,
    /// Its civil days.
    pub days: Days,
    /// The instants it covers.
    pub span: Span,
    /// How it sits in the zones of those invited; fair until somebody looked.
    pub fairness: Fairness,
}

impl Start {
    /// A start at that time, in that zone.
    #[must_use]
    pub fn new(when: When, zone: Tz) -> Self {
        Self { when, days: when.days(), span: when.span(zone), fairness: Fairness::default() }
    }
}

/// Minutes between two starts that are tried.
const STEP: i64 = 15;

/// Every time at which the wish could come true, in order; what rules some of them out comes later.
#[must_use]
pub fn starts(wish: &Wish) -> Vec<Start> {
    match wish.length {
        Length::Days(count) => {
            let window = |first: NaiveDate| Days::new(first, first + Duration::days(i64::from(count) - 1));
            let windows = wish.between.iter().map(window).filter(|days| days.last <= wish.between.last);
            let fitting = windows.filter(|days| wish.weekdays.has_all(*days));
            let start = |days: Days| Start::new(When::Days { first: days.first, last: Some(days.last) }, wish.template.zone);
            fitting.map(start).collect()
        }
        Length::Minutes(minutes) => {
            let days = wish.between.iter().filter(|day| wish.weekdays.has(day.weekday()));
            days.flat_map(|day| times_of(wish, day, i64::from(minutes))).collect()
        }
    }
}

fn times_of(wish: &Wish, day: NaiveDate, minutes: i64) -> impl Iterator<Item = Start> {
    let (hours, zone) = (wish.day_hours(), wish.template.zone);
    let (opens, closes) = (day.and_time(hours.from), day.and_time(hours.until));
    let opening = Span::new(instant(opens, zone), instant(closes, zone));
    // Where the clocks do not change meanwhile, every start is as far from the first as its hands show.
    let steady = opening.end - opening.start == closes - opens;
    let last = hours.minutes() - minutes;
    (0..=last.div_euclid(STEP)).map(move |step| {
        let offset = Duration::minutes(step * STEP);
        let start = opens + offset;
        let when = When::Times { start, end: Some(start + Duration::minutes(minutes)) };
        let from = opening.start + offset;
        let span = if steady { Span::new(from, from + Duration::minutes(minutes)) } else { when.span(zone) };
        Start { when, days: Days::one(day), span, fairness: Fairness::default() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_are_read_as_people_write_them() {
        let bits = |text: &str| text.parse::<Weekdays>().map(|days| days.0);
        for (text, expected) in [
            ("tue", 0b000_0010),
            ("mon,wed", 0b000_0101),
            ("wed-fri", 0b001_1100),
            ("Wednesday – Friday", 0b001_1100),
            ("fri-mon", 0b111_0001),
            ("mon-fri", 0b001_1111),
            ("any", 0b111_1111),
        ] {
            assert_eq!(bits(text), Ok(expected), "{text}");
        }
        for text in ["", "w", "wen", "mon;tue", "mon-", "1"] {
            assert!(bits(text).is_err_and(|said| said.contains("wed-fri")), "{text}");
        }
    }

    #[test]
    fn lengths_and_hours_say_what_would_be_right() {
        let length = |text: &str| text.parse::<Length>();
        assert_eq!([length("3d"), length("1d")], [Ok(Length::Days(3)), Ok(Length::Days(1))]);
        assert_eq!([length("90m"), length("2h")], [Ok(Length::Minutes(90)), Ok(Length::Minutes(120))]);
        for (text, said) in [
            ("", "3d"),
            ("3", "3d"),
            ("d", "3d"),
            ("-1d", "3d"),
            ("3 weeks", "3d"),
            ("2½h", "3d"),
            ("0d", "between 1 and 60 days"),
            ("61d", "between 1 and 60 days"),
            ("2m", "between 5 minutes and 24 hours"),
            ("25h", "between 5 minutes and 24 hours"),
        ] {
            assert!(length(text).is_err_and(|error| error.contains(said)), "{text}");
        }
        let hours = |text: &str| text.parse::<Hours>().map(|hours| hours.to_string());
        assert_eq!(hours("10:00-17:30"), Ok("10:00–17:30".into()));
        assert!(hours("10-17").is_err_and(|said| said.contains("10:00-17:00")));
        assert!(hours("17:00-10:00").is_err_and(|said| said.contains("before")));
    }

    #[test]
    fn the_longest_run_of_weekdays_goes_round_the_week() {
        let run = |text: &str| text.parse::<Weekdays>().expect("weekdays").longest_run();
        assert_eq!([run("fri-mon"), run("mon,wed"), run("wed-fri,mon"), run("any")], [Some(4), Some(1), Some(3), None]);
    }
}
