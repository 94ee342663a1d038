//! What holds for any bytes that are read as a calendar.

use convene::ical::{Defaults, Entry, EntryStatus, FeedHeader, Item, Reading, read, write};

/// Notes and events are bounded whatever is read, and no line of it is out of the file.
pub fn reads(bytes: &[u8]) -> Option<Reading> {
    let reading = read(bytes, &Defaults { zone: chrono_tz::America::New_York }).ok()?;
    let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
    assert!(reading.notes.len() <= 1_001 && reading.entries.len() <= 50_000);
    assert!(reading.notes.iter().all(|note| note.line <= lines) && reading.entries.iter().all(|entry| entry.line <= lines));
    Some(reading)
}

/// What was read is written so that it is read back the same, and written the same again.
pub fn is_written_as_it_is_read(bytes: &[u8]) {
    let Some(reading) = reads(bytes) else { return };
    let mut known = std::collections::HashSet::new();
    let items: Vec<Item> =
        reading.entries.iter().map(item).filter(|item| !item.uid.is_empty() && known.insert(item.uid.clone())).take(50).collect();
    let header =
        FeedHeader { name: "Any".to_owned(), description: String::new(), refresh_hours: 1, zone: chrono_tz::America::New_York };
    let told = write(&header, &items);
    assert!(told.split(|byte| *byte == b'\n').all(|line| line.len() <= 76), "75 octets and the CR");
    let again = read(&told, &Defaults { zone: chrono_tz::America::New_York }).expect("what is written is a calendar");
    assert_eq!(again.vevents, items.len(), "no text ends its event or begins another");
    assert_eq!(write(&header, &items), told, "twice the same");
}

fn item(entry: &Entry) -> Item {
    Item {
        // A long name is cut, and would then be another's.
        uid: entry
            .uid
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .chars()
            .filter(|one| !one.is_control())
            .take(200)
            .collect(),
        sequence: entry.sequence,
        created_at: entry.stamped_at.unwrap_or_default(),
        stamped_at: entry.stamped_at.unwrap_or_default(),
        last_modified: entry.last_modified.unwrap_or_default(),
        status: if entry.status == EntryStatus::Cancelled { EntryStatus::Confirmed } else { entry.status },
        title: entry.title.clone(),
        description: entry.description.clone(),
        location: entry.location.clone(),
        position: entry.position,
        url: entry.url.clone(),
        join_url: entry.join_url.clone(),
        categories: entry.categories.clone(),
        transparent: entry.transparent,
        when: entry.when,
        zone: entry.zone.unwrap_or(chrono_tz::America::New_York),
        color: None,
    }
}
