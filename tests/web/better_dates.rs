//! Better dates over the real routes: by program, beside a verdict, and on a proposal's own page.

use convene::store::Scope;
use rocket::http::Status;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::{ada, address, session};
use crate::support::visitor::Visitor;

fn autumn() -> Value {
    json!({
        "roles": ["chief_equity_officer"], "length": "3d", "between": "2027-10-01..2027-11-30", "weekdays": "wed-fri",
        "travel_days": 1, "avoid": "avoid", "expected": 60,
    })
}

#[test]
fn story_13_comes_out_by_program_too() {
    let world = World::demo();
    let program = Visitor::with_token(&world, "gia.sample@example.org", Scope::Read);
    let found = program.post_json("/api/v1/suggestions", &autumn());
    assert_eq!(found.status, Status::Ok, "{}", found.text());
    let found = found.json();
    let days = |list: &str| -> Vec<(String, String)> {
        let text = |one: &Value, name: &str| one[name].as_str().expect("a day").to_owned();
        let each = found[list].as_array().expect("a list");
        each.iter().map(|one| (text(one, "start"), text(one, "end"))).collect()
    };
    let pair = |start: &str, end: &str| (start.to_owned(), end.to_owned());
    assert_eq!(days("windows"), [pair("2027-10-06", "2027-10-08"), pair("2027-11-17", "2027-11-19")]);
    assert_eq!(days("dropped").len(), 6);
    let autumn_end = &found["windows"][1];
    assert_eq!(autumn_end["time_zone"], "America/New_York");
    let against: Vec<&str> =
        autumn_end["against"].as_array().expect("a list").iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(against, ["budget_season", "weekly_observance", "expected_anchor"]);
    assert_eq!(found["dropped"][0]["reasons"], json!(["Sukkot begins at sunset on Friday 15 October 2027"]));
    let again = program.post_json("/api/v1/suggestions", &autumn()).json();
    assert_eq!(again, found, "the same question has the same answer");
}

#[test]
fn a_wish_with_mistakes_names_each_with_its_field() {
    let world = World::new();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Read);
    let fields = |body: Value| -> Vec<String> {
        let refused = ada.post_json("/api/v1/suggestions", &body);
        assert_eq!(refused.status, Status::BadRequest, "{body}");
        let problem = refused.json();
        let errors = problem["errors"].as_array().expect("errors");
        errors.iter().map(|error| error["field"].as_str().expect("a field").to_owned()).collect()
    };
    assert_eq!(fields(json!({"length": "3", "roles": []})), ["roles", "length"]);
    assert_eq!(fields(json!({"length": "1d", "roles": ["chief_of_staff"]})), ["between"]);
    let with = |name: &str, value: &str| {
        let mut wish = json!({"length": "1d", "roles": ["chief_of_staff"], "between": "2027-10-01..2027-11-30"});
        wish[name] = value.into();
        wish
    };
    assert_eq!(fields(with("near", "Atlantis")), ["near"]);
    assert_eq!(fields(with("near", "0193b0a0-0000-7000-8000-000000000000")), ["near"]);
    assert_eq!(fields(with("cohort", "nobody-knows")), ["cohort"]);
    assert_eq!(fields(with("moon", "full")), ["moon"]);
    assert_eq!(Visitor::of(&world).post_json("/api/v1/suggestions", &autumn()).status, Status::Unauthorized);
}

#[test]
fn beside_an_anchor_that_the_asker_may_not_see_nothing_is_said_of_it() {
    let world = World::new();
    world.ignore_letters();
    let mut plan = session("Harbor’s plan", "2027-10-06");
    plan.mode = Some("in_person".to_owned());
    let hidden = convene::app::propose::propose(&world.app, &ada(), &plan, convene::domain::EventStatus::Hold).expect("a hold");
    let wish = json!({"length": "1d", "roles": ["chief_of_staff"], "near": hidden.event.id});
    let ben = Visitor::with_token(&world, &address("Ben"), Scope::Read);
    assert_eq!(ben.post_json("/api/v1/suggestions", &wish).status, Status::BadRequest);
    let own = Visitor::with_token(&world, &address("Ada"), Scope::Read).post_json("/api/v1/suggestions", &wish).json();
    assert_eq!(own["windows"][0]["start"], "2027-10-05", "the day before: {own}");
}

/// Three days that end on the evening that Sukkot begins.
const SUKKOT: &str = "title=Budget+lab&kind=session&partner=harbor&roles=chief_equity_officer&mode=in_person&venue_city=Denver\
    &venue_state=CO&all_day=true&time_zone=America/Denver";

#[test]
fn a_verdict_offers_better_dates_that_one_click_takes_into_the_form() {
    let world = World::new();
    let ada = Visitor::signed_in(&world, &address("Ada"));
    let form = format!("{SUKKOT}&start_date=2027-10-13&end_date=2027-10-15");
    let checked = ada.post_form("/propose", &format!("act=check&{form}")).text();
    let offers: Vec<&str> =
        checked.split("name=\"use_dates\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default()).collect();
    assert_eq!(offers.len(), 3, "{checked}");
    let taken = ada.post_form("/propose", &format!("act=use&{form}&use_dates={}", offers[0])).text();
    let (first, last) = offers[0].split_once('/').expect("two days");
    assert!(taken.contains(&format!("value=\"{first}\"")) && taken.contains(&format!("value=\"{last}\"")), "{taken}");
    assert!(!taken.contains("value=\"2027-10-13\""), "the old dates are gone");
    assert!(taken.contains("Checked, not stored"), "it was checked again");
    assert!(world.events().is_empty());
}

#[test]
fn a_proposal_leads_to_better_dates_and_one_of_them_moves_it() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::signed_in(&world, &address("Ada"));
    let form = format!("act=propose&{SUKKOT}&start_date=2027-10-13&end_date=2027-10-15");
    let page = ada.post_form("/propose", &form).header("Location").to_owned();
    let better = format!("{page}/better-dates");
    assert!(ada.get(&page).text().contains(&format!("href=\"{better}\"")), "the event leads there");
    let shown = ada.get(&better);
    assert_eq!(shown.status, Status::Ok);
    let text = shown.text();
    let value = |name: &str| {
        let rest = text.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("a field");
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let (first, last) = (value("start_date"), value("end_date"));
    let move_there = format!("revision={}&start_date={first}&end_date={last}", value("revision"));
    assert_eq!(ada.post_form(&format!("{page}/move"), &move_there).status, Status::SeeOther);
    let days = world.event("Budget lab").details.when.days();
    assert_eq!((days.first.to_string(), days.last.to_string()), (first, last));
    let ben = Visitor::signed_in(&world, &address("Ben"));
    assert_eq!(ben.get(&better).status, Status::NotFound, "another partner's proposal");
}
