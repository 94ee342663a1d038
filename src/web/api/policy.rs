//! `/api/v1/partners/SLUG/policy` and `/api/v1/events/ID/policy`.

use rocket::{State, get, patch, put};
use serde_json::{Value, json};

use super::events::needed;
use super::parsed;
use crate::app::policy::{Change, OwnPolicy, change_policy, policy};
use crate::store::PolicyHolder;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, IfMatch};
use crate::web::problem::Problem;

#[get("/partners/<slug>/policy")]
pub async fn of_partner(service: &State<Service>, caller: Caller, slug: &str) -> Result<Json, Problem> {
    shown(service, caller, partner(slug)?).await
}

#[put("/partners/<slug>/policy", data = "<body>")]
pub async fn put_partners(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    slug: &str,
    body: Body,
) -> Result<Json, Problem> {
    changed(service, caller, &if_match, partner(slug)?, &body, Change::Put).await
}

#[patch("/partners/<slug>/policy", data = "<body>")]
pub async fn patch_partners(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    slug: &str,
    body: Body,
) -> Result<Json, Problem> {
    changed(service, caller, &if_match, partner(slug)?, &body, Change::Patch).await
}

#[get("/events/<id>/policy")]
pub async fn of_event(service: &State<Service>, caller: Caller, id: &str) -> Result<Json, Problem> {
    shown(service, caller, event(id)?).await
}

#[put("/events/<id>/policy", data = "<body>")]
pub async fn put_events(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    id: &str,
    body: Body,
) -> Result<Json, Problem> {
    changed(service, caller, &if_match, event(id)?, &body, Change::Put).await
}

#[patch("/events/<id>/policy", data = "<body>")]
pub async fn patch_events(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    id: &str,
    body: Body,
) -> Result<Json, Problem> {
    changed(service, caller, &if_match, event(id)?, &body, Change::Patch).await
}

async fn shown(service: &Service, caller: Caller, whose: PolicyHolder) -> Result<Json, Problem> {
    let actor = caller.actor;
    let found = service.run(move |app| policy(app, &actor, &whose)).await?;
    Ok(Json::ok(&as_json(&found))?.revision(found.revision))
}

async fn changed(
    service: &Service,
    caller: Caller,
    if_match: &IfMatch,
    whose: PolicyHolder,
    body: &Body,
    how: fn(Value) -> Change,
) -> Result<Json, Problem> {
    let actor = caller.writer()?;
    let revision = needed(if_match)?;
    let mut given: serde_json::Map<String, Value> = parsed(&body.0)?;
    // The reason is kept with the change; no threshold is called that.
    let reason = given.remove("reason").and_then(|reason| reason.as_str().map(str::to_owned));
    let change = how(Value::Object(given));
    let done = service.run(move |app| change_policy(app, &actor, &whose, revision, &change, reason.as_deref())).await?;
    Ok(Json::ok(&as_json(&done))?.revision(done.revision))
}

fn as_json(policy: &OwnPolicy) -> Value {
    let by: serde_json::Map<String, Value> = policy.settings.iter().map(|one| (one.path.clone(), json!(one.voice))).collect();
    let history: Vec<Value> = policy
        .changes
        .iter()
        .map(|one| {
            json!({
                "at": one.at, "by": one.actor, "reason": one.reason,
                "before": one.before.to_json(), "after": one.after.to_json(),
            })
        })
        .collect();
    json!({
        "revision": policy.revision, "own": policy.patch.to_json(), "effective": policy.whole, "decided_by": by,
        "history": history,
    })
}

fn partner(slug: &str) -> Result<PolicyHolder, Problem> {
    slug.parse().map(PolicyHolder::Partner).map_err(|_| Problem::not_found("partner"))
}

fn event(id: &str) -> Result<PolicyHolder, Problem> {
    id.parse().map(PolicyHolder::Event).map_err(|_| Problem::not_found("event"))
}
