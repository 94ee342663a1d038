//! The API's description for people. Machines read `/api/v1/openapi.json`.

use maud::{Markup, html};

use crate::web::layout;

/// The API page.
#[derive(Debug, Clone, Default)]
pub struct ApiDocs {
    /// Where the machine-readable description is.
    pub openapi: String,
    /// The service's own address, for the examples.
    pub base_url: String,
    /// The groups of operations.
    pub groups: Vec<ApiGroup>,
}

/// Operations about one thing.
#[derive(Debug, Clone, Default)]
pub struct ApiGroup {
    /// “Events”.
    pub title: String,
    /// Its operations.
    pub operations: Vec<Operation>,
}

/// One operation.
#[derive(Debug, Clone, Default)]
pub struct Operation {
    /// `GET`, `POST` …
    pub method: String,
    /// `/api/v1/events/{id}`.
    pub path: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// Parameters: name and meaning.
    pub parameters: Vec<(String, String)>,
    /// Answers: status and meaning.
    pub answers: Vec<(String, String)>,
    /// An example body of the request or the answer.
    pub example: Option<String>,
}

/// The API page.
#[must_use]
pub fn api_docs(page: &ApiDocs) -> Markup {
    html! {
        (layout::heading("API", Some("Reading what is public needs nothing. The rest needs a token, which belongs to a person of a partner.")))
        p { "The description for machines is at " a href=(page.openapi) { code { (page.openapi) } } "." }
        pre { code { "curl " (page.base_url) "/api/v1/events?limit=3" } }
        @for group in &page.groups {
            section { h2 { (group.title) } @for operation in &group.operations { (one(operation)) } }
        }
    }
}

fn one(operation: &Operation) -> Markup {
    html! {
        details.more {
            summary { code { (operation.method) " " (operation.path) } " " span.meta { (operation.summary) } }
            @if !operation.parameters.is_empty() { h3 { "Parameters" } (pairs(&operation.parameters)) }
            @if !operation.answers.is_empty() { h3 { "Answers" } (pairs(&operation.answers)) }
            @if let Some(example) = &operation.example { pre tabindex="0" { code { (example) } } }
        }
    }
}

fn pairs(pairs: &[(String, String)]) -> Markup {
    html! { dl.facts { @for (term, text) in pairs { div { dt { code { (term) } } dd { (text) } } } } }
}
