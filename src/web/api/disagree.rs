//! `/api/v1/events/ID/source`: what several sources say of an event, and which one is right.

use rocket::{State, get, post};
use serde::Deserialize;

use super::events::needed;
use super::parsed;
use super::sources::somebody;
use crate::app::App;
use crate::app::disagree::{choose, sides, sides_json};
use crate::domain::EventId;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, IfMatch};
use crate::web::problem::Problem;

#[get("/events/<id>/source")]
pub async fn look(service: &State<Service>, caller: Caller, id: &str) -> Result<Json, Problem> {
    let (id, actor) = (event_id(id)?, somebody(caller)?);
    let found = service.run(move |app| sides(app, &actor, id)).await?;
    Json::ok(&sides_json(&found))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    source: String,
    reason: String,
}

/// Says which one is right, and answers how things stand then.
#[post("/events/<id>/source", data = "<body>")]
pub async fn choose_one(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    id: &str,
    body: Body,
) -> Result<Json, Problem> {
    let id = event_id(id)?;
    let (actor, attempt) = caller.attempt(&body.0)?;
    let revision = needed(&if_match)?;
    let choice: Choice = parsed(&body.0)?;
    let choose = move |app: &App| {
        let event = choose(app, &actor, id, revision, &choice.source, &choice.reason)?;
        Ok(Json::ok(&sides_json(&sides(app, &actor, id)?))?.revision(event.revision))
    };
    service.once(attempt, choose).await
}

fn event_id(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|_| Problem::not_found("event"))
}
