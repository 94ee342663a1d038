//! Facts into words: one plain sentence for every finding, the same on page, in letter and in terminal.
//!
//! A sentence names days, places, distances, and how many city teams; times come with the name of
//! their clock. It names neither event: whoever shows a finding shows those beside it, as far as
//! the reader may see them.

use chrono::NaiveDate;

use super::days::{self, Beside};
use super::phrases::{day_in_words, days_in_words, falls, hour, hours, is_or_are, list, number, thousands};
use super::travel::Apart;
use super::{Found, Touches};
use crate::domain::agenda::{Agenda, Slot};
use crate::domain::observance::{Certainty, ObservanceKind, Tier};
use crate::domain::{Days, Observance, Span, Venue};

/// What a rule saw.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fact<'a> {
    /// The same people are wanted at both; how far apart, if both are in person.
    SamePeople {
        /// How the places lie.
        apart: Option<Apart>,
    },
    /// Teams would split.
    Split {
        /// The common days.
        days: Days,
        /// How the places lie.
        apart: Apart,
    },
    /// Few days for a journey.
    Turnaround {
        /// Free days between.
        free_days: i64,
        /// The distance.
        km: u32,
        /// By how many hours the clocks differ.
        zone_hours: u32,
    },
    /// A speaker at both.
    Speaker,
    /// A room for both.
    Room,
    /// A day to plan around.
    Day {
        /// Which.
        observance: &'a Observance,
        /// How it lies to the event.
        beside: Beside,
        /// The event is online.
        online: bool,
    },
}

impl<'a> Fact<'a> {
    /// What an event clashes with when that is not an event.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        match self {
            Self::Day { observance, .. } => Some(&observance.name),
            _ => None,
        }
    }

    /// Does it rest on the table of observances?
    #[must_use]
    pub fn is_about_a_day(&self) -> bool {
        self.observed_days().is_some()
    }

    /// The days of the observance.
    #[must_use]
    pub fn observed_days(&self) -> Option<Days> {
        match self {
            Self::Day { observance, .. } => Some(observance.days),
            _ => None,
        }
    }
}

/// The sentence of a finding: about its gravest hit, and how many further ones there are.
pub(super) fn sentence(found: &Found<'_>, further: usize, touches: &Touches, agenda: &Agenda) -> String {
    let roles = || roles(touches, agenda);
    let said = match (found.hit.fact, found.b) {
        (Fact::Day { observance, beside, online }, _) => day(&found.a, observance, beside, online),
        (Fact::SamePeople { apart }, Some(b)) => same_people(&found.a, &b, apart, found.hit.overlap, &roles()),
        (Fact::Split { days, apart }, Some(b)) => split(&found.a, &b, days, apart, found.hit.teams),
        (Fact::Turnaround { free_days, km, zone_hours }, Some(b)) => {
            turnaround(&found.a, &b, free_days, km, zone_hours, &roles())
        }
        (Fact::Speaker, Some(b)) => {
            format!("{} at the same time, {}", speakers(touches, agenda), when(&found.a, &b, found.hit.overlap))
        }
        (Fact::Room, Some(b)) => {
            format!("{} is taken twice at the same time, {}", room(&found.a), when(&found.a, &b, found.hit.overlap))
        }
        // A fact about two always comes with two.
        (_, None) => String::new(),
    };
    let teams = match found.hit.fact {
        Fact::Split { .. } | Fact::Speaker | Fact::Room => String::new(),
        Fact::Day { observance, .. } if observance.state.is_none() => String::new(),
        _ => concerned(found.hit.teams),
    };
    let further = match further {
        0 => String::new(),
        1 => "; the same once more".to_owned(),
        n => format!("; the same {n} more times"),
    };
    format!("{said}{teams}{further}.")
}

fn concerned(teams: u32) -> String {
    match teams {
        0 => String::new(),
        1 => "; 1 city team is concerned".to_owned(),
        n => format!("; {} city teams are concerned", thousands(n)),
    }
}

