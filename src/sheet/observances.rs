//! Tables of observances, in the columns of `db/seeds/observances.csv`.

use serde::Deserialize;

use crate::domain::observance::{Certainty, Observance, ObservanceKind, Tier};
use crate::domain::{Days, slug::RoleSlug};
use chrono::NaiveDate;

#[derive(Deserialize)]
struct Row {
    date_start: NaiveDate,
    date_end: NaiveDate,
    name: String,
    kind: ObservanceKind,
    from_sunset: YesNo,
    scope: String,
    tier: Tier,
    work_restricted: YesNo,
    certainty: Certainty,
    alternate: Option<NaiveDate>,
}

#[derive(Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
enum YesNo {
    Yes,
    No,
}

/// Reads a table.
///
/// # Errors
/// The first line that is wrong, with its number.
pub fn read(text: &str) -> Result<Vec<Observance>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|row| {
            let row: Row = row.map_err(|error| match error.position() {
                Some(at) => format!("line {}: {error}", at.line()),
                None => error.to_string(),
            })?;
            Ok(Observance {
                name: row.name,
                days: Days::new(row.date_start, row.date_end),
                kind: row.kind,
                tier: row.tier,
                from_sunset: row.from_sunset == YesNo::Yes,
                work_restricted: row.work_restricted == YesNo::Yes,
                state: row.scope.strip_prefix("US-").map(str::to_owned),
                certainty: row.certainty,
                alternate: row.alternate,
                calculated: false,
            })
        })
        .collect()
}

/// The wider role of a role, as `slug,name,parent` rows give it; wider ones stand first.
///
/// # Errors
/// The first line that is wrong.
pub fn read_roles(text: &str) -> Result<Vec<crate::domain::Role>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize::<(RoleSlug, String, Option<RoleSlug>)>()
        .map(|row| {
            let (slug, name, parent) = row.map_err(|error| error.to_string())?;
            Ok(crate::domain::Role { slug, name, parent })
        })
        .collect()
}
