//! `convene import`

use std::io::Read as _;

use anyhow::Context as _;
use chrono_tz::Tz;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Misuse, Outcome, Place, print};
use crate::app::import::{Options, Report, take_in};
use crate::app::{Actor, App, sync};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::PartnerSlug;
use crate::net;

#[derive(Debug, Args)]
pub(super) struct Import {
    /// Files (.ics or .csv), - for standard input, or https addresses
    #[arg(required = true, value_name = "SOURCE")]
    sources: Vec<String>,
    /// Whose calendar it is; a table may name partners itself
    #[arg(long, value_name = "SLUG")]
    partner: Option<PartnerSlug>,
    /// The zone of times that name none [default: the settings' `time_zone`]
    #[arg(long, value_name = "ZONE")]
    zone: Option<Tz>,
    /// Say what would happen and store nothing
    #[arg(long)]
    dry_run: bool,
    /// Take in doubtful rows too; else they are left out and named
    #[arg(long)]
    doubtful: bool,
}

impl Import {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        if let Some(partner) = &self.partner {
            crate::app::import::must_know(&app, partner)?;
        }
        let bar = bar(self.sources.len());
        for source in &self.sources {
            bar.set_message(name(source));
            let bytes = read(source, &app.settings)?;
            let report = self.take(&app, source, &bytes).with_context(|| format!("{}: nothing was imported", name(source)))?;
            bar.inc(1);
            bar.suspend(|| print(&told(&name(source), &report, self.dry_run)))?;
        }
        bar.finish_and_clear();
        Ok(Outcome::Fine)
    }

    fn take(&self, app: &App, source: &str, bytes: &[u8]) -> anyhow::Result<Report> {
        let calendar = match &self.partner {
            Some(partner) if source.contains("://") => sync::called(app, partner, source)?,
            _ => name(source),
        };
        let options = Options {
            partner: self.partner.clone(),
            calendar,
            zone: self.zone.unwrap_or(app.settings.time_zone),
            dry_run: self.dry_run,
            doubtful: self.doubtful,
        };
        Ok(take_in(app, &Actor::Operator, bytes, &options)?)
    }
}

fn bar(sources: usize) -> ProgressBar {
    // indicatif draws only on a terminal.
    let style = ProgressStyle::with_template("{bar:24} {pos}/{len} {msg}").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(sources as u64).with_style(style)
}

fn read(source: &str, settings: &Settings) -> anyhow::Result<Vec<u8>> {
    let limit = settings.limits.calendar_bytes;
    if source == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().take(limit as u64 + 1).read_to_end(&mut bytes).context("reading standard input")?;
        return Ok(bytes);
    }
    if source.contains("://") {
        let ask = net::Ask { limit, validators: net::Validators::default(), allow_loopback: settings.upstream.allow_loopback };
        return match net::fetch(source, &ask)? {
            net::Fetched::Calendar { bytes, .. } => Ok(bytes),
            net::Fetched::NotModified => Ok(Vec::new()),
        };
    }
    let file = std::fs::File::open(source).map_err(|error| Misuse(format!("{source} cannot be read: {error}")))?;
    let mut bytes = Vec::new();
    file.take(limit as u64 + 1).read_to_end(&mut bytes).with_context(|| format!("reading {source}"))?;
    Ok(bytes)
}

/// What a source is called: a file's name, or a host.
fn name(source: &str) -> String {
    if source == "-" {
        "standard input".to_owned()
    } else if source.contains("://") {
        net::host_only(source)
    } else {
        std::path::Path::new(source).file_name().map_or_else(|| source.to_owned(), |name| name.to_string_lossy().into_owned())
    }
}

fn told(name: &str, report: &Report, dry_run: bool) -> String {
    let left_out = match report.left_out.len() {
        0 => String::new(),
        n => format!(", {n} doubtful and left out"),
    };
    let would = if dry_run { " (dry run: nothing stored)" } else { "" };
    let mut text = format!(
        "{name}: {} new, {} changed, {} unchanged, {} cancelled, {} not understood{left_out}{would}\n",
        report.new.len(),
        report.changed.len(),
        report.unchanged,
        report.cancelled.len(),
        report.refused()
    );
    let lists = [("new", &report.new), ("changed", &report.changed), ("cancelled", &report.cancelled)];
    for (what, items) in lists {
        for item in items {
            text.push_str(&format!("  {what}: {item}\n"));
        }
    }
    let doubtful = report.rows.iter().filter(|row| !row.doubts.is_empty()).map(|row| ("doubtful, taken in", row));
    for (what, row) in doubtful.chain(report.left_out.iter().map(|row| ("left out", row))) {
        let line = if row.line == 0 { String::new() } else { format!(" (line {})", row.line) };
        text.push_str(&format!("  {what}{line}: {}, {}: {}\n", row.title, row.when, row.doubts.join("; ")));
    }
    if !report.left_out.is_empty() {
        text.push_str("  to take in what was left out, import it again with --doubtful\n");
    }
    for note in &report.notes {
        let what = if note.refused { "not understood" } else { "note" };
        let line = if note.line == 0 { String::new() } else { format!(" (line {})", note.line) };
        text.push_str(&format!("  {what}{line}: {}\n", note.text));
    }
    text
}
