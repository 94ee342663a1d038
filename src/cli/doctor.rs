//! `convene doctor`

use clap::Args;
use serde_json::json;

use super::{Outcome, Place};
use crate::app::doctor::{DnsRecord, Finding, Health, examine, records, send_trial};
use crate::clock::Clock;

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// Also send a trial letter to this address
    #[arg(long, value_name = "ADDRESS")]
    to: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Doctor {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let mut found = examine(&app)?;
        if let Some(to) = &self.to {
            found.push(send_trial(&app, to)?);
        }
        let records = records(&app);
        super::print(&if self.json { as_json(&found, &records) } else { as_text(&found, &records) })?;
        let wrong = found.iter().filter(|one| one.health == Health::Wrong).count();
        anyhow::ensure!(wrong == 0, "{wrong} of {} things are wrong", found.len());
        Ok(Outcome::Fine)
    }
}

fn as_json(found: &[Finding], records: &[DnsRecord]) -> String {
    let found: Vec<_> =
        found.iter().map(|one| json!({"what": one.what, "health": one.health.as_str(), "words": one.words})).collect();
    let records: Vec<_> = records
        .iter()
        .map(|one| json!({"name": one.name, "type": one.kind, "value": one.value, "purpose": one.purpose}))
        .collect();
    format!("{:#}\n", json!({"findings": found, "dns": records}))
}

fn as_text(found: &[Finding], records: &[DnsRecord]) -> String {
    let mut text = String::new();
    for Finding { what, health, words } in found {
        text += &format!("{:5}  {what}: {words}\n", health.as_str());
    }
    text += "\nTo publish in DNS (nothing was looked up):\n";
    for DnsRecord { name, kind, value, purpose } in records {
        text += &format!("  {name}  {kind}  {value}\n      {purpose}\n");
    }
    text
}
