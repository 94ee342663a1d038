//! The calendar as strips: a year and more, one row for each partner or role, and the same as a table.
//!
//! The drawing is made here, as SVG with places in per cent: text keeps its size at any width, and
//! nothing needs a style attribute or a script.

use chrono::{Datelike as _, Months, NaiveDate};
use maud::{Markup, html};

use super::calendar::{self, Filters, View};
use crate::domain::{Days, EventStatus};
use crate::web::layout::{Link, Paging, WhenWords, badge};

/// The year page.
#[derive(Debug, Clone)]
pub struct Year {
    /// The filters.
    pub filters: Filters,
    /// Any day of the first month shown.
    pub from: NaiveDate,
    /// How many months are shown: 12 to 18.
    pub months: u32,
    /// Today, where it is shown.
    pub today: Option<NaiveDate>,
    /// Ways to group the rows: by partner, by role. The one without an address is shown.
    pub groupings: Vec<Link>,
    /// The rows.
    pub rows: Vec<YearRow>,
    /// Days to plan around.
    pub observances: Vec<YearDay>,
    /// The months before.
    pub before: Link,
    /// The months after.
    pub after: Link,
}

/// One row: a partner's, or a role's.
#[derive(Debug, Clone)]
pub struct YearRow {
    /// Its name.
    pub name: String,
    /// Its events, in any order.
    pub bars: Vec<Bar>,
}

/// One event in a row.
#[derive(Debug, Clone)]
pub struct Bar {
    /// Its page.
    pub href: String,
    /// Its title.
    pub title: String,
    /// A word or two to write beside it: mostly the city.
    pub short: String,
    /// When, in words.
    pub when: WhenWords,
    /// Its civil days; one day where the last is not known.
    pub days: Days,
    /// The partner's tint.
    pub tint: u8,
    /// Where it stands.
    pub status: EventStatus,
}

/// A day to plan around.
#[derive(Debug, Clone)]
pub struct YearDay {
    /// “Yom Kippur”.
    pub name: String,
    /// Its days.
    pub days: Days,
    /// In words: “begins at sunset on Sunday 10 October 2027”.
    pub words: String,
    /// To be avoided, rather than only thought of.
    pub avoid: bool,
}

/// The year page.
#[must_use]
pub fn year(page: &Year) -> Markup {
    let scale = Scale::new(page);
    let title = format!("{} – {}", scale.days.first.format("%B %Y"), scale.days.last.format("%B %Y"));
    let paging = Paging { before: Some(page.before.clone()), words: title.clone(), after: Some(page.after.clone()) };
    let shown: usize = page.rows.iter().map(|row| row.bars.len()).sum();
    html! {
        (calendar::top(&page.filters, View::Year, &title, &format!("{shown} entries in {} rows", page.rows.len())))
        (groupings(page))
        @if page.rows.is_empty() { p { "Nothing matches these filters in these months." } } @else { (drawing(page, &scale)) }
        (table(page))
        (paging.show())
    }
}

/// The strips alone with the same as a table, for pages that have a heading of their own.
#[must_use]
pub fn strips(page: &Year) -> Markup {
    html! {
        @if page.rows.is_empty() { p { "Nothing yet." } } @else { (drawing(page, &Scale::new(page))) (table(page)) }
    }
}

fn groupings(page: &Year) -> Markup {
    html! {
        @if !page.groupings.is_empty() {
            p.row.meta {
                span { "One row for each" }
                @for link in &page.groupings { @if link.href.is_empty() { strong { (link.text) } } @else { (link.show()) } }
            }
        }
    }
}

fn drawing(page: &Year, scale: &Scale) -> Markup {
    html! {
        figure aria-labelledby="strip-says" {
            figcaption.hidden #strip-says { "Strips of months with a bar for each convening. The same is in the table below." }
            div.scroll tabindex="0" role="region" aria-labelledby="strip-says" {
                table.strip {
                    colgroup { col.names; col; }
                    tbody {
                        tr.axis { th scope="row" { span.hidden { "Months" } } td { (axis(page, scale)) } }
                        @if !page.observances.is_empty() {
                            tr { th scope="row" { "Days to plan around" } td { (ticks(page, scale)) } }
                        }
                        @for row in &page.rows { tr { th scope="row" { (row.name) } td { (strip(page, row, scale)) } } }
                    }
                }
            }
            (key())
        }
    }
}

fn key() -> Markup {
    html! {
        ul.key aria-label="What the shapes mean" {
            li { i {} "announced or confirmed" }
            li { i.tentative {} "hold or proposal" }
            li { i.off {} "cancelled or postponed" }
            li { i.tick {} "day to avoid" }
            li { i.tick.light {} "day to think of" }
            li { i.now {} "today" }
        }
    }
}

