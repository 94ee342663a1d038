//! A city team's own pages: who sees them, and that each fact is kept by a form.

use convene::app::teams::year::year;
use convene::app::{Actor, sign_in};
use convene::domain::{TeamSlug, wording};
use rocket::http::Status;

use crate::support::World;
use crate::support::cast::address;
use crate::support::visitor::Visitor;

fn riverbend() -> TeamSlug {
    "riverbend-oh".parse().expect("a team")
}

/// Lea leads Riverbend.
fn with_a_lead() -> World {
    let world = World::new();
    sign_in::add_lead(&world.app, &Actor::Operator, "lea@example.org", Some("Lea Placeholder"), &riverbend()).expect("a lead");
    world
}

fn lea(world: &World) -> Visitor {
    Visitor::signed_in(world, "lea@example.org")
}

fn edit(part: &str) -> String {
    format!("/teams/riverbend-oh/{part}")
}

#[test]
fn a_teams_page_is_for_its_own_people_and_nobody_else_learns_that_it_is_there() {
    let world = with_a_lead();
    let own = lea(&world);
    let page = own.get("/teams/riverbend-oh");
    assert_eq!(page.status, Status::Ok);
    assert!(
        own.get("/teams/riverbend-oh/edit").text().contains("Made-up chief_of_staff of Riverbend"),
        "there is something to hide"
    );
    assert_eq!(own.get("/teams").header("Location"), "/teams/riverbend-oh");
    let ada = Visitor::signed_in(&world, &address("Ada"));
    for path in ["/teams/riverbend-oh", "/teams/riverbend-oh/edit"] {
        assert_eq!(Visitor::of(&world).get(path).status, Status::Unauthorized);
        assert_eq!(ada.get(path).status, Status::NotFound);
    }
    assert_eq!(own.get("/teams/elm-hollow-mo").text(), own.get("/teams/elm-hollow-mo").text());
    assert_eq!(own.get("/teams/elm-hollow-mo").status, Status::NotFound);
    assert_eq!(ada.post_form(&edit("members"), "name=Eve&role=mayor").status, Status::NotFound);
    assert!(!ada.get("/teams").text().contains("Riverbend"));
}

#[test]
fn the_roster_is_kept_by_forms_and_a_stale_one_is_refused() {
    let world = with_a_lead();
    let own = lea(&world);
    let names = || -> Vec<String> {
        let team = convene::app::teams::roster::look(&world.app, &Actor::Operator, &riverbend()).expect("the team");
        team.members.into_iter().map(|member| format!("{} {}", member.name, member.role)).collect()
    };
    let before = names();
    assert_eq!(own.post_form(&edit("members"), "name=Mia+Madeup&role=mayor&cohorts=staff-chiefs").status, Status::SeeOther);
    assert_eq!(names()[2], "Mia Madeup mayor");
    assert_eq!(
        own.post_form(&edit("members/2"), "was=Mia+Madeup&name=Mia+Invented&role=council_member").status,
        Status::SeeOther
    );
    assert_eq!(names()[2], "Mia Invented council_member");
    assert_eq!(own.post_form(&edit("members/2/removal"), "was=Mia+Madeup").status, Status::PreconditionFailed);
    assert_eq!(own.post_form(&edit("members/2/removal"), "was=Mia+Invented").status, Status::SeeOther);
    assert_eq!(names(), before);
    let refused = own.post_form(&edit("members"), "name=Mia+Madeup&role=mayr");
    assert_eq!(refused.status, Status::BadRequest);
    assert!(refused.text().contains("id=\"members-role-error\"") && refused.text().contains("value=\"Mia Madeup\""));
    assert!(refused.text().contains("did you mean “mayor”"), "it says what would be right");
}

