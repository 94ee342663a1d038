//! Instants, wall time and civil days.
//!
//! People agree on wall time in a zone, or on civil days in a place; instants are derived from
//! those and used to compare. Spans of instants are half-open: 15:00–16:00 and 16:00–17:00 touch
//! and do not overlap. Ranges of civil days include both ends, as people say them.

use chrono::{DateTime, Days as Step, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// A half-open span of instants: `start` is in it, `end` is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it; never before `start`.
    pub end: DateTime<Utc>,
}

impl Span {
    /// A span, with the ends put in order if they are not.
    #[must_use]
    pub fn new(start: DateTime<Utc>, end: DateTime<Utc>) -> Self {
        if start <= end { Self { start, end } } else { Self { start: end, end: start } }
    }

    /// What both have in common; `None` where they only touch.
    ///
    /// ```
    /// use convene::domain::Span;
    /// let at = |h: i64| chrono::DateTime::from_timestamp(h * 3600, 0).unwrap();
    /// assert_eq!(Span::new(at(15), at(16)).overlap(Span::new(at(16), at(17))), None);
    /// assert_eq!(Span::new(at(15), at(17)).overlap(Span::new(at(16), at(18))), Some(Span::new(at(16), at(17))));
    /// ```
    #[must_use]
    pub fn overlap(self, other: Self) -> Option<Self> {
        let (start, end) = (self.start.max(other.start), self.end.min(other.end));
        (start < end).then_some(Self { start, end })
    }

    /// The civil days it is on by the clock of a zone; what ends at midnight is not on the day that begins there.
    #[must_use]
    pub fn days(self, zone: Tz) -> Days {
        let last = (self.end - chrono::Duration::nanoseconds(1)).max(self.start);
        Days::new(self.start.with_timezone(&zone).date_naive(), last.with_timezone(&zone).date_naive())
    }
}

/// Civil days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Days {
    /// The first day.
    pub first: NaiveDate,
    /// The last day, included; never before `first`.
    pub last: NaiveDate,
}

impl Days {
    /// A range of days, with the ends put in order if they are not.
    #[must_use]
    pub fn new(first: NaiveDate, last: NaiveDate) -> Self {
        if first <= last { Self { first, last } } else { Self { first: last, last: first } }
    }

    /// One day.
    #[must_use]
    pub fn one(day: NaiveDate) -> Self {
        Self { first: day, last: day }
    }

    /// The days in both.
    #[must_use]
    pub fn overlap(self, other: Self) -> Option<Self> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Self { first, last })
    }

    /// Is this day one of them?
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first <= day && day <= self.last
    }

    /// How many days: at least 1.
    #[must_use]
    pub fn count(self) -> i64 {
        (self.last - self.first).num_days() + 1
    }

    /// How many days lie free between the two; `None` where they share one.
    #[must_use]
    pub fn free_days_between(self, other: Self) -> Option<i64> {
        let gap = if self.last < other.first { other.first - self.last } else { self.first - other.last };
        (gap.num_days() > 0).then(|| gap.num_days() - 1)
    }

    /// The same days with `n` more on each side.
    #[must_use]
    pub fn widened(self, n: u64) -> Self {
        Self {
            first: self.first.checked_sub_days(Step::new(n)).unwrap_or(self.first),
            last: self.last.checked_add_days(Step::new(n)).unwrap_or(self.last),
        }
    }

    /// All days that anything can be on.
    pub const ALL: Self = Self {
        first: NaiveDate::from_ymd_opt(1900, 1, 1).expect("a date"),
        last: NaiveDate::from_ymd_opt(2200, 12, 31).expect("a date"),
    };

    /// From one day to another, both included; all there are on a side that is left open.
    ///
    /// # Errors
    /// Both days by name, where the first is the later one.
    ///
    /// ```
    /// use convene::domain::Days;
    /// let day = |text: &str| text.parse::<chrono::NaiveDate>().ok();
    /// assert_eq!(Days::between(day("2027-10-06"), None).map(|days| days.last), Ok(Days::ALL.last));
    /// let said = Days::between(day("2027-10-08"), day("2027-10-06"));
    /// assert_eq!(said, Err("the days go from 2027-10-08 to 2027-10-06, which is earlier; give the earlier day first".into()));
    /// ```
    pub fn between(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Self, String> {
        match (from, to) {
            (Some(from), Some(to)) if to < from => {
                Err(format!("the days go from {from} to {to}, which is earlier; give the earlier day first"))
            }
            _ => Ok(Self { first: from.unwrap_or(Self::ALL.first), last: to.unwrap_or(Self::ALL.last) }),
        }
    }

    /// Each day in turn.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.first.iter_days().take_while(move |day| *day <= self.last)
    }
}

/// When something is, as people said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Whole civil days. `last` is included; `None` where the last day is not known.
    Days {
        /// The first day.
        first: NaiveDate,
        /// The last day, included, if it is known.
        last: Option<NaiveDate>,
    },
    /// Wall time. `end` is not included; `None` where the end is not known.
    Times {
        /// The start, as the clock on the wall shows it.
        start: NaiveDateTime,
        /// The end, if it is known.
        end: Option<NaiveDateTime>,
    },
}

