//! `/events/ID/answers`: dates proposed for a plan, what is answered, and what becomes of it.

mod shown;
pub(super) mod ways;

use std::collections::BTreeMap;

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use shown::fill;

use crate::app::answers::ask::{Asking, Dates, ask};
use crate::app::answers::choose::choose;
use crate::app::answers::give::{Said, give};
use crate::app::answers::withdraw::{Back, withdraw};
use crate::app::{Error, Result};
use crate::domain::EventId;
use crate::domain::proposal::MOST_CANDIDATES;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, Viewer, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::pages::answers::answers as page;
use crate::web::problem::Problem;

#[get("/events/<id>/answers")]
pub async fn look(service: &State<Service>, organizer: Organizer, id: &str) -> Result<Page, Problem> {
    shown(service, &organizer.0, event_id(id)?, None).await
}

/// What came back with mistakes: by which form, and as it was typed.
type Refused = (&'static str, Vec<Shown>, Pairs);

async fn shown(service: &Service, viewer: &Viewer, id: EventId, refused: Option<Refused>) -> Result<Page, Problem> {
    let actor = viewer.actor.clone();
    let is_refused = refused.is_some();
    let shown = service.run(move |app| fill(app, &actor, id, refused)).await?;
    let page = Page::new(service, viewer, &format!("Dates proposed for {}", shown.title), page(&shown));
    Ok(if is_refused { page.with_status(Status::BadRequest) } else { page })
}

/// Back to the page with a sentence, or with what was wrong.
async fn then<T>(
    service: &Service,
    viewer: &Viewer,
    jar: &CookieJar<'_>,
    id: EventId,
    done: Result<T, Problem>,
    (said, form): (&str, (&'static str, Pairs)),
) -> Result<Either<Redirect, Page>, Problem> {
    match done {
        Ok(_) => {
            say(jar, said);
            Ok(Either::Left(Redirect::to(format!("/events/{id}/answers"))))
        }
        Err(problem) if problem.is_about_input() => {
            let rows = filled(&form.1);
            let shown_at =
                |one: &crate::json::FieldError| Shown { field: field_of(&one.field, &rows), message: one.message.clone() };
            let errors = problem.mistakes().iter().map(shown_at);
            Ok(Either::Right(shown(service, viewer, id, Some((form.0, errors.collect(), form.1))).await?))
        }
        Err(problem) => Err(problem),
    }
}

/// Where the form has what the verb calls so: `dates[0].start` is `start_2` where the first row is empty, `answers.7`
/// is `date_7`.
fn field_of(name: &str, rows: &[usize]) -> String {
    if let Some((place, field)) = name.strip_prefix("dates[").and_then(|rest| rest.split_once("].")) {
        let row = place.parse::<usize>().ok().and_then(|place| rows.get(place));
        return format!("{field}_{}", row.unwrap_or(&1));
    }
    match name.strip_prefix("answers.") {
        Some(number) => format!("date_{number}"),
        None if name == "dates" => "start_1".to_owned(),
        None => name.to_owned(),
    }
}

#[post("/events/<id>/asks", data = "<form>")]
pub async fn send(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let (viewer, id) = (organizer.0, event_id(id)?);
    let (actor, asking) = (viewer.actor.clone(), asking(&form));
    let done = service.run(move |app| ask(app, &actor, id, &asking)).await;
    then(service, &viewer, jar, id, done, ("It is sent. You are told when they answer.", ("ask", form))).await
}

fn asking(form: &Pairs) -> Asking {
    let moment = |day: &str, time: &str, number: usize| {
        let day = form.some(&format!("{day}_{number}"))?;
        Some(form.some(&format!("{time}_{number}")).map_or_else(|| day.clone(), |time| format!("{day}T{time}")))
    };
    let one = |number| Dates {
        start: moment("start", "start_time", number).unwrap_or_default(),
        end: moment("end", "end_time", number),
        place: form.some(&format!("place_{number}")),
    };
    Asking {
        dates: filled(form).into_iter().map(one).collect(),
        asked: form.all("asked").into_iter().chain(form.all("teams")).collect(),
        answer_by: form.some("answer_by"),
        note: form.one("note").to_owned(),
    }
}

/// The rows of the form in which something is typed.
fn filled(form: &Pairs) -> Vec<usize> {
    let is_typed = |number: &usize| {
        ["start", "start_time", "end", "end_time", "place"].iter().any(|name| form.some(&format!("{name}_{number}")).is_some())
    };
    (1..=MOST_CANDIDATES).filter(is_typed).collect()
}

#[post("/events/<id>/answers", data = "<form>")]
pub async fn answer(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let (viewer, id) = (organizer.0, event_id(id)?);
    let answers: BTreeMap<String, String> = form
        .iter()
        .filter_map(|(name, value)| Some((name.strip_prefix("date_")?.to_owned(), value.to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let said = Said { answers_for: form.some("answers_for"), answers, note: form.one("note").to_owned() };
    let actor = viewer.actor.clone();
    let done = service.run(move |app| give(app, &actor, id, &said)).await;
    then(service, &viewer, jar, id, done, ("Thank you: your answer is kept. You can change it here.", ("answer", form))).await
}

#[post("/events/<id>/choice", data = "<form>")]
pub async fn decide(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Redirect, Problem> {
    let (actor, id) = (organizer.0.actor, event_id(id)?);
    let date = form.one("date").parse().map_err(|_| Problem::from(Error::field("date", "it is missing")))?;
    let revision = form.one("revision").parse().ok();
    service.run(move |app| choose(app, &actor, id, revision, date)).await?;
    say(jar, "Chosen. Whoever was asked is told; announce or confirm it when it is certain.");
    Ok(Redirect::to(format!("/events/{id}")))
}

#[post("/events/<id>/asks/withdrawal", data = "<form>")]
pub async fn take_back(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Redirect, Problem> {
    let (actor, id) = (organizer.0.actor, event_id(id)?);
    let dates = form.all("dates").into_iter().filter_map(|text| text.parse().ok()).collect();
    let back = Back { asked: form.all("asked").into_iter().collect(), dates };
    service.run(move |app| withdraw(app, &actor, id, &back)).await?;
    say(jar, "It is taken back.");
    Ok(Redirect::to(format!("/events/{id}/answers")))
}

fn event_id(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|_| Problem::not_found("event"))
}
