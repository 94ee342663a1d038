//! What reading promises: each thing that other programs do wrong, and the ten rules of importing.

mod fields;
mod files;
mod hostile;
mod rules;

use chrono::NaiveDateTime;

use super::*;
use crate::domain::recurrence::Exdate;
use crate::domain::{EventStatus, Span, occurrences};

const NEW_YORK: Tz = chrono_tz::America::New_York;

fn bytes_read(bytes: &[u8]) -> Reading {
    read(bytes, &Defaults { zone: NEW_YORK }).expect("a calendar")
}
/// One event with these lines.
fn event(lines: &str) -> Reading {
    bytes_read(format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n").as_bytes())
}
fn one(lines: &str) -> Entry {
    let reading = event(lines);
    assert_eq!(reading.entries.len(), 1, "{:?}", reading.notes);
    reading.entries.into_iter().next().expect("one")
}
fn told(reading: &Reading) -> Vec<(NoteLevel, usize, &str)> {
    reading.notes.iter().map(|note| (note.level, note.line, note.text.as_str())).collect()
}
fn wall(text: &str) -> NaiveDateTime {
    text.parse().expect("a time")
}
fn days(first: &str, last: Option<&str>) -> When {
    When::Days { first: first.parse().expect("a day"), last: last.map(|last| last.parse().expect("a day")) }
}
fn times(start: &str, end: Option<&str>) -> When {
    When::Times { start: wall(start), end: end.map(wall) }
}
/// The starts in UTC over the years in which the tests happen.
fn starts(entry: &Entry) -> Vec<String> {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let window = Span::new(at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    let found = occurrences(entry.when, entry.zone.unwrap_or(NEW_YORK), entry.recurrence.as_ref(), window);
    found.occurrences.iter().map(|one| one.span.start.format("%m-%dT%H:%M").to_string()).collect()
}
