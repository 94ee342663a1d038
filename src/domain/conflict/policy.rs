//! Thresholds and severities, all adjustable. The defaults are sensible starting values, not findings of research.

use std::collections::BTreeSet;

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use super::{Kind, Severity};

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

/// Severities of `role_overlap`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoleOverlap {
    /// Both in person, on one day, in two places.
    pub in_person: Severity,
    /// At one time, one or both of them online, or a place not known yet.
    pub online: Severity,
    /// In one place and at one time.
    pub same_place: Severity,
}

/// Severities and thresholds of `team_split`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TeamSplit {
    /// With fewer teams.
    pub few: Severity,
    /// With many.
    pub many: Severity,
    /// This many teams are many.
    pub many_teams: u32,
    /// So are this many in a hundred of the smaller side's teams.
    pub many_percent: u32,
}

/// Severities and thresholds of `tight_turnaround`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TightTurnaround {
    /// Places further apart than this, in kilometres, need a journey.
    pub far_km: u32,
    /// By the number of free days between, from none upwards; at most a week is looked at.
    pub free_days: Vec<Severity>,
    /// One step graver where the clocks differ by this many hours.
    pub zone_hours: u32,
}

/// Severities of `observance` by its tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OnObservance {
    /// To avoid.
    pub avoid: Severity,
    /// To be careful with.
    pub caution: Severity,
    /// To know of.
    pub note: Severity,
    /// The most that a whole season gives.
    pub season: Severity,
}

/// Severities and hours of `observance_eve`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ObservanceEve {
    /// To avoid.
    pub avoid: Severity,
    /// To avoid, and a session ends after sunset.
    pub after_sunset: Severity,
    /// To be careful with.
    pub caution: Severity,
    /// Until then, local time, an online session leaves time to prepare.
    pub preparation: NaiveTime,
}

/// Severities of `travel_on_observance` by its tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TravelOnObservance {
    /// To avoid.
    pub avoid: Severity,
    /// To be careful with.
    pub caution: Severity,
}

/// Severities of `election_day`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ElectionDay {
    /// The general election, in November of even years.
    pub general: Severity,
    /// November of odd years: many local races, some states.
    pub local: Severity,
    /// A state's own, where teams of that state are invited.
    pub state: Severity,
    /// The day before and the day after.
    pub beside: Severity,
}

/// Severities of `federal_holiday`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FederalHoliday {
    /// On the day.
    pub day: Severity,
    /// As a day of travel.
    pub travel: Severity,
}

/// Severities of `room_too_small`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoomTooSmall {
    /// Too small by less than a quarter.
    pub by_less: Severity,
    /// Too small by a quarter of its places, or more.
    pub by_a_quarter: Severity,
}

/// Severities and hours of `unfair_hours`, by the clock of those invited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnfairHours {
    /// The working day begins.
    pub day_from: NaiveTime,
    /// The working day ends.
    pub day_until: NaiveTime,
    /// People are up.
    pub waking_from: NaiveTime,
    /// People go home, or to bed.
    pub waking_until: NaiveTime,
    /// Outside the working day.
    pub outside_day: Severity,
    /// Outside waking hours.
    pub outside_waking: Severity,
}

/// Severities and thresholds of `short_notice`, in days before the beginning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShortNotice {
    /// In person, fewer days than this are few.
    pub early_days: i64,
    /// Few days in person.
    pub early: Severity,
    /// In person, fewer days than this are too few.
    pub late_days: i64,
    /// Too few days in person.
    pub late: Severity,
    /// Online, fewer days than this are few.
    pub online_days: i64,
    /// Few days online.
    pub online: Severity,
}

/// Severities and thresholds of `council_night`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CouncilNight {
    /// Elected officials, managers or chiefs of staff are invited.
    pub needed: Severity,
    /// Only others are.
    pub others: Severity,
    /// Travel is booked this many days ahead, at most 90: a council that approves it must have met by then.
    pub booking_days: u32,
}

