//! `/api/v1/letters`: outgoing mail, found by person and by event.

use rocket::{State, get};
use serde_json::{Value, json};

use crate::app::Error;
use crate::app::outgoing::{self, Opened, Search, letter_json, opens_a_door};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Caller, Pairs};
use crate::web::problem::Problem;

/// The filters.
const KNOWN: [&str; 5] = ["person", "event", "state", "limit", "cursor"];

#[get("/letters")]
pub async fn list(service: &State<Service>, caller: Caller, asked: Pairs) -> Result<Json, Problem> {
    let actor = caller.reader()?;
    if let Some((name, _)) = asked.iter().find(|(name, _)| !KNOWN.contains(name)) {
        return Err(Error::field(name, format!("there is no such filter; there are {}", KNOWN.join(", "))).into());
    }
    let number = |name: &str| {
        asked.some(name).map(|text| text.parse::<i64>().map_err(|_| Error::field(name, "give a whole number"))).transpose()
    };
    let search = Search {
        person: asked.some("person"),
        event: asked.some("event"),
        state: asked.some("state"),
        before: number("cursor")?,
        limit: number("limit")?.map_or(50, |limit| u32::try_from(limit).unwrap_or_default()),
    };
    let found = service.run(move |app| outgoing::find(app, &actor, &search)).await?;
    let items: Vec<Value> = found.letters.iter().map(letter_json).collect();
    Json::ok(&json!({"items": items, "next_cursor": found.next, "unseen": found.unseen}))
}

#[get("/letters/<id>")]
pub async fn one(service: &State<Service>, caller: Caller, id: i64) -> Result<Json, Problem> {
    let actor = caller.reader()?;
    let opened = service.run(move |app| outgoing::open(app, &actor, id)).await?;
    Json::ok(&opened_json(opened))
}

fn opened_json(Opened { told, read, closed }: Opened) -> Value {
    // A token that may only read must not sign anybody in.
    let closed = closed.or_else(|| opens_a_door(&told.row).then_some("It holds a link that works once, for its reader."));
    let mut value = letter_json(&told);
    if let (Some(fields), None) = (value.as_object_mut(), closed) {
        fields.insert("headers".to_owned(), json!(read.headers));
        fields.insert("text".to_owned(), json!(read.text));
        fields.insert("html".to_owned(), json!(read.html));
    } else if let Some(fields) = value.as_object_mut() {
        fields.insert("closed".to_owned(), json!(closed));
    }
    value
}
