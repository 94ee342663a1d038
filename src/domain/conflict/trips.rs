//! How often the same people must travel in a short time.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{Fact, Hit, Kind, Policy, Severity};
use crate::domain::agenda::{Agenda, Key, Slot};
use crate::domain::{CohortSlug, Days, EventId, RoleSlug};

/// The longest time over which trips are counted, in days.
pub const LONGEST: u64 = 90;

/// Too many trips for the people of one role, or of one cohort, around one occurrence.
///
/// Medium over 2 trips that begin within 30 days, high over 4 within 90. Trips, not convenings:
/// whatever is set beside one anchor, and the anchor itself, is one trip where no more days lie
/// between than between near dates; so is a series whose days follow each other. Members of one
/// closed cohort go to its sessions and to what is open to their role, and not to those of another
/// cohort. One finding for each event; only what everybody who sees that event may know of is
/// counted, so that the number tells nobody of a hold. One step down for what is not announced.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let trip = |number, when| entry(number, when, PHOENIX, |_| ());
/// let others = vec![trip(2, "2027-02-15/2027-02-16"), trip(3, "2027-03-10/2027-03-11")];
/// let found = said(Kind::TravelLoad, &entry(1, "2027-03-01/2027-03-02", KANSAS_CITY, |_| ()), &agenda(others, |_| ()));
/// assert_eq!(found[0].0, Severity::Medium); // the third within thirty days
/// ```
#[must_use]
pub fn travel_load<'a>(slot: &Slot<'a>, series: &[Slot<'a>], agenda: &'a Agenda, policy: &Policy) -> Option<Hit<'a>> {
    if !slot.is_in_person() {
        return None;
    }
    let keys = &slot.audience.keys;
    // A cohort that nobody else names has no key yet: its own sessions are trips all the same.
    let unnamed = (keys.is_empty() && slot.audience.cohort.is_some()).then_some(None);
    let keys = keys.iter().copied().map(Some).chain(unnamed);
    let worst = keys.filter_map(|key| worst_of_key(key, slot, series, agenda, policy));
    let (severity, load, role) = worst.reduce(graver)?;
    let severity = if slot.event.status.is_tentative() { severity.lower() } else { severity };
    let teams = slot.audience.team_count();
    Some(Hit { kind: Kind::TravelLoad, severity, overlap: None, teams, fact: Fact::Load { load, role } })
}

/// So many trips, the first and the last of them beginning on these days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Load {
    /// How many.
    pub trips: usize,
    /// From the first beginning to the last.
    pub days: Days,
    /// Within how many days they were counted.
    pub within: u32,
}

type Worst<'a> = (Severity, Load, Option<&'a RoleSlug>);

fn graver<'a>(one: Worst<'a>, other: Worst<'a>) -> Worst<'a> {
    if (other.0, other.1, other.2) > (one.0, one.1, one.2) { other } else { one }
}

fn worst_of_key<'a>(
    key: Option<Key>,
    slot: &Slot<'a>,
    series: &[Slot<'a>],
    agenda: &'a Agenda,
    policy: &Policy,
) -> Option<Worst<'a>> {
    let wide = slot.days.widened(LONGEST - 1);
    let own = series.iter().copied().filter(|other| other.days.overlap(wide).is_some());
    let there = key.into_iter().flat_map(|key| agenda.in_person(key, wide));
    let others = there.filter(|other| other.event.id != slot.event.id && is_known(slot, other));
    let all: Vec<Slot<'a>> = own.chain(others).collect();
    let role = key.and_then(|key| agenda.roster().role(key));
    let states = states(slot, &all);
    cohorts(slot, &all)
        .into_iter()
        .flat_map(|cohort| states.iter().map(move |state| (cohort, *state)))
        .filter_map(|cohort| {
            let (cohort, state) = cohort;
            let goes = |other: &&Slot<'_>| {
                let is_open = other.audience.cohort.is_none() || other.audience.cohort.as_ref() == cohort;
                is_open && other.event.details.is_for_state(state)
            };
            let beginnings = beginnings(slot, all.iter().filter(goes), policy)?;
            let (severity, load) = load(&beginnings.0, beginnings.1, policy)?;
            Some((severity, load, role))
        })
        .reduce(graver)
}

