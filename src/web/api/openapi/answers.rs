//! Dates proposed for a plan, and what is answered.

use super::{Described, IF_MATCH};

const REFUSED: (u16, &str) = (404, "no such event, or neither yours nor asked of you");
const OVER: (u16, &str) = (409, "it is settled, or nobody is asked");
const MISTAKES: (u16, &str) = (400, "each mistake with its field");
const NO_TOKEN: (u16, &str) = (401, "no token");
const NOT_YOURS: (u16, &str) = (403, "another partner’s event");

pub(super) const ALL: &[Described] = &[
    Described {
        group: "Answers on proposed dates",
        method: "GET",
        path: "/answers",
        summary: "What you are asked, and what your partner asks, while it is open",
        parameters: &[],
        answers: &[(200, "asked_of_you (waits: not all is answered) and asked_by_you"), NO_TOKEN],
        needs_token: true,
    },
    Described {
        group: "Answers on proposed dates",
        method: "GET",
        path: "/events/{id}/answers",
        summary: "The dates proposed for a plan, with what would be found at each, whom they were sent to and what each answered",
        parameters: &[],
        answers: &[
            (200, "the plan, its dates and the answers: partners see those of partners, a city team its own"),
            NO_TOKEN,
            REFUSED,
        ],
        needs_token: true,
    },
    Described {
        group: "Answers on proposed dates",
        method: "POST",
        path: "/events/{id}/asks",
        summary: "Send dates of a plan to partners and city teams; the plan’s own are among them. Sent again it adds dates, and people to ask",
        parameters: &[
            ("dates", "body: more dates, each with start, end and place; up to 6 in all"),
            ("asked", "body: whom, as partner:SLUG or team:SLUG"),
            ("answer_by", "body: until which day, such as 2027-03-01"),
            ("note", "body: what to say with it, up to 500 characters"),
        ],
        answers: &[(201, "as GET"), MISTAKES, NO_TOKEN, NOT_YOURS, REFUSED, OVER],
        needs_token: true,
    },
    Described {
        group: "Answers on proposed dates",
        method: "POST",
        path: "/events/{id}/answers",
        summary: "Say which of the dates suit; what is not named stays as it was answered",
        parameters: &[
            ("answers", "body: yes, maybe or no by the number of the dates: {\"4\": \"yes\"}"),
            ("answers_for", "body: partner:SLUG or team:SLUG; may be left out by those who answer for one only"),
            ("note", "body: what to add, up to 500 characters"),
        ],
        answers: &[(200, "as GET"), MISTAKES, NO_TOKEN, (403, "not asked of you"), REFUSED, OVER],
        needs_token: true,
    },
    Described {
        group: "Answers on proposed dates",
        method: "POST",
        path: "/events/{id}/choice",
        summary: "Choose: the plan takes these dates and their place, whoever was asked is told, and the asking ends",
        parameters: &[IF_MATCH, ("date", "body: the number of the dates")],
        answers: &[
            (200, "the event"),
            MISTAKES,
            NO_TOKEN,
            NOT_YOURS,
            REFUSED,
            (409, "nobody is asked, the day is over, or a finding blocks it"),
            (412, "it has changed since you read it"),
            (428, "no If-Match"),
        ],
        needs_token: true,
    },
    Described {
        group: "Answers on proposed dates",
        method: "POST",
        path: "/events/{id}/asks/withdrawal",
        summary: "Take back dates, or ask somebody no more; all of it where nothing is named",
        parameters: &[("asked", "body: whom to ask no more"), ("dates", "body: the numbers of the dates to offer no more")],
        answers: &[(200, "as GET"), MISTAKES, NO_TOKEN, NOT_YOURS, REFUSED, OVER],
        needs_token: true,
    },
];
