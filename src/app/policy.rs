//! The policy of a partner, or of one event: what it says, and changing it.

use serde_json::Value;

use super::agenda::own_policies;
use super::record::refresh;
use super::{Actor, App, Error, Result};
use crate::domain::conflict::policy::{Mistake, Patch};
use crate::domain::conflict::{Policy, Voice};
use crate::domain::{Event, EventId};
use crate::json::FieldError;
use crate::store::{Error as StoreError, EventFilter, PolicyChange, PolicyHolder, Reader, StoredPolicy};

/// A policy as its holder sees it.
#[derive(Debug, Clone)]
pub struct OwnPolicy {
    /// What it says of its own.
    pub patch: Patch,
    /// 1 where nobody has said anything yet.
    pub revision: u32,
    /// What holds, with what the wider policies say of the rest.
    pub whole: Policy,
    /// Each threshold and severity by name, its value, and whose policy gives it.
    pub settings: Vec<Setting>,
    /// Who changed it, first to last; for those who may change it.
    pub changes: Vec<PolicyChange>,
    /// May the reader change it?
    pub may_change: bool,
}

/// One threshold or severity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// `team_split.many_teams`.
    pub path: String,
    /// Its value in words.
    pub value: String,
    /// What it would be without the holder's own.
    pub wider: String,
    /// Whose policy gives it.
    pub voice: Voice,
}

/// How a policy is changed.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// It says this and no more.
    Put(Value),
    /// It says this too; a `null` takes back what it said.
    Patch(Value),
}

/// A policy with its history.
///
/// # Errors
/// [`Error::NotFound`] where there is no such partner or event, or it is not theirs to see.
pub fn policy(app: &App, actor: &Actor, whose: &PolicyHolder) -> Result<OwnPolicy> {
    app.store.read::<_, Error>(|reader| {
        let event = must_see(reader, actor, whose)?;
        seen(app, reader, actor, whose, event.as_ref())
    })
}

/// Changes a policy, and computes afresh the findings that it touches, in one transaction.
///
/// A partner's is its administrators' to change, an event's those who call it. `revision` is the one that was
/// read; `None` where they did not say.
///
/// # Errors
/// [`Error::Invalid`] with each name that there is not and each value that cannot be; [`Error::Forbidden`];
/// [`Error::Stale`] when it changed meanwhile.
pub fn change_policy(
    app: &App,
    actor: &Actor,
    whose: &PolicyHolder,
    revision: Option<u32>,
    change: &Change,
    reason: Option<&str>,
) -> Result<OwnPolicy> {
    app.store.write::<_, Error>(|writer| {
        let event = must_see(writer, actor, whose)?;
        if !may_change(actor, whose, event.as_ref()) {
            return Err(Error::Forbidden(match whose {
                PolicyHolder::Partner(partner) => format!("only administrators of {partner} may change its policy"),
                PolicyHolder::Event(_) => "only those who call an event may change its policy".to_owned(),
            }));
        }
        let known = writer.policy_of(whose)?;
        let (before, read) = known.map_or_else(|| (Patch::default(), 1), |known| (known.patch, known.revision));
        if revision.is_some_and(|revision| revision != read) {
            return Err(Error::Stale);
        }
        let after = match change {
            Change::Put(value) => Patch::read(value),
            Change::Patch(value) => before.changed(value),
        };
        let after = after.map_err(refused)?;
        if after != before {
            let record = PolicyChange {
                at: app.now(),
                actor: actor.name().to_owned(),
                reason: reason.map(str::trim).filter(|reason| !reason.is_empty()).map(str::to_owned),
                before,
                after: after.clone(),
            };
            writer.put_policy(&StoredPolicy { whose: whose.clone(), patch: after, revision: read + 1 }, &record)?;
            refresh(app, writer, actor, &touched(writer, whose)?)?;
        }
        seen(app, writer, actor, whose, event.as_ref())
    })
}

