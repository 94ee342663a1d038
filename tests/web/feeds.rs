//! `/feeds/…` as calendar programs ask for them.

use std::io::Read as _;

use rocket::http::{Method, Status};

use crate::support::World;
use crate::support::visitor::Visitor;

const ALL: &str = "/feeds/all.ics?past=P9Y";

#[test]
fn h3_a_program_that_has_the_bytes_gets_an_empty_304() {
    let world = World::demo();
    let program = Visitor::of(&world);
    let first = program.get(ALL);
    let tag = first.header("ETag").to_owned();
    assert_eq!((first.status, tag.len()), (Status::Ok, 34));
    let weak = format!("W/{tag}");
    let list = format!("\"other\", {tag}");
    for known in [tag.as_str(), &weak, &list, "*"] {
        let again = program.ask(Method::Get, ALL, &[("If-None-Match", known)], "");
        assert_eq!((again.status, again.body.len(), again.header("ETag")), (Status::NotModified, 0, tag.as_str()), "{known}");
    }
    let since = first.header("Last-Modified").to_owned();
    assert_eq!(program.ask(Method::Get, ALL, &[("If-Modified-Since", &since)], "").status, Status::NotModified);
    // The tag is heard first: other bytes are sent whatever the date says.
    let both = [("If-None-Match", "\"other\""), ("If-Modified-Since", since.as_str())];
    assert_eq!(program.ask(Method::Get, ALL, &both, "").status, Status::Ok);
    assert_eq!(program.ask(Method::Get, ALL, &[("If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT")], "").status, Status::Ok);
}

#[test]
fn h1_h2_h5_h6_the_answer_is_a_calendar_whatever_the_program_says_of_itself() {
    let world = World::demo();
    let program = Visitor::of(&world);
    let plain = program.get(ALL);
    assert_eq!(plain.header("Content-Type"), "text/calendar; charset=utf-8");
    assert_eq!(plain.header("Content-Encoding"), "");
    assert!(plain.header("Set-Cookie").is_empty());
    for accept in ["*/*", "text/calendar, */*;q=0.9", "application/json"] {
        assert_eq!(program.ask(Method::Get, ALL, &[("Accept", accept)], "").body, plain.body, "{accept}");
    }
    let head = program.ask(Method::Head, ALL, &[], "");
    assert_eq!((head.status, head.body.len(), head.header("ETag")), (Status::Ok, 0, plain.header("ETag")));
}

#[test]
fn a_feed_is_the_same_and_as_long_as_it_says_in_bites_of_any_size() {
    let world = World::demo();
    let program = Visitor::of(&world);
    for packed in [false, true] {
        let (whole, _) = program.bites(ALL, packed, 1 << 20);
        assert_eq!(whole.starts_with(b"BEGIN:VCALENDAR\r\n"), !packed);
        for bite in [1, 7, 1_000, 4_096] {
            let (bites, told) = program.bites(ALL, packed, bite);
            assert!(bites == whole && told == whole.len(), "packed {packed}, {bite} at a time: {} of {told}", bites.len());
        }
    }
}

#[test]
fn a_program_that_takes_gzip_gets_the_same_bytes_packed_under_another_tag() {
    let world = World::demo();
    let program = Visitor::of(&world);
    let plain = program.get(ALL);
    let packed = program.ask(Method::Get, ALL, &[("Accept-Encoding", "gzip, br")], "");
    assert_eq!((packed.header("Content-Encoding"), packed.header("Vary")), ("gzip", "Accept-Encoding"));
    let mut open = Vec::new();
    flate2::read::GzDecoder::new(packed.body.as_slice()).read_to_end(&mut open).expect("gzip");
    assert_eq!(open, plain.body);
    assert_ne!(packed.header("ETag"), plain.header("ETag"));
    let tag = packed.header("ETag").to_owned();
    let again = program.ask(Method::Get, ALL, &[("Accept-Encoding", "gzip"), ("If-None-Match", &tag)], "");
    assert_eq!(again.status, Status::NotModified);
    assert_eq!(program.ask(Method::Get, ALL, &[("Accept-Encoding", "gzip;q=0")], "").header("Content-Encoding"), "");
}

#[test]
fn an_unknown_filter_or_value_is_refused_with_the_known_ones() {
    let world = World::demo();
    let program = Visitor::of(&world);
    for (query, named) in [
        ("roles=king", "mayor"),
        ("partner=nlc", "partners"),
        ("modes=by_post", "in_person"),
        ("past=9", "P1Y"),
        ("cohorts=x", "chiefs-of-staff"),
    ] {
        let refused = program.get(&format!("/feeds/all.ics?{query}"));
        assert_eq!(refused.status, Status::BadRequest, "{query}");
        assert!(refused.text().contains(named), "{query}: {}", refused.text());
    }
    for gone in ["/feeds/none.ics", "/feeds/all.pdf", "/feeds/roles/king.ics", "/feeds/partners/.ics", "/feeds/teams/x.ics"] {
        assert_eq!(program.get(gone).status, Status::NotFound, "{gone}");
    }
}

#[test]
fn short_addresses_give_the_same_events_as_their_filters() {
    let world = World::demo();
    let program = Visitor::of(&world);
    for (short, long) in [
        ("/feeds/roles/mayor.json?past=P9Y", "/feeds/all.json?past=P9Y&roles=mayor"),
        ("/feeds/partners/nlc.csv?past=P9Y", "/feeds/all.csv?past=P9Y&partners=nlc"),
    ] {
        let (one, other) = (program.get(short), program.get(long));
        assert_eq!(one.status, Status::Ok);
        assert_eq!(one.body, other.body, "{short}");
        assert!(one.body.len() > 300, "{short} has something in it");
    }
}

#[test]
fn values_of_one_name_are_or_and_names_are_and() {
    let world = World::demo();
    let program = Visitor::of(&world);
    let count = |query: &str| program.get(&format!("/feeds/all.json?past=P9Y&{query}")).json().as_array().expect("a list").len();
    let (nlc, naco) = (count("partners=nlc"), count("partners=naco"));
    assert!(nlc > 0 && naco > 0);
    assert_eq!(count("partners=nlc,naco"), nlc + naco);
    assert_eq!(count("partners=nlc&partners=naco"), nlc + naco);
    assert_eq!(count("partners=nlc&modes=virtual") + count("partners=nlc&modes=in_person,hybrid"), nlc);
}
