//! What several sources say of one convening.

use convene::app::disagree::{choose, sides};
use convene::app::import::{Options, take_in};
use convene::app::settle::{Act, settle};
use convene::app::{Actor, Error};
use convene::domain::conflict::{Kind, Severity};
use convene::domain::wording;
use convene::json::Draft;
use convene::store::Scope;
use rocket::http::{Method, Status};
use serde_json::json;

use super::{found, said, world_at};
use crate::support::World;
use crate::support::cast::{ada, ben};
use crate::support::visitor::Visitor;

const FORUM: &str = "NFBPA FORUM 2026";
const FIRST: &[u8] = include_bytes!("../../calendars/convenings/snapshots/nfbpa.1-first-page.ics");
const SECOND: &[u8] = include_bytes!("../../calendars/convenings/snapshots/nfbpa.2-second-page.ics");

/// Reads that as this file of Harbor's; gives how many were new, changed, unchanged.
fn read(world: &World, calendar: &str, bytes: &[u8]) -> (usize, usize, usize) {
    let options = Options {
        partner: Some("harbor".parse().expect("a partner")),
        calendar: calendar.to_owned(),
        zone: chrono_tz::America::New_York,
        dry_run: false,
        doubtful: false,
    };
    let report = take_in(&world.app, &Actor::Operator, bytes, &options).expect("it is read");
    (report.new.len(), report.changed.len(), report.unchanged)
}

fn on(day: &str) -> World {
    let world = world_at(&format!("{day}T12:00:00Z"));
    world.ignore_letters();
    world
}

fn days(world: &World) -> String {
    let details = world.event(FORUM).details;
    wording::when(details.when, details.zone)
}

fn asked(world: &World) -> Vec<(Severity, String)> {
    said(world, world.event(FORUM).id, Kind::SourceDisagreement)
}

/// The second page with another last day (exclusive, as calendars have it) and another text.
fn second_with(end: &str, description: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(SECOND).replace("DTEND;VALUE=DATE:20260313", &format!("DTEND;VALUE=DATE:{end}"));
    text.replace("SEQUENCE:1", &format!("SEQUENCE:1\r\nX-NOTE:{description}\r\nCOMMENT:{description}")).into_bytes()
}

#[test]
fn story_15_sources_disagree() {
    let world = on("2025-06-01");
    assert_eq!(read(&world, "first-page.ics", FIRST), (1, 0, 0));
    assert_eq!(asked(&world), []);
    world.at("2025-09-01T12:00:00Z");
    assert_eq!(read(&world, "second-page.ics", SECOND), (0, 1, 0));

    // The later one is taken, and the difference is shown, with who says what and how old that is.
    assert_eq!(days(&world), "Sat 7 – Thu 12 March 2026");
    let sentence = "“second-page.ics”, read 1 September 2025, says Sat 7 – Thu 12 March 2026; “first-page.ics”, read 1 June 2025, \
                    says Sat 7 – Wed 11 March 2026. The calendar shows Sat 7 – Thu 12 March 2026 until its organizer says which one is right.";
    assert_eq!(asked(&world), [(Severity::Medium, sentence.to_owned())]);
    let id = world.event(FORUM).id;
    let data = found(&world, id).into_iter().find(|one| one.kind == Kind::SourceDisagreement).expect("it").because.data;
    assert_eq!(data.as_deref(), Some("second-page.ics read 2025-09-01; first-page.ics read 2025-06-01"));
    // Reading either again changes nothing: the one does not take back what the other said.
    assert_eq!(read(&world, "first-page.ics", FIRST), (0, 0, 1));
    assert_eq!(read(&world, "second-page.ics", SECOND), (0, 0, 1));
    assert_eq!(asked(&world).len(), 1);

    // Somebody says which one is right, and what was added here stays.
    let draft = Draft { speakers: vec!["sam-speaker".to_owned()], ..Draft::of(&world.event(FORUM).details) };
    settle(&world.app, &Actor::Operator, id, None, &Act::Edit(Box::new(draft)), None).expect("it is edited");
    let revision = world.event(FORUM).revision;
    let reason = "The hotel has us until Wednesday";
    choose(&world.app, &ada(), id, Some(revision), "first-page.ics", reason).expect("Ada chooses");
    assert_eq!((days(&world), asked(&world)), ("Sat 7 – Wed 11 March 2026".to_owned(), vec![]));
    assert_eq!(world.event(FORUM).details.speakers.len(), 1);
    let kept = sides(&world.app, &ada(), id).expect("what they say");
    assert_eq!((kept.open, kept.choices.len()), (false, 1));
    let choice = &kept.choices[0];
    assert_eq!((choice.chosen.as_str(), choice.by_name.as_str()), ("first-page.ics", "Ada Placeholder"));
    assert_eq!((choice.at, choice.reason.as_str()), (world.app.now(), reason));

    // The other one says the same again: neither undone nor asked again.
    world.at("2025-10-01T12:00:00Z");
    assert_eq!(read(&world, "second-page.ics", SECOND), (0, 0, 1));
    assert_eq!((days(&world), asked(&world)), ("Sat 7 – Wed 11 March 2026".to_owned(), vec![]));
    // It says something new: asked again, and nothing is taken unasked.
    assert_eq!(read(&world, "second-page.ics", &second_with("20260314", "x")), (0, 0, 1));
    assert_eq!(days(&world), "Sat 7 – Wed 11 March 2026");
    let again = asked(&world);
    assert!(again[0].1.contains("“second-page.ics”, read 1 October 2025, says Sat 7 – Fri 13 March 2026"), "{again:?}");
    // It takes that back: what was decided on holds again.
    assert_eq!(read(&world, "second-page.ics", SECOND), (0, 0, 1));
    assert_eq!(asked(&world), []);
}

