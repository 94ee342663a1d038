//! Setting something beside an anchor: when, and how many city teams come once for both.

use crate::domain::agenda::{Agenda, Entry};
use crate::domain::conflict::Policy;
use crate::domain::conflict::phrases::number;
use crate::domain::conflict::travel::Apart;
use crate::domain::{Days, Event, Team};

use super::wish::{Start, Wish};

/// The anchor of a wish, and what is set beside it already.
#[derive(Debug)]
pub struct Anchor<'a> {
    event: &'a Event,
    days: Days,
    /// The wish is for the same metropolitan area, or for no other.
    same_place: bool,
    teams: Reach,
}

/// How many city teams one journey serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reach {
    /// Teams with people invited to the anchor and to the wish.
    together: u32,
    /// Those of them of which everybody is invited to something there.
    whole: u32,
}

/// How far from an anchor something is still beside it, in free days between.
pub const FURTHEST: i64 = 2;

impl<'a> Anchor<'a> {
    /// The anchor that a wish names, where the agenda has it.
    #[must_use]
    pub fn of(wish: &Wish, agenda: &'a Agenda, policy: &Policy) -> Option<Self> {
        let id = wish.template.anchor?;
        let entry = agenda.entry(id)?;
        let days = entry.event.details.when.days();
        let candidate = wish.candidate(entry.event.details.when, agenda.now()).event;
        let apart = Apart::between(&candidate, &entry.event, policy.apart_km);
        let same_place = wish.is_in_person() && !matches!(apart, Apart::Far(_));
        Some(Self { event: &entry.event, days, same_place, teams: reach(wish, entry, agenda) })
    }

    /// The days on which something of so many days can lie beside it.
    #[must_use]
    pub fn surroundings(anchor: Days, length: u64) -> Days {
        anchor.widened(FURTHEST.unsigned_abs() + length)
    }

    /// Is this too far from it for one journey?
    #[must_use]
    pub fn is_out_of_reach(&self, start: &Start) -> bool {
        start.days.free_days_between(self.days).is_some_and(|free| free > FURTHEST)
    }

    /// What it is worth to be there: most the day before, when everybody is fresh and nothing else is
    /// on; then inside, then the day after.
    #[must_use]
    pub fn worth(&self, start: &Start) -> i64 {
        match (start.days.free_days_between(self.days), start.days < self.days) {
            (Some(0), true) => 60,
            (None, _) => 50,
            (Some(0), false) => 40,
            (Some(1), _) => 20,
            (Some(2), _) => 10,
            _ => 0,
        }
    }

    /// “The day before GARE annual meeting, in the same place: one trip serves both for 12 city teams, 3 of them whole.”
    #[must_use]
    pub fn praise(&self, start: &Start) -> Option<String> {
        let free = start.days.free_days_between(self.days);
        let before = start.days < self.days;
        let title = &self.event.details.title;
        let position = match free {
            None if self.days.contains(start.days.first) && self.days.contains(start.days.last) => format!("Inside {title}"),
            None => format!("On days of {title}"),
            Some(0) if before => format!("The day before {title}"),
            Some(0) => format!("The day after {title}"),
            Some(1) => format!("One free day from {title}"),
            Some(free) if free <= FURTHEST => format!("{} free days from {title}", capital(&number(free))),
            Some(_) => return None,
        };
        if !self.same_place {
            return Some(format!("{position}."));
        }
        let Reach { together, whole } = self.teams;
        let whole = if whole == 0 { String::new() } else { format!(", {whole} of them whole") };
        let teams = match together {
            0 => String::new(),
            1 => format!(": 1 city team with people for both needs one trip only{whole}"),
            n => format!(": {n} city teams with people for both need one trip only{whole}"),
        };
        Some(format!("{position}, in the same place{teams}."))
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn reach(wish: &Wish, anchor: &Entry, agenda: &Agenda) -> Reach {
    let facts = agenda.facts();
    let beside = |entry: &&Entry| {
        entry.event.id == anchor.event.id || (entry.event.details.anchor == Some(anchor.event.id) && !entry.event.status.is_off())
    };
    let there: Vec<&Entry> = agenda.entries().iter().filter(beside).filter(|entry| entry.event.id != wish.event).collect();
    let invites = |event: &crate::domain::Details, team: &Team| {
        let invited = team.invited(&facts.roles, event);
        invited.map(std::ptr::from_ref).collect::<Vec<_>>()
    };
    let mut reach = Reach { together: 0, whole: 0 };
    for team in &facts.teams {
        let wished = invites(&wish.template, team);
        if wished.is_empty() || invites(&anchor.event.details, team).is_empty() {
            continue;
        }
        let mut coming = wished;
        coming.extend(there.iter().flat_map(|entry| invites(&entry.event.details, team)));
        let everybody = team.members.iter().all(|member| coming.contains(&std::ptr::from_ref(member)));
        reach.together += 1;
        reach.whole += u32::from(everybody);
    }
    reach
}
