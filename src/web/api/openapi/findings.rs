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
        parameters: &[REASON, ("expires", "body: a civil day from which on it holds no longer, by the clock of your own event")],
        answers: &[
            (200, "the finding with its override"),
            (400, "no reason, or a day that is not ahead"),
            (401, "no token"),
            (403, "not about an event of yours"),
            (404, "it does not stand"),
        ],
        needs_token: true,
    },
    Described {
        group: "Findings",
        method: "DELETE",
        path: "/findings/{fingerprint}/override",
        summary: "Withdraw the decision to go on in spite of a finding: it stands again, and whom it concerns is told",
        parameters: &[],
        answers: &[
            (200, "the finding without an override"),
            (401, "no token"),
            (403, "another partner's decision"),
            (404, "it does not stand, or nothing is decided"),
        ],
        needs_token: true,
    },
    Described {
        group: "Findings",
        method: "GET",
        path: "/findings/overrides",
        summary: "Every decision to go on in spite of a finding, the latest first",
        parameters: &[],
        answers: &[(
            200,
            "items: the finding, its override (by, at, reason, expires, time_zone), standing (holds, facts_changed, gone, expired, withdrawn, replaced), ended_at, ended_by",
        )],
        needs_token: false,
    },
    Described {
        group: "Findings",
        method: "GET",
        path: "/findings/{fingerprint}",
        summary: "One finding, as it stands or as it was when it went, with what became of it",
        parameters: &[],
        answers: &[
            (
                200,
                "the finding, stands, and for those who call one of its events history: what, at, severity, by, partner, override",
            ),
            (404, "there never was such a finding, or it is not yours to see"),
        ],
        needs_token: false,
    },
];
