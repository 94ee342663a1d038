//! The combined feed: the same facts are the same bytes, and nothing disappears.

use std::sync::Arc;

use convene::app::propose::propose;
use convene::app::publish::{Form, feed};
use convene::app::select::{NAMES, Selection};
use convene::app::settle::{Act, settle};
use convene::app::{App, Error};
use convene::domain::EventStatus;

use crate::support::World;
use crate::support::cast::{ada, in_the_oak_room, session};
use crate::support::world::feed_of;

#[test]
fn two_processes_and_a_restart_give_the_same_bytes() {
    let world = World::demo();
    for filters in ["", "past=P9Y", "roles=equity_staff&past=P9Y", "partners=nlc,race-forward&modes=in_person,hybrid&past=P9Y"] {
        let first = world.feed(filters);
        assert_eq!(feed_of(&world.another(), filters).expect("a feed"), first, "{filters}");
        assert_eq!(world.feed(filters), first, "{filters}");
    }
    assert!(world.feed("past=P9Y").matches("BEGIN:VEVENT").count() > 87);
}

#[test]
fn the_same_facts_have_the_same_tag_and_another_fact_has_another() {
    let world = World::demo();
    let tag = |app: &App| feed(app, &Selection::default(), "Convenings", Form::Ics).expect("a feed").body.etag.clone();
    let before = tag(&world.app);
    assert_eq!(tag(&world.another()), before);
    propose(&world.app, &organizer(&world), &gare("Not public"), EventStatus::Proposed).expect("it is stored");
    assert_eq!(tag(&world.app), before, "a proposal changes no public feed");
    propose(&world.app, &organizer(&world), &gare("Public"), EventStatus::Confirmed).expect("it is stored");
    assert_ne!(tag(&world.app), before);
    assert_eq!(tag(&world.another()), tag(&world.app));
    world.ignore_letters();
}

#[test]
fn every_form_is_the_same_from_another_process() {
    let world = World::demo();
    let other = world.another();
    for form in [Form::Ics, Form::Json, Form::Csv, Form::Atom] {
        let make = |app: &App| {
            let made = feed(app, &Selection::default(), "Convenings", form).expect("a feed");
            (made.body.pieces().collect::<Vec<_>>().concat(), made.body.etag.clone(), made.last_modified)
        };
        let (one, two) = (make(&world.app), make(&other));
        assert!(!one.0.is_empty() && one == two, "{form:?}");
    }
}

#[test]
fn an_unknown_filter_or_value_is_refused_with_the_known_ones() {
    let world = World::demo();
    let refused = |filters: &str| match feed_of(&world.app, filters) {
        Err(Error::Invalid(mistakes)) => mistakes.into_iter().map(|mistake| (mistake.field, mistake.message)).collect::<Vec<_>>(),
        other => panic!("{filters}: {other:?}"),
    };
    for (filters, known) in [
        ("roles=mayer", "mayor"),
        ("partners=nlc,naked", "naco"),
        ("modes=online", "virtual"),
        ("cohorts=chief", "chief-equity-officers"),
        ("stages=normalise", "normalize"),
    ] {
        let mistakes = refused(filters);
        assert_eq!(mistakes.len(), 1, "{filters}: {mistakes:?}");
        assert_eq!(mistakes[0].0, filters.split('=').next().unwrap_or_default());
        assert!(mistakes[0].1.contains(known), "{filters}: {mistakes:?}");
    }
    let unknown = refused("rolls=mayor");
    assert!(NAMES.iter().all(|name| unknown[0].1.contains(name)), "{unknown:?}");
    refused("past=forever");
    refused("past=P900Y");
    refused("anchor=nlc-city-summit-2022");
    assert_eq!(refused("roles=mayer&modes=online").len(), 2, "all mistakes at once");
}

#[test]
fn values_of_one_name_are_or_and_names_are_and() {
    let world = World::demo();
    let count = |filters: &str| world.feed(&format!("{filters}&past=P9Y")).matches("BEGIN:VEVENT").count();
    let (nlc, naco) = (count("partners=nlc"), count("partners=naco"));
    assert!(nlc > 0 && naco > 0);
    assert_eq!(count("partners=nlc,naco"), nlc + naco);
    assert_eq!(count("partners=nlc&partners=naco"), nlc + naco);
    let split: usize = ["in_person", "virtual", "hybrid"].iter().map(|mode| count(&format!("partners=nlc&modes={mode}"))).sum();
    assert_eq!(split, nlc);
    // A wider role takes in the narrower one, and what is for all of the wider one is for the narrower one too.
    assert!(count("roles=elected_official") >= count("roles=mayor"));
    assert!(world.feed("roles=council_member&past=P9Y").contains("NLC City Summit 2022"));
}

