//! Findings, dry runs and better dates.

use super::{Described, REASON};

pub(super) const ALL: &[Described] = &[
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
];
