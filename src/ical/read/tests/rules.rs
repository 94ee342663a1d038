//! The ten rules of importing.

use super::*;

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
        // Either date may be the wrong one.
        let level = if text.contains("before it begins") { NoteLevel::Guessed } else { NoteLevel::Repaired };
        assert_eq!(reading.entries[0].when, when, "{lines}");
        assert!(reading.notes.iter().any(|note| note.level == level && note.text == text), "{lines}: {:?}", reading.notes);
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
    assert_eq!(told(&odd), [(NoteLevel::Guessed, 6, "The part “X-A=1” of the rule is not read.")]);
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
