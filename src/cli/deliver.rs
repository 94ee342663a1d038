//! `convene deliver`

use clap::Args;

use super::{Outcome, Place};
use crate::app::bounces;
use crate::app::deliver::{alerts, deliver, resume};
use crate::app::notify::write_due;
use crate::clock::Clock;
use crate::domain::wording;
use crate::store::OutboxState;

#[derive(Debug, Args)]
pub(super) struct Deliver {
    /// End all pauses first, also after the mail server refused letter after letter
    #[arg(long)]
    resume: bool,
}

impl Deliver {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        if self.resume {
            resume(&app)?;
        }
        bounces::take_in(&app)?;
        write_due(&app)?;
        let done = deliver(&app, &app.settings.post());
        for alert in alerts(&app)? {
            let since = wording::moment(alert.since, app.settings.time_zone);
            eprintln!("convene: alert since {since}, {} ×: {}", alert.count, alert.words);
        }
        let unknown = app.store.read(|reader| reader.count_letters())?;
        if let Some((_, count)) = unknown.iter().find(|(state, _)| *state == OutboxState::Unknown) {
            eprintln!("convene: of {count} letters nobody knows whether they arrived; see {}", app.address("/desk/mail"));
        }
        let done = done?;
        super::print(&format!("{} sent, {} put off, {} failed\n", done.sent, done.put_off, done.failed))?;
        Ok(Outcome::Fine)
    }
}
