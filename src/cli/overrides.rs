//! `convene overrides`

use clap::Subcommand;

use super::{Outcome, Place, print};
use crate::app::overrides::{self, Decided};
use crate::app::{Actor, App, Error, agenda};
use crate::clock::Clock;
use crate::domain::conflict::Standing;
use crate::domain::wording;

#[derive(Debug, Subcommand)]
pub(super) enum Overrides {
    /// List the decisions to go on in spite of findings: who, when, why, until when, and whether they hold
    List {
        /// Those that hold no longer too
        #[arg(long)]
        all: bool,
        /// Print an array
        #[arg(long)]
        json: bool,
    },
    /// Go on in spite of a finding
    Add {
        /// Its fingerprint, as check --json prints it
        fingerprint: String,
        /// Who decides, by mail address
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// Why; others read it
        #[arg(long)]
        reason: String,
        /// From this day on it holds no longer, by the clock of their own event
        #[arg(long, value_name = "DAY")]
        expires: Option<String>,
    },
    /// Withdraw such a decision: the finding stands again
    Withdraw {
        /// The finding's fingerprint
        fingerprint: String,
    },
}

impl Overrides {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        match self {
            Self::List { all, json } => {
                let mut found = overrides::list(&app, &Actor::Operator)?;
                found.retain(|one| all || one.standing == Standing::Holds);
                print(&if json { as_json(&found)? } else { in_words(&app, &found) })?;
            }
            Self::Add { fingerprint, user, reason, expires } => {
                let actor = by(&app, &user)?;
                let stored = overrides::override_finding(&app, &actor, &fingerprint, &reason, expires.as_deref())?;
                print(&(serde_json::to_string_pretty(&agenda::finding_json(&stored))? + "\n"))?;
            }
            Self::Withdraw { fingerprint } => {
                let stored = overrides::withdraw(&app, &Actor::Operator, &fingerprint)?;
                print(&format!("{} stands again: {}\n", stored.finding.fingerprint, stored.finding.message))?;
            }
        }
        Ok(Outcome::Fine)
    }
}

fn by(app: &App, email: &str) -> Result<Actor, Error> {
    let user = app.store.read::<_, Error>(|reader| Ok(reader.user(&email.trim().to_lowercase())?))?;
    user.map(Actor::User).ok_or_else(|| Error::field("user", format!("there is nobody with the address {email}")))
}

fn as_json(found: &[Decided]) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(&found.iter().map(agenda::decided_json).collect::<Vec<_>>())? + "\n")
}

fn in_words(app: &App, found: &[Decided]) -> String {
    let zone = app.settings.time_zone;
    let line = |one: &Decided| {
        let Decided { decision, finding, .. } = one;
        let until =
            decision.expiry.map_or_else(String::new, |expiry| format!(", until {}", wording::moment(expiry.at(), expiry.zone)));
        format!(
            "{}  {} ({})\n    “{}” ({}, {}{until})\n    {}\n",
            finding.fingerprint,
            finding.message,
            finding.severity,
            decision.reason,
            decision.by_name,
            wording::moment(decision.at, zone),
            one.standing.words()
        )
    };
    if found.is_empty() { "Nothing is overridden.\n".to_owned() } else { found.iter().map(line).collect() }
}
