//! Dates proposed for a plan: answer them, see what was answered, choose, or ask somebody.

use maud::{Markup, html};

use crate::domain::proposal::Answer;
use crate::domain::{EventStatus, Mode};
use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{Field, Level, Link, PartnerChip, WhenWords, badge};

/// The page.
#[derive(Debug, Clone)]
pub struct AnswersPage {
    /// The plan's title.
    pub title: String,
    /// The plan's own page, for those who may see it.
    pub plan: Option<Link>,
    /// Who calls it, the host first.
    pub partners: Vec<PartnerChip>,
    /// Where it stands.
    pub status: EventStatus,
    /// In person, virtual or both.
    pub mode: Mode,
    /// “Ada Sample asks which of these three dates suit, by Fri 5 March 2027.”
    pub lead: String,
    /// That it is over, and how it ended.
    pub notice: Option<(Level, String)>,
    /// More about the plan, as paragraphs.
    pub about: Vec<String>,
    /// To answer, for those who are asked.
    pub answer: Option<AnswerForm>,
    /// The dates, in order of time.
    pub dates: Vec<DateCard>,
    /// Who says what.
    pub table: Option<AnswerTable>,
    /// To ask, or to ask more, for those who decide.
    pub ask: Option<AskForm>,
    /// Where all of it is taken back, for those who decide.
    pub take_back: Option<String>,
}

/// One of the dates.
#[derive(Debug, Clone, Default)]
pub struct DateCard {
    /// When.
    pub when: WhenWords,
    /// Where, if not where the plan is.
    pub place: Option<String>,
    /// “2 yes, 1 no, 1 open”.
    pub tally: String,
    /// It suits best so far.
    pub best: bool,
    /// It was chosen.
    pub chosen: bool,
    /// What would be found there, gravest first.
    pub findings: Vec<(Level, String)>,
    /// To choose it.
    pub choose: Option<Post>,
    /// To offer it no more.
    pub drop: Option<Post>,
}

/// A button that posts something.
#[derive(Debug, Clone, Default)]
pub struct Post {
    /// Where.
    pub action: String,
    /// What goes with it: name and value.
    pub hidden: Vec<(String, String)>,
}

/// The form to answer.
#[derive(Debug, Clone)]
pub struct AnswerForm {
    /// “Your answer for Prairie Network”.
    pub title: String,
    /// Where it is posted.
    pub action: String,
    /// For whom the reader answers, where that is to be chosen.
    pub answers_for: Option<Field>,
    /// For each of the dates yes, if need be, or no; with what would be found there, gravest first.
    pub dates: Vec<(Field, Vec<(Level, String)>)>,
    /// What to add.
    pub note: Field,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
    /// It is not the reader who is asked: the form stands behind its title, after the answers.
    pub aside: bool,
}

/// Who says what: a row each, a column for each of the dates.
#[derive(Debug, Clone, Default)]
pub struct AnswerTable {
    /// The dates, short: “6–8 October 2027”.
    pub dates: Vec<String>,
    /// Who was asked.
    pub rows: Vec<AnswerRow>,
}

/// What one of those asked says.
#[derive(Debug, Clone, Default)]
pub struct AnswerRow {
    /// Their name.
    pub name: String,
    /// What they say of each; `None` where they have not.
    pub cells: Vec<Option<Answer>>,
    /// “Ben Sample: “Prefer the second””.
    pub note: String,
    /// To ask them no more.
    pub drop: Option<Post>,
}

/// The form to ask.
#[derive(Debug, Clone, Default)]
pub struct AskForm {
    /// “Ask which dates suit”, “Ask more”.
    pub title: String,
    /// What happens to the plan's own dates.
    pub hint: String,
    /// Where it is posted.
    pub action: String,
    /// More dates: a group of fields each.
    pub dates: Vec<Vec<Field>>,
    /// Whom.
    pub whom: Vec<Field>,
    /// Until when, and what to say.
    pub rest: Vec<Field>,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
    /// Nobody is asked yet: the form is what the page is for.
    pub open: bool,
}

/// The page.
#[must_use]
pub fn answers(page: &AnswersPage) -> Markup {
    html! {
        (top(page))
        @for paragraph in &page.about { p { (paragraph) } }
        @if let Some(form) = page.answer.as_ref().filter(|form| !form.aside) { (answer_form(form)) }
        @if !page.dates.is_empty() {
            section #dates {
                h2 { "The dates" }
                ul.offers { @for date in &page.dates { li { (date_card(date)) } } }
            }
        }
        @if let Some(table) = &page.table { (answer_table(table)) }
        @if let Some(form) = page.answer.as_ref().filter(|form| form.aside) { (answer_form(form)) }
        @if let Some(form) = &page.ask { (ask_form(form)) }
        @if let Some(action) = &page.take_back {
            section.small {
                h2 { "Take it back" }
                form method="post" action=(action) {
                    p.meta { "Nobody is asked any more, and those who were asked do not see the plan any more. Whoever was written to is told." }
                    p { button type="submit" { "Ask nobody any more" } }
                }
            }
        }
    }
}

