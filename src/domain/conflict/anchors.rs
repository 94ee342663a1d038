//! What is set beside what, and what could be.

use chrono::{Days as Step, NaiveDate};

use super::travel::Apart;
use super::{Fact, Hit, Kind, Pair, Policy, Severity};
use crate::domain::agenda::Slot;
use crate::domain::agenda::name_key;
use crate::domain::{Event, EventStatus, Mode};

/// What has become of an anchor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Called off.
    Cancelled,
    /// Put off, new dates to come.
    Postponed,
    /// Online, while the satellite is in person.
    Online,
    /// On other days, too far from the satellite's.
    Moved,
    /// In another place.
    Elsewhere,
}

/// A satellite's anchor is no longer what it was set beside.
///
/// Block for the satellite: its organizer has to decide. Known from how both stand today: the anchor
/// is cancelled or postponed, went online, or is now further than `near_days` free days or
/// `apart_km` away. A satellite that is off itself has nothing to decide.
///
/// ```
/// use convene::domain::EventStatus;
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let anchor = entry(2, "2027-03-10/2027-03-12", KANSAS_CITY, |event| event.status = EventStatus::Cancelled);
/// let beside = entry(1, "2027-03-09/2027-03-09", KANSAS_CITY, |event| event.details.anchor = Some(anchor.event.id));
/// assert_eq!(said(Kind::AnchorChanged, &beside, &agenda(vec![anchor.clone()], |_| ()))[0].0, Severity::Block);
/// ```
#[must_use]
pub fn anchor_changed<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let (anchor, satellite) =
        if pair.a.event.details.anchor == Some(pair.b.event.id) { (&pair.b, &pair.a) } else { (&pair.a, &pair.b) };
    let loss = loss(anchor, satellite, policy)?;
    Some(Hit {
        kind: Kind::AnchorChanged,
        severity: policy.anchor_changed,
        overlap: None,
        teams: satellite.audience.team_count(),
        fact: Fact::AnchorLost { loss, decide_by: decide_by(anchor.event, satellite.days.first) },
    })
}

/// How long an organizer has to decide on what was set beside a lost anchor.
const DECIDE_DAYS: u64 = 14;

/// By when to decide on a satellite that begins on `first`: two weeks after its anchor changed, and before it begins.
#[must_use]
pub fn decide_by(anchor: &Event, first: NaiveDate) -> NaiveDate {
    let changed = anchor.changed_at.with_timezone(&anchor.details.zone).date_naive();
    let until = changed.checked_add_days(Step::new(DECIDE_DAYS)).unwrap_or(changed);
    until.min(first.pred_opt().unwrap_or(first)).max(changed)
}

fn loss(anchor: &Slot<'_>, satellite: &Slot<'_>, policy: &Policy) -> Option<Loss> {
    if satellite.event.status.is_off() || satellite.occurrence.cancelled {
        return None;
    }
    let free_days = anchor.days.free_days_between(satellite.days).unwrap_or(0);
    match anchor.event.status {
        EventStatus::Cancelled => Some(Loss::Cancelled),
        EventStatus::Postponed => Some(Loss::Postponed),
        _ if free_days > i64::from(policy.same_place_near_dates.near_days) => Some(Loss::Moved),
        _ if satellite.event.details.mode != Mode::InPerson => None,
        _ if anchor.event.details.mode == Mode::Virtual => Some(Loss::Online),
        _ => matches!(Apart::between(anchor.event, satellite.event, policy.apart_km), Apart::Far(_)).then_some(Loss::Elsewhere),
    }
}

/// Two in-person convenings in one metropolitan area, on common days or with few free days between.
///
/// An opportunity to plan them together, so that whole city teams come once. Only between different
/// partners, since one partner knows its own calendar, and not where they are planned together
/// already. Positions must be known: an opportunity is no guess.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let of_icma = |event: &mut convene::domain::Event| event.details.partner = "icma".parse().unwrap();
/// let there = agenda(vec![entry(2, "2027-03-14/2027-03-15", OVERLAND_PARK, of_icma)], |_| ());
/// let found = said(Kind::SamePlaceNearDates, &entry(1, "2027-03-10/2027-03-12", KANSAS_CITY, |_| ()), &there);
/// assert_eq!((found.len(), found[0].0), (1, Severity::Opportunity));
/// ```
#[must_use]
pub fn same_place_near_dates<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let (a, b) = (pair.a.event, pair.b.event);
    let planned_together = pair.is_anchor_and_satellite()
        || pair.are_satellites_of_one()
        || a.is_called_by(&b.details.partner)
        || b.is_called_by(&a.details.partner);
    let free_days = pair.a.days.free_days_between(pair.b.days);
    if planned_together
        || !pair.is_in_person()
        || free_days.is_some_and(|days| days > i64::from(policy.same_place_near_dates.near_days))
    {
        return None;
    }
    (Apart::between(a, b, policy.apart_km) == Apart::Near).then(|| Hit {
        kind: Kind::SamePlaceNearDates,
        severity: Severity::Opportunity,
        overlap: pair.overlap(),
        teams: pair.common.teams_of_both,
        fact: Fact::SamePlace { free_days },
    })
}

