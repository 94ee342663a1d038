//! Secret feed addresses.

use super::Described;

pub(super) const ALL: &[Described] = &[
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
];
