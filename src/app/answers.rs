//! Answers on proposed dates: who is asked, what each says, and what is made of it.
//!
//! Partners that are asked may know of the plan as if they were named in it; the leads of a city team see only what
//! they are asked, and only their own answers.

pub mod ask;
pub mod choose;
pub mod give;
mod own;
pub mod remind;
pub mod tell;
pub mod withdraw;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::propose::meant;
use super::{Actor, App, Error, Result};
use crate::domain::conflict::Finding;
use crate::domain::proposal::{Asked, Candidate, Proposal};
use crate::domain::{Details, Event, EventId, EventStatus, TeamSlug};
use crate::store::Reader;

/// A plan with the dates proposed for it, as far as the reader may see them.
#[derive(Debug, Clone)]
pub struct Poll {
    /// The plan.
    pub event: Event,
    /// What is or was asked; `None` where nobody was.
    pub proposal: Option<Proposal>,
    /// What would be found at each of the dates, while they are open; for partners.
    pub findings: BTreeMap<i64, Vec<Finding>>,
    /// What the reader's own city team has on each of the dates, in sentences.
    pub own: BTreeMap<i64, Vec<String>>,
    /// As whom the reader may answer.
    pub answers_as: Vec<Asked>,
    /// May the reader ask, and choose?
    pub decides: bool,
    /// Names for people.
    pub names: BTreeMap<Asked, String>,
}

impl Poll {
    /// A name for people.
    #[must_use]
    pub fn name(&self, asked: &Asked) -> String {
        self.names.get(asked).cloned().unwrap_or_else(|| asked.to_string())
    }
}

/// The proposal of one event.
///
/// # Errors
/// [`Error::NotFound`] where there is no such event, and for those who neither call it nor are asked.
pub fn of(app: &App, actor: &Actor, id: EventId) -> Result<Poll> {
    seen(app, actor, id, true)
}

/// The same without looking what would be found at each of the dates.
///
/// # Errors
/// As [`of`].
pub fn bare(app: &App, actor: &Actor, id: EventId) -> Result<Poll> {
    seen(app, actor, id, false)
}

fn seen(app: &App, actor: &Actor, id: EventId, with_findings: bool) -> Result<Poll> {
    let mut poll = app.store.read::<_, Error>(|reader| {
        let event = reader.event(id)?;
        let proposal = reader.proposal(id)?;
        let seat = seat(actor, &event, proposal.as_ref())?;
        let findings = match proposal.as_ref().filter(|open| with_findings && open.is_open()) {
            Some(open) => found(app, reader, actor, &event, open)?,
            None => BTreeMap::new(),
        };
        let shown = |proposal: Proposal| match seat.seen_as.as_ref() {
            Some(asked) => proposal.seen_by(asked),
            None => proposal,
        };
        let proposal = proposal.map(shown);
        let known = names(reader)?;
        let asked = proposal.iter().flat_map(|one| &one.asked);
        let names = asked.filter_map(|asked| Some((asked.clone(), known.get(asked)?.clone()))).collect();
        let (answers_as, decides) = (seat.answers_as, seat.decides);
        Ok(Poll { names, event, proposal, findings, own: BTreeMap::new(), answers_as, decides })
    })?;
    if let Some(open) = poll.proposal.as_ref().filter(|open| with_findings && open.is_open()) {
        poll.own = own::on_those_days(app, actor, open)?;
    }
    Ok(poll)
}

/// What would be found at each of the dates that are not over; for those who work for a partner, or look after all.
fn found(app: &App, reader: &Reader<'_>, actor: &Actor, event: &Event, open: &Proposal) -> Result<BTreeMap<i64, Vec<Finding>>> {
    let mut findings = BTreeMap::new();
    if actor.sees_all() || actor.partner().is_some() {
        for one in open.candidates.iter().filter(|one| is_ahead(app, one)) {
            let event = Event { details: details_at(&event.details, one), ..event.clone() };
            findings.insert(one.id, meant(app, reader, actor, event)?.findings);
        }
    }
    Ok(findings)
}

/// One plan whose dates are open, in a list.
#[derive(Debug, Clone)]
pub struct Open {
    /// The plan.
    pub event: Event,
    /// What is asked, as far as the reader may see it.
    pub proposal: Proposal,
    /// The reader is asked, and has not answered all of it.
    pub waits: bool,
}

