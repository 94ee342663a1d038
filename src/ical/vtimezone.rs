//! `VTIMEZONE` as every calendar program reads it.
//!
//! Exchange and Outlook read one `STANDARD` and at most one `DAYLIGHT`, each with a yearly rule of
//! one numbered weekday (MS-OXCICAL 2.1.3.1.1.19.2). What a zone did in years with other rules
//! cannot be said so; times of those years are written in UTC instead.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::{OffsetName as _, Tz};

use super::zones::{offset_at, sampled};

/// How many years after the last event a rule must hold, to tell the last Sunday from the fourth.
const YEARS_AFTER: i32 = 7;

/// The years in which zones are described at all.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1971..=2100;

/// A zone in words, and the first year for which they are true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Described {
    /// The lines of the `VTIMEZONE`, each ended by LF.
    pub text: String,
    /// Times before this year are not covered.
    pub since: i32,
}

/// A change of offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    at: DateTime<Utc>,
    before: i32,
    after: i32,
}

/// Changes that one yearly rule gives.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Yearly {
    first: Change,
    month: u32,
    /// Like `2SU`, or `-1SU` for the last.
    day: String,
}

/// Describes a zone for events in these years; `None` if no rule holds for the last of them.
///
/// The rules begin a year before the first event that they cover.
pub(super) fn describe(zone: Tz, first_year: i32, last_year: i32) -> Option<Described> {
    if !YEARS.contains(&first_year) || !YEARS.contains(&last_year) {
        return None;
    }
    let changes = changes(zone, first_year - 1, last_year + YEARS_AFTER);
    (first_year..=last_year).find_map(|since| {
        let parts = parts(zone, &changes, since - 1, last_year + YEARS_AFTER)?;
        Some(Described { text: format!("BEGIN:VTIMEZONE\nTZID:{}\n{parts}END:VTIMEZONE\n", zone.name()), since })
    })
}

/// Every change of offset in these years.
fn changes(zone: Tz, first_year: i32, last_year: i32) -> Vec<Change> {
    let samples: Vec<_> = sampled(first_year, last_year + 1).collect();
    let differing = samples.windows(2).filter(|pair| offset_at(zone, pair[0]) != offset_at(zone, pair[1]));
    differing.map(|pair| change_between(zone, pair[0], pair[1])).filter(|change| change.at.year() <= last_year).collect()
}

fn change_between(zone: Tz, mut low: DateTime<Utc>, mut high: DateTime<Utc>) -> Change {
    let (before, after) = (offset_at(zone, low), offset_at(zone, high));
    while high - low > TimeDelta::seconds(1) {
        let middle = low + TimeDelta::seconds((high - low).num_seconds() / 2);
        if offset_at(zone, middle) == before { low = middle } else { high = middle }
    }
    Change { at: high, before, after }
}

fn parts(zone: Tz, changes: &[Change], first_year: i32, last_year: i32) -> Option<String> {
    let held: Vec<Change> = changes.iter().copied().filter(|change| change.at.year() >= first_year).collect();
    if held.is_empty() {
        let since = NaiveDate::from_ymd_opt(1970, 1, 1)?.and_time(chrono::NaiveTime::MIN);
        let at = zone.with_ymd_and_hms(last_year, 1, 1, 0, 0, 0).earliest()?.with_timezone(&Utc);
        return Some(part(zone, "STANDARD", since, offset_at(zone, at), at, ""));
    }
    let (forward, back): (Vec<_>, Vec<_>) = held.into_iter().partition(|change| change.after > change.before);
    let years = usize::try_from(last_year - first_year + 1).ok()?;
    let (to_summer, to_winter) = (yearly(&forward, years)?, yearly(&back, years)?);
    if to_summer.first.before != to_winter.first.after {
        return None;
    }
    Some([("STANDARD", to_winter), ("DAYLIGHT", to_summer)].map(|(name, rule)| rule.part(zone, name)).concat())
}

/// The one rule that gives these changes, one in each year.
fn yearly(changes: &[Change], years: usize) -> Option<Yearly> {
    let first = *changes.first().filter(|_| changes.len() == years)?;
    let wall = wall(&first);
    let alike = |change: &Change| {
        let other = self::wall(change);
        (other.month(), other.weekday(), other.time(), change.before, change.after)
            == (wall.month(), wall.weekday(), wall.time(), first.before, first.after)
    };
    if !changes.iter().all(alike) {
        return None;
    }
    let walls = || changes.iter().map(self::wall);
    let nth = |wall: NaiveDateTime| (wall.day() - 1) / 7 + 1;
    let is_last = |wall: NaiveDateTime| (wall + TimeDelta::days(7)).month() != wall.month();
    let name = wall.weekday().to_string()[..2].to_uppercase();
    let day = if walls().all(is_last) {
        format!("-1{name}")
    } else if walls().all(|other| nth(other) == nth(wall)) {
        format!("{}{name}", nth(wall))
    } else {
        return None;
    };
    Some(Yearly { first, month: wall.month(), day })
}

