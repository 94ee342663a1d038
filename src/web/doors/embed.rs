//! `/embed`: the agenda for an `iframe` on a partner's own site.

use rocket::{State, get};

use crate::app::select::Selection;
use crate::app::{Actor, App, Error, Result, view};
use crate::domain::Days;
use crate::web::answer::Bytes;
use crate::web::db::Service;
use crate::web::doors::calendar::joined;
use crate::web::guards::{Conditions, Pairs};
use crate::web::layout::rows::Link;
use crate::web::pages::embed::{Embed, embed as page};
use crate::web::problem::Problem;
use crate::web::{feeds, words};

/// How many rows it has at most.
const ROWS: usize = 100;

/// Whoever frames it, it shows what is public, and knows nobody: no guard here looks at a cookie.
#[get("/embed")]
pub async fn embed(service: &State<Service>, conditions: Conditions, asked: Pairs) -> Result<Bytes, Problem> {
    let shown = service.run(move |app| fill(app, &asked)).await?;
    let body = page(&shown).into_string();
    Ok(Bytes {
        etag: crate::keys::hash(&body).chars().take(32).collect(),
        body: body.into_bytes().into(),
        content_type: "text/html; charset=utf-8",
        last_modified: None,
        cache_control: "public, max-age=300",
        conditions,
        file_name: None,
    })
}

fn fill(app: &App, asked: &Pairs) -> Result<Embed> {
    let given = || asked.iter().filter(|(_, value)| !value.is_empty());
    let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, given(), &[]))?;
    let today = app.today();
    let window = selection.window(today);
    // Without `past` it begins today.
    let first = if selection.past.is_some() { window.first } else { today };
    let listed = view::list(app, &Actor::Visitor, &selection, Some(Days { first, ..window }))?;
    let mut shown: Vec<_> = listed.iter().flat_map(|one| one.entry.occurrences.iter().map(move |at| (one, at))).collect();
    shown.sort_by_key(|(one, at)| (at.span.start, one.entry.event.id));
    let all = shown.len();
    shown.truncate(ROWS);
    let directory = view::directory(app)?;
    let query = joined(given());
    Ok(Embed {
        title: feeds::title(app, &selection)?,
        rows: shown.iter().map(|(one, at)| words::bare_row(&one.entry.event, Some(at), &directory)).collect(),
        all: Link::new(
            format!("/{}", joined(given().filter(|(name, _)| !matches!(*name, "past" | "future")))),
            if all == 1 { "See it in the calendar".to_owned() } else { format!("See all {all} in the calendar") },
        ),
        subscribe: format!("/subscribe{query}"),
    })
}
