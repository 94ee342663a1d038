//! `convene disagreements`

use clap::Subcommand;

use super::{Outcome, Place, print};
use crate::app::disagree::{self, Said};
use crate::app::{Actor, App, agenda};
use crate::clock::Clock;
use crate::domain::conflict::Kind;
use crate::domain::{EventId, wording};

#[derive(Debug, Subcommand)]
pub(super) enum Disagreements {
    /// List the events of which sources say different things
    List {
        /// Print an array of the findings
        #[arg(long)]
        json: bool,
    },
    /// Show what each source says of one event, and who decided between them
    Show {
        /// The event
        event: EventId,
    },
    /// Say which source is right: the event then has its dates, place and mode
    Choose {
        /// The event
        event: EventId,
        /// The source, as it is listed
        source: String,
        /// Why; others read it
        #[arg(long)]
        reason: String,
    },
}

impl Disagreements {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        match self {
            Self::List { json } => print(&list(&app, json)?)?,
            Self::Show { event } => print(&show(&app, event)?)?,
            Self::Choose { event, source, reason } => {
                disagree::choose(&app, &Actor::Operator, event, None, &source, &reason)?;
                print(&show(&app, event)?)?;
            }
        }
        Ok(Outcome::Fine)
    }
}

fn list(app: &App, json: bool) -> anyhow::Result<String> {
    let mut found = agenda::findings(app, &Actor::Operator)?;
    found.retain(|stored| stored.finding.kind == Kind::SourceDisagreement && stored.overridden.is_none());
    if json {
        let items: Vec<_> = found.iter().map(agenda::finding_json).collect();
        return Ok(serde_json::to_string_pretty(&items)? + "\n");
    }
    let line = |stored: &crate::store::StoredFinding| {
        let event = stored.finding.events.first().map(ToString::to_string).unwrap_or_default();
        format!("{event}  {}\n", stored.finding.message)
    };
    Ok(if found.is_empty() { "No sources disagree.\n".to_owned() } else { found.iter().map(line).collect() })
}

fn show(app: &App, event: EventId) -> anyhow::Result<String> {
    let zone = app.settings.time_zone;
    let sides = disagree::sides(app, &Actor::Operator, event)?;
    let mut text: String = sides.said.iter().map(|one| told(one, zone)).collect();
    for one in &sides.choices {
        text.push_str(&format!(
            "decided by {}, {}: “{}”, because {}\n",
            one.by_name,
            wording::moment(one.at, zone),
            one.chosen,
            one.reason
        ));
    }
    Ok(if text.is_empty() { "It was typed in here; no source says anything of it.\n".to_owned() } else { text })
}

fn told(one: &Said, zone: chrono_tz::Tz) -> String {
    let claim = &one.claim;
    let says = if claim.cancelled {
        "cancelled".to_owned()
    } else {
        format!("{}, {}", wording::when(claim.when, claim.zone), wording::place_of(claim.venue.as_ref(), claim.mode))
    };
    let standing = match (one.shown, one.overruled) {
        (true, _) => " (shown)",
        (false, true) => " (decided against)",
        (false, false) => "",
    };
    format!("{}, read {}: {says}{standing}\n", claim.source, wording::moment(claim.read_at, zone))
}
