//! Series and their occurrences.
//!
//! A series is expanded on wall time and each start is then read in the event's zone, so that a
//! weekly meeting stays at nine o'clock when the clocks change. The instants of daylight saving
//! are [`span::instant`]'s business: an hour that does not exist is read with the offset before it,
//! an hour that comes twice is its first time.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::rule::Rule;
use super::{EventStatus, Span, When, span};

/// How an event repeats. Everything is wall time in the event's own zone (RFC 5545 section 3.8.5).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recurrence {
    /// The rule, without its name: `FREQ=WEEKLY;BYDAY=TH;COUNT=3`.
    pub rrule: Option<String>,
    /// Further starts.
    pub rdates: Vec<NaiveDateTime>,
    /// Starts that are left out.
    pub exdates: Vec<Exdate>,
    /// Single occurrences that differ.
    pub overrides: Vec<Override>,
}

/// A start that is left out of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Exdate {
    /// The occurrence that starts then.
    At(NaiveDateTime),
    /// Whatever starts on that day.
    Day(NaiveDate),
}

/// One occurrence of a series that differs from the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The start it would have had (`RECURRENCE-ID`), midnight for whole days.
    pub original: NaiveDateTime,
    /// When it is now.
    pub when: When,
    /// Its own title, if it has one.
    pub title: Option<String>,
    /// Its own status: cancelled or not.
    pub status: Option<EventStatus>,
}

/// One time that an event happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// The start it has by the rule; names the occurrence within its series.
    pub original: NaiveDateTime,
    /// When it is.
    pub when: When,
    /// The instants it covers.
    pub span: Span,
    /// Its own title, if it differs.
    pub title: Option<String>,
    /// Only this occurrence is cancelled.
    pub cancelled: bool,
}

/// What [`occurrences`] found in a window.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expansion {
    /// By start, then by the start that the rule gives.
    pub occurrences: Vec<Occurrence>,
    /// There may be more: the rule could not be read, or it took too many steps to get there.
    pub cut_short: bool,
}

/// How many starts of one series are looked at before it is cut short.
const STEPS: usize = 200_000;

/// The first year in which a series may begin. What begins earlier is shown once.
const FIRST_YEAR: i32 = 1900;

/// The last year in which a series may begin.
const LAST_YEAR: i32 = 2200;

/// No zone is further from UTC than this.
const FARTHEST_ZONE: TimeDelta = TimeDelta::hours(26);

/// The times an event happens that touch the window, in order.
///
/// `DTSTART` is always the first of them and counts towards `COUNT` (RFC 5545 section 3.8.5.3).
/// An override takes the place of the occurrence that it names; one that names none is there all
/// the same, unless its start is left out. A rule that cannot be read yields the first occurrence
/// alone and is `cut_short`.
///
/// ```
/// use convene::domain::recurrence::occurrences;
/// use convene::domain::{Recurrence, Span, When};
/// let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
/// let wall = |text: &str| text.parse::<chrono::NaiveDateTime>().unwrap();
/// let when = When::Times { start: wall("2026-10-29T15:00:00"), end: Some(wall("2026-10-29T16:00:00")) };
/// let weekly = Recurrence { rrule: Some("FREQ=WEEKLY;COUNT=2".into()), ..Recurrence::default() };
/// let window = Span::new(at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
/// let found = occurrences(when, chrono_tz::America::New_York, Some(&weekly), window).occurrences;
/// let starts: Vec<_> = found.iter().map(|one| one.span.start).collect();
/// // Clocks change on 1 November; the meeting stays at three.
/// assert_eq!(starts, [at("2026-10-29T19:00:00Z"), at("2026-11-05T20:00:00Z")]);
/// ```
#[must_use]
pub fn occurrences(when: When, zone: Tz, recurrence: Option<&Recurrence>, window: Span) -> Expansion {
    let Some(series) = recurrence else {
        let single = plain(when, zone, when.wall_start());
        return Expansion { occurrences: Vec::from_iter(touches(&single.span, window).then_some(single)), cut_short: false };
    };
    let walk = Walk::new(when, zone, series, window);
    let (starts, cut_short) = walk.starts();
    let mut found: Vec<Occurrence> =
        starts.into_iter().filter(|start| !walk.is_replaced(*start)).map(|start| plain(when, zone, start)).collect();
    found.extend(walk.overrides.values().filter(|one| !walk.is_excluded(one.original)).map(|one| walk.changed(one)));
    found.retain(|one| touches(&one.span, window));
    found.sort_by_key(|one| (one.span, one.original));
    Expansion { occurrences: found, cut_short }
}

impl Recurrence {
    /// Is it a series that can be expanded, for an event of this time and zone?
    ///
    /// # Errors
    ///
    /// What is wrong, and what would be right, in one sentence.
    pub fn check(&self, when: When, zone: Tz) -> Result<(), String> {
        if !begins_in_range(when) {
            return Err(format!("a series begins between the years {FIRST_YEAR} and {LAST_YEAR}"));
        }
        if let Some(text) = &self.rrule {
            let rule = Rule::parse(text, when, zone)?;
            if rule.until.is_some_and(|until| until < when.wall_start()) {
                return Err("the rule ends (UNTIL) before the event begins; give a later day".to_owned());
            }
        }
        if self.rdates.len() + self.exdates.len() + self.overrides.len() > STEPS {
            return Err(format!("a series has at most {STEPS} further, left out or changed dates"));
        }
        Ok(())
    }
}

/// More often than that in its first year nothing happens that people come together for: three times a week are 156,
/// twice a week 104.
pub const MOST_IN_A_YEAR: usize = 160;

