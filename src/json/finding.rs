//! A finding as programs see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::domain::conflict::{Finding, Fingerprint, Kind, Severity};
use crate::domain::{EventId, PartnerSlug};

/// A finding with the override that holds for it.
#[derive(Debug, Serialize)]
pub struct FindingJson<'a> {
    /// What was found.
    #[serde(flatten)]
    pub finding: &'a Finding,
    /// The decision to go on in spite of it.
    #[serde(rename = "override")]
    pub overridden: Option<OverrideJson<'a>>,
}

/// A decision to go on in spite of a finding.
#[derive(Debug, Serialize)]
pub struct OverrideJson<'a> {
    /// Who decided.
    pub by: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: &'a str,
    /// The civil day from which on it holds no longer; `None` where it was given for good.
    pub expires: Option<NaiveDate>,
    /// By whose clock that day begins.
    pub time_zone: Option<&'a str>,
}

impl<'a> FindingJson<'a> {
    /// The finding with its override.
    #[must_use]
    pub fn new(finding: &'a Finding, overridden: Option<OverrideJson<'a>>) -> Self {
        Self { finding, overridden }
    }
}

/// A decision, whether or not it still holds, with what it is about.
#[derive(Debug, Serialize)]
pub struct DecidedJson<'a> {
    /// The finding.
    pub fingerprint: &'a Fingerprint,
    /// Its kind.
    pub kind: Kind,
    /// How grave it is, or was.
    pub severity: Severity,
    /// The events that the reader may know of.
    pub events: &'a [EventId],
    /// What it says.
    pub message: &'a str,
    /// The decision.
    #[serde(rename = "override")]
    pub decision: OverrideJson<'a>,
    /// `holds`, `facts_changed`, `gone`, `expired`, `withdrawn` or `replaced`.
    pub standing: &'static str,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who ended it, where it was somebody.
    pub ended_by: Option<&'a str>,
}

/// A finding with its history.
#[derive(Debug, Serialize)]
pub struct LifeJson<'a> {
    /// As it stands, or as it was when it went.
    #[serde(flatten)]
    pub finding: FindingJson<'a>,
    /// Does it stand?
    pub stands: bool,
    /// What became of it, in order; empty for those who call none of its events.
    pub history: Vec<MomentJson<'a>>,
}

/// One moment in the life of a finding.
#[derive(Debug, Serialize)]
pub struct MomentJson<'a> {
    /// `opened`, `changed`, `seen`, `told`, `overridden`, `expired`, `withdrawn`, `gone` or `back`.
    pub what: &'static str,
    /// When.
    pub at: DateTime<Utc>,
    /// How grave it was from then on.
    pub severity: Severity,
    /// Who decided, saw it or was told.
    pub by: Option<&'a str>,
    /// For which partner.
    pub partner: Option<&'a PartnerSlug>,
    /// The decision that was made, withdrawn or expired.
    #[serde(rename = "override", skip_serializing_if = "Option::is_none")]
    pub decision: Option<OverrideJson<'a>>,
}
