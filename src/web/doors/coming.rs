//! `/events/ID/guests`, `/coming/…`, `/off/…`: saying that one comes, and off; and who comes.

use rocket::http::Status;
use rocket::{State, get, post};

use crate::app::coming::{self, Asked, Expected, date_key};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Result};
use crate::domain::agenda::Entry;
use crate::domain::{EventId, wording};
use crate::store::{Guest, GuestState};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, Viewer};
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::rows::Link;
use crate::web::layout::{Choice, Level};
use crate::web::pages::coming::{Answer, AskSpeaker, GuestRow, Guests, SayComing, answer, guests as page, say_coming};
use crate::web::pages::notice::{Notice, notice};
use crate::web::problem::Problem;

/// What was refused, as it was typed, and what is wrong with it.
type Refused<'a> = Option<(&'a Pairs, &'a [Shown])>;

#[get("/events/<id>/guests")]
pub async fn guests(service: &State<Service>, organizer: Organizer, id: &str) -> Result<Page, Problem> {
    let id = event_id(id)?;
    let (actor, viewer) = (organizer.0.actor.clone(), organizer.0);
    let content = service.run(move |app| Ok(page(&fill(app, &actor, id, None)?))).await?;
    Ok(Page::new(service, &viewer, "Who comes", content))
}

/// Anybody says that they come; those who call it ask one of its speakers.
#[post("/events/<id>/guests", data = "<form>")]
pub async fn say(service: &State<Service>, viewer: Viewer, _same: SameOrigin, id: &str, form: Pairs) -> Result<Page, Problem> {
    let id = event_id(id)?;
    let (actor, wish) = (viewer.actor.clone(), asked(&form));
    let is_speaker = !wish.speaker.is_empty();
    match service.run(move |app| coming::ask(app, &actor, id, &wish)).await {
        Ok(()) => {
            let (title, text) = if is_speaker {
                ("They are asked", "If they did not say yes before, a letter with a link is on its way to them.")
            } else {
                (
                    "Look at your mail",
                    "If you did not say so before, a letter with a link is on its way to you. You come once you follow it.",
                )
            };
            let limit = "To one address at most three such letters go a day, and one in ten minutes for one event.";
            Ok(said(service, &viewer, title, &[text, limit], &format!("/events/{id}")))
        }
        Err(problem) if problem.is_about_input() => {
            let actor = viewer.actor.clone();
            let mistakes = problem.mistakes().iter();
            let errors: Vec<Shown> =
                mistakes.map(|one| Shown { field: one.field.clone(), message: one.message.clone() }).collect();
            let content = service
                .run(move |app| {
                    if is_speaker {
                        return Ok(page(&fill(app, &actor, id, Some((&form, &errors)))?));
                    }
                    let whole = view::event(app, &actor, id)?;
                    Ok(say_coming(&form_for(app, &whole.entry, Some((&form, &errors))).unwrap_or_default()))
                })
                .await?;
            Ok(Page::new(service, &viewer, "Do you come?", with_heading(is_speaker, content)).with_status(Status::BadRequest))
        }
        Err(problem) => Err(problem),
    }
}

/// The panel alone has no first heading.
fn with_heading(is_whole: bool, content: maud::Markup) -> maud::Markup {
    if is_whole {
        content
    } else {
        maud::html! { (crate::web::layout::heading("Say that you come", None)) (content) }
    }
}

fn asked(form: &Pairs) -> Asked {
    Asked {
        email: form.one("email").to_owned(),
        name: form.one("name").to_owned(),
        date: form.one("date").to_owned(),
        speaker: form.one("speaker").to_owned(),
    }
}

/// The form on an event's page; `None` where there is nothing to come to.
pub(super) fn form_for(app: &App, entry: &Entry, refused: Refused<'_>) -> Option<SayComing> {
    let dates = dates(app, entry, refused)?;
    let typed = |field: &str| refused.map(|(form, _)| form.one(field).to_owned()).unwrap_or_default();
    Some(SayComing {
        action: format!("/events/{}/guests", entry.event.id),
        dates,
        email: typed("email"),
        name: typed("name"),
        errors: refused.map(|(_, errors)| errors.to_vec()).unwrap_or_default(),
    })
}

/// The dates of a series to choose from; `None` where nothing is to come.
fn dates(app: &App, entry: &Entry, refused: Refused<'_>) -> Option<Vec<Choice>> {
    let times = coming::upcoming(entry, app.now());
    if times.is_empty() {
        return None;
    }
    if entry.event.details.recurrence.is_none() {
        return Some(Vec::new());
    }
    let zone = entry.event.details.zone;
    let chosen = refused.map(|(form, _)| form.one("date").to_owned()).unwrap_or_default();
    let choice = |key: String, words: String| Choice::new(key.clone(), words).chosen(key == chosen);
    Some(times.iter().take(60).map(|one| choice(date_key(one.original), wording::when(one.when, zone))).collect())
}

fn fill(app: &App, actor: &Actor, id: EventId, refused: Refused<'_>) -> Result<Guests> {
    let (entry, guests) = coming::guests(app, actor, id)?;
    let directory = view::directory(app)?;
    let coming = guests.iter().filter(|guest| guest.state == GuestState::Coming).count();
    Ok(Guests {
        title: entry.event.details.title.clone(),
        event: format!("/events/{id}"),
        tally: if coming == 1 { "One person comes.".to_owned() } else { format!("{coming} people come.") },
        rows: guests.iter().map(|guest| row(app, &entry, guest)).collect(),
        ask: speakers(app, &entry, &directory, refused),
    })
}

