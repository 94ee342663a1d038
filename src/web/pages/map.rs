//! The ecosystem map: which partner serves which role with what, so that nobody builds a second of the same.

use maud::{Markup, html};

use crate::web::layout::{self, PartnerChip};

/// The map.
#[derive(Debug, Clone, Default)]
pub struct EcosystemMap {
    /// “Convenings from November 2025 to May 2028”.
    pub span: String,
    /// The partners, one column each.
    pub partners: Vec<PartnerChip>,
    /// The roles, one row each, wider before narrower.
    pub rows: Vec<MapRow>,
    /// What stands out: “Only Living Cities serves procurement staff.”
    pub remarks: Vec<String>,
}

/// One role.
#[derive(Debug, Clone, Default)]
pub struct MapRow {
    /// The role's name.
    pub role: String,
    /// Its place in the tree.
    pub depth: u8,
    /// How many convenings of each partner reach it, in the order of the columns.
    pub cells: Vec<MapCell>,
    /// How many in all.
    pub total: u32,
}

/// How many convenings of one partner reach one role.
#[derive(Debug, Clone, Default)]
pub struct MapCell {
    /// How many.
    pub count: u32,
    /// The calendar with just those.
    pub href: String,
}

const LEAD: &str =
    "How many convenings of each partner reach each role. An invitation to a wider role reaches the narrower ones too.";

/// The map.
#[must_use]
pub fn map(page: &EcosystemMap) -> Markup {
    html! {
        (layout::heading("Who serves whom", Some(LEAD)))
        @if !page.remarks.is_empty() { ul { @for remark in &page.remarks { li { (remark) } } } }
        div.scroll tabindex="0" role="region" aria-labelledby="map-says" {
            table.map {
                caption.meta #map-says { (page.span) }
                thead {
                    tr {
                        th scope="col" { "Role" }
                        @for partner in &page.partners { th scope="col" { (partner.show()) } }
                        th scope="col" { "All" }
                    }
                }
                tbody { @for row in &page.rows { (map_row(page, row)) } }
            }
        }
    }
}

fn map_row(page: &EcosystemMap, row: &MapRow) -> Markup {
    html! {
        tr {
            th scope="row" { span class=[(row.depth > 0).then(|| format!("in-{}", row.depth.min(2)))] { (row.role) } }
            @for (cell, partner) in row.cells.iter().zip(&page.partners) { td { (map_cell(cell, &partner.name, &row.role)) } }
            td { strong { (row.total) } }
        }
    }
}

fn map_cell(cell: &MapCell, partner: &str, role: &str) -> Markup {
    html! {
        @if cell.count == 0 { span.none { span aria-hidden="true" { "·" } span.hidden { "none" } } } @else {
            a.many[cell.count >= 5] href=(cell.href) { (cell.count) span.hidden { " of " (partner) " for " (role) } }
        }
    }
}
