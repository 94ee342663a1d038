//! The frame around every page, and the pieces that pages share.
//!
//! No inline style or script anywhere, so that a strict content security policy can hold:
//! `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'`.

use maud::{DOCTYPE, Markup, html};

use super::assets::asset_path;

pub mod badge;
pub mod finding;
pub mod form;
pub mod qr;
pub mod rows;

pub use badge::{Level, PartnerChip};
pub use finding::FindingCard;
pub use form::{Choice, Field};
pub use rows::{EventRow, Link, Paging, WhenWords};

/// What the frame needs to know besides the page itself.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// What the page is about, without the service's name.
    pub title: String,
    /// The path asked for, without its query: says where in the navigation we are.
    pub path: String,
    /// The name of whoever is signed in.
    pub signed_in: Option<String>,
    /// One sentence about what has just happened.
    pub flash: Option<Flash>,
    /// In the demo: where the mail that would go out can be read.
    pub demo_mail: Option<String>,
    /// The feed of what this page shows, for programs that look for one.
    pub feed: Option<String>,
    /// Where whoever is signed in is at home, if that is not the desk.
    pub own: Option<Link>,
}

/// One sentence about what has just happened.
#[derive(Debug, Clone)]
pub struct Flash {
    /// Its tone: `Opportunity` for what went well.
    pub level: Level,
    /// The sentence.
    pub text: String,
}

/// A whole page: the frame, and `content` in its middle.
#[must_use]
pub fn page(frame: &Frame, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(frame))
            body {
                a.skip href="#content" { "Skip to the content" }
                (header(frame))
                main #content tabindex="-1" {
                    div.wrap {
                        @if let Some(flash) = &frame.flash { (notice(flash)) }
                        (content)
                    }
                }
                (footer())
            }
        }
    }
}

fn head(frame: &Frame) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            title {
                @if frame.path == "/" { "convene: one calendar for city governments’ convenings" } @else { (frame.title) " · convene" }
            }
            link rel="stylesheet" href=(asset_path("app.css"));
            link rel="icon" type="image/svg+xml" href=(asset_path("favicon.svg"));
            @if let Some(feed) = &frame.feed {
                link rel="alternate" type="text/calendar" title="This calendar as a feed" href=(feed);
            }
            script defer src=(asset_path("app.js")) {}
        }
    }
}

/// Where the navigation leads, whoever looks.
const PLACES: [(&str, &str); 5] =
    [("/", "Calendar"), ("/findings", "Findings"), ("/propose", "Propose"), ("/subscribe", "Subscribe"), ("/map", "Map")];

fn header(frame: &Frame) -> Markup {
    html! {
        header.site {
            div.wrap {
                a.brand href="/" { (mark()) "convene" }
                nav aria-label="Main" {
                    ul {
                        @for (path, name) in PLACES { li { (nav_link(frame, path, name)) } }
                        @let (path, name) = if frame.signed_in.is_some() { ("/desk", "Your desk") } else { ("/sign-in", "Sign in") };
                        @match &frame.own { Some(own) => li { (nav_link(frame, &own.href, &own.text)) }, None => li { (nav_link(frame, path, name)) } }
                    }
                }
                @if let Some(name) = &frame.signed_in { (signed_in(name)) }
            }
        }
        @if let Some(mail) = &frame.demo_mail {
            aside.demo aria-label="This demo" {
                div.wrap {
                    p { "A demo: real convenings from public pages, made-up people. " a href=(mail) { "Read the mail that would go out" } "." }
                }
            }
        }
    }
}

fn nav_link(frame: &Frame, path: &str, name: &str) -> Markup {
    let here = if path == "/" { ["/", "/month", "/year"].contains(&frame.path.as_str()) } else { frame.path.starts_with(path) };
    let current = if frame.path == path { "page" } else { "true" };
    html! { a href=(path) aria-current=[here.then_some(current)] { (name) } }
}

fn signed_in(name: &str) -> Markup {
    html! {
        form method="post" action="/sign-out" {
            span.who { (name) }
            button.quiet type="submit" { "Sign out" }
        }
    }
}

fn notice(flash: &Flash) -> Markup {
    html! { p class={ "flash " (flash.level.class()) } role="status" { (flash.level.icon()) span { (flash.text) } } }
}

fn footer() -> Markup {
    html! {
        footer.foot {
            div.wrap {
                p {
                    "convene shows the convenings of several organisations that serve the same city governments, "
                    "finds clashes early and helps to choose better dates."
                }
                p { "Days are those of the place of each convening. Every time names its zone." }
                ul {
                    li { a href="/accessibility" { "Accessibility" } }
                    li { a href="/api" { "API" } }
                    li { a href="/feeds" { "Calendar feeds" } } li { a href="/subscribe" { "Mail" } }
                }
            }
        }
    }
}

/// Two arcs around one seat: the service's mark, as text for the eye only.
fn mark() -> Markup {
    html! {
        svg viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            rect.plate width="32" height="32" rx="7" {}
            path.arc d="M13.2 8.4a8 8 0 1 0 0 15.2" {}
            path.arc d="M18.8 8.4a8 8 0 1 1 0 15.2" {}
            circle.seat cx="16" cy="16" r="2.6" {}
        }
    }
}

/// The head of a page: its one `h1`, and a sentence below it.
#[must_use]
pub fn heading(title: &str, lead: Option<&str>) -> Markup {
    html! {
        div.head {
            h1 { (title) }
            @if let Some(lead) = lead { p.lead { (lead) } }
        }
    }
}

/// Nothing to show, said kindly, with a way on.
#[must_use]
pub fn empty(title: &str, text: &str, ways: &[Link]) -> Markup {
    html! {
        div.empty {
            h2 { (title) }
            p { (text) }
            @if !ways.is_empty() { p.row { @for way in ways { (way.show()) } } }
        }
    }
}
