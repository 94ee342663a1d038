//! The events of an agenda with their lanes, kept up with one changed event after another.

use std::collections::{BTreeSet, HashMap};

use super::audience::as_number;
use super::index::Index;
use super::{Audience, Entry, Key, Setting, Slot, takes_time};
use crate::domain::{CohortSlug, Event, EventId, RoleSlug};

/// Whom an event is for, as it says: roles, a cohort, states.
type Invited = (BTreeSet<RoleSlug>, Option<CohortSlug>, BTreeSet<String>);

/// The events. Each has a place; each occurrence that takes somebody's time has a number.
#[derive(Debug, Clone, Default)]
pub(super) struct Book {
    pub entries: Vec<Entry>,
    pub index: Index,
    audiences: Vec<Audience>,
    known_audiences: HashMap<Invited, u32>,
    /// The audience of each entry, by its place in `audiences`.
    audience_of: Vec<u32>,
    entry_of: HashMap<EventId, u32>,
    /// The satellites of each anchor, known or not.
    satellites: HashMap<EventId, Vec<u32>>,
    /// The numbers of each entry's occurrences that take time.
    numbers: Vec<Vec<u32>>,
    /// Entry and occurrence of each number.
    places: Vec<(u32, u32)>,
    /// What each number's audience reaches, as far as a word has bits: the quick way to a shared key.
    reaches: Vec<u64>,
    /// Numbers that nobody has any more.
    spare: Vec<u32>,
}

impl Book {
    /// The book of these events, each once.
    pub fn new(entries: Vec<Entry>, setting: &Setting) -> Self {
        let mut book = Self { index: Index::new(setting.roster.keys(), setting.partners.keys()), ..Self::default() };
        for entry in entries {
            let place = book.append(entry, setting);
            book.enter(place, Index::add);
        }
        book.index.settle();
        book
    }

    /// Puts an event in the place of what was known of it.
    pub fn put(&mut self, entry: Entry, setting: &Setting) {
        let place = match self.entry_of(entry.event.id) {
            Some(place) => {
                self.leave(place);
                self.replace(place, entry, setting);
                place
            }
            None => self.append(entry, setting),
        };
        self.enter(place, Index::insert);
    }

    /// Takes an event out; the last one has its place then.
    pub fn remove(&mut self, event: EventId) {
        let Some(place) = self.entry_of.remove(&event) else { return };
        self.leave(place);
        self.stand_alone(place);
        let last = as_number(self.entries.len() - 1);
        if place != last {
            self.stand_alone(last);
            let moved = self.entries[last as usize].event.clone();
            self.stand_beside(place, &moved);
            self.entry_of.insert(moved.id, place);
            for number in &self.numbers[last as usize] {
                self.places[*number as usize].0 = place;
            }
        }
        self.entries.swap_remove(place as usize);
        self.audience_of.swap_remove(place as usize);
        self.numbers.swap_remove(place as usize);
    }

    fn append(&mut self, entry: Entry, setting: &Setting) -> u32 {
        let place = as_number(self.entries.len());
        let audience = self.audience_for(&entry.event, setting);
        self.entry_of.insert(entry.event.id, place);
        self.stand_beside(place, &entry.event);
        self.audience_of.push(audience);
        self.numbers.push(Vec::new());
        self.entries.push(entry);
        place
    }

    fn replace(&mut self, place: u32, entry: Entry, setting: &Setting) {
        let audience = self.audience_for(&entry.event, setting);
        self.stand_alone(place);
        self.stand_beside(place, &entry.event);
        self.audience_of[place as usize] = audience;
        self.entries[place as usize] = entry;
    }

    fn stand_alone(&mut self, place: u32) {
        let anchor = self.entries[place as usize].event.details.anchor;
        if let Some(satellites) = anchor.and_then(|anchor| self.satellites.get_mut(&anchor)) {
            satellites.retain(|known| *known != place);
        }
    }

    fn stand_beside(&mut self, place: u32, event: &Event) {
        if let Some(anchor) = event.details.anchor {
            self.satellites.entry(anchor).or_default().push(place);
        }
    }

    /// The number of whom an event reaches: equal audiences are one.
    fn audience_for(&mut self, event: &Event, setting: &Setting) -> u32 {
        let details = &event.details;
        let name = (details.roles.clone(), details.cohort.clone(), details.states.clone());
        *self.known_audiences.entry(name).or_insert_with(|| {
            let id = as_number(self.audiences.len());
            self.audiences.push(setting.roster.audience(id, &setting.roles, details));
            id
        })
    }

