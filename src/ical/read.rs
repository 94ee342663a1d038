//! Calendar text to events, and a list of what was not understood.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::event::{Draft, Reader, Source};
use super::property::{Property, clean, raw_value};
use super::scan::{Component, Notes, scan};
use super::zones::{Zones, by_name};
use super::{decode, series};
use crate::domain::several::in_parts;
use crate::domain::{Recurrence, When};

/// Files larger than this, in bytes, are refused.
pub const LARGEST: usize = 20 * 1024 * 1024;

/// What holds where a file does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// The zone of times that name none, and the one in which times in UTC are shown.
    pub zone: Tz,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reading {
    /// The calendar's name (`NAME`, `X-WR-CALNAME`).
    pub name: Option<String>,
    /// One for each event or series, in the order of the file.
    pub entries: Vec<Entry>,
    /// What was skipped, repaired, or is worth knowing, by line.
    pub notes: Vec<Note>,
    /// How many `VEVENT`s the file has.
    pub vevents: usize,
}

/// Something that a person may want to know about the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Where in the file, counted from 1; 0 where no one line is meant.
    pub line: usize,
    /// How much it matters.
    pub level: NoteLevel,
    /// The event it is about.
    pub uid: Option<String>,
    /// A plain sentence.
    pub text: String,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteLevel {
    /// Something was left out.
    Skipped,
    /// Something was read in one of several ways that it may have been meant: somebody should look.
    Guessed,
    /// Something was read as it was meant, or as not known.
    Repaired,
    /// Something is good to know.
    Told,
}

/// An event or a series, as a file has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its `UID`, the same at each reading.
    pub uid: String,
    /// The file has none (or used one twice); this one is made from start and title.
    pub uid_made_up: bool,
    /// The line on which it begins.
    pub line: usize,
    /// `SEQUENCE`, or 0.
    pub sequence: u32,
    /// `STATUS`.
    pub status: EntryStatus,
    /// `SUMMARY`; may be empty.
    pub title: String,
    /// `DESCRIPTION`; may be empty.
    pub description: String,
    /// `LOCATION`, unless it is only an address on the web.
    pub location: Option<String>,
    /// Latitude and longitude, in degrees.
    pub position: Option<(f64, f64)>,
    /// Its page.
    pub url: Option<String>,
    /// Where to join it online (`CONFERENCE`, or a `LOCATION` that is an address on the web).
    pub join_url: Option<String>,
    /// `CATEGORIES`, in the order of the file, each once.
    pub categories: Vec<String>,
    /// Takes nobody's time.
    pub transparent: bool,
    /// When it is. Without `DTEND` and `DURATION` the end is not known; RFC 5545's one day is not a fact.
    pub when: When,
    /// The zone of that wall time. `None`: the file names none that is known, so the default holds.
    pub zone: Option<Tz>,
    /// How it repeats; single dates that differ are in its overrides.
    pub recurrence: Option<Recurrence>,
    /// `DTSTAMP`.
    pub stamped_at: Option<DateTime<Utc>>,
    /// `LAST-MODIFIED`.
    pub last_modified: Option<DateTime<Utc>>,
}

/// `STATUS` (RFC 5545 section 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum EntryStatus {
    /// Certain, or not said.
    #[default]
    Confirmed,
    /// Not certain yet.
    Tentative,
    /// Called off.
    Cancelled,
}

/// A file that is no calendar, and what it looks like.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotACalendar {
    /// Nothing in it.
    #[error("The file is empty; a calendar begins with BEGIN:VCALENDAR.")]
    Empty,
    /// A web page.
    #[error("This is a web page, not a calendar. The address may need signing in, or lead to a page about the calendar.")]
    WebPage,
    /// Every line begins with a blank.
    #[error("Every line begins with a blank, so no calendar can be found in it. Save the calendar again as it was sent.")]
    Indented,
    /// More than [`LARGEST`].
    #[error("The file has {megabytes} MB; calendars of up to 20 MB are read.")]
    TooLarge {
        /// Its size, rounded up.
        megabytes: usize,
    },
    /// Anything else.
    #[error("This is no calendar: there is no BEGIN:VCALENDAR in it. It begins with “{begins}”.")]
    Other {
        /// Its first characters.
        begins: String,
    },
}

