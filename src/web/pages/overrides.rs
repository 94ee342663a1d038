//! Decisions to go on in spite of a finding: who, when, why, until when, and whether they still hold.

use maud::{Markup, html};

use crate::web::layout::{self, Level, Link};

/// The page.
#[derive(Debug, Clone, Default)]
pub struct OverridesPage {
    /// Those that hold, the latest first.
    pub holding: Vec<OverrideRow>,
    /// Those that hold no longer.
    pub ended: Vec<OverrideRow>,
    /// May the reader see what holds no longer? Others are not told that there is anything.
    pub is_organizer: bool,
}

/// One decision, already in words.
#[derive(Debug, Clone)]
pub struct OverrideRow {
    /// How grave the finding is, or was.
    pub level: Level,
    /// Its kind in words: “Speaker booked twice”.
    pub kind: String,
    /// Its sentence.
    pub sentence: String,
    /// The finding's own page.
    pub finding: String,
    /// The events it is about.
    pub events: Vec<Link>,
    /// Why it goes on.
    pub reason: String,
    /// “Ada Placeholder, Mon 23 November 2026, 07:00 EST”.
    pub by: String,
    /// “until Sat 1 May 2027, 00:00 CDT”, or “for good”.
    pub until: String,
    /// Whether it holds, or why not, in a sentence.
    pub standing: String,
    /// Where its withdrawal is posted, for those who may.
    pub withdraw: Option<String>,
}

/// The page.
#[must_use]
pub fn overrides(page: &OverridesPage) -> Markup {
    html! {
        (layout::heading("Overrides", Some("Findings that somebody decided to go on in spite of: who, why, and until when.")))
        p { a href="/findings" { "All findings" } }
        section #holding {
            h2 { "They hold" }
            @if page.holding.is_empty() { p { "Nothing is overridden at present." } } @else { (list(&page.holding)) }
        }
        @if page.is_organizer {
            section #ended {
                h2 { "They hold no longer" }
                @if page.ended.is_empty() {
                    p { "What is withdrawn, has expired, or was about what has changed since comes here." }
                } @else { (list(&page.ended)) }
            }
        }
    }
}

fn list(rows: &[OverrideRow]) -> Markup {
    html! { ul.findings { @for row in rows { li { (row.show()) } } } }
}

impl OverrideRow {
    fn show(&self) -> Markup {
        html! {
            article class={ "finding " (self.level.class()) } {
                div.row.meta { (self.level.badge()) span { (self.kind) } }
                h3.say { a href=(self.finding) { (self.sentence) } }
                @if !self.events.is_empty() {
                    p.about { @for (n, event) in self.events.iter().enumerate() { @if n > 0 { " · " } (event.show()) } }
                }
                p.settlement { "“" (self.reason) "”" }
                dl.facts {
                    div { dt { "Decided by" } dd { (self.by) } }
                    div { dt { "Given" } dd { (self.until) } }
                    div { dt { "Now" } dd { (self.standing) } }
                }
                @if let Some(action) = &self.withdraw {
                    form method="post" action=(action) {
                        button type="submit" { "Withdraw this" span.hidden { ": " (self.sentence) } }
                    }
                }
            }
        }
    }
}
