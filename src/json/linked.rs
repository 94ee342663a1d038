//! An event as machines on the web read it: schema.org `Event`, as JSON-LD in its page.

use chrono_tz::Tz;
use serde_json::{Value, json};

use crate::domain::{Details, Event, EventStatus, Mode, Venue, When, span};

/// What stands on the page beside the event itself.
#[derive(Debug, Clone, Default)]
pub struct LinkedContext {
    /// The page's address.
    pub page: String,
    /// Who calls it: name and home page, the host first.
    pub organizers: Vec<(String, Option<String>)>,
    /// When it was before it moved, where people knew it.
    pub was: Option<(When, Tz)>,
    /// People were to come in person, and now it is online.
    pub moved_online: bool,
}

/// A schema.org `Event`; it is for public events only.
#[must_use]
pub fn linked(event: &Event, context: &LinkedContext) -> Value {
    let details = &event.details;
    let (start, end) = moments(details.when, details.zone);
    let organizer =
        |(name, url): &(String, Option<String>)| without_nulls(json!({"@type": "Organization", "name": name, "url": url}));
    let moved = context.was.filter(|was| moments(was.0, was.1).0 != start);
    without_nulls(json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": context.page,
        "url": context.page,
        "sameAs": details.url,
        "name": details.title,
        "description": Some(&details.description).filter(|text| !text.is_empty()),
        "startDate": start,
        "endDate": end,
        "previousStartDate": moved.map(|was| moments(was.0, was.1).0),
        "eventStatus": format!("https://schema.org/{}", status(event.status, moved.is_some(), context.moved_online)),
        "eventAttendanceMode": format!("https://schema.org/{}", attendance(details.mode)),
        "location": location(details, &context.page),
        "organizer": context.organizers.iter().map(organizer).collect::<Vec<_>>(),
    }))
}

/// Start and end: the last day itself for whole days, else wall time with its offset.
fn moments(when: When, zone: Tz) -> (String, Option<String>) {
    let wall = |at| span::instant(at, zone).with_timezone(&zone).format("%Y-%m-%dT%H:%M:%S%:z").to_string();
    match when {
        When::Days { first, last } => (first.to_string(), last.map(|day| day.to_string())),
        When::Times { start, end } => (wall(start), end.map(wall)),
    }
}

fn status(status: EventStatus, moved: bool, moved_online: bool) -> &'static str {
    match status {
        EventStatus::Cancelled => "EventCancelled",
        EventStatus::Postponed => "EventPostponed",
        _ if moved => "EventRescheduled",
        _ if moved_online => "EventMovedOnline",
        _ => "EventScheduled",
    }
}

fn attendance(mode: Mode) -> &'static str {
    match mode {
        Mode::InPerson => "OfflineEventAttendanceMode",
        Mode::Virtual => "OnlineEventAttendanceMode",
        Mode::Hybrid => "MixedEventAttendanceMode",
    }
}

fn location(details: &Details, page: &str) -> Value {
    let place = details.venue.as_ref().map(place);
    // Where to join is at times known only on the page.
    let online = || json!({"@type": "VirtualLocation", "url": details.join_url.as_deref().unwrap_or(page)});
    match (details.mode, place) {
        (Mode::Virtual, _) | (Mode::Hybrid, None) => online(),
        (Mode::Hybrid, Some(place)) => json!([place, online()]),
        (Mode::InPerson, Some(place)) => place,
        (Mode::InPerson, None) => Value::Null,
    }
}

fn place(venue: &Venue) -> Value {
    let name = venue.name.clone().or_else(|| venue.town()).or_else(|| venue.room.clone());
    without_nulls(json!({
        "@type": "Place",
        "name": name,
        "address": without_nulls(json!({
            "@type": "PostalAddress",
            "addressLocality": venue.city,
            "addressRegion": venue.state,
            "addressCountry": venue.country,
        })),
        "geo": venue.position().map(|(lat, lon)| json!({"@type": "GeoCoordinates", "latitude": lat, "longitude": lon})),
    }))
}

