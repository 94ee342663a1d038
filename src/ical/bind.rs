//! A feed whose entries can be exchanged: what did not change is copied, not written anew.

use std::borrow::Borrow;
use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDateTime, Utc};
use chrono_tz::Tz;
use icalendar::Property;

use super::vtimezone::{Described, YEARS, describe};
use super::write::{END, FeedHeader, Item, entry, head, uid};
use super::zones::is_utc;
use crate::domain::{Span, When, span};

/// What must be known of every entry before the first can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Its name in the feed.
    pub uid: String,
    /// When it is.
    pub when: When,
    /// The zone of that wall time.
    pub zone: Tz,
}

impl Slip {
    /// That of an entry.
    #[must_use]
    pub fn of(item: &Item) -> Self {
        Self { uid: uid(item), when: item.when, zone: item.zone }
    }
}

/// A feed as it was written.
#[derive(Debug)]
pub struct Bound {
    /// Its bytes: UTF-8, CRLF, by start and then `UID`.
    pub bytes: Vec<u8>,
    /// Where each entry stands in them.
    pub index: Index,
    /// How many of the bytes were written anew, and not copied.
    pub anew: usize,
}

impl Bound {
    /// Bytes of another form, without places in them.
    #[must_use]
    pub fn plain(bytes: Vec<u8>) -> Self {
        Self { anew: bytes.len(), bytes, index: Index::default() }
    }
}

/// Where each entry of a feed stands in its bytes.
#[derive(Debug, Default)]
pub struct Index {
    leaves: Vec<Leaf>,
    /// The first year in which each described zone's times are on its wall.
    since: BTreeMap<&'static str, i32>,
}

/// One entry's place.
#[derive(Debug)]
struct Leaf {
    at: Span,
    uid: Box<str>,
    years: Option<Years>,
    from: usize,
    to: usize,
}

/// The years in which an entry needs its zone described.
type Years = (Tz, i32, i32);

/// Writes a feed; `item` gives the entry of each slip, by its place among them.
pub fn bind<I: Borrow<Item>>(feed: &FeedHeader, slips: Vec<Slip>, item: impl Fn(usize) -> I) -> Bound {
    let leaf = |(place, slip): (usize, Slip)| {
        let years = years(slip.when, slip.zone);
        (place, Leaf { at: slip.when.span(slip.zone), uid: slip.uid.into(), years, from: 0, to: 0 })
    };
    let mut leaves: Vec<(usize, Leaf)> = slips.into_iter().enumerate().map(leaf).collect();
    leaves.sort_by(|(_, one), (_, other)| one.order().cmp(&other.order()));
    let zones = Zones::of(leaves.iter().filter_map(|(_, leaf)| leaf.years));
    let mut bytes = Vec::new();
    head(feed, &zones, &mut bytes);
    for (place, leaf) in &mut leaves {
        leaf.from = bytes.len();
        entry(item(*place).borrow(), &zones, &mut bytes);
        leaf.to = bytes.len();
    }
    bytes.extend_from_slice(END.as_bytes());
    bytes.shrink_to_fit();
    let index = Index { leaves: leaves.into_iter().map(|(_, leaf)| leaf).collect(), since: zones.since() };
    Bound { anew: bytes.len(), bytes, index }
}

