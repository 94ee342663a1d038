//! Keeps the calendars of those who come up to date: invitation, update, cancellation (RFC 5546).
//!
//! A change is marked with each guest in its own transaction. Once the plan was left alone for
//! `mail.quiet_minutes`, or at once where it is called off or begins soon, a transaction a guest
//! writes one letter with how things stand then, and keeps its `SEQUENCE`: a burst is one update,
//! and what was moved and moved back is none.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::letters::{enqueue, happening, replies_to, sender};
use super::notify::{LONGEST_BURST, Waiting, quiet};
use super::{Actor, App, Error, Result, coming};
use crate::domain::agenda::Entry;
use crate::domain::recurrence::Occurrence;
use crate::domain::{EventId, EventStatus, Mode, When, wording};
use crate::ical::{Invitation, Method, invite};
use crate::mail::invitations::{Invited, Turn};
use crate::mail::{CalendarPart, Letter, LetterKind, Mailbox};
use crate::store::{Guest, GuestState, Reader, Writer};

/// A change is told at once where the event begins within so many hours.
const SOON_HOURS: i64 = 24;

/// What a guest's calendar has of an event: a change of anything else is no reason to write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    when: When,
    zone: Tz,
    mode: Mode,
    place: String,
    join_url: Option<String>,
}

impl Told {
    /// As things stand; `None` where there is nothing to come to.
    fn now(entry: &Entry, guest: &Guest) -> Option<Self> {
        let details = &entry.event.details;
        Some(Self {
            when: occurrence(entry, guest)?.when,
            zone: details.zone,
            mode: details.mode,
            place: wording::place(details),
            join_url: details.join_url.clone(),
        })
    }

    /// What was told last. What cannot be read was not told.
    fn before(guest: &Guest) -> Option<Self> {
        serde_json::from_str(guest.told.as_deref()?).ok()
    }

    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.when.span(self.zone).end <= now
    }

    fn is_soon(&self, now: DateTime<Utc>) -> bool {
        self.when.span(self.zone).start < now + Duration::hours(SOON_HOURS)
    }
}

/// The time that a guest comes to; `None` where the event, or that time of it, is off or not public.
pub(super) fn occurrence(entry: &Entry, guest: &Guest) -> Option<Occurrence> {
    let status = entry.event.status;
    if !status.is_public() || status.is_off() {
        return None;
    }
    let Some(original) = guest.original else { return Entry::once(entry.event.clone()).occurrences.pop() };
    let is_it = |one: &&Occurrence| one.original == original;
    // A series whose hour changed has other names for the same days.
    let is_that_day = |one: &&Occurrence| one.original.date() == original.date();
    let found = entry.occurrences.iter().find(is_it).or_else(|| entry.occurrences.iter().find(is_that_day));
    found.filter(|one| !one.cancelled).cloned()
}

/// Marks, with a change, whose calendars are wrong now, and when they are told.
pub(super) fn note_change(app: &App, writer: &Writer<'_>, entry: &Entry) -> Result<()> {
    let now = app.now();
    for guest in writer.guests_of(entry.event.id)?.into_iter().filter(|guest| guest.state == GuestState::Coming) {
        let (was, is) = (Told::before(&guest), Told::now(entry, &guest));
        let is_over = was.iter().chain(&is).all(|told| told.is_over(now));
        let (changed_at, due_at) = if was == is || is_over {
            (None, None)
        } else {
            let first = guest.changed_at.unwrap_or(now);
            let is_urgent = is.is_none() || was.iter().chain(&is).any(|told| told.is_soon(now));
            let calm = (now + quiet(app)).min(first + quiet(app) * LONGEST_BURST);
            (Some(first), Some(if is_urgent { now } else { calm }))
        };
        if (changed_at, due_at) != (guest.changed_at, guest.due_at) {
            writer.change_guest(&Guest { changed_at, due_at, ..guest })?;
        }
    }
    Ok(())
}

