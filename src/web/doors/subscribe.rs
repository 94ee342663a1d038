//! `/subscribe`: a feed address for calendar programs, and the digest by mail.

use rocket::http::{Cookie, CookieJar, SameSite, Status};
use rocket::{State, get, post};

use crate::app::select::Selection;
use crate::app::subscribe::{self, Wish, frequency_words};
use crate::app::view::{self, Directory};
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
use crate::web::pages::subscribe::{FeedAddress, MailChoices, MailForm, Subscribe, subscribe as page};
use crate::web::pages::subscription::{
    Confirm, Manage, Unsubscribe, ask_for_link, confirm as confirm_page, manage as manage_page, unsubscribe as unsubscribe_page,
};
use crate::web::problem::Problem;
use crate::web::words;

/// Kept by the browser that signed up: a seal over the address.
const SIGNED_UP: &str = "signed_up";

#[get("/subscribe")]
pub async fn choose(service: &State<Service>, viewer: Viewer, asked: Pairs) -> Result<Page, Problem> {
    let content = service.run(move |app| Ok(page(&fill(app, &asked, &Pairs::default(), Vec::new())?))).await?;
    Ok(Page::new(service, &viewer, "Subscribe", content))
}

#[post("/subscribe", data = "<form>")]
pub async fn sign_up(
    service: &State<Service>,
    viewer: Viewer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    form: Pairs,
) -> Result<Page, Problem> {
    let wish = wish(&form);
    let signed_up = service.run(move |app| {
        subscribe::subscribe(app, &wish)?;
        Ok(subscribe::same_browser_mark(app, &wish.email))
    });
    match signed_up.await {
        Ok(mark) => {
            let cookie = Cookie::build((SIGNED_UP, mark)).path("/subscribe").http_only(true).same_site(SameSite::Lax);
            jar.add(cookie.max_age(rocket::time::Duration::hours(48)));
            let text = "We have written to that address. The digest begins once the link in that mail is followed; nothing else comes until then.";
            Ok(said(service, &viewer, "Look at your mail", text))
        }
        Err(problem) if problem.is_about_input() => {
            let errors = shown(&problem);
            let content = service.run(move |app| Ok(page(&fill(app, &Pairs::default(), &form, errors)?))).await?;
            Ok(Page::new(service, &viewer, "Subscribe", content).with_status(Status::BadRequest))
        }
        Err(problem) => Err(problem),
    }
}

