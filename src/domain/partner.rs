//! Partners and their people: who calls, who speaks.

use serde::{Deserialize, Serialize};

use super::{PartnerSlug, PersonSlug};

/// An organisation that calls convenings and shares its calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Its name in addresses and files.
    pub slug: PartnerSlug,
    /// Its name for people.
    pub name: String,
    /// Its home page.
    pub url: Option<String>,
}

/// Someone who speaks at sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Their name in addresses and files.
    pub slug: PersonSlug,
    /// Their name for people.
    pub name: String,
}
