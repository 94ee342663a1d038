//! The rules inside a `VTIMEZONE` (RFC 5545 section 3.6.5): which offset holds when.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::property::{Property, Stamp};
use super::scan::{Component, ZoneText};
use super::zones::{DAY, sampled, with_offsets, year_of};
use crate::domain::{Recurrence, Span, When, occurrences};

/// A zone as a file describes it.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// A name that the description gives for itself (`X-LIC-LOCATION`).
    pub location: Option<String>,
    observances: Vec<Observance>,
    years: HashMap<i32, Vec<Onset>>,
    worked_out: usize,
}

/// How many years of one zone are worked out: more than a calendar of real events has.
const MOST_YEARS: usize = 300;

/// `STANDARD` or `DAYLIGHT`: an offset, and when it begins to hold.
#[derive(Debug, Clone, PartialEq)]
struct Observance {
    start: NaiveDateTime,
    from: i32,
    to: i32,
    rule: Option<String>,
    further: Vec<NaiveDateTime>,
}

/// From then on a clock is `to` seconds east of UTC; before, it was `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Onset {
    at: DateTime<Utc>,
    from: i32,
    to: i32,
}

impl Rules {
    /// Adds what a `VTIMEZONE` says; a second one of the same name adds to the first.
    pub fn add(&mut self, text: &ZoneText<'_>) {
        self.location = self.location.take().or_else(|| text.head.raw("X-LIC-LOCATION").map(str::to_owned));
        for observance in text.observances.iter().filter_map(Observance::read) {
            if self.observances.len() < 60 && !self.observances.contains(&observance) {
                self.observances.push(observance);
            }
        }
    }

    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.observances.is_empty()
    }

    /// The instant at which a clock there shows `wall`, as [`crate::domain::span::instant`] reads it.
    ///
    /// `None` once the rules were worked out for too many years.
    pub fn instant(&mut self, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        let onsets = self.around(year_of(wall))?;
        let (before, after) = (offset_of(onsets, wall.and_utc() - DAY), offset_of(onsets, wall.and_utc() + DAY));
        let at = |offset: i32| wall.and_utc() - TimeDelta::seconds(offset.into());
        let holds = |offset: &i32| offset_of(onsets, at(*offset)) == *offset;
        Some(at([before, after].into_iter().find(holds).unwrap_or(before)))
    }

    /// The IANA zone that has the same offsets in these years.
    pub fn like(&mut self, first_year: i32, last_year: i32) -> Option<Tz> {
        let mut samples = Vec::new();
        for year in first_year..=last_year.min(first_year + 20) {
            let onsets = self.around(year)?;
            let changes = onsets.iter().map(|onset| onset.at).filter(|at| at.year() == year);
            let moments = changes.flat_map(|at| [at - TimeDelta::seconds(1), at]).chain(sampled(year, year));
            samples.extend(moments.map(|at| (at, offset_of(onsets, at))));
        }
        with_offsets(&samples)
    }

    /// Every onset that matters in a year, in order.
    fn around(&mut self, year: i32) -> Option<&[Onset]> {
        if !self.years.contains_key(&year) {
            self.worked_out += 1;
            if self.worked_out > MOST_YEARS {
                return None;
            }
            let mut onsets: Vec<_> = self.observances.iter().flat_map(|observance| observance.onsets(year)).collect();
            onsets.sort_unstable();
            if self.years.len() >= 16 {
                self.years.clear();
            }
            self.years.insert(year, onsets);
        }
        self.years.get(&year).map(Vec::as_slice)
    }
}

/// Seconds east of UTC at an instant.
fn offset_of(onsets: &[Onset], at: DateTime<Utc>) -> i32 {
    match onsets.partition_point(|onset| onset.at <= at) {
        0 => onsets.first().map_or(0, |first| first.from),
        passed => onsets[passed - 1].to,
    }
}

impl Observance {
    fn read(text: &Component<'_>) -> Option<Self> {
        let wall = |stamp| match stamp {
            Stamp::Wall(wall, _) | Stamp::Utc(wall) => wall,
            Stamp::Day(day) => day.and_time(chrono::NaiveTime::MIN),
        };
        let mut start = None;
        let mut further = Vec::new();
        for (line, name, text) in &text.lines {
            match name.as_str() {
                "DTSTART" => start = start.or_else(|| Property::read(*line, text)?.stamp().ok()),
                "RDATE" => further.extend(
                    Property::read(*line, text)
                        .iter()
                        .flat_map(|property| property.stamps().flatten().map(wall).collect::<Vec<_>>()),
                ),
                _ => {}
            }
        }
        further.truncate(50);
        Some(Self {
            start: wall(start?),
            from: text.raw("TZOFFSETFROM").and_then(seconds)?,
            to: text.raw("TZOFFSETTO").and_then(seconds)?,
            rule: text.raw("RRULE").and_then(yearly),
            further,
        })
    }

