//! Partners' calendars are taken in: as they are, twice like once, and never half.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use convene::app::import::{Options, Report, take_in};
use convene::app::seed::CALENDARS;
use convene::app::settle::{Act, settle};
use convene::app::view::event as look_at;
use convene::app::{Actor, Error};
use convene::domain::{Days, Event, EventStatus, Mode, Partner, When};
use convene::ical::{Defaults, read};
use convene::json::Draft;

use crate::support::World;
use crate::support::cast::ada;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/calendars/convenings");

type Row = BTreeMap<String, String>;

#[test]
fn every_event_of_the_feeds_is_stored_as_the_table_has_it() {
    let world = World::demo();
    let stored = by_local_part(&world);
    let rows = table();
    assert_eq!((rows.len(), stored.len()), (87, 87));
    let wrong: Vec<String> = rows.iter().filter_map(|row| differs(&stored[&row["id"]], row)).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_table_gives_the_same_events_as_the_feeds() {
    let world = with_partners();
    let report = world.import(None, &bytes("partner-events.csv"));
    assert_eq!((report.new.len(), report.changed.len(), report.refused()), (87, 0, 0), "{:?}", report.notes);
    let told: Vec<&str> = report.notes.iter().map(|note| note.text.as_str()).collect();
    assert_eq!(told, ["These columns are not known and were passed over: “attendance_reported”, “related_to”."]);
    let stored = by_local_part(&world);
    let wrong: Vec<String> = table().iter().filter_map(|row| differs(&stored[&row["id"]], row)).collect();
    assert_eq!(wrong, Vec::<String>::new());
    world.ignore_letters();
}

#[test]
fn a_spreadsheet_as_people_keep_it_is_read_whole() {
    let world = with_partners();
    let table = "Event Name;Start Date;End Date;City;State;Format;Audience\r\n\
         Budget lab;3/15/2027;3/16/2027;Denver;CO;In person;Chiefs of Staff\r\n\
         Online hour;March 18, 2027 2:00 PM;March 18, 2027 3:30 PM;;;virtual;equity staff, Mayors\r\n";
    let report = world.import_as("nlc", "ours.csv", table.as_bytes());
    assert_eq!((report.new.len(), report.refused()), (2, 0), "{:?}", report.notes);
    let together = "Title,When,Where,Who\r\nSpring forum,\"May 3-5, 2027\",\"Denver, CO\",mayors\r\n";
    let report = world.import_as("nlc", "theirs.csv", together.as_bytes());
    assert_eq!((report.new.len(), report.refused()), (1, 0), "{:?}", report.notes);
    let told = |title: &str| {
        let details = world.event(title).details;
        let roles: Vec<String> = details.roles.iter().map(ToString::to_string).collect();
        (details.mode, roles, details.when.days())
    };
    let days = |first: &str, last: &str| Days::new(first.parse().expect("a day"), last.parse().expect("a day"));
    assert_eq!(told("Budget lab"), (Mode::InPerson, vec!["chief_of_staff".to_owned()], days("2027-03-15", "2027-03-16")));
    let both = vec!["equity_staff".to_owned(), "mayor".to_owned()];
    assert_eq!(told("Online hour"), (Mode::Virtual, both, days("2027-03-18", "2027-03-18")));
    assert_eq!(told("Spring forum"), (Mode::InPerson, vec!["mayor".to_owned()], days("2027-05-03", "2027-05-05")));
    world.ignore_letters();
}

#[test]
fn what_would_be_compared_without_measure_is_taken_in_up_to_a_bound_and_told() {
    let event = |number: usize, more: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{number}@example.org\r\nSUMMARY:Number {number}\r\nDTSTART;TZID=America/Chicago:20270412T090000\r\n\
             DURATION:PT1H\r\n{more}END:VEVENT\r\n"
        )
    };
    let calendar = |events: String| format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n");
    let told = |report: &Report| -> Vec<(u64, String)> {
        report.notes.iter().filter(|note| note.refused).map(|note| (note.line, note.text.clone())).collect()
    };

    let world = with_partners();
    let series = ["DAILY", "HOURLY", "WEEKLY;BYDAY=MO,WE,FR", "DAILY;COUNT=20"].map(|rule| format!("RRULE:FREQ={rule}\r\n"));
    let all = series.iter().enumerate().map(|(number, rule)| event(number, rule)).collect();
    let report = world.import_as("nlc", "often.ics", calendar(all).as_bytes());
    let often = "It happens more than 160 times in its first year; only its first date is taken.";
    assert_eq!(told(&report), [(3, often.to_owned()), (10, often.to_owned())]);
    let dates = |number: usize| world.app.store.read(|reader| reader.entry(world.event(&format!("Number {number}")).id));
    let counts = [0, 1, 2, 3].map(|number| dates(number).expect("an entry").occurrences.len());
    assert_eq!((counts[0], counts[1], counts[3]), (1, 1, 20));
    assert!((400..600).contains(&counts[2]), "thrice a week for three years and a quarter: {counts:?}");
    world.ignore_letters();

    let world = with_partners();
    let report = world.import_as("nlc", "sessions.ics", calendar((0..62).map(|number| event(number, "")).collect()).as_bytes());
    assert_eq!(report.new.len(), 60);
    let on_a_day =
        "60 events of this calendar are on Mon 12 April 2027 already; give a conference as one event, without its sessions";
    assert_eq!(
        told(&report),
        [(363, format!("“Number 60” is not taken in: {on_a_day}")), (369, format!("“Number 61” is not taken in: {on_a_day}"))]
    );
    world.ignore_letters();

    let world = with_partners();
    let old = |number: usize| event(number, "RRULE:FREQ=WEEKLY\r\n").replace("20270412", &format!("19{:02}0101", 10 + number));
    let report = world.import_as("nlc", "old.ics", calendar((0..10).map(old).collect()).as_bytes());
    let refused = told(&report);
    assert_eq!((report.new.len() + report.left_out.len(), refused.len()), (7, 3), "{refused:?}");
    assert!(refused.iter().all(|(_, text)| text.contains("has 40000 dates before it")), "{refused:?}");
    world.ignore_letters();
}

