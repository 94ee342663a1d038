//! `/desk/sources`: the calendars that are read for a partner.

pub mod doubts;

use std::time::Duration;

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use super::import::{mode, mode_or_none, partner, roles, shown, zone};
use crate::app::doubts::{Asked, list as rows_in_doubt};
use crate::app::sources::{self, Settings};
use crate::app::sync;
use crate::app::upload;
use crate::app::view::{self, SourceView};
use crate::app::{Actor, App, Error, Result};
use crate::domain::{Event, wording};
use crate::store::{Reading, ReadingOutcome, UpstreamCalendar};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Choice, Link};
use crate::web::multipart::FileForm;
use crate::web::pages::sources::{Gone, NewSource, ReadingRow, Removal, SourceFields, SourcePage, Sources, Standing};
use crate::web::pages::sources::{new as new_page, removal as removal_page, source as source_page, sources as sources_page};
use crate::web::problem::Problem;
use crate::web::words;

/// How many readings the page shows; the API gives all that are kept.
const SHOWN: u32 = 30;
/// How many doubtful rows the page shows at once.
const MOST_HELD: usize = 50;

#[get("/desk/sources")]
pub async fn list(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let content = service
        .run(move |app| {
            let all = view::sources(app, &actor)?;
            let directory = view::directory(app)?;
            let named = actor.sees_all();
            let sources: Vec<Standing> = all
                .iter()
                .map(|one| Standing { partner: named.then(|| directory.partner(&one.source.partner)), ..standing(app, one) })
                .collect();
            Ok(sources_page(&Sources { summary: summary(&sources), sources }))
        })
        .await?;
    Ok(Page::new(service, &viewer, "Calendars we read", content))
}

fn summary(all: &[Standing]) -> String {
    let broken = all.iter().filter(|one| one.trouble.is_some()).count();
    let waiting: usize = all.iter().map(|one| one.waiting).sum();
    let held: usize = all.iter().map(|one| one.held).sum();
    let read = match all.len() {
        0 => "None yet".to_owned(),
        1 => "One calendar".to_owned(),
        n => format!("{n} calendars"),
    };
    let trouble = match broken {
        0 => String::new(),
        1 => "; one cannot be read just now".to_owned(),
        n => format!("; {n} cannot be read just now"),
    };
    let asks = match waiting {
        0 => String::new(),
        1 => "; one event waits for a decision".to_owned(),
        n => format!("; {n} events wait for a decision"),
    };
    let rows = match held {
        0 => String::new(),
        1 => "; one row waits for a yes or no".to_owned(),
        n => format!("; {n} rows wait for a yes or no"),
    };
    format!("{read}{trouble}{rows}{asks}.")
}

#[get("/desk/sources/new")]
pub async fn new(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let content = service.run(move |app| Ok(new_page(&form(app, &actor, &Pairs::default(), Vec::new())?))).await?;
    Ok(Page::new(service, &viewer, "Add a calendar", content))
}

/// Adds a calendar and reads it at once.
#[post("/desk/sources/new", data = "<sent>")]
pub async fn add(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    sent: FileForm,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let (actor, fields) = (viewer.actor.clone(), sent.fields.clone());
    match service.run(move |app| added(app, &actor, &sent)).await {
        Ok((id, reading)) => {
            say(jar, &format!("Added. {}", came_of(&reading)));
            Ok(Either::Left(Redirect::to(format!("/desk/sources/{id}"))))
        }
        Err(problem) if problem.is_about_input() => {
            let (actor, mistakes) = (viewer.actor.clone(), shown(problem.mistakes()));
            let content = service.run(move |app| Ok(new_page(&form(app, &actor, &fields, mistakes)?))).await?;
            Ok(Either::Right(Page::new(service, &viewer, "Add a calendar", content).with_status(Status::BadRequest)))
        }
        Err(problem) => Err(problem),
    }
}

