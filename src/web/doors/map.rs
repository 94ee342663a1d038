//! `/map`: which partner serves which role with what; and `/anchors/ID`: what is set beside a convening.

use chrono::Months;
use rocket::{State, get};

use crate::app::decisions::{Decision, Why};
use crate::app::select::Selection;
use crate::app::{Actor, App, Result, view};
use crate::domain::conflict::Kind;
use crate::domain::conflict::anchors::decide_by;
use crate::domain::{Days, Event, EventId, EventStatus, wording};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::doors::decisions::waiting;
use crate::web::guards::Viewer;
use crate::web::layout::{Level, PartnerChip};
use crate::web::pages::accessibility::{Accessibility, accessibility as accessibility_page};
use crate::web::pages::anchor::{AnchorPage, anchor as anchor_page};
use crate::web::pages::map::{EcosystemMap, MapCell, MapRow, map as page};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/map")]
pub async fn map(service: &State<Service>, viewer: Viewer) -> Result<Page, Problem> {
    let content = service.run(|app| Ok(page(&fill(app)?))).await?;
    Ok(Page::new(service, &viewer, "Ecosystem map", content))
}

#[get("/anchors/<id>")]
pub async fn anchor(service: &State<Service>, viewer: Viewer, id: &str) -> Result<Page, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("anchor"))?;
    let actor = viewer.actor.clone();
    let shown = service.run(move |app| beside(app, &actor, id)).await?;
    Ok(Page::new(service, &viewer, &shown.title, anchor_page(&shown)))
}

#[get("/accessibility")]
pub fn accessibility(service: &State<Service>, viewer: Viewer) -> Page {
    let contact = service.settings.mail.reply_to.clone().unwrap_or_else(|| service.settings.mail.from.clone());
    Page::new(service, &viewer, "Accessibility", accessibility_page(&Accessibility { contact }))
}

/// Counts public convenings of the last three years and what lies ahead.
fn fill(app: &App) -> Result<EcosystemMap> {
    let directory = view::directory(app)?;
    let today = app.today();
    let days = Days::new(today - Months::new(36), today + Months::new(18));
    let listed = view::list(app, &Actor::Visitor, &Selection::default(), Some(days))?;
    let serving: Vec<_> = directory
        .partners
        .iter()
        .filter(|partner| listed.iter().any(|one| one.entry.event.is_called_by(&partner.slug)))
        .collect();
    let tree = &directory.roles;
    let mut rows = Vec::new();
    for choice in words::role_choices(&directory, &|_| false) {
        let Ok(role) = choice.value.parse::<crate::domain::RoleSlug>() else { continue };
        let for_role: Vec<_> =
            listed.iter().filter(|one| one.entry.event.details.roles.iter().any(|wide| tree.is_within(&role, wide))).collect();
        let cell = |partner: &&crate::domain::Partner| {
            let count = for_role.iter().filter(|one| one.entry.event.is_called_by(&partner.slug)).count();
            MapCell {
                count: u32::try_from(count).unwrap_or(u32::MAX),
                href: format!("/?roles={role}&partners={}&past=true", partner.slug),
            }
        };
        let total = u32::try_from(for_role.len()).unwrap_or(u32::MAX);
        rows.push(MapRow { role: choice.label, depth: choice.depth, cells: serving.iter().map(cell).collect(), total });
    }
    let unserved: Vec<String> = rows.iter().filter(|row| row.total == 0).map(|row| row.role.clone()).collect();
    let crowded = rows.iter().max_by_key(|row| row.cells.iter().filter(|cell| cell.count > 0).count());
    let mut remarks = Vec::new();
    if !unserved.is_empty() {
        remarks.push(format!("Nobody calls anything public for {}.", wording::list(&unserved)));
    }
    if let Some(row) = crowded {
        remarks.push(format!("{} partners serve {}.", row.cells.iter().filter(|cell| cell.count > 0).count(), row.role));
    }
    Ok(EcosystemMap {
        span: wording::days(days),
        partners: serving.iter().map(|partner| PartnerChip::new(partner.slug.as_str(), &short(partner))).collect(),
        rows,
        remarks,
    })
}

