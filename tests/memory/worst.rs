//! Calendars of a megabyte, each the worst of its sort: what reading one may cost is held against them
//! (`tests/memory`), and measured (`benches/reading.rs`).

/// A megabyte, in bytes.
pub const MEGABYTE: usize = 1_000_000;

/// Each sort by its name.
pub fn calendars() -> Vec<(&'static str, Vec<u8>)> {
    let one_event = |lines: String| calendar(format!("BEGIN:VEVENT\nUID:1\nDTSTART:20260101T000000Z\n{lines}END:VEVENT\n"));
    let event = "BEGIN:VEVENT\nUID:#\nDTSTAMP:20260101T000000Z\nSUMMARY:Session #\nDTSTART:20260101T000000Z\nEND:VEVENT\n";
    vec![
        ("ordinary events", calendar(numbered(event))),
        ("ordinary events, CRLF", crlf(&calendar(numbered(event)))),
        ("mixed line ends", calendar(numbered(&event.replacen('\n', "\r", 1).replacen('\n', "\r\n", 2)))),
        ("the smallest events", calendar(times("BEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\n"))),
        ("events with nothing in them", calendar(times("BEGIN:VEVENT\nEND:VEVENT\n"))),
        ("nested events", times("BEGIN:VEVENT\n").into_bytes()),
        ("nested components", calendar(times("BEGIN:X\n"))),
        ("ends of nothing", calendar(times("END:X\n"))),
        ("empty lines", calendar(times("\n"))),
        ("lines of one letter", calendar(times("x\n"))),
        ("one endless line", one_event(format!("SUMMARY:{}\n", times("x")))),
        ("one gigantic text of escapes", one_event(format!("DESCRIPTION:{}\n", times("\\n\\,")))),
        ("one endless fold", one_event(format!("SUMMARY:x{}\n", times("\n x")))),
        ("folds of nothing", one_event(format!("SUMMARY:x{}\n", times("\n ")))),
        ("parameters", one_event(format!("SUMMARY{}:x\n", times(";A=b")))),
        ("quotes", one_event(format!("SUMMARY;X={}\n", times("\"")))),
        ("properties of one event", one_event(times("X-A:b\n"))),
        ("comments of one event", one_event(times("COMMENT:b\n"))),
        ("categories", one_event(format!("CATEGORIES:{}\n", numbered("#,")))),
        ("lines of categories", one_event(numbered("CATEGORIES:#\n"))),
        ("exception dates", one_event(format!("RRULE:FREQ=DAILY\nEXDATE:{}\n", times("20260102T000000Z,")))),
        ("lines of exception dates", one_event(format!("RRULE:FREQ=DAILY\n{}", times("EXDATE:20260102T000000Z\n")))),
        ("other exception dates", one_event(format!("RRULE:FREQ=DAILY\nEXDATE:{}\n", days("T000000Z,")))),
        ("further dates", one_event(format!("RDATE:{}\n", days("T000000Z,")))),
        ("lines of further dates", one_event(days_in("RDATE:#T000000Z\n"))),
        ("a huge rule", one_event(format!("RRULE:FREQ=YEARLY;BYMONTHDAY={}\n", times("1,2,3,")))),
        ("a huge rule of days", one_event(format!("RRULE:FREQ=YEARLY;BYDAY={}MO\n", times("1MO,-1TU,")))),
        ("rules", calendar(numbered("BEGIN:VEVENT\nUID:#\nDTSTART:19000101T000000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n"))),
        ("rules of hours", calendar(numbered("BEGIN:VEVENT\nUID:#\nDTSTART:20000101T000000Z\nRRULE:FREQ=HOURLY\nEND:VEVENT\n"))),
        (
            "rules that never match",
            calendar(numbered("BEGIN:VEVENT\nUID:#\nDTSTART:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n")),
        ),
        ("overrides of one series", calendar(format!("{SERIES}{}", days_in(OVERRIDE)))),
        ("overrides without a series", calendar(days_in(OVERRIDE))),
        ("changes of all later dates", calendar(numbered(RANGES))),
        (
            "masters of one name",
            calendar(numbered("BEGIN:VEVENT\nUID:1\nSEQUENCE:#\nDTSTART:20260101\nRRULE:FREQ=DAILY\nEND:VEVENT\n")),
        ),
        ("zones", calendar(numbered(ZONE))),
        ("rules of one zone", calendar(one_zone())),
        ("alarms", one_event(times("BEGIN:VALARM\nTRIGGER:-PT1M\nEND:VALARM\n"))),
        ("calendars", times("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260101\nEND:VEVENT\nEND:VCALENDAR\n").into_bytes()),
        ("soft breaks", one_event(format!("SUMMARY;ENCODING=QUOTED-PRINTABLE:{}\n", times("=\nx=")))),
        ("rules of seconds", calendar(numbered(&event_of("RRULE:FREQ=SECONDLY")))),
        (
            "rules of minutes with a far end",
            calendar(numbered(&event_of("RRULE:FREQ=MINUTELY;INTERVAL=1;UNTIL=99991231T235959Z"))),
        ),
        ("rules of endless counts", calendar(numbered(&event_of("RRULE:FREQ=DAILY;INTERVAL=1;COUNT=4294967295")))),
        ("rules of every 1000th year", calendar(numbered(&event_of("RRULE:FREQ=YEARLY;INTERVAL=1000;BYYEARDAY=366")))),
        ("events in zones that are not there", calendar(numbered(ELSEWHERE))),
        ("an attachment", one_event(format!("ATTACH;ENCODING=BASE64;VALUE=BINARY:{}\n", times("QUJDREVGR0hJSktM")))),
        ("an attachment, folded", one_event(format!("ATTACH;ENCODING=BASE64;VALUE=BINARY:QUJD{}\n", times(FOLDED)))),
        ("NULs", calendar(times("\0"))),
        ("NULs in texts", calendar(numbered("BEGIN:VEVENT\nUID:#\0\nSUMMARY:\0#\0\nDTSTART:20260101\nEND:VEVENT\n"))),
        ("components within events", one_event(times("BEGIN:VEVENT\nBEGIN:VALARM\n"))),
        ("people who were asked", one_event(numbered("ATTENDEE;CN=\"A #\":mailto:a#@example.org\n"))),
        ("what is not UTF-8", calendar(String::new()).into_iter().chain(std::iter::repeat_n(0xE9, MEGABYTE)).collect()),
        ("UTF-16", utf16(&calendar(numbered(event))[..MEGABYTE / 2])),
    ]
}

