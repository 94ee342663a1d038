//! From hits to findings: one for each kind, pair of events and name.

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::Datelike as _;
use sha2::{Digest as _, Sha256};

use super::finding::short_hex;
use super::policy::Thresholds;
use super::{At, Because, Fact, Finding, Fingerprint, Found, Kind, Policy, Severity, Touches, Voice, closed, sources, words};
use crate::domain::agenda::{Agenda, Slot};
use crate::domain::almanac;
use crate::domain::several::in_parts;
use crate::domain::{Event, EventId, PersonSlug, RoleSlug};

/// What makes two hits one finding.
type Subject<'a> = (Kind, EventId, Option<EventId>, Option<&'a str>);

/// The findings of these hits: the gravest first, then by date, kind and fingerprint.
pub(super) fn findings(found: &[Found<'_>], agenda: &Agenda) -> Vec<Finding> {
    let sorted = sorted(found);
    by_rank(worded(&of_one_subject(&sorted).collect::<Vec<_>>(), agenda))
}

/// Those of them that are at least as grave as that.
pub(super) fn grave(found: &[Found<'_>], agenda: &Agenda, least: Severity) -> Vec<Finding> {
    let sorted = sorted(found);
    let is_grave = |hits: &Hits<'_, '_>| hits.first().is_some_and(|(_, gravest)| gravest.hit.severity >= least);
    by_rank(worded(&of_one_subject(&sorted).filter(is_grave).collect::<Vec<_>>(), agenda))
}

/// The kinds and severities of the findings that these hits are, in no order that means anything.
pub(super) fn outline(found: &[Found<'_>]) -> Vec<(Kind, Severity)> {
    let sorted = sorted(found);
    let gravest = of_one_subject(&sorted).filter_map(<[_]>::first);
    gravest.map(|(_, found)| (found.hit.kind, found.hit.severity)).collect()
}

/// Hits that are about the same, each with what that is.
type Hits<'s, 'a> = &'s [(Subject<'a>, &'a Found<'a>)];

/// By what they are about; of those that are about the same the most urgent first.
fn sorted<'a>(found: &'a [Found<'a>]) -> Vec<(Subject<'a>, &'a Found<'a>)> {
    let mut sorted: Vec<_> = found.iter().map(|found| (found.subject(), found)).collect();
    sorted.sort_by(|(one, a), (other, b)| one.cmp(other).then_with(|| a.urgency().cmp(&b.urgency())));
    sorted
}

fn of_one_subject<'s, 'a>(sorted: Hits<'s, 'a>) -> impl Iterator<Item = Hits<'s, 'a>> {
    sorted.chunk_by(|(one, _), (other, _)| one == other)
}

/// More than this are looked at, and worded, by two threads or more.
pub(super) const MANY: usize = 8192;

/// The findings of these subjects, in their order.
fn worded(subjects: &[Hits<'_, '_>], agenda: &Agenda) -> Vec<Finding> {
    let one_by_one = |subjects: &[Hits<'_, '_>]| {
        let mut asked = Asked::default();
        subjects.iter().filter_map(|hits| finding(hits, agenda, &mut asked)).collect::<Vec<Finding>>()
    };
    if subjects.len() <= MANY {
        return one_by_one(subjects);
    }
    in_parts(subjects, one_by_one)
}

/// The gravest first.
fn by_rank(findings: Vec<Finding>) -> Vec<Finding> {
    let rank = |finding: &Finding| (Reverse(finding.severity), finding.occurrences.first().map(|at| at.start), finding.kind);
    let mut order: Vec<_> = findings.iter().map(rank).zip(0_usize..).collect();
    order.sort_unstable_by(|(one, a), (other, b)| {
        one.cmp(other).then_with(|| findings[*a].fingerprint.cmp(&findings[*b].fingerprint))
    });
    let mut findings: Vec<Option<Finding>> = findings.into_iter().map(Some).collect();
    order.into_iter().filter_map(|(_, place)| findings[place].take()).collect()
}

/// What rules are asked with, in words, by the policies that spoke.
#[derive(Default)]
struct Asked(HashMap<*const Policy, Thresholds>);

impl Asked {
    fn of(&mut self, found: &Found<'_>) -> String {
        let thresholds = self.0.entry(std::ptr::from_ref(found.policy)).or_insert_with(|| Thresholds::of(found.policy));
        thresholds.of_kind(found.hit.kind)
    }
}

impl Found<'_> {
    fn subject(&self) -> Subject<'_> {
        let (a, b) = (self.a.event.id, self.b.map(|b| b.event.id));
        let (low, high) = b.map_or((a, None), |b| (a.min(b), Some(a.max(b))));
        (self.hit.kind, low, high, self.hit.fact.name())
    }

    /// The gravest first, then the earliest.
    fn urgency(&self) -> impl Ord {
        let when = |slot: &Slot<'_>| (slot.occurrence.span, slot.event.id);
        (Reverse(self.hit.severity), when(&self.a), self.b.map(|b| when(&b)))
    }

    pub(super) fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
        [Some(self.a), self.b].into_iter().flatten()
    }
}

