//! `/events/ID`: an event's page, its calendar entry, and the steps of its life.

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use super::disagree::panel;
use crate::app::life::note_seen;
use crate::app::settle::{Act, settle};
use crate::app::sources::Decision;
use crate::app::view::{self, Directory, Whole};
use crate::app::{App, Result, publish, sources};
use crate::domain::conflict::anchors::decide_by;
use crate::domain::conflict::{Kind, Severity};
use crate::domain::{Days, Event, EventId, EventStatus, Mode, wording};
use crate::json::{Draft, EventJson, FieldError, LinkedContext, linked};
use crate::web::answer::{Bytes, Page};
use crate::web::db::Service;
use crate::web::guards::{Conditions, Organizer, Pairs, SameOrigin, Viewer, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Field, Level};
use crate::web::pages::event::{Change, EventPage, Fact, SetBeside, StepForm, event as page};
use crate::web::problem::Problem;
use crate::web::words;

/// `0193….ics` is the calendar entry, `0193…` the page.
#[get("/events/<name>")]
pub async fn event(
    service: &State<Service>,
    viewer: Viewer,
    conditions: Conditions,
    name: &str,
) -> Result<Either<Page, Bytes>, Problem> {
    if let Some(id) = name.strip_suffix(".ics") {
        let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
        return Ok(Either::Right(calendar_entry(service, conditions, id).await?));
    }
    let id: EventId = name.parse().map_err(|_| Problem::not_found("event"))?;
    let actor = viewer.actor.clone();
    let shown = service.run(move |app| fill(app, &actor, id, None)).await?;
    Ok(Either::Left(Page::new(service, &viewer, &shown.title, page(&shown))))
}

async fn calendar_entry(service: &Service, conditions: Conditions, id: EventId) -> Result<Bytes, Problem> {
    let body = service.run(move |app| publish::one(app, id)).await?;
    Ok(Bytes {
        etag: crate::keys::hash(&String::from_utf8_lossy(&body)).chars().take(32).collect(),
        body: body.into(),
        content_type: "text/calendar; charset=utf-8",
        last_modified: None,
        cache_control: "public, max-age=300",
        conditions,
        file_name: Some(format!("{id}.ics")),
    })
}

/// After what has a name of its own at this depth, such as the policy.
#[post("/events/<id>/<step>", data = "<form>", rank = 2)]
pub async fn take_step(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    step: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let act = act_of(step, &form).ok_or_else(|| Problem::not_found("step"))?;
    let revision: u32 =
        form.one("revision").parse().map_err(|_| Problem::from(crate::app::Error::field("revision", "it is missing")))?;
    let viewer = organizer.0;
    let (actor, reason, name) = (viewer.actor.clone(), form.some("reason"), act.name());
    let done = service.run(move |app| settle(app, &actor, id, Some(revision), &act, reason.as_deref())).await;
    match done {
        Ok(_) => {
            say(jar, &format!("It is {name}."));
            Ok(Either::Left(Redirect::to(format!("/events/{id}"))))
        }
        Err(problem) if problem.is_about_input() => Ok(Either::Right(refused(service, &viewer, id, step, &problem, form).await?)),
        Err(problem) => Err(problem),
    }
}

/// The page with the form of a step that was refused, filled in as it was.
pub(super) async fn refused(
    service: &Service,
    viewer: &Viewer,
    id: EventId,
    step: &str,
    problem: &Problem,
    form: Pairs,
) -> Result<Page, Problem> {
    let (actor, step, mistakes) = (viewer.actor.clone(), step.to_owned(), problem.mistakes().to_vec());
    let shown = service.run(move |app| fill(app, &actor, id, Some((step, mistakes, form)))).await?;
    Ok(Page::new(service, viewer, &shown.title, page(&shown)).with_status(Status::BadRequest))
}