const SERIES: &str = "BEGIN:VEVENT\nUID:1\nDTSTART:19700101T000000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
const OVERRIDE: &str = "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID:#T000000Z\nDTSTART:#T010000Z\nSUMMARY:Later\nEND:VEVENT\n";
const RANGES: &str = "BEGIN:VEVENT\nUID:#\nDTSTART:20000101T000000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n\
    BEGIN:VEVENT\nUID:#\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z\nDTSTART:20260101T010000Z\nEND:VEVENT\n";
const ZONE: &str = "BEGIN:VTIMEZONE\nTZID:Z#\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0111\nTZOFFSETTO:+0122\n\
    RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU\nEND:STANDARD\nEND:VTIMEZONE\n\
    BEGIN:VEVENT\nUID:#\nDTSTART;TZID=Z#:20260101T000000\nRRULE:FREQ=DAILY\nEND:VEVENT\n";

const ELSEWHERE: &str = "BEGIN:VEVENT\nUID:#\nDTSTART;TZID=Nowhere/Town #:20260101T090000\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
const FOLDED: &str = "\r\n QUJDREVGR0hJSktMQUJDREVGR0hJSktMQUJDREVGR0hJSktMQUJDREVGR0hJSktMQUJD";

fn event_of(rule: &str) -> String {
    format!("BEGIN:VEVENT\nUID:#\nDTSTART:20260101T000000Z\n{rule}\nEND:VEVENT\n")
}

fn calendar(inside: String) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\n{inside}END:VCALENDAR\n").into_bytes()
}

fn times(text: &str) -> String {
    text.repeat(MEGABYTE / text.len())
}

/// The same again and again with another number each time.
fn numbered(text: &str) -> String {
    let count = MEGABYTE / (text.len() + 5 * text.matches('#').count());
    (100_000..100_000 + count).map(|number| text.replace('#', &number.to_string())).collect()
}

/// The same again and again with another day each time.
fn days_in(text: &str) -> String {
    let first = chrono::NaiveDate::from_ymd_opt(1971, 1, 1).unwrap_or_default();
    let count = MEGABYTE / (text.len() + 7 * text.matches('#').count());
    first.iter_days().take(count).map(|day| text.replace('#', &day.format("%Y%m%d").to_string())).collect()
}

fn days(after: &str) -> String {
    days_in(&format!("#{after}"))
}

fn one_zone() -> String {
    let part = "BEGIN:STANDARD\nDTSTART:#T000000\nTZOFFSETFROM:+0111\nTZOFFSETTO:+0122\nRRULE:FREQ=YEARLY\nEND:STANDARD\n";
    let used = "BEGIN:VEVENT\nUID:1\nDTSTART;TZID=Z:20260101T000000\nRRULE:FREQ=DAILY\nEND:VEVENT\n";
    format!("BEGIN:VTIMEZONE\nTZID:Z\n{}END:VTIMEZONE\n{used}", days_in(part))
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(bytes).replace('\n', "\r\n").into_bytes()
}

fn utf16(bytes: &[u8]) -> Vec<u8> {
    [0xFF, 0xFE].into_iter().chain(bytes.iter().flat_map(|byte| [*byte, 0])).collect()
}
