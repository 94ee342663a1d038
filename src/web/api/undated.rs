//! `/api/v1/undated`: what is announced without dates.

use rocket::{State, delete, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use crate::app::select::Selection;
use crate::app::undated::{self, Said};
use crate::app::{App, Error};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, Pairs};
use crate::web::problem::Problem;

#[get("/undated")]
pub async fn list(service: &State<Service>, asked: Pairs) -> Result<Json, Problem> {
    let found = service.run(move |app| {
        let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, asked.iter(), &[]))?;
        undated::list(app, &selection, None)
    });
    let items: Vec<Value> = found.await?.iter().map(|(id, one)| crate::json::undated(*id, one)).collect();
    Json::ok(&json!({"items": items, "next_cursor": null}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UndatedBody {
    title: String,
    #[serde(default)]
    partner: String,
    #[serde(default)]
    when: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default)]
    url: String,
    #[serde(default)]
    note: String,
}

#[post("/undated", data = "<body>")]
pub async fn add(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), said): (_, UndatedBody) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let UndatedBody { title, partner, when, place, roles, url, note } = said;
    let said = Said { partner, title, when, place, roles, url, note };
    let add = move |app: &App| {
        let id = undated::add(app, &actor, &said)?;
        let kept = crate::json::undated(id, &app.store.read::<_, Error>(|reader| Ok(reader.undated_one(id)?))?);
        Ok(Json::ok(&kept)?.created("/api/v1/undated".to_owned()))
    };
    service.once(attempt, add).await
}

#[delete("/undated/<id>")]
pub async fn withdraw(service: &State<Service>, caller: Caller, id: i64) -> Result<Json, Problem> {
    let actor = caller.writer()?;
    service.run(move |app| undated::withdraw(app, &actor, id)).await?;
    Json::ok(&json!({"id": id, "withdrawn": true}))
}
