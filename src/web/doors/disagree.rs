//! `POST /events/ID/source`: saying which of several sources of an event is right.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{Either, State, post};

use super::events::refused;
use crate::app::disagree::{Said, choose, sides};
use crate::app::{Actor, App, Error, Result};
use crate::domain::{Event, EventId, wording};
use crate::json::FieldError;
use crate::store::SourceChoice;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::pages::sides::{Side, SidesPanel};
use crate::web::problem::Problem;

#[post("/events/<id>/source", data = "<form>")]
pub async fn choose_one(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let viewer = organizer.0;
    let (actor, typed) = (viewer.actor.clone(), form.clone());
    let done = service
        .run(move |app| {
            let revision = typed.one("revision").parse().map_err(|_| Error::field("revision", "it is missing"))?;
            let source = typed.some("source").ok_or_else(|| Error::field("source", "Choose the one that is right."))?;
            choose(app, &actor, id, Some(revision), &source, typed.one("reason")).map(|_| source)
        })
        .await;
    match done {
        Ok(source) => {
            say(jar, &format!("“{source}” is right. That is kept with your name."));
            Ok(Either::Left(Redirect::to(format!("/events/{id}"))))
        }
        Err(problem) if problem.is_about_input() => {
            Ok(Either::Right(refused(service, &viewer, id, "source", &problem, form).await?))
        }
        Err(problem) => Err(problem),
    }
}

/// What sources say of an event, for those who may choose; `None` where there is one at most.
pub(super) fn panel(
    app: &App,
    actor: &Actor,
    event: &Event,
    typed: Option<(&[FieldError], &Pairs)>,
) -> Result<Option<SidesPanel>> {
    let found = match sides(app, actor, event.id) {
        Err(Error::Forbidden(_)) => return Ok(None),
        other => other?,
    };
    if found.said.len() < 2 {
        return Ok(None);
    }
    let zone = app.settings.time_zone;
    let decided = |one: &SourceChoice| {
        format!("{}, {}: “{}”, because {}", one.by_name, wording::moment(one.at, zone), one.chosen, one.reason)
    };
    let shown = found.said.iter().find(|one| one.shown && !found.open).map(|one| one.claim.source.clone());
    Ok(Some(SidesPanel {
        open: found.open,
        sides: found.said.iter().map(|one| side(one, zone)).collect(),
        decided: found.choices.iter().map(decided).collect(),
        action: format!("/events/{}/source", event.id),
        revision: event.revision,
        chosen: typed.map_or_else(|| shown.unwrap_or_default(), |(_, form)| form.one("source").to_owned()),
        reason: typed.map(|(_, form)| form.one("reason").to_owned()).unwrap_or_default(),
        errors: typed.map(|(errors, _)| errors.iter().map(as_shown).collect()).unwrap_or_default(),
    }))
}

fn as_shown(error: &FieldError) -> Shown {
    Shown { field: error.field.clone(), message: error.message.clone() }
}

fn side(one: &Said, zone: chrono_tz::Tz) -> Side {
    let claim = &one.claim;
    let says = if claim.cancelled {
        "It is cancelled".to_owned()
    } else {
        format!("{}, {}", wording::when(claim.when, claim.zone), wording::place_of(claim.venue.as_ref(), claim.mode))
    };
    Side {
        source: claim.source.clone(),
        since: format!("Read {}", wording::moment(claim.read_at, zone)),
        says,
        shown: one.shown,
        overruled: one.overruled,
    }
}
