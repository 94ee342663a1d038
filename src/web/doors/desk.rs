//! `/desk`: an organizer's own proposals, findings, holds and mail.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{State, get, post};

use super::sources::standing;

use crate::app::life::note_seen;
use crate::app::notify::Waiting;
use crate::app::select::Selection;
use crate::app::view;
use crate::app::{Actor, App, Error, Result, agenda, bounces, deliver, feed_keys, notify};
use crate::domain::conflict::{Finding, Severity};
use crate::domain::{Days, wording};
use crate::store::{Alert, FeedHolder, FeedKey, OutboxRow, OutboxState};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, SameOrigin, Viewer, say};
use crate::web::layout::Link;
use crate::web::layout::Paging;
use crate::web::pages::desk::{Desk, OwnFeed, desk as page};
use crate::web::pages::mail::{LetterPage, LetterRow, Outbox, WaitingNotice, letter as letter_page, outbox};
use crate::web::problem::Problem;
use crate::web::words;

/// How many findings the desk shows; the rest are on their own page.
const SHOWN: usize = 8;

#[get("/desk")]
pub async fn desk(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let demo = service.demo;
    let content = service.run(move |app| Ok(page(&fill(app, &actor, demo)?))).await?;
    Ok(Page::new(service, &viewer, "Desk", content))
}

/// Makes the address of the organizer's own feed, or of their city team's, in the place of older ones, and shows it this once.
#[post("/desk/feed")]
pub async fn make_feed(service: &State<Service>, organizer: Organizer, _same: SameOrigin) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let demo = service.demo;
    let content = service
        .run(move |app| {
            let holder = feed_keys::holders(&actor).into_iter().next().ok_or(Error::NotFound("user"))?;
            let (_, address) = feed_keys::add(app, &actor, &holder, true)?;
            let mut shown = fill(app, &actor, demo)?;
            shown.feed.address = Some(address);
            Ok(page(&shown))
        })
        .await?;
    Ok(Page::new(service, &viewer, "Desk", content))
}

/// Revokes an address of the organizer's own feed.
#[post("/desk/feed/<id>/revocation")]
pub async fn revoke_feed(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    service.run(move |app| feed_keys::revoke(app, &actor, id)).await?;
    say(jar, "The address does not work any more.");
    Ok(Redirect::to("/desk"))
}

/// Outgoing mail: a user's own, an operator's all; in the demo everybody's, for everybody.
#[get("/desk/mail")]
pub async fn mail(service: &State<Service>, viewer: Viewer) -> Result<Page, Problem> {
    let (actor, own) = (reader_of_mail(service, &viewer)?, viewer.actor.clone());
    let shown = service
        .run(move |app| {
            let zone = app.settings.time_zone;
            let letters: Vec<LetterRow> = view::letters(app, &actor, 200)?.iter().map(|row| letter_row(row, zone)).collect();
            let waiting = notify::waiting(app, &actor)?.into_iter().map(|one| waiting_notice(one, zone)).collect();
            let alerts = if own.sees_all() { deliver::alerts(app)? } else { vec![] };
            let told = |alert: &Alert| format!("Since {}: {}", wording::moment(alert.since, zone), alert.words);
            Ok(Outbox {
                summary: format!("{} letters, newest first.", letters.len()),
                waiting,
                letters,
                paging: Paging::default(),
                alerts: alerts.iter().map(told).collect(),
                suppressions: bounces::suppressions(app, &own).is_ok().then(|| "/desk/mail/suppressions".to_owned()),
            })
        })
        .await?;
    Ok(Page::new(service, &viewer, "Outgoing mail", outbox(&shown)))
}

#[get("/desk/mail/<id>")]
pub async fn letter(service: &State<Service>, viewer: Viewer, id: i64) -> Result<Page, Problem> {
    let (actor, own) = (reader_of_mail(service, &viewer)?, viewer.actor.clone());
    let shown = service
        .run(move |app| {
            let row = view::letter(app, &actor, id)?;
            let read = crate::mail::read(&row.mail);
            Ok(LetterPage {
                subject: row.subject.clone(),
                headers: read.headers,
                text: read.text,
                html: None,
                calendar: None,
                back: "/desk/mail".to_owned(),
                state: became_of(app, &row)?,
                again: (own.sees_all() && matches!(row.state, OutboxState::Failed | OutboxState::Unknown))
                    .then(|| format!("/desk/mail/{id}/sending")),
            })
        })
        .await?;
    Ok(Page::new(service, &viewer, "Letter", letter_page(&shown)))
}

