//! `/api/v1`

use convene::store::Scope;
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::address;
use crate::support::visitor::Visitor;

fn workshop(title: &str) -> Value {
    json!({
        "title": title, "roles": ["chief_of_staff"], "mode": "in_person",
        "venue": {"name": "Union Hall", "room": "Oak Room", "city": "Kansas City", "state": "MO"},
        "start": "2027-06-02T09:00:00", "end": "2027-06-02T12:00:00", "time_zone": "America/Chicago",
    })
}

fn id(value: &Value) -> String {
    value["id"].as_str().expect("an id").to_owned()
}

#[test]
fn two_who_confirm_into_one_room_get_one_yes_and_one_no_that_names_the_winner() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let ben = Visitor::with_token(&world, &address("Ben"), Scope::Write);
    let first = id(&ada.post_json("/api/v1/events", &workshop("Ada’s workshop")).json());
    let second = id(&ben.post_json("/api/v1/events", &workshop("Ben’s workshop")).json());
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(move || ada.post_json(&format!("/api/v1/events/{first}/confirmation"), &json!({})));
        let two = scope.spawn(move || ben.post_json(&format!("/api/v1/events/{second}/confirmation"), &json!({})));
        (one.join().expect("an answer"), two.join().expect("an answer"))
    });
    let (won, lost, winner) =
        if one.status == Status::Ok { (one, two, "Ada’s workshop") } else { (two, one, "Ben’s workshop") };
    assert_eq!((won.status, lost.status), (Status::Ok, Status::Conflict));
    let problem = lost.json();
    assert_eq!(problem["code"], "blocked");
    assert_eq!(problem["findings"][0]["kind"], "room_double_booked");
    assert!(problem["detail"].as_str().expect("words").contains(winner), "{problem}");
}

#[test]
fn what_is_not_public_is_seen_by_its_partner_and_by_nobody_else() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let anybody = Visitor::of(&world);
    let made = ada.post_json("/api/v1/events", &workshop("A secret plan"));
    assert_eq!(made.status, Status::Created);
    let path = format!("/api/v1/events/{}", id(&made.json()));
    let page = format!("/events/{}", id(&made.json()));
    let places = [
        "/api/v1/events",
        "/api/v1/changes",
        "/api/v1/findings",
        "/feeds/all.ics",
        "/feeds/all.json",
        "/?past=true",
        "/findings",
    ];
    assert!(ada.get("/api/v1/events").text().contains("A secret plan"));
    assert_eq!(ada.get(&path).status, Status::Ok);
    for place in places {
        let seen = anybody.get(place);
        assert_eq!(seen.status, Status::Ok, "{place}");
        assert!(!seen.text().contains("A secret plan"), "{place}");
    }
    for hidden in [&path, &page, &format!("{page}.ics")] {
        assert_eq!(anybody.get(hidden).status, Status::NotFound, "{hidden}");
    }
    // Once it is public it is seen, but not what it was before.
    ada.post_json(&format!("{path}/confirmation"), &json!({}));
    assert!(anybody.get("/feeds/all.ics").text().contains("A secret plan"));
    let changes = anybody.get("/api/v1/changes").json();
    assert_eq!(changes["items"].as_array().expect("items").len(), 1, "{changes}");
    assert_eq!((&changes["items"][0]["what"], &changes["items"][0]["before"]), (&json!("confirmed"), &Value::Null));
}

#[test]
fn writing_needs_a_token_that_may_write() {
    let world = World::new();
    let anybody = Visitor::of(&world);
    let reader = Visitor::with_token(&world, &address("Ada"), Scope::Read);
    assert_eq!(anybody.post_json("/api/v1/events", &workshop("x")).status, Status::Unauthorized);
    let refused = reader.post_json("/api/v1/events", &workshop("x"));
    assert_eq!((refused.status, refused.json()["code"].clone()), (Status::Forbidden, json!("read_only")));
    assert_eq!(
        anybody.ask(Method::Get, "/api/v1/events", &[("Authorization", "Bearer cvn_wrong")], "").status,
        Status::Unauthorized
    );
    assert!(world.events().is_empty());
}

#[test]
fn nobody_puts_events_into_another_partners_calendar() {
    let world = World::new();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let mut theirs = workshop("x");
    theirs["partner"] = json!("prairie");
    assert_eq!(ada.post_json("/api/v1/events", &theirs).status, Status::Forbidden);
}

#[test]
fn every_mistake_is_answered_with_its_field() {
    let world = World::new();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let bad = json!({"title": "", "roles": ["king"], "start": "soon", "time_zone": "Mars/Olympus"});
    let answer = ada.post_json("/api/v1/events", &bad);
    assert_eq!((answer.status, answer.header("Content-Type")), (Status::BadRequest, "application/problem+json"));
    let fields: Vec<_> = answer.json()["errors"].as_array().expect("errors").iter().map(|one| one["field"].clone()).collect();
    assert_eq!(fields, [json!("title"), json!("start"), json!("time_zone")]);
    let unknown = ada.post_json("/api/v1/events", &json!({"titel": "x", "start": "2027-06-02"}));
    assert_eq!(unknown.json()["errors"][0]["field"], "titel");
    let mut king = workshop("x");
    king["roles"] = json!(["chief_of_stuff"]);
    let said = ada.post_json("/api/v1/events", &king).json();
    assert!(said["errors"][0]["message"].as_str().expect("words").contains("chief_of_staff"), "{said}");
    assert!(world.events().is_empty());
}

