//! What clashes, how gravely, and why.
//!
//! The [agenda](crate::domain::agenda) says who meets whom; here each kind of conflict is one small
//! rule that looks at two occurrences, or at one and a day to plan around, and answers with a
//! [`Hit`] or nothing. Hits of one kind on the same events become one [`Finding`], worded in
//! [`words`]. Nothing here knows where facts come from, or what becomes of a finding.

pub mod anchors;
pub mod audience;
pub mod bookings;
pub mod closed;
pub mod councils;
pub mod days;
pub mod expected;
mod finding;
mod gather;
pub mod hours;
pub mod phrases;
pub mod policy;
#[cfg(test)]
mod sample;
pub mod teams;
pub mod travel;
pub mod trips;
mod veil;
pub mod weekly;
pub mod words;

use std::collections::HashMap;
use std::rc::Rc;

pub use councils::approvals;
pub use finding::{At, Because, Finding, Fingerprint, Kind, Severity, Touches};
pub use policy::Policy;
pub use veil::Names;
pub use words::Fact;

use super::agenda::{Agenda, Audience, Common, Entry, Slot, Tie};
use super::{Days, Span};

/// All findings that involve the subject, the gravest first.
///
/// The subject may be in the agenda or not; where the agenda has an event of the same id, the
/// subject takes its place.
#[must_use]
pub fn find(subject: &Entry, agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    find_among(subject, agenda, policy, &mut Commons::default())
}

/// The same as [`find`], for one after another of subjects that have the same roles and cohort.
#[must_use]
pub fn find_among(subject: &Entry, agenda: &Agenda, policy: &Policy, commons: &mut Commons) -> Vec<Finding> {
    let guest = agenda.guest(subject);
    let mut search = Search::new(agenda, policy);
    std::mem::swap(&mut search.commons, commons);
    search.look_along(&guest.series());
    agenda.pairs_with(&guest, policy.near_days(), |tie, a, b| search.compare(tie, a, b));
    std::mem::swap(&mut search.commons, commons);
    gather::findings(search.found, agenda)
}

/// What each two audiences of one agenda, and of subjects that have the same one, have in common: found once.
#[derive(Debug, Default)]
pub struct Commons(HashMap<(u32, u32), Rc<Common>>);

impl Commons {
    /// What these two have in common.
    pub fn of(&mut self, agenda: &Agenda, a: &Audience, b: &Audience) -> Rc<Common> {
        Rc::clone(self.0.entry((a.id, b.id)).or_insert_with(|| Rc::new(agenda.common(a, b))))
    }
}

/// All findings of the agenda, each once: the gravest first, then by date, kind and fingerprint.
#[must_use]
pub fn find_all(agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    let mut search = Search::new(agenda, policy);
    agenda.series().for_each(|series| search.look_along(&series));
    agenda.pairs(policy.near_days(), |tie, a, b| search.compare(tie, a, b));
    gather::findings(search.found, agenda)
}

/// What [`find`] says of the number of trips alone: the one finding about an event that hangs on events it does not name.
#[must_use]
pub fn find_load(subject: &Entry, agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    let guest = agenda.guest(subject);
    let mut search = Search::new(agenda, policy);
    let series = guest.series();
    for slot in &series {
        search.keep(trips::travel_load(slot, &series, agenda, policy), *slot, None);
    }
    gather::findings(search.found, agenda)
}

/// What [`find`] says of what is only expected: it hangs on events that it does not name, and that may be far off.
#[must_use]
pub fn find_expected(subject: &Entry, agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    let guest = agenda.guest(subject);
    let mut search = Search::new(agenda, policy);
    for slot in &guest.series() {
        for hit in expected::expected_anchors(slot, agenda, policy) {
            search.keep(Some(hit), *slot, None);
        }
    }
    gather::findings(search.found, agenda)
}

/// The days around an in-person subject's of which an agenda must have all that is in person.
#[must_use]
pub fn travel_reach(days: Days) -> Days {
    days.widened(trips::LONGEST + 1)
}

/// The days around a subject's that an agenda must cover so that [`find`] misses nothing.
///
/// The week of the longest turnaround that a policy may set, and a day for the width of the world.
/// Beside what is on these days an agenda must have the subject's anchor and its satellites,
/// whatever their days and even if they are off.
#[must_use]
pub fn reach(days: Days) -> Days {
    days.widened(8)
}

/// Two occurrences that a rule compares: `a` begins first.
#[derive(Debug, Clone)]
pub struct Pair<'a> {
    /// The earlier one.
    pub a: Slot<'a>,
    /// The later one.
    pub b: Slot<'a>,
    /// What their audiences have in common.
    pub common: Rc<Common>,
}

impl Pair<'_> {
    /// The time that both take.
    #[must_use]
    pub fn overlap(&self) -> Option<Span> {
        self.a.occurrence.span.overlap(self.b.occurrence.span)
    }

    /// The civil days of both, each in its own zone: what people mean by “the same day”.
    #[must_use]
    pub fn common_days(&self) -> Option<Days> {
        self.a.days.overlap(self.b.days)
    }

    /// Must people travel to both?
    #[must_use]
    pub fn is_in_person(&self) -> bool {
        self.a.is_in_person() && self.b.is_in_person()
    }

    /// Is one of them set beside the other? They were planned as one.
    #[must_use]
    pub fn is_anchor_and_satellite(&self) -> bool {
        let (a, b) = (self.a.event, self.b.event);
        a.details.anchor == Some(b.id) || b.details.anchor == Some(a.id)
    }

    /// Are both set beside the same convening?
    #[must_use]
    pub fn are_satellites_of_one(&self) -> bool {
        let (a, b) = (self.a.event, self.b.event);
        a.details.anchor.is_some() && a.details.anchor == b.details.anchor
    }

    /// Do both say at what hours they are?
    #[must_use]
    pub fn have_hours(&self) -> bool {
        !self.a.occurrence.when.is_all_day() && !self.b.occurrence.when.is_all_day()
    }

    /// One step down where one of them is only a hold or a proposal.
    #[must_use]
    pub fn weigh(&self, severity: Severity) -> Severity {
        let tentative = self.a.event.status.is_tentative() || self.b.event.status.is_tentative();
        if tentative { severity.lower() } else { severity }
    }
}