/// What becomes of an event although, or because, the calendar that gave it gives it no longer.
#[post("/events/<id>/upstream/<decision>")]
pub async fn decide(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    decision: &str,
) -> Result<Redirect, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let (decision, said) = match decision {
        "keep" => (Decision::Keep, "It stays."),
        "cancel" => (Decision::Cancel, "It is cancelled, and stays visible as such."),
        "remove" => (Decision::Remove, "It is taken off the calendar; only your own people see it."),
        _ => return Err(Problem::not_found("decision")),
    };
    let actor = organizer.0.actor;
    service.run(move |app| sources::decide(app, &actor, id, decision)).await?;
    say(jar, said);
    Ok(Redirect::to(format!("/events/{id}")))
}

/// A step by the resource that it creates.
#[must_use]
pub fn act_of(step: &str, form: &Pairs) -> Option<Act> {
    Some(match step {
        "hold" => Act::Hold,
        "prolongation" => Act::Prolong { until: form.one("until").to_owned() },
        "announcement" => Act::Announce,
        "confirmation" => Act::Confirm,
        "postponement" => Act::Postpone,
        "cancellation" => Act::Cancel,
        "virtual" => Act::GoVirtual { join_url: form.some("join_url") },
        "move" => {
            let moment = |day: &str, time: &str| match (form.some(day), form.some(time)) {
                (Some(day), Some(time)) => Some(format!("{day}T{time}")),
                (Some(day), None) => Some(day),
                (None, _) => None,
            };
            Act::Move { start: moment("start_date", "start_time").unwrap_or_default(), end: moment("end_date", "end_time") }
        }
        _ => return None,
    })
}

type Refused = (String, Vec<FieldError>, Pairs);

fn fill(app: &App, actor: &crate::app::Actor, id: EventId, refused: Option<Refused>) -> Result<EventPage> {
    let whole = view::event(app, actor, id)?;
    let directory = view::directory(app)?;
    note_seen(app, actor, &whole.findings)?;
    let event = &whole.entry.event;
    let details = &event.details;
    Ok(EventPage {
        kind: if details.kind == crate::domain::EventKind::Session { "Session" } else { "Convening" }.to_owned(),
        title: details.title.clone(),
        status: event.status,
        mode: details.mode,
        partners: words::chips(event, &directory),
        when: words::when(details.when, details.zone),
        notice: notice(app, &whole),
        facts: facts(app, &whole, &directory),
        description: details.description.split("\n\n").filter(|part| !part.trim().is_empty()).map(str::to_owned).collect(),
        findings: words::cards(app, actor, &whole.findings, &directory)?,
        sides: if whole.may_change { panel(app, actor, event, of_source(refused.as_ref()))? } else { None },
        anchor: set_beside(app, actor, &whole, &directory)?,
        satellites: whole.satellites.iter().map(|one| words::bare_row(one, None, &directory)).collect(),
        history: whole.changes.iter().rev().map(|change| history(app, change)).collect(),
        ics: format!("/events/{id}.ics"),
        json_ld: event.is_public().then(|| json_ld(app, &whole, &directory)),
        better_dates: (whole.may_change && event.status.is_tentative()).then(|| format!("/events/{id}/better-dates")),
        answers: super::answers::ways::way(app, actor, id, whole.may_change, event.status)?,
        come: super::coming::form_for(app, &whole.entry, None),
        steps: if whole.may_change { all_steps(&whole, refused.as_ref()) } else { Vec::new() },
    })
}

/// What it is set beside, with what was found about that.
fn set_beside(app: &App, actor: &crate::app::Actor, whole: &Whole, directory: &Directory) -> Result<Option<SetBeside>> {
    let Some(anchor) = &whole.anchor else { return Ok(None) };
    let inherited = whole.inherited.as_ref();
    let findings = inherited.map_or(&[][..], |inherited| &inherited.findings);
    Ok(Some(SetBeside {
        row: words::bare_row(anchor, None, directory),
        decision: format!(
            "It holds for this too, and this cannot move alone. Whose decision it is: {}.",
            wording::list(
                &inherited.iter().flat_map(|one| &one.decided_by).map(|slug| directory.partner(slug)).collect::<Vec<_>>()
            )
        ),
        findings: words::cards(app, actor, findings, directory)?,
    }))
}

