//! Days of law and custom in the United States, by their rules.

use chrono::{Datelike as _, NaiveDate, Weekday};

use super::some_days;
use crate::domain::Observance;
use crate::domain::observance::{Certainty, ObservanceKind as Kind, Tier};

/// The days of a year; a holiday's observed day may lie in the year before.
pub(super) fn of(year: i32) -> Vec<Observance> {
    let all = [federal(year), elections(year), primaries(year), others(year), seasons(year)];
    all.concat()
}

/// Federal holidays; those of a fixed date are observed on the nearest working day too.
fn federal(year: i32) -> Vec<Observance> {
    let moving = [
        ("Martin Luther King Jr. Day", nth(year, 1, Weekday::Mon, 3)),
        ("Washington's Birthday (Presidents' Day)", nth(year, 2, Weekday::Mon, 3)),
        ("Memorial Day", last_monday_of_may(year)),
        ("Labor Day", nth(year, 9, Weekday::Mon, 1)),
        ("Indigenous Peoples' Day / Columbus Day", nth(year, 10, Weekday::Mon, 2)),
        ("Thanksgiving Day", thanksgiving(year)),
    ];
    let moving = moving.into_iter().filter_map(|(name, day)| holiday(name, day));
    // The New Year's Day of the year after may be observed on the last day of this one.
    let fixed = [
        ("New Year's Day", year, 1, 1),
        ("New Year's Day", year.saturating_add(1), 1, 1),
        ("Juneteenth National Independence Day", year, 6, 19),
        ("Independence Day", year, 7, 4),
        ("Veterans Day", year, 11, 11),
        ("Christmas Day", year, 12, 25),
    ];
    let since = |name: &str, year: i32| !name.starts_with("Juneteenth") || year >= 2021;
    let fixed = fixed.into_iter().filter(|(name, year, ..)| since(name, *year)).flat_map(|(name, year, month, day)| {
        let day = date(year, month, day);
        [holiday(name, day), holiday(&format!("{name} (observed)"), day.and_then(observed))]
    });
    moving.chain(fixed.flatten()).collect()
}

fn holiday(name: &str, day: Option<NaiveDate>) -> Option<Observance> {
    some_days(name, day, 1, Kind::Federal, Tier::Avoid)
}

/// Saturday's is kept on Friday, Sunday's on Monday.
fn observed(day: NaiveDate) -> Option<NaiveDate> {
    match day.weekday() {
        Weekday::Sat => day.pred_opt(),
        Weekday::Sun => day.succ_opt(),
        _ => None,
    }
}

fn elections(year: i32) -> Vec<Observance> {
    let name = match year % 2 {
        0 => "General Election Day",
        _ => "Election Day (odd-year: many local and some state races)",
    };
    some_days(name, after_first_monday(year, 11), 1, Kind::Election, Tier::Avoid).into_iter().collect()
}

/// Primaries of states, by statutes that a state may change.
fn primaries(year: i32) -> Vec<Observance> {
    let (even, presidential) = (year % 2 == 0, year % 4 == 0);
    let california = if presidential { after_first_monday(year, 3) } else { after_first_monday(year, 6) };
    let new_york = if even { "New York primary" } else { "New York City / local primary" };
    let all = [
        (even, "California primary", "CA", california),
        (even, "Illinois primary", "IL", nth(year, 3, Weekday::Tue, 3)),
        (true, "Michigan August primary", "MI", after_first_monday(year, 8)),
        (true, new_york, "NY", nth(year, 6, Weekday::Tue, 4)),
        (!even, "Pennsylvania municipal primary", "PA", nth(year, 5, Weekday::Tue, 3)),
        (even, "Texas primary", "TX", nth(year, 3, Weekday::Tue, 1)),
        (true, "Virginia primary", "VA", nth(year, 6, Weekday::Tue, 3)),
    ];
    let held = all.into_iter().filter(|(held, ..)| *held);
    let primary = |(_, name, state, day)| {
        let day: Observance = some_days(name, day, 1, Kind::Election, Tier::Note)?;
        Some(Observance { certainty: Certainty::MayMove, ..day.in_state(state) })
    };
    held.filter_map(primary).collect()
}

fn others(year: i32) -> Vec<Observance> {
    let heritage = thanksgiving(year).and_then(|day| day.succ_opt());
    let one = |name: &str, day, kind, tier| some_days(name, day, 1, kind, tier);
    let inaugurated = date(year, 1, 20).filter(|_| year % 4 == 1);
    let in_capital = |day: Option<Observance>| day.map(|day| day.in_state("DC"));
    let found = [
        one("César Chávez Day", date(year, 3, 31), Kind::Civic, Tier::Note),
        one("Native American Heritage Day", heritage, Kind::Civic, Tier::Caution),
        in_capital(one("Emancipation Day (DC)", date(year, 4, 16), Kind::Civic, Tier::Caution)),
        in_capital(one("Inauguration Day (DC area)", inaugurated, Kind::Civic, Tier::Caution)),
        one("Daylight saving time begins", nth(year, 3, Weekday::Sun, 2), Kind::ClockChange, Tier::Note),
        one("Daylight saving time ends", nth(year, 11, Weekday::Sun, 1), Kind::ClockChange, Tier::Note),
        one("Bodhi Day", date(year, 12, 8), Kind::Religious, Tier::Note),
        some_days("Día de los Muertos", date(year, 11, 1), 2, Kind::Cultural, Tier::Note),
        some_days("Kwanzaa", date(year, 12, 26), 7, Kind::Cultural, Tier::Note),
        // 13 or 14 April, by the calendar that a community follows.
        some_days("Vaisakhi", date(year, 4, 13), 2, Kind::Religious, Tier::Avoid).map(Observance::within_a_day),
    ];
    found.into_iter().flatten().collect()
}

/// When city halls are closed.
fn seasons(year: i32) -> Vec<Observance> {
    let eve = thanksgiving(year).and_then(|day| day.pred_opt());
    let week = some_days("Thanksgiving week (Wed-Sun)", eve, 5, Kind::Season, Tier::Avoid);
    let end = some_days("Year-end closure period", date(year, 12, 23), 10, Kind::Season, Tier::Avoid);
    week.into_iter().chain(end).collect()
}

fn date(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day)
}

fn nth(year: i32, month: u32, weekday: Weekday, n: u8) -> Option<NaiveDate> {
    NaiveDate::from_weekday_of_month_opt(year, month, weekday, n)
}

/// The Tuesday after the first Monday: never the first of the month.
fn after_first_monday(year: i32, month: u32) -> Option<NaiveDate> {
    nth(year, month, Weekday::Mon, 1).and_then(|monday| monday.succ_opt())
}

fn last_monday_of_may(year: i32) -> Option<NaiveDate> {
    nth(year, 5, Weekday::Mon, 5).or_else(|| nth(year, 5, Weekday::Mon, 4))
}

fn thanksgiving(year: i32) -> Option<NaiveDate> {
    nth(year, 11, Weekday::Thu, 4)
}
