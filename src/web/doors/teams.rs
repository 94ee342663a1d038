//! `/teams`: a city team's own page, for its lead and the operator.

use chrono::NaiveDate;
use rocket::response::Redirect;
use rocket::{Either, State, get};

use crate::app::teams::roster;
use crate::app::teams::year::{Planned, TeamYear, year};
use crate::app::view::{self, Directory};
use crate::app::{Actor, App, Result, answers};
use crate::domain::itinerary::Stop;
use crate::domain::{Days, Event, EventStatus, TeamSlug, wording};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::Organizer;
use crate::web::layout::badge::tint;
use crate::web::layout::{EventRow, Link, WhenWords};
use crate::web::pages::calendar::Filters;
use crate::web::pages::team::{Dropped, TeamPage, Teams, ToDo, Traveller, TripCard, team as page, teams as list_page};
use crate::web::pages::year::{Bar, Year, YearRow};
use crate::web::problem::Problem;
use crate::web::words;

#[get("/teams")]
pub async fn list(service: &State<Service>, organizer: Organizer) -> Result<Either<Redirect, Page>, Problem> {
    let viewer = organizer.0;
    if let Some(own) = viewer.actor.team() {
        return Ok(Either::Left(Redirect::to(format!("/teams/{own}"))));
    }
    let actor = viewer.actor.clone();
    let content = service
        .run(move |app| {
            let row = |team: &crate::domain::Team| {
                let people = team.members.len();
                let people = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
                (Link::new(format!("/teams/{}", team.slug), named(team)), people)
            };
            Ok(list_page(&Teams { teams: roster::list(app, &actor)?.iter().map(row).collect() }))
        })
        .await?;
    Ok(Either::Right(Page::new(service, &viewer, "City teams", content)))
}

#[get("/teams/<slug>")]
pub async fn team(service: &State<Service>, organizer: Organizer, slug: &str) -> Result<Page, Problem> {
    let viewer = organizer.0;
    let (actor, slug) = (viewer.actor.clone(), slug_of(slug)?);
    let shown = service.run(move |app| fill(app, &actor, &slug)).await?;
    Ok(Page::new(service, &viewer, &shown.name, page(&shown)))
}

/// A team's slug; what cannot be one is no team's.
pub(super) fn slug_of(text: &str) -> Result<TeamSlug, Problem> {
    text.parse().map_err(|_| Problem::not_found("city team"))
}

/// “Riverbend, OH”.
pub(super) fn named(team: &crate::domain::Team) -> String {
    team.state.as_ref().map_or_else(|| team.name.clone(), |state| format!("{}, {state}", team.name))
}

fn fill(app: &App, actor: &Actor, slug: &TeamSlug) -> Result<TeamPage> {
    let directory = view::directory(app)?;
    let shown = year(app, actor, slug)?;
    let to_do = to_do(&shown);
    let concern = |(entry, places): &(crate::domain::Entry, Vec<usize>)| EventRow {
        roles: shown.names(places),
        ..words::bare_row(&entry.event, entry.occurrences.first(), &directory)
    };
    Ok(TeamPage {
        name: named(&shown.team),
        lead: lead(&shown, to_do.first().map(|(day, _)| *day)),
        edit: format!("/teams/{slug}/edit"),
        asked: super::answers::ways::waiting(&answers::asked_of_team(app, actor, slug)?),
        dropped: shown
            .dropped
            .iter()
            .map(|one| dropped(&shown, one))
            .chain(shown.online.iter().map(|one| went_online(&shown, one)))
            .collect(),
        to_do: to_do.into_iter().map(|(_, one)| one).collect(),
        trips: shown.trips.iter().map(|one| trip_card(&shown, one, &directory)).collect(),
        clashes: words::cards(app, actor, &shown.stored_clashes(app.now()), &directory)?,
        year: picture(&shown),
        concerns: shown.concerns.iter().map(concern).collect(),
    })
}

/// “Two trips instead of five convenings in other places; next: by Tue 12 January 2027.”
fn lead(shown: &TeamYear, next: Option<NaiveDate>) -> String {
    let mut away: Vec<_> =
        shown.trips.iter().flat_map(|one| &one.trip.stops).filter(|stop| !stop.is_off).map(|stop| stop.event).collect();
    away.sort_unstable();
    away.dedup();
    let count = |n: usize, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let trips = count(shown.trips.len(), "trip", "trips");
    let trips = if away.len() > shown.trips.len() { format!("{trips} for {} convenings", away.len()) } else { trips };
    let concerns = count(shown.concerns.len(), "convening concerns us", "convenings concern us");
    let next = next.map_or_else(String::new, |day| format!(" The next thing to do is due on {}.", wording::days(Days::one(day))));
    format!("{concerns} in the next twelve months, with {trips}.{next}")
}

