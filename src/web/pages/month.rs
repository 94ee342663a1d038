//! The calendar as a month: a real table, with a convening of several days as one bar across them.

use chrono::{Datelike as _, Days as Step, NaiveDate};
use maud::{Markup, html};

use super::calendar::{self, Filters, View};
use crate::domain::{Days, EventStatus};
use crate::web::layout::{Link, Paging, badge};

/// The month page.
#[derive(Debug, Clone)]
pub struct Month {
    /// The filters.
    pub filters: Filters,
    /// Any day of the month shown.
    pub month: NaiveDate,
    /// Today, where that is known to the reader's zone.
    pub today: Option<NaiveDate>,
    /// What meets on at least one of the days shown, in any order.
    pub entries: Vec<MonthEntry>,
    /// Observances on the days shown.
    pub observances: Vec<DayNote>,
    /// The month before.
    pub before: Link,
    /// The month after.
    pub after: Link,
}

/// One event in the grid.
#[derive(Debug, Clone)]
pub struct MonthEntry {
    /// Its page.
    pub href: String,
    /// Its title, with the hour before it where it has one.
    pub title: String,
    /// Who calls it, for those who do not see the tint.
    pub partner: String,
    /// The partner's tint.
    pub tint: u8,
    /// Its civil days.
    pub days: Days,
    /// Where it stands.
    pub status: EventStatus,
}

/// A note on one day.
#[derive(Debug, Clone)]
pub struct DayNote {
    /// The day.
    pub day: NaiveDate,
    /// “Veterans Day”.
    pub name: String,
}

/// The month page.
#[must_use]
pub fn month(page: &Month) -> Markup {
    let title = page.month.format("%B %Y").to_string();
    let shown = page.entries.iter().filter(|entry| entry.days.overlap(whole_month(page.month)).is_some()).count();
    let summary = if shown == 1 { "1 convening this month".to_owned() } else { format!("{shown} convenings this month") };
    let paging = Paging { before: Some(page.before.clone()), words: title.clone(), after: Some(page.after.clone()) };
    html! {
        (calendar::top(&page.filters, View::Month, &title, &summary))
        (grid(page, &title))
        (paging.show())
    }
}

fn grid(page: &Month, title: &str) -> Markup {
    html! {
        table.grid {
            caption.hidden { "Convenings in " (title) ", Sunday to Saturday" }
            thead { tr { @for (short, long) in WEEKDAYS { th scope="col" abbr=(long) { (short) } } } }
            tbody { @for week in weeks(page.month) { (week_row(page, week)) } }
        }
    }
}

const WEEKDAYS: [(&str, &str); 7] = [
    ("Sun", "Sunday"),
    ("Mon", "Monday"),
    ("Tue", "Tuesday"),
    ("Wed", "Wednesday"),
    ("Thu", "Thursday"),
    ("Fri", "Friday"),
    ("Sat", "Saturday"),
];

fn week_row(page: &Month, week: Days) -> Markup {
    let lanes = lanes(&page.entries, week);
    html! { tr { @for day in week.iter() { (cell(page, &lanes, week, day)) } } }
}

fn cell(page: &Month, lanes: &[Vec<&MonthEntry>], week: Days, day: NaiveDate) -> Markup {
    let notes: Vec<&DayNote> = page.observances.iter().filter(|note| note.day == day).collect();
    let slots: Vec<Option<&MonthEntry>> =
        lanes.iter().map(|lane| lane.iter().find(|entry| entry.days.contains(day)).copied()).collect();
    // Empty slots keep a bar at its height; behind the last one they would only be air.
    let used = slots.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    html! {
        td.beside[day.month() != page.month.month()].today[page.today == Some(day)].bare[used == 0 && notes.is_empty()] {
            time.num datetime=(day) {
                span { span.day { (day.format("%a ")) } b { (day.day()) } span.day { (day.format(" %B")) } }
                @if page.today == Some(day) { span.hidden { "today" } }
            }
            @if used > 0 { ul { @for slot in &slots[..used] { (slot_item(*slot, week, day)) } } }
            @for note in notes { p.obs { (note.name) } }
        }
    }
}

