//! The table of yearly patterns, in the columns of `db/seeds/patterns.csv`.
//!
//! `from` and `until` are month and day (`11-07`) of the earliest and the latest first day; `begins` are
//! the weekdays of the first day; `days` is the longest; `years` is `even` or empty; `before` is
//! `thanksgiving` or empty.

use super::table::{self, Cells, Fault, Shape};
use crate::domain::pattern::Pattern;

/// The table that ships.
pub const SHIPPED: &str = include_str!("../../db/seeds/patterns.csv");

/// The columns that must be there.
pub const COLUMNS: [&str; 8] = ["partner", "title", "from", "until", "begins", "days", "years", "before"];

/// The patterns that ship with the program.
///
/// # Errors
/// What is wrong with the table.
pub fn shipped() -> Result<Vec<Pattern>, Vec<Fault>> {
    read("patterns.csv", SHIPPED.as_bytes())
}

/// Reads a table.
///
/// # Errors
/// Every mistake, with its line and column.
pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<Pattern>, Vec<Fault>> {
    table::read(&Shape { file, columns: &COLUMNS }, bytes, row)
}

fn row(cells: &mut Cells<'_>) -> Option<Pattern> {
    let partner = cells.parsed("partner", "it is a partner's short name, such as nlc", |text| text.parse().ok());
    let title = cells.text("title");
    let right = "it is a month and a day, such as 11-07";
    let (from, until) = (cells.parsed("from", right, month_and_day), cells.parsed("until", right, month_and_day));
    if from.zip(until).is_some_and(|(from, until)| until < from) {
        cells.refuse("until", "it is before “from”; both are in one year");
    }
    let begins = cells.parsed("begins", "it is weekdays, such as wed or thu-sat", |text| text.parse().ok());
    let days = cells
        .parsed("days", "it is a number of days from 1 to 14", |text| text.parse().ok().filter(|days| (1..=14).contains(days)));
    let (even_years, before_thanksgiving) = (flag(cells, "years", "even"), flag(cells, "before", "thanksgiving"));
    Some(Pattern {
        partner: partner?,
        title: title?,
        from: from?,
        until: until?,
        begins: begins?,
        days: days?,
        even_years,
        before_thanksgiving,
    })
}

/// Is that word there? Anything else is refused.
fn flag(cells: &mut Cells<'_>, column: &str, yes: &str) -> bool {
    let is_there = cells.maybe(column).is_some();
    is_there && cells.parsed(column, &format!("it is empty or {yes}"), |text| (text == yes).then_some(())).is_some()
}

fn month_and_day(text: &str) -> Option<(u32, u32)> {
    let (month, day) = text.split_once('-')?;
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // In a year that is no leap year, so that every year has that day.
    chrono::NaiveDate::from_ymd_opt(2027, month, day).map(|_| (month, day))
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
    fn a_broken_row_is_named_with_its_line_and_column() {
        let table = "partner,title,from,until,begins,days,years,before\nnlc,A,11-07,11-21,wed,4,,\n";
        for (row, said) in [
            ("nlc,B,13-01,11-21,wed,4,,", "column from: “13-01” is not right: it is a month and a day, such as 11-07"),
            ("nlc,B,11-01,11-21,wed,4,odd,", "column years: “odd” is not right: it is empty or even"),
            ("nlc,B,11-21,11-01,wed,4,,", "column until: it is before “from”; both are in one year"),
            ("nlc,B,11-01,11-21,someday,4,,", "column begins: “someday” is not right: it is weekdays, such as wed or thu-sat"),
            ("nlc,B,11-01,11-21,wed,40,,", "column days: “40” is not right: it is a number of days from 1 to 14"),
        ] {
            let faults = read("patterns.csv", format!("{table}{row}\n").as_bytes()).expect_err("a broken row");
            let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
            assert_eq!(told, [format!("patterns.csv, line 3, {said}")]);
        }
    }
}
