//! Plainly made-up data for every page, so that each can be rendered, measured and looked at.

use chrono::NaiveDate;

use super::calendar::{Agenda, AgendaMonth, Filters};
use super::coming::{Answer, AskSpeaker, GuestRow, Guests, SayComing};
use super::event::{Change, EventPage, Fact, SetBeside, StepForm};
use super::month::{DayNote, Month, MonthEntry};
use super::sides::{Side, SidesPanel};
use super::undated::Row;
use super::year::{Bar, Year, YearDay, YearRow};
use crate::domain::{Days, EventStatus, Mode};
use crate::web::layout::badge::tint;
use crate::web::layout::finding::{OverrideForm, Settlement};
use crate::web::layout::form::FieldError;
use crate::web::layout::rows::Warnings;
use crate::web::layout::{Choice, EventRow, Field, FindingCard, Level, Link, Paging, PartnerChip, WhenWords};

pub mod answers;
pub mod forms;
pub mod intake;
pub mod lists;

/// Text for one page: each free text of a sample ends with `tail`, so that a test can send markup through all of them.
#[derive(Clone, Copy)]
pub struct Sample<'a> {
    pub tail: &'a str,
}

/// Organisations that do not exist: slug and short name.
pub const PARTNERS: [(&str, &str); 6] = [
    ("lake-league", "Lake League"),
    ("managers", "Managers’ Circle"),
    ("fair-start", "Fair Start"),
    ("river", "River Institute"),
    ("mayors-table", "Mayors’ Table"),
    ("open-counties", "Open Counties"),
];

const ROLES: [(&str, &str, u8); 10] = [
    ("elected_official", "elected officials", 0),
    ("mayor", "mayors", 1),
    ("council_member", "council members", 1),
    ("city_manager", "city managers", 0),
    ("chief_of_staff", "mayors’ chiefs of staff", 0),
    ("equity_staff", "equity staff", 0),
    ("chief_equity_officer", "chief equity officers", 1),
    ("procurement_staff", "procurement staff", 0),
    ("department_head", "department heads", 0),
    ("community_organizer", "community organizers", 0),
];

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(first: &str, last: &str) -> Days {
    Days::new(day(first), day(last))
}

