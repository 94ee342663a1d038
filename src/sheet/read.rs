//! Partners' events as a spreadsheet, with a forgiving header.
//!
//! Known columns are those of `db/seeds/partner-events.csv`: `id title start end time_zone city state
//! country lat lon venue mode roles status source notes` and `partner`; others are passed over. Dates
//! are read as people and spreadsheets write them (`2027-10-06`, `10/6/2027 9:00 AM`, `6 Oct 2027`), and hours may
//! stand in columns of their own. For whole days `end` is the last day, included; an empty `end` is not known.

use std::collections::HashMap;

use super::dates::{self, Order};
use super::places::Gazetteer;
use super::row::{Cells, Row};
use super::text;

/// The columns of the table that can be downloaded, in order; `title` and `start` are needed.
pub const COLUMNS: [&str; 16] = [
    "id",
    "title",
    "start",
    "end",
    "time_zone",
    "venue",
    "room",
    "city",
    "state",
    "country",
    "mode",
    "roles",
    "status",
    "source",
    "notes",
    "capacity",
];
/// The header is among the first lines: some tables have a title above it.
const HEADER_WITHIN: usize = 10;

/// Something in a sheet that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetProblem {
    /// Its line.
    pub line: u64,
    /// What is wrong and what would be right.
    pub text: String,
}

/// What a sheet holds.
#[derive(Debug, Clone, Default)]
pub struct Sheet {
    /// The rows that could be read.
    pub rows: Vec<Row>,
    /// The rows that could not.
    pub problems: Vec<SheetProblem>,
    /// What is good to know about the table as a whole.
    pub notes: Vec<SheetProblem>,
}

/// Reads a sheet; comma, semicolon, tab or bar between the columns, in any encoding that spreadsheets save.
///
/// # Errors
/// A sentence, where it is no sheet of events at all.
pub fn read(bytes: &[u8], places: &Gazetteer) -> Result<Sheet, String> {
    let text = text::decoded(bytes);
    let (delimiter, hint) = text::delimiter(&text);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(&text.as_bytes()[hint..]);
    let mut lines = Lines::of_text(&text[hint..]);
    let mut records = Vec::new();
    let mut sheet = Sheet::default();
    for record in reader.records() {
        match record {
            Ok(record) => records.push((lines.of(record.position()), record)),
            Err(error) => {
                sheet
                    .problems
                    .push(SheetProblem { line: lines.of(error.position()), text: format!("it cannot be read: {error}") });
            }
        }
    }
    let (at, columns) = header(&records, &mut sheet)?;
    rows(&records[at + 1..], &columns, places, &mut sheet);
    Ok(sheet)
}

/// Counts lines up to where records begin; the csv reader begins a record with the blank lines before it.
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    /// At the beginning of a text.
    pub(super) fn of_text(text: &'t str) -> Self {
        Self { text, at: 0, line: 1 }
    }

    /// The line on which the record at this position begins; to be asked in order.
    pub(super) fn of(&mut self, position: Option<&csv::Position>) -> u64 {
        let bytes = self.text.as_bytes();
        let begin = position.and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or_default();
        let is_end = |at: usize| matches!(bytes.get(at), Some(b'\r' | b'\n'));
        while self.at < begin.min(bytes.len()) || is_end(self.at) {
            let is_half = bytes[self.at] == b'\r' && bytes.get(self.at + 1) == Some(&b'\n');
            self.line += u64::from(is_end(self.at) && !is_half);
            self.at += 1;
        }
        self.line
    }
}

type Record = (u64, csv::StringRecord);

