//! A feed as Atom (RFC 4287), for feed readers.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use super::Shown;
use crate::domain::agenda::Entry;
use crate::domain::{Event, EventStatus, wording};

impl Shown<'_> {
    /// The events, the latest changed first.
    pub(super) fn atom(&self, entries: &[Entry]) -> Vec<u8> {
        let changed_at = entries.iter().map(|entry| entry.event.changed_at).max();
        let updated = stamp(changed_at.unwrap_or(DateTime::UNIX_EPOCH));
        let mut newest: Vec<&Event> = entries.iter().map(|entry| &entry.event).collect();
        newest.sort_by_key(|event| (std::cmp::Reverse(event.changed_at), event.id));
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<id>{id}</id>\n<title>{title}</title>\n\
             <updated>{updated}</updated>\n<author><name>convene</name></author>\n<link href=\"{id}\"/>\n",
            id = xml(&self.app.settings.base_url),
            title = xml(self.name),
        );
        for event in newest {
            text.push_str(&self.atom_entry(event));
        }
        text.push_str("</feed>\n");
        text.into_bytes()
    }

    fn atom_entry(&self, event: &Event) -> String {
        let details = &event.details;
        let cancelled = if event.status == EventStatus::Cancelled { "Cancelled: " } else { "" };
        let mut summary = format!(
            "{}. {}. By {}, for {}.",
            wording::when(details.when, details.zone),
            wording::place(details),
            self.partner(&details.partner),
            wording::list(&self.roles(event))
        );
        for note in self.notes_of(event) {
            // Writing into a String cannot fail.
            let _ = write!(summary, " {note}");
        }
        format!(
            "<entry>\n<id>urn:uuid:{}</id>\n<title>{}{}</title>\n<updated>{}</updated>\n<link href=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
            event.id,
            cancelled,
            xml(&self.title(event)),
            stamp(event.changed_at),
            xml(&self.app.address(&format!("/events/{}", event.id))),
            xml(&summary),
        )
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text as it stands in XML, without characters that XML 1.0 has no place for.
fn xml(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
        out
    })
}
