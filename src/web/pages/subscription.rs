//! One's own mail subscription: confirming, changing and ending it. Opening a page changes nothing.

use maud::{Markup, html};

use super::subscribe::mail_choices;
use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Choice};

/// The page that the link in the first mail leads to.
#[derive(Debug, Clone, Default)]
pub struct Confirm {
    /// Where the yes is posted.
    pub action: String,
    /// Which address.
    pub email: String,
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
    /// Roles, as a tree.
    pub roles: Vec<Choice>,
    /// Frequencies.
    pub frequencies: Vec<Choice>,
    /// Zones.
    pub zones: Vec<Choice>,
    /// Hours.
    pub hours: Vec<Choice>,
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
        form method="post" action=(page.action) { button.main type="submit" { "Yes, send it" } }
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
            (mail_choices(&page.roles, &page.frequencies, &page.zones, &page.hours, &page.errors, "manage"))
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