#[test]
fn a_summit_has_the_days_that_its_city_saw() {
    let world = World::demo();
    let when = |title| {
        let event = world.event(title);
        (event.details.when, event.details.zone)
    };
    let day = |text: &str| text.parse().expect("a day");
    assert_eq!(
        when("NLC City Summit 2022"),
        (When::Days { first: day("2022-11-17"), last: Some(day("2022-11-19")) }, chrono_tz::America::Chicago)
    );
    assert_eq!(when("NLC City Summit 2024"), (When::Days { first: day("2024-11-13"), last: None }, chrono_tz::America::New_York));
}

#[test]
fn a_second_reading_finds_nothing_new_and_nothing_changed() {
    let world = World::demo();
    let before = (world.events(), world.feed("past=P9Y"));
    for (slug, calendar) in CALENDARS {
        let report = world.import_as(slug, &format!("{slug}.ics"), calendar);
        assert_eq!((report.new.len(), report.changed.len(), report.cancelled.len()), (0, 0, 0), "{slug}");
        assert!(report.unchanged > 0, "{slug} has events");
    }
    assert!((world.events(), world.feed("past=P9Y")) == before, "nothing was touched");
}

#[test]
fn the_table_read_after_the_feeds_adds_no_event() {
    let world = World::demo();
    let count = world.events().len();
    let report = world.import(None, &bytes("partner-events.csv"));
    assert_eq!((report.new.len(), report.unchanged + report.changed.len()), (0, 87), "{:?}", report.new);
    assert_eq!(world.events().len(), count);
    let again = world.import(None, &bytes("partner-events.csv"));
    assert_eq!((again.new.len(), again.changed.len(), again.unchanged), (0, 0, 87), "{:?}", again.changed);
    world.ignore_letters();
}

