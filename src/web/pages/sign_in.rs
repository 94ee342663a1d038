//! Signing in by a link in a mail. There are no passwords.

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Field};

/// The sign-in page.
#[derive(Debug, Clone, Default)]
pub struct SignIn {
    /// Where it is posted.
    pub action: String,
    /// Mail address as it was typed.
    pub email: String,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The page that the link in the mail leads to. Mail programs open links by themselves; only the button signs in.
#[derive(Debug, Clone, Default)]
pub struct FinishSignIn {
    /// Where it is posted.
    pub action: String,
    /// Whom it signs in.
    pub name: String,
}

/// The sign-in page.
#[must_use]
pub fn sign_in(page: &SignIn) -> Markup {
    let email = Field::line("email", "email", "Mail address").value(&page.email).autocomplete("email").required();
    html! {
        (layout::heading("Sign in", Some("For organizers and city team leads. Reading the calendar needs no account.")))
        (form::error_summary("sign-in", &page.errors))
        form method="post" action=(page.action) novalidate {
            @if !page.next.is_empty() { input type="hidden" name="next" value=(page.next); }
            (email.hint("The one your organisation gave us.").among(&page.errors).show("sign-in"))
            button.main type="submit" { "Mail me a link" }
        }
        p.meta { "The link works once, for a quarter of an hour. No password is kept." }
    }
}

/// The page that the link in the mail leads to.
#[must_use]
pub fn finish(page: &FinishSignIn) -> Markup {
    html! {
        (layout::heading("One more click", Some(&format!("Sign in as {}.", page.name))))
        form method="post" action=(page.action) { button.main type="submit" { "Sign in" } }
    }
}
