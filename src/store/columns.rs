//! How ids, instants, zones and slugs cross into SQL and back.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rusqlite::Row;
use rusqlite::types::FromSql;

use super::{Error, Result};
use crate::domain::When;

/// Days in SQL: `2026-11-22`.
const DAY: &str = "%Y-%m-%d";
/// Wall time in SQL: `2026-11-22T09:00:00`.
const WALL: &str = "%Y-%m-%dT%H:%M:%S";

/// Where a column stands among those that are read: each is looked for once when it is compiled, not once a row.
#[derive(Clone, Copy)]
pub(super) struct Column {
    pub name: &'static str,
    place: Option<usize>,
}

impl From<&'static str> for Column {
    fn from(name: &'static str) -> Self {
        Self { name, place: None }
    }
}

impl Column {
    /// The column of that name; one that is not among `all` is looked for by its name.
    pub const fn among(all: &[&str], name: &'static str) -> Self {
        let mut at = 0;
        while at < all.len() {
            if is_same(all[at].as_bytes(), name.as_bytes()) {
                return Self { name, place: Some(at) };
            }
            at += 1;
        }
        Self { name, place: None }
    }

    /// What it holds in this row.
    pub fn of<T: FromSql>(self, row: &Row<'_>) -> Result<T> {
        Ok(match self.place {
            Some(place) => row.get(place)?,
            None => row.get(self.name)?,
        })
    }

    fn text<'r>(self, row: &'r Row<'_>) -> Result<Option<&'r str>> {
        let value = match self.place {
            Some(place) => row.get_ref(place)?,
            None => row.get_ref(self.name)?,
        };
        value.as_str_or_null().map_err(|_| Error::Unreadable { what: self.name, value: format!("{value:?}") })
    }
}

const fn is_same(a: &[u8], b: &[u8]) -> bool {
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    a.len() == b.len() && at == a.len()
}

/// Reads a text column by its own parser.
pub(super) fn parsed<T: FromStr>(row: &Row<'_>, column: impl Into<Column>) -> Result<T> {
    let column = column.into();
    let text = column.text(row)?.unwrap_or_default();
    text.parse().map_err(|_| Error::Unreadable { what: column.name, value: text.to_owned() })
}

/// Reads a text column that may be NULL by its own parser.
pub(super) fn parsed_if_any<T: FromStr>(row: &Row<'_>, column: impl Into<Column>) -> Result<Option<T>> {
    let column = column.into();
    let Some(text) = column.text(row)? else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Error::Unreadable { what: column.name, value: text.to_owned() })
}

/// Reads an instant.
pub(super) fn instant(row: &Row<'_>, column: impl Into<Column>) -> Result<DateTime<Utc>> {
    let column = column.into();
    from_seconds(column.of(row)?, column.name)
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
    text.parse().map_err(|_| Error::Unreadable { what, value: text.to_owned() })
}

/// Reads a wall time.
pub(super) fn wall(text: &str, what: &'static str) -> Result<NaiveDateTime> {
    text.parse().map_err(|_| Error::Unreadable { what, value: text.to_owned() })
}

/// A [`When`] as its three columns: `all_day`, `starts`, `ends`.
pub(super) fn when_columns(when: When) -> (bool, String, Option<String>) {
    match when {
        When::Days { first, last } => (true, day_text(first), last.map(day_text)),
        When::Times { start, end } => (false, wall_text(start), end.map(wall_text)),
    }
}

/// A [`When`] from its three columns: `all_day`, `starts`, `ends`.
pub(super) fn when(row: &Row<'_>, [all_day, starts, ends]: [Column; 3]) -> Result<When> {
    let (from, until) = (starts.text(row)?.unwrap_or_default(), ends.text(row)?);
    if all_day.of(row)? {
        let last = until.map(|text| day(text, "ends")).transpose()?;
        Ok(When::Days { first: day(from, "starts")?, last })
    } else {
        let end = until.map(|text| wall(text, "ends")).transpose()?;
        Ok(When::Times { start: wall(from, "starts")?, end })
    }
}

/// The wall time that names an occurrence; whole days may be written as a date.
pub(super) fn original(text: &str) -> Result<NaiveDateTime> {
    wall(text, "original").or_else(|_| Ok(day(text, "original")?.and_time(NaiveTime::MIN)))
}
