//! Speakers and rooms: what can be in one place only.

use super::{Fact, Hit, Kind, Pair, Policy, Severity};
use crate::domain::agenda::Slot;

/// Somebody is to speak at two at the same time.
///
/// Block. Whole days take all their hours, except between a satellite and its anchor: who speaks
/// at both is expected to walk from one to the other, so there the hours must be known to overlap.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let booked = |event: &mut convene::domain::Event| {
///     event.details.speakers = ["pat-example".parse().unwrap()].into();
/// };
/// let there = agenda(vec![entry(2, "2027-10-06T10:00/2027-10-06T12:00", KANSAS_CITY, booked)], |_| ());
/// let subject = |when| entry(1, when, KANSAS_CITY, booked);
/// assert_eq!(said(Kind::SpeakerDoubleBooked, &subject("2027-10-06T09:00/2027-10-06T11:00"), &there).len(), 1);
/// assert_eq!(said(Kind::SpeakerDoubleBooked, &subject("2027-10-06T12:00/2027-10-06T13:00"), &there), []);
/// ```
#[must_use]
pub fn speaker_double_booked<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    at_one_time(pair, Kind::SpeakerDoubleBooked, policy.speaker_double_booked, Fact::Speaker)
}

/// One room is taken twice at the same time.
///
/// Block. Only a *named room* can be taken: a convention centre holds many events at once. An event
/// that is online takes no room. Satellites and their anchors as for speakers.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let booked = |event: &mut convene::domain::Event| {
///     let venue = event.details.venue.as_mut().unwrap();
///     (venue.name, venue.room) = (Some("Union Hall".into()), Some("Oak Room".into()));
/// };
/// let there = agenda(vec![entry(2, "2027-10-06T10:00/2027-10-06T12:00", KANSAS_CITY, booked)], |_| ());
/// let subject = |when| entry(1, when, KANSAS_CITY, booked);
/// assert_eq!(said(Kind::RoomDoubleBooked, &subject("2027-10-06T09:00/2027-10-06T11:00"), &there).len(), 1);
/// assert_eq!(said(Kind::RoomDoubleBooked, &subject("2027-10-06T12:00/2027-10-06T13:00"), &there), []);
/// ```
#[must_use]
pub fn room_double_booked<'a>(pair: &Pair<'a>, policy: &Policy) -> Option<Hit<'a>> {
    at_one_time(pair, Kind::RoomDoubleBooked, policy.room_double_booked, Fact::Room)
}

/// More people are expected than the room holds.
///
/// Medium, and high where a quarter more are expected than there are places. Not online.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let subject = entry(1, "2027-10-06T09:00/2027-10-06T11:00", KANSAS_CITY, |event| {
///     event.details.expected = Some(100);
///     event.details.venue.as_mut().unwrap().capacity = Some(80);
/// });
/// assert_eq!(said(Kind::RoomTooSmall, &subject, &agenda(vec![], |_| ())).len(), 1);
/// ```
#[must_use]
pub fn room_too_small<'a>(slot: &Slot<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let details = &slot.event.details;
    let capacity = details.venue.as_ref().filter(|_| slot.is_in_person())?.capacity?;
    let expected = details.expected.filter(|expected| *expected > capacity)?;
    let far_too_small = u64::from(expected) * 4 >= u64::from(capacity) * 5;
    let severity = if far_too_small { policy.room_too_small.by_a_quarter } else { policy.room_too_small.by_less };
    let fact = Fact::RoomTooSmall { expected, capacity };
    Some(Hit { kind: Kind::RoomTooSmall, severity, overlap: None, teams: slot.audience.team_count(), fact })
}

