//! What waits for a partner's decision by a day, and the bans on meeting in person that make it so.

use maud::{Markup, html};

use super::event::{StepForm, choices};
use super::team_edit::{Known, Panel, folded, known_thing};
use crate::web::layout::{self, EventRow, Level, Link, rows};

/// The page.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// “Three convenings wait; the first is due on Sun 19 April 2020.”
    pub summary: String,
    /// What waits, what is due first on top.
    pub open: Vec<Waiting>,
    /// The bans that stand, each with a button that lifts it.
    pub bans: Vec<Known>,
    /// To say that nothing is held in person, for a partner's admins.
    pub forbid: Option<Panel>,
}

/// One convening that waits for a decision.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// “Decide by Sun 19 April 2020”.
    pub due: String,
    /// Why.
    pub why: String,
    /// The convening.
    pub event: EventRow,
    /// What others have set beside it: they are told what is decided.
    pub satellites: Vec<Link>,
    /// Cancel, keep, move, go online; for those who may.
    pub choices: Vec<StepForm>,
}

/// The page.
#[must_use]
pub fn decisions(page: &Decisions) -> Markup {
    html! {
        (layout::heading("Decisions", Some(&page.summary)))
        section #open {
            h2 { "To decide" }
            @if page.open.is_empty() { p { "Nothing waits for you." } } @else { (waiting_list(&page.open)) }
        }
        section #bans {
            h2 { "Nothing in person" }
            p.meta { "A partner can say that it meets nobody in person until a day. What it has planned before that is listed above, and partners with something set beside it are told." }
            @if !page.bans.is_empty() { ul.known { @for ban in &page.bans { li { (known_thing(ban)) } } } }
            @if let Some(panel) = &page.forbid { (folded(panel)) }
        }
    }
}

/// Each convening that waits, with its choices.
#[must_use]
pub fn waiting_list(all: &[Waiting]) -> Markup {
    html! { @for one in all { (waiting(one)) } }
}

fn waiting(one: &Waiting) -> Markup {
    html! {
        section.panel.waiting.small {
            p.row { span class={ "level " (Level::Block.class()) } { (Level::Block.icon()) (one.due) } }
            p { (one.why) }
            (rows::event_list(std::slice::from_ref(&one.event)))
            @if !one.satellites.is_empty() {
                p.meta { "Set beside it: " @for (n, link) in one.satellites.iter().enumerate() { @if n > 0 { ", " } (link.show()) } }
            }
            @if !one.choices.is_empty() { (choices(&one.choices)) }
        }
    }
}
