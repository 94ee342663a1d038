//! A finding as programs see it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::domain::conflict::Finding;

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
}

impl<'a> FindingJson<'a> {
    /// The finding with its override.
    #[must_use]
    pub fn new(finding: &'a Finding, overridden: Option<OverrideJson<'a>>) -> Self {
        Self { finding, overridden }
    }
}
