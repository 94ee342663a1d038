//! `/api/v1/findings`: all findings, overriding one, and all that was overridden.

use rocket::{State, delete, get, put};
use serde::Deserialize;
use serde_json::json;

use super::parsed;
use crate::app::overrides::{self, override_finding};
use crate::app::{App, Error, agenda, life};
use crate::domain::EventId;
use crate::domain::conflict::{Finding, Kind, Severity};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, Pairs};
use crate::web::problem::Problem;

#[get("/findings")]
pub async fn list(service: &State<Service>, caller: Caller, asked: Pairs) -> Result<Json, Problem> {
    let actor = caller.actor;
    for (name, _) in asked.iter() {
        if !["kind", "at_least", "event"].contains(&name) {
            return Err(Error::field(name, format!("there is no filter “{name}”; there are kind, at_least, event")).into());
        }
    }
    let kind: Option<Kind> =
        asked.some("kind").map(|text| text.parse()).transpose().map_err(|error: String| Error::field("kind", error))?;
    let least: Option<Severity> =
        asked.some("at_least").map(|text| text.parse()).transpose().map_err(|error: String| Error::field("at_least", error))?;
    let event: Option<EventId> =
        asked.some("event").map(|text| text.parse()).transpose().map_err(|_| Error::field("event", "it is no event's id"))?;
    let mut found = service.run(move |app| agenda::findings(app, &actor)).await?;
    found.retain(|stored| {
        kind.is_none_or(|kind| stored.finding.kind == kind)
            && least.is_none_or(|least| stored.finding.severity >= least)
            && event.is_none_or(|event| stored.finding.events.contains(&event))
    });
    found.sort_by(|a, b| Finding::by_rank(&a.finding, &b.finding));
    let items: Vec<_> = found.iter().map(agenda::finding_json).collect();
    Json::ok(&json!({"items": items, "next_cursor": null}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    reason: String,
    expires: Option<String>,
}

#[put("/findings/<fingerprint>/override", data = "<body>")]
pub async fn override_one(service: &State<Service>, caller: Caller, fingerprint: &str, body: Body) -> Result<Json, Problem> {
    let actor = caller.writer()?;
    let given: Decision = parsed(&body.0)?;
    let fingerprint = fingerprint.to_owned();
    let decide = move |app: &App| override_finding(app, &actor, &fingerprint, &given.reason, given.expires.as_deref());
    Json::ok(&agenda::finding_json(&service.run(decide).await?))
}

#[delete("/findings/<fingerprint>/override")]
pub async fn withdraw_one(service: &State<Service>, caller: Caller, fingerprint: &str) -> Result<Json, Problem> {
    let (actor, fingerprint) = (caller.writer()?, fingerprint.to_owned());
    let stored = service.run(move |app| overrides::withdraw(app, &actor, &fingerprint)).await?;
    Json::ok(&agenda::finding_json(&stored))
}

#[get("/findings/<fingerprint>")]
pub async fn one(service: &State<Service>, caller: Caller, fingerprint: &str) -> Result<Json, Problem> {
    let (actor, fingerprint) = (caller.actor, fingerprint.to_owned());
    let whole = service.run(move |app| life::life(app, &actor, &fingerprint)).await?;
    Json::ok(&life::life_json(&whole))
}

#[get("/findings/overrides")]
pub async fn decided(service: &State<Service>, caller: Caller) -> Result<Json, Problem> {
    let actor = caller.actor;
    let found = service.run(move |app| overrides::list(app, &actor)).await?;
    Json::ok(&json!({"items": found.iter().map(agenda::decided_json).collect::<Vec<_>>(), "next_cursor": null}))
}