/// Severities and thresholds of `travel_load`; no time is longer than 90 days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TravelLoad {
    /// A short time, in days.
    pub short_days: u32,
    /// More trips than this are many in it.
    pub short_trips: usize,
    /// How grave that is.
    pub short: Severity,
    /// A long time, in days.
    pub long_days: u32,
    /// More trips than this are many in it.
    pub long_trips: usize,
    /// How grave that is.
    pub long: Severity,
}

/// Severities and thresholds of `budget_season`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetSeason {
    /// So many weeks before the fiscal year begins, where a team has not said how many.
    pub weeks: u32,
    /// Managers or department heads are invited.
    pub makers: Severity,
    /// Only others are.
    pub others: Severity,
}

/// Severities and thresholds of `hold_lapsing`, and how long a hold stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldLapsing {
    /// A hold for which no last day is given stands so many days.
    pub stands_days: u32,
    /// So many days before its last day.
    pub early_days: i64,
    /// How grave that is.
    pub early: Severity,
    /// So many days before its last day, it is urgent.
    pub late_days: i64,
    /// How grave that is.
    pub late: Severity,
}

/// Thresholds of `same_place_near_dates`, and of how far a satellite may be from its anchor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SamePlaceNearDates {
    /// At most so many free days between; a week is the most that is looked at.
    pub near_days: u8,
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

impl Default for RoleOverlap {
    fn default() -> Self {
        Self { in_person: Severity::High, online: Severity::Medium, same_place: Severity::Medium }
    }
}

impl Default for TeamSplit {
    fn default() -> Self {
        Self { few: Severity::Medium, many: Severity::High, many_teams: 5, many_percent: 25 }
    }
}

impl Default for TightTurnaround {
    fn default() -> Self {
        let free_days = vec![Severity::High, Severity::Medium, Severity::Low, Severity::Low];
        Self { far_km: 300, free_days, zone_hours: 3 }
    }
}

impl Default for OnObservance {
    fn default() -> Self {
        Self { avoid: Severity::High, caution: Severity::Medium, note: Severity::Note, season: Severity::Low }
    }
}

impl Default for ObservanceEve {
    fn default() -> Self {
        Self { avoid: Severity::Medium, after_sunset: Severity::High, caution: Severity::Low, preparation: oclock(15) }
    }
}

impl Default for TravelOnObservance {
    fn default() -> Self {
        Self { avoid: Severity::Medium, caution: Severity::Low }
    }
}

impl Default for ElectionDay {
    fn default() -> Self {
        Self { general: Severity::Block, local: Severity::High, state: Severity::High, beside: Severity::Medium }
    }
}

impl Default for FederalHoliday {
    fn default() -> Self {
        Self { day: Severity::High, travel: Severity::Medium }
    }
}

impl Default for RoomTooSmall {
    fn default() -> Self {
        Self { by_less: Severity::Medium, by_a_quarter: Severity::High }
    }
}

impl Default for UnfairHours {
    fn default() -> Self {
        Self {
            day_from: oclock(8),
            day_until: oclock(18),
            waking_from: oclock(6),
            waking_until: oclock(21),
            outside_day: Severity::Medium,
            outside_waking: Severity::High,
        }
    }
}

impl Default for ShortNotice {
    fn default() -> Self {
        Self {
            early_days: 90,
            early: Severity::Medium,
            late_days: 45,
            late: Severity::High,
            online_days: 14,
            online: Severity::Low,
        }
    }
}

impl Default for CouncilNight {
    fn default() -> Self {
        Self { needed: Severity::Medium, others: Severity::Note, booking_days: 30 }
    }
}

impl Default for TravelLoad {
    fn default() -> Self {
        Self { short_days: 30, short_trips: 2, short: Severity::Medium, long_days: 90, long_trips: 4, long: Severity::High }
    }
}

impl Default for BudgetSeason {
    fn default() -> Self {
        Self { weeks: 8, makers: Severity::Medium, others: Severity::Low }
    }
}

impl Default for HoldLapsing {
    fn default() -> Self {
        Self { stands_days: 60, early_days: 14, early: Severity::Medium, late_days: 3, late: Severity::High }
    }
}

impl Default for SamePlaceNearDates {
    fn default() -> Self {
        Self { near_days: 2 }
    }
}

fn oclock(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
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
