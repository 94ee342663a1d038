//! The best of many, looking closely at few.
//!
//! Each start has a guess that is never worse than the truth. The best guess is looked at closely and
//! put back with its true key; when what comes first is a truth, nothing left can beat it. So the
//! order is that of the truths, and most starts are never judged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use chrono::{NaiveDate, NaiveTime, Timelike as _};

use super::wish::{Start, Wish};
use crate::domain::When;
use crate::domain::pattern::monday;

/// What starts are put in order by; the smaller the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// Something grave is against it.
    pub fallen: bool,
    /// The score.
    pub score: Reverse<i64>,
    /// How awkward its hour is.
    pub awkward: (i64, i64, i64),
}

/// How much is known of a start. Of equal orders the surest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sure {
    /// It was judged.
    Truth,
    /// It was guessed, with what another start of its day taught.
    Taught,
    /// It was guessed.
    Guess,
}

/// How awkward the hour of a start is: strained for somebody, far from the hour that suits, and not on the hour.
#[must_use]
pub fn awkwardness(wish: &Wish, start: &Start) -> (i64, i64, i64) {
    const MORNING: Option<NaiveTime> = NaiveTime::from_hms_opt(10, 0, 0);
    let strain = start.fairness.strain;
    let When::Times { start, .. } = start.when else { return (0, 0, 0) };
    let suits = wish.at.or(MORNING).unwrap_or_default();
    let odd = match start.minute() {
        0 => 0,
        30 => 1,
        _ => 2,
    };
    // The hour that was asked for is not awkward, whatever its minute.
    let off = (start.time() - suits).num_minutes().abs();
    (strain, if off == 0 { -1 } else { odd }, off)
}

/// Chooses the best starts: distinct, of several days and, where there is one, of another week.
///
/// `guesses` are the starts' optimistic keys; `judge` gives a surer one.
pub struct Choice<'a, J: FnMut(usize, Sure) -> (Order, Sure)> {
    starts: &'a [Start],
    most: usize,
    judge: J,
    heap: BinaryHeap<Reverse<(Order, Sure, usize)>>,
    chosen: Vec<usize>,
    /// Even the best has something grave against it.
    nothing_clean: bool,
    /// Passed over since they lie on the day of a better one.
    passed: Vec<(Order, Sure, usize)>,
}

impl<'a, J: FnMut(usize, Sure) -> (Order, Sure)> Choice<'a, J> {
    /// A choice of up to `most` among `starts`, of which those without a guess are ruled out.
    pub fn new(starts: &'a [Start], guesses: impl Iterator<Item = (usize, Order)>, most: usize, judge: J) -> Self {
        let heap = guesses.map(|(place, order)| Reverse((order, Sure::Guess, place))).collect();
        Self { starts, most, judge, heap, chosen: Vec::new(), nothing_clean: false, passed: Vec::new() }
    }

    /// The best, best first.
    ///
    /// `weeks`: not all of one week, where there is something clean in another.
    pub fn made(mut self, weeks: bool) -> Vec<usize> {
        while self.chosen.len() < self.most
            && let Some(place) = self.next(|start, chosen| start.days.overlap(chosen.days).is_none())
        {
            self.chosen.push(place);
        }
        if weeks {
            self.add_another_week();
        }
        self.heap.extend(self.passed.drain(..).map(Reverse));
        while self.chosen.len() < self.most
            && let Some(place) = self.next(|start, chosen| is_apart(start.when, chosen.when))
        {
            self.chosen.push(place);
        }
        self.chosen
    }

    /// The best that may stand beside all that are chosen; one with something grave only where nothing is without.
    fn next(&mut self, may_stand_beside: impl Fn(&Start, &Start) -> bool) -> Option<usize> {
        while let Some(Reverse((order, sure, place))) = self.heap.pop() {
            let start = &self.starts[place];
            if !self.chosen.iter().all(|chosen| may_stand_beside(start, &self.starts[*chosen])) {
                self.passed.push((order, sure, place));
            } else if sure > Sure::Truth {
                let (order, sure) = (self.judge)(place, sure);
                self.heap.push(Reverse((order, sure, place)));
            } else if order.fallen && !self.nothing_clean && !self.chosen.is_empty() {
                self.heap.push(Reverse((order, sure, place)));
                return None;
            } else {
                self.nothing_clean |= order.fallen;
                return Some(place);
            }
        }
        None
    }

    /// Where all are of one week and something clean is in another, it takes the last place.
    fn add_another_week(&mut self) {
        let week = |start: &Start| monday(start.days.first);
        let weeks: Vec<NaiveDate> = self.chosen.iter().map(|place| week(&self.starts[*place])).collect();
        let Some(first) = weeks.first().copied().filter(|first| weeks.iter().all(|week| week == first)) else { return };
        if self.most < 2 || self.chosen.len() < 2 {
            return;
        }
        let another = self.next(|start, chosen| week(start) != first && start.days.overlap(chosen.days).is_none());
        if let Some(place) = another {
            if self.chosen.len() == self.most {
                self.chosen.pop();
            }
            self.chosen.push(place);
        }
    }
}

/// Do the two not overlap?
fn is_apart(a: When, b: When) -> bool {
    match (a, b) {
        (When::Times { start: a, end: Some(a_end) }, When::Times { start: b, end: Some(b_end) }) => a_end <= b || b_end <= a,
        _ => a.days().overlap(b.days()).is_none(),
    }
}
