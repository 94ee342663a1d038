//! A program that does not know whether its request arrived sends it again (`Idempotency-Key`).

use std::sync::mpsc::channel;

use convene::app::Error;
use convene::app::once::{Attempt, once, sweep};
use convene::store::{Answered, Scope};
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::address;
use crate::support::visitor::{Answer, Visitor};

const EVENTS: &str = "/api/v1/events";

fn session(title: &str) -> Value {
    json!({
        "title": title, "roles": ["chief_equity_officer"], "mode": "virtual", "join_url": "https://meet.example.org/room",
        "start": "2027-06-02T14:00:00", "end": "2027-06-02T15:00:00", "time_zone": "America/New_York",
    })
}

fn send(visitor: &Visitor, path: &str, key: &str, body: &Value) -> Answer {
    visitor.ask(Method::Post, path, &[("Idempotency-Key", key), ("If-Match", "\"1\"")], &body.to_string())
}

/// Status, tag, place and body: all that a program sees of an answer.
fn whole(answer: &Answer) -> (Status, String, String, String) {
    (answer.status, answer.header("ETag").to_owned(), answer.header("Location").to_owned(), answer.text())
}

fn begin() -> (World, Visitor) {
    let world = World::new();
    world.ignore_letters();
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Write);
    (world, ada)
}

#[test]
fn the_same_request_sent_again_is_answered_again_and_done_once() {
    let (world, ada) = begin();
    let first = send(&ada, EVENTS, "\"a-1\"", &session("Budgets"));
    assert_eq!(first.status, Status::Created);
    for key in ["\"a-1\"", " \"a-1\";x=1", "a-1"] {
        assert_eq!(whole(&send(&ada, EVENTS, key, &session("Budgets"))), whole(&first), "{key}");
    }
    assert_eq!(world.events().len(), 1);

    let confirmation = format!("{}/confirmation", first.header("Location"));
    let confirmed = send(&ada, &confirmation, "\"a-2\"", &json!({}));
    assert_eq!(confirmed.status, Status::Ok, "{}", confirmed.text());
    assert_eq!(whole(&send(&ada, &confirmation, "\"a-2\"", &json!({}))), whole(&confirmed), "although its If-Match has passed");
    assert_eq!(send(&ada, &confirmation, "\"a-3\"", &json!({})).status, Status::PreconditionFailed);

    assert_ne!(send(&ada, EVENTS, "\"a-4\"", &session("Budgets")).text(), first.text(), "another key is another event");
    assert_eq!(world.events().len(), 2);
}

#[test]
fn a_key_of_another_request_is_refused_and_that_of_another_token_is_not() {
    let (world, ada) = begin();
    let ben = Visitor::with_token(&world, &address("Ben"), Scope::Write);
    let first = send(&ada, EVENTS, "\"a\"", &session("Budgets"));
    let confirmation = format!("{}/confirmation", first.header("Location"));
    for (path, body) in [(EVENTS, session("Other budgets")), (&confirmation, json!({}))] {
        let refused = send(&ada, path, "\"a\"", &body);
        assert_eq!((refused.status, &refused.json()["code"]), (Status::UnprocessableEntity, &json!("other_request")), "{path}");
    }
    let other = send(&ben, EVENTS, "\"a\"", &session("Budgets"));
    assert_eq!(other.status, Status::Created);
    assert_ne!(other.json()["id"], first.json()["id"]);
    assert_eq!(world.events().len(), 2);
}

#[test]
fn what_was_refused_is_not_kept_so_the_same_key_may_come_with_what_is_right() {
    let (world, ada) = begin();
    let mut wrong = session("Budgets");
    wrong["end"] = json!("2027-06-02T13:00:00");
    assert_eq!(send(&ada, EVENTS, "\"a\"", &wrong).status, Status::BadRequest);
    assert_eq!(send(&ada, EVENTS, "\"a\"", &session("Budgets")).status, Status::Created);
    assert_eq!(world.events().len(), 1);
}

#[test]
fn an_answer_is_kept_for_a_day() {
    let (world, ada) = begin();
    let attempt = |request: &str| Attempt { token: 1, key: "a".to_owned(), request: request.to_owned() };
    let answer = |body: &str| Answered { status: 200, revision: None, location: None, body: body.to_owned() };
    let ask = |request: &str, body: &str| {
        let given = answer(body);
        once(&world.app, &attempt(request), |_| Ok::<_, Error>(given), Answered::clone, |kept| Ok(kept.clone()))
    };
    assert_eq!(send(&ada, EVENTS, "\"b\"", &session("Budgets")).status, Status::Created);
    assert_eq!(ask("one", "first").unwrap().body, "first");
    world.at("2026-11-24T11:59:59Z");
    sweep(&world.app).unwrap();
    assert_eq!(ask("one", "second").unwrap().body, "first");
    assert!(matches!(ask("two", "third"), Err(Error::OtherRequest)));
    world.at("2026-11-24T12:00:00Z");
    assert_eq!(ask("two", "third").unwrap().body, "third", "it is another request now");
    assert_eq!(kept(&world, "b"), 0, "the others went with it");
    world.at("2026-11-25T12:00:00Z");
    sweep(&world.app).unwrap();
    assert_eq!(kept(&world, "a"), 0);
}

