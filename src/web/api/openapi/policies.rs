//! Policies of partners and events.

use super::{Described, IF_MATCH, REASON};

const SAID: &[(&str, &str)] = &[
    IF_MATCH,
    ("team_split, role_overlap, apart_km, ignore, …", "body: thresholds and severities by name, as under effective"),
    REASON,
];

const fn policy(
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    parameters: &'static [(&'static str, &'static str)],
) -> Described {
    Described {
        group: "Policies",
        method,
        path,
        summary,
        parameters,
        answers: &[
            (200, "own, effective, decided_by and history"),
            (400, "each unknown name and impossible value, with what there is"),
            (403, "not yours to change"),
            (404, "no such partner or event, or not yours to see"),
            (412, "it has changed since you read it"),
            (428, "If-Match is missing"),
        ],
        needs_token: !parameters.is_empty(),
    }
}

pub(super) const ALL: &[Described] = &[
    policy("GET", "/partners/{slug}/policy", "A partner's policy: what it says, what holds, and whose each value is", &[]),
    policy("PUT", "/partners/{slug}/policy", "Put a partner's policy in the place of the one before", SAID),
    policy("PATCH", "/partners/{slug}/policy", "Change some of it; null takes back what was said", SAID),
    policy("GET", "/events/{id}/policy", "An event's own policy, which goes before its partner's", &[]),
    policy("PUT", "/events/{id}/policy", "Put an event's policy in the place of the one before", SAID),
    policy("PATCH", "/events/{id}/policy", "Change some of it; null takes back what was said", SAID),
];
