//! The front door: pages, feeds and the API over HTTP.
//!
//! `doors`, `feeds` and `api` hold the handlers; each calls one verb of `app`. A page is a struct
//! holding exactly what it may show, and a function that gives its markup (`pages`, `layout`).
//! `db` is the only crossing from async to sync.

mod answer;
mod api;
pub mod assets;
mod db;
mod doors;
mod feeds;
mod guards;
mod http;
pub mod layout;
mod multipart;
pub mod pages;
mod problem;
mod sent;
mod words;

use std::sync::Arc;

use rocket::fairing::{Fairing, Info, Kind};
use rocket::figment::Figment;
use rocket::http::{Header, Status};
use rocket::shield::Shield;
use rocket::{Build, Request, Response, Rocket, State, catchers, get, routes};
use sha2::{Digest as _, Sha256};

use answer::Bytes;
use db::Service;
use guards::Conditions;
use problem::Problem;

use crate::app::App;

/// The web server over a service: the mount table, the catchers, the headers of every answer.
#[must_use]
#[expect(clippy::too_many_lines, reason = "one mount table, each route a line")]
pub fn build(app: App, figment: &Figment, demo: bool) -> Rocket<Build> {
    // The key of cookies stays the same over restarts: it is made from the secret in the database.
    let key = Sha256::digest(format!("cookies:{}", app.secret).as_bytes());
    let figment = figment.clone().merge(("secret_key", key.to_vec()));
    rocket::custom(figment)
        .manage(Service::new(Arc::new(app), demo))
        .attach(Shield::new())
        .attach(Headers)
        .register("/", catchers![problem::otherwise])
        .mount("/", feeds::routes())
        .mount(
            "/",
            routes![
                asset,
                favicon,
                robots,
                doors::calendar::calendar,
                doors::embed::embed,
                doors::events::event,
                doors::events::take_step,
                doors::answers::look,
                doors::answers::send,
                doors::answers::answer,
                doors::answers::decide,
                doors::answers::take_back,
                doors::better::dates,
                doors::coming::guests,
                doors::coming::say,
                doors::coming::look,
                doors::coming::confirm,
                doors::coming::look_off,
                doors::coming::say_off,
                doors::events::decide,
                doors::disagree::choose_one,
                doors::findings::findings,
                doors::life::one,
                doors::life::go_on,
                doors::overrides::list,
                doors::overrides::withdraw,
                doors::policy::of_partner,
                doors::policy::change_partners,
                doors::policy::of_event,
                doors::policy::change_events,
                doors::propose::form,
                doors::propose::put_forward,
                doors::sign_in::ask,
                doors::sign_in::send,
                doors::sign_in::look,
                doors::sign_in::redeem,
                doors::sign_in::sign_out,
                doors::subscribe::choose,
                doors::subscribe::sign_up,
                doors::subscribe::look,
                doors::subscribe::confirm,
                doors::subscribe::look_end,
                doors::subscribe::end,
                doors::subscribe::look_end_short,
                doors::subscribe::end_short,
                doors::subscribe::look_change,
                doors::subscribe::ask_to_change,
                doors::subscribe::manage,
                doors::subscribe::change,
                doors::desk::desk,
                doors::desk::make_feed,
                doors::desk::revoke_feed,
                doors::mail::mail,
                doors::mail::contact,
                doors::mail::letter,
                doors::mail::html_part,
                doors::admin::admin,
                doors::decisions::open,
                doors::decisions::ban,
                doors::decisions::lift,
                doors::decisions::keep_one,
                doors::post_office::send_again,
                doors::post_office::resume,
                doors::post_office::suppressions,
                doors::post_office::lift,
                doors::teams::list,
                doors::teams::team,
                doors::team_edit::edit,
                doors::team_edit::add,
                doors::team_edit::change_member,
                doors::team_edit::remove,
                doors::import::choose,
                doors::import::template,
                doors::import::send,
                doors::import::look,
                doors::import::store,
                doors::import::discard,
                doors::feeds::list,
                doors::feeds::everything,
                doors::feeds::one,
                doors::sources::list,
                doors::sources::new,
                doors::sources::add,
                doors::sources::one,
                doors::sources::edit,
                doors::sources::act,
                doors::sources::doubts::answer,
                doors::sources::doubts::answer_all,
                doors::sources::content,
                doors::sources::ask_removal,
                doors::sources::remove,
                doors::undated::list,
                doors::undated::add,
                doors::undated::withdraw,
                doors::map::map,
                doors::map::anchor,
                doors::map::accessibility,
                api::openapi::docs,
            ],
        )
        .mount(
            "/api/v1",
            routes![
                api::events::list,
                api::events::one,
                api::events::propose_one,
                api::events::edit,
                api::events::cancel,
                api::events::take_step,
                api::events::check,
                api::answers::list,
                api::answers::one,
                api::answers::ask_for,
                api::answers::answer,
                api::answers::take_back,
                api::answers::choose_one,
                api::coming::list,
                api::suggestions::suggest,
                api::findings::list,
                api::findings::override_one,
                api::findings::withdraw_one,
                api::findings::decided,
                api::findings::one,
                api::disagree::look,
                api::disagree::choose_one,
                api::policy::of_partner,
                api::policy::put_partners,
                api::policy::patch_partners,
                api::policy::of_event,
                api::policy::put_events,
                api::policy::patch_events,
                api::sources::list,
                api::sources::add,
                api::sources::one,
                api::sources::edit,
                api::sources::remove,
                api::sources::readings,
                api::sources::read,
                api::doubts::list,
                api::doubts::answer,
                api::feeds::list,
                api::feeds::add,
                api::feeds::replace,
                api::feeds::revoke,
                api::rest::partners,
                api::rest::roles,
                api::rest::cohorts,
                api::rest::people,
                api::rest::changes,
                api::letters::list,
                api::letters::one,
                api::directory::add_partner,
                api::directory::contact,
                api::directory::put_contact,
                api::directory::add_role,
                api::directory::add_cohort,
                api::directory::add_person,
                api::directory::venues,
                api::directory::add_venue,
                api::decisions::open,
                api::decisions::bans,
                api::decisions::add_ban,
                api::decisions::keep,
                api::teams::list,
                api::teams::add,
                api::teams::one,
                api::teams::members,
                api::teams::add_member,
                api::teams::put_members,
                api::teams::council,
                api::teams::meetings,
                api::teams::add_exception,
                api::teams::budget,
                api::teams::blackouts,
                api::teams::rule_out,
                api::teams::all_blackouts,
                api::teams::add_blackout,
                api::teams::allow,
                api::undated::list,
                api::undated::add,
                api::undated::withdraw,
                api::rest::health,
                api::rest::ready,
                api::openapi::json,
            ],
        )
}

