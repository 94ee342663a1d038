//! Where a city team keeps its own facts: roster, council, budget, days off, and who signs in for it.

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Field, Link};

/// The page.
#[derive(Debug, Clone, Default)]
pub struct TeamEdit {
    /// “Riverbend, OH”.
    pub name: String,
    /// The team's own page.
    pub back: String,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// One part: what is known, and the forms that change it.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// Names it within the page: `council`.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// What it is for.
    pub note: String,
    /// What is known, each with what can be done about it.
    pub known: Vec<Known>,
    /// Forms for something new, or for the whole.
    pub forms: Vec<Panel>,
    /// A way on.
    pub more: Option<Link>,
}

/// One thing that is known.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// In words.
    pub text: String,
    /// More about it.
    pub note: String,
    /// To change it.
    pub change: Option<Panel>,
    /// To take it back: one button.
    pub remove: Option<Panel>,
}

/// A form.
#[derive(Debug, Clone, Default)]
pub struct Panel {
    /// Keeps ids apart.
    pub scope: String,
    /// What opens it.
    pub title: String,
    /// Where it is posted.
    pub action: String,
    /// What the button says.
    pub button: String,
    /// What comes along unseen.
    pub hidden: Vec<(&'static str, String)>,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
}

/// The page.
#[must_use]
pub fn team_edit(page: &TeamEdit) -> Markup {
    html! {
        p.over { "City team, for its own people only" }
        div.tools {
            (layout::heading(&page.name, Some("What is kept here makes the team’s page and feed. Names never leave the team; days ruled out and council nights are named to organizers.")))
            a.button href=(page.back) { "The team’s page" }
        }
        nav.row.meta aria-label="Parts of this page" { @for part in &page.parts { a href={ "#" (part.id) } { (part.title) } } }
        @for one in &page.parts { (part(one)) }
    }
}

fn part(one: &Part) -> Markup {
    html! {
        section #(one.id) {
            h2 { (one.title) }
            p.meta { (one.note) }
            @if !one.known.is_empty() {
                ul.known { @for known in &one.known { li { (known_thing(known)) } } }
            }
            @for panel in &one.forms { (folded(panel)) }
            @if let Some(link) = &one.more { p { (link.show()) } }
        }
    }
}

/// One thing that is known, with what can be done about it.
#[must_use]
pub fn known_thing(known: &Known) -> Markup {
    html! {
        div.row {
            span { strong { (known.text) } @if !known.note.is_empty() { " " span.meta { (known.note) } } }
            @if let Some(panel) = &known.remove { (button(panel)) }
        }
        @if let Some(panel) = &known.change { (folded(panel)) }
    }
}

/// A form behind its title; open where it was refused.
#[must_use]
pub fn folded(panel: &Panel) -> Markup {
    html! { details.more open[!panel.errors.is_empty()] { summary { (panel.title) } (form_of(panel)) } }
}

fn form_of(panel: &Panel) -> Markup {
    html! {
        form.keep method="post" action=(panel.action) novalidate {
            (form::error_summary(&panel.scope, &panel.errors))
            @for (name, value) in &panel.hidden { input type="hidden" name=(name) value=(value); }
            @for field in &panel.fields { (field.clone().among(&panel.errors).show(&panel.scope)) }
            p { button.main type="submit" { (panel.button) } }
        }
    }
}

fn button(panel: &Panel) -> Markup {
    html! {
        form method="post" action=(panel.action) {
            @for (name, value) in &panel.hidden { input type="hidden" name=(name) value=(value); }
            button.quiet type="submit" { (panel.button) span.hidden { ": " (panel.title) } }
        }
    }
}