fn axis(page: &Year, scale: &Scale) -> Markup {
    html! {
        svg aria-hidden="true" focusable="false" {
            @for (n, month) in scale.months().enumerate() {
                @let x = scale.at(month);
                @if n % 2 == 1 { rect.shade x=(percent(x)) y="0" width=(percent(scale.month_width(month))) height="100%" {} }
                @if n == 0 || month.month() == 1 { text.year x=(percent(x)) dx="5" y="16" { (month.year()) } }
                text x=(percent(x)) dx="5" y="37" { (month.format("%b")) }
            }
            @if let Some(x) = page.today.and_then(|today| scale.inside(today)) { line.now x1=(percent(x)) x2=(percent(x)) y1="24" y2="100%" {} }
        }
    }
}

/// What lies behind each row: months, days to avoid, today.
fn ground(page: &Year, scale: &Scale) -> Markup {
    html! {
        @for (n, month) in scale.months().enumerate() {
            @let x = percent(scale.at(month));
            @if n % 2 == 1 { rect.shade x=(x) y="0" width=(percent(scale.month_width(month))) height="100%" {} }
            @if month.month() == 1 { line.rule.new x1=(x) x2=(x) y1="0" y2="100%" {} }
        }
        @for day in page.observances.iter().filter(|day| day.avoid) {
            @if let Some(x) = scale.inside(day.days.first) { line.obs x1=(percent(x)) x2=(percent(x)) y1="0" y2="100%" {} }
        }
        @if let Some(x) = page.today.and_then(|today| scale.inside(today)) { line.now x1=(percent(x)) x2=(percent(x)) y1="0" y2="100%" {} }
    }
}

fn ticks(page: &Year, scale: &Scale) -> Markup {
    html! {
        svg aria-hidden="true" focusable="false" {
            (ground(page, scale))
            @for day in &page.observances {
                @if let Some(x) = scale.inside(day.days.first) {
                    svg x=(percent(x)) y="50%" width="1" height="1" overflow="visible" {
                        path.tick.light[!day.avoid] d="M0-7 7 0 0 7-7 0z" { title { (day.name) ", " (day.words) } }
                    }
                }
            }
        }
    }
}

fn strip(page: &Year, row: &YearRow, scale: &Scale) -> Markup {
    let placed = place(row, scale);
    let lanes = placed.iter().map(|bar| bar.lane + 1).max().unwrap_or(1);
    html! {
        svg class={ "lanes-" (lanes) } role="group" aria-label=(row.name) {
            (ground(page, scale))
            @for bar in &placed { (mark(bar, lanes)) }
        }
    }
}

fn mark(placed: &Placed, lanes: usize) -> Markup {
    let bar = placed.bar;
    let off = matches!(bar.status, EventStatus::Cancelled | EventStatus::Postponed);
    let state = if off {
        " off"
    } else if bar.status.is_tentative() {
        " tentative"
    } else {
        ""
    };
    let number = |n: usize| f64::from(u32::try_from(n).unwrap_or(1));
    let middle = percent(100.0 * (number(placed.lane) + 0.5) / number(lanes));
    html! {
        a href=(bar.href) class={ "tint-" (bar.tint % badge::TINTS) (state) }
            aria-label={ (bar.title) ", " (bar.when.days) ", " (bar.status) } {
            title { (bar.title) ", " (bar.when.days) }
            svg x=(percent(placed.x)) y=(middle) width=(percent(placed.width)) height="1" overflow="visible" {
                rect.hit x="0" y="-12" width="100%" height="24" {}
                rect.mark x="0" y="-8" width="100%" height="16" rx="3" {}
                @if placed.worded { text x="100%" dx="5" y="4" { (bar.short) } }
            }
        }
    }
}

/// A bar with its place: per cent from the left, and a lane.
struct Placed<'a> {
    bar: &'a Bar,
    x: f64,
    width: f64,
    lane: usize,
    worded: bool,
    /// Per cent from the left at which the bar with its words ends.
    end: f64,
}

/// A strip has room for this many lanes (the stylesheet has a height for each).
const LANES: usize = 6;
/// A bar is never thinner than this, in per cent: it must be seen and hit.
const THINNEST: f64 = 1.3;
/// What one letter beside a bar takes, in per cent of a strip of some 900 pixels.
const LETTER: f64 = 0.78;

/// Gives each bar a lane in which it and its words touch nobody; words go where there is no room.
fn place<'a>(row: &'a YearRow, scale: &Scale) -> Vec<Placed<'a>> {
    let mut bars: Vec<&Bar> = row.bars.iter().filter(|bar| bar.days.overlap(scale.days).is_some()).collect();
    bars.sort_by_key(|bar| (bar.days.first, bar.days.last, &bar.title, &bar.href));
    let mut placed: Vec<Placed> = Vec::new();
    for bar in bars {
        let x = scale.at(bar.days.first.max(scale.days.first)).min(100.0 - THINNEST);
        let after = bar.days.last.succ_opt().unwrap_or(bar.days.last);
        let width = (scale.at(after.min(scale.days.last)) - x).max(THINNEST);
        let words = 1.0 + LETTER * f64::from(u32::try_from(bar.short.chars().count()).unwrap_or(0));
        let free = |lane: &usize| placed.iter().all(|other| other.lane != *lane || other.end <= x);
        let lane = (0..LANES).find(free).unwrap_or(LANES - 1);
        let worded = !bar.short.is_empty() && x + width + words <= 100.0;
        let end = x + width + if worded { words } else { 0.4 };
        placed.push(Placed { bar, x, width, lane, worded, end });
    }
    placed
}