#[get("/subscribe/<secret>")]
pub async fn look(service: &State<Service>, viewer: Viewer, jar: &CookieJar<'_>, secret: &str) -> Result<Page, Problem> {
    let own = secret.to_owned();
    let kept = jar.get(SIGNED_UP).map(|cookie| cookie.value().to_owned());
    let (found, words, at_once) = service
        .run(move |app| {
            let found = subscribe::to_confirm(app, &own)?;
            let at_once = kept.is_some_and(|mark| mark == subscribe::same_browser_mark(app, &found.email));
            let words = in_words(app, &found)?;
            Ok((found, words, at_once))
        })
        .await?;
    if found.state == SubscriptionState::Active {
        return Ok(said(service, &viewer, "Already confirmed", &format!("The digest for {} is on: {words}.", found.email)));
    }
    let content = confirm_page(&Confirm { action: format!("/subscribe/{secret}"), email: found.email, at_once, words });
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

#[get("/u/<token>")]
pub async fn look_end_short(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    look_end(service, viewer, token).await
}

#[post("/u/<token>")]
pub async fn end_short(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    end(service, viewer, token).await
}

/// Where a letter's link to the settings leads: to a button that mails a link of its own.
#[get("/u/<token>/change")]
pub async fn look_change(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    let found = service.run(move |app| subscribe::to_end(app, &own)).await?;
    let content = ask_for_link(&format!("/u/{token}/change"), &veiled(&found.email));
    Ok(Page::new(service, &viewer, "Change what you get", content))
}

#[post("/u/<token>/change")]
pub async fn ask_to_change(service: &State<Service>, viewer: Viewer, _same: SameOrigin, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    service.run(move |app| subscribe::ask_to_change(app, &own)).await?;
    let text =
        "If the subscription is on, a link is on its way to its address. At most one is sent in ten minutes, and three a day.";
    Ok(said(service, &viewer, "Look at your mail", text))
}

/// The settings of one subscription, by the link that was mailed to its own address.
#[get("/subscriptions/<token>")]
pub async fn manage(service: &State<Service>, viewer: Viewer, token: &str) -> Result<Page, Problem> {
    let own = token.to_owned();
    let content = service.run(move |app| Ok(manage_page(&settings(app, &own, None, Vec::new())?))).await?;
    Ok(Page::new(service, &viewer, "Your mail", content))
}

#[post("/subscriptions/<token>", data = "<form>")]
pub async fn change(
    service: &State<Service>,
    viewer: Viewer,
    _same: SameOrigin,
    token: &str,
    form: Pairs,
) -> Result<Page, Problem> {
    let (own, wish) = (token.to_owned(), wish(&form));
    let changed = service.run(move |app| {
        let changed = subscribe::change(app, &own, &wish)?;
        Ok((in_words(app, &changed)?, changed))
    });
    match changed.await {
        Ok((words, changed)) => {
            let next = changed.next_due.map(|due| format!(" The next is due {}.", wording::moment(due, changed.zone)));
            let text = format!("{} gets: {words}.{}", changed.email, next.unwrap_or_default());
            Ok(said(service, &viewer, "It is changed", &text))
        }
        Err(problem) if problem.is_about_input() => {
            let (own, errors) = (token.to_owned(), shown(&problem));
            let content = service.run(move |app| Ok(manage_page(&settings(app, &own, Some(&form), errors)?))).await?;
            Ok(Page::new(service, &viewer, "Your mail", content).with_status(Status::BadRequest))
        }
        Err(problem) => Err(problem),
    }
}

/// The page of the settings: as they stand, or as they were typed.
fn settings(app: &App, token: &str, typed: Option<&Pairs>, errors: Vec<Shown>) -> Result<Manage> {
    let found = subscribe::to_change(app, token)?;
    let asked = typed.map_or_else(
        || Wish {
            email: found.email.clone(),
            roles: found.roles.iter().map(ToString::to_string).collect(),
            partners: found.partners.iter().map(ToString::to_string).collect(),
            places: found.places.iter().cloned().collect::<Vec<_>>().join(", "),
            frequency: found.frequency.as_str().to_owned(),
            zone: found.zone.name().to_owned(),
            hour: found.hour.to_string(),
        },
        wish,
    );
    Ok(Manage {
        action: format!("/subscriptions/{token}"),
        end: format!("/u/{}", subscribe::unsubscribe_token(app, found.id)),
        email: found.email,
        choices: choices(&asked, &view::directory(app)?),
        errors,
    })
}

fn wish(form: &Pairs) -> Wish {
    Wish {
        email: form.one("email").to_owned(),
        roles: form.all("roles"),
        partners: form.all("partners"),
        places: form.one("places").to_owned(),
        frequency: form.one("frequency").to_owned(),
        zone: form.one("time_zone").to_owned(),
        hour: form.one("hour").to_owned(),
    }
}

/// The fields of a wish, chosen as it says.
fn choices(wish: &Wish, directory: &Directory) -> MailChoices {
    let has = |values: &[String], value: &str| values.iter().any(|one| one == value);
    MailChoices {
        roles: words::role_choices(directory, &|value| has(&wish.roles, value)),
        partners: words::partner_choices(directory, &|value| has(&wish.partners, value)),
        places: wish.places.clone(),
        frequencies: Frequency::ALL
            .iter()
            .map(|one| Choice::new(one.as_str(), words_of(*one)).chosen(wish.frequency == one.as_str()))
            .collect(),
        zones: words::zone_choices(&wish.zone),
        hours: (0..24).map(|n| Choice::new(n.to_string(), format!("{n:02}:00")).chosen(wish.hour == n.to_string())).collect(),
    }
}

/// The mistakes, each at its field of the form.
fn shown(problem: &Problem) -> Vec<Shown> {
    let field = |name: &str| if name == "zone" { "time_zone".to_owned() } else { name.to_owned() };
    problem.mistakes().iter().map(|one| Shown { field: field(&one.field), message: one.message.clone() }).collect()
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
        manage: format!("/u/{token}/change"),
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
    let typed_or_picked = |name: &str| {
        let values = if typed.0.is_empty() { asked.all(name) } else { typed.all(name) };
        values.iter().flat_map(|all| all.split(',')).map(str::to_owned).collect::<Vec<_>>()
    };
    let mail = Wish {
        roles: typed_or_picked("roles"),
        partners: typed_or_picked("partners"),
        frequency: typed.some("frequency").unwrap_or_else(|| "weekly".to_owned()),
        hour: typed.some("hour").unwrap_or_else(|| "8".to_owned()),
        zone: typed.some("time_zone").unwrap_or_else(|| app.settings.time_zone.name().to_owned()),
        ..wish(typed)
    };
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
            choices: choices(&mail, &directory),
            errors,
        },
    })
}

fn words_of(frequency: Frequency) -> &'static str {
    match frequency {
        Frequency::AtOnce => "At once, only what changes or is cancelled",
        Frequency::Daily => "Every day",
        Frequency::Weekly => "Every Monday",
        Frequency::Monthly => "On the first of the month",
    }
}