fn top(page: &AnswersPage) -> Markup {
    html! {
        div.head {
            p.over { "Dates proposed for" }
            h1 { @if let Some(plan) = &page.plan { (plan.show()) } @else { (page.title) } }
            div.row.meta { @for partner in &page.partners { (partner.show()) } (badge::status(page.status)) (badge::mode(page.mode)) }
            p.lead { (page.lead) }
        }
        @if let Some((level, text)) = &page.notice { div class={ "banner " (level.class()) } { (level.icon()) p { (text) } } }
    }
}

fn answer_form(form: &AnswerForm) -> Markup {
    let fields = html! {
        form method="post" action=(form.action) {
            (form::error_summary("answer", &form.errors))
            @if let Some(field) = &form.answers_for { (field.clone().among(&form.errors).show("answer")) }
            @for (date, findings) in &form.dates {
                div.ballot { (date.clone().among(&form.errors).show("answer")) (found(findings)) }
            }
            (form.note.clone().among(&form.errors).show("answer"))
            p { button.main[!form.aside] type="submit" { "Send the answer" } }
        }
    };
    html! {
        section.panel #answer { (behind(&form.title, &fields, form.aside && form.errors.is_empty())) }
    }
}

/// A form under its title, or behind it.
fn behind(title: &str, fields: &Markup, closed: bool) -> Markup {
    html! { @if closed { details.more { summary { (title) } (fields) } } @else { h2 { (title) } (fields) } }
}

fn found(findings: &[(Level, String)]) -> Markup {
    html! {
        @if !findings.is_empty() { ul.found { @for (level, sentence) in findings { li { (level.badge()) " " (sentence) } } } }
    }
}

fn date_card(date: &DateCard) -> Markup {
    let when = html! { (date.when.days) @if let Some(hours) = &date.when.hours { ", " (hours) } };
    html! {
        h3 { (date.when.show()) }
        div.row.meta {
            @if let Some(place) = &date.place { span { (place) } }
            @if !date.tally.is_empty() { span { (date.tally) } }
            @if date.chosen { span.level.is-good { (Level::Opportunity.icon()) "Chosen" } }
            @if date.best { span.level.is-good { (Level::Opportunity.icon()) "Suits best so far" } }
        }
        (found(&date.findings))
        @if date.choose.is_some() || date.drop.is_some() {
            div.actions {
                @if let Some(post) = &date.choose { (button(post, "Choose these dates", &when, date.best)) }
                @if let Some(post) = &date.drop { (button(post, "Offer them no more", &when, false)) }
            }
        }
    }
}

fn button(post: &Post, words: &str, about: &Markup, main: bool) -> Markup {
    html! {
        form method="post" action=(post.action) {
            @for (name, value) in &post.hidden { input type="hidden" name=(name) value=(value); }
            button.main[main] type="submit" { (words) span.hidden { ": " (about) } }
        }
    }
}

fn answer_table(table: &AnswerTable) -> Markup {
    let drops = table.rows.iter().any(|row| row.drop.is_some());
    html! {
        section #answers {
            h2 { "Who says what" }
            div.scroll tabindex="0" role="region" aria-label="Answers" {
                table.data.votes {
                    thead { tr {
                        th scope="col" { "Asked" }
                        @for date in &table.dates { th scope="col" { (date) } }
                        th scope="col" { "Note" }
                        @if drops { th scope="col" { span.hidden { "Ask no more" } } }
                    } }
                    tbody {
                        @for row in &table.rows {
                            tr {
                                th scope="row" { (row.name) }
                                @for cell in &row.cells { (cell_of(*cell)) }
                                td { (row.note) }
                                @if drops {
                                    td { @if let Some(post) = &row.drop { (button(post, "Ask no more", &html! { (row.name) }, false)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn cell_of(answer: Option<Answer>) -> Markup {
    let (class, level) = match answer {
        Some(Answer::Yes) => ("is-good", Some(Level::Opportunity)),
        Some(Answer::Maybe) => ("is-low", Some(Level::Low)),
        Some(Answer::No) => ("is-high", Some(Level::High)),
        None => ("", None),
    };
    html! {
        td {
            @match (answer, level) {
                (Some(answer), Some(level)) => span class={ "level " (class) } { (level.icon()) (answer.words()) },
                _ => span.meta { "Not answered" },
            }
        }
    }
}

fn ask_form(form: &AskForm) -> Markup {
    let fields = html! {
        form method="post" action=(form.action) {
            (form::error_summary("ask", &form.errors))
            p.meta { (form.hint) }
            @for field in &form.whom { (field.clone().among(&form.errors).show("ask")) }
            @for (number, dates) in form.dates.iter().enumerate() {
                fieldset.offer {
                    legend { "Other dates " (number + 1) }
                    div.pair { @for field in dates { (field.clone().among(&form.errors).show("ask")) } }
                }
            }
            @for field in &form.rest { (field.clone().among(&form.errors).show("ask")) }
            p { button.main[form.open] type="submit" { "Send it" } }
        }
    };
    html! {
        section.panel #ask {
            (behind(&form.title, &fields, !form.open && form.errors.is_empty()))
        }
    }
}
