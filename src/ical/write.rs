//! Events to calendar text, byte for byte the same for the same facts.
//!
//! Decisions, by what calendar programs do with a subscribed feed:
//!
//! - Each occurrence is a `VEVENT` of its own with its own `UID`; there is no `RRULE`, `RDATE` or
//!   `RECURRENCE-ID`, which programs read differently.
//! - Times carry their IANA zone, described by a `VTIMEZONE`; where a description that all programs
//!   read is not possible, they are in UTC. There are no floating times.
//! - Whole days end on the day after the last (`DTEND` is exclusive). Where the last day or the end
//!   is not known there is no `DTEND`: programs then show the first day, or the start. The caller
//!   says “last day not known” in the description.
//! - What is cancelled stays, says so in its status and its title, and takes no time.
//! - There is no `ORGANIZER`, no `ATTENDEE` and no alarm: some programs would send mail, or ring.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};

use super::bind::{Binder, Zones};
use super::fold::finish;
use super::property::clean;
use super::read::EntryStatus;
use crate::domain::{When, span};

/// What a feed says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedHeader {
    /// Its name, as calendar programs show it.
    pub name: String,
    /// What is in it.
    pub description: String,
    /// How often it should be read again, in hours; at least 1.
    pub refresh_hours: u32,
    /// The zone of its readers; no time depends on it.
    pub zone: Tz,
}

/// One entry of a feed: a single event, or one occurrence of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Unique over all feeds, and the same for ever. An empty one is replaced by one made from start and title.
    pub uid: String,
    /// Raised by every change that people see.
    pub sequence: u32,
    /// When it was first stored.
    pub created_at: DateTime<Utc>,
    /// When this state of it was made (`DTSTAMP`); never the time of writing.
    pub stamped_at: DateTime<Utc>,
    /// When it last changed.
    pub last_modified: DateTime<Utc>,
    /// Certain, tentative or cancelled.
    pub status: EntryStatus,
    /// Its title. A cancelled one gets “Cancelled: ” before it.
    pub title: String,
    /// More about it. A link to join is put before it.
    pub description: String,
    /// Where it is. Without one, the link to join takes its place.
    pub location: Option<String>,
    /// Latitude and longitude, in degrees.
    pub position: Option<(f64, f64)>,
    /// Its page; left out if it is no `https://` or `http://` address.
    pub url: Option<String>,
    /// Where to join it online; left out like `url`.
    pub join_url: Option<String>,
    /// Roles, partners, mode.
    pub categories: Vec<String>,
    /// Takes nobody's time.
    pub transparent: bool,
    /// When it is.
    pub when: When,
    /// The zone of that wall time.
    pub zone: Tz,
    /// A CSS3 colour name.
    pub color: Option<&'static str>,
}

/// Descriptions longer than this, in bytes, are cut: feeds have to stay small.
pub(super) const LONGEST_DESCRIPTION: usize = 16_000;
/// The same for all shorter texts.
const LONGEST_LINE: usize = 1_000;
/// The same for addresses, which are left out instead.
const LONGEST_ADDRESS: usize = 2_000;

/// Writes a feed: UTF-8, CRLF, by start and then `UID`.
#[must_use]
pub fn write(feed: &FeedHeader, items: &[Item]) -> Vec<u8> {
    let mut binder = Binder::for_times(items.iter().map(|item| item.when));
    for item in items {
        binder.add(item);
    }
    binder.bound(feed).bytes()
}

/// One entry's lines, folded.
pub(super) fn entry(item: &Item, zones: &Zones, out: &mut Vec<u8>) {
    finish(&event(item, zones).to_string(), out);
}

/// What stands before the entries: the calendar's own lines and its zones.
pub(super) fn head(feed: &FeedHeader, zones: &str, out: &mut Vec<u8>) {
    let whole = header(feed).to_string();
    finish(whole.strip_suffix(END).unwrap_or(&whole), out);
    finish(zones, out);
}

/// The last line.
pub(super) const END: &str = "END:VCALENDAR\r\n";

fn header(feed: &FeedHeader) -> Calendar {
    let name = line(&feed.name);
    let description = text(&feed.description, LONGEST_DESCRIPTION);
    let refresh = format!("PT{}H", feed.refresh_hours.max(1));
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//convene//Combined calendar of convenings//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property((key, value));
    }
    // The crate does not know NAME as text and would write it as it is.
    calendar.append_property(Property::new("NAME", name.as_str()).add_parameter("VALUE", "TEXT").done());
    calendar.append_property(("X-WR-CALNAME", name.as_str()));
    if !description.is_empty() {
        calendar.append_property(("DESCRIPTION", description.as_str()));
        calendar.append_property(("X-WR-CALDESC", description.as_str()));
    }
    calendar.append_property(("X-WR-TIMEZONE", feed.zone.name()));
    calendar.append_property(Property::new("REFRESH-INTERVAL", refresh.as_str()).add_parameter("VALUE", "DURATION").done());
    calendar.append_property(("X-PUBLISHED-TTL", refresh.as_str()));
    calendar
}

