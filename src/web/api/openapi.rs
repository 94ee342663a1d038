//! `/api/v1/openapi.json`, and the same to read at `/api`.

use rocket::{State, get};
use serde_json::{Value, json};

use crate::web::answer::{Json, Page};
use crate::web::db::Service;
use crate::web::guards::Viewer;
use crate::web::pages::api_docs::{ApiDocs, ApiGroup, Operation, api_docs as page};
use crate::web::problem::Problem;

/// One operation: group, method, path, what it does, what it takes, what it answers.
struct Described {
    group: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    parameters: &'static [(&'static str, &'static str)],
    answers: &'static [(u16, &'static str)],
    needs_token: bool,
}

const IF_MATCH: (&str, &str) = ("If-Match", "header: the ETag of the event as you read it, or *");
const REASON: (&str, &str) = ("reason", "body: why, in words that others read");
const CHANGED: &[(u16, &str)] = &[
    (200, "the event with its findings"),
    (401, "no token, or one that does not work"),
    (403, "not yours to change"),
    (404, "no such event, or not yours to see"),
    (409, "something blocks it, or the step may not follow"),
    (412, "it has changed since you read it"),
    (428, "If-Match is missing"),
];

const fn step(path: &'static str, summary: &'static str, parameters: &'static [(&'static str, &'static str)]) -> Described {
    Described {
        group: "Steps of an event's life",
        method: "POST",
        path,
        summary,
        parameters,
        answers: CHANGED,
        needs_token: true,
    }
}