fn without_nulls(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EventId;

    fn event(when: When) -> Event {
        let details = Details::new("Lake summit", "lake-league".parse().unwrap(), when, chrono_tz::America::Chicago);
        let id = EventId(uuid::Uuid::nil());
        Event::new(id, EventStatus::Confirmed, details, chrono::DateTime::UNIX_EPOCH)
    }

    fn context() -> LinkedContext {
        LinkedContext {
            page: "https://convene.example.org/events/1".to_owned(),
            organizers: vec![("Lake League".to_owned(), None)],
            ..LinkedContext::default()
        }
    }

    fn days(first: &str, last: &str) -> When {
        When::Days { first: first.parse().unwrap(), last: Some(last.parse().unwrap()) }
    }

    #[test]
    fn a_convening_in_person_has_its_days_and_its_place() {
        let mut event = event(days("2027-10-06", "2027-10-08"));
        event.details.venue = Some(Venue {
            name: Some("Lake Hall".to_owned()),
            city: Some("Omaha".to_owned()),
            state: Some("NE".to_owned()),
            country: Some("US".to_owned()),
            lat: Some(41.26),
            lon: Some(-95.93),
            ..Venue::default()
        });
        assert_eq!(
            linked(&event, &context()),
            json!({
                "@context": "https://schema.org", "@type": "Event",
                "@id": "https://convene.example.org/events/1", "url": "https://convene.example.org/events/1",
                "name": "Lake summit", "startDate": "2027-10-06", "endDate": "2027-10-08",
                "eventStatus": "https://schema.org/EventScheduled",
                "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
                "location": {
                    "@type": "Place", "name": "Lake Hall",
                    "address": {"@type": "PostalAddress", "addressLocality": "Omaha", "addressRegion": "NE", "addressCountry": "US"},
                    "geo": {"@type": "GeoCoordinates", "latitude": 41.26, "longitude": -95.93},
                },
                "organizer": [{"@type": "Organization", "name": "Lake League"}],
            })
        );
    }

    #[test]
    fn a_session_online_has_its_hours_with_offset_and_where_to_join() {
        let wall = |text: &str| text.parse().unwrap();
        let mut event = event(When::Times { start: wall("2027-10-06T09:00:00"), end: Some(wall("2027-10-06T10:30:00")) });
        event.details.mode = Mode::Virtual;
        event.details.join_url = Some("https://meet.example.org/1".to_owned());
        let found = linked(&event, &context());
        assert_eq!(
            (&found["startDate"], &found["endDate"]),
            (&json!("2027-10-06T09:00:00-05:00"), &json!("2027-10-06T10:30:00-05:00"))
        );
        assert_eq!(found["location"], json!({"@type": "VirtualLocation", "url": "https://meet.example.org/1"}));
    }

    #[test]
    fn what_happened_to_it_is_its_status() {
        use EventStatus::{Announced, Cancelled, Confirmed, Postponed};
        let earlier = Some((days("2027-09-01", "2027-09-02"), chrono_tz::America::Chicago));
        let same = Some((days("2027-10-06", "2027-10-09"), chrono_tz::America::Chicago));
        let cases = [
            (Confirmed, None, false, "EventScheduled", None),
            (Announced, same, false, "EventScheduled", None),
            (Confirmed, earlier, false, "EventRescheduled", Some("2027-09-01")),
            (Confirmed, earlier, true, "EventRescheduled", Some("2027-09-01")),
            (Confirmed, None, true, "EventMovedOnline", None),
            (Postponed, None, false, "EventPostponed", None),
            (Cancelled, None, true, "EventCancelled", None),
        ];
        for (status, was, moved_online, word, previous) in cases {
            let event = Event { status, ..event(days("2027-10-06", "2027-10-08")) };
            let found = linked(&event, &LinkedContext { was, moved_online, ..context() });
            assert_eq!(found["eventStatus"], json!(format!("https://schema.org/{word}")), "{status} {was:?}");
            assert_eq!(found.get("previousStartDate").and_then(Value::as_str), previous, "{status} {was:?}");
        }
    }
}
