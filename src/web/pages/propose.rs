//! Proposing: the form, and what was found about the dates before anything is stored.

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Choice, Field, FindingCard, finding};

/// The propose page: a form as it was typed, and the verdict if one was asked for.
#[derive(Debug, Clone, Default)]
pub struct Propose {
    /// The form.
    pub form: ProposeForm,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// What was found about the dates.
    pub verdict: Option<Verdict>,
}

/// The form as it was typed. Field names in the form's data are the names of these fields.
#[derive(Debug, Clone, Default)]
pub struct ProposeForm {
    /// Where it is posted; the buttons send `act=check` or `act=propose`.
    pub action: String,
    /// Title.
    pub title: String,
    /// `convening` or `session`.
    pub kinds: Vec<Choice>,
    /// The partners that the organizer may speak for.
    pub partners: Vec<Choice>,
    /// Roles, as a tree.
    pub roles: Vec<Choice>,
    /// Cohorts, “none” first.
    pub cohorts: Vec<Choice>,
    /// Of which states' city teams it is only for: “OH, PA”.
    pub states: String,
    /// Convenings it can be set beside, “none” first.
    pub anchors: Vec<Choice>,
    /// Modes.
    pub modes: Vec<Choice>,
    /// The house.
    pub venue_name: String,
    /// The room.
    pub venue_room: String,
    /// The city.
    pub venue_city: String,
    /// Two-letter state.
    pub venue_state: String,
    /// Two-letter country.
    pub venue_country: String,
    /// How many people the room holds.
    pub venue_capacity: String,
    /// Where to join online.
    pub join_url: String,
    /// Whole days, without hours.
    pub all_day: bool,
    /// First day, `YYYY-MM-DD`.
    pub start_date: String,
    /// Start, `HH:MM`.
    pub start_time: String,
    /// Last day, included, `YYYY-MM-DD`.
    pub end_date: String,
    /// End, `HH:MM`.
    pub end_time: String,
    /// Zones; field `time_zone`.
    pub zones: Vec<Choice>,
    /// Speakers' slugs or names, one a line.
    pub speakers: String,
    /// How many people are expected.
    pub expected: String,
    /// Its own page.
    pub url: String,
    /// More about it.
    pub description: String,
}

/// What was found about the dates as they stand in the form.
#[derive(Debug, Clone, Default)]
pub struct Verdict {
    /// “Wed 6 – Fri 8 October 2027, Denver”.
    pub about: String,
    /// The whole in one sentence: “Two findings; nothing stands in the way.”
    pub sentence: String,
    /// The findings, in any order.
    pub findings: Vec<FindingCard>,
    /// Better dates, best first.
    pub better: Vec<BetterDates>,
}

/// Dates that would be better, and what they gain.
#[derive(Debug, Clone, Default)]
pub struct BetterDates {
    /// What the form sends as `use_dates`: `2027-10-13/2027-10-15`.
    pub value: String,
    /// “Wed 17 – Fri 19 November 2027”.
    pub label: String,
    /// “No shared role elsewhere; one caution less.”
    pub gain: String,
}

const SCOPE: &str = "propose";
const LEAD: &str = "Check the dates first: nothing is stored until you propose. A proposal is seen only by the partners named.";

/// The propose page.
#[must_use]
pub fn propose(page: &Propose) -> Markup {
    html! {
        (layout::heading("Propose a convening", Some(LEAD)))
        (form::error_summary(SCOPE, &page.errors))
        @if let Some(verdict) = &page.verdict {
            div.split {
                div.aside { (verdict_panel(verdict)) }
                div.body { (form(page)) }
            }
        } @else { (form(page)) }
    }
}

fn form(page: &Propose) -> Markup {
    html! {
        form #propose-form method="post" action=(page.form.action) novalidate {
            div.part { h2 { "What" } (shown(&what(&page.form), &page.errors)) }
            div.part { h2 { "Who it is for" } (shown(&audience(&page.form), &page.errors)) }
            div.part { h2 { "When" } (when(&page.form, &page.errors)) }
            div.part { h2 { "Where" } (place(&page.form, &page.errors)) }
            div.part { h2 { "More" } (shown(&more(&page.form), &page.errors)) }
            div.actions {
                button.main type="submit" name="act" value="check" { "Check dates" }
                button type="submit" name="act" value="propose" { "Propose" }
            }
        }
    }
}

fn shown(fields: &[Field], errors: &[FieldError]) -> Markup {
    html! { @for field in fields { (field.clone().among(errors).show(SCOPE)) } }
}

