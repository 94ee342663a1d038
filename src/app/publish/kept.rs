//! Feeds that were made lately, kept beside what they were made from.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};
use std::io::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use chrono::{DateTime, NaiveDate, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use super::Form;
use crate::app::Result;
use crate::domain::EventId;
use crate::ical::Bound;
use crate::keys::hex;
use crate::store::Reader;

/// How many feeds are kept at most, whatever filters are asked for.
const MOST_FEEDS: usize = 64;
/// How many bytes of them, as they are and packed; the one just made is kept in any case.
const MOST_BYTES: usize = 32 << 20;
/// How many addresses are remembered: several may lead to one feed.
const MOST_ADDRESSES: usize = 512;
/// How many bytes of an address are worth remembering; a longer one is read anew each time.
const LONGEST_ADDRESS: usize = 2048;

/// A feed's bytes, and their name: equal bytes have equal tags.
#[derive(Debug)]
pub struct Body {
    plain: Plain,
    /// Their name, without quotes.
    pub etag: String,
    packed: OnceLock<Vec<u8>>,
}

/// The bytes as they are.
#[derive(Debug)]
pub(super) enum Plain {
    /// In one.
    Whole(Vec<u8>),
    /// Entry by entry, shared with the feeds before and after a change.
    Bound(Bound),
}

/// A feed as it goes out.
#[derive(Debug)]
pub struct Feed {
    /// Its bytes; a change elsewhere leaves them as they are.
    pub body: Arc<Body>,
    /// When what is public last changed, where that is known; never goes back.
    pub last_modified: Option<DateTime<Utc>>,
    used: AtomicU64,
}

/// What was done to make feeds, since the service started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Work {
    /// Feeds that were made from the stored events.
    pub made: u64,
    /// Feeds in which only the entries that changed were exchanged.
    pub exchanged: u64,
    /// Feeds that a change elsewhere left as they were.
    pub untouched: u64,
    /// Bytes that were written anew.
    pub bytes_written: u64,
    /// Bytes of entries that stayed, which a feed has in common with the one before.
    pub bytes_shared: u64,
    /// Bytes that are kept now, as they are and packed.
    pub bytes_kept: u64,
}

/// What a feed depends on besides its events.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub revision: i64,
    pub changed_at: Option<DateTime<Utc>>,
    /// The last change's place in the history.
    pub seq: i64,
    /// Of the names of roles and partners.
    pub words: u64,
    pub day: NaiveDate,
}

/// Which feed it is: its name and selection, and its form.
pub(super) type Key = (String, Form);

/// A feed, and what it was made from.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub facts: Facts,
    pub feed: Arc<Feed>,
    /// The events in it, by id.
    pub ids: Arc<[EventId]>,
}

/// All that is kept.
#[derive(Debug, Default)]
pub struct Feeds {
    kept: Mutex<HashMap<Key, Kept>>,
    addresses: Mutex<HashMap<String, Known>>,
    turn: Mutex<()>,
    uses: AtomicU64,
    work: Mutex<Work>,
}

/// What an address led to, while nothing was stored since.
#[derive(Debug)]
struct Known {
    version: i64,
    day: NaiveDate,
    feed: Weak<Feed>,
}

impl Body {
    pub(super) fn new(plain: Plain) -> Self {
        let digest = match &plain {
            Plain::Whole(bytes) => Sha256::digest(bytes).into(),
            Plain::Bound(bound) => bound.digest(),
        };
        Self { plain, etag: hex(&digest).chars().take(32).collect(), packed: OnceLock::new() }
    }

    /// How many bytes it has.
    pub fn length(&self) -> usize {
        match &self.plain {
            Plain::Whole(bytes) => bytes.len(),
            Plain::Bound(bound) => bound.length(),
        }
    }

    /// One of the pieces that it consists of; `None` after the last.
    pub fn piece(&self, place: usize) -> Option<&[u8]> {
        match &self.plain {
            Plain::Whole(bytes) => (place == 0).then_some(bytes),
            Plain::Bound(bound) => bound.piece(place),
        }
    }

