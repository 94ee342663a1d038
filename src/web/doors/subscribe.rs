//! `/subscribe`: a feed address for calendar programs, and the digest by mail.

use rocket::http::Status;
use rocket::{State, get, post};

use crate::app::select::Selection;
use crate::app::subscribe::{self, Wish, frequency_words};
use crate::app::view;
use crate::app::{App, Error, Result};
use crate::domain::wording;
use crate::store::{Frequency, Subscription, SubscriptionState};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Pairs, SameOrigin, Viewer};
use crate::web::layout::Choice;
use crate::web::layout::form::FieldError as Shown;
use crate::web::layout::rows::Link;
use crate::web::pages::notice::{Notice, notice};
use crate::web::pages::subscribe::{FeedAddress, MailForm, Subscribe, subscribe as page};
use crate::web::pages::subscription::{Confirm, Unsubscribe, confirm as confirm_page, unsubscribe as unsubscribe_page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/subscribe")]
pub async fn choose(service: &State<Service>, viewer: Viewer, asked: Pairs) -> Result<Page, Problem> {
    let content = service.run(move |app| Ok(page(&fill(app, &asked, &Pairs::default(), Vec::new())?))).await?;
    Ok(Page::new(service, &viewer, "Subscribe", content))
}

#[post("/subscribe", data = "<form>")]
pub async fn sign_up(service: &State<Service>, viewer: Viewer, _same: SameOrigin, form: Pairs) -> Result<Page, Problem> {
    let wish = Wish {
        email: form.one("email").to_owned(),
        roles: form.all("roles"),
        partners: form.all("partners"),
        frequency: form.one("frequency").to_owned(),
        zone: form.one("time_zone").to_owned(),
        hour: form.one("hour").to_owned(),
    };
    match service.run(move |app| subscribe::subscribe(app, &wish)).await {
        Ok(()) => {
            let text = "We have written to that address. The digest begins once the link in that mail is followed; nothing else comes until then.";
            Ok(said(service, &viewer, "Look at your mail", text))
        }
        Err(problem) if problem.is_about_input() => {
            let field = |name: &str| if name == "zone" { "time_zone".to_owned() } else { name.to_owned() };
            let errors =
                problem.mistakes().iter().map(|one| Shown { field: field(&one.field), message: one.message.clone() }).collect();
            let content = service.run(move |app| Ok(page(&fill(app, &Pairs::default(), &form, errors)?))).await?;
            Ok(Page::new(service, &viewer, "Subscribe", content).with_status(Status::BadRequest))
        }
        Err(problem) => Err(problem),
    }
}

#[get("/subscribe/<secret>")]
pub async fn look(service: &State<Service>, viewer: Viewer, secret: &str) -> Result<Page, Problem> {
    let own = secret.to_owned();
    let (found, words) = service
        .run(move |app| {
            subscribe::to_confirm(app, &own)
                .and_then(|found| Ok((in_words(app, &found)?, found)))
                .map(|(words, found)| (found, words))
        })
        .await?;
    if found.state == SubscriptionState::Active {
        return Ok(said(service, &viewer, "Already confirmed", &format!("The digest for {} is on: {words}.", found.email)));
    }
    let content = confirm_page(&Confirm { action: format!("/subscribe/{secret}"), email: found.email, words });
    Ok(Page::new(service, &viewer, "Confirm your subscription", content))
}

#[post("/subscribe/<secret>")]
pub async fn confirm(service: &State<Service>, viewer: Viewer, _same: SameOrigin, secret: &str) -> Result<Page, Problem> {
    let own = secret.to_owned();
    let (found, words) = service
        .run(move |app| {
            let found = subscribe::confirm(app, &own)?;
            let words = in_words(app, &found)?;
            Ok((found, words))
        })
        .await?;
    let next =
        found.next_due.map(|due| format!(" The first one is due {}.", wording::moment(due, found.zone))).unwrap_or_default();
    Ok(said(
        service,
        &viewer,
        "It is on",
        &format!("{} gets the digest: {words}.{next} Nothing is sent when there is nothing to tell.", found.email),
    ))
}

#[get("/unsubscribe/<token>")]
pub async fn look_end(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    let found = service.run(move |app| subscribe::to_end(app, &own)).await?;
    if found.state == SubscriptionState::Ended {
        return Ok(said(service, &viewer, "It has ended", "No more digests are sent to this address."));
    }
    // A forwarded digest shows only as much of the address as its owner needs to know it by.
    let content = unsubscribe_page(&Unsubscribe {
        action: format!("/unsubscribe/{token}"),
        email: veiled(&found.email),
        manage: String::new(),
    });
    Ok(Page::new(service, &viewer, "End the digest", content))
}

/// One click of a mail program (RFC 8058) or of the page: no cookie, no redirect, and again is as good as once.
#[post("/unsubscribe/<token>")]
pub async fn end(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    service.run(move |app| subscribe::end(app, &own)).await?;
    Ok(said(
        service,
        &viewer,
        "It has ended",
        "No more digests are sent to this address. What is on its way already is held back.",
    ))
}

fn said(service: &Service, viewer: &Viewer, title: &str, text: &str) -> Page {
    let ways = vec![Link::new("/", "The calendar"), Link::new("/subscribe", "Subscribe")];
    Page::new(
        service,
        viewer,
        title,
        notice(&Notice { title: title.to_owned(), text: vec![text.to_owned()], ways, ..Notice::default() }),
    )
}

fn veiled(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    format!("{}…@{domain}", local.chars().take(1).collect::<String>())
}

fn in_words(app: &App, found: &Subscription) -> Result<String> {
    let directory = view::directory(app)?;
    let roles = words::roles(&found.roles, &directory);
    let whom = if roles.is_empty() { "for all roles".to_owned() } else { format!("for {}", wording::list(&roles)) };
    Ok(format!("{}, {whom}", frequency_words(found)))
}

fn fill(app: &App, asked: &Pairs, typed: &Pairs, errors: Vec<Shown>) -> Result<Subscribe> {
    let directory = view::directory(app)?;
    let selection = app.store.read::<_, Error>(|reader| {
        Selection::read(reader, asked.iter().filter(|(_, value)| !value.is_empty()), &["place", "past", "future"])
    })?;
    let mut parts: Vec<String> = Vec::new();
    for name in ["roles", "partners", "modes"] {
        let values: Vec<String> = asked.all(name);
        if !values.is_empty() {
            parts.push(format!("{name}={}", values.join(",")));
        }
    }
    let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    let names = words::roles(&selection.roles, &directory);
    let whose: Vec<String> = selection.partners.iter().map(|slug| directory.partner(slug)).collect();
    let about = match (names.is_empty(), whose.is_empty()) {
        (true, true) => "All convenings".to_owned(),
        (false, true) => format!("Convenings for {}", wording::list(&names)),
        (true, false) => format!("Convenings of {}", wording::list(&whose)),
        (false, false) => format!("Convenings of {} for {}", wording::list(&whose), wording::list(&names)),
    };
    let has = |name: &'static str| move |value: &str| asked.all(name).iter().any(|all| all.split(',').any(|one| one == value));
    let mail_roles = typed.all("roles");
    let chosen = |value: &str| mail_roles.iter().any(|one| one == value) || (typed.0.is_empty() && has("roles")(value));
    let frequency = typed.some("frequency").unwrap_or_else(|| "weekly".to_owned());
    let hour = typed.some("hour").unwrap_or_else(|| "8".to_owned());
    let zone = typed.some("time_zone").unwrap_or_else(|| app.settings.time_zone.name().to_owned());
    Ok(Subscribe {
        action: "/subscribe".to_owned(),
        roles: words::role_choices(&directory, &has("roles")),
        partners: words::partner_choices(&directory, &has("partners")),
        modes: words::mode_choices(&has("modes")),
        embed: app.address(&format!("/embed{query}")),
        feed: FeedAddress { words: about, https: app.address(&format!("/feeds/all.ics{query}")) },
        mail: MailForm {
            action: "/subscribe".to_owned(),
            email: typed.one("email").to_owned(),
            roles: words::role_choices(&directory, &chosen),
            frequencies: Frequency::ALL
                .iter()
                .map(|one| Choice::new(one.as_str(), words_of(*one)).chosen(frequency == one.as_str()))
                .collect(),
            zones: words::zone_choices(&zone),
            hours: (0..24).map(|n| Choice::new(n.to_string(), format!("{n:02}:00")).chosen(hour == n.to_string())).collect(),
            errors,
        },
    })
}

fn words_of(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::Daily => "Every day",
        Frequency::Weekly => "Every Monday",
        Frequency::Monthly => "On the first of the month",
    }
}
