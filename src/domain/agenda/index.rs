//! The lanes of an agenda: who is where, by whatever two events can have in common.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::Slot;
use super::lane::{Lane, Stay};
use crate::domain::{Event, PartnerSlug, PersonSlug, Venue};

/// The lanes. In each, `who` is the number of a slot.
#[derive(Debug, Clone, Default)]
pub(super) struct Index {
    /// By role or cohort, in seconds.
    pub at_once: Vec<Lane>,
    /// By role or cohort, what is in person, in days.
    pub in_person: Vec<Lane>,
    /// What is in person, for whomever, in days.
    pub by_day: Lane,
    /// By speaker, in seconds.
    pub by_speaker: Lanes<PersonSlug>,
    /// By room, in seconds.
    pub by_room: Lanes<String>,
    /// By parallel of latitude, what is in person, in days.
    by_parallel: BTreeMap<i32, Lane>,
    /// By name, in days.
    pub by_title: Lanes<String>,
    /// What partners are called in names, word by word; by the first of them.
    partners: BTreeMap<String, Vec<Vec<String>>>,
}

/// Lanes by name.
#[derive(Debug, Clone)]
pub(super) struct Lanes<K>(HashMap<K, Lane>);

impl<K> Default for Lanes<K> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash + Clone> Lanes<K> {
    /// The lane of that name.
    pub fn get(&self, name: &K) -> Option<&Lane> {
        self.0.get(name)
    }

    /// All of them.
    pub fn lanes(&self) -> impl Iterator<Item = &Lane> {
        self.0.values()
    }

    fn of(&mut self, name: &K) -> &mut Lane {
        self.0.entry(name.clone()).or_default()
    }
}