impl At {
    fn of(slot: &Slot<'_>) -> Self {
        let span = slot.occurrence.span;
        Self { event: slot.event.id, start: span.start, end: span.end }
    }
}

/// One finding of hits that are about the same, the gravest of them first.
fn finding(hits: Hits<'_, '_>, agenda: &Agenda, asked: &mut Asked) -> Option<Finding> {
    let (_, gravest) = *hits.first()?;
    let mut events: Vec<EventId> = gravest.slots().map(|slot| slot.event.id).collect();
    events.sort_unstable();
    let mut occurrences: Vec<At> = hits.iter().flat_map(|(_, found)| found.slots()).map(|slot| At::of(&slot)).collect();
    occurrences.sort_unstable_by_key(|at| (at.start, at.end, at.event));
    occurrences.dedup();
    let name = gravest.hit.fact.name();
    let touches = touches(gravest);
    Some(Finding {
        fingerprint: Fingerprint::new(gravest.hit.kind, &events, name),
        kind: gravest.hit.kind,
        severity: gravest.hit.severity,
        facts: facts(gravest, &occurrences, &touches.roles),
        events,
        occurrences,
        overlap: gravest.hit.overlap,
        because: Because {
            rule: gravest.hit.kind,
            name: name.map(str::to_owned),
            data: data(gravest, agenda),
            threshold: Some(asked.of(gravest)),
            policy: Some(gravest.voice.clone()).filter(|voice| *voice != Voice::Default),
        },
        message: words::sentence(gravest, &hits[1..].iter().map(|(_, found)| *found).collect::<Vec<_>>(), &touches, agenda),
        touches,
        withheld: false,
    })
}

fn touches(found: &Found<'_>) -> Touches {
    let people = if found.hit.kind == Kind::SpeakerDoubleBooked { shared_speakers(found) } else { Vec::new() };
    Touches { roles: roles(found), people, teams: found.hit.teams }
}

/// The roles that both want; where none is shared, and for one event alone, all that are wanted.
fn roles(found: &Found<'_>) -> Vec<RoleSlug> {
    match &found.common {
        Some(common) if !common.roles.is_empty() => common.roles.clone(),
        _ => {
            let mut roles: Vec<RoleSlug> = found.slots().flat_map(|slot| &slot.audience.roles).cloned().collect();
            roles.sort_unstable();
            roles.dedup();
            roles
        }
    }
}

fn shared_speakers(found: &Found<'_>) -> Vec<PersonSlug> {
    let of_b = found.b.map(|b| &b.event.details.speakers);
    let at_both = |speaker: &&PersonSlug| of_b.is_some_and(|others| others.contains(*speaker));
    found.a.event.details.speakers.iter().filter(at_both).cloned().collect()
}

