//! Sources that disagree about one event: what each says, and the choice between them, which is remembered.
//!
//! The event carries what was taken last, `claims` what other sources say of it. A choice marks what the others
//! say as overruled: read again it neither undoes the choice nor asks anew. Where such a source says something
//! else than it did then, it is asked again, and nothing changes until somebody answers.

use serde_json::{Value, json};

use super::import::{claim_of, step_name};
use super::record::{Step, next, record, refresh};
use super::{Actor, App, Error, Result};
use crate::domain::conflict::sources::ByEvent;
use crate::domain::{Claim, Claims, Event, EventId, Source, Venue};
use crate::store::{KeptClaim, Reader, SourceChoice, Writer};

/// From so many events on all that is kept is read at once.
const MANY: usize = 200;

/// One source as people see it.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// What it says.
    pub claim: Claim,
    /// It was taken last, or chosen.
    pub taken: bool,
    /// Somebody decided against what it says.
    pub overruled: bool,
    /// Does the calendar show what it says?
    pub shown: bool,
}

/// What sources say of one event, and who decided between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sides {
    /// The sources: the one that was taken last, then the others by name. Empty for what was typed in.
    pub said: Vec<Said>,
    /// Is there anything to decide?
    pub open: bool,
    /// Who decided, the latest first.
    pub choices: Vec<SourceChoice>,
}

/// What sources say of an event that the actor calls.
///
/// # Errors
/// [`Error::NotFound`] where there is none that the actor may see; [`Error::Forbidden`] for those who do not call it.
pub fn sides(app: &App, actor: &Actor, id: EventId) -> Result<Sides> {
    app.store.read::<_, Error>(|reader| {
        let event = own(reader, actor, id)?;
        let rows = reader.claims_of(id)?;
        let mut said: Vec<Said> = taken(&event).into_iter().map(|claim| of(&event, claim, true, false)).collect();
        for row in rows {
            let claim = read(&row);
            said.extend(claim.map(|claim| {
                let overruled = row.overruled.as_deref() == Some(claim.key().as_str());
                of(&event, claim, false, overruled)
            }));
        }
        let open = open(reader, &event)?.is_some_and(|claims| claims.contradictions().next().is_some());
        Ok(Sides { said, open, choices: reader.source_choices(id)? })
    })
}

fn of(event: &Event, claim: Claim, taken: bool, overruled: bool) -> Said {
    Said { shown: claim.is_shown(event), claim, taken, overruled }
}

/// Decides which source is right: the event then says what that one says of dates, place and mode.
///
/// What was added here (roles, an anchor, speakers, its text) stays. A `revision` that is not the present one is refused.
///
/// # Errors
/// [`Error::Invalid`] for a source that says nothing of the event, or without a reason; [`Error::Stale`]; else as [`sides`].
pub fn choose(app: &App, actor: &Actor, id: EventId, revision: Option<u32>, source: &str, reason: &str) -> Result<Event> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > 1000 {
        return Err(Error::field("reason", "Say why, in up to 1,000 characters: others will read it."));
    }
    app.store.write::<_, Error>(|writer| {
        let before = own(writer, actor, id)?;
        if revision.is_some_and(|read| read != before.revision) {
            return Err(Error::Stale);
        }
        let chosen = swap(writer, &before, source)?;
        let by_email = if let Actor::User(user) = actor { Some(user.email.clone()) } else { None };
        let (by_name, at) = (actor.name().to_owned(), app.now());
        let choice = SourceChoice { event: id, chosen: source.to_owned(), by_name, by_email, at, reason: reason.clone() };
        writer.add_source_choice(&choice)?;
        put(app, writer, actor, &before, chosen, &format!("“{source}” is right: {reason}"))
    })
}

/// What the chosen source says takes the place of what was taken last; all the others are overruled.
fn swap(writer: &Writer<'_>, before: &Event, chosen: &str) -> Result<(Source, Claim)> {
    let Some(standing) = &before.source else { return Err(unknown(&[], chosen)) };
    let mut rows = writer.claims_of(before.id)?;
    let own = KeptClaim {
        event: before.id,
        source: standing.calendar.clone(),
        facts: standing.facts.clone(),
        read_at: standing.read_at,
        overruled: None,
    };
    rows.push(own);
    let Some(place) = rows.iter().position(|row| row.source == chosen) else {
        return Err(unknown(&rows, chosen));
    };
    let row = rows.swap_remove(place);
    let claim = read(&row).ok_or_else(|| unknown(&rows, chosen))?;
    for mut other in rows {
        other.overruled = read(&other).map(|claim| claim.key());
        writer.put_claim(&other)?;
    }
    writer.drop_claim(before.id, chosen)?;
    Ok((Source { calendar: row.source, read_at: row.read_at, facts: row.facts, ..standing.clone() }, claim))
}