/// Where the header is, and which column is where; the rest is told.
fn header(records: &[Record], sheet: &mut Sheet) -> Result<(usize, HashMap<String, usize>), String> {
    let names = |record: &csv::StringRecord| -> Vec<String> { record.iter().map(column).collect() };
    let is_header = |(_, record): &Record| {
        let names = names(record);
        names.iter().any(|name| name == "title") && names.iter().any(|name| name == "start")
    };
    let Some(at) = records.iter().take(HEADER_WITHIN).position(is_header) else {
        let first = records.first().map(|(_, record)| record.iter().filter(|name| !name.is_empty()).take(20).collect::<Vec<_>>());
        let found = first.filter(|names| !names.is_empty()).map(|names| format!("; it names “{}”", names.join("”, “")));
        return Err(format!(
            "it is no table of events: its first line must name at least the columns “title” and “start”{}",
            found.unwrap_or_default()
        ));
    };
    let (line, record) = &records[at];
    let mut columns = HashMap::new();
    let mut unknown = Vec::new();
    for (place, (name, written)) in names(record).into_iter().zip(record.iter()).enumerate() {
        if !KNOWN.contains(&name.as_str()) && !written.is_empty() {
            unknown.push(written.to_owned());
        }
        // Of two columns of one name the first counts.
        columns.entry(name).or_insert(place);
    }
    if !unknown.is_empty() {
        let text = format!("These columns are not known and were passed over: “{}”.", unknown.join("”, “"));
        sheet.notes.push(SheetProblem { line: *line, text });
    }
    Ok((at, columns))
}

fn rows(records: &[Record], columns: &HashMap<String, usize>, places: &Gazetteer, sheet: &mut Sheet) {
    let cell = |record: &csv::StringRecord, name: &str| columns.get(name).and_then(|at| record.get(*at)).map(str::to_owned);
    let dates: Vec<String> =
        records.iter().flat_map(|(_, record)| [cell(record, "start"), cell(record, "end")]).flatten().collect();
    let order = dates::order(dates.iter().map(String::as_str));
    let open = dates.iter().any(|text| dates::is_ambiguous(text));
    if open && order != Order::Mixed {
        let first = if order == Order::DayFirst { "day" } else { "month" };
        let text = format!("Dates such as 10/6/2027 are read with the {first} first. 2027-10-06 can be read in one way only.");
        sheet.notes.push(SheetProblem { line: 0, text });
    }
    for (line, record) in records.iter().filter(|(_, record)| record.iter().any(|cell| !cell.is_empty())) {
        match (Cells { record, columns, places, order }).row(*line) {
            Ok(row) => sheet.rows.push(row),
            Err(text) => sheet.problems.push(SheetProblem { line: *line, text }),
        }
    }
}

/// All columns that are read.
const KNOWN: [&str; 23] = [
    "kind",
    "id",
    "title",
    "start",
    "start_time",
    "end",
    "end_time",
    "all_day",
    "time_zone",
    "city",
    "state",
    "country",
    "lat",
    "lon",
    "venue",
    "room",
    "capacity",
    "mode",
    "roles",
    "status",
    "source",
    "notes",
    "partner",
];

