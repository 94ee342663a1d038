//! The severities and thresholds of each rule, with their defaults.

use chrono::NaiveTime;
use serde::{Deserialize, Serialize};

use crate::domain::conflict::Severity;

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