impl Sample<'_> {
    pub fn say(self, text: &str) -> String {
        format!("{text}{}", self.tail)
    }

    pub fn roles(self, chosen: &[&str]) -> Vec<Choice> {
        ROLES
            .iter()
            .map(|(slug, name, depth)| Choice::new(*slug, self.say(name)).depth(*depth).chosen(chosen.contains(slug)))
            .collect()
    }

    pub fn partners(self, chosen: &[&str]) -> Vec<Choice> {
        PARTNERS.iter().map(|(slug, name)| Choice::new(*slug, self.say(name)).chosen(chosen.contains(slug))).collect()
    }

    pub fn modes(chosen: &str) -> Vec<Choice> {
        let modes = [("in_person", "In person"), ("virtual", "Virtual"), ("hybrid", "Hybrid")];
        modes.map(|(value, label)| Choice::new(value, label).chosen(value == chosen)).to_vec()
    }

    pub fn chip(self, n: usize) -> PartnerChip {
        let (slug, name) = PARTNERS[n % PARTNERS.len()];
        PartnerChip::new(slug, &self.say(name))
    }

    pub fn filters(self, action: &str, past: Option<bool>) -> Filters {
        Filters {
            action: action.into(),
            roles: self.roles(&["mayor", "city_manager"]),
            partners: self.partners(&[]),
            modes: Self::modes("in_person"),
            place: self.say(""),
            past,
            keep: vec![("by".into(), self.say("role"))],
            chosen: ["mayors", "city managers", "in person"].map(|text| Link::new("/?roles=mayor", self.say(text))).to_vec(),
            clear: "/".into(),
            agenda: "/?roles=mayor".into(),
            month: "/month?roles=mayor".into(),
            year: "/year?roles=mayor".into(),
            subscribe: "/subscribe?roles=mayor".into(),
        }
    }

    pub fn row(self, title: &str, when: &str, partner: usize, status: EventStatus) -> EventRow {
        EventRow {
            href: "/events/0193".into(),
            title: self.say(title),
            when: WhenWords { days: self.say(when), datetime: "2027-10-06".into(), ..WhenWords::default() },
            status,
            partners: vec![self.chip(partner)],
            place: Some(self.say("Samplehaven, OH")),
            mode: Mode::InPerson,
            roles: vec![self.say("mayors"), "council members".into()],
            warnings: None,
        }
    }

    fn warned(mut row: EventRow, count: usize, worst: Level) -> EventRow {
        row.warnings = Some(Warnings { count, worst, href: "/events/0193#findings".into() });
        row
    }

    fn online(self, mut row: EventRow, hours: &str) -> EventRow {
        row.mode = Mode::Virtual;
        row.place = None;
        row.when.hours = Some(self.say(hours));
        row
    }

    pub fn agenda(self) -> Agenda {
        let mut moved = self.row("Mayors’ Table spring meeting", "Wed 17 – Thu 18 November 2027", 4, EventStatus::Announced);
        moved.when.was = Some(self.say("Fri 21 – Sat 22 January 2027"));
        let session = self.row(
            "Chief equity officers: budgeting for equity, second session of six",
            "Tue 12 October 2027",
            2,
            EventStatus::Proposed,
        );
        let mut joint = self.row(
            "Fair Start annual meeting, with the River Institute’s policy days",
            "Wed 27 – Fri 29 October 2027",
            2,
            EventStatus::Announced,
        );
        joint.partners.push(self.chip(3));
        joint.mode = Mode::Hybrid;
        let october = vec![
            Self::warned(
                self.row("Lake League city summit", "Wed 6 – Fri 8 October 2027", 0, EventStatus::Confirmed),
                2,
                Level::High,
            ),
            self.online(Self::warned(session, 1, Level::Note), "14:00–15:30, New York (EDT, UTC−4)"),
            self.row("Managers’ Circle annual conference", "Sat 16 – Wed 20 October 2027", 1, EventStatus::Cancelled),
            Self::warned(joint, 3, Level::Medium),
        ];
        let november = vec![
            Self::warned(
                self.row("Open Counties forum", "from Wed 3 November 2027, last day not known", 5, EventStatus::Postponed),
                1,
                Level::Low,
            ),
            Self::warned(moved, 1, Level::Opportunity),
            Self::warned(
                self.row("River Institute policy workshop", "Fri 19 November 2027", 3, EventStatus::Hold),
                1,
                Level::Block,
            ),
        ];
        Agenda {
            filters: self.filters("/", Some(false)),
            summary: self.say("7 convenings from October 2027 to November 2027"),
            months: vec![
                AgendaMonth { title: self.say("October 2027"), rows: october },
                AgendaMonth { title: "November 2027".into(), rows: november },
            ],
            undated: vec![Row {
                title: self.say("Managers’ Circle annual conference"),
                partner: self.say(PARTNERS[1].1),
                about: self.say("2028, no dates named; no place named"),
                source: Some(Link::new("https://example.org/news", "Where it was announced")),
                propose: Some(Link::new("/propose?partner=managers-circle", "Its dates are known now")),
            }],
            paging: Paging {
                before: Some(Link::new("/?past=true", self.say("Earlier"))),
                words: "1–8 of 40".into(),
                after: Some(Link::new("/?after=8", "Later")),
            },
        }
    }

    pub fn month(self) -> Month {
        let entry = |title: &str, partner: usize, first: &str, last: &str, status| MonthEntry {
            href: "/events/0193".into(),
            title: self.say(title),
            partner: self.say(PARTNERS[partner].1),
            tint: tint(PARTNERS[partner].0),
            days: days(first, last),
            status,
        };
        let note = |date: &str, name: &str| DayNote { day: day(date), name: self.say(name) };
        Month {
            filters: self.filters("/month", None),
            month: day("2027-10-01"),
            today: Some(day("2027-10-05")),
            entries: vec![
                entry("Lake League city summit", 0, "2027-10-06", "2027-10-08", EventStatus::Confirmed),
                entry("14:00 Chief equity officers: budgeting", 2, "2027-10-12", "2027-10-12", EventStatus::Proposed),
                entry("Managers’ Circle annual conference", 1, "2027-10-16", "2027-10-20", EventStatus::Cancelled),
                entry("Mayors’ Table fall meeting", 4, "2027-10-19", "2027-10-21", EventStatus::Announced),
                entry("Open Counties forum", 5, "2027-10-20", "2027-10-20", EventStatus::Confirmed),
                entry("Fair Start annual meeting", 2, "2027-10-27", "2027-10-29", EventStatus::Announced),
                entry("River Institute policy days", 3, "2027-10-28", "2027-11-02", EventStatus::Hold),
            ],
            observances: vec![
                note("2027-10-11", "Indigenous Peoples’ Day"),
                note("2027-10-11", "Yom Kippur"),
                note("2027-10-16", "Sukkot (first two days)"),
                note("2027-10-29", "Diwali"),
            ],
            before: Link::new("/month?month=2027-09", "September"),
            after: Link::new("/month?month=2027-11", "November"),
        }
    }

    pub fn year(self) -> Year {
        let bar = |title: &str, place: &str, partner: usize, first: &str, last: &str, status| Bar {
            href: "/events/0193".into(),
            title: self.say(title),
            short: self.say(place),
            when: WhenWords { days: self.say(&format!("{first} to {last}")), ..WhenWords::default() },
            days: days(first, last),
            tint: tint(PARTNERS[partner].0),
            status,
        };
        let row = |partner: usize, bars: Vec<Bar>| YearRow { name: self.say(PARTNERS[partner].1), bars };
        let (sure, soon) = (EventStatus::Confirmed, EventStatus::Announced);
        let league = vec![
            bar("Legislative days", "Washington", 0, "2027-03-07", "2027-03-10", sure),
            bar("City summit", "Samplehaven", 0, "2027-11-17", "2027-11-20", sure),
            bar("Legislative days", "Washington", 0, "2028-03-12", "2028-03-15", soon),
        ];
        let managers = vec![
            bar("Regional meeting", "Exampleton", 1, "2027-04-14", "2027-04-16", sure),
            bar("Regional meeting", "Mockville", 1, "2027-04-28", "2027-04-30", sure),
            bar("Annual conference", "Placeholder City", 1, "2027-09-25", "2027-09-29", EventStatus::Cancelled),
        ];
        let fair = vec![
            bar("Cohort session", "online", 2, "2027-02-09", "2027-02-09", sure),
            bar("Cohort session", "online", 2, "2027-02-23", "2027-02-23", sure),
            bar("Annual meeting", "Mockville", 2, "2027-11-16", "2027-11-18", soon),
            bar("Cohort retreat", "Mockville", 2, "2027-11-15", "2027-11-15", EventStatus::Proposed),
        ];
        let observance = |name: &str, first: &str, last: &str, avoid| YearDay {
            name: self.say(name),
            days: days(first, last),
            words: self.say("begins at sunset the day before"),
            avoid,
        };
        Year {
            filters: self.filters("/year", None),
            from: day("2026-11-01"),
            months: 18,
            today: Some(day("2026-11-23")),
            groupings: vec![Link::new("", "partner"), Link::new("/year?by=role", "role")],
            rows: vec![
                row(0, league),
                row(1, managers),
                row(2, fair),
                row(4, vec![bar("Winter meeting", "Washington", 4, "2027-01-20", "2027-01-22", sure)]),
            ],
            observances: vec![
                observance("Thanksgiving", "2026-11-26", "2026-11-26", true),
                observance("Passover", "2027-04-22", "2027-04-23", true),
                observance("Juneteenth", "2027-06-19", "2027-06-19", false),
                observance("Yom Kippur", "2027-10-11", "2027-10-11", true),
                observance("Diwali", "2027-10-29", "2027-10-29", true),
            ],
            before: Link::new("/year?from=2026-05", "Earlier"),
            after: Link::new("/year?from=2028-05", "Later"),
        }
    }

    pub fn finding(self, fingerprint: &str, level: Level, kind: &str, sentence: &str) -> FindingCard {
        FindingCard {
            fingerprint: fingerprint.into(),
            level,
            kind: kind.into(),
            days: Some(self.say("6–8 October 2027")),
            sentence: self.say(sentence),
            decision: Some(self.say("the organizers of both, Lake League and Fair Start.")),
            because: Some(Link::new("/partners/lake-league/policy", self.say("High, because Lake League’s policy says so"))),
            events: vec![
                Link::new("/events/0193", self.say("Lake League city summit")),
                Link::new("/events/0194", "Fair Start annual meeting"),
            ],
            details: vec![
                ("Touched".into(), self.say("chief equity officers; 12 city teams")),
                ("Distance".into(), "1,430 km".into()),
                ("Rule".into(), "role overlap, data of 1 October 2026".into()),
            ],
            settled: None,
            page: Some("/findings/f1".into()),
            form: None,
        }
    }

    pub fn findings(self) -> Vec<FindingCard> {
        let mut open = self.finding(
            "f1",
            Level::High,
            "Role overlap",
            "Both want chief equity officers in person on 6 October, 1,430 km apart.",
        );
        open.form = Some(OverrideForm {
            action: "/findings/f1/override".into(),
            reason: self.say("tbd"),
            error: Some(self.say("Say a little more: at least ten letters.")),
            expires: "2026-09-01".into(),
            expires_error: Some(self.say("Choose a day from tomorrow on.")),
        });
        let mut block = self.finding(
            "f2",
            Level::Block,
            "Room double-booked",
            "Room 2 of Sample Hall is taken by the Managers’ Circle from 09:00 to 12:00 on 7 October.",
        );
        block.form = Some(OverrideForm { action: "/findings/f2/override".into(), ..OverrideForm::default() });
        let mut settled =
            self.finding("f3", Level::Medium, "Observance, caution", "Dussehra is on 9 October, the travel day home.");
        settled.settled = Some(Settlement {
            who: self.say("Ada Sample"),
            when: "3 September 2026".into(),
            reason: self.say("Only those days were free in the hall"),
            until: Some(self.say("It holds until Sat 1 May 2027, 00:00 CDT.")),
            withdraw: Some("/findings/f3/withdrawal".into()),
        });
        let mut note =
            self.finding("f4", Level::Note, "Clock change", "The clocks go back on 7 November; the series keeps 15:00 New York.");
        note.decision = None;
        let good = self.finding(
            "f5",
            Level::Opportunity,
            "Same place, near dates",
            "The policy workshop is in the same city the day after: one trip could serve both.",
        );
        let low = self.finding("f6", Level::Low, "Short notice", "The session is eleven days away.");
        vec![block, open, settled, low, note, good]
    }

    pub fn say_coming(self) -> SayComing {
        SayComing {
            action: "/events/0193/guests".into(),
            dates: vec![Choice::new("2027-10-06T00:00:00", self.say("Wed 6 October 2027"))],
            email: "robin".into(),
            name: self.say("Robin Sample"),
            errors: vec![FieldError { field: "email".into(), message: self.say("“robin” is no mail address.") }],
        }
    }

    pub fn coming_answer(self) -> Answer {
        Answer {
            title: self.say("Do you come?"),
            event: self.say("Lake League city summit"),
            when: self.say("Wed 6 – Fri 8 October 2027"),
            text: self.say("After your yes the entry for your calendar is mailed to you."),
            action: "/coming/t0ken".into(),
            button: self.say("Yes, I come"),
        }
    }

    pub fn guests(self) -> Guests {
        let row = |name: &str, state: &str| GuestRow {
            name: self.say(name),
            email: self.say("robin@city.example.org"),
            state: self.say(state),
            date: Some(self.say("Wed 6 October 2027")),
            how: self.say("by the form, confirmed by mail, 12 March 2027, 14:05 UTC"),
        };
        Guests {
            title: self.say("Lake League city summit"),
            event: "/events/0193".into(),
            tally: self.say("2 people come."),
            rows: vec![row("Robin Sample", "comes"), row("Kim Sample", "speaks"), row("Lee Sample", "said off")],
            ask: Some(AskSpeaker {
                action: "/events/0193/guests".into(),
                speakers: vec![Choice::new("kim", self.say("Kim Sample"))],
                dates: vec![Choice::new("2027-10-06T00:00:00", self.say("Wed 6 October 2027"))],
                email: String::new(),
                errors: Vec::new(),
            }),
        }
    }

    /// A finding that an event takes over from its anchor.
    fn of_the_anchor(self) -> Vec<FindingCard> {
        let mut card = self.findings().swap_remove(0);
        card.fingerprint = "inherited".to_owned();
        (card.form, card.settled) = (None, None);
        vec![card]
    }

    pub fn event(self) -> EventPage {
        let mut anchor = self.row("Fair Start annual meeting", "Wed 27 – Fri 29 October 2027", 2, EventStatus::Announced);
        anchor.roles = vec![];
        EventPage {
            kind: self.say("Convening"),
            title: self.say("Lake League city summit"),
            status: EventStatus::Announced,
            mode: Mode::InPerson,
            partners: vec![self.chip(0), self.chip(3)],
            when: WhenWords {
                days: self.say("Wed 6 – Fri 8 October 2027"),
                hours: None,
                datetime: "2027-10-06".into(),
                was: Some(self.say("Wed 13 – Fri 15 October 2027")),
            },
            notice: Some((Level::Medium, self.say("Moved on 12 March 2027: a week earlier, same place."))),
            facts: self.facts(),
            description: vec![
                self.say("Three days for people who lead cities. Sessions in the mornings, visits in the afternoons."),
            ],
            findings: self.findings(),
            sides: Some(self.sides()),
            anchor: Some(SetBeside {
                row: anchor,
                decision: self.say("It holds for this too, and this cannot move alone. Whose decision it is: Fair Start."),
                findings: self.of_the_anchor(),
            }),
            satellites: vec![self.online(
                self.row("Chiefs’ breakfast", "Thu 7 October 2027", 4, EventStatus::Proposed),
                "07:30–09:00, Chicago (CDT, UTC−5)",
            )],
            history: vec![
                Change {
                    text: self.say("Moved from 13–15 to 6–8 October 2027."),
                    by: self.say("Ada Sample, 12 March 2027, 14:05 UTC"),
                },
                Change { text: "Announced as a save-the-date.".into(), by: "read from lake-league.ics, 2 January 2027".into() },
            ],
            answers: Some((Link::new("/events/0193/answers", "See the answers on its dates"), self.say("2 of 3 have answered."))),
            come: Some(self.say_coming()),
            ics: "/events/0193.ics".into(),
            json_ld: Some(format!(
                r#"{{"@context":"https://schema.org","@type":"Event","name":"{}"}}"#,
                self.say("Lake League city summit")
            )),
            better_dates: Some("/events/0193/better-dates".into()),
            steps: self.steps(),
        }
    }

    fn sides(self) -> SidesPanel {
        let side = |source: &str, says: &str, shown| Side {
            source: self.say(source),
            since: "Read Mon 1 March 2027, 08:00 EST".into(),
            says: self.say(says),
            shown,
            overruled: false,
        };
        SidesPanel {
            open: true,
            sides: vec![
                side("lake-league.ics", "Wed 6 – Fri 8 October 2027, Samplehaven, OH", true),
                side("partners.csv", "Wed 13 – Fri 15 October 2027, Samplehaven, OH", false),
            ],
            decided: vec![self.say("Ada Sample, 1 February 2027: “lake-league.ics”, because the board decided so")],
            action: "/events/0193/source".into(),
            revision: 3,
            reason: self.tail.into(),
            errors: vec![FieldError { field: "reason".into(), message: self.say("Say why, in up to 1,000 characters.") }],
            ..SidesPanel::default()
        }
    }

    fn facts(self) -> Vec<Fact> {
        let fact = |term: &str, text: &str| Fact { term: term.into(), text: self.say(text), ..Fact::default() };
        vec![
            Fact { was: Some(self.say("Room 1, Sample Hall")), ..fact("Place", "Sample Convention Center, Samplehaven, OH") },
            fact("For", "mayors, council members, city managers"),
            fact("Expected", "about 1,200 people"),
            Fact {
                href: Some("https://lake-league.example.org/summit".into()),
                ..fact("Page", "lake-league.example.org/summit")
            },
            fact("Known from", "lake-league.ics, read today at 06:00 UTC"),
        ]
    }

    fn steps(self) -> Vec<StepForm> {
        let reason = || Field::area("reason", "Reason", 2).value(self.tail).hint("Goes into the history and the notices.");
        let step = |scope: &str, title: &str, path: &str, button: &str| StepForm {
            scope: scope.into(),
            title: title.into(),
            action: format!("/events/0193/{path}"),
            button: button.into(),
            revision: 3,
            ..StepForm::default()
        };
        let dates = vec![
            Field::line("date", "start_date", "First day").required(),
            Field::line("date", "end_date", "Last day"),
            reason(),
        ];
        let wrong = vec![FieldError { field: "end_date".into(), message: self.say("The last day is before the first.") }];
        vec![
            StepForm {
                main: true,
                note: Some(self.say("One finding must be overridden first.")),
                ..step("confirm", "Confirm", "confirmation", "Confirm")
            },
            StepForm { fields: dates, errors: wrong, ..step("move", "Move to other dates", "move", "Move it") },
            StepForm {
                fields: vec![Field::line("url", "join_url", "Address to join online"), reason()],
                ..step("virtual", "Make it virtual", "virtual", "Go virtual")
            },
            StepForm { fields: vec![reason()], ..step("postpone", "Postpone, dates to come", "postponement", "Postpone it") },
            StepForm {
                fields: vec![reason()],
                danger: true,
                ..step("cancel", "Cancel", "cancellation", "Cancel it for everyone")
            },
        ]
    }
}
