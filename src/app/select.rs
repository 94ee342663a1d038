//! Which events somebody wants to see: the filters of pages, feeds and exports.
//!
//! Repeated or comma-separated values of one name are *or*, different names are *and*. A name or
//! value that is not known is refused with the known ones; it never means everything or nothing.

use std::collections::BTreeSet;

use chrono::{Months, NaiveDate};

use super::{Error, Result};
use crate::domain::undated::Undated;
use crate::domain::{CohortSlug, Days, Event, EventId, Mode, PartnerSlug, RoleSlug, RoleTree};
use crate::json::FieldError;
use crate::store::Reader;

/// A choice of events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// For any of these roles, or roles within them.
    pub roles: BTreeSet<RoleSlug>,
    /// Called by any of these partners.
    pub partners: BTreeSet<PartnerSlug>,
    /// In any of these modes.
    pub modes: BTreeSet<Mode>,
    /// For any of these cohorts.
    pub cohorts: BTreeSet<CohortSlug>,
    /// Serving any of these stages.
    pub stages: BTreeSet<String>,
    /// This anchor itself, or set beside it.
    pub anchor: Option<EventId>,
    /// Somewhere whose name has this in it.
    pub place: Option<String>,
    /// How far back.
    pub past: Option<Period>,
    /// How far ahead.
    pub future: Option<Period>,
}

/// A length in months and days (ISO 8601: `P1Y`, `P18M`, `P2W`, `P90D`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    months: u32,
    days: u64,
}

/// The names that a selection knows.
pub const NAMES: [&str; 9] = ["roles", "partners", "modes", "cohorts", "stages", "anchor", "place", "past", "future"];
/// The stages of GARE's framework (normalize, organize, operationalize).
pub const STAGES: [&str; 3] = ["normalize", "organize", "operationalize"];

impl Selection {
    /// Reads a selection from the pairs of an address; `also` are names that the caller reads itself.
    ///
    /// # Errors
    /// [`Error::Invalid`] with each unknown name or value, and those that are known.
    pub fn read<'a>(reader: &Reader<'_>, pairs: impl Iterator<Item = (&'a str, &'a str)>, also: &[&str]) -> Result<Self> {
        let mut reading = Reading { reader, tree: reader.roles()?, selection: Self::default(), mistakes: Vec::new() };
        for (name, value) in pairs.filter(|(name, _)| !also.contains(name)) {
            reading.pair(name, value)?;
        }
        if reading.mistakes.is_empty() { Ok(reading.selection) } else { Err(Error::Invalid(reading.mistakes)) }
    }

    /// Is this event among those chosen? The time it happens aside.
    #[must_use]
    pub fn has(&self, event: &Event, tree: &RoleTree) -> bool {
        let details = &event.details;
        let any = |empty: bool, found: bool| empty || found;
        any(
            self.roles.is_empty(),
            details
                .roles
                .iter()
                .any(|role| self.roles.iter().any(|wide| tree.is_within(role, wide) || tree.is_within(wide, role))),
        ) && any(self.partners.is_empty(), self.partners.iter().any(|partner| event.is_called_by(partner)))
            && any(self.modes.is_empty(), self.modes.contains(&details.mode))
            && any(self.cohorts.is_empty(), details.cohort.as_ref().is_some_and(|cohort| self.cohorts.contains(cohort)))
            && any(self.stages.is_empty(), details.stages.iter().any(|stage| self.stages.contains(stage)))
            && self.anchor.is_none_or(|anchor| event.id == anchor || details.anchor == Some(anchor))
            && self.place.as_ref().is_none_or(|text| {
                let line = details.venue.as_ref().and_then(crate::domain::Venue::line).unwrap_or_default();
                line.to_lowercase().contains(&text.to_lowercase())
            })
    }

    /// Is this announcement without dates among those chosen? Whom it is for and how may not be known yet; it is in no group.
    #[must_use]
    pub fn has_undated(&self, one: &Undated, tree: &RoleTree) -> bool {
        let within = |role: &RoleSlug| self.roles.iter().any(|wide| tree.is_within(role, wide) || tree.is_within(wide, role));
        let for_roles = self.roles.is_empty() || one.roles.is_empty() || one.roles.iter().any(within);
        let called = self.partners.is_empty() || self.partners.contains(&one.partner);
        let there = self.place.as_ref().is_none_or(|text| one.place().to_lowercase().contains(&text.to_lowercase()));
        let in_no_group = self.cohorts.is_empty() && self.stages.is_empty() && self.anchor.is_none();
        for_roles && called && there && in_no_group
    }

    /// The days it covers around one, by default from a year before to a year and a half after it.
    #[must_use]
    pub fn window(&self, today: NaiveDate) -> Days {
        let past = self.past.unwrap_or(Period { months: 12, days: 0 });
        let future = self.future.unwrap_or(Period { months: 18, days: 0 });
        let from =
            today.checked_sub_months(Months::new(past.months)).and_then(|day| day.checked_sub_days(chrono::Days::new(past.days)));
        let to = today
            .checked_add_months(Months::new(future.months))
            .and_then(|day| day.checked_add_days(chrono::Days::new(future.days)));
        Days { first: from.unwrap_or(today), last: to.unwrap_or(today) }
    }

    /// The same selection always gives the same text.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{self:?}")
    }
}

