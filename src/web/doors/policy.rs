//! `/partners/SLUG/policy` and `/events/ID/policy`: to look at, and to change.

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};
use serde_json::Value;

use crate::app::policy::{Change, OwnPolicy, Setting, change_policy, policy};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Error, Result};
use crate::domain::conflict::{Kind, Policy, Severity};
use crate::domain::wording;
use crate::json::FieldError;
use crate::store::{PolicyChange, PolicyHolder};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, Viewer, say};
use crate::web::layout::badge::capital;
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Choice, Field};
use crate::web::pages::policy::{PolicyGroup, PolicyPage, PolicyRow, policy as page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/partners/<slug>/policy")]
pub async fn of_partner(service: &State<Service>, viewer: Viewer, slug: &str) -> Result<Page, Problem> {
    let whose = slug.parse().map(PolicyHolder::Partner).map_err(|_| Problem::not_found("partner"))?;
    shown(service, &viewer, whose, None).await
}

#[post("/partners/<slug>/policy", data = "<form>")]
pub async fn change_partners(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    slug: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let whose = slug.parse().map(PolicyHolder::Partner).map_err(|_| Problem::not_found("partner"))?;
    changed(service, organizer.0, jar, whose, form).await
}

#[get("/events/<id>/policy")]
pub async fn of_event(service: &State<Service>, viewer: Viewer, id: &str) -> Result<Page, Problem> {
    let whose = id.parse().map(PolicyHolder::Event).map_err(|_| Problem::not_found("event"))?;
    shown(service, &viewer, whose, None).await
}

#[post("/events/<id>/policy", data = "<form>")]
pub async fn change_events(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let whose = id.parse().map(PolicyHolder::Event).map_err(|_| Problem::not_found("event"))?;
    changed(service, organizer.0, jar, whose, form).await
}

type Refused = (Pairs, Vec<FieldError>);

async fn shown(service: &Service, viewer: &Viewer, whose: PolicyHolder, refused: Option<Refused>) -> Result<Page, Problem> {
    let actor = viewer.actor.clone();
    let status = if refused.is_some() { Status::BadRequest } else { Status::Ok };
    let content = service.run(move |app| Ok(page(&fill(app, &actor, &whose, refused.as_ref())?))).await?;
    Ok(Page::new(service, viewer, "Policy", content).with_status(status))
}

async fn changed(
    service: &Service,
    viewer: Viewer,
    jar: &CookieJar<'_>,
    whose: PolicyHolder,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let (actor, holder, typed) = (viewer.actor.clone(), whose.clone(), form.clone());
    let revision: u32 = form.one("revision").parse().map_err(|_| Problem::from(Error::field("revision", "it is missing")))?;
    let done = service
        .run(move |app| {
            let change = Change::Put(read(&typed)?);
            change_policy(app, &actor, &holder, Some(revision), &change, typed.some("reason").as_deref())
        })
        .await;
    match done {
        Ok(_) => {
            say(jar, "Kept. The findings are checked again.");
            Ok(Either::Left(Redirect::to(address(&whose))))
        }
        Err(problem) if problem.is_about_input() => {
            let mistakes = problem.mistakes().to_vec();
            Ok(Either::Right(shown(service, &viewer, whose, Some((form, mistakes))).await?))
        }
        Err(problem) => Err(problem),
    }
}

fn address(whose: &PolicyHolder) -> String {
    match whose {
        PolicyHolder::Partner(slug) => format!("/partners/{slug}/policy"),
        PolicyHolder::Event(id) => format!("/events/{id}/policy"),
    }
}

/// The policy that a form gives: every field that is filled in.
fn read(form: &Pairs) -> Result<Value> {
    let (mut all, mut mistakes) = (Value::Object(serde_json::Map::new()), Vec::new());
    for (path, _) in Policy::default().settings() {
        let Some(text) = form.some(&path) else { continue };
        match Policy::patch_of(&path, &text) {
            Ok(value) => lay(&mut all, &value),
            Err(mistake) => mistakes.push(FieldError { field: mistake.path, message: mistake.message }),
        }
    }
    if mistakes.is_empty() { Ok(all) } else { Err(Error::Invalid(mistakes)) }
}

fn lay(all: &mut Value, value: &Value) {
    if let (Value::Object(all), Value::Object(given)) = (all, value) {
        for (name, inner) in given {
            match all.get_mut(name) {
                Some(known) => lay(known, inner),
                None => drop(all.insert(name.clone(), inner.clone())),
            }
        }
    }
}

fn fill(app: &App, actor: &Actor, whose: &PolicyHolder, refused: Option<&Refused>) -> Result<PolicyPage> {
    let found = policy(app, actor, whose)?;
    let directory = view::directory(app)?;
    let (title, lead, back) = heading(app, actor, whose, &directory)?;
    let errors: Vec<Shown> = refused
        .map(|(_, mistakes)| {
            mistakes.iter().map(|one| Shown { field: one.field.clone(), message: one.message.clone() }).collect()
        })
        .unwrap_or_default();
    Ok(PolicyPage {
        title,
        lead,
        action: found.may_change.then(|| address(whose)),
        revision: found.revision,
        groups: groups(&found, refused.map(|(form, _)| form), &errors, &directory),
        errors,
        history: found.changes.iter().rev().map(|change| told(app, change)).collect(),
        back,
    })
}

fn heading(app: &App, actor: &Actor, whose: &PolicyHolder, directory: &Directory) -> Result<(String, String, (String, String))> {
    const STRICTER: &str = "Where two partners' events clash, the stricter of their policies speaks.";
    Ok(match whose {
        PolicyHolder::Partner(slug) => (
            directory.partner(slug),
            format!("For every event that it hosts, unless the event has a policy of its own. {STRICTER}"),
            ("/desk".to_owned(), "Back to your desk".to_owned()),
        ),
        PolicyHolder::Event(id) => {
            let event = view::bare_event(app, actor, *id)?;
            let host = directory.partner(&event.details.partner);
            (
                event.details.title,
                format!("For this event alone; what is left empty here is as {host} says. {STRICTER}"),
                (format!("/events/{id}"), "Back to the event".to_owned()),
            )
        }
    })
}

fn groups(found: &OwnPolicy, typed: Option<&Pairs>, errors: &[Shown], directory: &Directory) -> Vec<PolicyGroup> {
    let own = found.patch.settings();
    let of = |path: &str| path.split('.').next().unwrap_or_default().to_owned();
    let mut groups: Vec<PolicyGroup> = Vec::new();
    for setting in &found.settings {
        let title = title(&of(&setting.path));
        let said = own.iter().find(|(path, _)| *path == setting.path).map(|(_, value)| value.as_str());
        let value = typed.map_or_else(|| said.unwrap_or_default().to_owned(), |form| form.one(&setting.path).to_owned());
        let row = PolicyRow { field: field(setting, &value).among(errors), holds: holds(setting, directory) };
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => {
                group.rows.push(row);
                group.is_own |= said.is_some();
            }
            None => groups.push(PolicyGroup { title, rows: vec![row], is_own: said.is_some() }),
        }
    }
    groups
}

