//! `/desk/mail`: the mail that goes out, found by person and by event, and read.

use chrono_tz::Tz;
use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use crate::app::notify::Waiting;
use crate::app::outgoing::{self, Opened, Search, Told};
use crate::app::{Actor, App, Error, Result, bounces, deliver, directory, notify};
use crate::domain::wording;
use crate::store::{Alert, OutboxRow, OutboxState};
use crate::web::answer::{Framed, Page};
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, Viewer, say};
use crate::web::http::encoded;
use crate::web::layout::badge::capital;
use crate::web::layout::{Choice, Link, Paging};
use crate::web::pages::mail::{
    Contact, LetterPage, LetterRow, LetterSearch, Outbox, WaitingNotice, letter as letter_page, outbox,
};
use crate::web::problem::Problem;

/// How many letters one page shows.
const SHOWN: u32 = 60;

/// What a letter's state is called, in the order of the menu.
const STATES: [(&str, &str); 8] = [
    ("", "Any"),
    ("ready", "Waits"),
    ("sending", "Under way"),
    ("sent", "Sent"),
    ("bounced", "Came back"),
    ("failed", "Not sent"),
    ("unknown", "Nobody knows"),
    ("withdrawn", "Taken back"),
];

/// Outgoing mail that its reader may find; in the demo everybody's, for everybody.
#[get("/desk/mail")]
pub async fn mail(service: &State<Service>, viewer: Viewer, asked: Pairs) -> Result<Page, Problem> {
    shown(service, &viewer, asked, None).await
}

async fn shown(service: &Service, viewer: &Viewer, asked: Pairs, contact: Option<Contact>) -> Result<Page, Problem> {
    let (actor, own) = (reader_of_mail(service, viewer)?, viewer.actor.clone());
    let status = if contact.is_some() { Status::BadRequest } else { Status::Ok };
    let shown = service
        .run(move |app| {
            let shown = fill(app, &actor, &own, &asked)?;
            let contact = contact.map_or_else(|| contact_of(app, &own), |typed| Ok(Some(typed)))?;
            Ok(Outbox { contact, ..shown })
        })
        .await?;
    Ok(Page::new(service, viewer, "Outgoing mail", outbox(&shown)).with_status(status))
}

/// Where replies to a partner's letters go, for its admins.
fn contact_of(app: &App, own: &Actor) -> Result<Option<Contact>> {
    let Some(partner) = own.partner().filter(|_| own.administers()) else { return Ok(None) };
    let address = directory::contact(app, own, partner)?.unwrap_or_default();
    Ok(Some(Contact { address, otherwise: otherwise(app), error: None }))
}

fn otherwise(app: &App) -> String {
    let mail = &app.settings.mail;
    mail.reply_to.clone().unwrap_or_else(|| mail.from.clone())
}

/// Says where replies go.
#[post("/desk/mail/contact", data = "<form>")]
pub async fn contact(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let (viewer, typed) = (organizer.0, form.one("contact").to_owned());
    let (actor, address) = (viewer.actor.clone(), typed.clone());
    let done = service
        .run(move |app| {
            let partner = actor.partner().ok_or_else(|| Error::Forbidden("only a partner has a contact".into()))?;
            directory::set_contact(app, &actor, partner, Some(&address))
        })
        .await;
    match done {
        Ok(_) => {
            say(jar, "Kept. Replies to letters written from now on go there.");
            Ok(Either::Left(Redirect::to("/desk/mail#replies")))
        }
        Err(problem) if problem.is_about_input() => {
            let error = problem.mistakes().first().map(|mistake| mistake.message.clone());
            let refused = Contact { address: typed, otherwise: otherwise(service), error };
            Ok(Either::Right(shown(service, &viewer, form, Some(refused)).await?))
        }
        Err(problem) => Err(problem),
    }
}

