//! The life of an event: which step may follow which.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// A wish without firm dates; private.
    Idea,
    /// Dates kept provisionally; private to the partners named.
    Hold,
    /// Put forward for answers; private to the partners named.
    Proposed,
    /// A public save-the-date.
    Announced,
    /// Certain.
    Confirmed,
    /// Over.
    Held,
    /// Put off, new dates to come; still visible.
    Postponed,
    /// Called off; still visible.
    Cancelled,
}

impl EventStatus {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 8] =
        [Self::Idea, Self::Hold, Self::Proposed, Self::Announced, Self::Confirmed, Self::Held, Self::Postponed, Self::Cancelled];

    /// As it is written in JSON, CSV and SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idea => "idea",
            Self::Hold => "hold",
            Self::Proposed => "proposed",
            Self::Announced => "announced",
            Self::Confirmed => "confirmed",
            Self::Held => "held",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Public unless the event itself is private: announced or later.
    #[must_use]
    pub fn is_public(self) -> bool {
        self >= Self::Announced
    }

    /// Takes nobody's time: cancelled, postponed, or only an idea.
    #[must_use]
    pub fn is_off(self) -> bool {
        matches!(self, Self::Idea | Self::Cancelled | Self::Postponed)
    }

    /// Only a hold or a proposal: what clashes with it clashes one step lower.
    #[must_use]
    pub fn is_tentative(self) -> bool {
        matches!(self, Self::Idea | Self::Hold | Self::Proposed)
    }

    /// May `next` follow?
    ///
    /// Forward along the life, off from any of the middle ones, and back from postponed once there
    /// are new dates. Nothing follows held or cancelled: what comes back is a new event.
    ///
    /// ```
    /// use convene::domain::EventStatus::{Cancelled, Confirmed, Held, Postponed, Proposed};
    /// assert!(Proposed.may_become(Confirmed));
    /// assert!(Postponed.may_become(Confirmed));
    /// assert!(!Cancelled.may_become(Confirmed));
    /// assert!(!Held.may_become(Cancelled));
    /// ```
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        match self {
            Self::Held | Self::Cancelled => false,
            Self::Postponed => matches!(next, Self::Hold | Self::Proposed | Self::Announced | Self::Confirmed | Self::Cancelled),
            _ => next > self || (next.is_tentative() && self.is_tentative() && next != self),
        }
    }
}

impl fmt::Display for EventStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for EventStatus {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|status| status.as_str()).collect();
            format!("“{text}” is no status; there are {}", known.join(", "))
        })
    }
}
