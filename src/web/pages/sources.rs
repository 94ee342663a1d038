//! The calendars that are read for a partner: how each stands, and what can be done about it.

use maud::{Markup, html};

use super::import::file_field;
use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Choice, Field, Level, Link};

/// All calendars of a partner.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// “Three calendars are read; one cannot be read just now.”
    pub summary: String,
    /// The calendars.
    pub sources: Vec<Standing>,
}

/// How one calendar stands, in words.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Its own page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Whose it is; only where several partners' are shown.
    pub partner: Option<String>,
    /// Where it is, without secrets.
    pub place: String,
    /// “Read Mon 4 January 2027, 07:00 EST, in 0.4 s: 2 new and 1 changed.”
    pub read: String,
    /// “Next on Mon 4 January 2027, 08:00 EST.”
    pub next: Option<String>,
    /// What is wrong, since when, and what still shows.
    pub trouble: Option<String>,
    /// It is paused, since when.
    pub paused: Option<String>,
    /// How many events wait for a decision.
    pub waiting: usize,
    /// How many doubtful rows wait for a yes or no.
    pub held: usize,
}

/// One calendar.
#[derive(Debug, Clone, Default)]
pub struct SourcePage {
    /// How it stands.
    pub standing: Standing,
    /// Its own address, where the forms are posted.
    pub action: String,
    /// The revision that was looked at.
    pub revision: u32,
    /// It is uploaded by hand: there is no address to read.
    pub is_uploaded: bool,
    /// Doubtful rows that wait for a yes or no.
    pub held: Vec<HeldRow>,
    /// How many more of them wait than are shown.
    pub held_more: usize,
    /// Rows that somebody left out; a yes is still possible.
    pub left_out: Vec<HeldRow>,
    /// Where one answer for all of them is posted.
    pub answer_all: String,
    /// What was withdrawn upstream and waits for a decision.
    pub withdrawn: Vec<Gone>,
    /// Its settings.
    pub fields: SourceFields,
    /// The record of its readings, newest first.
    pub readings: Vec<ReadingRow>,
}

/// A doubtful row of a calendar.
#[derive(Debug, Clone, Default)]
pub struct HeldRow {
    /// Its title.
    pub title: String,
    /// When, where, which line, and since when it waits.
    pub facts: Vec<String>,
    /// The event that it would change.
    pub event: Option<String>,
    /// What would change: field, before, after.
    pub differences: Vec<(String, String, String)>,
    /// Why somebody should look.
    pub reasons: Vec<String>,
    /// Who left it out, and when.
    pub said: Option<String>,
    /// Where an answer is posted.
    pub action: String,
    /// The mark of what is shown.
    pub mark: String,
    /// Its number and its mark, where several are answered alike.
    pub named: String,
}

/// An event that its calendar gives no longer.
#[derive(Debug, Clone, Default)]
pub struct Gone {
    /// The event.
    pub event: Link,
    /// When it is.
    pub when: String,
    /// Since when it is missing.
    pub since: String,
    /// Where a decision is posted; `keep`, `cancel` or `remove` follows.
    pub action: String,
}

/// One reading.
#[derive(Debug, Clone, Default)]
pub struct ReadingRow {
    /// When.
    pub at: String,
    /// How long it took.
    pub took: String,
    /// How it went, in words.
    pub outcome: String,
    /// New, changed, unchanged, held, withdrawn and refused; `None` where it could not be read.
    pub counts: Option<[usize; 6]>,
    /// What was wrong.
    pub message: Option<String>,
}

