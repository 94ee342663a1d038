//! The zone names of the world to IANA zones.
//!
//! A name is looked up first (RFC 5545 leaves `TZID` to the program; IANA and Windows names are
//! what they write). A name that says nothing is read from the rules that the file gives with it,
//! and where an IANA zone has the same offsets in the years in question, that zone is taken.

use std::collections::HashMap;
use std::str::FromStr as _;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, Offset as _, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::rules::Rules;
use super::scan::ZoneText;

/// How often the rules of one file are compared with all zones: real ones need a few dozen.
const BUDGET: usize = 300;

/// What a `TZID` turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An IANA zone, by its name or by its rules.
    Iana(Tz),
    /// No more than an offset from UTC is known of it.
    Offset(Tz),
    /// The file describes it, and no IANA zone is like it.
    Described,
    /// Nothing is known of it.
    Unknown,
}

/// The zones of one file.
#[derive(Debug, Default)]
pub(super) struct Zones {
    described: HashMap<String, Rules>,
    places: HashMap<(String, i32, i32), Place>,
    spent: usize,
}

impl Zones {
    /// Reads the descriptions that a file brings.
    pub fn new(texts: &[ZoneText<'_>]) -> Self {
        let mut zones = Self::default();
        for text in texts {
            let name = text.head.raw("TZID").unwrap_or_default().to_owned();
            zones.described.entry(name).or_default().add(text);
        }
        zones
    }

    /// What `TZID` is, for an event that happens in these years.
    pub fn place(&mut self, tzid: &str, first_year: i32, last_year: i32) -> Place {
        if let Some(zone) = by_name(tzid) {
            return Place::Iana(zone);
        }
        let key = (tzid.to_owned(), first_year, last_year);
        if let Some(place) = self.places.get(&key) {
            return *place;
        }
        let place =
            self.by_rules(tzid, first_year, last_year).or_else(|| by_offset(tzid).map(Place::Offset)).unwrap_or(Place::Unknown);
        self.places.insert(key, place);
        place
    }

    fn by_rules(&mut self, tzid: &str, first_year: i32, last_year: i32) -> Option<Place> {
        let rules = self.described.get_mut(tzid).filter(|rules| !rules.is_empty())?;
        if let Some(zone) = rules.location.as_deref().and_then(by_name) {
            return Some(Place::Iana(zone));
        }
        self.spent += 1;
        if self.spent > BUDGET {
            return None;
        }
        Some(rules.like(first_year, last_year).map_or(Place::Described, Place::Iana))
    }

    /// The instant at which a clock in a described zone shows `wall`.
    pub fn instant(&mut self, tzid: &str, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.described.get_mut(tzid).filter(|rules| !rules.is_empty())?.instant(wall)
    }
}

/// An IANA zone for a name that some program uses for it.
pub(super) fn by_name(name: &str) -> Option<Tz> {
    let name = name.trim().trim_matches('"').trim();
    if name.is_empty() || name.len() > 200 {
        return None;
    }
    exact(name).or_else(|| end_of_path(name)).or_else(|| with_slashes(name)).or_else(|| windows(name))
}

/// By its IANA name, in whatever case.
fn exact(name: &str) -> Option<Tz> {
    static NAMES: OnceLock<HashMap<String, Tz>> = OnceLock::new();
    let names =
        NAMES.get_or_init(|| chrono_tz::TZ_VARIANTS.iter().map(|zone| (zone.name().to_ascii_lowercase(), *zone)).collect());
    Tz::from_str(name).ok().or_else(|| names.get(&name.to_ascii_lowercase()).copied())
}

/// `/freeassociation.sourceforge.net/America/New_York`: the longest end that is a name.
fn end_of_path(name: &str) -> Option<Tz> {
    let mut ends: Vec<&str> = name.match_indices('/').map(|(at, _)| &name[at + 1..]).collect();
    ends.drain(..ends.len().saturating_sub(3));
    // A single word at the end, like “Eastern”, would be a guess.
    ends.into_iter().filter(|end| end.contains('/')).find_map(exact)
}

/// `America_New_York`.
fn with_slashes(name: &str) -> Option<Tz> {
    exact(&name.replacen('_', "/", 1)).or_else(|| exact(&name.replacen('_', "/", 2)))
}

/// Names of Windows, Exchange and Outlook; not what only gives an offset.
fn windows(name: &str) -> Option<Tz> {
    use calcard::common::timezone::Tz as Known;
    match Known::from_str(name) {
        Ok(Known::Tz(zone)) if !(zone.name().starts_with("Etc/GMT") && name.starts_with('(')) => Some(zone),
        _ => None,
    }
}

/// `GMT-0500`, `(GMT +01:00) Somewhere`, `UTC+5:30`: a zone that always has this offset.
fn by_offset(name: &str) -> Option<Tz> {
    let name = name.trim().trim_start_matches('(').to_ascii_uppercase();
    let rest = name.strip_prefix("GMT").or_else(|| name.strip_prefix("UTC")).unwrap_or(&name).trim_start();
    let (sign, rest) = match rest.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != ':').unwrap_or(rest.len());
    let digits = rest[..end].replace(':', "");
    let (hours, minutes) = if digits.len() > 2 { digits.split_at_checked(digits.len() - 2)? } else { (digits.as_str(), "0") };
    let minutes = hours.parse::<i32>().ok()? * 60 + minutes.parse::<i32>().ok()?;
    of_offset(sign * minutes)
}

