//! `convene deliver`

use clap::Args;

use super::{Outcome, Place};
use crate::app::deliver::deliver;
use crate::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct Deliver {}

impl Deliver {
    #[allow(clippy::unused_self, reason = "commands are run alike")]
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let done = deliver(&app, &app.settings.post())?;
        super::print(&format!("{} sent, {} put off, {} failed\n", done.sent, done.put_off, done.failed))?;
        Ok(Outcome::Fine)
    }
}