impl Index {
    /// The same feed without the entries whose `UID` is among those `gone`, and with `new` ones.
    ///
    /// `None` where a zone is to be described otherwise than before, so that all must be written anew.
    #[must_use]
    pub fn exchange(&self, feed: &FeedHeader, old: &[u8], gone: impl Fn(&str) -> bool, new: &[Item]) -> Option<Bound> {
        let kept = self.leaves.iter().filter(|leaf| !gone(&leaf.uid)).map(|leaf| (leaf.again(), Some((leaf.from, leaf.to))));
        let mut leaves: Vec<(Leaf, Option<(usize, usize)>)> = kept.collect();
        let mut added: BTreeMap<(Span, Box<str>), &Item> = BTreeMap::new();
        for item in new {
            let slip = Slip::of(item);
            let leaf =
                Leaf { at: slip.when.span(slip.zone), uid: slip.uid.into(), years: years(slip.when, slip.zone), from: 0, to: 0 };
            added.insert((leaf.at, leaf.uid.clone()), item);
            leaves.push((leaf, None));
        }
        leaves.sort_by(|(one, _), (other, _)| one.order().cmp(&other.order()));
        let zones = Zones::of(leaves.iter().filter_map(|(leaf, _)| leaf.years));
        let since = zones.since();
        let is_same = |years: &Years| since.get(years.0.name()) == self.since.get(years.0.name());
        if !leaves.iter().filter(|(_, before)| before.is_some()).filter_map(|(leaf, _)| leaf.years.as_ref()).all(is_same) {
            return None;
        }
        let mut bytes = Vec::with_capacity(old.len() + old.len() / 64);
        head(feed, &zones, &mut bytes);
        let mut anew = bytes.len() + END.len();
        for (leaf, before) in &mut leaves {
            leaf.from = bytes.len();
            match (before, added.get(&(leaf.at, leaf.uid.clone()))) {
                (Some((from, to)), _) => bytes.extend_from_slice(old.get(*from..*to)?),
                (None, Some(item)) => {
                    entry(item, &zones, &mut bytes);
                    anew += bytes.len() - leaf.from;
                }
                (None, None) => return None,
            }
            leaf.to = bytes.len();
        }
        bytes.extend_from_slice(END.as_bytes());
        let index = Self { leaves: leaves.into_iter().map(|(leaf, _)| leaf).collect(), since };
        Some(Bound { bytes, index, anew })
    }

    /// The names of the entries, in order.
    pub fn uids(&self) -> impl Iterator<Item = &str> {
        self.leaves.iter().map(|leaf| &*leaf.uid)
    }
}

impl Leaf {
    fn order(&self) -> (Span, &str) {
        (self.at, &self.uid)
    }

    fn again(&self) -> Self {
        Self { uid: self.uid.clone(), ..*self }
    }
}

fn years(when: When, zone: Tz) -> Option<Years> {
    if when.is_all_day() || is_utc(zone) {
        return None;
    }
    let years = || ends(when).map(|wall| wall.year()).filter(|year| YEARS.contains(year));
    Some((zone, years().min()?, years().max()?))
}

fn ends(when: When) -> impl Iterator<Item = NaiveDateTime> {
    let end = match when {
        When::Times { end, .. } => end,
        When::Days { .. } => None,
    };
    std::iter::once(when.wall_start()).chain(end)
}

/// The zones of a feed that can be described, by name.
pub(super) struct Zones(BTreeMap<&'static str, Described>);

impl Zones {
    fn of(all: impl Iterator<Item = Years>) -> Self {
        let mut years: BTreeMap<&'static str, Years> = BTreeMap::new();
        for (zone, from, to) in all {
            let (_, first, last) = years.entry(zone.name()).or_insert((zone, from, to));
            (*first, *last) = ((*first).min(from), (*last).max(to));
        }
        Self(years.into_iter().filter_map(|(name, (zone, first, last))| Some((name, describe(zone, first, last)?))).collect())
    }

    /// Their descriptions, line by line.
    pub(super) fn text(&self) -> String {
        self.0.values().map(|described| described.text.as_str()).collect()
    }

    fn since(&self) -> BTreeMap<&'static str, i32> {
        self.0.iter().map(|(name, described)| (*name, described.since)).collect()
    }

    /// A time on the wall of its zone, if that is described for its year; else in UTC.
    pub(super) fn time(&self, name: &str, at: DateTime<Utc>, zone: Tz) -> Property {
        let wall = at.with_timezone(&zone).naive_local();
        let described =
            self.0.get(zone.name()).is_some_and(|described| described.since <= wall.year() && YEARS.contains(&wall.year()));
        // The second of two equal hours cannot be said on the wall.
        if described && span::instant(wall, zone) == at {
            Property::new(name, wall.format("%Y%m%dT%H%M%S").to_string()).add_parameter("TZID", zone.name()).done()
        } else {
            Property::new(name, at.format("%Y%m%dT%H%M%SZ").to_string())
        }
    }
}
