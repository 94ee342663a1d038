//! How programs speak: events as JSON, to and from values.
//!
//! `start` and `end` are wall time in `time_zone`; whole days give dates, `end` is the last day,
//! included; `end` is null where it is not known. The same form is printed by the command line,
//! served by the API and kept in the history.

mod draft;
mod event;
mod finding;
mod linked;
mod proposal;
mod wish;

pub use draft::{Draft, FieldError};
pub use event::EventJson;
pub(crate) use event::{when_of, when_texts};
pub use finding::{DecidedJson, FindingJson, LifeJson, MomentJson, OverrideJson};
pub use linked::{LinkedContext, linked};
pub use proposal::proposal;
pub use wish::{WishDraft, WishRead, suggestions_json};

/// What is announced without dates, as programs see it.
#[must_use]
pub fn undated(id: i64, one: &crate::domain::undated::Undated) -> serde_json::Value {
    serde_json::json!({
        "id": id, "partner": one.partner, "title": one.title, "year": one.when.year(), "month": one.when.month(),
        "when": one.when.in_words(), "city": one.city, "state": one.state, "roles": one.roles, "url": one.url, "note": one.note,
    })
}