fn added(app: &App, actor: &Actor, sent: &FileForm) -> Result<(i64, Reading)> {
    let fields = &sent.fields;
    let (name, content) = &sent.file;
    let address = fields.some("address");
    let new = sync::NewSource {
        partner: partner(actor, fields)?,
        name: fields.some("name").or_else(|| address.is_none().then(|| upload::file_name(name))),
        zone: zone(fields)?,
        roles: roles(fields)?,
        mode: mode(fields)?,
        every: every(fields)?.unwrap_or(Duration::from_hours(1)),
        address,
    };
    if new.address.is_none() && content.is_empty() {
        return Err(Error::field("address", "Give its address, or choose a file."));
    }
    let taken = |error| match error {
        Error::NotPossible(why) => Error::field("address", format!("{why}: it is read, or called so, already")),
        other => other,
    };
    if new.address.is_some() {
        let id = sync::add(app, actor, &new).map_err(taken)?;
        return Ok((id, sync::one(app, id)?));
    }
    upload::must_be_of_a_size(app, content)?;
    let id = sync::add(app, actor, &new).map_err(taken)?;
    Ok((id, sync::upload(app, actor, id, content)?))
}

fn every(fields: &Pairs) -> Result<Option<Duration>> {
    fields.some("every").map(|text| sources::length(&text).map_err(|error| Error::field("every", error))).transpose()
}

#[get("/desk/sources/<id>", rank = 2)]
pub async fn one(service: &State<Service>, organizer: Organizer, id: i64) -> Result<Page, Problem> {
    shown_one(service, organizer, id, None).await
}

async fn shown_one(
    service: &Service,
    organizer: Organizer,
    id: i64,
    typed: Option<(Pairs, Vec<Shown>)>,
) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let (actor, status) = (viewer.actor.clone(), if typed.is_some() { Status::BadRequest } else { Status::Ok });
    let page = service.run(move |app| filled(app, &actor, id, typed)).await?;
    Ok(Page::new(service, &viewer, &page.standing.name, source_page(&page)).with_status(status))
}

/// Changes its settings.
#[post("/desk/sources/<id>", data = "<fields>", rank = 2)]
pub async fn edit(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
    fields: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let (actor, typed) = (organizer.0.actor.clone(), fields.clone());
    let done = service
        .run(move |app| {
            let revision = fields.one("revision").parse().map_err(|_| Error::field("revision", "it is missing"))?;
            let new = Settings {
                name: Some(fields.one("name").to_owned()),
                zone: zone(&fields)?,
                roles: Some(roles(&fields)?.into_iter().collect()),
                mode: Some(mode(&fields)?),
                every: every(&fields)?,
                paused: None,
            };
            sources::edit(app, &actor, id, Some(revision), &new)
        })
        .await;
    match done {
        Ok(()) => {
            say(jar, "Saved.");
            Ok(Either::Left(Redirect::to(format!("/desk/sources/{id}"))))
        }
        Err(problem) if problem.is_about_input() => {
            let mistakes = shown(problem.mistakes());
            Ok(Either::Right(shown_one(service, organizer, id, Some((typed, mistakes))).await?))
        }
        Err(problem) => Err(problem),
    }
}

/// Pauses it, goes on reading it by itself, or reads it now.
#[post("/desk/sources/<id>/<act>", rank = 2)]
pub async fn act(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
    act: &str,
) -> Result<Redirect, Problem> {
    let (actor, act) = (organizer.0.actor, act.to_owned());
    let said = service
        .run(move |app| {
            let pause = |paused| sources::edit(app, &actor, id, None, &Settings { paused: Some(paused), ..Settings::default() });
            Ok(match act.as_str() {
                "pause" => pause(true).map(|()| "Paused: it is not read until you say so.".to_owned())?,
                "resume" => pause(false).map(|()| "It is read again by itself, beginning now.".to_owned())?,
                "reading" => came_of(&sources::read_now(app, &actor, id)?),
                _ => return Err(Error::NotFound("step")),
            })
        })
        .await?;
    say(jar, &said);
    Ok(Redirect::to(format!("/desk/sources/{id}")))
}

/// Takes in a newer file of a calendar that is uploaded by hand.
#[post("/desk/sources/<id>/content", data = "<sent>")]
pub async fn content(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
    sent: FileForm,
) -> Result<Either<Redirect, Page>, Problem> {
    let actor = organizer.0.actor.clone();
    let done = service
        .run(move |app| {
            sources::one(app, &actor, id)?;
            upload::must_be_of_a_size(app, &sent.file.1)?;
            sync::upload(app, &actor, id, &sent.file.1)
        })
        .await;
    match done {
        Ok(reading) => {
            say(jar, &came_of(&reading));
            Ok(Either::Left(Redirect::to(format!("/desk/sources/{id}"))))
        }
        Err(problem) if problem.is_about_input() => {
            let typed = (Pairs::default(), shown(problem.mistakes()));
            Ok(Either::Right(shown_one(service, organizer, id, Some(typed)).await?))
        }
        Err(problem) => Err(problem),
    }
}

