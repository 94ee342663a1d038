//! What counts as a clash, and how gravely: a partner's policy, or one event's.

use maud::{Markup, html};

use crate::web::layout::{self, Field, form, form::FieldError};

/// The page of a policy.
#[derive(Debug, Clone, Default)]
pub struct PolicyPage {
    /// Whose: “National League of Cities”, or an event's title.
    pub title: String,
    /// Who else's policy counts, and when: one sentence or two.
    pub lead: String,
    /// Where the form is posted; `None` for those who may only look.
    pub action: Option<String>,
    /// The revision that the page was made from.
    pub revision: u32,
    /// The rules with their settings.
    pub groups: Vec<PolicyGroup>,
    /// What was wrong with the form.
    pub errors: Vec<FieldError>,
    /// Who changed what, latest first: what, and by whom.
    pub history: Vec<(String, String)>,
    /// Where it leads back, and what that is.
    pub back: (String, String),
}

/// The settings of one rule.
#[derive(Debug, Clone, Default)]
pub struct PolicyGroup {
    /// “Team split”.
    pub title: String,
    /// Its settings.
    pub rows: Vec<PolicyRow>,
    /// The holder has said something of it: shown open.
    pub is_own: bool,
}

/// One threshold or severity.
#[derive(Debug, Clone)]
pub struct PolicyRow {
    /// The field to change it.
    pub field: Field,
    /// “high, as NLC says”.
    pub holds: String,
}

/// The page of a policy.
#[must_use]
pub fn policy(page: &PolicyPage) -> Markup {
    html! {
        p.over { "What counts as a clash" }
        (layout::heading(&page.title, Some(&page.lead)))
        (form::error_summary("policy", &page.errors))
        @match &page.action {
            Some(action) => form method="post" action=(action) {
                input type="hidden" name="revision" value=(page.revision);
                @for group in &page.groups { (group_of(group, true)) }
                (Field::line("text", "reason", "Why").hint("Kept with your name and the time.").show("policy"))
                p { button.main type="submit" { "Keep, and check everything again" } }
            },
            None => @for group in &page.groups { (group_of(group, false)) },
        }
        @if !page.history.is_empty() { (history(&page.history)) }
        p { a href=(page.back.0) { (page.back.1) } }
    }
}

fn group_of(group: &PolicyGroup, may_change: bool) -> Markup {
    html! {
        details open[group.is_own || group.rows.iter().any(|row| row.field.error.is_some())] {
            summary { (group.title) @if group.is_own { " (changed here)" } }
            @if may_change {
                @for row in &group.rows { (row.field.clone().hint(&row.holds).show("policy")) }
            } @else {
                dl.facts { @for row in &group.rows { div { dt { (row.field.label) } dd { (row.holds) } } } }
            }
        }
    }
}

fn history(changes: &[(String, String)]) -> Markup {
    html! {
        section {
            h2 { "Changes" }
            ul { @for (text, by) in changes { li { (text) " " span.meta { (by) } } } }
        }
    }
}