/// Where a day lies on the strip.
struct Scale {
    days: Days,
}

impl Scale {
    fn new(page: &Year) -> Self {
        let first = page.from.with_day(1).unwrap_or(page.from);
        let after = first.checked_add_months(Months::new(page.months.clamp(1, 24))).unwrap_or(first);
        Self { days: Days::new(first, after.pred_opt().unwrap_or(first)) }
    }

    fn months(&self) -> impl Iterator<Item = NaiveDate> {
        let (first, last) = (self.days.first, self.days.last);
        (0..).map_while(move |n| first.checked_add_months(Months::new(n))).take_while(move |month| *month <= last)
    }

    /// Per cent from the left at which a day begins.
    fn at(&self, day: NaiveDate) -> f64 {
        let whole = f64::from(i32::try_from(self.days.count()).unwrap_or(1));
        100.0 * f64::from(i32::try_from((day - self.days.first).num_days()).unwrap_or(0)) / whole
    }

    fn inside(&self, day: NaiveDate) -> Option<f64> {
        self.days.contains(day).then(|| self.at(day))
    }

    fn month_width(&self, month: NaiveDate) -> f64 {
        let next = month.checked_add_months(Months::new(1)).unwrap_or(month);
        self.at(next) - self.at(month)
    }
}

fn percent(value: f64) -> String {
    format!("{value:.2}%")
}

fn table(page: &Year) -> Markup {
    html! {
        details.more {
            summary { "The same as a table" }
            table.data.stack {
                thead { tr { th scope="col" { "Row" } th scope="col" { "Days" } th scope="col" { "Convening" } th scope="col" { "Status" } } }
                tbody { @for row in &page.rows { @for bar in sorted(row) { (table_row(row, bar)) } } }
            }
            @if !page.observances.is_empty() {
                h2 { "Days to plan around" }
                ul { @for day in &page.observances { li { (day.name) ": " (day.words) } } }
            }
        }
    }
}

fn sorted(row: &YearRow) -> Vec<&Bar> {
    let mut bars: Vec<&Bar> = row.bars.iter().collect();
    bars.sort_by_key(|bar| (bar.days.first, bar.days.last, &bar.title));
    bars
}

fn table_row(row: &YearRow, bar: &Bar) -> Markup {
    html! {
        tr {
            th scope="row" { (row.name) }
            td.when data-label="Days" { (bar.when.days) }
            td data-label="Convening" { a href=(bar.href) { (bar.title) } }
            td data-label="Status" { (badge::status(bar.status)) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn bar(title: &str, first: &str, last: &str) -> Bar {
        let days = Days::new(day(first), day(last));
        let (title, short) = (title.to_owned(), "Omaha".to_owned());
        Bar { href: String::new(), title, short, when: WhenWords::default(), days, tint: 0, status: EventStatus::Confirmed }
    }

    fn scale() -> Scale {
        Scale { days: Days::new(day("2027-01-01"), day("2027-12-31")) }
    }

    #[test]
    fn bars_lie_inside_the_strip_and_never_on_each_other() {
        let bars = ["2026-12-30", "2027-01-01", "2027-01-03", "2027-01-04", "2027-12-31"];
        let row = YearRow { name: "a".into(), bars: bars.iter().map(|first| bar(first, first, first)).collect() };
        let placed = place(&row, &scale());
        assert_eq!(placed.len(), 4, "what ended before the strip begins is not on it");
        for one in &placed {
            assert!(one.x >= 0.0 && one.x + one.width <= 100.001, "{} at {}", one.bar.title, one.x);
            for other in placed.iter().filter(|other| other.lane == one.lane && other.x > one.x) {
                assert!(one.end <= other.x, "{} covers {}", one.bar.title, other.bar.title);
            }
        }
        assert_eq!(placed.iter().map(|bar| bar.lane).collect::<Vec<_>>(), [0, 1, 2, 0]);
    }

    #[test]
    fn words_that_would_run_over_the_edge_are_left_out() {
        let row = YearRow {
            name: "a".into(),
            bars: vec![bar("early", "2027-03-01", "2027-03-03"), bar("late", "2027-12-30", "2027-12-31")],
        };
        assert_eq!(place(&row, &scale()).iter().map(|bar| bar.worded).collect::<Vec<_>>(), [true, false]);
    }
}