/// Reads a calendar file.
///
/// One event that cannot be read never costs the others: it is left out and noted. Nothing in the
/// bytes can make this panic, run for long, or overflow the stack.
///
/// # Errors
///
/// [`NotACalendar`], if there is neither a calendar nor an event in it.
///
/// ```
/// use convene::domain::When;
/// use convene::ical::{Defaults, read};
/// let file = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:City Summit\nDTSTART;VALUE=DATE:20221117\n\
///     DTEND;VALUE=DATE:20221120\nEND:VEVENT\nEND:VCALENDAR\n";
/// let reading = read(file, &Defaults { zone: chrono_tz::America::Chicago }).unwrap();
/// let day = |text: &str| text.parse().unwrap();
/// assert_eq!(reading.entries[0].when, When::Days { first: day("2022-11-17"), last: Some(day("2022-11-19")) });
/// ```
pub fn read(bytes: &[u8], defaults: &Defaults) -> Result<Reading, NotACalendar> {
    if bytes.len() > LARGEST {
        return Err(NotACalendar::TooLarge { megabytes: bytes.len().div_ceil(1024 * 1024) });
    }
    let plain = decode::plain(bytes);
    let mut scan = scan(&plain);
    if !scan.is_calendar && scan.vevents == 0 {
        return Err(looks_like(&plain));
    }
    let mut notes = std::mem::take(&mut scan.notes);
    if !scan.is_calendar {
        notes.add(NoteLevel::Repaired, 0, None, "There is no BEGIN:VCALENDAR; the events are read all the same.");
    }
    let named = zone_of(&scan.calendar, &mut notes);
    let zones = Zones::new(&scan.zones);
    let called_off = scan.calendar.raw("METHOD").is_some_and(|method| method.eq_ignore_ascii_case("CANCEL"));
    let mut reader = Reader { zones, named, base: named.unwrap_or(defaults.zone), called_off, notes };
    let mut drafts: Vec<Draft> = Vec::with_capacity(scan.events.len());
    for events in scan.events.chunks(AT_ONCE) {
        drafts.extend(sources(events).iter().filter_map(|source| reader.draft(source)));
    }
    let entries = series::fold(drafts, &mut reader);
    Ok(Reading { name: name_of(&scan.calendar), entries, notes: reader.notes.finish(), vevents: scan.vevents })
}

/// The lines of how many events are read at a time, before what they say is.
const AT_ONCE: usize = 512;
/// For fewer than these, threads are not worth their while.
const FEW: usize = 64;

fn sources<'a>(events: &'a [Component<'_>]) -> Vec<Source<'a>> {
    let one_by_one = |events| -> Vec<Source<'a>> { <[Component<'_>]>::iter(events).map(Source::new).collect() };
    if events.len() < FEW { one_by_one(events) } else { in_parts(events, one_by_one) }
}

/// `X-WR-TIMEZONE`.
fn zone_of(calendar: &Component<'_>, notes: &mut Notes) -> Option<Tz> {
    let (line, _, text) = calendar.lines.iter().find(|(_, name, _)| name == "X-WR-TIMEZONE")?;
    let name = raw_value(text).filter(|name| !name.is_empty())?;
    let zone = by_name(name);
    if zone.is_none() {
        let name: String = name.chars().take(60).collect();
        notes.add(NoteLevel::Skipped, *line, None, format!("The calendar's time zone “{name}” is not known."));
    }
    zone
}

fn name_of(calendar: &Component<'_>) -> Option<String> {
    let found = ["NAME", "X-WR-CALNAME"].into_iter().find_map(|wanted| {
        let (line, _, text) = calendar.lines.iter().find(|(_, name, _)| name == wanted)?;
        // Read as a SUMMARY: calcard splits what it does not know at each semicolon.
        let as_text = format!("SUMMARY:{}", raw_value(text)?);
        Property::read(*line, &as_text)?.text()
    })?;
    let found = clean(found.trim());
    (!found.is_empty()).then_some(found)
}

fn looks_like(bytes: &[u8]) -> NotACalendar {
    let head = &bytes[..bytes.len().min(4_000)];
    let text = String::from_utf8_lossy(head);
    let trimmed = text.trim_start();
    let lower = trimmed.to_ascii_lowercase();
    if trimmed.is_empty() {
        NotACalendar::Empty
    } else if lower.starts_with("<!doctype html") || lower.contains("<html") || lower.contains("<head") {
        NotACalendar::WebPage
    } else if ["begin:vcalendar", "begin:vevent"].iter().any(|begin| lower.starts_with(begin)) {
        NotACalendar::Indented
    } else {
        let begins = trimmed.chars().take_while(|letter| !letter.is_control()).take(40).collect();
        NotACalendar::Other { begins }
    }
}

#[cfg(test)]
mod tests;
