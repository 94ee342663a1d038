//! An anchor and what is set beside it.

use maud::{Markup, html};

use super::decisions::{Waiting, waiting_list};
use super::event::{Change, history};
use crate::web::layout::{self, EventRow, FindingCard, Level, Link, finding, rows};

/// An anchor's page.
#[derive(Debug, Clone)]
pub struct AnchorPage {
    /// “GARE annual meeting, April 2020”.
    pub title: String,
    /// One sentence that must be read first: “Cancelled. Four satellites wait for a decision by 1 May.”
    pub notice: Option<(Level, String)>,
    /// The anchor itself.
    pub anchor: EventRow,
    /// What is set beside it, by day: “The day before, Mon 20 April 2020” and its events.
    pub groups: Vec<(String, Vec<EventRow>)>,
    /// What is set beside it and waits for a decision, because it is not what it was.
    pub waiting: Vec<Waiting>,
    /// What was found about any of them.
    pub findings: Vec<FindingCard>,
    /// How old the anchor's dates are and where they come from: “from ICMA’s feed, read 2 days ago”.
    pub source: Option<String>,
    /// The feed of the anchor with all beside it.
    pub feed: String,
    /// Where to propose one more.
    pub propose: Option<String>,
    /// What changed, latest first.
    pub history: Vec<Change>,
}

/// An anchor's page.
#[must_use]
pub fn anchor(page: &AnchorPage) -> Markup {
    html! {
        p.over { "Anchor" }
        (layout::heading(&page.title, page.source.as_deref()))
        @if let Some((level, text)) = &page.notice { div class={ "banner " (level.class()) } { (level.icon()) p { (text) } } }
        section { h2 { "The anchor" } (rows::event_list(std::slice::from_ref(&page.anchor))) }
        @if !page.waiting.is_empty() { section #decide { h2 { "To decide" } (waiting_list(&page.waiting)) } }
        @for (title, events) in &page.groups { section { h2 { (title) } (rows::event_list(events)) } }
        @if page.groups.is_empty() { section { h2 { "Set beside it" } p { "Nothing yet." } } }
        p.actions {
            @if let Some(propose) = &page.propose { a.button.main href=(propose) { "Set something beside it" } }
            (Link::new(&page.feed, "All of it as a feed").show())
        }
        @if !page.findings.is_empty() { section { h2 { "Findings" } (finding::list(&page.findings)) } }
        @if !page.history.is_empty() { (history(&page.history)) }
    }
}
