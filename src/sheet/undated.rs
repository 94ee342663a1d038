//! Tables of what is announced without dates, in the columns of `db/seeds/announcements-undated.csv`.

use super::table::{self, Cells, Fault, Shape};
use crate::domain::undated::{Roughly, Undated};

/// The columns that must be there.
pub const COLUMNS: [&str; 8] = ["partner", "title", "year", "month", "city", "state", "source", "notes"];

/// Reads a table.
///
/// # Errors
/// Every mistake, with its line and column.
pub fn read(file: &str, bytes: &[u8]) -> Result<Vec<Undated>, Vec<Fault>> {
    table::read(&Shape { file, columns: &COLUMNS }, bytes, row)
}

fn row(cells: &mut Cells<'_>) -> Option<Undated> {
    let partner = cells.parsed("partner", "it is a partner's short name, such as nlc", |text| text.parse().ok());
    let title = cells.text("title");
    let (year, month) = (cells.maybe("year"), cells.maybe("month"));
    let year = year.and_then(|_| cells.parsed("year", "a year is 2026", |text| text.parse().ok()));
    let right = "a month is a number from 1 to 12, and needs a year";
    let within = |text: &str| text.parse().ok().filter(|month| year.is_some() && (1..=12).contains(month));
    let month = month.and_then(|_| cells.parsed("month", right, within));
    Some(Undated {
        partner: partner?,
        title: title?,
        when: Roughly::of(year, month),
        city: cells.maybe("city"),
        state: cells.maybe("state"),
        roles: std::collections::BTreeSet::new(),
        url: cells.maybe("source").filter(|text| text.starts_with("https://") || text.starts_with("http://")),
        note: cells.maybe("notes").unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_ships_is_read_and_a_month_without_a_year_is_refused() {
        let shipped = read("undated.csv", include_bytes!("../../db/seeds/announcements-undated.csv")).expect("a good table");
        let gare = shipped.iter().find(|one| one.title == "GARE Annual Membership Meeting 2020").expect("it ships");
        assert_eq!((gare.when, gare.place()), (Roughly::Month(2020, 4), "no place named".to_owned()));
        let broken = format!("{}\nnlc,A,,4,,,,\nnlc,B,2026,13,,,,\n", COLUMNS.join(","));
        let told: Vec<String> =
            read("undated.csv", broken.as_bytes()).expect_err("two mistakes").iter().map(ToString::to_string).collect();
        let said = |line, text| {
            format!(
                "undated.csv, line {line}, column month: “{text}” is not right: a month is a number from 1 to 12, and needs a year"
            )
        };
        assert_eq!(told, [said(2, "4"), said(3, "13")]);
    }
}
