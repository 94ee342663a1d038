//! The rest of the API: partners, roles, cohorts, people, changes, health.

use rocket::{State, get};
use serde_json::{Value, json};

use crate::app::{Error, publish, view};
use crate::json::EventJson;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Caller, Pairs};
use crate::web::problem::Problem;

#[get("/partners")]
pub async fn partners(service: &State<Service>) -> Result<Json, Problem> {
    let directory = service.run(view::directory).await?;
    Json::ok(&json!({"items": directory.partners, "next_cursor": null}))
}

#[get("/roles")]
pub async fn roles(service: &State<Service>) -> Result<Json, Problem> {
    let directory = service.run(view::directory).await?;
    Json::ok(&json!({"items": directory.roles.iter().collect::<Vec<_>>(), "next_cursor": null}))
}

/// Cohorts, without who is in them: that is private to the teams.
#[get("/cohorts")]
pub async fn cohorts(service: &State<Service>) -> Result<Json, Problem> {
    let directory = service.run(view::directory).await?;
    let items: Vec<Value> = directory
        .cohorts
        .iter()
        .map(|cohort| json!({"slug": cohort.slug, "name": cohort.name, "role": cohort.role, "partners": cohort.partners}))
        .collect();
    Json::ok(&json!({"items": items, "next_cursor": null}))
}

#[get("/people")]
pub async fn people(service: &State<Service>) -> Result<Json, Problem> {
    let directory = service.run(view::directory).await?;
    Json::ok(&json!({"items": directory.people, "next_cursor": null}))
}

/// What changed, in order, of what the caller may see.
#[get("/changes")]
pub async fn changes(service: &State<Service>, caller: Caller, asked: Pairs) -> Result<Json, Problem> {
    let since: i64 = asked
        .some("since")
        .map_or(Ok(0), |text| text.parse())
        .map_err(|_| Error::field("since", "give the seq of the last change you have, or 0"))?;
    let actor = caller.actor;
    let answer = service
        .run(move |app| {
            app.store.read::<_, Error>(|reader| {
                let page = reader.changes_since(since, 500)?;
                let last = page.last().map_or(since, |change| change.seq);
                let mut items = Vec::new();
                for change in page {
                    let Some(change) = view::as_seen(&actor, &reader.event(change.event)?, change) else { continue };
                    let read = |text: &str| EventJson::from_text(text).ok();
                    items.push(json!({
                        "seq": change.seq, "at": change.at, "event": change.event, "what": change.what, "by": change.actor,
                        "reason": change.reason, "before": change.before.as_deref().and_then(read), "after": read(&change.after),
                    }));
                }
                Ok(json!({"items": items, "last_seq": last}))
            })
        })
        .await?;
    Json::ok(&answer)
}

#[get("/health")]
pub fn health() -> Result<Json, Problem> {
    Json::ok(&json!({"status": "alive"}))
}

#[get("/health/ready")]
pub async fn ready(service: &State<Service>) -> Result<Json, Problem> {
    let answer = service
        .run(|app| {
            app.store.read::<_, Error>(|reader| {
                let letters: serde_json::Map<String, Value> =
                    reader.count_letters()?.into_iter().map(|(state, count)| (state.as_str().to_owned(), json!(count))).collect();
                let (revision, changed_at) = reader.revision("public")?;
                Ok(json!({"status": "ready", "events": reader.count_events()?, "public_revision": revision, "changed_at": changed_at, "letters": letters, "feeds": publish::work(app)}))
            })
        })
        .await?;
    Json::ok(&answer)
}
