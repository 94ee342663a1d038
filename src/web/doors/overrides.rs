//! `/findings/overrides`: the decisions to go on in spite of findings; and taking one back.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{State, get, post};

use super::findings::events_about;
use crate::app::overrides::{self, Decided};
use crate::app::{Actor, App, Result};
use crate::domain::conflict::Standing;
use crate::domain::wording;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, SameOrigin, Viewer, say};
use crate::web::layout::Link;
use crate::web::pages::overrides::{OverrideRow, OverridesPage, overrides as page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/findings/overrides")]
pub async fn list(service: &State<Service>, viewer: Viewer) -> Result<Page, Problem> {
    let actor = viewer.actor.clone();
    let shown = service.run(move |app| fill(app, &actor)).await?;
    Ok(Page::new(service, &viewer, "Overrides", page(&shown)))
}

#[post("/findings/<fingerprint>/withdrawal")]
pub async fn withdraw(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    fingerprint: &str,
) -> Result<Redirect, Problem> {
    let (actor, fingerprint) = (organizer.0.actor, fingerprint.to_owned());
    service.run(move |app| overrides::withdraw(app, &actor, &fingerprint)).await?;
    say(jar, "It is withdrawn: the finding stands again, and whom it concerns is told.");
    Ok(Redirect::to("/findings/overrides"))
}

fn fill(app: &App, actor: &Actor) -> Result<OverridesPage> {
    let found = overrides::list(app, actor)?;
    let (holding, ended): (Vec<Decided>, Vec<Decided>) = found.into_iter().partition(|one| one.standing == Standing::Holds);
    let rows = |all: &[Decided]| all.iter().map(|one| row(app, actor, one)).collect::<Result<Vec<_>>>();
    Ok(OverridesPage {
        holding: rows(&holding)?,
        ended: rows(&ended)?,
        is_organizer: actor.sees_all() || actor.partner().is_some(),
    })
}

fn row(app: &App, actor: &Actor, one: &Decided) -> Result<OverrideRow> {
    let Decided { decision, finding, .. } = one;
    let events = events_about(app, finding)?;
    let zone = app.settings.time_zone;
    let visible = events.values().filter(|event| actor.may_see(event));
    Ok(OverrideRow {
        level: words::level(finding.severity),
        kind: finding.kind.label().to_owned(),
        sentence: finding.message.clone(),
        finding: format!("/findings/{}", finding.fingerprint),
        events: visible.map(|event| Link::new(format!("/events/{}", event.id), &event.details.title)).collect(),
        reason: decision.reason.clone(),
        by: format!("{}, {}", decision.by_name, wording::moment(decision.at, zone)),
        until: decision.expiry.map_or_else(|| "for good".to_owned(), |expiry| format!("until {}", words::until(expiry))),
        standing: standing(one, zone),
        withdraw: one.may_withdraw.then(|| format!("/findings/{}/withdrawal", finding.fingerprint)),
    })
}

/// Whether it holds, or since when not, and by whom.
fn standing(one: &Decided, zone: chrono_tz::Tz) -> String {
    let words = one.standing.words();
    match &one.ended {
        Some((at, Some(by))) => format!("{words} By {by}, {}.", wording::moment(*at, zone)),
        Some((at, None)) => format!("{words} Since {}.", wording::moment(*at, zone)),
        None => words.to_owned(),
    }
}
