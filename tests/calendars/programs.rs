//! 53 files from the test data of other projects; `programs/README.md` has their sources.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use convene::domain::{Span, When, occurrences};
use convene::ical::{Defaults, Entry, NoteLevel, Reading, read};
use proptest::prelude::*;
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

/// What a person is told about some of the files, by line.
#[test]
fn what_is_skipped_or_repaired_is_told() {
    for (name, told) in [
        (
            "office_365_invalid_timezone.ics",
            vec![(38, "The time zone “Customized Time Zone” is not known; its times are read in the zone UTC.")],
        ),
        (
            "bad_custom_ms_tz.ics",
            vec![
                (6, "The time zone “tzone://Microsoft/Custom” is not known; its times are read in the zone UTC."),
                (40, "The event ends before it begins; its last day is taken as not known."),
            ],
        ),
        (
            "ms_timezones.ics",
            vec![(
                152,
                "The start “DTSTART;TZID=\"W. Europe Standard Time:20200609T090000\"” is no date or time; the event is left out.",
            )],
        ),
        ("blankTzid.ics", vec![(27, "A time zone has no name; its rules are those of UTC.")]),
        ("calendar_labs_same_day_dtend.ics", vec![(11, "The end of a day is the day after it; this event is taken as one day.")]),
        ("rfc_7986_conferences.ics", vec![(2, "The event has no start (DTSTART); it is left out.")]),
        ("without_uid.ics", vec![(4, "The event has no UID; one is made from its start and title.")]),
        ("apple_ical.ics", vec![]),
        ("google_calendar_public_holidays.ics", vec![]),
        ("bom_calendar.ics", vec![]),
        ("Casablanca.ics", vec![]),
    ] {
        let reading = reading(name);
        let notes: Vec<_> = reading.notes.iter().map(|note| (note.line, note.text.as_str())).collect();
        assert_eq!(notes, told, "{name}");
    }
}

#[test]
fn a_late_error_costs_only_what_is_wrong() {
    let reading = reading("large-file-with-late-error.ics");
    let skipped = reading.notes.iter().filter(|note| note.level == NoteLevel::Skipped).count();
    assert_eq!((reading.vevents, reading.entries.len(), skipped), (401, 395, 6));
}

#[test]
fn text_is_unfolded_before_it_is_decoded() {
    assert_eq!(
        reading("bad_wrapping.ics").entries[0].description,
        "Event description that puts a UTF-8 multi-octet sequence right\u{a0}here."
    );
}

#[test]
fn places_and_links_survive_the_ways_of_other_programs() {
    assert_eq!(reading("params_rfc7986_component.ics").entries[0].join_url.as_deref(), Some("https://zoom.us/j/123456"));
    assert_eq!(reading("sogo-geo-escaped-semicolon.ics").entries[0].position, Some((12.34567, 12.34567)));
}

#[test]
fn a_thousand_series_are_read_and_expanded_well_within_their_time() {
    let began = std::time::Instant::now();
    let reading = reading("mathBirthdays.ics");
    assert_eq!(starts(&reading, &("2004-01-01".into(), "2007-01-01".into())).len(), 3948);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

/// The entries of a file without what says where they stand in it.
fn without_lines(reading: Reading) -> Vec<Entry> {
    let mut entries: Vec<_> = reading.entries.into_iter().map(|entry| Entry { line: 0, ..entry }).collect();
    entries.sort_by(|one, other| one.uid.cmp(&other.uid));
    entries
}

#[test]
fn the_order_of_components_does_not_matter() {
    for name in answers().keys().filter(|name| !["without_uid.ics", "2445.ics", "recur-errors.ics"].contains(&name.as_str())) {
        let text = String::from_utf8_lossy(&bytes(name)).replace("\r\n", "\n");
        let mut events: Vec<&str> = text.split_inclusive("END:VEVENT\n").collect();
        if events.len() < 3 || text.matches("BEGIN:VCALENDAR").count() != 1 {
            continue;
        }
        let head = events[0].split_at(events[0].find("BEGIN:VEVENT").expect("an event"));
        events[0] = head.1;
        let tail = events.pop().expect("the end of the calendar");
        events.reverse();
        let turned = format!("{}{}{tail}", head.0, events.concat());
        let defaults = Defaults { zone: chrono_tz::UTC };
        let read_turned = read(turned.as_bytes(), &defaults).expect("a calendar");
        assert_eq!(without_lines(read_turned), without_lines(reading(name)), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_damage_to_a_file_makes_it_panic(
        which in 0_usize..53, cuts in proptest::collection::vec((0_usize..1_000, 0_usize..40, proptest::collection::vec(any::<u8>(), 0..6)), 1..12),
    ) {
        let name = answers().into_keys().filter(|name| name != "mathBirthdays.ics").nth(which % 52).expect("a file");
        let mut damaged = bytes(&name);
        for (place, length, new) in cuts {
            let from = damaged.len() * place / 1_000;
            let to = (from + length).min(damaged.len());
            damaged.splice(from..to, new);
        }
        if let Ok(reading) = read(&damaged, &Defaults { zone: chrono_tz::America::New_York }) {
            for entry in reading.entries {
                let window = Span::new(DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + chrono::TimeDelta::days(30_000));
                let _ = occurrences(entry.when, entry.zone.unwrap_or(chrono_tz::UTC), entry.recurrence.as_ref(), window);
            }
        }
    }
}
