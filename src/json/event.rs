//! An event as programs see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::{
    CohortSlug, Event, EventId, EventKind, EventStatus, Mode, PartnerSlug, PersonSlug, Recurrence, RoleSlug, Source, Venue, When,
};

/// An event as `interface` describes it; its fields are in that order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EventJson {
    /// Its name for ever.
    pub id: EventId,
    /// Convening or session.
    pub kind: EventKind,
    /// Where it stands.
    pub status: EventStatus,
    /// What `If-Match` compares.
    pub revision: u32,
    /// What calendar programs compare.
    #[serde(default)]
    pub sequence: u32,
    /// Its title.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Its own page.
    pub url: Option<String>,
    /// Where to join it.
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
    pub roles: Vec<RoleSlug>,
    /// Of which states' city teams it is only for; left out where it is for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<String>,
    /// Stages it serves.
    pub stages: Vec<String>,
    /// Who speaks.
    pub speakers: Vec<PersonSlug>,
    /// How many are expected.
    pub expected: Option<u32>,
    /// Never public.
    pub private: bool,
    /// Takes nobody's time.
    #[serde(default)]
    pub transparent: bool,
    /// How people take part.
    pub mode: Mode,
    /// Where.
    pub venue: Option<Venue>,
    /// Whole days.
    pub all_day: bool,
    /// A date, or a wall time.
    pub start: String,
    /// The last day, or a wall time; null where it is not known.
    pub end: Option<String>,
    /// The IANA zone of that wall time.
    pub time_zone: String,
    /// How it repeats.
    pub recurrence: Option<Recurrence>,
    /// The last day that its dates are kept, while it is only a hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<NaiveDate>,
    /// Where it was read.
    pub source: Option<Source>,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
}

impl From<&Event> for EventJson {
    fn from(event: &Event) -> Self {
        let details = &event.details;
        let (all_day, start, end) = when_texts(details.when);
        Self {
            id: event.id,
            kind: details.kind,
            status: event.status,
            revision: event.revision,
            sequence: event.sequence,
            title: details.title.clone(),
            description: details.description.clone(),
            url: details.url.clone(),
            join_url: details.join_url.clone(),
            partner: details.partner.clone(),
            co_hosts: details.co_hosts.clone(),
            cohort: details.cohort.clone(),
            anchor: details.anchor,
            roles: details.roles.iter().cloned().collect(),
            states: details.states.iter().cloned().collect(),
            stages: details.stages.iter().cloned().collect(),
            speakers: details.speakers.iter().cloned().collect(),
            expected: details.expected,
            private: details.private,
            transparent: details.transparent,
            mode: details.mode,
            venue: details.venue.clone(),
            all_day,
            start,
            end,
            time_zone: details.zone.name().to_owned(),
            recurrence: details.recurrence.clone(),
            hold_until: details.hold_until,
            source: event.source.clone(),
            created_at: event.created_at,
            changed_at: event.changed_at,
        }
    }
}

impl EventJson {
    /// The form as text; the same event gives the same text.
    #[must_use]
    pub fn to_text(event: &Event) -> String {
        serde_json::to_string(&Self::from(event)).unwrap_or_default()
    }

    /// Reads what [`EventJson::to_text`] wrote.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// When it is, as a value; `None` where the texts are no dates.
    #[must_use]
    pub fn when(&self) -> Option<When> {
        when_of(self.all_day, &self.start, self.end.as_deref())
    }
}

/// Reads what [`when_texts`] wrote.
pub(crate) fn when_of(all_day: bool, start: &str, end: Option<&str>) -> Option<When> {
    if all_day {
        let last = end.map(str::parse).transpose().ok()?;
        Some(When::Days { first: start.parse().ok()?, last })
    } else {
        let end = end.map(str::parse).transpose().ok()?;
        Some(When::Times { start: start.parse().ok()?, end })
    }
}

/// `all_day`, `start` and `end` as programs see them.
pub(crate) fn when_texts(when: When) -> (bool, String, Option<String>) {
    let wall = |at: chrono::NaiveDateTime| at.format("%Y-%m-%dT%H:%M:%S").to_string();
    match when {
        When::Days { first, last } => (true, first.to_string(), last.map(|day| day.to_string())),
        When::Times { start, end } => (false, wall(start), end.map(wall)),
    }
}
