//! Files as other programs write them.

use super::*;

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
