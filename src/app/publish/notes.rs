//! What an event was before it moved: read from the history.

use std::collections::HashMap;

use crate::app::Result;
use crate::domain::{EventId, Mode, Venue, wording};
use crate::json::EventJson;
use crate::store::Reader;
use crate::store::changes::Moved;

/// Of each event (or of the one named) whose public dates or place changed: what they were last.
pub(super) fn what_was(reader: &Reader<'_>, only: Option<EventId>) -> Result<HashMap<EventId, Vec<String>>> {
    let mut notes: HashMap<EventId, Vec<String>> = HashMap::new();
    for (moved, words) in [(Moved::Dates, days as fn(&_, &_) -> _), (Moved::Place, place)] {
        for one in reader.last_public_moves(moved, only)? {
            let (Ok(was), Ok(is)) = (EventJson::from_text(&one.before), EventJson::from_text(&one.now)) else { continue };
            notes.entry(one.event).or_default().extend(words(&was, &is));
        }
    }
    Ok(notes)
}

/// “Was Wed 6 – Fri 8 October 2027.”
fn days(was: &EventJson, is: &EventJson) -> Option<String> {
    let (then, now) = (when(was)?, when(is)?);
    (then != now).then(|| format!("Was {then}."))
}

/// “Was in Omaha, NE.”; where it is did not change by becoming known.
fn place(was: &EventJson, is: &EventJson) -> Option<String> {
    let words = |json: &EventJson| wording::place_of(json.venue.as_ref(), json.mode);
    let (then, now) = (words(was), words(is));
    let known = was.mode == Mode::Virtual || was.venue.as_ref().and_then(Venue::line).is_some();
    let place = if was.mode == Mode::Virtual { then.clone() } else { format!("in {then}") };
    (known && then != now).then(|| format!("Was {place}."))
}

fn when(json: &EventJson) -> Option<String> {
    Some(wording::when(json.when()?, json.time_zone.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Details, Event, EventStatus, When};

    fn event(first: &str, city: Option<&str>, mode: Mode) -> EventJson {
        let day: chrono::NaiveDate = first.parse().unwrap();
        let when = When::Days { first: day, last: Some(day + chrono::Days::new(1)) };
        let mut details = Details::new("Forum", "lake-league".parse().unwrap(), when, chrono_tz::America::Chicago);
        details.mode = mode;
        details.venue = city.map(|city| Venue { city: Some(city.to_owned()), ..Venue::default() });
        let id = EventId(uuid::Uuid::nil());
        EventJson::from(&Event::new(id, EventStatus::Confirmed, details, chrono::DateTime::UNIX_EPOCH))
    }

    #[test]
    fn a_note_says_what_was_and_only_what_is_different_now() {
        use Mode::{InPerson, Virtual};
        let now = event("2027-10-06", Some("Omaha"), InPerson);
        let cases = [
            (event("2027-10-06", Some("Omaha"), InPerson), None, None),
            (event("2027-11-10", Some("Omaha"), InPerson), Some("Was Wed 10 – Thu 11 November 2027."), None),
            (event("2027-10-06", Some("Tulsa"), InPerson), None, Some("Was in Tulsa.")),
            (event("2027-11-10", None, Virtual), Some("Was Wed 10 – Thu 11 November 2027."), Some("Was online.")),
            (event("2027-10-06", None, InPerson), None, None),
        ];
        for (was, of_days, of_place) in cases {
            assert_eq!((days(&was, &now).as_deref(), place(&was, &now).as_deref()), (of_days, of_place), "{}", was.start);
        }
    }
}
