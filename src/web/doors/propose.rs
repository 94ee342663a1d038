//! `/propose`: put a session forward; check its dates before anything is stored.

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use crate::app::propose::{self, Verdict as Found};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Error, Result};
use crate::domain::conflict::Severity;
use crate::domain::{EventStatus, Span, Venue, wording};
use crate::json::{Draft, FieldError};
use crate::store::{EventFilter, StoredFinding};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::doors::better;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::layout::finding::tally;
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::{Choice, FindingCard};
use crate::web::pages::propose::{BetterDates, Propose, ProposeForm, Verdict, propose as page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/propose")]
pub async fn form(service: &State<Service>, organizer: Organizer, asked: Pairs) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let content = service.run(move |app| Ok(page(&Propose { form: filled(app, &actor, &asked)?, ..Propose::default() }))).await?;
    Ok(Page::new(service, &viewer, "Propose", content))
}

#[post("/propose", data = "<form>")]
pub async fn put_forward(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let form = better::taken(form);
    let stores = form.one("act") == "propose";
    let (actor, typed) = (viewer.actor.clone(), form.clone());
    let done = service
        .run(move |app| {
            let draft = draft_of(&typed)?;
            if stores {
                return propose::propose(app, &actor, &draft, EventStatus::Proposed).map(|found| (found, Vec::new(), Vec::new()));
            }
            let found = propose::check(app, &actor, &draft)?;
            let stored: Vec<StoredFinding> = found
                .findings
                .iter()
                .map(|finding| StoredFinding { finding: finding.clone(), found_at: app.now(), overridden: None })
                .collect();
            let cards = words::draft_cards(app, &actor, &stored, Some(&found.event), &view::directory(app)?)?;
            let better = better::offers(app, &actor, &found.event)?;
            Ok((found, cards, better))
        })
        .await;
    let actor = viewer.actor.clone();
    let (errors, verdict, status) = match done {
        Ok((found, ..)) if stores => {
            say(jar, "Proposed. Only the partners named see it until it is confirmed.");
            return Ok(Either::Left(Redirect::to(format!("/events/{}", found.event.id))));
        }
        Ok((found, cards, better)) => (Vec::new(), Some(verdict(&found, cards, better)), Status::Ok),
        Err(problem) if problem.is_about_input() => (shown(problem.mistakes()), None, Status::BadRequest),
        Err(problem) => return Err(problem),
    };
    let content = service.run(move |app| Ok(page(&Propose { form: filled(app, &actor, &form)?, errors, verdict }))).await?;
    Ok(Either::Right(Page::new(service, &viewer, "Propose", content).with_status(status)))
}

fn verdict(found: &Found, findings: Vec<FindingCard>, better: Vec<BetterDates>) -> Verdict {
    let details = &found.event.details;
    let levels: Vec<_> = found.findings.iter().map(|finding| words::level(finding.severity)).collect();
    let blocks = found.findings.iter().any(|finding| finding.severity == Severity::Block);
    let sentence = match (levels.is_empty(), blocks) {
        (true, _) => "These dates look clear.".to_owned(),
        (false, true) => format!("{}; something stands in the way.", tally(&levels)),
        (false, false) => format!("{}; nothing stands in the way.", tally(&levels)),
    };
    Verdict {
        about: format!("{}, {}", wording::when(details.when, details.zone), wording::place(details)),
        sentence,
        findings,
        better,
    }
}

/// Mistakes by the names that the form's fields have.
fn shown(mistakes: &[FieldError]) -> Vec<Shown> {
    let field = |name: &str| match name {
        "start" => "start_date".to_owned(),
        "end" => "end_date".to_owned(),
        "co_hosts" => "partner".to_owned(),
        other => other.replace("venue.", "venue_"),
    };
    mistakes.iter().map(|mistake| Shown { field: field(&mistake.field), message: mistake.message.clone() }).collect()
}

