//! The mail that goes out, to be read before and after.

use maud::{Markup, html};

use crate::web::layout::{self, Choice, Field, Link, Paging};

/// The list of outgoing mail.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// “31 letters, newest first”, and how many more there are.
    pub summary: String,
    /// What is looked for.
    pub search: LetterSearch,
    /// What is told once a plan is left alone, the next to go first.
    pub waiting: Vec<WaitingNotice>,
    /// The mails, latest first.
    pub letters: Vec<LetterRow>,
    /// The parts before and after.
    pub paging: Paging,
    /// What is wrong with sending, in words; for operators.
    pub alerts: Vec<String>,
    /// Where the addresses are that are not written to, for those who look after them.
    pub suppressions: Option<String>,
    /// Where replies go, for those who say where.
    pub contact: Option<Contact>,
}

/// Where replies to letters about a partner's plans go.
#[derive(Debug, Clone, Default)]
pub struct Contact {
    /// The address, or what was typed.
    pub address: String,
    /// The service's own address, which takes them where the partner names none.
    pub otherwise: String,
    /// What is wrong with it.
    pub error: Option<String>,
}

/// What is looked for, as it was typed.
#[derive(Debug, Clone, Default)]
pub struct LetterSearch {
    /// A recipient's address or name.
    pub person: String,
    /// An event's title, or its id.
    pub event: String,
    /// Where letters are, `?state=`.
    pub states: Vec<Choice>,
    /// Something is looked for.
    pub narrows: bool,
}

/// News that is kept back until it is quiet, as it would be told now.
#[derive(Debug, Clone, Default)]
pub struct WaitingNotice {
    /// Its subject.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// When it goes, if nothing more happens.
    pub due: String,
    /// Its text.
    pub text: String,
}

/// One mail in a list.
#[derive(Debug, Clone, Default)]
pub struct LetterRow {
    /// Its page.
    pub href: String,
    /// Its subject.
    pub subject: String,
    /// To whom.
    pub to: String,
    /// When it was written, or sent.
    pub when: String,
    /// “waits”, “sent”, “failed: …”.
    pub state: String,
    /// “3 attempts”, where it took more than one.
    pub attempts: Option<String>,
}

/// One mail as it goes out.
#[derive(Debug, Clone, Default)]
pub struct LetterPage {
    /// Its subject.
    pub subject: String,
    /// What became of it when, in order: “Written”, “Sent”, and the time.
    pub times: Vec<(String, String)>,
    /// The events that it tells of.
    pub events: Vec<Link>,
    /// Its headers, in order: name and value.
    pub headers: Vec<(String, String)>,
    /// Why its text is not shown.
    pub closed: Option<String>,
    /// Its plain text.
    pub text: String,
    /// Where its HTML part is served by itself.
    pub html: Option<String>,
    /// Its calendar part.
    pub calendar: Option<String>,
    /// The list it came from.
    pub back: String,
    /// What became of it: “sent”, “failed: …”.
    pub state: String,
    /// Where it is sent again, where it may be.
    pub again: Option<String>,
}

/// The list of outgoing mail.
#[must_use]
pub fn outbox(page: &Outbox) -> Markup {
    html! {
        (layout::heading("Outgoing mail", Some(&page.summary)))
        @if !page.alerts.is_empty() {
            section.panel {
                h2 { "Look at this" }
                @for alert in &page.alerts { p.wrong { (layout::Level::High.icon()) span { (alert) } } }
                form method="post" action="/desk/mail/resumption" { button type="submit" { "It is mended: try again now" } }
            }
        }
        @if let Some(href) = &page.suppressions { p { a href=(href) { "Addresses not written to" } } }
        @if !page.waiting.is_empty() { (waiting(&page.waiting)) }
        section {
            h2 { "Written" }
            (search_form(&page.search))
            @match (page.letters.is_empty(), page.search.narrows) {
                (true, true) => (layout::empty("No such letter", NOT_FOUND, &[Link::new("/desk/mail", "Show all letters")])),
                (true, false) => (layout::empty("No mail yet", "Digests, notices and sign-in links will be listed here.", &[])),
                (false, _) => (letter_table(&page.letters)),
            }
        }
        (page.paging.show())
        @if let Some(contact) = &page.contact { (replies(contact)) }
    }
}

