//! Saying that one comes, and off; and who comes, for those who call it. Opening a page changes nothing.

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Choice, Field};

/// The form on an event's page by which somebody says that they come.
#[derive(Debug, Clone, Default)]
pub struct SayComing {
    /// Where it is posted: `/events/ID/guests`.
    pub action: String,
    /// The dates of a series to choose from; none for an event that happens once.
    pub dates: Vec<Choice>,
    /// Address and name, as typed.
    pub email: String,
    /// The name, as typed.
    pub name: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

/// The page behind a link in a letter: a yes to it with one button.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    /// What is asked: “Do you come?”.
    pub title: String,
    /// To what.
    pub event: String,
    /// When that is.
    pub when: String,
    /// What follows from a yes.
    pub text: String,
    /// Where the yes is posted.
    pub action: String,
    /// What the button says.
    pub button: String,
}

/// Who comes to an event.
#[derive(Debug, Clone, Default)]
pub struct Guests {
    /// The event's title.
    pub title: String,
    /// Its page.
    pub event: String,
    /// How many come, in words.
    pub tally: String,
    /// Everybody who confirmed.
    pub rows: Vec<GuestRow>,
    /// The form that asks a speaker; `None` where the event names none, or is over.
    pub ask: Option<AskSpeaker>,
}

/// Somebody who comes, or said off.
#[derive(Debug, Clone, Default)]
pub struct GuestRow {
    /// Their name, or their address.
    pub name: String,
    /// Their address.
    pub email: String,
    /// “comes”, “speaks”, “said off”.
    pub state: String,
    /// Which date of a series.
    pub date: Option<String>,
    /// How and when they opted in, and off.
    pub how: String,
}

/// The form that asks a speaker whether they want the invitation.
#[derive(Debug, Clone, Default)]
pub struct AskSpeaker {
    /// Where it is posted.
    pub action: String,
    /// The event's speakers.
    pub speakers: Vec<Choice>,
    /// The dates of a series.
    pub dates: Vec<Choice>,
    /// The address, as typed.
    pub email: String,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

/// The form, as a panel beside the event.
#[must_use]
pub fn say_coming(form: &SayComing) -> Markup {
    let email = Field::line("email", "email", "Mail address").value(&form.email).autocomplete("email").required();
    let name = Field::line("text", "name", "Name").value(&form.name).autocomplete("name");
    html! {
        section.panel.noprint #come {
            h2 { "Do you come?" }
            (form::error_summary("come", &form.errors))
            form method="post" action=(form.action) novalidate {
                (dates(&form.dates, &form.errors, "come"))
                (email.among(&form.errors).show("come"))
                (name.hint("Only those who call it see who comes.").among(&form.errors).show("come"))
                button type="submit" { "I come" }
            }
            p.meta { "We write to you once to make sure. After your yes your calendar gets the entry, and you get one letter when time or place change. Each has a link to say off." }
        }
    }
}

fn dates(dates: &[Choice], errors: &[FieldError], scope: &str) -> Markup {
    html! { @if !dates.is_empty() { (Field::select("date", "Which date", dates).required().among(errors).show(scope)) } }
}

/// The page behind a link.
#[must_use]
pub fn answer(page: &Answer) -> Markup {
    html! {
        (layout::heading(&page.title, None))
        p { strong { (page.event) } br; span.when { (page.when) } }
        p { (page.text) }
        form method="post" action=(page.action) { button.main type="submit" { (page.button) } }
        p.meta { "Until you press the button nothing changes." }
    }
}

/// Who comes.
#[must_use]
pub fn guests(page: &Guests) -> Markup {
    html! {
        p.over { a href=(page.event) { (page.title) } }
        (layout::heading("Who comes", Some(&page.tally)))
        @if page.rows.is_empty() {
            (layout::empty("Nobody yet", "People say on its page that they come, and confirm it by mail.", &[]))
        } @else { (table(page)) }
        @if let Some(ask) = &page.ask { (ask_speaker(ask)) }
    }
}

fn table(page: &Guests) -> Markup {
    let is_series = page.rows.iter().any(|row| row.date.is_some());
    html! {
        table.data.stack {
            caption { "Only people of the partners who call it see this list." }
            thead { tr { th scope="col" { "Who" } th scope="col" { "State" } @if is_series { th scope="col" { "Date" } } th scope="col" { "Opted in" } } }
            tbody {
                @for row in &page.rows {
                    tr {
                        th scope="row" { (row.name) @if row.name != row.email { br; span.meta { (row.email) } } }
                        td data-label="State" { (row.state) }
                        @if is_series { td.when data-label="Date" { (row.date.as_deref().unwrap_or("–")) } }
                        td data-label="Opted in" { (row.how) }
                    }
                }
            }
        }
    }
}

fn ask_speaker(ask: &AskSpeaker) -> Markup {
    let email = Field::line("email", "email", "Their mail address").value(&ask.email).required();
    html! {
        section {
            h2 { "Invite a speaker" }
            p { "They are asked once by mail. Only after their yes they get the entry for their calendar, and word when it changes." }
            (form::error_summary("speaker", &ask.errors))
            form method="post" action=(ask.action) novalidate {
                (Field::select("speaker", "Who", &ask.speakers).required().among(&ask.errors).show("speaker"))
                (dates(&ask.dates, &ask.errors, "speaker"))
                (email.among(&ask.errors).show("speaker"))
                button type="submit" { "Ask them" }
            }
        }
    }
}
