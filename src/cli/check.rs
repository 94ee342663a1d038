//! `convene check`

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;
use clap::Args;

use super::{Outcome, Place, print};
use crate::app::select::days_between;
use crate::app::{Actor, App, Error, agenda};
use crate::clock::Clock;
use crate::domain::conflict::Severity;
use crate::domain::{Event, EventId};
use crate::store::StoredFinding;

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Only what is on or after this day
    #[arg(long, value_name = "DAY")]
    from: Option<NaiveDate>,
    /// Only what is on or before this day
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Only findings of this severity or above: block, high, medium, low, note; exit status 3 where there is one
    #[arg(long, value_name = "SEVERITY", default_value = "medium")]
    at_least: Severity,
    /// Only findings of this event
    #[arg(long, value_name = "ID")]
    event: Option<EventId>,
    /// Print an array of findings
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let days = days_between(self.from, self.to)?;
        let app = place.existing_app(Clock::System)?;
        let mut found = agenda::check(&app, &Actor::Operator)?;
        let events = events_of(&app, &found)?;
        let zone = |id: EventId| events.get(&id).map_or(Tz::UTC, |event| event.details.zone);
        found.retain(|stored| self.wants(stored) && days.is_none_or(|days| stored.finding.is_on(days, zone)));
        if self.json {
            let all: Vec<_> = found.iter().map(agenda::finding_json).collect();
            print(&(serde_json::to_string_pretty(&all)? + "\n"))?;
        } else {
            print(&told(&found, &events))?;
        }
        let standing = found.iter().any(|stored| stored.overridden.is_none());
        Ok(if standing { Outcome::Found } else { Outcome::Fine })
    }

    fn wants(&self, stored: &StoredFinding) -> bool {
        let finding = &stored.finding;
        finding.severity >= self.at_least && self.event.is_none_or(|id| finding.events.contains(&id))
    }
}

/// The events that findings are about.
fn events_of(app: &App, found: &[StoredFinding]) -> anyhow::Result<BTreeMap<EventId, Event>> {
    let mut events = BTreeMap::new();
    app.store.read::<_, Error>(|reader| {
        for id in found.iter().flat_map(|stored| &stored.finding.events) {
            if !events.contains_key(id) {
                events.insert(*id, reader.event(*id)?);
            }
        }
        Ok(())
    })?;
    Ok(events)
}

fn told(found: &[StoredFinding], events: &BTreeMap<EventId, Event>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = String::new();
    for stored in found {
        let finding = &stored.finding;
        *counts.entry(finding.severity.as_str()).or_default() += 1;
        let overridden =
            stored.overridden.as_ref().map(|by| format!(" [overridden by {}: {}]", by.by_name, by.reason)).unwrap_or_default();
        let because = finding.because.policy.as_ref().map(|voice| format!(" [policy of {voice}]")).unwrap_or_default();
        let about: Vec<&str> = finding.events.iter().filter_map(|id| Some(events.get(id)?.details.title.as_str())).collect();
        text.push_str(&format!(
            "{:<11} {:<20} {}\n            {}{because}{overridden}\n",
            finding.severity.as_str(),
            finding.kind.as_str(),
            about.join(" · "),
            finding.message
        ));
    }
    let sums: Vec<String> = counts.iter().map(|(severity, count)| format!("{count} {severity}")).collect();
    if sums.is_empty() {
        text.push_str("No findings.\n");
    } else {
        eprintln!("{} findings: {}", found.len(), sums.join(", "));
    }
    text
}
