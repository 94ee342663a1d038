//! Outgoing mail found again, by person and by event: by those who may.
//!
//! Operators find all of it. Everybody else finds what went to them; and somebody who plans for a partner what
//! its people were told about its plans, and whom its events were sent to. A digest is between the service and
//! its reader: of those only the number is told, and never to who asks for a person.

use serde_json::{Value, json};

use super::{Actor, App, Error, Result};
use crate::domain::{Event, EventId};
use crate::mail::{LetterKind, ReadLetter, read};
use crate::store::{EventFilter, LettersOf, LettersWanted, OutboxRow, OutboxState, Reader};

/// The most letters that a list gives at once.
pub const MOST: u32 = 200;

/// What is looked for, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Search {
    /// Words of a recipient's address or name.
    pub person: Option<String>,
    /// An event's id, or words of its title.
    pub event: Option<String>,
    /// A state's name, or `bounced`.
    pub state: Option<String>,
    /// The number of the last letter on the page before.
    pub before: Option<i64>,
    /// How many at most, 1 to [`MOST`].
    pub limit: u32,
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The letters, the newest first, without their texts.
    pub letters: Vec<Told>,
    /// The number that goes on from here, where there are more.
    pub next: Option<i64>,
    /// How many more tell of the event, to people whose address whoever asks may not see.
    pub unseen: i64,
}

/// A letter, with what became of it.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its row.
    pub row: OutboxRow,
    /// What came back, where it did.
    pub came_back: Option<String>,
    /// The events that it tells of, those that whoever asks may see: id and title.
    pub events: Vec<(EventId, String)>,
}

/// A letter as it went out.
#[derive(Debug, Clone)]
pub struct Opened {
    /// What became of it.
    pub told: Told,
    /// What it says: empty a week after it was settled, or where it holds somebody else's key.
    pub read: ReadLetter,
    /// Why it cannot be read, in words.
    pub closed: Option<&'static str>,
}

/// The letters that are looked for, as far as whoever asks may find them.
///
/// # Errors
/// [`Error::Invalid`] for an unknown state or event, or a limit out of bounds; [`Error::Forbidden`] for
/// visitors; when the store fails.
pub fn find(app: &App, actor: &Actor, search: &Search) -> Result<Found> {
    let of = may_find(actor)?;
    if !(1..=MOST).contains(&search.limit) {
        return Err(Error::field("limit", format!("give a number from 1 to {MOST}")));
    }
    let (state, came_back) = state(search.state.as_deref())?;
    app.store.read::<_, Error>(|reader| {
        let events = search.event.as_deref().map(|text| events_named(reader, actor, text)).transpose()?;
        let wanted = LettersWanted {
            person: search.person.clone(),
            events,
            state,
            came_back,
            before: search.before,
            limit: search.limit + 1,
        };
        let mut rows = reader.find_letters(&of, &wanted)?;
        let more = rows.len() > search.limit as usize;
        rows.truncate(search.limit as usize);
        let next = rows.last().filter(|_| more).map(|row| row.id);
        let asks_for_an_event_alone = wanted.events.is_some() && wanted.person.is_none();
        let unseen = if asks_for_an_event_alone { reader.count_unseen_letters(&of, &wanted)? } else { 0 };
        let letters = rows.into_iter().map(|row| told(reader, actor, row)).collect::<Result<_>>()?;
        Ok(Found { letters, next, unseen })
    })
}

/// One letter, with what it says.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is not theirs to find.
pub fn open(app: &App, actor: &Actor, id: i64) -> Result<Opened> {
    let of = may_find(actor)?;
    app.store.read::<_, Error>(|reader| {
        if !reader.may_find_letter(&of, id)? {
            return Err(Error::NotFound("letter"));
        }
        let row = reader.letter(id)?;
        let closed = closed(actor, &row);
        let read = if closed.is_some() { ReadLetter::default() } else { read(&row.mail) };
        Ok(Opened { told: told(reader, actor, row)?, read, closed })
    })
}

