//! What calendar programs need of a subscribed feed (points 7 to 10, 13, 22 and 24), as they meet it over HTTP.

use std::collections::HashSet;

use rocket::http::Status;

use crate::support::World;
use crate::support::visitor::Visitor;

const ALL: &str = "/feeds/all.ics?past=P9Y";

#[test]
fn p07_no_feed_leads_elsewhere() {
    let world = World::demo();
    let program = Visitor::of(&world);
    for path in [ALL, "/feeds/all.ics", "/feeds/roles/mayor.ics", "/feeds/partners/nlc.json", "/feeds/all.atom"] {
        let answer = program.get(path);
        assert_eq!((answer.status, answer.header("Location")), (Status::Ok, ""), "{path}");
    }
}

#[test]
fn p08_trouble_on_our_side_is_503_and_never_an_empty_calendar() {
    let world = World::demo();
    let program = Visitor::of(&world);
    assert_eq!(program.get(ALL).status, Status::Ok);
    let broken = rusqlite::Connection::open(world.file()).expect("the database");
    broken.execute_batch("ALTER TABLE occurrences RENAME TO lost; ALTER TABLE revisions RENAME TO lost_too;").expect("it breaks");
    // Also what is kept is not given out as if nothing had happened.
    for path in [ALL, "/feeds/all.json", "/feeds/roles/mayor.ics"] {
        let answer = program.get(path);
        assert_eq!((answer.status, answer.header("Retry-After")), (Status::ServiceUnavailable, "60"), "{path}");
        assert!(!answer.text().contains("BEGIN:VCALENDAR"), "{path}");
    }
}

#[test]
fn p09_feeds_need_no_cookie_and_robots_may_read_them() {
    let world = World::demo();
    let program = Visitor::of(&world);
    assert_eq!(program.get(ALL).header("Set-Cookie"), "");
    let robots = program.get("/robots.txt").text();
    assert!(robots.contains("Disallow: /desk") && !robots.contains("/feeds"), "{robots}");
}

#[test]
fn p10_a_feed_covers_a_window_and_not_all_time() {
    let world = World::demo();
    let program = Visitor::of(&world);
    let (window, all) = (program.get("/feeds/all.ics"), program.get(ALL));
    let count = |text: &str| text.matches("BEGIN:VEVENT").count();
    assert!(count(&window.text()) > 0 && count(&window.text()) < count(&all.text()));
    assert!(window.body.len() < 1_000_000 && count(&window.text()) < 1_000);
}

#[test]
fn p13_p22_p24_names_are_unique_lines_are_short_and_no_time_needs_the_calendars_zone() {
    let world = World::demo();
    let text = Visitor::of(&world).get(ALL).text();
    assert!(text.split("\r\n").all(|line| line.len() <= 75) && text.ends_with("END:VCALENDAR\r\n"));
    let unfolded = text.replace("\r\n ", "");
    let uids: Vec<&str> = unfolded.split("\r\n").filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(uids.iter().collect::<HashSet<_>>().len(), uids.len());
    assert_eq!(unfolded.matches("\r\nX-WR-TIMEZONE:").count(), 1);
    let floats = |line: &&str| line.starts_with("DTSTART:") && !line.ends_with('Z');
    let events = unfolded.split_once("BEGIN:VEVENT").expect("events").1;
    assert_eq!(events.split("\r\n").find(floats), None);
}
