//! stub
use super::{Event, Observance, Occurrence, PartnerSlug, PersonSlug, RoleTree, Team};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
/// An event with its occurrences.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// e
    pub event: Event,
    /// o
    pub occurrences: Vec<Occurrence>,
}
/// f
pub struct Facts {
    /// .
    pub entries: Vec<Entry>,
    /// .
    pub roles: RoleTree,
    /// .
    pub teams: Vec<Team>,
    /// .
    pub observances: Vec<Observance>,
    /// .
    pub observances_version: String,
    /// .
    pub people: BTreeMap<PersonSlug, String>,
    /// .
    pub partners: BTreeMap<PartnerSlug, String>,
    /// .
    pub now: DateTime<Utc>,
}
/// a
pub struct Agenda;
impl Agenda {
    /// n
    #[must_use]
    pub fn new(_: Facts) -> Self {
        Self
    }
}