fn replies(contact: &Contact) -> Markup {
    let hint = format!("A mailbox that somebody reads. Left empty, {} takes them.", contact.otherwise);
    let field = Field::line("email", "contact", "Address").value(&contact.address).hint(&hint).error(contact.error.as_deref());
    html! {
        section.panel #replies {
            h2 { "Where replies go" }
            p { "Whoever answers a letter about your plans writes to this address." }
            form method="post" action="/desk/mail/contact" { (field.show("replies")) p { button type="submit" { "Keep" } } }
        }
    }
}

const NOT_FOUND: &str = "Nothing that fits went out in the last 90 days; older letters are forgotten.";

fn search_form(search: &LetterSearch) -> Markup {
    html! {
        form.filters method="get" action="/desk/mail" role="search" aria-label="Find a letter" {
            p.inline {
                label for="mail-person" { "Person" }
                input #mail-person type="search" name="person" value=(search.person) placeholder="name or address";
            }
            p.inline {
                label for="mail-event" { "Event" }
                input #mail-event type="search" name="event" value=(search.event) placeholder="words of its title";
            }
            p.inline {
                label for="mail-state" { "State" }
                select #mail-state name="state" {
                    @for state in &search.states { option value=(state.value) selected[state.chosen] { (state.label) } }
                }
            }
            button type="submit" { "Find" }
            @if search.narrows { a href="/desk/mail" { "Show all" } }
        }
    }
}

fn waiting(notices: &[WaitingNotice]) -> Markup {
    html! {
        section {
            h2 { "Waiting until it is quiet" }
            p.meta { "A burst of changes becomes one mail a person. What is urgent goes at once." }
            @for notice in notices {
                details.more {
                    summary { (notice.subject) }
                    p { "To " (notice.to) ", on " (notice.due) " if nothing more happens." }
                    pre.fold { (notice.text) }
                }
            }
        }
    }
}

/// Mails as a table.
#[must_use]
pub fn letter_table(letters: &[LetterRow]) -> Markup {
    html! {
        table.data.stack {
            thead { tr { th scope="col" { "Subject" } th scope="col" { "To" } th scope="col" { "When" } th scope="col" { "State" } } }
            tbody {
                @for letter in letters {
                    tr {
                        th scope="row" { a href=(letter.href) { (letter.subject) } }
                        td data-label="To" { (letter.to) }
                        td.when data-label="When" { (letter.when) }
                        td data-label="State" {
                            (letter.state)
                            @if let Some(attempts) = &letter.attempts { br; span.meta { (attempts) } }
                        }
                    }
                }
            }
        }
    }
}

/// One mail.
#[must_use]
pub fn letter(page: &LetterPage) -> Markup {
    html! {
        p.over { a href=(page.back) { "Outgoing mail" } }
        (layout::heading(&page.subject, None))
        @if !page.state.is_empty() { p { strong { (page.state) } } }
        @if let Some(action) = &page.again {
            form method="post" action=(action) {
                p.meta { "Somebody may get it twice, if it did arrive." }
                button type="submit" { "Send again" }
            }
        }
        dl.facts {
            @for (name, value) in page.times.iter().chain(&page.headers) { div { dt { (name) } dd { (value) } } }
            @if !page.events.is_empty() {
                div { dt { "Tells of" } dd { @for (at, event) in page.events.iter().enumerate() { @if at > 0 { br; } (event.show()) } } }
            }
        }
        @match &page.closed {
            Some(why) => p.meta { (why) },
            None => section { h2 { "As plain text" } pre.fold { (page.text) } },
        }
        @if let Some(html) = &page.html { section { h2 { "As HTML" } p { a.button href=(html) { "Open the HTML part" } } } }
        @if let Some(calendar) = &page.calendar { section { h2 { "Calendar part" } pre.fold { (calendar) } } }
    }
}
