//! Decisions on lost anchors, and travel bans.

use super::Described;

pub(super) const ALL: &[Described] = &[
    Described {
        group: "Decisions",
        method: "GET",
        path: "/decisions",
        summary: "What waits for your partner’s decision, what is due first on top",
        parameters: &[],
        answers: &[(200, "items with decide_by and why"), (401, "no token")],
        needs_token: true,
    },
    Described {
        group: "Decisions",
        method: "GET",
        path: "/bans",
        summary: "Your partner’s bans on meeting in person",
        parameters: &[],
        answers: &[(200, "items")],
        needs_token: true,
    },
    Described {
        group: "Decisions",
        method: "POST",
        path: "/bans",
        summary: "Hold nothing in person until a day, as a partner’s admin",
        parameters: &[("partner, until, decide_by, reason", "body: whose, up to which day, by when to decide, why")],
        answers: &[
            (201, "its number, and what is to decide"),
            (400, "each mistake with its field"),
            (401, "no token"),
            (403, "not a partner’s admin"),
        ],
        needs_token: true,
    },
];
