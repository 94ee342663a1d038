//! All findings, to be read and settled.

use maud::{Markup, html};

use super::calendar::menu;
use crate::web::layout::{self, Choice, FindingCard, Level, Link, Paging, finding};

/// The findings page.
#[derive(Debug, Clone, Default)]
pub struct FindingsPage {
    /// Where the filter form leads.
    pub action: String,
    /// Kinds, `?kinds=`.
    pub kinds: Vec<Choice>,
    /// Levels, `?severities=`.
    pub severities: Vec<Choice>,
    /// Partners, `?partners=`.
    pub partners: Vec<Choice>,
    /// From this day, `?from=`.
    pub from: String,
    /// To this day, `?to=`.
    pub to: String,
    /// Those settled too, `?settled=true`.
    pub settled: bool,
    /// “24 findings, 7 of them high”.
    pub summary: String,
    /// The findings, grouped by month of their days or by gravity: title and cards.
    pub groups: Vec<(String, Vec<FindingCard>)>,
    /// The parts before and after.
    pub paging: Paging,
    /// The address without any filter.
    pub clear: String,
}

/// The findings page.
#[must_use]
pub fn findings(page: &FindingsPage) -> Markup {
    html! {
        (layout::heading("Findings", Some("Where plans touch each other: what clashes, whose decision it is, and what could be joined.")))
        (filter_form(page))
        div.tally { p { (page.summary) } p { a href=(page.clear) { "Show everything" } } p { a href="/findings/overrides" { "Overrides" } } }
        @for (title, cards) in &page.groups { section { h2 { (title) } (finding::list(cards)) } }
        @if page.groups.is_empty() { div.block { (nothing(page)) } }
        (page.paging.show())
        section { details.more { summary { "What the words mean" } (finding::legend()) } }
    }
}

fn filter_form(page: &FindingsPage) -> Markup {
    html! {
        form.filters method="get" action=(page.action) role="search" aria-label="Narrow the findings" {
            (menu("Severity", "severities", &page.severities))
            (menu("Kind", "kinds", &page.kinds))
            (menu("Partners", "partners", &page.partners))
            p.inline { label for="findings-from" { "From" } input #findings-from type="date" name="from" value=(page.from); }
            p.inline { label for="findings-to" { "To" } input #findings-to type="date" name="to" value=(page.to); }
            label.check { input type="checkbox" name="settled" value="true" checked[page.settled]; span { "Settled too" } }
            button type="submit" { "Show" }
        }
    }
}

fn nothing(page: &FindingsPage) -> Markup {
    layout::empty(
        "No findings",
        "Nothing that fits these filters clashes with anything else.",
        &[Link::new(&page.clear, "Show everything")],
    )
}

/// The choices for the severity filter, those given chosen.
#[must_use]
pub fn severity_choices(chosen: &[Level]) -> Vec<Choice> {
    Level::ALL.iter().map(|level| Choice::new(level.word().to_lowercase(), level.word()).chosen(chosen.contains(level))).collect()
}
