//! What somebody typed for an event, read field by field so that every mistake has its place.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::event::when_texts;
use crate::domain::{Details, EventKind, Mode, Recurrence, Venue, When};

/// One mistake and where it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// The field: `start`, `venue.lat`.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// An event as it is put forward, by form or by program: all texts, nothing trusted.
///
/// With `all_day` true, or `start` a bare date, `start` and `end` are dates and `end` is the last
/// day, included.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// `convening` or `session`; `session` by default.
    pub kind: Option<String>,
    /// Its title.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Its own page.
    pub url: Option<String>,
    /// Where to join it.
    pub join_url: Option<String>,
    /// Who calls it; the writer's own partner by default.
    pub partner: Option<String>,
    /// Who calls it with them.
    pub co_hosts: Vec<String>,
    /// The closed group it is for.
    pub cohort: Option<String>,
    /// The convening it is set beside.
    pub anchor: Option<String>,
    /// Whom it is for.
    pub roles: Vec<String>,
    /// Of which states' city teams it is only for, as `OH`; all where there is none.
    pub states: Vec<String>,
    /// Stages it serves.
    pub stages: Vec<String>,
    /// Who speaks.
    pub speakers: Vec<String>,
    /// How many are expected.
    pub expected: Option<u32>,
    /// Never public.
    pub private: bool,
    /// Takes nobody's time.
    pub transparent: bool,
    /// `in_person`, `virtual` or `hybrid`; `in_person` by default.
    pub mode: Option<String>,
    /// Where.
    pub venue: Option<Venue>,
    /// Whole days; by default where `start` is a bare date.
    pub all_day: Option<bool>,
    /// `2027-10-06`, or `2027-10-06T09:00:00`.
    pub start: String,
    /// The same; the last day, included, for whole days.
    pub end: Option<String>,
    /// An IANA zone.
    pub time_zone: Option<String>,
    /// How it repeats.
    pub recurrence: Option<Recurrence>,
    /// The last day that its dates are kept, while it is only a hold: `2027-10-06`.
    pub hold_until: Option<String>,
}

impl Draft {
    /// The draft that gives these details.
    #[must_use]
    pub fn of(details: &Details) -> Self {
        let (all_day, start, end) = when_texts(details.when);
        let texts = |items: &mut dyn Iterator<Item = String>| items.collect();
        Self {
            kind: Some(details.kind.as_str().to_owned()),
            title: details.title.clone(),
            description: details.description.clone(),
            url: details.url.clone(),
            join_url: details.join_url.clone(),
            partner: Some(details.partner.to_string()),
            co_hosts: texts(&mut details.co_hosts.iter().map(ToString::to_string)),
            cohort: details.cohort.as_ref().map(ToString::to_string),
            anchor: details.anchor.map(|id| id.to_string()),
            roles: texts(&mut details.roles.iter().map(ToString::to_string)),
            states: texts(&mut details.states.iter().cloned()),
            stages: texts(&mut details.stages.iter().cloned()),
            speakers: texts(&mut details.speakers.iter().map(ToString::to_string)),
            expected: details.expected,
            private: details.private,
            transparent: details.transparent,
            mode: Some(details.mode.as_str().to_owned()),
            venue: details.venue.clone(),
            all_day: Some(all_day),
            start,
            end,
            time_zone: Some(details.zone.name().to_owned()),
            recurrence: details.recurrence.clone(),
            hold_until: details.hold_until.map(|day| day.to_string()),
        }
    }