fn what(form: &ProposeForm) -> [Field; 3] {
    [
        Field::line("text", "title", "Title")
            .value(&form.title)
            .hint("As it will stand in people’s calendars.")
            .autocomplete("off")
            .required(),
        Field::radios("kind", "Kind", &form.kinds),
        Field::select("partner", "Called by", &form.partners).required(),
    ]
}

fn audience(form: &ProposeForm) -> [Field; 5] {
    [
        Field::checks("roles", "Roles", &form.roles).hint("A wider role takes in those below it.").required(),
        Field::select("cohort", "Cohort", &form.cohorts).hint("Only for a session of a closed group."),
        Field::line("text", "states", "Only for these states")
            .value(&form.states)
            .hint("Two letters each, for example OH, PA. Left empty, city teams of all states are counted."),
        Field::line("number", "expected", "People expected").value(&form.expected).hint("A rough number will do."),
        Field::area("speakers", "Speakers", 2).value(&form.speakers).hint("One a line. They are checked for double bookings."),
    ]
}

fn when(form: &ProposeForm, errors: &[FieldError]) -> Markup {
    let date = |name, label, value: &str| Field::line("date", name, label).value(value);
    let time = |name, label, value: &str| Field::line("time", name, label).value(value).hint("Not for whole days.");
    let first = date("start_date", "First day", &form.start_date).hint("Year, month and day, for example 2027-10-06.").required();
    let last = date("end_date", "Last day", &form.end_date).hint("Included. The same day for one day.");
    let zone =
        Field::select("time_zone", "Time zone", &form.zones).hint("The zone of the place, or of the host if it is virtual.");
    let anchor = Field::select("anchor", "Set beside", &form.anchors);
    html! {
        (shown(&[Field::switch("all_day", "Whole days, without hours", form.all_day)], errors))
        div.pair { (shown(&[first, time("start_time", "Starts at", &form.start_time)], errors)) }
        div.pair { (shown(&[last, time("end_time", "Ends at", &form.end_time)], errors)) }
        (shown(&[zone.required(), anchor.hint("A convening of any partner, so that people come on one trip.")], errors))
    }
}

fn place(form: &ProposeForm, errors: &[FieldError]) -> Markup {
    let line = |name, label, value: &str| Field::line("text", name, label).value(value);
    let state = line("venue_state", "State", &form.venue_state).hint("Two letters.");
    let country = line("venue_country", "Country", &form.venue_country).hint("Two letters.");
    let holds = Field::line("number", "venue_capacity", "Room holds").value(&form.venue_capacity).hint("People.");
    html! {
        (shown(&[Field::radios("mode", "Mode", &form.modes).required()], errors))
        (shown(&[line("venue_name", "Venue", &form.venue_name), line("venue_room", "Room", &form.venue_room)], errors))
        div.pair { (shown(&[line("venue_city", "City", &form.venue_city), state], errors)) }
        div.pair { (shown(&[country, holds], errors)) }
        (shown(&[Field::line("url", "join_url", "Address to join online").value(&form.join_url)], errors))
    }
}

fn more(form: &ProposeForm) -> [Field; 2] {
    [
        Field::line("url", "url", "Its own page").value(&form.url),
        Field::area("description", "Description", 5).value(&form.description),
    ]
}

fn verdict_panel(verdict: &Verdict) -> Markup {
    html! {
        section #verdict aria-live="polite" aria-labelledby="verdict-title" {
            div.panel {
                p.over { "Checked, not stored" }
                h2 #verdict-title { (verdict.about) }
                p.verdict { (verdict.sentence) }
                @if verdict.findings.is_empty() { p { "No conflicts were found." } }
                p.meta.noprint { a href="#propose-form" { "Go to the form" } }
            }
            @if !verdict.better.is_empty() { (better_dates(&verdict.better)) }
            @if !verdict.findings.is_empty() { div.block { (finding::by_level(&verdict.findings)) } }
        }
    }
}

fn better_dates(better: &[BetterDates]) -> Markup {
    html! {
        div.panel {
            fieldset {
                legend { h2 { "Better dates" } }
                ul.checks.one {
                    @for (n, dates) in better.iter().enumerate() {
                        li { label.check {
                            input type="radio" name="use_dates" value=(dates.value) form="propose-form" checked[n == 0];
                            span { (dates.label) span.hint { (dates.gain) } }
                        } }
                    }
                }
                p { button type="submit" form="propose-form" name="act" value="use" { "Take these dates and check" } }
            }
        }
    }
}