/// How many answers there are of any age by this key.
fn kept(world: &World, key: &str) -> usize {
    let since = chrono::DateTime::UNIX_EPOCH;
    let found = |token| world.app.store.read(|reader| reader.kept_answer(token, key, since)).unwrap();
    (1..4).filter_map(found).count()
}

#[test]
fn while_it_is_worked_on_the_same_request_is_told_to_wait() {
    let (world, _ada) = begin();
    let attempt = Attempt { token: 1, key: "a".to_owned(), request: "one".to_owned() };
    let (begun, is_begun) = channel();
    let (go_on, may_go_on) = channel::<()>();
    let answer = Answered { status: 200, revision: None, location: None, body: "done".to_owned() };
    let (app, same, given) = (&world.app, &attempt, &answer);
    std::thread::scope(|scope| {
        let first = scope.spawn(move || {
            let work = |_: &_| {
                begun.send(()).unwrap();
                may_go_on.recv().unwrap();
                Ok::<_, Error>(given.clone())
            };
            once(app, same, work, Answered::clone, |kept| Ok(kept.clone()))
        });
        is_begun.recv().unwrap();
        let second = once(&world.app, &attempt, |_| panic!("it is not done twice"), Answered::clone, |kept| Ok(kept.clone()));
        assert!(matches!(second, Err(Error::Underway)), "{second:?}");
        go_on.send(()).unwrap();
        assert_eq!(first.join().unwrap().unwrap(), answer);
    });
    let third =
        once(&world.app, &attempt, |_| panic!("it is not done twice"), Answered::clone, |kept| Ok::<_, Error>(kept.clone()));
    assert_eq!(third.unwrap(), answer);
}

#[test]
fn neither_the_change_nor_its_answer_is_kept_without_the_other() {
    let (world, ada) = begin();
    assert_eq!(send(&ada, EVENTS, "\"other\"", &session("Budgets")).status, Status::Created);
    let before = world.events();
    let attempt = Attempt { token: 1, key: "a".to_owned(), request: "one".to_owned() };
    // An answer that cannot be kept: the change goes with it.
    let unfit = Answered { status: 500, revision: None, location: None, body: String::new() };
    let work = |app: &convene::app::App| {
        let actor = crate::support::cast::ada();
        let draft = crate::support::cast::session("Lost", "2027-07-01");
        convene::app::propose::propose(app, &actor, &draft, convene::domain::EventStatus::Proposed)?;
        Ok::<_, Error>(unfit)
    };
    assert!(once(&world.app, &attempt, work, Answered::clone, |kept| Ok(kept.clone())).is_err());
    assert_eq!((world.events(), kept(&world, "a")), (before, 0));
}

#[test]
fn a_secret_address_is_told_once_and_kept_nowhere() {
    let (_world, ada) = begin();
    let first = send(&ada, "/api/v1/feeds", "\"a\"", &json!({}));
    assert!(first.status == Status::Created && first.json()["address"].is_string(), "{}", first.text());
    let again = send(&ada, "/api/v1/feeds", "\"a\"", &json!({}));
    assert_eq!((again.status, &again.json()["id"]), (Status::Created, &first.json()["id"]));
    assert!(again.json()["address"].is_null(), "{}", again.text());
}

#[test]
fn a_key_that_is_none_is_refused_and_no_token_needs_none() {
    let (world, ada) = begin();
    for bad in ["\"\"", "\"open", "\"a\" b", &"x".repeat(256), "\"\\n\"", "\u{e9}"] {
        let refused = send(&ada, EVENTS, bad, &session("Budgets"));
        assert_eq!((refused.status, &refused.json()["code"]), (Status::BadRequest, &json!("bad_key")), "{bad}");
    }
    assert_eq!(send(&Visitor::of(&world), EVENTS, "\"a\"", &session("Budgets")).status, Status::Unauthorized);
    assert_eq!(world.events().len(), 0);
}

/// What the description says of all POSTs is so for all: no handler passes the key over.
#[test]
fn every_post_of_the_api_that_changes_something_takes_a_key() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/web/api");
    let without = ["check", "suggest", "read"];
    let mut seen = 0;
    for file in std::fs::read_dir(folder).unwrap().flatten().filter(|file| file.path().is_file()) {
        let text = std::fs::read_to_string(file.path()).unwrap();
        for handler in text.split("#[post(").skip(1) {
            let name = handler.split("pub async fn ").nth(1).and_then(|rest| rest.split('(').next()).unwrap();
            let body = handler.split("\n}\n").next().unwrap();
            let takes = body.contains("caller.attempt(") && body.contains(".once(attempt, ");
            assert_ne!(takes, without.contains(&name), "{name} in {}", file.path().display());
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}
