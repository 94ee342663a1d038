//! A finding on a page: first the sentence, then whose decision it is, then the detail.

use maud::{Markup, html};

use super::badge::Level;
use super::form::Field;
use super::rows::Link;

/// One finding, already in words.
#[derive(Debug, Clone)]
pub struct FindingCard {
    /// Its fingerprint: also the anchor `#finding-…` that links lead to.
    pub fingerprint: String,
    /// How grave.
    pub level: Level,
    /// Its kind in words: “Team split”.
    pub kind: String,
    /// The days it is about: “17–19 November 2022”.
    pub days: Option<String>,
    /// The one sentence.
    pub sentence: String,
    /// Whose decision it is: “The organizers of both, NLC and Race Forward.”
    pub decision: Option<String>,
    /// The events it is about.
    pub events: Vec<Link>,
    /// Who is touched, how far, which rule, which data: term and text.
    pub details: Vec<(String, String)>,
    /// Whose policy makes it so grave, where somebody has changed the defaults: “High, because NLC’s policy says so.”
    pub because: Option<Link>,
    /// The decision to go on in spite of it.
    pub settled: Option<Settlement>,
    /// Its own page, with its history; `None` on that page, and for what is not stored.
    pub page: Option<String>,
    /// The form to decide so, for those who may.
    pub form: Option<OverrideForm>,
}

/// A decision to go on in spite of a finding.
#[derive(Debug, Clone)]
pub struct Settlement {
    /// Who decided.
    pub who: String,
    /// When, in words.
    pub when: String,
    /// Why.
    pub reason: String,
    /// “It holds until Sat 1 May 2027.”, where it was given for a time only.
    pub until: Option<String>,
    /// Where its withdrawal is posted, for those who may.
    pub withdraw: Option<String>,
}

/// The form to go on in spite of a finding.
#[derive(Debug, Clone, Default)]
pub struct OverrideForm {
    /// Where it is posted.
    pub action: String,
    /// The reason as it was typed.
    pub reason: String,
    /// What is wrong with it.
    pub error: Option<String>,
    /// The day from which on it is not to hold any more, as it was typed.
    pub expires: String,
    /// What is wrong with that.
    pub expires_error: Option<String>,
}

impl FindingCard {
    /// The card, its sentence as a heading: of level 4 below a heading of level 3, else of level 3.
    #[must_use]
    pub fn show(&self, level: u8) -> Markup {
        html! {
            article id={ "finding-" (self.fingerprint) } class={ "finding " (self.level.class()) @if self.settled.is_some() { " settled" } } {
                div.row.meta {
                    @if level != 4 { (self.level.badge()) }
                    span { (self.kind) }
                    @if let Some(days) = &self.days { span { (days) } }
                }
                @if level == 4 { h4.say { (self.sentence) } } @else { h3.say { (self.sentence) } }
                @if !self.events.is_empty() {
                    p.about { @for (n, event) in self.events.iter().enumerate() { @if n > 0 { " · " } (event.show()) } }
                }
                @if let Some(because) = &self.because { p.meta { (because.show()) } }
                @if let Some(decision) = &self.decision { p.decide { b { "Whose decision: " } (decision) } }
                @if let Some(settled) = &self.settled { (self.settlement(settled)) }
                @if !self.details.is_empty() { (self.detail()) }
                @if let Some(form) = &self.form { (self.override_form(form)) }
                @if let Some(page) = &self.page { p.meta { a href=(page) { "What became of it" span.hidden { ": " (self.sentence) } } } }
            }
        }
    }

    fn detail(&self) -> Markup {
        html! {
            details {
                summary { "Detail" span.hidden { ": " (self.kind) ", " (self.sentence) } }
                dl.facts {
                    @for (term, text) in &self.details { div { dt { (term) } dd { (text) } } }
                }
            }
        }
    }

    fn settlement(&self, settled: &Settlement) -> Markup {
        html! {
            p.settlement {
                "Goes on all the same: “" (settled.reason) "” (" (settled.who) ", " (settled.when) ")"
                @if let Some(until) = &settled.until { " " (until) }
            }
            @if let Some(action) = &settled.withdraw {
                form method="post" action=(action) {
                    button type="submit" { "Withdraw this" span.hidden { ": " (self.sentence) } }
                }
            }
        }
    }

    fn override_form(&self, form: &OverrideForm) -> Markup {
        let reason = Field::area("reason", "Why it goes on all the same", 2)
            .value(&form.reason)
            .hint("The reason is kept with your name and the time. The finding comes back when the facts change.")
            .error(form.error.as_deref())
            .required();
        let expires = Field::line("date", "expires", "Until, if only for a time")
            .value(&form.expires)
            .hint("From that day on it holds no longer, and the finding stands again.")
            .error(form.expires_error.as_deref());
        html! {
            details open[form.error.is_some() || form.expires_error.is_some()] {
                summary { "Go on in spite of this" span.hidden { ": " (self.sentence) } }
                form method="post" action=(form.action) {
                    (reason.show(&format!("override-{}", self.fingerprint)))
                    (expires.show(&format!("override-{}", self.fingerprint)))
                    button type="submit" { "Keep the dates, with this reason" }
                }
            }
        }
    }
}

/// Findings in one list, in the order given, below a heading of level 2.
#[must_use]
pub fn list(cards: &[FindingCard]) -> Markup {
    html! { ul.findings { @for card in cards { li { (card.show(3)) } } } }
}

/// Findings under a heading of level 3 for each level, gravest first.
#[must_use]
pub fn by_level(cards: &[FindingCard]) -> Markup {
    html! { @for level in Level::ALL { (group(level, cards)) } }
}

fn group(level: Level, cards: &[FindingCard]) -> Markup {
    let group: Vec<&FindingCard> = cards.iter().filter(|card| card.level == level).collect();
    html! {
        @if !group.is_empty() {
            div class={ "group " (level.class()) } {
                h3 { (level.icon()) (level.word()) " (" (group.len()) ")" }
                ul.findings { @for card in group { li { (card.show(4)) } } }
            }
        }
    }
}

/// What the words and shapes mean.
#[must_use]
pub fn legend() -> Markup {
    html! {
        dl.legend { @for level in Level::ALL { div { dt { (level.badge()) } dd { (level.meaning()) } } } }
    }
}

/// “2 high, 1 note”: how many of each level, gravest first.
///
/// ```
/// use convene::web::layout::{finding::tally, Level};
/// assert_eq!(tally(&[Level::Note, Level::High, Level::High, Level::Note]), "2 high, 2 notes");
/// assert_eq!(tally(&[]), "no findings");
/// ```
#[must_use]
pub fn tally(levels: &[Level]) -> String {
    let counted = Level::ALL.iter().filter_map(|level| {
        let count = levels.iter().filter(|other| *other == level).count();
        let many = match level {
            Level::Note => "notes",
            Level::Opportunity => "opportunities",
            Level::Block => "blocks",
            adjective => adjective.word(),
        };
        (count > 0).then(|| format!("{count} {}", if count == 1 { level.word() } else { many }.to_lowercase()))
    });
    let words: Vec<String> = counted.collect();
    if words.is_empty() { "no findings".to_owned() } else { words.join(", ") }
}
