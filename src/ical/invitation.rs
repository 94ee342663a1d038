//! Invitations and what follows them: iTIP requests and cancellations (RFC 5546), for mail (RFC 6047).
//!
//! One event, one organizer, one attendee, who is the reader: nobody learns who else comes. Times are
//! in UTC, so that no zone can be described wrongly; the letter names the zone. The reader has said
//! already whether they come, so no reply is asked for (`RSVP=FALSE`).

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use icalendar::{Calendar, Component as _, Event, EventLike as _, Property};

use super::fold::finish;
use super::write::{LONGEST_DESCRIPTION, address, day, line, text};
use crate::domain::{When, span};

/// What is done to the entry in the reader's calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// It is put there, or changed.
    Request,
    /// It is taken away.
    Cancel,
}

impl Method {
    /// As it stands in `METHOD`, and in the MIME type beside it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// An entry for one reader's calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Invitation {
    /// What is done with it.
    pub method: Method,
    /// The same for ever.
    pub uid: String,
    /// Higher with each one sent to this reader.
    pub sequence: u32,
    /// When it was made (`DTSTAMP`).
    pub stamped_at: DateTime<Utc>,
    /// Certain, or a save-the-date.
    pub tentative: bool,
    /// Its title.
    pub title: String,
    /// More about it.
    pub description: String,
    /// Where it is.
    pub location: Option<String>,
    /// Its page; left out if it is no web address.
    pub url: Option<String>,
    /// When it is.
    pub when: When,
    /// The zone of that wall time.
    pub zone: Tz,
    /// Whom answers go to: the address that the letter comes from, and its name.
    pub organizer: (String, String),
    /// The reader: address and name.
    pub attendee: (String, Option<String>),
}

/// Writes it: UTF-8, CRLF, lines of at most 75 octets.
#[must_use]
pub fn invite(one: &Invitation) -> Vec<u8> {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//convene//Invitations to convenings//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", one.method.as_str()),
    ] {
        calendar.append_property((key, value));
    }
    calendar.push(event(one));
    let mut out = Vec::new();
    finish(&calendar.to_string(), &mut out);
    out
}