fn title_of(one: &Planned) -> Link {
    let root = one.events.get(&one.trip.root).or_else(|| one.trip.stops.iter().find_map(|stop| one.events.get(&stop.event)));
    root.map_or_else(|| Link::new("/", "A convening"), link)
}

fn link(event: &Event) -> Link {
    Link::new(format!("/events/{}", event.id), &event.details.title)
}

fn place_of(one: &Planned) -> String {
    let event = one.events.get(&one.trip.root).or_else(|| one.events.values().next());
    event.map_or_else(String::new, |event| wording::place(&event.details))
}

fn days_or_nothing(days: Option<Days>) -> String {
    days.map(wording::days).unwrap_or_default()
}

fn trip_card(shown: &TeamYear, one: &Planned, directory: &Directory) -> TripCard {
    let stop = |stop: &Stop| {
        let off = if stop.is_off { ", off" } else { "" };
        one.events.get(&stop.event).map(|event| (link(event), format!("{}{off}", wording::days(stop.days))))
    };
    let traveller = |person: &crate::domain::itinerary::Itinerary| {
        let member = shown.team.members.get(person.member)?;
        Some(Traveller {
            name: member.name.clone(),
            role: directory.roles.name(&member.role),
            stops: person.stops.iter().filter_map(stop).collect(),
            away: wording::days(person.away),
        })
    };
    let people = one.trip.people.len();
    let way: Vec<String> = one.trip.travel_days().iter().map(|day| day.format("%a %-d %B").to_string()).collect();
    TripCard {
        title: title_of(one),
        place: place_of(one),
        stay: days_or_nothing(one.trip.stay()),
        summary: format!(
            "{}, away {}; on the way on {}.",
            if people == 1 { "1 person".to_owned() } else { format!("{people} people") },
            days_or_nothing(one.trip.away()),
            wording::list(&way)
        ),
        people: one.trip.people.iter().filter_map(traveller).collect(),
    }
}

fn dropped(shown: &TeamYear, one: &Planned) -> Dropped {
    let root = one.events.get(&one.trip.root);
    let how = match root.map(|root| root.status) {
        Some(EventStatus::Postponed) => "Postponed, new dates to come",
        _ => "Cancelled",
    };
    let mut undo: Vec<String> = one
        .trip
        .people
        .iter()
        .filter_map(|person| {
            let member = shown.team.members.get(person.member)?;
            Some(format!("{}: the way there and back, and the nights, {}", member.name, wording::days(person.away)))
        })
        .collect();
    if let (Some(_), Some(council)) = (&one.approval, &shown.council) {
        undo.push(format!("{}: the approval of this travel, if it was asked for", council.name));
    }
    let waiting = one.waiting.iter().filter_map(|(id, by)| Some((link(one.events.get(id)?), wording::days(Days::one(*by)))));
    Dropped {
        title: title_of(one),
        sentence: format!("{how}: the trip of {} to {} is dropped.", days_or_nothing(one.trip.away()), place_of(one)),
        undo,
        waiting: waiting.collect(),
    }
}

fn went_online(shown: &TeamYear, (event, places): &(Event, Vec<usize>)) -> Dropped {
    let days = wording::days(event.details.when.days());
    Dropped {
        title: link(event),
        sentence: format!("It is online now, on {days}: nobody travels for it."),
        undo: shown.names(places).iter().map(|name| format!("{name}: the way there and back, and the nights")).collect(),
        waiting: Vec::new(),
    }
}