fn slot_item(slot: Option<&MonthEntry>, week: Days, day: NaiveDate) -> Markup {
    let Some(entry) = slot else { return html! { li.slot.none aria-hidden="true" {} } };
    let off = matches!(entry.status, EventStatus::Cancelled | EventStatus::Postponed);
    let bar = format!("bar tint-{}", entry.tint % badge::TINTS);
    let here = entry.days.overlap(week).unwrap_or(entry.days);
    html! {
        li.slot.first[entry.days.first == day].last[here.last == entry.days.last].tentative[entry.status.is_tentative()].off[off] {
            // One link lies across all its days of the week; the other days say it for those who read cell by cell.
            @if here.first == day {
                a class={ (bar) " span-" (here.count()) } href=(entry.href) title=(entry.title) {
                    (entry.title) span.hidden { " · " (entry.partner) (words(entry, day)) }
                }
            } @else { span class={ (bar) " cont" } { (entry.title) " (continues)" } }
        }
    }
}

fn words(entry: &MonthEntry, day: NaiveDate) -> String {
    let status = match entry.status {
        EventStatus::Announced | EventStatus::Confirmed | EventStatus::Held => String::new(),
        other => format!(", {other}"),
    };
    let span = if entry.days.first < day {
        ", continues".to_owned()
    } else if entry.days.count() > 1 {
        format!(", until {}", entry.days.last.format("%-d %B"))
    } else {
        String::new()
    };
    status + &span
}

/// Puts what meets in a week into lanes, so that each bar keeps its height from day to day.
///
/// Earlier and longer ones come higher; ties are broken by title, so the same facts give the same grid.
fn lanes(entries: &[MonthEntry], week: Days) -> Vec<Vec<&MonthEntry>> {
    let mut met: Vec<&MonthEntry> = entries.iter().filter(|entry| entry.days.overlap(week).is_some()).collect();
    met.sort_by_key(|entry| (entry.days.first, std::cmp::Reverse(entry.days.last), &entry.title, &entry.href));
    let mut lanes: Vec<Vec<&MonthEntry>> = Vec::new();
    for entry in met {
        let free = lanes.iter_mut().find(|lane| lane.last().is_none_or(|last| last.days.last < entry.days.first));
        match free {
            Some(lane) => lane.push(entry),
            None => lanes.push(vec![entry]),
        }
    }
    lanes
}

/// The weeks that a month touches, Sunday to Saturday.
fn weeks(month: NaiveDate) -> Vec<Days> {
    let month = whole_month(month);
    let back = Step::new(u64::from(month.first.weekday().num_days_from_sunday()));
    let sunday = month.first.checked_sub_days(back).unwrap_or(month.first);
    let saturday = |first: NaiveDate| first.checked_add_days(Step::new(6)).unwrap_or(first);
    sunday.iter_weeks().take_while(|first| *first <= month.last).map(|first| Days::new(first, saturday(first))).collect()
}

fn whole_month(month: NaiveDate) -> Days {
    let first = month.with_day(1).unwrap_or(month);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
    Days::new(first, next.pred_opt().unwrap_or(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn entry(title: &str, first: &str, last: &str) -> MonthEntry {
        let days = Days::new(day(first), day(last));
        MonthEntry {
            href: String::new(),
            title: title.into(),
            partner: String::new(),
            tint: 0,
            days,
            status: EventStatus::Confirmed,
        }
    }

    #[test]
    fn a_month_has_the_weeks_it_touches() {
        let october = weeks(day("2027-10-20"));
        assert_eq!(october.first(), Some(&Days::new(day("2027-09-26"), day("2027-10-02"))));
        assert_eq!(october.last(), Some(&Days::new(day("2027-10-31"), day("2027-11-06"))));
        assert_eq!(weeks(day("2026-02-01")).len(), 4, "February 2026 begins on a Sunday");
    }

    #[test]
    fn bars_that_share_a_day_have_lanes_of_their_own_and_others_share_one() {
        let entries = [
            entry("c", "2027-10-08", "2027-10-09"),
            entry("a", "2027-10-04", "2027-10-06"),
            entry("b", "2027-10-06", "2027-10-07"),
        ];
        let week = Days::new(day("2027-10-03"), day("2027-10-09"));
        let titles: Vec<Vec<&str>> =
            lanes(&entries, week).iter().map(|lane| lane.iter().map(|entry| entry.title.as_str()).collect()).collect();
        assert_eq!(titles, [vec!["a", "c"], vec!["b"]]);
    }
}