/// Asks before it is removed.
#[get("/desk/sources/<id>/removal")]
pub async fn ask_removal(service: &State<Service>, organizer: Organizer, id: i64) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let content = service
        .run(move |app| {
            let found = sources::one(app, &actor, id)?;
            let gave = app.store.read::<_, Error>(|reader| Ok(reader.given_by(id)?.len()))?;
            let back = format!("/desk/sources/{id}");
            let (name, revision) = (found.source.name, found.source.revision);
            Ok(removal_page(&Removal { name, gave, action: format!("{back}/removal"), revision, back }))
        })
        .await?;
    Ok(Page::new(service, &viewer, "Remove a calendar", content))
}

#[post("/desk/sources/<id>/removal", data = "<fields>")]
pub async fn remove(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
    fields: Pairs,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    let revision = fields.one("revision").parse().ok();
    service.run(move |app| sources::remove(app, &actor, id, revision)).await?;
    say(jar, "It is not read any more. The events that it gave stay.");
    Ok(Redirect::to("/desk/sources"))
}

fn form(app: &App, actor: &Actor, typed: &Pairs, errors: Vec<Shown>) -> Result<NewSource> {
    let directory = view::directory(app)?;
    let own = typed.some("partner").or_else(|| actor.partner().map(ToString::to_string)).unwrap_or_default();
    Ok(NewSource {
        action: "/desk/sources/new".to_owned(),
        partners: if actor.sees_all() { words::partner_choices(&directory, &|value| value == own) } else { Vec::new() },
        address: typed.one("address").to_owned(),
        fields: typed_fields(app, typed, errors)?,
    })
}

fn typed_fields(app: &App, typed: &Pairs, errors: Vec<Shown>) -> Result<SourceFields> {
    let directory = view::directory(app)?;
    let roles = typed.all("roles");
    let zone = typed.some("time_zone").unwrap_or_else(|| app.settings.time_zone.name().to_owned());
    Ok(SourceFields {
        name: typed.one("name").to_owned(),
        zones: words::zone_choices(&zone),
        roles: words::role_choices(&directory, &|value| roles.iter().any(|one| one == value)),
        modes: mode_or_none(typed.one("mode")),
        every: interval_choices(&typed.some("every").unwrap_or_else(|| "1h".to_owned())),
        errors,
    })
}

fn interval_choices(chosen: &str) -> Vec<Choice> {
    let known =
        [("15m", "Every 15 minutes"), ("1h", "Every hour"), ("6h", "Every 6 hours"), ("1d", "Every day"), ("7d", "Every week")];
    let own =
        (!known.iter().any(|(value, _)| *value == chosen)).then(|| Choice::new(chosen, format!("Every {chosen}")).chosen(true));
    known.iter().map(|(value, label)| Choice::new(*value, *label).chosen(*value == chosen)).chain(own).collect()
}

/// Its settings as a form would send them.
fn as_typed(source: &UpstreamCalendar) -> Pairs {
    let mut pairs = vec![
        ("name".to_owned(), source.name.clone()),
        ("time_zone".to_owned(), source.zone.name().to_owned()),
        ("every".to_owned(), interval(source.every)),
        ("mode".to_owned(), source.mode.map(|mode| mode.as_str().to_owned()).unwrap_or_default()),
    ];
    pairs.extend(source.roles.iter().map(|role| ("roles".to_owned(), role.to_string())));
    Pairs(pairs)
}

fn interval(every: Duration) -> String {
    match every.as_secs() {
        seconds if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        seconds if seconds % 3600 == 0 => format!("{}h", seconds / 3600),
        seconds => format!("{}m", seconds / 60),
    }
}

