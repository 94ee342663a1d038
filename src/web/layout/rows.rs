//! Events as rows of a list, and the way from one part of a list to the next.

use maud::{Markup, html};

use super::badge::{self, Level, PartnerChip};
use crate::domain::{EventStatus, Mode};

/// An address with its words.
#[derive(Debug, Clone, Default)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
}

impl Link {
    /// A link.
    #[must_use]
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }

    /// Shown.
    #[must_use]
    pub fn show(&self) -> Markup {
        html! { a href=(self.href) { (self.text) } }
    }
}

/// When, in words, and once for machines.
#[derive(Debug, Clone, Default)]
pub struct WhenWords {
    /// “Wed 6 – Fri 8 October 2027”, “from Wed 13 November 2024, last day not known”.
    pub days: String,
    /// “09:00–10:30, Chicago (CDT, UTC−5)”; `None` for whole days.
    pub hours: Option<String>,
    /// The start for machines (HTML `datetime`): `2027-10-06` or `2027-10-06T09:00-05:00`; empty where it is not known.
    pub datetime: String,
    /// What it was before it moved.
    pub was: Option<String>,
}

impl WhenWords {
    /// Days, hours below them, and what it was before.
    #[must_use]
    pub fn show(&self) -> Markup {
        html! {
            @if self.datetime.is_empty() { (self.days) } @else { time datetime=(self.datetime) { (self.days) } }
            @if let Some(hours) = &self.hours { " " span.meta { (hours) } }
            @if let Some(was) = &self.was { " " span.meta { "was " del { (was) } } }
        }
    }
}

/// One event in a list. Says everything again, so that no row leans on its heading.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// When.
    pub when: WhenWords,
    /// Where it stands.
    pub status: EventStatus,
    /// Who calls it, the host first.
    pub partners: Vec<PartnerChip>,
    /// “Kansas City, MO”.
    pub place: Option<String>,
    /// In person, virtual or both.
    pub mode: Mode,
    /// Whom it is for, in words.
    pub roles: Vec<String>,
    /// The findings about it.
    pub warnings: Option<Warnings>,
}

/// How many findings there are, and how grave the gravest is.
#[derive(Debug, Clone)]
pub struct Warnings {
    /// How many.
    pub count: usize,
    /// The gravest.
    pub worst: Level,
    /// Where to read them.
    pub href: String,
}

impl Warnings {
    fn show(&self, about: &str) -> Markup {
        let findings = if self.count == 1 { "finding" } else { "findings" };
        html! {
            a class={ "level " (self.worst.class()) } href=(self.href) {
                (self.worst.icon()) (self.worst.word()) " · " (self.count) " " (findings) span.hidden { " about " (about) }
            }
        }
    }
}

/// A list of events, each under an `h3`.
#[must_use]
pub fn event_list(rows: &[EventRow]) -> Markup {
    html! { ol.events { @for row in rows { li { (event_row(row)) } } } }
}

fn event_row(row: &EventRow) -> Markup {
    html! {
        article.event.off[row.status == EventStatus::Cancelled] {
            p.when { (row.when.show()) }
            div {
                h3 { a href=(row.href) { (row.title) } }
                div.row.meta {
                    @for partner in &row.partners { (partner.show()) }
                    @if let Some(place) = &row.place { span { (place) } }
                    (badge::mode(row.mode))
                }
                @if !row.roles.is_empty() { p.meta.for { "For " (row.roles.join(", ")) } }
            }
            div.side {
                (badge::status(row.status))
                @if let Some(warnings) = &row.warnings { (warnings.show(&row.title)) }
            }
        }
    }
}

/// The parts before and after the one shown.
#[derive(Debug, Clone, Default)]
pub struct Paging {
    /// The part before.
    pub before: Option<Link>,
    /// What is shown: “1–50 of 87”.
    pub words: String,
    /// The part after.
    pub after: Option<Link>,
}

impl Paging {
    /// Shown, unless there is only one part.
    #[must_use]
    pub fn show(&self) -> Markup {
        html! {
            @if self.before.is_some() || self.after.is_some() {
                nav.pages aria-label="Parts of the list" {
                    @if let Some(link) = &self.before { a.button rel="prev" href=(link.href) { "← " (link.text) } } @else { span {} }
                    p { (self.words) }
                    @if let Some(link) = &self.after { a.button rel="next" href=(link.href) { (link.text) " →" } } @else { span {} }
                }
            }
        }
    }
}
