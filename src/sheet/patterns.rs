//! The table of yearly patterns, in the columns of `db/seeds/patterns.csv`.
//!
//! `from` and `until` are month and day (`11-07`) of the earliest and the latest first day; `begins` are
//! the weekdays of the first day; `days` is the longest; `years` is `even` or empty; `before` is
//! `thanksgiving` or empty.

use serde::Deserialize;

use crate::domain::PartnerSlug;
use crate::domain::pattern::Pattern;

/// The table that ships.
pub const SHIPPED: &str = include_str!("../../db/seeds/patterns.csv");

#[derive(Deserialize)]
struct Row {
    partner: PartnerSlug,
    title: String,
    from: String,
    until: String,
    begins: String,
    days: u32,
    years: String,
    before: String,
}

/// The patterns that ship with the program.
///
/// # Errors
/// The first line that is wrong.
pub fn shipped() -> Result<Vec<Pattern>, String> {
    read(SHIPPED)
}

/// Reads a table.
///
/// # Errors
/// The first line that is wrong, with its number.
pub fn read(text: &str) -> Result<Vec<Pattern>, String> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let rows = reader.deserialize::<Row>().zip(2..);
    rows.map(|(row, line)| pattern(row.map_err(|error| error.to_string())?).map_err(|error| format!("line {line}: {error}")))
        .collect()
}

fn pattern(row: Row) -> Result<Pattern, String> {
    let flag = |text: &str, yes: &str, column: &str| match text {
        "" => Ok(false),
        text if text == yes => Ok(true),
        text => Err(format!("{column}: “{text}” is neither empty nor {yes}")),
    };
    Ok(Pattern {
        from: month_and_day(&row.from)?,
        until: month_and_day(&row.until)?,
        begins: row.begins.parse()?,
        even_years: flag(&row.years, "even", "years")?,
        before_thanksgiving: flag(&row.before, "thanksgiving", "before")?,
        partner: row.partner,
        title: row.title,
        days: row.days,
    })
}

fn month_and_day(text: &str) -> Result<(u32, u32), String> {
    let parts = text.split_once('-').and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
    // In a year that is no leap year, so that every year has that day.
    let real = parts.filter(|(month, day)| chrono::NaiveDate::from_ymd_opt(2027, *month, *day).is_some());
    real.ok_or_else(|| format!("“{text}” is no month and day; one would be 11-07"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_table_has_a_row_for_each_pattern_that_is_known() {
        let patterns = shipped().expect("a good table");
        let of_nlc: Vec<_> =
            patterns.iter().filter(|pattern| pattern.partner.as_str() == "nlc").map(|pattern| pattern.title.as_str()).collect();
        assert_eq!((patterns.len(), of_nlc), (11, vec!["Congressional City Conference", "City Summit"]));
    }

    #[test]
    fn a_broken_row_is_named_with_its_line() {
        let table = "partner,title,from,until,begins,days,years,before\nnlc,A,11-07,11-21,wed,4,,\n";
        for (row, said) in [
            ("nlc,B,13-01,11-21,wed,4,,", "line 3: “13-01” is no month and day; one would be 11-07"),
            ("nlc,B,11-01,11-21,wed,4,odd,", "line 3: years: “odd” is neither empty nor even"),
        ] {
            assert_eq!(read(&format!("{table}{row}\n")), Err(said.into()));
        }
    }
}
