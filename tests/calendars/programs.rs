//! 53 files from the test data of other projects; `programs/README.md` has their sources.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use convene::domain::{Span, When, occurrences};
use convene::ical::{Defaults, Reading, read};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

#[derive(Deserialize)]
struct Expected {
    sha256: String,
    vevents_in_text: usize,
    window: (String, String),
    occurrences: Option<Vec<String>>,
    occurrences_sha256: Option<String>,
    occurrences_count: Option<usize>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/calendars/programs")
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A floating time is written in the answers as if it were UTC, so UTC is the default zone here.
fn reading(name: &str) -> Reading {
    read(&bytes(name), &Defaults { zone: chrono_tz::UTC }).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn answers() -> BTreeMap<String, Expected> {
    serde_json::from_slice(&bytes("expected.json")).expect("expected.json is readable")
}

/// Every start in the window, sorted: an instant with its Z, or a day.
fn starts(reading: &Reading, window: &(String, String)) -> Vec<String> {
    let at = |day: &str| format!("{day}T00:00:00Z").parse::<DateTime<Utc>>().expect("a day");
    let window = Span::new(at(&window.0), at(&window.1));
    let mut starts = Vec::new();
    for entry in &reading.entries {
        let zone = entry.zone.unwrap_or(chrono_tz::UTC);
        let found = occurrences(entry.when, zone, entry.recurrence.as_ref(), window);
        assert!(!found.cut_short, "{} is cut short", entry.uid);
        starts.extend(found.occurrences.iter().filter(|one| one.span.start >= window.start).map(|one| match one.when {
            When::Days { first, .. } => first.to_string(),
            When::Times { .. } => one.span.start.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        }));
    }
    starts.sort();
    starts
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes)
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

#[test]
fn every_file_has_the_occurrences_that_other_engines_agree_on() {
    let answers = answers();
    assert_eq!(answers.len(), 53);
    let mut wrong = Vec::new();
    for (name, expected) in &answers {
        let reading = reading(name);
        assert_eq!(hex(bytes(name)), expected.sha256, "{name} was changed");
        assert_eq!(reading.vevents, expected.vevents_in_text, "{name}");
        let found = starts(&reading, &expected.window);
        if let Some(occurrences) = &expected.occurrences
            && found != *occurrences
        {
            let missing: Vec<_> = occurrences.iter().filter(|start| !found.contains(start)).collect();
            let extra: Vec<_> = found.iter().filter(|start| !occurrences.contains(start)).collect();
            wrong.push(format!("{name}: missing {missing:?}, extra {extra:?}"));
        }
        if let Some(sum) = &expected.occurrences_sha256
            && hex(found.join("\n")) != *sum
        {
            wrong.push(format!("{name}: {} starts instead of {:?}", found.len(), expected.occurrences_count));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
