//! `convene partners`

use clap::Subcommand;

use super::{Misuse, Outcome, Place, print};
use crate::app::Error;
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
