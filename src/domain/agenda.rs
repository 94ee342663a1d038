//! The occurrences at hand, found by role, person, room and day.
//!
//! An agenda is given everything it knows at once and then answers one question: who meets whom?
//! It gives *candidates*, fast and without missing one; whether two that meet also clash is for
//! the rules in [`conflict`](super::conflict) to say.

mod audience;
mod bits;
mod facts;
mod hall;
mod index;
mod lane;

use std::collections::{BTreeSet, HashMap};

use chrono::{Datelike as _, NaiveDate};

use audience::as_number;
pub use audience::{Audience, Common, Duty, Key, Roster};
pub use facts::{Entry, Facts};
use hall::Hall;
use index::{Beside, Index};
use lane::{Lane, Stay};

use super::civic::{Blackout, BudgetYear, Meeting};
use super::{CohortSlug, Days, Event, EventId, Observance, Occurrence, RoleSlug};

/// The occurrences at hand, indexed.
#[derive(Debug)]
pub struct Agenda {
    facts: Facts,
    roster: Roster,
    audiences: Vec<Audience>,
    /// The audience of each entry, by its place in `audiences`.
    audience_of: Vec<u32>,
    /// Entry and occurrence of each occurrence that takes somebody's time.
    places: Vec<(u32, u32)>,
    index: Index,
    beside: Beside,
    /// Observances, in days.
    almanac: Lane,
    hall: Hall,
}

/// One time that an event happens: what a rule looks at.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'a> {
    /// The event.
    pub event: &'a Event,
    /// The occurrence.
    pub occurrence: &'a Occurrence,
    /// Its civil days in the event's own zone.
    pub days: Days,
    /// Whom it reaches.
    pub audience: &'a Audience,
}

/// An event that asks the agenda, whether or not it is in it.
#[derive(Debug)]
pub struct Guest<'a> {
    entry: &'a Entry,
    audience: Audience,
}

/// Why two slots were brought together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// A role or cohort of both; both in person; days that are the same or near.
    Journey,
    /// A role or cohort of both, at one time; at least one of them online.
    Hour,
    /// A speaker of both, at one time.
    Speaker,
    /// One room, at one time.
    Room,
    /// Both in person on one day, whoever is invited.
    Day,
    /// Both in person, perhaps in one metropolitan area; days that are the same or near.
    Area,
    /// One name; days that are the same or near.
    Title,
    /// One is set beside the other; this one alone may be off.
    Anchor,
}

impl<'a> Slot<'a> {
    fn of(entry: &'a Entry, occurrence: &'a Occurrence, audience: &'a Audience) -> Self {
        Self { event: &entry.event, occurrence, days: occurrence.when.days(), audience }
    }

    /// Must people travel to it?
    #[must_use]
    pub fn is_in_person(&self) -> bool {
        self.event.details.is_in_person()
    }

    fn seconds(&self) -> (i64, i64) {
        (self.occurrence.span.start.timestamp(), self.occurrence.span.end.timestamp())
    }

    fn day_numbers(&self) -> (i64, i64) {
        day_numbers(self.days)
    }
}

