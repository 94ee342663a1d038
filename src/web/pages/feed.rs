//! One page for each feed: what is in it, and how to subscribe.

use maud::{Markup, html};

use super::subscribe::{FeedAddress, programs};
use crate::web::layout::{self, EventRow, Link, qr, rows};

/// A feed, for people.
#[derive(Debug, Clone, Default)]
pub struct FeedPage {
    /// Its address and what it holds.
    pub feed: FeedAddress,
    /// How many entries it has at present, in words.
    pub summary: String,
    /// The next entries.
    pub next: Vec<EventRow>,
    /// The whole of it as a calendar page.
    pub all: String,
    /// The same in other forms.
    pub forms: Vec<(Link, &'static str)>,
}

/// All feeds.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    /// Groups of feeds: a heading, and each feed's page.
    pub groups: Vec<(String, Vec<Link>)>,
}

/// One feed.
#[must_use]
pub fn feed(page: &FeedPage) -> Markup {
    html! {
        p.over { a href="/feeds" { "Calendar feeds" } }
        (layout::heading(&page.feed.words, Some(&page.summary)))
        div.split {
            div.body {
                section.small {
                    h2 { "Next in it" }
                    @if page.next.is_empty() { p { "Nothing lies ahead just now; what comes will be in it." } }
                    @else { (rows::event_list(&page.next)) }
                    p.meta { a href=(page.all) { "All of it on the calendar page" } }
                }
            }
            div.aside { (take(&page.feed)) }
        }
        section #programs { h2 { "How to subscribe" } (programs(&page.feed)) }
        section #forms {
            h2 { "In other forms" }
            ul { @for (link, what) in &page.forms { li { (link.show()) ", " (what) } } }
        }
        p { "Another choice of roles, partners or modes? " a href="/subscribe" { "Put a feed together" } ", or get mail instead." }
    }
}

fn take(feed: &FeedAddress) -> Markup {
    html! {
        section.panel {
            h2 { "Take it along" }
            p.row { a.button.main href=(feed.webcal()) { "Open in my calendar program" } }
            div.field {
                label for="feed-address" { "Feed address" }
                div.copy {
                    input.mono #feed-address type="text" readonly value=(feed.https);
                    button type="button" data-copy="feed-address" hidden { "Copy" }
                }
            }
            (qr::code(&feed.webcal(), &format!("QR code of the address {}", feed.webcal())))
            p.meta { "On a phone: point the camera at the code. It holds " span.mono { (feed.webcal()) } }
            p.meta { "Subscribe to it rather than import it: an imported copy does not follow changes." }
        }
    }
}

/// All feeds.
#[must_use]
pub fn feeds(page: &Feeds) -> Markup {
    html! {
        (layout::heading("Calendar feeds", Some("Each follows every change: moved dates, new places, what is cancelled. None needs an account.")))
        @for (title, links) in &page.groups {
            section { h2 { (title) } ul { @for link in links { li { (link.show()) } } } }
        }
        p { "A choice of your own? " a href="/subscribe" { "Put a feed together" } "." }
    }
}
