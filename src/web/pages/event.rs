//! An event's page: facts, what changed, findings, what it is set beside, and the next steps of its life.

use maud::{Markup, PreEscaped, html};

use super::coming::{SayComing, say_coming};
use super::sides::{self, SidesPanel};
use crate::domain::{EventStatus, Mode};
use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{EventRow, Field, FindingCard, Level, Link, PartnerChip, WhenWords, badge, finding, rows};

/// An event's page.
#[derive(Debug, Clone)]
pub struct EventPage {
    /// “Convening”, “Session of Chief equity officers”.
    pub kind: String,
    /// Its title.
    pub title: String,
    /// Where it stands.
    pub status: EventStatus,
    /// In person, virtual or both.
    pub mode: Mode,
    /// Who calls it, the host first.
    pub partners: Vec<PartnerChip>,
    /// When.
    pub when: WhenWords,
    /// One sentence that must be read first: “Cancelled on 12 March 2020. …”.
    pub notice: Option<(Level, String)>,
    /// The facts, in order.
    pub facts: Vec<Fact>,
    /// More about it, as paragraphs.
    pub description: Vec<String>,
    /// What was found about it, gravest first.
    pub findings: Vec<FindingCard>,
    /// What several sources say of it, for those who may choose.
    pub sides: Option<SidesPanel>,
    /// The convening it is set beside.
    pub anchor: Option<SetBeside>,
    /// What is set beside it.
    pub satellites: Vec<EventRow>,
    /// Its history, latest first.
    pub history: Vec<Change>,
    /// Its `.ics`, to put it into one's own calendar.
    pub ics: String,
    /// What machines may read about it (schema.org Event), as JSON text.
    pub json_ld: Option<String>,
    /// Where better dates are shown, for those who may move it.
    pub better_dates: Option<String>,
    /// The way to the answers on its dates, with where they stand.
    pub answers: Option<(Link, String)>,
    /// The form by which somebody says that they come, while there is something to come to.
    pub come: Option<SayComing>,
    /// The next steps, for those who may take them.
    pub steps: Vec<StepForm>,
}

/// The convening that an event is set beside, and what comes with it.
#[derive(Debug, Clone)]
pub struct SetBeside {
    /// The convening.
    pub row: EventRow,
    /// Whose decision it is what becomes of it: “This cannot move alone: NLC decides on what it is set beside.”
    pub decision: String,
    /// What was found about it, gravest first.
    pub findings: Vec<FindingCard>,
}

/// One fact, and what it was before.
#[derive(Debug, Clone, Default)]
pub struct Fact {
    /// “Place”.
    pub term: String,
    /// “Phoenix Convention Center, Phoenix, AZ”.
    pub text: String,
    /// Where the text leads.
    pub href: Option<String>,
    /// What it was before it changed.
    pub was: Option<String>,
}

/// One change of its history.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// What changed, in one sentence.
    pub text: String,
    /// Who changed it and when: “Ada Sample, 12 March 2026, 14:05 UTC”.
    pub by: String,
}

/// One step of an event's life, as a form.
#[derive(Debug, Clone, Default)]
pub struct StepForm {
    /// Keeps ids apart: `confirm`, `move`, `virtual`, `postpone`, `cancel`.
    pub scope: String,
    /// What opens it: “Move to other dates”.
    pub title: String,
    /// What follows from it, said beforehand.
    pub note: Option<String>,
    /// Where it is posted: `/events/ID/confirmation`.
    pub action: String,
    /// What the button says.
    pub button: String,
    /// The event's revision when the page was made: someone else's change in between is not overwritten.
    pub revision: u32,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
    /// The step most likely to come next: shown open, as the main button.
    pub main: bool,
    /// A step that many will feel.
    pub danger: bool,
}

/// An event's page.
#[must_use]
pub fn event(page: &EventPage) -> Markup {
    html! {
        (top(page))
        div.split {
            div.body {
                section aria-label="Facts" { (facts(page)) }
                @if !page.description.is_empty() { section { h2 { "About" } @for paragraph in &page.description { p { (paragraph) } } } }
                // A question comes before what was found by rules; what is settled after it.
                @if let Some(sides) = page.sides.as_ref().filter(|sides| sides.open) { (sides::panel(sides)) }
                (found(page))
                @if let Some(sides) = page.sides.as_ref().filter(|sides| !sides.open) { (sides::panel(sides)) }
                (beside(page))
                @if !page.history.is_empty() { (history(&page.history)) }
            }
            div.aside {
                @if let Some((link, words)) = &page.answers {
                    section.panel.noprint #answers { h2 { "Answers" } @if !words.is_empty() { p { (words) } } p { a.button href=(link.href) { (link.text) } } }
                }
                (add(page))
                @if let Some(form) = &page.come { (say_coming(form)) }
                @if !page.steps.is_empty() { (steps(page)) }
            }
        }
        @if let Some(json) = &page.json_ld { (json_ld(json)) }
    }
}