/// A page that prints the next year's title above this year's dates.
const SUMMITS: &[u8] = b"id,title,start,end\nnext,2025 City Summit,2024-11-20,2024-11-22\nthis,City Summit 2024,2024-11-13,\n";

#[test]
fn story_15_a_title_of_another_year_yields_no_event_unasked() {
    let world = on("2024-06-01");
    let import = |dry_run, doubtful| {
        let partner = Some("harbor".parse().expect("a partner"));
        let options = Options { partner, calendar: "summits.csv".into(), zone: chrono_tz::America::New_York, dry_run, doubtful };
        let report = take_in(&world.app, &Actor::Operator, SUMMITS, &options).expect("it is read");
        let left_out: Vec<_> =
            report.left_out.into_iter().map(|row| (row.line, row.title, row.when, row.doubts.join("; "))).collect();
        (report.new, report.unchanged, left_out)
    };
    let titles = || world.events().into_iter().map(|event| event.details.title).collect::<Vec<_>>();
    let this = vec!["City Summit 2024, from Wed 13 November 2024, last day not known".to_owned()];
    let why = "its title says 2025, and its dates are in 2024".to_owned();
    let next = vec![(2, "2025 City Summit".to_owned(), "Wed 20 – Fri 22 November 2024".to_owned(), why)];

    assert_eq!(import(true, false), (this.clone(), 0, next.clone()), "a dry run says what would happen");
    assert_eq!(titles(), Vec::<String>::new());
    assert_eq!(import(false, false), (this, 0, next.clone()));
    assert_eq!(import(false, false), (vec![], 1, next), "nor does it come in the second time");
    assert_eq!(titles(), ["City Summit 2024"]);

    let taken = vec!["2025 City Summit, Wed 20 – Fri 22 November 2024".to_owned()];
    assert_eq!(import(false, true), (taken, 1, vec![]));
    assert_eq!(import(false, false), (vec![], 2, vec![]), "what somebody took in is asked about no more");
}

#[test]
fn the_chosen_source_may_change_its_mind_and_is_taken_at_its_word() {
    let world = on("2025-06-01");
    read(&world, "first-page.ics", FIRST);
    read(&world, "second-page.ics", SECOND);
    let id = world.event(FORUM).id;
    choose(&world.app, &ada(), id, None, "second-page.ics", "It is the newer one").expect("Ada chooses");
    assert_eq!((days(&world), asked(&world)), ("Sat 7 – Thu 12 March 2026".to_owned(), vec![]));
    assert_eq!(read(&world, "second-page.ics", &second_with("20260314", "x")), (0, 1, 0));
    assert_eq!((days(&world), asked(&world)), ("Sat 7 – Fri 13 March 2026".to_owned(), vec![]));
    assert_eq!(read(&world, "first-page.ics", FIRST), (0, 0, 1));
    assert_eq!(days(&world), "Sat 7 – Fri 13 March 2026");
}

