//! `/desk/import`: a file is uploaded, looked at row by row, and stored as chosen.

use std::collections::BTreeSet;

use rocket::http::{CookieJar, Header, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use crate::app::import::{Class, Note, Row};
use crate::app::upload::{self, Preview};
use crate::app::{Actor, App, Error, Result, view};
use crate::domain::{Mode, PartnerSlug, RoleSlug, wording};
use crate::json::FieldError;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Choice, Level};
use crate::web::multipart::FileForm;
use crate::web::pages::import::{Choose, Group, Look, Offer, choose as choose_page, look as look_page};
use crate::web::problem::Problem;
use crate::web::words;

/// How many unchanged rows are listed by name.
const LISTED: usize = 200;

#[get("/desk/import")]
pub async fn choose(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let content = service.run(move |app| Ok(choose_page(&form(app, &actor, &Pairs::default(), Vec::new())?))).await?;
    Ok(Page::new(service, &viewer, "Import", content))
}

/// A table to fill in.
#[derive(rocket::Responder)]
#[response(content_type = "text/csv; charset=utf-8")]
pub struct Template(String, Header<'static>);

#[get("/desk/import/template.csv")]
pub fn template() -> Template {
    Template(upload::template(), Header::new("Content-Disposition", "attachment; filename=\"convene-events.csv\""))
}

/// Takes a file and shows what it would come to.
#[post("/desk/import", data = "<sent>")]
pub async fn send(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    sent: FileForm,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let (actor, fields) = (viewer.actor.clone(), sent.fields.clone());
    let staged = service.run(move |app| upload::stage(app, &actor, file(&actor, sent)?)).await;
    match staged {
        Ok(id) => Ok(Either::Left(Redirect::to(format!("/desk/import/{id}")))),
        Err(problem) if problem.is_about_input() => {
            let (actor, mistakes) = (viewer.actor.clone(), shown(problem.mistakes()));
            let content = service.run(move |app| Ok(choose_page(&form(app, &actor, &fields, mistakes)?))).await?;
            Ok(Either::Right(Page::new(service, &viewer, "Import", content).with_status(Status::BadRequest)))
        }
        Err(problem) => Err(problem),
    }
}

#[get("/desk/import/<id>", rank = 2)]
pub async fn look(service: &State<Service>, organizer: Organizer, id: &str) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let (actor, own) = (viewer.actor.clone(), id.to_owned());
    let content = service.run(move |app| shown_look(app, &actor, &own, None, None)).await?;
    Ok(Page::new(service, &viewer, "Look before it is stored", content))
}

/// Stores the chosen rows; where the calendar has changed meanwhile, shows them again.
#[post("/desk/import/<id>", data = "<chosen>")]
pub async fn store(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    chosen: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let (actor, own) = (viewer.actor.clone(), id.to_owned());
    let rows: BTreeSet<String> = chosen.all("rows").into_iter().collect();
    let (mark, kept) = (chosen.one("mark").to_owned(), rows.clone());
    let done = service
        .run(move |app| match upload::store(app, &actor, &own, &mark, &rows) {
            Ok(report) => Ok(Ok(report)),
            Err(Error::Stale) => Ok(Err(STALE.to_owned())),
            Err(Error::Invalid(mistakes)) => Ok(Err(mistakes.into_iter().map(|mistake| mistake.message).collect())),
            Err(error) => Err(error),
        })
        .await?;
    match done {
        Ok(report) => {
            let stored =
                counted(&[(report.new.len(), "new"), (report.changed.len(), "changed"), (report.cancelled.len(), "called off")]);
            say(jar, &format!("Stored: {stored}."));
            Ok(Either::Left(Redirect::to("/desk")))
        }
        Err(said) => {
            let (actor, own) = (viewer.actor.clone(), id.to_owned());
            let content = service.run(move |app| shown_look(app, &actor, &own, Some(&kept), Some(said))).await?;
            Ok(Either::Right(Page::new(service, &viewer, "Look before it is stored", content).with_status(Status::Conflict)))
        }
    }
}

const STALE: &str = "The calendar has changed since this was shown to you. Nothing was stored: please look again. \
                     What you had chosen is chosen still, unless it is doubtful now.";

#[post("/desk/import/<id>/discard")]
pub async fn discard(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
) -> Result<Redirect, Problem> {
    let (actor, own) = (organizer.0.actor, id.to_owned());
    service.run(move |app| upload::discard(app, &actor, &own)).await?;
    say(jar, "The file is discarded; nothing was stored.");
    Ok(Redirect::to("/desk/import"))
}

/// What was sent, field by field.
fn file(actor: &Actor, sent: FileForm) -> Result<upload::File> {
    let fields = &sent.fields;
    Ok(upload::File {
        partner: partner(actor, fields)?,
        zone: zone(fields)?,
        roles: roles(fields)?.into_iter().collect(),
        mode: mode(fields)?,
        name: sent.file.0,
        content: sent.file.1,
    })
}

/// Their own partner; an operator names one.
pub(super) fn partner(actor: &Actor, fields: &Pairs) -> Result<PartnerSlug> {
    match (fields.some("partner"), actor.partner()) {
        (Some(text), _) if actor.sees_all() => text.parse().map_err(|error| Error::field("partner", format!("{error}"))),
        (_, Some(own)) => Ok(own.clone()),
        (_, None) => Err(Error::field("partner", "Say whose calendar it is.")),
    }
}

/// The zone that was chosen.
pub(super) fn zone(fields: &Pairs) -> Result<Option<chrono_tz::Tz>> {
    let read = |text: String| {
        text.parse().map_err(|_| Error::field("time_zone", format!("“{text}” is no zone; choose one of the list.")))
    };
    fields.some("time_zone").map(read).transpose()
}