    /// The bytes, piece by piece.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        (0..).map_while(|place| self.piece(place))
    }

    /// The same bytes packed with gzip, once.
    pub fn packed(&self) -> &[u8] {
        self.packed.get_or_init(|| {
            let mut encoder = GzEncoder::new(Vec::with_capacity(self.length() / 6), Compression::fast());
            // Writing into memory cannot fail.
            let written = self.pieces().try_for_each(|piece| encoder.write_all(piece));
            let mut packed = written.and_then(|()| encoder.finish()).unwrap_or_default();
            packed.shrink_to_fit();
            packed
        })
    }

    /// Were they packed already?
    pub fn is_packed(&self) -> bool {
        self.packed.get().is_some()
    }

    /// In it, entries can be exchanged.
    pub(super) fn bound(&self) -> Option<&Bound> {
        match &self.plain {
            Plain::Whole(_) => None,
            Plain::Bound(bound) => Some(bound),
        }
    }

    fn weight(&self) -> usize {
        self.length() + self.packed.get().map_or(0, Vec::len)
    }
}

impl Feed {
    pub(super) fn new(body: Arc<Body>, last_modified: Option<DateTime<Utc>>) -> Self {
        Self { body, last_modified, used: AtomicU64::new(0) }
    }
}

impl Facts {
    pub(super) fn read(reader: &Reader<'_>, day: NaiveDate) -> Result<Self> {
        let (revision, changed_at) = reader.revision("public")?;
        let mut words = DefaultHasher::new();
        for role in reader.roles()?.iter() {
            (role.slug.as_str(), &role.name, role.parent.as_ref().map(|wide| wide.as_str())).hash(&mut words);
        }
        for partner in reader.partners()? {
            (partner.slug.as_str(), partner.name).hash(&mut words);
        }
        Ok(Self { revision, changed_at, seq: reader.last_change()?, words: words.finish(), day })
    }

    /// Would a feed made now be made of the same?
    pub(super) fn are(&self, other: &Self) -> bool {
        self.revision == other.revision && self.have_the_frame_of(other)
    }

    /// Do they differ in events only?
    pub(super) fn have_the_frame_of(&self, other: &Self) -> bool {
        (self.words, self.day) == (other.words, other.day)
    }
}

impl Feeds {
    /// One feed is made at a time: who waits for their turn finds what the other made.
    pub(super) fn turn(&self) -> MutexGuard<'_, ()> {
        lock(&self.turn)
    }

    pub(super) fn find(&self, key: &Key) -> Option<Kept> {
        let found = lock(&self.kept).get(key).cloned()?;
        self.use_now(&found.feed);
        Some(found)
    }

    pub(super) fn keep(&self, key: Key, made: Kept) {
        self.use_now(&made.feed);
        let mut kept = lock(&self.kept);
        kept.insert(key, made);
        let weigh = |kept: &HashMap<Key, Kept>| kept.values().map(|one| one.feed.body.weight()).sum::<usize>();
        while kept.len() > 1 && (kept.len() > MOST_FEEDS || weigh(&kept) > MOST_BYTES) {
            let oldest = kept.iter().min_by_key(|(_, one)| one.feed.used.load(Ordering::Relaxed)).map(|(key, _)| key.clone());
            oldest.and_then(|key| kept.remove(&key));
        }
    }

    /// What an address led to, if nothing was stored since and it was this day.
    pub(super) fn at(&self, address: &str, version: i64, day: NaiveDate) -> Option<Arc<Feed>> {
        let feed =
            lock(&self.addresses).get(address).filter(|known| (known.version, known.day) == (version, day))?.feed.upgrade()?;
        self.use_now(&feed);
        Some(feed)
    }

    pub(super) fn remember(&self, address: String, version: i64, day: NaiveDate, feed: &Arc<Feed>) {
        if address.len() > LONGEST_ADDRESS {
            return;
        }
        let mut addresses = lock(&self.addresses);
        if addresses.len() >= MOST_ADDRESSES {
            addresses.clear();
        }
        addresses.insert(address, Known { version, day, feed: Arc::downgrade(feed) });
    }

    pub(super) fn count(&self, add: impl FnOnce(&mut Work)) {
        add(&mut lock(&self.work));
    }

    /// What was done so far.
    pub(super) fn work(&self) -> Work {
        let bytes_kept = lock(&self.kept).values().map(|one| one.feed.body.weight() as u64).sum();
        Work { bytes_kept, ..*lock(&self.work) }
    }

    fn use_now(&self, feed: &Feed) {
        feed.used.store(self.uses.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }
}

