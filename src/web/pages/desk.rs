//! An organizer's desk: what to decide first, then what is theirs.

use maud::{Markup, html};

use super::mail::{LetterRow, letter_table};
use super::sources::{Standing, rows_that_wait};
use crate::web::layout::{self, EventRow, FindingCard, Link, finding, rows};

/// The desk.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// “Two findings wait for you, one hold lapses on Friday.”
    pub summary: String,
    /// Findings that are theirs to decide, most pressing first.
    pub decide: Vec<FindingCard>,
    /// Where all of theirs are.
    pub all_findings: String,
    /// The partner's policy.
    pub policy: Option<String>,
    /// What waits for their answer, or is answered and open: the plan, and where it stands.
    pub asked: Vec<(Link, String)>,
    /// Their own plans whose dates others are asked about.
    pub asking: Vec<(Link, String)>,
    /// Their holds and proposals.
    pub proposals: Vec<EventRow>,
    /// Their announced and confirmed events.
    pub coming: Vec<EventRow>,
    /// The calendars that are read for their partner.
    pub sources: Vec<Standing>,
    /// The latest outgoing mail.
    pub letters: Vec<LetterRow>,
    /// Where all of it is.
    pub all_letters: String,
    /// Ways to what else is theirs.
    pub ways: Vec<Link>,
    /// Their own feed, with holds and proposals.
    pub feed: OwnFeed,
}

/// An organizer's own feed: an address to keep to oneself.
#[derive(Debug, Clone, Default)]
pub struct OwnFeed {
    /// The address, just after it was made: it is shown once.
    pub address: Option<String>,
    /// The addresses that work: when each was made, and where it is revoked.
    pub keys: Vec<(String, String)>,
    /// Where a new one is made, in the place of the others.
    pub action: String,
    /// It is a city team's: what concerns its people.
    pub is_teams: bool,
}

/// The desk.
#[must_use]
pub fn desk(page: &Desk) -> Markup {
    html! {
        div.tools { (layout::heading("Your desk", Some(&page.summary))) div.row { a.button href="/desk/import" { "Import" } a.button.main href="/propose" { "Propose a convening" } } }
        div.split {
            div.body { (decide(page)) (answers(page)) (events(page)) }
            div.aside { (ways(&page.ways)) (sources(&page.sources)) (own_feed(&page.feed)) }
        }
        (outgoing(page))
    }
}

fn ways(ways: &[Link]) -> Markup {
    html! {
        @if !ways.is_empty() {
            section.panel { h2 { "To look after" } @for way in ways { p { (way.show()) } } }
        }
    }
}

fn decide(page: &Desk) -> Markup {
    html! {
        section {
            h2 { "To decide" }
            @for one in &page.sources { (rows_that_wait(one)) }
            @if !page.decide.is_empty() { (finding::list(&page.decide)) }
            @else if page.sources.iter().all(|one| one.held == 0) { p { "Nothing waits for you." } }
            p.meta {
                a href=(page.all_findings) { "All findings about your convenings" }
                " · " a href="/findings/overrides" { "Overrides" }
                @if let Some(href) = &page.policy { " · " a href=(href) { "What counts as a clash" } }
            }
        }
    }
}

fn answers(page: &Desk) -> Markup {
    html! {
        @for (title, list) in [("You are asked", &page.asked), ("You ask", &page.asking)] {
            @if !list.is_empty() {
                section.small {
                    h2 { (title) }
                    ul.known { @for (link, words) in list { li { (link.show()) " " span.meta { (words) } } } }
                }
            }
        }
    }
}

fn events(page: &Desk) -> Markup {
    html! {
        section.small {
            h2 { "Holds and proposals" }
            @if page.proposals.is_empty() { p { "None. " a href="/propose" { "Propose a convening" } "." } }
            (rows::event_list(&page.proposals))
        }
        section.small {
            h2 { "Coming" }
            @if page.coming.is_empty() { p { "Nothing is announced yet." } } @else { (rows::event_list(&page.coming)) }
        }
    }
}

fn sources(sources: &[Standing]) -> Markup {
    html! {
        section.panel #sources {
            h2 { "Calendars we read" }
            @if sources.is_empty() { p { "None is connected yet. " a href="/desk/sources/new" { "Add a calendar" } } }
            @for source in sources { div.standing { (super::sources::standing(source)) } }
            p { a href="/desk/sources" { "All about them" } }
        }
    }
}

/// The panel in which a feed’s address is made, replaced and revoked.
#[must_use]
pub fn own_feed(feed: &OwnFeed) -> Markup {
    html! {
        section.panel #feed {
            @if feed.is_teams {
                h2 { "Your team’s feed" }
                p.meta { "For the team’s calendar programs: what concerns its people, for whom each entry is, and what clashes." }
            } @else {
                h2 { "Your own feed" }
                p.meta { "The calendar for your calendar program, with holds and proposals that you may see." }
            }
            @if let Some(address) = &feed.address {
                div.field {
                    label for="own-feed" { "Feed address" }
                    div.copy {
                        input.mono #own-feed type="text" readonly value=(address);
                        button type="button" data-copy="own-feed" hidden { "Copy" }
                    }
                }
                p { "Copy it now: it is not shown again. Keep it to yourself." }
            }
            @for (made, revoke) in &feed.keys {
                form method="post" action=(revoke) { p { "Address made " (made) " " button.quiet type="submit" { "Revoke" } } }
            }
            form method="post" action=(feed.action) {
                @if feed.keys.is_empty() {
                    button type="submit" { "Make an address" }
                } @else {
                    p.meta { "Lost it, or gave it away? A new one ends the old." }
                    button type="submit" { "Replace it" }
                }
            }
        }
    }
}

fn outgoing(page: &Desk) -> Markup {
    html! {
        section {
            h2 { "Outgoing mail" }
            @if page.letters.is_empty() { p { "None." } } @else { (letter_table(&page.letters)) }
            p.meta { (Link::new(&page.all_letters, "All outgoing mail").show()) }
        }
    }
}
