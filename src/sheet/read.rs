//! Partners' events as a spreadsheet, with a forgiving header.
//!
//! Known columns are those of `db/seeds/partner-events.csv`: `id title start end time_zone city state
//! country lat lon venue mode roles status source notes` and `partner`; others are passed over. Dates
//! are `2027-10-06` or `10/6/2027`, times `2027-10-06T09:00` or `10/6/2027 9:00 AM`. For whole days
//! `end` is the last day, included; an empty `end` is not known.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};

use crate::domain::{EventStatus, Mode, Venue, When};

/// One row that could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its line in the text.
    pub line: u64,
    /// What names it for ever; made of start and title where the sheet has none.
    pub id: String,
    /// The partner that it names.
    pub partner: Option<String>,
    /// Its title.
    pub title: String,
    /// When.
    pub when: When,
    /// The zone it names.
    pub zone: Option<chrono_tz::Tz>,
    /// Where.
    pub venue: Option<Venue>,
    /// How people take part.
    pub mode: Option<Mode>,
    /// Whom it is for, as written.
    pub roles: Vec<String>,
    /// Where it stands.
    pub status: Option<EventStatus>,
    /// Its page.
    pub url: Option<String>,
    /// More about it.
    pub description: String,
}

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
}

/// Reads a sheet; comma, semicolon or tab between the columns.
///
/// # Errors
/// A sentence, where it is no sheet of events at all.
pub fn read(text: &str) -> Result<Sheet, String> {
    let text = text.trim_start_matches('\u{feff}');
    let header = text.lines().next().unwrap_or_default();
    let delimiter =
        [b',', b';', b'\t'].into_iter().max_by_key(|c| header.bytes().filter(|byte| byte == c).count()).unwrap_or(b',');
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let columns: HashMap<String, usize> = reader
        .headers()
        .map_err(|error| format!("it is no table: {error}"))?
        .iter()
        .enumerate()
        .map(|(index, name)| (column(name), index))
        .collect();
    if !columns.contains_key("title") || !columns.contains_key("start") {
        return Err("it is no table of events: its first line must name at least the columns “title” and “start”".into());
    }
    let mut sheet = Sheet::default();
    for record in reader.records() {
        let (line, read) = match record {
            Ok(record) => {
                let line = record.position().map_or(0, csv::Position::line);
                (line, Cells { record, columns: &columns }.row(line))
            }
            Err(error) => (error.position().map_or(0, csv::Position::line), Err(format!("it cannot be read: {error}"))),
        };
        match read {
            Ok(row) => sheet.rows.push(row),
            Err(text) => sheet.problems.push(SheetProblem { line, text }),
        }
    }
    Ok(sheet)
}

/// A header as we know it: `Start date` and `start_date` are `start`.
fn column(name: &str) -> String {
    let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
    match plain.as_str() {
        "name" | "event" | "event_name" | "event_title" | "summary" | "subject" => "title",
        "start_date" | "starts" | "begin" | "from" | "date" => "start",
        "end_date" | "ends" | "until" | "to" => "end",
        "timezone" | "zone" | "tz" => "time_zone",
        "audience" | "role" => "roles",
        "location" | "place" => "venue",
        "url" | "link" | "website" => "source",
        "description" | "details" => "notes",
        "uid" => "id",
        other => other,
    }
    .to_owned()
}

struct Cells<'a> {
    record: csv::StringRecord,
    columns: &'a HashMap<String, usize>,
}

