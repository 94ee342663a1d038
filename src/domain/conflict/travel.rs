//! Distance, journeys and the days between them.

use chrono::{DateTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::policy::TightTurnaround;
use super::{Fact, Hit, Kind, Pair, Policy, Severity};
use crate::domain::Event;
use crate::domain::place::distance_km;

/// How two places lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Apart {
    /// Two places; how many kilometres, where both positions are known.
    Far(Option<u32>),
    /// As good as one place.
    Near,
    /// One of them is not known yet.
    Unknown,
}

impl Apart {
    /// By position; where one is not known, by the names of the towns.
    #[must_use]
    pub fn between(a: &Event, b: &Event, apart_km: u32) -> Self {
        match (distance(a, b), town(a).zip(town(b))) {
            (Some(km), _) if km > f64::from(apart_km) => Self::Far(Some(whole(km))),
            (Some(_), _) => Self::Near,
            (None, Some((one, other))) if one == other => Self::Near,
            (None, Some(_)) => Self::Far(None),
            (None, None) => Self::Unknown,
        }
    }
}

/// Too few free days to get from one to the other.
///
/// Both in person, a role of both, no common day, further apart than `far_km`. Places whose
/// position is not known say nothing: it may be one place. Where the last day of the earlier one
/// is not known, its first day counts, and the sentence says so. A satellite and its anchor are
/// one journey.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let there = agenda(vec![entry(2, "2027-10-09/2027-10-11", PHOENIX, |_| ())], |_| ());
/// let found = said(Kind::TightTurnaround, &entry(1, "2027-10-06/2027-10-08", KANSAS_CITY, |_| ()), &there);
/// assert_eq!(found[0].0, Severity::High); // no free day between
/// ```
#[must_use]
pub fn tight_turnaround<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    if !pair.common.same_people || !pair.is_in_person() || pair.is_anchor_and_satellite() {
        return None;
    }
    let free_days = pair.a.days.free_days_between(pair.b.days)?;
    let km = distance(pair.a.event, pair.b.event).filter(|km| *km > f64::from(policy.tight_turnaround.far_km))?;
    let starts = pair.b.occurrence.span.start;
    let zone_hours = hours_apart(pair.a.event.details.zone, pair.b.event.details.zone, starts);
    let severity = turnaround_severity(free_days, zone_hours, policy.turnarounds(), &policy.tight_turnaround)?;
    Some(Hit {
        kind: Kind::TightTurnaround,
        severity: pair.weigh(severity),
        overlap: None,
        teams: pair.common.teams_twice,
        fact: Fact::Turnaround { free_days, km: whole(km), zone_hours },
    })
}

/// By the number of free days between, and one step up for clocks that differ much.
///
/// ```
/// use convene::domain::conflict::{Policy, Severity, travel::turnaround_severity};
/// let policy = Policy::default();
/// let severity = |free, hours| turnaround_severity(free, hours, policy.turnarounds(), &policy.tight_turnaround);
/// assert_eq!(severity(0, 0), Some(Severity::High));
/// assert_eq!(severity(1, 0), Some(Severity::Medium));
/// assert_eq!(severity(3, 3), Some(Severity::Medium)); // low, one step up: New York to Los Angeles
/// assert_eq!(severity(4, 3), None);
/// ```
#[must_use]
pub fn turnaround_severity(free_days: i64, zone_hours: u32, grades: &[Severity], policy: &TightTurnaround) -> Option<Severity> {
    let severity = *grades.get(usize::try_from(free_days).ok()?)?;
    Some(if zone_hours >= policy.zone_hours { severity.higher() } else { severity })
}

fn distance(a: &Event, b: &Event) -> Option<f64> {
    let position = |event: &Event| event.details.venue.as_ref().and_then(crate::domain::Venue::position);
    Some(distance_km(position(a)?, position(b)?)).filter(|km| km.is_finite())
}

fn town(event: &Event) -> Option<String> {
    let venue = event.details.venue.as_ref()?;
    venue.city.as_ref().and_then(|_| venue.town()).map(|town| town.to_lowercase())
}

/// By how many full hours two clocks differ at a moment.
fn hours_apart(a: Tz, b: Tz, at: DateTime<Utc>) -> u32 {
    let offset = |zone: Tz| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    offset(a).abs_diff(offset(b)) / 3600
}

/// Kilometres without decimals; half the Earth's girth fits.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a finite distance on Earth is between 0 and 20,016")]
fn whole(km: f64) -> u32 {
    km.round() as u32
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, OVERLAND_PARK, Place, SEATTLE, WASHINGTON, agenda, entry, said};
    use super::*;

    fn turnaround(first: &str, then: (&str, Place)) -> Vec<(Severity, String)> {
        let agenda = agenda(vec![entry(2, then.0, then.1, |_| ())], |_| ());
        said(Kind::TightTurnaround, &entry(1, first, KANSAS_CITY, |_| ()), &agenda)
    }
    fn severity(first: &str, then: (&str, Place)) -> Option<Severity> {
        turnaround(first, then).first().map(|(severity, _)| *severity)
    }

    #[test]
    fn fewer_free_days_are_graver() {
        let until_first = "2027-02-27/2027-03-01";
        let washington = |days| severity(until_first, (days, WASHINGTON));
        assert_eq!(washington("2027-03-02/2027-03-03"), Some(Severity::High));
        assert_eq!(washington("2027-03-03/2027-03-03"), Some(Severity::Medium));
        assert_eq!(washington("2027-03-05/2027-03-06"), Some(Severity::Low));
        assert_eq!(washington("2027-03-06/2027-03-06"), None);
        assert_eq!(washington("2027-02-24/2027-02-26"), Some(Severity::High));
        assert_eq!(severity(until_first, ("2027-03-02/2027-03-03", OVERLAND_PARK)), None);
    }

    /// A made-up town so many kilometres due north of Kansas City: a degree of latitude is 111.195 km.
    fn north(km: f64) -> Place {
        let (_, _, lat, lon, zone) = KANSAS_CITY;
        ("Northtown", "MO", lat + km / 111.194_93, lon, zone)
    }

    #[test]
    fn places_are_far_beyond_the_kilometres_of_the_policy_and_not_at_them() {
        let policy = Policy::default();
        let here = entry(1, "2027-03-01/2027-03-01", KANSAS_CITY, |_| ());
        let apart =
            |km: f64| Apart::between(&here.event, &entry(2, "2027-03-01/2027-03-01", north(km), |_| ()).event, policy.apart_km);
        assert_eq!((apart(79.9), apart(80.1)), (Apart::Near, Apart::Far(Some(80))));
        let next_day = |km| severity("2027-03-01/2027-03-01", ("2027-03-02/2027-03-02", north(km)));
        assert_eq!((next_day(299.9), next_day(300.1)), (None, Some(Severity::High)));
    }

    #[test]
    fn it_names_days_places_and_distance_and_says_what_is_not_known() {
        let said = "Only one free day lies between Kansas City, MO, from 1 March 2027 (last day not known), and Seattle, WA, \
                    from 3 March 2027, 2,419 km and 2 h by the clock apart: both want mayors.";
        assert_eq!(turnaround("2027-03-01/?", ("2027-03-03/2027-03-04", SEATTLE)), [(Severity::Medium, said.into())]);
    }
}
