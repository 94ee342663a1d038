//! Puts an event forward, with its findings.

use super::discretion::{Eyes, is_beside_hidden};
use super::record::{self, Step, record};
use super::{Actor, App, Error, Result};
use crate::domain::conflict::{self, Finding};
use crate::domain::{Agenda, Details, Entry, Event, EventStatus};
use crate::json::Draft;
use crate::store::Reader;

use super::agenda::{around_for, expand};

/// What an event would mean: its details as understood, and what was found.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// The event as it was understood or stored.
    pub event: Event,
    /// Worst first, as far as whoever asked may know of them.
    pub findings: Vec<Finding>,
}

impl Verdict {
    pub(super) fn told(reader: &Reader<'_>, actor: &Actor, event: Event, findings: Vec<Finding>) -> Result<Self> {
        let findings = Eyes::of(reader, actor)?.with(&event).told_all(findings)?;
        Ok(Self { event, findings })
    }
}

/// Reads a draft as `actor` would put it forward, without storing anything.
///
/// It can be asked as often as one likes: of plans that the actor may not know of it tells by the week.
///
/// # Errors
/// [`Error::Invalid`] with every mistake; [`Error::Forbidden`] for another partner's event.
pub fn check(app: &App, actor: &Actor, draft: &Draft) -> Result<Verdict> {
    let details = read(app, actor, draft)?;
    record::must_be_seldom(&details)?;
    app.store.read::<_, Error>(|reader| meant(app, reader, actor, new_event(app, details, EventStatus::Proposed)?))
}

/// What an event would mean as it is given here, as far as the actor may look.
pub(super) fn meant(app: &App, reader: &Reader<'_>, actor: &Actor, event: Event) -> Result<Verdict> {
    let now = app.now();
    let entry = expand(event, now);
    let mut eyes = Eyes::of(reader, actor)?.with(&entry.event).by_the_week();
    let findings = if actor.sees_all() {
        record::findings_of(app, reader, &entry, now)?
    } else {
        looked_up(app, reader, actor, &entry, &mut eyes)?
    };
    let findings = eyes.told_all(findings)?;
    Ok(Verdict { event: entry.event, findings })
}

/// What an entry would mean, as far as the actor may look. What it is about need not be looked up again by the eyes.
fn looked_up(app: &App, reader: &Reader<'_>, actor: &Actor, entry: &Entry, eyes: &mut Eyes<'_>) -> Result<Vec<Finding>> {
    let mut find = |agenda: &Agenda| {
        let findings = conflict::find(entry, agenda, &app.settings.policy);
        let about = findings.iter().flat_map(|finding| &finding.events).filter_map(|event| agenda.entry(*event));
        about.filter(|other| other.event.id != entry.event.id).for_each(|other| eyes.meet(&other.event));
        findings
    };
    let known = if is_beside_hidden(reader, actor, &entry.event)? {
        None
    } else {
        app.kept.look_as(app, reader, actor, false, |agenda, _| Ok(find(agenda)))?
    };
    match known {
        Some(findings) => Ok(findings),
        None => Ok(find(&around_for(app, reader, actor, entry, app.now())?)),
    }
}

/// Stores a draft as an idea, a hold, a proposal, or already announced or confirmed.
///
/// # Errors
/// As [`check`]; [`Error::Blocked`] where it is to be confirmed at once and something stands in the way.
pub fn propose(app: &App, actor: &Actor, draft: &Draft, status: EventStatus) -> Result<Verdict> {
    if !matches!(
        status,
        EventStatus::Idea | EventStatus::Hold | EventStatus::Proposed | EventStatus::Announced | EventStatus::Confirmed
    ) {
        return Err(Error::field("status", format!("an event cannot begin as {status}; begin as proposed")));
    }
    let details = read(app, actor, draft)?;
    let step = Step { what: status.as_str(), actor, reason: None, binding: status.is_public() };
    app.store.write::<_, Error>(|writer| {
        let event = new_event(app, details, status)?;
        let (event, findings) = record(app, writer, None, event, &step)?;
        Verdict::told(writer, actor, event, findings)
    })
}

fn read(app: &App, actor: &Actor, draft: &Draft) -> Result<Details> {
    let own = actor.partner().map(ToString::to_string).unwrap_or_default();
    if own.is_empty() && draft.partner.as_deref().is_none_or(str::is_empty) {
        return Err(Error::field("partner", "Say which partner calls it."));
    }
    let mut details = draft.read(&own, None).map_err(Error::Invalid)?;
    app.places().complete(&mut details.venue);
    let leads = |partner| actor.must_act_for(partner).is_ok();
    if !leads(&details.partner) && !details.co_hosts.iter().any(leads) {
        actor.must_act_for(&details.partner)?;
    }
    app.store.read::<_, Error>(|reader| {
        // A cohort's session is for the cohort's role.
        if let (true, Some(slug)) = (details.roles.is_empty(), &details.cohort)
            && let Some(cohort) = reader.cohorts()?.into_iter().find(|cohort| cohort.slug == *slug)
        {
            details.roles.insert(cohort.role);
        }
        Ok(details)
    })
}

fn new_event(app: &App, details: Details, status: EventStatus) -> Result<Event> {
    let now = app.now();
    Ok(Event::new(app.keys.event_id(now)?, status, details, now))
}
