//! One's own mail subscription: confirming, changing and ending it. Opening a page changes nothing.

use maud::{Markup, html};

use super::subscribe::{MailChoices, mail_choices};
use crate::web::layout;
use crate::web::layout::form::{self, FieldError};

/// The page that the link in the first mail leads to.
#[derive(Debug, Clone, Default)]
pub struct Confirm {
    /// Where the yes is posted.
    pub action: String,
    /// Which address.
    pub email: String,
    /// The browser that signed up: it is asked nothing more, where scripts run.
    pub at_once: bool,
    /// What it will get: “A digest each month for equity staff, at 08:00 in New York”.
    pub words: String,
}

/// The page to change or end a subscription.
#[derive(Debug, Clone, Default)]
pub struct Manage {
    /// Where changes are posted.
    pub action: String,
    /// Where ending it is posted: `/unsubscribe/TOKEN`.
    pub end: String,
    /// Which address.
    pub email: String,
    /// What, how often and when.
    pub choices: MailChoices,
    /// What is wrong with the changes.
    pub errors: Vec<FieldError>,
}

/// The page that the unsubscribe link leads to.
#[derive(Debug, Clone, Default)]
pub struct Unsubscribe {
    /// Where the yes is posted: `/unsubscribe/TOKEN`.
    pub action: String,
    /// Which address.
    pub email: String,
    /// Where to get less instead.
    pub manage: String,
}

/// The page that confirms a subscription.
#[must_use]
pub fn confirm(page: &Confirm) -> Markup {
    html! {
        (layout::heading("Confirm your mail", Some(&page.words)))
        p { "It goes to " strong { (page.email) } "." }
        form method="post" action=(page.action) data-at-once[page.at_once] { button.main type="submit" { "Yes, send it" } }
        p.meta { "If you did not ask for this, close the page. Nothing will be sent." }
    }
}

/// The page to change or end a subscription.
#[must_use]
pub fn manage(page: &Manage) -> Markup {
    html! {
        (layout::heading("Your mail", Some(&format!("What {} gets, and how often.", page.email))))
        (form::error_summary("manage", &page.errors))
        form method="post" action=(page.action) novalidate {
            (mail_choices(&page.choices, &page.errors, "manage"))
            button.main type="submit" { "Save" }
        }
        section {
            h2 { "End it" }
            p { "One click, and no more mail comes to this address." }
            form method="post" action=(page.end) { button.danger type="submit" { "Send no more mail" } }
        }
    }
}

/// The page that the unsubscribe link leads to.
#[must_use]
pub fn unsubscribe(page: &Unsubscribe) -> Markup {
    html! {
        (layout::heading("Send no more mail?", None))
        p { "No more mail from convene will go to " strong { (page.email) } "." }
        form method="post" action=(page.action) { button.main type="submit" { "Send no more mail" } }
        p.meta { "Or " a href=(page.manage) { "get it less often" } "." }
    }
}

/// The page that mails a link to the settings; a forwarded letter leads no further than here.
#[must_use]
pub fn ask_for_link(action: &str, email: &str) -> Markup {
    html! {
        (layout::heading("Change what you get", None))
        p { "We mail a link to " strong { (email) } ". It leads to the page where you choose roles, places, partners, how often and when." }
        form method="post" action=(action) { button.main type="submit" { "Mail me the link" } }
        p.meta { "Letters are passed on at times; so only whoever reads that mailbox can change this." }
    }
}
