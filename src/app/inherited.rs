//! What was found about a convening's anchor: whoever sets something beside it takes it over, and cannot move alone.

use super::{Actor, App, Error, Result, agenda};
use crate::domain::conflict::Severity;
use crate::domain::{Event, EventId, PartnerSlug};
use crate::store::StoredFinding;

/// What a satellite takes over from its anchor, and whose decision that is.
#[derive(Debug, Clone)]
pub struct Inherited {
    /// The anchor.
    pub anchor: EventId,
    /// Who calls the anchor, the host first: they decide on it.
    pub decided_by: Vec<PartnerSlug>,
    /// What was found about the anchor, gravest first. It is not counted among the satellite's own.
    pub findings: Vec<StoredFinding>,
}

/// What was found about the anchor of an event, as far as the reader may see it; `None` where there is no anchor, where
/// it is not theirs to see, or where either is off.
///
/// What names the event itself, or what was found about it too, is its own already. Notes and opportunities, and what
/// was decided on, are left out.
///
/// # Errors
/// What the store says.
pub fn inherited(app: &App, actor: &Actor, event: &Event) -> Result<Option<Inherited>> {
    let Some(id) = event.details.anchor.filter(|_| !event.status.is_off()) else { return Ok(None) };
    let anchor = app.store.read::<_, Error>(|reader| Ok(reader.event(id)?))?;
    if !actor.may_see(&anchor) || anchor.status.is_off() {
        return Ok(None);
    }
    let own = agenda::findings_of(app, actor, event.id)?;
    let is_own = |about: &StoredFinding| own.iter().any(|known| is_same(known, event.id, about, id));
    let mut findings = agenda::findings_of(app, actor, id)?;
    findings.retain(|stored| {
        let finding = &stored.finding;
        let is_open = stored.overridden.is_none() && finding.severity >= Severity::Low;
        is_open && !finding.events.contains(&event.id) && !is_own(stored)
    });
    let details = &anchor.details;
    let decided_by = std::iter::once(&details.partner).chain(&details.co_hosts).cloned().collect();
    Ok(Some(Inherited { anchor: id, decided_by, findings }))
}

/// Do both say the same, the one of the satellite and the other of its anchor?
fn is_same(of_satellite: &StoredFinding, satellite: EventId, of_anchor: &StoredFinding, anchor: EventId) -> bool {
    let (one, other) = (&of_satellite.finding, &of_anchor.finding);
    let rest = |events: &[EventId], own: EventId| events.iter().find(|id| **id != own).copied();
    one.kind == other.kind
        && one.because.name == other.because.name
        && rest(&one.events, satellite) == rest(&other.events, anchor)
}
