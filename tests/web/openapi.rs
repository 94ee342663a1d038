//! `/api/v1/openapi.json`

use std::collections::BTreeSet;

use serde_json::{Value, json};

use convene::domain::conflict::{Kind, Severity};

use crate::support::World;
use crate::support::visitor::Visitor;

const BASE: &str = "/api/v1";

/// `/events/<id>/<step>` with its variables made one, since the steps are described one by one.
fn shape(path: &str) -> String {
    let steps = path.replace('<', "{").replace('>', "}");
    steps.split('/').map(|part| if part.starts_with('{') { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

fn covers(mounted: &str, described: &str) -> bool {
    let (mounted, described): (Vec<_>, Vec<_>) = (mounted.split('/').collect(), described.split('/').collect());
    mounted.len() == described.len() && mounted.iter().zip(&described).all(|(ours, theirs)| *ours == "{}" || ours == theirs)
}

#[test]
fn every_operation_of_the_api_is_described_and_every_described_one_is_there() {
    let world = World::new();
    let visitor = Visitor::of(&world);
    let document = visitor.get("/api/v1/openapi.json").json();
    let described: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, methods)| {
            let methods = methods.as_object().expect("methods").keys();
            methods.map(|method| (method.to_uppercase(), shape(path))).collect::<Vec<_>>()
        })
        .collect();
    let mounted: BTreeSet<(String, String)> = visitor
        .routes()
        .into_iter()
        .filter_map(|(method, path)| {
            let path = path.strip_prefix(BASE).filter(|path| *path != "/openapi.json")?.to_owned();
            Some((method.to_string(), shape(&path)))
        })
        .collect();
    let same = |(a, ours): &(String, String), (b, theirs): &(String, String)| a == b && covers(ours, theirs);
    let silent: Vec<_> = mounted.iter().filter(|ours| !described.iter().any(|theirs| same(ours, theirs))).collect();
    let absent: Vec<_> = described.iter().filter(|theirs| !mounted.iter().any(|ours| same(ours, theirs))).collect();
    assert_eq!((silent, absent), (vec![], vec![]));
}

#[test]
fn the_kinds_and_severities_of_findings_are_listed_as_the_program_has_them() {
    let document = Visitor::of(&World::new()).get("/api/v1/openapi.json").json();
    let listed = |name: &str| document["components"]["schemas"][name]["enum"].clone();
    let kinds: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let severities: Vec<&str> = Severity::ALL.iter().map(|severity| severity.as_str()).collect();
    assert_eq!((listed("Kind"), listed("Severity")), (json!(kinds), json!(severities)));
    let filters = document["paths"]["/findings"]["get"]["parameters"].as_array().expect("parameters").clone();
    let kind = filters.iter().find(|one| one["name"] == "kind").expect("a filter by kind");
    assert_eq!(kind["schema"]["$ref"], "#/components/schemas/Kind");
}

#[test]
fn each_variable_of_a_path_and_each_field_of_a_body_is_in_the_description() {
    let document = Visitor::of(&World::new()).get("/api/v1/openapi.json").json();
    let paths = document["paths"].as_object().expect("paths");
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().expect("methods") {
            let named: BTreeSet<&str> = operation["parameters"]
                .as_array()
                .expect("parameters")
                .iter()
                .filter(|one| one["in"] == "path")
                .filter_map(|one| one["name"].as_str())
                .collect();
            let in_path: BTreeSet<&str> =
                path.split(['{', '}']).enumerate().filter(|(at, _)| at % 2 == 1).map(|(_, name)| name).collect();
            assert_eq!(named, in_path, "{method} {path}");
        }
    }
    let proposal: &Value = &paths["/events"]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"];
    assert!(["title", "roles", "start", "end", "time_zone"].iter().all(|field| proposal[field].is_object()), "{proposal}");
}