impl Recurrence {
    /// How often it starts in the first year, the first time among them; no more than one over [`MOST_IN_A_YEAR`] are counted.
    #[must_use]
    pub fn in_first_year(&self, when: When, zone: Tz) -> usize {
        let first = when.wall_start();
        let within = |start: &NaiveDateTime| *start - first < TimeDelta::days(366);
        let rule = self.rrule.as_deref().and_then(|text| Rule::parse(text, when, zone).ok());
        let by_rule = rule.map_or(1, |rule| {
            let most = rule.count.map_or(MOST_IN_A_YEAR + 1, |count| usize::try_from(count).unwrap_or(usize::MAX));
            let inside = |start: &NaiveDateTime| within(start) && rule.until.is_none_or(|until| *start <= until);
            rule.starts(first).take_while(inside).take(most.min(MOST_IN_A_YEAR + 1)).count()
        });
        (by_rule + self.rdates.iter().filter(|start| within(start)).count()).min(MOST_IN_A_YEAR + 1)
    }
}

/// The facts that a walk through a series needs again and again.
struct Walk<'a> {
    when: When,
    zone: Tz,
    series: &'a Recurrence,
    window: Span,
    excluded: HashSet<DateTime<Utc>>,
    excluded_days: HashSet<NaiveDate>,
    overrides: BTreeMap<DateTime<Utc>, &'a Override>,
}

impl<'a> Walk<'a> {
    fn new(when: When, zone: Tz, series: &'a Recurrence, window: Span) -> Self {
        let mut walk = Self {
            when,
            zone,
            series,
            window,
            excluded: HashSet::new(),
            excluded_days: HashSet::new(),
            overrides: BTreeMap::new(),
        };
        for exdate in &series.exdates {
            match *exdate {
                Exdate::At(start) => drop(walk.excluded.insert(walk.key(start))),
                Exdate::Day(day) => drop(walk.excluded_days.insert(day)),
            }
        }
        walk.overrides = series.overrides.iter().map(|one| (walk.key(one.original), one)).collect();
        walk
    }

    /// Every start that could touch the window, in order and once, without those left out.
    fn starts(&self) -> (Vec<NaiveDateTime>, bool) {
        let mut starts = BTreeMap::new();
        let mut keep = |start: NaiveDateTime| {
            if self.is_near(start) && !self.is_excluded(start) {
                starts.entry(self.key(start)).or_insert(start);
            }
        };
        keep(self.when.wall_start());
        self.series.rdates.iter().copied().take(STEPS).for_each(&mut keep);
        let cut_short = self.rule_starts(&mut keep);
        (starts.into_values().collect(), cut_short)
    }

    /// Hands on each start of the rule up to the window's end; says whether it had to stop before.
    fn rule_starts(&self, keep: &mut impl FnMut(NaiveDateTime)) -> bool {
        let Some(text) = &self.series.rrule else { return false };
        if !begins_in_range(self.when) {
            return true;
        }
        let Ok(rule) = Rule::parse(text, self.when, self.zone) else { return true };
        let first = self.when.wall_start();
        let last = later(self.window.end);
        let mut left = rule.count.unwrap_or(u32::MAX).saturating_sub(1);
        for (step, start) in rule.starts(first).enumerate() {
            if left == 0 || start > last || rule.until.is_some_and(|until| start > until) {
                return false;
            }
            if step >= STEPS {
                return true;
            }
            if start != first {
                keep(start);
                left -= 1;
            }
        }
        false
    }

    /// Could what starts then touch the window? Cheap, and right to within two days.
    fn is_near(&self, start: NaiveDateTime) -> bool {
        let length = match self.when {
            When::Days { first, last } => last.map_or(TimeDelta::zero(), |last| last - first) + TimeDelta::days(1),
            When::Times { start, end } => end.map_or(TimeDelta::hours(1), |end| (end - start).max(TimeDelta::zero())),
        };
        let ends = start.checked_add_signed(length).unwrap_or(NaiveDateTime::MAX);
        start <= later(self.window.end) && later(ends.and_utc()) >= self.window.start.naive_utc()
    }

    fn is_excluded(&self, start: NaiveDateTime) -> bool {
        self.excluded_days.contains(&start.date()) || (!self.excluded.is_empty() && self.excluded.contains(&self.key(start)))
    }

    fn is_replaced(&self, start: NaiveDateTime) -> bool {
        !self.overrides.is_empty() && self.overrides.contains_key(&self.key(start))
    }

    /// What names an occurrence: its instant, or for whole days its day.
    fn key(&self, start: NaiveDateTime) -> DateTime<Utc> {
        match self.when {
            When::Days { .. } => start.date().and_time(chrono::NaiveTime::MIN).and_utc(),
            When::Times { .. } => span::instant(start, self.zone),
        }
    }

    fn changed(&self, one: &Override) -> Occurrence {
        Occurrence {
            original: one.original,
            when: one.when,
            span: one.when.span(self.zone),
            title: one.title.clone(),
            cancelled: one.status == Some(EventStatus::Cancelled),
        }
    }
}

fn plain(when: When, zone: Tz, start: NaiveDateTime) -> Occurrence {
    let when = when.starting(start);
    Occurrence { original: start, when, span: when.span(zone), title: None, cancelled: false }
}

/// Half-open spans meet; what takes no time is in the window that its instant is in.
fn touches(span: &Span, window: Span) -> bool {
    if span.start == span.end { window.start <= span.start && span.start < window.end } else { span.overlap(window).is_some() }
}

/// A wall time that no zone shows before this instant.
fn later(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc().checked_add_signed(FARTHEST_ZONE).unwrap_or(NaiveDateTime::MAX)
}

fn begins_in_range(when: When) -> bool {
    (FIRST_YEAR..=LAST_YEAR).contains(&when.wall_start().year())
}

#[cfg(test)]
mod tests;