/// What the clock showed just before it was changed.
fn wall(change: &Change) -> NaiveDateTime {
    change.at.naive_utc() + TimeDelta::seconds(change.before.into())
}

impl Yearly {
    fn part(&self, zone: Tz, name: &str) -> String {
        let rule = format!("RRULE:FREQ=YEARLY;BYMONTH={};BYDAY={}\n", self.month, self.day);
        part(zone, name, wall(&self.first), self.first.before, self.first.at, &rule)
    }
}

fn part(zone: Tz, name: &str, since: NaiveDateTime, before: i32, at: DateTime<Utc>, rule: &str) -> String {
    let mut text = format!("BEGIN:{name}\nDTSTART:{}\n{rule}", since.format("%Y%m%dT%H%M%S"));
    let after = zone.offset_from_utc_datetime(&at.naive_utc());
    // Writing to a String cannot fail.
    let _ = writeln!(text, "TZOFFSETFROM:{}\nTZOFFSETTO:{}", offset(before), offset(offset_at(zone, at)));
    if let Some(short) = after.abbreviation() {
        let _ = writeln!(text, "TZNAME:{short}");
    }
    let _ = writeln!(text, "END:{name}");
    text
}

/// `-0500`; with seconds only where there are some.
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, rest) = (seconds.abs() / 3600, seconds.abs() % 3600);
    let odd = if rest % 60 == 0 { String::new() } else { format!("{:02}", rest % 60) };
    format!("{sign}{hours:02}{:02}{odd}", rest / 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_york_is_said_in_two_rules() {
        let described = describe(chrono_tz::America::New_York, 2026, 2028).expect("it can be said");
        assert_eq!(described.since, 2026);
        assert_eq!(
            described.text,
            "BEGIN:VTIMEZONE\nTZID:America/New_York\nBEGIN:STANDARD\nDTSTART:20251102T020000\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\n\
             TZOFFSETFROM:-0400\nTZOFFSETTO:-0500\nTZNAME:EST\nEND:STANDARD\nBEGIN:DAYLIGHT\nDTSTART:20250309T020000\n\
             RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\nTZOFFSETFROM:-0500\nTZOFFSETTO:-0400\nTZNAME:EDT\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
        );
    }

    #[test]
    fn a_zone_without_summer_time_is_one_standard_without_a_rule() {
        let described = describe(chrono_tz::America::Phoenix, 2026, 2028).expect("it can be said");
        assert_eq!(
            described.text,
            "BEGIN:VTIMEZONE\nTZID:America/Phoenix\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0700\n\
             TZNAME:MST\nEND:STANDARD\nEND:VTIMEZONE\n"
        );
    }

    #[test]
    fn the_last_sunday_is_not_the_fourth() {
        let text = describe(chrono_tz::Europe::Berlin, 2026, 2026).expect("it can be said").text;
        assert!(text.contains("BYMONTH=3;BYDAY=-1SU") && text.contains("BYMONTH=10;BYDAY=-1SU"), "{text}");
        let southern = describe(chrono_tz::Australia::Sydney, 2026, 2026).expect("it can be said").text;
        assert!(southern.contains("BYMONTH=4;BYDAY=1SU") && southern.contains("BYMONTH=10;BYDAY=1SU"), "{southern}");
    }

    #[test]
    fn zones_that_one_rule_cannot_say_are_not_said() {
        for zone in [chrono_tz::Africa::Casablanca, chrono_tz::Asia::Jerusalem] {
            assert_eq!(describe(zone, 2026, 2027), None, "{zone}");
        }
        assert_eq!(describe(chrono_tz::America::New_York, 1900, 2027), None);
    }

    #[test]
    fn years_with_older_rules_are_left_out() {
        // The United States changed their rules in 2007.
        assert_eq!(describe(chrono_tz::America::New_York, 2004, 2026).map(|described| described.since), Some(2008));
        // Mexico gave up summer time in October 2022.
        assert_eq!(describe(chrono_tz::America::Mexico_City, 2020, 2026).map(|described| described.since), Some(2024));
    }

    #[test]
    fn what_is_said_is_what_the_zone_does() {
        let mut said = 0;
        for zone in chrono_tz::TZ_VARIANTS {
            let Some(described) = describe(zone, 2025, 2027) else { continue };
            said += 1;
            let mut rules = super::super::rules::Rules::default();
            let scan = super::super::scan::scan(described.text.as_bytes());
            rules.add(&scan.zones[0]);
            for at in sampled(described.since, 2027) {
                let wall = at.with_timezone(&zone).naive_local();
                assert_eq!(rules.instant(wall), Some(crate::domain::span::instant(wall, zone)), "{zone} {wall}");
            }
        }
        assert!(said > 550, "only {said} zones can be said");
    }
}
