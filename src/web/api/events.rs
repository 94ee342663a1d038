//! `/api/v1/events`: reading, proposing, and the steps of an event's life.

use rocket::{State, delete, get, patch, post};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use crate::app::inherited::inherited;
use crate::app::propose::{self, Verdict};
use crate::app::select::{Selection, days_between};
use crate::app::settle::{Act, settle};

use crate::app::{Actor, App, Error, Result, agenda, view};
use crate::domain::{Days, EventId, EventStatus};
use crate::json::{Draft, EventJson, FindingJson};
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller, IfMatch, Pairs};
use crate::web::problem::Problem;

/// The most that a list gives at once.
const MOST: usize = 200;

#[get("/events")]
pub async fn list(service: &State<Service>, caller: Caller, asked: Pairs) -> Result<Json, Problem> {
    let actor = caller.actor;
    let answer = service.run(move |app| page(app, &actor, &asked)).await?;
    Json::ok(&answer)
}

fn page(app: &App, actor: &Actor, asked: &Pairs) -> Result<Value> {
    let selection =
        app.store.read::<_, Error>(|reader| Selection::read(reader, asked.iter(), &["limit", "cursor", "from", "to"]))?;
    let limit = asked.some("limit").map_or(Ok(50), |text| text.parse::<usize>()).ok().filter(|limit| (1..=MOST).contains(limit));
    let limit = limit.ok_or_else(|| Error::field("limit", format!("give a number from 1 to {MOST}")))?;
    let cursor = asked
        .some("cursor")
        .map(|text| text.parse::<EventId>().map_err(|_| Error::field("cursor", "it is none of ours")))
        .transpose()?;
    let mut all = view::list(app, actor, &selection, on_days(asked)?)?;
    all.sort_by_key(|listed| listed.entry.event.id);
    let mut after = all.iter().filter(|listed| cursor.is_none_or(|cursor| listed.entry.event.id > cursor));
    let shown: Vec<_> = after.by_ref().take(limit).collect();
    let next = after.next().and(shown.last()).map(|last| last.entry.event.id);
    let items: Vec<EventJson> = shown.iter().map(|listed| EventJson::from(&listed.entry.event)).collect();
    Ok(json!({"items": items, "next_cursor": next}))
}

/// Civil days: an event counts by the clock of its own zone.
fn on_days(asked: &Pairs) -> Result<Option<Days>> {
    let day = |name: &str| {
        let read = |text: String| {
            text.parse::<chrono::NaiveDate>()
                .map_err(|_| Error::field(name, format!("“{text}” is no day; one would be 2027-10-06")))
        };
        asked.some(name).map(read).transpose()
    };
    days_between(day("from")?, day("to")?)
}

#[get("/events/<id>")]
pub async fn one(service: &State<Service>, caller: Caller, id: &str) -> Result<Json, Problem> {
    let (id, actor) = (event_id(id)?, caller.actor);
    let (value, revision) = service.run(move |app| whole(app, &actor, id)).await?;
    Ok(Json::ok(&value)?.revision(revision))
}

fn whole(app: &App, actor: &Actor, id: EventId) -> Result<(Value, u32)> {
    let event = view::bare_event(app, actor, id)?;
    let found = agenda::findings_of(app, actor, id)?;
    let findings: Vec<_> = found.iter().map(agenda::finding_json).collect();
    let mut value = with_findings(&EventJson::from(&event), &findings);
    if let (Some(inherited), Some(fields)) = (inherited(app, actor, &event)?, value.as_object_mut()) {
        let of_anchor: Vec<_> = inherited.findings.iter().map(agenda::finding_json).collect();
        let said = json!({"anchor": inherited.anchor, "decided_by": inherited.decided_by, "findings": of_anchor});
        fields.insert("inherited".to_owned(), said);
    }
    Ok((value, event.revision))
}

/// An event with its findings beside it.
fn with_findings(event: &EventJson, findings: &[FindingJson<'_>]) -> Value {
    let mut value = json!(event);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("findings".to_owned(), json!(findings));
    }
    value
}

fn answered(verdict: &Verdict) -> Value {
    let findings: Vec<_> = verdict.findings.iter().map(|finding| FindingJson::new(finding, None)).collect();
    with_findings(&EventJson::from(&verdict.event), &findings)
}

/// A draft with the status that it is to begin with.
#[derive(Deserialize)]
struct Proposal {
    status: Option<EventStatus>,
    #[serde(flatten)]
    draft: serde_json::Map<String, Value>,
}

#[post("/events", data = "<body>")]
pub async fn propose_one(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let (actor, attempt) = caller.attempt(&body.0)?;
    let proposal: Proposal = parsed(&body.0)?;
    let draft: Draft = parsed(&Value::Object(proposal.draft).to_string())?;
    let status = proposal.status.unwrap_or(EventStatus::Proposed);
    let propose = move |app: &App| {
        let verdict = propose::propose(app, &actor, &draft, status)?;
        let location = format!("/api/v1/events/{}", verdict.event.id);
        Ok(Json::ok(&answered(&verdict))?.revision(verdict.event.revision).created(location))
    };
    service.once(attempt, propose).await
}