/// What was wrong with the choice between sources.
fn of_source(refused: Option<&Refused>) -> Option<(&[FieldError], &Pairs)> {
    refused.filter(|(step, ..)| step == "source").map(|(_, errors, form)| (errors.as_slice(), form))
}

fn notice(app: &App, whole: &Whole) -> Option<(Level, String)> {
    let event = &whole.entry.event;
    if let Some(gone) = &whole.withdrawn {
        let since = wording::moment(gone.since, app.settings.time_zone);
        let text = format!(
            "Withdrawn upstream: “{}”, where it was read, does not list it any more since {since}. \
             Nobody has said yet whether it is off; it stays until then.",
            gone.name
        );
        return Some((Level::High, text));
    }
    if let Some(lost) = anchor_lost(whole) {
        return Some(lost);
    }
    if let Some(held) = &whole.held {
        let why = held.reasons.join("; ");
        let text = format!(
            "Its calendar says something else of it since {}, and that is doubtful: {why}. \
             Say yes or no on the calendar’s page, below “Calendars we read” on your desk.",
            wording::moment(held.since, app.settings.time_zone)
        );
        return Some((Level::Medium, text));
    }
    match event.status {
        EventStatus::Cancelled => Some((Level::High, "This is cancelled.".to_owned())),
        EventStatus::Postponed => Some((Level::High, "This is postponed; new dates are to come.".to_owned())),
        EventStatus::Hold => Some((Level::Note, "A hold: the dates are kept provisionally and are not public.".to_owned())),
        EventStatus::Idea | EventStatus::Proposed => {
            Some((Level::Note, "Not public yet: only the partners named see this.".to_owned()))
        }
        _ if event.details.when.is_open() => {
            Some((Level::Low, "The end is not known; the source gives only the start.".to_owned()))
        }
        _ => None,
    }
}

/// That the anchor of an event is lost, and by when that is to be decided on; or that it is kept all the same.
fn anchor_lost(whole: &Whole) -> Option<(Level, String)> {
    let (event, anchor) = (&whole.entry.event, whole.anchor.as_ref()?);
    let about = |stored: &&crate::store::StoredFinding| {
        stored.finding.kind == Kind::AnchorChanged && stored.finding.events.contains(&anchor.id)
    };
    let stored = whole.findings.iter().find(about).filter(|_| !event.status.is_off())?;
    if let Some(by) = &stored.overridden {
        let text =
            format!("It takes place although “{}” is not what it was set beside any more: {}", anchor.details.title, by.reason);
        return Some((Level::Note, text));
    }
    let due = wording::days(Days::one(decide_by(anchor, event.details.when.days().first)));
    Some((Level::Block, format!("Anchor lost, decide by {due}. “{}”: {}", anchor.details.title, stored.finding.message)))
}

