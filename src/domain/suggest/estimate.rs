//! What every start costs at least, for all of them at once.
//!
//! Judging one start with all rules takes a while, and there may be thousands. But what two events
//! have against each other is mostly the same for whole stretches of starts: so the agenda is asked
//! once for each day, each hit is laid over the stretch of starts that it touches (two entries in an
//! array of differences), and one pass adds them up. The sum is never more than what the rules will
//! say: kinds that are not looked at here cost nothing here.

use std::collections::HashMap;
use std::ops::{Add, AddAssign, Neg, Range};
use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

use super::wish::{Start, Wish};
use super::{GRAVE, weight};
use crate::domain::agenda::{Agenda, Audience, Common, Entry, Slot, Tie};
use crate::domain::conflict::days::{Beside, FURTHEST, beside_observance};
use crate::domain::conflict::{
    Commons, Hit, Kind, Pair, Policy, Severity, anchors, audience, bookings, closed, hours, teams, travel,
};
use crate::domain::{EventId, Occurrence, When};

/// The least that a start costs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Least {
    /// The sum of the weights of what is known.
    pub cost: i64,
    /// How many of them are grave.
    pub grave: i64,
    /// How many opportunities there are at most.
    pub chances: i64,
}

impl AddAssign for Least {
    fn add_assign(&mut self, other: Self) {
        self.cost += other.cost;
        self.grave += other.grave;
        self.chances += other.chances;
    }
}

impl Add for Least {
    type Output = Self;
    fn add(mut self, other: Self) -> Self {
        self += other;
        self
    }
}

impl Neg for Least {
    type Output = Self;
    fn neg(self) -> Self {
        Self { cost: -self.cost, grave: -self.grave, chances: -self.chances }
    }
}

impl Least {
    fn of(severity: Severity) -> Self {
        Self {
            cost: weight(severity),
            grave: i64::from(severity >= GRAVE),
            chances: i64::from(severity == Severity::Opportunity),
        }
    }
}

/// The least that each start costs.
pub fn least(
    wish: &Wish,
    starts: &[Start],
    audience: &Audience,
    agenda: &Agenda,
    policy: &Policy,
    commons: &mut Commons,
) -> Vec<Least> {
    let mut sums = Sums::new(starts);
    let days = sweep(wish, starts, agenda.now());
    let guest = agenda.guest(&days);
    let near = near(wish, policy);
    agenda.pairs_with(&guest, near, |tie, own, other| {
        let pair = in_order(own, other, commons.of(agenda, own.audience, other.audience));
        let hits = hits(tie, &pair, policy, wish.is_within_a_day());
        for hit in hits.into_iter().flatten().filter(|hit| !policy.ignore.contains(&hit.kind)) {
            sums.lay(&hit, &own, &other, wish);
        }
    });
    let mut all = sums.add_up();
    add_days(wish, starts, &mut all, agenda, audience, policy);
    all
}

/// What judging one start of a day says of all of them: kinds that are not in the sum and do not ask for the hour.
pub fn learned(findings: &[(Kind, Severity)]) -> Least {
    const OF_THE_DAY: [Kind; 6] = [
        Kind::TravelLoad,
        Kind::AnchorChanged,
        Kind::RoomTooSmall,
        Kind::IncompleteDates,
        Kind::HoldLapsing,
        Kind::ExpectedAnchor,
    ];
    let mut least = Least::default();
    findings.iter().filter(|(kind, _)| OF_THE_DAY.contains(kind)).for_each(|(_, severity)| least += Least::of(*severity));
    least
}

/// The wish on each day that has a start, from morning to evening: what could meet it is what meets this.
fn sweep(wish: &Wish, starts: &[Start], now: DateTime<Utc>) -> Entry {
    let mut days: Vec<NaiveDate> = starts.iter().flat_map(|start| start.days.iter()).collect();
    days.sort_unstable();
    days.dedup();
    let occurrence = |day: NaiveDate| {
        let when = match starts.first().map(|start| start.when) {
            Some(When::Days { .. }) | None => When::Days { first: day, last: Some(day) },
            Some(When::Times { .. }) => {
                let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
                When::Times { start: midnight(day), end: Some(midnight(day) + Duration::days(1)) }
            }
        };
        Occurrence { original: when.wall_start(), when, span: when.span(wish.template.zone), title: None, cancelled: false }
    };
    let any_day = When::Days { first: wish.between.first, last: None };
    Entry { event: wish.candidate(any_day, now).event, occurrences: days.into_iter().map(occurrence).collect() }
}

/// Online nothing but the hour counts; in person a neighbour some days off can be too near, or just right.
fn near(wish: &Wish, policy: &Policy) -> i64 {
    let (neighbour, journey) = (policy.same_place_near_dates.near_days.min(7), policy.turnarounds().len());
    let furthest = i64::try_from(journey).unwrap_or(0).max(i64::from(neighbour) + 1);
    if wish.is_in_person() { furthest } else { 0 }
}

fn in_order<'a>(own: Slot<'a>, other: Slot<'a>, common: Arc<Common>) -> Pair<'a> {
    let begins = |slot: &Slot<'_>| (slot.occurrence.span, slot.event.id);
    if begins(&own) <= begins(&other) { Pair { a: own, b: other, common } } else { Pair { a: other, b: own, common } }
}

