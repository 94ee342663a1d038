//! The shapes that answers share: what a finding is, and the words it may use, each list made from the enum itself.

use serde_json::{Map, Value, json};

use crate::domain::conflict::{Kind, Severity};

/// By name, for `components.schemas`.
pub(super) fn all() -> Value {
    json!({"Kind": kinds(), "Severity": severities(), "Finding": finding()})
}

/// The schema of a parameter: a list of words where there is one.
pub(super) fn of(path: &str, name: &str) -> Value {
    match (path, name) {
        ("/findings", "kind") => json!({"$ref": "#/components/schemas/Kind"}),
        ("/findings", "at_least") => json!({"$ref": "#/components/schemas/Severity"}),
        _ => json!({"type": "string"}),
    }
}

fn kinds() -> Value {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    let said: Vec<String> = Kind::ALL.iter().map(|kind| format!("{kind}: {}", kind.label())).collect();
    json!({"type": "string", "enum": names, "description": said.join("; ")})
}

fn severities() -> Value {
    let names: Vec<&str> = Severity::ALL.iter().map(|severity| severity.as_str()).collect();
    json!({"type": "string", "enum": names, "description": "the gravest first; an opportunity is a good finding"})
}

fn finding() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let maybe = |description: &str| json!({"type": ["string", "null"], "description": description});
    let texts = || json!({"type": "array", "items": {"type": "string"}});
    let because = json!({
        "rule": {"$ref": "#/components/schemas/Kind"},
        "name": maybe("what it clashes with when that is not an event, such as Diwali"),
        "data": maybe("the version and age of the data behind the rule"),
        "threshold": maybe("the thresholds and severities that the rule was asked with"),
        "policy": maybe("whose policy makes it so grave, where that is not the defaults'"),
    });
    let instants = json!({"start": {"type": "string", "format": "date-time"}, "end": {"type": "string", "format": "date-time"}});
    let mut occurrence: Map<String, Value> = instants.as_object().cloned().unwrap_or_default();
    occurrence.insert("event".to_owned(), text("the event's id"));
    json!({"type": "object", "properties": {
        "fingerprint": text("names it for as long as the same two events clash in the same way"),
        "kind": {"$ref": "#/components/schemas/Kind"},
        "severity": {"$ref": "#/components/schemas/Severity"},
        "events": texts(),
        "occurrences": {"type": "array", "items": {"type": "object", "properties": occurrence}},
        "overlap": {"type": ["object", "null"], "properties": instants},
        "touches": {"type": "object", "properties": {"roles": texts(), "people": texts(), "teams": {"type": "integer"}}},
        "because": {"type": "object", "properties": because},
        "message": text("one sentence for a person"),
        "withheld": {"type": "boolean", "description": "true where another partner's plan is not public"},
        "override": {"type": ["object", "null"], "properties": {"by": text("who decided"), "at": text("when"), "reason": text("why")}},
    }})
}
