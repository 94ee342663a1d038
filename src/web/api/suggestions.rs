//! `/api/v1/suggestions`: the best windows for a wish.

use rocket::{State, post};

use super::parsed;
use crate::app::Actor;
use crate::app::suggest as verb;
use crate::json::{WishDraft, suggestions_json};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller};
use crate::web::problem::Problem;

#[post("/suggestions", data = "<body>")]
pub async fn suggest(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let actor = caller.actor;
    if actor == Actor::Visitor {
        return Err(Problem::sign_in_first());
    }
    let draft: WishDraft = parsed(&body.0)?;
    let found = service.run(move |app| verb::suggest(app, &actor, &draft)).await?;
    Json::ok(&suggestions_json(&found))
}
