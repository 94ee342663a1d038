//! `/api/v1/feeds`: the secret addresses of feeds that are not for everybody.

use rocket::http::Status;
use rocket::{State, delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use super::sources::{paging, somebody};
use crate::app::{Actor, App, Error, feed_keys};
use crate::domain::TeamSlug;
use crate::store::{FeedHolder, FeedKey};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, Pairs};
use crate::web::problem::Problem;

#[get("/feeds")]
pub async fn list(service: &State<Service>, caller: Caller, asked: Pairs) -> Result<Json, Problem> {
    let actor = somebody(caller)?;
    let answer = service
        .run(move |app| {
            let (limit, cursor) = paging(&asked)?;
            let mut keys = feed_keys::list(app, &actor)?;
            keys.retain(|key| cursor.is_none_or(|cursor| key.id > cursor));
            let next = (keys.len() > limit).then(|| keys[limit - 1].id);
            Ok(json!({"items": keys.iter().take(limit).map(row).collect::<Vec<_>>(), "next_cursor": next}))
        })
        .await?;
    Json::ok(&answer)
}

/// For whom an address is made; their own where nothing is said.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Sent {
    team: Option<TeamSlug>,
    user: Option<String>,
    replace: bool,
}

/// Makes an address. It is in this answer and nowhere else.
#[post("/feeds", data = "<body>")]
pub async fn add(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let (actor, attempt) = caller.attempt(&body.0)?;
    let sent: Sent = if body.0.trim().is_empty() { Sent::default() } else { parsed(&body.0)? };
    let add = move |app: &App| {
        let holder = match (sent.team, sent.user) {
            (Some(_), Some(_)) => return Err(Error::field("user", "give a team or a user, not both").into()),
            (Some(team), None) => FeedHolder::Team(team),
            (None, Some(user)) => FeedHolder::User(user.trim().to_lowercase()),
            (None, None) => own(&actor)?,
        };
        let (id, address) = feed_keys::add(app, &actor, &holder, sent.replace)?;
        made(&FeedKey { id, holder, created_at: app.now(), revoked_at: None }, &address)
    };
    service.once(attempt, add).await
}

/// The secret address is told now, and kept nowhere.
fn made(key: &FeedKey, address: &str) -> Result<Json, Problem> {
    Ok(Json::ok(&row(key))?.telling("address", json!(address)).created(format!("/api/v1/feeds/{}", key.id)))
}

fn own(actor: &Actor) -> Result<FeedHolder, Error> {
    feed_keys::holders(actor).into_iter().next().ok_or_else(|| Error::field("team", "say for whom it is"))
}

/// Makes another address for the same holder; the old one works no more.
#[post("/feeds/<id>/replacement")]
pub async fn replace(service: &State<Service>, caller: Caller, id: i64) -> Result<Json, Problem> {
    let (actor, attempt) = caller.attempt("")?;
    let replace = move |app: &App| {
        let (key, address) = feed_keys::replace(app, &actor, id)?;
        made(&key, &address)
    };
    service.once(attempt, replace).await
}

/// Revokes an address: whoever still asks for it gets 410.
#[delete("/feeds/<id>")]
pub async fn revoke(service: &State<Service>, caller: Caller, id: i64) -> Result<Status, Problem> {
    let actor = caller.writer()?;
    service.run(move |app| feed_keys::revoke(app, &actor, id)).await?;
    Ok(Status::NoContent)
}

fn row(key: &FeedKey) -> Value {
    let (team, user) = match &key.holder {
        FeedHolder::Team(slug) => (Some(slug), None),
        FeedHolder::User(email) => (None, Some(email)),
    };
    json!({"id": key.id, "team": team, "user": user, "created_at": key.created_at, "revoked_at": key.revoked_at})
}
