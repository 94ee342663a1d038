//! A city team's own page: what to do first, its trips, its year in one picture, and what concerns its people.

use maud::{Markup, html};

use super::year::{Year, strips};
use crate::web::layout::{self, EventRow, FindingCard, Level, Link, finding, rows};

/// The teams that somebody may see.
#[derive(Debug, Clone, Default)]
pub struct Teams {
    /// Each with a few words about it.
    pub teams: Vec<(Link, String)>,
}

/// A city team's page.
#[derive(Debug, Clone)]
pub struct TeamPage {
    /// “Riverbend, OH”.
    pub name: String,
    /// “Two trips instead of five, three council nights to think of; one thing to do by 12 January.”
    pub lead: String,
    /// Where the team's own facts are kept up to date.
    pub edit: String,
    /// Dates that the team is asked about: the plan, and where it stands.
    pub asked: Vec<(Link, String)>,
    /// What fell, and what is to be undone.
    pub dropped: Vec<Dropped>,
    /// What is to be done by when, soonest first.
    pub to_do: Vec<ToDo>,
    /// The trips that stand.
    pub trips: Vec<TripCard>,
    /// What clashes for this team.
    pub clashes: Vec<FindingCard>,
    /// The year in one picture, and the same as a table.
    pub year: Year,
    /// What concerns the team's people; “for” names them.
    pub concerns: Vec<EventRow>,
}

/// A trip that fell.
#[derive(Debug, Clone, Default)]
pub struct Dropped {
    /// What it was for.
    pub title: Link,
    /// “Cancelled. The trip of 19–24 April 2020 to Phoenix, AZ is dropped.”
    pub sentence: String,
    /// What is to be undone, a sentence each.
    pub undo: Vec<String>,
    /// What was set beside it and is not decided yet, with the day by which it is.
    pub waiting: Vec<(Link, String)>,
}

/// One thing to do.
#[derive(Debug, Clone, Default)]
pub struct ToDo {
    /// “by Tue 12 January 2027”.
    pub by: String,
    /// What.
    pub text: String,
    /// What for.
    pub about: Option<Link>,
}

/// One trip.
#[derive(Debug, Clone, Default)]
pub struct TripCard {
    /// The anchor, or the convening that stands alone.
    pub title: Link,
    /// “Phoenix, AZ”.
    pub place: String,
    /// The convenings' days.
    pub stay: String,
    /// “3 people; away Sun 19 – Fri 24 April 2020; on the way on 19, 21 and 24 April”.
    pub summary: String,
    /// Who goes where.
    pub people: Vec<Traveller>,
}

/// One person's part of a trip.
#[derive(Debug, Clone, Default)]
pub struct Traveller {
    /// Their name.
    pub name: String,
    /// What they do.
    pub role: String,
    /// Where they go: the convening, and its days.
    pub stops: Vec<(Link, String)>,
    /// Their days away, the way there and back among them.
    pub away: String,
}

/// The teams that somebody may see.
#[must_use]
pub fn teams(page: &Teams) -> Markup {
    html! {
        (layout::heading("City teams", Some("A team’s page is for its own people and the operator: rosters and trips never leave the team.")))
        @if page.teams.is_empty() {
            (layout::empty("No team of yours", "You do not lead a city team here. Whoever looks after this service can add you to one.", &[Link::new("/", "The calendar")]))
        } @else {
            ul.plain { @for (link, words) in &page.teams { li { (link.show()) " " span.meta { (words) } } } }
        }
    }
}

/// A city team's page.
#[must_use]
pub fn team(page: &TeamPage) -> Markup {
    html! {
        p.over { "City team, for its own people only" }
        div.tools { (layout::heading(&page.name, Some(&page.lead))) a.button href=(page.edit) { "Roster, council and days off" } }
        @if !page.asked.is_empty() {
            section.panel.small #asked {
                h2 { "We are asked which dates suit" }
                ul.plain { @for (link, words) in &page.asked { li { (link.show()) " " span.meta { (words) } } } }
            }
        }
        @for one in &page.dropped { (dropped(one)) }
        div.split {
            div.body { (trips(&page.trips)) (clashes(&page.clashes)) }
            div.aside { (to_do(&page.to_do)) }
        }
        section #year {
            h2 { "Our year" }
            (strips(&page.year))
        }
        section.small #concerns {
            h2 { "What concerns us" }
            @if page.concerns.is_empty() { p { "Nothing public is for anybody of the team in the next twelve months." } }
            (rows::event_list(&page.concerns))
        }
    }
}

fn dropped(one: &Dropped) -> Markup {
    html! {
        section.dropped {
            div class={ "banner " (Level::High.class()) } {
                (Level::High.icon())
                div {
                    h2 { "Trip dropped: " (one.title.show()) }
                    p { (one.sentence) }
                    @if !one.undo.is_empty() { p { strong { "To undo" } } ul { @for line in &one.undo { li { (line) } } } }
                    @if !one.waiting.is_empty() {
                        p { strong { "Not decided yet" } ": wait with what belongs to these." }
                        ul { @for (link, by) in &one.waiting { li { (link.show()) ", decide by " (by) } } }
                    }
                }
            }
        }
    }
}

fn to_do(all: &[ToDo]) -> Markup {
    html! {
        section.panel #to-do {
            h2 { "To do" }
            @if all.is_empty() { p { "Nothing has a date yet." } }
            @for one in all {
                p { strong { (one.by) } br; (one.text) @if let Some(about) = &one.about { " " (about.show()) } }
            }
        }
    }
}

fn trips(all: &[TripCard]) -> Markup {
    html! {
        section #trips {
            h2 { "Our trips" }
            @if all.is_empty() { p { "Nobody of the team has to travel in the next twelve months." } }
            @for (number, one) in all.iter().enumerate() { (trip(number, one)) }
        }
    }
}

fn trip(number: usize, one: &TripCard) -> Markup {
    let heading = format!("trip-{number}");
    html! {
        section.panel.trip aria-labelledby=(heading) {
            h3 #(heading) { (one.title.show()) }
            p { (one.stay) ", " (one.place) }
            p.meta { (one.summary) }
            table.data.stack {
                thead { tr { th scope="col" { "Who" } th scope="col" { "Goes to" } th scope="col" { "Away" } } }
                tbody { @for person in &one.people { (traveller(person)) } }
            }
        }
    }
}

fn traveller(person: &Traveller) -> Markup {
    html! {
        tr {
            th scope="row" { (person.name) br; span.meta { (person.role) } }
            td data-label="Goes to" { @for (link, days) in &person.stops { div { (link.show()) " " span.meta { (days) } } } }
            td.when data-label="Away" { (person.away) }
        }
    }
}

fn clashes(cards: &[FindingCard]) -> Markup {
    html! {
        section #clashes {
            h2 { "What clashes for us" }
            @if cards.is_empty() { p { "Nothing was found." } } @else { (finding::list(cards)) }
        }
    }
}
