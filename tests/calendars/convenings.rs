//! The feeds made from real convenings, against the table that they were made from.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveDateTime};
use convene::domain::When;
use convene::ical::{Defaults, Entry, EntryStatus, Reading, read};

const PARTNERS: [&str; 14] = [
    "bloomberg",
    "elgl",
    "gare",
    "icma",
    "living-cities",
    "localgov2030",
    "mayors-innovation",
    "naca",
    "naco",
    "nfbpa",
    "nlc",
    "policylink",
    "race-forward",
    "uscm",
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/calendars/convenings")
}

fn reading(file: &str) -> Reading {
    let bytes = std::fs::read(folder().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    read(&bytes, &Defaults { zone: chrono_tz::America::New_York }).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// When the table says that an event is: days, or times in the table's zone.
pub fn when(start: &str, end: &str) -> When {
    if let Ok(first) = start.parse::<NaiveDate>() {
        return When::Days { first, last: end.parse().ok() };
    }
    let wall = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok();
    When::Times { start: wall(start).expect("a time"), end: wall(end) }
}

#[test]
fn every_event_of_every_feed_is_as_the_table_has_it() {
    let mut entries: BTreeMap<String, Entry> = BTreeMap::new();
    for partner in PARTNERS {
        let reading = reading(&format!("{partner}.ics"));
        assert_eq!(reading.notes, [], "{partner}");
        assert_eq!(reading.entries.len(), reading.vevents, "{partner}");
        entries.extend(reading.entries.into_iter().map(|entry| (entry.uid.clone(), entry)));
    }
    let mut table = csv::Reader::from_path(folder().join("partner-events.csv")).expect("the table");
    let rows: Vec<BTreeMap<String, String>> = table.deserialize().collect::<Result<_, _>>().expect("its rows");
    assert_eq!((rows.len(), entries.len()), (87, 87));
    for row in rows {
        let uid = format!("{}@{}.convenings.example", row["id"], row["partner"]);
        let entry = &entries[&uid];
        let expected = when(&row["start"], &row["end"]);
        assert_eq!((entry.title.as_str(), entry.when), (row["title"].as_str(), expected), "{uid}");
        if let When::Times { .. } = entry.when {
            let zone = entry.zone.expect("a zone");
            let meant: chrono_tz::Tz = row["time_zone"].parse().expect("a zone");
            assert_eq!(entry.when.span(zone), expected.span(meant), "{uid}");
        }
        assert_eq!(entry.status == EntryStatus::Cancelled, row["status"] == "cancelled", "{uid}");
        assert_eq!(entry.position.is_some(), !row["lat"].is_empty(), "{uid}");
        assert!(entry.categories.contains(&row["mode"]), "{uid}");
    }
}

#[test]
fn an_event_without_an_end_has_a_last_day_that_is_not_known() {
    let feed = reading("nlc.ics");
    let summit = |year: &str| {
        feed.entries.iter().find(|entry| entry.title.contains("City Summit") && entry.title.contains(year)).expect("it is there")
    };
    assert_eq!(summit("2022").when, when("2022-11-17", "2022-11-19"));
    assert_eq!(summit("2024").when, when("2024-11-13", ""));
}

#[test]
fn a_meeting_that_moves_is_one_event_in_three_states() {
    let states =
        ["1-planned", "2-postponed", "3-moved"].map(|state| reading(&format!("snapshots/mayors-innovation.{state}.ics")).entries);
    let told: Vec<_> = states
        .iter()
        .map(|entries| (entries.len(), entries[0].uid.clone(), entries[0].status, entries[0].when, entries[0].sequence))
        .collect();
    let uid = || "mip-winter-2022@mayors-innovation.convenings.example".to_owned();
    let planned = when("2022-01-21", "2022-01-22");
    assert_eq!(
        told,
        [
            (1, uid(), EntryStatus::Confirmed, planned, 0),
            (1, uid(), EntryStatus::Cancelled, planned, 1),
            (1, uid(), EntryStatus::Confirmed, when("2022-03-16", "2022-03-17"), 2),
        ]
    );
}
