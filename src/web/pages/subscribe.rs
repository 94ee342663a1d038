//! Subscribing: a feed address for calendar programs, or mail.

use std::fmt::Write as _;

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Choice, Field};

/// The subscribe page.
#[derive(Debug, Clone, Default)]
pub struct Subscribe {
    /// Where the form that picks leads (a GET back to this page).
    pub action: String,
    /// Roles, `?roles=`, as a tree.
    pub roles: Vec<Choice>,
    /// Partners, `?partners=`.
    pub partners: Vec<Choice>,
    /// Modes, `?modes=`.
    pub modes: Vec<Choice>,
    /// The feed of what is picked.
    pub feed: FeedAddress,
    /// The agenda of what is picked, for an `iframe`.
    pub embed: String,
    /// The mail sign-up.
    pub mail: MailForm,
}

/// A feed's address, as each calendar program wants it.
#[derive(Debug, Clone, Default)]
pub struct FeedAddress {
    /// What it holds: “Everything for chief equity officers, in person”.
    pub words: String,
    /// The address itself, `https://…`.
    pub https: String,
}

/// The mail sign-up as it was typed.
#[derive(Debug, Clone, Default)]
pub struct MailForm {
    /// Where it is posted.
    pub action: String,
    /// Mail address.
    pub email: String,
    /// What, how often and when.
    pub choices: MailChoices,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
}

/// What a subscription is about, how often and when it comes.
#[derive(Debug, Clone, Default)]
pub struct MailChoices {
    /// Roles, as a tree.
    pub roles: Vec<Choice>,
    /// Partners.
    pub partners: Vec<Choice>,
    /// Towns and states, with commas between them; field `places`.
    pub places: String,
    /// `at_once`, `daily`, `weekly`, `monthly`.
    pub frequencies: Vec<Choice>,
    /// Zones; field `time_zone`.
    pub zones: Vec<Choice>,
    /// Hours of the day, field `hour`: 0 to 23.
    pub hours: Vec<Choice>,
}

impl FeedAddress {
    /// The address by which many calendar programs subscribe at a click.
    #[must_use]
    pub fn webcal(&self) -> String {
        let rest = self.https.strip_prefix("https://").or_else(|| self.https.strip_prefix("http://"));
        format!("webcal://{}", rest.unwrap_or(&self.https))
    }

    /// The page about it: its own path without the ending.
    #[must_use]
    pub fn page(&self) -> Option<String> {
        let (_, rest) = self.https.split_once("://")?;
        let path = &rest[rest.find('/')?..];
        path.contains(".ics").then(|| path.replacen(".ics", "", 1))
    }

    /// The address that adds it to Google Calendar.
    #[must_use]
    pub fn google(&self) -> String {
        format!("https://calendar.google.com/calendar/r?cid={}", encoded(&self.webcal()))
    }

    /// The address that adds it to Outlook on the web, at work or school.
    #[must_use]
    pub fn outlook(&self) -> String {
        format!("https://outlook.office.com/calendar/0/addfromweb?url={}&name={}", encoded(&self.https), encoded(&self.words))
    }
}

/// The subscribe page.
#[must_use]
pub fn subscribe(page: &Subscribe) -> Markup {
    html! {
        (layout::heading("Subscribe", Some("Keep the dates in your own calendar program, or get mail now and then. Neither needs an account.")))
        section {
            h2 { "In your calendar" }
            div.split {
                div.body { (pick(page)) }
                div.aside { (address(&page.feed)) }
            }
            (programs(&page.feed))
        }
        section #embed { h2 { "On your own site" } (frame(page)) }
        section #mail { h2 { "By mail" } (mail(&page.mail)) }
    }
}

/// What to paste into another site's page.
fn frame(page: &Subscribe) -> Markup {
    let title = &page.feed.words;
    let tag = html! { iframe src=(page.embed) title=(title) width="100%" height="600" loading="lazy" {} };
    html! {
        p { "The same choice as an agenda inside a page of yours: paste this where it should stand." }
        div.field {
            label for="embed-code" { "Code for your page" }
            div.copy {
                input.mono #embed-code type="text" readonly value=(tag.into_string());
                button type="button" data-copy="embed-code" hidden { "Copy" }
            }
        }
        p.meta { "It shows public dates, sets no cookie, and follows every change. " a href=(page.embed) { "Look at it" } }
    }
}

fn pick(page: &Subscribe) -> Markup {
    let roles = Field::checks("roles", "Roles", &page.roles).hint("None chosen means all.");
    let partners = Field::checks("partners", "Partners", &page.partners);
    let modes = Field::checks("modes", "Mode", &page.modes);
    html! {
        form method="get" action=(page.action) {
            (roles.show("pick")) (partners.show("pick")) (modes.show("pick"))
            button type="submit" { "Make the address" }
        }
    }
}

