//! Dates proposed for a plan and what was answered, as programs see them.

use serde_json::{Value, json};

use super::{FindingJson, when_texts};
use crate::domain::conflict::Finding;
use crate::domain::proposal::{Asked, Candidate, Outcome, Proposal};
use crate::domain::{Event, EventId, EventStatus, PartnerSlug, Venue};

/// The plan that dates are proposed for: what whoever is asked must know of it.
#[derive(serde::Serialize)]
struct PlanJson<'a> {
    id: EventId,
    title: &'a str,
    description: &'a str,
    partner: &'a PartnerSlug,
    status: EventStatus,
    revision: u32,
    venue: Option<&'a Venue>,
}

/// A plan with its proposal; `findings` are those at the dates of a number, `name` is a name for people.
#[must_use]
pub fn proposal(
    event: &Event,
    proposal: Option<&Proposal>,
    findings: impl Fn(i64) -> Option<Vec<Finding>>,
    name: impl Fn(&Asked) -> String,
) -> Value {
    let details = &event.details;
    let plan = PlanJson {
        id: event.id,
        title: &details.title,
        description: &details.description,
        partner: &details.partner,
        status: event.status,
        revision: event.revision,
        venue: details.venue.as_ref(),
    };
    let Some(proposal) = proposal else { return json!({"event": plan, "open": false, "dates": [], "asked": []}) };
    let (outcome, chosen) = match proposal.closed {
        Some((_, Outcome::Settled(chosen))) => (Some("settled"), chosen),
        Some((_, Outcome::Withdrawn)) => (Some("withdrawn"), None),
        None => (None, None),
    };
    let best = proposal.best();
    let dates: Vec<Value> = proposal.candidates.iter().map(|one| dates(proposal, one, best, findings(one.id))).collect();
    let asked: Vec<Value> = proposal.asked.iter().map(|asked| asked_one(proposal, asked, &name(asked))).collect();
    json!({
        "event": plan, "open": proposal.is_open(), "by": proposal.by, "note": proposal.note, "answer_by": proposal.answer_by,
        "asked_at": proposal.opened_at, "outcome": outcome, "chosen": chosen,
        "closed_at": proposal.closed.map(|(at, _)| at), "dates": dates, "asked": asked,
    })
}

fn dates(proposal: &Proposal, one: &Candidate, best: Option<i64>, findings: Option<Vec<Finding>>) -> Value {
    let (all_day, start, end) = when_texts(one.when);
    let findings = findings.map(|found| found.iter().map(|one| json!(FindingJson::new(one, None))).collect::<Vec<_>>());
    json!({
        "id": one.id, "all_day": all_day, "start": start, "end": end, "time_zone": one.zone.name(), "venue": one.venue,
        "answers": proposal.tally(one.id), "best": best == Some(one.id), "findings": findings,
    })
}

fn asked_one(proposal: &Proposal, asked: &Asked, name: &str) -> Value {
    let reply = |one: &Candidate| {
        let reply = proposal.reply(asked, one.id)?;
        Some(json!({"date": one.id, "answer": reply.answer, "note": reply.note, "by": reply.by, "at": reply.at}))
    };
    let answers: Vec<Value> = proposal.candidates.iter().filter_map(reply).collect();
    json!({"asked": asked.to_string(), "name": name, "waits": proposal.waits_for(asked), "answers": answers})
}