fn same_people(a: &Slot<'_>, b: &Slot<'_>, apart: Option<Apart>, overlap: Option<Span>, who: &str) -> String {
    let days = || a.days.overlap(b.days).map(days_in_words).unwrap_or_default();
    match apart {
        Some(Apart::Far(km)) => format!("Both want {who} in person on {}, {}", days(), far(a, b, km)),
        Some(Apart::Near) => format!("Both want {who} in {} at the same time, {}", here(a), when(a, b, overlap)),
        Some(Apart::Unknown) => {
            format!("Both want {who} in person at the same time, {}, and a place is not known yet", when(a, b, overlap))
        }
        None if a.is_in_person() || b.is_in_person() => {
            format!("Both want {who} at the same time, {}, one in person and one online", when(a, b, overlap))
        }
        None => format!("Both want {who} online at the same time, {}", when(a, b, overlap)),
    }
}

fn split(a: &Slot<'_>, b: &Slot<'_>, days: Days, apart: Apart, teams: u32) -> String {
    let km = if let Apart::Far(km) = apart { km } else { None };
    let common =
        if days.count() == 1 { "are on the same day".to_owned() } else { format!("share {} days", number(days.count())) };
    let would = if teams == 1 {
        "1 city team has people invited to each and would".into()
    } else {
        format!("{} city teams have people invited to each and would", thousands(teams))
    };
    let (one, other) = (here(a), here(b));
    let distance = km.map(|km| format!(", {} km apart", thousands(km))).unwrap_or_default();
    format!("{one} and {other}{distance}, {common}, {}: no role is shared, but {would} have to split", days_in_words(days))
}

fn turnaround(a: &Slot<'_>, b: &Slot<'_>, free_days: i64, km: u32, zone_hours: u32, who: &str) -> String {
    let free = match free_days {
        0 => "No free day lies".to_owned(),
        1 => "Only one free day lies".to_owned(),
        n => format!("Only {} free days lie", number(n)),
    };
    let leaves = if a.occurrence.when.is_open() { "from" } else { "until" };
    let open = if a.occurrence.when.is_open() { " (last day not known)" } else { "" };
    let clocks = if zone_hours > 0 { format!(" and {zone_hours} h by the clock") } else { String::new() };
    format!(
        "{free} between {}, {leaves} {}{open}, and {}, from {}, {} km{clocks} apart: both want {who}",
        here(a),
        day_in_words(a.days.last),
        here(b),
        day_in_words(b.days.first),
        thousands(km),
    )
}

fn day(slot: &Slot<'_>, observance: &Observance, beside: Beside, online: bool) -> String {
    let name = named(observance);
    let doubt = if observance.certainty == Certainty::PlusMinusOne { "; its date may be a day earlier or later" } else { "" };
    match beside {
        Beside::On(days) if observance.kind == ObservanceKind::Season => {
            format!("{} {} in {name}{}", days_in_words(days), falls(days), advice(observance))
        }
        Beside::On(days) => format!(
            "{} {} {name}{}{}{doubt}",
            days_in_words(days),
            is_or_are(days),
            from_sunset(slot, observance, days),
            advice(observance)
        ),
        Beside::Eve(eve) => format!(
            "{name} begins at sunset on {}{}: end early enough for people to be home and ready{doubt}",
            day_in_words(eve),
            sunset_hour(slot, eve)
        ),
        Beside::Arrival(on) | Beside::Departure(on) if online => {
            format!("{}, {}, is {name}{doubt}", beside_in_words(beside), day_in_words(on))
        }
        Beside::Arrival(on) | Beside::Departure(on) => {
            format!(
                "{}, {}, when people would travel, is {name}{}{doubt}",
                beside_in_words(beside),
                day_in_words(on),
                nightfall(observance, beside)
            )
        }
        Beside::Perhaps(days) => format!(
            "{name}, {} by our table, may fall on {}, as its date may be a day earlier or later",
            days_in_words(observance.days),
            days_in_words(days)
        ),
        Beside::PerhapsEve(eve) => format!(
            "{name}, {} by our table, may begin at sunset on {}, as its date may be a day earlier or later",
            days_in_words(observance.days),
            day_in_words(eve)
        ),
    }
}

/// The name, with what it is where that is not plain.
fn named(observance: &Observance) -> String {
    match observance.kind {
        ObservanceKind::Federal => format!("{}, a federal holiday", observance.name),
        _ => observance.name.clone(),
    }
}