impl Index {
    /// Empty lanes for roles and cohorts below `keys`; names are told without those of these partners.
    pub fn new<'a>(keys: usize, partners: impl Iterator<Item = &'a PartnerSlug>) -> Self {
        let mut called: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for partner in partners {
            let words: Vec<String> = partner.as_str().split('-').map(str::to_owned).collect();
            called.entry(words.first().cloned().unwrap_or_default()).or_default().push(words);
        }
        let partners = called;
        Self { at_once: vec![Lane::default(); keys], in_person: vec![Lane::default(); keys], partners, ..Self::default() }
    }

    /// A name as people tell events apart: its words without case, order, year, and the names of partners.
    ///
    /// `None` for a name of a single word: many are called “Webinar”. Also without the name of a partner that does not
    /// call it: “NLC City Summit” in another's calendar is perhaps the “City Summit” of NLC.
    pub fn title(&self, event: &Event) -> Option<String> {
        let own = &event.details.partner;
        key(&event.details.title, |words| {
            let called = words.first().and_then(|first| self.partners.get(*first));
            let is_said = |name: &&Vec<String>| words.get(..name.len()).is_some_and(|said| said == name.as_slice());
            let longest = called.into_iter().flatten().filter(is_said).map(Vec::len).max();
            longest.or_else(|| is_part_of(own, words))
        })
    }

    /// Adds the slots of one event; to be [settled](Index::settle) when all have been.
    pub fn add(&mut self, slots: &[(u32, Slot<'_>)]) {
        self.each_stay(slots, Lane::add);
    }

    /// Puts all lanes in order.
    pub fn settle(&mut self) {
        self.at_once.iter_mut().chain(&mut self.in_person).for_each(Lane::settle);
        self.by_speaker.0.values_mut().for_each(Lane::settle);
        self.by_room.0.values_mut().chain(self.by_title.0.values_mut()).for_each(Lane::settle);
        self.by_parallel.values_mut().for_each(Lane::settle);
        self.by_day.settle();
    }

    /// Puts the slots of one event into lanes that are in order.
    pub fn insert(&mut self, slots: &[(u32, Slot<'_>)]) {
        self.each_stay(slots, Lane::insert);
    }

    /// Takes the slots of one event out.
    pub fn remove(&mut self, slots: &[(u32, Slot<'_>)]) {
        self.each_stay(slots, Lane::remove);
    }

    fn each_stay(&mut self, slots: &[(u32, Slot<'_>)], act: impl Fn(&mut Lane, Stay)) {
        let Some((_, first)) = slots.first() else { return };
        let (event, in_person) = (first.event, first.is_in_person());
        let (room, title, parallel) = (room(event), self.title(event), parallel(event));
        for (who, slot) in slots {
            let ((from, until), (first, after)) = (slot.seconds(), slot.day_numbers());
            let (hours, days) = (Stay { from, until, who: *who }, Stay { from: first, until: after, who: *who });
            for key in slot.audience.keys.iter().copied().map(usize::from) {
                act(&mut self.at_once[key], hours);
                if in_person {
                    act(&mut self.in_person[key], days);
                }
            }
            if in_person {
                act(&mut self.by_day, days);
            }
            event.details.speakers.iter().for_each(|speaker| act(self.by_speaker.of(speaker), hours));
            if let Some(room) = &room {
                act(self.by_room.of(room), hours);
            }
            if let Some(title) = &title {
                act(self.by_title.of(title), days);
            }
            if let Some(parallel) = parallel {
                act(self.by_parallel.entry(parallel).or_default(), days);
            }
        }
    }

    /// The lanes of an event's own parallel and of those beside it.
    pub fn around(&self, event: &Event) -> impl Iterator<Item = &Lane> {
        let near = parallel(event).map(|parallel| self.by_parallel.range(parallel - 1..=parallel + 1));
        near.into_iter().flatten().map(|(_, lane)| lane)
    }

    /// Calls `visit` for each two in-person slots that may be in one area, at most `near` days apart.
    pub fn pairs_of_one_area(&self, near: i64, mut visit: impl FnMut(u32, u32)) {
        for (parallel, lane) in &self.by_parallel {
            lane.pairs(near, &mut visit);
            if let Some(northern) = self.by_parallel.get(&(parallel + 1)) {
                lane.pairs_with(northern, near, &mut visit);
            }
        }
    }
}

/// The room it takes: who went online has left it.
pub(super) fn room(event: &Event) -> Option<String> {
    event.details.venue.as_ref().filter(|_| event.details.is_in_person()).and_then(Venue::room_key)
}

/// Belts of two degrees, 222 km: what is within that distance is in the same belt or in one beside it.
#[expect(clippy::cast_possible_truncation, reason = "a latitude is between -90 and 90")]
fn parallel(event: &Event) -> Option<i32> {
    let venue = event.details.venue.as_ref().filter(|_| event.details.is_in_person())?;
    venue.position().map(|(lat, _)| (lat / 2.0).floor()).filter(|belt| belt.is_finite()).map(|belt| belt as i32)
}

/// A name as people tell events apart: its words without case, order, year, and the name of the partner that calls it.
///
/// `None` for a name of a single word: many are called “Webinar”.
#[must_use]
pub fn name_key(title: &str, partner: &PartnerSlug) -> Option<String> {
    key(title, |words| is_part_of(partner, words))
}

/// Is the first of these words one of those that a partner is called by?
fn is_part_of(partner: &PartnerSlug, words: &[&str]) -> Option<usize> {
    let first = words.first()?;
    partner.as_str().split('-').any(|part| part == *first).then_some(1)
}

/// A name's words; `partners` says how many of those that come next are the name of a partner.
fn key(title: &str, partners: impl Fn(&[&str]) -> Option<usize>) -> Option<String> {
    let title = title.to_lowercase();
    let is_year = |word: &str| word.len() == 4 && word.starts_with("20") && word.chars().all(|c| c.is_ascii_digit());
    // “NLC’s” is “NLC” and an “s”.
    let tells = |word: &&str| !word.is_empty() && *word != "s" && !is_year(word);
    let all: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(tells).collect();
    let (mut words, mut rest) = (Vec::with_capacity(all.len()), &all[..]);
    while let [first, after @ ..] = rest {
        if let Some(named) = partners(rest) {
            rest = rest.get(named..).unwrap_or_default();
        } else {
            words.push(*first);
            rest = after;
        }
    }
    words.sort_unstable();
    words.dedup();
    (words.len() > 1).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Details, EventId, EventStatus, When};

    fn title(name: &str, partner: &str) -> Option<String> {
        let when = When::Days { first: chrono::NaiveDate::MIN, last: None };
        let details = Details::new(name, partner.parse().expect("partner"), when, chrono_tz::UTC);
        let known: Vec<PartnerSlug> = ["nlc", "living-cities"].map(|slug| slug.parse().expect("partner")).to_vec();
        let event = Event::new(EventId(uuid::Uuid::nil()), EventStatus::Confirmed, details, chrono::DateTime::UNIX_EPOCH);
        Index::new(0, known.iter()).title(&event)
    }

    #[test]
    fn a_name_is_told_by_its_words() {
        assert_eq!(title("NLC City Summit 2022", "nlc"), Some("city summit".into()));
        assert_eq!(title("2022 City Summit!", "icma"), Some("city summit".into()));
        assert_eq!(title("NLC’s City Summit", "icma"), Some("city summit".into()));
        assert_eq!(title("NLC City Summit", "icma"), Some("city summit".into()), "in another partner's calendar too");
        assert_eq!(title("Living wages in cities", "nlc"), Some("cities in living wages".into()), "words, not parts of names");
        assert_eq!(title("Living Cities’ Equity Academy 2027", "nlc"), Some("academy equity".into()), "a name of two words");
        assert_ne!(title("Town-Gown Relations, day 1", "nlc"), title("Town-Gown Relations, day 2", "nlc"));
        assert_eq!(title("Webinar 2024", "nlc"), None);
    }
}