/// The settings of a calendar, as they are or were typed.
#[derive(Debug, Clone, Default)]
pub struct SourceFields {
    /// Field `name`.
    pub name: String,
    /// Field `time_zone`.
    pub zones: Vec<Choice>,
    /// Field `roles`.
    pub roles: Vec<Choice>,
    /// Field `mode`.
    pub modes: Vec<Choice>,
    /// Field `every`.
    pub every: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The form that adds a calendar.
#[derive(Debug, Clone, Default)]
pub struct NewSource {
    /// Where it is posted.
    pub action: String,
    /// For whom; only an operator chooses.
    pub partners: Vec<Choice>,
    /// Field `address`.
    pub address: String,
    /// The rest.
    pub fields: SourceFields,
}

/// Asks before a calendar is removed.
#[derive(Debug, Clone, Default)]
pub struct Removal {
    /// Its name.
    pub name: String,
    /// How many events it gave.
    pub gave: usize,
    /// Where a yes is posted.
    pub action: String,
    /// The revision that was looked at.
    pub revision: u32,
    /// Where a no leads.
    pub back: String,
}

/// All calendars of a partner.
#[must_use]
pub fn sources(page: &Sources) -> Markup {
    html! {
        p.over { a href="/desk" { "Your desk" } }
        div.tools {
            (layout::heading("Calendars we read", Some(&page.summary)))
            div.row { a.button href="/desk/import" { "Import a file once" } a.button.main href="/desk/sources/new" { "Add a calendar" } }
        }
        @if page.sources.is_empty() {
            (layout::empty(
                "None is connected yet",
                "Give the address of your calendar once, and its events come in by themselves: what is new, what moves, what is called off.",
                &[Link::new("/desk/sources/new", "Add a calendar")],
            ))
        } @else {
            h2.hidden { "The calendars" }
            ul.offers { @for one in &page.sources { li { (standing(one)) } } }
        }
    }
}

/// One calendar in a list.
pub(super) fn standing(one: &Standing) -> Markup {
    html! {
        h3 { a href=(one.href) { (one.name) } }
        p.meta { @if let Some(partner) = &one.partner { (partner) " · " } (one.place) }
        (state(one))
    }
}

fn state(one: &Standing) -> Markup {
    html! {
        @if let Some(trouble) = &one.trouble { p.wrong { (Level::High.icon()) span { (trouble) } } }
        @if let Some(paused) = &one.paused { p { strong { (paused) } } }
        p { (one.read) @if let Some(next) = &one.next { " " (next) } }
        (rows_that_wait(one))
        @if one.waiting > 0 {
            p.doubt {
                (Level::Medium.icon())
                span { a href={ (one.href) "#withdrawn" } {
                    @if one.waiting == 1 { "One event was withdrawn there and waits for you" }
                    @else { (one.waiting) " events were withdrawn there and wait for you" }
                } }
            }
        }
    }
}

/// How many doubtful rows of a calendar wait, and the way to them.
pub(super) fn rows_that_wait(one: &Standing) -> Markup {
    html! {
        @if one.held > 0 {
            p.doubt {
                (Level::Medium.icon())
                span { a href={ (one.href) "#doubts" } {
                    @if one.held == 1 { "One row of “" (one.name) "” waits for your yes or no" }
                    @else { (one.held) " rows of “" (one.name) "” wait for your yes or no" }
                } }
            }
        }
    }
}

/// One calendar.
#[must_use]
pub fn source(page: &SourcePage) -> Markup {
    html! {
        p.over { a href="/desk/sources" { "Calendars we read" } }
        (layout::heading(&page.standing.name, Some(&page.standing.place)))
        (form::error_summary("source", &page.fields.errors))
        div.split {
            div.body {
                section { h2 { "How it stands" } (state(&page.standing)) (at_once(page)) }
                (doubtful(page))
                (withdrawn(&page.withdrawn))
                (record(&page.readings))
            }
            div.aside { (settings(page)) (end(page)) }
        }
    }
}

fn at_once(page: &SourcePage) -> Markup {
    html! {
        @if page.is_uploaded {
            form method="post" action={ (page.action) "/content" } enctype="multipart/form-data" {
                (file_field("source", &page.fields.errors))
                button type="submit" { "Upload it anew" }
            }
            p.meta { "What the file no longer has is marked as withdrawn; you are asked about it." }
        } @else {
            div.row {
                form method="post" action={ (page.action) "/reading" } { button.main type="submit" { "Read it now" } }
                @if page.standing.paused.is_some() {
                    form method="post" action={ (page.action) "/resume" } { button type="submit" { "Read it again by itself" } }
                } @else {
                    form method="post" action={ (page.action) "/pause" } { button type="submit" { "Pause" } }
                }
            }
        }
    }
}

fn doubtful(page: &SourcePage) -> Markup {
    html! {
        @if !page.held.is_empty() {
            section #doubts {
                h2 { "Waiting for your yes or no" }
                p { "These rows are doubtful. Until you say yes, the calendar here stays as it was; after a no you are asked again only if the row says something else." }
                ul.offers { @for one in &page.held { li { (held(one)) } } }
                @if page.held.len() > 1 {
                    form.row method="post" action=(page.answer_all) {
                        @for one in &page.held { input type="hidden" name="row" value=(one.named); }
                        span { "All " (page.held.len()) " alike: " }
                        button type="submit" name="answer" value="yes" { "Take all of them in" }
                        button type="submit" name="answer" value="no" { "Leave all of them out" }
                    }
                }
                @if page.held_more > 0 { p.meta { (page.held_more) " more wait; they show as these are answered." } }
            }
        }
        @if !page.left_out.is_empty() {
            section {
                h2.hidden { "Left out" }
                details.more {
                    summary { "Left out on your word (" (page.left_out.len()) ")" }
                    ul.offers { @for one in &page.left_out { li { (held(one)) } } }
                }
            }
        }
    }
}

