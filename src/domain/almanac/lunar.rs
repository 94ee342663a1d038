//! Days of the Hebrew, Islamic, Chinese and Persian calendars, by `icu_calendar`.

use chrono::{Datelike as _, Duration, NaiveDate, Weekday};
use icu_calendar::cal::hijri::{TabularAlgorithm, TabularAlgorithmEpoch, TabularAlgorithmLeapYears};
use icu_calendar::cal::{ChineseTraditional, Hebrew, Hijri, Persian};
use icu_calendar::types::Month;
use icu_calendar::{AsCalendar, Date};

use super::some_days;
use crate::domain::Observance;
use crate::domain::observance::{ObservanceKind, Tier};

pub(super) fn of(year: i32) -> Vec<Observance> {
    [jewish(year), muslim(year), east_asian(year), persian(year)].concat()
}

/// Name, month (Tishrei is 1, Nisan 7), day, how many days, tier, whether some may not work.
type HebrewDay = (&'static str, u8, u8, u64, Tier, bool);

/// As kept outside Israel.
const JEWISH: [HebrewDay; 12] = [
    ("Rosh Hashanah", 1, 1, 2, Tier::Avoid, true),
    ("Yom Kippur", 1, 10, 1, Tier::Avoid, true),
    ("Sukkot (first two days)", 1, 15, 2, Tier::Avoid, true),
    ("Sukkot (intermediate days)", 1, 17, 5, Tier::Note, false),
    ("Shemini Atzeret and Simchat Torah", 1, 22, 2, Tier::Avoid, true),
    ("Hanukkah", 3, 25, 8, Tier::Note, false),
    // Month 6 is Adar II in leap years.
    ("Purim", 6, 14, 1, Tier::Caution, false),
    ("Passover (first two days)", 7, 15, 2, Tier::Avoid, true),
    ("Passover (intermediate days)", 7, 17, 4, Tier::Caution, false),
    ("Passover (last two days)", 7, 21, 2, Tier::Avoid, true),
    ("Shavuot", 9, 6, 2, Tier::Avoid, true),
    (FAST, 11, 9, 1, Tier::Caution, false),
];
const FAST: &str = "Tisha B'Av";

fn jewish(year: i32) -> Vec<Observance> {
    let mut found = Vec::new();
    for hebrew in [year + 3760, year + 3761] {
        for (name, month, day, count, tier, restricted) in JEWISH {
            let first = day_of(hebrew, Month::new(month), day, Hebrew).map(|day| fast_after_sabbath(name, day));
            let observance = some_days(name, first, count, ObservanceKind::Religious, tier);
            found.extend(observance.map(|one| if restricted { one.restricting() } else { one }.begins_at_sunset()));
        }
    }
    found
}

/// The fast is put off to Sunday where it falls on the Sabbath.
fn fast_after_sabbath(name: &str, day: NaiveDate) -> NaiveDate {
    if name == FAST && day.weekday() == Weekday::Sat { day + Duration::days(1) } else { day }
}

/// By the Umm al-Qura calendar; the other reckoning is the tabular calendar. Sighting may move each by a day.
fn muslim(year: i32) -> Vec<Observance> {
    const DAYS: [(&str, u8, u8, Tier, bool); 6] = [
        ("Islamic New Year", 1, 1, Tier::Note, false),
        ("Ashura", 1, 10, Tier::Caution, true),
        ("Mawlid", 3, 12, Tier::Note, true),
        ("Eid al-Fitr", 10, 1, Tier::Avoid, true),
        ("Day of Arafah", 12, 9, Tier::Caution, false),
        ("Eid al-Adha", 12, 10, Tier::Avoid, true),
    ];
    // A lunar year is eleven days short: at most three begin or end in a solar one.
    let nearest = (year - 622) * 33 / 32;
    let mut found = Vec::new();
    for hijri in nearest - 1..=nearest + 2 {
        for (name, month, day, tier, restricted) in DAYS {
            let one = some_days(name, in_mecca(hijri, month, day), 1, ObservanceKind::Religious, tier);
            let one = one.map(|one| if restricted { one.restricting() } else { one });
            found.extend(one.map(|one| by_sighting(one, hijri, month, day)));
        }
        let (first, after) = (in_mecca(hijri, 9, 1), in_mecca(hijri, 10, 1));
        let nights = first.zip(after).and_then(|(first, after)| u64::try_from((after - first).num_days()).ok());
        let ramadan = some_days("Ramadan", first, nights.unwrap_or(30), ObservanceKind::Season, Tier::Caution);
        found.extend(ramadan.map(|one| by_sighting(one, hijri, 9, 1)));
    }
    found
}

fn in_mecca(year: i32, month: u8, day: u8) -> Option<NaiveDate> {
    day_of(year, Month::new(month), day, Hijri::new_umm_al_qura())
}

fn by_sighting(one: Observance, year: i32, month: u8, day: u8) -> Observance {
    let tabular = TabularAlgorithm::new(TabularAlgorithmLeapYears::TypeII, TabularAlgorithmEpoch::Friday);
    let other = day_of(year, Month::new(month), day, Hijri(tabular)).filter(|day| *day != one.days.first);
    Observance { alternate: other, ..one.begins_at_sunset().within_a_day() }
}

fn east_asian(year: i32) -> Vec<Observance> {
    let on = |month, day| day_of(year, Month::new(month), day, ChineseTraditional::new());
    let new_year = on(1, 1);
    let found = [
        some_days("Lunar New Year", new_year, 1, ObservanceKind::Cultural, Tier::Avoid),
        some_days(
            "Lunar New Year (days around)",
            new_year.and_then(|day| day.pred_opt()),
            4,
            ObservanceKind::Season,
            Tier::Caution,
        ),
        some_days("Mid-Autumn Festival / Chuseok", on(8, 15), 1, ObservanceKind::Cultural, Tier::Note),
        some_days("Buddha's Birthday (East Asia)", on(4, 8), 1, ObservanceKind::Religious, Tier::Note)
            .map(Observance::within_a_day),
    ];
    found.into_iter().flatten().collect()
}

fn persian(year: i32) -> Vec<Observance> {
    let new_year = day_of(year - 621, Month::new(1), 1, Persian);
    let found = some_days("Nowruz", new_year, 1, ObservanceKind::Cultural, Tier::Caution);
    found.map(Observance::restricting).into_iter().collect()
}

/// The civil day of a date in another calendar.
fn day_of<C: AsCalendar>(year: i32, month: Month, day: u8, calendar: C) -> Option<NaiveDate> {
    let date = Date::try_new(year.into(), month, day, calendar).ok()?;
    NaiveDate::from_num_days_from_ce_opt(i32::try_from(date.to_rata_die().to_i64_date()).ok()?)
}
