//! What is announced before its days are known.

use convene::app::propose::propose;
use convene::app::select::Selection;
use convene::app::undated::{Said, add, list};
use convene::app::{Actor, Error};
use convene::domain::EventStatus;
use rocket::http::Status;
use serde_json::json;

use crate::support::World;
use crate::support::cast::{ada, address, ben, in_the_oak_room};
use crate::support::visitor::Visitor;

fn said(title: &str, when: &str, place: &str) -> Said {
    Said { title: title.to_owned(), when: when.to_owned(), place: place.to_owned(), ..Said::default() }
}

/// Titles with what is known of when and where, for these filters.
fn found(world: &World, filters: &[(&str, &str)]) -> Vec<String> {
    let selection = world.app.store.read::<_, Error>(|reader| Selection::read(reader, filters.iter().copied(), &[]));
    let all = list(&world.app, &selection.expect("good filters"), None).expect("a list");
    all.into_iter().map(|(_, one)| format!("{}: {}, {}", one.title, one.when.in_words(), one.place())).collect()
}

#[test]
fn story_14_a_notice_without_dates_is_kept_as_month_or_year_and_found_when_searching() {
    let world = World::new();
    add(&world.app, &ada(), &said("Membership meeting", "2027-04", "")).expect("it is kept");
    add(&world.app, &ada(), &said("Equity summit", "2027", "Washington, DC")).expect("it is kept");
    add(&world.app, &ben(), &said("Twice a year", "", "Cambridge, MA")).expect("it is kept");
    let (april, washington, cambridge) = (
        "Membership meeting: April 2027, no days named, no place named",
        "Equity summit: 2027, no dates named, Washington, DC",
        "Twice a year: no dates named, Cambridge, MA",
    );
    assert_eq!(found(&world, &[]), [april, washington, cambridge]);
    assert_eq!(found(&world, &[("place", "washington")]), [washington]);
    assert_eq!(found(&world, &[("partners", "prairie")]), [cambridge]);
    // The calendar that anybody sees has them below what has dates, under the same filters.
    let calendar = |query: &str| Visitor::of(&world).get(&format!("/{query}")).text();
    assert!(calendar("").contains("April 2027, no days named; no place named"));
    let filtered = calendar("?place=Washington");
    assert!(filtered.contains("Equity summit") && !filtered.contains("Membership meeting"), "{filtered}");
    // Said anew it is still one; and once it has dates it is an event and no notice.
    add(&world.app, &ada(), &said("Membership meeting", "2027-04", "Raleigh, NC")).expect("it is kept");
    assert_eq!(found(&world, &[("place", "raleigh")]), ["Membership meeting: April 2027, no days named, Raleigh, NC"]);
    let another = in_the_oak_room("Membership Meeting", "2028-04-19");
    propose(&world.app, &ada(), &another, EventStatus::Announced).expect("announced");
    assert_eq!(found(&world, &[]).len(), 3, "that is another year's");
    let dated = in_the_oak_room("Membership Meeting", "2027-04-21");
    propose(&world.app, &ada(), &dated, EventStatus::Hold).expect("held");
    assert_eq!(found(&world, &[]).len(), 3, "a hold tells nobody");
    let event = propose(&world.app, &ada(), &dated, EventStatus::Announced).expect("announced").event;
    assert_eq!(found(&world, &[]), [washington, cambridge]);
    assert_eq!(event.details.when.days().first.to_string(), "2027-04-21");
    world.ignore_letters();
}

#[test]
fn a_notice_is_added_and_taken_back_by_its_own_partner_and_a_slip_is_named_with_its_field() {
    let world = World::new();
    let ada_visits = Visitor::signed_in(&world, &address("Ada"));
    let kept = ada_visits.post_form("/undated", "partner=harbor&title=Spring+forum&when=2027-05&place=Omaha,+NE&roles=mayor");
    assert_eq!(kept.status, Status::SeeOther, "{}", kept.text());
    assert_eq!(found(&world, &[("roles", "mayor")]), ["Spring forum: May 2027, no days named, Omaha, NE"]);
    assert_eq!(found(&world, &[("roles", "chief_of_staff")]), Vec::<String>::new());
    let slip = ada_visits.post_form("/undated", "partner=harbor&title=Autumn+forum&when=2027-05-12");
    assert_eq!(slip.status, Status::BadRequest);
    assert!(slip.text().contains("a month is 2026-11") && slip.text().contains("Autumn forum"), "{}", slip.text());
    let other = add(&world.app, &ada(), &Said { partner: "prairie".to_owned(), ..said("Not theirs", "2027", "") });
    assert!(matches!(other, Err(Error::Forbidden(_))), "{other:?}");
    let ben_visits = Visitor::signed_in(&world, &address("Ben"));
    let id = list(&world.app, &Selection::default(), None).expect("a list")[0].0;
    assert_eq!(ben_visits.post_form(&format!("/undated/{id}/removal"), "").status, Status::Forbidden);
    assert!(!ben_visits.get("/undated").text().contains(&format!("/undated/{id}/removal")), "no button that is refused");
    assert_eq!(ada_visits.post_form(&format!("/undated/{id}/removal"), "").status, Status::SeeOther);
    assert_eq!(found(&world, &[]), Vec::<String>::new());
    assert!(matches!(add(&world.app, &Actor::Visitor, &said("X", "", "")), Err(Error::Invalid(_))));
    world.ignore_letters();
}

#[test]
fn programs_keep_list_and_take_back_notices_without_dates() {
    let world = World::new();
    let program = Visitor::with_token(&world, &address("Ada"), convene::store::Scope::Write);
    let made = program.post_json("/api/v1/undated", &json!({"title": "Spring forum", "when": "2027-05", "place": "Omaha, NE"}));
    assert_eq!(made.status, Status::Created, "{}", made.text());
    let listed = Visitor::of(&world).get("/api/v1/undated?place=omaha").json();
    let one = &listed["items"][0];
    assert_eq!(
        (&one["partner"], &one["year"], &one["month"], &one["city"]),
        (&json!("harbor"), &json!(2027), &json!(5), &json!("Omaha"))
    );
    let wrong = program.post_json("/api/v1/undated", &json!({"title": "", "when": "soon"}));
    let fields: Vec<String> =
        wrong.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].to_string()).collect();
    assert_eq!((wrong.status, fields), (Status::BadRequest, vec!["\"title\"".to_owned(), "\"when\"".to_owned()]));
    let removed = program.ask(rocket::http::Method::Delete, &format!("/api/v1/undated/{}", one["id"]), &[], "");
    assert_eq!(removed.status, Status::Ok, "{}", removed.text());
    assert_eq!(Visitor::of(&world).get("/api/v1/undated").json()["items"], json!([]));
}
