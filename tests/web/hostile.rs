//! Nothing that anybody can send makes the service fail.

use proptest::prelude::*;
use rocket::http::Method;

use crate::support::World;
use crate::support::cast::address;
use crate::support::visitor::Visitor;

const PATHS: [&str; 22] = [
    "/",
    "/?view=",
    "/?view=month&month=",
    "/?view=year&from=",
    "/?roles=",
    "/?past=",
    "/?place=",
    "/findings?from=",
    "/findings?kind=",
    "/findings?start=",
    "/subscribe?roles=",
    "/subscribe/",
    "/unsubscribe/",
    "/sign-in/",
    "/sign-in?next=",
    "/events/",
    "/anchors/",
    "/feeds/",
    "/feeds/all.ics?past=",
    "/feeds/roles/",
    "/api/v1/events?cursor=",
    "/api/v1/changes?since=",
];

const FORMS: [&str; 5] = ["/propose", "/subscribe", "/sign-in", "/events/x/move", "/findings/x/override"];
const FIELDS: [&str; 16] = [
    "act",
    "title",
    "partner",
    "roles",
    "kind",
    "mode",
    "start_date",
    "start_time",
    "end_date",
    "time_zone",
    "all_day",
    "email",
    "hour",
    "frequency",
    "venue_capacity",
    "reason",
];

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[test]
fn no_address_and_no_form_makes_the_service_fail() {
    let world = World::demo();
    world.ignore_letters();
    let visitor = Visitor::of(&world);
    let organizer = Visitor::signed_in(&world, convene::app::seed::ORGANIZER);
    assert!(!address("Ada").is_empty());
    let text = prop_oneof![
        any::<String>(),
        "[0-9]{1,5}-[0-9]{1,3}-[0-9]{1,3}",
        "-?[0-9]{1,25}",
        "P[0-9]{0,20}[YMWDX]?",
        Just("9999-12-31".to_owned()),
        Just("0001-01-01".to_owned()),
        Just("2149-12-31".to_owned()),
        Just("\u{0}%00\r\n\u{202e}".to_owned()),
    ];
    let fields = proptest::collection::vec((proptest::sample::select(FIELDS.to_vec()), text.clone()), 0..12);
    let config = ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(path in proptest::sample::select(PATHS.to_vec()), value in text, form in proptest::sample::select(FORMS.to_vec()), fields in fields)| {
        let seen = visitor.get(&format!("{path}{}", encoded(&value)));
        prop_assert!(seen.status.code < 500, "{path}{value}: {} {}", seen.status, seen.text());
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let sent = organizer.post_form(form, &body.join("&"));
        prop_assert!(sent.status.code < 500, "{form} {body:?}: {} {}", sent.status, sent.text());
    });
}

#[test]
fn no_body_makes_the_api_fail() {
    let world = World::new();
    let ada = Visitor::with_token(&world, &address("Ada"), convene::store::Scope::Write);
    let depth = "[".repeat(20_000);
    let bodies = [
        "",
        "{",
        "null",
        "[]",
        "\"x\"",
        "{\"title\": 1}",
        "{\"venue\": {\"lat\": 1e999}}",
        "{\"expected\": -1}",
        depth.as_str(),
        "\u{0}",
    ];
    for path in [
        "/api/v1/events",
        "/api/v1/check",
        "/api/v1/suggestions",
        "/api/v1/events/x/move",
        "/api/v1/events/0193b0a0-0000-7000-8000-000000000000/move",
    ] {
        for body in bodies {
            let answer = ada.ask(Method::Post, path, &[("If-Match", "*")], body);
            assert!((400..500).contains(&answer.status.code), "{path} {:.40}: {}", body, answer.status);
            assert_eq!(answer.header("Content-Type"), "application/problem+json", "{path} {body:.40}");
        }
    }
}
