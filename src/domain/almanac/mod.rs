//! Observances by calculation, for years that no table has.
//!
//! Only what a rule or a calendar gives: days of law by their rules, both Easters by computus, and the
//! Hebrew, Islamic (Umm al-Qura), Chinese and Persian calendars. What hangs on the moon over India, or
//! on the equinox at sunset in Tehran, is in the tables alone and ends with them: [`ONLY_IN_TABLES`].
//! Names, tiers and eves are those of the shipped tables, and a test holds each year that they cover
//! against this.

mod civic;
mod easter;
mod lunar;

use std::sync::OnceLock;

use chrono::{Datelike as _, NaiveDate};

use super::observance::{Certainty, ObservanceKind, Tier};
use super::{Days, Observance};

/// Which calculation this is; findings name it. Raise it when a rule here changes.
pub const VERSION: &str = "calculation 1 (icu_calendar 2.4)";

/// Observances of the shipped tables that nothing here calculates: after the tables they are not known.
pub const ONLY_IN_TABLES: [&str; 19] = [
    "Ascension of Bahá'u'lláh",
    "Bandi Chhor Divas",
    "Birth of the Báb and of Bahá'u'lláh",
    "Declaration of the Báb",
    "Diwali",
    "Dussehra (Vijayadashami)",
    "First Day of Ridván",
    "Ganesh Chaturthi",
    "Guru Nanak's birthday (Gurpurab)",
    "Holi",
    "Krishna Janmashtami",
    "Maha Shivaratri",
    "Martyrdom of the Báb",
    "Naw-Rúz",
    "Navaratri (autumn)",
    "Ninth Day of Ridván",
    "Twelfth Day of Ridván",
    "Vesak (Singapore, Malaysia)",
    "Vesak / Buddha Purnima (India, Sri Lanka)",
];

/// The years that can be calculated: to the end of what is published of the Umm al-Qura calendar.
pub const YEARS: std::ops::RangeInclusive<i32> = 2018..=2076;

/// The observances that touch these days and begin in a year that `is_wanted`, by first day and name.
///
/// ```
/// use convene::domain::{Days, almanac};
/// let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
/// let found = almanac::between(Days::new(day("2028-09-20"), day("2028-09-22")), |_| true);
/// let names: Vec<&str> = found.iter().map(|one| one.name.as_str()).collect();
/// assert_eq!(names, ["Rosh Hashanah"]); // 21 and 22 September 2028
/// ```
#[must_use]
pub fn between(days: Days, is_wanted: impl Fn(i32) -> bool) -> Vec<Observance> {
    // What began in the year before may last into this one.
    let years = days.first.year().saturating_sub(1)..=days.last.year();
    let wanted = years.filter(|year| YEARS.contains(year) && is_wanted(*year));
    wanted.flat_map(known_year).filter(|one| one.days.overlap(days).is_some()).cloned().collect()
}

/// A year of [`YEARS`], calculated once.
fn known_year(wanted: i32) -> &'static [Observance] {
    static KNOWN: [OnceLock<Vec<Observance>>; COUNT] = [const { OnceLock::new() }; COUNT];
    let place = usize::try_from(wanted - YEARS.start()).ok();
    place.and_then(|place| KNOWN.get(place)).map_or(&[], |known| known.get_or_init(|| year(wanted)))
}

#[expect(clippy::cast_sign_loss, reason = "the last year is after the first")]
const COUNT: usize = (*YEARS.end() - *YEARS.start() + 1) as usize;

/// All that begins in a year, by first day and name.
#[must_use]
pub fn year(year: i32) -> Vec<Observance> {
    let mut found: Vec<Observance> = [civic::of(year), easter::of(year), lunar::of(year)].concat();
    found.retain(|one| one.days.first.year() == year);
    found.sort_by(|a, b| (a.days.first, &a.name).cmp(&(b.days.first, &b.name)));
    found
}

/// So many days from a first one, on which nobody is kept from work by rule.
fn some_days(name: &str, first: Option<NaiveDate>, count: u64, kind: ObservanceKind, tier: Tier) -> Option<Observance> {
    let first = first?;
    let last = first.checked_add_days(chrono::Days::new(count.saturating_sub(1)))?;
    Some(Observance {
        name: name.to_owned(),
        days: Days::new(first, last),
        kind,
        tier,
        from_sunset: false,
        work_restricted: false,
        state: None,
        certainty: Certainty::Exact,
        alternate: None,
        calculated: true,
    })
}

impl Observance {
    fn restricting(self) -> Self {
        Self { work_restricted: true, ..self }
    }

    fn begins_at_sunset(self) -> Self {
        Self { from_sunset: true, ..self }
    }

    fn within_a_day(self) -> Self {
        Self { certainty: Certainty::PlusMinusOne, ..self }
    }

    fn in_state(self, state: &str) -> Self {
        Self { state: Some(state.to_owned()), ..self }
    }
}
