//! One line as a property: its name, parameters and values, read with calcard.

use calcard::Entry as Parsed;
use calcard::Parser;
use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponentType, ICalendarDuration, ICalendarEntry, ICalendarParameterName, ICalendarParameterValue, ICalendarPeriod,
    ICalendarValue, ICalendarValueType, Uri,
};
use chrono::{FixedOffset, NaiveDate, NaiveDateTime, TimeDelta};

/// Texts longer than this, in bytes, are cut: no title or description of a meeting needs more.
pub(super) const LONGEST_TEXT: usize = 100_000;

/// A property of an event, still without meaning.
#[derive(Debug, Clone)]
pub(super) struct Property<'a> {
    /// The line it begins on.
    pub line: usize,
    text: &'a str,
    entry: ICalendarEntry,
}

/// A date or a time as the file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A civil day.
    Day(NaiveDate),
    /// Wall time, with the name of its zone if it has one.
    Wall(NaiveDateTime, Option<String>),
    /// An instant, as UTC wall time.
    Utc(NaiveDateTime),
}

/// The name of a line's property, in upper case, and what stands behind it.
pub(super) fn name_of(text: &str) -> (String, &str) {
    let end = text.find([':', ';']).unwrap_or(text.len());
    (text[..end].trim().to_ascii_uppercase(), &text[end..])
}

/// What stands behind the first colon outside quotes.
pub(super) fn raw_value(text: &str) -> Option<&str> {
    let mut quoted = false;
    let colon = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    })?;
    Some(text[colon + 1..].trim())
}

impl<'a> Property<'a> {
    /// Reads one unfolded line; `None` if there is nothing to read in it.
    pub fn read(line: usize, text: &'a str) -> Option<Self> {
        let parsed = Parser::new(text).icalendar(ICalendarComponentType::VEvent);
        let Parsed::ICalendar(calendar) = parsed else { return None };
        let entry = calendar.components.into_iter().next()?.entries.into_iter().next()?;
        Some(Self { line, text, entry })
    }

    /// The value as it stands in the file, without blanks around it.
    pub fn raw(&self) -> &'a str {
        raw_value(self.text).unwrap_or_default()
    }

    /// The beginning of the whole line, for people to look at.
    pub fn shown(&self) -> String {
        self.text.chars().take(60).collect()
    }

    /// A parameter's first value, as text.
    pub fn parameter(&self, name: &ICalendarParameterName) -> Option<&str> {
        self.entry.parameters(name).find_map(ICalendarParameterValue::as_text)
    }

    /// Does the parameter `FEATURE` name video?
    pub fn shows_video(&self) -> bool {
        let (_, head) = name_of(self.text);
        head.split(':').next().is_some_and(|parameters| parameters.to_ascii_uppercase().contains("VIDEO"))
    }

    /// `RANGE=THISANDFUTURE`.
    pub fn is_range(&self) -> bool {
        self.entry.parameters(&ICalendarParameterName::Range).next().is_some()
    }

    /// Says that it is a day, but gives a time with it.
    pub fn is_day_with_time(&self) -> bool {
        let says_day = self
            .entry
            .parameters(&ICalendarParameterName::Value)
            .any(|value| matches!(value, ICalendarParameterValue::Value(ICalendarValueType::Date)));
        let raw = self.raw().as_bytes();
        says_day && raw.len() > 9 && matches!(raw.get(8), Some(b'T' | b't'))
    }

    /// Its text, on lines that end in LF, without control characters.
    pub fn text(&self) -> Option<String> {
        self.entry.values.iter().find_map(text_of).map(|text| clean(&text))
    }

    /// Its texts, for a list like `CATEGORIES`.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.entry.values.iter().filter_map(text_of).map(|text| clean(&text))
    }

    /// Its dates and times; what cannot be read is an error with its text.
    pub fn stamps(&self) -> impl Iterator<Item = Result<Stamp, String>> {
        let zone = self.parameter(&ICalendarParameterName::Tzid).map(str::trim);
        self.entry.values.iter().map(move |value| match value {
            ICalendarValue::PartialDateTime(at) => stamp(at, zone),
            ICalendarValue::Period(ICalendarPeriod::Range { start, .. } | ICalendarPeriod::Duration { start, .. }) => {
                stamp(start, zone)
            }
            other => Err(text_of(other).unwrap_or_default()),
        })
    }

    /// Its first date or time.
    ///
    /// # Errors
    ///
    /// The value as it stands in the file.
    pub fn stamp(&self) -> Result<Stamp, String> {
        self.stamps().next().unwrap_or_else(|| Err(String::new())).map_err(|_| self.raw().to_owned())
    }

    /// A length of time: days and weeks apart from hours, since days may have 23 or 25 hours.
    pub fn duration(&self) -> Option<(i64, TimeDelta)> {
        let value = self.entry.values.first()?;
        let ICalendarValue::Duration(ICalendarDuration { neg, weeks, days, hours, minutes, seconds }) = value else {
            return None;
        };
        let sign = if *neg { -1 } else { 1 };
        let time = i64::from(*hours) * 3600 + i64::from(*minutes) * 60 + i64::from(*seconds);
        Some((sign * (i64::from(*weeks) * 7 + i64::from(*days)), TimeDelta::try_seconds(sign * time)?))
    }

    /// A whole number.
    pub fn number(&self) -> Option<i64> {
        self.raw().parse().ok()
    }
}

fn text_of(value: &ICalendarValue) -> Option<String> {
    match value {
        ICalendarValue::Text(text) | ICalendarValue::Uri(Uri::Location(text)) => Some(text.clone()),
        ICalendarValue::Integer(number) => Some(number.to_string()),
        _ => None,
    }
}

/// One kind of line end, no control characters but TAB, and no more than is sensible.
pub(super) fn clean(text: &str) -> String {
    let mut text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.retain(|letter| letter == '\n' || letter == '\t' || !letter.is_control());
    if text.len() > LONGEST_TEXT {
        text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    }
    text
}

fn stamp(at: &PartialDateTime, zone: Option<&str>) -> Result<Stamp, String> {
    read_stamp(at, zone).ok_or_else(String::new)
}

fn read_stamp(at: &PartialDateTime, zone: Option<&str>) -> Option<Stamp> {
    let day = NaiveDate::from_ymd_opt(at.year?.into(), at.month?.into(), at.day?.into())?;
    let Some(hour) = at.hour else { return Some(Stamp::Day(day)) };
    let (minute, second) = (at.minute.unwrap_or(0), at.second.unwrap_or(0));
    let wall = if (hour, minute, second) == (24, 0, 0) {
        day.succ_opt()?.and_hms_opt(0, 0, 0)?
    } else {
        // A leap second has no place of its own in a calendar.
        day.and_hms_opt(hour.into(), minute.into(), second.min(59).into())?
    };
    let Some(hours) = at.tz_hour else { return Some(Stamp::Wall(wall, zone.map(str::to_owned))) };
    let east = (i32::from(hours) * 60 + i32::from(at.tz_minute.unwrap_or(0))) * 60;
    let offset = FixedOffset::east_opt(if at.tz_minus { -east } else { east })?;
    wall.checked_sub_offset(offset).map(Stamp::Utc)
}
