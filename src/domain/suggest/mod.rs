//! Better dates: for one wish the best windows, and why the others fell out.
//!
//! Every window that is offered is judged by the same [rules](super::conflict) as an event that is
//! put forward. Four steps: all [starts](wish::starts) that the wish allows; those that an observance
//! to avoid [rules out](days); what each of the rest [costs at least](estimate), for all at once; and
//! the [best of them](rank), each looked at closely. The same question has the same answer, in
//! whatever order the facts come.

mod beside;
mod days;
mod estimate;
mod rank;
mod wish;
mod zones;

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

pub use wish::{Hours, Length, Weekdays, Wish};

use beside::Anchor;
use estimate::Least;
use rank::{Choice, Order, Sure, awkwardness};
use wish::{Start, starts};
use zones::Zones;

use super::agenda::{Agenda, Audience};
use super::conflict::{self, Commons, Finding, Grain, Kind, Names, Policy, Severity};
use super::wording::list;
use super::{Days, When};

/// What is found for a wish.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suggestions {
    /// The best windows, best first.
    pub windows: Vec<Window>,
    /// Why others fell out, in order of time.
    pub dropped: Vec<Dropped>,
}

/// A time at which a wish could come true.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// When, by the clock of its zone.
    pub when: When,
    /// That zone.
    pub zone: Tz,
    /// 1000 where nothing is against it; the higher the better.
    pub score: i64,
    /// What speaks for it, in sentences.
    pub speaks_for: Vec<String>,
    /// What speaks against it: what the rules find, the gravest first.
    pub against: Vec<Finding>,
}

/// A time that fell out.
#[derive(Debug, Clone, PartialEq)]
pub struct Dropped {
    /// When; for hours, the stretch of them.
    pub when: When,
    /// Why, shortest first.
    pub reasons: Vec<String>,
}

/// What is grave enough to pass a window over for one without.
const GRAVE: Severity = Severity::High;
/// The score of a window that nothing speaks against and nothing special for.
const CLEAN: i64 = 1000;
/// What it is worth that one trip could serve a neighbour too, for up to [`MOST_CHANCES`] neighbours.
const CHANCE: i64 = 20;
const MOST_CHANCES: i64 = 3;
/// What it costs that the same zone has the worst hour again.
const SAME_AGAIN: i64 = 20;
/// Up to so many windows of whole days are all judged closely, to say why they fell out.
const ALL_JUDGED: usize = 120;

/// What a finding costs. One that is graver outweighs several that are less so.
fn weight(severity: Severity) -> i64 {
    match severity {
        Severity::Block => 10_000,
        Severity::High => 1_000,
        Severity::Medium => 100,
        Severity::Low => 30,
        Severity::Note => 3,
        Severity::Opportunity => 0,
    }
}

fn chances(count: i64) -> i64 {
    CHANCE * count.min(MOST_CHANCES)
}

/// The best windows for a wish, and why the others fell out.
///
/// Windows with a `block` or `high` finding, or with an hour that is unfair to somebody, are offered
/// only where none is without; their findings say so.
#[must_use]
pub fn suggest(wish: &Wish, agenda: &Agenda, policy: &Policy) -> Suggestions {
    let search = Search::new(wish, agenda, policy);
    let mut starts = starts(wish);
    search.zones.weigh(&mut starts);
    starts.retain(|start| search.anchor.as_ref().is_none_or(|anchor| !anchor.is_out_of_reach(start)));
    search.answer(&starts)
}

/// One wish and everything it is judged by.
struct Search<'a> {
    wish: &'a Wish,
    agenda: &'a Agenda,
    network: &'a Policy,
    /// The one that speaks for the wish.
    policy: &'a Policy,
    audience: Audience,
    anchor: Option<Anchor<'a>>,
    zones: Zones,
    /// What was found out about audiences so far.
    commons: RefCell<Commons>,
}

/// What is known of the starts so far.
struct Known {
    /// Why each is ruled out; empty where it is not.
    excluded: Vec<Vec<String>>,
    /// What each costs at least.
    least: Vec<Least>,
    /// What the rules say of those that were looked at closely, in no order that means anything.
    judged: BTreeMap<usize, Vec<(Kind, Severity)>>,
}

