//! What is announced without dates: “April 2020, place to be decided”.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};

use super::{Days, PartnerSlug, RoleSlug};

/// A convening that its partner has announced, and of which only a month, a year or not even that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undated {
    /// Who calls it.
    pub partner: PartnerSlug,
    /// What it is called.
    pub title: String,
    /// When, as far as it is known.
    pub when: Roughly,
    /// The town, if it is known.
    pub city: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// Whom it is for, if that is known.
    pub roles: BTreeSet<RoleSlug>,
    /// Where it was announced.
    pub url: Option<String>,
    /// More about it.
    pub note: String,
}

/// A month, a year, or some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Roughly {
    /// In this month (1 to 12) of this year.
    Month(i32, u32),
    /// In this year.
    Year(i32),
    /// Nobody has said.
    Unknown,
}

impl Roughly {
    /// Of a year and a month as they are stored.
    #[must_use]
    pub fn of(year: Option<i32>, month: Option<u32>) -> Self {
        match (year, month) {
            (Some(year), Some(month)) => Self::Month(year, month),
            (Some(year), None) => Self::Year(year),
            (None, _) => Self::Unknown,
        }
    }

    /// Reads `2026-11`, `2026`, or nothing.
    ///
    /// ```
    /// use convene::domain::undated::Roughly;
    /// assert_eq!(Roughly::read("2026-11"), Ok(Roughly::Month(2026, 11)));
    /// assert_eq!(Roughly::read("2026"), Ok(Roughly::Year(2026)));
    /// assert_eq!(Roughly::read(" "), Ok(Roughly::Unknown));
    /// assert!(Roughly::read("2026-11-12").is_err_and(|said| said.contains("2026-11 ")));
    /// ```
    ///
    /// # Errors
    /// What would be right.
    pub fn read(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = || format!("“{text}” is not right: a month is 2026-11 and a year is 2026; whole dates make an event");
        let number = |part: &str| part.parse::<u32>().ok();
        let found = match text.split_once('-') {
            _ if text.is_empty() => return Ok(Self::Unknown),
            Some((year, month)) => year.parse().ok().zip(number(month)).map(|(year, month)| Self::Month(year, month)),
            None => text.parse().ok().map(Self::Year),
        };
        found.filter(|found| found.days().is_some_and(|days| (1970..=2199).contains(&days.first.year()))).ok_or_else(wrong)
    }

    /// The year, where it is known.
    #[must_use]
    pub fn year(self) -> Option<i32> {
        match self {
            Self::Month(year, _) | Self::Year(year) => Some(year),
            Self::Unknown => None,
        }
    }

    /// The month, where it is known.
    #[must_use]
    pub fn month(self) -> Option<u32> {
        if let Self::Month(_, month) = self { Some(month) } else { None }
    }

    /// The days that it may be on; `None` where nobody knows.
    #[must_use]
    pub fn days(self) -> Option<Days> {
        let (first, months) = match self {
            Self::Month(year, month) => (NaiveDate::from_ymd_opt(year, month, 1)?, 1),
            Self::Year(year) => (NaiveDate::from_ymd_opt(year, 1, 1)?, 12),
            Self::Unknown => return None,
        };
        Some(Days::new(first, first.checked_add_months(chrono::Months::new(months))?.pred_opt()?))
    }

    /// “November 2026, no days named”, “2026, no dates named”, “no dates named”.
    #[must_use]
    pub fn in_words(self) -> String {
        match (self, self.days()) {
            (Self::Month(..), Some(days)) => format!("{}, no days named", days.first.format("%B %Y")),
            (Self::Year(year), _) => format!("{year}, no dates named"),
            _ => "no dates named".to_owned(),
        }
    }
}

impl Undated {
    /// “Raleigh, NC”; “no place named” where it is not known.
    #[must_use]
    pub fn place(&self) -> String {
        let known: Vec<&str> = [&self.city, &self.state].into_iter().flatten().map(String::as_str).collect();
        if known.is_empty() { "no place named".to_owned() } else { known.join(", ") }
    }
}