/// The rules whose hits lie over stretches of starts. How near a journey is, is known only of what is over in a day.
fn hits<'a>(tie: Tie, pair: &Pair<'a>, policy: &Policy, within_a_day: bool) -> [Option<Hit<'a>>; 2] {
    match tie {
        Tie::Journey if within_a_day => [audience::role_overlap(pair, policy), travel::tight_turnaround(pair, policy)],
        Tie::Journey | Tie::Hour => [audience::role_overlap(pair, policy), None],
        Tie::Speaker => [bookings::speaker_double_booked(pair, policy), None],
        Tie::Room => [bookings::room_double_booked(pair, policy), None],
        Tie::Day => [teams::team_split(pair, policy), None],
        Tie::Area => [anchors::same_place_near_dates(pair, policy), None],
        Tie::Title | Tie::Anchor => [None, None],
    }
}

/// Stretches of starts with what they cost.
struct Sums {
    /// The first instant of each start, the first one after it, in order.
    from: Vec<DateTime<Utc>>,
    until: Vec<DateTime<Utc>>,
    /// Its first and last day, in order.
    days: Vec<(NaiveDate, NaiveDate)>,
    /// One for each kind, event and stretch.
    laid: Vec<(Kind, EventId, usize, usize, Severity)>,
}

impl Sums {
    fn new(starts: &[Start]) -> Self {
        Self {
            from: starts.iter().map(|start| start.span.start).collect(),
            until: starts.iter().map(|start| start.span.end).collect(),
            days: starts.iter().map(|start| (start.days.first, start.days.last)).collect(),
            laid: Vec::new(),
        }
    }

    fn lay(&mut self, hit: &Hit<'_>, own: &Slot<'_>, other: &Slot<'_>, wish: &Wish) {
        let Range { start, end } = self.touched(hit, own, other, wish);
        if start < end {
            self.laid.push((hit.kind, other.event.id, start, end, hit.severity));
        }
    }

    /// By civil days where the days count, by the clock where the time does.
    fn touched(&self, hit: &Hit<'_>, own: &Slot<'_>, other: &Slot<'_>, wish: &Wish) -> Range<usize> {
        let in_person = wish.is_in_person() && other.is_in_person();
        let days = match hit.kind {
            Kind::SamePlaceNearDates | Kind::TightTurnaround => Some(own.days),
            Kind::TeamSplit => Some(other.days),
            Kind::RoleOverlap if in_person && is_in_two_towns(hit) => Some(other.days),
            _ => None,
        };
        if let Some(days) = days {
            let first = self.days.partition_point(|(_, last)| *last < days.first);
            first..self.days.partition_point(|(first, _)| *first <= days.last)
        } else {
            let span = other.occurrence.span;
            let first = self.until.partition_point(|until| *until <= span.start);
            first..self.from.partition_point(|from| *from < span.end)
        }
    }

    /// Each kind and event once for a start, however many of its occurrences touch it.
    fn add_up(mut self) -> Vec<Least> {
        self.laid.sort_unstable();
        let mut changes = vec![Least::default(); self.from.len() + 1];
        let mut known = None::<(Kind, EventId, usize)>;
        for (kind, event, start, end, severity) in self.laid {
            let covered = known.filter(|(of, by, _)| (*of, *by) == (kind, event)).map_or(0, |(.., until)| until);
            let (start, end) = (start.max(covered), end.max(covered));
            if start < end {
                changes[start] += Least::of(severity);
                changes[end] += -Least::of(severity);
            }
            known = Some((kind, event, end));
        }
        let mut sum = Least::default();
        let add = |change: &Least| {
            sum += *change;
            sum
        };
        changes.iter().map(add).take(self.from.len()).collect()
    }
}

/// Two towns: no hour of the day helps.
fn is_in_two_towns(hit: &Hit<'_>) -> bool {
    use crate::domain::conflict::Fact;
    use crate::domain::conflict::travel::Apart;
    matches!(hit.fact, Fact::SamePeople { apart: Some(Apart::Far(_)) })
}

/// Observances, notice and budget time: by day, and for what has hours only where no hour of the day helps.
fn add_days(wish: &Wish, starts: &[Start], all: &mut [Least], agenda: &Agenda, audience: &Audience, policy: &Policy) {
    let mut of_day: HashMap<NaiveDate, Least> = HashMap::new();
    for (start, sum) in starts.iter().zip(all) {
        let least = *of_day.entry(start.days.first).or_insert_with(|| on_days(wish, start, agenda, audience, policy));
        *sum += least;
    }
}

fn on_days(wish: &Wish, start: &Start, agenda: &Agenda, audience: &Audience, policy: &Policy) -> Least {
    let entry = wish.candidate(start.when, agenda.now());
    let Some(occurrence) = entry.occurrences.first() else { return Least::default() };
    let slot = Slot { event: &entry.event, occurrence, days: start.days, audience };
    let mut least = Least::default();
    for observance in agenda.observances(start.days.widened(FURTHEST)) {
        let by_hour = !start.when.is_all_day() && !matches!(Beside::all(start.days, observance).next(), Some(Beside::On(_)));
        let teams = agenda.teams_concerned(audience, observance);
        let hit =
            beside_observance(&slot, observance, teams, policy).filter(|hit| !by_hour && !policy.ignore.contains(&hit.kind));
        if let Some(hit) = hit {
            least += Least::of(hit.severity);
        }
    }
    let of_the_day = [hours::short_notice(&slot, agenda.now(), policy), closed::budget_season(&slot, agenda, policy)];
    for hit in of_the_day.into_iter().flatten().filter(|hit| !policy.ignore.contains(&hit.kind)) {
        least += Least::of(hit.severity);
    }
    least
}