#[get("/desk/mail/<id>")]
pub async fn letter(service: &State<Service>, viewer: Viewer, id: i64) -> Result<Page, Problem> {
    let (actor, own) = (reader_of_mail(service, &viewer)?, viewer.actor.clone());
    let shown = service.run(move |app| Ok(opened(outgoing::open(app, &actor, id)?, &own, app.settings.time_zone))).await?;
    Ok(Page::new(service, &viewer, "Letter", letter_page(&shown)))
}

/// The HTML part by itself: it can run nothing, load nothing and send nothing.
#[get("/desk/mail/<id>/html")]
pub async fn html_part(service: &State<Service>, viewer: Viewer, id: i64) -> Result<Framed, Problem> {
    let actor = reader_of_mail(service, &viewer)?;
    let html = service.run(move |app| Ok(outgoing::open(app, &actor, id)?.read.html)).await?;
    if html.is_empty() { Err(Problem::not_found("letter")) } else { Ok(Framed(html)) }
}

fn fill(app: &App, actor: &Actor, own: &Actor, asked: &Pairs) -> Result<Outbox> {
    let zone = app.settings.time_zone;
    let before = asked.some("before").map(|text| text.parse()).transpose();
    let search = Search {
        person: asked.some("person"),
        event: asked.some("event"),
        state: asked.some("state"),
        before: before.map_err(|_| Error::field("before", "it is no letter's number"))?,
        limit: SHOWN,
    };
    let found = outgoing::find(app, actor, &search)?;
    let is_narrow = search.person.is_some() || search.event.is_some() || search.state.is_some();
    let is_first = !is_narrow && search.before.is_none();
    let waiting = if is_first { notify::waiting(app, actor)? } else { vec![] };
    let alerts = if own.sees_all() { deliver::alerts(app)? } else { vec![] };
    let told = |alert: &Alert| format!("Since {}: {}", wording::moment(alert.since, zone), alert.words);
    Ok(Outbox {
        summary: summary(&found),
        search: LetterSearch {
            person: search.person.clone().unwrap_or_default(),
            event: search.event.clone().unwrap_or_default(),
            states: STATES
                .iter()
                .map(|(value, label)| Choice::new(*value, *label).chosen(asked.one("state") == *value))
                .collect(),
            narrows: is_narrow,
        },
        waiting: waiting.into_iter().map(|one| waiting_notice(one, zone)).collect(),
        letters: found.letters.iter().map(|told| letter_row(told, zone)).collect(),
        paging: paging(asked, found.next),
        alerts: alerts.iter().map(told).collect(),
        suppressions: bounces::suppressions(app, own).is_ok().then(|| "/desk/mail/suppressions".to_owned()),
        contact: None,
    })
}

fn summary(found: &outgoing::Found) -> String {
    let more = if found.next.is_some() { "the newest " } else { "" };
    let letters = match found.letters.len() {
        0 => "No letters.".to_owned(),
        1 => "One letter.".to_owned(),
        n => format!("{more}{n} letters, newest first."),
    };
    let unseen = match found.unseen {
        0 => String::new(),
        1 => " One more tells of it, to somebody whose address stays private.".to_owned(),
        n => format!(" {n} more tell of it, to people whose addresses stay private."),
    };
    format!("{}{unseen}", capital(&letters))
}

fn paging(asked: &Pairs, next: Option<i64>) -> Paging {
    let at = |before: Option<i64>| {
        let kept = asked.iter().filter(|(name, value)| *name != "before" && !value.is_empty());
        let mut parts: Vec<String> = kept.map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        parts.extend(before.map(|before| format!("before={before}")));
        format!("/desk/mail?{}", parts.join("&"))
    };
    Paging {
        before: asked.some("before").map(|_| Link::new(at(None), "Newest")),
        words: String::new(),
        after: next.map(|next| Link::new(at(Some(next)), "Older")),
    }
}

