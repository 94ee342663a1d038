//! Looking after outgoing mail: alerts, sending again, addresses that are not written to.

use rocket::form::Form;
use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{FromForm, State, get, post};

use crate::app::{Error, bounces, deliver};
use crate::domain::wording;
use crate::store::{Suppression, SuppressionReason};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, SameOrigin, say};
use crate::web::pages::suppressions::{SuppressionRow, Suppressions, suppressions as page};
use crate::web::problem::Problem;

/// Sends a letter again that failed, or of which nobody knows whether it arrived.
#[post("/desk/mail/<id>/sending")]
pub async fn send_again(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    service.run(move |app| deliver::send_again(app, &actor, id)).await?;
    say(jar, "It goes out again.");
    Ok(Redirect::to(format!("/desk/mail/{id}")))
}

/// Ends all pauses and alerts: what waits is tried at once.
#[post("/desk/mail/resumption")]
pub async fn resume(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    service
        .run(move |app| {
            if !actor.sees_all() {
                return Err(Error::Forbidden("only operators may do that".into()));
            }
            deliver::resume(app)
        })
        .await?;
    say(jar, "What waits is tried now.");
    Ok(Redirect::to("/desk/mail"))
}

/// The addresses that are not written to, for operators and partners' admins.
#[get("/desk/mail/suppressions")]
pub async fn suppressions(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let rows = service
        .run(move |app| {
            let zone = app.settings.time_zone;
            Ok(bounces::suppressions(app, &actor)?.iter().map(|one| row(one, zone)).collect())
        })
        .await?;
    Ok(Page::new(service, &viewer, "Addresses not written to", page(&Suppressions { rows })))
}

fn row(one: &Suppression, zone: chrono_tz::Tz) -> SuppressionRow {
    let why = match one.reason {
        SuppressionReason::Hard => "Nobody is there",
        SuppressionReason::Soft => "Letters came back on three days",
        SuppressionReason::Asked => "Asked for",
    };
    let until = one.until.map_or_else(String::new, |until| format!(", until {}", wording::moment(until, zone)));
    SuppressionRow {
        address: one.address.clone(),
        why: why.to_owned(),
        evidence: one.evidence.clone(),
        when: format!("since {}{until}", wording::moment(one.since, zone)),
    }
}

/// The address to write to again.
#[derive(FromForm)]
pub struct Lifting {
    address: String,
}

/// Writes to an address again.
#[post("/desk/mail/suppressions/lifting", data = "<lifting>")]
pub async fn lift(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    lifting: Form<Lifting>,
) -> Result<Redirect, Problem> {
    let (actor, address) = (organizer.0.actor, lifting.into_inner().address);
    say(jar, "Letters go there again.");
    service.run(move |app| bounces::lift(app, &actor, &address)).await?;
    Ok(Redirect::to("/desk/mail/suppressions"))
}