fn at_one_time<'a>(pair: &Pair<'a>, kind: Kind, severity: Severity, fact: Fact<'a>) -> Option<Hit<'a>> {
    let overlap = pair.overlap()?;
    let planned_together = pair.is_anchor_and_satellite() && !pair.have_hours();
    (!planned_together).then(|| Hit {
        kind,
        severity: pair.weigh(severity),
        overlap: Some(overlap),
        teams: pair.common.teams_of_either,
        fact,
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, PHOENIX, agenda, entry, online, said};
    use super::*;
    use crate::domain::{Event, EventId, EventStatus};

    const MORNING: &str = "2027-10-06T09:00/2027-10-06T11:00";
    const NOON: &str = "2027-10-06T10:00/2027-10-06T12:00";
    const AFTER: &str = "2027-10-06T11:00/2027-10-06T12:00";

    fn booked(event: &mut Event) {
        event.details.roles.clear();
        event.details.speakers = ["pat-example".parse().expect("person")].into();
        if let Some(venue) = &mut event.details.venue {
            venue.name = Some("Grand Hotel".into());
            venue.room = Some("Room 2".into());
        }
    }
    fn held(event: &mut Event) {
        booked(event);
        event.status = EventStatus::Hold;
    }
    fn streamed(event: &mut Event) {
        booked(event);
        online(event);
    }
    fn beside_the_other(event: &mut Event) {
        booked(event);
        event.details.anchor = Some(EventId(uuid::Uuid::from_u128(2)));
    }

    fn both(one: (&str, fn(&mut Event)), other: (&str, fn(&mut Event))) -> (Vec<Severity>, Vec<Severity>) {
        let agenda = agenda(vec![entry(2, other.0, KANSAS_CITY, other.1)], |_| ());
        let subject = entry(1, one.0, KANSAS_CITY, one.1);
        let severities = |kind| said(kind, &subject, &agenda).into_iter().map(|(severity, _)| severity).collect();
        (severities(Kind::SpeakerDoubleBooked), severities(Kind::RoomDoubleBooked))
    }

    #[test]
    fn nobody_speaks_at_two_at_once_and_no_room_holds_two() {
        let block = vec![Severity::Block];
        assert_eq!(both((MORNING, booked), (NOON, booked)), (block.clone(), block.clone()));
        assert_eq!(both((MORNING, booked), (AFTER, booked)), (vec![], vec![]));
        assert_eq!(both((MORNING, booked), ("2027-10-05/2027-10-07", booked)), (block.clone(), block.clone()));
        assert_eq!(both((MORNING, booked), (NOON, streamed)), (block, vec![]));
        assert_eq!(both((MORNING, booked), (NOON, held)), (vec![Severity::High], vec![Severity::High]));
    }

    #[test]
    fn who_speaks_at_an_anchor_may_speak_at_its_satellite_at_another_hour() {
        assert_eq!(both((MORNING, beside_the_other), ("2027-10-05/2027-10-07", booked)), (vec![], vec![]));
        assert_eq!(both((MORNING, beside_the_other), (NOON, booked)), (vec![Severity::Block], vec![Severity::Block]));
    }

    #[test]
    fn past_midnight_is_still_the_same_night() {
        let late = ("2027-10-06T22:00/2027-10-07T02:00", booked as fn(&mut Event));
        assert_eq!(both(late, ("2027-10-07T01:00/2027-10-07T03:00", booked)).1, [Severity::Block]);
    }

    #[test]
    fn a_room_that_is_a_quarter_too_small_is_worse() {
        let room = |capacity| {
            let subject = entry(1, MORNING, KANSAS_CITY, |event| {
                booked(event);
                event.details.expected = Some(100);
                event.details.venue.as_mut().expect("a venue").capacity = Some(capacity);
            });
            said(Kind::RoomTooSmall, &subject, &agenda(vec![], |_| ()))
        };
        let sentence = |holds| format!("100 people are expected, and Room 2, Grand Hotel, Kansas City, MO holds {holds}.");
        assert_eq!(room(100), []);
        assert_eq!(room(81), [(Severity::Medium, sentence(81))]);
        assert_eq!(room(80), [(Severity::High, sentence(80))]);
    }

    #[test]
    fn it_names_the_speaker_the_room_and_the_hour() {
        let there = agenda(vec![entry(2, NOON, KANSAS_CITY, booked)], |_| ());
        let subject = entry(1, MORNING, KANSAS_CITY, booked);
        let speaker = "Pat Example is to speak at both at the same time, 6 October 2027, 10:00–11:00 Chicago time.";
        let room =
            "Room 2, Grand Hotel, Kansas City, MO is taken twice at the same time, 6 October 2027, 10:00–11:00 Chicago time.";
        assert_eq!(said(Kind::SpeakerDoubleBooked, &subject, &there), [(Severity::Block, speaker.into())]);
        assert_eq!(said(Kind::RoomDoubleBooked, &subject, &there), [(Severity::Block, room.into())]);
        let elsewhere = agenda(vec![entry(2, NOON, PHOENIX, booked)], |_| ());
        assert_eq!(said(Kind::RoomDoubleBooked, &subject, &elsewhere), []);
    }
}
