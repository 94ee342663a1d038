//! A finding for somebody who calls one of its two events and may not know of the other.
//!
//! They must learn that days, a speaker or a room are taken, how gravely and for whom, or they could
//! not plan. They do not learn whose event it is, what it is called, where it is, when exactly, or
//! whom else it invites.

use std::collections::BTreeMap;

use super::phrases::list;
use super::{Finding, Kind, Touches, Voice};
use crate::domain::{Event, PersonSlug, RoleSlug, RoleTree, Span};

/// How roles and people are called.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The tree of roles.
    pub roles: &'a RoleTree,
    /// Speakers.
    pub people: &'a BTreeMap<PersonSlug, String>,
}

impl Finding {
    /// What is left for those who call `own`; `None` where even the kind would tell too much.
    ///
    /// The kind, the severity and the fingerprint stay, so that it can be decided on.
    #[must_use]
    pub fn veiled(&self, own: &Event, other: &Event, names: Names<'_>) -> Option<Self> {
        // The one says that the places are near each other, the other that the titles are the same.
        if matches!(self.kind, Kind::SamePlaceNearDates | Kind::PossibleDuplicate) {
            return None;
        }
        let mut veiled = self.clone();
        veiled.withheld = true;
        veiled.events.retain(|id| *id == own.id);
        veiled.occurrences.retain(|at| at.event == own.id);
        // As long as the reader's own: the common hours would tell when the other begins or ends.
        let meets = |overlap: &Span| {
            let mut spans = veiled.occurrences.iter().map(|at| Span::new(at.start, at.end));
            spans.find(|span| span.overlap(*overlap).is_some())
        };
        veiled.overlap = self.overlap.as_ref().and_then(meets);
        veiled.touches = Touches { roles: own_roles(self, own), ..self.touches.clone() };
        veiled.because.data = None;
        veiled.because.threshold = None;
        veiled.because.policy = self.because.policy.clone().filter(|voice| match voice {
            Voice::Event(id) => *id == own.id,
            Voice::Partner(partner) => own.is_called_by(partner),
            Voice::Network | Voice::Default => true,
        });
        veiled.message = sentence(&veiled, other, names);
        Some(veiled)
    }
}

/// Those of the shared roles that the reader's own event names; all of its own where it names wider ones.
fn own_roles(finding: &Finding, own: &Event) -> Vec<RoleSlug> {
    let named = |role: &&RoleSlug| finding.touches.roles.contains(role);
    let shared: Vec<RoleSlug> = own.details.roles.iter().filter(named).cloned().collect();
    if shared.is_empty() { own.details.roles.iter().cloned().collect() } else { shared }
}

fn sentence(finding: &Finding, other: &Event, names: Names<'_>) -> String {
    let provisionally = if other.status.is_tentative() { " provisionally" } else { "" };
    let roles: Vec<String> = finding.touches.roles.iter().map(|role| names.roles.name(role)).collect();
    let whom = if roles.is_empty() { String::new() } else { format!(" for {}", list(&roles)) };
    let said = match finding.kind {
        Kind::RoleOverlap => format!("Another partner keeps these days{provisionally}{whom}"),
        Kind::TeamSplit => {
            format!("Another partner keeps these days{provisionally}, and the same city teams would have to split")
        }
        Kind::SpeakerDoubleBooked => {
            let name = |slug: &PersonSlug| names.people.get(slug).cloned().unwrap_or_else(|| slug.to_string());
            let people: Vec<String> = finding.touches.people.iter().map(name).collect();
            format!("Another partner counts{provisionally} on {} at that time", list(&people))
        }
        Kind::RoomDoubleBooked => format!("Another partner keeps this room{provisionally} at that time"),
        Kind::AnchorChanged if is_set_beside_own(finding, other) => {
            "Something that another partner set beside this hangs on its change".to_owned()
        }
        Kind::AnchorChanged => {
            "The convening that this was set beside has changed: decide whether to cancel, keep, move or go online".to_owned()
        }
        _ => format!("Another partner keeps days close to these{provisionally}{whom}"),
    };
    format!("{said}. Its plan is not public.")
}

/// Is the other set beside the reader's own?
fn is_set_beside_own(finding: &Finding, other: &Event) -> bool {
    other.details.anchor.is_some_and(|anchor| finding.events.contains(&anchor))
}
