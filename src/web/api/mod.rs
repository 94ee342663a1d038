//! `/api/v1`: the service for programs.

pub mod answers;
pub mod coming;
pub mod decisions;
pub mod directory;
pub mod disagree;
pub mod doubts;
pub mod events;
pub mod feeds;
pub mod findings;
pub mod letters;
pub mod openapi;
pub mod policy;
pub mod rest;
pub mod sources;
pub mod suggestions;
pub mod teams;
pub mod undated;

use serde::de::DeserializeOwned;

use super::problem::Problem;
use crate::app::Error;

/// Reads a body; what is wrong is named with its place.
fn parsed<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    serde_json::from_str(text).map_err(|error| {
        let said = error.to_string();
        let field = said.split('`').nth(1).unwrap_or("body").to_owned();
        Problem::from(Error::field(&field, said))
    })
}
