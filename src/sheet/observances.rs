//! Tables of observances, in the columns of `db/seeds/observances.csv`.

use std::collections::HashMap;

use super::table::{self, Cells, Fault, Shape};
use crate::domain::Days;
use crate::domain::observance::{Certainty, Observance, ObservanceKind, Tier};

/// The columns that must be there.
pub const COLUMNS: [&str; 9] =
    ["date_start", "date_end", "name", "kind", "from_sunset", "scope", "tier", "work_restricted", "certainty"];

/// The longest season that a table may have, in days.
const LONGEST: i64 = 62;

const KINDS: [(&str, ObservanceKind); 7] = [
    ("federal", ObservanceKind::Federal),
    ("civic", ObservanceKind::Civic),
    ("election", ObservanceKind::Election),
    ("season", ObservanceKind::Season),
    ("religious", ObservanceKind::Religious),
    ("cultural", ObservanceKind::Cultural),
    ("clock_change", ObservanceKind::ClockChange),
];
const TIERS: [(&str, Tier); 3] = [("avoid", Tier::Avoid), ("caution", Tier::Caution), ("note", Tier::Note)];
const CERTAINTIES: [(&str, Certainty); 3] =
    [("exact", Certainty::Exact), ("plus-minus-1", Certainty::PlusMinusOne), ("may-move", Certainty::MayMove)];

/// Where each observance of one name, state and first day was read, over several tables.
pub type Seen = HashMap<(String, chrono::NaiveDate, Option<String>), (String, u64)>;

/// Reads a table.
///
/// # Errors
/// Every mistake, with its line and column; also what another table of these has `seen` already.
pub fn read(file: &str, bytes: &[u8], seen: &mut Seen) -> Result<Vec<Observance>, Vec<Fault>> {
    table::read(&Shape { file, columns: &COLUMNS }, bytes, |cells| {
        let read = row(cells)?;
        let own = (file.to_owned(), cells.line());
        let first = seen.entry((read.name.clone(), read.days.first, read.state.clone())).or_insert_with(|| own.clone());
        if *first != own {
            cells.refuse("name", format!("“{}” on {} is in {}, line {} already", read.name, read.days.first, first.0, first.1));
        }
        Some(read)
    })
}

fn row(cells: &mut Cells<'_>) -> Option<Observance> {
    // Each cell is looked at, so that all that is wrong with a row is told at once.
    let (first, last) = (cells.day("date_start"), cells.day("date_end"));
    let days = first.zip(last).and_then(|(first, last)| days(cells, first, last));
    let name = cells.text("name").filter(|name| name.chars().count() <= 120);
    let kind = cells.word("kind", &KINDS);
    let (from_sunset, work_restricted) = (cells.yes("from_sunset"), cells.yes("work_restricted"));
    let scope = cells.parsed("scope", "it is US for the whole country or US- and a state, such as US-OH", state);
    let (tier, certainty) = (cells.word("tier", &TIERS), cells.word("certainty", &CERTAINTIES));
    let alternate = cells.maybe_day("alternate");
    Some(Observance {
        name: name?,
        days: days?,
        kind: kind?,
        tier: tier?,
        from_sunset: from_sunset?,
        work_restricted: work_restricted?,
        state: scope?,
        certainty: certainty?,
        alternate,
        calculated: false,
    })
}

fn days(cells: &mut Cells<'_>, first: chrono::NaiveDate, last: chrono::NaiveDate) -> Option<Days> {
    let long = (last - first).num_days() + 1;
    if long < 1 {
        cells.refuse("date_end", format!("{last} is before date_start, {first}; of one day both are the same"));
    } else if long > LONGEST {
        cells.refuse("date_end", format!("from {first} that is {long} days; the longest season has {LONGEST}"));
    }
    (1..=LONGEST).contains(&long).then(|| Days::new(first, last))
}