#[test]
fn a_meeting_planned_postponed_and_moved_is_one_event_with_its_history() {
    let world = with_partners();
    let mut sequences = Vec::new();
    for (time, state) in [("2021-12-01", "1-planned"), ("2022-01-11", "2-postponed"), ("2022-02-01", "3-moved")] {
        world.at(&format!("{time}T12:00:00Z"));
        world.import_as("mayors-innovation", "mip.ics", &bytes(&format!("snapshots/mayors-innovation.{state}.ics")));
        sequences.push(world.event(WINTER).sequence);
    }
    assert!(sequences.is_sorted_by(|a, b| a < b), "SEQUENCE rises with each change: {sequences:?}");
    let event = world.event(WINTER);
    let day = |text: &str| text.parse().expect("a day");
    assert_eq!(
        (event.status, event.details.when.days()),
        (EventStatus::Confirmed, Days::new(day("2022-03-16"), day("2022-03-17")))
    );
    let whole = look_at(&world.app, &Actor::Visitor, event.id).expect("it is public");
    let history: Vec<_> = whole.changes.iter().map(|change| (change.at.to_string(), change.what.clone())).collect();
    let step = |at: &str, what: &str| (format!("{at} 12:00:00 UTC"), what.to_owned());
    assert_eq!(history, [step("2021-12-01", "imported"), step("2022-01-11", "cancelled"), step("2022-02-01", "moved")]);
    world.ignore_letters();
}

#[test]
fn what_was_added_here_survives_the_next_reading() {
    let world = with_partners();
    world.import_as("nfbpa", "nfbpa.ics", &bytes("snapshots/nfbpa.1-first-page.ics"));
    let before = world.event("NFBPA FORUM 2026");
    let draft = Draft {
        roles: vec!["chief_equity_officer".to_owned()],
        speakers: vec!["sam-speaker".to_owned()],
        ..Draft::of(&before.details)
    };
    let edit = Act::Edit(Box::new(draft));
    settle(&world.app, &Actor::Operator, before.id, None, &edit, None).expect("it can be edited");
    let report = world.import_as("nfbpa", "nfbpa.ics", &bytes("snapshots/nfbpa.2-second-page.ics"));
    assert_eq!((report.new.len(), report.changed.len()), (0, 1));
    let after = world.event("NFBPA FORUM 2026");
    assert_eq!(after.details.when.days().last.to_string(), "2026-03-12");
    assert_eq!(after.details.roles.iter().map(|role| role.as_str()).collect::<Vec<_>>(), ["chief_equity_officer"]);
    assert_eq!(after.details.speakers.len(), 1);
    world.ignore_letters();
}

#[test]
fn what_is_no_calendar_changes_nothing_and_says_so() {
    let world = with_partners();
    world.import_as("nfbpa", "nfbpa.ics", &bytes("snapshots/nfbpa.1-first-page.ics"));
    let before = world.events();
    let page = b"<!DOCTYPE html><html><head><title>404</title></head><body>Not found</body></html>";
    for (name, text) in
        [("a page", page.as_slice()), ("nothing", b""), ("blanks", b"\r\n\r\n"), ("a picture", b"\x89PNG\r\n\x1a\n\0\0\xff")]
    {
        let error = world.try_import(Some("nfbpa"), "nfbpa.ics", text).expect_err(name);
        let Error::NotPossible(why) = error else { panic!("{name}: {error:?}") };
        assert!(why.to_lowercase().contains("calendar"), "{name}: {why}");
    }
    assert!(world.events() == before, "nothing was touched");
}

