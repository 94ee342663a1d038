//! Recurrence rules (RFC 5545 section 3.3.10), read and walked.

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;

use super::When;

/// A rule that can be walked. `COUNT` and `UNTIL` are kept apart: the walker minds them.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// How many occurrences there are, the first one included.
    pub count: Option<u32>,
    /// The last wall time at which an occurrence may start.
    pub until: Option<NaiveDateTime>,
    walk: rrule::RRuleSet,
}

/// The parts a rule may have, as RFC 5545 section 3.3.10 lists them.
const PARTS: [&str; 14] = [
    "FREQ",
    "UNTIL",
    "COUNT",
    "INTERVAL",
    "BYSECOND",
    "BYMINUTE",
    "BYHOUR",
    "BYDAY",
    "BYMONTHDAY",
    "BYYEARDAY",
    "BYWEEKNO",
    "BYMONTH",
    "BYSETPOS",
    "WKST",
];

/// A rule longer than this is not read: the longest sensible one has a few hundred characters.
const LONGEST: usize = 4_000;

/// A rule gives no more times a day, or an hour, than this.
const MOST_TIMES: usize = 24;

impl Rule {
    /// Reads a rule for an event that begins at `when` in `zone`.
    ///
    /// `UNTIL` may be UTC (read in the event's zone), wall time, or a day, which counts as a whole.
    ///
    /// # Errors
    ///
    /// What is wrong, and what would be right, in one sentence.
    pub fn parse(text: &str, when: When, zone: Tz) -> Result<Self, String> {
        if text.len() > LONGEST {
            return Err(format!("the rule is longer than {LONGEST} characters"));
        }
        let parts = split(text)?;
        check_frequency(&parts, when)?;
        check_times(&parts)?;
        let count = number_of("COUNT", &parts)?;
        let until = value_of("UNTIL", &parts).map(|text| until(text, when, zone)).transpose()?;
        number_of("INTERVAL", &parts)?;
        let rest: Vec<String> = parts
            .iter()
            .filter(|(name, _)| !["COUNT", "UNTIL"].contains(&name.as_str()))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let start = when.wall_start().and_utc().with_timezone(&rrule::Tz::UTC);
        let rule = rest
            .join(";")
            .parse::<rrule::RRule<rrule::Unvalidated>>()
            .and_then(|rule| rule.validate(start))
            .map_err(|error| format!("the rule cannot be read: {error}"))?;
        Ok(Self { count, until, walk: rrule::RRuleSet::new(start).rrule(rule).limit() })
    }

    /// Each start that the rule gives, in order, from `first` on; without minding `COUNT` and `UNTIL`.
    pub fn starts(&self, first: NaiveDateTime) -> impl Iterator<Item = NaiveDateTime> {
        (&self.walk).into_iter().map(|at| at.naive_utc()).skip_while(move |start| *start < first)
    }
}

/// `NAME=value` pairs in upper case; empty parts are nothing.
fn split(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((name, value)) = part.split_once('=') else {
            return Err(format!("“{part}” is no part of a rule; parts look like FREQ=WEEKLY"));
        };
        let (name, value) = (name.trim().to_ascii_uppercase(), value.trim().to_ascii_uppercase());
        if !PARTS.contains(&name.as_str()) {
            return Err(format!("“{name}” is no part of a rule; there are {}", PARTS.join(", ")));
        }
        if parts.iter().any(|(earlier, _)| *earlier == name) {
            return Err(format!("{name} is there twice; give it once"));
        }
        if value.is_empty() || !value.bytes().all(|letter| letter.is_ascii_alphanumeric() || b",+-".contains(&letter)) {
            return Err(format!("“{value}” is no value for {name}"));
        }
        parts.push((name, value));
    }
    Ok(parts)
}

fn value_of<'a>(name: &str, parts: &'a [(String, String)]) -> Option<&'a str> {
    parts.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn check_frequency(parts: &[(String, String)], when: When) -> Result<(), String> {
    let days_only = "whole days repeat DAILY, WEEKLY, MONTHLY or YEARLY, without hours";
    match value_of("FREQ", parts) {
        Some("DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY") => {
            let by_time = ["BYHOUR", "BYMINUTE", "BYSECOND"].iter().any(|name| value_of(name, parts).is_some());
            if when.is_all_day() && by_time { Err(days_only.to_owned()) } else { Ok(()) }
        }
        Some("HOURLY") if when.is_all_day() => Err(days_only.to_owned()),
        Some("HOURLY") => Ok(()),
        Some("MINUTELY" | "SECONDLY") => {
            Err("an event repeats hourly at most; give FREQ=DAILY, WEEKLY, MONTHLY or YEARLY".to_owned())
        }
        Some(other) => Err(format!("“{other}” is no frequency; there are DAILY, WEEKLY, MONTHLY, YEARLY")),
        None => Err("the rule does not say how often; begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY".to_owned()),
    }
}

/// Times within a day multiply: three full lists would be every second.
fn check_times(parts: &[(String, String)]) -> Result<(), String> {
    let length = |name| value_of(name, parts).map_or(1, |list| list.split(',').count());
    if length("BYHOUR") * length("BYMINUTE") * length("BYSECOND") > MOST_TIMES {
        return Err(format!("the rule gives more than {MOST_TIMES} times a day; give fewer hours or minutes"));
    }
    Ok(())
}

/// A number of at least 1.
fn number_of(name: &str, parts: &[(String, String)]) -> Result<Option<u32>, String> {
    let Some(text) = value_of(name, parts) else { return Ok(None) };
    match text.parse() {
        Ok(number) if number > 0 => Ok(Some(number)),
        _ => Err(format!("{name} is a number of at least 1, not “{text}”")),
    }
}

/// The last wall time that an `UNTIL` allows.
fn until(text: &str, when: When, zone: Tz) -> Result<NaiveDateTime, String> {
    let wrong = || format!("UNTIL is a day or a time like 20261231 or 20261231T170000Z, not “{text}”");
    let end_of = |day: NaiveDate| day.and_hms_opt(23, 59, 59).ok_or_else(wrong);
    if let Ok(day) = NaiveDate::parse_from_str(text, "%Y%m%d") {
        return end_of(day);
    }
    let local = text.strip_suffix('Z');
    let at = NaiveDateTime::parse_from_str(local.unwrap_or(text), "%Y%m%dT%H%M%S").map_err(|_| wrong())?;
    let wall = if local.is_some() { at.and_utc().with_timezone(&zone).naive_local() } else { at };
    if when.is_all_day() { end_of(wall.date()) } else { Ok(wall) }
}
