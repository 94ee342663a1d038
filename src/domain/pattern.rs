//! Yearly patterns: when large convenings usually are. An expectation, never a fact.

use chrono::{Datelike as _, Duration, NaiveDate, Weekday};

use super::suggest::Weekdays;
use super::{Days, Entry, PartnerSlug};

/// A convening that comes back every year, or every other, at about the same time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Who calls it.
    pub partner: PartnerSlug,
    /// What it is called, without partner and year: “City Summit”.
    pub title: String,
    /// Month and day on which its first day is at the earliest.
    pub from: (u32, u32),
    /// Month and day on which its first day is at the latest.
    pub until: (u32, u32),
    /// The weekdays on which it begins.
    pub begins: Weekdays,
    /// How many days it has at most.
    pub days: u32,
    /// Only in even years.
    pub even_years: bool,
    /// Always before the week of Thanksgiving.
    pub before_thanksgiving: bool,
}

/// A pattern that is spread over more weeks than this says nothing about any one of them.
const MOST_WEEKS: usize = 3;

impl Pattern {
    /// In which weeks it is likely, by their Mondays; none where it could be in many.
    #[must_use]
    pub fn weeks(&self, year: i32) -> Vec<NaiveDate> {
        let day = |(month, day): (u32, u32)| NaiveDate::from_ymd_opt(year, month, day);
        let (Some(from), Some(until)) = (day(self.from), day(self.until)) else { return Vec::new() };
        if self.even_years && year % 2 != 0 {
            return Vec::new();
        }
        let in_time = |day: &NaiveDate| {
            self.begins.has(day.weekday())
                && (!self.before_thanksgiving || thanksgiving(year).is_none_or(|thursday| *day < monday(thursday)))
        };
        let mut weeks: Vec<NaiveDate> = Days::new(from, until).iter().filter(in_time).map(monday).collect();
        weeks.dedup();
        if weeks.len() > MOST_WEEKS { Vec::new() } else { weeks }
    }

    /// Has this year's been announced, or at least been thought of?
    #[must_use]
    pub fn is_among(&self, entries: &[Entry], year: i32) -> bool {
        let title = self.title.to_lowercase();
        entries.iter().any(|entry| {
            let (event, days) = (&entry.event, entry.event.details.when.days());
            event.is_called_by(&self.partner) && days.first.year() == year && event.details.title.to_lowercase().contains(&title)
        })
    }

    /// What it says about these days: “City Summit is usually in this or the week before; not announced yet.”
    ///
    /// `None` where it is not likely in their week, or is announced for that year already.
    #[must_use]
    pub fn expected(&self, days: Days, is_announced: impl FnOnce(i32) -> bool) -> Option<String> {
        let (year, week) = (days.first.year(), monday(days.first));
        let weeks = self.weeks(year);
        if !weeks.contains(&week) || is_announced(year) {
            return None;
        }
        let has = |weeks_on: i64| weeks.contains(&(week + Duration::weeks(weeks_on)));
        let when = match (has(-1), has(1)) {
            (false, false) => "in this week",
            (true, false) => "in this or the week before",
            (false, true) => "in this or the week after",
            (true, true) => "in this week, the one before or the one after",
        };
        Some(format!("{} is usually {when}; not announced yet.", self.title))
    }
}

/// The Monday of a day's week.
#[must_use]
pub fn monday(day: NaiveDate) -> NaiveDate {
    day.week(Weekday::Mon).checked_first_day().unwrap_or(day)
}

fn thanksgiving(year: i32) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Thu, 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Details, Event, EventId, EventStatus, When};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn city_summit() -> Pattern {
        Pattern {
            partner: "nlc".parse().expect("partner"),
            title: "City Summit".into(),
            from: (11, 7),
            until: (11, 21),
            begins: "wed,thu".parse().expect("weekdays"),
            days: 4,
            even_years: false,
            before_thanksgiving: true,
        }
    }

    #[test]
    fn the_city_summits_of_the_past_were_in_the_weeks_that_the_pattern_names() {
        for first in ["2018-11-07", "2021-11-18", "2022-11-17", "2024-11-13", "2025-11-20"] {
            let first = day(first);
            assert!(city_summit().weeks(first.year()).contains(&monday(first)), "{first}");
        }
        assert_eq!(city_summit().weeks(2029), ["2029-11-05", "2029-11-12"].map(day));
    }

    #[test]
    fn what_is_announced_is_not_expected_any_more() {
        let summit = city_summit();
        let said = |first: &str, entries: &[Entry]| summit.expected(Days::one(day(first)), |year| summit.is_among(entries, year));
        let before = "City Summit is usually in this or the week before; not announced yet.";
        assert_eq!(said("2027-11-17", &[]), Some(before.into()));
        let after = "City Summit is usually in this or the week after; not announced yet.";
        assert_eq!(said("2027-11-12", &[]), Some(after.into()));
        assert_eq!(said("2027-11-03", &[]), None);
        let when = When::Days { first: day("2027-11-10"), last: None };
        let details = Details::new("NLC City Summit 2027", "nlc".parse().expect("partner"), when, chrono_tz::UTC);
        let event = Event::new(EventId(uuid::Uuid::nil()), EventStatus::Announced, details, chrono::DateTime::UNIX_EPOCH);
        assert_eq!(said("2027-11-17", &[Entry::once(event)]), None);
    }

    #[test]
    fn a_pattern_of_a_whole_month_says_nothing_about_a_week() {
        let all_november = Pattern { from: (11, 1), until: (11, 30), before_thanksgiving: false, ..city_summit() };
        assert_eq!(all_november.weeks(2027), Vec::<NaiveDate>::new());
        let every_other = Pattern { even_years: true, ..city_summit() };
        assert_eq!((every_other.weeks(2027).len(), every_other.weeks(2026).len()), (0, 2));
    }
}