impl Agenda {
    /// The agenda of these facts.
    ///
    /// What takes nobody's time is left out: ideas, cancelled and postponed events, transparent
    /// ones, cancelled occurrences. Past ones stay: what clashed then is how to plan now.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        let roster = Roster::new(&facts.roles, &facts.teams, facts.entries.iter().map(|entry| &entry.event));
        let (audiences, audience_of) = audiences(&facts, &roster);
        let mut agenda = Self {
            index: Index::default(),
            beside: Beside::new(&facts.entries),
            almanac: almanac(&facts.observances),
            hall: Hall::new(&facts),
            places: places(&facts.entries),
            facts,
            roster,
            audiences,
            audience_of,
        };
        agenda.index = Index::new(agenda.slots(), agenda.roster.keys());
        agenda
    }

    /// What it was made of.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The people of the city teams.
    #[must_use]
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What two slots' audiences have in common.
    #[must_use]
    pub fn common(&self, a: &Audience, b: &Audience) -> Common {
        self.roster.common(&self.facts.roles, a, b)
    }

    /// Every occurrence that takes somebody's time.
    pub fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        (0..as_number(self.places.len())).map(|place| self.slot(place))
    }

    /// The observances that touch these days.
    pub fn observances(&self, days: Days) -> impl Iterator<Item = &Observance> {
        let (from, until) = day_numbers(days);
        self.almanac.meeting(from, until).map(|place| &self.facts.observances[place as usize])
    }

    /// How many of the invited city teams an observance concerns: all, or those of its state.
    #[must_use]
    pub fn teams_concerned(&self, audience: &Audience, observance: &Observance) -> u32 {
        match &observance.state {
            Some(state) => self.roster.teams_in_state(audience, state),
            None => audience.team_count(),
        }
    }

    /// What is in person on these days for a role or cohort.
    pub fn in_person(&self, key: Key, days: Days) -> impl Iterator<Item = Slot<'_>> {
        let (from, until) = day_numbers(days);
        let lane = self.index.in_person.get(usize::from(key));
        lane.into_iter().flat_map(move |lane| lane.meeting(from, until)).map(|place| self.slot(place))
    }

    /// Whom the entry of that event reaches, if it is here.
    #[must_use]
    pub fn audience_of(&self, event: EventId) -> Option<&Audience> {
        self.beside.entry_of.get(&event).map(|entry| self.whole(*entry).1)
    }

    /// The council meetings on these days, each with its team's place in the list of teams.
    pub fn meetings(&self, days: Days) -> impl Iterator<Item = (u32, &Meeting)> {
        self.hall.meetings(days).map(|(place, team)| (team, &self.facts.civic.meetings[place]))
    }

    /// What is ruled out on these days, with the team's place in the list of teams where it is a team's.
    pub fn blackouts(&self, days: Days) -> impl Iterator<Item = (&Blackout, Option<u32>)> {
        let blackout = |place: usize| (&self.facts.civic.blackouts[place], self.hall.team_of_blackout[place]);
        self.hall.blackouts(days).map(blackout)
    }

    /// When invited city teams make their budgets: how many, and whether somebody invited makes one.
    pub fn budgets<'a>(&'a self, audience: &'a Audience) -> impl Iterator<Item = (BudgetYear, u32, bool)> + 'a {
        self.hall.budgets(audience, &self.roster)
    }

    /// The slots of each event, one event after the other, each in order of time.
    pub fn series(&self) -> impl Iterator<Item = Vec<Slot<'_>>> {
        let of_event = |places: &[(u32, u32)]| {
            let (entry, _) = *places.first()?;
            let audience = &self.audiences[self.audience_of[entry as usize] as usize];
            let entry = &self.facts.entries[entry as usize];
            let slot = |(_, occurrence): &(u32, u32)| Slot::of(entry, &entry.occurrences[*occurrence as usize], audience);
            Some(in_order(places.iter().map(slot).collect()))
        };
        self.places.chunk_by(|a, b| a.0 == b.0).filter_map(of_event)
    }

    /// Calls `visit` for each two slots with a tie, once for each tie.
    ///
    /// `near` is how many days may lie between those that have to do with each other without
    /// sharing one.
    pub fn pairs<'a>(&'a self, near: i64, mut visit: impl FnMut(Tie, Slot<'a>, Slot<'a>)) {
        let mut meet = |tie, a, b| {
            let (a, b) = (self.slot(a), self.slot(b));
            if a.event.id != b.event.id {
                visit(tie, a, b);
            }
        };
        for (key, (at_once, in_person)) in (0..).zip(self.index.at_once.iter().zip(&self.index.in_person)) {
            let first = |a, b| self.audience(a).first_shared_key(self.audience(b)) == Some(key);
            let online = |place| !self.slot_event(place).details.is_in_person();
            in_person.pairs(near, |a, b| {
                if first(a, b) {
                    meet(Tie::Journey, a, b);
                }
            });
            at_once.pairs(0, |a, b| {
                if (online(a) || online(b)) && first(a, b) {
                    meet(Tie::Hour, a, b);
                }
            });
        }
        self.index.by_speaker.values().for_each(|lane| lane.pairs(0, |a, b| meet(Tie::Speaker, a, b)));
        self.index.by_room.values().for_each(|lane| lane.pairs(0, |a, b| meet(Tie::Room, a, b)));
        self.index.by_title.values().for_each(|lane| lane.pairs(near, |a, b| meet(Tie::Title, a, b)));
        self.index.by_day.pairs(0, |a, b| meet(Tie::Day, a, b));
        self.index.pairs_of_one_area(near, |a, b| meet(Tie::Area, a, b));
        for place in self.beside.satellites.values().flatten() {
            let satellite = &self.facts.entries[*place as usize];
            let anchor = satellite.event.details.anchor.and_then(|anchor| self.beside.entry_of.get(&anchor));
            if let Some(anchor) = anchor.filter(|anchor| *anchor != place) {
                tie_to_anchor(self.whole(*anchor), self.whole(*place), &mut visit);
            }
        }
    }

    /// An event that asks. Itself as the agenda knows it is no company for it.
    #[must_use]
    pub fn guest<'a>(&self, entry: &'a Entry) -> Guest<'a> {
        let details = &entry.event.details;
        let id = as_number(self.audiences.len());
        let audience = self.roster.audience(id, &self.facts.roles, &details.roles, details.cohort.as_ref());
        Guest { entry, audience }
    }

    /// Calls `visit` for each slot that has a tie with one of the guest's, as [`pairs`](Self::pairs) does.
    pub fn pairs_with<'a>(&'a self, guest: &'a Guest<'a>, near: i64, mut visit: impl FnMut(Tie, Slot<'a>, Slot<'a>)) {
        for slot in guest.slots() {
            let mut meet = |tie, place| {
                let other = self.slot(place);
                if other.event.id != slot.event.id {
                    visit(tie, slot, other);
                }
            };
            self.meet_same_people(&slot, near, &mut meet);
            self.meet_at_one_time(&slot, &mut meet);
            self.meet_around(&slot, near, &mut meet);
        }
        let own = (guest.entry, &guest.audience);
        let anchor = guest.entry.event.details.anchor.and_then(|anchor| self.beside.entry_of.get(&anchor));
        if let Some(anchor) = anchor.map(|anchor| self.whole(*anchor)).filter(|anchor| anchor.0.event.id != guest.id()) {
            tie_to_anchor(anchor, own, &mut visit);
        }
        let satellites = self.beside.satellites.get(&guest.id()).into_iter().flatten();
        for satellite in satellites.map(|place| self.whole(*place)).filter(|satellite| satellite.0.event.id != guest.id()) {
            tie_to_anchor(own, satellite, &mut visit);
        }
    }

    fn meet_at_one_time(&self, slot: &Slot<'_>, meet: &mut impl FnMut(Tie, u32)) {
        let (start, end) = slot.seconds();
        for lane in slot.event.details.speakers.iter().filter_map(|speaker| self.index.by_speaker.get(speaker)) {
            lane.meeting(start, end).for_each(|place| meet(Tie::Speaker, place));
        }
        for lane in index::room(slot).iter().filter_map(|room| self.index.by_room.get(room)) {
            lane.meeting(start, end).for_each(|place| meet(Tie::Room, place));
        }
    }

    fn meet_around(&self, slot: &Slot<'_>, near: i64, meet: &mut impl FnMut(Tie, u32)) {
        let (from, until) = slot.day_numbers();
        if slot.is_in_person() {
            self.index.by_day.meeting(from, until).for_each(|place| meet(Tie::Day, place));
        }
        for lane in self.index.around(slot) {
            lane.meeting(from - near, until + near).for_each(|place| meet(Tie::Area, place));
        }
        for lane in index::title(slot.event).iter().filter_map(|title| self.index.by_title.get(title)) {
            lane.meeting(from - near, until + near).for_each(|place| meet(Tie::Title, place));
        }
    }

    fn meet_same_people(&self, slot: &Slot<'_>, near: i64, meet: &mut impl FnMut(Tie, u32)) {
        let (start, end) = slot.seconds();
        let (from, until) = slot.day_numbers();
        for key in slot.audience.keys.iter().copied() {
            let first = |place: &u32| slot.audience.first_shared_key(self.audience(*place)) == Some(key);
            let in_person = |place: &u32| slot.is_in_person() && self.slot_event(*place).details.is_in_person();
            if slot.is_in_person() {
                let near = self.index.in_person[usize::from(key)].meeting(from - near, until + near);
                near.filter(first).for_each(|place| meet(Tie::Journey, place));
            }
            let at_once = self.index.at_once[usize::from(key)].meeting(start, end);
            at_once.filter(|place| !in_person(place) && first(place)).for_each(|place| meet(Tie::Hour, place));
        }
    }

    fn slot(&self, place: u32) -> Slot<'_> {
        let (entry, occurrence) = self.places[place as usize];
        let entry_at = &self.facts.entries[entry as usize];
        Slot::of(entry_at, &entry_at.occurrences[occurrence as usize], self.audience(place))
    }

    /// An entry with its audience, whether or not it takes anybody's time.
    fn whole(&self, entry: u32) -> (&Entry, &Audience) {
        let audience = self.audience_of[entry as usize];
        (&self.facts.entries[entry as usize], &self.audiences[audience as usize])
    }

    fn slot_event(&self, place: u32) -> &Event {
        &self.facts.entries[self.places[place as usize].0 as usize].event
    }

    fn audience(&self, place: u32) -> &Audience {
        let entry = self.places[place as usize].0;
        &self.audiences[self.audience_of[entry as usize] as usize]
    }
}

