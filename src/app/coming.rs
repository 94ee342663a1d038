//! Saying that one comes, by mail and a second click; and off, by a link. Who comes, for those who call it.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use super::letters::{enqueue, happening, partner_name};
use super::{Actor, App, Error, Result, invite};
use crate::domain::agenda::Entry;
use crate::domain::recurrence::Occurrence;
use crate::domain::{Event, EventId, Person, wording};
use crate::keys::{hash, is_short_sealed, short_seal};
use crate::mail::invitations::{Coming, Turn};
use crate::mail::{Address, Letter, LetterKind, Mailbox, clean};
use crate::store::{Guest, GuestState, Writer};

/// For how long a link to confirm works.
const CONFIRM_HOURS: i64 = 48;
/// So often a day one address is asked to confirm anything.
const ASKS_A_DAY: i64 = 3;
/// Whoever did not answer is forgotten after so many days.
const FORGET_DAYS: i64 = 30;

/// What somebody typed who says that they come.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Their address.
    pub email: String,
    /// Their name, if they give it.
    pub name: String,
    /// Which time of a series, by its start under the rule, as [`upcoming`] gives it.
    pub date: String,
    /// Which of the event's speakers this is; only its organizers may say so.
    pub speaker: String,
}

/// Asks an address whether its owner comes. The answer never tells whether they were asked before.
///
/// # Errors
/// [`Error::Invalid`] with the mistake; [`Error::NotPossible`] for what is over or off; [`Error::Forbidden`] where
/// somebody else's speaker is asked; when the letter or the store fails.
pub fn ask(app: &App, actor: &Actor, id: EventId, asked: &Asked) -> Result<()> {
    let now = app.now();
    let email = Address::parse(&asked.email).map_err(|error| Error::field("email", error.to_string()))?.folded();
    let secret = app.keys.secret()?;
    app.store.write::<_, Error>(|writer| {
        let entry = visible(writer, actor, id)?;
        let guest = Guest { email: email.clone(), ..wanted(app, writer, actor, &entry, asked)? };
        writer.forget_unanswered(now - Duration::days(FORGET_DAYS))?;
        let before = writer.guest_at(id, guest.original, &email)?;
        let is_just_asked = before.is_some_and(|before| before.asked_at > now - Duration::minutes(10));
        let today = writer.letters_since(LetterKind::Confirm.as_str(), &email, now - Duration::hours(24))?;
        if is_just_asked || today >= ASKS_A_DAY {
            return Ok(());
        }
        let Some(number) = writer.ask_guest(&guest, &hash(&secret))? else { return Ok(()) };
        let guest = writer.guest(number)?;
        let mut event = happening(app, writer, &entry.event)?;
        if let Some(one) = invite::occurrence(&entry, &guest) {
            event.when_words = wording::when(one.when, entry.event.details.zone);
        }
        let wording = Coming {
            link: app.address(&format!("/coming/{secret}")),
            lasts: format!("{CONFIRM_HOURS} hours"),
            asked_by: guest.asked_by.clone(),
            event,
            base_url: app.settings.base_url.clone(),
        };
        let to = Mailbox { name: guest.name.clone(), address: email.clone() };
        let key = format!("confirm:coming:{number}:{}", guest.asks);
        let mut letter = Letter::new(LetterKind::Confirm, key, to, wording.written());
        letter.thread = Some(format!("event.{id}"));
        enqueue(app, writer, &letter, Some(id), None, LetterKind::Confirm.hours())?;
        Ok(())
    })
}

/// Who is asked, as it would be kept.
fn wanted(app: &App, writer: &Writer<'_>, actor: &Actor, entry: &Entry, asked: &Asked) -> Result<Guest> {
    let now = app.now();
    let times = upcoming(entry, now);
    if times.is_empty() {
        return Err(Error::NotPossible("Nobody can say that they come to what is over, off, or not public yet.".into()));
    }
    let is_series = entry.event.details.recurrence.is_some();
    let chosen = times.iter().find(|one| is_series && date_key(one.original) == asked.date.trim());
    if is_series && chosen.is_none() {
        return Err(Error::field("date", "Choose one of its dates."));
    }
    let speaker = speaker(writer, actor, &entry.event, asked)?;
    let asked_by = speaker.as_ref().map(|_| partner_name(writer, &entry.event.details.partner)).transpose()?;
    let given = clean::name(&asked.name).or_else(|| speaker.as_ref().map(|person| person.name.clone()));
    Ok(Guest {
        id: 0,
        event: entry.event.id,
        original: chosen.map(|one| one.original),
        email: String::new(),
        name: given,
        speaker: speaker.map(|person| person.slug),
        state: GuestState::Pending,
        asked_by,
        asked_at: now,
        asks: 1,
        confirm_until: now + Duration::hours(CONFIRM_HOURS),
        confirmed_at: None,
        off_at: None,
        sequence: None,
        told: None,
        changed_at: None,
        due_at: None,
    })
}

fn speaker(writer: &Writer<'_>, actor: &Actor, event: &Event, asked: &Asked) -> Result<Option<Person>> {
    if asked.speaker.trim().is_empty() {
        return Ok(None);
    }
    must_call(actor, event)?;
    let found = writer.people()?.into_iter().find(|person| person.slug.as_str() == asked.speaker.trim());
    let named = found.filter(|person| event.details.speakers.contains(&person.slug));
    named.map(Some).ok_or_else(|| Error::field("speaker", "Choose one of its speakers."))
}

/// The times that one can say yes to: those to come of what is public and on.
#[must_use]
pub fn upcoming(entry: &Entry, now: DateTime<Utc>) -> Vec<Occurrence> {
    let status = entry.event.status;
    if !status.is_public() || status.is_off() {
        return Vec::new();
    }
    entry.occurrences.iter().filter(|one| !one.cancelled && one.span.end > now).cloned().collect()
}

