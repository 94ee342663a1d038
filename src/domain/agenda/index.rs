//! The lanes of an agenda: who is where, by whatever two events can have in common.

use std::collections::{BTreeMap, HashMap};

use super::lane::{Lane, Stay};
use super::{Entry, Slot};
use crate::domain::{Event, EventId, PartnerSlug, PersonSlug, Venue};

/// The lanes. In each, `who` is the number of a slot.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// By role or cohort, in seconds.
    pub at_once: Vec<Lane>,
    /// By role or cohort, what is in person, in days.
    pub in_person: Vec<Lane>,
    /// What is in person, for whomever, in days.
    pub by_day: Lane,
    /// By speaker, in seconds.
    pub by_speaker: HashMap<PersonSlug, Lane>,
    /// By room, in seconds.
    pub by_room: HashMap<String, Lane>,
    /// By parallel of latitude, what is in person, in days.
    pub by_parallel: BTreeMap<i32, Lane>,
    /// By name, in days.
    pub by_title: HashMap<String, Lane>,
}

impl Index {
    /// The lanes of these slots, which reach roles and cohorts below `keys`.
    pub fn new<'a>(slots: impl Iterator<Item = Slot<'a>>, keys: usize) -> Self {
        let (mut at_once, mut in_person) = (vec![Vec::new(); keys], vec![Vec::new(); keys]);
        let mut by_day = Vec::new();
        let (mut by_speaker, mut by_room, mut by_title) = (Lanes::new(), Lanes::new(), Lanes::new());
        let mut by_parallel = BTreeMap::<i32, Vec<Stay>>::new();
        for (slot, who) in slots.zip(0..) {
            let ((from, until), (first, after)) = (slot.seconds(), slot.day_numbers());
            let (hours, days) = (Stay { from, until, who }, Stay { from: first, until: after, who });
            for key in slot.audience.keys.iter().copied().map(usize::from) {
                at_once[key].push(hours);
                in_person[key].extend(slot.is_in_person().then_some(days));
            }
            by_day.extend(slot.is_in_person().then_some(days));
            for speaker in &slot.event.details.speakers {
                by_speaker.entry(speaker.clone()).or_default().push(hours);
            }
            if let Some(room) = room(&slot) {
                by_room.entry(room).or_default().push(hours);
            }
            if let Some(title) = title(slot.event) {
                by_title.entry(title).or_default().push(days);
            }
            if let Some(parallel) = parallel(&slot) {
                by_parallel.entry(parallel).or_default().push(days);
            }
        }
        Self {
            at_once: at_once.into_iter().map(Lane::new).collect(),
            in_person: in_person.into_iter().map(Lane::new).collect(),
            by_day: Lane::new(by_day),
            by_speaker: lanes(by_speaker),
            by_room: lanes(by_room),
            by_parallel: by_parallel.into_iter().map(|(parallel, stays)| (parallel, Lane::new(stays))).collect(),
            by_title: lanes(by_title),
        }
    }

    /// The lanes of a slot's own parallel and of those beside it.
    pub fn around(&self, slot: &Slot<'_>) -> impl Iterator<Item = &Lane> {
        let near = parallel(slot).map(|parallel| self.by_parallel.range(parallel - 1..=parallel + 1));
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

type Lanes<K> = HashMap<K, Vec<Stay>>;

fn lanes<K: Eq + std::hash::Hash>(stays: Lanes<K>) -> HashMap<K, Lane> {
    stays.into_iter().map(|(key, stays)| (key, Lane::new(stays))).collect()
}

/// The room it takes: who went online has left it.
pub(super) fn room(slot: &Slot<'_>) -> Option<String> {
    slot.event.details.venue.as_ref().filter(|_| slot.is_in_person()).and_then(Venue::room_key)
}

/// Belts of two degrees, 222 km: what is within that distance is in the same belt or in one beside it.
#[expect(clippy::cast_possible_truncation, reason = "a latitude is between -90 and 90")]
fn parallel(slot: &Slot<'_>) -> Option<i32> {
    let venue = slot.event.details.venue.as_ref().filter(|_| slot.is_in_person())?;
    venue.position().map(|(lat, _)| (lat / 2.0).floor()).filter(|belt| belt.is_finite()).map(|belt| belt as i32)
}

/// A name as people tell events apart: its words without case, order, year, and the partner's name.
///
/// `None` for a name of a single word: many are called “Webinar”.
pub(super) fn title(event: &Event) -> Option<String> {
    name_key(&event.details.title, &event.details.partner)
}

/// The same of a title and the partner that calls it: equal keys are perhaps one event.
#[must_use]
pub fn name_key(title: &str, partner: &PartnerSlug) -> Option<String> {
    let title = title.to_lowercase();
    let partner = partner.as_str();
    let is_year = |word: &str| word.len() == 4 && word.starts_with("20") && word.chars().all(|c| c.is_ascii_digit());
    let tells = |word: &&str| !word.is_empty() && !is_year(word) && !partner.split('-').any(|part| part == *word);
    let mut words: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(tells).collect();
    words.sort_unstable();
    words.dedup();
    (words.len() > 1).then(|| words.join(" "))
}

/// Which entries are set beside which, by place in the list of entries.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// Where each event is.
    pub entry_of: HashMap<EventId, u32>,
    /// The satellites of each anchor, known or not.
    pub satellites: HashMap<EventId, Vec<u32>>,
}

impl Beside {
    /// What these entries say of each other.
    pub fn new(entries: &[Entry]) -> Self {
        let mut beside = Self::default();
        for (entry, place) in entries.iter().zip(0..) {
            beside.entry_of.insert(entry.event.id, place);
            if let Some(anchor) = entry.event.details.anchor {
                beside.satellites.entry(anchor).or_default().push(place);
            }
        }
        beside
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Details, EventStatus, When};

    fn key(name: &str, partner: &str) -> Option<String> {
        let when = When::Days { first: chrono::NaiveDate::MIN, last: None };
        let details = Details::new(name, partner.parse().expect("partner"), when, chrono_tz::UTC);
        title(&Event::new(EventId(uuid::Uuid::nil()), EventStatus::Confirmed, details, chrono::DateTime::UNIX_EPOCH))
    }

    #[test]
    fn a_name_is_told_by_its_words() {
        assert_eq!(key("NLC City Summit 2022", "nlc"), Some("city summit".into()));
        assert_eq!(key("2022 City Summit!", "icma"), Some("city summit".into()));
        assert_ne!(key("Town-Gown Relations, day 1", "nlc"), key("Town-Gown Relations, day 2", "nlc"));
        assert_eq!(key("Webinar 2024", "nlc"), None);
    }
}
