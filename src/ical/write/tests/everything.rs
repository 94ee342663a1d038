//! Whatever is written.

use proptest::prelude::*;

use super::*;

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![".{0,120}", "[\\\\,;:\"nN\r\n\t é☃👩‍👩‍👧x]{0,300}", "\\PC{0,300}"]
}
fn any_when() -> impl Strategy<Value = When> {
    let day = (1_990_i32..2_060, 1_u32..=12, 1_u32..=28).prop_map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).expect("a day"));
    let minutes = 0_i64..60 * 24 * 40;
    (day, minutes, any::<bool>(), any::<bool>(), 0_u32..24 * 60).prop_map(|(first, length, whole, open, clock)| {
        let start = first.and_hms_opt(clock / 60, clock % 60, 0).expect("a time");
        let end = (!open).then(|| start + chrono::TimeDelta::minutes(length));
        if whole { When::Days { first, last: end.map(|end| end.date()) } } else { When::Times { start, end } }
    })
}
fn any_zone() -> impl Strategy<Value = Tz> {
    proptest::sample::select(chrono_tz::TZ_VARIANTS.to_vec())
}

prop_compose! {
    fn any_item()(
        texts in proptest::collection::vec(any_text(), 6), when in any_when(), zone in any_zone(), status in 0_usize..3, transparent in any::<bool>(),
        has_place in any::<bool>(), has_link in any::<bool>(), number in 0_u32..1_000_000,
    ) -> Item {
        Item {
            uid: format!("{number}-{}", texts[5]),
            title: texts[0].clone(),
            description: texts[1].clone(),
            location: has_place.then(|| texts[2].clone()),
            categories: vec![texts[3].clone(), texts[4].clone()],
            url: Some(format!("https://example.org/{}", texts[4])),
            join_url: has_link.then(|| format!("https://example.org/join/{number}")),
            status: [EntryStatus::Confirmed, EntryStatus::Tentative, EntryStatus::Cancelled][status],
            transparent,
            when,
            zone,
            ..item()
        }
    }
}

/// The same instants, or the same days.
fn covered(when: When, zone: Tz) -> (bool, bool, crate::domain::Span) {
    (when.is_all_day(), when.is_open(), if when.is_all_day() { when.span(Tz::UTC) } else { when.span(zone) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn whatever_is_written_has_short_clean_lines(items in proptest::collection::vec(any_item(), 0..4), name in any_text()) {
        let bytes = write(&header_named(&name), &items);
        prop_assert!(bytes.ends_with(b"END:VCALENDAR\r\n"));
        let text = std::str::from_utf8(&bytes);
        prop_assert!(text.is_ok());
        for line in bytes.split(|byte| *byte == b'\n') {
            prop_assert!(line.is_empty() || line.ends_with(b"\r"));
            prop_assert!(line.len() <= 76, "75 octets and the CR");
            prop_assert!(std::str::from_utf8(line).is_ok(), "no cut inside a character");
            prop_assert!(!line[..line.len().saturating_sub(1)].contains(&b'\r'));
        }
    }

    #[test]
    fn what_is_written_is_read_back_the_same(item in any_item()) {
        // What the writer tells people in the title and the location is told apart again.
        prop_assume!(!item.title.starts_with("Cancel") && !item.title.contains(": "));
        let told = told(std::slice::from_ref(&item));
        let reading = read(told.as_bytes(), &Defaults { zone: item.zone }).expect("a calendar");
        prop_assert_eq!(&reading.notes, &vec![]);
        let entry = &reading.entries[0];
        prop_assert_eq!(&entry.uid, &uid(&item));
        prop_assert_eq!(&entry.title, &line(&item.title));
        prop_assert_eq!(&entry.description, &text(&item.description, LONGEST_DESCRIPTION));
        prop_assert_eq!(&entry.location, &item.location.as_deref().map(|place| text(place, LONGEST_LINE)).filter(|place| !place.is_empty()));
        prop_assert_eq!(&entry.join_url, &item.join_url);
        prop_assert_eq!(entry.status, item.status);
        prop_assert_eq!(entry.transparent, item.transparent || item.status == EntryStatus::Cancelled);
        let (when, zone) = (entry.when, entry.zone.unwrap_or(item.zone));
        prop_assert_eq!(covered(when, zone), covered(item.when, item.zone));
        prop_assert_eq!(write(&header_named("Convenings"), std::slice::from_ref(&item)), told.into_bytes(), "twice the same");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Whatever stays, goes and comes: exchanged entry by entry it is what is written at once.
    #[test]
    fn an_exchange_of_entries_gives_the_bytes_of_a_feed_written_at_once(
        items in proptest::collection::vec(any_item(), 1..12), fates in proptest::collection::vec(0_u8..3, 12), cut in any::<bool>(),
    ) {
        let named = |(number, item): (usize, Item)| Item { uid: format!("{number}@convene"), ..item };
        let items: Vec<Item> = items.into_iter().enumerate().map(named).collect();
        // Those of fate 0 stay, 1 go, 2 come.
        let of = |kept: &[u8]| -> Vec<Item> {
            items.iter().zip(&fates).filter(|(_, fate)| kept.contains(fate)).map(|(item, _)| item.clone()).collect()
        };
        let (before, new) = (of(&[0, 1]), if cut { Vec::new() } else { of(&[2]) });
        let feed = header_named("Convenings");
        let bound = |items: &[Item]| {
            let mut binder = Binder::new(1_990..=2_060);
            for item in items {
                binder.add(item);
            }
            binder.bound(&feed)
        };
        let gone: Vec<String> = of(&[1]).into_iter().map(|item| item.uid).collect();
        let after: Vec<Item> = of(&[0]).into_iter().chain(new.iter().cloned()).collect();
        let exchanged = bound(&before).exchange(&feed, |uid| gone.iter().any(|one| one == uid), new.into_iter());
        let at_once = bound(&after);
        prop_assert_eq!(String::from_utf8(exchanged.bytes()), String::from_utf8(at_once.bytes()));
        prop_assert_eq!((exchanged.digest(), exchanged.length()), (at_once.digest(), at_once.bytes().len()));
    }
}