/// The civil days that `from` and `to` ask for; `None` where neither is given.
///
/// # Errors
/// [`Error::Invalid`] naming both, where `from` is later than `to`.
pub fn days_between(from: Option<NaiveDate>, to: Option<NaiveDate>) -> Result<Option<Days>> {
    if from.is_none() && to.is_none() {
        return Ok(None);
    }
    Days::between(from, to).map(Some).map_err(|message| Error::field("from", message))
}

struct Reading<'r, 'c> {
    reader: &'r Reader<'c>,
    tree: RoleTree,
    selection: Selection,
    mistakes: Vec<FieldError>,
}

impl Reading<'_, '_> {
    fn pair(&mut self, name: &str, value: &str) -> Result<()> {
        let each = || value.split(',').map(str::trim).filter(|text| !text.is_empty());
        match name {
            "roles" => each().for_each(|text| self.role(text)),
            "partners" => {
                let known: Vec<String> = self.reader.partners()?.iter().map(|partner| partner.slug.to_string()).collect();
                each().for_each(|text| self.one_of(name, text, &known, |all, slug| _ = all.partners.insert(slug)));
            }
            "cohorts" => {
                let known: Vec<String> = self.reader.cohorts()?.iter().map(|cohort| cohort.slug.to_string()).collect();
                each().for_each(|text| self.one_of(name, text, &known, |all, slug| _ = all.cohorts.insert(slug)));
            }
            "modes" => {
                let known: Vec<String> = Mode::ALL.iter().map(|mode| mode.as_str().to_owned()).collect();
                each().for_each(|text| self.one_of(name, text, &known, |all, mode| _ = all.modes.insert(mode)));
            }
            "stages" => {
                let known: Vec<String> = STAGES.iter().map(|stage| (*stage).to_owned()).collect();
                each().for_each(|text| self.one_of(name, text, &known, |all, stage| _ = all.stages.insert(stage)));
            }
            "anchor" if value.is_empty() => {}
            "anchor" => {
                match value.parse::<EventId>().ok().filter(|id| self.reader.event(*id).is_ok_and(|event| event.is_public())) {
                    Some(id) => self.selection.anchor = Some(id),
                    None => self.mistake(name, format!("there is no public event “{value}”")),
                }
            }
            "place" => self.selection.place = Some(value.trim().to_owned()).filter(|text| !text.is_empty()),
            "past" => self.selection.past = self.period(name, value),
            "future" => self.selection.future = self.period(name, value),
            other => self.mistake(other, format!("there is no filter “{other}”; there are {}", NAMES.join(", "))),
        }
        Ok(())
    }

    fn role(&mut self, text: &str) {
        if let Some(role) = text.parse::<RoleSlug>().ok().filter(|role| self.tree.get(role).is_some()) {
            self.selection.roles.insert(role);
        } else {
            let known: Vec<&str> = self.tree.iter().map(|role| role.slug.as_str()).collect();
            self.mistake("roles", format!("there is no role “{text}”; there are {}", known.join(", ")));
        }
    }

    fn one_of<T: std::str::FromStr>(&mut self, name: &str, text: &str, known: &[String], add: impl Fn(&mut Selection, T)) {
        match text.parse::<T>().ok().filter(|_| known.iter().any(|one| one == text)) {
            Some(value) => add(&mut self.selection, value),
            None => self.mistake(name, format!("“{text}” is none of {name}; there are {}", known.join(", "))),
        }
    }

    fn period(&mut self, name: &str, text: &str) -> Option<Period> {
        let read = text.parse::<Period>();
        if let Err(why) = &read {
            self.mistake(name, why.clone());
        }
        read.ok()
    }

    fn mistake(&mut self, field: &str, message: String) {
        self.mistakes.push(FieldError { field: field.to_owned(), message });
    }
}

impl std::str::FromStr for Period {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("“{text}” is no length of time; one would be P1Y, P18M, P2W or P90D");
        let rest = text.strip_prefix('P').ok_or_else(wrong)?;
        let (count, unit) = rest.split_at_checked(rest.len().saturating_sub(1)).ok_or_else(wrong)?;
        let count: u32 = count.parse().map_err(|_| wrong())?;
        let period = match unit {
            "Y" => Self { months: count.saturating_mul(12), days: 0 },
            "M" => Self { months: count, days: 0 },
            "W" => Self { months: 0, days: u64::from(count) * 7 },
            "D" => Self { months: 0, days: count.into() },
            _ => return Err(wrong()),
        };
        if period.months > 240 || period.days > 7300 {
            Err(format!("“{text}” is too long; 20 years are the most"))
        } else {
            Ok(period)
        }
    }
}
