//! Facts into words: one plain sentence for every finding, the same on page, in letter and in terminal.
//!
//! A sentence names days, places, distances, and how many city teams; times come with the name of
//! their clock. It names neither event: whoever shows a finding shows those beside it, as far as
//! the reader may see them.

mod alone;
mod civic;
mod day;
mod pair;

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;

use super::anchors::Loss;
use super::councils::{Majority, Night};
use super::days::Beside;
use super::phrases::{day_in_words, list, listed_days, number, thousands};
use super::travel::Apart;
use super::trips::Load;
use super::weekly::Weekly;
use super::{Found, Touches, sources};
use crate::domain::agenda::{Agenda, Slot};
use crate::domain::civic::{Blackout, Whose};
use crate::domain::pattern::{Likely, Pattern};
use crate::domain::{Claim, Days, Observance, RoleSlug, Team, Venue};

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
    /// More people than the room holds.
    RoomTooSmall {
        /// How many are expected.
        expected: u32,
        /// How many it holds.
        capacity: u32,
    },
    /// Too early or too late in this zone.
    UnfairHours {
        /// Where it is worst.
        there: Tz,
    },
    /// The clocks change on this day, within one occurrence.
    ClocksChangeWithin {
        /// The first day by the new time.
        day: NaiveDate,
    },
    /// The clocks have changed since the occurrence before.
    ClocksChangeBetween {
        /// An invited team's zone where the hour is another one now.
        there: Option<Tz>,
    },
    /// Known this many days ahead.
    ShortNotice {
        /// Days until it begins.
        days: i64,
    },
    /// It has a beginning and no end.
    OpenEnd,
    /// One of the two is set beside the other, which is no longer what it was.
    AnchorLost {
        /// What has become of it.
        loss: Loss,
        /// By when to decide on the satellite.
        decide_by: NaiveDate,
    },
    /// Perhaps one and the same.
    SameTitle,
    /// One place, and days that are the same or near.
    SamePlace {
        /// Free days between; `None` where they share one.
        free_days: Option<i64>,
    },
    /// A council meets.
    CouncilNight {
        /// The first meeting.
        night: Night<'a>,
        /// How many teams have one.
        teams: u32,
    },
    /// A council could not meet.
    Quorum {
        /// The meeting.
        night: Night<'a>,
    },
    /// More than half of a council would travel together, on days when it does not meet.
    Majority {
        /// The first council.
        majority: Majority<'a>,
        /// Of how many teams.
        teams: u32,
    },
    /// Somebody has ruled out these days.
    Blackout {
        /// Which.
        blackout: &'a Blackout,
        /// Whose, if they are a team's.
        team: Option<&'a Team>,
        /// How many teams have ruled out days of it.
        teams: u32,
    },
    /// Budgets are made.
    Budget {
        /// On these days of the event.
        days: Days,
        /// In these weeks.
        season: Days,
        /// By how many teams.
        teams: u32,
    },
    /// Many trips.
    Load {
        /// How many, when.
        load: Load,
        /// Whose, where it is a role's.
        role: Option<&'a RoleSlug>,
    },
    /// Weekly hours of prayer and rest.
    Weekly {
        /// Which.
        weekly: Weekly,
        /// From when Friday is kept free to prepare.
        prepare: NaiveTime,
    },
    /// A large convening is usual then, and not announced.
    Expected {
        /// Which.
        pattern: &'a Pattern,
        /// In which weeks.
        likely: Likely,
    },
    /// Sources say different things.
    Disagree {
        /// What was taken last.
        taken: &'a Claim,
        /// What another one says.
        other: &'a Claim,
    },
    /// A hold ends.
    Lapsing {
        /// Its last day.
        until: NaiveDate,
    },
}

impl<'a> Fact<'a> {
    /// What an event clashes with when that is not an event.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        match self {
            Self::Day { observance, .. } => Some(&observance.name),
            Self::Expected { pattern, .. } => Some(&pattern.title),
            Self::Disagree { other, .. } => Some(&other.source),
            Self::Quorum { night } => Some(night.team.slug.as_str()),
            Self::Blackout { blackout, .. } => match &blackout.whose {
                // All teams that have ruled out days of an event are one finding.
                Whose::Team(_) => None,
                Whose::Partner(partner) => Some(partner.as_str()),
                Whose::City { city, .. } => Some(city),
            },
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

/// The sentence of a finding: about its gravest hit, and on which days the others are.
pub(super) fn sentence(gravest: &Found<'_>, others: &[&Found<'_>], touches: &Touches, agenda: &Agenda) -> String {
    let said = match gravest.b {
        Some(b) => about_two(gravest, &b, touches, agenda),
        None => about_one(gravest, agenda),
    };
    let teams = if names_teams(&gravest.hit.fact) { concerned(gravest.hit.teams) } else { String::new() };
    format!("{said}{teams}{}.", again(gravest, others))
}

