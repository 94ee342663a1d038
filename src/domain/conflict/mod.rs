//! stub
#![allow(missing_docs)]
use super::{
    Days, EventId, PersonSlug, RoleSlug, Span,
    agenda::{Agenda, Entry},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(pub String);
impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    RoleOverlap,
}
impl Kind {
    pub fn as_str(self) -> &'static str {
        "role_overlap"
    }
    pub fn label(self) -> &'static str {
        "role overlap"
    }
    pub const ALL: [Self; 1] = [Self::RoleOverlap];
}
impl std::str::FromStr for Kind {
    type Err = String;
    fn from_str(_: &str) -> Result<Self, String> {
        Ok(Self::RoleOverlap)
    }
}
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Opportunity,
    Note,
    Low,
    Medium,
    High,
    Block,
}
impl Severity {
    pub fn as_str(self) -> &'static str {
        "high"
    }
    pub const ALL: [Self; 1] = [Self::High];
}
impl std::str::FromStr for Severity {
    type Err = String;
    fn from_str(_: &str) -> Result<Self, String> {
        Ok(Self::High)
    }
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Touches {
    pub roles: Vec<RoleSlug>,
    pub people: Vec<PersonSlug>,
    pub teams: u32,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Because {
    pub rule: Kind,
    pub name: Option<String>,
    pub data: Option<String>,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct At {
    pub event: EventId,
    pub start: DateTime<Utc>,
    pub end: DateTime<Utc>,
}
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub fingerprint: Fingerprint,
    pub kind: Kind,
    pub severity: Severity,
    pub events: Vec<EventId>,
    pub occurrences: Vec<At>,
    pub overlap: Option<Span>,
    pub touches: Touches,
    pub because: Because,
    pub message: String,
    pub facts: String,
}
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {}
pub fn find(_: &Entry, _: &Agenda, _: &Policy) -> Vec<Finding> {
    vec![]
}
pub fn find_all(_: &Agenda, _: &Policy) -> Vec<Finding> {
    vec![]
}
pub fn reach(days: Days) -> Days {
    days.widened(90)
}
impl Severity {
    pub fn is_at_least(self, o: Self) -> bool {
        self >= o
    }
}
pub fn order(a: &Finding, b: &Finding) -> std::cmp::Ordering { b.severity.cmp(&a.severity) }