/// Findings for an event that is not stored.
#[post("/check", data = "<body>")]
pub async fn check(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let actor = caller.actor;
    if actor == Actor::Visitor {
        return Err(Problem::sign_in_first());
    }
    let draft: Draft = parsed(&body.0)?;
    let verdict = service.run(move |app| propose::check(app, &actor, &draft)).await?;
    let findings: Vec<_> = verdict.findings.iter().map(|finding| FindingJson::new(finding, None)).collect();
    Json::ok(&json!({"findings": findings}))
}

#[patch("/events/<id>", data = "<body>")]
pub async fn edit(service: &State<Service>, caller: Caller, if_match: IfMatch, id: &str, body: Body) -> Result<Json, Problem> {
    let (id, actor) = (event_id(id)?, caller.writer()?);
    let revision = needed(&if_match)?;
    let patch: serde_json::Map<String, Value> = parsed(&body.0)?;
    let own = actor.clone();
    let before = service.run(move |app| view::bare_event(app, &own, id)).await?;
    let mut merged = serde_json::to_value(Draft::of(&before.details)).map_err(|error| Problem::ours(&error))?;
    if let Some(fields) = merged.as_object_mut() {
        // New dates may be of the other sort; the draft itself tells which.
        if patch.contains_key("start") && !patch.contains_key("all_day") {
            fields.remove("all_day");
        }
        fields.extend(patch);
    }
    let draft: Draft = parsed(&merged.to_string())?;
    act(service, actor, id, revision, Act::Edit(Box::new(draft)), None).await
}

#[delete("/events/<id>")]
pub async fn cancel(service: &State<Service>, caller: Caller, if_match: IfMatch, id: &str) -> Result<Json, Problem> {
    let (id, actor) = (event_id(id)?, caller.writer()?);
    act(service, actor, id, needed(&if_match)?, Act::Cancel, None).await
}

/// What a step may bring along.
#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct StepBody {
    reason: Option<String>,
    start: Option<String>,
    end: Option<String>,
    join_url: Option<String>,
    until: Option<String>,
}

/// `hold`, `announcement`, `confirmation`, `cancellation`, `postponement`, `move`, `virtual`: each step a resource of its own.
#[post("/events/<id>/<step>", data = "<body>", rank = 2)]
pub async fn take_step(
    service: &State<Service>,
    caller: Caller,
    if_match: IfMatch,
    id: &str,
    step: &str,
    body: Body,
) -> Result<Json, Problem> {
    let (id, (actor, attempt)) = (event_id(id)?, caller.attempt(&body.0)?);
    let revision = needed(&if_match)?;
    let given: StepBody = if body.0.trim().is_empty() { StepBody::default() } else { parsed(&body.0)? };
    let step = step.to_owned();
    let take = move |app: &App| {
        let reason = given.reason.clone();
        let wanted = wanted(app, &actor, id, &step, given)?;
        settled(app, &actor, id, revision, &wanted, reason.as_deref())
    };
    service.once(attempt, take).await
}

/// What a step by this name is asked to do.
fn wanted(app: &App, actor: &Actor, id: EventId, step: &str, given: StepBody) -> Result<Act, Problem> {
    Ok(match step {
        "hold" => match given.until {
            // What is held already is held for longer.
            Some(until) if view::bare_event(app, actor, id)?.status == EventStatus::Hold => Act::Prolong { until },
            _ => Act::Hold,
        },
        "prolongation" => Act::Prolong { until: given.until.unwrap_or_default() },
        "announcement" => Act::Announce,
        "confirmation" => Act::Confirm,
        "postponement" => Act::Postpone,
        "cancellation" => Act::Cancel,
        "virtual" => Act::GoVirtual { join_url: given.join_url },
        "move" => Act::Move { start: given.start.unwrap_or_default(), end: given.end },
        _ => return Err(Problem::not_found("step")),
    })
}

async fn act(
    service: &Service,
    actor: Actor,
    id: EventId,
    revision: Option<u32>,
    wanted: Act,
    reason: Option<String>,
) -> Result<Json, Problem> {
    service.once(None, move |app| settled(app, &actor, id, revision, &wanted, reason.as_deref())).await
}

fn settled(
    app: &App,
    actor: &Actor,
    id: EventId,
    revision: Option<u32>,
    wanted: &Act,
    reason: Option<&str>,
) -> Result<Json, Problem> {
    let verdict = settle(app, actor, id, revision, wanted, reason)?;
    Ok(Json::ok(&answered(&verdict))?.revision(verdict.event.revision))
}

/// Writing to something takes the revision that was read; `*` takes any.
pub(super) fn needed(if_match: &IfMatch) -> Result<Option<u32>, Problem> {
    match if_match {
        IfMatch { given: true, revision } => Ok(*revision),
        IfMatch { given: false, .. } => Err(Problem::new(
            rocket::http::Status::PreconditionRequired,
            "if_match_needed",
            "Say what you read",
            "Send If-Match with the ETag of the event as you read it, or * to change it however it stands.",
        )),
    }
}

fn event_id(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|_| Problem::not_found("event"))
}
