//! Better dates: beside a verdict, into the form, and on a page of their own.

use rocket::{State, get};

use crate::app::suggest::better;
use crate::app::view;
use crate::app::{Actor, App, Error, Result};
use crate::domain::suggest::Window;
use crate::domain::{Event, EventId, When, wording};
use crate::web::answer::Page;
use crate::web::db::Service;
use crate::web::guards::{Organizer, Pairs};
use crate::web::layout::badge::capital;
use crate::web::layout::finding::tally;
use crate::web::pages::better::{BetterPage, Offer, better as page};
use crate::web::pages::propose::BetterDates;
use crate::web::problem::Problem;
use crate::web::words;

/// So many are offered beside a verdict, and on their own page.
const FEW: usize = 3;
const MANY: usize = 6;

/// Better dates for the event that a verdict is about.
pub fn offers(app: &App, actor: &Actor, event: &Event) -> Result<Vec<BetterDates>> {
    let offer = |window: &Window| BetterDates {
        value: value(window.when),
        label: wording::when(window.when, window.zone),
        gain: gain(window),
    };
    Ok(better(app, actor, event, FEW)?.iter().map(offer).collect())
}

/// “1 low, 1 note. Nobody else calls mayors then.”
fn gain(window: &Window) -> String {
    let levels: Vec<_> = window.against.iter().map(|finding| words::level(finding.severity)).collect();
    let tally = (!levels.is_empty()).then(|| format!("{}.", capital(&tally(&levels))));
    tally.into_iter().chain(window.speaks_for.iter().take(2).cloned()).collect::<Vec<_>>().join(" ")
}

/// `2027-10-13/2027-10-15`, or with hours `2027-10-13T14:00/2027-10-13T15:30`; nothing after the slash where the end is open.
fn value(when: When) -> String {
    let of = |day: &str, time: &str| if time.is_empty() { day.to_owned() } else { format!("{day}T{time}") };
    let [start_day, start_time, end_day, end_time] = fields(when);
    format!("{}/{}", of(&start_day, &start_time), of(&end_day, &end_time))
}

/// First day, start, last day, end, as a form has them; empty where there is none.
fn fields(when: When) -> [String; 4] {
    match when {
        When::Days { first, last } => {
            [first.to_string(), String::new(), last.map(|day| day.to_string()).unwrap_or_default(), String::new()]
        }
        When::Times { start, end } => {
            let (day, hour) = (|at: chrono::NaiveDateTime| at.date().to_string(), "%H:%M");
            let end_hour = end.map(|end| end.format(hour).to_string()).unwrap_or_default();
            [day(start), start.format(hour).to_string(), end.map(day).unwrap_or_default(), end_hour]
        }
    }
}

const FIELDS: [&str; 4] = ["start_date", "start_time", "end_date", "end_time"];

/// The form with the dates that were taken from those offered; as it was, where none were.
pub fn taken(form: Pairs) -> Pairs {
    let chosen = form.one("use_dates").to_owned();
    let Some((start, end)) = chosen.split_once('/').filter(|_| form.one("act") == "use") else { return form };
    let (start_day, start_time) = start.split_once('T').unwrap_or((start, ""));
    let (end_day, end_time) = end.split_once('T').unwrap_or((end, ""));
    let mut pairs: Vec<(String, String)> = form.0.into_iter().filter(|(name, _)| !FIELDS.contains(&name.as_str())).collect();
    let new = FIELDS.into_iter().zip([start_day, start_time, end_day, end_time]);
    pairs.extend(new.map(|(name, value)| (name.to_owned(), value.to_owned())));
    Pairs(pairs)
}

/// The better dates of an event, each with the way to move there.
#[get("/events/<id>/better-dates")]
pub async fn dates(service: &State<Service>, organizer: Organizer, id: &str) -> Result<Page, Problem> {
    let id: EventId = id.parse().map_err(|_| Problem::not_found("event"))?;
    let viewer = organizer.0;
    let actor = viewer.actor.clone();
    let shown = service.run(move |app| fill(app, &actor, id)).await?;
    Ok(Page::new(service, &viewer, "Better dates", page(&shown)))
}

fn fill(app: &App, actor: &Actor, id: EventId) -> Result<BetterPage> {
    let event = view::bare_event(app, actor, id)?;
    if !actor.sees_all() && !actor.partner().is_some_and(|partner| event.is_called_by(partner)) {
        return Err(Error::Forbidden(format!("only people of {} may move it", event.details.partner)));
    }
    Ok(BetterPage {
        event: words_of(&event),
        href: format!("/events/{id}"),
        action: format!("/events/{id}/move"),
        revision: event.revision,
        offers: better(app, actor, &event, MANY)?.iter().map(offer).collect(),
    })
}

fn words_of(event: &Event) -> String {
    let details = &event.details;
    format!("{}, {}", details.title, wording::when(details.when, details.zone))
}

fn offer(window: &Window) -> Offer {
    Offer {
        when: wording::when(window.when, window.zone),
        good: window.speaks_for.clone(),
        against: window.against.iter().map(|finding| (words::level(finding.severity), finding.message.clone())).collect(),
        fields: FIELDS.into_iter().zip(fields(window.when)).filter(|(_, value)| !value.is_empty()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_that_are_taken_replace_those_of_the_form() {
        let form = |text: &str| taken(Pairs::read(text));
        let one = |form: &Pairs| FIELDS.map(|name| form.one(name).to_owned());
        let days = form("act=use&title=A&start_date=2027-01-01&start_time=09:00&use_dates=2027-10-13/2027-10-15");
        assert_eq!(one(&days), ["2027-10-13", "", "2027-10-15", ""]);
        let hours = form("act=use&end_date=2027-01-01&use_dates=2027-10-13T14:00/2027-10-13T15:30");
        assert_eq!(one(&hours), ["2027-10-13", "14:00", "2027-10-13", "15:30"]);
        let only_checked = form("act=check&start_date=2027-01-01&use_dates=2027-10-13/2027-10-15");
        assert_eq!(one(&only_checked), ["2027-01-01", "", "", ""]);
    }

    #[test]
    fn what_is_offered_can_be_taken_back() {
        let time = |text: &str| text.parse().expect("a time");
        let when = When::Times { start: time("2027-10-13T14:00:00"), end: Some(time("2027-10-13T15:30:00")) };
        let form = taken(Pairs::read(&format!("act=use&use_dates={}", value(when))));
        assert_eq!(FIELDS.map(|name| form.one(name).to_owned()), fields(when));
        let open = When::Days { first: "2027-10-13".parse().expect("a day"), last: None };
        assert_eq!(value(open), "2027-10-13/");
    }
}