/// A file named by its hash: kept for ever.
#[get("/static/<name>")]
fn asset(conditions: Conditions, name: &str) -> Result<Bytes, Problem> {
    let asset = assets::find(name).ok_or_else(|| Problem::not_found("file"))?;
    Ok(Bytes {
        body: asset.bytes.to_vec().into(),
        content_type: asset.content_type,
        etag: name.to_owned(),
        last_modified: None,
        cache_control: "public, max-age=31536000, immutable",
        conditions,
        file_name: None,
    })
}

#[get("/favicon.ico")]
fn favicon() -> rocket::response::Redirect {
    rocket::response::Redirect::permanent(assets::asset_path("favicon.svg"))
}

/// Crawlers may read all that is public; the feeds are for everybody's programs.
#[get("/robots.txt")]
fn robots(_service: &State<Service>) -> &'static str {
    "User-agent: *\nDisallow: /sign-in\nDisallow: /desk\nDisallow: /teams\nDisallow: /admin\nDisallow: /unsubscribe\nDisallow: /u/\nDisallow: /coming/\nDisallow: /off/\nDisallow: /subscriptions/\nAllow: /\n"
}

/// Sets the headers that every answer has; what Rocket would set by itself is among them, so that a poll has none of it.
struct Headers;

#[rocket::async_trait]
impl Fairing for Headers {
    fn info(&self) -> Info {
        Info { name: "headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        headers(request.uri().path().as_str(), response);
    }
}

fn headers(path: &str, response: &mut Response<'_>) {
    // Without an ending it is a page for people.
    let is_feed = path.starts_with("/feeds/") && path.contains('.');
    if is_feed || path.starts_with("/api/v1") {
        // Public data, for pages of others too; tokens are sent by hand, never by the browser.
        response.set_header(Header::new("Access-Control-Allow-Origin", "*"));
    }
    if response.status() == Status::NotModified {
        // Whoever has the bytes keeps the other headers with them (RFC 9110 section 15.4.5).
        return;
    }
    response.set_header(Header::new("X-Content-Type-Options", "nosniff"));
    response.set_header(Header::new("Referrer-Policy", "same-origin"));
    response.set_header(Header::new("Permissions-Policy", "interest-cohort=()"));
    if path == "/embed" {
        // Partners frame it on their own sites; it has no form, no script and no cookie.
        response.set_header(Header::new(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors *",
        ));
    } else {
        response.set_header(Header::new("X-Frame-Options", "SAMEORIGIN"));
        if !response.headers().contains("Access-Control-Allow-Origin") && !response.headers().contains("Content-Security-Policy")
        {
            response.set_header(Header::new("Content-Security-Policy", PAGES));
        }
    }
    if response.status() == Status::ServiceUnavailable {
        response.set_header(Header::new("Retry-After", "60"));
    }
}

/// What a page may load: its own styles, scripts and pictures.
const PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
