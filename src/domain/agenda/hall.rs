//! What city halls have said of their days, found by day.

use std::collections::{BTreeMap, HashMap};

use super::bits::Bits;
use super::lane::{Lane, Stay};
use super::{Audience, Roster, day_numbers};
use crate::domain::civic::{BudgetYear, Whose};
use crate::domain::{Civic, Days, Team, TeamSlug};

/// Meetings, blackouts and budget years, with the place of their team in the list of teams.
#[derive(Debug, Default)]
pub(super) struct Hall {
    meetings: Lane,
    blackouts: Lane,
    /// The team of each meeting.
    pub team_of_meeting: Vec<Option<u32>>,
    /// The team of each blackout that is a team's.
    pub team_of_blackout: Vec<Option<u32>>,
    /// The teams whose budgets are made at one time.
    pub budgets: BTreeMap<BudgetYear, Bits>,
}

impl Hall {
    pub fn new(teams: &[Team], civic: &Civic) -> Self {
        let places: HashMap<&TeamSlug, u32> = teams.iter().map(|team| &team.slug).zip(0..).collect();
        let mut budgets: BTreeMap<BudgetYear, Bits> = BTreeMap::new();
        for (team, budget) in &civic.budgets {
            if let Some(place) = places.get(team) {
                budgets.entry(*budget).or_default().insert(*place);
            }
        }
        let of_blackout = |whose: &Whose| if let Whose::Team(team) = whose { places.get(team).copied() } else { None };
        Self {
            meetings: lane(civic.meetings.iter().map(|meeting| Days::one(meeting.day))),
            blackouts: lane(civic.blackouts.iter().map(|blackout| blackout.days)),
            team_of_meeting: civic.meetings.iter().map(|meeting| places.get(&meeting.team).copied()).collect(),
            team_of_blackout: civic.blackouts.iter().map(|blackout| of_blackout(&blackout.whose)).collect(),
            budgets,
        }
    }

    /// Meetings on these days, by place, each with its team.
    pub fn meetings(&self, days: Days) -> impl Iterator<Item = (usize, u32)> {
        let (from, until) = day_numbers(days);
        self.meetings.meeting(from, until).filter_map(|place| Some((place as usize, self.team_of_meeting[place as usize]?)))
    }

    /// Blackouts on these days, by place.
    pub fn blackouts(&self, days: Days) -> impl Iterator<Item = usize> {
        let (from, until) = day_numbers(days);
        self.blackouts.meeting(from, until).map(|place| place as usize)
    }

    /// How many invited teams make their budget by each year, and whether somebody invited makes it.
    pub fn budgets<'a>(
        &'a self,
        audience: &'a Audience,
        roster: &'a Roster,
    ) -> impl Iterator<Item = (BudgetYear, u32, bool)> + 'a {
        let group = |(budget, teams): (&BudgetYear, &Bits)| {
            let invited = audience.teams_among(teams);
            (invited > 0).then(|| {
                let makes_it = |team| roster.duties(audience, team).any(|duty| duty.budgets);
                (*budget, invited, teams.iter().any(makes_it))
            })
        };
        self.budgets.iter().filter_map(group)
    }
}

fn lane(days: impl Iterator<Item = Days>) -> Lane {
    let stay = |(days, who)| {
        let (from, until) = day_numbers(days);
        Stay { from, until, who }
    };
    Lane::new(days.zip(0..).map(stay).collect())
}
