//! Events: a partner's convening, or a cohort's session.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CohortSlug, EventStatus, PartnerSlug, PersonSlug, Recurrence, RoleSlug, Venue, When};

/// Names one event for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(pub Uuid);

impl EventId {
    /// How many characters it has as text.
    pub const LENGTH: usize = 36;
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl FromStr for EventId {
    type Err = uuid::Error;
    fn from_str(text: &str) -> Result<Self, uuid::Error> {
        Uuid::try_parse(text).map(Self)
    }
}

/// A gathering: what people agreed on, and how it came to be known.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its name for ever.
    pub id: EventId,
    /// Where it stands.
    pub status: EventStatus,
    /// Raised by every stored change: what `If-Match` compares.
    pub revision: u32,
    /// Raised by every change that people see (RFC 5545 section 3.8.7.4).
    pub sequence: u32,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
    /// When it last changed; what feeds give as `LAST-MODIFIED`.
    pub changed_at: DateTime<Utc>,
    /// Where it was read; `None` for what was typed in.
    pub source: Option<Source>,
    /// The partners whose answers are wanted on its dates: they may know of it before it is public.
    pub asked: BTreeSet<PartnerSlug>,
    /// What people agreed on.
    pub details: Details,
}

/// What people agreed on about an event. Equal details are no change.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// A partner's convening or a cohort's session.
    pub kind: EventKind,
    /// Its title.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Its own page.
    pub url: Option<String>,
    /// Where to join it online.
    pub join_url: Option<String>,
    /// Who calls it.
    pub partner: PartnerSlug,
    /// Who calls it with them.
    pub co_hosts: Vec<PartnerSlug>,
    /// The closed group it is for.
    pub cohort: Option<CohortSlug>,
    /// The convening it is set beside.
    pub anchor: Option<EventId>,
    /// Whom it is for.
    pub roles: BTreeSet<RoleSlug>,
    /// Of which states' city teams it is only for, as `OH`: a regional convening. None: of all.
    pub states: BTreeSet<String>,
    /// The stages of GARE's framework that it serves: `normalize`, `organize`, `operationalize`.
    pub stages: BTreeSet<String>,
    /// Who speaks.
    pub speakers: BTreeSet<PersonSlug>,
    /// How many people are expected.
    pub expected: Option<u32>,
    /// Never shown in public, whatever its status.
    pub private: bool,
    /// Takes nobody's time (`TRANSP:TRANSPARENT`).
    pub transparent: bool,
    /// In person, virtual or both.
    pub mode: Mode,
    /// Where, as far as it is known.
    pub venue: Option<Venue>,
    /// When, as people said it.
    pub when: When,
    /// The zone of that wall time, and of its civil days.
    pub zone: Tz,
    /// How it repeats.
    pub recurrence: Option<Recurrence>,
    /// The last day that its dates are kept, while it is only a hold.
    pub hold_until: Option<NaiveDate>,
}

impl Event {
    /// An event that was typed in just now: its first revision.
    #[must_use]
    pub fn new(id: EventId, status: EventStatus, details: Details, now: DateTime<Utc>) -> Self {
        Self {
            id,
            status,
            revision: 1,
            sequence: 0,
            created_at: now,
            changed_at: now,
            source: None,
            asked: BTreeSet::new(),
            details,
        }
    }

    /// May anybody see it?
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.status.is_public() && !self.details.private
    }

    /// Is it called by this partner, alone or with others?
    #[must_use]
    pub fn is_called_by(&self, partner: &PartnerSlug) -> bool {
        self.details.partner == *partner || self.details.co_hosts.contains(partner)
    }
}

impl Details {
    /// Is it for city teams of this state? One whose state is not known is in no region.
    #[must_use]
    pub fn is_for_state(&self, state: Option<&str>) -> bool {
        self.states.is_empty() || state.is_some_and(|state| self.states.contains(state))
    }

    /// A partner's convening in person, of which no more is known than its name and when it is.
    #[must_use]
    pub fn new(title: &str, partner: PartnerSlug, when: When, zone: Tz) -> Self {
        Self {
            kind: EventKind::Convening,
            title: title.to_owned(),
            description: String::new(),
            url: None,
            join_url: None,
            partner,
            co_hosts: Vec::new(),
            cohort: None,
            states: BTreeSet::new(),
            anchor: None,
            roles: BTreeSet::new(),
            stages: BTreeSet::new(),
            speakers: BTreeSet::new(),
            expected: None,
            private: false,
            transparent: false,
            mode: Mode::InPerson,
            venue: None,
            when,
            zone,
            recurrence: None,
            hold_until: None,
        }
    }

    /// People must travel to it: in person, or hybrid, which many come to in person.
    #[must_use]
    pub fn is_in_person(&self) -> bool {
        self.mode != Mode::Virtual
    }
}

/// A partner's convening or a cohort's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A partner's conference, meeting or webinar.
    Convening,
    /// A cohort's or a role-alike group's session.
    Session,
}

/// How people take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In one place.
    InPerson,
    /// Online.
    Virtual,
    /// Both.
    Hybrid,
}

impl EventKind {
    /// As it is written in JSON, CSV and SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Convening => "convening",
            Self::Session => "session",
        }
    }
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Virtual, Self::Hybrid];

    /// As it is written in JSON, CSV and SQL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Virtual => "virtual",
            Self::Hybrid => "hybrid",
        }
    }

    /// As people say it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::InPerson => "in person",
            Self::Virtual => "virtual",
            Self::Hybrid => "hybrid",
        }
    }
}

impl FromStr for EventKind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "convening" => Ok(Self::Convening),
            "session" => Ok(Self::Session),
            _ => Err(format!("“{text}” is no kind of event; there are convening, session")),
        }
    }
}

impl FromStr for Mode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.as_str() == text)
            .ok_or_else(|| format!("“{text}” is no mode; there are in_person, virtual, hybrid"))
    }
}

/// Where an event was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Its `UID` there.
    pub uid: String,
    /// The file or address, without secrets.
    pub calendar: String,
    /// When it was last read with a change.
    pub read_at: DateTime<Utc>,
    /// The `SEQUENCE` it had there.
    #[serde(skip)]
    pub sequence: u32,
    /// What it said there when it was last read: the next reading is compared with that.
    #[serde(skip)]
    pub facts: String,
}