const ALL: &[Described] = &[
    Described {
        group: "Events",
        method: "GET",
        path: "/events",
        summary: "Events, by id",
        parameters: &[
            (
                "roles, partners, modes, cohorts, stages, anchor, place",
                "query: filters; repeated or comma-separated values are or, different names are and",
            ),
            ("from, to", "query: civil days, both included, by the clock of each event"),
            ("limit, cursor", "query: how many, and from where on"),
        ],
        answers: &[(200, "items and next_cursor"), (400, "an unknown filter or value, with the known ones")],
        needs_token: false,
    },
    Described {
        group: "Events",
        method: "POST",
        path: "/events",
        summary: "Propose an event",
        parameters: &[(
            "title, roles, start, end, time_zone, mode, venue, …",
            "body: an event; status may be idea, hold, proposed, announced or confirmed",
        )],
        answers: &[
            (201, "the event with its findings"),
            (400, "each mistake with its field"),
            (401, "no token"),
            (403, "another partner's event"),
            (409, "something blocks it"),
        ],
        needs_token: true,
    },
    Described {
        group: "Events",
        method: "GET",
        path: "/events/{id}",
        summary: "One event with its findings",
        parameters: &[],
        answers: &[(200, "the event"), (404, "no such event, or not yours to see")],
        needs_token: false,
    },
    Described {
        group: "Events",
        method: "PATCH",
        path: "/events/{id}",
        summary: "Change some of its fields",
        parameters: &[IF_MATCH, ("…", "body: the fields that change")],
        answers: CHANGED,
        needs_token: true,
    },
    Described {
        group: "Events",
        method: "DELETE",
        path: "/events/{id}",
        summary: "Cancel it; it stays visible as cancelled",
        parameters: &[IF_MATCH],
        answers: CHANGED,
        needs_token: true,
    },
    step("/events/{id}/hold", "Hold its dates provisionally", &[IF_MATCH, REASON]),
    step("/events/{id}/announcement", "Announce it as a save-the-date", &[IF_MATCH, REASON]),
    step("/events/{id}/confirmation", "Confirm it", &[IF_MATCH, REASON]),
    step(
        "/events/{id}/move",
        "Move it to other dates",
        &[IF_MATCH, ("start, end", "body: dates or wall times in its zone"), REASON],
    ),
    step("/events/{id}/virtual", "Hold it online", &[IF_MATCH, ("join_url", "body: where to join"), REASON]),
    step("/events/{id}/postponement", "Postpone it, new dates to come", &[IF_MATCH, REASON]),
    step("/events/{id}/cancellation", "Cancel it", &[IF_MATCH, REASON]),
    Described {
        group: "Findings",
        method: "POST",
        path: "/check",
        summary: "Findings for an event that is not stored",
        parameters: &[("…", "body: an event as for POST /events")],
        answers: &[
            (200, "findings; \"withheld\": true where another partner's plan is not public"),
            (400, "each mistake with its field"),
            (401, "no token"),
        ],
        needs_token: true,
    },
    Described {
        group: "Findings",
        method: "POST",
        path: "/suggestions",
        summary: "The best windows for a wish, and why others fell out",
        parameters: &[
            ("length", "body: 3d, 2h or 90m"),
            ("between", "body: 2027-10-01..2027-11-30; around the event that it is near, where none is given"),
            ("roles, cohort, mode, speakers, expected, time_zone, partner", "body: as of an event"),
            ("weekdays, hours", "body: wed-fri, tue or any; 10:00-17:00"),
            ("near", "body: an event's id, or a place such as Kansas City, MO"),
            ("travel_days, avoid, limit", "body: days of travel on each side; avoid, caution or note; how many windows"),
        ],
        answers: &[(200, "windows and dropped"), (400, "each mistake with its field"), (401, "no token")],
        needs_token: true,
    },
    Described {
        group: "Findings",
        method: "GET",
        path: "/findings",
        summary: "All findings that you may see, the gravest first",
        parameters: &[("kind, at_least, event", "query: filters")],
        answers: &[(200, "items"), (400, "an unknown filter or value")],
        needs_token: false,
    },
    Described {
        group: "Findings",
        method: "PUT",
        path: "/findings/{fingerprint}/override",
        summary: "Go on in spite of a finding, with a reason",
        parameters: &[REASON],
        answers: &[
            (200, "the finding with its override"),
            (400, "no reason"),
            (401, "no token"),
            (403, "not about an event of yours"),
            (404, "it does not stand"),
        ],
        needs_token: true,
    },
    Described {
        group: "Directory",
        method: "GET",
        path: "/partners",
        summary: "Partners",
        parameters: &[],
        answers: &[(200, "items")],
        needs_token: false,
    },
    Described {
        group: "Directory",
        method: "GET",
        path: "/roles",
        summary: "The tree of roles",
        parameters: &[],
        answers: &[(200, "items")],
        needs_token: false,
    },
    Described {
        group: "Directory",
        method: "GET",
        path: "/cohorts",
        summary: "Cohorts",
        parameters: &[],
        answers: &[(200, "items")],
        needs_token: false,
    },
    Described {
        group: "Directory",
        method: "GET",
        path: "/people",
        summary: "Speakers",
        parameters: &[],
        answers: &[(200, "items")],
        needs_token: false,
    },
    Described {
        group: "Upstream calendars",
        method: "GET",
        path: "/sources",
        summary: "The calendars that are read for your partner",
        parameters: &[("limit, cursor", "query: how many, and from where on")],
        answers: &[
            (200, "items, each with its last reading and what was withdrawn upstream; and next_cursor"),
            (400, "an unknown filter or value"),
            (401, "no token, or one that does not work"),
        ],
        needs_token: true,
    },
    Described {
        group: "Upstream calendars",
        method: "POST",
        path: "/sources",
        summary: "Keep reading a calendar; of its address only the host is ever shown",
        parameters: &[(
            "address, name, time_zone, roles, mode, every",
            "body: https or webcal; what it is called; defaults for what its events do not say; 15m, 1h or 1d",
        )],
        answers: &[
            (201, "the calendar; it is read within seconds"),
            (400, "each mistake with its field"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
            (409, "that address is read, or that name used, already"),
        ],
        needs_token: true,
    },
    Described {
        group: "Upstream calendars",
        method: "GET",
        path: "/sources/{id}",
        summary: "One calendar and how it stands",
        parameters: &[],
        answers: &[
            (200, "the calendar"),
            (401, "no token, or one that does not work"),
            (404, "no such calendar, or another partner's"),
        ],
        needs_token: true,
    },
    Described {
        group: "Upstream calendars",
        method: "PATCH",
        path: "/sources/{id}",
        summary: "Change its settings, pause it or go on",
        parameters: &[
            ("If-Match", "header: the ETag of the calendar as you read it, or *"),
            ("name, time_zone, roles, mode, every, paused", "body: the settings that change"),
        ],
        answers: &[
            (200, "the calendar"),
            (400, "each mistake with its field"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
            (404, "no such calendar, or another partner's"),
            (409, "that name is used already"),
            (412, "it has changed since you read it"),
            (428, "If-Match is missing"),
        ],
        needs_token: true,
    },
    Described {
        group: "Upstream calendars",
        method: "DELETE",
        path: "/sources/{id}",
        summary: "Read it no more; the events that it gave stay",
        parameters: &[("If-Match", "header: the ETag of the calendar as you read it, or *")],
        answers: &[
            (204, "it is gone"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
            (404, "no such calendar, or another partner's"),
            (412, "it has changed since you read it"),
            (428, "If-Match is missing"),
        ],
        needs_token: true,
    },
    Described {
        group: "Upstream calendars",
        method: "GET",
        path: "/sources/{id}/readings",
        summary: "The record of its readings, newest first",
        parameters: &[("limit", "query: how many")],
        answers: &[(200, "items"), (401, "no token, or one that does not work"), (404, "no such calendar, or another partner's")],
        needs_token: true,
    },
    Described {
        group: "Upstream calendars",
        method: "POST",
        path: "/sources/{id}/reading",
        summary: "Read it now",
        parameters: &[],
        answers: &[
            (200, "what the reading came to"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
            (404, "no such calendar, or another partner's"),
            (409, "it was uploaded: there is no address"),
            (429, "it was read a moment ago"),
        ],
        needs_token: true,
    },
    Described {
        group: "Secret feed addresses",
        method: "GET",
        path: "/feeds",
        summary: "The addresses that you look after, without their secrets",
        parameters: &[("limit, cursor", "query: how many, and from where on")],
        answers: &[(200, "items and next_cursor"), (401, "no token, or one that does not work")],
        needs_token: true,
    },
    Described {
        group: "Secret feed addresses",
        method: "POST",
        path: "/feeds",
        summary: "Make an address; it is in this answer and nowhere else",
        parameters: &[("team, user, replace", "body: for whom, yourself where nothing is said; revoke the older ones")],
        answers: &[
            (201, "the address"),
            (400, "each mistake with its field"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
        ],
        needs_token: true,
    },
    Described {
        group: "Secret feed addresses",
        method: "POST",
        path: "/feeds/{id}/replacement",
        summary: "Make another address for the same holder; the old one is 410 from then on",
        parameters: &[],
        answers: &[
            (201, "the address"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
            (404, "no such address, or it is revoked already"),
        ],
        needs_token: true,
    },
    Described {
        group: "Secret feed addresses",
        method: "DELETE",
        path: "/feeds/{id}",
        summary: "Revoke an address; whoever asks for it gets 410",
        parameters: &[],
        answers: &[
            (204, "it is revoked"),
            (401, "no token, or one that does not work"),
            (403, "not yours to change"),
            (404, "no such address, or it is revoked already"),
        ],
        needs_token: true,
    },
    Described {
        group: "Changes",
        method: "GET",
        path: "/changes",
        summary: "What changed, in order",
        parameters: &[("since", "query: the seq of the last change you have")],
        answers: &[(200, "items and last_seq")],
        needs_token: false,
    },
    Described {
        group: "Health",
        method: "GET",
        path: "/health",
        summary: "Alive",
        parameters: &[],
        answers: &[(200, "status")],
        needs_token: false,
    },
    Described {
        group: "Health",
        method: "GET",
        path: "/health/ready",
        summary: "Ready, with counts",
        parameters: &[],
        answers: &[(200, "status"), (503, "trouble on our side")],
        needs_token: false,
    },
];

#[get("/openapi.json")]
pub fn json(service: &State<Service>) -> Result<Json, Problem> {
    Json::ok(&described(&service.settings.base_url))
}

#[get("/api")]
pub fn docs(service: &State<Service>, viewer: Viewer) -> Page {
    let mut groups: Vec<ApiGroup> = Vec::new();
    for one in ALL {
        let operation = Operation {
            method: one.method.to_owned(),
            path: format!("/api/v1{}", one.path),
            summary: one.summary.to_owned(),
            parameters: one.parameters.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
            answers: one.answers.iter().map(|(status, text)| (status.to_string(), (*text).to_owned())).collect(),
            example: None,
        };
        match groups.last_mut() {
            Some(group) if group.title == one.group => group.operations.push(operation),
            _ => groups.push(ApiGroup { title: one.group.to_owned(), operations: vec![operation] }),
        }
    }
    let base_url = format!("{}/api/v1", service.settings.base_url);
    Page::new(service, &viewer, "API", page(&ApiDocs { openapi: "/api/v1/openapi.json".to_owned(), base_url, groups }))
}

/// The description in OpenAPI 3.1.
fn described(base_url: &str) -> Value {
    let mut paths = serde_json::Map::new();
    for one in ALL {
        let mut parameters = Vec::new();
        for name in ["id", "fingerprint"] {
            if one.path.contains(&format!("{{{name}}}")) {
                parameters.push(json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
            }
        }
        for (names, text) in one.parameters {
            let Some((place, text)) = text.split_once(": ").filter(|(place, _)| *place != "body") else { continue };
            for name in names.split(", ") {
                parameters.push(
                    json!({"name": name, "in": place, "required": false, "description": text, "schema": {"type": "string"}}),
                );
            }
        }
        let answers: serde_json::Map<String, Value> = one
            .answers
            .iter()
            .map(|(status, text)| {
                let kind = if *status < 400 { "application/json" } else { "application/problem+json" };
                (status.to_string(), json!({"description": text, "content": {kind: {"schema": {"type": "object"}}}}))
            })
            .collect();
        let mut operation = json!({"summary": one.summary, "tags": [one.group], "parameters": parameters, "responses": answers});
        if let Some(fields) = operation.as_object_mut() {
            if matches!(one.method, "POST" | "PATCH" | "PUT") {
                fields.insert("requestBody".to_owned(), json!({"content": {"application/json": {"schema": {"type": "object"}}}}));
            }
            if one.needs_token {
                fields.insert("security".to_owned(), json!([{"token": []}]));
            }
        }
        if let Some(methods) = paths.entry(one.path).or_insert_with(|| json!({})).as_object_mut() {
            methods.insert(one.method.to_lowercase(), operation);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {"title": "convene", "version": env!("CARGO_PKG_VERSION"), "license": {"name": "MIT OR Apache-2.0"}},
        "servers": [{"url": format!("{base_url}/api/v1")}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    })
}
