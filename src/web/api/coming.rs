//! `/api/v1/events/ID/guests`: who said that they come.

use rocket::{State, get};
use serde_json::{Value, json};

use crate::app::coming::{self, date_key};
use crate::domain::EventId;
use crate::store::Guest;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::Caller;
use crate::web::problem::Problem;

#[get("/events/<id>/guests")]
pub async fn list(service: &State<Service>, caller: Caller, id: &str) -> Result<Json, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let actor = caller.actor;
    let (_, guests) = service.run(move |app| coming::guests(app, &actor, id)).await?;
    let items: Vec<Value> = guests.iter().map(told).collect();
    Json::ok(&json!({"items": items, "next_cursor": null}))
}

fn told(guest: &Guest) -> Value {
    json!({
        "name": guest.name,
        "email": guest.email,
        "state": guest.state.as_str(),
        "speaker": guest.speaker.as_ref().map(ToString::to_string),
        "date": guest.original.map(date_key),
        "confirmed_at": guest.confirmed_at,
        "off_at": guest.off_at,
    })
}
