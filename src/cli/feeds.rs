//! `convene feeds`

use clap::Subcommand;
use serde_json::json;

use super::{Outcome, Place, print};
use crate::app::{Actor, Error, feed_keys};
use crate::clock::Clock;
use crate::domain::TeamSlug;
use crate::store::{FeedHolder, FeedKey};

#[derive(Debug, Subcommand)]
pub(super) enum Feeds {
    /// Make the address of a private feed; it is printed once, alone
    #[command(group(clap::ArgGroup::new("holder").required(true)))]
    Add {
        /// A city team's feed: what concerns its people
        #[arg(long, value_name = "SLUG", group = "holder")]
        team: Option<TeamSlug>,
        /// An organizer's feed: also the holds and proposals they may see
        #[arg(long, value_name = "EMAIL", group = "holder")]
        user: Option<String>,
        /// Revoke the holder's older addresses
        #[arg(long)]
        replace: bool,
    },
    /// List private feeds, without their addresses
    List {
        /// Print an array
        #[arg(long)]
        json: bool,
    },
    /// Revoke an address
    Revoke {
        /// Its number, as list shows it
        id: i64,
    },
}

impl Feeds {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        match self {
            Self::Add { team, user, replace } => {
                let holder =
                    team.map_or_else(|| FeedHolder::User(user.unwrap_or_default().trim().to_lowercase()), FeedHolder::Team);
                let (id, address) = feed_keys::add(&app, &Actor::Operator, &holder, replace)?;
                print(&format!("{address}\n"))?;
                eprintln!("feed {id} for {}; its address is not shown again", name(&holder));
            }
            Self::List { json } => {
                let keys = app.store.read::<_, Error>(|reader| Ok(reader.feed_keys()?))?;
                print(&if json {
                    serde_json::to_string_pretty(&keys.iter().map(row).collect::<Vec<_>>())? + "\n"
                } else {
                    lines(&keys)
                })?;
            }
            Self::Revoke { id } => {
                feed_keys::revoke(&app, &Actor::Operator, id)?;
                print(&format!("{id}\n"))?;
            }
        }
        Ok(Outcome::Fine)
    }
}

fn name(holder: &FeedHolder) -> String {
    match holder {
        FeedHolder::Team(slug) => format!("team {slug}"),
        FeedHolder::User(email) => email.clone(),
    }
}

fn row(key: &FeedKey) -> serde_json::Value {
    let (team, user) = match &key.holder {
        FeedHolder::Team(slug) => (Some(slug.as_str()), None),
        FeedHolder::User(email) => (None, Some(email.as_str())),
    };
    json!({"id": key.id, "team": team, "user": user, "created_at": key.created_at, "revoked_at": key.revoked_at})
}

fn lines(keys: &[FeedKey]) -> String {
    let line = |key: &FeedKey| {
        let state = key.revoked_at.map_or("works".to_owned(), |at| format!("revoked {at}"));
        format!("{:>4} {:<40} {state}\n", key.id, name(&key.holder))
    };
    keys.iter().map(line).collect()
}
