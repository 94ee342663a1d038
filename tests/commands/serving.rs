//! The program as a server: what programs see of it over the wire.

use std::sync::Barrier;

use serde_json::{Value, json};

use super::program::{Answer, Program};

#[test]
fn two_who_confirm_into_one_room_over_the_wire_get_one_yes_and_one_409_that_names_the_winner() {
    let program = Program::with_partners();
    let tokens = [program.token("harbor"), program.token("prairie")].map(|token| format!("Bearer {token}"));
    let server = program.serve(&[]);
    for round in 0..5 {
        let proposals = [0, 1].map(|who: usize| {
            let body = in_the_oak_room(["Harbor's morning", "Prairie's morning"][who], &format!("2027-03-{:02}", 10 + round));
            let answer = server.post("/api/v1/events", &[("Authorization", &tokens[who])], &body.to_string()).expect("an answer");
            assert_eq!(answer.status, 201, "{answer:?}");
            answer.json()
        });
        let start = Barrier::new(2);
        let confirm = |who: usize| -> Answer {
            let path = format!("/api/v1/events/{}/confirmation", text(&proposals[who], "id"));
            start.wait();
            server.post(&path, &[("Authorization", &tokens[who]), ("If-Match", "\"1\"")], "").expect("an answer")
        };
        let answers = std::thread::scope(|scope| {
            let confirm = &confirm;
            [0, 1].map(|who| scope.spawn(move || confirm(who))).map(|one| one.join().expect("no panic"))
        });
        let mut statuses = [answers[0].status, answers[1].status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "{answers:?}");
        let winner = usize::from(answers[0].status != 200);
        let loser = &answers[1 - winner];
        assert_eq!(loser.kind, "application/problem+json");
        assert!(loser.body.contains(&text(&proposals[winner], "title")), "{loser:?}");
    }
}

#[test]
fn a_feed_is_sent_once_and_then_only_said_to_be_the_same() {
    let program = Program::with_partners();
    let token = format!("Bearer {}", program.token("harbor"));
    let server = program.serve(&[]);
    let first = server.get("/feeds/all.ics", &[]).expect("an answer");
    assert_eq!((first.status, first.kind.as_str()), (200, "text/calendar; charset=utf-8"));
    let again = |tag: &str| server.get("/feeds/all.ics", &[("If-None-Match", tag)]).expect("an answer");
    assert_eq!((again(&first.etag).status, again(&first.etag).body.as_str()), (304, ""));

    let event = json!({"title": "Budgeting", "roles": ["mayor"], "mode": "virtual", "start": "2027-03-10", "time_zone": "America/Chicago"});
    let proposed = server.post("/api/v1/events", &[("Authorization", &token)], &event.to_string()).expect("an answer");
    assert_eq!((proposed.status, again(&first.etag).status), (201, 304), "a proposal is not public");
    let path = format!("/api/v1/events/{}/confirmation", text(&proposed.json(), "id"));
    let stale = server.post(&path, &[("Authorization", &token), ("If-Match", "\"7\"")], "").expect("an answer");
    assert_eq!((stale.status, stale.kind.as_str()), (412, "application/problem+json"));
    let confirmed = server.post(&path, &[("Authorization", &token), ("If-Match", &proposed.etag)], "").expect("an answer");
    assert_eq!(confirmed.status, 200, "{confirmed:?}");
    let changed = again(&first.etag);
    assert!(changed.status == 200 && changed.body.contains("SUMMARY:Budgeting"), "{changed:?}");

    let port = server.port;
    drop(server);
    let restarted = program.serve_at(port, &[]);
    let after = restarted.get("/feeds/all.ics", &[]).expect("an answer");
    assert_eq!((after.body, after.etag), (changed.body, changed.etag), "a restart changes no byte");
}

#[test]
fn mistakes_are_told_as_problems_with_their_fields() {
    let program = Program::with_partners();
    let token = format!("Bearer {}", program.token("harbor"));
    let server = program.serve(&[]);
    let write = |body: &str| server.post("/api/v1/events", &[("Authorization", &token)], body).expect("an answer");
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{\"title\": 7}",
        "{\"colour\": \"red\"}",
        "{\"title\": \"\", \"start\": \"soon\"}",
        &"[".repeat(100_000),
    ] {
        let answer = write(body);
        assert_eq!(
            (answer.status, answer.kind.as_str()),
            (400, "application/problem+json"),
            "{}: {answer:?}",
            &body[..body.len().min(40)]
        );
        assert!(answer.json()["errors"].as_array().is_some_and(|errors| !errors.is_empty()), "{answer:?}");
    }
    let stranger = server.post("/api/v1/events", &[], "{}").expect("an answer");
    assert_eq!(stranger.status, 401, "{stranger:?}");
    let forged = server.post("/api/v1/events", &[("Authorization", "Bearer cvn_made-up")], "{}").expect("an answer");
    assert_eq!(forged.status, 401, "{forged:?}");
    let filter = server.get("/feeds/all.ics?roles=mayer", &[]).expect("an answer");
    assert!(filter.status == 400 && filter.body.contains("mayor"), "{filter:?}");
    for path in
        ["/feeds/none.ics", "/feeds/roles/mayer.ics", "/api/v1/events/not-an-id", "/events/00000000-0000-0000-0000-000000000000"]
    {
        assert_eq!(server.get(path, &[]).expect("an answer").status, 404, "{path}");
    }
}

#[test]
fn a_second_start_of_the_demo_changes_nothing() {
    let program = Program::new();
    drop(program.serve(&["--demo"]));
    let before = program.fine(&["export", "--format", "json"]);
    assert!(before.matches("\"id\"").count() > 87);
    let counts = program.fine(&["verify"]);
    drop(program.serve(&["--demo"]));
    assert!(program.fine(&["export", "--format", "json"]) == before);
    assert_eq!(program.fine(&["verify"]), counts);
}

fn in_the_oak_room(title: &str, day: &str) -> Value {
    json!({
        "title": title, "roles": ["mayor"], "mode": "in_person", "start": format!("{day}T09:00"), "end": format!("{day}T12:00"),
        "time_zone": "America/Chicago", "venue": {"name": "Union Hall", "room": "Oak Room", "city": "Kansas City", "state": "MO"}
    })
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value}")).to_owned()
}
