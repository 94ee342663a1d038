//! A feed whose entries can be exchanged: what did not change is shared with the feed before, not written anew.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use chrono_tz::Tz;
use icalendar::Property;
use sha2::{Digest as _, Sha256};

use super::vtimezone::{Described, YEARS, describe};
use super::write::{END, FeedHeader, Item, entry, head, uid};
use super::zones::is_utc;
use crate::domain::{Span, When, span};

/// A feed that is being written, entry by entry and in any order.
#[derive(Debug)]
pub struct Binder {
    zones: Zones,
    leaves: Vec<Leaf>,
    /// Where the next entry is written.
    page: Vec<u8>,
}

/// A feed as it was written: UTF-8, CRLF, by start and then `UID`.
#[derive(Debug)]
pub struct Bound {
    head: Box<[u8]>,
    leaves: Vec<Leaf>,
    zones: Zones,
    length: usize,
    /// How many of its bytes were written anew, and are not shared with the feed before.
    pub anew: usize,
}

/// One entry; its copies share its bytes.
#[derive(Debug, Clone)]
struct Leaf {
    at: Span,
    uid: Arc<str>,
    /// The zone that must be described for it.
    zone: Option<&'static str>,
    bytes: Arc<[u8]>,
    digest: [u8; 32],
}

impl Binder {
    /// An empty feed, whose zones are described for these years; of other years, times are in UTC.
    #[must_use]
    pub fn new(years: RangeInclusive<i32>) -> Self {
        Self::after(Zones::of(years))
    }

    fn after(zones: Zones) -> Self {
        Self { zones, leaves: Vec::new(), page: Vec::new() }
    }

    /// The same for the years of these times.
    pub fn for_times(times: impl Iterator<Item = When>) -> Self {
        let years: BTreeSet<i32> = times.flat_map(ends).map(|wall| wall.year()).filter(|year| YEARS.contains(year)).collect();
        let (first, last) = (years.first().copied(), years.last().copied());
        Self::new(first.unwrap_or(*YEARS.start())..=last.unwrap_or(*YEARS.start()))
    }

    /// Writes an entry.
    pub fn add(&mut self, item: &Item) {
        let (when, zone) = (item.when, item.zone);
        self.zones.know(when, zone);
        self.page.clear();
        entry(item, &self.zones, &mut self.page);
        let (bytes, digest) = (Arc::from(self.page.as_slice()), Sha256::digest(&self.page).into());
        let described = self.zones.describe_any(when, zone).then(|| zone.name());
        self.leaves.push(Leaf { at: when.span(zone), uid: uid(item).into(), zone: described, bytes, digest });
    }

    /// The feed with all entries that were added.
    #[must_use]
    pub fn bound(self, feed: &FeedHeader) -> Bound {
        let all = self.leaves.iter().map(|leaf| leaf.bytes.len()).sum();
        Bound::of(feed, self.zones, self.leaves, all)
    }
}

impl Bound {
    fn of(feed: &FeedHeader, zones: Zones, mut leaves: Vec<Leaf>, written: usize) -> Self {
        leaves.sort_by(|one, other| one.order().cmp(&other.order()));
        let mut first = Vec::new();
        head(feed, &zones.text(leaves.iter().filter_map(|leaf| leaf.zone)), &mut first);
        let length = first.len() + leaves.iter().map(|leaf| leaf.bytes.len()).sum::<usize>() + END.len();
        let anew = first.len() + written + END.len();
        Self { head: first.into_boxed_slice(), leaves, zones, length, anew }
    }

    /// The same feed without the entries whose `UID` is among those `gone`, and with `new` ones.
    ///
    /// It is what is written at once with the same years, and shares the bytes of all entries that stay.
    #[must_use]
    pub fn exchange(&self, feed: &FeedHeader, gone: impl Fn(&str) -> bool, new: impl Iterator<Item = Item>) -> Self {
        let mut came = Binder::after(self.zones.clone());
        new.for_each(|item| came.add(&item));
        let written = came.leaves.iter().map(|leaf| leaf.bytes.len()).sum();
        came.leaves.extend(self.leaves.iter().filter(|leaf| !gone(&leaf.uid)).cloned());
        Self::of(feed, came.zones, came.leaves, written)
    }

    /// Its bytes, piece by piece: what stands before the entries, each entry, the last line.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        (0..).map_while(|place| self.piece(place))
    }

    /// One of its pieces; `None` after the last.
    #[must_use]
    pub fn piece(&self, place: usize) -> Option<&[u8]> {
        match place.checked_sub(1) {
            None => Some(&self.head),
            Some(place) if place == self.leaves.len() => Some(END.as_bytes()),
            Some(place) => self.leaves.get(place).map(|leaf| &*leaf.bytes),
        }
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> usize {
        self.length
    }

    /// What the same bytes always have, and others never: entries that were hashed before are not hashed again.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        let mut all = Sha256::new_with_prefix(Sha256::digest(&self.head));
        self.leaves.iter().for_each(|leaf| all.update(leaf.digest));
        all.finalize().into()
    }

    /// All of it in one.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.length);
        self.pieces().for_each(|piece| bytes.extend_from_slice(piece));
        bytes
    }
}

impl Leaf {
    fn order(&self) -> (Span, &str) {
        (self.at, &self.uid)
    }
}

fn ends(when: When) -> impl Iterator<Item = NaiveDateTime> {
    let end = match when {
        When::Times { end, .. } => end,
        When::Days { .. } => None,
    };
    (!when.is_all_day()).then(|| when.wall_start()).into_iter().chain(end)
}

/// The zones of a feed, described for its years as far as they can be.
#[derive(Debug, Clone)]
pub(super) struct Zones {
    years: RangeInclusive<i32>,
    known: BTreeMap<&'static str, Option<Arc<Described>>>,
}

impl Zones {
    fn of(years: RangeInclusive<i32>) -> Self {
        let (first, last) = (*years.start().max(YEARS.start()), *years.end().min(YEARS.end()));
        Self { years: first..=last, known: BTreeMap::new() }
    }

    /// Gets ready for a time in this zone.
    fn know(&mut self, when: When, zone: Tz) {
        if !when.is_all_day() && !is_utc(zone) {
            let (first, last) = (*self.years.start(), *self.years.end());
            self.known.entry(zone.name()).or_insert_with(|| describe(zone, first, last).map(Arc::new));
        }
    }

    fn describe_any(&self, when: When, zone: Tz) -> bool {
        ends(when).any(|wall| self.covers(zone, wall.year()))
    }

    fn covers(&self, zone: Tz, year: i32) -> bool {
        let described = self.known.get(zone.name()).and_then(Option::as_ref);
        described.is_some_and(|described| described.since <= year && self.years.contains(&year))
    }

    /// The descriptions of those that are used, by name, line by line.
    fn text(&self, used: impl Iterator<Item = &'static str>) -> String {
        let used: BTreeSet<&str> = used.collect();
        used.iter().filter_map(|name| self.known.get(name)?.as_ref()).map(|described| described.text.as_str()).collect()
    }

    /// A time on the wall of its zone, if that is described for its year; else in UTC.
    pub(super) fn time(&self, name: &str, at: DateTime<Utc>, zone: Tz) -> Property {
        let wall = at.with_timezone(&zone).naive_local();
        // The second of two equal hours cannot be said on the wall.
        if self.covers(zone, wall.year()) && span::instant(wall, zone) == at {
            Property::new(name, wall.format("%Y%m%dT%H%M%S").to_string()).add_parameter("TZID", zone.name()).done()
        } else {
            Property::new(name, at.format("%Y%m%dT%H%M%SZ").to_string())
        }
    }
}
