//! `GET /feeds/…`: what calendar programs subscribe to.

use std::sync::Arc;
use std::time::Instant;

use rocket::http::uri::Origin;
use rocket::request::FromParam;
use rocket::{Route, State, get, routes};

use super::answer::{Bytes, Content};
use super::db::Service;
use super::guards::{Conditions, Pairs};
use super::problem::Problem;
use crate::app::publish::{Feed, Form, at, at_hand, feed, private_feed};
use crate::app::select::Selection;
use crate::app::{App, Error, feed_keys, view};
use crate::domain::wording;
use crate::store::FeedHolder;

/// The routes of feeds, tried before all others: they are most of what is asked for, and Rocket tries one route after another.
pub fn routes() -> Vec<Route> {
    let mut routes = routes![all, one];
    for route in &mut routes {
        route.rank = -20;
    }
    routes
}

/// A name with an ending: the feed itself, where one without is a page for people.
pub struct File<'r>(&'r str);

impl<'r> FromParam<'r> for File<'r> {
    type Error = ();

    fn from_param(text: &'r str) -> Result<Self, ()> {
        if text.contains('.') { Ok(Self(text)) } else { Err(()) }
    }
}

/// `/feeds/all.ics` and its forms, narrowed by the query.
#[get("/feeds/<name>")]
pub async fn all(service: &State<Service>, conditions: Conditions, asked: &Origin<'_>, name: File<'_>) -> Result<Bytes, Problem> {
    match split(name.0) {
        Some(("all", form)) => answer(service, conditions, asked, What::Chosen(None), form).await,
        _ => Err(Problem::not_found("feed")),
    }
}

/// `/feeds/roles/SLUG.ics`, the same of partners, cohorts and anchors; and with a secret, of teams and organizers.
#[get("/feeds/<group>/<name>")]
pub async fn one(
    service: &State<Service>,
    conditions: Conditions,
    asked: &Origin<'_>,
    group: &str,
    name: File<'_>,
) -> Result<Bytes, Problem> {
    // Without a value there would be no filter, and all would be given for one.
    let Some((value, form)) = split(name.0).filter(|(value, _)| !value.is_empty()) else {
        return Err(Problem::not_found("feed"));
    };
    let filter = match group {
        "roles" | "partners" | "cohorts" => group,
        "anchors" => "anchor",
        "teams" | "organizers" => {
            let what = What::Held { secret: value.to_owned(), by_team: group == "teams" };
            return answer(service, conditions, asked, what, form).await;
        }
        _ => return Err(Problem::not_found("feed")),
    };
    answer(service, conditions, asked, What::Chosen(Some((filter.to_owned(), value.to_owned()))), form).await
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

/// Which feed is asked for, besides the filters of the query.
enum What {
    /// What is public, narrowed by the path.
    Chosen(Option<(String, String)>),
    /// That of whoever holds the secret in the path.
    Held { secret: String, by_team: bool },
}

impl What {
    fn make(&self, app: &App, asked: &Pairs, form: Form) -> crate::app::Result<Arc<Feed>> {
        match self {
            Self::Chosen(what) => {
                let what = what.as_ref().map(|(name, value)| (name.as_str(), value.as_str()));
                let selection = app.store.read::<_, Error>(|reader| {
                    // A feed that is not there is like any address that is not there.
                    match Selection::read(reader, what.into_iter(), &[]) {
                        Err(Error::Invalid(_)) => return Err(Error::NotFound("feed")),
                        other => other?,
                    };
                    Selection::read(reader, what.into_iter().chain(asked.iter()), &[])
                })?;
                feed(app, &selection, &title(app, &selection)?, form)
            }
            Self::Held { secret, by_team } => {
                let holder = feed_keys::holder(app, secret)?;
                if matches!(holder, FeedHolder::Team(_)) != *by_team {
                    return Err(Error::NotFound("feed"));
                }
                let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, asked.iter(), &[]))?;
                private_feed(app, &holder, &selection, form)
            }
        }
    }

    fn cache_control(&self) -> &'static str {
        match self {
            Self::Chosen(_) => "public, max-age=300",
            Self::Held { .. } => "private, max-age=300",
        }
    }
}

async fn answer(service: &Service, conditions: Conditions, asked: &Origin<'_>, what: What, form: Form) -> Result<Bytes, Problem> {
    let cache_control = what.cache_control();
    let address = asked.to_string();
    let made = if let Some(feed) = at_hand(service, &address, conditions.gzip, Instant::now()) {
        feed
    } else {
        let packed = conditions.gzip;
        let pairs = asked.query().map(|query| Pairs::read(query.as_str())).unwrap_or_default();
        service.run(move |app| at(app, address, packed, || what.make(app, &pairs, form))).await?
    };
    Ok(bytes(&made, form, conditions, cache_control))
}

fn bytes(made: &Feed, form: Form, conditions: Conditions, cache_control: &'static str) -> Bytes {
    Bytes {
        body: Content::Kept(Arc::clone(&made.body)),
        content_type: match form {
            Form::Ics => "text/calendar; charset=utf-8",
            Form::Json => "application/json",
            Form::Csv => "text/csv; charset=utf-8",
            Form::Atom => "application/atom+xml; charset=utf-8",
        },
        etag: made.body.etag.clone(),
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
pub fn title(app: &App, selection: &Selection) -> crate::app::Result<String> {
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
