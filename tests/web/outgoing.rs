//! Outgoing mail is found again by person and by event: by the page, the API and the command line, by who may.

use std::collections::BTreeSet;

use convene::app::deliver::forget;
use convene::app::digest::{Run, run};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::subscribe::{Wish, confirm, subscribe};
use convene::app::{Error, notify, sign_in};
use convene::domain::{Event, EventStatus};
use convene::json::Draft;
use convene::store::{Scope, User, UserRole};
use rocket::http::Status;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::{ada, ben, session};
use crate::support::visitor::Visitor;

const READER: &str = "reader@city.example.org";

/// Harbor and Prairie call two sessions, a reader follows them, and one of them moves.
fn begin() -> (World, Event, Event) {
    let world = World::new();
    world.ignore_letters();
    let wish = Wish {
        email: READER.to_owned(),
        roles: vec!["chief_equity_officer".to_owned()],
        frequency: "daily".to_owned(),
        zone: "America/Chicago".to_owned(),
        hour: "7".to_owned(),
        ..Wish::default()
    };
    subscribe(&world.app, &wish).expect("a wish");
    confirm(&world.app, &world.letter().after("/subscribe/")).expect("a click");
    let ours = Draft { co_hosts: vec!["prairie".to_owned()], ..session("Budgeting for equity", "2027-10-06") };
    let first = propose(&world.app, &ada(), &ours, EventStatus::Announced).expect("it is stored").event;
    let second = propose(&world.app, &ben(), &session("Data walk", "2027-11-10"), EventStatus::Announced).expect("stored").event;
    world.at("2026-11-24T13:00:00Z");
    notify::write_due(&world.app).expect("notices");
    run(&world.app, Run { dry_run: false, replay: false, sent_from: world.app.now() }).expect("digests");
    world.deliver();
    (world, first, second)
}

fn operator(world: &World) -> Visitor {
    let user = User {
        email: "olga@example.org".to_owned(),
        name: "Olga Placeholder".to_owned(),
        partner: Some("summit".parse().expect("a slug")),
        team: None,
        role: UserRole::Operator,
    };
    world.app.store.write::<_, Error>(|writer| Ok(writer.add_user(&user, world.app.now())?)).expect("somebody who runs it");
    Visitor::with_token(world, "olga@example.org", Scope::Read)
}

fn recipients(found: &Value) -> Vec<String> {
    let items = found["items"].as_array().unwrap_or_else(|| panic!("no items in {found}"));
    items
        .iter()
        .map(|item| format!("{} to {}", item["kind"].as_str().unwrap_or("?"), item["to"].as_str().unwrap_or("?")))
        .collect()
}

#[test]
fn an_operator_finds_every_letter_by_event_and_by_person_with_what_became_of_it() {
    let (world, first, second) = begin();
    let operator = operator(&world);
    let by_event = |event: &str| operator.get(&format!("/api/v1/letters?event={event}")).json();
    let found = by_event(&first.id.to_string());
    assert_eq!(recipients(&found), [format!("digest to {READER}"), "notice to ben@example.org".to_owned()], "{found}");
    assert_eq!((&found["next_cursor"], &found["unseen"]), (&Value::Null, &json!(0)));
    assert_eq!(recipients(&by_event(&second.id.to_string())), [format!("digest to {READER}")], "many events, one digest");
    assert_eq!(recipients(&by_event("bUdGeTing")), recipients(&found), "words of its title do");
    let digest = &found["items"][0];
    let told: BTreeSet<&str> = digest["events"].as_array().expect("events").iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!(told, [first.id.to_string(), second.id.to_string()].iter().map(String::as_str).collect());
    assert_eq!((&digest["state"], &digest["attempts"], &digest["came_back"]), (&json!("sent"), &json!(0), &Value::Null));
    assert_eq!((&digest["written_at"], &digest["done_at"]), (&json!("2026-11-24T13:00:00Z"), &json!("2026-11-24T13:00:00Z")));
    for person in ["Ben%20Place", "BEN@example"] {
        let found = operator.get(&format!("/api/v1/letters?person={person}")).json();
        assert_eq!(recipients(&found), ["notice to ben@example.org"], "{person}");
    }
    let whole = operator.get(&format!("/api/v1/letters/{}", digest["id"])).json();
    assert!(whole["text"].as_str().is_some_and(|text| text.contains("Data walk")), "{whole}");
    assert!(whole["html"].as_str().is_some_and(|html| html.starts_with("<!DOCTYPE html>")), "{whole}");
    assert_eq!(recipients(&operator.get("/api/v1/letters?person=%25").json()), Vec::<String>::new(), "a sign is a sign");
}