/// So many days are named; of more the first two, how many follow, and the last.
const NAMED_DAYS: usize = 3;

/// On which other days of a series the same was found.
fn again(gravest: &Found<'_>, others: &[&Found<'_>]) -> String {
    let day = |found: &Found<'_>| found.slots().map(|slot| slot.days.first).max();
    let days: BTreeSet<NaiveDate> = others.iter().filter_map(|found| day(found)).collect();
    let days: Vec<NaiveDate> = days.into_iter().filter(|one| Some(*one) != day(gravest)).collect();
    match (&days[..], others.len()) {
        ([], 0) => String::new(),
        ([], 1) => "; the same once more".to_owned(),
        ([], n) => format!("; the same {n} more times"),
        (few, _) if few.len() <= NAMED_DAYS => format!("; again on {}", listed_days(few)),
        ([first, second, more @ ..], _) => {
            let (count, last) = (number(more.len().try_into().unwrap_or(i64::MAX)), more.last().unwrap_or(second));
            format!("; again on {}, and {count} more times until {}", listed_days(&[*first, *second]), day_in_words(*last))
        }
        ([one], _) => format!("; again on {}", day_in_words(*one)),
    }
}

fn about_one(found: &Found<'_>, agenda: &Agenda) -> String {
    let slot = &found.a;
    match found.hit.fact {
        Fact::Day { observance, beside, online } => day::sentence(slot, observance, beside, online),
        Fact::RoomTooSmall { expected, capacity } => alone::room_too_small(slot, expected, capacity),
        Fact::UnfairHours { there } => alone::unfair_hours(slot, there),
        Fact::ClocksChangeWithin { day } => alone::clocks_change_within(slot, day),
        Fact::ClocksChangeBetween { there } => alone::clocks_change_between(slot, there),
        Fact::ShortNotice { days } => alone::short_notice(slot, days),
        Fact::OpenEnd => alone::open_end(slot),
        Fact::CouncilNight { night, teams } => civic::council_night(&night, teams),
        Fact::Quorum { night } => civic::quorum(&night),
        Fact::Majority { majority, teams } => civic::majority(&majority, teams),
        Fact::Blackout { blackout, team, teams } => civic::blackout(blackout, team, teams, agenda),
        Fact::Budget { days, season, teams } => civic::budget(days, season, teams),
        Fact::Load { load, role } => {
            let who = role.map_or_else(|| "members of its cohort".to_owned(), |role| agenda.facts().roles.name(role));
            alone::many_trips(load, &who)
        }
        Fact::Disagree { taken, other } => sources::sentence(slot, taken, other),
        Fact::Lapsing { until } => civic::lapsing(slot, until),
        Fact::Weekly { weekly, prepare } => day::weekly(weekly, prepare),
        Fact::Expected { pattern, likely } => format!("{} is usually {}; not announced yet", pattern.title, likely.in_words()),
        // The other facts are about two.
        _ => String::new(),
    }
}

fn about_two(found: &Found<'_>, b: &Slot<'_>, touches: &Touches, agenda: &Agenda) -> String {
    let (a, overlap) = (&found.a, found.hit.overlap);
    let who = || roles(touches, agenda);
    match found.hit.fact {
        Fact::SamePeople { apart } => pair::same_people(a, b, apart, overlap, &who()),
        Fact::Split { days, apart } => pair::split(a, b, days, apart, found.hit.teams),
        Fact::Turnaround { free_days, km, zone_hours } => pair::turnaround(a, b, free_days, km, zone_hours, &who()),
        Fact::Speaker => format!("{} at the same time, {}", speakers(touches, agenda), pair::when(a, b, overlap)),
        Fact::Room => format!("{} is taken twice at the same time, {}", room(a), pair::when(a, b, overlap)),
        Fact::AnchorLost { loss, decide_by } => pair::anchor_lost(a, b, loss, decide_by),
        Fact::SameTitle => pair::same_title(a, b),
        Fact::SamePlace { free_days } => pair::same_place(a, b, free_days, found.hit.teams),
        // The other facts are about one.
        _ => String::new(),
    }
}

/// Does the sentence end with how many city teams are concerned? Some have said it, some have none.
fn names_teams(fact: &Fact<'_>) -> bool {
    match fact {
        Fact::SamePeople { .. } | Fact::Turnaround { .. } | Fact::UnfairHours { .. } => true,
        Fact::Day { observance, .. } => observance.state.is_some(),
        _ => false,
    }
}

fn concerned(teams: u32) -> String {
    match teams {
        0 => String::new(),
        1 => "; 1 city team is concerned".to_owned(),
        n => format!("; {} city teams are concerned", thousands(n)),
    }
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

fn here(slot: &Slot<'_>) -> String {
    let town = slot.event.details.venue.as_ref().and_then(Venue::town);
    town.unwrap_or_else(|| "a place not known yet".to_owned())
}