/// What became of a letter, in words.
fn became_of(app: &App, row: &OutboxRow) -> Result<String> {
    let reply = row.reply.as_deref().unwrap_or_default();
    let came_back = app.store.read::<_, Error>(|reader| Ok(reader.bounce_of(row.id)?))?;
    Ok(match (row.state, came_back) {
        (OutboxState::Sent, Some(why)) => format!("It was sent, and came back: {why}"),
        (OutboxState::Sent, None) => format!("Sent: {reply}"),
        (OutboxState::Failed, _) => format!("Not sent: {reply}"),
        (OutboxState::Unknown, _) => format!("Nobody knows whether it arrived: {reply}"),
        (OutboxState::Withdrawn, _) => format!("Not sent any more: {reply}"),
        (OutboxState::Ready | OutboxState::Sending, _) if reply.is_empty() => "It waits to be sent.".to_owned(),
        (OutboxState::Ready | OutboxState::Sending, _) => format!("It is tried again: {reply}"),
    })
}

fn reader_of_mail(service: &Service, viewer: &Viewer) -> Result<Actor, Problem> {
    match &viewer.actor {
        _ if service.demo => Ok(Actor::Operator),
        Actor::Visitor => Err(Problem::sign_in_first()),
        actor => Ok(actor.clone()),
    }
}

fn waiting_notice(one: Waiting, zone: chrono_tz::Tz) -> WaitingNotice {
    let Waiting { to, due, subject, text, .. } = one;
    WaitingNotice { subject, to, due: wording::moment(due, zone), text }
}

fn letter_row(row: &OutboxRow, zone: chrono_tz::Tz) -> LetterRow {
    LetterRow {
        href: format!("/desk/mail/{}", row.id),
        subject: row.subject.clone(),
        to: row.recipient.clone(),
        when: wording::moment(row.done_at.unwrap_or(row.created_at), zone),
        state: row.state.as_str().to_owned(),
    }
}

fn fill(app: &App, actor: &Actor, demo: bool) -> Result<Desk> {
    let directory = view::directory(app)?;
    let ahead = Days { first: app.today(), last: Days::one(app.today()).widened(1100).last };
    let mut own = view::list(app, actor, &Selection::default(), Some(ahead))?;
    own.retain(|listed| actor.partner().is_some_and(|partner| listed.entry.event.is_called_by(partner)));
    let (proposals, coming): (Vec<_>, Vec<_>) = own.iter().partition(|listed| listed.entry.event.status.is_tentative());
    let mut found = agenda::findings(app, actor)?;
    found.retain(|stored| {
        stored.overridden.is_none()
            && (stored.finding.severity >= Severity::Low)
            && stored.finding.events.iter().any(|id| own.iter().any(|listed| listed.entry.event.id == *id))
    });
    found.sort_by(|a, b| Finding::by_rank(&a.finding, &b.finding));
    let waiting = found.len();
    found.truncate(SHOWN);
    note_seen(app, actor, &found)?;
    let zone = app.settings.time_zone;
    let made = |key: &FeedKey| (wording::moment(key.created_at, zone), format!("/desk/feed/{}/revocation", key.id));
    let holder = feed_keys::holders(actor).into_iter().next();
    let works = |key: &&FeedKey| key.revoked_at.is_none() && Some(&key.holder) == holder.as_ref();
    let keys = feed_keys::list(app, actor)?.iter().filter(works).map(made).collect();
    let is_teams = matches!(holder, Some(FeedHolder::Team(_)));
    let letters = view::letters(app, if demo { &Actor::Operator } else { actor }, 8)?;
    let row = |listed: &&view::Listed| words::row(listed, listed.entry.occurrences.first(), &directory);
    Ok(Desk {
        summary: format!(
            "{} of your plans lie ahead, {} still to be settled; {waiting} findings wait for a decision.",
            own.len(),
            proposals.len()
        ),
        decide: words::cards(app, actor, &found, &directory)?,
        all_findings: actor.partner().map_or_else(|| "/findings".to_owned(), |partner| format!("/findings?partners={partner}")),
        policy: actor.partner().map(|partner| format!("/partners/{partner}/policy")),
        proposals: proposals.iter().map(row).collect(),
        coming: coming.iter().take(20).map(row).collect(),
        sources: view::sources(app, actor)?.iter().map(|one| standing(app, one)).collect(),
        letters: letters.iter().map(|row| letter_row(row, app.settings.time_zone)).collect(),
        all_letters: "/desk/mail".to_owned(),
        ways: ways(app, actor)?,
        feed: OwnFeed { address: None, keys, action: "/desk/feed".to_owned(), is_teams },
    })
}

/// What waits for a decision by a day; and the administration, for those who see it.
fn ways(app: &App, actor: &Actor) -> Result<Vec<Link>> {
    let waits = crate::app::decisions::open(app, actor)?.len();
    let words = match waits {
        0 => "Decisions: nothing waits".to_owned(),
        1 => "Decisions: one convening waits".to_owned(),
        n => format!("Decisions: {n} convenings wait"),
    };
    let admin = actor.administers().then(|| Link::new("/admin", "Administration"));
    Ok(std::iter::once(Link::new("/decisions", words)).chain(admin).collect())
}
