//! Feeds that are kept: a change exchanges the entries that it is about, and leaves every other feed as it is.

use std::sync::Arc;

use convene::app::import::{Options, take_in};
use convene::app::propose::propose;
use convene::app::publish::{Feed, Form, Work, feed, work};
use convene::app::select::Selection;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, App, Error};
use convene::domain::EventStatus;

use crate::support::World;
use crate::support::cast::{ada, ben, in_the_oak_room, session};

const FORMS: [Form; 4] = [Form::Ics, Form::Json, Form::Csv, Form::Atom];
const FILTERS: [&str; 5] =
    ["", "past=P20Y", "partners=harbor", "roles=chief_of_staff&modes=in_person", "modes=virtual&partners=prairie,harbor"];

fn made(app: &App, filters: &str, form: Form) -> Arc<Feed> {
    let pairs = filters.split('&').filter_map(|pair| pair.split_once('='));
    let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[])).expect("a selection");
    feed(app, &selection, "Convenings", form).expect("a feed")
}

/// A series of four mornings, read from a calendar; `inside` is added to the file.
fn read_series(app: &App, zone: &str, inside: &str) {
    let file = format!(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:series\r\nSUMMARY:Open house\r\nDTSTART;TZID={zone}:20270415T090000\r\n\
         DTEND;TZID={zone}:20270415T100000\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\nEND:VEVENT\r\n{inside}END:VCALENDAR\r\n"
    );
    let partner = Some("harbor".parse().expect("a slug"));
    let options = Options {
        partner,
        calendar: "harbor.ics".to_owned(),
        zone: chrono_tz::America::New_York,
        dry_run: false,
        doubtful: false,
    };
    take_in(app, &Actor::Operator, file.as_bytes(), &options).expect("it is read");
}

fn put(app: &App, actor: &Actor, draft: &convene::json::Draft) {
    propose(app, actor, draft, EventStatus::Confirmed).expect("it is stored");
}

/// What it is, and doing it.
type Happening<'w> = (&'static str, Box<dyn Fn() + 'w>);

/// What may happen to a calendar, one thing after the other.
fn happenings(world: &World) -> Vec<Happening<'_>> {
    let app = &world.app;
    let step = |actor: Actor, title: &'static str, act: Act| {
        let event = world.event(title);
        settle(app, &actor, event.id, None, &act, None).expect("the step is taken");
    };
    let away = |start: &str, end: &str| Act::Move { start: start.to_owned(), end: Some(end.to_owned()) };
    vec![
        ("a first event", Box::new(|| put(app, &ada(), &session("Budgets", "2027-03-10")))),
        ("one of another partner", Box::new(|| put(app, &ben(), &in_the_oak_room("Chiefs", "2027-03-11")))),
        ("one before it", Box::new(|| put(app, &ada(), &in_the_oak_room("Early", "2026-12-01")))),
        ("a series", Box::new(|| read_series(app, "America/Denver", ""))),
        (
            "one date of it moved and one called off",
            Box::new(|| {
                read_series(
                    app,
                    "America/Denver",
                    "BEGIN:VEVENT\r\nUID:series\r\nRECURRENCE-ID;TZID=America/Denver:20270422T090000\r\nSUMMARY:Open house\r\n\
                     DTSTART;TZID=America/Denver:20270423T140000\r\nDTEND;TZID=America/Denver:20270423T150000\r\nEND:VEVENT\r\n\
                     BEGIN:VEVENT\r\nUID:series\r\nRECURRENCE-ID;TZID=America/Denver:20270429T090000\r\nSUMMARY:Open house\r\n\
                     DTSTART;TZID=America/Denver:20270429T090000\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\n",
                );
            }),
        ),
        ("a move past its neighbour", Box::new(move || step(ada(), "Budgets", away("2027-05-10T14:00", "2027-05-10T15:30")))),
        ("a move out of the window", Box::new(move || step(ben(), "Chiefs", away("2031-03-11T09:00", "2031-03-11T12:00")))),
        ("and back", Box::new(move || step(ben(), "Chiefs", away("2027-03-12T09:00", "2027-03-12T12:00")))),
        ("online instead", Box::new(move || step(ben(), "Chiefs", Act::GoVirtual { join_url: None }))),
        ("put off", Box::new(move || step(ada(), "Early", Act::Postpone))),
        ("called off", Box::new(move || step(ada(), "Budgets", Act::Cancel))),
        ("a year with other rules of the clock", Box::new(|| put(app, &ada(), &session("Old", "2006-10-30")))),
        ("the series in another zone", Box::new(|| read_series(app, "Africa/Casablanca", ""))),
        (
            "something that is not public",
            Box::new(|| drop(propose(app, &ada(), &session("Plan", "2027-03-10"), EventStatus::Proposed).expect("stored"))),
        ),
    ]
}

