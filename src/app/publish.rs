//! A feed's bytes: the chosen public events as calendar, JSON, table or Atom feed.
//!
//! Bytes are kept beside the revision they were made from, so a poll reads one row. They depend on
//! the day only through the window that they cover.

mod atom;
mod kept;
mod making;
mod notes;
mod private;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Instant;

use super::agenda::entries_on;
use super::select::Selection;
use super::{App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::{Days, Details, Event, EventId, EventStatus, Mode, Occurrence, PartnerSlug, RoleTree, wording};
use crate::ical::{Binder, EntryStatus, FeedHeader, Item};
use crate::json::EventJson;
use crate::store::Reader;
use kept::Facts;
pub use kept::{Body, Feed, Feeds, Work};
use making::Making;
pub use private::private_feed;

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

/// The feed of a selection, with `name` as its title.
///
/// What is kept is taken as it is where nothing in it changed; in a calendar of which a few events changed, their
/// entries alone are exchanged.
///
/// # Errors
/// When the store fails.
pub fn feed(app: &App, selection: &Selection, name: &str, form: Form) -> Result<Arc<Feed>> {
    let _turn = app.feeds.turn();
    let making = Making { app, selection, name, form };
    app.store.read::<_, Error>(|reader| {
        let facts = Facts::read(reader, app.today())?;
        let key = (format!("{name}\n{}", selection.key()), form);
        let known = app.feeds.find(&key);
        if let Some(known) = known.as_ref().filter(|known| known.facts.are(&facts)) {
            return Ok(Arc::clone(&known.feed));
        }
        let near = known.filter(|known| known.facts.have_the_frame_of(&facts));
        let brought = near.map_or(Ok(None), |known| making.brought(reader, &known, facts))?;
        let made = brought.map_or_else(|| making.afresh(reader, facts), Ok)?;
        app.feeds.keep(key, made.clone());
        Ok(made.feed)
    })
}

/// What an address leads to: at hand if nothing was stored since it was last asked for, which is known without waiting.
///
/// With `packed`, only where its bytes were packed already. What another process stored within the millisecond before
/// `now` may count as not stored yet.
pub fn at_hand(app: &App, address: &str, packed: bool, now: Instant) -> Option<Arc<Feed>> {
    let version = app.store.version_lately(now).ok()?;
    app.feeds.at(address, version, app.today()).filter(|feed| !packed || feed.body.is_packed())
}

/// The same, made by `make` where it is not at hand.
///
/// # Errors
/// Those of `make`, and when the store fails.
pub fn at(app: &App, address: String, packed: bool, make: impl FnOnce() -> Result<Arc<Feed>>) -> Result<Arc<Feed>> {
    // Asked before it is made: what is stored meanwhile makes it old.
    let (version, day) = (app.store.version()?, app.today());
    let feed = make()?;
    if packed {
        feed.body.packed();
    }
    app.feeds.remember(address, version, day, &feed);
    Ok(feed)
}

/// What was done to make feeds since the service started.
pub fn work(app: &App) -> Work {
    app.feeds.work()
}

/// The bytes of the chosen public events that are on any of these civil days, made afresh.
///
/// # Errors
/// When the store fails.
pub fn feed_within(app: &App, selection: &Selection, name: &str, form: Form, days: Days) -> Result<Vec<u8>> {
    app.store.read::<_, Error>(|reader| {
        let entries = chosen(reader, selection, days, Event::is_public)?;
        Ok(Shown::load(app, reader, name)?.bytes(&entries, form))
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
        Ok(Self { notes: notes::what_was(reader, None)?, ..Self::without_notes(app, reader, name)? })
    }

    fn without_notes(app: &'a App, reader: &Reader<'_>, name: &'a str) -> Result<Self> {
        let partners = reader.partners()?.into_iter().map(|partner| (partner.slug, partner.name)).collect();
        Ok(Self { app, name, tree: reader.roles()?, partners, notes: HashMap::new(), private: false })
    }

    fn bytes(&self, entries: &[Entry], form: Form) -> Vec<u8> {
        match form {
            Form::Ics => self.calendar(entries),
            Form::Json => self.json(entries),
            Form::Csv => self.sheet(entries),
            Form::Atom => self.atom(entries),
        }
    }

    fn calendar(&self, entries: &[Entry]) -> Vec<u8> {
        let all = || entries.iter().flat_map(|entry| entry.occurrences.iter().map(|one| (&entry.event, one)));
        let mut binder = Binder::for_times(all().map(|(_, one)| one.when));
        all().for_each(|(event, one)| binder.add(&self.item(event, one)));
        binder.bound(&self.header()).bytes()
    }

    fn header(&self) -> FeedHeader {
        FeedHeader {
            name: self.name.to_owned(),
            description: "Convenings of several partners in one calendar, from convene.".to_owned(),
            refresh_hours: 1,
            zone: self.app.settings.time_zone,
        }
    }

    fn item(&self, event: &Event, one: &Occurrence) -> Item {
        let details = &event.details;
        let title = one.title.clone().unwrap_or_else(|| self.title(event));
        Item {
            uid: uid(event, one),
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
            categories: details.roles.iter().map(|role| self.tree.name(role)).chain(unsaid_mode(details)).collect(),
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

/// The name of an occurrence in calendars: it begins with that of its event.
fn uid(event: &Event, one: &Occurrence) -> String {
    match event.details.recurrence {
        // Each occurrence of a series is an entry of its own: the one form that all programs show alike.
        Some(_) => format!("{}-{}@convene", event.id, one.original.format("%Y%m%dT%H%M%S")),
        None => format!("{}@convene", event.id),
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

/// The mode, where place and link do not say it to whoever reads the entry back.
fn unsaid_mode(details: &Details) -> Option<String> {
    let is_unsaid = match details.mode {
        Mode::InPerson => false,
        Mode::Hybrid => true,
        Mode::Virtual => details.join_url.is_none(),
    };
    is_unsaid.then(|| details.mode.as_str().to_owned())
}
