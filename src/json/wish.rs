//! What somebody typed for a wish, and windows as programs see them.

use std::str::FromStr;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::draft::FieldError;
use super::event::when_texts;
use super::finding::FindingJson;
use crate::domain::observance::Tier;
use crate::domain::suggest::{Dropped, Hours, Length, Suggestions, Weekdays, Window};
use crate::domain::{CohortSlug, Days, Mode, PartnerSlug, PersonSlug, RoleSlug};

/// A wish as it is put, by command line or by program: all texts, nothing trusted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WishDraft {
    /// Whom it is for.
    pub roles: Vec<String>,
    /// The closed group it is for.
    pub cohort: Option<String>,
    /// `in_person`, `virtual` or `hybrid`; `in_person` by default.
    pub mode: Option<String>,
    /// `3d`, `2h`, `90m`.
    pub length: String,
    /// `2027-10-01..2027-11-30`, both included; around the anchor where none is given.
    pub between: Option<String>,
    /// `wed-fri`, `tue`, `mon,wed`, `any`; Monday to Friday where that is long enough.
    pub weekdays: Option<String>,
    /// `10:00-17:00` by the clock of `time_zone`; 08:00–18:00 by default.
    pub hours: Option<String>,
    /// An event to set it beside, or a place: “Kansas City, MO”.
    pub near: Option<String>,
    /// Who speaks.
    pub speakers: Vec<String>,
    /// Days of travel on each side, in person; 1 by default.
    pub travel_days: Option<u32>,
    /// `avoid`, `caution` or `note`: observances of that tier and graver are excluded altogether.
    pub avoid: Option<String>,
    /// An IANA zone; that of the place by default.
    pub time_zone: Option<String>,
    /// Who calls it; the writer's own partner by default.
    pub partner: Option<String>,
    /// How many people are expected.
    pub expected: Option<u32>,
    /// How many windows; 5 by default.
    pub limit: Option<usize>,
}

/// A wish of which every field was understood, without what must be looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct WishRead {
    /// Whom it is for.
    pub roles: Vec<RoleSlug>,
    /// The closed group it is for.
    pub cohort: Option<CohortSlug>,
    /// How people take part.
    pub mode: Mode,
    /// How long.
    pub length: Length,
    /// Between which days, if they were given.
    pub between: Option<Days>,
    /// On which weekdays.
    pub weekdays: Weekdays,
    /// Between which hours.
    pub hours: Option<Hours>,
    /// Who speaks.
    pub speakers: Vec<PersonSlug>,
    /// Days of travel.
    pub travel_days: u32,
    /// What is excluded.
    pub avoid: Option<Tier>,
    /// The zone, if one was given.
    pub zone: Option<Tz>,
    /// Who calls it, if it was said.
    pub partner: Option<PartnerSlug>,
    /// How many people are expected.
    pub expected: Option<u32>,
    /// How many windows.
    pub limit: usize,
}

/// The most windows that are given.
const MOST: usize = 50;
/// The longest time that is searched, in days.
const LONGEST: i64 = 800;

impl WishDraft {
    /// Reads every field; all mistakes at once otherwise.
    ///
    /// # Errors
    /// Each mistake with its field.
    pub fn read(&self) -> Result<WishRead, Vec<FieldError>> {
        let mut mistakes = Mistakes(Vec::new());
        let roles: Vec<RoleSlug> = mistakes.each("roles", &self.roles);
        let cohort = mistakes.optional("cohort", self.cohort.as_deref());
        if self.roles.is_empty() && self.cohort.is_none() {
            mistakes.add("roles", "Say whom it is for: at least one role, or a cohort.");
        }
        let mode = mistakes.one("mode", self.mode.as_deref().unwrap_or("in_person"));
        let length = mistakes.one("length", &self.length);
        let between = self.between.as_deref().and_then(|text| mistakes.keep("between", between(text)));
        let weekdays = self.weekdays.as_deref().and_then(|text| mistakes.one("weekdays", text));
        let weekdays = weekdays.unwrap_or_else(|| weekdays_for(length));
        let hours = mistakes.optional("hours", self.hours.as_deref());
        if let Some(length) = length {
            mistakes.fitting(length, weekdays, hours.unwrap_or(Hours::DAY));
        }
        let speakers = mistakes.each("speakers", &self.speakers);
        let avoid = self.avoid.as_deref().and_then(|text| mistakes.keep("avoid", tier(text)));
        let zone = self.time_zone.as_deref().and_then(|text| mistakes.keep("time_zone", zone(text)));
        let partner = mistakes.optional("partner", self.partner.as_deref());
        if self.travel_days.is_some_and(|days| days > 7) {
            mistakes.add("travel_days", "More than 7 days of travel on each side are too many.");
        }
        let limit = self.limit.unwrap_or(5);
        if !(1..=MOST).contains(&limit) {
            mistakes.add("limit", &format!("Give a number from 1 to {MOST}."));
        }
        match (mode, length, mistakes.0.is_empty()) {
            (Some(mode), Some(length), true) => Ok(WishRead {
                roles,
                cohort,
                mode,
                length,
                between,
                weekdays,
                hours,
                speakers,
                travel_days: self.travel_days.unwrap_or(1),
                avoid,
                zone,
                partner,
                expected: self.expected,
                limit,
            }),
            _ => Err(mistakes.0),
        }
    }
}

/// Monday to Friday where that is long enough.
fn weekdays_for(length: Option<Length>) -> Weekdays {
    if matches!(length, Some(Length::Days(6..))) { Weekdays::ANY } else { Weekdays::WORKING }
}