#[test]
fn the_councils_calendar_is_kept_by_forms_with_single_meetings_that_differ() {
    let world = with_a_lead();
    let own = lea(&world);
    let council = "name=City+Council&weekday=TU&weeks=1&weeks=3&start_time=18:00&end_time=21:00&since=2026-12-01&seats=5&agenda_days=10&approves_travel=true";
    assert_eq!(own.post_form(&edit("council"), council).status, Status::SeeOther);
    let days = || -> Vec<String> {
        let shown = year(&world.app, &Actor::Operator, &riverbend()).expect("the year");
        shown.meetings.iter().take(3).map(|one| one.day.to_string()).collect()
    };
    assert_eq!(days(), ["2026-12-01", "2026-12-15", "2027-01-05"]);
    assert_eq!(own.post_form(&edit("meetings"), "day=2026-12-15&what=moved&moved_to=2026-12-17").status, Status::SeeOther);
    assert_eq!(days(), ["2026-12-01", "2026-12-17", "2027-01-05"]);
    assert!(own.get(&edit("edit")).text().contains("moved from Tue 15 December 2026"));
    // Other hours leave what was moved where it is.
    assert_eq!(own.post_form(&edit("council"), &council.replace("18:00", "17:30")).status, Status::SeeOther);
    assert_eq!(days(), ["2026-12-01", "2026-12-17", "2027-01-05"]);
    assert_eq!(own.post_form(&edit("meetings"), "day=2026-12-01&what=off").status, Status::SeeOther);
    assert_eq!(days(), ["2026-12-17", "2027-01-05", "2027-01-19"]);
    assert_eq!(own.post_form(&edit("meetings/2026-12-01/removal"), "").status, Status::SeeOther);
    assert_eq!(own.post_form(&edit("meetings/2026-12-17/removal"), "").status, Status::SeeOther);
    assert_eq!(days(), ["2026-12-01", "2026-12-15", "2027-01-05"]);
    let refused = own.post_form(&edit("meetings"), "day=2026-12-02&what=off");
    assert_eq!(refused.status, Status::BadRequest);
    assert!(refused.text().contains("id=\"meetings-day-error\""));
    let refused = own.post_form(&edit("council"), &council.replace("seats=5", "seats=many"));
    assert_eq!(refused.status, Status::BadRequest);
    let page = refused.text();
    assert!(page.contains("id=\"council-seats-error\"") && page.contains("value=\"many\""), "what was typed is still there");
}

#[test]
fn days_ruled_out_and_the_budget_are_kept_by_forms() {
    let world = with_a_lead();
    let own = lea(&world);
    assert_eq!(own.post_form(&edit("budget"), "month=7&weeks=").status, Status::SeeOther);
    assert_eq!(
        own.post_form(&edit("blackouts"), "first_day=2027-07-05&last_day=2027-07-16&reason=council+recess&severity=medium")
            .status,
        Status::SeeOther
    );
    let shown = year(&world.app, &Actor::Operator, &riverbend()).expect("the year");
    let seasons: Vec<String> = shown.seasons.iter().map(|days| wording::days(*days)).collect();
    assert_eq!(seasons, ["Thu 6 May – Wed 30 June 2027"]);
    let id = shown.blackouts[0].0;
    assert_eq!(shown.blackouts[0].1.reason, "council recess");
    let refused = own.post_form(&edit("blackouts"), "first_day=2027-07-05&last_day=2027-07-01&reason=x&severity=high");
    assert!(refused.text().contains("id=\"blackouts-last-day-error\""));
    assert_eq!(own.post_form(&edit(&format!("blackouts/{id}/removal")), "").status, Status::SeeOther);
    assert!(year(&world.app, &Actor::Operator, &riverbend()).expect("the year").blackouts.is_empty());
}

#[test]
fn a_lead_lets_a_colleague_in_and_nobody_of_another_team() {
    let world = with_a_lead();
    let own = lea(&world);
    assert_eq!(own.post_form(&edit("leads"), "email=Max@example.org&name=Max+Placeholder").status, Status::SeeOther);
    assert_eq!(Visitor::signed_in(&world, "max@example.org").get("/teams/riverbend-oh").status, Status::Ok);
    assert_eq!(own.post_form(&edit("leads"), "email=Max").status, Status::BadRequest);
    assert_eq!(own.post_form("/teams/elm-hollow-mo/leads", "email=eve@example.org").status, Status::NotFound);
}

#[test]
fn a_team_sees_its_year_in_the_demo_without_anything_being_set_up() {
    let world = World::demo();
    let lead = Visitor::signed_in(&world, convene::app::seed::LEAD.0);
    let page = lead.get("/teams/sampleton-oh");
    assert_eq!(page.status, Status::Ok);
    let text = page.text();
    for words in [
        "Our trips",
        "Bo Sample",
        "put it on the agenda of",
        "What clashes for us",
        "Our year",
        "The same as a table",
        "council recess",
    ] {
        assert!(text.contains(words), "{words}");
    }
    assert!(!text.contains(" style=\"") && !text.contains("<script>"));
}

