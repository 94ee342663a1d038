//! `convene users`

use clap::Subcommand;
use serde_json::json;

use super::{Misuse, Outcome, Place, print};
use crate::app::{Actor, Error, sign_in};
use crate::clock::Clock;
use crate::domain::{PartnerSlug, TeamSlug};
use crate::store::UserRole;

#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// Add somebody who may sign in
    Add {
        /// Their mail address
        email: String,
        /// The partner they work for
        #[arg(long, value_name = "SLUG", required_unless_present = "team")]
        partner: Option<PartnerSlug>,
        /// The city team they lead, instead of a partner
        #[arg(long, value_name = "SLUG", conflicts_with_all = ["partner", "role"])]
        team: Option<TeamSlug>,
        /// `organizer`, `partner_admin` or `operator`
        #[arg(long, default_value = "organizer")]
        role: UserRole,
        /// Their name
        #[arg(long)]
        name: Option<String>,
    },
    /// List those who may sign in
    List {
        /// Print an array
        #[arg(long)]
        json: bool,
    },
}

impl Users {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        match self {
            Self::Add { email, partner, team, role, name } => {
                let user = match (team, partner) {
                    (Some(team), _) => sign_in::add_lead(&app, &Actor::Operator, &email, name.as_deref(), &team)?,
                    (None, Some(partner)) => sign_in::add_user(&app, &Actor::Operator, &email, name.as_deref(), &partner, role)?,
                    (None, None) => return Err(Misuse("name a --partner or a --team".into()).into()),
                };
                print(&format!("{}\n", user.email))?;
            }
            Self::List { json } => {
                let users = app.store.read::<_, Error>(|reader| Ok(reader.users()?))?;
                if json {
                    let all: Vec<_> = users
                        .iter()
                        .map(|user| json!({"email": user.email, "name": user.name, "partner": user.partner, "team": user.team, "role": user.role.as_str()}))
                        .collect();
                    print(&(serde_json::to_string_pretty(&all)? + "\n"))?;
                } else {
                    let line = |user: &crate::store::User| {
                        let partner = user.partner.as_ref().map(PartnerSlug::as_str);
                        let of = partner.or(user.team.as_ref().map(TeamSlug::as_str)).unwrap_or_default();
                        format!("{:<32} {:<14} {of:<16} {}\n", user.email, user.role.as_str(), user.name)
                    };
                    print(&users.iter().map(line).collect::<String>())?;
                }
            }
        }
        Ok(Outcome::Fine)
    }
}