#[test]
fn p04_a_kept_feed_brought_up_to_date_is_the_one_that_another_process_makes() {
    let world = World::new();
    world.ignore_letters();
    for (what, happen) in happenings(&world) {
        happen();
        let other = world.another();
        for filters in FILTERS {
            for form in FORMS {
                let (kept, fresh) = (made(&world.app, filters, form), made(&other, filters, form));
                let told = |feed: &Feed| String::from_utf8(feed.body.pieces().collect::<Vec<_>>().concat());
                assert_eq!(told(&kept), told(&fresh), "{what}, {filters}, {form:?}");
                assert_eq!((&kept.body.etag, kept.last_modified), (&fresh.body.etag, fresh.last_modified), "{what}, {filters}");
            }
        }
    }
    let done = work(&world.app);
    assert!(done.exchanged > 20 && done.untouched > 20 && done.bytes_shared > 0, "{done:?}");
}

#[test]
fn a_change_to_one_event_rebuilds_no_feed_that_it_is_not_in() {
    let world = World::new();
    world.ignore_letters();
    for number in 10..30 {
        put(&world.app, &ada(), &session(&format!("Harbor {number}"), &format!("2027-03-{number}")));
        put(&world.app, &ben(), &session(&format!("Prairie {number}"), &format!("2027-04-{number}")));
    }
    let theirs: Vec<Arc<Feed>> = FORMS.iter().map(|form| made(&world.app, "partners=prairie", *form)).collect();
    let ours = made(&world.app, "partners=harbor", Form::Ics);
    let before = work(&world.app);

    let change = Act::Move { start: "2027-03-10T15:00".to_owned(), end: Some("2027-03-10T16:00".to_owned()) };
    settle(&world.app, &ada(), world.event("Harbor 10").id, None, &change, None).expect("it moves");
    for (form, feed) in FORMS.iter().zip(&theirs) {
        let after = made(&world.app, "partners=prairie", *form);
        assert!(Arc::ptr_eq(&after.body, &feed.body), "{form:?}: the very same bytes");
    }
    let untouched = work(&world.app);
    let same = Work { untouched: before.untouched + 4, ..before };
    assert_eq!(untouched, same, "no byte was written or copied");

    let moved = made(&world.app, "partners=harbor", Form::Ics);
    let after = work(&world.app);
    let (written, copied) = (after.bytes_written - before.bytes_written, after.bytes_shared - before.bytes_shared);
    assert_ne!(moved.body.etag, ours.body.etag);
    assert_eq!(written + copied, moved.body.length() as u64);
    // One entry and the lines before the first: not the other nineteen.
    assert!(written < 3_000 && copied > 8 * written, "{written} written, {copied} copied");
}

#[test]
fn what_another_process_stores_is_seen_by_the_next_poll() {
    let world = World::new();
    world.ignore_letters();
    let before = made(&world.app, "", Form::Ics);
    let version = world.app.store.version().expect("a version");
    assert_eq!(world.app.store.version().expect("a version"), version, "nothing was stored");
    put(&world.another(), &ada(), &session("From elsewhere", "2027-03-10"));
    assert_ne!(world.app.store.version().expect("a version"), version);
    assert_ne!(made(&world.app, "", Form::Ics).body.etag, before.body.etag);
}