#[test]
fn programs_read_and_change_a_team_with_its_own_token_only() {
    use convene::store::Scope;
    use rocket::http::Method;
    use serde_json::json;
    let world = with_a_lead();
    let own = Visitor::with_token(&world, "lea@example.org", Scope::Write);
    let added = own.post_json("/api/v1/teams/riverbend-oh/members", &json!({"name": "Mia Madeup", "role": "mayor"}));
    assert_eq!((added.status, added.json()["items"].as_array().map(Vec::len)), (Status::Created, Some(3)), "{}", added.text());
    let refused = own.post_json("/api/v1/teams/riverbend-oh/members", &json!({"name": "", "role": "mayr"}));
    let fields: Vec<String> =
        refused.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].to_string()).collect();
    assert_eq!(fields, ["\"name\"", "\"role\""]);
    let council = json!({"name": "City Council", "seats": 5, "start": "2026-12-01T18:00:00", "end": "2026-12-01T21:00:00",
        "recurrence": {"rrule": "FREQ=WEEKLY;BYDAY=TU"}});
    let put = |path: &str, body: &serde_json::Value| own.ask(Method::Put, path, &[], &body.to_string());
    assert_eq!(put("/api/v1/teams/riverbend-oh/council", &council).status, Status::Ok);
    assert_eq!(put("/api/v1/teams/riverbend-oh/budget", &json!({"month": 7, "weeks": null})).status, Status::Ok);
    let moved = own.post_json("/api/v1/teams/riverbend-oh/meetings", &json!({"day": "2026-12-01", "moved_to": "2026-12-02"}));
    assert_eq!(moved.json()["items"][0]["moved_from"], "2026-12-01");
    let out = json!({"first_day": "2027-07-05", "last_day": "2027-07-16", "reason": "council recess"});
    let id = own.post_json("/api/v1/teams/riverbend-oh/blackouts", &out).json()["id"].clone();
    let shown = own.get("/api/v1/teams/riverbend-oh").json();
    assert_eq!((&shown["blackouts"][0]["id"], &shown["budget"]["month"]), (&id, &json!(7)));
    assert_eq!(own.get("/api/v1/teams").json()["items"].as_array().map(Vec::len), Some(1));
    let other = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    for path in ["/api/v1/teams/riverbend-oh", "/api/v1/teams/riverbend-oh/members", "/api/v1/teams/riverbend-oh/blackouts"] {
        assert_eq!(other.get(path).status, Status::NotFound, "{path}");
        assert_eq!(Visitor::of(&world).get(path).status, Status::Unauthorized, "{path}");
    }
    assert_eq!(other.get("/api/v1/teams").json()["items"], json!([]));
    assert_eq!(other.get("/api/v1/blackouts").json()["items"], json!([]));
    assert_eq!(
        other.post_json("/api/v1/teams/riverbend-oh/members", &json!({"name": "Eve", "role": "mayor"})).status,
        Status::NotFound
    );
    assert_eq!(own.ask(Method::Delete, &format!("/api/v1/blackouts/{id}"), &[], "").status, Status::Ok);
}

#[test]
fn the_directory_grows_by_those_who_may() {
    use convene::store::Scope;
    use serde_json::json;
    let world = with_a_lead();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let lea = Visitor::with_token(&world, "lea@example.org", Scope::Write);
    let venue = json!({"slug": "union-hall", "name": "Union Hall", "city": "Kansas City", "state": "MO", "capacity": 80});
    assert_eq!(lea.post_json("/api/v1/venues", &venue).status, Status::Forbidden);
    assert_eq!(ada.post_json("/api/v1/venues", &venue).status, Status::Created);
    let known = Visitor::of(&world).get("/api/v1/venues").json()["items"][0].clone();
    assert_eq!((&known["name"], &known["slug"], known["lat"].is_f64()), (&json!("Union Hall"), &json!("union-hall"), true));
    let cohort = json!({"slug": "clerks", "name": "Clerks", "role": "city_manager", "partners": ["harbor"]});
    assert_eq!(ada.post_json("/api/v1/cohorts", &cohort).status, Status::Created);
    assert_eq!(
        ada.post_json("/api/v1/cohorts", &json!({"slug": "x", "name": "X", "role": "mayor", "partners": ["summit"]})).status,
        Status::Forbidden
    );
    assert_eq!(ada.post_json("/api/v1/people", &json!({"slug": "una-speaker", "name": "Una Speaker"})).status, Status::Created);
    assert_eq!(
        ada.post_json("/api/v1/partners", &json!({"slug": "lake", "name": "Lake", "url": null})).status,
        Status::Forbidden
    );
}

#[test]
fn administrators_see_the_state_of_things_at_a_glance() {
    let world = World::new();
    let cleo = Visitor::signed_in(&world, &address("Cleo")).get("/admin");
    assert_eq!(cleo.status, Status::Ok);
    let page = cleo.text();
    assert!(page.contains("Cleo Placeholder") && page.contains("Nothing waits for a decision."), "{page}");
    assert!(!page.contains("Ada Placeholder"), "other partners' people are theirs");
    assert_eq!(Visitor::signed_in(&world, &address("Ada")).get("/admin").status, Status::Forbidden);
    assert_eq!(Visitor::of(&world).get("/admin").status, Status::Unauthorized);
    let demo = World::demo();
    let page = Visitor::signed_in(&demo, convene::app::seed::OPERATOR).get("/admin").text();
    for words in ["Mail: ", "No backup was made yet", "Partners", "Bo Sample"] {
        assert!(page.contains(words), "{words}");
    }
}
