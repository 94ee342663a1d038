//! `convene policy`

use clap::Args;
use serde_json::{Map, Value, json};

use super::{Misuse, Outcome, Place, print};
use crate::app::Actor;
use crate::app::policy::{Change, OwnPolicy, change_policy, policy};
use crate::clock::Clock;
use crate::domain::conflict::{Policy as Thresholds, Voice};
use crate::domain::{EventId, PartnerSlug};
use crate::store::PolicyHolder;

#[derive(Debug, Args)]
pub(super) struct Policy {
    /// A partner's: for every event that it hosts [default: the network's, which the settings change]
    #[arg(long, value_name = "SLUG", conflicts_with = "event")]
    partner: Option<PartnerSlug>,
    /// One event's
    #[arg(long, value_name = "ID")]
    event: Option<EventId>,
    /// Say something of a threshold or severity: `team_split.few=low`; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Take back what was said, so that the wider policy counts again; may be repeated
    #[arg(long, value_name = "NAME")]
    unset: Vec<String>,
    /// Why; kept with the change
    #[arg(long)]
    reason: Option<String>,
    /// Print what it says, what holds, and whose policy each value is
    #[arg(long)]
    json: bool,
}

impl Policy {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let patch = self.patch()?;
        let whose = match (self.partner, self.event) {
            (Some(partner), _) => PolicyHolder::Partner(partner),
            (None, Some(event)) => PolicyHolder::Event(event),
            (None, None) if patch.is_none() => return networks(place),
            (None, None) => {
                return Err(Misuse("name a --partner or an --event; the network's policy is in the settings".into()).into());
            }
        };
        let app = place.existing_app(Clock::System)?;
        let found = match patch {
            None => policy(&app, &Actor::Operator, &whose)?,
            Some(patch) => change_policy(&app, &Actor::Operator, &whose, None, &Change::Patch(patch), self.reason.as_deref())?,
        };
        print(&if self.json { as_json(&found)? } else { in_words(&found) })?;
        Ok(Outcome::Fine)
    }

    /// What is to change; `None` where it is only asked.
    fn patch(&self) -> anyhow::Result<Option<Value>> {
        let mut all = Map::new();
        for given in &self.set {
            let (path, text) = given.split_once('=').ok_or_else(|| Misuse(format!("--set {given}: write NAME=VALUE")))?;
            let value =
                Thresholds::patch_of(path.trim(), text).map_err(|mistake| Misuse(format!("--set: {}", mistake.message)))?;
            lay(&mut all, value);
        }
        for path in &self.unset {
            lay(&mut all, path.split('.').rev().fold(Value::Null, |inner, name| json!({ name: inner })));
        }
        Ok(Some(Value::Object(all)).filter(|_| !self.set.is_empty() || !self.unset.is_empty()))
    }
}

/// What holds for whoever says nothing of their own.
fn networks(place: &Place) -> anyhow::Result<Outcome> {
    let (_, settings) = place.settings()?;
    let all = settings.policy.settings();
    print(&all.into_iter().map(|(path, value)| format!("{path:<36} {value}\n")).collect::<String>())?;
    Ok(Outcome::Fine)
}

fn lay(all: &mut Map<String, Value>, value: Value) {
    let Value::Object(given) = value else { return };
    for (name, inner) in given {
        match (all.get_mut(&name), inner) {
            (Some(Value::Object(known)), inner @ Value::Object(_)) => lay(known, inner),
            (_, inner) => drop(all.insert(name, inner)),
        }
    }
}

fn in_words(found: &OwnPolicy) -> String {
    let line = |one: &crate::app::policy::Setting| {
        let by = if one.voice == Voice::Default { String::new() } else { format!("  ({})", one.voice) };
        format!("{:<36} {}{by}\n", one.path, one.value)
    };
    found.settings.iter().map(line).collect()
}

fn as_json(found: &OwnPolicy) -> anyhow::Result<String> {
    let by: Map<String, Value> = found.settings.iter().map(|one| (one.path.clone(), json!(one.voice))).collect();
    let all = json!({"own": found.patch.to_json(), "effective": found.whole, "decided_by": by});
    Ok(serde_json::to_string_pretty(&all)? + "\n")
}
