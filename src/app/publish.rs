//! A feed's bytes: the chosen public events as calendar, JSON, table or Atom feed.
//!
//! Bytes are kept beside the revision they were made from, so a poll reads one row. They depend on
//! the day only through the window that they cover.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

use super::select::Selection;
use super::{App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::{Days, Event, EventId, EventStatus, Occurrence, PartnerSlug, RoleTree, Span, wording};
use crate::ical::{self, EntryStatus, FeedHeader, Item};
use crate::json::EventJson;
use crate::keys::hex;
use crate::store::{EventFilter, Reader};
use sha2::{Digest as _, Sha256};

/// The forms that a feed comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Form {
    /// iCalendar, for calendar programs.
    Ics,
    /// JSON, for programs.
    Json,
    /// CSV, for spreadsheets.
    Csv,
    /// Atom, for feed readers.
    Atom,
}

/// A feed as it goes out.
#[derive(Debug, PartialEq, Eq)]
pub struct Feed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Their name: equal bytes have equal tags. Without the quotes.
    pub etag: String,
    /// When what is in it last changed; never goes back.
    pub last_modified: DateTime<Utc>,
}

/// How many feeds are kept at most, whatever filters are asked for.
const KEPT: usize = 64;

/// Feeds that were made lately.
#[derive(Debug, Default)]
pub struct Cache {
    feeds: HashMap<(String, Form), (i64, NaiveDate, Arc<Feed>)>,
}

/// The feed of a selection, with `name` as its title.
///
/// # Errors
/// When the store fails.
pub fn feed(app: &App, selection: &Selection, name: &str, form: Form) -> Result<Arc<Feed>> {
    let today = app.now().date_naive();
    app.store.read::<_, Error>(|reader| {
        let (revision, changed_at) = reader.revision("public")?;
        let key = (format!("{name}\n{}", selection.key()), form);
        if let Some((kept, day, feed)) = app.feeds.lock().unwrap_or_else(PoisonError::into_inner).feeds.get(&key)
            && (*kept, *day) == (revision, today)
        {
            return Ok(Arc::clone(feed));
        }
        let entries = chosen(reader, selection, selection.window(today))?;
        let bytes = Shown::load(app, reader, name)?.bytes(&entries, form, changed_at);
        let etag = hex(&Sha256::digest(&bytes)).chars().take(32).collect();
        let feed = Arc::new(Feed { bytes, etag, last_modified: changed_at.unwrap_or(DateTime::UNIX_EPOCH) });
        let mut cache = app.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.feeds.len() >= KEPT {
            cache.feeds.clear();
        }
        cache.feeds.insert(key, (revision, today, Arc::clone(&feed)));
        Ok(feed)
    })
}

/// The bytes of the chosen public events that are on any of these civil days, made afresh.
///
/// # Errors
/// When the store fails.
pub fn feed_within(app: &App, selection: &Selection, name: &str, form: Form, days: Days) -> Result<Vec<u8>> {
    // Civil days begin at other instants in other zones: a day more on each side, and then by the events' own days.
    let wide = days.widened(1);
    let within =
        Span::new(wide.first.and_time(NaiveTime::MIN).and_utc(), wide.widened(1).last.and_time(NaiveTime::MIN).and_utc());
    app.store.read::<_, Error>(|reader| {
        let (_, changed_at) = reader.revision("public")?;
        let mut entries = chosen(reader, selection, within)?;
        for entry in &mut entries {
            entry.occurrences.retain(|one| one.when.days().overlap(days).is_some());
        }
        entries.retain(|entry| !entry.occurrences.is_empty());
        Ok(Shown::load(app, reader, name)?.bytes(&entries, form, changed_at))
    })
}

/// One public event as a calendar of its own.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is not public.
pub fn one(app: &App, id: EventId) -> Result<Vec<u8>> {
    app.store.read::<_, Error>(|reader| {
        let entry = reader.entry(id)?;
        if !entry.event.is_public() {
            return Err(Error::NotFound("event"));
        }
        let title = entry.event.details.title.clone();
        Ok(Shown::load(app, reader, &title)?.calendar(&[entry]))
    })
}

/// The public events of a selection that happen within a time, soonest first.
fn chosen(reader: &Reader<'_>, selection: &Selection, within: Span) -> Result<Vec<Entry>> {
    let tree = reader.roles()?;
    let mut entries = reader.entries(&EventFilter { within: Some(within) })?;
    entries.retain(|entry| entry.event.is_public() && selection.has(&entry.event, &tree));
    entries.sort_by_key(|entry| (entry.occurrences.first().map(|one| one.span.start), entry.event.id));
    Ok(entries)
}

/// What is needed to put events into words.
struct Shown<'a> {
    app: &'a App,
    name: &'a str,
    tree: RoleTree,
    partners: HashMap<PartnerSlug, String>,
}

impl<'a> Shown<'a> {
    fn load(app: &'a App, reader: &Reader<'_>, name: &'a str) -> Result<Self> {
        let partners = reader.partners()?.into_iter().map(|partner| (partner.slug, partner.name)).collect();
        Ok(Self { app, name, tree: reader.roles()?, partners })
    }

