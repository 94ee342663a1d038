//! From hits to findings: one for each kind, pair of events and name.

use std::cmp::Reverse;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::finding::short_hex;
use super::{At, Because, Finding, Fingerprint, Found, Kind, Touches, words};
use crate::domain::agenda::{Agenda, Slot};
use crate::domain::{EventId, PersonSlug, RoleSlug};

/// The findings of these hits: the gravest first, then by date, kind and fingerprint.
pub(super) fn findings(mut found: Vec<Found<'_>>, agenda: &Agenda) -> Vec<Finding> {
    found.sort_by(|one, other| one.subject().cmp(&other.subject()).then_with(|| one.urgency().cmp(&other.urgency())));
    let same_subject = |one: &Found<'_>, other: &Found<'_>| one.subject() == other.subject();
    let mut findings: Vec<Finding> = found.chunk_by(same_subject).filter_map(|hits| finding(hits, agenda)).collect();
    findings.sort_by_cached_key(Finding::rank);
    findings
}

impl Found<'_> {
    /// What makes two hits one finding.
    fn subject(&self) -> (Kind, EventId, Option<EventId>, Option<&str>) {
        let (a, b) = (self.a.event.id, self.b.map(|b| b.event.id));
        let (low, high) = b.map_or((a, None), |b| (a.min(b), Some(a.max(b))));
        (self.hit.kind, low, high, self.hit.fact.name())
    }

    /// The gravest first, then the earliest.
    fn urgency(&self) -> impl Ord {
        (Reverse(self.hit.severity), At::of(&self.a), self.b.map(|b| At::of(&b)))
    }

    fn slots(&self) -> impl Iterator<Item = Slot<'_>> {
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
fn finding(hits: &[Found<'_>], agenda: &Agenda) -> Option<Finding> {
    let gravest = hits.first()?;
    let mut events: Vec<EventId> = gravest.slots().map(|slot| slot.event.id).collect();
    events.sort_unstable();
    let mut occurrences: Vec<At> = hits.iter().flat_map(Found::slots).map(|slot| At::of(&slot)).collect();
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
        because: Because { rule: gravest.hit.kind, name: name.map(str::to_owned), data: data(gravest, agenda) },
        message: words::sentence(gravest, hits.len() - 1, &touches, agenda),
        touches,
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

/// Which table, or how old the oldest upstream reading is that the finding rests on.
fn data(found: &Found<'_>, agenda: &Agenda) -> Option<String> {
    if found.hit.fact.is_about_a_day() {
        return Some(agenda.facts().observances_version.clone());
    }
    let read_at = found.slots().filter_map(|slot| slot.event.source.as_ref()).map(|source| source.read_at).min();
    read_at.map(|at| format!("sources read {}", at.format("%Y-%m-%d")))
}

/// What an override was given for. The number of teams is left out: a new colleague somewhere is
/// no reason to ask again, unless the severity changes with it.
fn facts(found: &Found<'_>, occurrences: &[At], roles: &[RoleSlug]) -> String {
    let mut text = format!("{} {}", found.hit.kind, found.hit.severity);
    for at in occurrences {
        let _ = write!(text, "\n{} {} {}", at.event, at.start.timestamp(), at.end.timestamp());
    }
    for role in roles {
        let _ = write!(text, "\n{role}");
    }
    for slot in found.slots() {
        let details = &slot.event.details;
        let place = details.venue.as_ref().map(|venue| (venue.line(), venue.position()));
        let _ = write!(text, "\n{} {} {place:?}", details.mode.as_str(), details.zone);
    }
    if let Some(days) = found.hit.fact.observed_days() {
        let _ = write!(text, "\n{}..{}", days.first, days.last);
    }
    short_hex(Sha256::new_with_prefix(text))
}
