//! An event and what city halls, partners and towns have said of its days.

use chrono::NaiveDate;

use crate::domain::agenda::{Agenda, Slot};
use crate::domain::civic::{Approval, Blackout, Whose};
use crate::domain::conflict::councils::{Majority, Night};
use crate::domain::conflict::phrases::{clock, day_in_words, days_in_words, falls, number, thousands};
use crate::domain::{Days, Team};

/// A night when a council meets.
pub(super) fn council_night(night: &Night<'_>, teams: u32) -> String {
    let invited = match (night.away, night.leads) {
        (0, true) => ", and people who are needed there are invited".to_owned(),
        (0, false) => String::new(),
        (away, _) => {
            let is = if away == 1 { "is" } else { "are" };
            format!(", and {} of its {} members {is} invited", number(away.into()), number(night.council.seats.into()))
        }
    };
    let others = match teams {
        0 | 1 => String::new(),
        2 => "; the council of another city team meets then too".to_owned(),
        n => format!("; the councils of {} other city teams meet then too", thousands(n - 1)),
    };
    let notice = if night.is_majority() { NOTICE } else { "" };
    format!("{} meets on {}{}{invited}{notice}{others}{}", council(night), meeting(night), moved(night), approval(night))
}

/// What follows when most of a council goes together (domain page, row of quorum risk).
const NOTICE: &str = "; when a majority travels together, the rules on open meetings may ask for a notice";

/// Most of a council would travel together.
pub(super) fn majority(majority: &Majority<'_>, teams: u32) -> String {
    let others = match teams {
        0 | 1 => String::new(),
        2 => "; so is a majority of the council of another city team".to_owned(),
        n => format!("; so are majorities of the councils of {} other city teams", thousands(n - 1)),
    };
    format!(
        "{} of the {} members of {}’s {} are invited{NOTICE}{others}",
        capital(&number(majority.away.into())),
        number(majority.council.seats.into()),
        majority.team.name,
        majority.council.name
    )
}

/// Too few members would stay at home.
pub(super) fn quorum(night: &Night<'_>) -> String {
    let majority = if night.is_majority() { NOTICE } else { "" };
    format!(
        "{} of the {} members of {} are invited while it meets on {}{}: {} would stay, and a quorum is {}{majority}{}",
        capital(&number(night.away.into())),
        number(night.council.seats.into()),
        council(night),
        meeting(night),
        moved(night),
        number(night.left().into()),
        number(night.council.quorum().into()),
        approval(night)
    )
}

/// “Riverbend’s City Council”.
fn council(night: &Night<'_>) -> String {
    format!("{}’s {}", night.team.name, night.council.name)
}

/// “Tuesday, 12 March 2019, 18:00 New York time (budget hearing)”.
fn meeting(night: &Night<'_>) -> String {
    let (day, zone) = (night.meeting.day, night.team.zone);
    let at = night.meeting.span.start.with_timezone(&zone).format("%H:%M");
    let title = night.meeting.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    format!("{}, {at} {}{title}", weekday(day), clock(zone))
}

fn weekday(day: NaiveDate) -> String {
    format!("{} {}", day.format("%A"), day_in_words(day))
}

fn moved(night: &Night<'_>) -> String {
    night.meeting.moved_from.map(|from| format!(", moved from {}", day_in_words(from))).unwrap_or_default()
}

/// Until when the journey must be on an agenda.
fn approval(night: &Night<'_>) -> String {
    match night.approval {
        None => String::new(),
        Some(Approval { deadline, meeting: Some(meeting) }) => format!(
            "; it approves travel out of the state, and its last meeting before travel is booked, by {}, is on {}",
            day_in_words(deadline),
            day_in_words(meeting)
        ),
        Some(Approval { deadline, meeting: None }) => format!(
            "; it approves travel out of the state, and no meeting of it is known before travel is booked, by {}",
            day_in_words(deadline)
        ),
    }
}

/// Days that somebody has ruled out.
pub(super) fn blackout(blackout: &Blackout, team: Option<&Team>, teams: u32, agenda: &Agenda) -> String {
    let who = match (&blackout.whose, team) {
        (_, Some(team)) => format!("{} has ruled out", team.name),
        (Whose::Team(slug), None) => format!("{slug} has ruled out"),
        (Whose::Partner(slug), _) => {
            let name = agenda.facts().partners.get(slug).cloned().unwrap_or_else(|| slug.to_string());
            format!("{name} has ruled out")
        }
        (Whose::City { city, state }, _) => {
            let town = state.as_ref().map_or_else(|| city.clone(), |state| format!("{city}, {state}"));
            format!("In {town} it is better to avoid")
        }
    };
    let others = match teams {
        0 | 1 => String::new(),
        2 => "; another city team has ruled out days of it too".to_owned(),
        n => format!("; {} other city teams have ruled out days of it too", thousands(n - 1)),
    };
    let what = if blackout.in_person { " meeting in person on" } else { "" };
    let decide = blackout
        .decide_by
        .map_or_else(String::new, |day| format!("; decide by {} whether to cancel, keep, move or go online", day_in_words(day)));
    format!("{who}{what} {}: {}{others}{decide}", days_in_words(blackout.days), blackout.reason)
}

/// In the weeks when budgets are made.
pub(super) fn budget(days: Days, season: Days, teams: u32) -> String {
    let weeks = number(season.count() / 7);
    let begins = season.last.succ_opt().unwrap_or(season.last);
    let whose = if teams == 1 { "1 city team".to_owned() } else { format!("{} city teams", thousands(teams)) };
    format!(
        "{} {} in the {weeks} weeks before a fiscal year begins on {}, when {whose} invited make their budgets",
        days_in_words(days),
        falls(days),
        day_in_words(begins)
    )
}

/// A hold that ends soon.
pub(super) fn lapsing(slot: &Slot<'_>, until: NaiveDate) -> String {
    let days = days_in_words(slot.days);
    format!("This hold lapses after {}, and {days} will be free for others: announce it, or hold it for longer", weekday(until))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}
