//! `/decisions`: what waits for a decision by a day, and bans on meeting in person.

use chrono::NaiveDate;
use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use super::events::choices_of;
use crate::app::decisions::{self, Ban, Decision, Why, forbid, keep};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Error, Result, teams};
use crate::domain::{Days, EventId, wording};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Field, Link};
use crate::web::pages::decisions::{Decisions, Waiting, decisions as page};
use crate::web::pages::team_edit::{Known, Panel};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/decisions")]
pub async fn open(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let shown = service.run(move |app| fill(app, &actor, None)).await?;
    Ok(Page::new(service, &viewer, "Decisions", page(&shown)))
}

/// Nothing in person until a day.
#[post("/decisions/bans", data = "<form>")]
pub async fn ban(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let (actor, typed) = (viewer.actor.clone(), form.clone());
    let done = service.run(move |app| forbid(app, &actor, &read(&actor, &typed)?)).await;
    match done {
        Ok(_) => {
            say(
                jar,
                "Kept. What is planned before that day is listed below, and other partners with something beside it are told.",
            );
            Ok(Either::Left(Redirect::to("/decisions")))
        }
        Err(problem) if problem.is_about_input() => {
            let errors: Vec<Shown> =
                problem.mistakes().iter().map(|one| Shown { field: one.field.clone(), message: one.message.clone() }).collect();
            let actor = viewer.actor.clone();
            let shown = service.run(move |app| fill(app, &actor, Some((errors, form)))).await?;
            Ok(Either::Right(Page::new(service, &viewer, "Decisions", page(&shown)).with_status(Status::BadRequest)))
        }
        Err(problem) => Err(problem),
    }
}

/// People meet again.
#[post("/decisions/bans/<id>/removal")]
pub async fn lift(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    service.run(move |app| teams::allow_again(app, &actor, id)).await?;
    say(jar, "It is lifted.");
    Ok(Redirect::to("/decisions"))
}

/// It takes place although its anchor is lost, or although nothing else is held in person.
#[post("/events/<id>/keep", data = "<form>")]
pub async fn keep_one(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let viewer = organizer.0;
    let (actor, reason) = (viewer.actor.clone(), form.one("reason").to_owned());
    match service.run(move |app| keep(app, &actor, id, &reason)).await {
        Ok(_) => {
            say(jar, "It is kept, with your reason.");
            Ok(Either::Left(Redirect::to(format!("/events/{id}"))))
        }
        Err(problem) if problem.is_about_input() => {
            Ok(Either::Right(super::events::refused(service, &viewer, id, "keep", &problem, form).await?))
        }
        Err(problem) => Err(problem),
    }
}

fn read(actor: &Actor, form: &Pairs) -> Result<Ban> {
    let day = |name: &str| {
        let text = form.one(name);
        text.parse::<NaiveDate>().map_err(|_| Error::field(name, format!("“{text}” is no day; one would be 2027-10-06")))
    };
    let own = actor.partner().map(ToString::to_string).unwrap_or_default();
    let partner = form.some("partner").unwrap_or(own);
    Ok(Ban {
        partner: partner.parse().map_err(|_| Error::field("partner", "Choose a partner."))?,
        until: day("until")?,
        decide_by: day("decide_by")?,
        reason: form.one("reason").to_owned(),
    })
}

fn fill(app: &App, actor: &Actor, refused: Option<(Vec<Shown>, Pairs)>) -> Result<Decisions> {
    let directory = view::directory(app)?;
    let open = decisions::open(app, actor)?;
    let day = |day: NaiveDate| wording::days(Days::one(day));
    let summary = match open.as_slice() {
        [] => "Convenings whose anchor is lost, and those that a ban on meeting in person falls on, come here.".to_owned(),
        [one] => format!("One convening waits, until {}.", day(one.due)),
        [first, ..] => format!("{} convenings wait; the first until {}.", open.len(), day(first.due)),
    };
    let known = |(id, ban): (i64, Ban)| Known {
        text: format!("{}: nothing in person until {}", directory.partner(&ban.partner), day(ban.until)),
        note: format!(", decisions by {}: {}", day(ban.decide_by), ban.reason),
        change: None,
        remove: Some(Panel {
            action: format!("/decisions/bans/{id}/removal"),
            title: directory.partner(&ban.partner),
            button: "Lift it".to_owned(),
            ..Panel::default()
        }),
    };
    Ok(Decisions {
        summary,
        open: open.iter().enumerate().map(|(number, one)| waiting(one, number, actor, &directory)).collect(),
        bans: decisions::bans(app, actor)?.into_iter().map(known).collect(),
        forbid: actor.administers().then(|| form_of(actor, &directory, refused)),
    })
}

/// One convening that waits, as pages show it; `number` keeps its forms apart from others'.
pub(super) fn waiting(one: &Decision, number: usize, actor: &Actor, directory: &Directory) -> Waiting {
    let why = match &one.why {
        Why::AnchorLost { anchor, said } => {
            anchor.as_ref().map_or_else(|| said.clone(), |anchor| format!("“{}”: {said}", anchor.details.title))
        }
        Why::Ban(ban) => format!("Nothing is held in person until {}: {}.", wording::days(Days::one(ban.days.last)), ban.reason),
    };
    let may = actor.sees_all() || actor.partner().is_some_and(|partner| one.event.is_called_by(partner));
    Waiting {
        due: format!("Decide by {}", wording::days(Days::one(one.due))),
        why,
        event: words::bare_row(&one.event, None, directory),
        satellites: one.satellites.iter().map(|event| Link::new(format!("/events/{}", event.id), &event.details.title)).collect(),
        choices: if may { choices_of(&one.event, number) } else { Vec::new() },
    }
}

fn form_of(actor: &Actor, directory: &Directory, refused: Option<(Vec<Shown>, Pairs)>) -> Panel {
    let (errors, form) = refused.unwrap_or_default();
    let own = actor.partner().map(ToString::to_string).unwrap_or_default();
    let partner = form.some("partner").unwrap_or(own);
    let mut partners = words::partner_choices(directory, &|slug| slug == partner);
    partners.retain(|choice| choice.value.parse().is_ok_and(|slug| actor.must_act_for(&slug).is_ok()));
    let value = |name: &str| form.one(name).to_owned();
    Panel {
        scope: "ban".to_owned(),
        title: "Hold nothing in person until a day".to_owned(),
        action: "/decisions/bans".to_owned(),
        button: "Hold nothing in person".to_owned(),
        hidden: Vec::new(),
        fields: vec![
            Field::select("partner", "Partner", &partners).required(),
            Field::line("date", "until", "Nothing in person until").value(&value("until")).required().hint("That day included."),
            Field::line("date", "decide_by", "Decisions by").value(&value("decide_by")).required(),
            Field::line("text", "reason", "Why").value(&value("reason")).required().hint("In a few words; others read it."),
        ],
        errors,
    }
}