fn event(item: &Item, zones: &Zones) -> Event {
    let cancelled = item.status == EntryStatus::Cancelled;
    let mut event = Event::new();
    event
        .uid(&uid(item))
        .sequence(item.sequence)
        .timestamp(item.stamped_at)
        .created(item.created_at)
        .last_modified(item.last_modified);
    event.summary(&title(item));
    event.status(match item.status {
        EntryStatus::Confirmed => icalendar::EventStatus::Confirmed,
        EntryStatus::Tentative => icalendar::EventStatus::Tentative,
        EntryStatus::Cancelled => icalendar::EventStatus::Cancelled,
    });
    event.add_property("TRANSP", if cancelled || item.transparent { "TRANSPARENT" } else { "OPAQUE" });
    times(item, zones, &mut event);
    places(item, &mut event);
    let categories: Vec<String> =
        item.categories.iter().map(|category| line(category)).filter(|category| !category.is_empty()).collect();
    if !categories.is_empty() {
        event.categories(categories);
    }
    if let Some(color) = item.color.filter(|color| color.bytes().all(|letter| letter.is_ascii_lowercase())) {
        event.add_property("COLOR", color);
    }
    event
}

/// Its place, its page, and in every way that some program shows it, where to join.
fn places(item: &Item, event: &mut Event) {
    let join_url = item.join_url.as_deref().and_then(address);
    let location = item.location.as_deref().map(|place| text(place, LONGEST_LINE)).filter(|place| !place.is_empty());
    if let Some(location) = location.as_deref().or(join_url.as_deref()) {
        event.location(location);
    }
    if let Some(url) = item.url.as_deref().and_then(address).or_else(|| join_url.clone()) {
        event.url(&url);
    }
    if let Some(url) = &join_url {
        let conference = Property::new("CONFERENCE", url.as_str())
            .add_parameter("VALUE", "URI")
            .add_parameter("FEATURE", "VIDEO")
            .add_parameter("LABEL", "Join online")
            .done();
        event.append_multi_property(conference);
    }
    let described = text(&item.description, LONGEST_DESCRIPTION);
    let described = match join_url {
        Some(url) if described.is_empty() => format!("Join: {url}"),
        Some(url) => format!("Join: {url}\n\n{described}"),
        None => described,
    };
    if !described.is_empty() {
        event.description(&described);
    }
    if let Some((lat, lon)) = item.position.filter(|(lat, lon)| lat.abs() <= 90.0 && lon.abs() <= 180.0) {
        let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6 + 0.0;
        event.add_property("GEO", format!("{};{}", rounded(lat), rounded(lon)));
    }
}

fn times(item: &Item, zones: &Zones, event: &mut Event) {
    match item.when {
        When::Days { first, last } => {
            event.append_property(day("DTSTART", first));
            if let Some(after) = last.and_then(|last| last.max(first).succ_opt()) {
                event.append_property(day("DTEND", after));
            }
        }
        When::Times { start, end } => {
            let from = span::instant(start, item.zone);
            event.append_property(zones.time("DTSTART", from, item.zone));
            if let Some(to) = end.map(|end| span::instant(end, item.zone)).filter(|to| *to >= from) {
                event.append_property(zones.time("DTEND", to, item.zone));
            }
        }
    }
}

pub(super) fn day(name: &str, day: NaiveDate) -> Property {
    Property::new(name, day.format("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done()
}

/// Its name in the feed.
pub(super) fn uid(item: &Item) -> String {
    let uid = line(&item.uid);
    if uid.is_empty() { super::series::made_up(item.when.wall_start(), &item.title) } else { uid }
}

fn title(item: &Item) -> String {
    let title = line(&item.title);
    if item.status != EntryStatus::Cancelled || title.starts_with("Cancelled:") {
        return title;
    }
    format!("Cancelled: {title}").trim_end().to_owned()
}

/// Text of several lines, without control characters, not longer than that.
pub(super) fn text(text: &str, longest: usize) -> String {
    let cleaned = clean(text);
    let trimmed = cleaned.trim();
    if trimmed.len() <= longest {
        return trimmed.to_owned();
    }
    format!("{}…", trimmed[..trimmed.floor_char_boundary(longest)].trim_end())
}

/// Text of one line.
pub(super) fn line(words: &str) -> String {
    text(&clean(words).split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_LINE)
}

/// An address on the web that cannot end its line or its parameter; others are left out.
pub(super) fn address(url: &str) -> Option<String> {
    let url = url.trim();
    let is_web = ["https://", "http://"].iter().any(|scheme| url.len() > scheme.len() && url.starts_with(scheme));
    let is_plain =
        !url.contains(|letter: char| letter.is_whitespace() || letter.is_control() || matches!(letter, '"' | '\\' | '<' | '>'));
    (is_web && is_plain && url.len() <= LONGEST_ADDRESS).then(|| ascii(url))
}

/// What is not ASCII becomes `%` and two digits (RFC 3987 section 3.1).
fn ascii(url: &str) -> String {
    url.bytes().map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests;
