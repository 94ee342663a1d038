//! What is announced for a month or a year, without dates yet.

use maud::{Markup, html};

use super::team_edit::{Known, Panel, folded, known_thing};
use crate::web::layout::{self, Link};

/// The page.
#[derive(Debug, Clone, Default)]
pub struct UndatedPage {
    /// Each announcement, with a button that takes it back for those who may.
    pub known: Vec<Known>,
    /// To add one, for partners' people.
    pub add: Option<Panel>,
}

/// One announcement below the calendar.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// What it is called.
    pub title: String,
    /// Who calls it.
    pub partner: String,
    /// When and where, as far as it is known, and a note.
    pub about: String,
    /// Where it was announced.
    pub source: Option<Link>,
    /// To give it its dates, for those who may.
    pub propose: Option<Link>,
}

/// The page.
#[must_use]
pub fn undated(page: &UndatedPage) -> Markup {
    let lead = "Partners have named a month or a year for these, and no days. Each goes once an event of that name has dates in that year.";
    html! {
        (layout::heading("Announced without dates", Some(lead)))
        @if page.known.is_empty() { p { "There are none." } } @else { ul.known { @for one in &page.known { li { (known_thing(one)) } } } }
        @if let Some(panel) = &page.add { (folded(panel)) }
    }
}

/// The part of the calendar below what has dates; nothing where there are none.
#[must_use]
pub fn below_calendar(rows: &[Row]) -> Markup {
    html! {
        @if !rows.is_empty() {
            section.month #undated {
                h2 { "Announced without dates " span.n { (rows.len()) } }
                ul.known { @for row in rows { li { (one(row)) } } }
                p { a href="/undated" { "All that is announced without dates" } }
            }
        }
    }
}

fn one(row: &Row) -> Markup {
    html! {
        strong { (row.title) } " " span.meta { (row.partner) "; " (row.about) }
        @for link in row.source.iter().chain(&row.propose) { " " (link.show()) }
    }
}