#[test]
fn what_is_not_understood_is_listed_with_its_line_and_does_not_stop_the_rest() {
    let world = with_partners();
    let calendar = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n\
        BEGIN:VEVENT\r\nUID:bad@example.org\r\nSUMMARY:Bad day\r\nDTSTART:next tuesday\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:good@example.org\r\nSUMMARY:Good day\r\nDTSTART;VALUE=DATE:20270310\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let report = world.import_as("gare", "gare.ics", calendar.as_bytes());
    assert_eq!(report.new.len(), 1, "{report:?}");
    let refused: Vec<_> = report.notes.iter().filter(|note| note.refused).collect();
    assert_eq!(refused.len(), 1, "{:?}", report.notes);
    assert!((4..=8).contains(&refused[0].line), "{refused:?}");
    assert!(refused[0].text.contains("next tuesday") || refused[0].text.contains("Bad day"), "{refused:?}");
    assert_eq!(world.event("Good day").details.when.days().count(), 1);
}

#[test]
fn a_dry_run_says_the_same_and_stores_nothing() {
    let world = with_partners();
    let options = |dry_run| Options { dry_run, ..options(Some("nlc"), "nlc.ics") };
    let calendar = bytes("nlc.ics");
    let before = std::fs::read(world.file()).expect("the file");
    let would = take_in(&world.app, &Actor::Operator, &calendar, &options(true)).expect("it is a calendar");
    assert_eq!((world.events(), std::fs::read(world.file()).expect("the file") == before), (Vec::new(), true));
    let did = take_in(&world.app, &Actor::Operator, &calendar, &options(false)).expect("it is a calendar");
    assert_eq!(would, did);
    assert!(!did.new.is_empty());
    world.ignore_letters();
}

#[test]
fn nobody_imports_into_another_partners_calendar() {
    let world = with_partners();
    let refused = take_in(&world.app, &ada(), &bytes("nlc.ics"), &options(Some("nlc"), "nlc.ics"));
    assert!(matches!(&refused, Err(Error::Forbidden(why)) if why.contains("nlc")), "{refused:?}");
    // A table names partners row by row, and each of them counts.
    let refused = take_in(&world.app, &ada(), &bytes("partner-events.csv"), &options(None, "partner-events.csv"));
    assert!(matches!(&refused, Err(Error::Forbidden(_))), "{refused:?}");
    assert_eq!(world.events().len(), 0);
}

#[test]
fn a_row_for_a_partner_that_nobody_knows_is_listed_and_does_not_stop_the_rest() {
    let world = with_partners();
    let table = "partner,id,title,start,end,time_zone,mode,roles\n\
        gear,one,One,2027-03-10,2027-03-11,America/Chicago,virtual,mayor\n\
        gare,two,Two,2027-04-10,2027-04-11,America/Chicago,virtual,mayor\n";
    let report = world.import(None, table.as_bytes());
    assert_eq!((report.new.len(), report.refused()), (1, 1), "{report:?}");
    let note = &report.notes[0];
    assert!(note.line == 2 && note.text.contains("“gear”") && note.text.contains("“gare”"), "{note:?}");
    assert_eq!(world.event("Two").details.partner.as_str(), "gare");
    world.ignore_letters();
}

#[test]
fn an_unknown_partner_is_refused_with_the_nearest_and_the_command() {
    let world = with_partners();
    let error = world.try_import(Some("polcylink"), "x.ics", &bytes("policylink.ics")).expect_err("nobody knows it");
    let said = error.to_string();
    assert!(said.contains("“policylink”") && said.contains("convene partners add polcylink --name NAME"), "{said}");
    assert_eq!(world.events().len(), 0);
}

const WINTER: &str = "Mayors Innovation Project Winter 2022 Meeting";

