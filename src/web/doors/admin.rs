//! `/admin`: members, partners, calendars that are read, mail and backups, at a glance.

use chrono::{DateTime, Utc};
use rocket::{State, get};

use crate::app::view::{self, SourceView};
use crate::app::{Actor, App, Error, Result, decisions};
use crate::domain::wording;
use crate::store::OutboxState;
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::Organizer;
use crate::web::layout::{Level, Link};
use crate::web::pages::admin::{Admin, Table, admin as page};
use crate::web::problem::Problem;

/// After how many days a backup is old.
const BACKUP_DAYS: i64 = 2;

#[get("/admin")]
pub async fn admin(service: &State<Service>, organizer: Organizer) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let content = service.run(move |app| Ok(page(&fill(app, &actor)?))).await?;
    Ok(Page::new(service, &viewer, "Administration", content))
}

fn fill(app: &App, actor: &Actor) -> Result<Admin> {
    if !actor.administers() {
        return Err(Error::Forbidden("only a partner's admin and the operator see this".into()));
    }
    let sources = view::sources(app, actor)?;
    let mut states = vec![source_state(&sources, app)];
    let waits = decisions::open(app, actor)?.len();
    states.push(match waits {
        0 => (Level::Opportunity, "Nothing waits for a decision.".to_owned()),
        1 => (Level::Medium, "One convening waits for a decision.".to_owned()),
        n => (Level::Medium, format!("{n} convenings wait for a decision.")),
    });
    if actor.sees_all() {
        states.push(mail_state(app)?);
        states.push(backup_state(app)?);
    }
    let wrong = states.iter().filter(|(level, _)| !matches!(level, Level::Opportunity | Level::Note)).count();
    let lead = match wrong {
        0 => "Everything is in order.".to_owned(),
        1 => "One thing wants a look.".to_owned(),
        n => format!("{n} things want a look."),
    };
    let mut ways = vec![
        Link::new("/decisions", "Decisions and bans on meeting in person"),
        Link::new("/desk/sources", "Calendars we read"),
        Link::new("/desk/mail", "Outgoing mail"),
    ];
    if let Some(partner) = actor.partner() {
        ways.push(Link::new(format!("/partners/{partner}/policy"), "Our policy of what clashes"));
    }
    if actor.sees_all() {
        ways.push(Link::new("/teams", "City teams"));
    }
    Ok(Admin { lead, states, tables: tables(app, actor, &sources)?, ways })
}

fn source_state(sources: &[SourceView], app: &App) -> (Level, String) {
    let failing: Vec<String> = sources
        .iter()
        .filter_map(|one| {
            let since = one.source.failing_since?;
            Some(format!("{} since {}", one.source.name, wording::moment(since, app.settings.time_zone)))
        })
        .collect();
    match (sources.len(), failing.is_empty()) {
        (0, _) => (Level::Note, "No calendar is read yet.".to_owned()),
        (1, true) => (Level::Opportunity, "The one calendar can be read.".to_owned()),
        (n, true) => (Level::Opportunity, format!("All {n} calendars can be read.")),
        (_, false) => (Level::High, format!("Cannot be read: {}. What was read before stays.", wording::list(&failing))),
    }
}

fn mail_state(app: &App) -> Result<(Level, String)> {
    let counts = app.store.read::<_, Error>(|reader| Ok(reader.count_letters()?))?;
    let count = |state: OutboxState| counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
    let (waiting, sent) = (count(OutboxState::Ready), count(OutboxState::Sent));
    let (failed, unknown) = (count(OutboxState::Failed), count(OutboxState::Unknown));
    Ok(if failed + unknown > 0 {
        (Level::Medium, format!("Mail: {sent} sent, {waiting} waiting; {failed} failed, and of {unknown} it is not known."))
    } else {
        (Level::Opportunity, format!("Mail: {sent} sent, {waiting} waiting, none failed."))
    })
}

fn backup_state(app: &App) -> Result<(Level, String)> {
    let made = app.store.read::<_, Error>(|reader| Ok(reader.meta("backed_up")?))?;
    let made = made.and_then(|text| DateTime::<Utc>::from_timestamp(text.parse().ok()?, 0));
    Ok(match made {
        None => (Level::Medium, "No backup was made yet: convene backup FILE makes one while it serves.".to_owned()),
        Some(at) => {
            let words = format!("The last backup was made {}.", wording::moment(at, app.settings.time_zone));
            let is_old = (app.now() - at).num_days() > BACKUP_DAYS;
            (if is_old { Level::Medium } else { Level::Opportunity }, words)
        }
    })
}

fn tables(app: &App, actor: &Actor, sources: &[SourceView]) -> Result<Vec<Table>> {
    let head = |heads: &[&str]| heads.iter().map(|head| (*head).to_owned()).collect();
    let directory = view::directory(app)?;
    let (users, teams) = app.store.read::<_, Error>(|reader| Ok((reader.users()?, reader.teams()?)))?;
    let own =
        |partner: Option<&crate::domain::PartnerSlug>| actor.sees_all() || (partner.is_some() && partner == actor.partner());
    let members = users.iter().filter(|user| own(user.partner.as_ref())).map(|user| {
        let of = match (&user.partner, &user.team) {
            (Some(partner), _) => directory.partner(partner),
            (None, Some(team)) => {
                teams.iter().find(|known| known.slug == *team).map_or_else(|| team.to_string(), |known| known.name.clone())
            }
            (None, None) => String::new(),
        };
        vec![user.name.clone(), user.email.clone(), of, user.role.as_str().replace('_', " ")]
    });
    let partners = directory.partners.iter().filter(|partner| own(Some(&partner.slug))).map(|partner| {
        let people = users.iter().filter(|user| user.partner.as_ref() == Some(&partner.slug)).count();
        let read = sources.iter().filter(|one| one.source.partner == partner.slug).count();
        vec![partner.name.clone(), people.to_string(), read.to_string()]
    });
    let calendars = sources.iter().map(|one| {
        let state = one.source.failing_since.map_or_else(
            || "Can be read".to_owned(),
            |since| format!("Cannot be read since {}", wording::moment(since, app.settings.time_zone)),
        );
        let last =
            one.last.as_ref().map_or_else(|| "Not read yet".to_owned(), |last| wording::moment(last.at, app.settings.time_zone));
        let (held, gone) = (one.held.to_string(), one.withdrawn.len().to_string());
        vec![one.source.name.clone(), directory.partner(&one.source.partner), state, last, held, gone]
    });
    let tables = app.tables.iter().map(|one| {
        let whose = if one.is_own() { "Your own" } else { "Shipped" };
        vec![one.file.clone(), whose.to_owned(), one.version.clone(), one.rows.to_string(), one.span()]
    });
    Ok(vec![
        Table {
            title: "Members".to_owned(),
            heads: head(&["Name", "Mail address", "Of", "May"]),
            rows: members.collect(),
            empty: "Nobody signs in yet.".to_owned(),
        },
        Table {
            title: "Partners".to_owned(),
            heads: head(&["Partner", "People", "Calendars read"]),
            rows: partners.collect(),
            empty: "None yet.".to_owned(),
        },
        Table {
            title: "Calendars we read".to_owned(),
            heads: head(&["Calendar", "Of", "State", "Last tried", "Doubtful rows", "Withdrawn there"]),
            rows: calendars.collect(),
            empty: "None is connected yet.".to_owned(),
        },
        Table {
            title: "Tables that the rules read".to_owned(),
            heads: head(&["File", "Whose", "Version", "Rows", "Years"]),
            rows: tables.collect(),
            empty: String::new(),
        },
    ])
}
