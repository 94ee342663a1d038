//! Files that mean harm, or none at all.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

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