/// What a rule answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'a> {
    /// The rule's kind.
    pub kind: Kind,
    /// How grave it is here.
    pub severity: Severity,
    /// What is in common in time.
    pub overlap: Option<Span>,
    /// How many city teams it touches.
    pub teams: u32,
    /// What it saw, for the wording.
    pub fact: Fact<'a>,
}

/// A hit with what it is about.
struct Found<'a> {
    hit: Hit<'a>,
    a: Slot<'a>,
    b: Option<Slot<'a>>,
    common: Option<Rc<Common>>,
}

/// One run of all rules over candidates.
struct Search<'a> {
    agenda: &'a Agenda,
    policy: &'a Policy,
    commons: Commons,
    found: Vec<Found<'a>>,
}

impl<'a> Search<'a> {
    fn new(agenda: &'a Agenda, policy: &'a Policy) -> Self {
        Self { agenda, policy, commons: Commons::default(), found: Vec::new() }
    }

    /// The rules about one event: about its beginning, each occurrence, and what follows what.
    fn look_along(&mut self, series: &[Slot<'a>]) {
        let (agenda, policy) = (self.agenda, self.policy);
        if let Some(first) = series.first() {
            self.keep(hours::short_notice(first, agenda.now(), policy), *first, None);
            self.keep(closed::hold_lapsing(first, agenda.now(), policy), *first, None);
        }
        for slot in series {
            self.look_at(slot);
            self.keep(trips::travel_load(slot, series, agenda, policy), *slot, None);
        }
        for (before, after) in series.iter().zip(series.iter().skip(1)) {
            let zones = agenda.roster().zones(after.audience);
            self.keep(hours::clocks_change_between(before, after, zones, policy), *after, None);
        }
    }

    /// The rules about one occurrence.
    fn look_at(&mut self, slot: &Slot<'a>) {
        let (agenda, policy) = (self.agenda, self.policy);
        for observance in agenda.observances(slot.days.widened(days::FURTHEST)) {
            let teams = agenda.teams_concerned(slot.audience, observance);
            self.keep(days::beside_observance(slot, observance, teams, policy), *slot, None);
        }
        self.keep(weekly::weekly_observance(slot, agenda, policy), *slot, None);
        for hit in expected::expected_anchors(slot, agenda, policy) {
            self.keep(Some(hit), *slot, None);
        }
        self.keep(bookings::room_too_small(slot, policy), *slot, None);
        self.keep(hours::unfair_hours(slot, agenda.roster().zones(slot.audience), policy), *slot, None);
        self.keep(hours::clocks_change_within(slot, policy), *slot, None);
        self.keep(hours::incomplete_dates(slot, policy), *slot, None);
        self.look_at_home(slot);
    }

    /// The rules about one occurrence and what those invited have at home.
    fn look_at_home(&mut self, slot: &Slot<'a>) {
        let (agenda, policy) = (self.agenda, self.policy);
        let nights = councils::nights(slot, agenda, policy);
        self.keep(councils::council_night(&nights, policy), *slot, None);
        for night in &nights {
            self.keep(councils::quorum_risk(night, policy), *slot, None);
        }
        for hit in closed::blackouts(slot, agenda) {
            self.keep(Some(hit), *slot, None);
        }
        self.keep(closed::budget_season(slot, agenda, policy), *slot, None);
    }

    /// The rules about two.
    fn compare(&mut self, tie: Tie, a: Slot<'a>, b: Slot<'a>) {
        let pair = self.pair(a, b);
        let policy = self.policy;
        let hits = match tie {
            Tie::Journey => [audience::role_overlap(&pair, policy), travel::tight_turnaround(&pair, policy)],
            Tie::Hour => [audience::role_overlap(&pair, policy), None],
            Tie::Speaker => [bookings::speaker_double_booked(&pair, policy), None],
            Tie::Room => [bookings::room_double_booked(&pair, policy), None],
            Tie::Day => [teams::team_split(&pair, policy), None],
            Tie::Area => [anchors::same_place_near_dates(&pair, policy), None],
            Tie::Title => [anchors::possible_duplicate(&pair, policy), None],
            Tie::Anchor => [anchors::anchor_changed(&pair, policy), None],
        };
        for hit in hits {
            self.keep(hit, pair.a, Some((pair.b, &pair.common)));
        }
    }

    fn pair(&mut self, a: Slot<'a>, b: Slot<'a>) -> Pair<'a> {
        let begins = |slot: &Slot<'_>| (slot.occurrence.span, slot.event.id);
        let (a, b) = if begins(&a) <= begins(&b) { (a, b) } else { (b, a) };
        Pair { a, b, common: self.commons.of(self.agenda, a.audience, b.audience) }
    }

    fn keep(&mut self, hit: Option<Hit<'a>>, a: Slot<'a>, other: Option<(Slot<'a>, &Rc<Common>)>) {
        if let Some(hit) = hit.filter(|hit| !self.policy.ignore.contains(&hit.kind)) {
            let (b, common) = other.map(|(b, common)| (b, Rc::clone(common))).unzip();
            self.found.push(Found { hit, a, b, common });
        }
    }
}
