//! What several sources say of one event, and the form to say which one is right.

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{Choice, Field};

/// What sources say of an event, on its page.
#[derive(Debug, Clone, Default)]
pub struct SidesPanel {
    /// Do they disagree, and nobody has decided?
    pub open: bool,
    /// One each, the one that was taken last first.
    pub sides: Vec<Side>,
    /// Who decided, the latest first: “Ada Sample, 12 March 2026, 14:05 UTC: “nlc.ics”, because …”.
    pub decided: Vec<String>,
    /// Where the choice is posted.
    pub action: String,
    /// The event's revision when the page was made.
    pub revision: u32,
    /// The source that was chosen in the form.
    pub chosen: String,
    /// The reason as it was typed.
    pub reason: String,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
}

/// One source.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// The calendar's or the file's name.
    pub source: String,
    /// Since when it says so: “read Mon 1 June 2025, 08:00 EDT”.
    pub since: String,
    /// When, where and how by it.
    pub says: String,
    /// The calendar shows that.
    pub shown: bool,
    /// Somebody decided against it.
    pub overruled: bool,
}

impl Side {
    fn standing(&self) -> &'static str {
        match (self.shown, self.overruled) {
            (true, _) => "This is what the calendar shows.",
            (false, true) => "Decided against; it is not asked again unless it says something else.",
            (false, false) => "The calendar does not show this.",
        }
    }
}

/// The panel; `scope` keeps its ids apart.
#[must_use]
pub fn panel(panel: &SidesPanel) -> Markup {
    html! {
        section #sources {
            h2 { "What the sources say" }
            @if panel.open {
                p { "They do not say the same. Say which one is right: the event then has its dates, its place and its mode. Roles, anchor, speakers and text stay as they are here." }
            }
            dl.facts {
                @for side in &panel.sides {
                    div { dt { (side.source) } dd { (side.says) br; span.meta { (side.since) ". " (side.standing()) } } }
                }
            }
            @if !panel.decided.is_empty() {
                h3 { "Decided" }
                ol.log { @for one in &panel.decided { li { (one) } } }
            }
            details.more.noprint open[panel.open || !panel.errors.is_empty()] {
                summary { @if panel.open { "Which one is right?" } @else { "Choose another one" } }
                (choice(panel))
            }
        }
    }
}

fn choice(panel: &SidesPanel) -> Markup {
    let choices: Vec<Choice> = panel
        .sides
        .iter()
        .map(|side| {
            let label = format!("{}: {}", side.source, side.says);
            Choice::new(&side.source, label).chosen(side.source == panel.chosen)
        })
        .collect();
    let source = Field::radios("source", "The one that is right", &choices).required();
    let reason = Field::line("text", "reason", "Why")
        .value(&panel.reason)
        .hint("Kept with your name and the time. The others are not asked again while they say the same.")
        .required();
    html! {
        form method="post" action=(panel.action) {
            (form::error_summary("source", &panel.errors))
            input type="hidden" name="revision" value=(panel.revision);
            (source.among(&panel.errors).show("source"))
            (reason.among(&panel.errors).show("source"))
            p { button.main[panel.open] type="submit" { "This one is right" } }
        }
    }
}
