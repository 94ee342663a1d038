//! `/desk`: an organizer's own proposals, findings, holds and mail.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{State, get, post};

use super::answers::ways;
use super::mail::letter_row;
use super::sources::standing;

use crate::app::life::note_seen;
use crate::app::select::Selection;
use crate::app::view;
use crate::app::{Actor, App, Error, Result, agenda, answers, feed_keys, outgoing};
use crate::domain::conflict::{Finding, Severity};
use crate::domain::{Days, wording};
use crate::store::{FeedHolder, FeedKey};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, SameOrigin, say};
use crate::web::layout::Link;
use crate::web::pages::desk::{Desk, OwnFeed, desk as page};
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
    let latest = outgoing::Search { limit: 8, ..outgoing::Search::default() };
    let letters = outgoing::find(app, if demo { &Actor::Operator } else { actor }, &latest)?.letters;
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
        asked: ways::waiting(&answers::asked_of(app, actor)?),
        asking: ways::running(&answers::running(app, actor)?),
        proposals: proposals.iter().map(row).collect(),
        coming: coming.iter().take(20).map(row).collect(),
        sources: view::sources(app, actor)?.iter().map(|one| standing(app, one)).collect(),
        letters: letters.iter().map(|told| letter_row(told, zone)).collect(),
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