/// What has a date by which it must be done, soonest first.
fn to_do(shown: &TeamYear) -> Vec<(NaiveDate, ToDo)> {
    let today = shown.days.first;
    let mut all = Vec::new();
    for one in &shown.trips {
        let Some(asked) = &one.approval else { continue };
        let council = shown.council.as_ref().map_or_else(|| "The council".to_owned(), |council| council.name.clone());
        let booking = wording::days(Days::one(asked.approval.deadline));
        let (day, text) = match (asked.approval.meeting, asked.agenda_closes) {
            (Some(meeting), Some(closes)) if closes >= today => {
                let meeting = wording::days(Days::one(meeting));
                (
                    closes,
                    format!(
                        "{council} approves travel out of the state: put it on the agenda of {meeting}, the last before travel is booked, by {booking}."
                    ),
                )
            }
            (Some(meeting), _) if meeting >= today => {
                let said = wording::days(Days::one(meeting));
                (
                    meeting,
                    format!(
                        "{council} approves travel out of the state, and the agenda of {said} is closed: ask to add to it. Travel is booked by {booking}."
                    ),
                )
            }
            _ => (
                asked.approval.deadline,
                format!(
                    "{council} approves travel out of the state, and no meeting of it is left before travel is booked, by {booking}: ask for a decision in time."
                ),
            ),
        };
        all.push((day, ToDo { by: by(day, today), text, about: Some(title_of(one)) }));
    }
    for (id, day, title) in shown
        .dropped
        .iter()
        .flat_map(|one| one.waiting.iter().filter_map(|(id, day)| Some((*id, *day, one.events.get(id)?.details.title.clone()))))
    {
        let text = "Its anchor is off; whether it takes place is decided by then:".to_owned();
        all.push((day, ToDo { by: by(day, today), text, about: Some(Link::new(format!("/events/{id}"), title)) }));
    }
    all.retain(|(day, _)| *day >= today - chrono::Duration::days(30));
    all.sort_by_key(|(day, _)| *day);
    all
}

fn by(day: NaiveDate, today: NaiveDate) -> String {
    let said = wording::days(Days::one(day));
    if day < today { format!("Was due on {said}") } else { format!("By {said}") }
}

/// The team's year: trips, council nights, days ruled out and budget weeks, and whatever else is for its people.
fn picture(shown: &TeamYear) -> Year {
    let row = |name: &str, bars: Vec<Bar>| YearRow { name: name.to_owned(), bars };
    let own = |title: String, short: &str, days: Days, href: &str, tint: u8| Bar {
        href: href.to_owned(),
        title,
        short: short.to_owned(),
        when: said(days),
        days,
        tint,
        status: EventStatus::Confirmed,
    };
    let trips = shown.trips.iter().chain(&shown.dropped).filter_map(|one| {
        let title = title_of(one);
        let short = place_of(one).split(',').next().unwrap_or_default().to_owned();
        let status = if one.trip.is_dropped() { EventStatus::Cancelled } else { EventStatus::Confirmed };
        let bar = own(format!("Trip: {}", title.text), &short, one.trip.away()?, &title.href, 0);
        Some(Bar { status, ..bar })
    });
    let council = shown.council.as_ref().map_or("Council", |council| &council.name);
    let edit = format!("/teams/{}/edit", shown.team.slug);
    let nights = shown.meetings.iter().map(|one| {
        let moved = one.moved_from.map(|day| format!(", moved from {}", wording::days(Days::one(day)))).unwrap_or_default();
        own(format!("{council} meets{moved}"), "", Days::one(one.day), &format!("{edit}#council"), 3)
    });
    let out =
        shown.blackouts.iter().map(|(_, one)| own(format!("Not: {}", one.reason), "", one.days, &format!("{edit}#blackouts"), 5));
    let budget = shown.seasons.iter().map(|days| own("The budget is made".to_owned(), "", *days, &format!("{edit}#budget"), 6));
    let concerns = shown.concerns.iter().flat_map(|(entry, _)| {
        let details = &entry.event.details;
        entry.occurrences.iter().map(move |one| Bar {
            href: format!("/events/{}", entry.event.id),
            title: details.title.clone(),
            short: String::new(),
            when: words::when(one.when, details.zone),
            days: one.when.days(),
            tint: tint(details.partner.as_str()),
            status: entry.event.status,
        })
    });
    let mut rows = vec![
        row("Our trips", trips.collect()),
        row(council, nights.collect()),
        row("Days ruled out", out.collect()),
        row("Budget time", budget.collect()),
        row("Convenings for us", concerns.collect()),
    ];
    rows.retain(|row| !row.bars.is_empty());
    Year {
        filters: Filters::default(),
        from: shown.days.first,
        months: 13,
        today: Some(shown.days.first),
        groupings: Vec::new(),
        rows,
        observances: Vec::new(),
        before: Link::default(),
        after: Link::default(),
    }
}

fn said(days: Days) -> WhenWords {
    WhenWords { days: wording::days(days), hours: None, datetime: days.first.to_string(), was: None }
}