fn filled(app: &App, actor: &Actor, id: i64, typed: Option<(Pairs, Vec<Shown>)>) -> Result<SourcePage> {
    let found = sources::one(app, actor, id)?;
    let zone = app.settings.time_zone;
    let (pairs, errors) = match typed {
        Some((pairs, errors)) if !pairs.0.is_empty() => (pairs, errors),
        Some((_, errors)) => (as_typed(&found.source), errors),
        None => (as_typed(&found.source), Vec::new()),
    };
    let gone = |(event, one): &(Event, crate::store::Withdrawn)| Gone {
        event: Link::new(format!("/events/{}", event.id), &event.details.title),
        when: wording::when(event.details.when, event.details.zone),
        since: wording::moment(one.since, zone),
        action: format!("/events/{}/upstream/", event.id),
    };
    let (mut held, left_out): (Vec<Asked>, Vec<Asked>) =
        rows_in_doubt(app, actor, id)?.into_iter().partition(|one| one.doubt.answered.is_none());
    let held_more = held.len().saturating_sub(MOST_HELD);
    held.truncate(MOST_HELD);
    Ok(SourcePage {
        standing: standing(app, &found),
        held: held.iter().map(|one| doubts::held_row(one, zone)).collect(),
        answer_all: format!("/desk/sources/{id}/doubts"),
        held_more,
        left_out: left_out.iter().take(MOST_HELD).map(|one| doubts::held_row(one, zone)).collect(),
        action: format!("/desk/sources/{id}"),
        revision: found.source.revision,
        is_uploaded: found.source.address.is_none(),
        withdrawn: found.withdrawn.iter().map(gone).collect(),
        fields: typed_fields(app, &pairs, errors)?,
        readings: sources::readings(app, actor, id, SHOWN)?.iter().map(|one| reading_row(one, zone)).collect(),
    })
}

/// How a calendar stands, in words.
pub(super) fn standing(app: &App, view: &SourceView) -> Standing {
    let SourceView { source, last, withdrawn, held } = view;
    let zone = app.settings.time_zone;
    let since = |at| wording::moment(at, zone);
    let read = match last {
        None => "Not read yet.".to_owned(),
        Some(last) if last.outcome == ReadingOutcome::Failed => format!("Last tried {}.", since(last.at)),
        Some(last) => format!("Read {}, in {}: {}", since(last.at), took(last.took), lower(&came_of(last))),
    };
    let why = last.as_ref().and_then(|last| last.message.clone()).unwrap_or_else(|| "the reason is not on record".to_owned());
    let trouble = source.failing_since.map(|at| {
        format!("It cannot be read since {}: {why}. What was read before still shows; it is tried again by itself.", since(at))
    });
    Standing {
        href: format!("/desk/sources/{}", source.id),
        name: source.name.clone(),
        partner: None,
        place: source.address.as_ref().map_or_else(|| "Uploaded by hand".to_owned(), |_| sync::named(source)),
        read,
        next: source.next_at.filter(|_| source.paused_at.is_none()).map(|at| format!("Next on {}.", since(at.max(app.now())))),
        trouble,
        paused: source.paused_at.map(|at| format!("Paused since {}.", since(at))),
        waiting: withdrawn.len(),
        held: *held,
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

fn took(time: Duration) -> String {
    match time.as_millis() {
        ms @ 0..100 => format!("{ms} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

/// What a reading came to: “2 new and 1 changed.”
pub(super) fn came_of(reading: &Reading) -> String {
    if reading.outcome == ReadingOutcome::Failed {
        let why = reading.message.as_deref().unwrap_or("it failed");
        return format!("It could not be read: {why}.");
    }
    let counts = [
        (reading.new, "new"),
        (reading.changed, "changed"),
        (reading.unchanged, "unchanged"),
        (reading.held, "held for a yes or no"),
        (reading.gone, "withdrawn"),
        (reading.refused, "not understood"),
    ];
    let told: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if told.is_empty() { "Nothing in it.".to_owned() } else { format!("{}.", wording::list(&told)) }
}

fn reading_row(one: &Reading, zone: chrono_tz::Tz) -> ReadingRow {
    let is_read = one.outcome != ReadingOutcome::Failed;
    ReadingRow {
        at: wording::moment(one.at, zone),
        took: format!("in {}", took(one.took)),
        outcome: match one.outcome {
            ReadingOutcome::Read => "Read".to_owned(),
            ReadingOutcome::NotModified => "As it was".to_owned(),
            ReadingOutcome::Failed => "Could not be read".to_owned(),
        },
        counts: is_read.then_some([one.new, one.changed, one.unchanged, one.held, one.gone, one.refused]),
        message: one.message.clone(),
    }
}
