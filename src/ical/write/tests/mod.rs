//! What a written feed promises. The numbers are those of the known gaps of the `icalendar` crate
//! (W) and of what calendar programs need of a feed's body (B).

mod everything;
mod points;

use chrono_tz::America::{New_York, Phoenix};

use super::*;
use crate::ical::{Defaults, Entry, read};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}
fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}
fn times(start: &str, end: &str) -> When {
    When::Times { start: start.parse().expect("a time"), end: Some(end.parse().expect("a time")) }
}
fn header_named(name: &str) -> FeedHeader {
    FeedHeader { name: name.to_owned(), description: String::new(), refresh_hours: 1, zone: New_York }
}
fn item() -> Item {
    Item {
        uid: "0193@convene.example.org".into(),
        sequence: 2,
        created_at: at("2026-01-02T03:04:05Z"),
        stamped_at: at("2026-02-03T04:05:06Z"),
        last_modified: at("2026-02-03T04:05:06Z"),
        status: EntryStatus::Confirmed,
        title: "Budgeting for equity".into(),
        description: "Bring your budget; all of it, please.".into(),
        location: Some("City Hall, Room 2".into()),
        position: Some((39.0997, -94.5786)),
        url: Some("https://example.org/events/1".into()),
        join_url: None,
        categories: vec!["equity_staff".into(), "in_person".into()],
        transparent: false,
        when: times("2026-10-06T09:00:00", "2026-10-06T10:30:00"),
        zone: New_York,
        color: Some("teal"),
    }
}
fn virtual_item() -> Item {
    Item { location: None, url: None, join_url: Some("https://example.org/join/1".into()), ..item() }
}
fn told(items: &[Item]) -> String {
    String::from_utf8(write(&header_named("Convenings"), items)).expect("UTF-8")
}
/// The unfolded lines of a feed with this one item.
fn lines(item: &Item) -> Vec<String> {
    told(std::slice::from_ref(item)).replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}
fn line_of(item: &Item, name: &str) -> Option<String> {
    // Those of the calendar itself stand before the first event.
    lines(item).into_iter().skip_while(|line| line != "BEGIN:VEVENT").find(|line| line.starts_with(name))
}
fn read_back(items: &[Item]) -> Vec<Entry> {
    let reading = read(told(items).as_bytes(), &Defaults { zone: New_York }).expect("a calendar");
    assert_eq!(reading.notes, []);
    reading.entries
}
