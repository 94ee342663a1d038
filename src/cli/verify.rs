//! `convene verify`

use clap::Args;

use super::{Outcome, Place};
use crate::app::{Actor, agenda};
use crate::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct Verify {}

impl Verify {
    #[allow(clippy::unused_self, reason = "commands are run alike")]
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let faults = app.store.read(|reader| reader.faults())?;
        let events = app.store.read(|reader| reader.count_events())?;
        let findings = agenda::findings(&app, &Actor::Operator)?.len();
        if faults.is_empty() {
            super::print(&format!("sound: {events} events, {findings} findings\n"))?;
            return Ok(Outcome::Fine);
        }
        super::print(&faults.iter().map(|fault| format!("{fault}\n")).collect::<String>())?;
        anyhow::bail!("{} faults in {}", faults.len(), app.store.path().display())
    }
}
