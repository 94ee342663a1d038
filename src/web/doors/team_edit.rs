//! `/teams/SLUG/edit`: roster, council, budget, days off and leads of a city team, each by form.

mod fields;
mod read;

use rocket::http::{CookieJar, Status};
use rocket::response::Redirect;
use rocket::{Either, State, get, post};

use super::teams::slug_of;
use crate::app::teams::meetings::except;
use crate::app::teams::roster::{self, Change};
use crate::app::{Actor, App, Result, sign_in, teams};
use crate::domain::TeamSlug;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs, SameOrigin, say};
use crate::web::layout::form::FieldError as Shown;
use crate::web::pages::team_edit::team_edit as page;
use crate::web::problem::Problem;

/// A form that was refused: which, what is wrong, what was typed.
struct Refused {
    scope: String,
    errors: Vec<Shown>,
    form: Pairs,
}

#[get("/teams/<slug>/edit")]
pub async fn edit(service: &State<Service>, organizer: Organizer, slug: &str) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let (actor, slug) = (viewer.actor.clone(), slug_of(slug)?);
    let shown = service.run(move |app| fields::fill(app, &actor, &slug, None)).await?;
    Ok(Page::new(service, &viewer, &format!("{}: own facts", shown.name), page(&shown)))
}

/// One form of the page: `members`, `council`, `meetings`, `budget`, `blackouts`, `leads`.
#[post("/teams/<slug>/<part>", data = "<form>")]
pub async fn add(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    slug: &str,
    part: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let done = match part {
        "members" => Deed::AddMember,
        "council" => Deed::Council,
        "meetings" => Deed::Meeting,
        "budget" => Deed::Budget,
        "blackouts" => Deed::RuleOut,
        "leads" => Deed::AddLead,
        _ => return Err(Problem::not_found("form")),
    };
    take(service, organizer, jar, slug, part, done, form).await
}

/// Somebody of the roster is now as said.
#[post("/teams/<slug>/members/<place>", data = "<form>")]
pub async fn change_member(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    slug: &str,
    place: usize,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    take(service, organizer, jar, slug, &format!("member-{place}"), Deed::PutMember(place), form).await
}

/// Something is taken back.
#[post("/teams/<slug>/<part>/<which>/removal", data = "<form>")]
#[expect(clippy::too_many_arguments, reason = "Rocket gives each part of the address its own argument")]
pub async fn remove(
    service: &State<Service>,
    organizer: Organizer,
    _same: SameOrigin,
    jar: &CookieJar<'_>,
    slug: &str,
    part: &str,
    which: &str,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let number = |what| which.parse::<i64>().map_err(|_| Problem::not_found(what));
    let done = match part {
        "members" => Deed::RemoveMember(usize::try_from(number("person")?).map_err(|_| Problem::not_found("person"))?),
        "blackouts" => Deed::Allow(number("blackout")?),
        "meetings" => Deed::AsUsual(which.to_owned()),
        _ => return Err(Problem::not_found("form")),
    };
    take(service, organizer, jar, slug, part, done, form).await
}

/// What a form does.
#[derive(Debug, Clone)]
enum Deed {
    AddMember,
    PutMember(usize),
    RemoveMember(usize),
    Council,
    Meeting,
    AsUsual(String),
    Budget,
    RuleOut,
    Allow(i64),
    AddLead,
}

async fn take(
    service: &Service,
    organizer: Organizer,
    jar: &CookieJar<'_>,
    slug: &str,
    scope: &str,
    deed: Deed,
    form: Pairs,
) -> Result<Either<Redirect, Page>, Problem> {
    let (viewer, slug) = (organizer.0, slug_of(slug)?);
    let (actor, team, typed) = (viewer.actor.clone(), slug.clone(), form.clone());
    match service.run(move |app| deed.act(app, &actor, &team, &typed)).await {
        Ok((said, part)) => {
            say(jar, said);
            Ok(Either::Left(Redirect::to(format!("/teams/{slug}/edit#{part}"))))
        }
        Err(problem) if problem.is_about_input() => {
            let errors = problem.mistakes().iter().map(|one| Shown { field: one.field.clone(), message: one.message.clone() });
            let refused = Refused { scope: scope.to_owned(), errors: errors.collect(), form };
            let actor = viewer.actor.clone();
            let shown = service.run(move |app| fields::fill(app, &actor, &slug, Some(&refused))).await?;
            Ok(Either::Right(Page::new(service, &viewer, &shown.name, page(&shown)).with_status(Status::BadRequest)))
        }
        Err(problem) => Err(problem),
    }
}

impl Deed {
    /// Does it; gives what is said of it, and the part of the page that it belongs to.
    fn act(&self, app: &App, actor: &Actor, team: &TeamSlug, form: &Pairs) -> Result<(&'static str, &'static str)> {
        // Whose page it is decides before anything is read.
        roster::look(app, actor, team)?;
        let was = || form.one("was").to_owned();
        Ok(match self {
            Self::AddMember => {
                roster::change(app, actor, team, &Change::Add(read::member(form)?))?;
                ("Added to the roster.", "members")
            }
            Self::PutMember(place) => {
                roster::change(app, actor, team, &Change::Put(*place, was(), read::member(form)?))?;
                ("Changed.", "members")
            }
            Self::RemoveMember(place) => {
                roster::change(app, actor, team, &Change::Remove(*place, was()))?;
                ("Taken off the roster.", "members")
            }
            Self::Council => {
                let known = app.store.read::<_, crate::app::Error>(|reader| Ok(reader.councils()?.remove(team)))?;
                teams::put_council(app, actor, team, &read::council(form, known.as_ref())?)?;
                ("The council’s calendar is kept.", "council")
            }
            Self::Meeting => {
                except(app, actor, team, read::exception(form)?)?;
                ("The meeting is kept as you said.", "council")
            }
            Self::AsUsual(day) => {
                except(app, actor, team, teams::meetings::Exception::AsUsual(read::day_in("day", day)?))?;
                ("That day is as usual again.", "council")
            }
            Self::Budget => {
                teams::put_budget_year(app, actor, team, read::budget(form)?)?;
                ("The budget’s weeks are kept.", "budget")
            }
            Self::RuleOut => {
                teams::rule_out(app, actor, &read::blackout(form, team)?)?;
                ("These days are ruled out.", "blackouts")
            }
            Self::Allow(id) => {
                teams::allow_again(app, actor, *id)?;
                ("These days are free again.", "blackouts")
            }
            Self::AddLead => {
                sign_in::add_lead(app, actor, form.one("email"), form.some("name").as_deref(), team)?;
                ("They may sign in now: they ask for a link on the sign-in page.", "leads")
            }
        })
    }
}