/// What it may mean for planning; never who keeps it.
fn advice(observance: &Observance) -> &'static str {
    match observance.kind {
        ObservanceKind::Federal => ": government offices are closed",
        ObservanceKind::Election => ": officials and those who run the election are needed at home",
        ObservanceKind::Season if observance.tier == Tier::Avoid => ": many city halls are closed",
        ObservanceKind::Season => ": plan meals and evenings with care",
        _ if observance.work_restricted => ": some may not work or travel then",
        _ if observance.tier == Tier::Note => "",
        _ => ": some will want to be at home then",
    }
}

/// “, from sunset on 7 April, the evening of arrival”; nothing where it began before that.
fn from_sunset(slot: &Slot<'_>, observance: &Observance, days: Days) -> String {
    match days.first.pred_opt().filter(|_| observance.from_sunset && observance.days.first == days.first) {
        Some(eve) if slot.is_in_person() && eve.succ_opt() == Some(slot.days.first) => {
            format!(", from sunset on {}, the evening of arrival", day_in_words(eve))
        }
        Some(eve) => format!(", from sunset on {}", day_in_words(eve)),
        None => String::new(),
    }
}

/// Who keeps a day that ends at nightfall cannot set out before it.
fn nightfall(observance: &Observance, beside: Beside) -> &'static str {
    match beside {
        Beside::Arrival(day) if observance.from_sunset && observance.work_restricted && observance.days.last == day => {
            ", until nightfall: nobody who keeps it can be there before the next day"
        }
        _ => "",
    }
}

fn beside_in_words(beside: Beside) -> &'static str {
    if matches!(beside, Beside::Arrival(_)) { "The day before it begins" } else { "The day after it ends" }
}

fn sunset_hour(slot: &Slot<'_>, eve: NaiveDate) -> String {
    days::sunset_at(slot, eve).map(|sunset| format!(" ({})", hour(sunset, slot.event.details.zone))).unwrap_or_default()
}

fn speakers(touches: &Touches, agenda: &Agenda) -> String {
    let known = &agenda.facts().people;
    let name = |slug| known.get(slug).cloned().unwrap_or_else(|| slug.to_string());
    let people: Vec<String> = touches.people.iter().map(name).collect();
    format!("{} {} to speak at both", list(&people), if people.len() == 1 { "is" } else { "are" })
}

fn room(slot: &Slot<'_>) -> String {
    slot.event.details.venue.as_ref().and_then(Venue::line).unwrap_or_default()
}

/// “county managers”; “mayors, council members and 3 other roles”.
fn roles(touches: &Touches, agenda: &Agenda) -> String {
    const MOST: usize = 3;
    let tree = &agenda.facts().roles;
    let mut names: Vec<String> = touches.roles.iter().map(|role| tree.name(role)).collect();
    if names.len() > MOST {
        let others = names.len() - (MOST - 1);
        names.truncate(MOST - 1);
        names.push(format!("{others} other roles"));
    }
    if names.is_empty() { "the same people".to_owned() } else { list(&names) }
}

/// “1,690 km apart in Phoenix, AZ and Kansas City, MO”.
fn far(a: &Slot<'_>, b: &Slot<'_>, km: Option<u32>) -> String {
    let places = format!("in {} and {}", here(a), here(b));
    km.map(|km| format!("{} km apart {places}", thousands(km))).unwrap_or(places)
}

fn here(slot: &Slot<'_>) -> String {
    let town = slot.event.details.venue.as_ref().and_then(Venue::town);
    town.unwrap_or_else(|| "a place not known yet".to_owned())
}

/// When both are: days if one of them has no hours, else hours by the clock of the first.
fn when(a: &Slot<'_>, b: &Slot<'_>, overlap: Option<Span>) -> String {
    let zone = a.event.details.zone;
    match overlap {
        Some(span) if !a.occurrence.when.is_all_day() || !b.occurrence.when.is_all_day() => {
            let timed = if a.occurrence.when.is_all_day() { b.event.details.zone } else { zone };
            hours(span, timed)
        }
        _ => a.days.overlap(b.days).map_or_else(|| days_in_words(b.days), days_in_words),
    }
}
