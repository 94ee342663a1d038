//! What an agenda knows beside its events, made once however often those change.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::hall::Hall;
use super::lane::{Lane, Stay};
use super::{Audience, Entry, Facts, Roster, day_numbers};
use crate::domain::civic::{Blackout, BudgetYear, Meeting};
use crate::domain::conflict::OwnPolicies;
use crate::domain::conflict::sources::ByEvent;
use crate::domain::pattern::Outlook;
use crate::domain::{Civic, Days, Event, Observance, PartnerSlug, PersonSlug, RoleTree, Team};

/// Roles, teams, days to plan around, and what people are called.
#[derive(Debug)]
pub struct Setting {
    /// The roles.
    pub roles: RoleTree,
    /// The city teams.
    pub teams: Vec<Team>,
    /// The days to plan around.
    pub observances: Vec<Observance>,
    /// Which table of observances this is; findings name it.
    pub observances_version: String,
    /// Speakers, by name for people.
    pub people: BTreeMap<PersonSlug, String>,
    /// Partners, by name for people.
    pub partners: BTreeMap<PartnerSlug, String>,
    /// What cities and partners have said of their own calendars.
    pub civic: Civic,
    /// What sources say of events where it is contested.
    pub claims: ByEvent,
    /// The policies that partners and events have of their own.
    pub policies: OwnPolicies,
    pub(super) roster: Roster,
    /// Observances, in days.
    almanac: Lane,
    hall: Hall,
}

impl Setting {
    /// What these facts say beside their events, and those, and what is called now.
    pub(super) fn new(facts: Facts) -> (Self, Vec<Entry>, DateTime<Utc>) {
        let Facts {
            entries,
            roles,
            teams,
            observances,
            observances_version,
            people,
            partners,
            civic,
            claims,
            policies,
            now,
            outlook: _,
        } = facts;
        let setting = Self {
            roster: Roster::new(&roles, &teams, entries.iter().map(|entry| &entry.event)),
            almanac: almanac(&observances),
            hall: Hall::new(&teams, &civic),
            roles,
            teams,
            observances,
            observances_version,
            people,
            partners,
            civic,
            claims,
            policies,
        };
        (setting, entries, now)
    }

    /// Are all of an event's roles, and its cohort, among those that the roster has numbers for?
    pub(super) fn knows(&self, event: &Event) -> bool {
        self.roster.knows(event)
    }

    /// The same setting, with numbers for what these events name.
    pub(super) fn reaching(known: &Arc<Self>, entries: &[Entry]) -> Arc<Self> {
        if entries.iter().all(|entry| known.knows(&entry.event)) {
            return Arc::clone(known);
        }
        let facts = Facts {
            entries: entries.to_vec(),
            roles: known.roles.clone(),
            teams: known.teams.clone(),
            observances: known.observances.clone(),
            observances_version: known.observances_version.clone(),
            people: known.people.clone(),
            partners: known.partners.clone(),
            civic: known.civic.clone(),
            claims: known.claims.clone(),
            policies: known.policies.clone(),
            outlook: Outlook::default(),
            now: DateTime::UNIX_EPOCH,
        };
        Arc::new(Self::new(facts).0)
    }

    pub(super) fn observances(&self, days: Days) -> impl Iterator<Item = &Observance> {
        let (from, until) = day_numbers(days);
        self.almanac.meeting(from, until).map(|place| &self.observances[place as usize])
    }

    pub(super) fn meetings(&self, days: Days) -> impl Iterator<Item = (u32, &Meeting)> {
        self.hall.meetings(days).map(|(place, team)| (team, &self.civic.meetings[place]))
    }

    pub(super) fn blackouts(&self, days: Days) -> impl Iterator<Item = (&Blackout, Option<u32>)> {
        let blackout = |place: usize| (&self.civic.blackouts[place], self.hall.team_of_blackout[place]);
        self.hall.blackouts(days).map(blackout)
    }

    pub(super) fn budgets<'a>(&'a self, audience: &'a Audience) -> impl Iterator<Item = (BudgetYear, u32, bool)> + 'a {
        self.hall.budgets(audience, &self.roster)
    }
}

fn almanac(observances: &[Observance]) -> Lane {
    let stay = |(observance, who): (&Observance, u32)| {
        let (from, until) = day_numbers(observance.days);
        Stay { from, until, who }
    };
    Lane::new(observances.iter().zip(0..).map(stay).collect())
}