#[test]
fn a_cancelled_event_stays_with_its_status_and_a_higher_sequence() {
    let world = World::new();
    let event = propose(&world.app, &ada(), &session("Budgeting for equity", "2027-03-10"), EventStatus::Confirmed)
        .expect("stored")
        .event;
    let before = component(&world.feed(""));
    world.at("2026-11-24T09:00:00Z");
    settle(&world.app, &ada(), event.id, None, &Act::Cancel, None).expect("it is called off");
    let after = component(&world.feed(""));
    assert_eq!((property(&before, "STATUS"), property(&after, "STATUS")), ("CONFIRMED".to_owned(), "CANCELLED".to_owned()));
    assert_eq!((property(&before, "SEQUENCE"), property(&after, "SEQUENCE")), ("0".to_owned(), "1".to_owned()));
    assert_eq!(property(&before, "UID"), property(&after, "UID"));
    assert_eq!(property(&after, "LAST-MODIFIED"), "20261124T090000Z");
    assert_eq!(property(&after, "DTSTAMP"), "20261124T090000Z");
    assert_eq!(property(&after, "DTSTART;TZID=America/New_York"), "20270310T140000");
}

#[test]
fn a_moved_event_keeps_its_name_and_an_edit_that_nobody_sees_keeps_its_sequence() {
    let world = World::new();
    let event = propose(&world.app, &ada(), &session("Budgeting", "2027-03-10"), EventStatus::Confirmed).expect("stored").event;
    let first = component(&world.feed(""));
    let draft = convene::json::Draft { expected: Some(40), ..convene::json::Draft::of(&event.details) };
    settle(&world.app, &ada(), event.id, None, &Act::Edit(Box::new(draft)), None).expect("it is edited");
    assert_eq!(property(&component(&world.feed("")), "SEQUENCE"), "0");
    let away = Act::Move { start: "2027-03-17T14:00".to_owned(), end: Some("2027-03-17T15:30".to_owned()) };
    settle(&world.app, &ada(), event.id, None, &away, None).expect("it moves");
    let moved = component(&world.feed(""));
    assert_eq!(property(&moved, "UID"), property(&first, "UID"));
    assert_eq!(
        (property(&moved, "SEQUENCE"), property(&moved, "DTSTART;TZID=America/New_York")),
        ("1".to_owned(), "20270317T140000".to_owned())
    );
}

#[test]
fn every_zone_that_is_used_is_described_and_no_line_is_too_long() {
    let world = World::demo();
    propose(&world.app, &organizer(&world), &gare(&"Åbenhed for alle 🙂 ".repeat(9)), EventStatus::Confirmed).expect("stored");
    let feed = world.feed("past=P9Y");
    let used: std::collections::BTreeSet<&str> =
        feed.split(";TZID=").skip(1).filter_map(|rest| rest.split([':', ';']).next()).collect();
    assert!(used.len() > 2, "{used:?}");
    for zone in used {
        assert!(feed.contains(&format!("BEGIN:VTIMEZONE\r\nTZID:{zone}\r\n")), "{zone}");
    }
    assert_eq!(feed.split("\r\n").filter(|line| line.len() > 75).collect::<Vec<_>>(), Vec::<&str>::new());
    assert_eq!(feed.matches('\n').count(), feed.matches("\r\n").count());
    world.ignore_letters();
}

#[test]
fn whatever_filters_are_asked_for_few_feeds_are_kept() {
    let world = World::demo();
    let made: Vec<_> = (1..=200)
        .map(|days| {
            let pairs = [("past", format!("P{days}D"))];
            let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
            let selection = world.app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[])).expect("a selection");
            feed(&world.app, &selection, "Convenings", Form::Ics).expect("a feed")
        })
        .collect();
    // A feed that is still kept is held twice: by the service and by us.
    let kept = made.iter().filter(|one| Arc::strong_count(one) > 1).count();
    assert!((1..=64).contains(&kept), "{kept} feeds are kept");
}

#[test]
fn text_cannot_break_out_of_its_place() {
    let world = World::new();
    let nasty = "Lunch\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT; a, b \\ c";
    let draft = convene::json::Draft {
        title: nasty.to_owned(),
        description: format!("{nasty}\u{0}\u{8}\r\rBEGIN:VALARM"),
        ..in_the_oak_room("", "2027-03-10")
    };
    propose(&world.app, &crate::support::cast::ben(), &draft, EventStatus::Confirmed).expect("it is stored");
    let feed = world.feed("");
    let starts = |name: &str| feed.split("\r\n").filter(|line| line.starts_with(name)).count();
    assert_eq!(
        (starts("BEGIN:VEVENT"), starts("END:VEVENT"), starts("ATTENDEE"), starts("BEGIN:VALARM")),
        (1, 1, 0, 0),
        "{feed}"
    );
    assert!(!feed.contains('\u{0}') && !feed.contains('\u{8}'));
}

/// The one event of a feed, unfolded.
fn component(feed: &str) -> String {
    assert_eq!(feed.matches("BEGIN:VEVENT").count(), 1, "{feed}");
    let unfolded = feed.replace("\r\n ", "");
    let inside = unfolded.split("BEGIN:VEVENT\r\n").nth(1).and_then(|rest| rest.split("END:VEVENT").next());
    inside.expect("an event").to_owned()
}

fn property(component: &str, name: &str) -> String {
    let line = component.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_else(|| panic!("no {name} in:\n{component}")).to_owned()
}

fn organizer(world: &World) -> convene::app::Actor {
    let user = convene::app::sign_in::user(&world.app, convene::app::seed::ORGANIZER).expect("a read").expect("she is there");
    convene::app::Actor::User(user)
}

fn gare(title: &str) -> convene::json::Draft {
    session(title, "2027-03-10")
}