/// Which table the rule read; else what cities said, and how old the oldest word on the events is.
fn data(found: &Found<'_>, agenda: &Agenda) -> Option<String> {
    match found.hit.fact {
        Fact::Day { observance, .. } if observance.calculated => Some(almanac::VERSION.to_owned()),
        Fact::Day { .. } => Some(agenda.facts().observances_version.clone()),
        Fact::Expected { .. } => Some(agenda.outlook().version.clone()),
        Fact::CouncilNight { .. } | Fact::Quorum { .. } | Fact::Majority { .. } | Fact::Budget { .. } => {
            age(found).map(|age| format!("what cities entered of their councils and budgets; {age}"))
        }
        Fact::Disagree { taken, other } => Some(sources::ages(taken, other)),
        Fact::Blackout { .. } => age(found).map(|age| format!("blackouts as entered; {age}")),
        _ if matches!(found.hit.kind, Kind::ClockChange | Kind::UnfairHours | Kind::WeeklyObservance) => {
            age(found).map(|age| format!("time zones {}; {age}", chrono_tz::IANA_TZDB_VERSION))
        }
        _ => age(found),
    }
}

/// The oldest upstream reading; where all was entered here, the last change.
fn age(found: &Found<'_>) -> Option<String> {
    let read_at = found.slots().filter_map(|slot| slot.event.source.as_ref()).map(|source| source.read_at).min();
    let changed_at = found.slots().map(|slot| slot.event.changed_at).max();
    let read = read_at.map(|at| format!("sources read {}", at.date_naive()));
    read.or_else(|| changed_at.map(|at| format!("entered here, last changed {}", at.date_naive())))
}

/// What an override was given for. The number of teams is left out: a new colleague somewhere is
/// no reason to ask again, unless the severity changes with it.
fn facts(found: &Found<'_>, occurrences: &[At], roles: &[RoleSlug]) -> String {
    let mut hash = Sha256::new_with_prefix(when_certain(found).as_str());
    for at in occurrences {
        hash.update(at.event.0.as_bytes());
        hash.update(at.start.timestamp().to_be_bytes());
        hash.update(at.end.timestamp().to_be_bytes());
    }
    for role in roles {
        hash.update(role.as_str());
        hash.update([0]);
    }
    found.slots().for_each(|slot| add_place(&mut hash, slot.event));
    if let Some(days) = found.hit.fact.observed_days().or_else(|| closed::dates(&found.hit.fact)) {
        hash.update(days.first.num_days_from_ce().to_be_bytes());
        hash.update(days.last.num_days_from_ce().to_be_bytes());
    }
    if let Fact::Disagree { taken, other } = found.hit.fact {
        hash.update(sources::key(taken, other));
    }
    if let Fact::RoomTooSmall { expected, capacity } = found.hit.fact {
        hash.update(expected.to_be_bytes());
        hash.update(capacity.to_be_bytes());
    }
    short_hex(hash)
}

/// How grave it is, or would be were both certain: what was overridden while one of them was only proposed must
/// not stand in the way again when it is confirmed. (What was a note by one step down counts as low.)
fn when_certain(found: &Found<'_>) -> Severity {
    let tentative = found.slots().any(|slot| slot.event.status.is_tentative());
    match found.hit.severity {
        Severity::High if tentative && found.b.is_some() => Severity::Block,
        severity if tentative && found.b.is_some() => severity.higher(),
        severity => severity,
    }
}