fn top(page: &EventPage) -> Markup {
    html! {
        div.head {
            p.over { (page.kind) }
            h1 { (page.title) }
            div.row.meta { @for partner in &page.partners { (partner.show()) } (badge::status(page.status)) (badge::mode(page.mode)) }
        }
        @if let Some((level, text)) = &page.notice { div class={ "banner " (level.class()) } { (level.icon()) p { (text) } } }
    }
}

fn facts(page: &EventPage) -> Markup {
    html! {
        dl.facts {
            div { dt { "When" } dd.when { (page.when.show()) } }
            @for fact in &page.facts { div { dt { (fact.term) } dd { (fact_text(fact)) } } }
        }
    }
}

fn fact_text(fact: &Fact) -> Markup {
    let text = html! { @if let Some(href) = &fact.href { a href=(href) { (fact.text) } } @else { (fact.text) } };
    html! {
        @if let Some(was) = &fact.was { ins { "now " (text) } br; span.meta { "was " del { (was) } } } @else { (text) }
    }
}

fn found(page: &EventPage) -> Markup {
    let levels: Vec<Level> = page.findings.iter().map(|finding| finding.level).collect();
    html! {
        section #findings {
            h2 { "Findings" }
            @if page.findings.is_empty() { p { "No conflicts were found." } } @else {
                p.meta {
                    (badge::capital(&finding::tally(&levels))) "."
                    @if let Some(href) = &page.better_dates { " " a href=(href) { "See better dates" } "." }
                }
                (finding::list(&page.findings))
            }
        }
    }
}

fn beside(page: &EventPage) -> Markup {
    html! {
        @if let Some(anchor) = &page.anchor {
            section.small { h2 { "Set beside" } (rows::event_list(std::slice::from_ref(&anchor.row))) }
            @if !anchor.findings.is_empty() {
                section #inherited {
                    h2 { "What was found about that" }
                    p.meta { (anchor.decision) }
                    (finding::list(&anchor.findings))
                }
            }
        }
        @if !page.satellites.is_empty() { section.small { h2 { "Set beside this" } (rows::event_list(&page.satellites)) } }
    }
}

/// The history of changes, latest first.
#[must_use]
pub fn history(changes: &[Change]) -> Markup {
    html! {
        section {
            h2 { "History" }
            ol.log { @for change in changes { li { (change.text) span.meta { (change.by) } } } }
        }
    }
}

fn add(page: &EventPage) -> Markup {
    html! {
        section.panel.noprint {
            h2 { "In your calendar" }
            p { a.button href=(page.ics) { "Add this event" } }
            p.meta { "A file for any calendar program. It does not follow later changes: " a href="/subscribe" { "subscribe" } " for that." }
        }
    }
}

fn steps(page: &EventPage) -> Markup {
    html! {
        section.panel.noprint {
            h2 { "Next steps" }
            @for step in page.steps.iter().filter(|step| step.main) {
                (step_form(step))
            }
            @for step in page.steps.iter().filter(|step| !step.main) {
                details.more open[!step.errors.is_empty()] { summary { (step.title) } (step_form(step)) }
            }
        }
    }
}

/// Steps to choose from, each behind its title.
#[must_use]
pub fn choices(all: &[StepForm]) -> Markup {
    html! {
        @for step in all { details.more open[!step.errors.is_empty()] { summary { (step.title) } (step_form(step)) } }
    }
}

fn step_form(step: &StepForm) -> Markup {
    html! {
        form method="post" action=(step.action) {
            (form::error_summary(&step.scope, &step.errors))
            @if let Some(note) = &step.note { p.meta { (note) } }
            input type="hidden" name="revision" value=(step.revision);
            @for field in &step.fields { (field.clone().among(&step.errors).show(&step.scope)) }
            p { button.main[step.main].danger[step.danger] type="submit" { (step.button) } }
        }
    }
}

/// Data for machines. It is no script that runs; `<` is written so that no text can end the element.
fn json_ld(json: &str) -> Markup {
    let safe = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    html! { script type="application/ld+json" { (PreEscaped(safe)) } }
}
