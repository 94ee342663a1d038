//! The points of a feed by their numbers.

use super::*;

#[test]
fn a_feed_looks_like_this() {
    assert_eq!(
        told(&[item()]).split_terminator("\r\n").collect::<Vec<_>>(),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//convene//Combined calendar of convenings//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "NAME;VALUE=TEXT:Convenings",
            "X-WR-CALNAME:Convenings",
            "X-WR-TIMEZONE:America/New_York",
            "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
            "X-PUBLISHED-TTL:PT1H",
            "BEGIN:VTIMEZONE",
            "TZID:America/New_York",
            "BEGIN:STANDARD",
            "DTSTART:20251102T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
            "TZOFFSETFROM:-0400",
            "TZOFFSETTO:-0500",
            "TZNAME:EST",
            "END:STANDARD",
            "BEGIN:DAYLIGHT",
            "DTSTART:20250309T020000",
            "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
            "TZOFFSETFROM:-0500",
            "TZOFFSETTO:-0400",
            "TZNAME:EDT",
            "END:DAYLIGHT",
            "END:VTIMEZONE",
            "BEGIN:VEVENT",
            "COLOR:teal",
            "CREATED:20260102T030405Z",
            "DESCRIPTION:Bring your budget\\; all of it\\, please.",
            "DTEND;TZID=America/New_York:20261006T103000",
            "DTSTAMP:20260203T040506Z",
            "DTSTART;TZID=America/New_York:20261006T090000",
            "GEO:39.0997;-94.5786",
            "LAST-MODIFIED:20260203T040506Z",
            "LOCATION:City Hall\\, Room 2",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "SUMMARY:Budgeting for equity",
            "TRANSP:OPAQUE",
            "UID:0193@convene.example.org",
            "URL:https://example.org/events/1",
            "CATEGORIES:equity_staff,in_person",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn w1_w2_lines_have_at_most_75_octets_and_no_cut_behind_a_backslash() {
    for length in 0..160 {
        let item = Item { title: format!("{}{}", "x".repeat(length), ",;é".repeat(50)), ..item() };
        for line in told(&[item]).split("\r\n") {
            assert!(line.len() <= 75 && !line.ends_with('\\'), "{line}");
        }
    }
}

#[test]
fn w3_a_name_cannot_inject_a_line() {
    let feed = header_named("A, B; C\r\nATTENDEE:mailto:x@example.org\\");
    let text = String::from_utf8(write(&feed, &[])).expect("UTF-8").replace("\r\n ", "");
    assert!(text.contains("\r\nNAME;VALUE=TEXT:A\\, B\\; C ATTENDEE:mailto:x@example.org\\\\\r\n"), "{text}");
    assert!(text.contains("\r\nX-WR-CALNAME:A\\, B\\; C ATTENDEE:mailto:x@example.org\\\\\r\n"), "{text}");
    assert!(!text.contains("\r\nATTENDEE"));
}

#[test]
fn w4_no_field_can_inject_a_line() {
    let evil = "x\r\nATTENDEE:mailto:x@example.org\nATTENDEE:2\rATTENDEE:3\u{b}\u{85}\u{2028}\0\r\n ATTENDEE:4";
    let address = format!("https://example.org/{evil}");
    let evil_item = Item {
        uid: evil.into(),
        title: evil.into(),
        description: evil.into(),
        location: Some(evil.into()),
        url: Some(address.clone()),
        join_url: Some(address),
        categories: vec![evil.into()],
        color: Some("red\r\nATTENDEE:5"),
        ..item()
    };
    let told = lines(&evil_item);
    assert!(told.iter().any(|line| line.contains("ATTENDEE")), "the text is still there, as text");
    assert!(told.iter().all(|line| !line.starts_with("ATTENDEE") && !line.contains(['\r', '\n', '\0'])), "{told:#?}");
    assert_eq!((line_of(&evil_item, "URL"), line_of(&evil_item, "CONFERENCE"), line_of(&evil_item, "COLOR")), (None, None, None));
}

#[test]
fn w4_only_addresses_on_the_web_are_written() {
    for bad in [
        "javascript:alert(1)",
        "example.org",
        "https://",
        "ftp://example.org/",
        "https://a b",
        "https://a\"b",
        "mailto:a@example.org",
    ] {
        assert_eq!(line_of(&Item { url: Some(bad.into()), ..item() }, "URL"), None, "{bad}");
    }
    let accented = Item { url: Some(" https://example.org/é?a=1,2;b ".into()), ..item() };
    assert_eq!(line_of(&accented, "URL").as_deref(), Some("URL:https://example.org/%C3%A9?a=1,2;b"));
}

#[test]
fn w5_text_has_one_kind_of_line_end_and_no_control_characters() {
    let item = Item { description: "one\r\ntwo\rthree\nfour\u{7}\u{0}\tfive".into(), ..item() };
    assert_eq!(line_of(&item, "DESCRIPTION").as_deref(), Some("DESCRIPTION:one\\ntwo\\nthree\\nfour\tfive"));
}

#[test]
fn w6_w7_the_link_to_join_has_one_feature_and_a_plain_label() {
    let line = line_of(&virtual_item(), "CONFERENCE").expect("a link");
    assert_eq!(line, "CONFERENCE;FEATURE=VIDEO;LABEL=Join online;VALUE=URI:https://example.org/join/1");
}

#[test]
fn w8_b16_each_zone_is_described_once_and_before_the_events() {
    let phoenix = Item { uid: "2".into(), zone: Phoenix, ..item() };
    let told = told(&[item(), phoenix, Item { uid: "3".into(), ..item() }]);
    let names: Vec<_> = told.lines().filter(|line| line.starts_with("TZID:")).collect();
    assert_eq!(names, ["TZID:America/New_York", "TZID:America/Phoenix"]);
    assert!(told.rfind("END:VTIMEZONE") < told.find("BEGIN:VEVENT"));
    let zones = &told[told.find("BEGIN:VTIMEZONE").expect("zones")..told.find("BEGIN:VEVENT").expect("events")];
    assert!(!zones.contains("UID") && !zones.contains("DTSTAMP"));
}

#[test]
fn w9_b20_there_is_no_alarm_and_nobody_to_answer_to() {
    for name in ["BEGIN:VALARM", "ORGANIZER", "ATTENDEE", "ATTACH"] {
        assert_eq!(line_of(&item(), name), None);
    }
}

#[test]
fn w10_b14_what_is_stored_decides_uid_stamp_and_sequence() {
    let told = lines(&item());
    for line in [
        "UID:0193@convene.example.org",
        "DTSTAMP:20260203T040506Z",
        "LAST-MODIFIED:20260203T040506Z",
        "CREATED:20260102T030405Z",
        "SEQUENCE:2",
    ] {
        assert_eq!(told.iter().filter(|known| *known == line).count(), 1, "{line}");
    }
    let nameless = Item { uid: " \n".into(), ..item() };
    assert_eq!(line_of(&nameless, "UID"), line_of(&nameless, "UID"));
    assert!(line_of(&nameless, "UID:made-up-").is_some());
}

#[test]
fn b4_the_same_facts_give_the_same_bytes_in_any_order() {
    let (one, two) = (item(), Item { uid: "2".into(), ..item() });
    let earlier = Item { uid: "9".into(), when: When::Days { first: day("2026-01-01"), last: None }, ..item() };
    let told_once = told(&[one.clone(), two.clone(), earlier.clone()]);
    assert_eq!(told_once, told(&[earlier, two, one]));
    let uids: Vec<_> = told_once.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids, ["UID:9", "UID:0193@convene.example.org", "UID:2"]);
}

#[test]
fn w11_b19_whole_days_end_on_the_day_after_and_have_no_zone() {
    let days = Item { when: When::Days { first: day("2022-11-17"), last: Some(day("2022-11-19")) }, ..item() };
    assert_eq!(line_of(&days, "DTSTART").as_deref(), Some("DTSTART;VALUE=DATE:20221117"));
    assert_eq!(line_of(&days, "DTEND").as_deref(), Some("DTEND;VALUE=DATE:20221120"));
    assert!(!told(&[days]).contains("VTIMEZONE"));
}

#[test]
fn an_end_that_is_not_known_is_not_written() {
    let days = Item { when: When::Days { first: day("2024-11-13"), last: None }, ..item() };
    assert_eq!(line_of(&days, "DTEND"), None);
    assert_eq!(read_back(std::slice::from_ref(&days))[0].when, days.when);
    let open = Item { when: When::Times { start: "2026-07-13T16:00:00".parse().expect("a time"), end: None }, ..item() };
    assert_eq!(line_of(&open, "DTEND"), None);
    assert_eq!(read_back(std::slice::from_ref(&open))[0].when, open.when);
}

#[test]
fn w12_b18_nothing_repeats() {
    for name in ["RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"] {
        assert_eq!(line_of(&item(), name), None);
    }
}

#[test]
fn w13_b11_b12_the_calendar_says_once_what_it_is() {
    let feed = FeedHeader { description: "All of it; and more".into(), refresh_hours: 6, ..header_named("Convenings") };
    let text = String::from_utf8(write(&feed, &[])).expect("UTF-8");
    assert_eq!(
        text.split_terminator("\r\n").collect::<Vec<_>>(),
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//convene//Combined calendar of convenings//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:PUBLISH",
            "NAME;VALUE=TEXT:Convenings",
            "X-WR-CALNAME:Convenings",
            "DESCRIPTION:All of it\\; and more",
            "X-WR-CALDESC:All of it\\; and more",
            "X-WR-TIMEZONE:America/New_York",
            "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
            "X-PUBLISHED-TTL:PT6H",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn w14_w15_b21_where_to_join_is_said_in_every_way() {
    let told = lines(&virtual_item());
    for line in [
        "URL:https://example.org/join/1",
        "LOCATION:https://example.org/join/1",
        "DESCRIPTION:Join: https://example.org/join/1\\n\\nBring your budget\\; all of it\\, please.",
        "TRANSP:OPAQUE",
        "COLOR:teal",
    ] {
        assert!(told.iter().any(|known| known == line), "{line}");
    }
    let both = Item { join_url: Some("https://example.org/join/1".into()), ..item() };
    assert_eq!(line_of(&both, "LOCATION").as_deref(), Some("LOCATION:City Hall\\, Room 2"));
    assert_eq!(line_of(&both, "URL").as_deref(), Some("URL:https://example.org/events/1"));
}

#[test]
fn b15_what_is_cancelled_stays_and_says_so() {
    let off = Item { status: EntryStatus::Cancelled, ..item() };
    assert_eq!(line_of(&off, "STATUS").as_deref(), Some("STATUS:CANCELLED"));
    assert_eq!(line_of(&off, "TRANSP").as_deref(), Some("TRANSP:TRANSPARENT"));
    assert_eq!(line_of(&off, "SUMMARY").as_deref(), Some("SUMMARY:Cancelled: Budgeting for equity"));
    let entry = &read_back(&[off])[0];
    assert_eq!((entry.title.as_str(), entry.status), ("Budgeting for equity", EntryStatus::Cancelled));
    let maybe = Item { status: EntryStatus::Tentative, ..item() };
    assert_eq!(line_of(&maybe, "STATUS").as_deref(), Some("STATUS:TENTATIVE"));
}

#[test]
fn b16_times_that_no_rule_describes_are_in_utc() {
    let casablanca = Item { zone: chrono_tz::Africa::Casablanca, ..item() };
    assert_eq!(line_of(&casablanca, "DTSTART").as_deref(), Some("DTSTART:20261006T080000Z"));
    assert!(!told(&[casablanca]).contains("TZID"));
    // The rules of 2004 were others than those of 2026.
    let old = Item { uid: "old".into(), when: times("2004-10-06T09:00:00", "2004-10-06T10:00:00"), ..item() };
    let told = told(&[old, item()]);
    assert!(
        told.contains("DTSTART:20041006T130000Z") && told.contains("DTSTART;TZID=America/New_York:20261006T090000"),
        "{told}"
    );
}

#[test]
fn b17_no_time_floats() {
    for zone in chrono_tz::TZ_VARIANTS {
        let line = line_of(&Item { zone, ..item() }, "DTSTART").expect("a start");
        assert!(line.starts_with("DTSTART;TZID=") || line.ends_with('Z'), "{line}");
    }
}

#[test]
fn a_time_that_the_clock_skips_is_written_as_it_is_read() {
    let skipped = Item { when: times("2026-03-08T02:30:00", "2026-03-08T03:30:00"), ..item() };
    assert_eq!(line_of(&skipped, "DTSTART").as_deref(), Some("DTSTART;TZID=America/New_York:20260308T033000"));
    assert_eq!(line_of(&skipped, "DTEND"), Some("DTEND;TZID=America/New_York:20260308T033000".to_owned()));
}

#[test]
fn b23_a_position_is_latitude_and_longitude() {
    assert_eq!(line_of(&item(), "GEO").as_deref(), Some("GEO:39.0997;-94.5786"));
    for nowhere in [(91.0, 0.0), (0.0, 181.0), (f64::NAN, 0.0), (f64::INFINITY, 0.0)] {
        assert_eq!(line_of(&Item { position: Some(nowhere), ..item() }, "GEO"), None);
    }
    assert_eq!(line_of(&Item { position: Some((1e-7, -0.000_000_1)), ..item() }, "GEO").as_deref(), Some("GEO:0;0"));
}

#[test]
fn long_texts_are_cut_to_keep_feeds_small() {
    let long = Item { description: "é ".repeat(20_000), title: "t".repeat(5_000), ..item() };
    let bytes = told(&[long]);
    assert!(bytes.len() < 20_000, "{}", bytes.len());
    assert!(bytes.contains('…'));
}

#[test]
fn ten_thousand_items_are_written_in_time() {
    let items: Vec<_> =
        (0..10_000).map(|number| Item { uid: number.to_string(), description: "word ".repeat(100), ..item() }).collect();
    let began = std::time::Instant::now();
    assert!(told(&items).len() > 5_000_000);
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}
