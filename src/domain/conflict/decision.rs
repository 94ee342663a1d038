//! How long a decision to go on in spite of a finding holds, and why it holds no longer.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::domain::span::instant;

/// A civil day from which on a decision holds no longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expiry {
    /// The first day on which it does not hold.
    pub day: NaiveDate,
    /// By whose clock: that of the convening that whoever decided calls.
    pub zone: Tz,
}

impl Expiry {
    /// The instant at which its day begins.
    #[must_use]
    pub fn at(self) -> DateTime<Utc> {
        instant(self.day.and_time(NaiveTime::MIN), self.zone)
    }
}

/// What ended a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its day came.
    Expired,
    /// Somebody took it back.
    Withdrawn,
    /// Another one was made about the same finding.
    Replaced,
}

impl Ending {
    /// As it is written in JSON and SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
        }
    }
}

impl FromStr for Ending {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let all = [Self::Expired, Self::Withdrawn, Self::Replaced];
        all.into_iter().find(|one| one.as_str() == text).ok_or_else(|| format!("“{text}” ends no decision"))
    }
}

/// Whether a decision holds, and if not why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// The finding stands, and it is the one that was decided on.
    Holds,
    /// The finding stands, but what it is about is not what was decided on.
    FactsChanged,
    /// There is no such finding any more.
    Gone,
    /// Its day has come.
    Expired,
    /// It was taken back.
    Withdrawn,
    /// There is a later one about the same finding.
    Replaced,
}

impl Standing {
    /// How a decision stands that was given for `facts`; `found` are the facts of the finding, if it stands.
    ///
    /// ```
    /// use convene::domain::conflict::{Expiry, Standing};
    /// let at = |text: &str| text.parse().unwrap();
    /// let expiry = Expiry { day: "2027-05-01".parse().unwrap(), zone: chrono_tz::America::Chicago };
    /// let stands = |now| Standing::of(None, Some(expiry), "ab", Some("ab"), at(now));
    /// assert_eq!(stands("2027-05-01T04:59:59Z"), Standing::Holds);
    /// assert_eq!(stands("2027-05-01T05:00:00Z"), Standing::Expired); // midnight in Chicago
    /// ```
    #[must_use]
    pub fn of(ending: Option<Ending>, expiry: Option<Expiry>, facts: &str, found: Option<&str>, now: DateTime<Utc>) -> Self {
        match (ending, found) {
            (Some(Ending::Withdrawn), _) => Self::Withdrawn,
            (Some(Ending::Replaced), _) => Self::Replaced,
            (Some(Ending::Expired), _) => Self::Expired,
            (None, _) if expiry.is_some_and(|expiry| expiry.at() <= now) => Self::Expired,
            (None, None) => Self::Gone,
            (None, Some(found)) if found != facts => Self::FactsChanged,
            (None, Some(_)) => Self::Holds,
        }
    }

    /// As it is written in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::FactsChanged => "facts_changed",
            Self::Gone => "gone",
            Self::Expired => "expired",
            Self::Withdrawn => "withdrawn",
            Self::Replaced => "replaced",
        }
    }

    /// The same for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Holds => "It holds.",
            Self::FactsChanged => "It holds no longer: what it was about has changed, and the finding stands again.",
            Self::Gone => "Nothing hangs on it now: the two do not clash like this any more.",
            Self::Expired => "It has expired.",
            Self::Withdrawn => "It was withdrawn.",
            Self::Replaced => "A later decision took its place.",
        }
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_holds_for_its_facts_until_it_ends_expires_or_has_nothing_to_hold_for() {
        let expiry = Expiry { day: "2027-05-01".parse().expect("a day"), zone: chrono_tz::Pacific::Honolulu };
        let (before, after) = ("2027-05-01T09:59:59Z", "2027-05-01T10:00:00Z");
        for (ending, expiry, found, now, standing) in [
            (None, None, Some("ab"), after, Standing::Holds),
            (None, Some(expiry), Some("ab"), before, Standing::Holds),
            (None, Some(expiry), Some("ab"), after, Standing::Expired),
            (None, Some(expiry), None, after, Standing::Expired),
            (None, None, Some("cd"), after, Standing::FactsChanged),
            (None, None, None, after, Standing::Gone),
            (Some(Ending::Withdrawn), Some(expiry), Some("ab"), after, Standing::Withdrawn),
            (Some(Ending::Replaced), None, Some("ab"), after, Standing::Replaced),
            (Some(Ending::Expired), Some(expiry), Some("ab"), before, Standing::Expired),
        ] {
            let now = now.parse().expect("an instant");
            assert_eq!(Standing::of(ending, expiry, "ab", found, now), standing, "{ending:?} {found:?} {now}");
        }
    }

    #[test]
    fn the_day_begins_when_the_clock_says_so_even_where_it_skips_midnight() {
        // Havana's clocks go from 00:00 to 01:00 on 14 March 2027.
        let expiry = Expiry { day: "2027-03-14".parse().expect("a day"), zone: chrono_tz::America::Havana };
        assert_eq!(expiry.at().to_rfc3339(), "2027-03-14T05:00:00+00:00");
    }

    #[test]
    fn endings_are_read_as_they_are_written() {
        for ending in [Ending::Expired, Ending::Withdrawn, Ending::Replaced] {
            assert_eq!(ending.as_str().parse(), Ok(ending));
        }
        assert!("forgotten".parse::<Ending>().is_err());
    }
}
