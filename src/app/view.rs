//! What pages and lists show: plain reads, as far as the reader may see.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::inherited::{Inherited, inherited};
use super::select::Selection;
use super::{Actor, App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::conflict::Severity;
use crate::domain::recurrence::Occurrence;
use crate::domain::{Cohort, Days, Event, EventId, Partner, Person, RoleTree};
use crate::json::EventJson;
use crate::store::changes::Change;
use crate::store::{Doubt, EventFilter, Reading, StoredFinding, UpstreamCalendar, Withdrawn};

/// The names that every page needs.
#[derive(Debug, Clone)]
pub struct Directory {
    /// All partners.
    pub partners: Vec<Partner>,
    /// The tree of roles.
    pub roles: RoleTree,
    /// All cohorts.
    pub cohorts: Vec<Cohort>,
    /// All speakers.
    pub people: Vec<Person>,
}

impl Directory {
    /// A partner's name for people.
    #[must_use]
    pub fn partner(&self, slug: &crate::domain::PartnerSlug) -> String {
        self.partners
            .iter()
            .find(|partner| partner.slug == *slug)
            .map_or_else(|| slug.to_string(), |partner| partner.name.clone())
    }
}

/// An event in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The event with the occurrences asked for.
    pub entry: Entry,
    /// The findings that ask for attention (low and above, not overridden) and that the reader may see.
    pub findings: Vec<Attention>,
}

/// How grave a finding is, and the first instants of the occurrences of one event that it is about.
pub type Attention = (Severity, Vec<DateTime<Utc>>);

impl Listed {
    /// How many findings ask for attention at one occurrence (all of them where it is `None`), and the gravest.
    ///
    /// A finding that names none of the event's occurrences is about all of them.
    #[must_use]
    pub fn attention(&self, at: Option<&Occurrence>) -> Option<(usize, Severity)> {
        let concerns = |starts: &[DateTime<Utc>]| at.is_none_or(|at| starts.is_empty() || starts.contains(&at.span.start));
        let here = || self.findings.iter().filter(|(_, starts)| concerns(starts)).map(|(severity, _)| *severity);
        here().max().map(|worst| (here().count(), worst))
    }
}

/// Everything about one event.
#[derive(Debug, Clone)]
pub struct Whole {
    /// The event with all its occurrences.
    pub entry: Entry,
    /// Its findings, worst first.
    pub findings: Vec<StoredFinding>,
    /// Its history, first to last.
    pub changes: Vec<Change>,
    /// What it is set beside.
    pub anchor: Option<Event>,
    /// What was found about that and holds for it too.
    pub inherited: Option<Inherited>,
    /// What is set beside it.
    pub satellites: Vec<Event>,
    /// May the reader change it?
    pub may_change: bool,
    /// The calendar that gave it gives it no longer.
    pub withdrawn: Option<Withdrawn>,
    /// What its calendar says of it and waits for a yes or no; only for the partner's own people.
    pub held: Option<Doubt>,
}

/// The names that every page needs.
///
/// # Errors
/// When the store fails.
pub fn directory(app: &App) -> Result<Directory> {
    app.store.read::<_, Error>(|reader| {
        Ok(Directory {
            partners: reader.partners()?,
            roles: reader.roles()?,
            cohorts: reader.cohorts()?,
            people: reader.people()?,
        })
    })
}

/// The events of a selection on these civil days, each by its own clock (all days where it is `None`), soonest first.
///
/// # Errors
/// When the store fails.
pub fn list(app: &App, actor: &Actor, selection: &Selection, on: Option<Days>) -> Result<Vec<Listed>> {
    let mut found: BTreeMap<EventId, Vec<Attention>> = BTreeMap::new();
    for stored in super::agenda::findings(app, actor)? {
        let finding = &stored.finding;
        if stored.overridden.is_none() && finding.severity >= Severity::Low {
            for id in &finding.events {
                let starts = finding.occurrences.iter().filter(|at| at.event == *id).map(|at| at.start).collect();
                found.entry(*id).or_default().push((finding.severity, starts));
            }
        }
    }
    app.store.read::<_, Error>(|reader| {
        let tree = reader.roles()?;
        let mut entries = match on {
            Some(days) => super::agenda::entries_on(reader, days)?,
            None => reader.entries(&EventFilter::default())?,
        };
        entries.retain(|entry| actor.may_see(&entry.event) && selection.has(&entry.event, &tree));
        entries.sort_by_key(|entry| (entry.occurrences.first().map(|one| one.span.start), entry.event.id));
        Ok(entries
            .into_iter()
            .map(|entry| Listed { findings: found.remove(&entry.event.id).unwrap_or_default(), entry })
            .collect())
    })
}

