//! A calendar's doubtful rows: shown with what they would change, and answered with yes or no.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{State, post};

use crate::app::Error;
use crate::app::doubts::{self, Asked};
use crate::app::import::Class;
use crate::domain::wording;
use crate::store::DoubtAnswer;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::pages::sources::HeldRow;
use crate::web::problem::Problem;

/// Takes all doubtful rows that were shown in, or leaves them out.
#[post("/desk/sources/<id>/doubts", data = "<fields>")]
pub async fn answer_all(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
    fields: Pairs,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    let row = |text: &str| text.split_once(':').and_then(|(row, mark)| Some((row.parse().ok()?, mark.to_owned())));
    let count = service
        .run(move |app| {
            let said = fields.one("answer").parse().map_err(|_| Error::field("answer", "Say yes or no."))?;
            let rows: Option<Vec<(i64, String)>> =
                fields.iter().filter(|(name, _)| *name == "row").map(|(_, text)| row(text)).collect();
            let rows = rows.ok_or_else(|| Error::field("row", "A row is its number and its mark."))?;
            doubts::answer_all(app, &actor, &rows, said)?;
            Ok(rows.len())
        })
        .await?;
    say(jar, &format!("{count} rows are answered."));
    Ok(Redirect::to(format!("/desk/sources/{id}")))
}

/// Takes a doubtful row in, or leaves it out.
#[post("/desk/sources/<id>/doubts/<row>", data = "<fields>")]
pub async fn answer(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    id: i64,
    row: i64,
    fields: Pairs,
) -> Result<Redirect, Problem> {
    let actor = organizer.0.actor;
    let said = service
        .run(move |app| {
            let said = fields.one("answer").parse().map_err(|_| Error::field("answer", "Say yes or no."))?;
            doubts::answer(app, &actor, row, fields.one("mark"), said)?;
            Ok(if said == DoubtAnswer::Yes { "It is taken in." } else { "It stays out, until its calendar says something else." })
        })
        .await?;
    say(jar, said);
    Ok(Redirect::to(format!("/desk/sources/{id}")))
}

/// A row with why it is doubtful, and what a yes would make of it.
pub(super) fn held_row(one: &Asked, zone: chrono_tz::Tz) -> HeldRow {
    let Asked { doubt, row, mark } = one;
    let line = (row.line > 0).then(|| format!("line {}", row.line));
    let becomes = match row.class {
        Class::New => "it would be new",
        Class::Changed => "it would change an event",
        Class::Cancelled => "it would call an event off",
        Class::Unchanged => "it is so here already",
    };
    let since = format!("waiting since {}", wording::moment(doubt.since, zone));
    let facts = [Some(row.when.clone()), Some(row.place.clone()), line, Some(becomes.to_owned()), Some(since)];
    let said = doubt.answered.as_ref();
    HeldRow {
        title: doubt.title.clone(),
        facts: facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect(),
        event: row.event.map(|(id, _)| format!("/events/{id}")),
        differences: row.differences.iter().map(|one| (one.field.to_owned(), one.old.clone(), one.new.clone())).collect(),
        reasons: doubt.reasons.clone(),
        said: said.map(|said| format!("Left out by {}, {}.", said.by, wording::moment(said.at, zone))),
        action: format!("/desk/sources/{}/doubts/{}", doubt.source, doubt.id),
        mark: mark.clone(),
        named: format!("{}:{mark}", doubt.id),
    }
}
