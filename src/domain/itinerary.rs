//! Trips and itineraries: which of a city team travel where, and which days that takes.
//!
//! What is set beside one anchor, and the anchor itself, is one trip, as long as no more days lie
//! between than between near dates. Whoever travels leaves on the day before their first convening
//! of a trip and is back on the day after their last, so that the way there and back is counted once.

use chrono::NaiveDate;

use super::agenda::Entry;
use super::{Days, EventId, RoleTree, Team};

/// One convening of a trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stop {
    /// Its civil days; one day where the last is not known.
    pub days: Days,
    /// Which.
    pub event: EventId,
    /// It is cancelled or postponed.
    pub is_off: bool,
}

/// One person's part of a trip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Itinerary {
    /// Their place on the roster.
    pub member: usize,
    /// Where they go, in order.
    pub stops: Vec<Stop>,
    /// Their days away: the first and the last are spent on the way.
    pub away: Days,
}

/// One trip of a city team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trip {
    /// The anchor, or the convening that stands alone.
    pub root: EventId,
    /// Everything that somebody of the team goes to, in order.
    pub stops: Vec<Stop>,
    /// Who goes where.
    pub people: Vec<Itinerary>,
}

impl Trip {
    /// Its convenings, from the first day to the last.
    #[must_use]
    pub fn stay(&self) -> Option<Days> {
        around(&self.stops)
    }

    /// The days that somebody of the team is away, those on the way among them.
    #[must_use]
    pub fn away(&self) -> Option<Days> {
        self.stay().map(|stay| stay.widened(1))
    }

    /// The days on which somebody of the team is on the way, each once.
    #[must_use]
    pub fn travel_days(&self) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = self.people.iter().flat_map(|one| [one.away.first, one.away.last]).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Nothing of it takes place any more, or what everything was set beside does not.
    #[must_use]
    pub fn is_dropped(&self) -> bool {
        self.stops.iter().all(|stop| stop.is_off) || self.stops.iter().any(|stop| stop.is_off && stop.event == self.root)
    }
}

/// How trips are told apart.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// From how many kilometres on people travel.
    pub apart_km: u32,
    /// How many free days lie at most between two convenings of one trip.
    pub near_days: i64,
}

/// The trips of a team to these entries, by their first day.
///
/// Entries that nobody of the team is invited to, that are online, or that are held at home are no
/// part of any. Where one is off it stays in its trip, marked.
#[must_use]
pub fn trips(team: &Team, tree: &RoleTree, entries: &[Entry], reach: Reach) -> Vec<Trip> {
    let mut visits: Vec<Visit> = entries.iter().flat_map(|entry| visits(team, tree, entry, reach.apart_km)).collect();
    visits.sort_by_key(|visit| (visit.root, visit.stop));
    let mut trips: Vec<Vec<Visit>> = Vec::new();
    for visit in visits {
        match trips.last_mut() {
            Some(trip) if is_near(trip, &visit, reach.near_days) => trip.push(visit),
            _ => trips.push(vec![visit]),
        }
    }
    let mut trips: Vec<Trip> = trips.iter().map(|visits| trip(visits)).collect();
    trips.sort_by_key(|trip| (trip.stay(), trip.root));
    trips
}

/// One occurrence, and who of the team it is for.
struct Visit {
    root: EventId,
    stop: Stop,
    members: Vec<usize>,
}

fn visits(team: &Team, tree: &RoleTree, entry: &Entry, apart_km: u32) -> Vec<Visit> {
    let (event, details) = (&entry.event, &entry.event.details);
    let members: Vec<usize> = (0_usize..)
        .zip(&team.members)
        .filter(|(_, member)| team.is_invited(member, tree, details))
        .map(|(place, _)| place)
        .collect();
    if members.is_empty() || !details.is_in_person() || details.transparent || team.is_home_of(event, apart_km) {
        return Vec::new();
    }
    let root = details.anchor.unwrap_or(event.id);
    let stop = |days, cancelled| Stop { days, event: event.id, is_off: cancelled || event.status.is_off() };
    let stops = entry.occurrences.iter().map(|one| stop(one.when.days(), one.cancelled));
    stops.map(|stop| Visit { root, stop, members: members.clone() }).collect()
}

fn is_near(trip: &[Visit], visit: &Visit, near_days: i64) -> bool {
    let stops: Vec<Stop> = trip.iter().map(|known| known.stop).collect();
    let free = around(&stops).and_then(|days| days.free_days_between(visit.stop.days));
    trip.iter().all(|known| known.root == visit.root) && free.is_none_or(|free| free <= near_days)
}

fn trip(visits: &[Visit]) -> Trip {
    let mut people: Vec<usize> = visits.iter().flat_map(|visit| visit.members.iter().copied()).collect();
    people.sort_unstable();
    people.dedup();
    let stops_of = |member: usize| -> Vec<Stop> {
        visits.iter().filter(|visit| visit.members.contains(&member)).map(|visit| visit.stop).collect()
    };
    let itinerary = |member: usize| {
        let stops = stops_of(member);
        around(&stops).map(|stay| Itinerary { member, stops, away: stay.widened(1) })
    };
    Trip {
        root: visits.first().map_or(EventId(uuid::Uuid::nil()), |visit| visit.root),
        stops: visits.iter().map(|visit| visit.stop).collect(),
        people: people.into_iter().filter_map(itinerary).collect(),
    }
}

