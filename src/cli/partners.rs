//! `convene partners`

use clap::Subcommand;

use super::{Misuse, Outcome, Place, print};
use crate::app::{Actor, Error, directory};
use crate::clock::Clock;
use crate::domain::{Partner, PartnerSlug};

#[derive(Debug, Subcommand)]
pub(super) enum Partners {
    /// Add a partner
    Add {
        /// Its short name: nlc, race-forward
        slug: PartnerSlug,
        /// Its name for people
        #[arg(long)]
        name: String,
        /// Its home page
        #[arg(long)]
        url: Option<String>,
    },
    /// Show where replies to letters about its plans go, or say where
    Contact {
        /// Whose
        slug: PartnerSlug,
        /// A mailbox that somebody reads
        #[arg(value_name = "ADDRESS", conflicts_with = "none")]
        address: Option<String>,
        /// Replies go to the service's own address
        #[arg(long)]
        none: bool,
    },
    /// List partners
    List {
        /// Print an array
        #[arg(long)]
        json: bool,
    },
}

impl Partners {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        match self {
            Self::Add { slug, name, url } => {
                if name.trim().is_empty() {
                    return Err(Misuse("--name: give the partner's name".into()).into());
                }
                let partner = Partner { slug, name: name.trim().to_owned(), url };
                app.store.write::<_, Error>(|writer| Ok(writer.add_partner(&partner, app.now())?))?;
                print(&format!("{}\n", partner.slug))?;
            }
            Self::Contact { slug, address, none } => {
                let kept = if none || address.is_some() {
                    directory::set_contact(&app, &Actor::Operator, &slug, address.as_deref())?
                } else {
                    directory::contact(&app, &Actor::Operator, &slug)?
                };
                print(&format!("{}\n", kept.unwrap_or_else(|| "none: replies go to the service's own address".to_owned())))?;
            }
            Self::List { json } => {
                let partners = app.store.read::<_, Error>(|reader| Ok(reader.partners()?))?;
                if json {
                    print(&(serde_json::to_string_pretty(&partners)? + "\n"))?;
                } else {
                    print(
                        &partners
                            .iter()
                            .map(|partner| format!("{:<20} {}\n", partner.slug.as_str(), partner.name))
                            .collect::<String>(),
                    )?;
                }
            }
        }
        Ok(Outcome::Fine)
    }
}
