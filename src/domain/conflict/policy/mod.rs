//! Thresholds and severities, all adjustable. The defaults are sensible starting values, not findings of research.
//!
//! What an event has of its own comes before what its partner has, that before the network's settings, and
//! those before the defaults. Of two events the stricter policy speaks: neither side can silence what the
//! other wants to hear of.

mod grades;
mod own;
mod patch;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Kind, Severity};

pub use grades::*;
pub use own::{OwnPolicies, Voice};
pub(super) use patch::Thresholds;
pub use patch::{Mistake, Patch};

/// Thresholds and severities of all rules: the `[default.policy]` table of the settings.
///
/// What is left out keeps its default; a name that does not exist is refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Kinds that nobody wants to hear of.
    pub ignore: BTreeSet<Kind>,
    /// Places further apart than this, in kilometres, are two places.
    pub apart_km: u32,
    /// Same roles at both.
    pub role_overlap: RoleOverlap,
    /// City teams wanted in two places.
    pub team_split: TeamSplit,
    /// Too few days between two journeys.
    pub tight_turnaround: TightTurnaround,
    /// A speaker at two at once.
    pub speaker_double_booked: Severity,
    /// A room for two at once.
    pub room_double_booked: Severity,
    /// On an observance.
    pub observance: OnObservance,
    /// On the evening that an observance begins.
    pub observance_eve: ObservanceEve,
    /// Travel on an observance.
    pub travel_on_observance: TravelOnObservance,
    /// On weekly hours of prayer and rest.
    pub weekly_observance: Severity,
    /// On or beside an election day.
    pub election_day: ElectionDay,
    /// On a federal holiday, or travel on one.
    pub federal_holiday: FederalHoliday,
    /// When city halls are closed.
    pub closure_period: Severity,
    /// More people than the room holds.
    pub room_too_small: RoomTooSmall,
    /// Too early or too late where somebody lives.
    pub unfair_hours: UnfairHours,
    /// The clocks change.
    pub clock_change: Severity,
    /// Announced too late.
    pub short_notice: ShortNotice,
    /// An end that is not known.
    pub incomplete_dates: Severity,
    /// What it was set beside has changed.
    pub anchor_changed: Severity,
    /// Perhaps the same, entered twice.
    pub possible_duplicate: Severity,
    /// Sources say different things of one event.
    pub source_disagreement: Severity,
    /// On a night when a council meets.
    pub council_night: CouncilNight,
    /// Too few members of a council would stay to decide.
    pub quorum_risk: Severity,
    /// Many trips in a short time.
    pub travel_load: TravelLoad,
    /// In the weeks when budgets are made.
    pub budget_season: BudgetSeason,
    /// A hold that ends soon.
    pub hold_lapsing: HoldLapsing,
    /// Near each other in place and time: always an opportunity.
    pub same_place_near_dates: SamePlaceNearDates,
    /// In a week in which a large convening is usual.
    pub expected_anchor: Severity,
}

impl Policy {
    /// The longest turnaround that is looked at, in free days.
    const WEEK: usize = 7;

    /// How many free days between two journeys are few, with their severities.
    #[must_use]
    pub fn turnarounds(&self) -> &[Severity] {
        let grades = &self.tight_turnaround.free_days;
        &grades[..grades.len().min(Self::WEEK)]
    }

    /// How many days two in-person events may stand apart and still have to do with each other.
    ///
    /// At least two: at the ends of the world, one instant has civil days that are two apart.
    #[must_use]
    pub(super) fn near_days(&self) -> i64 {
        let opportunity = i64::from(self.same_place_near_dates.near_days.min(7)) + 1;
        i64::try_from(self.turnarounds().len()).unwrap_or(0).max(opportunity).max(2)
    }
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            ignore: BTreeSet::new(),
            apart_km: 80,
            role_overlap: RoleOverlap::default(),
            team_split: TeamSplit::default(),
            tight_turnaround: TightTurnaround::default(),
            speaker_double_booked: Severity::Block,
            room_double_booked: Severity::Block,
            observance: OnObservance::default(),
            observance_eve: ObservanceEve::default(),
            travel_on_observance: TravelOnObservance::default(),
            weekly_observance: Severity::Note,
            election_day: ElectionDay::default(),
            federal_holiday: FederalHoliday::default(),
            closure_period: Severity::High,
            room_too_small: RoomTooSmall::default(),
            unfair_hours: UnfairHours::default(),
            clock_change: Severity::Note,
            short_notice: ShortNotice::default(),
            incomplete_dates: Severity::Low,
            anchor_changed: Severity::Block,
            possible_duplicate: Severity::Low,
            source_disagreement: Severity::Medium,
            council_night: CouncilNight::default(),
            quorum_risk: Severity::High,
            travel_load: TravelLoad::default(),
            budget_season: BudgetSeason::default(),
            hold_lapsing: HoldLapsing::default(),
            same_place_near_dates: SamePlaceNearDates::default(),
            expected_anchor: Severity::Note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_keeps_its_default_and_unknown_names_are_refused() {
        let read = |json: &str| serde_json::from_str::<Policy>(json);
        let changed = Policy { apart_km: 50, ..Policy::default() };
        assert_eq!(read(r#"{"apart_km": 50}"#).ok(), Some(changed));
        let said = read(r#"{"team_split": {"many_team": 3}}"#).expect_err("a wrong name").to_string();
        assert!(said.contains("many_team"), "{said}");
    }
}
