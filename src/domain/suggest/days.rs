//! Days that rule a window out: observances of the tier that is to be avoided altogether.

use chrono::{NaiveDate, NaiveTime};

use super::wish::{Start, Wish};
use crate::domain::agenda::{Agenda, Audience};
use crate::domain::observance::{Certainty, ObservanceKind};
use crate::domain::{Days, Observance, When};

/// Why a start is ruled out by observances of the tier to avoid, shortest first; empty where it is not.
///
/// An observance counts on the days of the event and on its days of travel, and on the evening at
/// whose sunset it begins. One whose date is not certain counts on each day of the event that it may
/// fall on. Online there is no travel, and a session that ends before `prepared` leaves time to
/// prepare on the eve.
pub fn excluded(wish: &Wish, start: &Start, agenda: &Agenda, audience: &Audience, prepared: NaiveTime) -> Vec<String> {
    let Some(tier) = wish.avoid else { return Vec::new() };
    let away = start.days.widened(wish.travel());
    // A day more: what begins at the sunset of the last day is in the table under the next one, and a date in doubt beside it.
    let near = agenda.observances(away.widened(2)).filter(|observance| observance.tier >= tier);
    let concerning = near.filter(|observance| concerns(wish, observance, agenda, audience));
    let mut reasons: Vec<String> =
        concerning.filter_map(|observance| reason(observance, start, away, is_over(wish, start, prepared))).collect();
    super::sort_shortest_first(&mut reasons);
    reasons
}

/// Is it over before people have to prepare for the evening?
fn is_over(wish: &Wish, start: &Start, prepared: NaiveTime) -> bool {
    match start.when {
        When::Times { end: Some(end), .. } => !wish.is_in_person() && end.time() <= prepared,
        _ => false,
    }
}

/// What holds in one state concerns its teams and what is held there; a change of clocks nobody.
fn concerns(wish: &Wish, observance: &Observance, agenda: &Agenda, audience: &Audience) -> bool {
    if observance.kind == ObservanceKind::ClockChange {
        return false;
    }
    let venue = wish.template.venue.as_ref().filter(|_| wish.is_in_person() && observance.election().is_none());
    observance.state.is_none()
        || agenda.teams_concerned(audience, observance) > 0
        || venue.is_some_and(|venue| venue.state == observance.state)
}

fn reason(observance: &Observance, start: &Start, away: Days, over_by_sunset: bool) -> Option<String> {
    let name = short(&observance.name);
    let on = |day: NaiveDate| {
        let travel = if start.days.contains(day) { "" } else { ", a day of travel," };
        let within = if observance.kind == ObservanceKind::Season { "in " } else { "" };
        format!("{}{travel} is {within}{name}", weekday_and_day(day))
    };
    let eve = || observance.days.first.pred_opt().filter(|eve| observance.from_sunset && !over_by_sunset && away.contains(*eve));
    if let Some(days) = start.days.overlap(observance.days).or_else(|| away.overlap(observance.days)) {
        // A festival that begins on the last evening is named by that evening, which is what people ask about.
        return match eve().filter(|eve| start.days.contains(*eve)) {
            Some(eve) => Some(at_sunset(name, eve)),
            None => Some(on(days.first)),
        };
    }
    if let Some(eve) = eve() {
        return Some(at_sunset(name, eve));
    }
    let doubtful = observance.certainty == Certainty::PlusMinusOne;
    let beside = [observance.days.first.pred_opt(), observance.days.last.succ_opt()].into_iter().filter(|_| doubtful);
    let mut possible = beside.chain([observance.alternate]).flatten().filter(|day| start.days.contains(*day));
    possible.next().map(|day| format!("{name} may fall on {}", weekday_and_day(day)))
}

fn at_sunset(name: &str, eve: NaiveDate) -> String {
    let begins = if name.contains(" and ") { "begin" } else { "begins" };
    format!("{name} {begins} at sunset on {}", weekday_and_day(eve))
}

/// “Sukkot” for “Sukkot (first two days)”.
fn short(name: &str) -> &str {
    name.split(" (").next().unwrap_or(name)
}

/// “Friday 15 October 2027”.
pub fn weekday_and_day(day: NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}