/// The state of a scope; the whole country has none.
#[allow(clippy::option_option, reason = "no scope, and a scope without a state, are two things")]
fn state(scope: &str) -> Option<Option<String>> {
    let is_state = |code: &&str| code.len() == 2 && code.chars().all(|c| c.is_ascii_uppercase());
    match scope {
        "US" => Some(None),
        scope => scope.strip_prefix("US-").filter(is_state).map(|code| Some(code.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "date_start,date_end,name,kind,from_sunset,scope,tier,work_restricted,certainty,alternate";

    fn told(rows: &str) -> Vec<String> {
        let faults = read("own.csv", format!("{HEADER}\n{rows}\n").as_bytes(), &mut Seen::new()).expect_err("a broken table");
        faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn each_mistake_is_told_with_its_line_its_column_and_what_would_be_right() {
        let good = "2029-07-04,2029-07-04,Independence Day,federal,no,US,avoid,no,exact,";
        for (row, said) in [
            (
                "4 July,2029-07-04,A,federal,no,US,avoid,no,exact,",
                "column date_start: “4 July” is not right: a day is written year-month-day, such as 2027-10-06",
            ),
            (
                "2029-07-04,2029-07-03,A,federal,no,US,avoid,no,exact,",
                "column date_end: 2029-07-03 is before date_start, 2029-07-04; of one day both are the same",
            ),
            (
                "2029-07-04,2029-10-04,A,federal,no,US,avoid,no,exact,",
                "column date_end: from 2029-07-04 that is 93 days; the longest season has 62",
            ),
            ("2029-07-04,2029-07-04,,federal,no,US,avoid,no,exact,", "column name: it is empty"),
            (
                "2029-07-04,2029-07-04,A,holiday,no,US,avoid,no,exact,",
                "column kind: “holiday” is not right: it is one of federal, civic, election, season, religious, cultural, clock_change",
            ),
            (
                "2029-07-04,2029-07-04,A,federal,N,US,avoid,no,exact,",
                "column from_sunset: “N” is not right: it is one of yes, no",
            ),
            (
                "2029-07-04,2029-07-04,A,federal,no,Ohio,avoid,no,exact,",
                "column scope: “Ohio” is not right: it is US for the whole country or US- and a state, such as US-OH",
            ),
            (
                "2029-07-04,2029-07-04,A,federal,no,US,must,no,exact,",
                "column tier: “must” is not right: it is one of avoid, caution, note",
            ),
            (
                "2029-07-04,2029-07-04,A,federal,no,US,avoid,no,sure,",
                "column certainty: “sure” is not right: it is one of exact, plus-minus-1, may-move",
            ),
            (
                "2029-07-04,2029-07-04,A,federal,no,US,avoid,no,exact,5.",
                "column alternate: “5.” is not right: a day is written year-month-day, such as 2027-10-06",
            ),
            (good, "column name: “Independence Day” on 2029-07-04 is in own.csv, line 3 already"),
        ] {
            assert_eq!(told(&format!("# a remark\n{good}\n\n{row}")), [format!("own.csv, line 5, {said}")], "{row}");
        }
        let short = told("2029-07-04,2029-07-04,A, B,federal,no,US,avoid,no,exact,");
        assert_eq!(short, ["own.csv, line 2: it has 11 cells where the header has 10; a name with a comma goes in quotes"]);
        assert_eq!(told("x,y,,z,a,b,c,d,e,").len(), 9, "all that is wrong with a row at once");
        assert_eq!(told(&format!("{}\n", "x,y,,z,a,b,c,d,e,\n".repeat(9))).last().expect("one"), "own.csv: and 61 more");
    }

    #[test]
    fn a_table_without_a_column_or_without_rows_is_refused() {
        let told = |text: &str| -> Vec<String> {
            read("own.csv", text.as_bytes(), &mut Seen::new())
                .expect_err("a broken table")
                .iter()
                .map(ToString::to_string)
                .collect()
        };
        assert_eq!(told(&HEADER.replace(",tier", "")), ["own.csv, line 1, column tier: the header lacks it"]);
        assert_eq!(told(&HEADER.replace("alternate", "name")), ["own.csv, line 1: two columns of the header have the same name"]);
        assert_eq!(told(HEADER), ["own.csv: it has no rows; take the file away to have the table that ships"]);
        assert_eq!(told(""), [format!("own.csv: it is empty; its first line is {}", COLUMNS.join(","))]);
    }
}