fn facts(app: &App, whole: &Whole, directory: &Directory) -> Vec<Fact> {
    let event = &whole.entry.event;
    let details = &event.details;
    let mut facts = Vec::new();
    let mut fact =
        |term: &str, text: String, href: Option<String>| facts.push(Fact { term: term.to_owned(), text, href, was: None });
    if whole.entry.occurrences.len() > 1 {
        let each: Vec<String> = whole
            .entry
            .occurrences
            .iter()
            .take(12)
            .map(|one| format!("{}{}", wording::days(one.when.days()), if one.cancelled { " (cancelled)" } else { "" }))
            .collect();
        fact("Series of", format!("{}: {}", whole.entry.occurrences.len(), each.join("; ")), None);
    }
    fact("Where", wording::place(details), None);
    fact("For", wording::list(&words::roles(&details.roles, directory)), None);
    if !details.states.is_empty() {
        fact("Only for city teams in", wording::list(&details.states.iter().cloned().collect::<Vec<_>>()), None);
    }
    if let Some(slug) = &details.cohort {
        let name = directory
            .cohorts
            .iter()
            .find(|cohort| cohort.slug == *slug)
            .map_or_else(|| slug.to_string(), |cohort| cohort.name.clone());
        fact("Cohort", name, None);
    }
    if let Some(url) = details.join_url.as_ref().filter(|_| details.mode != Mode::InPerson) {
        fact("Join", url.clone(), Some(url.clone()));
    }
    if let Some(url) = &details.url {
        fact("Its own page", url.clone(), Some(url.clone()));
    }
    if !details.speakers.is_empty() {
        let names: Vec<String> = directory
            .people
            .iter()
            .filter(|person| details.speakers.contains(&person.slug))
            .map(|person| person.name.clone())
            .collect();
        fact("Speakers", wording::list(&names), None);
    }
    if let Some(expected) = details.expected {
        fact("Expected", format!("about {expected} people"), None);
    }
    if whole.may_change && event.is_public() {
        fact("Who comes", "Those who said so".to_owned(), Some(format!("/events/{}/guests", event.id)));
    }
    if whole.may_change {
        fact("What counts as a clash", "Thresholds of this event".to_owned(), Some(format!("/events/{}/policy", event.id)));
    }
    if let Some(source) = &event.source {
        fact(
            "Read from",
            format!("{}, last changed there {}", source.calendar, wording::moment(source.read_at, app.settings.time_zone)),
            None,
        );
    }
    facts.retain(|fact| !fact.text.is_empty());
    facts
}

/// What machines read about a public event, from itself and from what it was before.
fn json_ld(app: &App, whole: &Whole, directory: &Directory) -> String {
    let event = &whole.entry.event;
    let public = |json: &EventJson| json.status.is_public() && !json.private;
    let earlier: Vec<EventJson> = whole
        .changes
        .iter()
        .rev()
        .filter_map(|change| EventJson::from_text(change.before.as_deref()?).ok())
        .filter(public)
        .collect();
    let when = |json: &EventJson| Some((json.when()?, json.time_zone.parse().ok()?));
    let partners = std::iter::once(&event.details.partner).chain(&event.details.co_hosts);
    let context = LinkedContext {
        page: app.address(&format!("/events/{}", event.id)),
        organizers: partners
            .map(|slug| {
                (directory.partner(slug), directory.partners.iter().find(|one| one.slug == *slug).and_then(|one| one.url.clone()))
            })
            .collect(),
        was: earlier.iter().filter_map(when).find(|(when, _)| *when != event.details.when),
        moved_online: event.details.mode == Mode::Virtual && earlier.iter().any(|json| json.mode != Mode::Virtual),
    };
    linked(event, &context).to_string()
}

/// One step of the history: what, and what it changed.
fn history(app: &App, change: &crate::store::changes::Change) -> Change {
    let read = |text: &str| EventJson::from_text(text).ok();
    let before = change.before.as_deref().and_then(read);
    let when =
        |json: &EventJson| json.when().map(|when| wording::when(when, json.time_zone.parse().unwrap_or(app.settings.time_zone)));
    let moved = match (before.as_ref().and_then(when), read(&change.after).as_ref().and_then(when)) {
        (Some(was), Some(is)) if was != is && change.reason.is_none() => format!(": was {was}, is {is}"),
        _ => String::new(),
    };
    let reason = change.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
    let text = format!("{}{moved}{reason}", crate::web::layout::badge::capital(&change.what));
    Change { text, by: format!("{}, {}", change.actor, wording::moment(change.at, app.settings.time_zone)) }
}