/// Where people meet, by mode, clock, names and position.
fn add_place(hash: &mut Sha256, event: &Event) {
    hash.update(event.details.mode.as_str());
    hash.update(event.details.zone.name());
    if let Some(venue) = &event.details.venue {
        for name in [&venue.room, &venue.name, &venue.city, &venue.state, &venue.country] {
            hash.update(name.as_deref().unwrap_or_default());
            hash.update([0]);
        }
        for degrees in [venue.lat, venue.lon] {
            hash.update(degrees.unwrap_or(f64::NAN).to_bits().to_be_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, PHOENIX, agenda, entry, found, online, team};
    use super::*;
    use crate::domain::conflict::{Policy, Severity, find_all};
    use crate::domain::{Event, Facts, Venue};

    const WHOLE: &str = "2027-10-05/2027-10-07";

    fn overlap(when: &str, change: fn(&mut Event), more: fn(&mut Facts)) -> Finding {
        let there = agenda(vec![entry(2, WHOLE, PHOENIX, |_| ())], more);
        found(Kind::RoleOverlap, &entry(1, when, KANSAS_CITY, change), &there).remove(0)
    }

    #[test]
    fn a_finding_keeps_its_fingerprint_and_its_facts_follow_what_it_is_about() {
        let first = overlap(WHOLE, |_| (), |_| ());
        let same = |other: &Finding| (other.fingerprint == first.fingerprint, other.facts == first.facts);
        let renamed = overlap(WHOLE, |event| event.details.title = "Another name".into(), |_| ());
        let moved = overlap("2027-10-06/2027-10-08", |_| (), |_| ());
        let went_online = overlap(WHOLE, online, |_| ());
        let more_teams = overlap(WHOLE, |_| (), |facts| facts.teams = vec![team("one", "OH", chrono_tz::UTC, &["mayor"])]);
        assert_eq!(same(&renamed), (true, true));
        assert_eq!(same(&moved), (true, false));
        assert_eq!(same(&went_online), (true, false));
        assert_eq!((same(&more_teams), more_teams.touches.teams), ((true, true), 1));
    }

    #[test]
    fn every_part_of_a_place_is_among_the_facts() {
        let first = overlap(WHOLE, |_| (), |_| ()).facts;
        let changes: [fn(&mut Venue); 6] = [
            |venue| venue.lat = venue.lat.map(|lat| lat + 0.01),
            |venue| venue.lon = venue.lon.map(|lon| lon + 0.01),
            |venue| venue.room = Some("Oak Room".into()),
            |venue| venue.name = Some("Union Hall".into()),
            |venue| venue.city = Some("Independence".into()),
            |venue| venue.state = Some("KS".into()),
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let there = agenda(vec![entry(2, WHOLE, PHOENIX, |_| ())], |_| ());
            let mut subject = entry(1, WHOLE, KANSAS_CITY, |_| ());
            change(subject.event.details.venue.as_mut().expect("a venue"));
            let moved = found(Kind::RoleOverlap, &subject, &there).remove(0).facts;
            assert_ne!(moved, first, "change {number} went unnoticed");
        }
    }

    #[test]
    fn a_series_gives_one_finding_that_says_which_occurrences() {
        let mut weekly = entry(1, WHOLE, KANSAS_CITY, |_| ());
        let mut other = entry(2, WHOLE, PHOENIX, |_| ());
        weekly.occurrences.extend(entry(1, "2027-10-12/2027-10-14", KANSAS_CITY, |_| ()).occurrences);
        weekly.occurrences.extend(entry(1, "2027-11-12/2027-11-14", KANSAS_CITY, |_| ()).occurrences);
        other.occurrences.extend(entry(2, "2027-10-14/2027-10-15", PHOENIX, |_| ()).occurrences);
        let finding = found(Kind::RoleOverlap, &weekly, &agenda(vec![other], |_| ())).remove(0);
        let starts: Vec<String> = finding.occurrences.iter().map(|at| at.start.date_naive().to_string()).collect();
        assert_eq!(starts, ["2027-10-05", "2027-10-05", "2027-10-12", "2027-10-14"]);
        let said = "Both want mayors in person on 5–7 October 2027, 1,686 km apart in Kansas City, MO and Phoenix, AZ; again on 14 October 2027.";
        assert_eq!(finding.message, said);
    }

    #[test]
    fn the_gravest_come_first_and_what_is_ignored_is_not_there() {
        let three = vec![
            entry(1, WHOLE, KANSAS_CITY, |_| ()),
            entry(2, WHOLE, PHOENIX, |_| ()),
            entry(3, "2027-10-09/2027-10-09", KANSAS_CITY, |_| ()),
        ];
        let agenda = agenda(three, |_| ());
        let kinds = |policy: &Policy| -> Vec<(Severity, Kind)> {
            find_all(&agenda, policy).iter().map(|finding| (finding.severity, finding.kind)).collect()
        };
        let expected = [(Severity::High, Kind::RoleOverlap), (Severity::Medium, Kind::TightTurnaround)];
        let ignoring = |kinds: &[Kind]| Policy { ignore: kinds.iter().copied().collect(), ..Policy::default() };
        let others = [Kind::TravelLoad, Kind::WeeklyObservance];
        assert_eq!(kinds(&ignoring(&others)), expected);
        assert_eq!(kinds(&ignoring(&[&others[..], &[Kind::RoleOverlap]].concat())), expected[1..]);
    }
}