/// Two events with the same name at about the same time: perhaps one, entered or read twice.
///
/// Low. The name is compared without its case, its year and the names of partners; the days are common
/// or follow each other; and the places may be one. An anchor and its satellite are two on purpose.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let named = |title: &'static str| move |event: &mut convene::domain::Event| event.details.title = title.into();
/// let there = agenda(vec![entry(2, "2027-03-10/2027-03-13", KANSAS_CITY, named("City Summit (NLC)"))], |_| ());
/// let subject = entry(1, "2027-03-10/2027-03-12", KANSAS_CITY, named("NLC City Summit 2027"));
/// assert_eq!(said(Kind::PossibleDuplicate, &subject, &there)[0].0, Severity::Low);
/// ```
#[must_use]
pub fn possible_duplicate<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let near = pair.a.days.free_days_between(pair.b.days).is_none_or(|days| days == 0);
    let one_place = !pair.is_in_person() || !matches!(Apart::between(pair.a.event, pair.b.event, policy.apart_km), Apart::Far(_));
    (near && one_place && !pair.is_anchor_and_satellite() && are_named_alike(pair.a.event, pair.b.event)).then(|| Hit {
        kind: Kind::PossibleDuplicate,
        severity: policy.possible_duplicate,
        overlap: pair.overlap(),
        teams: 0,
        fact: Fact::SameTitle,
    })
}

