//! The state of things at a glance, for the operator and partners' admins.

use maud::{Markup, html};

use crate::web::layout::{self, Level, Link};

/// The page.
#[derive(Debug, Clone, Default)]
pub struct Admin {
    /// “Everything is in order.”, or what is not.
    pub lead: String,
    /// What wants attention, or that nothing does, each with its level.
    pub states: Vec<(Level, String)>,
    /// Tables, each with its heading and the heads of its columns.
    pub tables: Vec<Table>,
    /// Ways on.
    pub ways: Vec<Link>,
}

/// One table.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Its heading.
    pub title: String,
    /// The heads of its columns.
    pub heads: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<String>>,
    /// What stands there where there is no row.
    pub empty: String,
}

/// The page.
#[must_use]
pub fn admin(page: &Admin) -> Markup {
    html! {
        (layout::heading("Administration", Some(&page.lead)))
        ul.states { @for (level, text) in &page.states { li { span class={ "level " (level.class()) } { (level.icon()) } " " (text) } } }
        p.row { @for way in &page.ways { (way.show()) } }
        @for one in &page.tables { (table(one)) }
    }
}

fn table(one: &Table) -> Markup {
    html! {
        section {
            h2 { (one.title) }
            @if one.rows.is_empty() { p { (one.empty) } } @else {
                table.data.stack {
                    thead { tr { @for head in &one.heads { th scope="col" { (head) } } } }
                    tbody { @for row in &one.rows { tr { @for (at, cell) in row.iter().enumerate() { (cell_of(one, at, cell)) } } } }
                }
            }
        }
    }
}

fn cell_of(one: &Table, at: usize, cell: &str) -> Markup {
    html! {
        @if at == 0 { th scope="row" { (cell) } } @else { td data-label=(one.heads.get(at).map_or("", String::as_str)) { (cell) } }
    }
}
