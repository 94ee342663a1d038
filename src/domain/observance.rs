//! Days to plan around: religious, cultural and civic. About dates, never about a person's faith.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Days;

/// A date, or several, to plan around.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observance {
    /// “Passover (last two days)”.
    pub name: String,
    /// Civil days, both included.
    pub days: Days,
    /// What sort of day it is.
    pub kind: ObservanceKind,
    /// How strongly to plan around it, by default.
    pub tier: Tier,
    /// Begins at local sunset on the day before the first, and ends at nightfall of the last.
    pub from_sunset: bool,
    /// Some may not work then.
    pub work_restricted: bool,
    /// Two-letter state it holds for; `None` is the whole country.
    pub state: Option<String>,
    /// How sure the dates are.
    pub certainty: Certainty,
    /// The first day by another reckoning, where the two differ.
    pub alternate: Option<NaiveDate>,
    /// It is [calculated](super::almanac), not read from a table.
    #[serde(default)]
    pub calculated: bool,
}

/// What sort of day an observance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ObservanceKind {
    /// A federal holiday, or the day it is observed on.
    Federal,
    /// A civic day that is no federal holiday.
    Civic,
    /// A general election or a primary.
    Election,
    /// A season: Ramadan, Thanksgiving week.
    Season,
    /// A religious day.
    Religious,
    /// A cultural day.
    Cultural,
    /// The night the clocks change.
    ClockChange,
}

/// How strongly to plan around an observance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// Worth knowing.
    Note,
    /// Think twice.
    Caution,
    /// Plan around it.
    Avoid,
}

/// How sure an observance's dates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Fixed by rule.
    Exact,
    /// The moon is sighted, or communities differ: a day more or less.
    #[serde(rename = "plus-minus-1")]
    PlusMinusOne,
    /// A state can change the law.
    MayMove,
}

/// What sort of election a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Election {
    /// The general election, in November of even years.
    General,
    /// November of odd years: many local races and some states.
    Local,
    /// One state's own: a primary.
    State,
}

impl Observance {
    /// What sort of election it is; `None` where it is none.
    #[must_use]
    pub fn election(&self) -> Option<Election> {
        (self.kind == ObservanceKind::Election).then(|| match self.state {
            Some(_) => Election::State,
            None if self.name.starts_with("General Election") => Election::General,
            None => Election::Local,
        })
    }
}
