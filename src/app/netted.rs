//! What a string of changes comes to: the first state beside the last, in words.

use super::App;
use crate::domain::{Event, EventStatus, Mode, Venue, When, wording};
use crate::json::EventJson;
use crate::mail::notices::Change;

/// What changed, as people see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Netted {
    /// The most important of it.
    pub what: Change,
    /// What was so.
    pub was: String,
    /// What is so.
    pub now: String,
    /// Dates in short: “Tue 6 → Wed 14 October 2026”.
    pub in_short: Option<String>,
}

/// What became of `before`; `None` where nobody sees a difference.
pub(super) fn net(app: &App, before: &EventJson, event: &Event) -> Option<Netted> {
    let after = EventJson::from(event);
    let told = |what, was: String, now: String| Some(Netted { what, was, now, in_short: None });
    let (old, new) = (when(app, before), when(app, &after));
    let (there, here) = (place(before), place(&after));
    let became = |status| event.status == status && before.status != status;
    if became(EventStatus::Cancelled) {
        told(Change::Cancelled, old, "cancelled".to_owned())
    } else if became(EventStatus::Postponed) {
        told(Change::Postponed, old, "new dates to come".to_owned())
    } else if old != new {
        let in_short = before.when().zip(after.when()).and_then(|(from, to)| in_short(from, to));
        Some(Netted { what: Change::Moved, was: old, now: new, in_short })
    } else if before.mode != after.mode && after.mode == Mode::Virtual {
        told(Change::Virtual, there, here)
    } else if there != here {
        told(Change::Place, there, here)
    } else if before.status != event.status {
        settled(before.status, event.status)
    } else if before.title != after.title {
        told(Change::Other, before.title.clone(), after.title.clone())
    } else {
        None
    }
}

fn settled(before: EventStatus, now: EventStatus) -> Option<Netted> {
    let what = match (before, now) {
        (_, EventStatus::Confirmed) => Change::Confirmed,
        (_, EventStatus::Announced) => Change::Announced,
        (EventStatus::Hold, EventStatus::Idea) => Change::Lapsed,
        // That a day is past is no news.
        (_, EventStatus::Held) => return None,
        _ => Change::Other,
    };
    Some(Netted { what, was: before.to_string(), now: now.to_string(), in_short: None })
}

fn when(app: &App, json: &EventJson) -> String {
    let zone = json.time_zone.parse().unwrap_or(app.settings.time_zone);
    json.when().map_or_else(String::new, |when| wording::when(when, zone))
}

fn place(json: &EventJson) -> String {
    match (json.mode, json.venue.as_ref().and_then(Venue::line)) {
        (Mode::Virtual, _) => "online".to_owned(),
        (_, line) => line.unwrap_or_else(|| "place not known yet".to_owned()),
    }
}

/// Days as a subject names them; `None` where only the hours differ.
fn in_short(from: When, to: When) -> Option<String> {
    let (from, to) = (from.days(), to.days());
    (from != to).then(|| format!("{} → {}", wording::days_before(from, to.first), wording::days(to)))
}