/// The steps of its life; first, where it was withdrawn upstream, what is true of it.
fn all_steps(whole: &Whole, refused: Option<&Refused>) -> Vec<StepForm> {
    let event = &whole.entry.event;
    let choices = [
        ("keep", "Keep it", "It is on, although your calendar does not list it any more."),
        ("cancel", "It is off", "It is marked as cancelled and stays visible as such."),
        ("remove", "It was a mistake", "It is taken off the calendar; only your own people see it from now on."),
    ];
    let choice = |(decision, title, note): (&str, &str, &str)| StepForm {
        scope: decision.to_owned(),
        title: title.to_owned(),
        note: Some(note.to_owned()),
        action: format!("/events/{}/upstream/{decision}", event.id),
        button: title.to_owned(),
        revision: event.revision,
        main: decision == "keep",
        ..StepForm::default()
    };
    let asked = whole.withdrawn.as_ref().map(|_| choices.map(choice));
    let waits = whole.findings.iter().filter(|stored| stored.overridden.is_none()).any(|stored| waits_for(event, stored));
    let in_spite = waits.then(|| keep_form(event, refused));
    let hold = (event.status == EventStatus::Hold).then(|| prolong_form(event, refused));
    asked.into_iter().flatten().chain(in_spite).chain(hold).chain(steps(event, refused)).collect()
}

/// Does a finding ask to decide on this event: its anchor is lost, or its partner meets nobody in person?
fn waits_for(event: &Event, stored: &crate::store::StoredFinding) -> bool {
    let finding = &stored.finding;
    match finding.kind {
        Kind::AnchorChanged => event.details.anchor.is_some_and(|anchor| finding.events.contains(&anchor)),
        Kind::Blackout => {
            let own = finding.because.name.as_deref().and_then(|name| name.parse().ok());
            finding.severity == Severity::Block && own.is_some_and(|own| event.is_called_by(&own))
        }
        _ => false,
    }
}

fn keep_form(event: &Event, refused: Option<&Refused>) -> StepForm {
    let typed = refused.filter(|(step, ..)| step == "keep");
    let reason = Field::line("text", "reason", "Reason").required().hint("Kept with the finding; others read it.");
    StepForm {
        scope: "keep-anyway".to_owned(),
        title: "Keep it".to_owned(),
        note: Some("It takes place as it stands; the reason is kept.".to_owned()),
        action: format!("/events/{}/keep", event.id),
        button: "Keep it".to_owned(),
        revision: event.revision,
        fields: vec![reason.value(typed.map_or("", |(_, _, form)| form.one("reason")))],
        errors: typed.map(|(_, errors, _)| shown(errors)).unwrap_or_default(),
        ..StepForm::default()
    }
}

fn prolong_form(event: &Event, refused: Option<&Refused>) -> StepForm {
    let typed = refused.filter(|(step, ..)| step == "prolongation");
    let known = event.details.hold_until.map(|day| day.to_string()).unwrap_or_default();
    let until =
        Field::line("date", "until", "Hold the dates until").required().hint("That day included; then they are free for others.");
    StepForm {
        scope: "prolongation".to_owned(),
        title: "Hold for longer".to_owned(),
        note: event.details.hold_until.map(|day| format!("The hold stands until {}.", wording::days(Days::one(day)))),
        action: format!("/events/{}/prolongation", event.id),
        button: "Hold until that day".to_owned(),
        revision: event.revision,
        fields: vec![until.value(typed.map_or(&known, |(_, _, form)| form.one("until")))],
        errors: typed.map(|(_, errors, _)| shown(errors)).unwrap_or_default(),
        ..StepForm::default()
    }
}

fn shown(errors: &[FieldError]) -> Vec<Shown> {
    errors.iter().map(|error| Shown { field: error.field.clone(), message: error.message.clone() }).collect()
}

