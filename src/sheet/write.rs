//! Events as a spreadsheet that [`super::read`] reads back.

use crate::domain::{Event, When};

/// A table of events, in the order given; cells that a spreadsheet would run as a formula are defused.
#[must_use]
pub fn write(events: &[Event]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing into memory cannot fail.
    let _ = writer.write_record(HEADER);
    for event in events {
        let _ = writer.write_record(cells(event).iter().map(|cell| defused(cell)));
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

const HEADER: [&str; 19] = [
    "partner",
    "id",
    "title",
    "start",
    "end",
    "time_zone",
    "city",
    "state",
    "country",
    "lat",
    "lon",
    "venue",
    "room",
    "mode",
    "roles",
    "status",
    "kind",
    "source",
    "notes",
];

fn cells(event: &Event) -> [String; 19] {
    let details = &event.details;
    let venue = details.venue.clone().unwrap_or_default();
    let (start, end) = match details.when {
        When::Days { first, last } => (first.to_string(), last.map(|last| last.to_string())),
        When::Times { start, end } => {
            let text = |at: chrono::NaiveDateTime| at.format("%Y-%m-%dT%H:%M").to_string();
            (text(start), end.map(text))
        }
    };
    let degrees = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    [
        details.partner.to_string(),
        event.id.to_string(),
        details.title.clone(),
        start,
        end.unwrap_or_default(),
        details.zone.name().to_owned(),
        venue.city.unwrap_or_default(),
        venue.state.unwrap_or_default(),
        venue.country.unwrap_or_default(),
        degrees(venue.lat),
        degrees(venue.lon),
        venue.name.unwrap_or_default(),
        venue.room.unwrap_or_default(),
        details.mode.as_str().to_owned(),
        details.roles.iter().map(ToString::to_string).collect::<Vec<_>>().join(";"),
        event.status.to_string(),
        details.kind.as_str().to_owned(),
        details.url.clone().unwrap_or_default(),
        details.description.clone(),
    ]
}

/// A cell that begins like a formula gets a quote before it; plain numbers stay numbers.
fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err() {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}