/// The draft that a form gives.
fn draft_of(form: &Pairs) -> Result<Draft> {
    let all_day = !form.one("all_day").is_empty();
    let moment = |day: &str, time: &str| match (form.some(day), form.some(time)) {
        (Some(day), Some(time)) if !all_day => Some(format!("{day}T{time}")),
        (Some(day), _) => Some(day),
        (None, _) => None,
    };
    let number = |name: &str| match form.some(name) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| Error::field(name, format!("“{text}” is no number of people."))),
    };
    let speakers =
        form.one("speakers").split(['\n', ',']).map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    Ok(Draft {
        kind: form.some("kind"),
        title: form.one("title").to_owned(),
        description: form.one("description").to_owned(),
        url: form.some("url"),
        join_url: form.some("join_url"),
        partner: form.some("partner"),
        cohort: form.some("cohort"),
        anchor: form.some("anchor"),
        roles: form.all("roles"),
        states: form.some("states").into_iter().collect(),
        speakers,
        expected: number("expected")?,
        mode: form.some("mode"),
        venue: Some(Venue {
            name: form.some("venue_name"),
            room: form.some("venue_room"),
            city: form.some("venue_city"),
            state: form.some("venue_state"),
            country: form.some("venue_country"),
            capacity: number("venue_capacity")?,
            ..Venue::default()
        }),
        all_day: Some(all_day),
        start: moment("start_date", "start_time").unwrap_or_default(),
        end: moment("end_date", "end_time"),
        time_zone: form.some("time_zone"),
        ..Draft::default()
    })
}

fn filled(app: &App, actor: &Actor, form: &Pairs) -> Result<ProposeForm> {
    let directory = view::directory(app)?;
    let own = actor.partner().map(ToString::to_string).unwrap_or_default();
    let partner = form.some("partner").unwrap_or(own);
    let one = |name: &str| form.one(name).to_owned();
    let kind = form.some("kind").unwrap_or_else(|| "session".to_owned());
    let mode = form.some("mode").unwrap_or_else(|| "in_person".to_owned());
    let zone = form.some("time_zone").unwrap_or_else(|| app.settings.time_zone.name().to_owned());
    let roles = form.all("roles");
    let may = |slug: &str| slug.parse().is_ok_and(|slug| actor.must_act_for(&slug).is_ok());
    let mut partners = words::partner_choices(&directory, &|slug| slug == partner);
    partners.retain(|choice| may(&choice.value));
    Ok(ProposeForm {
        action: "/propose".to_owned(),
        title: one("title"),
        kinds: vec![
            Choice::new("session", "Session of a cohort or a role-alike group").chosen(kind == "session"),
            Choice::new("convening", "Convening: a conference, meeting or webinar").chosen(kind == "convening"),
        ],
        partners,
        roles: words::role_choices(&directory, &|slug| roles.iter().any(|one| one == slug)),
        cohorts: cohorts(&directory, form),
        states: one("states"),
        anchors: anchors(app, form)?,
        modes: words::mode_choices(&|slug| slug == mode),
        venue_name: one("venue_name"),
        venue_room: one("venue_room"),
        venue_city: one("venue_city"),
        venue_state: one("venue_state"),
        venue_country: one("venue_country"),
        venue_capacity: one("venue_capacity"),
        join_url: one("join_url"),
        all_day: !form.one("all_day").is_empty(),
        start_date: one("start_date"),
        start_time: one("start_time"),
        end_date: one("end_date"),
        end_time: one("end_time"),
        zones: words::zone_choices(&zone),
        speakers: one("speakers"),
        expected: one("expected"),
        url: one("url"),
        description: one("description"),
    })
}

fn cohorts(directory: &Directory, form: &Pairs) -> Vec<Choice> {
    let none = Choice::new("", "None").chosen(form.one("cohort").is_empty());
    let each = directory
        .cohorts
        .iter()
        .map(|cohort| Choice::new(cohort.slug.as_str(), &cohort.name).chosen(form.one("cohort") == cohort.slug.as_str()));
    std::iter::once(none).chain(each).collect()
}

/// Public convenings of the next three years that something can be set beside.
fn anchors(app: &App, form: &Pairs) -> Result<Vec<Choice>> {
    let now = app.now();
    app.store.read::<_, Error>(|reader| {
        let mut entries = reader.entries(&EventFilter { within: Some(Span::new(now, now + chrono::Duration::days(1100))) })?;
        entries.retain(|entry| entry.event.is_public() && !entry.event.status.is_off() && entry.event.details.is_in_person());
        entries.sort_by_key(|entry| (entry.event.details.when.wall_start(), entry.event.id));
        let none = Choice::new("", "Nothing").chosen(form.one("anchor").is_empty());
        let each = entries.iter().map(|entry| {
            let (id, details) = (entry.event.id.to_string(), &entry.event.details);
            Choice::new(&id, format!("{}, {}", details.title, wording::days(details.when.days())))
                .chosen(form.one("anchor") == id)
        });
        Ok(std::iter::once(none).chain(each).collect())
    })
}