    fn bytes(&self, entries: &[Entry], form: Form, changed_at: Option<DateTime<Utc>>) -> Vec<u8> {
        match form {
            Form::Ics => self.calendar(entries),
            Form::Json => self.json(entries),
            Form::Csv => crate::sheet::write(&entries.iter().map(|entry| entry.event.clone()).collect::<Vec<_>>()).into_bytes(),
            Form::Atom => self.atom(entries, changed_at),
        }
    }

    fn calendar(&self, entries: &[Entry]) -> Vec<u8> {
        let header = FeedHeader {
            name: self.name.to_owned(),
            description: "Convenings of several partners in one calendar, from convene.".to_owned(),
            refresh_hours: 1,
            zone: self.app.settings.time_zone,
        };
        let items: Vec<Item> =
            entries.iter().flat_map(|entry| entry.occurrences.iter().map(|one| self.item(&entry.event, one))).collect();
        ical::write(&header, &items)
    }

    fn item(&self, event: &Event, one: &Occurrence) -> Item {
        let details = &event.details;
        let uid = match details.recurrence {
            // Each occurrence of a series is an entry of its own: the one form that all programs show alike.
            Some(_) => format!("{}-{}@convene", event.id, one.original.format("%Y%m%dT%H%M%S")),
            None => format!("{}@convene", event.id),
        };
        let title = one.title.as_ref().unwrap_or(&details.title);
        Item {
            uid,
            sequence: event.sequence,
            created_at: event.created_at,
            stamped_at: event.changed_at,
            last_modified: event.changed_at,
            status: match event.status {
                EventStatus::Cancelled | EventStatus::Postponed => EntryStatus::Cancelled,
                _ if one.cancelled => EntryStatus::Cancelled,
                EventStatus::Announced | EventStatus::Idea | EventStatus::Hold | EventStatus::Proposed => EntryStatus::Tentative,
                EventStatus::Confirmed | EventStatus::Held => EntryStatus::Confirmed,
            },
            title: title.clone(),
            description: self.description(event, one),
            location: details.venue.as_ref().and_then(crate::domain::Venue::line).or_else(|| details.join_url.clone()),
            position: details.venue.as_ref().and_then(crate::domain::Venue::position),
            url: Some(self.app.address(&format!("/events/{}", event.id))),
            join_url: details.join_url.clone(),
            categories: details.roles.iter().map(|role| self.tree.name(role)).collect(),
            transparent: details.transparent,
            when: one.when,
            zone: details.zone,
            color: None,
        }
    }

    /// What a calendar program shows below the title: where to join first, then who and for whom.
    fn description(&self, event: &Event, one: &Occurrence) -> String {
        let details = &event.details;
        let mut text = String::new();
        // Writing into a String cannot fail.
        if let Some(url) = &details.join_url {
            let _ = writeln!(text, "Join: {url}");
        }
        match event.status {
            EventStatus::Postponed => text.push_str("Postponed; new dates are to come.\n"),
            EventStatus::Announced => text.push_str("Save the date: announced, not confirmed.\n"),
            _ => {}
        }
        let _ = writeln!(text, "{}", wording::when(one.when, details.zone));
        let _ = writeln!(text, "By {}; {}", self.partner(&details.partner), details.mode.words());
        if !details.roles.is_empty() {
            let _ = writeln!(text, "For {}", wording::list(&self.roles(event)));
        }
        if !details.description.is_empty() {
            let _ = write!(text, "\n{}\n", details.description);
        }
        if let Some(url) = &details.url {
            let _ = writeln!(text, "\nMore: {url}");
        }
        let _ = write!(text, "Clashes and changes: {}", self.app.address(&format!("/events/{}", event.id)));
        text
    }

    fn roles(&self, event: &Event) -> Vec<String> {
        event.details.roles.iter().map(|role| self.tree.name(role)).collect()
    }

    fn partner(&self, slug: &PartnerSlug) -> String {
        self.partners.get(slug).cloned().unwrap_or_else(|| slug.to_string())
    }

    #[allow(clippy::unused_self, reason = "the four forms are called alike")]
    fn json(&self, entries: &[Entry]) -> Vec<u8> {
        let events: Vec<EventJson> = entries.iter().map(|entry| EventJson::from(&entry.event)).collect();
        serde_json::to_vec_pretty(&events).unwrap_or_default()
    }

    fn atom(&self, entries: &[Entry], changed_at: Option<DateTime<Utc>>) -> Vec<u8> {
        let stamp = |at: DateTime<Utc>| at.format("%Y-%m-%dT%H:%M:%SZ").to_string();
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
            let details = &event.details;
            let cancelled = if event.status == EventStatus::Cancelled { "Cancelled: " } else { "" };
            let _ = write!(
                text,
                "<entry>\n<id>urn:uuid:{}</id>\n<title>{}{}</title>\n<updated>{}</updated>\n<link href=\"{}\"/>\n<summary>{}</summary>\n</entry>\n",
                event.id,
                cancelled,
                xml(&details.title),
                stamp(event.changed_at),
                xml(&self.app.address(&format!("/events/{}", event.id))),
                xml(&format!(
                    "{}. {}. By {}, for {}.",
                    wording::when(details.when, details.zone),
                    wording::place(details),
                    self.partner(&details.partner),
                    wording::list(&self.roles(event))
                )),
            );
        }
        text.push_str("</feed>\n");
        text.into_bytes()
    }
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