    /// Gives the occurrences of an entry their numbers and lanes.
    fn enter(&mut self, place: u32, enter: impl FnOnce(&mut Index, &[(u32, Slot<'_>)])) {
        let entry = &self.entries[place as usize];
        let audience = &self.audiences[self.audience_of[place as usize] as usize];
        let reaches = audience.keys.iter().filter(|key| **key < 64).fold(0, |reaches, key| reaches | 1 << key);
        let mut slots = Vec::new();
        for (occurrence, number) in entry.occurrences.iter().zip(0..).filter(|(one, _)| takes_time(&entry.event, one)) {
            let known = self.spare.pop().unwrap_or_else(|| {
                self.places.push((0, 0));
                self.reaches.push(0);
                as_number(self.places.len() - 1)
            });
            self.places[known as usize] = (place, number);
            self.reaches[known as usize] = reaches;
            slots.push((known, Slot::of(entry, occurrence, audience)));
        }
        enter(&mut self.index, &slots);
        self.numbers[place as usize] = slots.into_iter().map(|(number, _)| number).collect();
    }

    /// Takes the occurrences of an entry out of their lanes.
    fn leave(&mut self, place: u32) {
        let numbers = std::mem::take(&mut self.numbers[place as usize]);
        let entry = &self.entries[place as usize];
        let audience = &self.audiences[self.audience_of[place as usize] as usize];
        let slot = |number: &u32| {
            let occurrence = &entry.occurrences[self.places[*number as usize].1 as usize];
            (*number, Slot::of(entry, occurrence, audience))
        };
        let slots: Vec<(u32, Slot<'_>)> = numbers.iter().map(slot).collect();
        self.index.remove(&slots);
        self.spare.extend(numbers);
    }

    /// The place of an event.
    pub fn entry_of(&self, event: EventId) -> Option<u32> {
        self.entry_of.get(&event).copied()
    }

    /// How many different audiences there are.
    pub fn audiences(&self) -> usize {
        self.audiences.len()
    }

    /// An entry with its audience, whether or not it takes anybody's time.
    pub fn whole(&self, place: u32) -> (&Entry, &Audience) {
        let audience = self.audience_of[place as usize];
        (&self.entries[place as usize], &self.audiences[audience as usize])
    }

    /// Entry and occurrence of a number.
    pub fn place(&self, number: u32) -> (u32, u32) {
        self.places[number as usize]
    }

    pub fn event(&self, number: u32) -> &Event {
        &self.entries[self.place(number).0 as usize].event
    }

    pub fn audience(&self, number: u32) -> &Audience {
        self.whole(self.place(number).0).1
    }

    /// Are the two occurrences of one event?
    pub fn is_one_event(&self, a: u32, b: u32) -> bool {
        self.place(a).0 == self.place(b).0
    }

    /// The first role or cohort that both reach.
    pub fn first_shared_key(&self, a: u32, b: u32) -> Option<Key> {
        match self.reaches[a as usize] & self.reaches[b as usize] {
            0 => self.audience(a).first_shared_key(self.audience(b)),
            shared => Key::try_from(shared.trailing_zeros()).ok(),
        }
    }

    /// The numbers of all occurrences that take time, one event after the other.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.numbers.iter().flatten().copied()
    }

    /// The numbers of each event that has some.
    pub fn series(&self) -> impl Iterator<Item = &[u32]> {
        self.numbers.iter().filter(|numbers| !numbers.is_empty()).map(Vec::as_slice)
    }

    /// The satellites of an event, by place.
    pub fn satellites_of(&self, anchor: EventId) -> impl Iterator<Item = u32> {
        self.satellites.get(&anchor).into_iter().flatten().copied()
    }

    /// Each anchor that is here with each of its satellites, by place.
    pub fn satellites(&self) -> impl Iterator<Item = (u32, u32)> {
        let of = |(anchor, satellites): (&EventId, &Vec<u32>)| self.entry_of(*anchor).zip(Some(satellites.clone()));
        let tied = self.satellites.iter().filter_map(of);
        tied.flat_map(|(anchor, satellites)| satellites.into_iter().map(move |satellite| (anchor, satellite)))
            .filter(|(anchor, satellite)| anchor != satellite)
    }
}