/// How the stored event differs from its row in the table.
fn differs(event: &Event, row: &Row) -> Option<String> {
    let details = &event.details;
    let roles: BTreeSet<&str> = row["roles"].split(';').collect();
    let zone: chrono_tz::Tz = row["time_zone"].parse().unwrap_or(chrono_tz::America::New_York);
    let expected = crate::calendars::convenings::when(&row["start"], &row["end"]);
    let meant = (
        row["title"].as_str(),
        row["partner"].as_str(),
        zone,
        row["mode"].parse::<Mode>().expect("a mode"),
        expected.days(),
        expected.is_open(),
        expected.span(zone),
        roles,
        row["status"] == "cancelled",
        Some(row["city"].as_str()).filter(|city| !city.is_empty()),
    );
    let is = (
        details.title.as_str(),
        details.partner.as_str(),
        details.zone,
        details.mode,
        details.when.days(),
        details.when.is_open(),
        details.when.span(details.zone),
        details.roles.iter().map(|role| role.as_str()).collect(),
        event.status == EventStatus::Cancelled,
        details.venue.as_ref().and_then(|venue| venue.city.as_deref()),
    );
    (is != meant).then(|| format!("{}:\n  is    {is:?}\n  meant {meant:?}", row["id"]))
}

fn table() -> Vec<Row> {
    let mut table = csv::Reader::from_path(Path::new(FOLDER).join("partner-events.csv")).expect("the table");
    table.deserialize().collect::<Result<_, _>>().expect("its rows")
}