/// A name that fits above a column: an acronym's slug in capitals, else the name.
fn short(partner: &crate::domain::Partner) -> String {
    let slug = partner.slug.as_str();
    if slug.len() <= 5 && !slug.contains('-') { slug.to_uppercase() } else { partner.name.clone() }
}

fn beside(app: &App, actor: &Actor, id: EventId) -> Result<AnchorPage> {
    let whole = view::event(app, actor, id)?;
    let directory = view::directory(app)?;
    let event = &whole.entry.event;
    let days = event.details.when.days();
    let mut groups = [("Before", Vec::new()), ("During", Vec::new()), ("After", Vec::new())];
    for satellite in &whole.satellites {
        let own = satellite.details.when.days();
        let place = if own.first < days.first {
            0
        } else if own.first > days.last {
            2
        } else {
            1
        };
        if let Some((_, rows)) = groups.get_mut(place) {
            rows.push(words::bare_row(satellite, None, &directory));
        }
    }
    let open = decisions_beside(app, actor, &whole)?;
    Ok(AnchorPage {
        title: event.details.title.clone(),
        notice: lost(event, &open),
        waiting: open.iter().enumerate().map(|(number, one)| waiting(one, number, actor, &directory)).collect(),
        anchor: words::bare_row(event, None, &directory),
        groups: groups.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(title, rows)| (title.to_owned(), rows)).collect(),
        findings: words::cards(app, actor, &whole.findings, &directory)?,
        source: event.source.as_ref().map(|source| {
            format!("{}, last changed there {}", source.calendar, wording::moment(source.read_at, app.settings.time_zone))
        }),
        feed: app.address(&format!("/feeds/anchors/{id}.ics")),
        propose: actor.partner().map(|_| format!("/propose?anchor={id}")),
        history: Vec::new(),
    })
}

/// What is set beside an anchor that is not what it was, as far as nobody has decided on it yet.
fn decisions_beside(app: &App, actor: &Actor, whole: &view::Whole) -> Result<Vec<Decision>> {
    let anchor = &whole.entry.event;
    let mut open = Vec::new();
    for satellite in &whole.satellites {
        let found = crate::app::agenda::findings_of(app, actor, satellite.id)?;
        let about = |stored: &&crate::store::StoredFinding| {
            stored.finding.kind == Kind::AnchorChanged
                && stored.overridden.is_none()
                && stored.finding.events.contains(&anchor.id)
        };
        if let Some(stored) = found.iter().find(about) {
            open.push(Decision {
                due: decide_by(anchor, satellite.details.when.days().first),
                why: Why::AnchorLost { anchor: None, said: stored.finding.message.clone() },
                satellites: Vec::new(),
                event: satellite.clone(),
            });
        }
    }
    open.sort_by_key(|one| (one.due, one.event.details.when.wall_start(), one.event.id));
    Ok(open)
}

/// “Cancelled. 3 convenings set beside it wait for a decision, the first by Fri 27 March 2020.”
fn lost(anchor: &Event, open: &[Decision]) -> Option<(Level, String)> {
    let state = match anchor.status {
        EventStatus::Cancelled => "It is cancelled.",
        EventStatus::Postponed => "It is postponed; new dates are to come.",
        _ if open.is_empty() => return None,
        _ => "It is not what others were set beside any more.",
    };
    let waits = match open {
        [] => String::new(),
        [one] => format!(" One convening set beside it waits for a decision, by {}.", wording::days(Days::one(one.due))),
        [first, ..] => format!(
            " {} convenings set beside it wait for a decision, the first by {}.",
            open.len(),
            wording::days(Days::one(first.due))
        ),
    };
    Some((Level::High, format!("{state}{waits}")))
}