/// What is kept may be lost, never half there: a panic leaves nothing to mend.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Body, Facts, Feed, Feeds, Kept, LONGEST_ADDRESS, MOST_ADDRESSES, MOST_BYTES, MOST_FEEDS, Plain, lock};
    use crate::app::publish::Form;

    const DAY: chrono::NaiveDate = chrono::NaiveDate::from_ymd_opt(2027, 3, 10).unwrap();

    fn kept(bytes: usize) -> Kept {
        let facts = Facts { revision: 1, changed_at: None, seq: 1, words: 0, day: DAY };
        let feed = Arc::new(Feed::new(Arc::new(Body::new(Plain::Whole(vec![b'x'; bytes]))), None));
        Kept { facts, feed, ids: [].into() }
    }

    fn fill(feeds: &Feeds, count: usize, bytes: usize) {
        for number in 0..count {
            feeds.keep((format!("Convenings\n{number}"), Form::Ics), kept(bytes));
        }
    }

    fn names(feeds: &Feeds) -> Vec<usize> {
        let mut names: Vec<usize> =
            lock(&feeds.kept).keys().filter_map(|(name, _)| name.rsplit('\n').next()?.parse().ok()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn no_more_feeds_are_kept_than_that_and_those_used_last() {
        let feeds = Feeds::default();
        fill(&feeds, 1_000, 10);
        assert_eq!(names(&feeds), (1_000 - MOST_FEEDS..1_000).collect::<Vec<_>>());
        assert!(feeds.find(&("Convenings\n950".to_owned(), Form::Ics)).is_some(), "it is used again");
        fill(&feeds, MOST_FEEDS - 1, 10);
        assert!(names(&feeds).contains(&950));
    }

    #[test]
    fn no_more_bytes_are_kept_than_that_but_for_the_one_just_made() {
        let feeds = Feeds::default();
        fill(&feeds, 50, 1 << 20);
        assert_eq!((names(&feeds).len(), feeds.work().bytes_kept), (MOST_BYTES >> 20, MOST_BYTES as u64));
        feeds.keep(("large".to_owned(), Form::Ics), kept(MOST_BYTES + 1));
        assert_eq!(feeds.work().bytes_kept, MOST_BYTES as u64 + 1, "it alone");
        fill(&feeds, 1, 10);
        assert_eq!(feeds.work().bytes_kept, 10);
    }

    #[test]
    fn few_addresses_are_remembered_and_none_that_is_long() {
        let (feeds, feed) = (Feeds::default(), kept(10).feed);
        for number in 0..10 * MOST_ADDRESSES {
            feeds.remember(format!("/feeds/all.ics?past=P{number}D"), 1, DAY, &feed);
            assert!(lock(&feeds.addresses).len() <= MOST_ADDRESSES);
        }
        let long = format!("/feeds/all.ics?past={}", "x".repeat(LONGEST_ADDRESS));
        feeds.remember(long.clone(), 1, DAY, &feed);
        assert!(feeds.at(&long, 1, DAY).is_none());
        assert!(feeds.at("/feeds/all.ics?past=P5119D", 1, DAY).is_some());
    }
}
