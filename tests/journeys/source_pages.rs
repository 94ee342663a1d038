//! Looking after upstream calendars, in the browser and by programs.

use convene::domain::EventStatus;
use convene::store::Scope;
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use super::upstream::{Upstream, calendar};
use crate::support::World;
use crate::support::visitor::{Answer, Visitor};

type Given = (&'static str, &'static str, &'static str, &'static str, &'static str);
const SUMMIT: Given = ("summit", "20271006", "20271009", "Lake summit", "LOCATION:Kansas City\\, MO\r\nCATEGORIES:mayor\r\n");
const FORUM: Given = ("forum", "20271117", "20271119", "Lake forum", "LOCATION:Omaha\\, NE\r\n");
const RALLY: Given = ("rally", "20270615", "20270617", "Lake rally", "");
const CALL: Given = ("call", "20270715", "20270717", "Lake call", "");

fn begin() -> (World, Upstream, Visitor) {
    let world = World::new();
    world.at("2027-01-04T12:00:00Z");
    let cleo = Visitor::signed_in(&world, "cleo@example.org");
    (world, Upstream::start(), cleo)
}

fn add(visitor: &Visitor, upstream: &Upstream) -> Answer {
    let fields = [("address", upstream.url()), ("name", "Lake calendar".to_owned()), ("every", "6h".to_owned())];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    visitor.post_file("/desk/sources/new", &fields, "", b"")
}

/// Cleo, some minutes later.
fn later(world: &World, minutes: i64) -> Visitor {
    world.app.clock.set(world.app.now() + chrono::Duration::minutes(minutes));
    Visitor::signed_in(world, "cleo@example.org")
}

#[test]
fn a_calendar_is_added_looked_at_paused_edited_read_and_removed_in_the_browser() {
    let (world, upstream, cleo) = begin();
    upstream.says(Some("\"v1\""), calendar(&[SUMMIT, FORUM]));
    let added = add(&cleo, &upstream);
    assert_eq!(added.status, Status::SeeOther, "{}", added.text());
    let page = cleo.get(added.header("Location")).text();
    assert!(page.contains("Added. 2 new."), "{page}");
    assert!(page.contains("Read Mon 4 January 2027, 07:00 EST (New York, UTC−5), in ") && page.contains(": 2 new."), "{page}");
    assert!(page.contains("Next on Mon 4 January 2027, 13:00 EST"), "{page}");
    assert!(!page.contains("s3cret") && !page.contains("private-0123456789"), "its secret is not shown: {page}");
    assert!(cleo.get("/desk/sources").text().contains("One calendar."));

    // Asked again at once it is too often; a minute later it is read.
    assert_eq!(cleo.post_form("/desk/sources/1/reading", "").status, Status::TooManyRequests);
    let cleo = later(&world, 1);
    assert_eq!(cleo.post_form("/desk/sources/1/reading", "").status, Status::SeeOther);
    let page = cleo.get("/desk/sources/1").text();
    assert!(page.contains("2 unchanged.") && page.contains("As it was"), "{page}");

    cleo.post_form("/desk/sources/1/pause", "");
    let page = cleo.get("/desk/sources/1").text();
    assert!(page.contains("Paused since Mon 4 January 2027, 07:01 EST") && !page.contains("Next on"), "{page}");
    let cleo = later(&world, 24 * 60);
    assert_eq!(convene::app::sync::due(&world.app).unwrap(), [], "what is paused is not read");
    cleo.post_form("/desk/sources/1/resume", "");
    assert_eq!(convene::app::sync::due(&world.app).unwrap().len(), 1, "and read at once when it is resumed");

    // Other defaults are for what came before, too: the server is not asked whether it changed.
    let shown = cleo.get("/desk/sources/1").text();
    let revision = shown.split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let form = format!("revision={revision}&name=Lake+dates&time_zone=America%2FChicago&every=1d&mode=&roles=city_manager");
    assert_eq!(cleo.post_form("/desk/sources/1", &form).status, Status::SeeOther);
    assert_eq!(cleo.post_form("/desk/sources/1", &form).status, Status::PreconditionFailed, "that was another revision");
    let cleo = later(&world, 1);
    assert_eq!(convene::app::sync::due(&world.app).unwrap()[0].changed, 1);
    let roles: Vec<String> = world.event("Lake forum").details.roles.iter().map(ToString::to_string).collect();
    assert_eq!(roles, ["city_manager"]);
    let bad = cleo.post_form("/desk/sources/1", "revision=9&name=&time_zone=Mars&every=1s");
    assert_eq!(bad.status, Status::BadRequest);

    let ask = cleo.get("/desk/sources/1/removal").text();
    assert!(ask.contains("Remove “Lake dates”?") && ask.contains("The 2 events that it gave stay"), "{ask}");
    assert_eq!(cleo.post_form("/desk/sources/1/removal", "").status, Status::SeeOther);
    assert_eq!(cleo.get("/desk/sources/1").status, Status::NotFound);
    assert_eq!(world.events().len(), 2, "what it gave stays");
    world.ignore_letters();
}

#[test]
fn a_broken_calendar_says_since_when_why_and_what_still_shows() {
    let (world, upstream, cleo) = begin();
    upstream.says(None, calendar(&[SUMMIT]));
    add(&cleo, &upstream);
    upstream.answers("HTTP/1.1 503 Busy\r\n", None, "");
    let cleo = later(&world, 360);
    convene::app::sync::due(&world.app).unwrap();
    let page = cleo.get("/desk/sources").text();
    assert!(page.contains("one cannot be read just now"), "{page}");
    assert!(
        page.contains(
            "It cannot be read since Mon 4 January 2027, 13:00 EST (New York, UTC−5): 127.0.0.1 answered with status 503."
        ),
        "{page}"
    );
    assert!(page.contains("What was read before still shows"), "{page}");
    // What passes by itself within half an hour is not told.
    later(&world, 30);
    let letter = world.letter();
    assert_eq!(letter.row.recipient, "cleo@example.org");
    assert!(letter.read.text.contains("https://cal.example.org/desk/sources/1"), "{}", letter.read.text);
}

#[test]
fn what_is_withdrawn_upstream_is_kept_cancelled_or_taken_off_as_its_people_say() {
    let (world, upstream, cleo) = begin();
    world.ignore_letters();
    upstream.says(None, calendar(&[SUMMIT, FORUM, RALLY, CALL]));
    add(&cleo, &upstream);
    upstream.says(None, calendar(&[SUMMIT]));
    let cleo = later(&world, 1);
    cleo.post_form("/desk/sources/1/reading", "");
    let page = cleo.get("/desk/sources/1").text();
    for title in ["Lake forum", "Lake rally", "Lake call"] {
        assert!(page.contains(title), "{title}: {page}");
    }
    let path = |title: &str, decision: &str| format!("/events/{}/upstream/{decision}", world.event(title).id);
    let ben = Visitor::signed_in(&world, "ben@example.org");
    assert_eq!(ben.post_form(&path("Lake forum", "cancel"), "").status, Status::Forbidden);
    for (title, decision) in [("Lake forum", "keep"), ("Lake rally", "cancel"), ("Lake call", "remove")] {
        assert_eq!(cleo.post_form(&path(title, decision), "").status, Status::SeeOther, "{decision}");
        assert_eq!(cleo.post_form(&path(title, decision), "").status, Status::Conflict, "once is enough");
    }
    assert_eq!(world.event("Lake forum").status, EventStatus::Confirmed);
    assert_eq!(world.event("Lake rally").status, EventStatus::Cancelled);
    let anybody = Visitor::of(&world);
    assert_eq!(anybody.get(&format!("/events/{}", world.event("Lake rally").id)).status, Status::Ok, "cancelled is visible");
    assert_eq!(anybody.get(&format!("/events/{}", world.event("Lake call").id)).status, Status::NotFound, "taken off");
    let feed = anybody.get("/feeds/all.ics").text();
    assert!(feed.contains("Lake forum") && feed.contains("Cancelled: Lake rally") && !feed.contains("Lake call"), "{feed}");
    assert!(!cleo.get("/desk/sources/1").text().contains("Withdrawn upstream"), "all is decided");
    assert!(cleo.get(&format!("/events/{}", world.event("Lake call").id)).text().contains("withdrawn upstream"), "and on record");
}

#[test]
fn a_calendar_without_an_address_is_uploaded_now_and_then() {
    let (world, _, cleo) = begin();
    let file = calendar(&[SUMMIT, FORUM]);
    let added = cleo.post_file("/desk/sources/new", &[], "lake.ics", file.as_bytes());
    assert_eq!(added.status, Status::SeeOther, "{}", added.text());
    let page = cleo.get(added.header("Location")).text();
    assert!(page.contains("lake.ics") && page.contains("Uploaded by hand") && page.contains("Upload it anew"), "{page}");
    let again = cleo.post_file("/desk/sources/1/content", &[], "lake.ics", calendar(&[SUMMIT]).as_bytes());
    assert_eq!(again.status, Status::SeeOther);
    assert!(cleo.get("/desk/sources/1").text().contains("1 unchanged and 1 withdrawn."));
    let none = cleo.post_file("/desk/sources/new", &[], "", b"");
    assert!(none.status == Status::BadRequest && none.text().contains("Give its address, or choose a file."));
    assert_eq!(world.events().len(), 2);
}

#[test]
fn bad_addresses_come_back_beside_their_field_and_others_see_nothing() {
    let (world, upstream, cleo) = begin();
    upstream.says(None, calendar(&[SUMMIT]));
    for (address, why) in [
        ("ftp://calendar.example.org/a.ics", "must begin with https://"),
        ("nonsense", "must begin with https://"),
        ("", "Give its address, or choose a file."),
    ] {
        let answer = cleo.post_file("/desk/sources/new", &[("address", address)], "", b"");
        assert_eq!(answer.status, Status::BadRequest, "{address}");
        assert!(answer.text().contains(why), "{address}: {}", answer.text());
    }
    add(&cleo, &upstream);
    assert!(add(&cleo, &upstream).text().contains("already"));
    let ada = Visitor::signed_in(&world, "ada@example.org");
    assert!(ada.get("/desk/sources").text().contains("None is connected yet"));
    for path in ["/desk/sources/1", "/desk/sources/1/removal"] {
        assert_eq!(ada.get(path).status, Status::NotFound, "{path}");
    }
    for path in ["/desk/sources/1/pause", "/desk/sources/1/reading", "/desk/sources/1/removal", "/desk/sources/1"] {
        assert_eq!(ada.post_form(path, "revision=1&name=Mine").status, Status::NotFound, "{path}");
    }
    assert_eq!(ada.post_file("/desk/sources/1/content", &[], "a.ics", b"x").status, Status::NotFound);
    assert_eq!(Visitor::of(&world).get("/desk/sources").status, Status::Unauthorized);
}

#[test]
fn programs_look_after_calendars_with_the_revision_they_read() {
    let (world, upstream, _) = begin();
    upstream.says(None, calendar(&[SUMMIT, FORUM]));
    let cleo = Visitor::with_token(&world, "cleo@example.org", Scope::Write);
    let reader = Visitor::with_token(&world, "cleo@example.org", Scope::Read);
    let ada = Visitor::with_token(&world, "ada@example.org", Scope::Write);
    let new = json!({"address": upstream.url(), "name": "Lake", "roles": ["city_manager"], "every": "15m"});
    assert_eq!(Visitor::of(&world).get("/api/v1/sources").status, Status::Unauthorized);
    assert_eq!(reader.post_json("/api/v1/sources", &new).status, Status::Forbidden);
    let made = cleo.post_json("/api/v1/sources", &new);
    assert_eq!((made.status, made.header("Location"), made.header("ETag")), (Status::Created, "/api/v1/sources/1", "\"1\""));
    let body = made.json();
    let shown: Vec<&Value> =
        ["partner", "name", "every_seconds", "paused_at", "last_reading"].iter().map(|name| &body[name]).collect();
    assert_eq!(shown, [&json!("summit"), &json!("Lake"), &json!(900), &Value::Null, &Value::Null]);
    assert!(!made.text().contains("s3cret"), "{}", made.text());
    assert_eq!(cleo.post_json("/api/v1/sources", &new).status, Status::Conflict);

    let read = cleo.post_json("/api/v1/sources/1/reading", &json!({}));
    assert_eq!((read.status, &read.json()["new"]), (Status::Ok, &json!(2)));
    assert_eq!(reader.get("/api/v1/sources/1/readings?limit=1").json()["items"][0]["outcome"], "read");
    assert_eq!(reader.get("/api/v1/sources").json()["items"][0]["last_reading"]["new"], 2);
    assert_eq!(reader.get("/api/v1/sources?colour=red").status, Status::BadRequest);

    let patch = |tag: &[(&str, &str)], body: &Value| cleo.ask(Method::Patch, "/api/v1/sources/1", tag, &body.to_string());
    let pause = json!({"paused": true, "mode": "virtual"});
    assert_eq!(patch(&[], &pause).status, Status::PreconditionRequired);
    let paused = patch(&[("If-Match", "\"1\"")], &pause);
    assert_eq!((paused.status, paused.header("ETag"), &paused.json()["mode"]), (Status::Ok, "\"2\"", &json!("virtual")));
    assert_eq!(patch(&[("If-Match", "\"1\"")], &pause).status, Status::PreconditionFailed);
    let bad = patch(&[("If-Match", "*")], &json!({"every": "1s"}));
    assert_eq!((bad.status, &bad.json()["errors"][0]["field"]), (Status::BadRequest, &json!("every")));
    assert_eq!(patch(&[("If-Match", "*")], &json!({"address": "https://x.example.org"})).status, Status::BadRequest);
    assert_eq!(patch(&[("If-Match", "*")], &json!({"colour": "red"})).status, Status::BadRequest);

    for (method, path) in
        [(Method::Get, "/api/v1/sources/1"), (Method::Delete, "/api/v1/sources/1"), (Method::Get, "/api/v1/sources/1/readings")]
    {
        assert_eq!(ada.ask(method, path, &[("If-Match", "*")], "").status, Status::NotFound, "{method} {path}");
    }
    assert_eq!(cleo.ask(Method::Delete, "/api/v1/sources/1", &[("If-Match", "\"2\"")], "").status, Status::NoContent);
    assert_eq!(cleo.get("/api/v1/sources/1").status, Status::NotFound);
    assert_eq!(world.events().len(), 2);
}

#[test]
fn programs_make_replace_and_revoke_the_addresses_of_their_own_feeds() {
    let (world, _, _) = begin();
    let cleo = Visitor::with_token(&world, "cleo@example.org", Scope::Write);
    let ada = Visitor::with_token(&world, "ada@example.org", Scope::Write);
    let made = cleo.post_json("/api/v1/feeds", &json!({}));
    assert_eq!(made.status, Status::Created);
    let address = |answer: &Answer| answer.json()["address"].as_str().unwrap().replace("https://cal.example.org", "");
    let (first, anybody) = (address(&made), Visitor::of(&world));
    assert!(first.starts_with("/feeds/organizers/") && anybody.get(&first).status == Status::Ok, "{first}");
    let listed = cleo.get("/api/v1/feeds").text();
    assert!(listed.contains("\"user\":\"cleo@example.org\"") && !listed.contains("address"), "shown once: {listed}");

    let second = cleo.post_json("/api/v1/feeds/1/replacement", &json!({}));
    assert_eq!((second.status, second.header("Location")), (Status::Created, "/api/v1/feeds/2"));
    assert_eq!((anybody.get(&first).status, anybody.get(&address(&second)).status), (Status::Gone, Status::Ok));
    assert_eq!(ada.ask(Method::Delete, "/api/v1/feeds/2", &[], "").status, Status::Forbidden);
    assert_eq!(cleo.ask(Method::Delete, "/api/v1/feeds/2", &[], "").status, Status::NoContent);
    assert_eq!(anybody.get(&address(&second)).status, Status::Gone);
    assert_eq!(ada.post_json("/api/v1/feeds", &json!({"team": "riverbend-oh"})).status, Status::Forbidden);
    assert_eq!(ada.get("/api/v1/feeds").json()["items"], json!([]));
}

#[test]
fn a_team_lead_makes_replaces_and_revokes_the_teams_address_in_the_browser() {
    let (world, _, _) = begin();
    let team = "riverbend-oh".parse().unwrap();
    convene::app::sign_in::add_lead(
        &world.app,
        &convene::app::Actor::Operator,
        "lena@example.org",
        Some("Lena Placeholder"),
        &team,
    )
    .unwrap();
    let lena = Visitor::signed_in(&world, "lena@example.org");
    let anybody = Visitor::of(&world);
    let made = |answer: &Answer| {
        let text = answer.text();
        let rest = text.split("value=\"https://cal.example.org/feeds/teams/").nth(1).unwrap_or_else(|| panic!("{text}"));
        format!("/feeds/teams/{}", rest.split('"').next().unwrap())
    };
    let first = made(&lena.post_form("/desk/feed", ""));
    assert_eq!(anybody.get(&first).status, Status::Ok);
    let second = made(&lena.post_form("/desk/feed", ""));
    assert_eq!((anybody.get(&first).status, anybody.get(&second).status), (Status::Gone, Status::Ok), "a new one ends the old");
    assert_eq!(Visitor::signed_in(&world, "ada@example.org").post_form("/desk/feed/2/revocation", "").status, Status::Forbidden);
    assert_eq!(lena.post_form("/desk/feed/2/revocation", "").status, Status::SeeOther);
    assert_eq!(anybody.get(&second).status, Status::Gone);
    world.ignore_letters();
}