fn event(one: &Invitation) -> Event {
    let mut event = Event::new();
    event.uid(&line(&one.uid)).sequence(one.sequence).timestamp(one.stamped_at).summary(&line(&one.title));
    let status = match (one.method, one.tentative) {
        (Method::Cancel, _) => "CANCELLED",
        (Method::Request, true) => "TENTATIVE",
        (Method::Request, false) => "CONFIRMED",
    };
    event.add_property("STATUS", status);
    event.add_property("TRANSP", if one.method == Method::Cancel { "TRANSPARENT" } else { "OPAQUE" });
    times(one, &mut event);
    let description = text(&one.description, LONGEST_DESCRIPTION);
    if !description.is_empty() {
        event.description(&description);
    }
    if let Some(place) = one.location.as_deref().map(line).filter(|place| !place.is_empty()) {
        event.location(&place);
    }
    if let Some(url) = one.url.as_deref().and_then(address) {
        event.add_property("URL", &url);
    }
    let (from, name) = &one.organizer;
    event.append_property(Property::new("ORGANIZER", mailto(from)).add_parameter("CN", &parameter(name, from)).done());
    let (to, name) = &one.attendee;
    let mut attendee = Property::new("ATTENDEE", mailto(to));
    for (key, value) in [("CUTYPE", "INDIVIDUAL"), ("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "ACCEPTED"), ("RSVP", "FALSE")] {
        attendee.add_parameter(key, value);
    }
    attendee.add_parameter("CN", &parameter(name.as_deref().unwrap_or_default(), to));
    event.append_multi_property(attendee.done());
    event.done()
}

fn times(one: &Invitation, event: &mut Event) {
    let utc = |name: &str, at: DateTime<Utc>| Property::new(name, at.format("%Y%m%dT%H%M%SZ").to_string());
    match one.when {
        When::Days { first, last } => {
            event.append_property(day("DTSTART", first));
            if let Some(after) = last.and_then(|last| last.max(first).succ_opt()) {
                event.append_property(day("DTEND", after));
            }
        }
        When::Times { start, end } => {
            let from = span::instant(start, one.zone);
            event.append_property(utc("DTSTART", from));
            if let Some(to) = end.map(|end| span::instant(end, one.zone)).filter(|to| *to >= from) {
                event.append_property(utc("DTEND", to));
            }
        }
    }
}

/// An address that cannot end its line.
fn mailto(address: &str) -> String {
    format!("mailto:{}", line(address).replace([' ', '"', '<', '>'], ""))
}

/// A parameter's value: no quotes in it (RFC 5545 section 3.1); the address where there is none.
fn parameter(name: &str, address: &str) -> String {
    let name = line(name).replace('"', "'");
    if name.is_empty() { line(address).replace('"', "'") } else { name }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;

    fn sample() -> Invitation {
        let day = NaiveDate::from_ymd_opt(2027, 3, 14).expect("a day");
        let wall = |hour| day.and_hms_opt(hour, 0, 0).expect("a time");
        Invitation {
            method: Method::Request,
            uid: "invite-0193@convene.example.org".into(),
            sequence: 2,
            stamped_at: "2026-11-23T12:00:00Z".parse().expect("an instant"),
            tentative: false,
            title: "Budgets, together".into(),
            description: "To say off: https://convene.example.org/off/7-abc".into(),
            location: Some("Oak Room, Kansas City, MO".into()),
            url: Some("https://convene.example.org/events/0193".into()),
            when: When::Times { start: wall(14), end: Some(wall(15)) },
            zone: chrono_tz::America::New_York,
            organizer: ("convene@convene.example.org".into(), "convene".into()),
            attendee: ("robin@city.example.org".into(), Some("Robin \"R\" Placeholder, Jr.".into())),
        }
    }

    fn lines(one: &Invitation) -> Vec<String> {
        let text = String::from_utf8(invite(one)).expect("UTF-8").replace("\r\n ", "");
        text.split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn a_request_says_all_that_itip_asks_for() {
        let expected = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//convene//Invitations to convenings//EN",
            "CALSCALE:GREGORIAN",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            "DESCRIPTION:To say off: https://convene.example.org/off/7-abc",
            "DTEND:20270314T190000Z",
            "DTSTAMP:20261123T120000Z",
            "DTSTART:20270314T180000Z",
            "LOCATION:Oak Room\\, Kansas City\\, MO",
            "ORGANIZER;CN=convene:mailto:convene@convene.example.org",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "SUMMARY:Budgets\\, together",
            "TRANSP:OPAQUE",
            "UID:invite-0193@convene.example.org",
            "URL:https://convene.example.org/events/0193",
            "ATTENDEE;CN=\"Robin 'R' Placeholder, Jr.\";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:robin@city.example.org",
            "END:VEVENT",
            "END:VCALENDAR",
        ];
        assert_eq!(lines(&sample()), expected);
    }

    #[test]
    fn a_cancellation_says_so_twice_and_to_the_same_people() {
        let lines = lines(&Invitation { method: Method::Cancel, sequence: 3, ..sample() });
        let has = |start: &str| lines.iter().any(|line| line.starts_with(start));
        assert!(has("METHOD:CANCEL") && has("STATUS:CANCELLED") && has("SEQUENCE:3"), "{lines:?}");
        assert!(has("ORGANIZER;CN=convene:mailto:convene@") && has("ATTENDEE;"), "{lines:?}");
    }

    #[test]
    fn no_name_can_add_a_line_of_its_own() {
        let hostile = "Robin\r\nATTENDEE:mailto:other@example.org\r\nX:\"\u{202e}";
        let one = Invitation {
            attendee: ("robin@city.example.org".into(), Some(hostile.into())),
            organizer: ("convene@convene.example.org\r\nX-Y:z".into(), hostile.into()),
            title: hostile.into(),
            location: Some(hostile.into()),
            ..sample()
        };
        let lines = lines(&one);
        assert_eq!(lines.len(), self::lines(&sample()).len(), "{lines:?}");
        assert_eq!(lines.iter().filter(|line| line.starts_with("ATTENDEE")).count(), 1);
    }

    #[test]
    fn whole_days_end_on_the_day_after_the_last() {
        let day = |day| NaiveDate::from_ymd_opt(2027, 10, day).expect("a day");
        let lines = lines(&Invitation { when: When::Days { first: day(6), last: Some(day(8)) }, ..sample() });
        let has = |line: &str| lines.iter().any(|one| one == line);
        assert!(has("DTSTART;VALUE=DATE:20271006") && has("DTEND;VALUE=DATE:20271009"), "{lines:?}");
    }
}
