//! City teams: people of one government in different roles who work on one aim.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::place::distance_km;
use super::{CohortSlug, Details, Event, RoleSlug, RoleTree, TeamSlug};

/// A team of one city or county.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Team {
    /// Its name in addresses and files.
    pub slug: TeamSlug,
    /// The government it works for: “Riverbend”.
    pub name: String,
    /// Two-letter state.
    pub state: Option<String>,
    /// Where its people live by the clock.
    pub zone: Tz,
    /// Where it travels from: latitude and longitude in degrees.
    pub home: Option<(f64, f64)>,
    /// Its people; private to the team.
    pub members: Vec<Member>,
}

/// One person of a city team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their name, as the team lead wrote it.
    pub name: String,
    /// What they do.
    pub role: RoleSlug,
    /// The closed groups they take part in.
    pub cohorts: BTreeSet<CohortSlug>,
}

impl Team {
    /// Is it held where the team works, so that nobody travels?
    #[must_use]
    pub fn is_home_of(&self, event: &Event, apart_km: u32) -> bool {
        let Some(venue) = &event.details.venue else { return false };
        match (venue.position(), self.home) {
            (Some(there), Some(home)) => distance_km(there, home) <= f64::from(apart_km),
            _ => venue.state == self.state && venue.city.as_deref() == Some(&self.name),
        }
    }

    /// Those whom an event is for.
    pub fn invited<'a>(&'a self, tree: &'a RoleTree, details: &'a Details) -> impl Iterator<Item = &'a Member> {
        self.members.iter().filter(move |member| self.is_invited(member, tree, details))
    }

    /// Is an event for this member of it? One for a region is for nobody elsewhere.
    #[must_use]
    pub fn is_invited(&self, member: &Member, tree: &RoleTree, details: &Details) -> bool {
        details.is_for_state(self.state.as_deref()) && member.is_invited(tree, &details.roles, details.cohort.as_ref())
    }
}

impl Member {
    /// Is an event for these roles, or for this closed cohort, for them?
    #[must_use]
    fn is_invited(&self, tree: &RoleTree, roles: &BTreeSet<RoleSlug>, cohort: Option<&CohortSlug>) -> bool {
        match cohort {
            Some(cohort) => self.cohorts.contains(cohort),
            None => roles.iter().any(|wide| tree.is_within(&self.role, wide)),
        }
    }
}
