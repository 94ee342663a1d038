//! A feed's bytes: the chosen public events as calendar, JSON, table or Atom feed.
//!
//! Bytes are kept beside the revision they were made from, so a poll reads one row. They depend on
//! the day only through the window that they cover.

mod atom;
mod notes;
mod private;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};

use chrono::{DateTime, NaiveDate, Utc};

use super::agenda::entries_on;
use super::select::Selection;
use super::{App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::{Days, Event, EventId, EventStatus, Occurrence, PartnerSlug, RoleTree, wording};
use crate::ical::{self, EntryStatus, FeedHeader, Item};
use crate::json::EventJson;
use crate::keys::hex;
use crate::store::Reader;
pub use private::private_feed;
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
    /// When what is in it last changed, where that is known; never goes back.
    pub last_modified: Option<DateTime<Utc>>,
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
    let today = app.today();
    app.store.read::<_, Error>(|reader| {
        let (revision, changed_at) = reader.revision("public")?;
        let key = (format!("{name}\n{}", selection.key()), form);
        if let Some((kept, day, feed)) = app.feeds.lock().unwrap_or_else(PoisonError::into_inner).feeds.get(&key)
            && (*kept, *day) == (revision, today)
        {
            return Ok(Arc::clone(feed));
        }
        let entries = chosen(reader, selection, selection.window(today), Event::is_public)?;
        let bytes = Shown::load(app, reader, name)?.bytes(&entries, form, changed_at);
        let feed = Arc::new(Feed { etag: tag(&bytes), bytes, last_modified: Some(changed_at.unwrap_or(DateTime::UNIX_EPOCH)) });
        let mut cache = app.feeds.lock().unwrap_or_else(PoisonError::into_inner);
        if cache.feeds.len() >= KEPT {
            cache.feeds.clear();
        }
        cache.feeds.insert(key, (revision, today, Arc::clone(&feed)));
        Ok(feed)
    })
}

/// Equal bytes have equal tags.
fn tag(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)).chars().take(32).collect()
}

/// The bytes of the chosen public events that are on any of these civil days, made afresh.
///
/// # Errors
/// When the store fails.
pub fn feed_within(app: &App, selection: &Selection, name: &str, form: Form, days: Days) -> Result<Vec<u8>> {
    app.store.read::<_, Error>(|reader| {
        let (_, changed_at) = reader.revision("public")?;
        let entries = chosen(reader, selection, days, Event::is_public)?;
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

/// The events of a selection that are on these civil days, soonest first, as far as they are for this reader.
fn chosen(reader: &Reader<'_>, selection: &Selection, on: Days, is_for: impl Fn(&Event) -> bool) -> Result<Vec<Entry>> {
    let tree = reader.roles()?;
    let mut entries = entries_on(reader, on)?;
    entries.retain(|entry| is_for(&entry.event) && selection.has(&entry.event, &tree));
    entries.sort_by_key(|entry| (entry.occurrences.first().map(|one| one.span.start), entry.event.id));
    Ok(entries)
}

/// What is needed to put events into words.
struct Shown<'a> {
    app: &'a App,
    name: &'a str,
    tree: RoleTree,
    partners: HashMap<PartnerSlug, String>,
    /// What it was before it moved; in private feeds also whom it is for, and clashes.
    notes: HashMap<EventId, Vec<String>>,
    /// Holds and proposals say so in their title; the JSON tells the notes.
    private: bool,
}

impl<'a> Shown<'a> {
    fn load(app: &'a App, reader: &Reader<'_>, name: &'a str) -> Result<Self> {
        let partners = reader.partners()?.into_iter().map(|partner| (partner.slug, partner.name)).collect();
        Ok(Self { app, name, tree: reader.roles()?, partners, notes: notes::what_was(reader)?, private: false })
    }

    fn bytes(&self, entries: &[Entry], form: Form, changed_at: Option<DateTime<Utc>>) -> Vec<u8> {
        match form {
            Form::Ics => self.calendar(entries),
            Form::Json => self.json(entries),
            Form::Csv => self.sheet(entries),
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
        let title = one.title.clone().unwrap_or_else(|| self.title(event));
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
            title,
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

    /// Its title; in a private feed with what is not settled said before it.
    fn title(&self, event: &Event) -> String {
        let title = &event.details.title;
        match event.status {
            EventStatus::Hold if self.private => format!("Hold: {title}"),
            EventStatus::Proposed if self.private => format!("Proposed: {title}"),
            _ => title.clone(),
        }
    }

    /// What it was before it moved, and what else is told about it here.
    fn notes_of(&self, event: &Event) -> &[String] {
        self.notes.get(&event.id).map_or(&[], Vec::as_slice)
    }

    /// What a calendar program shows below the title: what changed first, then who and for whom.
    fn description(&self, event: &Event, one: &Occurrence) -> String {
        let details = &event.details;
        let mut text = String::new();
        for note in self.notes_of(event) {
            // Writing into a String cannot fail.
            let _ = writeln!(text, "{note}");
        }
        match event.status {
            EventStatus::Postponed => text.push_str("Postponed; new dates are to come.\n"),
            EventStatus::Announced => text.push_str("Save the date: announced, not confirmed.\n"),
            EventStatus::Hold => text.push_str("A hold: kept provisionally, not public.\n"),
            EventStatus::Proposed => text.push_str("Proposed: not public yet.\n"),
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

    fn json(&self, entries: &[Entry]) -> Vec<u8> {
        let events: Vec<Told<'_>> = entries
            .iter()
            .map(|entry| Told { event: EventJson::from(&entry.event), notes: self.private.then(|| self.notes_of(&entry.event)) })
            .collect();
        serde_json::to_vec_pretty(&events).unwrap_or_default()
    }

    fn sheet(&self, entries: &[Entry]) -> Vec<u8> {
        let told = |entry: &Entry| {
            let mut event = entry.event.clone();
            if self.private {
                let mut lines = self.notes_of(&event).to_vec();
                lines.push(std::mem::take(&mut event.details.description));
                lines.retain(|line| !line.is_empty());
                event.details.description = lines.join("\n");
            }
            event
        };
        crate::sheet::write(&entries.iter().map(told).collect::<Vec<_>>()).into_bytes()
    }
}

/// An event in a private feed's JSON.
#[derive(serde::Serialize)]
struct Told<'a> {
    #[serde(flatten)]
    event: EventJson,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<&'a [String]>,
}
