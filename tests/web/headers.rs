//! What every answer says besides its body: to caches, to browsers, and to whoever has the bytes already.

use rocket::http::{Method, Status};

use crate::support::World;
use crate::support::visitor::{Answer, Visitor};

/// What a 304 has to say again (RFC 9110 section 15.4.5), and the date that programs without tags ask by.
const SAID_AGAIN: [&str; 4] = ["ETag", "Cache-Control", "Vary", "Last-Modified"];
/// What only bytes have.
const OF_BYTES: [&str; 4] = ["Content-Type", "Content-Encoding", "Content-Disposition", "Transfer-Encoding"];

fn said<const N: usize>(answer: &Answer, names: [&str; N]) -> [String; N] {
    names.map(|name| answer.header(name).to_owned())
}

#[test]
fn a_304_repeats_what_the_200_said_of_keeping_it_and_has_no_body() {
    let world = World::demo();
    let program = Visitor::of(&world);
    let mut dated = 0;
    for path in ["/feeds/all.ics", "/feeds/all.json", "/feeds/roles/mayor.csv", "/feeds/partners/nlc.atom?past=P9Y", "/embed"] {
        for takes in ["identity", "gzip"] {
            let takes = ("Accept-Encoding", takes);
            let first = program.ask(Method::Get, path, &[takes], "");
            assert_eq!(first.status, Status::Ok, "{path}");
            let [tag, cache, vary, changed] = said(&first, SAID_AGAIN);
            assert!(tag.starts_with('"') && cache.contains("max-age=") && vary == "Accept-Encoding", "{path}: {first:?}");
            let mut polls = vec![("If-None-Match", tag.as_str())];
            polls.extend((!changed.is_empty()).then_some(("If-Modified-Since", changed.as_str())));
            dated += polls.len() - 1;
            for poll in polls {
                let again = program.ask(Method::Get, path, &[takes, poll], "");
                assert_eq!((again.status, again.body.len()), (Status::NotModified, 0), "{path} {poll:?}");
                assert_eq!(said(&again, SAID_AGAIN), said(&first, SAID_AGAIN), "{path} {poll:?}");
                assert_eq!(said(&again, OF_BYTES), [""; 4], "{path} {poll:?}");
            }
        }
    }
    assert!(dated >= 8, "feeds say when they changed");
}

#[test]
fn the_date_of_a_feed_is_written_as_http_has_it() {
    let world = World::demo();
    let date = Visitor::of(&world).get("/feeds/all.ics").header("Last-Modified").to_owned();
    let read = chrono::NaiveDateTime::parse_from_str(&date, "%a, %d %b %Y %H:%M:%S GMT").expect("a date of HTTP");
    assert_eq!(read.format("%a, %d %b %Y %H:%M:%S GMT").to_string(), date);
}

#[test]
fn what_browsers_are_told_about_safety_fits_what_is_answered() {
    let world = World::demo();
    let anybody = Visitor::of(&world);
    let told = |path: &str| said(&anybody.get(path), ["X-Frame-Options", "Access-Control-Allow-Origin"]);
    for data in ["/feeds/all.ics", "/feeds/all.json", "/feeds/none.ics", "/api/v1/events", "/api/v1/nothing"] {
        assert_eq!(told(data), ["SAMEORIGIN", "*"], "{data}: anybody's program may read it");
    }
    for page in ["/", "/feeds", "/feeds/all", "/subscribe", "/sign-in", "/nothing", "/embedded", "/robots.txt"] {
        assert_eq!(told(page), ["SAMEORIGIN", ""], "{page}");
        let policy = anybody.get(page).header("Content-Security-Policy").to_owned();
        assert!(policy.starts_with("default-src 'none';") && policy.ends_with("frame-ancestors 'none'"), "{page}: {policy}");
    }
    assert_eq!(told("/embed"), ["", ""], "partners frame it, and no other script reads it");
    let policy = anybody.get("/embed").header("Content-Security-Policy").to_owned();
    assert!(policy.starts_with("default-src 'none';") && policy.ends_with("frame-ancestors *"), "{policy}");
    for path in ["/", "/embed", "/feeds/all.ics", "/api/v1/events", "/nothing"] {
        let safe = said(&anybody.get(path), ["X-Content-Type-Options", "Referrer-Policy", "Permissions-Policy"]);
        assert_eq!(safe, ["nosniff", "same-origin", "interest-cohort=()"], "{path}");
    }
}

#[test]
fn whatever_filters_are_asked_for_what_is_kept_stays_small() {
    const MOST_FEEDS: u64 = 64;
    let world = World::demo();
    let anybody = Visitor::of(&world);
    let kept = || anybody.get("/api/v1/health/ready").json()["feeds"]["bytes_kept"].as_u64().expect("a number");
    let mut largest = 0;
    let mut ask = |days: std::ops::Range<u32>| {
        for day in days {
            let path = format!("/feeds/all.json?past=P{day}D&modes=virtual");
            let answer = anybody.ask(Method::Get, &path, &[("Accept-Encoding", "gzip")], "");
            assert_eq!(answer.status, Status::Ok, "{path}");
            let plain = anybody.get(&path).body.len() as u64;
            largest = largest.max(plain + answer.body.len() as u64);
        }
        (kept(), largest)
    };
    let (after_few, _) = ask(1..20);
    let (after_many, largest) = ask(20..300);
    assert!(after_few > 0, "what was just made is kept");
    assert!(after_many <= MOST_FEEDS * largest, "{after_many} bytes are kept of feeds of {largest}");
    assert!(after_many < (300 - MOST_FEEDS) * largest / 2, "not all of them are");
}
