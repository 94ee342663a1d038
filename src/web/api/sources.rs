//! `/api/v1/sources`: the calendars that are read for a partner.

use std::time::Duration;

use rocket::http::Status;
use rocket::{State, delete, get, patch, post};
use serde::Deserialize;
use serde_json::json;

use super::events::needed;
use super::parsed;
use crate::app::sources::{self, Settings, length, reading_json, view_json};
use crate::app::sync::{self, NewSource};
use crate::app::{Actor, App, Error, Result, view};
use crate::domain::{Mode, PartnerSlug, RoleSlug};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, IfMatch, Pairs};
use crate::web::problem::Problem;

/// The most that a list gives at once.
const MOST: usize = 200;

#[get("/sources")]
pub async fn list(service: &State<Service>, caller: Caller, asked: Pairs) -> Result<Json, Problem> {
    let actor = somebody(caller)?;
    let answer = service
        .run(move |app| {
            let (limit, cursor) = paging(&asked)?;
            let mut all = view::sources(app, &actor)?;
            all.retain(|view| cursor.is_none_or(|cursor| view.source.id > cursor));
            let next = (all.len() > limit).then(|| all[limit - 1].source.id);
            Ok(json!({"items": all.iter().take(limit).map(view_json).collect::<Vec<_>>(), "next_cursor": next}))
        })
        .await?;
    Json::ok(&answer)
}

/// A calendar to be added, or what changes of one.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    partner: Option<PartnerSlug>,
    address: Option<String>,
    name: Option<String>,
    time_zone: Option<chrono_tz::Tz>,
    roles: Option<Vec<RoleSlug>>,
    #[serde(default, deserialize_with = "given")]
    #[allow(clippy::option_option, reason = "left out, said to be none, and said to be something are three things")]
    mode: Option<Option<Mode>>,
    every: Option<String>,
    paused: Option<bool>,
}

/// `null` is said, and not the same as left out.
#[allow(clippy::option_option, reason = "left out, said to be none, and said to be something are three things")]
fn given<'d, D: serde::Deserializer<'d>>(value: D) -> Result<Option<Option<Mode>>, D::Error> {
    Option::deserialize(value).map(Some)
}

impl Sent {
    fn every(&self) -> Result<Option<Duration>> {
        self.every.as_deref().map(|text| length(text).map_err(|error| Error::field("every", error))).transpose()
    }
}

/// Adds a calendar by its address; it is read within seconds.
#[post("/sources", data = "<body>")]
pub async fn add(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let (actor, attempt) = caller.attempt(&body.0)?;
    let sent: Sent = parsed(&body.0)?;
    let add = move |app: &App| {
        let partner = sent.partner.clone().or_else(|| actor.partner().cloned());
        let address = sent.address.clone().ok_or_else(|| Error::field("address", "Give the address of the calendar."))?;
        let new = NewSource {
            partner: partner.ok_or_else(|| Error::field("partner", "Say whose calendar it is."))?,
            address: Some(address),
            every: sent.every()?.unwrap_or(Duration::from_hours(1)),
            name: sent.name,
            zone: sent.time_zone,
            roles: sent.roles.unwrap_or_default(),
            mode: sent.mode.flatten(),
        };
        let id = sync::add(app, &actor, &new)?;
        let view = sources::one(app, &actor, id)?;
        let location = format!("/api/v1/sources/{}", view.source.id);
        Ok(Json::ok(&view_json(&view))?.revision(view.source.revision).created(location))
    };
    service.once(attempt, add).await
}

#[get("/sources/<id>")]
pub async fn one(service: &State<Service>, caller: Caller, id: i64) -> Result<Json, Problem> {
    let actor = somebody(caller)?;
    let view = service.run(move |app| sources::one(app, &actor, id)).await?;
    Ok(Json::ok(&view_json(&view))?.revision(view.source.revision))
}

/// Changes the settings that are named.
#[patch("/sources/<id>", data = "<body>")]
pub async fn edit(service: &State<Service>, caller: Caller, if_match: IfMatch, id: i64, body: Body) -> Result<Json, Problem> {
    let actor = caller.writer()?;
    let revision = needed(&if_match)?;
    let sent: Sent = parsed(&body.0)?;
    let view = service
        .run(move |app| {
            let fixed = [("address", sent.address.is_some()), ("partner", sent.partner.is_some())];
            if let Some((field, _)) = fixed.iter().find(|(_, said)| *said) {
                return Err(Error::field(field, "it stays as it is; add another calendar and remove this one"));
            }
            let new = Settings {
                every: sent.every()?,
                name: sent.name,
                zone: sent.time_zone,
                roles: sent.roles.map(|roles| roles.into_iter().collect()),
                mode: sent.mode,
                paused: sent.paused,
            };
            sources::edit(app, &actor, id, revision, &new)?;
            sources::one(app, &actor, id)
        })
        .await?;
    Ok(Json::ok(&view_json(&view))?.revision(view.source.revision))
}

/// Removes it; the events that it gave stay.
#[delete("/sources/<id>")]
pub async fn remove(service: &State<Service>, caller: Caller, if_match: IfMatch, id: i64) -> Result<Status, Problem> {
    let actor = caller.writer()?;
    let revision = needed(&if_match)?;
    service.run(move |app| sources::remove(app, &actor, id, revision)).await?;
    Ok(Status::NoContent)
}

#[get("/sources/<id>/readings")]
pub async fn readings(service: &State<Service>, caller: Caller, id: i64, asked: Pairs) -> Result<Json, Problem> {
    let actor = somebody(caller)?;
    let answer = service
        .run(move |app| {
            let (limit, _) = paging(&asked)?;
            let all = sources::readings(app, &actor, id, u32::try_from(limit).unwrap_or(u32::MAX))?;
            Ok(json!({"items": all.iter().map(reading_json).collect::<Vec<_>>()}))
        })
        .await?;
    Json::ok(&answer)
}

/// Reads it now, and answers what that came to.
#[post("/sources/<id>/reading")]
pub async fn read(service: &State<Service>, caller: Caller, id: i64) -> Result<Json, Problem> {
    let actor = caller.writer()?;
    let reading = service.run(move |app| sources::read_now(app, &actor, id)).await?;
    Json::ok(&reading_json(&reading))
}

/// Who asks, where they are somebody.
pub(super) fn somebody(caller: Caller) -> Result<Actor, Problem> {
    match caller.actor {
        Actor::Visitor => Err(Problem::sign_in_first()),
        actor => Ok(actor),
    }
}

/// `limit` and `cursor`.
pub(super) fn paging(asked: &Pairs) -> Result<(usize, Option<i64>)> {
    if let Some((name, _)) = asked.iter().find(|(name, _)| !["limit", "cursor"].contains(name)) {
        return Err(Error::field(name, "there is no such filter; there are limit, cursor"));
    }
    let limit = asked.some("limit").map_or(Some(50), |text| text.parse().ok()).filter(|limit| (1..=MOST).contains(limit));
    let limit = limit.ok_or_else(|| Error::field("limit", format!("give a number from 1 to {MOST}")))?;
    let read = |text: String| text.parse().map_err(|_| Error::field("cursor", "it is none of ours"));
    Ok((limit, asked.some("cursor").map(read).transpose()?))
}
