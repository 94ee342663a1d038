//! `/findings/FINGERPRINT`: one finding with its history; and deciding to go on in spite of it.

use chrono::SecondsFormat;
use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use crate::app::life::{LifeMoment, life, note_seen};
use crate::app::overrides::override_finding;
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Result};
use crate::domain::conflict::Moment;
use crate::domain::wording;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, Viewer, say};
use crate::web::layout::finding::OverrideForm;
use crate::web::pages::life::{LifePage, MomentRow, life as page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/findings/<fingerprint>")]
pub async fn one(service: &State<Service>, viewer: Viewer, fingerprint: &str) -> Result<Page, Problem> {
    let (actor, fingerprint) = (viewer.actor.clone(), fingerprint.to_owned());
    let shown = service.run(move |app| fill(app, &actor, &fingerprint, None)).await?;
    Ok(Page::new(service, &viewer, &shown.card.kind, page(&shown)))
}

#[post("/findings/<fingerprint>/override", data = "<form>")]
pub async fn go_on(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    fingerprint: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    let (actor, print, typed) = (viewer.actor.clone(), fingerprint.to_owned(), form.clone());
    let decide = move |app: &App| override_finding(app, &actor, &print, typed.one("reason"), typed.some("expires").as_deref());
    match service.run(decide).await {
        Ok(stored) => {
            say(jar, "Your reason is kept with the finding.");
            let event = stored.finding.events.first();
            Ok(Either::Left(Redirect::to(event.map_or_else(|| "/findings".to_owned(), |id| format!("/events/{id}#findings")))))
        }
        Err(problem) if problem.is_about_input() => {
            let wrong = |field: &str| problem.mistakes().iter().find(|one| one.field == field).map(|one| one.message.clone());
            let refused = OverrideForm {
                action: format!("/findings/{fingerprint}/override"),
                reason: form.one("reason").to_owned(),
                error: wrong("reason"),
                expires: form.one("expires").to_owned(),
                expires_error: wrong("expires"),
            };
            let (actor, print) = (viewer.actor.clone(), fingerprint.to_owned());
            let shown = service.run(move |app| fill(app, &actor, &print, Some(refused))).await?;
            Ok(Either::Right(Page::new(service, &viewer, &shown.card.kind, page(&shown)).with_status(Status::BadRequest)))
        }
        Err(problem) => Err(problem),
    }
}

fn fill(app: &App, actor: &Actor, fingerprint: &str, refused: Option<OverrideForm>) -> Result<LifePage> {
    let directory = view::directory(app)?;
    let whole = life(app, actor, fingerprint)?;
    let shown = std::slice::from_ref(&whole.stored);
    if whole.stands {
        note_seen(app, actor, shown)?;
    }
    let mut cards = words::cards(app, actor, shown, &directory)?;
    let mut card = cards.pop().ok_or(crate::app::Error::NotFound("finding"))?;
    card.page = None;
    match refused {
        Some(form) => card.form = Some(form),
        None if !whole.stands => card.form = None,
        None => {}
    }
    let row = |moment: &LifeMoment| row(app, moment, &directory);
    Ok(LifePage {
        card,
        gone: (!whole.stands).then(|| "It is gone: what it was about does not clash like this any more.".to_owned()),
        moments: (!whole.moments.is_empty()).then(|| whole.moments.iter().rev().map(row).collect()),
    })
}

fn row(app: &App, moment: &LifeMoment, directory: &Directory) -> MomentRow {
    let who = match (&moment.by, &moment.partner) {
        (Some(by), Some(partner)) => format!("{by} ({})", directory.partner(partner)),
        (Some(by), None) => by.clone(),
        (None, _) => "nobody".to_owned(),
    };
    let now = words::level(moment.severity).word().to_lowercase();
    let what = match (moment.what, moment.was) {
        (Moment::Opened, _) => format!("Found: {now}."),
        (Moment::Changed, Some(was)) if was < moment.severity => {
            format!("Graver: from {} to {now}.", words::level(was).word().to_lowercase())
        }
        (Moment::Changed, Some(was)) if was > moment.severity => {
            format!("Less grave: from {} to {now}.", words::level(was).word().to_lowercase())
        }
        (Moment::Changed, _) => "Its days, its place or whom it is about changed.".to_owned(),
        (Moment::Seen, _) => format!("Seen by {}.", sentence_case(&who, false)),
        (Moment::Told, _) => format!("{} was written to.", sentence_case(&who, true)),
        (Moment::Overridden, _) => format!("{} decided to go on all the same.", sentence_case(&who, true)),
        (Moment::Withdrawn, _) => format!("{} withdrew the decision: it stands again.", sentence_case(&who, true)),
        (Moment::Expired, _) => "The decision expired: it stands again.".to_owned(),
        (Moment::Gone, _) => "Gone.".to_owned(),
        (Moment::Back, _) => format!("Back: {now}."),
    };
    let decided = moment.decision.as_ref().filter(|_| moment.what == Moment::Overridden);
    let note = decided.map(|decision| {
        let until = decision.expiry.map_or_else(String::new, |expiry| format!(" (until {})", words::until(expiry)));
        format!("“{}”{until}", decision.reason)
    });
    MomentRow {
        when: wording::moment(moment.at, app.settings.time_zone),
        datetime: moment.at.to_rfc3339_opts(SecondsFormat::Secs, true),
        what,
        note,
    }
}

/// “another partner” begins a sentence with a capital.
fn sentence_case(who: &str, begins: bool) -> String {
    let mut letters = who.chars();
    match letters.next() {
        Some(first) if begins => first.to_uppercase().chain(letters).collect(),
        _ => who.to_owned(),
    }
}