/// The events that a policy speaks for.
fn touched(reader: &Reader<'_>, whose: &PolicyHolder) -> Result<Vec<EventId>> {
    Ok(match whose {
        PolicyHolder::Event(id) => vec![*id],
        PolicyHolder::Partner(partner) => {
            let entries = reader.entries(&EventFilter::default())?;
            let events = entries.into_iter().map(|entry| entry.event);
            events.filter(|event| event.details.partner == *partner).map(|event| event.id).collect()
        }
    })
}

/// The event that it is about, where it is about one.
fn must_see(reader: &Reader<'_>, actor: &Actor, whose: &PolicyHolder) -> Result<Option<Event>> {
    match whose {
        PolicyHolder::Partner(partner) if reader.has_partner(partner)? => Ok(None),
        PolicyHolder::Partner(_) => Err(Error::NotFound("partner")),
        PolicyHolder::Event(id) => match reader.event(*id) {
            Ok(event) if actor.may_see(&event) => Ok(Some(event)),
            Ok(_) | Err(StoreError::NotFound(_)) => Err(Error::NotFound("event")),
            Err(error) => Err(error.into()),
        },
    }
}

fn may_change(actor: &Actor, whose: &PolicyHolder, event: Option<&Event>) -> bool {
    let calls = |event: &Event| actor.partner().is_some_and(|partner| event.is_called_by(partner));
    match whose {
        PolicyHolder::Partner(partner) => actor.administers() && actor.must_act_for(partner).is_ok(),
        PolicyHolder::Event(_) => actor.sees_all() || event.is_some_and(calls),
    }
}

fn seen(app: &App, reader: &Reader<'_>, actor: &Actor, whose: &PolicyHolder, event: Option<&Event>) -> Result<OwnPolicy> {
    let network = &app.settings.policy;
    let all = own_policies(app, reader)?;
    let known = reader.policy_of(whose)?;
    let may_change = may_change(actor, whose, event);
    let (patch, revision) = known.map_or_else(|| (Patch::default(), 1), |known| (known.patch, known.revision));
    // The policies that say something, the widest first.
    let mut layers = vec![(Voice::Default, Policy::default()), (Voice::Network, network.clone())];
    let host = match whose {
        PolicyHolder::Partner(partner) => Some(partner),
        PolicyHolder::Event(_) => event.map(|event| &event.details.partner),
    };
    layers.extend(host.and_then(|host| Some((Voice::Partner(host.clone()), all.partners.get(host)?.clone()))));
    if let PolicyHolder::Event(id) = whose {
        layers.extend(all.events.get(id).map(|policy| (Voice::Event(*id), policy.clone())));
    }
    let whole = layers.last().map_or_else(Policy::default, |(_, policy)| policy.clone());
    let own = match whose {
        PolicyHolder::Partner(partner) => Voice::Partner(partner.clone()),
        PolicyHolder::Event(id) => Voice::Event(*id),
    };
    let changes = if may_change { reader.policy_changes(whose)? } else { Vec::new() };
    Ok(OwnPolicy { settings: settings(&layers, &own), patch, revision, whole, changes, may_change })
}

fn settings(layers: &[(Voice, Policy)], own: &Voice) -> Vec<Setting> {
    let valued: Vec<_> = layers.iter().map(|(voice, policy)| (voice, policy.settings())).collect();
    let mut all: Vec<Setting> = Vec::new();
    for (voice, settings) in valued {
        for (place, (path, value)) in settings.into_iter().enumerate() {
            match all.get_mut(place) {
                None => all.push(Setting { path, wider: value.clone(), value, voice: voice.clone() }),
                Some(known) if known.value != value => {
                    known.voice = voice.clone();
                    if voice != own {
                        known.wider.clone_from(&value);
                    }
                    known.value = value;
                }
                Some(_) => {}
            }
        }
    }
    all
}

fn refused(mistakes: Vec<Mistake>) -> Error {
    let field = |mistake: Mistake| FieldError {
        field: if mistake.path.is_empty() { "policy".to_owned() } else { mistake.path },
        message: mistake.message,
    };
    Error::Invalid(mistakes.into_iter().map(field).collect())
}