impl<'a> Search<'a> {
    fn new(wish: &'a Wish, agenda: &'a Agenda, network: &'a Policy) -> Self {
        let any_day = When::Days { first: wish.between.first, last: None };
        let policy = agenda.facts().policies.of(&wish.candidate(any_day, agenda.now()).event, network);
        let (facts, template) = (agenda.facts(), &wish.template);
        let audience = agenda.roster().audience(u32::MAX, &facts.roles, template);
        let (anchor, zones) = (Anchor::of(wish, agenda, policy), Zones::of(wish, agenda, &audience, policy));
        Self { wish, agenda, network, policy, audience, anchor, zones, commons: RefCell::default() }
    }

    fn answer(&self, starts: &[Start]) -> Suggestions {
        let least = {
            let mut commons = self.commons.borrow_mut();
            estimate::least(self.wish, starts, &self.audience, self.agenda, self.policy, &mut commons)
        };
        let mut known = Known { excluded: self.excluded(starts), least, judged: BTreeMap::new() };
        let open = (0..starts.len()).filter(|place| known.excluded[*place].is_empty());
        let guesses: Vec<(usize, Order)> = open.map(|place| (place, self.guess(&starts[place], known.least[place]))).collect();
        let (judged, least) = (&mut known.judged, &known.least);
        let mut taught: BTreeMap<NaiveDate, Least> = BTreeMap::new();
        let judge = |place: usize, sure: Sure| {
            let start = &starts[place];
            // Only what is over in a day shares all its days with others.
            let lesson = taught.get(&start.days.first).filter(|_| sure == Sure::Guess && self.wish.is_within_a_day());
            if let Some(lesson) = lesson {
                return (self.guess(start, least[place] + *lesson), Sure::Taught);
            }
            let findings = judged.entry(place).or_insert_with(|| self.weigh(start));
            taught.insert(start.days.first, estimate::learned(findings));
            (self.order(start, findings), Sure::Truth)
        };
        // Beside an anchor one week is all there is.
        let chosen = Choice::new(starts, guesses.into_iter(), self.wish.most, judge).made(self.anchor.is_none());
        let dropped = self.dropped(starts, &chosen, &known);
        let window = |place: usize| self.window(&starts[place], self.judge(&starts[place]));
        Suggestions { windows: chosen.into_iter().map(window).collect(), dropped }
    }

    /// Days are looked at once, whatever hours they have; only an eve asks for the hour.
    fn excluded(&self, starts: &[Start]) -> Vec<Vec<String>> {
        let prepared = self.policy.observance_eve.preparation;
        let mut known: BTreeMap<(NaiveDate, bool), Vec<String>> = BTreeMap::new();
        let why = |start: &Start| {
            let early = matches!(start.when, When::Times { end: Some(end), .. } if end.time() <= prepared);
            let look = || days::excluded(self.wish, start, self.agenda, &self.audience, prepared);
            known.entry((start.days.first, early)).or_insert_with(look).clone()
        };
        starts.iter().map(why).collect()
    }

    /// What is known without judging: never worse than the truth.
    fn guess(&self, start: &Start, least: Least) -> Order {
        let unfair = start.fairness.unfair.map_or(0, |(severity, _)| weight(severity));
        Order {
            fallen: least.grave > 0 || start.fairness.unfair.is_some(),
            score: Reverse(CLEAN - least.cost - unfair + chances(least.chances) + self.worth(start)),
            awkward: awkwardness(self.wish, start),
        }
    }

    /// What the rules say of a start.
    fn judge(&self, start: &Start) -> Vec<Finding> {
        let entry = self.wish.candidate(start.when, self.agenda.now());
        conflict::find_among(&entry, self.agenda, self.network, &mut self.commons.borrow_mut())
    }

    /// The kinds and severities of that: as much as it takes to compare starts.
    fn weigh(&self, start: &Start) -> Vec<(Kind, Severity)> {
        let entry = self.wish.candidate(start.when, self.agenda.now());
        conflict::weigh(&entry, self.agenda, self.network, &mut self.commons.borrow_mut())
    }

    /// What is grave of it.
    fn judge_grave(&self, start: &Start) -> Vec<Finding> {
        let entry = self.wish.candidate(start.when, self.agenda.now());
        conflict::find_grave(&entry, self.agenda, self.network, &mut self.commons.borrow_mut(), GRAVE)
    }