fn speakers(app: &App, entry: &Entry, directory: &Directory, refused: Refused<'_>) -> Option<AskSpeaker> {
    let dates = dates(app, entry, refused)?;
    let typed = |field: &str| refused.map(|(form, _)| form.one(field).to_owned()).unwrap_or_default();
    let named = directory.people.iter().filter(|person| entry.event.details.speakers.contains(&person.slug));
    let speakers: Vec<Choice> = named
        .map(|one| Choice::new(one.slug.to_string(), one.name.clone()).chosen(typed("speaker") == one.slug.as_str()))
        .collect();
    (!speakers.is_empty()).then(|| AskSpeaker {
        action: format!("/events/{}/guests", entry.event.id),
        speakers,
        dates,
        email: typed("email"),
        errors: refused.map(|(_, errors)| errors.to_vec()).unwrap_or_default(),
    })
}

fn row(app: &App, entry: &Entry, guest: &Guest) -> GuestRow {
    let zone = app.settings.time_zone;
    let state = match (guest.state, &guest.speaker) {
        (GuestState::Off, _) => "said off",
        (_, Some(_)) => "speaks",
        (_, None) => "comes",
    };
    let way = if guest.asked_by.is_some() { "asked by you, said yes" } else { "by the form, confirmed by mail" };
    let mut how = guest.confirmed_at.map_or_else(String::new, |at| format!("{way}, {}", wording::moment(at, zone)));
    if let Some(at) = guest.off_at {
        how = format!("{how}; off {}", wording::moment(at, zone));
    }
    let date = guest.original.map(|at| {
        let now =
            entry.occurrences.iter().find(|one| one.original == at).map(|one| wording::when(one.when, entry.event.details.zone));
        now.unwrap_or_else(|| at.date().to_string())
    });
    let name = guest.name.clone().unwrap_or_else(|| guest.email.clone());
    GuestRow { name, email: guest.email.clone(), state: state.to_owned(), date, how }
}

#[get("/coming/<secret>")]
pub async fn look(service: &State<Service>, viewer: Viewer, secret: &str) -> Result<Page, Problem> {
    let own = secret.to_owned();
    let found = service.run(move |app| coming::to_confirm(app, &own)).await?;
    if found.guest.state == GuestState::Coming {
        return Ok(confirmed(service, &viewer, &found));
    }
    let content = answer(&Answer {
        title: "Do you come?".to_owned(),
        text: "After your yes the entry for your calendar is mailed to you.".to_owned(),
        action: format!("/coming/{secret}"),
        button: "Yes, I come".to_owned(),
        event: found.title,
        when: found.when_words,
    });
    Ok(Page::new(service, &viewer, "Do you come?", content))
}

#[post("/coming/<secret>")]
pub async fn confirm(service: &State<Service>, viewer: Viewer, _same: SameOrigin, secret: &str) -> Result<Page, Problem> {
    let own = secret.to_owned();
    let found = service.run(move |app| coming::confirm(app, &own)).await?;
    Ok(confirmed(service, &viewer, &found))
}

fn confirmed(service: &Service, viewer: &Viewer, found: &Expected) -> Page {
    let text = format!("You come to “{}”, {}.", found.title, found.when_words);
    let more = "The entry for your calendar is in your mail. The link in that letter says off.";
    said(service, viewer, "You are expected", &[&text, more], &format!("/events/{}", found.guest.event))
}

#[get("/off/<token>")]
pub async fn look_off(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    let found = service.run(move |app| coming::to_say_off(app, &own)).await?;
    if found.guest.state == GuestState::Off {
        return Ok(gone(service, &viewer, &found));
    }
    let content = answer(&Answer {
        title: "You do not come?".to_owned(),
        text: "The entry leaves your calendar, and nothing more is sent about it. You may say later that you come after all."
            .to_owned(),
        action: format!("/off/{token}"),
        button: "I do not come".to_owned(),
        event: found.title,
        when: found.when_words,
    });
    Ok(Page::new(service, &viewer, "You do not come?", content))
}

#[post("/off/<token>")]
pub async fn say_off(service: &State<Service>, viewer: Viewer, _same: SameOrigin, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    let found = service.run(move |app| coming::say_off(app, &own)).await?;
    Ok(gone(service, &viewer, &found))
}

fn gone(service: &Service, viewer: &Viewer, found: &Expected) -> Page {
    let text = format!("You do not come to “{}”.", found.title);
    let more = "A letter on its way takes the entry from your calendar. Nothing more is sent about it.";
    said(service, viewer, "You said off", &[&text, more], &format!("/events/{}", found.guest.event))
}

fn said(service: &Service, viewer: &Viewer, title: &str, text: &[&str], event: &str) -> Page {
    let ways = vec![Link::new(event, "The event"), Link::new("/", "The calendar")];
    let text = text.iter().map(|one| (*one).to_owned()).collect();
    let level: Option<Level> = None;
    Page::new(service, viewer, title, notice(&Notice { title: title.to_owned(), text, ways, level, ..Notice::default() }))
}

fn event_id(text: &str) -> Result<EventId, Problem> {
    text.parse().map_err(|_| Problem::not_found("event"))
}