/// A header as we know it: `Start date` and `start_date` are `start`.
fn column(name: &str) -> String {
    let words: Vec<String> =
        name.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    let plain = words.join("_");
    match plain.as_str() {
        "name" | "event" | "event_name" | "event_title" | "summary" | "subject" | "meeting" | "convening" => "title",
        "start_date" | "starts" | "begin" | "begins" | "from" | "date" | "first_day" | "start_day" | "event_date" | "when"
        | "dates" | "day" | "days" => "start",
        "end_date" | "ends" | "until" | "to" | "last_day" | "end_day" | "through" => "end",
        "starts_at" | "from_time" | "time" => "start_time",
        "ends_at" | "until_time" => "end_time",
        "all_day_event" | "whole_day" => "all_day",
        "timezone" | "zone" | "tz" => "time_zone",
        "audience" | "role" | "for" | "who" => "roles",
        "location" | "place" | "where" | "venue_name" => "venue",
        "format" | "type" => "mode",
        "town" => "city",
        "latitude" => "lat",
        "longitude" | "lng" => "lon",
        "url" | "link" | "website" | "web_page" | "page" => "source",
        "description" | "details" | "note" => "notes",
        "organisation" | "organization" => "partner",
        "uid" => "id",
        other => other,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Venue;

    fn read(bytes: &[u8]) -> Result<Sheet, String> {
        super::read(bytes, super::super::places::shipped())
    }

    #[test]
    fn a_forgiving_header_and_spreadsheet_dates_are_read() {
        let sheet =
            read(b"Event name;Start date;End date;Location\nSummit;10/6/2027;10/8/2027;City Hall, Omaha, NE\n").expect("a table");
        let row = &sheet.rows[0];
        assert_eq!(row.when.days().count(), 3);
        assert_eq!(row.venue.as_ref().and_then(Venue::town).as_deref(), Some("Omaha, NE"));
        assert_eq!(row.line, 2);
    }

    #[test]
    fn a_bad_row_is_named_with_its_line_and_costs_no_other() {
        let sheet = read(b"title,start,end\nA,2027-10-06,2027-10-05\nB,someday,\nC,2027-10-06,\n").expect("a table");
        assert_eq!(sheet.rows.len(), 1);
        let told: Vec<_> = sheet.problems.iter().map(|problem| (problem.line, problem.text.as_str())).collect();
        assert_eq!(told[0], (2, "end: it is before the start"));
        assert_eq!(told[1].0, 3);
        assert!(told[1].1.contains("2027-10-06"), "{}", told[1].1);
    }

    #[test]
    fn what_is_no_table_of_events_says_what_is_missing() {
        assert!(read(b"a,b\n1,2\n").expect_err("no table").contains("“title”"));
    }

    fn when_of(text: &str) -> Vec<String> {
        let sheet = read(text.as_bytes()).expect("a table");
        assert_eq!(sheet.problems, [], "{text}");
        sheet.rows.iter().map(|row| crate::domain::wording::when(row.when, chrono_tz::UTC)).collect()
    }

    #[test]
    fn hours_in_columns_of_their_own_are_read_as_outlook_and_google_write_them() {
        let text = "Subject,Start Date,Start Time,End Date,End Time,All day event\n\
            Call,10/6/2027,9:00:00 AM,10/6/2027,10:30:00 AM,False\n\
            Retreat,10/6/2027,12:00:00 AM,10/9/2027,12:00:00 AM,True\n\
            Short call,10/6/2027,9:00 AM,,9:45 AM,\n";
        let read = when_of(text);
        assert!(read[0].starts_with("Wed 6 October 2027, 09:00–10:30 "), "{read:?}");
        assert_eq!(read[1], "Wed 6 – Fri 8 October 2027", "Outlook ends whole days at midnight after the last");
        assert!(read[2].starts_with("Wed 6 October 2027, 09:00–09:45 "), "{read:?}");
    }

    #[test]
    fn a_title_above_the_header_blank_lines_and_unknown_columns_do_no_harm() {
        let sheet = read(b"sep=;\r\nOur meetings 2027;;\r\n;;\r\nName;Date;Caterer\r\n\r\nSummit;10/25/2027;Ann\r\n;;\r\n")
            .expect("a table");
        assert_eq!(sheet.rows.iter().map(|row| (row.line, row.title.as_str())).collect::<Vec<_>>(), [(6, "Summit")]);
        assert_eq!(sheet.problems, []);
        assert_eq!(sheet.notes.len(), 1);
        assert!(sheet.notes[0].text.contains("“Caterer”"), "{:?}", sheet.notes);
    }

    #[test]
    fn dates_in_two_orders_are_read_and_put_in_doubt() {
        let sheet = read(b"title,start\nA,25/10/2027\nB,10/26/2027\nC,10/6/2027\n").expect("a table");
        let read: Vec<_> = sheet.rows.iter().map(|row| (row.when.days().first.to_string(), row.doubts.len())).collect();
        assert_eq!(read, [("2027-10-25".to_owned(), 0), ("2027-10-26".to_owned(), 0), ("2027-10-06".to_owned(), 1)]);
    }

    #[test]
    fn what_write_defused_is_read_as_it_was() {
        let sheet =
            read("title,start,notes\n'=SUM(A1),2027-10-06,'-5 degrees\n'quoted',2027-10-06,\n".as_bytes()).expect("a table");
        let read: Vec<_> = sheet.rows.iter().map(|row| (row.title.as_str(), row.description.as_str())).collect();
        assert_eq!(read, [("=SUM(A1)", "-5 degrees"), ("'quoted'", "")]);
    }
}
