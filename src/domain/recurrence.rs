//! Series and their occurrences.

use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::{EventStatus, Span, When};

/// How an event repeats. Everything is wall time in the event's own zone (RFC 5545 section 3.8.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recurrence {
    /// The rule, without its name: `FREQ=WEEKLY;BYDAY=TH;COUNT=3`.
    pub rrule: Option<String>,
    /// Further starts.
    pub rdates: Vec<NaiveDateTime>,
    /// Starts that are left out.
    pub exdates: Vec<Exdate>,
    /// Single occurrences that differ.
    pub overrides: Vec<Override>,
}

/// A start that is left out of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Exdate {
    /// The occurrence that starts then.
    At(NaiveDateTime),
    /// Whatever starts on that day.
    Day(NaiveDate),
}

/// One occurrence of a series that differs from the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The start it would have had (`RECURRENCE-ID`), midnight for whole days.
    pub original: NaiveDateTime,
    /// When it is now.
    pub when: When,
    /// Its own title, if it has one.
    pub title: Option<String>,
    /// Its own status: cancelled or not.
    pub status: Option<EventStatus>,
}

/// One time that an event happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The start it has by the rule; names the occurrence within its series.
    pub original: NaiveDateTime,
    /// When it is.
    pub when: When,
    /// The instants it covers.
    pub span: Span,
    /// Its own title, if it differs.
    pub title: Option<String>,
    /// Only this occurrence is cancelled.
    pub cancelled: bool,
}
