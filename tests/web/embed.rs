//! What other sites take from ours: the framed agenda, and what machines read in an event's page.

use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::domain::{EventId, EventStatus};
use convene::json::Draft;
use rocket::http::Status;
use serde_json::Value;

use crate::support::World;
use crate::support::cast::{ada, in_the_oak_room};
use crate::support::visitor::Visitor;

const HOSTILE: &str = "</script><script>alert(1)</script> & “friends”";

/// A public one with a hostile title, and a proposal.
fn begin() -> (World, EventId, EventId) {
    let world = World::new();
    world.ignore_letters();
    let put = |title: &str, day: &str| {
        let draft = Draft { title: title.to_owned(), ..in_the_oak_room("", day) };
        propose(&world.app, &ada(), &draft, EventStatus::Proposed).unwrap().event.id
    };
    let (public, proposed) = (put(HOSTILE, "2027-10-06"), put("Secret plan", "2027-10-20"));
    settle(&world.app, &ada(), public, None, &Act::Announce, None).unwrap();
    (world, public, proposed)
}

fn linked(page: &str) -> Vec<Value> {
    let mark = "<script type=\"application/ld+json\">";
    page.split(mark).skip(1).map(|rest| serde_json::from_str(rest.split("</script>").next().unwrap()).unwrap()).collect()
}

#[test]
fn a_public_page_tells_machines_when_where_and_by_whom_and_no_title_breaks_out_of_it() {
    let (world, public, proposed) = begin();
    let visitor = Visitor::of(&world);
    let page = visitor.get(&format!("/events/{public}")).text();
    assert!(!page.contains("<script>alert(1)"), "{page}");
    let found = linked(&page);
    assert_eq!(found.len(), 1);
    assert_eq!((&found[0]["@type"], &found[0]["name"]), (&Value::from("Event"), &Value::from(HOSTILE)));
    assert_eq!(found[0]["startDate"], "2027-10-06T09:00:00-05:00");
    assert_eq!(found[0]["organizer"][0]["name"], "Harbor Alliance");
    assert_eq!(found[0]["location"]["address"]["addressLocality"], "Kansas City");
    let own = Visitor::signed_in(&world, "ada@example.org").get(&format!("/events/{proposed}"));
    assert_eq!((own.status, linked(&own.text())), (Status::Ok, Vec::new()), "what is not public is told to no machine");
}

#[test]
fn a_move_and_a_cancellation_reach_machines() {
    let (world, public, _) = begin();
    let status = || {
        let found = linked(&Visitor::of(&world).get(&format!("/events/{public}")).text()).remove(0);
        (found["eventStatus"].clone(), found["previousStartDate"].clone())
    };
    let to = Act::Move { start: "2027-10-07T09:00".to_owned(), end: Some("2027-10-07T12:00".to_owned()) };
    settle(&world.app, &ada(), public, None, &to, None).unwrap();
    assert_eq!(status(), ("https://schema.org/EventRescheduled".into(), "2027-10-06T09:00:00-05:00".into()));
    settle(&world.app, &ada(), public, None, &Act::Cancel, None).unwrap();
    assert_eq!(status().0, "https://schema.org/EventCancelled");
}

#[test]
fn the_agenda_can_be_framed_anywhere_and_shows_what_is_public_to_nobody_in_particular() {
    let (world, ..) = begin();
    let own = Visitor::signed_in(&world, "ada@example.org");
    let framed = own.get("/embed");
    assert_eq!(framed.status, Status::Ok);
    assert!(framed.header("Content-Security-Policy").contains("frame-ancestors *"));
    assert!(framed.header("Content-Security-Policy").contains("default-src 'none'"));
    assert_eq!(framed.header("X-Frame-Options"), "", "older browsers would heed it");
    assert_eq!((framed.header("Set-Cookie"), framed.header("Cache-Control")), ("", "public, max-age=300"));
    let text = framed.text();
    assert!(text.contains("friends") && !text.contains("Secret plan"), "{text}");
    assert!(!text.contains("<script") && !text.contains("<form"), "{text}");
    for page in ["/", "/desk", "/embedded"] {
        assert!(own.get(page).header("Content-Security-Policy").contains("frame-ancestors 'none'"), "{page}");
    }
}

#[test]
fn the_framed_agenda_takes_the_calendars_filters() {
    let (world, ..) = begin();
    let visitor = Visitor::of(&world);
    assert!(visitor.get("/embed?partners=harbor").text().contains("friends"));
    assert!(visitor.get("/embed?partners=prairie").text().contains("Nothing is announced yet."));
    assert_eq!(visitor.get("/embed?partners=nobody").status, Status::BadRequest);
    let page = visitor.get("/subscribe?partners=harbor").text();
    assert!(page.contains("https://cal.example.org/embed?partners=harbor"), "{page}");
}