/// Writes to the guests whose calendars are to be put right by now; gives to how many.
///
/// # Errors
/// When a letter cannot be written or the store fails; what was written for others before stays.
pub fn write_due(app: &App) -> Result<usize> {
    let due = app.store.read::<_, Error>(|reader| Ok(reader.guests_due(app.now())?))?;
    let mut written = 0;
    for id in due {
        written += usize::from(app.store.write::<_, Error>(|writer| write_one(app, writer, id))?);
    }
    Ok(written)
}

/// The updates of guests' calendars that wait until a plan is left alone: all of them for an operator, else those of
/// the events that the reader's partner calls. Who the guests are is not told.
pub(super) fn waiting(reader: &Reader<'_>, actor: &Actor) -> Result<Vec<Waiting>> {
    let mut events: BTreeMap<EventId, Vec<Guest>> = BTreeMap::new();
    for guest in reader.guests_waiting()? {
        events.entry(guest.event).or_default().push(guest);
    }
    let mut all = Vec::new();
    for (id, guests) in events {
        let entry = reader.entry(id)?;
        let is_own = actor.partner().is_some_and(|partner| entry.event.is_called_by(partner));
        let Some(due) = guests.iter().filter_map(|guest| guest.due_at).min().filter(|_| is_own || actor.sees_all()) else {
            continue;
        };
        let texts: BTreeSet<String> = guests.iter().map(|guest| in_short(&entry, guest)).collect();
        let to = if guests.len() == 1 { "one person who comes".to_owned() } else { format!("{} people who come", guests.len()) };
        let subject = format!("Updates for calendars: {}", entry.event.details.title);
        all.push(Waiting { to, due, subject, text: texts.into_iter().collect::<Vec<_>>().join("\n"), events: vec![id] });
    }
    Ok(all)
}

/// What a guest's calendar has, and what it is to have.
fn in_short(entry: &Entry, guest: &Guest) -> String {
    let words = |told: &Told| format!("{}, {}", wording::when(told.when, told.zone), told.place);
    let was = Told::before(guest).map_or_else(|| "nothing yet".to_owned(), |told| words(&told));
    let is = Told::now(entry, guest).map_or_else(|| "taken out".to_owned(), |told| words(&told));
    format!("Was: {was}\nNow: {is}")
}

/// Puts one guest's calendar right; `false` where it is.
fn write_one(app: &App, writer: &Writer<'_>, id: i64) -> Result<bool> {
    let guest = writer.guest(id)?;
    if guest.due_at.is_none_or(|due| due > app.now()) {
        return Ok(false);
    }
    let guest = Guest { changed_at: None, due_at: None, ..guest };
    let entry = writer.entry(guest.event)?;
    let (was, is) = (Told::before(&guest), Told::now(&entry, &guest));
    if was == is || guest.state != GuestState::Coming {
        writer.change_guest(&guest)?;
        return Ok(false);
    }
    let turn = match (is, entry.event.status) {
        (Some(_), _) => Turn::Changed,
        (None, EventStatus::Postponed) => Turn::Postponed,
        (None, _) => Turn::Cancelled,
    };
    send(app, writer, guest, &entry, turn)?;
    Ok(true)
}

/// Writes to a guest, and keeps what their calendar has after that.
pub(super) fn send(app: &App, writer: &Writer<'_>, guest: Guest, entry: &Entry, turn: Turn) -> Result<Guest> {
    let is_gone = !matches!(turn, Turn::Invited | Turn::Changed);
    let (was, is) = (Told::before(&guest), Told::now(entry, &guest));
    let Some(shown) = (if is_gone { was.clone() } else { is.clone() }) else { return Ok(guest) };
    let own = entry.event.sequence;
    let sequence = guest.sequence.map_or(own, |sent| own.max(sent + 1));
    let letter = letter(app, writer, &guest, entry, turn, sequence, &shown)?;
    enqueue(app, writer, &letter, Some(entry.event.id), None, letter.kind.hours())?;
    let told = if is_gone { None } else { serde_json::to_string(&shown).ok() };
    let guest = Guest { sequence: Some(sequence), told, changed_at: None, due_at: None, ..guest };
    writer.change_guest(&guest)?;
    Ok(guest)
}

