//! The same people wanted at two.

use super::travel::Apart;
use super::{Fact, Hit, Kind, Pair, Policy, Severity};

/// One role, or one cohort, is wanted at two at once.
///
/// | together | severity | when |
/// | --- | --- | --- |
/// | both in person, far apart | high | one common civil day: nobody can be in two towns on one day |
/// | one or both online, or a place not known yet | medium | the time overlaps; whole days take all their hours |
/// | both in one place | medium | the hours are known and overlap; or both are satellites of one anchor on one day |
///
/// Decisions: conferences that share days and a town are an opportunity, not a clash, since people
/// can go to both. A satellite does not clash with its own anchor, which it was planned around, but
/// does with the anchor's other satellites. One step down where one is only a hold or proposal.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let phoenix = entry(2, "2027-10-05/2027-10-07", PHOENIX, |_| ());
/// let there = agenda(vec![phoenix], |_| ());
/// let found = said(Kind::RoleOverlap, &entry(1, "2027-10-06/2027-10-08", KANSAS_CITY, |_| ()), &there);
/// assert!(found[0].1.starts_with("Both want mayors in person on 6–7 October 2027, 1,686 km apart"), "{found:?}");
/// ```
#[must_use]
pub fn role_overlap<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    if !pair.common.same_people || pair.is_anchor_and_satellite() {
        return None;
    }
    let (severity, apart) = if pair.is_in_person() { in_person(pair, policy)? } else { online(pair, policy)? };
    Some(Hit {
        kind: Kind::RoleOverlap,
        severity: pair.weigh(severity),
        overlap: pair.overlap(),
        teams: pair.common.teams_twice,
        fact: Fact::SamePeople { apart },
    })
}

fn in_person(pair: &Pair<'_>, policy: &Policy) -> Option<(Severity, Option<Apart>)> {
    let grades = &policy.role_overlap;
    let apart = Apart::between(pair.a.event, pair.b.event, policy.apart_km);
    let severity = match apart {
        Apart::Far(_) => pair.common_days().map(|_| grades.in_person),
        Apart::Near if pair.have_hours() || pair.are_satellites_of_one() => pair.overlap().map(|_| grades.same_place),
        Apart::Near => None,
        Apart::Unknown => pair.overlap().map(|_| grades.online),
    };
    severity.map(|severity| (severity, Some(apart)))
}

