//! A page that says one thing and offers ways on: what went well, or what went wrong.

use maud::{Markup, html};

use crate::web::layout::{self, FindingCard, Level, Link, finding};

/// Something said, and the ways on from there.
#[derive(Debug, Clone, Default)]
pub struct Notice {
    /// What happened: “Check your mail”, “There is no such page”.
    pub title: String,
    /// What it means for the reader, a paragraph each.
    pub text: Vec<String>,
    /// The ways on, the likeliest first.
    pub ways: Vec<Link>,
    /// For trouble on our side: what to quote when asking about it.
    pub reference: Option<String>,
    /// For a refusal because of findings: those that stand in the way.
    pub findings: Vec<FindingCard>,
    /// How grave it is; `None` for what went well.
    pub level: Option<Level>,
}

/// The page.
#[must_use]
pub fn notice(page: &Notice) -> Markup {
    html! {
        @match page.level {
            Some(level) => div class={ "banner " (level.class()) } { (level.icon()) h1 { (page.title) } },
            None => (layout::heading(&page.title, None)),
        }
        @for paragraph in &page.text { p { (paragraph) } }
        @if !page.findings.is_empty() { section { h2 { "What stands in the way" } (finding::list(&page.findings)) } }
        @if let Some(reference) = &page.reference { p.meta { "If you write to us about it, quote " code { (reference) } "." } }
        @if !page.ways.is_empty() {
            ul.row.actions {
                @for (n, way) in page.ways.iter().enumerate() { li { a.button.main[n == 0] href=(way.href) { (way.text) } } }
            }
        }
    }
}