/// From the first of their days to the last.
fn around(stops: &[Stop]) -> Option<Days> {
    stops.iter().map(|stop| stop.days).reduce(|a, b| Days { first: a.first.min(b.first), last: a.last.max(b.last) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::team::Member;
    use crate::domain::{Details, Event, EventStatus, Mode, Occurrence, Role, Venue, When};

    const REACH: Reach = Reach { apart_km: 80, near_days: 2 };

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn id(number: u128) -> EventId {
        EventId(uuid::Uuid::from_u128(number))
    }

    fn entry(number: u128, days: (&str, &str), role: &str, change: impl FnOnce(&mut Event)) -> Entry {
        let when = When::Days { first: day(days.0), last: Some(day(days.1)) };
        let mut details = Details::new("It", "nlc".parse().expect("partner"), when, chrono_tz::America::Chicago);
        details.roles = [role.parse().expect("role")].into();
        details.venue = Some(Venue { city: Some("Omaha".into()), state: Some("NE".into()), ..Venue::default() });
        let mut event = Event::new(id(number), EventStatus::Confirmed, details, chrono::DateTime::UNIX_EPOCH);
        change(&mut event);
        let span = when.span(event.details.zone);
        let one = Occurrence { original: when.wall_start(), when, span, title: None, cancelled: false };
        Entry { occurrences: vec![one], event }
    }

    fn team(roles: &[&str]) -> Team {
        let member = |role: &&str| Member { name: "Made Up".into(), role: role.parse().expect("role"), cohorts: [].into() };
        Team {
            slug: "elm-hollow".parse().expect("team"),
            name: "Elm Hollow".into(),
            state: Some("OH".into()),
            zone: chrono_tz::America::New_York,
            home: None,
            members: roles.iter().map(member).collect(),
        }
    }

    fn of(roles: &[&str], entries: &[Entry]) -> Vec<Trip> {
        let role = |slug: &&str| Role { slug: slug.parse().expect("role"), name: (*slug).into(), parent: None };
        trips(&team(roles), &RoleTree::new(["mayor", "city_manager"].iter().map(role)), entries, REACH)
    }

    fn beside(number: u128) -> impl FnOnce(&mut Event) {
        move |event| event.details.anchor = Some(id(number))
    }

    #[test]
    fn an_anchor_with_its_satellites_is_one_trip_and_the_way_is_counted_once() {
        let anchor = entry(1, ("2027-04-21", "2027-04-23"), "mayor", |_| ());
        let before = entry(2, ("2027-04-20", "2027-04-20"), "mayor", beside(1));
        let after = entry(3, ("2027-04-25", "2027-04-25"), "city_manager", beside(1));
        let trips = of(&["mayor", "city_manager"], &[anchor, before, after]);
        assert_eq!(trips.len(), 1);
        let away: Vec<Days> = trips[0].people.iter().map(|one| one.away).collect();
        let mayor = Days::new(day("2027-04-19"), day("2027-04-24"));
        let manager = Days::new(day("2027-04-24"), day("2027-04-26"));
        assert_eq!((trips[0].root, away), (id(1), vec![mayor, manager]));
        assert_eq!(trips[0].travel_days(), ["2027-04-19", "2027-04-24", "2027-04-26"].map(day));
        assert_eq!(trips[0].away(), Some(Days::new(day("2027-04-19"), day("2027-04-26"))));
    }

    #[test]
    fn what_is_far_off_in_time_is_a_trip_of_its_own() {
        let anchor = entry(1, ("2027-04-21", "2027-04-23"), "mayor", |_| ());
        let late = entry(2, ("2027-04-27", "2027-04-27"), "mayor", beside(1));
        assert_eq!(of(&["mayor"], &[anchor.clone(), late]).len(), 2);
        let other = entry(3, ("2027-04-24", "2027-04-24"), "mayor", |_| ());
        assert_eq!(of(&["mayor"], &[anchor, other]).len(), 2);
    }

    #[test]
    fn nobody_travels_online_at_home_or_to_what_is_for_others() {
        let days = ("2027-04-21", "2027-04-23");
        let online = entry(1, days, "mayor", |event| event.details.mode = Mode::Virtual);
        let at_home = entry(2, days, "mayor", |event| {
            event.details.venue = Some(Venue { city: Some("Elm Hollow".into()), state: Some("OH".into()), ..Venue::default() });
        });
        assert_eq!(of(&["mayor"], &[online, at_home, entry(3, days, "city_manager", |_| ())]), []);
    }

    #[test]
    fn a_trip_falls_with_its_anchor_and_with_the_last_of_its_convenings() {
        let off = |event: &mut Event| event.status = EventStatus::Cancelled;
        let days = ("2027-04-21", "2027-04-23");
        let satellite = |change: fn(&mut Event)| {
            entry(2, ("2027-04-20", "2027-04-20"), "mayor", move |event| {
                event.details.anchor = Some(id(1));
                change(event);
            })
        };
        let dropped = |entries: &[Entry]| of(&["mayor"], entries)[0].is_dropped();
        assert!(dropped(&[entry(1, days, "mayor", off), satellite(|_| ())]));
        assert!(!dropped(&[entry(1, days, "mayor", |_| ()), satellite(off)]));
        assert!(dropped(&[satellite(off)]));
    }
}