fn letter(
    app: &App,
    reader: &Reader<'_>,
    guest: &Guest,
    entry: &Entry,
    turn: Turn,
    sequence: u32,
    shown: &Told,
) -> Result<Letter> {
    let words = words(app, reader, guest, entry, turn, shown)?;
    let is_gone = !matches!(turn, Turn::Invited | Turn::Changed);
    let (kind, method) = if is_gone { (LetterKind::Cancel, Method::Cancel) } else { (LetterKind::Invite, Method::Request) };
    let uid = uid(app, guest);
    let from = sender(app);
    let bytes = invite(&Invitation {
        method,
        uid: uid.clone(),
        sequence,
        stamped_at: app.now(),
        tentative: entry.event.status == EventStatus::Announced,
        title: words.event.title.clone(),
        description: description(entry, &words, is_gone),
        location: place(shown),
        url: Some(words.event.url.clone()),
        when: shown.when,
        zone: shown.zone,
        organizer: (from.from, from.from_name),
        attendee: (guest.email.clone(), guest.name.clone()),
    });
    let key = format!("{kind}:{uid}:{sequence}:{}", guest.email);
    let to = Mailbox { name: guest.name.clone(), address: guest.email.clone() };
    let mut letter = Letter::new(kind, key, to, words.written());
    letter.reply_to = replies_to(app, reader, &[entry.event.details.partner.clone()].into())?;
    letter.thread = Some(format!("event.{}", guest.event));
    letter.order = Some((format!("ics:{uid}:{}", guest.email), i64::from(sequence)));
    letter.calendar = Some(CalendarPart { method: method.as_str().to_owned(), bytes });
    Ok(letter)
}

/// Another name than in the feeds: programs that read both would take one for the other.
fn uid(app: &App, guest: &Guest) -> String {
    let at = guest.original.map(|at| at.format("-%Y%m%dT%H%M").to_string()).unwrap_or_default();
    format!("invitation-{}{at}@{}", guest.event, sender(app).domain)
}

fn words(app: &App, reader: &Reader<'_>, guest: &Guest, entry: &Entry, turn: Turn, shown: &Told) -> Result<Invited> {
    let mut event = happening(app, reader, &entry.event)?;
    if let Some(title) = occurrence(entry, guest).and_then(|one| one.title) {
        event.title = title;
    }
    event.when_words = wording::when(shown.when, shown.zone);
    event.where_words.clone_from(&shown.place);
    let was = Told::before(guest).filter(|_| turn == Turn::Changed);
    let differs = |words: String, now: &str| Some(words).filter(|words| words != now);
    let last = reader.changes_of(guest.event)?.pop();
    Ok(Invited {
        turn,
        was_when: was.as_ref().and_then(|was| differs(wording::when(was.when, was.zone), &event.when_words)),
        was_where: was.as_ref().and_then(|was| differs(was.place.clone(), &event.where_words)),
        join_url: shown.join_url.clone().filter(|_| shown.mode != Mode::InPerson),
        why: last.and_then(|change| change.reason).filter(|_| !matches!(turn, Turn::Invited | Turn::SaidOff)),
        speaks: guest.speaker.is_some(),
        off_url: coming::off_address(app, guest.id),
        base_url: app.settings.base_url.clone(),
        event,
    })
}

/// What the calendar shows below the title.
fn description(entry: &Entry, words: &Invited, is_gone: bool) -> String {
    let join = words.join_url.as_ref().map(|url| format!("Join: {url}"));
    let off = (!is_gone).then(|| format!("If you do not come: {}", words.off_url));
    let about = Some(entry.event.details.description.trim().to_owned()).filter(|text| !text.is_empty() && !is_gone);
    let parts = [join.filter(|_| !is_gone), Some(format!("Called by {}.", words.event.partner)), about, off];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn place(shown: &Told) -> Option<String> {
    if shown.mode == Mode::Virtual { shown.join_url.clone() } else { Some(shown.place.clone()) }
}