fn opened(opened: Opened, own: &Actor, zone: Tz) -> LetterPage {
    let Opened { told, read, closed } = opened;
    let row = &told.row;
    let again = own.sees_all() && matches!(row.state, OutboxState::Failed | OutboxState::Unknown) && !row.mail.is_empty();
    LetterPage {
        subject: row.subject.clone(),
        times: times(row, zone),
        events: told.events.iter().map(|(id, title)| Link::new(format!("/events/{id}"), title)).collect(),
        headers: if read.headers.is_empty() { vec![("To".to_owned(), row.recipient.clone())] } else { read.headers },
        closed: closed.map(str::to_owned),
        text: read.text,
        html: (!read.html.is_empty()).then(|| format!("/desk/mail/{}/html", row.id)),
        calendar: None,
        back: "/desk/mail".to_owned(),
        state: became_of(&told),
        again: again.then(|| format!("/desk/mail/{}/sending", row.id)),
    }
}

/// When it was written, settled or is given up, with the zone; and how often it was tried.
fn times(row: &OutboxRow, zone: Tz) -> Vec<(String, String)> {
    let mut times = vec![("Written".to_owned(), wording::moment(row.created_at, zone))];
    let settled = match row.state {
        OutboxState::Sent => "Sent",
        OutboxState::Withdrawn => "Taken back",
        _ => "Given up",
    };
    match row.done_at {
        Some(done) => times.push((settled.to_owned(), wording::moment(done, zone))),
        None => times.push(("Not sent after".to_owned(), wording::moment(row.not_after, zone))),
    }
    times.extend(attempts(row).map(|words| ("Attempts".to_owned(), words)));
    times
}

fn attempts(row: &OutboxRow) -> Option<String> {
    let count = |n: u32| if n == 1 { "once".to_owned() } else { format!("{n} times") };
    let put_off = (row.attempts > 0).then(|| format!("put off {}", count(row.attempts)));
    let resent = (row.resent > 0).then(|| format!("sent again {} after nobody knew", count(row.resent)));
    let told: Vec<String> = put_off.into_iter().chain(resent).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// What became of a letter, in words.
fn became_of(told: &Told) -> String {
    let reply = told.row.reply.as_deref().unwrap_or_default();
    match (told.row.state, &told.came_back) {
        (OutboxState::Sent, Some(why)) => format!("It was sent, and came back: {why}"),
        (OutboxState::Sent, None) => format!("Sent: {reply}"),
        (OutboxState::Failed, _) => format!("Not sent: {reply}"),
        (OutboxState::Unknown, _) => format!("Nobody knows whether it arrived: {reply}"),
        (OutboxState::Withdrawn, _) => format!("Not sent any more: {reply}"),
        (OutboxState::Ready | OutboxState::Sending, _) if reply.is_empty() => "It waits to be sent.".to_owned(),
        (OutboxState::Ready | OutboxState::Sending, _) => format!("It is tried again: {reply}"),
    }
}

fn reader_of_mail(service: &Service, viewer: &Viewer) -> Result<Actor, Problem> {
    match &viewer.actor {
        _ if service.demo => Ok(Actor::Operator),
        Actor::Visitor => Err(Problem::sign_in_first()),
        actor => Ok(actor.clone()),
    }
}

fn waiting_notice(one: Waiting, zone: Tz) -> WaitingNotice {
    let Waiting { to, due, subject, text, .. } = one;
    WaitingNotice { subject, to, due: wording::moment(due, zone), text }
}

/// A letter in a list.
pub(super) fn letter_row(told: &Told, zone: Tz) -> LetterRow {
    let row = &told.row;
    let state = if told.came_back.is_some() { "bounced" } else { row.state.as_str() };
    let called = STATES.iter().find(|(value, _)| *value == state).map_or(state, |(_, label)| label);
    LetterRow {
        href: format!("/desk/mail/{}", row.id),
        subject: row.subject.clone(),
        to: row.name.as_ref().map_or_else(|| row.recipient.clone(), |name| format!("{name}, {}", row.recipient)),
        when: wording::moment(row.done_at.unwrap_or(row.created_at), zone),
        state: called.to_owned(),
        attempts: attempts(row),
    }
}