/// May everybody who sees the one know of the other?
fn is_known(slot: &Slot<'_>, other: &Slot<'_>) -> bool {
    let callers = || std::iter::once(&slot.event.details.partner).chain(&slot.event.details.co_hosts);
    other.event.is_public() || (!slot.event.is_public() && callers().all(|partner| other.event.is_called_by(partner)))
}

/// The closed groups whose members could be the ones who travel; `None` for those in no group.
fn cohorts<'a>(slot: &Slot<'a>, all: &[Slot<'a>]) -> BTreeSet<Option<&'a CohortSlug>> {
    match &slot.audience.cohort {
        Some(cohort) => [Some(cohort)].into(),
        None => all.iter().map(|other| other.audience.cohort.as_ref()).chain([None]).collect(),
    }
}

/// The states whose people could be the ones who travel; `None` for those of a state that no region names.
fn states<'a>(slot: &Slot<'a>, all: &[Slot<'a>]) -> BTreeSet<Option<&'a str>> {
    let named = |slot: &Slot<'a>| slot.event.details.states.iter().map(|state| Some(state.as_str()));
    if slot.event.details.states.is_empty() { all.iter().flat_map(named).chain([None]).collect() } else { named(slot).collect() }
}

/// The first day of each trip, in order, and that of the slot's own.
fn beginnings<'s, 'a: 's>(
    slot: &Slot<'a>,
    slots: impl Iterator<Item = &'s Slot<'a>>,
    policy: &Policy,
) -> Option<(Vec<NaiveDate>, NaiveDate)> {
    let near = i64::from(policy.same_place_near_dates.near_days);
    let root = |slot: &Slot<'_>| slot.event.details.anchor.unwrap_or(slot.event.id);
    let mut stays: Vec<(EventId, Days)> = slots.map(|slot| (root(slot), slot.days)).collect();
    stays.sort_unstable_by_key(|(root, days)| (*root, days.first, days.last));
    let mut trips: Vec<(EventId, Days)> = Vec::new();
    for (root, days) in stays {
        match trips.last_mut() {
            Some((known, trip)) if *known == root && trip.free_days_between(days).is_none_or(|free| free <= near) => {
                trip.last = trip.last.max(days.last);
            }
            _ => trips.push((root, days)),
        }
    }
    let is_own = |(known, trip): &&(EventId, Days)| *known == root(slot) && trip.contains(slot.days.first);
    let own = trips.iter().find(is_own)?.1.first;
    let mut first_days: Vec<NaiveDate> = trips.iter().map(|(_, trip)| trip.first).collect();
    first_days.sort_unstable();
    Some((first_days, own))
}

/// The gravest load of the times that the trip which begins on `own` is in.
fn load(beginnings: &[NaiveDate], own: NaiveDate, policy: &Policy) -> Option<(Severity, Load)> {
    let grades = &policy.travel_load;
    let long = most(beginnings, own, grades.long_days).filter(|load| load.trips > grades.long_trips);
    let short = most(beginnings, own, grades.short_days).filter(|load| load.trips > grades.short_trips);
    let graded = [long.map(|load| (grades.long, load)), short.map(|load| (grades.short, load))];
    graded.into_iter().flatten().max_by_key(|(severity, _)| *severity)
}

/// The most trips that begin within so many days, the own one among them; the earliest where it is as many.
fn most(beginnings: &[NaiveDate], own: NaiveDate, within: u32) -> Option<Load> {
    let within = within.min(u32::try_from(LONGEST).unwrap_or(u32::MAX));
    let end = |from: NaiveDate| from + chrono::Days::new(within.into());
    let mut best: Option<Load> = None;
    for (place, from) in beginnings.iter().enumerate().filter(|(_, from)| **from <= own && own < end(**from)) {
        let inside: Vec<&NaiveDate> = beginnings[place..].iter().take_while(|day| **day < end(*from)).collect();
        let load = Load { trips: inside.len(), days: Days::new(*from, inside.last().map_or(*from, |day| **day)), within };
        if best.is_none_or(|known| known.trips < load.trips) {
            best = Some(load);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, PHOENIX, SEATTLE, WASHINGTON, agenda, entry, online, said};
    use super::*;
    use crate::domain::{Entry, Event, EventStatus};

    /// What is said of one on 1 and 2 March 2027, beside others that begin on these days.
    fn beside(days: &[&str], change: fn(&mut Event)) -> Vec<(Severity, String)> {
        let places = [PHOENIX, SEATTLE, WASHINGTON];
        let other =
            |(number, day): (usize, &&str)| entry(number as u128 + 2, &format!("{day}/{day}"), places[number % 3], change);
        let others: Vec<Entry> = days.iter().enumerate().map(other).collect();
        said(Kind::TravelLoad, &entry(1, "2027-03-01/2027-03-02", KANSAS_CITY, |_| ()), &agenda(others, |_| ()))
    }

    #[test]
    fn a_third_trip_within_thirty_days_is_medium_and_a_fifth_within_ninety_is_high() {
        let three =
            "With this, mayors are wanted on three trips that begin between 15 February 2027 and 16 March 2027, within 30 days.";
        assert_eq!(beside(&["2027-02-15", "2027-03-16"], |_| ()), [(Severity::Medium, three.into())]);
        assert_eq!(beside(&["2027-02-15", "2027-03-17"], |_| ()), []);
        let five =
            "With this, mayors are wanted on five trips that begin between 1 January 2027 and 31 March 2027, within 90 days.";
        let all = ["2027-01-01", "2027-01-25", "2027-02-14", "2027-03-31"];
        assert_eq!(beside(&all, |_| ()), [(Severity::High, five.into())]);
        assert_eq!(beside(&["2027-01-01", "2027-01-25", "2027-02-14", "2027-04-01"], |_| ()), []);
    }

    #[test]
    fn only_public_journeys_of_the_same_people_count() {
        let days = ["2027-02-15", "2027-03-10"];
        for change in [
            online as fn(&mut Event),
            |event| event.status = EventStatus::Hold,
            |event| event.status = EventStatus::Cancelled,
            |event| event.details.roles = ["city_manager".parse().expect("role")].into(),
            |event| event.details.private = true,
        ] {
            assert_eq!(beside(&days, change), []);
        }
        assert_eq!(beside(&days, |_| ()).len(), 1);
    }

    #[test]
    fn trips_to_regions_count_for_the_people_of_a_state_that_goes_to_all_of_them() {
        let of = |states: &'static [&'static str]| {
            move |event: &mut Event| event.details.states = states.iter().map(|state| (*state).to_owned()).collect()
        };
        let trips = |own: &'static [&'static str], first: &'static [&'static str], second: &'static [&'static str]| {
            let others = vec![
                entry(2, "2027-02-15/2027-02-16", PHOENIX, of(first)),
                entry(3, "2027-03-10/2027-03-11", PHOENIX, of(second)),
            ];
            said(Kind::TravelLoad, &entry(1, "2027-03-01/2027-03-02", KANSAS_CITY, of(own)), &agenda(others, |_| ())).len()
        };
        assert_eq!([trips(&[], &[], &[]), trips(&[], &["OH"], &["OH", "PA"]), trips(&["OH"], &["OH"], &[])], [1, 1, 1]);
        assert_eq!([trips(&[], &["OH"], &["PA"]), trips(&["OH"], &["OH"], &["PA"]), trips(&["TX"], &["OH"], &[])], [0, 0, 0]);
    }

    #[test]
    fn what_is_set_beside_one_anchor_is_one_trip() {
        let of = |anchor: u128| move |event: &mut Event| event.details.anchor = Some(EventId(uuid::Uuid::from_u128(anchor)));
        let trips = |anchor| {
            let others = vec![
                entry(2, "2027-03-08/2027-03-10", PHOENIX, |_| ()),
                entry(3, "2027-03-07/2027-03-07", PHOENIX, of(anchor)),
                entry(4, "2027-03-11/2027-03-11", PHOENIX, of(anchor)),
            ];
            said(Kind::TravelLoad, &entry(1, "2027-03-01/2027-03-02", KANSAS_CITY, |_| ()), &agenda(others, |_| ())).len()
        };
        assert_eq!((trips(2), trips(9)), (0, 1));
    }
}
