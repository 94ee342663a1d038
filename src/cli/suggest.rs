//! `convene suggest`

use clap::Args;

use super::{Outcome, Place, print};
use crate::app::suggest::suggest;
use crate::app::{Actor, App};
use crate::clock::Clock;
use crate::domain::conflict::Severity;
use crate::domain::suggest::{Dropped, Suggestions, Window};
use crate::domain::wording;
use crate::json::{WishDraft, suggestions_json};

#[derive(Debug, Args)]
pub(super) struct Suggest {
    /// Whom it is for: a,b
    #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
    roles: Vec<String>,
    /// The closed group it is for
    #[arg(long, value_name = "SLUG")]
    cohort: Option<String>,
    /// How long: 3d, 2h, 90m
    #[arg(long, value_name = "LENGTH")]
    length: String,
    /// Between two days, both included: 2027-10-01..2027-11-30 [default: around the event that it is near]
    #[arg(long, value_name = "A..B")]
    between: Option<String>,
    /// On which weekdays: tue, mon,wed, wed-fri, any [default: mon-fri, any for more than five days]
    #[arg(long, value_name = "DAYS")]
    weekdays: Option<String>,
    /// Between which hours of the zone [default: 08:00-18:00]
    #[arg(long, value_name = "FROM-UNTIL")]
    hours: Option<String>,
    /// `in_person`, `virtual` or `hybrid`
    #[arg(long, default_value = "in_person")]
    mode: String,
    /// An event to set it beside, or a place: “Kansas City, MO”
    #[arg(long, value_name = "EVENT or PLACE")]
    near: Option<String>,
    /// Who speaks: a,b
    #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
    speakers: Vec<String>,
    /// Days of travel on each side, for what is in person
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    travel_days: u32,
    /// Exclude observances of this tier and graver altogether: `avoid`, `caution` or `note`
    #[arg(long, value_name = "TIER")]
    avoid: Option<String>,
    /// The IANA zone [default: that of the place, else the settings' `time_zone`]
    #[arg(long, value_name = "ZONE")]
    zone: Option<String>,
    /// Who calls it
    #[arg(long, value_name = "SLUG")]
    partner: Option<String>,
    /// How many people are expected
    #[arg(long, value_name = "NUMBER")]
    expected: Option<u32>,
    /// How many windows
    #[arg(long, value_name = "NUMBER", default_value = "5")]
    limit: usize,
    /// Print the windows with their findings, and what was dropped
    #[arg(long)]
    json: bool,
}

/// So many that fell out are told; `--json` has all.
const TOLD: usize = 20;

impl Suggest {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let json = self.json;
        let found = suggest(&app, &Actor::Operator, &self.draft())?;
        if json {
            print(&(serde_json::to_string_pretty(&suggestions_json(&found))? + "\n"))?;
        } else {
            print(&told(&app, &found))?;
        }
        Ok(Outcome::Fine)
    }

    fn draft(self) -> WishDraft {
        WishDraft {
            roles: self.roles,
            cohort: self.cohort,
            mode: Some(self.mode),
            length: self.length,
            between: self.between,
            weekdays: self.weekdays,
            hours: self.hours,
            near: self.near,
            speakers: self.speakers,
            travel_days: Some(self.travel_days),
            avoid: self.avoid,
            time_zone: self.zone,
            partner: self.partner,
            expected: self.expected,
            limit: Some(self.limit),
        }
    }
}

fn told(app: &App, found: &Suggestions) -> String {
    let mut text = String::new();
    if found.windows.is_empty() {
        text.push_str("No window is left.\n");
    }
    for (window, place) in found.windows.iter().zip(1..) {
        text.push_str(&told_window(window, place));
    }
    if !found.dropped.is_empty() {
        text.push_str("\nFell out:\n");
    }
    let zone = found.windows.first().map_or(app.settings.time_zone, |window| window.zone);
    found.dropped.iter().take(TOLD).for_each(|dropped| text.push_str(&told_dropped(dropped, zone)));
    if found.dropped.len() > TOLD {
        text.push_str(&format!("  and {} more; --json has all\n", found.dropped.len() - TOLD));
    }
    text
}

fn told_window(window: &Window, place: usize) -> String {
    let mut text = format!("{place}. {} (score {})\n", wording::when(window.when, window.zone), window.score);
    window.speaks_for.iter().for_each(|said| text.push_str(&format!("   +           {said}\n")));
    for finding in window.against.iter().filter(|finding| finding.severity > Severity::Opportunity) {
        text.push_str(&format!("   {:<11} {}\n", finding.severity.as_str(), finding.message));
    }
    text
}

fn told_dropped(dropped: &Dropped, zone: chrono_tz::Tz) -> String {
    format!("  {}: {}\n", wording::when(dropped.when, zone), dropped.reasons.join("; "))
}