impl Cells<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        self.record.get(*self.columns.get(column)?).filter(|text| !text.is_empty())
    }

    fn parsed<T: std::str::FromStr>(&self, column: &str, right: &str) -> Result<Option<T>, String> {
        let Some(text) = self.cell(column) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("{column}: “{text}” cannot be read; {right}"))
    }

    fn row(&self, line: u64) -> Result<Row, String> {
        let title = self.cell("title").ok_or("title: it is empty")?.to_owned();
        let when = self.when()?;
        let id = self.cell("id").map_or_else(|| format!("{}-{}", when.days().first, title.to_lowercase()), str::to_owned);
        Ok(Row {
            line,
            id,
            partner: self.cell("partner").map(str::to_owned),
            when,
            zone: self.parsed("time_zone", "an IANA zone would be America/Chicago")?,
            venue: self.venue()?,
            mode: self.parsed("mode", "there are in_person, virtual, hybrid")?,
            roles: self
                .cell("roles")
                .map(|text| {
                    text.split([';', '|', ',']).map(|role| role.trim().to_owned()).filter(|role| !role.is_empty()).collect()
                })
                .unwrap_or_default(),
            status: self.parsed("status", "there are announced, confirmed, held, postponed, cancelled")?,
            url: self.cell("source").filter(|text| text.starts_with("http")).map(str::to_owned),
            description: self.cell("notes").unwrap_or_default().to_owned(),
            title,
        })
    }

    fn when(&self) -> Result<When, String> {
        let start = self.cell("start").ok_or("start: it is empty; a day would be 2027-10-06")?;
        let end = self.cell("end");
        if let Some(first) = day(start) {
            let last = end
                .map(|text| day(text).or_else(|| wall(text).map(|at| at.date())).ok_or_else(|| no_date("end", text)))
                .transpose()?;
            if last.is_some_and(|last| last < first) {
                return Err("end: it is before the start".into());
            }
            return Ok(When::Days { first, last });
        }
        let from = wall(start).ok_or_else(|| no_date("start", start))?;
        let until = end.map(|text| wall(text).ok_or_else(|| no_date("end", text))).transpose()?;
        if until.is_some_and(|until| until < from) {
            return Err("end: it is before the start".into());
        }
        Ok(When::Times { start: from, end: until })
    }

    fn venue(&self) -> Result<Option<Venue>, String> {
        let mut venue = Venue {
            name: self.cell("venue").map(str::to_owned),
            room: self.cell("room").map(str::to_owned),
            city: self.cell("city").map(str::to_owned),
            state: self.cell("state").map(str::to_owned),
            country: self.cell("country").map(str::to_owned),
            lat: self.parsed("lat", "latitude is in degrees, such as 39.1")?.filter(|lat| (-90.0..=90.0).contains(lat)),
            lon: self.parsed("lon", "longitude is in degrees, such as -94.6")?.filter(|lon| (-180.0..=180.0).contains(lon)),
            capacity: self.parsed("capacity", "it is a number of people")?,
        };
        if venue.city.is_none()
            && let Some(line) = venue.name.as_deref()
        {
            let read = super::places::read_line(line);
            venue = Venue {
                name: read.name,
                city: read.city,
                state: read.state.or(venue.state),
                country: read.country.or(venue.country),
                ..venue
            };
        }
        Ok((venue != Venue::default()).then_some(venue))
    }
}

fn no_date(column: &str, text: &str) -> String {
    format!("{column}: “{text}” is no date; a day would be 2027-10-06, a time 2027-10-06T09:00")
}

fn day(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%d %B %Y", "%b %d, %Y", "%d %b %Y"]
        .into_iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|day| (1900..2200).contains(&chrono::Datelike::year(day)))
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p"]
        .into_iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
        .filter(|at| (1900..2200).contains(&chrono::Datelike::year(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forgiving_header_and_spreadsheet_dates_are_read() {
        let sheet =
            read("Event name;Start date;End date;Location\nSummit;10/6/2027;10/8/2027;City Hall, Omaha, NE\n").expect("a table");
        let row = &sheet.rows[0];
        assert_eq!(row.when.days().count(), 3);
        assert_eq!(row.venue.as_ref().and_then(Venue::town).as_deref(), Some("Omaha, NE"));
        assert_eq!(row.line, 2);
    }

    #[test]
    fn a_bad_row_is_named_with_its_line_and_costs_no_other() {
        let sheet = read("title,start,end\nA,2027-10-06,2027-10-05\nB,someday,\nC,2027-10-06,\n").expect("a table");
        assert_eq!(sheet.rows.len(), 1);
        let told: Vec<_> = sheet.problems.iter().map(|problem| (problem.line, problem.text.as_str())).collect();
        assert_eq!(told[0], (2, "end: it is before the start"));
        assert_eq!(told[1].0, 3);
        assert!(told[1].1.contains("2027-10-06"), "{}", told[1].1);
    }

    #[test]
    fn what_is_no_table_of_events_says_what_is_missing() {
        assert!(read("a,b\n1,2\n").expect_err("no table").contains("“title”"));
    }
}
