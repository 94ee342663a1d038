//! `GET /feeds/…`: what calendar programs subscribe to.

use rocket::{State, get};

use super::answer::Bytes;
use super::db::Service;
use super::guards::{Conditions, Pairs};
use super::problem::Problem;
use crate::app::publish::{Feed, Form, feed, private_feed};
use crate::app::select::Selection;
use crate::app::{Error, feed_keys, view};
use crate::domain::wording;
use crate::store::FeedHolder;

/// `/feeds/all.ics` and its forms, narrowed by the query.
#[get("/feeds/<name>")]
pub async fn all(service: &State<Service>, conditions: Conditions, asked: Pairs, name: &str) -> Result<Bytes, Problem> {
    match split(name) {
        Some(("all", form)) => publish(service, conditions, asked, None, form).await,
        _ => Err(Problem::not_found("feed")),
    }
}

/// `/feeds/roles/SLUG.ics`, the same of partners, cohorts and anchors; and with a secret, of teams and organizers.
#[get("/feeds/<group>/<name>")]
pub async fn one(
    service: &State<Service>,
    conditions: Conditions,
    asked: Pairs,
    group: &str,
    name: &str,
) -> Result<Bytes, Problem> {
    // Without a value there would be no filter, and all would be given for one.
    let Some((value, form)) = split(name).filter(|(value, _)| !value.is_empty()) else { return Err(Problem::not_found("feed")) };
    let filter = match group {
        "roles" | "partners" | "cohorts" => group,
        "anchors" => "anchor",
        "teams" | "organizers" => return private(service, conditions, asked, group, value, form).await,
        _ => return Err(Problem::not_found("feed")),
    };
    let what = (filter.to_owned(), value.to_owned());
    // A feed that is not there is like any address that is not there.
    let known = {
        let what = what.clone();
        service
            .run(move |app| {
                let read = app
                    .store
                    .read::<_, Error>(|reader| Selection::read(reader, std::iter::once((what.0.as_str(), what.1.as_str())), &[]));
                Ok(read.is_ok())
            })
            .await?
    };
    if !known {
        return Err(Problem::not_found("feed"));
    }
    publish(service, conditions, asked, Some(what), form).await
}

fn split(name: &str) -> Option<(&str, Form)> {
    let (stem, ending) = name.rsplit_once('.')?;
    let form = match ending {
        "ics" => Form::Ics,
        "json" => Form::Json,
        "csv" => Form::Csv,
        "atom" => Form::Atom,
        _ => return None,
    };
    Some((stem, form))
}

async fn publish(
    service: &Service,
    conditions: Conditions,
    asked: Pairs,
    what: Option<(String, String)>,
    form: Form,
) -> Result<Bytes, Problem> {
    let made = service
        .run(move |app| {
            let pairs = what.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(asked.iter());
            let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[]))?;
            feed(app, &selection, &title(app, &selection)?, form)
        })
        .await?;
    Ok(bytes(&made, form, conditions, "public, max-age=300"))
}

/// The feed of whoever holds the secret in the address.
async fn private(
    service: &Service,
    conditions: Conditions,
    asked: Pairs,
    group: &str,
    secret: &str,
    form: Form,
) -> Result<Bytes, Problem> {
    let (for_teams, secret) = (group == "teams", secret.to_owned());
    let made = service
        .run(move |app| {
            let holder = feed_keys::holder(app, &secret)?;
            if matches!(holder, FeedHolder::Team(_)) != for_teams {
                return Err(Error::NotFound("feed"));
            }
            let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, asked.iter(), &[]))?;
            private_feed(app, &holder, &selection, form)
        })
        .await?;
    Ok(bytes(&made, form, conditions, "private, max-age=300"))
}

fn bytes(made: &Feed, form: Form, conditions: Conditions, cache_control: &'static str) -> Bytes {
    Bytes {
        body: made.bytes.clone(),
        content_type: match form {
            Form::Ics => "text/calendar; charset=utf-8",
            Form::Json => "application/json",
            Form::Csv => "text/csv; charset=utf-8",
            Form::Atom => "application/atom+xml; charset=utf-8",
        },
        etag: made.etag.clone(),
        last_modified: made.last_modified,
        cache_control,
        conditions,
        file_name: None,
    }
}

/// What a calendar program calls the feed: what was chosen, in words.
///
/// # Errors
/// When the store fails.
pub fn title(app: &crate::app::App, selection: &Selection) -> crate::app::Result<String> {
    let directory = view::directory(app)?;
    let mut about: Vec<String> = selection.partners.iter().map(|slug| directory.partner(slug)).collect();
    about.extend(selection.roles.iter().map(|slug| directory.roles.name(slug)));
    about.extend(
        directory.cohorts.iter().filter(|cohort| selection.cohorts.contains(&cohort.slug)).map(|cohort| cohort.name.clone()),
    );
    about.extend(selection.modes.iter().map(|mode| mode.words().to_owned()));
    if let Some(anchor) = selection.anchor {
        about.extend(app.store.read::<_, Error>(|reader| Ok(reader.event(anchor)?)).ok().map(|event| event.details.title));
    }
    Ok(if about.is_empty() { "Convenings".to_owned() } else { format!("Convenings: {}", wording::list(&about)) })
}