fn online(pair: &Pair<'_>, policy: &Policy) -> Option<(Severity, Option<Apart>)> {
    pair.overlap().map(|_| (policy.role_overlap.online, None))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, OVERLAND_PARK, PHOENIX, Place, agenda, entry, found, online, said};
    use super::*;
    use crate::domain::{Event, EventId, EventStatus};

    const MORNING: &str = "2027-10-06T09:00/2027-10-06T11:00";
    const AFTERNOON: &str = "2027-10-06T14:00/2027-10-06T16:00";
    const NOON: &str = "2027-10-06T10:00/2027-10-06T12:00";
    const WHOLE: &str = "2027-10-05/2027-10-07";

    fn severity(one: (&str, Place, fn(&mut Event)), other: (&str, Place, fn(&mut Event))) -> Option<Severity> {
        let agenda = agenda(vec![entry(2, other.0, other.1, other.2)], |_| ());
        found(Kind::RoleOverlap, &entry(1, one.0, one.1, one.2), &agenda).first().map(|finding| finding.severity)
    }
    fn as_is(_: &mut Event) {}
    fn nowhere(event: &mut Event) {
        event.details.venue = None;
    }
    fn held(event: &mut Event) {
        event.status = EventStatus::Hold;
    }
    fn cancelled(event: &mut Event) {
        event.status = EventStatus::Cancelled;
    }
    fn free(event: &mut Event) {
        event.details.transparent = true;
    }
    fn for_others(event: &mut Event) {
        event.details.roles = ["procurement_staff".parse().expect("role")].into();
    }
    fn for_all_elected(event: &mut Event) {
        event.details.roles = ["elected_official".parse().expect("role")].into();
    }
    fn beside_the_other(event: &mut Event) {
        event.details.anchor = Some(EventId(uuid::Uuid::from_u128(2)));
    }
    fn beside_a_third(event: &mut Event) {
        event.details.anchor = Some(EventId(uuid::Uuid::from_u128(3)));
    }

    #[test]
    fn in_person_and_far_apart_one_day_is_enough() {
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (AFTERNOON, PHOENIX, as_is)), Some(Severity::High));
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (WHOLE, PHOENIX, for_all_elected)), Some(Severity::High));
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (WHOLE, PHOENIX, for_others)), None);
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), ("2027-10-07/2027-10-08", PHOENIX, as_is)), None);
    }

    #[test]
    fn two_regions_clash_only_where_they_have_a_state_in_common() {
        fn in_ohio(event: &mut Event) {
            event.details.states = ["OH".to_owned()].into();
        }
        fn around_pittsburgh(event: &mut Event) {
            event.details.states = ["OH", "PA"].map(str::to_owned).into();
        }
        fn in_texas(event: &mut Event) {
            event.details.states = ["TX".to_owned()].into();
        }
        let with = |change| severity((MORNING, KANSAS_CITY, in_ohio), (AFTERNOON, PHOENIX, change));
        let high = Some(Severity::High);
        assert_eq!([as_is, in_ohio, around_pittsburgh, in_texas].map(with), [high, high, high, None]);
    }

    #[test]
    fn in_one_place_only_hours_clash() {
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (NOON, OVERLAND_PARK, as_is)), Some(Severity::Medium));
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (AFTERNOON, OVERLAND_PARK, as_is)), None);
        assert_eq!(severity((WHOLE, KANSAS_CITY, as_is), (NOON, OVERLAND_PARK, as_is)), None);
    }

    #[test]
    fn online_only_the_same_time_clashes() {
        assert_eq!(severity((MORNING, KANSAS_CITY, online), (WHOLE, PHOENIX, as_is)), Some(Severity::Medium));
        assert_eq!(severity((MORNING, KANSAS_CITY, online), (NOON, KANSAS_CITY, online)), Some(Severity::Medium));
        assert_eq!(severity((MORNING, KANSAS_CITY, online), (AFTERNOON, KANSAS_CITY, online)), None);
        // 9:00–11:00 in Kansas City is over when it strikes ten in Phoenix.
        assert_eq!(severity((MORNING, KANSAS_CITY, online), (NOON, PHOENIX, online)), None);
        let touching = "2027-10-06T11:00/2027-10-06T12:00";
        assert_eq!(severity((MORNING, KANSAS_CITY, online), (touching, KANSAS_CITY, online)), None);
    }

    #[test]
    fn an_unknown_place_clashes_at_the_same_time_only() {
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (NOON, KANSAS_CITY, nowhere)), Some(Severity::Medium));
        assert_eq!(severity((MORNING, KANSAS_CITY, as_is), (AFTERNOON, KANSAS_CITY, nowhere)), None);
    }

    #[test]
    fn a_hold_clashes_one_step_lower_and_what_is_off_not_at_all() {
        assert_eq!(severity((WHOLE, KANSAS_CITY, as_is), (WHOLE, PHOENIX, held)), Some(Severity::Medium));
        assert_eq!(severity((WHOLE, KANSAS_CITY, as_is), (WHOLE, PHOENIX, cancelled)), None);
        assert_eq!(severity((WHOLE, KANSAS_CITY, as_is), (WHOLE, PHOENIX, free)), None);
        assert_eq!(severity((WHOLE, KANSAS_CITY, cancelled), (WHOLE, PHOENIX, as_is)), None);
    }

    #[test]
    fn a_satellite_clashes_with_its_siblings_but_not_with_its_anchor() {
        assert_eq!(severity((MORNING, KANSAS_CITY, beside_the_other), (WHOLE, KANSAS_CITY, as_is)), None);
        assert_eq!(severity((MORNING, KANSAS_CITY, beside_the_other), (NOON, KANSAS_CITY, as_is)), None);
        assert_eq!(severity((WHOLE, KANSAS_CITY, beside_a_third), (NOON, KANSAS_CITY, beside_a_third)), Some(Severity::Medium));
        assert_eq!(severity((MORNING, KANSAS_CITY, beside_a_third), (AFTERNOON, KANSAS_CITY, beside_a_third)), None);
    }

    #[test]
    fn it_says_who_when_and_how_far() {
        let others = |place, change: fn(&mut Event)| agenda(vec![entry(2, NOON, place, change)], |_| ());
        let subject = entry(1, MORNING, KANSAS_CITY, for_all_elected);
        let far = "Both want mayors in person on 6 October 2027, 1,686 km apart in Kansas City, MO and Phoenix, AZ.";
        assert_eq!(said(Kind::RoleOverlap, &subject, &others(PHOENIX, as_is)), [(Severity::High, far.into())]);
        let online_too =
            "Both want mayors at the same time, 6 October 2027, 10:00–11:00 Chicago time, one in person and one online.";
        assert_eq!(said(Kind::RoleOverlap, &subject, &others(KANSAS_CITY, online)), [(Severity::Medium, online_too.into())]);
    }
}
