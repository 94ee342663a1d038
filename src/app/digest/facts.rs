//! What the digests of one run are made of, loaded once and shared by all their readers.
//!
//! Thousands of readers are told of the same few hundred events. What an event looks like, what it clashes with and
//! what became of it does not depend on who reads it. The facts hold as long as no event and no finding changes; what
//! changes in between is seen by the places in both histories, and all of it is loaded afresh.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{DateTime, Duration, Utc};

use crate::app::discretion::Eyes;
use crate::app::netted::{Netted, net};
use crate::app::{Actor, App, Result};
use crate::domain::agenda::Entry;
use crate::domain::conflict::{Finding, Severity};
use crate::domain::{Event, EventId, RoleTree, Span, wording};
use crate::json::EventJson;
use crate::mail::digest::Item;
use crate::store::changes::Change as Recorded;
use crate::store::{EventFilter, Reader};

/// As far ahead as any digest looks.
pub(super) const FARTHEST: Duration = Duration::days(62);
/// How many different places in the history are kept: readers of one hour share theirs.
const WATERMARKS: usize = 8;

/// Events that several readers share.
type Entries = Rc<Vec<Rc<Entry>>>;

/// What is known of the events of one run.
#[derive(Default)]
pub(super) struct Facts {
    as_of: (i64, i64),
    tree: Option<Rc<RoleTree>>,
    partners: BTreeMap<String, String>,
    entries: BTreeMap<EventId, Rc<Entry>>,
    items: BTreeMap<EventId, Rc<Item>>,
    changes: BTreeMap<i64, Rc<Vec<Changed>>>,
    coming: Option<(DateTime<Utc>, Entries)>,
}

/// What became of an event since some place in the history.
pub(super) struct Changed {
    /// As it is now.
    pub entry: Rc<Entry>,
    /// Everybody could see it before.
    pub was_public: bool,
    /// What people see of the difference.
    pub netted: Option<Netted>,
}

impl Facts {
    /// Forgets what may not hold any more.
    pub(super) fn freshen(&mut self, reader: &Reader<'_>) -> Result<()> {
        let as_of = (reader.last_change()?, reader.last_life()?);
        if self.tree.is_none() || self.as_of != as_of {
            let partners = reader.partners()?.into_iter().map(|partner| (partner.slug.to_string(), partner.name)).collect();
            *self = Self { as_of, tree: Some(Rc::new(reader.roles()?)), partners, ..Self::default() };
        }
        Ok(())
    }

    /// Who is invited as whom.
    pub(super) fn tree(&self) -> Rc<RoleTree> {
        self.tree.clone().unwrap_or_default()
    }

    /// What became of each event after that place in the history, by id.
    pub(super) fn changes_since(&mut self, app: &App, reader: &Reader<'_>, since: i64) -> Result<Rc<Vec<Changed>>> {
        if let Some(known) = self.changes.get(&since) {
            return Ok(Rc::clone(known));
        }
        let mut all = Vec::new();
        for (id, first) in first_changes(reader, since)? {
            let entry = self.entry(reader, id)?;
            let before = first.before.as_deref().and_then(|text| EventJson::from_text(text).ok());
            let before = before.filter(|before| before.status.is_public() && !before.private);
            let netted = before.as_ref().and_then(|before| net(app, before, &entry.event));
            all.push(Changed { entry, was_public: before.is_some(), netted });
        }
        if self.changes.len() >= WATERMARKS {
            self.changes.pop_first();
        }
        let all = Rc::new(all);
        self.changes.insert(since, Rc::clone(&all));
        Ok(all)
    }

    /// Public events that begin within [`FARTHEST`] of `now`.
    pub(super) fn coming(&mut self, reader: &Reader<'_>, now: DateTime<Utc>) -> Result<Entries> {
        if let Some((_, known)) = self.coming.as_ref().filter(|(from, _)| (Duration::zero()..HOUR).contains(&(now - *from))) {
            return Ok(Rc::clone(known));
        }
        let within = Span::new(now, now + FARTHEST + HOUR);
        let mut entries = reader.entries(&EventFilter { within: Some(within) })?;
        entries.retain(|entry| entry.event.is_public() && !entry.event.status.is_off());
        let entries = Rc::new(entries.into_iter().map(Rc::new).collect());
        self.coming = Some((now, Rc::clone(&entries)));
        Ok(entries)
    }

    fn entry(&mut self, reader: &Reader<'_>, id: EventId) -> Result<Rc<Entry>> {
        if let Some(known) = self.entries.get(&id) {
            return Ok(Rc::clone(known));
        }
        let entry = Rc::new(reader.entry(id)?);
        self.entries.insert(id, Rc::clone(&entry));
        Ok(entry)
    }

    /// An event as every reader is shown it.
    pub(super) fn item(&mut self, app: &App, reader: &Reader<'_>, event: &Event) -> Result<Rc<Item>> {
        if let Some(known) = self.items.get(&event.id) {
            return Ok(Rc::clone(known));
        }
        let details = &event.details;
        let tree = self.tree();
        let roles: Vec<String> = details.roles.iter().map(|role| tree.name(role)).collect();
        let item = Rc::new(Item {
            title: details.title.clone(),
            when_words: wording::when(details.when, details.zone),
            where_words: wording::place(details),
            partner: self.partners.get(details.partner.as_str()).cloned().unwrap_or_else(|| details.partner.to_string()),
            roles_words: wording::list(&roles),
            url: app.address(&format!("/events/{}", event.id)),
            ics_url: app.address(&format!("/events/{}.ics", event.id)),
            warnings: warnings(reader, event.id)?,
        });
        self.items.insert(event.id, Rc::clone(&item));
        Ok(item)
    }
}

/// For so long what is coming is not loaded again.
const HOUR: Duration = Duration::hours(1);

/// The gravest findings between public events, at most three.
fn warnings(reader: &Reader<'_>, id: EventId) -> Result<Vec<String>> {
    let mut found = reader.findings_of(id)?;
    found.retain(|stored| {
        matches!(stored.finding.severity, Severity::Medium | Severity::High | Severity::Block) && stored.overridden.is_none()
    });
    found.sort_by(|a, b| Finding::by_rank(&a.finding, &b.finding));
    let mut eyes = Eyes::of(reader, &Actor::Visitor)?;
    let mut warnings = Vec::new();
    for stored in found {
        let Some(finding) = eyes.told(stored.finding)? else { continue };
        let others = finding.events.iter().filter(|event| **event != id);
        let titles = others.map(|event| Ok(reader.event(*event)?.details.title)).collect::<Result<Vec<_>>>()?;
        let with = if titles.is_empty() { String::new() } else { format!("{}: ", wording::list(&titles)) };
        warnings.push(format!("{with}{}", finding.message));
    }
    warnings.truncate(3);
    Ok(warnings)
}

/// The first change of each event after `since`.
fn first_changes(reader: &Reader<'_>, since: i64) -> Result<BTreeMap<EventId, Recorded>> {
    let mut first = BTreeMap::new();
    let mut at = since;
    loop {
        let page = reader.changes_since(at, 500)?;
        let Some(last) = page.last() else { return Ok(first) };
        at = last.seq;
        for change in page {
            first.entry(change.event).or_insert(change);
        }
    }
}
