//! `/sign-in`: a one-time link by mail; opening it shows a button, pressing it signs in.

use rocket::http::CookieJar;
use rocket::response::Redirect;
use rocket::{State, get, post};

use crate::app::sign_in;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Pairs, SameOrigin, Viewer, begin_session, end_session, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::rows::Link;
use crate::web::pages::notice::{Notice, notice};
use crate::web::pages::sign_in::{FinishSignIn, SignIn, finish, sign_in as page};
use crate::web::problem::Problem;

#[get("/sign-in")]
pub fn ask(service: &State<Service>, viewer: Viewer, asked: Pairs) -> Page {
    let content = page(&SignIn { action: "/sign-in".to_owned(), next: local(asked.one("next")), ..SignIn::default() });
    Page::new(service, &viewer, "Sign in", content)
}

#[post("/sign-in", data = "<form>")]
pub async fn send(service: &State<Service>, viewer: Viewer, _same: SameOrigin, form: Pairs) -> Result<Page, Problem> {
    let email = form.one("email").to_owned();
    let (typed, next) = (email.clone(), query(&local(form.one("next"))));
    match service.run(move |app| sign_in::ask(app, &typed, &next)).await {
        Ok(()) => {
            let text = format!(
                "If {email} belongs to somebody who may sign in, a link is on its way. It works once, for a quarter of an hour."
            );
            let ways = vec![Link::new("/", "The calendar")];
            Ok(Page::new(
                service,
                &viewer,
                "Look at your mail",
                notice(&Notice { title: "Look at your mail".to_owned(), text: vec![text], ways, ..Notice::default() }),
            ))
        }
        Err(problem) if problem.is_about_input() => {
            let errors =
                problem.mistakes().iter().map(|one| Shown { field: one.field.clone(), message: one.message.clone() }).collect();
            let content = page(&SignIn { action: "/sign-in".to_owned(), email, next: local(form.one("next")), errors });
            Ok(Page::new(service, &viewer, "Sign in", content).with_status(rocket::http::Status::BadRequest))
        }
        Err(problem) => Err(problem),
    }
}

#[get("/sign-in/<secret>")]
pub async fn look(service: &State<Service>, viewer: Viewer, asked: Pairs, secret: &str) -> Result<Page, Problem> {
    let own = secret.to_owned();
    let user = service.run(move |app| sign_in::look(app, &own)).await?;
    let content =
        finish(&FinishSignIn { action: format!("/sign-in/{secret}{}", query(&local(asked.one("next")))), name: user.name });
    Ok(Page::new(service, &viewer, "Sign in", content))
}

#[post("/sign-in/<secret>")]
pub async fn redeem(
    service: &State<Service>,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    asked: Pairs,
    secret: &str,
) -> Result<Redirect, Problem> {
    let own = secret.to_owned();
    let user = service.run(move |app| sign_in::redeem(app, &own)).await?;
    begin_session(jar, &user.email, service.settings.base_url.starts_with("https://"));
    say(jar, &format!("You are signed in as {}.", user.name));
    let next = local(asked.one("next"));
    Ok(Redirect::to(if next.is_empty() { "/desk".to_owned() } else { next }))
}

#[post("/sign-out")]
pub fn sign_out(_same: SameOrigin, jar: &CookieJar<'_>) -> Redirect {
    end_session(jar);
    Redirect::to("/")
}

/// `?next=…`, or nothing.
fn query(next: &str) -> String {
    if next.is_empty() { String::new() } else { format!("?next={}", crate::web::http::encoded(next)) }
}

/// Only paths of our own: never another site.
fn local(next: &str) -> String {
    if next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') { next.to_owned() } else { String::new() }
}
