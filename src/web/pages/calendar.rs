//! The calendar as an agenda, and what its three views share: the filters, which live in the address.

use maud::{Markup, html};

use super::undated::{Row, below_calendar};
use crate::web::layout::form::boxes;
use crate::web::layout::{self, Choice, EventRow, Link, Paging, rows};

/// Which of the calendar's views is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A list by month.
    Agenda,
    /// One month as a grid.
    Month,
    /// A year and more as strips.
    Year,
}

/// The filters as they stand, and the three views with them.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// Where the form leads: the path of the view shown.
    pub action: String,
    /// Roles, `?roles=`, as a tree.
    pub roles: Vec<Choice>,
    /// Partners, `?partners=`.
    pub partners: Vec<Choice>,
    /// Modes, `?modes=`.
    pub modes: Vec<Choice>,
    /// Words of the place, `?place=`.
    pub place: String,
    /// Whether the past is shown, `?past=true`; `None` where a view has its own span.
    pub past: Option<bool>,
    /// What else the address must keep: name and value.
    pub keep: Vec<(String, String)>,
    /// Each filter chosen, with the address without it.
    pub chosen: Vec<Link>,
    /// The address without any filter.
    pub clear: String,
    /// The agenda with these filters.
    pub agenda: String,
    /// The month with these filters.
    pub month: String,
    /// The year with these filters.
    pub year: String,
    /// The subscribe page with these filters.
    pub subscribe: String,
}

/// The agenda.
#[derive(Debug, Clone, Default)]
pub struct Agenda {
    /// The filters.
    pub filters: Filters,
    /// “48 convenings from November 2026 to May 2028”.
    pub summary: String,
    /// Its months.
    pub months: Vec<AgendaMonth>,
    /// What fits the filters and has no dates yet.
    pub undated: Vec<Row>,
    /// The parts before and after.
    pub paging: Paging,
}

/// The events of one month.
#[derive(Debug, Clone, Default)]
pub struct AgendaMonth {
    /// “October 2027”.
    pub title: String,
    /// Its events, earliest first.
    pub rows: Vec<EventRow>,
}

/// The agenda page.
#[must_use]
pub fn agenda(page: &Agenda) -> Markup {
    html! {
        (top(&page.filters, View::Agenda, "Convenings", &page.summary))
        @for month in &page.months { (agenda_month(month)) }
        @if page.months.is_empty() && page.undated.is_empty() { div.block { (nothing(&page.filters)) } }
        (page.paging.show())
        (below_calendar(&page.undated))
    }
}

fn agenda_month(month: &AgendaMonth) -> Markup {
    let events = if month.rows.len() == 1 { "1 convening".to_owned() } else { format!("{} convenings", month.rows.len()) };
    html! {
        section.month {
            h2 { (month.title) " " span.n { (events) } }
            (rows::event_list(&month.rows))
        }
    }
}

fn nothing(filters: &Filters) -> Markup {
    let ways = [Link::new(&filters.clear, "Show everything"), Link::new("/propose", "Propose a convening")];
    layout::empty("Nothing matches", "No convening fits all of these filters. Take one away, or look at the past.", &ways)
}

/// What stands above each view: title, views, filters, what is chosen, and how much that is.
#[must_use]
pub fn top(filters: &Filters, view: View, title: &str, summary: &str) -> Markup {
    html! {
        div.tools { h1 { (title) } (views(filters, view)) }
        (filter_form(filters))
        (chosen(filters))
        div.tally {
            p { (summary) }
            p { a href=(filters.subscribe) { "Subscribe to exactly this" } }
        }
    }
}

fn views(filters: &Filters, shown: View) -> Markup {
    let all =
        [(View::Agenda, &filters.agenda, "Agenda"), (View::Month, &filters.month, "Month"), (View::Year, &filters.year, "Year")];
    html! {
        nav aria-label="Views" {
            ul.seg { @for (view, href, name) in all { li { a href=(href) aria-current=[(view == shown).then_some("page")] { (name) } } } }
        }
    }
}

fn filter_form(filters: &Filters) -> Markup {
    html! {
        form.filters method="get" action=(filters.action) role="search" aria-label="Narrow the calendar" {
            @for (name, value) in &filters.keep { input type="hidden" name=(name) value=(value); }
            (menu("Roles", "roles", &filters.roles))
            (menu("Partners", "partners", &filters.partners))
            (menu("Mode", "modes", &filters.modes))
            p.inline {
                label for="filter-place" { "Place" }
                input #filter-place type="search" name="place" value=(filters.place) autocomplete="off";
            }
            @if let Some(past) = filters.past {
                label.check { input type="checkbox" name="past" value="true" checked[past]; span { "Past too" } }
            }
            button type="submit" { "Show" }
        }
    }
}

/// A disclosure with boxes: opens and closes without script.
#[must_use]
pub fn menu(label: &str, name: &str, choices: &[Choice]) -> Markup {
    let chosen = choices.iter().filter(|choice| choice.chosen).count();
    html! {
        details.menu name="filters" {
            summary { (label) @if chosen > 0 { " " span.count { (chosen) span.hidden { " chosen" } } } }
            fieldset { legend.hidden { (label) } (boxes("checkbox", name, choices)) }
        }
    }
}

fn chosen(filters: &Filters) -> Markup {
    html! {
        @if !filters.chosen.is_empty() {
            ul.chosen aria-label="Filters chosen" {
                @for link in &filters.chosen {
                    li { a.drop href=(link.href) { (link.text) " " span aria-hidden="true" { "×" } span.hidden { "(take away)" } } }
                }
                li { a href=(filters.clear) { "Show everything" } }
            }
        }
    }
}
