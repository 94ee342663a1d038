//! Days to plan around.

use std::collections::BTreeSet;

use rusqlite::params;

use super::columns::{day, day_text};
use super::{Error, Reader, Result, Writer};
use crate::domain::observance::{Certainty, ObservanceKind, Tier};
use crate::domain::{Days, Observance};

impl Reader<'_> {
    /// All observances that touch these days, by first day and name.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn observances(&self, days: Days) -> Result<Vec<Observance>> {
        let mut query = self
            .connection()
            .prepare_cached("SELECT * FROM observances WHERE first_day <= ?2 AND last_day >= ?1 ORDER BY first_day, name, id")?;
        let mut rows = query.query([day_text(days.first), day_text(days.last)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let text = |column: &'static str| row.get::<_, String>(column);
            let (first, last) = (text("first_day")?, text("last_day")?);
            let alternate: Option<String> = row.get("alternate")?;
            found.push(Observance {
                name: text("name")?,
                days: Days::new(day(&first, "first_day")?, day(&last, "last_day")?),
                kind: word::<ObservanceKind>(text("kind")?, "kind")?,
                tier: word::<Tier>(text("tier")?, "tier")?,
                from_sunset: row.get("from_sunset")?,
                work_restricted: row.get("work_restricted")?,
                state: row.get("state")?,
                certainty: word::<Certainty>(text("certainty")?, "certainty")?,
                alternate: alternate.as_deref().map(|text| day(text, "alternate")).transpose()?,
                calculated: false,
            });
        }
        Ok(found)
    }
}

impl Reader<'_> {
    /// The years that the tables cover: those of which they have the federal holidays. A table of some
    /// primaries alone covers no year, so that the rest of it is still calculated.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn observance_years(&self) -> Result<BTreeSet<i32>> {
        let sql =
            "SELECT DISTINCT CAST(substr(first_day, 1, 4) AS INTEGER) FROM observances WHERE kind = 'federal' AND state IS NULL";
        let mut query = self.connection().prepare_cached(sql)?;
        let years = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(years)
    }
}

impl Writer<'_> {
    /// Puts these in the place of all that were there, under a version.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn replace_observances(&self, observances: &[Observance], version: &str) -> Result<()> {
        self.connection().execute("DELETE FROM observances", [])?;
        let mut insert = self.connection().prepare_cached(
            "INSERT INTO observances (name, first_day, last_day, kind, tier, from_sunset, work_restricted, state, certainty, alternate)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        )?;
        for one in observances {
            insert.execute(params![
                one.name,
                day_text(one.days.first),
                day_text(one.days.last),
                spelled(&one.kind),
                spelled(&one.tier),
                one.from_sunset,
                one.work_restricted,
                one.state,
                spelled(&one.certainty),
                one.alternate.map(day_text),
            ])?;
        }
        self.set_meta("observances", version)
    }
}

/// Reads an enum by the name that serde gives it.
fn word<T: serde::de::DeserializeOwned>(text: String, what: &'static str) -> Result<T> {
    serde_json::from_value(serde_json::Value::String(text.clone())).map_err(|_| Error::Unreadable { what, value: text })
}

/// The name that serde gives an enum's value.
fn spelled<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}
