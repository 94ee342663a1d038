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
    let uids: BTreeSet<String> = planned.iter().map(|one| one.row.uid.clone()).collect();
    let (known, gone): (Vec<Doubt>, Vec<Doubt>) = writer.doubts_of(source)?.into_iter().partition(|one| uids.contains(&one.uid));
    let mut known: BTreeMap<String, Doubt> = known.into_iter().map(|doubt| (doubt.uid.clone(), doubt)).collect();
    // Some programs name their events anew in each reading: what says the same is the same question.
    let mut gone = by_mark(gone);
    let (mut taken, mut held) = (Vec::new(), Held::default());
    for one in planned {
        let earlier = known.remove(&one.row.uid);
        if earlier.is_none() && !one.is_doubtful() {
            taken.push(one);
            continue;
        }
        let asked = asked(source, &one, now);
        let earlier = earlier.or_else(|| gone.get_mut(&asked.mark).and_then(Vec::pop));
        let same = earlier.as_ref().filter(|earlier| earlier.mark == asked.mark);
        match turn(&one, same) {
            Turn::Taken => {
                if let Some(earlier) = earlier.filter(|_| !one.is_doubtful()) {
                    writer.drop_doubt(earlier.id)?;
                }
                taken.push(one);
                continue;
            }
            Turn::Waits => {
                held.waiting += 1;
                held.new += usize::from(same.is_none());
            }
            Turn::Out => {}
        }
        match same {
            Some(same) => renew(writer, same, asked)?,
            None => writer.put_doubt(&asked)?,
        }
        held.events.extend(one.before.as_ref().map(|event| event.id));
        taken.extend(plain_part(one));
    }
    for gone in gone.into_values().flatten() {
        writer.drop_doubt(gone.id)?;
    }
    Ok((taken, held))
}

fn by_mark(doubts: Vec<Doubt>) -> BTreeMap<String, Vec<Doubt>> {
    let mut all: BTreeMap<String, Vec<Doubt>> = BTreeMap::new();
    for doubt in doubts {
        all.entry(doubt.mark.clone()).or_default().push(doubt);
    }
    all
}

/// What becomes of a row.
enum Turn {
    /// It is plain, or somebody said yes.
    Taken,
    /// Somebody said no.
    Out,
    /// Somebody should look.
    Waits,
}

/// `same` is what was asked before of what the row says now.
fn turn(one: &Planned, same: Option<&Doubt>) -> Turn {
    match same.and_then(|same| same.answered.as_ref()).map(|said| said.answer) {
        Some(DoubtAnswer::No) if one.row.class != Class::Unchanged => Turn::Out,
        Some(DoubtAnswer::Yes) => Turn::Taken,
        _ if one.is_doubtful() => Turn::Waits,
        _ => Turn::Taken,
    }
}

/// What of a row comes in although it is held: what is not doubtful of it.
fn plain_part(one: Planned) -> Option<Planned> {
    if one.is_doubtful() { parted(one).0 } else { None }
}

/// The same is asked; what else the row says may be newer.
fn renew(writer: &Writer<'_>, earlier: &Doubt, asked: Doubt) -> Result<()> {
    let newer = Doubt { id: earlier.id, since: earlier.since, answered: earlier.answered.clone(), ..asked };
    if newer != *earlier {
        writer.renew_doubt(&newer)?;
    }
    Ok(())
}

