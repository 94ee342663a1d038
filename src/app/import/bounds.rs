//! How much of one calendar is taken in: what is compared pair by pair must not grow beyond measure.
//!
//! A calendar of convenings is far below these bounds. A room's or a programme's calendar, or one that means harm, is not.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::incoming::Incoming;
use super::{Note, Report};
use crate::app::agenda::horizon;
use crate::domain::recurrence::{MOST_IN_A_YEAR, occurrences};
use crate::domain::{Days, Span, When, wording};

/// So many dates of one calendar are taken in, each of a series counted.
const MOST_DATES: usize = 40_000;
/// So many of its events may be on one day: each is compared with all others.
const MOST_A_DAY: u32 = 60;
/// What lasts longer counts on its first days only.
const LONGEST: usize = 400;

/// What of a calendar is within bounds; the rest is told, with its line.
pub(super) fn within(all: Vec<Incoming>, now: DateTime<Utc>, report: &mut Report) -> Vec<Incoming> {
    let mut bounds = Bounds { days: HashMap::new(), dates: 0 };
    let mut refused: Vec<Note> = Vec::new();
    let mut refuse = |line, text| refused.push(Note { line, refused: true, text });
    let mut taken = Vec::with_capacity(all.len());
    for mut one in all {
        if too_often(&one) {
            refuse(
                one.line,
                format!("It happens more than {MOST_IN_A_YEAR} times in its first year; only its first date is taken."),
            );
            one.details.recurrence = None;
        }
        match bounds.take(&one, now) {
            Ok(()) => taken.push(one),
            Err(why) => {
                refuse(one.line, format!("“{}” is not taken in: {why}", one.details.title));
                report.beyond.push(one.uid);
            }
        }
    }
    report.notes.extend(refused);
    report.notes.sort_by_key(|note| note.line);
    taken
}

fn too_often(one: &Incoming) -> bool {
    let details = &one.details;
    details.recurrence.as_ref().is_some_and(|series| series.in_first_year(details.when, details.zone) > MOST_IN_A_YEAR)
}

struct Bounds {
    /// How many events are on each day.
    days: HashMap<NaiveDate, u32>,
    dates: usize,
}

impl Bounds {
    fn take(&mut self, one: &Incoming, now: DateTime<Utc>) -> Result<(), String> {
        if self.dates >= MOST_DATES {
            return Err(format!(
                "this calendar has {MOST_DATES} dates before it; give its series an end, or leave out what is long past"
            ));
        }
        let dates = dates(one, now);
        let days: Vec<NaiveDate> = dates.iter().flat_map(|when| days_of(*when)).collect();
        if let Some(full) = days.iter().find(|day| self.days.get(*day).is_some_and(|count| *count >= MOST_A_DAY)) {
            return Err(format!(
                "{MOST_A_DAY} events of this calendar are on {} already; give a conference as one event, without its sessions",
                wording::days(Days::one(*full))
            ));
        }
        self.dates += dates.len();
        for day in days {
            *self.days.entry(day).or_default() += 1;
        }
        Ok(())
    }
}

/// When it is; each date of a series up to the horizon.
fn dates(one: &Incoming, now: DateTime<Utc>) -> Vec<When> {
    let (when, zone) = (one.details.when, one.details.zone);
    let Some(series) = &one.details.recurrence else { return vec![when] };
    let first = when.span(zone);
    let window = Span::new(first.start, horizon(now).max(first.end));
    occurrences(when, zone, Some(series), window).occurrences.into_iter().map(|one| one.when).collect()
}

fn days_of(when: When) -> impl Iterator<Item = NaiveDate> {
    let days = when.days();
    days.first.iter_days().take_while(move |day| *day <= days.last).take(LONGEST)
}