/// Everything about one event, as far as the reader may see it.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is not theirs to see.
pub fn event(app: &App, actor: &Actor, id: EventId) -> Result<Whole> {
    let findings = super::agenda::findings_of(app, actor, id)?;
    let inherited = inherited(app, actor, &bare_event(app, actor, id)?)?;
    app.store.read::<_, Error>(|reader| {
        let entry = reader.entry(id)?;
        if !actor.may_see(&entry.event) {
            return Err(Error::NotFound("event"));
        }
        let anchor =
            entry.event.details.anchor.map(|anchor| reader.event(anchor)).transpose()?.filter(|anchor| actor.may_see(anchor));
        let mut satellites = reader.satellites(id)?;
        satellites.retain(|event| actor.may_see(event));
        let may_change = actor.sees_all() || actor.partner().is_some_and(|partner| entry.event.is_called_by(partner));
        let changes = reader.changes_of(id)?.into_iter().filter_map(|change| as_seen(actor, &entry.event, change)).collect();
        let withdrawn = reader.withdrawn(id)?;
        let details = &entry.event.details;
        let source = entry.event.source.as_ref().filter(|_| actor.must_act_for(&details.partner).is_ok());
        let held = source.map(|source| reader.doubt_about(&details.partner, &source.uid)).transpose()?.flatten();
        Ok(Whole { entry, findings, changes, anchor, inherited, satellites, may_change, withdrawn, held })
    })
}

/// A change as far as the reader may see it.
///
/// Those who do not call the event see what was public: not what it was before it was announced, nor who
/// settled it.
#[must_use]
pub fn as_seen(actor: &Actor, event: &Event, change: Change) -> Option<Change> {
    if actor.sees_all() || actor.partner().is_some_and(|partner| event.is_called_by(partner)) {
        return Some(change);
    }
    let is_public = |text: &String| EventJson::from_text(text).is_ok_and(|json| json.status.is_public() && !json.private);
    if !event.is_public() || !is_public(&change.after) {
        return None;
    }
    Some(Change { before: change.before.filter(is_public), actor: event.details.partner.to_string(), ..change })
}

/// One event alone, as far as the reader may see it.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is not theirs to see.
pub fn bare_event(app: &App, actor: &Actor, id: EventId) -> Result<Event> {
    app.store.read::<_, Error>(|reader| {
        let event = reader.event(id)?;
        if actor.may_see(&event) { Ok(event) } else { Err(Error::NotFound("event")) }
    })
}

/// An upstream calendar as its partner's people see it.
#[derive(Debug, Clone)]
pub struct SourceView {
    /// The calendar.
    pub source: UpstreamCalendar,
    /// Its latest reading.
    pub last: Option<Reading>,
    /// The events that it gives no longer, and that still lie ahead.
    pub withdrawn: Vec<(Event, Withdrawn)>,
    /// How many of its rows wait for a yes or no.
    pub held: usize,
}

/// The upstream calendars of the reader's partner; all of them for an operator.
///
/// # Errors
/// When the store fails.
pub fn sources(app: &App, actor: &Actor) -> Result<Vec<SourceView>> {
    let today = app.now().date_naive();
    app.store.read::<_, Error>(|reader| {
        let mut withdrawn = Vec::new();
        for one in reader.all_withdrawn()? {
            let event = reader.event(one.event)?;
            let last = reader.entry(one.event)?.occurrences.last().map(|at| at.when.days().last);
            if last.is_some_and(|last| last >= today) && actor.may_see(&event) {
                withdrawn.push((event, one));
            }
        }
        let own = |source: &UpstreamCalendar| actor.sees_all() || actor.partner() == Some(&source.partner);
        let mut all = Vec::new();
        for source in reader.sources()?.into_iter().filter(own) {
            let of_it = |(_, one): &&(Event, Withdrawn)| one.partner == source.partner && one.name == source.name;
            all.push(SourceView {
                last: reader.last_reading(source.id)?,
                withdrawn: withdrawn.iter().filter(of_it).cloned().collect(),
                held: reader.count_doubts(source.id)?,
                source,
            });
        }
        Ok(all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Details, EventStatus, When};

    #[test]
    fn an_occurrence_of_a_series_is_warned_of_what_is_about_it_alone() {
        let mut listed = series_of(["2026-12-10", "2026-12-24"]);
        let last = listed.entry.occurrences[1].span.start;
        listed.findings = vec![(Severity::High, vec![last]), (Severity::Low, Vec::new())];

        let [first, second] = &listed.entry.occurrences[..] else { panic!("two occurrences") };
        assert_eq!(listed.attention(Some(first)), Some((1, Severity::Low)));
        assert_eq!(listed.attention(Some(second)), Some((2, Severity::High)));
        assert_eq!(listed.attention(None), Some((2, Severity::High)));
    }

    fn series_of(days: [&str; 2]) -> Listed {
        let [first, second] = days.map(|day| {
            let first = day.parse().expect("day");
            let when = When::Days { first, last: Some(first) };
            let details = Details::new("Open house", "nlc".parse().expect("partner"), when, chrono_tz::America::Chicago);
            Entry::once(Event::new(EventId(uuid::Uuid::from_u128(1)), EventStatus::Confirmed, details, DateTime::UNIX_EPOCH))
        });
        let mut entry = first;
        entry.occurrences.extend(second.occurrences);
        Listed { entry, findings: Vec::new() }
    }
}