/// Keep, go online, move, cancel: what can be decided about an event on a page with several; `number` tells its forms apart.
pub(super) fn choices_of(event: &Event, number: usize) -> Vec<StepForm> {
    let wanted = |step: &StepForm| ["virtual", "move", "cancellation"].contains(&step.scope.as_str());
    let others = steps(event, None).into_iter().filter(wanted);
    std::iter::once(keep_form(event, None))
        .chain(others)
        .map(|step| StepForm { scope: format!("{}-{number}", step.scope), main: false, ..step })
        .collect()
}

fn steps(event: &Event, refused: Option<&Refused>) -> Vec<StepForm> {
    let draft = Draft::of(&event.details);
    let typed = |step: &str, field: &str, else_: &str| match refused {
        Some((refused, _, form)) if refused == step => form.one(field).to_owned(),
        _ => else_.to_owned(),
    };
    let part = |text: &str, n: usize| text.split('T').nth(n).unwrap_or_default().chars().take(10).collect::<String>();
    let end = draft.end.clone().unwrap_or_default();
    let line =
        |step: &'static str, kind, name, label, value: &str| Field::line(kind, name, label).value(&typed(step, name, value));
    let mut dates = vec![
        line("move", "date", "start_date", "First day", &part(&draft.start, 0)).required(),
        line("move", "date", "end_date", "Last day", &part(&end, 0)),
    ];
    if draft.all_day == Some(false) {
        let hour = |text: &str| part(text, 1).chars().take(5).collect::<String>();
        dates.insert(1, line("move", "time", "start_time", "Starts at", &hour(&draft.start)).required());
        dates.push(line("move", "time", "end_time", "Ends at", &hour(&end)));
    }
    let online =
        vec![line("virtual", "url", "join_url", "Address to join online", event.details.join_url.as_deref().unwrap_or_default())];
    let all = [
        ("confirmation", EventStatus::Confirmed, "Confirm", "Everybody sees it, and it stands in the feeds.", Vec::new()),
        (
            "announcement",
            EventStatus::Announced,
            "Announce as save-the-date",
            "Everybody sees it, marked as not yet certain.",
            Vec::new(),
        ),
        ("hold", EventStatus::Hold, "Hold the dates", "Only the partners named see it.", Vec::new()),
        ("move", event.status, "Move to other dates", "Calendars and readers are told what it was and what it is.", dates),
        ("virtual", event.status, "Go virtual", "The place is given up; people join online.", online),
        ("postponement", EventStatus::Postponed, "Postpone", "It stays visible, with new dates to come.", Vec::new()),
        ("cancellation", EventStatus::Cancelled, "Cancel", "It stays visible as cancelled. This cannot be undone.", Vec::new()),
    ];
    let possible = |step: &str, next: EventStatus| match step {
        "move" => !matches!(event.status, EventStatus::Held | EventStatus::Cancelled),
        "virtual" => event.details.mode != Mode::Virtual && !matches!(event.status, EventStatus::Held | EventStatus::Cancelled),
        _ => event.status.may_become(next),
    };
    all.into_iter()
        .filter(|(step, next, ..)| possible(step, *next))
        .map(|(step, _, title, note, mut fields)| {
            if step != "confirmation" {
                fields.push(
                    Field::line("text", "reason", "Reason")
                        .value(&typed(step, "reason", ""))
                        .hint("Kept with the change; others read it."),
                );
            }
            let errors = refused.filter(|(refused, ..)| refused == step).map(|(_, errors, _)| {
                let field = |name: &str| match name {
                    "start" => "start_date".to_owned(),
                    "end" => "end_date".to_owned(),
                    other => other.to_owned(),
                };
                errors.iter().map(|error| Shown { field: field(&error.field), message: error.message.clone() }).collect()
            });
            StepForm {
                scope: step.to_owned(),
                title: title.to_owned(),
                note: Some(note.to_owned()),
                action: format!("/events/{}/{step}", event.id),
                button: title.to_owned(),
                revision: event.revision,
                fields,
                errors: errors.unwrap_or_default(),
                main: step == "confirmation",
                danger: step == "cancellation",
            }
        })
        .collect()
}
