//! What somebody may know of a finding: the one place that decides, by [`Actor::may_see`].
//!
//! Whoever may see all that it is about is told the whole of it. Whoever calls one of its events and may
//! not know of the other learns that days are taken, how gravely and for whom, and no more
//! ([`Finding::veiled`]). Anybody else is not told at all.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Actor, Result};
use crate::domain::agenda::Entry;
use crate::domain::conflict::{Expiry, Finding, Grain, Names, by_the_week};
use crate::domain::{Event, EventId, PersonSlug, RoleTree};
use crate::store::{Error as Missing, Override, Reader, StoredFinding};

/// What a partner is called of which the reader may not know.
pub const ANOTHER: &str = "another partner";

/// What can be asked again and again without leaving a trace, as it may be looked at: a plan that the actor may not
/// know of takes the whole of its weeks by that clock, so that no number of questions tells on which days it is.
pub(super) fn blurred(actor: &Actor, entry: Entry, zone: Tz) -> Entry {
    if actor.may_see(&entry.event) { entry } else { by_the_week(&entry, zone) }
}

/// Is it set beside something that the actor may not know of? That it must keep apart from on the very days.
///
/// # Errors
/// What the store says.
pub(super) fn is_beside_hidden(reader: &Reader<'_>, actor: &Actor, event: &Event) -> Result<bool> {
    let anchor = event.details.anchor.map(|anchor| reader.event(anchor)).transpose();
    Ok(match anchor {
        Err(Missing::NotFound(_)) => false,
        anchor => anchor?.is_some_and(|anchor| !actor.may_see(&anchor)),
    })
}

/// The eyes that findings are read with.
pub struct Eyes<'a> {
    reader: &'a Reader<'a>,
    actor: &'a Actor,
    roles: RoleTree,
    people: BTreeMap<PersonSlug, String>,
    known: BTreeMap<EventId, Event>,
    grain: Grain,
}

impl<'a> Eyes<'a> {
    /// Those of `actor`.
    ///
    /// # Errors
    /// What the store says.
    pub fn of(reader: &'a Reader<'a>, actor: &'a Actor) -> Result<Self> {
        let people = reader.people()?.into_iter().map(|person| (person.slug, person.name)).collect();
        Ok(Self { reader, actor, roles: reader.roles()?, people, known: BTreeMap::new(), grain: Grain::Days })
    }

    /// With an event that is not stored, or not as it is meant here.
    #[must_use]
    pub fn with(mut self, event: &Event) -> Self {
        self.known.insert(event.id, event.clone());
        self
    }

    /// Makes them know an event that they may see, as it is stored.
    pub(super) fn meet(&mut self, event: &Event) {
        if self.actor.may_see(event) {
            self.known.entry(event.id).or_insert_with(|| event.clone());
        }
    }

    /// For what was found by [`blurred`] plans.
    #[must_use]
    pub fn by_the_week(mut self) -> Self {
        self.grain = Grain::Weeks;
        self
    }

    /// A finding as far as they may know of it; `None` where they may not know that there is one.
    ///
    /// # Errors
    /// What the store says.
    pub fn told(&mut self, finding: Finding) -> Result<Option<Finding>> {
        if self.actor.sees_all() {
            return Ok(Some(finding));
        }
        self.know(&finding)?;
        let about: Vec<&Event> = finding.events.iter().filter_map(|id| self.known.get(id)).collect();
        let (seen, hidden): (Vec<&Event>, Vec<&Event>) = about.into_iter().partition(|event| self.actor.may_see(event));
        let calls = |event: &&&Event| self.actor.partner().is_some_and(|partner| event.is_called_by(partner));
        Ok(match (hidden.first(), seen.iter().find(calls)) {
            (None, _) => Some(finding),
            (Some(other), Some(own)) => {
                finding.veiled(own, other, Names { roles: &self.roles, people: &self.people }, self.grain)
            }
            (Some(_), None) => None,
        })
    }

    /// The same for several, in their order.
    ///
    /// # Errors
    /// What the store says.
    pub fn told_all(&mut self, findings: Vec<Finding>) -> Result<Vec<Finding>> {
        let mut told = Vec::with_capacity(findings.len());
        for finding in findings {
            told.extend(self.told(finding)?);
        }
        Ok(told)
    }

    /// Do they call one of the events that it is about?
    ///
    /// # Errors
    /// What the store says.
    pub fn calls_one_of(&mut self, finding: &Finding) -> Result<bool> {
        self.know(finding)?;
        let mut about = finding.events.iter().filter_map(|id| self.known.get(id));
        Ok(self.actor.partner().is_some_and(|partner| about.any(|event| event.is_called_by(partner))))
    }

    fn know(&mut self, finding: &Finding) -> Result<()> {
        for id in &finding.events {
            if !self.known.contains_key(id) {
                self.known.insert(*id, self.reader.event(*id)?);
            }
        }
        Ok(())
    }

    /// The same with the decision on it that holds at this time: what the other side decided and why is theirs.
    ///
    /// # Errors
    /// What the store says.
    pub fn told_stored(&mut self, stored: StoredFinding, now: DateTime<Utc>) -> Result<Option<StoredFinding>> {
        let Some(finding) = self.told(stored.finding)? else { return Ok(None) };
        let holds = stored.overridden.filter(|decision| decision.holds_for(&finding.facts, now));
        let overridden = holds.map(|decision| self.told_decision(&finding, decision)).transpose()?;
        Ok(Some(StoredFinding { finding, overridden, ..stored }))
    }

    /// A decision on a finding, as far as they may know of it.
    ///
    /// # Errors
    /// What the store says.
    pub fn told_decision(&self, finding: &Finding, decision: Override) -> Result<Override> {
        if !finding.withheld || self.is_of_own(&decision)? {
            return Ok(decision);
        }
        // The other's zone would tell where it is: by the reader's own clock, then.
        let own = finding.events.first().and_then(|id| self.known.get(id)).map(|event| event.details.zone);
        let expiry = decision.expiry.map(|expiry| Expiry { zone: own.unwrap_or(chrono_tz::UTC), ..expiry });
        Ok(Override {
            by_name: ANOTHER.to_owned(),
            by_email: String::new(),
            reason: "The reason is not public.".to_owned(),
            expiry,
            ..decision
        })
    }

    fn is_of_own(&self, decision: &Override) -> Result<bool> {
        let by = self.reader.user(&decision.by_email)?;
        Ok(by.is_some_and(|by| by.partner.is_some() && self.actor.partner() == by.partner.as_ref()))
    }
}