impl Guest<'_> {
    /// The occurrences that take somebody's time, in order.
    #[must_use]
    pub fn series(&self) -> Vec<Slot<'_>> {
        in_order(self.slots().collect())
    }

    fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        let on = self.entry.occurrences.iter().filter(|occurrence| takes_time(&self.entry.event, occurrence));
        on.map(|occurrence| Slot::of(self.entry, occurrence, &self.audience))
    }

    /// Whom it reaches.
    #[must_use]
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The event that asks.
    #[must_use]
    pub fn id(&self) -> EventId {
        self.entry.event.id
    }
}

/// Ties each occurrence of a satellite to the anchor's nearest one, even if that is off.
fn tie_to_anchor<'a>(
    anchor: (&'a Entry, &'a Audience),
    satellite: (&'a Entry, &'a Audience),
    visit: &mut impl FnMut(Tie, Slot<'a>, Slot<'a>),
) {
    let on = satellite.0.occurrences.iter().filter(|occurrence| takes_time(&satellite.0.event, occurrence));
    for slot in on.map(|occurrence| Slot::of(satellite.0, occurrence, satellite.1)) {
        let slots = anchor.0.occurrences.iter().map(|occurrence| Slot::of(anchor.0, occurrence, anchor.1));
        let gap = |other: &Slot<'_>| (slot.days.free_days_between(other.days).map_or(0, |free| free + 1), other.occurrence.span);
        if let Some(nearest) = slots.min_by_key(gap) {
            visit(Tie::Anchor, slot, nearest);
        }
    }
}

