//! One finding with its history.

use maud::{Markup, html};

use crate::web::layout::{self, FindingCard, finding};

/// The page.
#[derive(Debug, Clone)]
pub struct LifePage {
    /// The finding, as it stands or as it was when it went.
    pub card: FindingCard,
    /// That it is gone; `None` for what stands.
    pub gone: Option<String>,
    /// What became of it, the latest first; `None` where that is not for the reader.
    pub moments: Option<Vec<MomentRow>>,
}

/// One moment, in words.
#[derive(Debug, Clone)]
pub struct MomentRow {
    /// “Mon 23 November 2026, 07:00 EST”.
    pub when: String,
    /// For programs: `2026-11-23T12:00:00Z`.
    pub datetime: String,
    /// What happened: “Found: high.”
    pub what: String,
    /// More about it: why, until when.
    pub note: Option<String>,
}

/// The page.
#[must_use]
pub fn life(page: &LifePage) -> Markup {
    html! {
        (layout::heading(&page.card.kind, page.gone.as_deref()))
        section #finding {
            h2 { @if page.gone.is_some() { "What it was" } @else { "What it is" } }
            (finding::list(std::slice::from_ref(&page.card)))
        }
        @if let Some(moments) = &page.moments {
            section #history {
                h2 { "What became of it" }
                ol.log { @for moment in moments { li { (row(moment)) } } }
                p.meta {
                    "Seen means that it was on a page before somebody who calls one of the convenings. "
                    "The first of each partner counts, each time that it is found, changes or comes back."
                }
            }
        }
        p.row { a href="/findings" { "All findings" } a href="/findings/overrides" { "All overrides" } }
    }
}

fn row(moment: &MomentRow) -> Markup {
    html! {
        (moment.what) @if let Some(note) = &moment.note { " " (note) }
        span.meta { time datetime=(moment.datetime) { (moment.when) } }
    }
}
