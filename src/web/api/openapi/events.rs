//! Events, and the steps of an event's life.

use super::{Described, IF_MATCH, REASON};

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

pub(super) const ALL: &[Described] = &[
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
            "title, roles, states, start, end, time_zone, mode, venue, …",
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
        summary: "One event with its findings; beside an anchor also (inherited) those of the anchor, and who decides on it",
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
    Described {
        group: "Events",
        method: "GET",
        path: "/events/{id}/guests",
        summary: "Who said that they come, for those who call it",
        parameters: &[],
        answers: &[
            (200, "everybody who confirmed: name, email, state (coming or off), speaker, date of a series, confirmed_at, off_at"),
            (401, "no token"),
            (403, "called by others"),
            (404, "no such event, or not yours to see"),
        ],
        needs_token: true,
    },
    step(
        "/events/{id}/hold",
        "Hold its dates provisionally; what is held already, for longer",
        &[IF_MATCH, ("until", "body: the last day that a hold stands"), REASON],
    ),
    step("/events/{id}/keep", "Keep it although its anchor is lost, or although nothing is held in person", &[REASON]),
    step("/events/{id}/announcement", "Announce it as a save-the-date", &[IF_MATCH, REASON]),
    step("/events/{id}/confirmation", "Confirm it", &[IF_MATCH, REASON]),
    step(
        "/events/{id}/move",
        "Move it to other dates",
        &[IF_MATCH, ("start, end", "body: dates or wall times in its zone"), REASON],
    ),
    Described {
        group: "Events",
        method: "GET",
        path: "/events/{id}/source",
        summary: "What several sources say of one event, which is shown, and who decided between them",
        parameters: &[],
        answers: &[
            (200, "open (do they disagree?), sources, choices"),
            (401, "no token, or one that does not work"),
            (403, "another partner's event"),
            (404, "no such event, or not yours to see"),
        ],
        needs_token: true,
    },
    Described {
        group: "Events",
        method: "POST",
        path: "/events/{id}/source",
        summary: "Say which source is right: the event then has its dates, place and mode, and the others are not asked again",
        parameters: &[IF_MATCH, ("source", "body: its name, as listed"), ("reason", "body: why, in words that others read")],
        answers: &[
            (200, "how things stand now"),
            (400, "no such source, or no reason"),
            (401, "no token, or one that does not work"),
            (403, "another partner's event"),
            (404, "no such event, or not yours to see"),
            (412, "it has changed since you read it"),
            (428, "If-Match is missing"),
        ],
        needs_token: true,
    },
    step("/events/{id}/virtual", "Hold it online", &[IF_MATCH, ("join_url", "body: where to join"), REASON]),
    step("/events/{id}/postponement", "Postpone it, new dates to come", &[IF_MATCH, REASON]),
    step("/events/{id}/cancellation", "Cancel it", &[IF_MATCH, REASON]),
];
