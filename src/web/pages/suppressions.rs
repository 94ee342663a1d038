//! The addresses that are not written to.

use maud::{Markup, html};

use crate::web::layout;

/// The list.
#[derive(Debug, Clone, Default)]
pub struct Suppressions {
    /// Each address.
    pub rows: Vec<SuppressionRow>,
}

/// One address.
#[derive(Debug, Clone, Default)]
pub struct SuppressionRow {
    /// The address.
    pub address: String,
    /// “Nobody is there”, “The mailbox was full again and again”, “Asked for”.
    pub why: String,
    /// What the receiving server said, or who asked.
    pub evidence: String,
    /// Since when, and until when.
    pub when: String,
}

/// The list, each with a button to write to it again.
#[must_use]
pub fn suppressions(page: &Suppressions) -> Markup {
    html! {
        p.over { a href="/desk/mail" { "Outgoing mail" } }
        (layout::heading("Addresses not written to", Some("Letters to these came back, or somebody asked for it. Links to sign in and to confirm a subscription still go out.")))
        @if page.rows.is_empty() {
            (layout::empty("None", "Every address is written to.", &[]))
        } @else {
            table.data.stack {
                thead { tr { th scope="col" { "Address" } th scope="col" { "Why" } th scope="col" { "When" } th scope="col" { "Change" } } }
                tbody {
                    @for row in &page.rows {
                        tr {
                            th scope="row" { (row.address) }
                            td data-label="Why" { (row.why) br; span.meta { (row.evidence) } }
                            td.when data-label="When" { (row.when) }
                            td data-label="Change" {
                                form method="post" action="/desk/mail/suppressions/lifting" {
                                    input type="hidden" name="address" value=(row.address);
                                    button.quiet type="submit" aria-label={ "Write to " (row.address) " again" } { "Write again" }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
