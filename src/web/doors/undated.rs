//! `/undated`: what is announced for a month or a year, without dates yet.

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use crate::app::select::Selection;
use crate::app::undated::{self, Said};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Result};
use crate::domain::undated::Undated;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, Viewer, say};
use crate::web::http::encoded;
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Field, Link};
use crate::web::pages::team_edit::{Known, Panel};
use crate::web::pages::undated::{Row, UndatedPage, undated as page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/undated")]
pub async fn list(service: &State<Service>, viewer: Viewer) -> Result<Page, Problem> {
    let actor = viewer.actor.clone();
    let shown = service.run(move |app| fill(app, &actor, None)).await?;
    Ok(Page::new(service, &viewer, "Announced without dates", page(&shown)))
}

#[post("/undated", data = "<form>")]
pub async fn add(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let (actor, said) = (viewer.actor.clone(), said(&form));
    match service.run(move |app| undated::add(app, &actor, &said)).await {
        Ok(_) => {
            say(jar, "Kept. It shows in the calendar until an event of that name has dates.");
            Ok(Either::Left(Redirect::to("/undated")))
        }
        Err(problem) if problem.is_about_input() => {
            let errors: Vec<Shown> =
                problem.mistakes().iter().map(|one| Shown { field: one.field.clone(), message: one.message.clone() }).collect();
            let actor = viewer.actor.clone();
            let shown = service.run(move |app| fill(app, &actor, Some((errors, form)))).await?;
            let page = Page::new(service, &viewer, "Announced without dates", page(&shown));
            Ok(Either::Right(page.with_status(Status::BadRequest)))
        }
        Err(problem) => Err(problem),
    }
}

#[post("/undated/<id>/removal")]
pub async fn withdraw(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    service.run(move |app| undated::withdraw(app, &actor, id)).await?;
    say(jar, "It is taken back.");
    Ok(Redirect::to("/undated"))
}

fn said(form: &Pairs) -> Said {
    let one = |name: &str| form.one(name).to_owned();
    Said {
        partner: one("partner"),
        title: one("title"),
        when: one("when"),
        place: one("place"),
        roles: form.all("roles").into_iter().collect(),
        url: one("url"),
        note: one("note"),
    }
}

fn fill(app: &App, actor: &Actor, refused: Option<(Vec<Shown>, Pairs)>) -> Result<UndatedPage> {
    let directory = view::directory(app)?;
    let found = undated::list(app, &Selection::default(), None)?;
    let known = found.iter().map(|(id, one)| Known {
        text: format!("{}: {}", directory.partner(&one.partner), one.title),
        note: format!(" {}", about(one)),
        change: None,
        remove: actor.must_act_for(&one.partner).is_ok().then(|| Panel {
            action: format!("/undated/{id}/removal"),
            title: one.title.clone(),
            button: "Take it back".to_owned(),
            ..Panel::default()
        }),
    });
    let may_add = actor.sees_all() || actor.partner().is_some();
    Ok(UndatedPage { known: known.collect(), add: may_add.then(|| form_of(actor, &directory, refused)) })
}

/// As the calendar shows them below what has dates.
pub(super) fn rows(found: &[(i64, Undated)], actor: &Actor, directory: &Directory) -> Vec<Row> {
    let row = |(_, one): &(i64, Undated)| Row {
        title: one.title.clone(),
        partner: directory.partner(&one.partner),
        about: about(one),
        source: one.url.as_ref().map(|url| Link::new(url, "Where it was announced")),
        propose: actor.must_act_for(&one.partner).is_ok().then(|| {
            let (partner, title) = (encoded(one.partner.as_str()), encoded(&one.title));
            Link::new(format!("/propose?partner={partner}&title={title}"), "Its dates are known now")
        }),
    };
    found.iter().map(row).collect()
}

fn about(one: &Undated) -> String {
    let note = if one.note.is_empty() { String::new() } else { format!(". {}", one.note) };
    format!("{}; {}{note}", one.when.in_words(), one.place())
}

fn form_of(actor: &Actor, directory: &Directory, refused: Option<(Vec<Shown>, Pairs)>) -> Panel {
    let (errors, form) = refused.unwrap_or_default();
    let own = actor.partner().map(ToString::to_string).unwrap_or_default();
    let partner = form.some("partner").unwrap_or(own);
    let mut partners = words::partner_choices(directory, &|slug| slug == partner);
    partners.retain(|choice| choice.value.parse().is_ok_and(|slug| actor.must_act_for(&slug).is_ok()));
    let chosen = |slug: &str| form.all("roles").into_iter().any(|role| role == slug);
    let value = |name: &str| form.one(name).to_owned();
    Panel {
        scope: "undated".to_owned(),
        title: "Add an announcement without dates".to_owned(),
        action: "/undated".to_owned(),
        button: "Keep it".to_owned(),
        hidden: Vec::new(),
        fields: vec![
            Field::select("partner", "Partner", &partners).required(),
            Field::line("text", "title", "What it is called").value(&value("title")).required(),
            Field::line("text", "when", "Month or year")
                .value(&value("when"))
                .hint("2026-11 or 2026; empty where nobody has said."),
            Field::line("text", "place", "Place")
                .value(&value("place"))
                .hint("Such as Raleigh, NC; empty where it is to be decided."),
            Field::checks("roles", "Whom it is for", &words::role_choices(directory, &chosen)),
            Field::line("url", "url", "Where it was announced").value(&value("url")),
            Field::line("text", "note", "Note").value(&value("note")),
        ],
        errors,
    }
}