/// A zone that is always this many minutes east of UTC.
fn of_offset(minutes: i32) -> Option<Tz> {
    /// Those that are not a whole hour and have no summer time today.
    const UNEVEN: [(i32, Tz); 7] = [
        (210, chrono_tz::Asia::Tehran),
        (270, chrono_tz::Asia::Kabul),
        (330, chrono_tz::Asia::Kolkata),
        (345, chrono_tz::Asia::Kathmandu),
        (390, chrono_tz::Asia::Yangon),
        (570, chrono_tz::Australia::Darwin),
        (-570, chrono_tz::Pacific::Marquesas),
    ];
    if minutes == 0 {
        return Some(Tz::UTC);
    }
    if minutes % 60 == 0 {
        // The sign of these names is that of POSIX: Etc/GMT+5 is five hours behind.
        return Tz::from_str(&format!("Etc/GMT{:+}", -minutes / 60)).ok();
    }
    UNEVEN.iter().find(|(known, _)| *known == minutes).map(|(_, zone)| *zone)
}

/// The zones that people are most likely to mean, before all others.
const LIKELY: [Tz; 22] = [
    Tz::UTC,
    chrono_tz::America::New_York,
    chrono_tz::America::Chicago,
    chrono_tz::America::Denver,
    chrono_tz::America::Los_Angeles,
    chrono_tz::America::Phoenix,
    chrono_tz::America::Anchorage,
    chrono_tz::Pacific::Honolulu,
    chrono_tz::America::Puerto_Rico,
    chrono_tz::America::Halifax,
    chrono_tz::America::St_Johns,
    chrono_tz::America::Mexico_City,
    chrono_tz::America::Sao_Paulo,
    chrono_tz::Europe::London,
    chrono_tz::Europe::Berlin,
    chrono_tz::Europe::Helsinki,
    chrono_tz::Europe::Istanbul,
    chrono_tz::Asia::Kolkata,
    chrono_tz::Asia::Yekaterinburg,
    chrono_tz::Asia::Tokyo,
    chrono_tz::Australia::Sydney,
    chrono_tz::Pacific::Auckland,
];

/// The likeliest IANA zone that has these offsets, in seconds, at these instants.
pub(super) fn with_offsets(samples: &[(DateTime<Utc>, i32)]) -> Option<Tz> {
    let fits = |zone: &Tz| samples.iter().all(|(at, offset)| offset_at(*zone, *at) == *offset);
    LIKELY.iter().chain(chrono_tz::TZ_VARIANTS.iter()).find(|zone| fits(zone)).copied()
}

/// One of the names of UTC.
pub(super) fn is_utc(zone: Tz) -> bool {
    use Tz::{Etc__GMT, Etc__UCT, Etc__UTC, Etc__Zulu, GMT, UCT, UTC, Zulu};
    matches!(zone, UTC | Etc__UTC | GMT | Etc__GMT | UCT | Etc__UCT | Zulu | Etc__Zulu)
}

/// How many seconds a zone is east of UTC then.
pub(super) fn offset_at(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

/// Instants that show all changes of offset between two years: about two a month.
pub(super) fn sampled(first_year: i32, last_year: i32) -> impl Iterator<Item = DateTime<Utc>> {
    let day = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let (first, last) = (day(first_year), day(last_year.saturating_add(1)));
    first.iter_days().step_by(14).take_while(move |day| *day < last).map(|day| day.and_time(chrono::NaiveTime::MIN).and_utc())
}

/// A wall time in `zone` that is this instant and no other, if there is one.
///
/// The second of two equal hours in autumn has none.
pub(super) fn wall_of(at: DateTime<Utc>, zone: Tz) -> Option<NaiveDateTime> {
    let wall = at.with_timezone(&zone).naive_local();
    (crate::domain::span::instant(wall, zone) == at).then_some(wall)
}

/// The year of a wall time, within the years that zones are known for.
pub(super) fn year_of(wall: NaiveDateTime) -> i32 {
    wall.year().clamp(1900, 2200)
}

/// A day, for reaching over a change of offset.
pub(super) const DAY: TimeDelta = TimeDelta::days(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_many_programs_are_known() {
        for (name, zone) in [
            ("America/New_York", "America/New_York"),
            ("america/new_york", "America/New_York"),
            ("US/Eastern", "US/Eastern"),
            ("Eastern Standard Time", "America/New_York"),
            ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("\"(GMT+10:00) Canberra, Melbourne, Sydney\"", "Australia/Sydney"),
            ("W. Europe Standard Time", "Europe/Berlin"),
            ("/mozilla.org/20070129_1/Europe/Berlin", "Europe/Berlin"),
            ("/freeassociation.sourceforge.net/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
            ("/freeassociation.sourceforge.net/Tzfile/America/Chicago", "America/Chicago"),
            ("America_New_York", "America/New_York"),
            ("UTC", "UTC"),
        ] {
            assert_eq!(by_name(name).map(Tz::name), Some(zone), "{name}");
        }
    }

    #[test]
    fn an_offset_in_a_name_is_used_when_nothing_better_is_known() {
        let mut zones = Zones::default();
        for (name, zone) in [
            ("GMT-0500", "Etc/GMT+5"),
            ("(GMT +01:00)", "Etc/GMT-1"),
            ("UTC+5:30", "Asia/Kolkata"),
            ("(UTC-03:00) Somewhere", "Etc/GMT+3"),
            ("+0200", "Etc/GMT-2"),
        ] {
            assert_eq!(zones.place(name, 2026, 2026), Place::Offset(zone.parse().expect("a zone")), "{name}");
        }
    }

    #[test]
    fn a_name_that_says_nothing_stays_unknown() {
        for name in
            ["", "Customized Time Zone", "tzone://Microsoft/Custom", "US-Mountain", "/a/b/Eastern", "GMT+99:99:99", "(", "+"]
        {
            assert_eq!(Zones::default().place(name, 2026, 2026), Place::Unknown, "{name}");
        }
    }
}
