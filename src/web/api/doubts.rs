//! `/api/v1/sources/ID/doubts`: the rows of a calendar that wait for a yes or no.

use rocket::{State, get, post};
use serde::Deserialize;
use serde_json::json;

use super::parsed;
use super::sources::{paging, somebody};
use crate::app::doubts::{self, asked_json};
use crate::app::{App, Error};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, Pairs};
use crate::web::problem::Problem;

#[get("/sources/<id>/doubts")]
pub async fn list(service: &State<Service>, caller: Caller, id: i64, asked: Pairs) -> Result<Json, Problem> {
    let actor = somebody(caller)?;
    let answer = service
        .run(move |app| {
            let (limit, cursor) = paging(&asked)?;
            let mut all = doubts::list(app, &actor, id)?;
            all.sort_by_key(|one| one.doubt.id);
            all.retain(|one| cursor.is_none_or(|cursor| one.doubt.id > cursor));
            let next = (all.len() > limit).then(|| all[limit - 1].doubt.id);
            Ok(json!({"items": all.iter().take(limit).map(asked_json).collect::<Vec<_>>(), "next_cursor": next}))
        })
        .await?;
    Json::ok(&answer)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sent {
    answer: String,
    mark: String,
}

/// Says yes or no to a row, and answers how it stands then.
#[post("/sources/<id>/doubts/<row>/answer", data = "<body>")]
pub async fn answer(service: &State<Service>, caller: Caller, id: i64, row: i64, body: Body) -> Result<Json, Problem> {
    let (actor, attempt) = caller.attempt(&body.0)?;
    let sent: Sent = parsed(&body.0)?;
    let answer = move |app: &App| {
        let said = sent.answer.parse().map_err(|_| Error::field("answer", "say yes or no"))?;
        if doubts::one(app, &actor, row)?.doubt.source != id {
            return Err(Error::NotFound("row").into());
        }
        doubts::answer(app, &actor, row, &sent.mark, said)?;
        Json::ok(&asked_json(&doubts::one(app, &actor, row)?))
    };
    service.once(attempt, answer).await
}
