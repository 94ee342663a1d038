//! Policies by page and by program.

use convene::app::propose::propose;
use convene::domain::EventStatus;
use convene::store::Scope;
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::{ada, address, ben, session};
use crate::support::visitor::{Answer, Visitor};

const SUMMITS: &str = "/api/v1/partners/summit/policy";

fn send(who: &Visitor, method: Method, if_match: &[(&str, &str)], body: &Value) -> Answer {
    who.ask(method, SUMMITS, if_match, &body.to_string())
}

#[test]
fn a_policy_is_read_and_changed_by_program_with_what_was_read() {
    let world = World::new();
    let cleo = Visitor::with_token(&world, &address("Cleo"), Scope::Write);
    let read = cleo.get(SUMMITS);
    assert_eq!((read.status, read.header("ETag")), (Status::Ok, "\"1\""));
    assert_eq!((&read.json()["own"], &read.json()["effective"]["apart_km"]), (&json!({}), &json!(80)));
    let patch = json!({"apart_km": 50, "team_split": {"few": "low"}, "reason": "our board"});
    assert_eq!(send(&cleo, Method::Patch, &[], &patch).status.code, 428);
    let changed = send(&cleo, Method::Patch, &[("If-Match", "\"1\"")], &patch);
    assert_eq!((changed.status, changed.header("ETag")), (Status::Ok, "\"2\""));
    let json = changed.json();
    assert_eq!(json["own"], json!({"apart_km": 50, "team_split": {"few": "low"}}));
    assert_eq!(
        (&json["decided_by"]["team_split.few"], &json["decided_by"]["team_split.many"]),
        (&json!("partner:summit"), &json!("default"))
    );
    assert_eq!((&json["history"][0]["by"], &json["history"][0]["reason"]), (&json!("Cleo Placeholder"), &json!("our board")));
    assert_eq!(send(&cleo, Method::Put, &[("If-Match", "\"1\"")], &json!({})).status, Status::PreconditionFailed);
    let less = send(&cleo, Method::Patch, &[("If-Match", "\"2\"")], &json!({"apart_km": null}));
    assert_eq!(less.json()["own"], json!({"team_split": {"few": "low"}}));
    let put = send(&cleo, Method::Put, &[("If-Match", "*")], &json!({"clock_change": "low"}));
    assert_eq!(put.json()["own"], json!({"clock_change": "low"}));
}

#[test]
fn what_there_is_not_is_refused_by_its_name_with_the_known_ones() {
    let world = World::new();
    let cleo = Visitor::with_token(&world, &address("Cleo"), Scope::Write);
    let bad = json!({"team_split": {"many_team": 3, "few": "grave"}, "ignore": ["moonlight"], "eclipse": "high"});
    let refused = send(&cleo, Method::Patch, &[("If-Match", "*")], &bad);
    assert_eq!((refused.status, refused.header("Content-Type")), (Status::BadRequest, "application/problem+json"));
    let problem = refused.json();
    let errors = problem["errors"].as_array().expect("errors");
    let fields: Vec<_> = errors.iter().map(|one| one["field"].as_str().expect("a field")).collect();
    assert_eq!(fields, ["eclipse", "ignore", "team_split.few", "team_split.many_team"]);
    let said = |n: usize| errors[n]["message"].as_str().expect("words");
    assert!(said(0).contains("role_overlap") && said(1).contains("role_overlap"), "{problem}");
    assert!(said(2).contains("medium") && said(3).contains("many_teams"), "{problem}");
    assert_eq!(cleo.get(SUMMITS).json()["own"], json!({}), "nothing of it is kept");
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    assert_eq!(send(&ada, Method::Put, &[("If-Match", "*")], &json!({})).status, Status::Forbidden);
    assert_eq!(ada.get("/api/v1/partners/nobody/policy").status, Status::NotFound);
}

#[test]
fn organizers_change_an_events_policy_by_form_and_the_finding_says_so() {
    let world = World::new();
    world.ignore_letters();
    let event = propose(&world.app, &ada(), &session("Harbor's hour", "2027-03-10"), EventStatus::Announced).expect("it").event;
    propose(&world.app, &ben(), &session("Prairie's hour", "2027-03-10"), EventStatus::Announced).expect("it");
    let page = format!("/events/{}/policy", event.id);
    let visitor = Visitor::signed_in(&world, &address("Ada"));
    assert!(visitor.get(&format!("/events/{}", event.id)).text().contains(&page), "the event leads there");
    let form = visitor.get(&page).text();
    assert!(form.contains("name=\"role_overlap.online\"") && form.contains("Holds now: medium, as by default"), "{form}");
    let refused = visitor.post_form(&page, "revision=1&role_overlap.online=high&apart_km=far");
    assert_eq!(refused.status, Status::BadRequest);
    assert!(
        refused.text().contains("“far” is no whole number") && refused.text().contains("value=\"far\""),
        "{}",
        refused.text()
    );
    let kept = visitor.post_form(&page, "revision=1&role_overlap.online=high&apart_km=&reason=small+group");
    assert_eq!((kept.status, kept.header("Location")), (Status::SeeOther, page.as_str()));
    let shown = visitor.get(&page).text();
    assert!(shown.contains("role_overlap.online: was left open, is high.") && shown.contains("“small group”"), "{shown}");
    let event_page = visitor.get(&format!("/events/{}", event.id)).text();
    assert!(event_page.contains("High, because the event’s own policy says so"), "{event_page}");
    // Anybody may look at a public event's, and change nothing.
    let anybody = Visitor::of(&world);
    let looked = anybody.get(&page).text();
    assert!(looked.contains("Holds now: high") && !looked.contains("<select"), "{looked}");
    assert_eq!(Visitor::signed_in(&world, &address("Cleo")).post_form(&page, "revision=2").status, Status::Forbidden);
}