    /// The details it gives; all mistakes at once otherwise.
    ///
    /// `partner` and `zone` fill in where the draft names none.
    ///
    /// # Errors
    /// Each mistake with its field.
    pub fn read(&self, partner: &str, zone: Option<Tz>) -> Result<Details, Vec<FieldError>> {
        let mut mistakes = Mistakes::default();
        let all_day = self.all_day.unwrap_or_else(|| NaiveDate::from_str(self.start.trim()).is_ok());
        let title = clean_line(&self.title);
        if title.is_empty() {
            mistakes.add("title", "Give it a title.");
        } else if title.chars().count() > 200 {
            mistakes.add("title", "Keep the title under 200 characters; the description takes the rest.");
        }
        if self.description.chars().count() > 20_000 {
            mistakes.add("description", "Keep the description under 20,000 characters.");
        }
        let when = self.read_when(all_day, &mut mistakes);
        let zone = match self.time_zone.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            Some(text) => mistakes.keep(
                "time_zone",
                Tz::from_str(text).map_err(|_| format!("“{text}” is no IANA time zone; one would be America/Chicago.")),
            ),
            None => zone.or_else(|| {
                mistakes.add("time_zone", "Say in which time zone these times are, such as America/Chicago.");
                None
            }),
        };
        let mode = mistakes.parse("mode", self.mode.as_deref().unwrap_or("in_person"));
        let roles: BTreeSet<_> = mistakes.each("roles", &self.roles).into_iter().collect();
        let states = mistakes.states(&self.states);
        let cohort = self.cohort.as_deref().filter(|text| !text.is_empty()).and_then(|text| mistakes.parse("cohort", text));
        if roles.is_empty() && self.roles.is_empty() && cohort.is_none() {
            mistakes.add("roles", "Say whom it is for: at least one role, or a cohort.");
        }
        let details = Some(()).and_then(|()| {
            Some(Details {
                kind: mistakes.parse::<EventKind>("kind", self.kind.as_deref().unwrap_or("session"))?,
                title,
                description: clean_text(&self.description),
                url: mistakes.address("url", self.url.as_deref()),
                join_url: mistakes.address("join_url", self.join_url.as_deref()),
                partner: mistakes.parse("partner", self.partner.as_deref().filter(|text| !text.is_empty()).unwrap_or(partner))?,
                co_hosts: mistakes.each("co_hosts", &self.co_hosts),
                cohort,
                anchor: self
                    .anchor
                    .as_deref()
                    .filter(|text| !text.is_empty())
                    .and_then(|text| mistakes.keep("anchor", text.parse().map_err(|_| format!("“{text}” is no event's id.")))),
                roles,
                states,
                stages: self.stages.iter().map(|stage| clean_line(stage)).filter(|stage| !stage.is_empty()).collect(),
                speakers: mistakes.each("speakers", &self.speakers).into_iter().collect(),
                expected: self.expected,
                private: self.private,
                transparent: self.transparent,
                mode: mode?,
                venue: read_venue(self.venue.as_ref(), mode?, &mut mistakes),
                when: when?,
                zone: zone?,
                recurrence: self.recurrence.clone(),
                hold_until: self
                    .hold_until
                    .as_deref()
                    .filter(|text| !text.trim().is_empty())
                    .and_then(|text| mistakes.day("hold_until", text)),
            })
        });
        match details {
            Some(details) if mistakes.0.is_empty() => Ok(details),
            _ => Err(mistakes.0),
        }
    }

    fn read_when(&self, all_day: bool, mistakes: &mut Mistakes) -> Option<When> {
        let end = self.end.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let when = if all_day {
            let first = mistakes.day("start", &self.start)?;
            let last = match end {
                Some(text) => Some(mistakes.day("end", text)?),
                None => None,
            };
            if last.is_some_and(|last| last < first) {
                mistakes.add("end", "The last day is before the first.");
            }
            When::Days { first, last }
        } else {
            let start = mistakes.wall("start", &self.start)?;
            let end = match end {
                Some(text) => Some(mistakes.wall("end", text)?),
                None => None,
            };
            if end.is_some_and(|end| end <= start) {
                mistakes.add("end", "It ends before it starts.");
            }
            When::Times { start, end }
        };
        let days = when.days();
        if days.first < FIRST_DAY || days.last > LAST_DAY {
            mistakes.add("start", "The year is not between 2000 and 2099.");
        } else if days.count() > 60 {
            mistakes.add("end", "It would last more than 60 days; a series is entered as one session that repeats.");
        }
        Some(when)
    }
}

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2099, 12, 31).expect("a date");

fn read_venue(venue: Option<&Venue>, mode: Mode, mistakes: &mut Mistakes) -> Option<Venue> {
    let venue = venue?;
    let line = |text: &Option<String>| text.as_deref().map(clean_line).filter(|text| !text.is_empty());
    let clean = Venue {
        name: line(&venue.name),
        room: line(&venue.room),
        city: line(&venue.city),
        state: line(&venue.state).map(|text| text.to_uppercase()),
        country: line(&venue.country).map(|text| text.to_uppercase()),
        ..venue.clone()
    };
    if clean.lat.is_some_and(|lat| !(-90.0..=90.0).contains(&lat)) {
        mistakes.add("venue.lat", "Latitude lies between -90 and 90 degrees.");
    }
    if clean.lon.is_some_and(|lon| !(-180.0..=180.0).contains(&lon)) {
        mistakes.add("venue.lon", "Longitude lies between -180 and 180 degrees.");
    }
    // A virtual event has no place, even if a form sent one along.
    (mode != Mode::Virtual && clean != Venue::default()).then_some(clean)
}

