//! `/feeds` and one page for each feed: its address without an ending, for people.

use rocket::request::FromParam;
use rocket::{State, get};

use crate::app::select::Selection;
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Error, Result};
use crate::domain::Days;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::feeds::title;
use crate::web::guards::{Pairs, Viewer};
use crate::web::layout::Link;
use crate::web::pages::feed::{FeedPage, Feeds, feed as feed_page, feeds as feeds_page};
use crate::web::pages::subscribe::FeedAddress;
use crate::web::problem::Problem;
use crate::web::words;

/// How many entries a page shows.
const SHOWN: usize = 8;

/// A name without an ending: a page for people, where one with an ending is the feed itself.
pub struct Bare<'r>(&'r str);

impl<'r> FromParam<'r> for Bare<'r> {
    type Error = ();

    fn from_param(text: &'r str) -> Result<Self, ()> {
        if text.contains('.') { Err(()) } else { Ok(Self(text)) }
    }
}

/// All feeds that have a page.
#[get("/feeds")]
pub async fn list(service: &State<Service>, viewer: Viewer) -> Result<Page, Problem> {
    let content = service.run(|app| Ok(feeds_page(&all(&view::directory(app)?)))).await?;
    Ok(Page::new(service, &viewer, "Calendar feeds", content))
}

fn all(directory: &Directory) -> Feeds {
    let one = |group: &str, slug: &str, name: &str| Link::new(format!("/feeds/{group}/{slug}"), name);
    let roles = directory.roles.iter().map(|role| one("roles", role.slug.as_str(), &role.name));
    let partners = directory.partners.iter().map(|partner| one("partners", partner.slug.as_str(), &partner.name));
    let cohorts = directory.cohorts.iter().map(|cohort| one("cohorts", cohort.slug.as_str(), &cohort.name));
    let groups = vec![
        ("Everything".to_owned(), vec![Link::new("/feeds/all", "All convenings")]),
        ("By role".to_owned(), roles.collect()),
        ("By partner".to_owned(), partners.collect()),
        ("By cohort".to_owned(), cohorts.collect::<Vec<_>>()),
    ];
    Feeds { groups: groups.into_iter().filter(|(_, links)| !links.is_empty()).collect() }
}

/// `/feeds/all`, narrowed by the query as the feed is.
#[get("/feeds/<name>")]
pub async fn everything(service: &State<Service>, viewer: Viewer, asked: Pairs, name: Bare<'_>) -> Result<Page, Problem> {
    if name.0 != "all" {
        return Err(Problem::not_found("feed"));
    }
    show(service, viewer, asked, None).await
}

/// `/feeds/roles/SLUG`, and the same of partners, cohorts and anchors.
#[get("/feeds/<group>/<name>")]
pub async fn one(service: &State<Service>, viewer: Viewer, asked: Pairs, group: &str, name: Bare<'_>) -> Result<Page, Problem> {
    let filter = match group {
        "roles" | "partners" | "cohorts" => group,
        "anchors" => "anchor",
        _ => return Err(Problem::not_found("feed")),
    };
    let what = (group.to_owned(), filter.to_owned(), name.0.to_owned());
    show(service, viewer, asked, Some(what)).await
}

async fn show(service: &Service, viewer: Viewer, asked: Pairs, what: Option<(String, String, String)>) -> Result<Page, Problem> {
    let shown = service.run(move |app| fill(app, &asked, what.as_ref())).await?;
    let feed = shown.feed.https.clone();
    Ok(Page::new(service, &viewer, &shown.feed.words, feed_page(&shown)).with_feed(feed))
}

fn fill(app: &App, asked: &Pairs, what: Option<&(String, String, String)>) -> Result<FeedPage> {
    let fixed = what.map(|(_, filter, value)| (filter.as_str(), value.as_str()));
    if let Some(own) = fixed {
        // A feed that is not there is like any address that is not there.
        app.store
            .read::<_, Error>(|reader| Selection::read(reader, std::iter::once(own), &[]))
            .map_err(|_| Error::NotFound("feed"))?;
    }
    let pairs = fixed.into_iter().chain(asked.iter());
    let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[]))?;
    let now = app.now();
    let today = now.date_naive();
    let window = selection.window(today);
    let ahead = Days::new(today.max(window.first), window.last.max(today));
    let listed = view::list(app, &Actor::Visitor, &selection, Some(ahead))?;
    let directory = view::directory(app)?;
    let path = what.map_or_else(|| "/feeds/all".to_owned(), |(group, _, value)| format!("/feeds/{group}/{value}"));
    let query = query(asked.iter());
    let address = |ending: &str| app.address(&format!("{path}.{ending}{query}"));
    let forms = [("json", "JSON", "for programs"), ("csv", "CSV", "for spreadsheets"), ("atom", "Atom", "for feed readers")];
    let ahead = match listed.len() {
        0 => "Nothing lies ahead in it just now.".to_owned(),
        1 => "One convening lies ahead in it.".to_owned(),
        n => format!("{n} convenings lie ahead in it."),
    };
    let calendar = fixed.into_iter().chain(asked.iter()).filter(|(name, _)| ["roles", "partners", "modes"].contains(name));
    Ok(FeedPage {
        feed: FeedAddress { words: title(app, &selection)?, https: address("ics") },
        summary: format!("{ahead} The feed follows every change; what is cancelled stays in it, marked."),
        next: listed.iter().take(SHOWN).map(|one| words::row(one, one.entry.occurrences.first(), &directory)).collect(),
        all: format!("/{}", self::query(calendar)),
        forms: forms.iter().map(|(ending, name, what)| (Link::new(address(ending), *name), *what)).collect(),
    })
}

/// Pairs as a query; empty where there are none.
fn query<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let parts: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", crate::web::http::encoded(name), crate::web::http::encoded(value))).collect();
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}
