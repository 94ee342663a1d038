//! `/api/v1/events/ID/answers` and beside it: dates proposed for a plan, and what is answered.

use rocket::{State, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use crate::app::answers::ask::{Asking, ask};
use crate::app::answers::choose::choose;
use crate::app::answers::give::{Said, give};
use crate::app::answers::withdraw::{Back, withdraw};
use crate::app::answers::{self, Open, Poll};
use crate::app::{Actor, App};
use crate::domain::EventId;
use crate::json::{EventJson, proposal};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, IfMatch};
use crate::web::problem::Problem;

/// What the caller is asked, and what their own partner asks.
#[get("/answers")]
pub async fn list(service: &State<Service>, caller: Caller) -> Result<Json, Problem> {
    let actor = caller.reader()?;
    let (asked, own) = service.run(move |app| Ok((answers::asked_of(app, &actor)?, answers::running(app, &actor)?))).await?;
    let one = |open: &Open| {
        let mut value = proposal(&open.event, Some(&open.proposal), |_| None, ToString::to_string);
        value["waits"] = json!(open.waits);
        value
    };
    let items = |all: &[Open]| all.iter().map(one).collect::<Vec<_>>();
    Json::ok(&json!({"asked_of_you": items(&asked), "asked_by_you": items(&own)}))
}

#[get("/events/<id>/answers")]
pub async fn one(service: &State<Service>, caller: Caller, id: &str) -> Result<Json, Problem> {
    let (id, actor) = (event_id(id)?, caller.reader()?);
    Json::ok(&told(&service.run(move |app| answers::of(app, &actor, id)).await?))
}

#[post("/events/<id>/asks", data = "<body>")]
pub async fn ask_for(service: &State<Service>, caller: Caller, id: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), asking): (_, Asking) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let id = event_id(id)?;
    let work =
        move |app: &App| Ok(Json::ok(&told(&ask(app, &actor, id, &asking)?))?.created(format!("/api/v1/events/{id}/answers")));
    service.once(attempt, work).await
}

#[post("/events/<id>/answers", data = "<body>")]
pub async fn answer(service: &State<Service>, caller: Caller, id: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), said): (_, Said) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let id = event_id(id)?;
    let work = move |app: &App| Json::ok(&told(&give(app, &actor, id, &said)?));
    service.once(attempt, work).await
}

#[post("/events/<id>/asks/withdrawal", data = "<body>")]
pub async fn take_back(service: &State<Service>, caller: Caller, id: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), back): (_, Back) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let id = event_id(id)?;
    let work = move |app: &App| Json::ok(&told(&withdraw(app, &actor, id, &back)?));
    service.once(attempt, work).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    date: i64,
}

#[post("/events/<id>/choice", data = "<body>")]
pub async fn choose_one(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    id: &str,
    body: Body,
) -> Result<Json, Problem> {
    let ((actor, attempt), choice): ((Actor, _), Choice) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let (id, revision) = (event_id(id)?, super::events::needed(&if_match)?);
    let work = move |app: &App| {
        let verdict = choose(app, &actor, id, revision, choice.date)?;
        Ok(Json::ok(&EventJson::from(&verdict.event))?.revision(verdict.event.revision))
    };
    service.once(attempt, work).await
}

fn told(poll: &Poll) -> Value {
    let findings = |id: i64| poll.findings.get(&id).cloned();
    let mut value = proposal(&poll.event, poll.proposal.as_ref(), findings, |asked| poll.name(asked));
    for date in value["dates"].as_array_mut().into_iter().flatten() {
        let own = date["id"].as_i64().and_then(|id| poll.own.get(&id));
        date["own_calendar"] = json!(own);
    }
    value["answers_as"] = json!(poll.answers_as.iter().map(ToString::to_string).collect::<Vec<_>>());
    value["decides"] = json!(poll.decides);
    value
}

fn event_id(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|_| Problem::not_found("event"))
}
