//! How ids, instants, zones and slugs cross into SQL and back.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rusqlite::Row;

use super::{Error, Result};
use crate::domain::When;

/// Days in SQL: `2026-11-22`.
const DAY: &str = "%Y-%m-%d";
/// Wall time in SQL: `2026-11-22T09:00:00`.
const WALL: &str = "%Y-%m-%dT%H:%M:%S";

/// Reads a text column by its own parser.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: &'static str) -> Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| Error::Unreadable { what: column, value: text })
}

/// Reads a text column that may be NULL by its own parser.
pub(super) fn parsed_if_any<T: FromStr>(row: &Row<'_>, column: &'static str) -> Result<Option<T>> {
    let Some(text) = row.get::<_, Option<String>>(column)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Error::Unreadable { what: column, value: text })
}

/// Reads an instant.
pub(super) fn instant(row: &Row<'_>, column: &'static str) -> Result<DateTime<Utc>> {
    from_seconds(row.get(column)?, column)
}

/// Reads an instant that may be NULL.
pub(super) fn instant_if_any(row: &Row<'_>, column: &'static str) -> Result<Option<DateTime<Utc>>> {
    row.get::<_, Option<i64>>(column)?.map(|seconds| from_seconds(seconds, column)).transpose()
}

fn from_seconds(seconds: i64, what: &'static str) -> Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| Error::Unreadable { what, value: seconds.to_string() })
}

/// A day as SQL keeps it.
pub(super) fn day_text(day: NaiveDate) -> String {
    day.format(DAY).to_string()
}

/// A wall time as SQL keeps it.
pub(super) fn wall_text(wall: NaiveDateTime) -> String {
    wall.format(WALL).to_string()
}

/// Reads a day.
pub(super) fn day(text: &str, what: &'static str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(text, DAY).map_err(|_| Error::Unreadable { what, value: text.to_owned() })
}

/// Reads a wall time.
pub(super) fn wall(text: &str, what: &'static str) -> Result<NaiveDateTime> {
    NaiveDateTime::parse_from_str(text, WALL).map_err(|_| Error::Unreadable { what, value: text.to_owned() })
}

/// A [`When`] as its three columns: `all_day`, `starts`, `ends`.
pub(super) fn when_columns(when: When) -> (bool, String, Option<String>) {
    match when {
        When::Days { first, last } => (true, day_text(first), last.map(day_text)),
        When::Times { start, end } => (false, wall_text(start), end.map(wall_text)),
    }
}

/// A [`When`] from its three columns.
pub(super) fn when(row: &Row<'_>) -> Result<When> {
    let (starts, ends): (String, Option<String>) = (row.get("starts")?, row.get("ends")?);
    if row.get("all_day")? {
        let last = ends.as_deref().map(|text| day(text, "ends")).transpose()?;
        Ok(When::Days { first: day(&starts, "starts")?, last })
    } else {
        let end = ends.as_deref().map(|text| wall(text, "ends")).transpose()?;
        Ok(When::Times { start: wall(&starts, "starts")?, end })
    }
}

/// The wall time that names an occurrence; whole days may be written as a date.
pub(super) fn original(text: &str) -> Result<NaiveDateTime> {
    wall(text, "original").or_else(|_| Ok(day(text, "original")?.and_time(NaiveTime::MIN)))
}
