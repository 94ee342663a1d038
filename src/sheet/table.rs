//! Tables of reference data: rows into values, and every mistake with its file, line and column.
//!
//! A table is CSV with a header; a line that begins with `#` is a remark, and `# version: 2027-03` at the top says
//! which version it is. Columns beyond those that are read do no harm.

use std::collections::HashMap;
use std::fmt;

use chrono::NaiveDate;

use super::read::Lines;
use super::text;

/// So many mistakes of one table are told; then it is clear that it is another table.
const TOLD: usize = 20;

/// One mistake in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1; `None` where it is about the whole file.
    pub line: Option<u64>,
    /// The column's name in the header.
    pub column: Option<String>,
    /// What is wrong, and what would be right.
    pub words: String,
}

impl Fault {
    /// A mistake that is about a whole file.
    #[must_use]
    pub fn of_file(file: &str, words: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line: None, column: None, words: words.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ", line {line}"))?;
        self.column.as_ref().map_or(Ok(()), |column| write!(f, ", column {column}"))?;
        write!(f, ": {}", self.words)
    }
}

/// What a table must be before its rows count.
pub(super) struct Shape<'a> {
    /// The file's name.
    pub file: &'a str,
    /// The columns that must be there.
    pub columns: &'a [&'a str],
}

/// One row, cell by cell; what is wrong with a cell is noted and gives `None`.
pub(super) struct Cells<'a> {
    shape: &'a Shape<'a>,
    line: u64,
    record: csv::StringRecord,
    columns: &'a HashMap<String, usize>,
    faults: Vec<Fault>,
}

/// Reads a table, each row by `row`.
pub(super) fn read<T>(
    shape: &Shape<'_>,
    bytes: &[u8],
    mut row: impl FnMut(&mut Cells<'_>) -> Option<T>,
) -> Result<Vec<T>, Vec<Fault>> {
    let (columns, records) = records(shape, bytes)?;
    let (mut faults, mut values, width) = (Vec::new(), Vec::new(), columns.len());
    for (line, record) in records {
        if record.len() != width {
            let words = format!("it has {} cells where the header has {width}; a name with a comma goes in quotes", record.len());
            faults.push(Fault { file: shape.file.to_owned(), line: Some(line), column: None, words });
            continue;
        }
        let mut cells = Cells { shape, line, record, columns: &columns, faults: Vec::new() };
        let value = row(&mut cells);
        match value.filter(|_| cells.faults.is_empty()) {
            Some(value) => values.push(value),
            None => faults.append(&mut cells.faults),
        }
    }
    let more = faults.len().saturating_sub(TOLD);
    faults.truncate(TOLD);
    if more > 0 {
        faults.push(Fault::of_file(shape.file, format!("and {more} more")));
    }
    if faults.is_empty() && values.is_empty() {
        faults.push(Fault::of_file(shape.file, "it has no rows; take the file away to have the table that ships"));
    }
    if faults.is_empty() { Ok(values) } else { Err(faults) }
}

/// The version that a table states of itself: `# version: 2027-03` before its header.
#[must_use]
pub fn stated_version(bytes: &[u8]) -> Option<String> {
    let text = text::decoded(bytes);
    let mut remarks = text.lines().map(str::trim).take_while(|line| line.is_empty() || line.starts_with('#'));
    let stated = remarks.find_map(|line| line.trim_start_matches(['#', ' ']).strip_prefix("version:").map(str::trim))?;
    (!stated.is_empty()).then(|| stated.chars().take(40).collect())
}

type Records = (HashMap<String, usize>, Vec<(u64, csv::StringRecord)>);

/// The header's columns, and the rows with their lines.
fn records(shape: &Shape<'_>, bytes: &[u8]) -> Result<Records, Vec<Fault>> {
    let text = text::decoded(bytes);
    let begin: String = text.lines().find(|line| !is_remark(line)).unwrap_or_default().to_owned();
    let (delimiter, _) = text::delimiter(&begin);
    let mut lines = Lines::of_text(&text);
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.delimiter(delimiter).has_headers(false).flexible(true).trim(csv::Trim::All);
    for record in reader.from_reader(text.as_bytes()).records() {
        match record {
            Ok(record) => found.push((lines.of(record.position()), record)),
            Err(error) => faults.push(Fault::of_file(shape.file, format!("it cannot be read: {error}"))),
        }
    }
    found.retain(|(_, record)| record.iter().any(|cell| !cell.is_empty()) && !record.get(0).is_some_and(is_remark));
    if found.is_empty() {
        faults.push(Fault::of_file(shape.file, format!("it is empty; its first line is {}", shape.columns.join(","))));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let (line, header) = found.remove(0);
    let columns: HashMap<String, usize> = header.iter().map(str::to_lowercase).zip(0..).collect();
    let missing = shape.columns.iter().filter(|name| !columns.contains_key(**name));
    let missing: Vec<Fault> = missing.map(|name| shape.fault(line, name, "the header lacks it")).collect();
    match columns.len() == header.len() {
        _ if !missing.is_empty() => Err(missing),
        false => Err(vec![Fault { column: None, ..shape.fault(line, "", "two columns of the header have the same name") }]),
        true => Ok((columns, found)),
    }
}

fn is_remark(line: &str) -> bool {
    line.trim_start().starts_with('#') || line.trim().is_empty()
}

impl Shape<'_> {
    fn fault(&self, line: u64, column: &str, words: impl Into<String>) -> Fault {
        Fault { file: self.file.to_owned(), line: Some(line), column: Some(column.to_owned()), words: words.into() }
    }
}

impl Cells<'_> {
    /// Its line in the file.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    /// Notes what is wrong with a cell, or what would be right.
    pub(super) fn refuse(&mut self, column: &str, words: impl Into<String>) {
        self.faults.push(self.shape.fault(self.line, column, words));
    }

    /// The cell's text; `None` where it is empty or the table has no such column.
    pub(super) fn maybe(&self, column: &str) -> Option<String> {
        let at = self.columns.get(column)?;
        self.record.get(*at).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// The cell's text, which must be there.
    pub(super) fn text(&mut self, column: &str) -> Option<String> {
        let found = self.maybe(column);
        if found.is_none() {
            self.refuse(column, "it is empty");
        }
        found
    }

    /// What the cell says, read by `read`; `right` is what it should be.
    pub(super) fn parsed<T>(&mut self, column: &str, right: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.text(column)?;
        let value = read(&text);
        if value.is_none() {
            self.refuse(column, format!("“{text}” is not right: {right}"));
        }
        value
    }

    /// A day, as `2027-10-06`.
    pub(super) fn day(&mut self, column: &str) -> Option<NaiveDate> {
        self.parsed(column, "a day is written year-month-day, such as 2027-10-06", day)
    }

    /// A day where there is one.
    pub(super) fn maybe_day(&mut self, column: &str) -> Option<NaiveDate> {
        self.maybe(column).and_then(|_| self.day(column))
    }

    /// One of these words.
    pub(super) fn word<T: Copy>(&mut self, column: &str, words: &[(&str, T)]) -> Option<T> {
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let right = format!("it is one of {}", known.join(", "));
        self.parsed(column, &right, |text| words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value))
    }

    /// `yes` or `no`.
    pub(super) fn yes(&mut self, column: &str) -> Option<bool> {
        self.word(column, &[("yes", true), ("no", false)])
    }
}

/// A day of the years that calendars are about.
fn day(text: &str) -> Option<NaiveDate> {
    use chrono::Datelike as _;
    NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|day| (1970..=2199).contains(&day.year()))
}
