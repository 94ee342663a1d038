//! Cohorts: closed groups that go through a programme together.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{CohortSlug, PartnerSlug, RoleSlug, TeamSlug};

/// A role-alike group that meets as a series, led by one partner or jointly by several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// Its name in addresses and files.
    pub slug: CohortSlug,
    /// Its name for people.
    pub name: String,
    /// The role its members share.
    pub role: RoleSlug,
    /// The partners who lead it; the first one hosts.
    pub partners: Vec<PartnerSlug>,
    /// The city teams whose person in that role takes part.
    pub teams: BTreeSet<TeamSlug>,
}
