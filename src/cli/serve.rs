//! stub
use super::{Outcome, Place};
use crate::clock::Clock;
use clap::Args;
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[arg(long)]
    demo: bool,
}
impl Serve {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        if self.demo {
            crate::app::seed::demo(&app, |w, a, b| eprintln!("{w} {a}/{b}"))?;
        }
        Ok(Outcome::Fine)
    }
}