fn unknown(rows: &[KeptClaim], chosen: &str) -> Error {
    let known: Vec<String> = rows.iter().map(|row| row.source.clone()).collect();
    let near = super::record::nearest(chosen, &known);
    Error::field("source", format!("no source “{chosen}” says anything of this event; {near}"))
}

/// The event as that source says it.
fn put(app: &App, writer: &Writer<'_>, actor: &Actor, before: &Event, chosen: (Source, Claim), why: &str) -> Result<Event> {
    let (source, claim) = chosen;
    let mut details = before.details.clone();
    let mut status = before.status;
    if !claim.is_shown(before) {
        if claim.cancelled {
            status = crate::domain::EventStatus::Cancelled;
        } else {
            if before.status.is_off() {
                status = crate::domain::EventStatus::Confirmed;
            }
            (details.when, details.zone, details.mode) = (claim.when, claim.zone, claim.mode);
            details.venue = merged(before.details.venue.as_ref(), &claim);
        }
    }
    let is_same = status == before.status && details == before.details;
    let mut after = next(before, status, details, app.now());
    after.source = Some(source);
    if is_same && before.source == after.source {
        refresh(app, writer, actor, &[before.id])?;
        return Ok(before.clone());
    }
    let what = if is_same { "settled between sources" } else { step_name(before, &after) };
    let step = Step { what, actor, reason: Some(why), binding: false };
    Ok(record(app, writer, Some(before), after, &step)?.0)
}

/// A source that names no place says nothing against the one that is known; one of the same town nothing against its room.
fn merged(known: Option<&Venue>, claim: &Claim) -> Option<Venue> {
    let same_town = |venue: &&Venue| venue.town() == claim.venue.as_ref().and_then(Venue::town);
    match (&claim.venue, claim.mode) {
        (_, crate::domain::Mode::Virtual) => None,
        (None, _) => known.cloned(),
        (Some(said), _) => Some(known.filter(same_town).unwrap_or(said).clone()),
    }
}

/// What sources say of these events where nobody has decided between them.
pub(super) fn contested<'e>(reader: &Reader<'_>, events: impl ExactSizeIterator<Item = &'e Event>) -> Result<ByEvent> {
    let mut found = ByEvent::new();
    if !reader.has_claims()? {
        return Ok(found);
    }
    let several = if events.len() > MANY { Some(reader.events_with_claims()?) } else { None };
    for event in events.filter(|event| several.as_ref().is_none_or(|ids| ids.contains(&event.id))) {
        if let Some(claims) = open(reader, event)? {
            found.insert(event.id, claims);
        }
    }
    Ok(found)
}

/// What was taken last, and what the others say that nobody has decided against, whether or not it is the same.
fn open(reader: &Reader<'_>, event: &Event) -> Result<Option<Claims>> {
    let Some(taken) = taken(event) else { return Ok(None) };
    let mut others = Vec::new();
    for row in reader.claims_of(event.id)? {
        let is_new = |claim: &Claim| row.overruled.as_deref() != Some(claim.key().as_str());
        others.extend(read(&row).filter(|claim| row.source != taken.source && is_new(claim)));
    }
    Ok((!others.is_empty()).then_some(Claims { taken, others }))
}

fn taken(event: &Event) -> Option<Claim> {
    let source = event.source.as_ref()?;
    claim_of(&source.calendar, source.read_at, &source.facts)
}

fn read(row: &KeptClaim) -> Option<Claim> {
    claim_of(&row.source, row.read_at, &row.facts)
}

fn own(reader: &Reader<'_>, actor: &Actor, id: EventId) -> Result<Event> {
    let event = reader.event(id)?;
    if !actor.may_see(&event) {
        return Err(Error::NotFound("event"));
    }
    actor.must_act_for(&event.details.partner)?;
    Ok(event)
}

/// What sources say of an event, for programs.
#[must_use]
pub fn sides_json(sides: &Sides) -> Value {
    let said = |one: &Said| {
        let claim = &one.claim;
        let (all_day, start, end) = crate::json::when_texts(claim.when);
        json!({
            "source": claim.source, "read_at": claim.read_at, "cancelled": claim.cancelled, "all_day": all_day,
            "start": start, "end": end, "time_zone": claim.zone.name(), "mode": claim.mode, "venue": claim.venue,
            "taken": one.taken, "overruled": one.overruled, "shown": one.shown,
        })
    };
    let choice = |one: &SourceChoice| json!({"source": one.chosen, "by": one.by_name, "at": one.at, "reason": one.reason});
    json!({
        "open": sides.open,
        "sources": sides.said.iter().map(said).collect::<Vec<_>>(),
        "choices": sides.choices.iter().map(choice).collect::<Vec<_>>(),
    })
}
