//! Which doubtful rows of an upstream calendar wait for a yes or no, and which were answered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::doubts::{mark, parted};
use super::plan::{Class, Planned};
use crate::app::Result;
use crate::domain::EventId;
use crate::store::{Doubt, DoubtAnswer, Writer};

/// What is held of a reading.
#[derive(Debug, Default)]
pub(in crate::app) struct Held {
    /// How many rows wait for an answer.
    pub waiting: usize,
    /// How many of them are asked about for the first time.
    pub new: usize,
    /// The known events of rows that are not taken in: their calendar gives them all the same.
    pub events: BTreeSet<EventId>,
}

/// Puts those rows of a full reading aside that are not to be taken in, and gives the others.
///
/// A row is asked about once for what it says: what waits or was answered with no stays out until it says something
/// else, and what was answered with yes comes in. What is not doubtful any more, or not there, is forgotten.
pub(super) fn hold(writer: &Writer<'_>, source: i64, planned: Vec<Planned>, now: DateTime<Utc>) -> Result<(Vec<Planned>, Held)> {
    let known = writer.doubts_of(source)?;
    let mut known: BTreeMap<String, Doubt> = known.into_iter().map(|doubt| (doubt.uid.clone(), doubt)).collect();
    let (mut taken, mut held) = (Vec::new(), Held::default());
    for one in planned {
        let earlier = known.remove(&one.row.uid);
        let asked = asked(source, &one);
        let is_same = earlier.as_ref().is_some_and(|earlier| earlier.mark == asked.mark);
        let answer = earlier.as_ref().filter(|_| is_same).and_then(|earlier| earlier.answered.as_ref()).map(|said| said.answer);
        match (one.row.doubts.is_empty(), answer) {
            (_, Some(DoubtAnswer::No)) if one.row.class != Class::Unchanged => {}
            (true, _) => {
                earlier.map(|earlier| writer.drop_doubt(earlier.id)).transpose()?;
                taken.push(one);
                continue;
            }
            (false, Some(DoubtAnswer::Yes)) => {
                taken.push(one);
                continue;
            }
            (false, _) => {
                held.waiting += 1;
                held.new += usize::from(!is_same);
                let since = earlier.filter(|_| is_same).map_or(now, |earlier| earlier.since);
                writer.put_doubt(&Doubt { since, ..asked })?;
            }
        }
        held.events.extend(one.before.as_ref().map(|event| event.id));
        taken.extend(plain_part(one));
    }
    for gone in known.into_values() {
        writer.drop_doubt(gone.id)?;
    }
    Ok((taken, held))
}

/// What of a row comes in although it is held: what is not doubtful of it.
fn plain_part(one: Planned) -> Option<Planned> {
    if one.row.doubts.is_empty() { None } else { parted(one).0 }
}

/// The question about a row.
fn asked(source: i64, one: &Planned) -> Doubt {
    Doubt {
        id: 0,
        source,
        uid: one.row.uid.clone(),
        facts: one.incoming.facts(),
        mark: mark(one),
        sequence: one.incoming.sequence,
        line: one.row.line,
        title: one.incoming.details.title.clone(),
        reasons: one.row.doubts.clone(),
        since: DateTime::UNIX_EPOCH,
        answered: None,
    }
}