/// The mistakes found so far.
#[derive(Default)]
struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn add(&mut self, field: &str, message: &str) {
        self.0.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    }

    fn keep<T>(&mut self, field: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.add(field, &message)).ok()
    }

    fn parse<T: FromStr<Err: ToString>>(&mut self, field: &str, text: &str) -> Option<T> {
        self.keep(field, text.trim().parse().map_err(|error: T::Err| error.to_string()))
    }

    fn each<T: FromStr<Err: ToString>>(&mut self, field: &str, texts: &[String]) -> Vec<T> {
        texts.iter().filter(|text| !text.trim().is_empty()).filter_map(|text| self.parse(field, text)).collect()
    }

    /// States as people write them: `oh`, or `OH, PA` in one line.
    fn states(&mut self, texts: &[String]) -> BTreeSet<String> {
        let words = texts.iter().flat_map(|text| text.split(|c: char| c == ',' || c == ';' || c.is_whitespace()));
        let mut states = BTreeSet::new();
        for word in words.filter(|word| !word.is_empty()) {
            if word.len() == 2 && word.chars().all(|c| c.is_ascii_alphabetic()) {
                states.insert(word.to_ascii_uppercase());
            } else {
                self.add("states", &format!("“{word}” is no state; write two letters, such as OH."));
            }
        }
        states
    }

    fn day(&mut self, field: &str, text: &str) -> Option<NaiveDate> {
        self.keep(
            field,
            text.trim().parse().map_err(|_| {
                if text.trim().is_empty() {
                    "Give a day, such as 2027-10-06.".into()
                } else {
                    format!("“{text}” is no day; one would be 2027-10-06.")
                }
            }),
        )
    }

    fn wall(&mut self, field: &str, text: &str) -> Option<NaiveDateTime> {
        let text = text.trim();
        let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")
            .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M"));
        self.keep(
            field,
            read.map_err(|_| {
                if text.is_empty() {
                    "Give a day and time, such as 2027-10-06T09:00.".into()
                } else {
                    format!("“{text}” is no day and time; one would be 2027-10-06T09:00.")
                }
            }),
        )
    }

    /// An https or http address without control characters or blanks; nothing for an empty text.
    fn address(&mut self, field: &str, text: Option<&str>) -> Option<String> {
        let text = text.map(str::trim).filter(|text| !text.is_empty())?;
        let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\\'));
        let web = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).is_some_and(|rest| !rest.is_empty());
        if plain && web && text.len() <= 2000 {
            Some(text.to_owned())
        } else {
            self.add(field, "Give a web address that begins with https://.");
            None
        }
    }
}

/// One line of text without control characters, blanks at the ends, or runs of blanks.
fn clean_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Text in lines ended by LF, without other control characters.
fn clean_text(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            title: "Budgeting for equity".into(),
            roles: vec!["chief_equity_officer".into()],
            start: "2027-10-06T09:00".into(),
            end: Some("2027-10-06T10:30:00".into()),
            time_zone: Some("America/Chicago".into()),
            ..Draft::default()
        }
    }

    #[test]
    fn a_draft_of_its_own_details_reads_as_the_same_details() {
        let details = draft().read("gare", None).expect("a good draft");
        assert_eq!(Draft::of(&details).read("nlc", None), Ok(details));
    }

    #[test]
    fn every_mistake_is_named_with_its_field_at_once() {
        let bad = Draft {
            title: " \u{7} ".into(),
            start: "tomorrow".into(),
            time_zone: Some("Central".into()),
            mode: Some("by_mail".into()),
            url: Some("javascript:alert(1)".into()),
            roles: vec![],
            ..draft()
        };
        let mistakes = bad.read("gare", None).expect_err("a bad draft");
        let fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
        assert_eq!(fields, ["title", "start", "time_zone", "mode", "roles", "url"]);
        assert!(mistakes.iter().any(|mistake| mistake.message.contains("America/Chicago")));
    }

    #[test]
    fn a_bare_date_means_whole_days_and_the_end_is_included() {
        let days = Draft { start: "2027-10-06".into(), end: Some("2027-10-08".into()), ..draft() };
        let details = days.read("gare", None).expect("a good draft");
        assert_eq!(details.when.days().count(), 3);
        let back = Draft { end: Some("2027-10-05".into()), ..days };
        assert_eq!(back.read("gare", None).expect_err("backwards")[0].field, "end");
    }
}
