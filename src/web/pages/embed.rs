//! The agenda inside a page of somebody else: no navigation, no script, no cookie; links open beside it.

use maud::{DOCTYPE, Markup, html};

use crate::web::assets::asset_path;
use crate::web::layout::{EventRow, Link, rows};

/// The agenda in a frame.
#[derive(Debug, Clone, Default)]
pub struct Embed {
    /// What it holds: “Convenings of Lake League”.
    pub title: String,
    /// Its events, soonest first.
    pub rows: Vec<EventRow>,
    /// The whole calendar, with the same filters.
    pub all: Link,
    /// Where to subscribe to exactly this.
    pub subscribe: String,
}

/// A whole page, for an `iframe`.
#[must_use]
pub fn embed(page: &Embed) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                base target="_blank";
                title { (page.title) }
                link rel="stylesheet" href=(asset_path("app.css"));
            }
            body {
                main {
                    div.wrap {
                        section.month {
                            h2 { (page.title) }
                            @if page.rows.is_empty() { p { "Nothing is announced yet." } } @else { (rows::event_list(&page.rows)) }
                        }
                        p.meta { (page.all.show()) " · " a href=(page.subscribe) { "Subscribe" } " · from convene" }
                    }
                }
            }
        }
    }
}
