//! `/api/v1/decisions` and `/api/v1/bans`: what waits for a decision by a day, and what makes it wait.

use chrono::NaiveDate;
use rocket::{State, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use crate::app::decisions::{self, Ban, Decision, Why, forbid};
use crate::app::{Actor, App};
use crate::domain::{EventId, PartnerSlug};
use crate::json::EventJson;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller};
use crate::web::problem::Problem;

#[get("/decisions")]
pub async fn open(service: &State<Service>, caller: Caller) -> Result<Json, Problem> {
    let actor = caller.actor;
    if actor == Actor::Visitor {
        return Err(Problem::sign_in_first());
    }
    let open = service.run(move |app| decisions::open(app, &actor)).await?;
    Json::ok(&json!({"items": open.iter().map(decision_json).collect::<Vec<_>>(), "next_cursor": null}))
}

fn decision_json(one: &Decision) -> Value {
    let (why, anchor, said) = match &one.why {
        Why::AnchorLost { anchor, said } => ("anchor_lost", anchor.as_ref().map(|anchor| anchor.id), said),
        Why::Ban(ban) => ("ban", None, &ban.reason),
    };
    let beside: Vec<EventId> = one.satellites.iter().map(|event| event.id).collect();
    json!({"event": EventJson::from(&one.event), "decide_by": one.due, "why": why, "anchor": anchor, "message": said, "set_beside_it": beside})
}

#[get("/bans")]
pub async fn bans(service: &State<Service>, caller: Caller) -> Result<Json, Problem> {
    let actor = caller.actor;
    let bans = service.run(move |app| decisions::bans(app, &actor)).await?;
    let one = |(id, ban): &(i64, Ban)| json!({"id": id, "partner": ban.partner, "until": ban.until, "decide_by": ban.decide_by, "reason": ban.reason});
    Json::ok(&json!({"items": bans.iter().map(one).collect::<Vec<_>>(), "next_cursor": null}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BanBody {
    partner: PartnerSlug,
    until: NaiveDate,
    decide_by: NaiveDate,
    reason: String,
}

#[post("/bans", data = "<body>")]
pub async fn add_ban(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), said): (_, BanBody) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let ban = Ban { partner: said.partner, until: said.until, decide_by: said.decide_by, reason: said.reason };
    let add = move |app: &App| {
        let id = forbid(app, &actor, &ban)?;
        let items: Vec<Value> = decisions::open(app, &actor)?.iter().map(decision_json).collect();
        Ok(Json::ok(&json!({"id": id, "to_decide": items}))?.created("/api/v1/bans".to_owned()))
    };
    service.once(attempt, add).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    reason: String,
}

/// It takes place although its anchor is lost, or although its partner meets nobody in person.
#[post("/events/<id>/keep", data = "<body>")]
pub async fn keep(service: &State<Service>, caller: Caller, id: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), given): (_, Reason) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let keep = move |app: &App| {
        let event = decisions::keep(app, &actor, id, &given.reason)?;
        Ok(Json::ok(&EventJson::from(&event))?.revision(event.revision))
    };
    service.once(attempt, keep).await
}