    /// When it begins to hold: single dates, and by the rule from two years before `year` to it.
    fn onsets(&self, year: i32) -> Vec<Onset> {
        let mut walls = self.further.clone();
        walls.push(self.start);
        if let Some(rule) = &self.rule {
            walls.extend(self.by_rule(rule, year));
        }
        let at = |wall: NaiveDateTime| wall.and_utc().checked_sub_signed(TimeDelta::seconds(self.from.into()));
        walls.into_iter().filter_map(at).map(|at| Onset { at, from: self.from, to: self.to }).collect()
    }

    /// Rules begin in 1601, or in the year 1; only the years around `year` are walked.
    fn by_rule(&self, rule: &str, year: i32) -> Vec<NaiveDateTime> {
        let first = self.start.year().max(year - 2);
        let Some(start) = self.start.with_year(first).or_else(|| self.start.with_day(28)?.with_year(first)) else {
            return Vec::new();
        };
        let window =
            |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();
        let series = Recurrence { rrule: Some(rule.to_owned()), ..Recurrence::default() };
        let found =
            occurrences(When::Times { start, end: None }, Tz::UTC, Some(&series), Span::new(window(first), window(year + 2)));
        // A start that was moved for the sake of speed is none of the rule's.
        found.occurrences.into_iter().map(|one| one.original).filter(|wall| *wall != start || start == self.start).collect()
    }
}

/// The rule of an observance, if it is one that zones have: once a year, with a generous end.
fn yearly(rule: &str) -> Option<String> {
    let mut kept = Vec::new();
    for part in rule.to_ascii_uppercase().split(';') {
        let (name, value) = part.split_once('=')?;
        match name {
            "BYDAY" | "BYMONTH" if value.contains(',') => return None,
            "FREQ" if value != "YEARLY" => return None,
            // In UTC it may be the day before; changes are half a year apart.
            "UNTIL" => kept.push(format!("UNTIL={}", day_after(value)?)),
            "FREQ" | "BYMONTH" | "BYDAY" | "BYMONTHDAY" | "WKST" => kept.push(part.to_owned()),
            _ => {}
        }
    }
    let has = |name: &str| kept.iter().any(|part| part.starts_with(name));
    (has("BYMONTH=") || !has("BYDAY=")).then(|| kept.join(";"))
}

fn day_after(until: &str) -> Option<String> {
    let day = NaiveDate::parse_from_str(until.get(..8)?, "%Y%m%d").ok()?;
    Some(day.succ_opt()?.format("%Y%m%d").to_string())
}

/// `-0500` or `+034152`, in seconds.
fn seconds(text: &str) -> Option<i32> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("-", digits) => (-1, digits),
        ("+", digits) => (1, digits),
        _ => (1, text),
    };
    if digits.len() < 4 {
        return None;
    }
    let two = |at: usize| digits.get(at..at + 2).map_or(Some(0), |pair| pair.parse::<i32>().ok());
    let total = sign * (two(0)? * 3600 + two(2)? * 60 + two(4)?);
    (total.abs() < 86_400).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::super::zones::offset_at;
    use super::*;

    #[test]
    fn offsets_may_have_seconds() {
        assert_eq!(
            [seconds("-0500"), seconds("+034152"), seconds("0100"), seconds("-"), seconds("+9900"), seconds("x")],
            [Some(-18_000), Some(13_312), Some(3_600), None, None, None]
        );
    }

    #[test]
    fn a_rule_from_the_year_1601_is_read_for_today() {
        let text = b"BEGIN:VTIMEZONE\nTZID:Customized Time Zone\nBEGIN:STANDARD\nDTSTART:16010101T020000\nTZOFFSETFROM:-0400\nTZOFFSETTO:-0500\n\
            RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:-0500\n\
            TZOFFSETTO:-0400\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";
        let mut rules = Rules::default();
        rules.add(&super::super::scan::scan(text).zones[0]);
        for wall in
            ["2026-01-15T10:35:00", "2026-08-25T10:35:00", "2026-03-08T02:30:00", "2026-11-01T01:30:00", "2026-11-01T02:30:00"]
        {
            let wall: NaiveDateTime = wall.parse().expect("a wall time");
            assert_eq!(rules.instant(wall), Some(crate::domain::span::instant(wall, chrono_tz::America::New_York)), "{wall}");
        }
        assert_eq!(rules.like(2020, 2030), Some(chrono_tz::America::New_York));
        // In 1990 summer began in April there: no longer the same zone.
        assert_eq!(rules.like(1985, 2030), None);
        assert_eq!(offset_at(chrono_tz::America::New_York, "1990-03-20T00:00:00Z".parse().expect("an instant")), -18_000);
    }
}
