//! `convene bans`

use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;

use super::{Outcome, Place, print};
use crate::app::decisions::{self, Ban};
use crate::app::{Actor, App, teams};
use crate::clock::Clock;
use crate::domain::{Days, PartnerSlug, wording};

#[derive(Debug, Subcommand)]
pub(super) enum Bans {
    /// Say that a partner meets nobody in person until a day
    Add {
        /// The partner
        #[arg(long, value_name = "SLUG")]
        partner: PartnerSlug,
        /// Up to and including this day
        #[arg(long, value_name = "DAY")]
        until: NaiveDate,
        /// By when what is planned before that is decided on
        #[arg(long, value_name = "DAY")]
        decide_by: NaiveDate,
        /// Why, in a few words: others will read it
        #[arg(long)]
        reason: String,
    },
    /// List the bans, and what waits for a decision, what is due first on top
    List {
        /// Print an array of what waits
        #[arg(long)]
        json: bool,
    },
    /// Lift a ban
    Lift {
        /// Its number
        number: i64,
    },
}

impl Bans {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        match self {
            Self::Add { partner, until, decide_by, reason } => {
                let number = decisions::forbid(&app, &Actor::Operator, &Ban { partner, until, decide_by, reason })?;
                print(&format!("{number}\n"))?;
            }
            Self::List { json } => print(&list(&app, json)?)?,
            Self::Lift { number } => teams::allow_again(&app, &Actor::Operator, number)?,
        }
        Ok(Outcome::Fine)
    }
}

fn list(app: &App, json: bool) -> anyhow::Result<String> {
    let open = decisions::open(app, &Actor::Operator)?;
    if json {
        let one = |one: &decisions::Decision| json!({"event": one.event.id, "title": one.event.details.title, "partner": one.event.details.partner, "due": one.due});
        return Ok(serde_json::to_string_pretty(&open.iter().map(one).collect::<Vec<_>>())? + "\n");
    }
    let mut text = String::new();
    for (number, ban) in decisions::bans(app, &Actor::Operator)? {
        let until = wording::days(Days::one(ban.until));
        text += &format!("{number}. {}: nothing in person until {until}: {}\n", ban.partner, ban.reason);
    }
    for one in &open {
        text += &format!("{}  {} ({})\n", one.due, one.event.details.title, one.event.id);
    }
    Ok(text)
}
