//! One line of a table, read as an event.

use std::collections::HashMap;

use super::dates::{self, Moment, Order};
use super::places::Gazetteer;
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
    /// What was read as it was probably meant: somebody should look.
    pub doubts: Vec<String>,
}

/// The cells of one line, by the names of their columns.
pub(super) struct Cells<'a> {
    pub record: &'a csv::StringRecord,
    pub columns: &'a HashMap<String, usize>,
    pub places: &'a Gazetteer,
    pub order: Order,
}

impl Cells<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let text = self.record.get(*self.columns.get(column)?).filter(|text| !text.is_empty())?;
        // The quote that keeps spreadsheets from running a cell is none of the text.
        Some(text.strip_prefix('\'').filter(|rest| rest.starts_with(['=', '+', '-', '@', '\t', '\r'])).unwrap_or(text))
    }

    fn parsed<T: std::str::FromStr>(&self, column: &str, right: &str) -> Result<Option<T>, String> {
        let Some(text) = self.cell(column) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| format!("{column}: “{text}” cannot be read; {right}"))
    }

    pub fn row(&self, line: u64) -> Result<Row, String> {
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
            mode: self.mode()?,
            roles: self
                .cell("roles")
                .map(|text| {
                    text.split([';', '|', ',']).map(|role| role.trim().to_owned()).filter(|role| !role.is_empty()).collect()
                })
                .unwrap_or_default(),
            status: self.status()?,
            url: self.cell("source").filter(|text| text.starts_with("http")).map(str::to_owned),
            description: self.cell("notes").unwrap_or_default().to_owned(),
            doubts: self.doubts(),
            title,
        })
    }

    /// `In person`, `in-person`, `online`.
    fn mode(&self) -> Result<Option<Mode>, String> {
        let Some(text) = self.cell("mode") else { return Ok(None) };
        let plain = text.to_lowercase().replace([' ', '-'], "_");
        let found = match plain.as_str() {
            "online" | "webinar" | "remote" | "zoom" => Ok(Mode::Virtual),
            "onsite" | "on_site" | "inperson" => Ok(Mode::InPerson),
            other => other.parse(),
        };
        found.map(Some).map_err(|_| format!("mode: “{text}” cannot be read; there are in_person, virtual, hybrid"))
    }

    /// `Confirmed`, `canceled`.
    fn status(&self) -> Result<Option<EventStatus>, String> {
        let Some(text) = self.cell("status") else { return Ok(None) };
        let plain = text.to_lowercase();
        let found = match plain.as_str() {
            "canceled" => Ok(EventStatus::Cancelled),
            "save the date" | "save-the-date" | "tentative" => Ok(EventStatus::Announced),
            other => other.parse().map_err(drop),
        };
        let right = "there are announced, confirmed, held, postponed, cancelled";
        found.map(Some).map_err(|()| format!("status: “{text}” cannot be read; {right}"))
    }

    /// Dates that the table itself makes uncertain.
    fn doubts(&self) -> Vec<String> {
        let open = |name: &&&str| self.order == Order::Mixed && self.cell(name).is_some_and(dates::is_ambiguous);
        let doubt = |name: &str| {
            let text = self.cell(name).unwrap_or_default();
            format!(
                "{name}: some dates of this table begin with the month and others with the day; “{text}” is read with the month first"
            )
        };
        ["start", "end"].iter().filter(open).map(|name| doubt(name)).collect()
    }

    fn when(&self) -> Result<When, String> {
        let start = self.cell("start").ok_or("start: it is empty; a day would be 2027-10-06")?;
        if let Some((first, last)) = dates::days(start, self.order).filter(|_| dates::read(start, self.order).is_none()) {
            return match ["end", "start_time", "end_time"].iter().find(|name| self.cell(name).is_some()) {
                None => Ok(When::Days { first, last: Some(last) }),
                Some(name) => Err(format!("start: “{start}” says the last day too; {name} would be empty then")),
            };
        }
        let from = self.moment("start", start, "start_time")?;
        let until = self.cell("end").map(|text| self.moment("end", text, "end_time")).transpose()?;
        let whole_days =
            self.cell("all_day").is_some_and(|text| matches!(text.to_lowercase().as_str(), "true" | "yes" | "y" | "1" | "x"));
        match from {
            Moment::Time(start) if !whole_days => self.times(start, until),
            _ => {
                let first = from.day();
                let mut last = until.map(Moment::day);
                // Outlook ends whole days at midnight after the last one.
                if whole_days && self.cell("end_time").is_some() && until.is_some_and(|at| at.hour().is_none()) {
                    last = last.map(|last| last.pred_opt().filter(|day| *day >= first).unwrap_or(last));
                }
                if last.is_some_and(|last| last < first) {
                    return Err("end: it is before the start".into());
                }
                Ok(When::Days { first, last })
            }
        }
    }

    fn times(&self, start: chrono::NaiveDateTime, until: Option<Moment>) -> Result<When, String> {
        let end = match (until, self.cell("end_time")) {
            (Some(Moment::Time(end)), _) => Some(end),
            (Some(Moment::Day(_)), _) => {
                let text = self.cell("end").unwrap_or_default();
                return Err(format!("end: “{text}” has no time, and the start has one; it would be 2027-10-06T17:00"));
            }
            (None, Some(text)) => Some(start.date().and_time(dates::time(text).ok_or_else(|| no_time("end_time", text))?)),
            (None, None) => None,
        };
        if end.is_some_and(|end| end < start) {
            return Err("end: it is before the start".into());
        }
        Ok(When::Times { start, end })
    }

    /// A day or a time; the hour may stand in a column of its own.
    fn moment(&self, name: &str, text: &str, hours: &str) -> Result<Moment, String> {
        let read = dates::read(text, self.order).ok_or_else(|| no_date(name, text))?;
        match (read, self.cell(hours)) {
            (Moment::Day(day), Some(hour)) => {
                dates::time(hour).map(|time| Moment::Time(day.and_time(time))).ok_or_else(|| no_time(hours, hour))
            }
            _ => Ok(read),
        }
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
            let read = self.places.read_line(line);
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

fn no_time(column: &str, text: &str) -> String {
    format!("{column}: “{text}” is no time of day; one would be 09:00 or 9:00 AM")
}
