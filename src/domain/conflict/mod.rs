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
mod decision;
pub mod expected;
mod finding;
mod gather;
pub mod hours;
mod moment;
pub mod phrases;
pub mod policy;
#[doc(hidden)]
pub mod sample;
pub mod sources;
pub mod teams;
pub mod travel;
pub mod trips;
mod veil;
pub mod weekly;
pub mod words;

use std::collections::HashMap;
use std::sync::Arc;

pub use councils::approvals;
pub use decision::{Ending, Expiry, Standing};
pub use finding::{At, Because, Finding, Fingerprint, Kind, Severity, Touches};
pub use moment::Moment;
pub use policy::{OwnPolicies, Policy, Voice};
pub use veil::{Grain, Names, by_the_week, weeks_around};
pub use words::Fact;

use super::agenda::{Agenda, Audience, Common, Entry, Slot, Tie};
use super::several::in_parts;
use super::{Days, Event, Span};

/// Which rules and words these are: a database that was judged by others is judged anew. Raise it when one changes.
pub const VERSION: &str = "rules 2";

/// All findings that involve the subject, the gravest first.
///
/// `policy` is the network's; it speaks for every event for which the agenda has none of its own.
///
/// The subject may be in the agenda or not; where the agenda has an event of the same id, the
/// subject takes its place.
#[must_use]
pub fn find(subject: &Entry, agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    find_among(subject, agenda, policy, &mut Commons::default())
}

/// The same as [`find`] for each of these, in their order; many are looked at by several threads.
#[must_use]
pub fn find_each(subjects: &[&Entry], agenda: &Agenda, policy: &Policy) -> Vec<Vec<Finding>> {
    let one_by_one = |subjects: &[&Entry]| subjects.iter().map(|subject| find(subject, agenda, policy)).collect();
    if subjects.len() < FEW { one_by_one(subjects) } else { in_parts(subjects, one_by_one) }
}

/// For fewer than these, threads are not worth their while.
const FEW: usize = 32;

/// The same as [`find`], for one after another of subjects that have the same roles and cohort.
#[must_use]
pub fn find_among(subject: &Entry, agenda: &Agenda, policy: &Policy, commons: &mut Commons) -> Vec<Finding> {
    look(subject, agenda, policy, commons, |found| gather::findings(found, agenda))
}

/// Those of [`find_among`] that are at least as grave as `least`.
#[must_use]
pub fn find_grave(subject: &Entry, agenda: &Agenda, policy: &Policy, commons: &mut Commons, least: Severity) -> Vec<Finding> {
    look(subject, agenda, policy, commons, |found| gather::grave(found, agenda, least))
}

/// The kinds and severities of what [`find_among`] finds, in no order that means anything: nothing is worded.
#[must_use]
pub fn weigh(subject: &Entry, agenda: &Agenda, policy: &Policy, commons: &mut Commons) -> Vec<(Kind, Severity)> {
    look(subject, agenda, policy, commons, gather::outline)
}