/// The question about a row.
fn asked(source: i64, one: &Planned, now: DateTime<Utc>) -> Doubt {
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
        since: now,
        answered: None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono_tz::America::Chicago;

    use super::*;
    use crate::app::import::incoming::{Contested, Incoming};
    use crate::app::import::plan::Row;
    use crate::domain::recurrence::Recurrence;
    use crate::domain::{Details, EventStatus, Mode, Venue, When};

    fn days(first: &str, last: Option<&str>) -> When {
        When::Days { first: first.parse().unwrap(), last: last.map(|day| day.parse().unwrap()) }
    }

    fn plain() -> Incoming {
        let when = days("2027-10-06", Some("2027-10-08"));
        let details = Details::new("Lake summit", "summit".parse().unwrap(), when, Chicago);
        Incoming { uid: "a@b".into(), line: 7, sequence: 2, status: EventStatus::Confirmed, details, doubts: Vec::new() }
    }

    fn with(change: impl FnOnce(&mut Details)) -> Incoming {
        let mut one = plain();
        change(&mut one.details);
        one
    }

    /// One row for each thing that a calendar can say otherwise.
    fn others() -> Vec<Incoming> {
        let wall = |text: &str| text.parse().unwrap();
        vec![
            Incoming { status: EventStatus::Cancelled, ..plain() },
            with(|one| one.title = "Lake gathering".into()),
            with(|one| one.description = "Two\nlines, “quoted”".into()),
            with(|one| one.url = Some("https://example.org/a?b=1&c=2".into())),
            with(|one| one.join_url = Some("https://meet.example.org/x".into())),
            with(|one| one.roles = BTreeSet::from(["mayor".parse().unwrap(), "city_manager".parse().unwrap()])),
            with(|one| one.transparent = true),
            with(|one| one.mode = Mode::Virtual),
            with(|one| {
                one.venue = Some(Venue { city: Some("Omaha".into()), lat: Some(41.25), lon: Some(-95.93), ..Venue::default() });
            }),
            with(|one| one.when = days("2027-10-06", None)),
            with(|one| one.when = days("2207-10-06", Some("2207-10-06"))),
            with(|one| one.when = When::Times { start: wall("2027-10-06T09:00:00"), end: Some(wall("2027-10-06T09:00:30")) }),
            with(|one| one.when = When::Times { start: wall("2027-10-06T09:00:00"), end: None }),
            with(|one| one.zone = chrono_tz::UTC),
            with(|one| one.recurrence = Some(Recurrence { rrule: Some("FREQ=WEEKLY;COUNT=3".into()), ..Recurrence::default() })),
        ]
    }

    fn planned(incoming: Incoming, contested: &[Contested], doubts: usize) -> Planned {
        let row = Row {
            line: incoming.line,
            partner: incoming.details.partner.clone(),
            uid: incoming.uid.clone(),
            title: incoming.details.title.clone(),
            when: String::new(),
            place: String::new(),
            class: Class::Changed,
            differences: Vec::new(),
            doubts: vec!["why".to_owned(); doubts],
            event: None,
        };
        Planned { row, contested: contested.to_vec(), before: None, after: None, incoming, keeping: Vec::new() }
    }

    #[test]
    fn a_row_is_read_back_as_it_was_kept() {
        for one in others().into_iter().chain([plain()]) {
            let back = Incoming::of_facts(&one.facts(), &one.details.partner, &one.uid, one.sequence, one.line);
            assert_eq!(back.as_ref(), Some(&one));
        }
        assert_eq!(Incoming::of_facts("{}", &plain().details.partner, "a", 0, 1), None);
    }

    #[test]
    fn a_row_has_another_mark_where_it_says_anything_else_but_in_its_text_and_only_there() {
        let of = |one: Incoming| mark(&planned(one, &[], 1));
        let said = |one: &Incoming| {
            (&one.details.description, &one.details.url, &one.details.join_url) != (&String::new(), &None, &None)
        };
        let (text, rest): (Vec<Incoming>, Vec<Incoming>) = others().into_iter().partition(said);
        assert_eq!((text.len(), rest.len()), (3, 12));
        let all: BTreeSet<String> = rest.into_iter().chain([plain()]).map(of).collect();
        assert_eq!(all.len(), 13);
        let moved = Incoming { line: 99, sequence: 9, doubts: vec!["guessed".into()], ..plain() };
        assert!(text.into_iter().chain([moved]).all(|one| of(one) == of(plain())));
    }

    #[test]
    fn a_question_about_fields_is_another_one_where_these_fields_are() {
        let fields = [Contested::Title, Contested::Dates];
        let of = |one: Incoming| mark(&planned(one, &fields, 2));
        let same: Vec<bool> = others().into_iter().map(|one| of(one) == of(plain())).collect();
        let asked = |one: &Incoming| {
            let (a, b) = (&one.details, plain().details);
            (&a.title, a.when, a.zone, &a.recurrence) != (&b.title, b.when, b.zone, &b.recurrence)
        };
        assert_eq!(same, others().iter().map(|one| !asked(one)).collect::<Vec<_>>());
        let more = mark(&planned(plain(), &fields, 3));
        assert_eq!(more, mark(&planned(plain(), &[], 1)), "where more is doubtful, all of it is asked about");
    }
}
