//! What is announced without dates.

use super::Described;

pub(super) const ALL: &[Described] = &[
    Described {
        group: "Announced without dates",
        method: "GET",
        path: "/undated",
        summary: "What partners have announced for a month or a year, without dates yet",
        parameters: &[("partners, roles, place", "query: filters, as of feeds")],
        answers: &[(200, "items"), (400, "an unknown filter or value")],
        needs_token: false,
    },
    Described {
        group: "Announced without dates",
        method: "POST",
        path: "/undated",
        summary: "Keep one, or say anew what is known of it (same partner and title)",
        parameters: &[
            ("title, partner, place, url, note", "body: what was announced; your own partner where none is named"),
            ("when", "body: 2026-11, 2026, or nothing"),
            ("roles", "body: whom it is for, as a list"),
        ],
        answers: &[
            (201, "what was kept"),
            (400, "each mistake with its field"),
            (401, "no token"),
            (403, "not yours to announce"),
        ],
        needs_token: true,
    },
    Described {
        group: "Announced without dates",
        method: "DELETE",
        path: "/undated/{id}",
        summary: "Take one back",
        parameters: &[],
        answers: &[(200, "its id"), (401, "no token"), (403, "not yours"), (404, "there is none")],
        needs_token: true,
    },
];