fn bytes(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(FOLDER).join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// What was read from a source, by the part of its UID that the table calls `id`.
fn by_local_part(world: &World) -> BTreeMap<String, Event> {
    let read = world.events().into_iter().filter(|event| event.source.is_some());
    read.map(|event| {
        let uid = event.source.as_ref().map(|source| source.uid.clone()).unwrap_or_default();
        (uid.split('@').next().unwrap_or_default().to_owned(), event)
    })
    .collect()
}

/// The cast, and the partners of the real feeds with nothing in their calendars.
fn with_partners() -> World {
    let world = World::new();
    let now = world.app.now();
    for (slug, _) in CALENDARS {
        let partner = Partner { slug: slug.parse().expect("a slug"), name: slug.to_owned(), url: None };
        world.app.store.write::<_, Error>(|writer| Ok(writer.add_partner(&partner, now)?)).expect("a partner");
    }
    world
}

fn options(partner: Option<&str>, calendar: &str) -> Options {
    Options {
        partner: partner.map(|slug| slug.parse().expect("a slug")),
        calendar: calendar.to_owned(),
        zone: chrono_tz::America::New_York,
        dry_run: false,
        doubtful: false,
    }
}

impl World {
    fn try_import(&self, partner: Option<&str>, calendar: &str, bytes: &[u8]) -> Result<Report, Error> {
        take_in(&self.app, &Actor::Operator, bytes, &options(partner, calendar))
    }

    fn import_as(&self, partner: &str, calendar: &str, bytes: &[u8]) -> Report {
        self.try_import(Some(partner), calendar, bytes).unwrap_or_else(|error| panic!("{calendar}: {error}"))
    }

    fn import(&self, partner: Option<&str>, bytes: &[u8]) -> Report {
        self.try_import(partner, "partner-events.csv", bytes).unwrap_or_else(|error| panic!("{error}"))
    }
}

#[test]
fn the_feeds_here_are_those_that_ship() {
    for (slug, shipped) in CALENDARS {
        assert!(shipped == bytes(&format!("{slug}.ics")).as_slice(), "{slug}");
        assert!(read(shipped, &Defaults { zone: chrono_tz::UTC }).is_ok(), "{slug}");
    }
}

/// One line of a table about a meeting: its title and its first day.
fn meeting(title: &str, day: &str) -> String {
    format!("id,title,start,end,roles,mode\nx,{title},{day},2027-10-07,mayor,virtual\n")
}

#[test]
fn what_was_changed_here_stays_and_the_rest_of_the_row_comes_in() {
    let world = World::new();
    world.ignore_letters();
    world.at("2027-01-04T12:00:00Z");
    let import = |text: &str| world.import_as("harbor", "table.csv", text.as_bytes());
    let event = || world.events().remove(0);
    let shown = || (event().details.title, event().details.when.days().first.to_string());
    import(&meeting("Lake meeting", "2027-10-06"));
    let draft = Draft { title: "Our lake meeting".into(), ..Draft::of(&event().details) };
    settle(&world.app, &Actor::Operator, event().id, None, &Act::Edit(Box::new(draft)), None).expect("it is edited");

    // It only says again what was overruled: nothing to ask.
    let same = import(&meeting("Lake meeting", "2027-10-06"));
    assert_eq!((same.unchanged, same.left_out), (1, vec![]));
    // Another title, other days: the days are taken, the title is left to somebody.
    let both = import(&meeting("Lake gathering", "2027-10-05"));
    assert_eq!((both.changed.len(), both.left_out.len()), (1, 1));
    let left: Vec<_> = both.left_out[0].differences.iter().map(|one| (one.field, one.old.as_str(), one.new.as_str())).collect();
    assert_eq!(left, [("Title", "Our lake meeting", "Lake gathering")]);
    assert_eq!(shown(), ("Our lake meeting".to_owned(), "2027-10-05".to_owned()));
    // Read again it changes nothing, and the title can still be taken.
    let before = event();
    let again = import(&meeting("Lake gathering", "2027-10-05"));
    assert_eq!((again.unchanged, again.changed.len(), again.left_out.len()), (1, 0, 1));
    assert_eq!(event(), before, "not even its revision");
    let all = Options { doubtful: true, ..options(Some("harbor"), "table.csv") };
    let taken =
        take_in(&world.app, &Actor::Operator, meeting("Lake gathering", "2027-10-05").as_bytes(), &all).expect("it is read");
    assert_eq!((taken.changed.len(), taken.left_out.len()), (1, 0));
    assert_eq!(shown(), ("Lake gathering".to_owned(), "2027-10-05".to_owned()));
    assert_eq!(import(&meeting("Lake gathering", "2027-10-05")).unchanged, 1);
}

#[test]
fn the_second_of_two_rows_of_one_title_and_day_is_left_out_and_a_morning_and_an_afternoon_are_two() {
    let world = World::new();
    world.ignore_letters();
    world.at("2027-01-04T12:00:00Z");
    let table = "id,title,start,end\n\
        a,Summit week,2027-06-01,2027-06-02\n\
        b,Summit week,2027-06-01,2027-06-03\n\
        c,Office hours,2027-06-01T09:00,2027-06-01T10:00\n\
        d,Office hours,2027-06-01T14:00,2027-06-01T15:00\n";
    for new in [3, 0] {
        let report = world.import_as("harbor", "table.csv", table.as_bytes());
        let left_out: Vec<_> = report.left_out.iter().map(|row| (row.line, row.doubts.join("; "))).collect();
        assert_eq!((report.new.len(), left_out), (new, vec![(3, "line 2 has the same title and day".to_owned())]));
    }
}

#[test]
fn a_year_too_far_and_a_move_to_another_year_are_doubtful_and_a_postponement_is_not() {
    let world = World::new();
    world.ignore_letters();
    world.at("2027-01-04T12:00:00Z");
    let import = |start: &str, end: &str| {
        let text = format!("id,title,start,end\nx,Lake meeting,{start},{end}\n");
        let report = world.import_as("harbor", "table.csv", text.as_bytes());
        (report.new.len() + report.changed.len(), report.left_out.into_iter().flat_map(|row| row.doubts).collect::<Vec<_>>())
    };
    assert_eq!(import("2047-06-01", "2047-06-02"), (0, vec!["its dates are in 2047; is the year right?".to_owned()]));
    assert_eq!(import("2027-06-01", "2027-06-02"), (1, vec![]));
    assert_eq!(import("2027-11-01", "2027-11-02"), (1, vec![]), "put off by five months");
    let far = "it would move by 366 days, from Mon 1 – Tue 2 November 2027 to Wed 1 – Thu 2 November 2028; is it another one?";
    assert_eq!(import("2028-11-01", "2028-11-02"), (0, vec![far.to_owned()]));
}
