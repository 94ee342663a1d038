//! `convene digest`

use chrono::{DateTime, Utc};
use clap::Args;

use super::{Outcome, Place, clock_at, print};
use crate::app::digest::{Run, run};
use crate::app::notify;
use crate::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct Digest {
    /// Print what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
    /// As if it were this time: everybody's digest for then (2022-10-03T12:00:00Z)
    #[arg(long, value_name = "TIME")]
    now: Option<DateTime<Utc>>,
}

impl Digest {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(clock_at(self.now))?;
        let how = Run { dry_run: self.dry_run, replay: self.now.is_some(), sent_from: Clock::System.now() };
        let written = run(&app, how)?;
        let notices = if self.dry_run || self.now.is_some() { 0 } else { notify::write_due(&app)? };
        let mut text = String::new();
        for one in &written {
            if self.dry_run {
                text.push_str(&format!("To: {}\nSubject: {}\n\n{}\n", one.to, one.subject, one.text));
            } else {
                let again = if one.again { "there already" } else { "written" };
                text.push_str(&format!("{again}: {}: {}\n", one.to, one.subject));
            }
        }
        print(&text)?;
        let new = written.iter().filter(|one| !one.again).count();
        eprintln!("{new} {}", if self.dry_run { "would be written" } else { "written to the outbox" });
        if notices > 0 {
            eprintln!("{notices} to organizers written too: what they are told once their plans were left alone");
        }
        if !self.dry_run && new + notices > 0 {
            eprintln!("serve sends them; where it does not run: convene deliver");
        }
        Ok(Outcome::Fine)
    }
}
