//! What cities have said of their own calendars: councils and their meetings, budget time, days ruled out.

use std::collections::BTreeMap;

use chrono::{Datelike as _, Days as Step, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::conflict::Severity;
use super::{Days, PartnerSlug, Recurrence, Span, TeamSlug, When, occurrences};

/// What is known of the days at hand.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Civic {
    /// The teams' councils.
    pub councils: BTreeMap<TeamSlug, Council>,
    /// Their meetings.
    pub meetings: Vec<Meeting>,
    /// When the teams' budgets are made.
    pub budgets: BTreeMap<TeamSlug, BudgetYear>,
    /// Days that somebody has ruled out.
    pub blackouts: Vec<Blackout>,
}

/// The council, or commission, of a team's city or county.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Council {
    /// “City Council”.
    pub name: String,
    /// How many members it has.
    pub seats: u32,
    /// How many must be there; a majority where nothing is said.
    pub quorum: Option<u32>,
    /// The mayor has one of the seats.
    pub mayor_sits: bool,
    /// Travel out of the state needs its approval.
    pub approves_travel: bool,
    /// It may not meet on an election day.
    pub yields_to_elections: bool,
    /// Its first meeting, by the team's own clock.
    pub when: When,
    /// How its meetings repeat, with those that were moved or left out.
    pub recurrence: Recurrence,
    /// How many days before a meeting its agenda closes.
    pub agenda_days: u32,
}

/// One meeting of a council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Whose.
    pub team: TeamSlug,
    /// The civil day, by the team's clock.
    pub day: NaiveDate,
    /// From when until when.
    pub span: Span,
    /// The day it would have been on by the rule, where it was moved.
    pub moved_from: Option<NaiveDate>,
    /// Its own name, if it has one: “Budget hearing”.
    pub title: Option<String>,
}

/// When a team's budget is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BudgetYear {
    /// The month, from 1, whose first day begins the fiscal year.
    pub month: u32,
    /// How many weeks before that; what the policy says where the team says nothing.
    pub weeks: Option<u32>,
}

/// Days that a team, a partner or a town has ruled out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blackout {
    /// Whose they are.
    pub whose: Whose,
    /// Which days.
    pub days: Days,
    /// How much they matter.
    pub severity: Severity,
    /// Why, in a few words that others will read.
    pub reason: String,
    /// Only for what is held in person.
    pub in_person: bool,
    /// By when what is on these days is to be decided on.
    pub decide_by: Option<NaiveDate>,
}

/// Who has ruled days out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// A city team: whatever invites it.
    Team(TeamSlug),
    /// A partner: whatever it calls, alone or with others.
    Partner(PartnerSlug),
    /// A town: whatever is held there in person.
    City {
        /// Its name.
        city: String,
        /// Two-letter state.
        state: Option<String>,
    },
}

impl Council {
    /// How many members must be there.
    #[must_use]
    pub fn quorum(&self) -> u32 {
        self.quorum.unwrap_or(self.seats / 2 + 1)
    }

    /// Are so many of its members more than half of it?
    #[must_use]
    pub fn is_majority(&self, members: u32) -> bool {
        members > self.seats / 2
    }

    /// Its meetings in a window, in order; those that were called off are left out.
    #[must_use]
    pub fn meetings(&self, team: &TeamSlug, zone: Tz, window: Span) -> Vec<(String, Meeting)> {
        let found = occurrences(self.when, zone, Some(&self.recurrence), window).occurrences;
        let on = found.into_iter().filter(|one| !one.cancelled);
        on.map(|one| {
            let day = one.when.days().first;
            let moved_from = Some(one.original.date()).filter(|original| *original != day);
            let meeting = Meeting { team: team.clone(), day, span: one.span, moved_from, title: one.title };
            (one.original.format("%Y-%m-%dT%H:%M:%S").to_string(), meeting)
        })
        .collect()
    }
}

/// The last meeting at which a council can say yes to a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Until when travel is to be booked.
    pub deadline: NaiveDate,
    /// The meeting; `None` where none is known before that.
    pub meeting: Option<NaiveDate>,
}

impl Approval {
    /// How far before a deadline a meeting is looked for, in days.
    pub const KNOWN: u64 = 60;

    /// For a journey whose first day is `first`, booked `ahead` days before it, with the days of the council's meetings.
    #[must_use]
    pub fn of(first: NaiveDate, ahead: u32, meetings: impl Iterator<Item = NaiveDate>) -> Option<Self> {
        let deadline = first.checked_sub_days(Step::new(ahead.into()))?;
        let known = Days::new(deadline.checked_sub_days(Step::new(Self::KNOWN))?, deadline);
        Some(Self { deadline, meeting: meetings.filter(|day| known.contains(*day)).max() })
    }
}

impl BudgetYear {
    /// The weeks before the first fiscal year that begins on or after `day`; `weeks` where the team says nothing.
    ///
    /// ```
    /// use convene::domain::{Days, civic::BudgetYear};
    /// let day = |text: &str| text.parse::<chrono::NaiveDate>().unwrap();
    /// let july = BudgetYear { month: 7, weeks: None };
    /// assert_eq!(july.season(day("2027-05-10"), 8), Some(Days::new(day("2027-05-06"), day("2027-06-30"))));
    /// assert_eq!(july.season(day("2027-07-01"), 8), Some(Days::new(day("2028-05-06"), day("2028-06-30"))));
    /// ```
    #[must_use]
    pub fn season(&self, day: NaiveDate, weeks: u32) -> Option<Days> {
        let begins = |year| NaiveDate::from_ymd_opt(year, self.month, 1);
        let start = begins(day.year()).filter(|start| *start > day).or_else(|| begins(day.year() + 1))?;
        let weeks = u64::from(self.weeks.unwrap_or(weeks));
        Some(Days::new(start.checked_sub_days(Step::new(7 * weeks.max(1)))?, start.pred_opt()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::recurrence::Override;

    #[test]
    fn meetings_follow_the_rule_and_a_moved_one_says_from_where() {
        let wall = |text: &str| text.parse::<chrono::NaiveDateTime>().expect("a wall time");
        let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant");
        let council = Council {
            name: "City Council".into(),
            seats: 5,
            quorum: None,
            mayor_sits: true,
            approves_travel: false,
            yields_to_elections: true,
            agenda_days: 7,
            when: When::Times { start: wall("2025-09-02T18:00:00"), end: Some(wall("2025-09-02T21:00:00")) },
            recurrence: Recurrence {
                rrule: Some("FREQ=MONTHLY;BYDAY=1TU".into()),
                overrides: vec![Override {
                    original: wall("2025-10-07T18:00:00"),
                    when: When::Times { start: wall("2025-10-09T18:00:00"), end: Some(wall("2025-10-09T21:00:00")) },
                    title: None,
                    status: None,
                }],
                ..Recurrence::default()
            },
        };
        let window = Span::new(at("2025-09-01T00:00:00Z"), at("2025-11-10T00:00:00Z"));
        let meetings = council.meetings(&"riverbend-oh".parse().expect("team"), chrono_tz::America::New_York, window);
        let seen: Vec<_> =
            meetings.iter().map(|(_, one)| (one.day.to_string(), one.moved_from.map(|day| day.to_string()))).collect();
        let expected =
            [("2025-09-02".into(), None), ("2025-10-09".into(), Some("2025-10-07".into())), ("2025-11-04".to_owned(), None)];
        assert_eq!(seen, expected);
        assert_eq!(council.quorum(), 3);
    }
}
