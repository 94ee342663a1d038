//! Better dates for an event that has dates already.

use maud::{Markup, html};

use crate::web::layout::{self, Level};

/// The page of better dates.
#[derive(Debug, Clone, Default)]
pub struct BetterPage {
    /// The event and when it is: “Equity data workshop, Wed 3 – Thu 4 February 2027”.
    pub event: String,
    /// Its page.
    pub href: String,
    /// Where it is moved.
    pub action: String,
    /// The revision that was looked at.
    pub revision: u32,
    /// The dates, best first.
    pub offers: Vec<Offer>,
}

/// Dates that would be better.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// “Wed 17 – Fri 19 November 2027”.
    pub when: String,
    /// What speaks for them, in sentences.
    pub good: Vec<String>,
    /// What speaks against them, the gravest first.
    pub against: Vec<(Level, String)>,
    /// What the form sends to move there: field and value.
    pub fields: Vec<(&'static str, String)>,
}

const LEAD: &str = "Each was checked by the same rules as the dates it has now. Moving tells everybody who should know.";

/// The page of better dates.
#[must_use]
pub fn better(page: &BetterPage) -> Markup {
    html! {
        p.over { "Better dates" }
        (layout::heading(&page.event, Some(LEAD)))
        @if page.offers.is_empty() {
            p { "No dates within 45 days are better than those it has." }
        }
        @for (n, offer) in page.offers.iter().enumerate() { (one(page, offer, n)) }
        p { a href=(page.href) { "Back to the event" } }
    }
}

fn one(page: &BetterPage, offer: &Offer, n: usize) -> Markup {
    let title = format!("dates-{n}");
    html! {
        section.panel aria-labelledby=(title) {
            h2 id=(title) { (offer.when) }
            ul { @for said in &offer.good { li { (said) } } }
            @if !offer.against.is_empty() {
                h3 { "To be weighed" }
                ul { @for (level, said) in &offer.against { li { (level.badge()) " " (said) } } }
            }
            form.noprint method="post" action=(page.action) {
                input type="hidden" name="revision" value=(page.revision);
                @for (name, value) in &offer.fields { input type="hidden" name=(name) value=(value); }
                input type="hidden" name="reason" value="Better dates";
                p { button.main[n == 0] type="submit" { "Move to these dates" span.hidden { ": " (offer.when) } } }
            }
        }
    }
}
