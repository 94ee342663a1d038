//! `convene settle`

use clap::{Args, ValueEnum};

use super::propose::{as_json, in_words};
use super::{Misuse, Outcome, Place, print};
use crate::app::Actor;
use crate::app::settle::{Act, settle};
use crate::clock::Clock;
use crate::domain::EventId;
use crate::json::Draft;

#[derive(Debug, Args)]
pub(super) struct Settle {
    /// The event
    id: EventId,
    /// The step
    #[arg(value_enum)]
    step: Step,
    /// The new first day, or day and time: for move
    #[arg(long, value_name = "WHEN")]
    start: Option<String>,
    /// The new last day, or day and time: for move
    #[arg(long, value_name = "WHEN")]
    end: Option<String>,
    /// Where to join it: for go-virtual
    #[arg(long, value_name = "ADDRESS")]
    join_url: Option<String>,
    /// The last day that the dates are kept: for hold and prolong
    #[arg(long, value_name = "DAY")]
    until: Option<String>,
    /// Why; kept with the change
    #[arg(long)]
    reason: Option<String>,
    /// Print the event with its findings
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Step {
    Hold,
    Prolong,
    Announce,
    Confirm,
    Move,
    GoVirtual,
    Postpone,
    Cancel,
    MarkHeld,
}

impl Settle {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let act = match self.step {
            Step::Hold => Act::Hold,
            Step::Prolong => Act::Prolong {
                until: self.until.clone().ok_or_else(|| Misuse("--until: say until which day, such as 2027-10-06".into()))?,
            },
            Step::Announce => Act::Announce,
            Step::Confirm => Act::Confirm,
            Step::Move => Act::Move {
                start: self.start.ok_or_else(|| Misuse("--start: say when it is to begin, such as 2027-10-06".into()))?,
                end: self.end,
            },
            Step::GoVirtual => Act::GoVirtual { join_url: self.join_url },
            Step::Postpone => Act::Postpone,
            Step::Cancel => Act::Cancel,
            Step::MarkHeld => Act::MarkHeld,
        };
        let mut verdict = settle(&app, &Actor::Operator, self.id, None, &act, self.reason.as_deref())?;
        if let (Act::Hold, Some(until)) = (&act, self.until) {
            let draft = Draft { hold_until: Some(until), ..Draft::of(&verdict.event.details) };
            verdict = settle(&app, &Actor::Operator, self.id, None, &Act::Edit(Box::new(draft)), self.reason.as_deref())?;
        }
        print(&if self.json { as_json(&verdict)? } else { in_words(&verdict, false) })?;
        Ok(Outcome::Fine)
    }
}