/// How a form names one time of a series.
#[must_use]
pub fn date_key(original: NaiveDateTime) -> String {
    original.format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// Somebody who comes, and to what.
#[derive(Debug, Clone)]
pub struct Expected {
    /// They.
    pub guest: Guest,
    /// What the event is called.
    pub title: String,
    /// When it is, in words.
    pub when_words: String,
}

/// Whom a link to confirm was sent to; nothing changes.
///
/// # Errors
/// [`Error::NotFound`] for an unknown link.
pub fn to_confirm(app: &App, secret: &str) -> Result<Expected> {
    app.store.read::<_, Error>(|reader| {
        let guest = reader.guest_to_confirm(&hash(secret))?;
        Ok(expected(reader.entry(guest.event)?, guest))
    })
}

fn expected(entry: Entry, guest: Guest) -> Expected {
    let details = &entry.event.details;
    let one = invite::occurrence(&entry, &guest);
    let when = one.as_ref().map_or(details.when, |one| one.when);
    let title = one.and_then(|one| one.title).unwrap_or_else(|| details.title.clone());
    Expected { guest, title, when_words: wording::when(when, details.zone) }
}

/// They come: their calendar gets its entry. A second click is as good as the first.
///
/// # Errors
/// [`Error::NotFound`] for an unknown link, [`Error::NotPossible`] for one that is too old, or what is off by now.
pub fn confirm(app: &App, secret: &str) -> Result<Expected> {
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let guest = writer.guest_to_confirm(&hash(secret))?;
        let entry = writer.entry(guest.event)?;
        match guest.state {
            GuestState::Coming => return Ok(expected(entry, guest)),
            GuestState::Off => {
                return Err(Error::NotPossible("You said off since then. Say anew on its page that you come.".into()));
            }
            GuestState::Pending if guest.confirm_until < now => {
                return Err(Error::NotPossible(
                    "This link is more than two days old. Say on its page again that you come.".into(),
                ));
            }
            GuestState::Pending => {}
        }
        if invite::occurrence(&entry, &guest).is_none_or(|one| one.span.end <= now) {
            return Err(Error::NotPossible("It is over or off by now; its page says more.".into()));
        }
        // Whoever clicked the link got the letter: what came back before is forgiven.
        writer.lift_suppression(&guest.email)?;
        let guest = Guest { state: GuestState::Coming, confirmed_at: Some(now), off_at: None, ..guest };
        let guest = invite::send(app, writer, guest, &entry, Turn::Invited)?;
        Ok(expected(entry, guest))
    })
}

/// The address of the page where one says off.
#[must_use]
pub fn off_address(app: &App, id: i64) -> String {
    app.address(&format!("/off/{id}-{}", short_seal(&app.secret, &about(id))))
}

fn about(id: i64) -> String {
    format!("say off:{id}")
}

/// Whose link this is; nothing changes.
///
/// # Errors
/// [`Error::NotFound`] for a link that is not ours.
pub fn to_say_off(app: &App, token: &str) -> Result<Expected> {
    let unknown = || Error::NotFound("invitation");
    let (id, sealed) = token.split_once('-').ok_or_else(unknown)?;
    let id: i64 = id.parse().map_err(|_| unknown())?;
    if !is_short_sealed(&app.secret, &about(id), sealed) {
        return Err(unknown());
    }
    app.store.read::<_, Error>(|reader| {
        let guest = reader.guest(id)?;
        Ok(expected(reader.entry(guest.event)?, guest))
    })
}

/// They come no longer: the entry leaves their calendar, and nothing more is sent. Again changes nothing.
///
/// # Errors
/// As [`to_say_off`].
pub fn say_off(app: &App, token: &str) -> Result<Expected> {
    let found = to_say_off(app, token)?;
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let guest = writer.guest(found.guest.id)?;
        let entry = writer.entry(guest.event)?;
        if guest.state == GuestState::Off {
            return Ok(expected(entry, guest));
        }
        let guest = Guest { state: GuestState::Off, off_at: Some(now), changed_at: None, due_at: None, ..guest };
        writer.change_guest(&guest)?;
        let guest = invite::send(app, writer, guest, &entry, Turn::SaidOff)?;
        Ok(expected(entry, guest))
    })
}

/// Everybody who said that they come, and who of them said off, for those who call the event.
///
/// # Errors
/// [`Error::NotFound`] where there is none that the reader may see, [`Error::Forbidden`] where others call it.
pub fn guests(app: &App, actor: &Actor, id: EventId) -> Result<(Entry, Vec<Guest>)> {
    app.store.read::<_, Error>(|reader| {
        let entry = reader.entry(id)?;
        if !actor.may_see(&entry.event) {
            return Err(Error::NotFound("event"));
        }
        must_call(actor, &entry.event)?;
        Ok((entry, reader.guests_of(id)?))
    })
}

/// Do they call this event, or look after the whole service?
#[must_use]
pub fn calls(actor: &Actor, event: &Event) -> bool {
    actor.sees_all() || actor.partner().is_some_and(|partner| event.is_called_by(partner))
}

fn must_call(actor: &Actor, event: &Event) -> Result<()> {
    if calls(actor, event) {
        return Ok(());
    }
    Err(Error::Forbidden("Only those who call it see who comes.".into()))
}

fn visible(writer: &Writer<'_>, actor: &Actor, id: EventId) -> Result<Entry> {
    let entry = writer.entry(id)?;
    if actor.may_see(&entry.event) { Ok(entry) } else { Err(Error::NotFound("event")) }
}
