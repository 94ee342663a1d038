//! Chooses one of the proposed dates: the plan takes it, and whoever was asked is told, in one transaction.

use super::{is_ahead, may_ask, tell};
use crate::app::propose::Verdict;
use crate::app::settle::{Act, must_change, take};
use crate::app::{Actor, App, Error, Result};
use crate::domain::proposal::{Outcome, Proposal};
use crate::domain::{Event, EventId};
use crate::store::Writer;

/// Gives a plan the dates, and the place, that were offered under this number, and ends the asking.
///
/// `revision` is the event's that the actor read; `None` where they did not say.
///
/// # Errors
/// As [`settle`](crate::app::settle::settle); [`Error::NotPossible`] where nothing is asked, or the day is over.
pub fn choose(app: &App, actor: &Actor, id: EventId, revision: Option<u32>, candidate: i64) -> Result<Verdict> {
    app.store.write::<_, Error>(|writer| {
        let before = must_change(writer, actor, id, revision)?;
        let open = writer.proposal(id)?.filter(Proposal::is_open);
        let Some(proposal) = open else { return Err(Error::NotPossible("nobody is asked about its dates".into())) };
        let Some(chosen) = proposal.candidate(candidate) else {
            let known: Vec<String> = proposal.candidates.iter().map(|one| one.id.to_string()).collect();
            let message = format!("no dates of the number {candidate} are offered; there are {}", known.join(", "));
            return Err(Error::field("candidate", message));
        };
        if !is_ahead(app, chosen) {
            return Err(Error::NotPossible("that day is over".into()));
        }
        let reason = match proposal.candidates.len() {
            1 => "chosen after answers".to_owned(),
            count => format!("chosen of {count} dates after answers"),
        };
        writer.close_proposal(id, Outcome::Settled(Some(candidate)), app.now())?;
        let verdict = take(app, writer, actor, before, &Act::Choose(Box::new(chosen.clone())), Some(&reason))?;
        tell::note_settled(app, writer, &verdict.event, &proposal, actor)?;
        Ok(verdict)
    })
}

/// Ends the asking where a plan went its way without a choice: announced, called off.
pub(in crate::app) fn follow(app: &App, writer: &Writer<'_>, event: &Event, actor: &Actor) -> Result<()> {
    if may_ask(event.status) {
        return Ok(());
    }
    let Some(proposal) = writer.proposal(event.id)?.filter(Proposal::is_open) else { return Ok(()) };
    let details = &event.details;
    let is_its_own = |when, zone| !event.status.is_off() && (when, zone) == (details.when, details.zone);
    let chosen = proposal.candidates.iter().find(|one| is_its_own(one.when, one.zone)).map(|one| one.id);
    writer.close_proposal(event.id, Outcome::Settled(chosen), app.now())?;
    tell::note_settled(app, writer, event, &proposal, actor)
}