/// What waits for the actor's answer, or was answered by them and is open; in the order in which it was asked.
///
/// # Errors
/// When the store fails.
pub fn asked_of(app: &App, actor: &Actor) -> Result<Vec<Open>> {
    let partner = actor.partner().cloned().map(Asked::Partner);
    let team = actor.team().cloned().map(Asked::Team);
    questions_to(app, partner.into_iter().chain(team))
}

/// What waits for a city team's answer, or was answered by it and is open.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not lead it.
pub fn asked_of_team(app: &App, actor: &Actor, team: &TeamSlug) -> Result<Vec<Open>> {
    actor.must_lead(team)?;
    questions_to(app, std::iter::once(Asked::Team(team.clone())))
}

fn questions_to(app: &App, all: impl Iterator<Item = Asked>) -> Result<Vec<Open>> {
    app.store.read::<_, Error>(|reader| {
        let mut found = Vec::new();
        for asked in all {
            for id in reader.open_questions_to(&asked)? {
                let Some(proposal) = reader.proposal(id)? else { continue };
                let waits = proposal.waits_for(&asked);
                found.push(Open { event: reader.event(id)?, proposal: proposal.seen_by(&asked), waits });
            }
        }
        Ok(found)
    })
}

/// The open proposals of the actor's partner; all of them for an operator.
///
/// # Errors
/// When the store fails.
pub fn running(app: &App, actor: &Actor) -> Result<Vec<Open>> {
    app.store.read::<_, Error>(|reader| {
        let mut found = Vec::new();
        for id in reader.open_proposals()? {
            let event = reader.event(id)?;
            if let (true, Some(proposal)) = (decides(actor, &event), reader.proposal(id)?) {
                found.push(Open { event, proposal, waits: false });
            }
        }
        Ok(found)
    })
}

/// Everybody who can be asked about an event, with a name for people: all other partners, then all city teams.
///
/// # Errors
/// When the store fails.
pub fn may_be_asked(app: &App, event: &Event) -> Result<Vec<(Asked, String)>> {
    let names = app.store.read::<_, Error>(names)?;
    let own = Asked::Partner(event.details.partner.clone());
    Ok(names.into_iter().filter(|(asked, _)| *asked != own).collect())
}

/// What the reader is to a proposal.
struct Seat {
    answers_as: Vec<Asked>,
    decides: bool,
    /// `None` for those who see all of it.
    seen_as: Option<Asked>,
}

fn seat(actor: &Actor, event: &Event, proposal: Option<&Proposal>) -> Result<Seat> {
    let decides = decides(actor, event);
    let is_own = |asked: &Asked| match asked {
        Asked::Partner(slug) => actor.partner() == Some(slug),
        Asked::Team(slug) => actor.team() == Some(slug),
    };
    let all = proposal.map(|one| one.asked.as_slice()).unwrap_or_default();
    let answers_as: Vec<Asked> = all.iter().filter(|asked| actor.sees_all() || is_own(asked)).cloned().collect();
    let seen_as = if decides { None } else { Some(answers_as.first().cloned().ok_or(Error::NotFound("event"))?) };
    Ok(Seat { answers_as, decides, seen_as })
}

/// May they ask, see every answer and choose?
fn decides(actor: &Actor, event: &Event) -> bool {
    actor.sees_all() || actor.partner().is_some_and(|partner| event.is_called_by(partner))
}

/// The plan at one of the dates.
pub(super) fn details_at(details: &Details, one: &Candidate) -> Details {
    let venue = one.venue.clone().or_else(|| details.venue.clone());
    Details { when: one.when, zone: one.zone, venue, ..details.clone() }
}

/// Whose dates may be asked about: what is not settled, or has to be settled anew.
fn may_ask(status: EventStatus) -> bool {
    matches!(status, EventStatus::Idea | EventStatus::Hold | EventStatus::Proposed | EventStatus::Postponed)
}

fn is_ahead(app: &App, one: &Candidate) -> bool {
    one.when.days().first >= today(app, one.zone)
}

fn today(app: &App, zone: chrono_tz::Tz) -> NaiveDate {
    app.now().with_timezone(&zone).date_naive()
}

/// Partners and city teams by their names.
fn names(reader: &Reader<'_>) -> Result<BTreeMap<Asked, String>> {
    let partners = reader.partners()?.into_iter().map(|partner| (Asked::Partner(partner.slug), partner.name));
    let teams = reader.teams()?.into_iter().map(|team| {
        let name = team.state.as_ref().map_or_else(|| team.name.clone(), |state| format!("{}, {state}", team.name));
        (Asked::Team(team.slug), name)
    });
    Ok(partners.chain(teams).collect())
}
