//! Proposed dates by form and by program: the same facts, and nothing for those who are not asked.

use convene::store::Scope;
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::address;
use crate::support::visitor::Visitor;

/// A hold of Harbor's, by its number.
fn held(world: &World) -> String {
    let ada = Visitor::with_token(world, &address("Ada"), Scope::Write);
    let body = json!({
        "status": "hold", "title": "Budget lab", "roles": ["chief_equity_officer"], "start": "2027-10-06", "end": "2027-10-07",
        "time_zone": "America/New_York", "venue": {"city": "Albany", "state": "NY"},
    });
    let answer = ada.post_json("/api/v1/events", &body);
    assert_eq!(answer.status, Status::Created, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_program_asks_answers_and_chooses() {
    let world = World::new();
    world.ignore_letters();
    let id = held(&world);
    let of = |name: &str| Visitor::with_token(&world, &address(name), Scope::Write);
    let (ada, ben, cleo) = (of("Ada"), of("Ben"), of("Cleo"));
    let at = |rest: &str| format!("/api/v1/events/{id}/{rest}");
    let asking = json!({
        "dates": [{"start": "2027-11-17", "end": "2027-11-18", "place": "Denver, CO"}], "asked": ["partner:prairie"],
        "answer_by": "2027-03-01", "note": "Any of these?",
    });
    let asked = ada.post_json(&at("asks"), &asking);
    assert_eq!((asked.status, asked.header("Location")), (Status::Created, at("answers").as_str()), "{}", asked.text());
    assert_eq!(cleo.get(&at("answers")).status, Status::NotFound);
    assert_eq!(Visitor::of(&world).get(&at("answers")).status, Status::Unauthorized);

    let list = ben.get("/api/v1/answers").json();
    assert_eq!(list["asked_of_you"][0]["event"]["id"], json!(id));
    assert_eq!(list["asked_of_you"][0]["waits"], json!(true));
    let seen = ben.get(&at("answers")).json();
    let ids: Vec<i64> = seen["dates"].as_array().expect("dates").iter().filter_map(|date| date["id"].as_i64()).collect();
    let told = |value: &Value| (value["start"].clone(), value["time_zone"].clone(), value["venue"]["city"].clone());
    assert_eq!(told(&seen["dates"][0]), (json!("2027-10-06"), json!("America/New_York"), Value::Null));
    assert_eq!(told(&seen["dates"][1]), (json!("2027-11-17"), json!("America/Denver"), json!("Denver")));
    assert_eq!((&seen["answers_as"], &seen["decides"]), (&json!(["partner:prairie"]), &json!(false)));

    let wrong = ben.post_json(&at("answers"), &json!({"answers": {"99": "yes", (ids[0].to_string()): "perhaps"}}));
    assert_eq!(wrong.status, Status::BadRequest);
    let fields: Vec<Value> = wrong.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields.len(), 2, "{}", wrong.text());
    let said = ben.post_json(
        &at("answers"),
        &json!({"answers": {(ids[0].to_string()): "no", (ids[1].to_string()): "yes"}, "note": "Board week"}),
    );
    assert_eq!(said.status, Status::Ok, "{}", said.text());
    assert_eq!(said.json()["dates"][1]["answers"], json!({"yes": 1, "maybe": 0, "no": 0, "open": 0}));
    assert_eq!(said.json()["dates"][1]["best"], json!(true));

    let choose = |who: &Visitor, tag: &str| {
        who.ask(Method::Post, &at("choice"), &[("If-Match", tag)], &json!({"date": ids[1]}).to_string())
    };
    assert_eq!(choose(&ben, "\"1\"").status, Status::Forbidden);
    assert_eq!(choose(&ada, "\"9\"").status, Status::PreconditionFailed);
    let chosen = choose(&ada, "\"1\"");
    assert_eq!(chosen.status, Status::Ok, "{}", chosen.text());
    let event = chosen.json();
    assert_eq!(
        (&event["start"], &event["venue"]["city"], &event["status"]),
        (&json!("2027-11-17"), &json!("Denver"), &json!("hold"))
    );
    let over = ada.get(&at("answers")).json();
    assert_eq!((&over["open"], &over["outcome"], &over["chosen"]), (&json!(false), &json!("settled"), &json!(ids[1])));
    assert_eq!(ben.post_json(&at("answers"), &json!({"answers": {(ids[0].to_string()): "yes"}})).status, Status::Conflict);
}

#[test]
fn forms_ask_answer_and_choose_and_come_back_filled_in_after_a_mistake() {
    let world = World::new();
    world.ignore_letters();
    let id = held(&world);
    let (ada, ben) = (Visitor::signed_in(&world, &address("Ada")), Visitor::signed_in(&world, &address("Ben")));
    let page = format!("/events/{id}/answers");
    assert!(ada.get(&format!("/events/{id}")).text().contains("Ask which dates suit"));
    assert_eq!(ben.get(&page).status, Status::NotFound);

    let asks = format!("/events/{id}/asks");
    let refused = ada.post_form(&asks, "start_2=2027-11-19&end_2=2027-11-18&place_2=Denver, CO&note=Any+of+these");
    assert_eq!(refused.status, Status::BadRequest);
    let text = refused.text();
    assert!(
        text.contains("id=\"ask-end-2-error\"")
            && text.contains("value=\"2027-11-19\"")
            && text.contains("value=\"Any of these\"")
    );
    let sent = ada.post_form(&asks, "start_2=2027-11-17&end_2=2027-11-18&asked=partner:prairie&teams=team:riverbend-oh");
    assert_eq!((sent.status, sent.header("Location")), (Status::SeeOther, page.as_str()));

    assert!(ben.get("/desk").text().contains("You are asked"));
    let form = ben.get(&page).text();
    assert!(form.contains("Your answer for Prairie Network") && !form.contains("Riverbend"), "a team is not shown to partners");
    let numbers: Vec<&str> = form.split("name=\"date_").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let (first, last) = (numbers.first().expect("a date"), numbers.last().expect("a date"));
    assert_eq!(ben.post_form(&page, "note=nothing").status, Status::BadRequest);
    let said = ben.post_form(&page, &format!("date_{first}=no&date_{last}=yes&note=Board+week"));
    assert_eq!(said.status, Status::SeeOther);
    assert!(ben.get(&page).text().contains("checked"), "what was answered stands in the form");

    let own = ada.get(&page).text();
    assert!(own.contains("Board week") && own.contains("Riverbend, OH") && own.contains("Choose these dates"));
    let chosen = ada.post_form(&format!("/events/{id}/choice"), &format!("date={last}&revision=1"));
    assert_eq!((chosen.status, chosen.header("Location")), (Status::SeeOther, format!("/events/{id}").as_str()));
    assert!(ben.get(&page).text().contains("Settled: Wed 17"));
}
