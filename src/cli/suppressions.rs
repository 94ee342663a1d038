//! `convene suppressions`

use clap::{Args, Subcommand};
use serde_json::json;

use super::{Outcome, Place};
use crate::app::{Actor, bounces};
use crate::clock::Clock;
use crate::domain::wording;

#[derive(Debug, Subcommand)]
pub(super) enum Suppressions {
    /// List the addresses that are not written to, since when and why
    List(List),
    /// Write to an address again, and forgive what came back from it
    Lift(Lift),
    /// Write to an address no more, except what it asks for itself
    Add(Add),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Lift {
    /// The address
    address: String,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The address
    address: String,
    /// Why
    #[arg(long, default_value = "asked for")]
    because: String,
}

impl Suppressions {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        match self {
            Self::List(List { json: as_json }) => {
                let found = bounces::suppressions(&app, &Actor::Operator)?;
                let text = if as_json {
                    let items = found.iter().map(|one| {
                        json!({"address": one.address, "reason": one.reason.as_str(), "evidence": one.evidence,
                               "since": one.since, "until": one.until})
                    });
                    format!("{:#}\n", items.collect::<serde_json::Value>())
                } else {
                    let zone = app.settings.time_zone;
                    found.iter().fold(String::new(), |text, one| {
                        let until =
                            one.until.map_or_else(String::new, |until| format!(" until {}", wording::moment(until, zone)));
                        let since = wording::moment(one.since, zone);
                        format!("{text}{}  {}, since {since}{until}: {}\n", one.address, one.reason.as_str(), one.evidence)
                    })
                };
                super::print(&text)?;
            }
            Self::Lift(Lift { address }) => bounces::lift(&app, &Actor::Operator, &address)?,
            Self::Add(Add { address, because }) => bounces::suppress(&app, &Actor::Operator, &address, &because)?,
        }
        Ok(Outcome::Fine)
    }
}
