//! Titles, places and links.

use super::*;

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
