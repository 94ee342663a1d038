//! The changes, and how the service is.

use super::Described;

pub(super) const ALL: &[Described] = &[
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