#[test]
fn a_change_says_what_it_read_and_a_stale_one_is_refused() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let made = ada.post_json("/api/v1/events", &workshop("Before"));
    let path = format!("/api/v1/events/{}", id(&made.json()));
    let patch = |if_match: &[(&str, &str)]| ada.ask(Method::Patch, &path, if_match, r#"{"title": "After"}"#);
    assert_eq!(patch(&[]).status.code, 428);
    assert_eq!(patch(&[("If-Match", "\"7\"")]).status, Status::PreconditionFailed);
    let changed = patch(&[("If-Match", made.header("ETag"))]);
    assert_eq!((changed.status, changed.header("ETag")), (Status::Ok, "\"2\""));
    assert_eq!(changed.json()["title"], "After");
    assert_eq!(patch(&[("If-Match", made.header("ETag"))]).status, Status::PreconditionFailed);
}

#[test]
fn a_finding_is_overridden_with_a_reason_and_then_no_longer_blocks() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let ben = Visitor::with_token(&world, &address("Ben"), Scope::Write);
    let first = id(&ada.post_json("/api/v1/events", &workshop("First")).json());
    let second = id(&ben.post_json("/api/v1/events", &workshop("Second")).json());
    ada.post_json(&format!("/api/v1/events/{first}/confirmation"), &json!({}));
    let blocked = ben.post_json(&format!("/api/v1/events/{second}/confirmation"), &json!({})).json();
    // What was tried is not stored; the finding stands, as between a plan and a certain event.
    let fingerprint = blocked["findings"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
    let over = |reason: &str| {
        ben.ask(Method::Put, &format!("/api/v1/findings/{fingerprint}/override"), &[], &json!({"reason": reason}).to_string())
    };
    assert_eq!(over(" ").status, Status::BadRequest);
    let done = over("The room has a folding wall.");
    assert_eq!(done.json()["override"]["by"], "Ben Placeholder");
    let confirmation = format!("/api/v1/events/{second}/confirmation");
    assert_eq!(ben.post_json(&confirmation, &json!({})).status, Status::Ok, "the reason is on record");
    let standing = |visitor: &Visitor| visitor.get(&format!("/api/v1/findings?event={second}")).json()["items"][0].clone();
    assert_eq!((&standing(&ben)["severity"], &standing(&ben)["override"]["by"]), (&json!("block"), &json!("Ben Placeholder")));
    // It comes back when what it was about has changed.
    let later = json!({"start": "2027-06-02T10:00:00", "end": "2027-06-02T13:00:00"});
    assert_eq!(ben.post_json(&format!("/api/v1/events/{second}/move"), &later).status, Status::Conflict);
}

#[test]
fn lists_are_given_in_pages_that_miss_nothing() {
    let world = World::demo();
    let anybody = Visitor::of(&world);
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = anybody.get(&format!("/api/v1/events?limit=17{cursor}")).json();
        seen.extend(page["items"].as_array().expect("items").iter().map(id));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let public = world.events().iter().filter(|event| event.is_public()).count();
    assert_eq!(seen.len(), public);
    seen.dedup();
    assert_eq!(seen.len(), public);
    assert_eq!(anybody.get("/api/v1/events?limit=0").status, Status::BadRequest);
}

/// A Monday evening in Honolulu, which is Tuesday in UTC, and a Tuesday morning in Guam, which is Monday there.
#[test]
fn from_and_to_are_days_by_the_clock_of_each_event() {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    let online = |title: &str, start: &str, end: &str, zone: &str| {
        let event = json!({
            "title": title, "roles": ["chief_of_staff"], "mode": "virtual", "start": start, "end": end, "time_zone": zone,
            "status": "announced",
        });
        assert_eq!(ada.post_json("/api/v1/events", &event).status, Status::Created);
    };
    online("Honolulu", "2027-06-07T18:00", "2027-06-07T19:00", "Pacific/Honolulu");
    online("Guam", "2027-06-08T08:00", "2027-06-08T09:00", "Pacific/Guam");
    let anybody = Visitor::of(&world);
    let on = |from: &str, to: &str| -> Vec<String> {
        let page = anybody.get(&format!("/api/v1/events?from={from}&to={to}")).json();
        let items = page["items"].as_array().expect("items");
        items.iter().map(|one| one["title"].as_str().expect("a title").to_owned()).collect()
    };
    assert_eq!(on("2027-06-07", "2027-06-07"), ["Honolulu"]);
    assert_eq!(on("2027-06-08", "2027-06-08"), ["Guam"]);
    assert_eq!(on("2027-06-07", "2027-06-08").len(), 2);
    let reversed = anybody.get("/api/v1/events?from=2027-06-08&to=2027-06-07");
    assert_eq!(reversed.status, Status::BadRequest);
    let said = reversed.json()["errors"][0]["message"].as_str().expect("words").to_owned();
    assert!(said.contains("2027-06-08") && said.contains("2027-06-07"), "{said}");
    assert_eq!(anybody.get("/findings?from=2027-06-08&to=2027-06-07").status, Status::BadRequest);
    // A feed that ends today by the clock of its readers has what is this evening by that clock: 7 June is over in UTC.
    world.at("2027-06-08T02:00:00Z");
    let feed = world.feed("past=P0D&future=P0D");
    assert!(feed.contains("Honolulu") && !feed.contains("Guam"), "{feed}");
}
