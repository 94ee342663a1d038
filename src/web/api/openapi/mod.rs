//! `/api/v1/openapi.json`, and the same to read at `/api`.

mod answers;
mod decisions;
mod directory;
mod events;
mod feeds;
mod findings;
mod letters;
mod policies;
mod schemas;
mod service;
mod sources;
mod teams;
mod undated;

use rocket::{State, get};
use serde_json::{Value, json};

use crate::web::answer::{Json, Page};
use crate::web::db::Service;
use crate::web::guards::Viewer;
use crate::web::pages::api_docs::{ApiDocs, ApiGroup, Operation, api_docs as page};
use crate::web::problem::Problem;

/// One operation: group, method, path, what it does, what it takes, what it answers.
struct Described {
    group: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    answers: &'static [(u16, &'static str)],
    needs_token: bool,
}

const IF_MATCH: (&str, &str) = ("If-Match", "header: the ETag of the event as you read it, or *");
const REASON: (&str, &str) = ("reason", "body: why, in words that others read");
/// What names a request, so that the same one sent again is answered again and done once.
const KEY: (&str, &str) = (
    "Idempotency-Key",
    "header: what you call this request, a string in quotes of up to 255 characters; sent again within 24 hours with the same body, it is answered again and done once. Answers that refuse are not kept, nor is what is shown once",
);
const UNDERWAY: &str = "the same Idempotency-Key is being worked on";
const OTHER: (u16, &str) = (422, "this Idempotency-Key came with another request");
/// What changes nothing, or may be asked for again at any time.
const WITHOUT_KEY: [&str; 3] = ["/check", "/suggestions", "/sources/{id}/reading"];

impl Described {
    fn takes_key(&self) -> bool {
        self.method == "POST" && self.needs_token && !WITHOUT_KEY.contains(&self.path)
    }

    fn parameters(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.parameters.iter().copied().chain(self.takes_key().then_some(KEY))
    }

    /// Each status with its meaning, in order.
    fn answers(&self) -> Vec<(u16, String)> {
        let mut answers: Vec<(u16, String)> = self.answers.iter().map(|(status, text)| (*status, (*text).to_owned())).collect();
        if self.takes_key() {
            match answers.iter_mut().find(|(status, _)| *status == 409) {
                Some((_, text)) => *text = format!("{text}; or {UNDERWAY}"),
                None => answers.push((409, UNDERWAY.to_owned())),
            }
            answers.push((OTHER.0, OTHER.1.to_owned()));
            answers.sort_by_key(|(status, _)| *status);
        }
        answers
    }
}

/// Every operation, in the order of the page.
fn all() -> impl Iterator<Item = &'static Described> {
    [
        events::ALL,
        findings::ALL,
        policies::ALL,
        directory::ALL,
        answers::ALL,
        decisions::ALL,
        teams::ALL,
        undated::ALL,
        sources::ALL,
        feeds::ALL,
        letters::ALL,
        service::ALL,
    ]
    .into_iter()
    .flatten()
}

#[get("/openapi.json")]
pub fn json(service: &State<Service>) -> Result<Json, Problem> {
    Json::ok(&described(&service.settings.base_url))
}

#[get("/api")]
pub fn docs(service: &State<Service>, viewer: Viewer) -> Page {
    let mut groups: Vec<ApiGroup> = Vec::new();
    for one in all() {
        let operation = Operation {
            method: one.method.to_owned(),
            path: format!("/api/v1{}", one.path),
            summary: one.summary.to_owned(),
            parameters: one.parameters().map(|(name, text)| (name.to_owned(), text.to_owned())).collect(),
            answers: one.answers().into_iter().map(|(status, text)| (status.to_string(), text)).collect(),
            example: None,
        };
        match groups.last_mut() {
            Some(group) if group.title == one.group => group.operations.push(operation),
            _ => groups.push(ApiGroup { title: one.group.to_owned(), operations: vec![operation] }),
        }
    }
    let base_url = format!("{}/api/v1", service.settings.base_url);
    Page::new(service, &viewer, "API", page(&ApiDocs { openapi: "/api/v1/openapi.json".to_owned(), base_url, groups }))
}

/// The description in OpenAPI 3.1.
fn described(base_url: &str) -> Value {
    let mut paths = serde_json::Map::new();
    for one in all() {
        let mut parameters: Vec<Value> = in_braces(one.path)
            .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
            .collect();
        for (names, text) in one.parameters() {
            let Some((place, text)) = text.split_once(": ").filter(|(place, _)| *place != "body") else { continue };
            for name in names.split(", ") {
                let schema = schemas::of(one.path, name);
                parameters.push(json!({"name": name, "in": place, "required": false, "description": text, "schema": schema}));
            }
        }
        let answers: serde_json::Map<String, Value> = one
            .answers()
            .into_iter()
            .map(|(status, text)| {
                let kind = if status < 400 { "application/json" } else { "application/problem+json" };
                (status.to_string(), json!({"description": text, "content": {kind: {"schema": {"type": "object"}}}}))
            })
            .collect();
        let mut operation = json!({"summary": one.summary, "tags": [one.group], "parameters": parameters, "responses": answers});
        if let Some(fields) = operation.as_object_mut() {
            if matches!(one.method, "POST" | "PATCH" | "PUT") {
                fields.insert("requestBody".to_owned(), json!({"content": {"application/json": {"schema": body(one)}}}));
            }
            if one.needs_token {
                fields.insert("security".to_owned(), json!([{"token": []}]));
            }
        }
        if let Some(methods) = paths.entry(one.path).or_insert_with(|| json!({})).as_object_mut() {
            methods.insert(one.method.to_lowercase(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "convene", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "MIT OR Apache-2.0"}},
        "servers": [{"url": format!("{base_url}/api/v1")}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}, "schemas": schemas::all()},
        "paths": paths,
    })
}

/// What stands in braces in a path: `id` of `/events/{id}`.
fn in_braces(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// The fields of a body, as far as the operation names them.
fn body(one: &Described) -> Value {
    let fields: serde_json::Map<String, Value> = one
        .parameters
        .iter()
        .filter_map(|(names, text)| text.strip_prefix("body: ").map(|text| (*names, text)))
        .flat_map(|(names, text)| names.split(", ").map(move |name| (name, text)))
        .filter(|(name, _)| *name != "…")
        .map(|(name, text)| (name.to_owned(), json!({"description": text})))
        .collect();
    json!({"type": "object", "properties": fields})
}