fn between(text: &str) -> Result<Days, String> {
    let wrong = || format!("“{text}” are no two days; they would be 2027-10-01..2027-11-30");
    let (first, last) = text.split_once("..").ok_or_else(wrong)?;
    let day = |text: &str| chrono::NaiveDate::from_str(text.trim()).map_err(|_| wrong());
    let (first, last) = (day(first)?, day(last)?);
    let known = |day: chrono::NaiveDate| (2000..2100).contains(&chrono::Datelike::year(&day));
    if last < first {
        Err(format!("“{text}” ends before it begins"))
    } else if !known(first) || !known(last) {
        Err("the years are not between 2000 and 2099".to_owned())
    } else if (last - first).num_days() > LONGEST {
        Err(format!("“{text}” is longer than {LONGEST} days; look at a shorter time"))
    } else {
        Ok(Days::new(first, last))
    }
}

fn tier(text: &str) -> Result<Tier, String> {
    match text.trim() {
        "avoid" => Ok(Tier::Avoid),
        "caution" => Ok(Tier::Caution),
        "note" => Ok(Tier::Note),
        other => Err(format!("“{other}” is no tier of observances; there are avoid, caution, note")),
    }
}

fn zone(text: &str) -> Result<Tz, String> {
    Tz::from_str(text.trim()).map_err(|_| format!("“{text}” is no IANA time zone; one would be America/Chicago"))
}

struct Mistakes(Vec<FieldError>);

impl Mistakes {
    fn add(&mut self, field: &str, message: &str) {
        self.0.push(FieldError { field: field.to_owned(), message: message.to_owned() });
    }

    fn keep<T>(&mut self, field: &str, read: Result<T, String>) -> Option<T> {
        read.map_err(|message| self.add(field, &message)).ok()
    }

    fn one<T: FromStr<Err: ToString>>(&mut self, field: &str, text: &str) -> Option<T> {
        self.keep(field, text.trim().parse().map_err(|error: T::Err| error.to_string()))
    }

    fn optional<T: FromStr<Err: ToString>>(&mut self, field: &str, text: Option<&str>) -> Option<T> {
        text.filter(|text| !text.trim().is_empty()).and_then(|text| self.one(field, text))
    }

    fn each<T: FromStr<Err: ToString>>(&mut self, field: &str, texts: &[String]) -> Vec<T> {
        texts.iter().filter(|text| !text.trim().is_empty()).filter_map(|text| self.one(field, text)).collect()
    }

    /// What can never fit is a mistake, not an empty answer.
    fn fitting(&mut self, length: Length, weekdays: Weekdays, hours: Hours) {
        match length {
            Length::Days(days) => {
                if let Some(run) = weekdays.longest_run().filter(|run| days > *run) {
                    let run = Length::Days(run);
                    self.add("weekdays", &format!("{length} do not fit: these weekdays allow {run} one after the other."));
                }
            }
            Length::Minutes(minutes) if i64::from(minutes) > hours.minutes() => {
                self.add("hours", &format!("{length} do not fit between {hours}."));
            }
            Length::Minutes(_) => {}
        }
    }
}

/// Suggestions as `interface` describes them.
#[must_use]
pub fn suggestions_json(found: &Suggestions) -> Value {
    json!({
        "windows": found.windows.iter().map(window).collect::<Vec<_>>(),
        "dropped": found.dropped.iter().map(dropped).collect::<Vec<_>>(),
    })
}

fn window(window: &Window) -> Value {
    let (_, start, end) = when_texts(window.when);
    let against: Vec<_> = window.against.iter().map(|finding| FindingJson::new(finding, None)).collect();
    json!({
        "start": start, "end": end, "time_zone": window.zone.name(), "score": window.score,
        "for": window.speaks_for, "against": against,
    })
}

fn dropped(dropped: &Dropped) -> Value {
    let (_, start, end) = when_texts(dropped.when);
    json!({"start": start, "end": end, "reasons": dropped.reasons})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> WishDraft {
        WishDraft { roles: vec!["mayor".into()], length: "3d".into(), ..WishDraft::default() }
    }

    #[test]
    fn every_mistake_is_named_with_its_field_at_once() {
        let bad = WishDraft {
            roles: vec![],
            mode: Some("by_mail".into()),
            length: "3".into(),
            between: Some("2027-11-30..2027-10-01".into()),
            weekdays: Some("wen".into()),
            hours: Some("10-17".into()),
            avoid: Some("all".into()),
            time_zone: Some("Central".into()),
            travel_days: Some(30),
            limit: Some(0),
            ..draft()
        };
        let mistakes = bad.read().expect_err("mistakes");
        let fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
        let expected = ["roles", "mode", "length", "between", "weekdays", "hours", "avoid", "time_zone", "travel_days", "limit"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_can_never_fit_is_a_mistake() {
        let said = |draft: WishDraft| draft.read().map_err(|mistakes| mistakes[0].message.clone());
        let three = WishDraft { weekdays: Some("tue,thu".into()), ..draft() };
        assert_eq!(said(three), Err("3 days do not fit: these weekdays allow 1 day one after the other.".into()));
        let long = WishDraft { length: "3h".into(), hours: Some("10:00-12:00".into()), ..draft() };
        assert_eq!(said(long), Err("3 h do not fit between 10:00–12:00.".into()));
        assert_eq!(draft().read().map(|read| read.weekdays), Ok(Weekdays::WORKING));
        let week = WishDraft { length: "7d".into(), ..draft() };
        assert_eq!(week.read().map(|read| read.weekdays), Ok(Weekdays::ANY));
    }
}
