//! What the engine is held against: a plain sweep over sorted times, and SQLite's best join.

use std::collections::BTreeMap;

use convene::domain::agenda::Tie;
use convene::domain::{Agenda, Occurrence};
use rusqlite::{Connection, params};

/// Somebody or something that can be in one place only, by number.
pub type Key = u32;

/// One occurrence that takes the time of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taken {
    from: i64,
    until: i64,
    who: u32,
}

/// The times of every key. Keys are numbered by what they are of: roles and cohorts, speakers, rooms.
pub type Times = BTreeMap<Key, Vec<Taken>>;

/// A pair of occurrences that overlap, by their places in order of event and time, and why.
pub type Meeting = (u8, u32, u32);

const SPEAKERS: Key = 100_000;
const ROOMS: Key = 200_000;

/// Whose time each occurrence takes.
pub fn times(agenda: &Agenda) -> Times {
    let (mut times, mut rooms, mut speakers) = (Times::new(), BTreeMap::new(), BTreeMap::new());
    let mut add = |key: Key, one: &Occurrence, who| {
        let (from, until) = (one.span.start.timestamp(), one.span.end.timestamp());
        times.entry(key).or_default().push(Taken { from, until, who });
    };
    for (slot, who) in agenda.slots().zip(0..) {
        slot.audience.keys.iter().for_each(|key| add(Key::from(*key), slot.occurrence, who));
        let details = &slot.event.details;
        for speaker in &details.speakers {
            let next = SPEAKERS + number(speakers.len());
            add(*speakers.entry(speaker.clone()).or_insert(next), slot.occurrence, who);
        }
        let room = details.venue.as_ref().filter(|_| slot.is_in_person()).and_then(convene::domain::Venue::room_key);
        if let Some(room) = room {
            let next = ROOMS + number(rooms.len());
            add(*rooms.entry(room).or_insert(next), slot.occurrence, who);
        }
    }
    times
}

fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a small number")
}

fn of(key: Key) -> u8 {
    u8::from(key >= SPEAKERS) + u8::from(key >= ROOMS)
}

/// The times of every key in order.
pub fn sorted(times: &Times) -> Times {
    let mut sorted = times.clone();
    for taken in sorted.values_mut() {
        taken.sort_unstable();
    }
    sorted
}

/// Calls `visit` for each two that overlap, once for each key that they share.
pub fn sweep(sorted: &Times, mut visit: impl FnMut(Key, u32, u32)) {
    for (key, taken) in sorted {
        for (place, one) in taken.iter().enumerate() {
            for other in taken[place + 1..].iter().take_while(|other| other.from < one.until) {
                visit(*key, one.who, other.who);
            }
        }
    }
}

/// The pairs of a visit, each once.
pub fn pairs(visit_all: impl FnOnce(&mut dyn FnMut(Key, u32, u32))) -> Vec<Meeting> {
    let mut found: Vec<Meeting> = Vec::new();
    visit_all(&mut |key, a, b| found.push((of(key), a.min(b), a.max(b))));
    found.sort_unstable();
    found.dedup();
    found
}

/// The engine's own, in the same form.
pub fn engine_pairs(agenda: &Agenda) -> Vec<Meeting> {
    let mut found: Vec<Meeting> = Vec::new();
    agenda.overlaps(|tie, a, b| {
        let what = match tie {
            Tie::Speaker => 1,
            Tie::Room => 2,
            _ => 0,
        };
        found.push((what, a.min(b), a.max(b)));
    });
    found.sort_unstable();
    found.dedup();
    found
}

/// The same times as a table with the index that the join wants.
pub fn table(times: &Times) -> Connection {
    let mut connection = Connection::open_in_memory().expect("a database");
    let filling = connection.transaction().expect("a transaction");
    filling.execute_batch("CREATE TABLE taken (key INTEGER, starts INTEGER, ends INTEGER, who INTEGER) STRICT").expect("a table");
    {
        let mut insert = filling.prepare("INSERT INTO taken VALUES (?1, ?2, ?3, ?4)").expect("an insert");
        for (key, taken) in times {
            for one in taken {
                insert.execute(params![key, one.from, one.until, one.who]).expect("a row");
            }
        }
    }
    filling.execute_batch("CREATE INDEX by_time ON taken (key, starts, ends, who); ANALYZE").expect("an index");
    filling.commit().expect("a commit");
    connection
}

/// The join: the index gives, for each one, exactly those of its key that begin while it lasts.
const JOIN: &str = "FROM taken a JOIN taken b ON b.key = a.key AND b.starts >= a.starts AND b.starts < a.ends
  AND (b.starts > a.starts OR (b.ends, b.who) > (a.ends, a.who))";

/// How many there are, and the sum of their numbers, so that every row is made.
pub fn join(connection: &Connection) -> (i64, i64) {
    let sql = format!("SELECT count(*), coalesce(sum(a.who + b.who), 0) {JOIN}");
    connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a sum")
}

/// The pairs themselves.
pub fn joined(connection: &Connection, visit: &mut dyn FnMut(Key, u32, u32)) {
    let mut query = connection.prepare(&format!("SELECT a.key, a.who, b.who {JOIN}")).expect("a query");
    let mut rows = query.query([]).expect("rows");
    while let Some(row) = rows.next().expect("a row") {
        let column = |place: usize| row.get::<_, u32>(place).expect("a number");
        visit(column(0), column(1), column(2));
    }
}

/// Are the two occurrences of one event? The engine does not hold an event against itself.
pub fn is_one_event(agenda: &Agenda, a: u32, b: u32) -> bool {
    agenda.slot(a).event.id == agenda.slot(b).event.id
}