    fn order(&self, start: &Start, findings: &[(Kind, Severity)]) -> Order {
        Order {
            fallen: findings.iter().any(|(_, severity)| *severity >= GRAVE) || start.fairness.unfair.is_some(),
            score: Reverse(self.score(start, findings.iter().map(|(_, severity)| *severity))),
            awkward: awkwardness(self.wish, start),
        }
    }

    fn score(&self, start: &Start, found: impl Iterator<Item = Severity> + Clone) -> i64 {
        let good = found.clone().filter(|severity| *severity == Severity::Opportunity).map(|_| 1).sum();
        let cost: i64 = found.map(weight).sum();
        CLEAN - cost + chances(good) + self.worth(start)
    }

    /// What lies in the start itself: beside its anchor, and whose turn the bad hour is.
    fn worth(&self, start: &Start) -> i64 {
        let again = if start.fairness.same_again { SAME_AGAIN } else { 0 };
        self.anchor.as_ref().map_or(0, |anchor| anchor.worth(start)) - again
    }

    fn window(&self, start: &Start, findings: Vec<Finding>) -> Window {
        let score = self.score(start, findings.iter().map(|finding| finding.severity));
        let (good, against): (Vec<Finding>, Vec<Finding>) =
            findings.into_iter().partition(|finding| finding.severity == Severity::Opportunity);
        let speaks_for = self.speaks_for(start, &good, &against);
        let against = against.into_iter().filter_map(|finding| self.told(start, finding)).collect();
        Window { when: start.when, zone: self.wish.template.zone, score, speaks_for, against }
    }

    fn speaks_for(&self, start: &Start, good: &[Finding], against: &[Finding]) -> Vec<String> {
        let mut said: Vec<String> = self.anchor.iter().filter_map(|anchor| anchor.praise(start)).collect();
        said.extend(good.iter().filter_map(|finding| Some(self.told(start, finding.clone())?.message)));
        said.extend(self.zones.praise(start));
        said.extend(self.zones.rotation(start));
        let meets = |finding: &Finding| finding.events.len() > 1;
        if against.is_empty() {
            said.push("Nothing is known against it.".to_owned());
        } else if !against.iter().any(meets) {
            said.push(format!("Nobody else calls {} then.", self.people()));
        }
        said
    }

    /// A finding as far as whoever wishes may know of it.
    fn told(&self, start: &Start, finding: Finding) -> Option<Finding> {
        let facts = self.agenda.facts();
        let Some(hidden) = finding.events.iter().find(|id| self.wish.hidden.contains(id)) else { return Some(finding) };
        let other = &self.agenda.entry(*hidden)?.event;
        let names = Names { roles: &facts.roles, people: &facts.people };
        finding.veiled(&self.wish.candidate(start.when, self.agenda.now()).event, other, names, Grain::Weeks)
    }

    /// Why a start fell out: what is grave, as far as whoever wishes may know of it, the shortest first.
    fn grave_reasons(&self, start: &Start) -> Vec<String> {
        let told = self.judge_grave(start).into_iter().filter_map(|finding| self.told(start, finding));
        let mut reasons: Vec<String> = told.map(|finding| finding.message.trim_end_matches('.').to_owned()).collect();
        sort_shortest_first(&mut reasons);
        reasons
    }

    /// “mayors and council members”.
    fn people(&self) -> String {
        let tree = &self.agenda.facts().roles;
        let names: Vec<String> = self.wish.template.roles.iter().map(|role| tree.name(role)).collect();
        if names.is_empty() || names.len() > 3 { "these people".to_owned() } else { list(&names) }
    }

    fn dropped(&self, starts: &[Start], chosen: &[usize], known: &Known) -> Vec<Dropped> {
        match self.wish.length {
            Length::Days(_) => self.dropped_days(starts, chosen, known),
            Length::Minutes(_) => self.dropped_hours(starts, chosen, known),
        }
    }

    fn dropped_days(&self, starts: &[Start], chosen: &[usize], known: &Known) -> Vec<Dropped> {
        let mut dropped = Vec::new();
        for (place, start) in starts.iter().enumerate().filter(|(place, _)| !chosen.contains(place)) {
            let mut reasons = known.excluded[place].clone();
            if reasons.is_empty() && (starts.len() <= ALL_JUDGED || known.least[place].grave > 0) {
                // What was looked at closely without finding anything grave need not be looked at again.
                let is_clean = known.judged.get(&place).is_some_and(|found| found.iter().all(|(_, severity)| *severity < GRAVE));
                reasons = if is_clean { Vec::new() } else { self.grave_reasons(start) };
            }
            if !reasons.is_empty() {
                dropped.push(Dropped { when: start.when, reasons });
            }
        }
        dropped
    }