fn address(feed: &FeedAddress) -> Markup {
    html! {
        div.panel {
            h3 { "Your address" }
            p { (feed.words) }
            div.field {
                label for="feed-address" { "Feed address" }
                div.copy {
                    input.mono #feed-address type="text" readonly value=(feed.https);
                    button type="button" data-copy="feed-address" hidden { "Copy" }
                }
            }
            p.row { a.button.main href=(feed.webcal()) { "Open in my calendar program" } }
            @if let Some(page) = feed.page() { p { a href=(page) { "Its page, with a QR code for phones and what is in it" } } }
            p.meta { "It holds public dates only, and follows every change. What is cancelled stays in it, marked." }
        }
    }
}

/// How each program subscribes, and how often it looks. The times are what people have measured; none is promised.
pub(super) fn programs(feed: &FeedAddress) -> Markup {
    let rows = [
        (
            "Google Calendar",
            Some((feed.google(), "Add to Google")),
            "On a computer: Other calendars, plus sign, From URL.",
            "every 4 to 24 hours, whatever the feed asks for",
        ),
        (
            "Apple Calendar, iPhone, iPad",
            Some((feed.webcal(), "Add to Apple")),
            "Mac: File, New Calendar Subscription. iPhone: Calendars, Add Calendar, Add Subscription Calendar.",
            "as you set it: every 5 minutes to weekly",
        ),
        (
            "Outlook on the web",
            Some((feed.outlook(), "Add to Outlook")),
            "Add calendar, Subscribe from web.",
            "about every 3 hours",
        ),
        (
            "Outlook for Windows",
            Some((feed.webcal(), "Open in Outlook")),
            "Add Calendar, From Internet, paste the address.",
            "about every hour, as the feed asks for",
        ),
        ("Thunderbird", None, "New Calendar, On the Network, paste the address.", "every 30 minutes, unless you change it"),
        (
            "Android",
            None,
            "Add it in Google Calendar on a computer, and it shows on the phone; or paste the address into an app such as ICSx⁵.",
            "as Google does, or as the app is set",
        ),
    ];
    html! {
        div.block {
            table.data.stack {
                caption { "How each program subscribes, and how often it looks for changes. For late changes, take mail as well." }
                thead { tr { th scope="col" { "Program" } th scope="col" { "At a click" } th scope="col" { "By hand" } th scope="col" { "Looks" } } }
                tbody {
                    @for (name, link, how, looks) in rows {
                        tr {
                            th scope="row" { (name) }
                            td { @if let Some((href, text)) = link { a.button href=(href) { (text) } } @else { span.meta { "Paste the address" } } }
                            td data-label="By hand" { (how) }
                            td data-label="Looks" { (looks) }
                        }
                    }
                }
            }
        }
    }
}

fn mail(mail: &MailForm) -> Markup {
    let email = Field::line("email", "email", "Mail address").value(&mail.email).autocomplete("email").required();
    let email = email.hint("We write to it once, with a link. Nothing else comes until you follow it.");
    html! {
        (form::error_summary("mail", &mail.errors))
        form method="post" action=(mail.action) novalidate {
            (email.among(&mail.errors).show("mail"))
            (mail_choices(&mail.choices, &mail.errors, "mail"))
            button.main type="submit" { "Send me the link" }
            p.meta { "Every mail has a link that ends it at one click." }
        }
    }
}

/// What a mail subscription chooses, in the sign-up and later.
pub(super) fn mail_choices(choices: &MailChoices, errors: &[FieldError], scope: &str) -> Markup {
    let MailChoices { roles, partners, places, frequencies, zones, hours } = choices;
    let places = Field::line("text", "places", "Places").value(places);
    let places = places.hint("Towns or states with commas between them, such as “Ohio, Kansas City”. Empty means everywhere; what is online is always there.");
    html! {
        (Field::checks("roles", "Roles", roles).hint("You get what concerns these. None chosen means all.").among(errors).show(scope))
        (Field::checks("partners", "Partners", partners).hint("None chosen means all.").among(errors).show(scope))
        (places.among(errors).show(scope))
        (Field::radios("frequency", "How often", frequencies).among(errors).show(scope))
        div.pair {
            (Field::select("hour", "At what hour", hours).among(errors).show(scope))
            (Field::select("time_zone", "In which zone", zones).among(errors).show(scope))
        }
    }
}

/// Percent-encodes everything but the unreserved characters (RFC 3986 section 2.3).
fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_gets_the_address_in_its_own_way() {
        let feed = FeedAddress {
            words: "Chiefs & mayors".into(),
            https: "https://example.org/feeds/all.ics?roles=mayor,council_member".into(),
        };
        assert_eq!(feed.webcal(), "webcal://example.org/feeds/all.ics?roles=mayor,council_member");
        assert_eq!(
            feed.google(),
            "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2Fexample.org%2Ffeeds%2Fall.ics%3Froles%3Dmayor%2Ccouncil_member"
        );
        assert!(feed.outlook().ends_with("&name=Chiefs%20%26%20mayors"));
    }
}