/// Does it hold a link that signs somebody in, or confirms or changes a subscription?
#[must_use]
pub fn opens_a_door(row: &OutboxRow) -> bool {
    !matches!(
        row.kind.parse(),
        Ok(LetterKind::Notice | LetterKind::Admin | LetterKind::Digest | LetterKind::Invite | LetterKind::Cancel)
    )
}

/// Does it hold a link by which whoever has it acts for its reader, if only to end a subscription?
fn holds_a_key(row: &OutboxRow) -> bool {
    !matches!(row.kind.parse(), Ok(LetterKind::Notice | LetterKind::Admin)) || row.subscription.is_some()
}

fn closed(actor: &Actor, row: &OutboxRow) -> Option<&'static str> {
    let is_reader = matches!(actor, Actor::User(user) if user.email == row.recipient);
    if row.mail.is_empty() {
        Some("Its text is not kept any more: texts are forgotten a week after they went out.")
    } else if holds_a_key(row) && !is_reader && !actor.sees_all() {
        Some("What it says is between the service and its reader: it holds links that are theirs alone.")
    } else {
        None
    }
}

/// A letter without its text. Times are UTC.
#[must_use]
pub fn letter_json(told: &Told) -> Value {
    let row = &told.row;
    let events: Vec<Value> = told.events.iter().map(|(id, title)| json!({"id": id, "title": title})).collect();
    json!({
        "id": row.id, "kind": row.kind, "state": row.state.as_str(), "to": row.recipient, "name": row.name,
        "subject": row.subject, "message_id": row.message_id, "events": events, "attempts": row.attempts,
        "resent": row.resent, "reply": row.reply, "came_back": told.came_back, "written_at": row.created_at,
        "done_at": row.done_at, "not_after": row.not_after,
    })
}

fn may_find(actor: &Actor) -> Result<LettersOf> {
    match actor {
        _ if actor.sees_all() => Ok(LettersOf::All),
        Actor::User(user) => Ok(LettersOf::Person { email: user.email.clone(), partner: user.partner.clone() }),
        _ => Err(Error::Forbidden("sign in, or send a token, to see outgoing mail".into())),
    }
}

fn state(text: Option<&str>) -> Result<(Option<OutboxState>, bool)> {
    let unknown = |_| {
        let known: Vec<&str> = OutboxState::ALL.into_iter().map(OutboxState::as_str).collect();
        Error::field("state", format!("there are {}, bounced", known.join(", ")))
    };
    match text {
        None => Ok((None, false)),
        Some("bounced") => Ok((None, true)),
        Some(text) => Ok((Some(text.parse().map_err(unknown)?), false)),
    }
}

/// The events that are meant: by id, or by words of the title. One that may not be seen is as if it were not there.
fn events_named(reader: &Reader<'_>, actor: &Actor, text: &str) -> Result<Vec<EventId>> {
    let seen = |event: &Event| actor.may_see(event);
    if let Ok(id) = text.parse::<EventId>() {
        return match reader.event(id) {
            Ok(event) if seen(&event) => Ok(vec![id]),
            Ok(_) | Err(crate::store::Error::NotFound(_)) => Err(Error::field("event", "there is no event of this id")),
            Err(error) => Err(error.into()),
        };
    }
    let words = text.to_lowercase();
    let named = |event: &Event| event.details.title.to_lowercase().contains(&words);
    let all = reader.entries(&EventFilter::default())?.into_iter().map(|entry| entry.event);
    Ok(all.filter(|event| named(event) && seen(event)).map(|event| event.id).collect())
}

fn told(reader: &Reader<'_>, actor: &Actor, row: OutboxRow) -> Result<Told> {
    let mut events = Vec::new();
    for id in reader.events_of_letter(row.id)? {
        let event = reader.event(id)?;
        if actor.may_see(&event) {
            events.push((id, event.details.title));
        }
    }
    Ok(Told { came_back: reader.bounce_of(row.id)?, events, row })
}
