//! Outgoing mail.

use super::Described;

pub(super) const ALL: &[Described] = &[
    Described {
        group: "Outgoing mail",
        method: "GET",
        path: "/letters",
        summary: "Letters of the last 90 days that you may find, the newest first; operators find all",
        parameters: &[
            ("person", "query: words of a recipient's address or name"),
            ("event", "query: an event's id, or words of its title: letters that tell of it"),
            ("state", "query: ready, sending, sent, failed, unknown, withdrawn, or bounced"),
            ("limit, cursor", "query: how many, and from where on"),
        ],
        answers: &[
            (
                200,
                "items with state, attempts, times and the events they tell of; next_cursor; and in unseen how many more tell of the event",
            ),
            (400, "an unknown filter, state or event"),
            (401, "no token"),
        ],
        needs_token: true,
    },
    Described {
        group: "Outgoing mail",
        method: "GET",
        path: "/letters/{id}",
        summary: "One letter with its headers, text and HTML; texts are kept for a week",
        parameters: &[],
        answers: &[
            (200, "the letter; \"closed\" says why its text is not shown"),
            (401, "no token"),
            (404, "there is none, or it is not yours to find"),
        ],
        needs_token: true,
    },
];