/// Asks all rules about one subject.
fn look<T>(
    subject: &Entry,
    agenda: &Agenda,
    policy: &Policy,
    commons: &mut Commons,
    gather: impl FnOnce(&[Found<'_>]) -> T,
) -> T {
    let guest = agenda.guest(subject);
    let mut search = Search::new(agenda, policy);
    std::mem::swap(&mut search.commons, commons);
    search.look_along(&guest.series());
    agenda.pairs_with(&guest, agenda.facts().policies.near_days(policy), |tie, a, b| search.compare(tie, a, b));
    std::mem::swap(&mut search.commons, commons);
    gather(&search.found)
}

/// What each two audiences of one agenda, and of subjects that have the same one, have in common: found once.
#[derive(Debug, Default)]
pub struct Commons(HashMap<(u32, u32), Arc<Common>>);

impl Commons {
    /// What these two have in common.
    pub fn of(&mut self, agenda: &Agenda, a: &Audience, b: &Audience) -> Arc<Common> {
        Arc::clone(self.0.entry((a.id, b.id)).or_insert_with(|| Arc::new(agenda.common(a, b))))
    }
}

/// All findings of the agenda, each once: the gravest first, then by date, kind and fingerprint.
///
/// A large agenda is looked through by several threads; the answer is the same.
#[must_use]
pub fn find_all(agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    let alone = || {
        let mut search = Search::new(agenda, policy);
        agenda.series().for_each(|series| search.look_along(&series));
        search.found
    };
    let together = || {
        let mut search = Search::new(agenda, policy);
        agenda.pairs(agenda.facts().policies.near_days(policy), |tie, a, b| search.compare(tie, a, b));
        search.found
    };
    let (mut found, of_two) = if agenda.entries().len() > gather::MANY {
        std::thread::scope(|scope| {
            let other = scope.spawn(alone);
            let of_two = together();
            // What a thread could not do is done here.
            (other.join().unwrap_or_else(|_| alone()), of_two)
        })
    } else {
        (alone(), together())
    };
    found.extend(of_two);
    gather::findings(&found, agenda)
}

/// What [`find`] says of the number of trips alone: the one finding about an event that hangs on events it does not name.
#[must_use]
pub fn find_load(subject: &Entry, agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    let guest = agenda.guest(subject);
    let mut search = Search::new(agenda, policy);
    let series = guest.series();
    for slot in &series {
        search.ask(slot, |policy| trips::travel_load(slot, &series, agenda, policy));
    }
    gather::findings(&search.found, agenda)
}

/// What [`find`] says of what is only expected: it hangs on events that it does not name, and that may be far off.
#[must_use]
pub fn find_expected(subject: &Entry, agenda: &Agenda, policy: &Policy) -> Vec<Finding> {
    let guest = agenda.guest(subject);
    let mut search = Search::new(agenda, policy);
    for slot in &guest.series() {
        search.look_ahead(slot);
    }
    gather::findings(&search.found, agenda)
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
    pub common: Arc<Common>,
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
    common: Option<Arc<Common>>,
    policy: &'a Policy,
    voice: Voice,
}

/// One run of all rules over candidates.
struct Search<'a> {
    agenda: &'a Agenda,
    network: &'a Policy,
    own: &'a OwnPolicies,
    /// Nobody has changed anything.
    is_plain: bool,
    commons: Commons,
    /// The councils more than half of which an audience has: found once for each.
    majorities: HashMap<u32, Arc<[councils::Majority<'a>]>>,
    found: Vec<Found<'a>>,
}

impl<'a> Search<'a> {
    fn new(agenda: &'a Agenda, network: &'a Policy) -> Self {
        let own = &agenda.facts().policies;
        let is_plain = own.is_empty() && *network == Policy::default();
        Self { agenda, network, own, is_plain, commons: Commons::default(), majorities: HashMap::new(), found: Vec::new() }
    }

    /// The rules about one event: about its beginning, each occurrence, and what follows what.
    fn look_along(&mut self, series: &[Slot<'a>]) {
        let agenda = self.agenda;
        if let Some(first) = series.first() {
            self.ask(first, |policy| hours::short_notice(first, agenda.now(), policy));
            self.ask(first, |policy| closed::hold_lapsing(first, agenda.now(), policy));
            self.look_upstream(first);
        }
        for slot in series {
            self.look_at(slot);
            self.ask(slot, |policy| trips::travel_load(slot, series, agenda, policy));
        }
        for (before, after) in series.iter().zip(series.iter().skip(1)) {
            let zones = || agenda.roster().zones(after.audience);
            self.ask(after, |policy| hours::clocks_change_between(before, after, zones(), policy));
        }
    }

    /// What sources say of an event.
    fn look_upstream(&mut self, first: &Slot<'a>) {
        let Some(claims) = self.agenda.facts().claims.get(&first.event.id) else { return };
        for other in &claims.others {
            self.ask(first, |policy| sources::source_disagreement(&claims.taken, other, policy));
        }
    }

    /// The rules about one occurrence.
    fn look_at(&mut self, slot: &Slot<'a>) {
        let agenda = self.agenda;
        for observance in agenda.observances(slot.days.widened(days::FURTHEST)) {
            let teams = agenda.teams_concerned(slot.audience, observance);
            self.ask(slot, |policy| days::beside_observance(slot, observance, teams, policy));
        }
        self.ask(slot, |policy| weekly::weekly_observance(slot, agenda, policy));
        self.look_ahead(slot);
        self.ask(slot, |policy| bookings::room_too_small(slot, policy));
        self.ask(slot, |policy| hours::unfair_hours(slot, agenda.roster().zones(slot.audience), policy));
        self.ask(slot, |policy| hours::clocks_change_within(slot, policy));
        self.ask(slot, |policy| hours::incomplete_dates(slot, policy));
        self.look_at_home(slot);
    }

    /// What is usual about then, and not announced yet.
    fn look_ahead(&mut self, slot: &Slot<'a>) {
        for usual in expected::usual(slot, self.agenda) {
            self.ask(slot, |policy| Some(expected::expected_anchor(&usual, policy)));
        }
    }

    /// The rules about one occurrence and what those invited have at home.
    fn look_at_home(&mut self, slot: &Slot<'a>) {
        let agenda = self.agenda;
        let nights = councils::nights(slot, agenda, self.own.of(slot.event, self.network));
        self.ask(slot, |policy| councils::council_night(&nights, policy));
        for night in &nights {
            self.ask(slot, |policy| councils::quorum_risk(night, policy));
        }
        if slot.is_in_person() {
            let found = || councils::majorities(slot.audience, agenda).into();
            let majorities = Arc::clone(self.majorities.entry(slot.audience.id).or_insert_with(found));
            self.ask(slot, |policy| councils::majority_travels(slot, &majorities, &nights, policy));
        }
        for hit in closed::blackouts(slot, agenda) {
            self.ask(slot, |_| Some(hit.clone()));
        }
        self.ask(slot, |policy| closed::budget_season(slot, agenda, policy));
    }

    /// The rules about two.
    fn compare(&mut self, tie: Tie, a: Slot<'a>, b: Slot<'a>) {
        let pair = self.pair(a, b);
        match tie {
            Tie::Journey => {
                self.ask_both(&pair, |policy| audience::role_overlap(&pair, policy));
                self.ask_both(&pair, |policy| travel::tight_turnaround(&pair, policy));
            }
            Tie::Hour => self.ask_both(&pair, |policy| audience::role_overlap(&pair, policy)),
            Tie::Speaker => self.ask_both(&pair, |policy| bookings::speaker_double_booked(&pair, policy)),
            Tie::Room => self.ask_both(&pair, |policy| bookings::room_double_booked(&pair, policy)),
            Tie::Day => self.ask_both(&pair, |policy| teams::team_split(&pair, policy)),
            Tie::Area => self.ask_both(&pair, |policy| anchors::same_place_near_dates(&pair, policy)),
            Tie::Title => self.ask_both(&pair, |policy| anchors::possible_duplicate(&pair, policy)),
            Tie::Anchor => self.ask_both(&pair, |policy| anchors::anchor_changed(&pair, policy)),
        }
    }

    fn pair(&mut self, a: Slot<'a>, b: Slot<'a>) -> Pair<'a> {
        let begins = |slot: &Slot<'_>| (slot.occurrence.span, slot.event.id);
        let (a, b) = if begins(&a) <= begins(&b) { (a, b) } else { (b, a) };
        Pair { a, b, common: self.commons.of(self.agenda, a.audience, b.audience) }
    }

    /// What a rule says of one event, by the policy that speaks for it.
    fn ask(&mut self, slot: &Slot<'a>, rule: impl Fn(&Policy) -> Option<Hit<'a>>) {
        let policy = self.own.of(slot.event, self.network);
        if let Some(hit) = heard(&rule, policy) {
            let voice = self.voice(slot.event, &hit, &rule);
            self.found.push(Found { hit, a: *slot, b: None, common: None, policy, voice });
        }
    }

    /// What a rule says of two: the stricter of their policies speaks, so that neither side silences the other.
    fn ask_both(&mut self, pair: &Pair<'a>, rule: impl Fn(&Policy) -> Option<Hit<'a>>) {
        let (a, b) = (self.own.of(pair.a.event, self.network), self.own.of(pair.b.event, self.network));
        let mut said = heard(&rule, a).map(|hit| (hit, pair.a.event));
        if !std::ptr::eq(a, b) {
            let graver = heard(&rule, b).filter(|hit| said.as_ref().is_none_or(|(known, _)| known.severity < hit.severity));
            said = graver.map(|hit| (hit, pair.b.event)).or(said);
        }
        if let Some((hit, speaker)) = said {
            let voice = self.voice(speaker, &hit, &rule);
            let policy = self.own.of(speaker, self.network);
            self.found.push(Found { hit, a: pair.a, b: Some(pair.b), common: Some(Arc::clone(&pair.common)), policy, voice });
        }
    }

    fn voice(&self, event: &Event, hit: &Hit<'a>, rule: &impl Fn(&Policy) -> Option<Hit<'a>>) -> Voice {
        if self.is_plain {
            return Voice::Default;
        }
        self.own.voice(event, self.network, &hit.severity, |policy| heard(rule, policy).map(|hit| hit.severity))
    }
}

/// What a rule says by this policy, unless it wants to hear nothing of the kind.
fn heard<'a>(rule: &impl Fn(&Policy) -> Option<Hit<'a>>, policy: &Policy) -> Option<Hit<'a>> {
    rule(policy).filter(|hit| !policy.ignore.contains(&hit.kind))
}