#[test]
fn only_those_who_call_it_choose_and_only_with_a_reason_among_the_sources_there_are() {
    let world = on("2025-06-01");
    read(&world, "first-page.ics", FIRST);
    read(&world, "second-page.ics", SECOND);
    let event = world.event(FORUM);
    let tried = |actor: &Actor, source, reason, revision| {
        choose(&world.app, actor, event.id, revision, source, reason).expect_err("it is refused").to_string()
    };
    assert!(tried(&ben(), "first-page.ics", "Why not", None).contains("only people of harbor"));
    assert!(matches!(sides(&world.app, &ben(), event.id), Err(Error::Forbidden(_))));
    assert!(tried(&ada(), "first-page.ics", " ", None).contains("reason: Say why"));
    assert!(tried(&ada(), "first-pages.ics", "Why not", None).contains("did you mean “first-page.ics”"));
    assert!(tried(&ada(), "first-page.ics", "Why not", Some(event.revision + 1)).contains("it has changed"));
    assert_eq!((world.event(FORUM), asked(&world).len()), (event, 1));
}

#[test]
fn an_organizer_chooses_on_the_events_page_and_a_program_by_the_api() {
    let world = on("2026-01-05");
    read(&world, "first-page.ics", FIRST);
    read(&world, "second-page.ics", SECOND);
    let id = world.event(FORUM).id;
    let address = format!("/events/{id}");
    let ada = Visitor::signed_in(&world, "ada@example.org");
    let page = ada.get(&address).text();
    assert!(page.contains("What the sources say") && page.contains("Which one is right?"), "{page}");
    let others = Visitor::signed_in(&world, "ben@example.org").get(&address).text();
    assert!(others.contains("Sources disagree") && !others.contains("Which one is right?"), "others see it and do not choose");

    let revision = world.event(FORUM).revision.to_string();
    let without = ada.post_form(&format!("{address}/source"), &format!("revision={revision}&reason=The+hotel"));
    assert_eq!(without.status, Status::BadRequest);
    let text = without.text();
    assert!(text.contains("Choose the one that is right.") && text.contains("value=\"The hotel\""), "{text}");
    let form = format!("revision={revision}&source=first-page.ics&reason=The+hotel");
    assert_eq!(ada.post_form(&format!("{address}/source"), &form).status, Status::SeeOther);
    assert_eq!(days(&world), "Sat 7 – Wed 11 March 2026");
    let after = ada.get(&address).text();
    assert!(after.contains("Ada Placeholder") && after.contains("because The hotel"), "{after}");

    // A program of hers sees the same and may say otherwise; one that only reads may not.
    let program = Visitor::with_token(&world, "ada@example.org", Scope::Write);
    let path = format!("/api/v1/events/{id}/source");
    let seen = program.get(&path).json();
    assert_eq!((&seen["open"], &seen["choices"][0]["source"]), (&json!(false), &json!("first-page.ics")));
    let says: Vec<_> = seen["sources"].as_array().expect("sources").iter().map(|one| (&one["source"], &one["end"])).collect();
    assert_eq!(says, [(&json!("first-page.ics"), &json!("2026-03-11")), (&json!("second-page.ics"), &json!("2026-03-12"))]);
    let body = json!({"source": "second-page.ics", "reason": "They have found another hall"});
    assert_eq!(program.ask(Method::Post, &path, &[], &body.to_string()).status.code, 428);
    let reader = Visitor::with_token(&world, "ada@example.org", Scope::Read);
    assert_eq!(reader.post_json(&path, &body).status, Status::Forbidden);
    let answer = program.post_json(&path, &body);
    assert_eq!((answer.status, &answer.json()["sources"][0]["shown"]), (Status::Ok, &json!(true)));
    assert_eq!(days(&world), "Sat 7 – Thu 12 March 2026");
}
