//! Yearly patterns: when large convenings usually are. An expectation, never a fact.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Duration, NaiveDate, Weekday};

use serde::{Deserialize, Serialize};

use super::suggest::Weekdays;
use super::{Days, Entry, Event, PartnerSlug};

/// A convening that comes back every year, or every other, at about the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

    /// Is that the name of one of these?
    ///
    /// Case counts only beyond ASCII, as in SQL.
    #[must_use]
    pub fn is_called(&self, title: &str) -> bool {
        title.to_ascii_lowercase().contains(&self.title.to_ascii_lowercase())
    }

    /// In which of its weeks these days are; `None` where they are in none.
    #[must_use]
    pub fn likely(&self, days: Days) -> Option<Likely> {
        // A pattern of even years comes back within two.
        let mut years = days.first.year()..=days.last.year().min(days.first.year() + 2);
        years.find_map(|year| Likely::among(&self.weeks(year), year, days))
    }
}

/// How days lie to the weeks in which something is likely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Likely {
    /// Of which year's one it is about.
    pub year: i32,
    /// It could be in the week before, too.
    pub before: bool,
    /// It could be in the week after, too.
    pub after: bool,
}

impl Likely {
    fn among(weeks: &[NaiveDate], year: i32, days: Days) -> Option<Self> {
        let is_touched = |week: &NaiveDate| Days::new(*week, *week + Duration::days(6)).overlap(days).is_some();
        let touched: Vec<NaiveDate> = weeks.iter().copied().filter(is_touched).collect();
        let (first, last) = (*touched.first()?, *touched.last()?);
        let has = |week: NaiveDate| weeks.contains(&week);
        Some(Self { year, before: has(first - Duration::weeks(1)), after: has(last + Duration::weeks(1)) })
    }

    /// “in this or the week before”.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match (self.before, self.after) {
            (false, false) => "in this week",
            (true, false) => "in this or the week before",
            (false, true) => "in this or the week after",
            (true, true) => "in this week, the one before or the one after",
        }
    }
}

/// The patterns at hand, and which years' convenings of them are public already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The patterns.
    pub patterns: Vec<Pattern>,
    /// Which table they are from; findings name it.
    pub version: String,
    /// Place in `patterns`, and the year whose one is known to the public, even if it was called off since.
    pub known: BTreeSet<(usize, i32)>,
}

impl Outlook {
    /// The outlook where these events are all there are.
    #[must_use]
    pub fn among(patterns: Vec<Pattern>, version: String, entries: &[Entry]) -> Self {
        let mut known = BTreeSet::new();
        for entry in entries.iter().filter(|entry| entry.event.is_public()) {
            let about = patterns.iter().enumerate().filter(|(_, pattern)| pattern.is_about(&entry.event));
            known.extend(about.flat_map(|(place, _)| years(entry).map(move |year| (place, year))));
        }
        Self { patterns, version, known }
    }

    /// Those of others that are likely on these days and not announced for that year.
    pub fn expected<'a>(&'a self, event: &'a Event, days: Days) -> impl Iterator<Item = (&'a Pattern, Likely)> {
        let of_others = self.patterns.iter().enumerate().filter(|(_, pattern)| !event.is_called_by(&pattern.partner));
        of_others.filter_map(move |(place, pattern)| {
            let likely = pattern.likely(days)?;
            (!self.known.contains(&(place, likely.year))).then_some((pattern, likely))
        })
    }
}

impl Pattern {
    /// Is this event one that the pattern speaks of?
    #[must_use]
    pub fn is_about(&self, event: &Event) -> bool {
        event.is_called_by(&self.partner) && self.is_called(&event.details.title)
    }
}

/// The years in which an entry begins, time and again.
pub fn years(entry: &Entry) -> impl Iterator<Item = i32> {
    entry.occurrences.iter().map(|occurrence| occurrence.when.days().first.year())
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
    use crate::domain::{Details, EventId, EventStatus, When};

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
    fn days_know_in_which_of_its_weeks_they_are() {
        let said = |first: &str, last: &str| city_summit().likely(Days::new(day(first), day(last))).map(Likely::in_words);
        assert_eq!(said("2027-11-17", "2027-11-19"), Some("in this or the week before"));
        assert_eq!(said("2027-11-12", "2027-11-12"), Some("in this or the week after"));
        assert_eq!(said("2027-11-12", "2027-11-16"), Some("in this week"), "both of its weeks are these");
        assert_eq!(said("2027-11-03", "2027-11-05"), None);
    }

    #[test]
    fn what_is_public_is_not_expected_any_more_and_a_hold_tells_nobody() {
        let (wish, days) = (called("icma", "A meeting", EventStatus::Proposed), Days::one(day("2027-11-17")));
        let expected = |others: &[Event], asks: &Event| -> usize {
            let entries: Vec<Entry> = others.iter().cloned().map(Entry::once).collect();
            Outlook::among(vec![city_summit()], String::new(), &entries).expected(asks, days).count()
        };
        let summit = |status| called("nlc", "NLC City Summit 2027", status);
        assert_eq!(expected(&[], &wish), 1);
        assert_eq!(expected(&[summit(EventStatus::Hold)], &wish), 1);
        assert_eq!(expected(&[summit(EventStatus::Announced)], &wish), 0);
        assert_eq!(expected(&[summit(EventStatus::Cancelled)], &wish), 0, "that it is off is known as well");
        assert_eq!(expected(&[called("icma", "After the City Summit", EventStatus::Announced)], &wish), 1);
        assert_eq!(expected(&[], &summit(EventStatus::Hold)), 0, "never its own");
    }

    fn called(partner: &str, title: &str, status: EventStatus) -> Event {
        let when = When::Days { first: day("2027-11-10"), last: None };
        let details = Details::new(title, partner.parse().expect("partner"), when, chrono_tz::UTC);
        Event::new(EventId(uuid::Uuid::nil()), status, details, chrono::DateTime::UNIX_EPOCH)
    }

    #[test]
    fn a_pattern_of_a_whole_month_says_nothing_about_a_week() {
        let all_november = Pattern { from: (11, 1), until: (11, 30), before_thanksgiving: false, ..city_summit() };
        assert_eq!(all_november.weeks(2027), Vec::<NaiveDate>::new());
        let every_other = Pattern { even_years: true, ..city_summit() };
        assert_eq!((every_other.weeks(2027).len(), every_other.weeks(2026).len()), (0, 2));
    }
}
