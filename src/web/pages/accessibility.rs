//! The accessibility statement.

use maud::{Markup, html};

use crate::web::layout;

/// What an installation says about itself in the statement.
#[derive(Debug, Clone, Default)]
pub struct Accessibility {
    /// Where to write about a barrier.
    pub contact: String,
}

/// The accessibility statement.
#[must_use]
pub fn accessibility(page: &Accessibility) -> Markup {
    html! {
        (layout::heading("Accessibility", Some("Everyone who plans or comes should be able to use these pages.")))
        p {
            "The pages are made to meet the Web Content Accessibility Guidelines (WCAG) 2.1, level AA, which "
            "the rule on title II of the Americans with Disabilities Act names for state and local "
            "governments. From version 2.2 they also take two criteria that matter to schedulers: nothing "
            "needs dragging, and targets are large enough."
        }
        section {
            h2 { "What that means here" }
            ul {
                li { "Everything works with the keyboard alone, and without script." }
                li { "Colour is never the only sign: severity and status have a word and a shape." }
                li {
                    "The drawing of the year has the same facts in a table below it; the month is a real table; the "
                    "agenda is a plain list in which every row says its own date."
                }
                li { "Every time names its zone. Dates can be typed." }
                li { "Errors are written beside the field they are about, and listed above the form." }
                li {
                    "Text can grow to 400 per cent, and pages fit a screen 320 pixels wide. Only the drawing of the "
                    "year and the map scroll sideways, by themselves."
                }
                li { "Light and dark follow your system; less motion too." }
                li { "Mail has a plain text part with all the facts." }
            }
        }
        section {
            h2 { "How it is checked" }
            p {
                "Tests that run with every change measure the contrast of all colours in use, and look at each "
                "page for labels, headings, names of controls and broken references. They find only what a "
                "program can find; nobody outside has audited the pages yet."
            }
        }
        section {
            h2 { "Tell us" }
            p {
                "If something stands in your way, write to " (page.contact) ". "
                "Say which page, what you wanted to do and what you use. "
                "The same facts are also in the calendar feeds and the mail."
            }
        }
    }
}