fn held(one: &HeldRow) -> Markup {
    html! {
        h3 { (one.title) }
        p.meta { (one.facts.join(" · ")) }
        @for reason in &one.reasons { p.doubt { (Level::Medium.icon()) span { (reason) } } }
        @for (field, old, new) in &one.differences {
            p.differs { span.meta { (field) ": " } del { (old) } span aria-hidden="true" { " → " } span.hidden { " becomes " } ins { (new) } }
        }
        @if let Some(event) = &one.event { p { a href=(event) { "Look at the event as it is" } } }
        @if let Some(said) = &one.said { p.meta { (said) } }
        form.row method="post" action=(one.action) {
            input type="hidden" name="mark" value=(one.mark);
            @if one.said.is_none() {
                button.main type="submit" name="answer" value="yes" { "Yes, take it in" span.hidden { ": " (one.title) } }
                button type="submit" name="answer" value="no" { "No, leave it out" span.hidden { ": " (one.title) } }
            } @else {
                button type="submit" name="answer" value="yes" { "Take it in after all" span.hidden { ": " (one.title) } }
            }
        }
    }
}

fn withdrawn(gone: &[Gone]) -> Markup {
    html! {
        @if !gone.is_empty() {
            section #withdrawn {
                h2 { "Withdrawn upstream" }
                p { "The calendar does not list these any more. They still show here until you say what is true." }
                ul.offers {
                    @for one in gone {
                        li {
                            h3 { (one.event.show()) }
                            p.meta { (one.when) " · missing since " (one.since) }
                            div.row {
                                form method="post" action={ (one.action) "keep" } { button type="submit" { "It is on: keep it" } }
                                form method="post" action={ (one.action) "cancel" } { button type="submit" { "It is off: mark it cancelled" } }
                                form method="post" action={ (one.action) "remove" } { button.danger type="submit" { "It was a mistake: take it off the calendar" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn record(readings: &[ReadingRow]) -> Markup {
    let heads = ["New", "Changed", "Same", "Held", "Withdrawn", "Refused"];
    html! {
        section #readings {
            h2 { "Readings" }
            @if readings.is_empty() { p { "None yet." } } @else {
                table.data.stack {
                    caption { "The latest first." }
                    thead { tr {
                        th scope="col" { "When" } th scope="col" { "How it went" }
                        @for head in heads { th.num scope="col" { (head) } }
                    } }
                    tbody { @for one in readings { tr {
                        th scope="row" { (one.at) " " span.meta { (one.took) } }
                        td { (one.outcome) @if let Some(message) = &one.message { ": " (message) } }
                        @for (n, head) in heads.iter().enumerate() {
                            td.num data-label=(head) { @if let Some(counts) = &one.counts { (counts[n]) } @else { span.meta { "none" } } }
                        }
                    } } }
                }
            }
        }
    }
}

fn settings(page: &SourcePage) -> Markup {
    html! {
        section.panel {
            h2 { "Settings" }
            form method="post" action=(page.action) novalidate {
                input type="hidden" name="revision" value=(page.revision);
                (fields(&page.fields, "source", page.is_uploaded))
                button type="submit" { "Save" }
            }
        }
    }
}

fn end(page: &SourcePage) -> Markup {
    html! {
        section.panel {
            h2 { "Remove it" }
            p { "It is not read any more. The events that it gave stay." }
            p { a.button.danger href={ (page.action) "/removal" } { "Remove…" } }
        }
    }
}

fn fields(fields: &SourceFields, scope: &str, is_uploaded: bool) -> Markup {
    let unsaid = "Only for events that do not say it themselves.";
    let errors = &fields.errors;
    html! {
        (Field::line("text", "name", "Name").value(&fields.name).hint("What your people call it. Without one, its host.").among(errors).show(scope))
        (Field::select("time_zone", "Zone of times that name none", &fields.zones).among(errors).show(scope))
        @if !is_uploaded { (Field::select("every", "How often it is read", &fields.every).among(errors).show(scope)) }
        (Field::select("mode", "How people take part", &fields.modes).hint(unsaid).among(errors).show(scope))
        (Field::checks("roles", "Whom its events are for", &fields.roles).hint(unsaid).among(errors).show(scope))
    }
}

/// The form that adds a calendar.
#[must_use]
pub fn new(page: &NewSource) -> Markup {
    let lead = "It is read now and then again and again. What vanishes there is never deleted here: you are asked.";
    let hint = "The secret or public address in iCal format: https://… or webcal://…, often ending in .ics. Only its host is ever shown.";
    html! {
        p.over { a href="/desk/sources" { "Calendars we read" } }
        (layout::heading("Add a calendar", Some(lead)))
        (form::error_summary("source", &page.fields.errors))
        form method="post" action=(page.action) enctype="multipart/form-data" novalidate {
            @if !page.partners.is_empty() { (Field::select("partner", "Whose calendar it is", &page.partners).among(&page.fields.errors).show("source")) }
            (Field::line("url", "address", "Address").value(&page.address).hint(hint).among(&page.fields.errors).show("source"))
            details.more open[page.fields.errors.iter().any(|error| error.field == "file")] {
                summary { "There is no address: upload a file now and then" }
                (file_field("source", &page.fields.errors))
            }
            div.part { (fields(&page.fields, "source", false)) }
            div.actions { button.main type="submit" { "Add and read it" } }
        }
    }
}

/// Asks before a calendar is removed.
#[must_use]
pub fn removal(page: &Removal) -> Markup {
    html! {
        (layout::heading(&format!("Remove “{}”?", page.name), None))
        p { "It is not read any more, and the record of its readings goes. "
            @if page.gave == 1 { "The event that it gave stays" } @else { "The " (page.gave) " events that it gave stay" }
            " in the calendar, and can be changed here."
        }
        div.actions {
            form method="post" action=(page.action) {
                input type="hidden" name="revision" value=(page.revision);
                button.danger type="submit" { "Remove it" }
            }
            a.button href=(page.back) { "Keep it" }
        }
    }
}