/// Have they one name without their own partners', or without that of the partner that calls one of them?
///
/// “NLC Annual Conference” in another's calendar is no “ICMA Annual Conference”.
fn are_named_alike(a: &Event, b: &Event) -> bool {
    let key = |event: &Event, whose: &Event| name_key(&event.details.title, &whose.details.partner);
    key(a, a) == key(b, b) || key(a, b) == key(b, b) || key(a, a) == key(b, a)
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, OVERLAND_PARK, PHOENIX, Place, agenda, entry, online, said, team};
    use super::*;
    use crate::domain::{Event, EventId};

    const MARCH: &str = "2027-03-10/2027-03-12";
    const DAY_BEFORE: &str = "2027-03-09/2027-03-09";

    fn as_is(_: &mut Event) {}
    fn beside_the_other(event: &mut Event) {
        event.details.anchor = Some(EventId(uuid::Uuid::from_u128(2)));
    }
    fn of_icma(event: &mut Event) {
        event.details.partner = "icma".parse().expect("partner");
    }

    fn with_nlc(event: &mut Event) {
        of_icma(event);
        event.details.co_hosts = vec!["nlc".parse().expect("partner")];
    }

    fn satellite_of(days: &str, place: Place, change: fn(&mut Event)) -> Vec<(Severity, String)> {
        let mut anchor = entry(2, days, place, change);
        anchor.event.changed_at = "2027-02-10T18:00:00Z".parse().expect("a moment");
        let satellite = entry(1, DAY_BEFORE, KANSAS_CITY, beside_the_other);
        let from_anchor = said(Kind::AnchorChanged, &anchor, &agenda(vec![satellite.clone()], |_| ()));
        let from_satellite = said(Kind::AnchorChanged, &satellite, &agenda(vec![anchor], |_| ()));
        assert_eq!(from_anchor, from_satellite);
        from_satellite
    }

    #[test]
    fn a_satellite_is_blocked_when_its_anchor_is_not_what_it_was() {
        type Case = (&'static str, Place, fn(&mut Event), Option<&'static str>);
        let cases: [Case; 7] = [
            (MARCH, KANSAS_CITY, as_is, None),
            ("2027-03-12/2027-03-13", OVERLAND_PARK, as_is, None),
            (MARCH, KANSAS_CITY, |event| event.status = EventStatus::Cancelled, Some("is cancelled")),
            (MARCH, KANSAS_CITY, |event| event.status = EventStatus::Postponed, Some("is postponed")),
            (MARCH, KANSAS_CITY, online, Some("is online now")),
            ("2027-06-10/2027-06-12", KANSAS_CITY, as_is, Some("is on 10–12 June 2027 now, and this on 9 March 2027")),
            (MARCH, PHOENIX, as_is, Some("is in Phoenix, AZ now, and this in Kansas City, MO")),
        ];
        for (days, place, change, expected) in cases {
            let sentence = |change| {
                format!(
                    "The convening that this was set beside {change}: decide by 24 February 2027 whether to cancel, keep, move or go online."
                )
            };
            let expected: Vec<_> = expected.into_iter().map(|change| (Severity::Block, sentence(change))).collect();
            assert_eq!(satellite_of(days, place, change), expected);
        }
    }

    #[test]
    fn there_are_two_weeks_to_decide_but_never_longer_than_until_it_begins() {
        let by = |changed: &str| {
            let mut anchor = entry(2, MARCH, KANSAS_CITY, as_is);
            anchor.event.changed_at = format!("{changed}T18:00:00Z").parse().expect("a moment");
            decide_by(&anchor.event, "2027-03-09".parse().expect("a day")).to_string()
        };
        let cases = ["2027-02-10", "2027-03-01", "2027-03-08", "2027-03-20"];
        assert_eq!(cases.map(by), ["2027-02-24", "2027-03-08", "2027-03-08", "2027-03-20"]);
    }

    #[test]
    fn partners_in_one_town_in_one_week_could_make_it_one_trip() {
        let beside = |days: &str, place, change: fn(&mut Event)| {
            let teams = ["one", "two"].map(|name| team(name, "OH", chrono_tz::UTC, &["mayor"])).into();
            let there = agenda(vec![entry(2, days, place, change)], |facts| facts.teams = teams);
            said(Kind::SamePlaceNearDates, &entry(1, MARCH, KANSAS_CITY, |_| ()), &there)
        };
        let sentence = "In Kansas City, MO and Overland Park, KS, close by, 10–12 March 2027 and 15 March 2027 are two free days apart, \
                        so that one trip could serve both: 2 city teams with people invited to each could come together.";
        let near = "2027-03-15/2027-03-15";
        assert_eq!(beside(near, OVERLAND_PARK, of_icma), [(Severity::Opportunity, sentence.into())]);
        assert_eq!(beside(MARCH, KANSAS_CITY, of_icma).len(), 1);
        assert_eq!(beside(near, OVERLAND_PARK, as_is), [], "one partner's own");
        assert_eq!(beside(near, OVERLAND_PARK, with_nlc), [], "called together");
        assert_eq!(beside("2027-03-16/2027-03-16", OVERLAND_PARK, of_icma), []);
        assert_eq!(beside(near, PHOENIX, of_icma), []);
        assert_eq!(beside(near, OVERLAND_PARK, online), []);
    }

    #[test]
    fn a_partner_named_in_anothers_calendar_is_the_one_that_calls_it() {
        let of = |partner: &str, title: &str, number| {
            entry(number, MARCH, KANSAS_CITY, |event| {
                event.details.partner = partner.parse().expect("partner");
                event.details.title = title.to_owned();
            })
        };
        let twice = |theirs: (&str, &str), ours: (&str, &str)| {
            let there = agenda(vec![of(theirs.0, theirs.1, 2)], |facts| {
                facts.partners = ["gare", "icma", "nlc"].map(|slug| (slug.parse().expect("partner"), slug.to_owned())).into();
            });
            said(Kind::PossibleDuplicate, &of(ours.0, ours.1, 1), &there).len()
        };
        assert_eq!(twice(("icma", "NLC City Summit"), ("nlc", "City Summit")), 1);
        assert_eq!(twice(("gare", "NLC Annual Conference"), ("icma", "ICMA Annual Conference")), 0);
        assert_eq!(twice(("gare", "NLC Annual Conference"), ("nlc", "Annual Conference")), 1);
    }

    #[test]
    fn one_name_at_one_time_may_be_one_event() {
        let twice = |days: &str, place, title: &str| {
            let named = |event: &mut Event, title: &str| event.details.title = title.to_owned();
            let there = agenda(vec![entry(2, days, place, |event| named(event, title))], |_| ());
            said(Kind::PossibleDuplicate, &entry(1, MARCH, KANSAS_CITY, |event| named(event, "NLC City Summit 2027")), &there)
        };
        let sentence = "Two events of the same name begin on 10 March 2027: they may be one that was entered twice.";
        assert_eq!(twice("2027-03-10/2027-03-13", KANSAS_CITY, "City Summit (NLC)"), [(Severity::Low, sentence.into())]);
        assert_eq!(twice("2027-03-13/2027-03-14", KANSAS_CITY, "City Summit").len(), 1);
        assert_eq!(twice("2027-03-14/2027-03-14", KANSAS_CITY, "City Summit"), []);
        assert_eq!(twice(MARCH, PHOENIX, "City Summit"), []);
        assert_eq!(twice(MARCH, KANSAS_CITY, "City Summit, day 2"), []);
    }
}
