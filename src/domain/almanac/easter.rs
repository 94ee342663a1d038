//! Both Easters by computus, the days that hang on them, and both Christmases.

use chrono::{Datelike as _, Duration, NaiveDate};

use super::some_days;
use crate::domain::Observance;
use crate::domain::observance::{ObservanceKind, Tier};

pub(super) fn of(year: i32) -> Vec<Observance> {
    let (western, orthodox) = (western(year), orthodox(year));
    let from = |easter: Option<NaiveDate>, days: i64| easter.and_then(|day| day.checked_add_signed(Duration::days(days)));
    let fixed = |month, day| NaiveDate::from_ymd_opt(year, month, day);
    let all = [
        ("Ash Wednesday", from(western, -46), Tier::Caution, false),
        ("Palm Sunday", from(western, -7), Tier::Note, false),
        ("Maundy Thursday", from(western, -3), Tier::Caution, false),
        ("Good Friday", from(western, -2), Tier::Avoid, true),
        ("Easter Sunday", western, Tier::Avoid, true),
        ("Christmas Eve", fixed(12, 24), Tier::Caution, false),
        ("Orthodox Christmas", fixed(1, 7), Tier::Caution, true),
        ("Orthodox Good Friday", from(orthodox, -2), Tier::Avoid, true),
        ("Orthodox Easter (Pascha)", orthodox, Tier::Avoid, true),
    ];
    let observance = |(name, day, tier, restricted)| {
        let found = some_days(name, day, 1, ObservanceKind::Religious, tier)?;
        Some(if restricted { found.restricting() } else { found })
    };
    all.into_iter().filter_map(observance).collect()
}

/// Easter by the Gregorian calendar (the anonymous rule, after Meeus).
fn western(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e, g) = (b / 4, b % 4, (8 * b + 13) / 25);
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    on(year, h + l - 7 * m + 114)
}

/// Easter by the Julian calendar, as a Gregorian date: 13 days later in this century and the last.
fn orthodox(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 4, year % 7, year % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let julian = on(year, d + e + 114)?;
    let century = i64::from(julian.year()) / 100;
    julian.checked_add_signed(Duration::days(century - century / 4 - 2))
}

/// The day that a computus gives as 31 times the month and its days.
fn on(year: i32, sum: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?)
}