/// What a rule is called, by its name in a policy.
fn title(name: &str) -> String {
    match name.parse::<Kind>() {
        Ok(kind) => kind.label().to_owned(),
        Err(_) => "For all rules".to_owned(),
    }
}

fn field(setting: &Setting, value: &str) -> Field {
    let name = setting.path.rsplit('.').next().unwrap_or_default();
    let label = match name {
        _ if !setting.path.contains('.') && setting.path.parse::<Kind>().is_ok() => "How grave".to_owned(),
        "ignore" => "Kinds that nobody wants to hear of".to_owned(),
        other => capital(&other.replace('_', " ")),
    };
    if setting.value.parse::<Severity>().is_ok() && name != "free_days" {
        let mut choices = vec![Choice::new("", format!("as before: {}", setting.wider)).chosen(value.is_empty())];
        choices.extend(Severity::ALL.iter().map(|one| Choice::new(one.as_str(), one.as_str()).chosen(value == one.as_str())));
        return Field::select(&setting.path, &label, &choices);
    }
    Field::line("text", &setting.path, &label).value(value)
}

/// “high, as National League of Cities says”.
fn holds(setting: &Setting, directory: &Directory) -> String {
    let value = if setting.value.is_empty() { "none" } else { &setting.value };
    match words::voice(&setting.voice, directory) {
        None => format!("Holds now: {value}, as by default."),
        Some(whose) => format!("Holds now: {value}, as {whose} says; else {}.", setting.wider),
    }
}

/// One change: “`clock_change`: was note, is high.” and by whom.
fn told(app: &App, change: &PolicyChange) -> (String, String) {
    let (before, after) = (change.before.settings(), change.after.settings());
    let value = |all: &[(String, String)], path: &str| {
        all.iter().find(|(known, _)| known == path).map_or_else(|| "left open".to_owned(), |(_, value)| value.clone())
    };
    let mut paths: Vec<&String> = before.iter().chain(&after).map(|(path, _)| path).collect();
    paths.sort();
    paths.dedup();
    let changed = paths.into_iter().filter(|path| value(&before, path) != value(&after, path));
    let each: Vec<String> =
        changed.map(|path| format!("{path}: was {}, is {}", value(&before, path), value(&after, path))).collect();
    let reason = change.reason.as_deref().map(|reason| format!(" “{reason}”")).unwrap_or_default();
    (format!("{}.{reason}", each.join("; ")), format!("{}, {}", change.actor, wording::moment(change.at, app.settings.time_zone)))
}
