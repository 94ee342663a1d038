//! A small calendar that the demo's organizer has uploaded: its one row is doubtful, and waits for a yes or no.

use std::time::Duration;

use chrono::{Datelike as _, NaiveDate};

use super::super::sync::{NewSource, add, upload};
use super::super::{Actor, App, Error, Result};

/// Uploads it. The row is made up: its title names the year before that of its days.
pub(super) fn doubtful(app: &App, partner: &str, first: NaiveDate) -> Result<()> {
    let new = NewSource {
        partner: partner.parse().map_err(|_| Error::NotFound("partner"))?,
        address: None,
        name: Some("Cohort dates (made up).ics".to_owned()),
        zone: Some(app.settings.time_zone),
        roles: vec!["chief_equity_officer".parse().map_err(|_| Error::NotFound("role"))?],
        mode: None,
        every: Duration::from_hours(24),
    };
    let source = add(app, &Actor::Operator, &new)?;
    let (day, after) = (first.format("%Y%m%d"), first.succ_opt().unwrap_or(first).format("%Y%m%d"));
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//convene//demo//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        "UID:cohort-orientation@example.org".to_owned(),
        format!("DTSTAMP:{}", app.now().format("%Y%m%dT%H%M%SZ")),
        format!("DTSTART;VALUE=DATE:{day}"),
        format!("DTEND;VALUE=DATE:{after}"),
        format!("SUMMARY:{} cohort orientation day", first.year() - 1),
        "LOCATION:Tacoma\\, WA".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    upload(app, &Actor::Operator, source, (lines.join("\r\n") + "\r\n").as_bytes()).map(drop)
}