impl When {
    /// The civil days it is known to be on: at least its first.
    ///
    /// Something that ends at midnight is not on the day that begins there.
    #[must_use]
    pub fn days(self) -> Days {
        match self {
            Self::Days { first, last } => Days::new(first, last.unwrap_or(first)),
            Self::Times { start, end } => {
                let last = end.filter(|end| *end > start).map_or(start, |end| end - chrono::Duration::nanoseconds(1));
                Days::new(start.date(), last.date())
            }
        }
    }

    /// Whole days rather than hours.
    #[must_use]
    pub fn is_all_day(self) -> bool {
        matches!(self, Self::Days { .. })
    }

    /// The last day or the end is not known.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Days { last: None, .. } | Self::Times { end: None, .. })
    }

    /// The start on the wall: midnight for whole days.
    #[must_use]
    pub fn wall_start(self) -> NaiveDateTime {
        match self {
            Self::Days { first, .. } => first.and_time(NaiveTime::MIN),
            Self::Times { start, .. } => start,
        }
    }

    /// The instants it covers in its zone; without a known end, its known days, or one hour.
    #[must_use]
    pub fn span(self, zone: Tz) -> Span {
        match self {
            Self::Days { .. } => {
                let days = self.days();
                let next = days.last.succ_opt().unwrap_or(days.last);
                Span::new(instant(days.first.and_time(NaiveTime::MIN), zone), instant(next.and_time(NaiveTime::MIN), zone))
            }
            Self::Times { start, end } => {
                let from = instant(start, zone);
                Span::new(from, end.map_or(from + chrono::Duration::hours(1), |end| instant(end, zone).max(from)))
            }
        }
    }

    /// The same, moved so that it starts at another wall time (for whole days: on that day).
    #[must_use]
    pub fn starting(self, at: NaiveDateTime) -> Self {
        match self {
            Self::Days { first, last } => Self::Days { first: at.date(), last: last.map(|last| at.date() + (last - first)) },
            Self::Times { start, end } => Self::Times { start: at, end: end.map(|end| at + (end - start)) },
        }
    }
}

/// The instant at which a clock on the wall in `zone` shows `wall`.
///
/// RFC 5545 section 3.3.5: an hour that does not exist is read with the offset before the gap, an
/// hour that comes twice is its first time.
///
/// ```
/// use convene::domain::span::instant;
/// let wall = |text: &str| text.parse::<chrono::NaiveDateTime>().unwrap();
/// let zone = chrono_tz::America::New_York;
/// assert_eq!(instant(wall("2026-03-08T02:30:00"), zone).to_rfc3339(), "2026-03-08T07:30:00+00:00");
/// assert_eq!(instant(wall("2026-11-01T01:30:00"), zone).to_rfc3339(), "2026-11-01T05:30:00+00:00");
/// ```
#[must_use]
pub fn instant(wall: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    match zone.from_local_datetime(&wall) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.with_timezone(&Utc),
        MappedLocalTime::None => {
            // No zone has ever skipped more than a day; the offset of the day before holds until the gap.
            let before = wall.checked_sub_signed(chrono::Duration::hours(25)).unwrap_or(wall);
            match zone.from_local_datetime(&before).earliest() {
                Some(earlier) => (earlier + (wall - before)).with_timezone(&Utc),
                None => wall.and_utc(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }
    fn wall(text: &str) -> NaiveDateTime {
        text.parse().expect("a wall time")
    }

    #[test]
    fn a_day_that_a_zone_skipped_still_has_an_instant() {
        // Apia skipped 30 December 2011 as a whole.
        assert_eq!(instant(wall("2011-12-30T12:00:00"), chrono_tz::Pacific::Apia).to_rfc3339(), "2011-12-30T22:00:00+00:00");
    }

    #[test]
    fn an_end_at_midnight_is_not_on_the_next_day() {
        let when = When::Times { start: wall("2026-05-01T18:00:00"), end: Some(wall("2026-05-02T00:00:00")) };
        assert_eq!(when.days(), Days::one(day("2026-05-01")));
        let past = When::Times { start: wall("2026-05-01T18:00:00"), end: Some(wall("2026-05-02T01:00:00")) };
        assert_eq!(past.days(), Days::new(day("2026-05-01"), day("2026-05-02")));
    }

    #[test]
    fn whole_days_last_as_long_as_their_zone_says() {
        let when = When::Days { first: day("2026-03-08"), last: Some(day("2026-03-08")) };
        let span = when.span(chrono_tz::America::New_York);
        assert_eq!((span.end - span.start).num_hours(), 23);
    }

    #[test]
    fn free_days_are_those_strictly_between() {
        let march = |a: u32, b: u32| {
            Days::new(NaiveDate::from_ymd_opt(2026, 3, a).expect("day"), NaiveDate::from_ymd_opt(2026, 3, b).expect("day"))
        };
        assert_eq!(march(1, 3).free_days_between(march(4, 5)), Some(0));
        assert_eq!(march(6, 7).free_days_between(march(1, 3)), Some(2));
        assert_eq!(march(1, 3).free_days_between(march(3, 5)), None);
    }
}
