//! Sends dates to partners and city teams for their answers.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;

use super::{Poll, is_ahead, may_ask, names, of, tell, today};
use crate::app::settle::must_change;
use crate::app::{Actor, App, Error, Result};
use crate::domain::proposal::{Asked, Candidate, MOST_CANDIDATES};
use crate::domain::{Details, Event, EventId};
use crate::json::{Draft, FieldError};
use crate::store::Reader;

/// The longest note, in characters.
pub(super) const LONGEST_NOTE: usize = 500;

/// What somebody types to ask: all texts, nothing trusted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Asking {
    /// More dates than those that the plan has; they are always among what is offered, unless new ones are sought.
    pub dates: Vec<Dates>,
    /// Whom: `partner:SLUG`, `team:SLUG`.
    pub asked: Vec<String>,
    /// By when answers are wanted: `2027-03-01`.
    pub answer_by: Option<String>,
    /// What to say with it.
    pub note: String,
}

/// Dates to offer.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dates {
    /// `2027-10-06`, or `2027-10-06T09:00`.
    pub start: String,
    /// The same; the last day, included, for whole days.
    pub end: Option<String>,
    /// Another place than the plan's: `Denver, CO`.
    pub place: Option<String>,
}

/// Offers dates of a plan and sends them to somebody; what is offered and asked already stays.
///
/// A plan's own dates are among what is offered, unless it is postponed or they are over.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Forbidden`] for those who do not call it; [`Error::NotPossible`] where it is
/// settled already; [`Error::Invalid`] with every mistake.
pub fn ask(app: &App, actor: &Actor, id: EventId, asking: &Asking) -> Result<Poll> {
    app.store.write::<_, Error>(|writer| {
        let event = must_change(writer, actor, id, None)?;
        if !may_ask(event.status) {
            return Err(Error::NotPossible(format!("it is {}: its dates are not open any more", event.status)));
        }
        let known = writer.proposal(id)?.filter(crate::domain::proposal::Proposal::is_open);
        let mut offered: Vec<Candidate> = known.iter().flat_map(|open| open.candidates.clone()).collect();
        let mut mistakes = Vec::new();
        let mut add = |one: Candidate| {
            if !offered.iter().any(|known| known.is_same(&one)) {
                offered.push(one);
            }
        };
        if known.is_none()
            && let Some(own) = own_dates(app, &event)
        {
            add(own);
        }
        for (place, dates) in asking.dates.iter().enumerate() {
            match read(app, &event, dates) {
                Ok(one) => add(one),
                Err(found) => mistakes
                    .extend(found.into_iter().map(|one| FieldError { field: format!("dates[{place}].{}", one.field), ..one })),
            }
        }
        let asked = read_asked(writer, &event.details, &asking.asked, &mut mistakes)?;
        let answer_by = read_day(app, &event, asking.answer_by.as_deref(), &mut mistakes);
        let note = read_note(&asking.note, &mut mistakes);
        if mistakes.is_empty() {
            check(&offered, known.is_some() || !asked.is_empty(), &mut mistakes);
        }
        if !mistakes.is_empty() {
            return Err(Error::Invalid(mistakes));
        }
        let answer_by = answer_by.or(known.as_ref().and_then(|open| open.answer_by));
        let note = if note.is_empty() { known.map(|open| open.note).unwrap_or_default() } else { note };
        let now = app.now();
        writer.open_proposal(id, answer_by, &note, actor.name(), now)?;
        for one in &offered {
            writer.offer(id, one, now)?;
        }
        for one in &asked {
            writer.ask(id, one, now)?;
        }
        tell::note_asked(app, writer, id, actor)
    })?;
    of(app, actor, id)
}

fn check(offered: &[Candidate], asks_somebody: bool, mistakes: &mut Vec<FieldError>) {
    let mut add = |field: &str, message: String| mistakes.push(FieldError { field: field.to_owned(), message });
    if offered.is_empty() {
        add("dates", "Offer at least one date.".to_owned());
    } else if offered.len() > MOST_CANDIDATES {
        add("dates", format!("Offer at most {MOST_CANDIDATES} dates at a time; these would be {}.", offered.len()));
    }
    if !asks_somebody {
        add("asked", "Choose at least one partner or city team to ask.".to_owned());
    }
}

/// The dates that the plan has, where they may still be.
fn own_dates(app: &App, event: &Event) -> Option<Candidate> {
    let details = &event.details;
    let own = Candidate { id: 0, when: details.when, zone: details.zone, venue: None };
    (event.status != crate::domain::EventStatus::Postponed && is_ahead(app, &own)).then_some(own)
}

fn read(app: &App, event: &Event, dates: &Dates) -> Result<Candidate, Vec<FieldError>> {
    let details = &event.details;
    let place = dates.place.as_deref().map(str::trim).filter(|place| !place.is_empty());
    let mut venue = place.map(|place| app.places().read_line(place));
    app.places().complete(&mut venue);
    // A day is a day by the clock of the place.
    let zone = venue.as_ref().and_then(|venue| app.places().zone_of(venue)).unwrap_or(details.zone);
    let draft = Draft { start: dates.start.clone(), end: dates.end.clone(), all_day: None, ..Draft::of(details) };
    let when = draft.read(details.partner.as_str(), Some(zone))?.when;
    let one = Candidate { id: 0, when, zone, venue: venue.filter(|_| details.is_in_person()) };
    if is_ahead(app, &one) {
        Ok(one)
    } else {
        Err(vec![FieldError { field: "start".to_owned(), message: "That day is over.".to_owned() }])
    }
}

fn read_asked(
    reader: &Reader<'_>,
    details: &Details,
    texts: &[String],
    mistakes: &mut Vec<FieldError>,
) -> Result<BTreeSet<Asked>> {
    let known = names(reader)?;
    let mut asked = BTreeSet::new();
    for text in texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty()) {
        let read = text.parse::<Asked>().and_then(|one| match &one {
            Asked::Partner(slug) if *slug == details.partner => Err(format!("{slug} calls it and need not be asked")),
            _ if known.contains_key(&one) => Ok(one),
            Asked::Partner(slug) => Err(format!("there is no partner “{slug}”")),
            Asked::Team(slug) => Err(format!("there is no city team “{slug}”")),
        });
        match read {
            Ok(one) => drop(asked.insert(one)),
            Err(message) => mistakes.push(FieldError { field: "asked".to_owned(), message }),
        }
    }
    Ok(asked)
}

fn read_day(app: &App, event: &Event, text: Option<&str>, mistakes: &mut Vec<FieldError>) -> Option<NaiveDate> {
    let text = text.map(str::trim).filter(|text| !text.is_empty())?;
    let mut wrong = |message: String| mistakes.push(FieldError { field: "answer_by".to_owned(), message });
    match text.parse::<NaiveDate>() {
        Ok(day) if day >= today(app, event.details.zone) => return Some(day),
        Ok(_) => wrong("That day is over; say one from today on.".to_owned()),
        Err(_) => wrong(format!("“{text}” is no day; one would be 2027-03-01.")),
    }
    None
}

/// One line, without runs of blanks.
pub(super) fn read_note(text: &str, mistakes: &mut Vec<FieldError>) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let note = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    if note.chars().count() > LONGEST_NOTE {
        mistakes.push(FieldError { field: "note".to_owned(), message: format!("Keep it under {LONGEST_NOTE} characters.") });
    }
    note
}