#[test]
fn a_list_goes_on_where_it_ended_and_narrows_by_state() {
    let (world, ..) = begin();
    let operator = operator(&world);
    let mut seen = Vec::new();
    let mut next = String::new();
    loop {
        let page = operator.get(&format!("/api/v1/letters?limit=1{next}")).json();
        seen.extend(recipients(&page));
        let Some(cursor) = page["next_cursor"].as_i64() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(seen, [format!("digest to {READER}"), "notice to ben@example.org".to_owned(), format!("confirm to {READER}")]);
    for (state, count) in [("sent", 2), ("failed", 1), ("bounced", 0), ("ready", 0)] {
        let found = operator.get(&format!("/api/v1/letters?state={state}")).json();
        assert_eq!(recipients(&found).len(), count, "{state}");
    }
    for wrong in ["state=gone", "limit=0", "limit=201", "cursor=x", "whom=ada", "event=00000000-0000-0000-0000-000000000000"] {
        assert_eq!(operator.get(&format!("/api/v1/letters?{wrong}")).status, Status::BadRequest, "{wrong}");
    }
}

#[test]
fn an_organizer_finds_what_their_own_people_were_told_and_learns_of_no_reader() {
    let (world, first, _) = begin();
    let prairie = Visitor::with_token(&world, "ben@example.org", Scope::Read);
    let found = prairie.get(&format!("/api/v1/letters?event={}", first.id)).json();
    assert_eq!((recipients(&found), &found["unseen"]), (vec!["notice to ben@example.org".to_owned()], &json!(1)));
    let asked = prairie.get(&format!("/api/v1/letters?person={READER}")).json();
    assert_eq!((recipients(&asked), &asked["unseen"]), (vec![], &json!(0)), "not even that there is one");
    let both = prairie.get(&format!("/api/v1/letters?person={READER}&event={}", first.id)).json();
    assert_eq!((recipients(&both), &both["unseen"]), (vec![], &json!(0)));
    let harbor = Visitor::with_token(&world, "ada@example.org", Scope::Read);
    assert_eq!(recipients(&harbor.get("/api/v1/letters").json()), Vec::<String>::new(), "another partner's people");
    let digest = operator(&world).get("/api/v1/letters").json()["items"][0]["id"].as_i64().expect("a number");
    for path in [format!("/api/v1/letters/{digest}"), "/api/v1/letters/999".to_owned()] {
        assert_eq!(prairie.get(&path).status, Status::NotFound, "{path}");
    }
    for path in ["/api/v1/letters", "/api/v1/letters/1"] {
        assert_eq!(Visitor::of(&world).get(path).status, Status::Unauthorized, "{path}");
    }
    let page = Visitor::signed_in(&world, "ben@example.org");
    let text = page.get("/desk/mail?event=Budgeting").text();
    assert!(text.contains("Ben Placeholder, ben@example.org") && text.contains("One more tells of it"), "{text}");
    assert!(!text.contains(READER));
    assert_eq!(page.get(&format!("/desk/mail/{digest}")).status, Status::NotFound);
    assert_eq!(page.get(&format!("/desk/mail/{digest}/html")).status, Status::NotFound);
}

#[test]
fn another_partners_hold_is_no_event_to_look_for_nor_one_that_a_letter_names() {
    let (world, first, _) = begin();
    let hold = propose(&world.app, &ada(), &session("Lantern retreat", "2027-12-01"), EventStatus::Hold).expect("a hold").event;
    let prairie = Visitor::with_token(&world, "ben@example.org", Scope::Read);
    let asked = prairie.get(&format!("/api/v1/letters?event={}", hold.id));
    assert_eq!(asked.status, Status::BadRequest);
    assert!(asked.text().contains("there is no event of this id") && !asked.text().contains("Lantern"));
    let by_title = prairie.get("/api/v1/letters?event=Lantern").json();
    assert_eq!((recipients(&by_title), &by_title["unseen"]), (vec![], &json!(0)));
    settle(&world.app, &ada(), first.id, None, &Act::Cancel, None).expect("it is called off");
    world.at("2026-11-24T14:00:00Z");
    notify::write_due(&world.app).expect("notices");
    let found = prairie.get("/api/v1/letters").json();
    assert_eq!(recipients(&found).len(), 2, "and a letter about what they may see is there: {found}");
    assert!(found["items"][0]["events"].as_array().is_some_and(|events| events.len() == 1), "{found}");
}

#[test]
fn a_token_that_may_read_cannot_read_a_link_that_signs_in() {
    let (world, ..) = begin();
    sign_in::ask(&world.app, "ben@example.org", "").expect("a link is sent");
    let secret = world.letters().pop().expect("the link").after("/sign-in/");
    for visitor in [operator(&world), Visitor::with_token(&world, "ben@example.org", Scope::Read)] {
        let id = visitor.get("/api/v1/letters?person=ben").json()["items"][0]["id"].clone();
        let answer = visitor.get(&format!("/api/v1/letters/{id}")).text();
        assert!(answer.contains("Your link to sign in") || answer.contains("sign_in"), "{answer}");
        assert!(answer.contains("closed") && !answer.contains(&secret), "{answer}");
    }
}

#[test]
fn the_page_shows_what_became_of_a_letter_and_its_html_can_do_nothing() {
    let (world, first, _) = begin();
    let _operator = operator(&world);
    let page = Visitor::signed_in(&world, "olga@example.org");
    let list = page.get(&format!("/desk/mail?person={READER}&state=sent")).text();
    let href =
        list.split("row\"><a href=\"/desk/mail/").nth(1).and_then(|rest| rest.split('"').next()).expect("a letter").to_owned();
    let letter = page.get(&format!("/desk/mail/{href}")).text();
    for shown in ["Written", "Sent", "EST (New York, UTC−5)", "Tells of", &format!("/events/{}", first.id), "Data walk"] {
        assert!(letter.contains(shown), "{shown} is not in {letter}");
    }
    let html = page.get(&format!("/desk/mail/{href}/html"));
    assert!(html.text().starts_with("<!DOCTYPE html>"));
    let policy = html.header("Content-Security-Policy");
    assert!(policy.contains("default-src 'none'") && policy.contains("sandbox") && !policy.contains("script"), "{policy}");
    let hostile = page.get("/desk/mail?person=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").text();
    assert!(hostile.contains("No such letter") && !hostile.contains("<script>alert"), "{hostile}");
}

#[test]
fn texts_are_forgotten_after_a_week_and_letters_after_ninety_days_and_what_was_told_stays_told() {
    let (world, first, _) = begin();
    let operator = operator(&world);
    let id = operator.get("/api/v1/letters?person=ben").json()["items"][0]["id"].clone();
    let asked = || operator.get(&format!("/api/v1/letters/{id}"));
    world.at("2026-12-02T12:00:00Z");
    forget(&world.app).expect("old texts go");
    let answer = asked().json();
    assert!(answer["closed"].as_str().is_some_and(|why| why.contains("a week")) && answer["text"].is_null(), "{answer}");
    let page = Visitor::signed_in(&world, "ben@example.org").get(&format!("/desk/mail/{id}")).text();
    assert!(page.contains("Its text is not kept any more"), "{page}");
    world.at("2027-02-22T12:00:00Z");
    forget(&world.app).expect("it is not yet 90 days");
    assert_eq!(asked().status, Status::Ok);
    world.at("2027-02-24T12:00:00Z");
    forget(&world.app).expect("old letters go");
    assert_eq!(asked().status, Status::NotFound);
    assert_eq!(recipients(&operator.get(&format!("/api/v1/letters?event={}", first.id)).json()), Vec::<String>::new());
    assert_eq!(world.app.store.read(|reader| reader.faults()).expect("it can be checked"), Vec::<String>::new());
    notify::write_due(&world.app).expect("notices");
    assert_eq!(recipients(&operator.get("/api/v1/letters").json()), Vec::<String>::new(), "told once is told");
}
