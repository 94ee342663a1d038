//! What an agenda is made of.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::pattern::Outlook;
use crate::domain::{Civic, Event, Observance, Occurrence, PartnerSlug, PersonSlug, RoleTree, Team};

/// An event with the times that it happens.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// What people agreed on.
    pub event: Event,
    /// Its occurrences, or those within the window that is looked at.
    pub occurrences: Vec<Occurrence>,
}

impl Entry {
    /// An event that happens once: its recurrence is not looked at.
    #[must_use]
    pub fn once(event: Event) -> Self {
        let when = event.details.when;
        let span = when.span(event.details.zone);
        let occurrence = Occurrence { original: when.wall_start(), when, span, title: None, cancelled: false };
        Self { event, occurrences: vec![occurrence] }
    }
}

/// Everything that a search for conflicts may know.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The events, each once.
    pub entries: Vec<Entry>,
    /// The roles.
    pub roles: RoleTree,
    /// The city teams.
    pub teams: Vec<Team>,
    /// The days to plan around.
    pub observances: Vec<Observance>,
    /// Large convenings that a year usually has, and which of them are announced.
    pub outlook: Outlook,
    /// Which table of observances this is; findings name it.
    pub observances_version: String,
    /// Speakers, by name for people.
    pub people: BTreeMap<PersonSlug, String>,
    /// Partners, by name for people.
    pub partners: BTreeMap<PartnerSlug, String>,
    /// What cities and partners have said of their own calendars.
    pub civic: Civic,
    /// The moment that is called now.
    pub now: DateTime<Utc>,
}
