//! What reading promises: each thing that other programs do wrong, and the ten rules of importing.

use std::time::{Duration, Instant};

use chrono::NaiveDateTime;
use proptest::prelude::*;

use super::*;
use crate::domain::recurrence::Exdate;
use crate::domain::{EventStatus, Span, occurrences};

const NEW_YORK: Tz = chrono_tz::America::New_York;

fn bytes_read(bytes: &[u8]) -> Reading {
    read(bytes, &Defaults { zone: NEW_YORK }).expect("a calendar")
}
/// One event with these lines.
fn event(lines: &str) -> Reading {
    bytes_read(format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n").as_bytes())
}
fn one(lines: &str) -> Entry {
    let reading = event(lines);
    assert_eq!(reading.entries.len(), 1, "{:?}", reading.notes);
    reading.entries.into_iter().next().expect("one")
}
fn told(reading: &Reading) -> Vec<(NoteLevel, usize, &str)> {
    reading.notes.iter().map(|note| (note.level, note.line, note.text.as_str())).collect()
}
fn wall(text: &str) -> NaiveDateTime {
    text.parse().expect("a time")
}
fn days(first: &str, last: Option<&str>) -> When {
    When::Days { first: first.parse().expect("a day"), last: last.map(|last| last.parse().expect("a day")) }
}
fn times(start: &str, end: Option<&str>) -> When {
    When::Times { start: wall(start), end: end.map(wall) }
}
/// The starts in UTC over the years in which the tests happen.
fn starts(entry: &Entry) -> Vec<String> {
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
    let window = Span::new(at("2020-01-01T00:00:00Z"), at("2030-01-01T00:00:00Z"));
    let found = occurrences(entry.when, entry.zone.unwrap_or(NEW_YORK), entry.recurrence.as_ref(), window);
    found.occurrences.iter().map(|one| one.span.start.format("%m-%dT%H:%M").to_string()).collect()
}

#[test]
fn what_is_no_calendar_says_what_it_looks_like() {
    let refused = |bytes: &[u8]| read(bytes, &Defaults { zone: NEW_YORK }).expect_err("no calendar");
    assert_eq!(refused(b""), NotACalendar::Empty);
    assert_eq!(refused(b" \r\n\n"), NotACalendar::Empty);
    assert_eq!(refused(b"\n<!DOCTYPE html><html><head><title>Sign in</title>"), NotACalendar::WebPage);
    assert_eq!(refused(b"<?xml version='1.0'?>\n<html xmlns='x'>"), NotACalendar::WebPage);
    assert_eq!(refused(b"  BEGIN:VCALENDAR\n  BEGIN:VEVENT\n"), NotACalendar::Indented);
    assert_eq!(refused(b"{\"error\": 404}"), NotACalendar::Other { begins: "{\"error\": 404}".into() });
    assert_eq!(refused(b"BEGIN:VCARD\nFN:x\nEND:VCARD\n"), NotACalendar::Other { begins: "BEGIN:VCARD".into() });
    assert_eq!(refused(&vec![b'x'; LARGEST + 1]), NotACalendar::TooLarge { megabytes: 21 });
}

#[test]
fn odd_files_are_read_all_the_same() {
    let good = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTART:20260301T100000Z\nEND:VEVENT\nEND:VCALENDAR\n";
    for (what, file) in [
        ("carriage returns", good.replace('\n', "\r")),
        ("mixed line ends", good.replacen('\n', "\r\n", 3)),
        ("blanks behind names", good.replace("VEVENT\n", "VEVENT  \n").replace("VCALENDAR\n", "VCALENDAR\t \n")),
        ("lower case", good.to_lowercase()),
        ("empty lines before", format!("\n\n{good}")),
        ("a missing end", good.replace("END:VEVENT\n", "")),
        ("no end at all", good.replace("END:VEVENT\nEND:VCALENDAR\n", "")),
        ("an end too many", good.replace("END:VEVENT\n", "END:VEVENT\nEND:VEVENT\nEND:VALARM\n")),
        ("garbage between", good.replace("SUMMARY", "some garbage\n=\n;;;\nSUMMARY")),
        ("a first SUMMARY", good.replace("SUMMARY:A", "SUMMARY:A\nSUMMARY:B")),
        ("no calendar around", good.replace("BEGIN:VCALENDAR\n", "").replace("END:VCALENDAR\n", "")),
        ("an alarm inside", good.replace("END:VEVENT", "BEGIN:VALARM\nSUMMARY:X\nDTSTART:1\nEND:VALARM\nEND:VEVENT")),
        ("an unclosed alarm", good.replace("END:VEVENT", "BEGIN:VALARM\nSUMMARY:X\nEND:VEVENT")),
    ] {
        let reading = bytes_read(file.as_bytes());
        let read: Vec<_> = reading.entries.iter().map(|entry| (entry.title.to_uppercase(), entry.when)).collect();
        assert_eq!(read, [("A".to_owned(), times("2026-03-01T05:00:00", None))], "{what}");
    }
}

#[test]
fn what_was_repaired_is_told_with_its_line() {
    let reading = bytes_read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nno colon here\nDTSTART:20260301T100000Z\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VTODO\nEND:VCALENDAR\n");
    assert_eq!(
        told(&reading),
        [
            (NoteLevel::Skipped, 4, "“no colon here” is no property: it has no colon."),
            (NoteLevel::Repaired, 6, "“END:VEVENT” is missing before line 6; it is added."),
            (NoteLevel::Skipped, 6, "The event has no start (DTSTART); it is left out."),
            (NoteLevel::Repaired, 9, "“END:VTODO” ends nothing; it is passed over."),
        ]
    );
    assert_eq!((reading.entries.len(), reading.vevents), (1, 2));
}

#[test]
fn one_bad_event_never_costs_the_others() {
    let reading = bytes_read(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260230T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nDTSTART:20260301\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(
        told(&reading),
        [(NoteLevel::Skipped, 4, "The start “20260230T100000Z” is no date or time; the event is left out.")]
    );
    assert_eq!(
        reading.entries.iter().map(|entry| (entry.uid.as_str(), entry.when)).collect::<Vec<_>>(),
        [("2", days("2026-03-01", None))]
    );
}

#[test]
fn an_end_is_the_day_after_the_last_and_none_is_not_one_day() {
    assert_eq!(one("DTSTART;VALUE=DATE:20221117\nDTEND;VALUE=DATE:20221120").when, days("2022-11-17", Some("2022-11-19")));
    assert_eq!(one("DTSTART;VALUE=DATE:20241113").when, days("2024-11-13", None));
    assert_eq!(one("DTSTART;VALUE=DATE:20241113\nDURATION:P2D").when, days("2024-11-13", Some("2024-11-14")));
    assert_eq!(one("DTSTART;VALUE=DATE:20241113\nDURATION:PT36H").when, days("2024-11-13", Some("2024-11-14")));
    assert_eq!(one("DTSTART;VALUE=DATE:20241113\nDTEND:20241115T000000").when, days("2024-11-13", Some("2024-11-14")));
    assert_eq!(one("DTSTART;TZID=America/Chicago:20241113T090000").when, times("2024-11-13T09:00:00", None));
    assert_eq!(one("DTSTART:20241113T090000\nDURATION:PT90M").when, times("2024-11-13T09:00:00", Some("2024-11-13T10:30:00")));
    assert_eq!(one("DTSTART:20241113T090000\nDURATION:P1DT1H").when, times("2024-11-13T09:00:00", Some("2024-11-14T10:00:00")));
}

#[test]
fn rule_8_ends_that_cannot_be_are_told() {
    for (lines, when, text) in [
        (
            "DTSTART:20260301\nDTEND:20260301",
            days("2026-03-01", Some("2026-03-01")),
            "The end of a day is the day after it; this event is taken as one day.",
        ),
        (
            "DTSTART:20260301\nDTEND:20260227",
            days("2026-03-01", None),
            "The event ends before it begins; its last day is taken as not known.",
        ),
        (
            "DTSTART:20260301T090000Z\nDTEND:20260301T080000Z",
            times("2026-03-01T04:00:00", None),
            "The event ends before it begins; the end is taken as not known.",
        ),
        (
            "DTSTART:20260301T090000Z\nDURATION:-PT1H",
            times("2026-03-01T04:00:00", None),
            "The event ends before it begins; the end is taken as not known.",
        ),
        (
            "DTSTART:20260301T090000Z\nDTEND:soon",
            times("2026-03-01T04:00:00", None),
            "The end “soon” is no date or time; the end is taken as not known.",
        ),
        (
            "DTSTART:20260301T090000Z\nDURATION:long",
            times("2026-03-01T04:00:00", None),
            "The length (DURATION) cannot be read; the end is taken as not known.",
        ),
        (
            "DTSTART;VALUE=DATE:20260301T090000\nX:1",
            days("2026-03-01", None),
            "The start is given as a day with a time; the time is left out.",
        ),
    ] {
        let reading = event(lines);
        assert_eq!(reading.entries[0].when, when, "{lines}");
        assert!(
            reading.notes.iter().any(|note| note.level == NoteLevel::Repaired && note.text == text),
            "{lines}: {:?}",
            reading.notes
        );
    }
}

#[test]
fn rule_1_the_newest_of_several_with_one_uid_wins_in_any_order() {
    let old = "BEGIN:VEVENT\nUID:1\nSEQUENCE:1\nSUMMARY:Old\nDTSTART:20260301\nEND:VEVENT\n";
    let new = "BEGIN:VEVENT\nUID:1\nSEQUENCE:2\nSUMMARY:New\nDTSTART:20260302\nEND:VEVENT\n";
    for events in [format!("{old}{new}"), format!("{new}{old}")] {
        let reading = bytes_read(format!("BEGIN:VCALENDAR\n{events}END:VCALENDAR\n").as_bytes());
        assert_eq!(reading.entries.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["New"]);
        assert_eq!(reading.notes[0].text, "The file has a newer state of this event; this one is left out.");
    }
}

#[test]
fn events_that_share_a_uid_by_mistake_are_all_kept() {
    let reading = bytes_read(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nSUMMARY:A\nDTSTART:20260302\nEND:VEVENT\nBEGIN:VEVENT\nUID:x\nSUMMARY:B\nDTSTART:20260301\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:x\nSUMMARY:B\nDTSTART:20260301\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    let told: Vec<_> = reading
        .entries
        .iter()
        .map(|entry| (entry.title.as_str(), entry.uid.starts_with("x#made-up-"), entry.uid_made_up))
        .collect();
    assert_eq!(told, [("A", true, true), ("B", false, false)]);
}

#[test]
fn rule_2_and_3_dates_of_a_series_are_found_by_instant_or_by_local_day() {
    let weekly = "DTSTART;TZID=America/New_York:20260226T090000\nRRULE:FREQ=WEEKLY;COUNT=4";
    let with = |more: &str| starts(&one(&format!("{weekly}\n{more}")));
    assert_eq!(with("EXDATE;TZID=Europe/Berlin:20260305T150000"), ["02-26T14:00", "03-12T13:00", "03-19T13:00"], "another zone");
    assert_eq!(with("EXDATE:20260305T140000Z"), ["02-26T14:00", "03-12T13:00", "03-19T13:00"], "UTC");
    assert_eq!(with("EXDATE;VALUE=DATE:20260305,20260319"), ["02-26T14:00", "03-12T13:00"], "local days");
    assert_eq!(with("EXDATE:20260305T090000"), ["02-26T14:00", "03-12T13:00", "03-19T13:00"], "without a zone: the series' own");
    let whole = one("DTSTART;VALUE=DATE:20260226\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=W. Europe Standard Time:20260227T000000");
    assert_eq!(whole.recurrence.expect("a series").exdates, [Exdate::Day("2026-02-27".parse().expect("a day"))]);
}

#[test]
fn rule_4_until_is_read_in_the_zone_of_the_start() {
    let daily = |until: &str| {
        starts(&one(&format!("DTSTART;TZID=America/New_York:20260301T220000\nRRULE:FREQ=DAILY;UNTIL={until}"))).len()
    };
    assert_eq!([daily("20260303T030000Z"), daily("20260303T025959Z"), daily("20260302T220000"), daily("20260302")], [2, 1, 2, 2]);
}

#[test]
fn rule_5_a_changed_date_without_its_series_is_an_event_of_its_own() {
    let reading = event("RECURRENCE-ID:20260305T140000Z\nDTSTART:20260305T150000Z\nRRULE:FREQ=DAILY\nSUMMARY:Moved");
    assert_eq!((reading.entries[0].recurrence.clone(), reading.entries[0].title.as_str()), (None, "Moved"));
    assert_eq!(
        reading.notes[0].text,
        "This is one date of a series that is not in the file; it is taken as an event of its own."
    );
}

#[test]
fn rule_5_a_cancelled_date_is_marked_and_the_others_stay() {
    let reading = bytes_read(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20260305T140000Z\nDTSTART:20260305T140000Z\nSTATUS:CANCELLED\nSUMMARY:A\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTART;TZID=America/New_York:20260226T090000\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    let series = reading.entries[0].recurrence.clone().expect("a series");
    assert_eq!(reading.entries.len(), 1);
    assert_eq!(
        series.overrides.iter().map(|one| (one.original, one.status, one.title.clone())).collect::<Vec<_>>(),
        [(wall("2026-03-05T09:00:00"), Some(EventStatus::Cancelled), None)]
    );
    assert_eq!(starts(&reading.entries[0]).len(), 3);
}

#[test]
fn rule_6_floating_times_take_the_calendars_zone_and_utc_stays_the_same_instant() {
    let file = |head: &str, lines: &str| {
        bytes_read(format!("BEGIN:VCALENDAR\n{head}BEGIN:VEVENT\nUID:1\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n").as_bytes())
    };
    let floating = file("", "DTSTART:20260701T090000");
    assert_eq!((floating.entries[0].zone, floating.entries[0].when), (None, times("2026-07-01T09:00:00", None)));
    assert_eq!(
        told(&floating),
        [(NoteLevel::Repaired, 4, "Some times name no zone; they are read in the zone America/New_York.")]
    );
    let named = file("X-WR-TIMEZONE:Europe/Berlin\n", "DTSTART:20260701T090000");
    assert_eq!(
        (named.entries[0].zone, named.entries[0].when),
        (Some(chrono_tz::Europe::Berlin), times("2026-07-01T09:00:00", None))
    );
    let utc = file("X-WR-TIMEZONE:Europe/Berlin\n", "DTSTART:20260701T090000Z");
    assert_eq!((utc.entries[0].zone, utc.entries[0].when), (Some(chrono_tz::Europe::Berlin), times("2026-07-01T11:00:00", None)));
    let plain = file("", "DTSTART:20200713T200000Z");
    assert_eq!((plain.entries[0].zone, plain.entries[0].when), (Some(NEW_YORK), times("2020-07-13T16:00:00", None)));
    let repeated_hour = file("", "DTSTART:20261101T063000Z");
    assert_eq!(
        (repeated_hour.entries[0].zone, repeated_hour.entries[0].when),
        (Some(Tz::UTC), times("2026-11-01T06:30:00", None))
    );
}

#[test]
fn rule_6_a_series_in_utc_does_not_move_with_the_clocks() {
    let entry = one("DTSTART:20261025T150000Z\nRRULE:FREQ=WEEKLY;COUNT=2");
    assert_eq!((entry.zone, starts(&entry)), (Some(Tz::UTC), vec!["10-25T15:00".to_owned(), "11-01T15:00".to_owned()]));
}

#[test]
fn rule_7_an_event_without_a_uid_has_the_same_one_each_time() {
    let file = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:A\nDTSTART:20260301\nEND:VEVENT\nBEGIN:VEVENT\nSUMMARY:A\nDTSTART:20260301\nEND:VEVENT\nEND:VCALENDAR\n";
    let uids = || bytes_read(file).entries.into_iter().map(|entry| (entry.uid, entry.uid_made_up)).collect::<Vec<_>>();
    assert_eq!(uids(), uids());
    assert_eq!(uids()[1].0, format!("{}-2", uids()[0].0));
    assert!(uids().iter().all(|(_, made_up)| *made_up));
}

#[test]
fn rule_9_a_z_beats_a_zone() {
    let reading = event("DTSTART;TZID=Europe/Berlin:20260301T100000Z");
    assert_eq!((reading.entries[0].zone, reading.entries[0].when), (Some(NEW_YORK), times("2026-03-01T05:00:00", None)));
    assert_eq!(told(&reading), [(NoteLevel::Repaired, 4, "A time has both a zone (TZID) and a Z; it is taken as UTC.")]);
}

#[test]
fn an_unknown_zone_is_told_and_never_silent() {
    let reading = event("DTSTART;TZID=Nowhere/Land:20260301T100000\nDTEND;TZID=Nowhere/Land:20260301T110000");
    assert_eq!(
        (reading.entries[0].zone, reading.entries[0].when),
        (None, times("2026-03-01T10:00:00", Some("2026-03-01T11:00:00")))
    );
    assert_eq!(
        told(&reading),
        [(NoteLevel::Repaired, 4, "The time zone “Nowhere/Land” is not known; its times are read in the zone America/New_York.")]
    );
    let offset = event("DTSTART;TZID=GMT-0600:20260301T100000");
    assert_eq!(offset.entries[0].zone, Some(chrono_tz::Etc::GMTPlus6));
    assert_eq!(offset.notes.len(), 1);
}

#[test]
fn a_rule_that_cannot_be_read_leaves_the_first_date() {
    let reading = event("DTSTART:20260301T100000Z\nRRULE:FREQ=SOMETIMES");
    assert_eq!(reading.entries[0].recurrence, None);
    assert_eq!(
        told(&reading),
        [(
            NoteLevel::Skipped,
            5,
            "How the event repeats is not understood (“SOMETIMES” is no frequency; there are DAILY, WEEKLY, MONTHLY, YEARLY); only its first date is taken."
        )]
    );
    let odd = event(
        "DTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260302\nRRULE:freq=daily\\;count=2;X-A=1;RSCALE=GREGORIAN;BYHOUR=9;BYDAY=",
    );
    assert_eq!(odd.entries[0].recurrence.as_ref().and_then(|series| series.rrule.as_deref()), Some("FREQ=DAILY;COUNT=2"));
    assert_eq!(told(&odd), [(NoteLevel::Repaired, 6, "The part “X-A=1” of the rule is not read.")]);
}

#[test]
fn this_and_future_moves_all_later_dates_by_as_much() {
    let reading = bytes_read(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:A\nDTSTART:20260301T100000Z\nDTEND:20260301T110000Z\nRRULE:FREQ=DAILY;COUNT=4\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nSUMMARY:B\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260302T100000Z\nDTSTART:20260302T120000Z\nDTEND:20260302T123000Z\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nSUMMARY:A\nRECURRENCE-ID:20260303T100000Z\nDTSTART:20260303T180000Z\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(starts(&reading.entries[0]), ["03-01T10:00", "03-02T12:00", "03-03T18:00", "03-04T12:00"]);
    let endless = bytes_read(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260301T100000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260302T100000Z\nDTSTART:20260302T120000Z\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(endless.notes[0].text, "A change of all later dates is kept for the next 1000 of them only.");
}

#[test]
fn texts_places_and_links_are_told_apart() {
    let entry = one(
        "DTSTART:20260301T100000Z\nSUMMARY:  A\\, b\\; c\\n\nDESCRIPTION:Join: https://example.org/join\\n\\nOne\\nTwo\nLOCATION:City Hall\nURL:https://example.org/page\n\
         CONFERENCE;FEATURE=PHONE:tel:+1-412-555-0123\nCONFERENCE;FEATURE=CHAT:https://example.org/chat\nCONFERENCE;VALUE=URI;FEATURE=\"AUDIO,VIDEO\":https://example.org/join\n\
         CATEGORIES:a,b\\, c,,a\nCATEGORIES:d\nGEO:39.1\\;-94.6\nTRANSP:TRANSPARENT\nSTATUS:tentative\nSEQUENCE:7\nDTSTAMP:20260101T000000Z\nLAST-MODIFIED:20260102T000000Z",
    );
    let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
    let expected = Entry {
        uid: "1".into(),
        uid_made_up: false,
        line: 2,
        sequence: 7,
        status: EntryStatus::Tentative,
        title: "A, b; c".into(),
        description: "One\nTwo".into(),
        location: Some("City Hall".into()),
        position: Some((39.1, -94.6)),
        url: Some("https://example.org/page".into()),
        join_url: Some("https://example.org/join".into()),
        categories: vec!["a".into(), "b, c".into(), "d".into()],
        transparent: true,
        when: times("2026-03-01T05:00:00", None),
        zone: Some(NEW_YORK),
        recurrence: None,
        stamped_at: at("2026-01-01T00:00:00Z"),
        last_modified: at("2026-01-02T00:00:00Z"),
    };
    assert_eq!(entry, expected);
}

#[test]
fn a_place_on_the_web_is_where_to_join() {
    let entry = one("DTSTART:20260301T100000Z\nLOCATION: https://example.org/join ");
    assert_eq!((entry.location, entry.join_url.as_deref()), (None, Some("https://example.org/join")));
    let told = one("DTSTART:20260301T100000Z\nLOCATION:Room 2 (https://example.org/join)");
    assert_eq!((told.location.as_deref(), told.join_url), (Some("Room 2 (https://example.org/join)"), None));
    let no_page = event("DTSTART:20260301T100000Z\nURL:javascript:alert(1)");
    assert_eq!(no_page.entries[0].url, None);
    assert_eq!(no_page.notes.len(), 1);
}

#[test]
fn outlook_says_in_the_title_that_something_is_cancelled() {
    let reading = event("DTSTART:20260301T100000Z\nSUMMARY:Canceled: Meeting");
    assert_eq!((reading.entries[0].title.as_str(), reading.entries[0].status), ("Meeting", EntryStatus::Cancelled));
    let whole = bytes_read(
        b"BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:1\nSUMMARY:Meeting\nDTSTART:20260301\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(whole.entries[0].status, EntryStatus::Cancelled);
}

#[test]
fn the_name_of_the_calendar_is_read_whole() {
    let name = |lines: &str| bytes_read(format!("BEGIN:VCALENDAR\n{lines}\nEND:VCALENDAR\n").as_bytes()).name;
    assert_eq!(name("X-WR-CALNAME:Mayors\\, chiefs; and more").as_deref(), Some("Mayors, chiefs; and more"));
    assert_eq!(name("X-WR-CALNAME:Old\nNAME;VALUE=TEXT:New").as_deref(), Some("New"));
    assert_eq!(name("X-WR-CALNAME: "), None);
}

/// Reads hostile bytes on a small stack and in bounded time.
fn survives(what: &str, bytes: Vec<u8>) {
    let began = Instant::now();
    let thread = std::thread::Builder::new().stack_size(256 * 1024);
    let read =
        thread.spawn(move || read(&bytes, &Defaults { zone: NEW_YORK }).map(|reading| reading.notes.len())).expect("a thread");
    let notes = read.join().expect("no panic");
    assert!(notes.is_err() || notes.is_ok_and(|notes| notes <= 1_001), "{what}");
    assert!(began.elapsed() < Duration::from_secs(10), "{what} took {:?}", began.elapsed());
}

const MEGABYTE: usize = 1_000_000;

#[test]
fn hostile_files_take_no_stack_and_little_time() {
    let calendar = |inside: String| format!("BEGIN:VCALENDAR\n{inside}END:VCALENDAR\n").into_bytes();
    let times = |text: &str, bytes: usize| text.repeat(bytes / text.len());
    survives("nested events", times("BEGIN:VEVENT\n", MEGABYTE).into_bytes());
    survives("nested components", calendar(times("BEGIN:X\n", MEGABYTE)));
    survives("ends of nothing", calendar(times("END:X\n", MEGABYTE)));
    survives("empty lines", calendar(times("\n", MEGABYTE)));
    survives("one fold", calendar(format!("SUMMARY:x{}", times("\n x", MEGABYTE))));
    survives("blank folds", calendar(format!("SUMMARY{}", times("\n\n ", MEGABYTE))));
    survives("soft breaks", calendar(format!("SUMMARY;ENCODING=QUOTED-PRINTABLE:{}", times("=\nx=", MEGABYTE))));
    survives("one long line", calendar(format!("SUMMARY:{}\n", times("\\\\;,", MEGABYTE))));
    survives("quotes", calendar(format!("BEGIN:VEVENT\nSUMMARY;X={}\nEND:VEVENT\n", times("\"", MEGABYTE))));
    survives("parameters", calendar(format!("BEGIN:VEVENT\nSUMMARY{}:x\nEND:VEVENT\n", times(";A=b", MEGABYTE))));
    survives("tiny events", calendar(times("BEGIN:VEVENT\nEND:VEVENT\n", MEGABYTE)));
    survives(
        "exception dates",
        calendar(format!(
            "BEGIN:VEVENT\nDTSTART:20260101T000000Z\nRRULE:FREQ=DAILY\nEXDATE:{}\nEND:VEVENT\n",
            times("20260101T000000Z,", MEGABYTE)
        )),
    );
    survives(
        "bad dates",
        calendar(format!("BEGIN:VEVENT\nDTSTART:20260101T000000Z\nEXDATE:{}\nEND:VEVENT\n", times("x,", MEGABYTE))),
    );
    survives(
        "categories",
        calendar(format!(
            "BEGIN:VEVENT\nDTSTART:20260101\nCATEGORIES:{}\nEND:VEVENT\n",
            (0..MEGABYTE / 6).fold(String::new(), |list, number| list + &number.to_string() + ",")
        )),
    );
    let hourly = "BEGIN:VEVENT\nUID:NUMBER\nDTSTART:20000101T000000Z\nRRULE:FREQ=HOURLY\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:NUMBER\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z\nDTSTART:20260101T010000Z\nEND:VEVENT\n";
    let ranges = |rule: &str| {
        calendar((0..5_000_u32).fold(String::new(), |file, number| file + &rule.replace("NUMBER", &number.to_string())))
    };
    survives("changes of all later hours", ranges(hourly));
    survives("changes of all later days", ranges(&hourly.replace("HOURLY", "DAILY").replace("2000", "1900")));
    let zone = "BEGIN:VTIMEZONE\nTZID:ZNUMBER\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0111\nTZOFFSETTO:+0122\nRRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU\n\
        END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:NUMBER\nDTSTART;TZID=ZNUMBER:2NUMBER0101T000000\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
    survives("zones", calendar((100..1_000).map(|number| zone.replace("NUMBER", &number.to_string())).collect()));
    let one_zone = zone.replace("NUMBER", "020");
    let add = |file: String, year| {
        file + &format!(
            "BEGIN:VEVENT
UID:{year}
DTSTART;TZID=Z020:{year:04}0101T000000
END:VEVENT
"
        )
    };
    let uses = (0..10_000_u32).fold(String::new(), add);
    survives("many years", calendar(one_zone + &uses));
}

fn some_lines() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        "(BEGIN|END|UID|SUMMARY|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|GEO|CATEGORIES|X-WR-TIMEZONE|TZOFFSETTO|TZOFFSETFROM|TZID)\
         (;(TZID|VALUE|RANGE)=(UTC|Europe/Berlin|DATE|PERIOD|THISANDFUTURE|\"[^\"]{0,4}|.{0,5})){0,2}:\
         (VEVENT|VCALENDAR|VTIMEZONE|STANDARD|VALARM|[0-9]{8}(T[0-9]{6}Z?)?(/P1D|,[0-9]{8})?|-?P[0-9]{1,9}[DWTHM]{0,3}|FREQ=(DAILY|YEARLY|WEEKLY);(COUNT|INTERVAL|BYMONTH|BYDAY)=.{0,4}|[+-][0-9]{4}|.{0,12})",
        0..40,
    )
    .prop_map(|lines| format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\n{}\n", lines.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut file = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\n".to_vec();
        file.extend(bytes);
        let _ = read(&file, &Defaults { zone: NEW_YORK });
    }

    #[test]
    fn no_lines_make_it_panic_or_lose_the_event_after_them(lines in some_lines()) {
        let file = format!("{lines}BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:the last\nSUMMARY:Here\nDTSTART:20260101\nEND:VEVENT\nEND:VCALENDAR\n");
        let reading = bytes_read(file.as_bytes());
        prop_assert!(reading.entries.iter().any(|entry| entry.uid == "the last" && entry.title == "Here"), "{:?}", reading);
        for entry in &reading.entries {
            let _ = starts(entry);
        }
    }
}