/// The mode that was chosen; empty is none.
pub(super) fn mode(fields: &Pairs) -> Result<Option<Mode>> {
    fields.some("mode").map(|text| text.parse().map_err(|error: String| Error::field("mode", error))).transpose()
}

/// The roles that were chosen.
pub(super) fn roles(fields: &Pairs) -> Result<Vec<RoleSlug>> {
    let read = |text: &String| {
        text.parse().map_err(|_| Error::field("roles", format!("“{text}” is no role; choose among those shown.")))
    };
    fields.all("roles").iter().map(read).collect()
}

/// Mistakes as forms show them.
pub(super) fn shown(mistakes: &[FieldError]) -> Vec<Shown> {
    mistakes.iter().map(|one| Shown { field: one.field.clone(), message: one.message.clone() }).collect()
}

/// Modes, with one for “not said”.
pub(super) fn mode_or_none(chosen: &str) -> Vec<Choice> {
    let mut all = vec![Choice::new("", "As place and links say").chosen(chosen.is_empty())];
    all.extend(words::mode_choices(&|value| value == chosen));
    all
}

fn form(app: &App, actor: &Actor, typed: &Pairs, errors: Vec<Shown>) -> Result<Choose> {
    let directory = view::directory(app)?;
    let roles = typed.all("roles");
    let zone = typed.some("time_zone").unwrap_or_else(|| app.settings.time_zone.name().to_owned());
    let own = typed.some("partner").or_else(|| actor.partner().map(ToString::to_string)).unwrap_or_default();
    Ok(Choose {
        action: "/desk/import".to_owned(),
        partners: if actor.sees_all() { words::partner_choices(&directory, &|value| value == own) } else { Vec::new() },
        zones: words::zone_choices(&zone),
        roles: words::role_choices(&directory, &|value| roles.iter().any(|one| one == value)),
        modes: mode_or_none(typed.one("mode")),
        template: "/desk/import/template.csv".to_owned(),
        columns: upload::COLUMNS.iter().map(|name| (*name).to_owned()).collect(),
        errors,
    })
}

fn shown_look(app: &App, actor: &Actor, id: &str, kept: Option<&BTreeSet<String>>, said: Option<String>) -> Result<maud::Markup> {
    let preview = upload::look(app, actor, id)?;
    let partner = view::directory(app)?.partner(&preview.partner);
    let mut page = filled(&preview, id, kept);
    page.partner = partner;
    page.said = said.map(|said| (Level::Medium, said));
    Ok(look_page(&page))
}

fn filled(preview: &Preview, id: &str, kept: Option<&BTreeSet<String>>) -> Look {
    let refused: Vec<&Note> = preview.notes.iter().filter(|note| note.refused).collect();
    let of = |class: Class| preview.rows.iter().filter(move |row| row.class == class && row.doubts.is_empty());
    let doubtful = || preview.rows.iter().filter(|row| !row.doubts.is_empty());
    let group = |title: &str, hint: &str, rows: Vec<&Row>| Group {
        title: title.to_owned(),
        hint: hint.to_owned(),
        rows: rows.into_iter().map(|row| offer(row, kept)).collect(),
    };
    let groups = vec![
        group("Doubtful", "Not chosen until you say so: look at each.", doubtful().collect()),
        group("Changed", "Known already; the file says something else than when it was last read.", of(Class::Changed).collect()),
        group("Called off", "The file says that they are cancelled. They stay visible, marked.", of(Class::Cancelled).collect()),
        group("New", "Not known before.", of(Class::New).collect()),
    ];
    let line = |line: u64| if line == 0 { String::new() } else { format!("line {line}") };
    let told = |note: &Note| (line(note.line), note.text.clone());
    Look {
        name: preview.name.clone(),
        partner: String::new(),
        summary: counted(&[
            (of(Class::New).count(), "new"),
            (of(Class::Changed).count(), "changed"),
            (of(Class::Cancelled).count(), "called off"),
            (of(Class::Unchanged).count(), "unchanged"),
            (doubtful().count(), "doubtful"),
            (refused.len(), "refused"),
        ]),
        action: format!("/desk/import/{id}"),
        discard: format!("/desk/import/{id}/discard"),
        mark: preview.mark.clone(),
        groups: groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
        unchanged: of(Class::Unchanged).take(LISTED).map(|row| format!("{}, {}", row.title, row.when)).collect(),
        unchanged_more: of(Class::Unchanged).count().saturating_sub(LISTED),
        refused: refused.iter().map(|note| told(note)).collect(),
        notes: preview.notes.iter().filter(|note| !note.refused).map(told).collect(),
        said: None,
    }
}

fn offer(row: &Row, kept: Option<&BTreeSet<String>>) -> Offer {
    let key = upload::row_key(row);
    let known = row.class != Class::New;
    Offer {
        chosen: row.is_plain() && kept.is_none_or(|kept| kept.contains(&key)),
        key,
        title: row.title.clone(),
        facts: vec![row.when.clone(), row.place.clone()],
        line: format!("line {}", row.line),
        differences: row.differences.iter().map(|one| (one.field.to_owned(), one.old.clone(), one.new.clone())).collect(),
        doubts: row.doubts.clone(),
        event: row.event.filter(|_| known).map(|(id, _)| format!("/events/{id}")),
    }
}

/// “3 new and 1 changed”; “nothing” where all are none.
fn counted(counts: &[(usize, &str)]) -> String {
    let said: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if said.is_empty() { "nothing".to_owned() } else { wording::list(&said) }
}
