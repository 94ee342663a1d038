//! City teams: one aim, several people, two places.

use super::policy::TeamSplit;
use super::travel::Apart;
use super::{Fact, Hit, Kind, Pair, Policy, Severity};

/// City teams whose people would be in two places on the same days.
///
/// No role need be shared: the team's council member goes here, its equity officer there, and they
/// meant to work together. Both in person, a common civil day, and further apart than the policy
/// says (or in towns of different names where a position is not known), and at least one team with
/// different people invited to each. Where the same people are wanted at both, that is
/// [`role_overlap`](super::audience::role_overlap) already and is said once.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let managers = |event: &mut convene::domain::Event| event.details.roles = ["city_manager".parse().unwrap()].into();
/// let there = agenda(vec![entry(2, "2027-10-05/2027-10-07", PHOENIX, managers)], |facts| {
///     facts.teams = vec![team("one", "OH", chrono_tz::UTC, &["mayor", "city_manager"])];
/// });
/// let found = said(Kind::TeamSplit, &entry(1, "2027-10-06/2027-10-08", KANSAS_CITY, |_| ()), &there);
/// assert!(found[0].1.contains("1 city team has people invited to each and would have to split"), "{found:?}");
/// ```
#[must_use]
pub fn team_split<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let common = &pair.common;
    if common.same_people || common.teams_split == 0 || !pair.is_in_person() || pair.is_anchor_and_satellite() {
        return None;
    }
    let days = pair.common_days()?;
    let apart = Apart::between(pair.a.event, pair.b.event, policy.apart_km);
    let severity = split_severity(common.teams_split, common.teams_of_smaller, &policy.team_split);
    matches!(apart, Apart::Far(_)).then(|| Hit {
        kind: Kind::TeamSplit,
        severity: pair.weigh(severity),
        overlap: pair.overlap(),
        teams: common.teams_split,
        fact: Fact::Split { days, apart },
    })
}

/// Few teams or many, of those that the smaller event reaches.
///
/// ```
/// use convene::domain::conflict::{Policy, Severity, teams::split_severity};
/// let policy = Policy::default().team_split;
/// assert_eq!(split_severity(4, 40, &policy), Severity::Medium);
/// assert_eq!(split_severity(5, 40, &policy), Severity::High);
/// assert_eq!(split_severity(2, 8, &policy), Severity::High); // a quarter of eight
/// ```
#[must_use]
pub fn split_severity(teams: u32, of_smaller: u32, policy: &TeamSplit) -> Severity {
    let big_share = u64::from(teams) * 100 >= u64::from(of_smaller) * u64::from(policy.many_percent);
    if teams >= policy.many_teams || big_share { policy.many } else { policy.few }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, OVERLAND_PARK, PHOENIX, Place, agenda, entry, online, said, team};
    use super::*;
    use crate::domain::Event;

    const WHOLE: &str = "2027-10-05/2027-10-07";

    fn for_equity(event: &mut Event) {
        event.details.roles = ["equity_staff".parse().expect("role")].into();
    }

    fn split(place: Place, roles: &[&str], change: fn(&mut Event)) -> Vec<(Severity, String)> {
        let teams = ["one", "two", "three", "four", "five"].map(|name| team(name, "OH", chrono_tz::UTC, &["mayor"]));
        let both = team("six", "OH", chrono_tz::UTC, roles);
        let other = entry(2, "2027-10-07/2027-10-08", place, |event| {
            for_equity(event);
            change(event);
        });
        let lone = team("seven", "OH", chrono_tz::UTC, &["equity_staff"]);
        let agenda = agenda(vec![other], |facts| {
            facts.teams = teams.into_iter().chain([both, lone.clone(), lone.clone(), lone.clone(), lone]).collect();
        });
        said(Kind::TeamSplit, &entry(1, WHOLE, KANSAS_CITY, |_| ()), &agenda)
    }

    #[test]
    fn a_quarter_of_the_smaller_side_is_many_and_less_is_few_below_five() {
        let policy = Policy::default().team_split;
        let share = |teams, of| (split_severity(teams, of, &policy) == policy.many, teams, of);
        let graded = [(1, 5), (1, 4), (2, 9), (2, 8), (4, 17), (4, 16), (5, 400)].map(|(teams, of)| share(teams, of).0);
        assert_eq!(graded, [false, true, false, true, false, true, true]);
    }

    #[test]
    fn a_team_with_people_for_each_would_split() {
        let said = "Kansas City, MO and Phoenix, AZ, 1,686 km apart, are on the same day, 7 October 2027: no role is shared, \
                    but 1 city team has people invited to each and would have to split.";
        assert_eq!(split(PHOENIX, &["mayor", "equity_staff"], |_| ()), [(Severity::Medium, said.into())]);
    }

    #[test]
    fn nobody_splits_without_two_people_or_two_places() {
        assert_eq!(split(PHOENIX, &["mayor"], |_| ()), []);
        assert_eq!(split(OVERLAND_PARK, &["mayor", "equity_staff"], |_| ()), []);
        assert_eq!(split(PHOENIX, &["mayor", "equity_staff"], online), []);
    }
}