fn in_order(mut slots: Vec<Slot<'_>>) -> Vec<Slot<'_>> {
    slots.sort_by_key(|slot| slot.occurrence.span);
    slots
}

/// Does this occurrence take anybody's time?
fn takes_time(event: &Event, occurrence: &Occurrence) -> bool {
    !event.status.is_off() && !event.details.transparent && !occurrence.cancelled
}

/// Entry and occurrence of each one that takes time.
fn places(entries: &[Entry]) -> Vec<(u32, u32)> {
    let of_entry = |(entry, place): (&Entry, u32)| {
        let on = entry.occurrences.iter().map(|occurrence| takes_time(&entry.event, occurrence)).zip(0..);
        let on: Vec<u32> = on.filter_map(|(on, number)| on.then_some(number)).collect();
        on.into_iter().map(move |number| (place, number))
    };
    entries.iter().zip(0..).flat_map(of_entry).collect()
}

/// Each audience once, and which one each entry has.
fn audiences(facts: &Facts, roster: &Roster) -> (Vec<Audience>, Vec<u32>) {
    let mut known: HashMap<(&BTreeSet<RoleSlug>, Option<&CohortSlug>), u32> = HashMap::new();
    let (mut audiences, mut audience_of) = (Vec::new(), Vec::with_capacity(facts.entries.len()));
    for entry in &facts.entries {
        let (roles, cohort) = (&entry.event.details.roles, entry.event.details.cohort.as_ref());
        let id = *known.entry((roles, cohort)).or_insert_with(|| {
            let id = as_number(audiences.len());
            audiences.push(roster.audience(id, &facts.roles, roles, cohort));
            id
        });
        audience_of.push(id);
    }
    (audiences, audience_of)
}

fn almanac(observances: &[Observance]) -> Lane {
    let stay = |(observance, who): (&Observance, u32)| {
        let (from, until) = day_numbers(observance.days);
        Stay { from, until, who }
    };
    Lane::new(observances.iter().zip(0..).map(stay).collect())
}

/// Days as half-open numbers.
fn day_numbers(days: Days) -> (i64, i64) {
    let number = |day: NaiveDate| i64::from(day.num_days_from_ce());
    (number(days.first), number(days.last) + 1)
}
