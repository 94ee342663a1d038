//! Samples of the pages that are mostly lists.

use super::{PARTNERS, Sample};
use crate::domain::EventStatus;
use crate::web::layout::{Choice, Level, Link, Paging, PartnerChip};
use crate::web::pages::accessibility::Accessibility;
use crate::web::pages::anchor::AnchorPage;
use crate::web::pages::api_docs::{ApiDocs, ApiGroup, Operation};
use crate::web::pages::calendar::{Agenda, Filters};
use crate::web::pages::desk::{Desk, OwnFeed};
use crate::web::pages::event::Change;
use crate::web::pages::findings::{FindingsPage, severity_choices};
use crate::web::pages::life::{LifePage, MomentRow};
use crate::web::pages::mail::{Contact, LetterPage, LetterRow, LetterSearch, Outbox, WaitingNotice};
use crate::web::pages::map::{EcosystemMap, MapCell, MapRow};
use crate::web::pages::notice::Notice;
use crate::web::pages::overrides::{OverrideRow, OverridesPage};

impl Sample<'_> {
    pub fn agenda_empty(self) -> Agenda {
        Agenda {
            filters: Filters { clear: "/".into(), ..self.filters("/", Some(true)) },
            summary: self.say("Nothing matches"),
            ..Agenda::default()
        }
    }

    pub fn findings_page(self) -> FindingsPage {
        let mut findings = self.findings();
        let rest = findings.split_off(3);
        FindingsPage {
            action: "/findings".into(),
            kinds: vec![Choice::new("role_overlap", self.say("Role overlap")), Choice::new("team_split", "Team split")],
            severities: severity_choices(&[Level::High]),
            partners: self.partners(&[]),
            from: "2027-10-01".into(),
            to: self.say(""),
            settled: true,
            summary: self.say("6 findings: 1 block, 1 high, 1 medium, 1 low, 1 note, 1 opportunity"),
            groups: vec![(self.say("October 2027"), findings), ("November 2027".into(), rest)],
            paging: Paging {
                before: None,
                words: "1–6 of 24".into(),
                after: Some(Link::new("/findings?after=6", self.say("More"))),
            },
            clear: "/findings".into(),
        }
    }

    pub fn findings_empty(self) -> FindingsPage {
        FindingsPage { clear: "/findings".into(), summary: self.say("No findings"), ..FindingsPage::default() }
    }

    pub fn overrides_page(self) -> OverridesPage {
        let row = |holds: bool| OverrideRow {
            level: Level::Block,
            kind: self.say("Speaker booked twice"),
            sentence: self.say("Both count on Sam Sample at that time"),
            finding: "/findings/f2".into(),
            events: vec![Link::new("/events/0193", self.say("Managers’ Circle"))],
            reason: self.say("Sam joins the second by video"),
            by: self.say("Ada Sample, Mon 23 November 2026, 07:00 EST"),
            until: if holds { self.say("until Sat 1 May 2027, 00:00 CDT") } else { "for good".into() },
            standing: self.say("It holds."),
            withdraw: holds.then(|| "/findings/f2/withdrawal".to_owned()),
        };
        OverridesPage { holding: vec![row(true)], ended: vec![row(false)], is_organizer: true }
    }

    pub fn life_page(self) -> LifePage {
        let moment = |what: &str, note: Option<&str>| MomentRow {
            when: self.say("Mon 23 November 2026, 07:00 EST"),
            datetime: "2026-11-23T12:00:00Z".into(),
            what: self.say(what),
            note: note.map(|note| self.say(note)),
        };
        let moments = vec![
            moment("Ada Sample (Lake League) decided to go on all the same.", Some("“Only those days were free”")),
            moment("Seen by Ada Sample (Lake League).", None),
            moment("Found: high.", None),
        ];
        let card = self.findings().swap_remove(0);
        LifePage { card, gone: Some(self.say("It is gone.")), moments: Some(moments) }
    }

    pub fn letters(self) -> Vec<LetterRow> {
        let letter = |subject: &str, state: &str| LetterRow {
            href: "/desk/mail/1".into(),
            subject: self.say(subject),
            to: self.say("ada@example.org"),
            when: self.say("today at 06:00 UTC"),
            state: self.say(state),
            attempts: (state != "sent").then(|| self.say("put off 3 times")),
        };
        vec![
            letter("October: four convenings for equity staff", "sent"),
            letter("Your link to sign in", "waits"),
            letter("Moved: Lake League city summit", "failed: the mailbox is full"),
        ]
    }

    pub fn desk(self) -> Desk {
        let source = |name: &str, trouble: Option<String>| self.standing(name, trouble);
        Desk {
            summary: self.say("Two findings wait for you; one hold lapses on Friday."),
            decide: self.findings().into_iter().take(2).collect(),
            all_findings: "/findings?partners=lake-league".into(),
            policy: Some("/partners/lake-league/policy".into()),
            asked: vec![(
                Link::new("/events/0194/answers", self.say("Fair Start annual meeting")),
                self.say("waits for your answer"),
            )],
            asking: vec![(
                Link::new("/events/0193/answers", self.say("River Institute policy workshop")),
                self.say("2 of 3 answered"),
            )],
            proposals: vec![self.row("River Institute policy workshop", "Fri 19 November 2027", 3, EventStatus::Hold)],
            coming: vec![self.row("Lake League city summit", "Wed 6 – Fri 8 October 2027", 0, EventStatus::Confirmed)],
            sources: vec![
                source("Lake League", None),
                source("Lake League committees", Some(self.say("Not readable since Monday. Events of Sunday still show."))),
            ],
            letters: self.letters(),
            all_letters: "/desk/mail".into(),
            ways: Vec::new(),
            feed: OwnFeed {
                address: Some(self.say("https://convene.example.org/feeds/organizers/k3y.ics")),
                keys: vec![(self.say("Mon 3 October 2022, 08:00 EDT (New York, UTC−4)"), "/desk/feed/1/revocation".into())],
                is_teams: false,
                action: "/desk/feed".into(),
            },
        }
    }

    pub fn outbox(self) -> Outbox {
        Outbox {
            summary: self.say("31 mails, 1 waits, 1 failed"),
            contact: Some(Contact {
                address: self.say("events@partner.example.org"),
                otherwise: "convene@example.org".to_owned(),
                error: Some(self.say("There is no @ in it.")),
            }),
            search: LetterSearch {
                person: self.say("ada"),
                event: self.say("city summit"),
                states: vec![Choice::new("", "Any"), Choice::new("sent", "Sent").chosen(true)],
                narrows: true,
            },
            waiting: vec![WaitingNotice {
                subject: self.say("Lake League city summit: moved"),
                to: self.say("ada@example.org"),
                due: self.say("Mon 3 October 2022, 08:30 EDT (New York, UTC−4)"),
                text: self.say("Moved Wed 6 → Thu 14 October 2027."),
            }],
            letters: self.letters(),
            paging: Paging::default(),
            alerts: vec![self.say("Since Monday: The mail server cannot be reached.")],
            suppressions: Some("/desk/mail/suppressions".into()),
        }
    }

    pub fn letter(self) -> LetterPage {
        LetterPage {
            subject: self.say("October: four convenings for equity staff"),
            times: vec![("Written".into(), self.say("Mon 3 October 2022, 08:30 EDT (New York, UTC−4)"))],
            events: vec![Link::new("/events/1", self.say("Lake League city summit"))],
            closed: None,
            headers: vec![("From".into(), "convene <convene@example.org>".into()), ("To".into(), self.say("ada@example.org"))],
            text: self.say(
                "CHANGED\n\nLake League city summit\n  now  Wed 6 - Fri 8 October 2027\n  was  Wed 13 - Fri 15 October 2027\n",
            ),
            html: Some("/desk/mail/1/html".into()),
            calendar: Some(self.say("BEGIN:VCALENDAR\nEND:VCALENDAR")),
            back: "/desk/mail".into(),
            state: self.say("Not sent: 550 5.1.1 no such user"),
            again: Some("/desk/mail/1/sending".into()),
        }
    }

    pub fn map(self) -> EcosystemMap {
        let row = |role: &str, depth: u8, counts: [u32; 6]| MapRow {
            role: self.say(role),
            depth,
            cells: counts.map(|count| MapCell { count, href: "/?roles=mayor&partners=river".into() }).to_vec(),
            total: counts.iter().sum(),
        };
        EcosystemMap {
            span: self.say("Convenings from November 2025 to May 2028"),
            partners: PARTNERS.iter().map(|(slug, name)| PartnerChip::new(slug, &self.say(name))).collect(),
            rows: vec![
                row("elected officials", 0, [9, 0, 1, 2, 4, 3]),
                row("mayors", 1, [9, 0, 0, 0, 7, 0]),
                row("city managers", 0, [1, 12, 0, 1, 0, 0]),
                row("chief equity officers", 1, [0, 0, 8, 2, 0, 0]),
                row("procurement staff", 0, [0, 0, 0, 3, 0, 0]),
            ],
            remarks: vec![self.say("Only the River Institute serves procurement staff.")],
        }
    }

    pub fn anchor(self) -> AnchorPage {
        AnchorPage {
            title: self.say("Fair Start annual meeting 2027"),
            notice: Some((
                Level::Block,
                self.say("Cancelled. Three satellites wait for a decision by 1 May: cancel, keep, move or go virtual."),
            )),
            anchor: self.row("Fair Start annual meeting", "Wed 27 – Fri 29 October 2027", 2, EventStatus::Cancelled),
            groups: vec![
                (
                    self.say("The day before, Tue 26 October 2027"),
                    vec![self.row("Chief equity officers’ cohort", "Tue 26 October 2027", 2, EventStatus::Confirmed)],
                ),
                (
                    "The last afternoon".into(),
                    vec![self.row("Managers’ roundtable", "Fri 29 October 2027", 1, EventStatus::Proposed)],
                ),
            ],
            waiting: Vec::new(),
            findings: vec![self.finding(
                "a1",
                Level::Block,
                "Anchor changed",
                "The cohort’s anchor is cancelled. Decide by 1 May.",
            )],
            source: Some(self.say("From fair-start.ics, read 2 days ago.")),
            feed: "/feeds/anchors/0194.ics".into(),
            propose: Some("/propose?anchor=0194".into()),
            history: vec![Change { text: self.say("Cancelled."), by: self.say("read from fair-start.ics, 12 March 2027") }],
        }
    }

    pub fn not_found(self) -> Notice {
        Notice {
            title: "There is no such page".into(),
            text: vec![self.say("Nothing is at this address. It may have been typed wrong, or the event may not be public.")],
            ways: vec![Link::new("/", "Go to the calendar"), Link::new("/findings", self.say("See the findings"))],
            ..Notice::default()
        }
    }

    pub fn check_mail(self) -> Notice {
        Notice {
            title: "Check your mail".into(),
            text: vec![self.say("A link is on its way to ada@example.org.")],
            ways: vec![Link::new("/", "Back to the calendar")],
            ..Notice::default()
        }
    }

    pub fn api(self) -> ApiDocs {
        let operation = |method: &str, path: &str, summary: &str| Operation {
            method: method.into(),
            path: path.into(),
            summary: self.say(summary),
            parameters: vec![("limit".into(), self.say("how many, at most 200"))],
            answers: vec![("200".into(), self.say("the events"))],
            example: Some(self.say("{\"title\": \"…\"}")),
        };
        ApiDocs {
            openapi: "/api/v1/openapi.json".into(),
            base_url: self.say("https://convene.example.org"),
            groups: vec![ApiGroup {
                title: self.say("Events"),
                operations: vec![
                    operation("GET", "/api/v1/events", "Public events"),
                    operation("POST", "/api/v1/events", "Propose one"),
                ],
            }],
        }
    }

    pub fn accessibility(self) -> Accessibility {
        Accessibility { contact: self.say("access@example.org") }
    }
}