    /// Days without a start that is left, and hours that are unfair on the days that are offered.
    fn dropped_hours(&self, starts: &[Start], chosen: &[usize], known: &Known) -> Vec<Dropped> {
        let mut dropped = Vec::new();
        let mut place = 0;
        for of_day in starts.chunk_by(|a, b| a.days == b.days) {
            let places = place..place + of_day.len();
            place = places.end;
            let is_offered = chosen.iter().any(|chosen| places.contains(chosen));
            if is_offered {
                dropped.extend(self.unfair_stretches(of_day));
            } else if let Some(reasons) = self.why_no_hour(starts, places, known) {
                dropped.push(Dropped { when: stretch(of_day), reasons });
            }
        }
        dropped
    }

    /// Why no hour of a day is left; `None` where one is.
    fn why_no_hour(&self, starts: &[Start], places: std::ops::Range<usize>, known: &Known) -> Option<Vec<String>> {
        let open: Vec<usize> = places.clone().filter(|place| known.excluded[*place].is_empty()).collect();
        let Some(best) = open.iter().copied().min_by_key(|place| (self.guess(&starts[*place], known.least[*place]), *place))
        else {
            return known.excluded.get(places.start).cloned();
        };
        if open.iter().any(|place| !self.guess(&starts[*place], known.least[*place]).fallen) {
            return None;
        }
        let mut reasons = self.grave_reasons(&starts[best]);
        reasons.extend(self.zones.complaint(&starts[best]));
        sort_shortest_first(&mut reasons);
        Some(reasons).filter(|reasons| !reasons.is_empty())
    }

    /// Hours of one day that are unfair, by how unfair and where.
    fn unfair_stretches(&self, of_day: &[Start]) -> Vec<Dropped> {
        let unfair = |start: &Start| start.fairness.unfair.map(|(severity, zone)| (severity, zone.name()));
        if of_day.iter().all(|start| unfair(start).is_some()) {
            return Vec::new();
        }
        let stretches = of_day.chunk_by(|a, b| unfair(a) == unfair(b));
        let why = |of_stretch: &[Start]| {
            let reasons = vec![self.zones.complaint(of_stretch.first()?)?];
            Some(Dropped { when: stretch(of_stretch), reasons })
        };
        stretches.filter_map(why).collect()
    }
}

/// From the first start to the end of the last.
fn stretch(starts: &[Start]) -> When {
    let whole = |first: &Start, last: &Start| match (first.when, last.when) {
        (When::Times { start, .. }, When::Times { end, .. }) => When::Times { start, end },
        (when, _) => when,
    };
    match starts {
        [] => When::Days { first: NaiveDate::MIN, last: None },
        [only] => only.when,
        [first, .., last] => whole(first, last),
    }
}

fn sort_shortest_first(reasons: &mut Vec<String>) {
    reasons.sort_by(|a, b| (a.chars().count(), a).cmp(&(b.chars().count(), b)));
    reasons.dedup();
}

/// One window of a wish's, judged as all others are: what the dates that somebody has are worth.
#[must_use]
pub fn judged(wish: &Wish, when: When, agenda: &Agenda, policy: &Policy) -> Window {
    let search = Search::new(wish, agenda, policy);
    let mut start = [Start::new(when, wish.template.zone)];
    search.zones.weigh(&mut start);
    let [start] = start;
    search.window(&start, search.judge(&start))
}

/// The days on which something of so many days can lie beside an anchor.
#[must_use]
pub fn beside(anchor: Days, length: u64) -> Days {
    Anchor::surroundings(anchor, length)
}

/// The days that an agenda must cover so that nothing about a wish is missed.
///
/// Online they reach so far back that the last session of the same people is among them.
#[must_use]
pub fn reach(wish: &Wish) -> Days {
    let days = wish.between.widened(wish.travel() + 2);
    let back = chrono::Duration::days(if wish.is_in_person() { 0 } else { LOOK_BACK });
    Days { first: days.first - back, last: days.last }
}

/// How far back a last session is looked for, in days.
const LOOK_BACK: i64 = 100;
