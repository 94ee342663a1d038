//! What comes in: files that are looked at before they are stored.

use super::Sample;
use crate::domain::EventStatus;
use crate::web::layout::form::FieldError;
use crate::web::layout::{Choice, Level, Link};
use crate::web::pages::feed::{FeedPage, Feeds};
use crate::web::pages::import::{Choose, Group, Look, Offer};
use crate::web::pages::sources::{Gone, HeldRow, NewSource, ReadingRow, Removal, SourceFields, SourcePage, Sources, Standing};
use crate::web::pages::subscribe::FeedAddress;

impl Sample<'_> {
    pub fn import_choose(self) -> Choose {
        Choose {
            action: "/desk/import".into(),
            partners: self.partners(&["river"]),
            zones: vec![Choice::new("America/New_York", self.say("America/New York"))],
            roles: self.roles(&["mayor"]),
            modes: Self::modes("virtual"),
            template: "/desk/import/template.csv".into(),
            columns: vec![self.say("title"), "start".into()],
            errors: vec![FieldError { field: "file".into(), message: self.say("This is a web page, not a calendar.") }],
        }
    }

    pub fn import_look(self) -> Look {
        let row = |key: &str, title: &str, chosen: bool| Offer {
            key: key.into(),
            chosen,
            title: self.say(title),
            facts: vec![self.say("Wed 6 – Fri 8 October 2027"), "Kansas City, MO".into()],
            line: "line 12".into(),
            ..Offer::default()
        };
        let changed = Offer {
            differences: vec![("When".into(), self.say("Wed 6 – Fri 8 October 2027"), self.say("Wed 13 – Fri 15 October 2027"))],
            event: Some("/events/0193".into()),
            ..row("b", "Lake League winter meeting", true)
        };
        let doubtful = Offer {
            doubts: vec![self.say("its title says 2025, and its dates are in 2024")],
            ..row("c", "2025 City Summit", false)
        };
        let group = |title: &str, rows: Vec<Offer>| Group { title: title.into(), hint: self.say("Look at each of them."), rows };
        Look {
            name: self.say("meetings-2027.csv"),
            partner: self.say("Lake League"),
            summary: self.say("1 new, 1 changed, 1 doubtful and 1 refused"),
            action: "/desk/import/0193".into(),
            discard: "/desk/import/0193/discard".into(),
            mark: "abcdef".into(),
            groups: vec![
                group("Doubtful", vec![doubtful]),
                group("Changed", vec![changed]),
                group("New", vec![row("a", "Managers’ roundtable", true)]),
            ],
            unchanged: vec![self.say("Lake League spring meeting, Tue 4 May 2027")],
            unchanged_more: 3,
            refused: vec![("line 9".into(), self.say("start: “someday” is no date; a day would be 2027-10-06"))],
            notes: vec![("line 1".into(), self.say("These columns are not known: “Caterer”."))],
            said: Some((Level::Medium, self.say("The calendar has changed since this was shown to you."))),
        }
    }

    pub fn standing(self, name: &str, trouble: Option<String>) -> Standing {
        Standing {
            href: "/desk/sources/1".into(),
            name: self.say(name),
            partner: Some(self.say("Lake League")),
            place: self.say("https://calendar.example.org"),
            read: self.say("Read Mon 4 January 2027, 07:00 EST (New York, UTC−5), in 0.4 s: 2 new and 1 changed."),
            next: Some(self.say("Next on Mon 4 January 2027, 08:00 EST (New York, UTC−5).")),
            paused: trouble.is_none().then(|| self.say("Paused since Monday.")),
            waiting: usize::from(trouble.is_some()),
            held: if trouble.is_some() { 3 } else { 0 },
            trouble,
        }
    }

    fn source_fields(self, errors: Vec<FieldError>) -> SourceFields {
        SourceFields {
            name: self.say("Lake League calendar"),
            zones: vec![Choice::new("America/Chicago", self.say("America/Chicago"))],
            roles: self.roles(&["mayor"]),
            modes: Self::modes("virtual"),
            every: vec![Choice::new("1h", self.say("Every hour"))],
            errors,
        }
    }

    pub fn sources(self) -> Sources {
        let broken = Some(self.say("It cannot be read since Monday: it answered with status 503."));
        Sources {
            summary: self.say("2 calendars; one cannot be read just now."),
            sources: vec![self.standing("Lake League calendar", None), self.standing("Committees", broken)],
        }
    }

    pub fn source(self) -> SourcePage {
        let reading = |counts: Option<[usize; 6]>| ReadingRow {
            at: self.say("Mon 4 January 2027, 07:00 EST"),
            took: "in 0.4 s".into(),
            outcome: self.say("Read"),
            counts,
            message: Some(self.say("line 12: no date")),
        };
        let held = |title: &str, reason: &str| HeldRow {
            title: self.say(title),
            facts: vec![self.say("Wed 6 – Fri 8 October 2027"), "line 12".into()],
            reasons: vec![self.say(reason)],
            action: "/desk/sources/1/doubts/7".into(),
            mark: "abcdef.1".into(),
            named: "7:abcdef.1".into(),
            ..HeldRow::default()
        };
        SourcePage {
            standing: self.standing("Lake League calendar", Some(self.say("It cannot be read since Monday."))),
            action: "/desk/sources/1".into(),
            revision: 3,
            is_uploaded: true,
            held: vec![
                HeldRow {
                    facts: vec![self.say("Wed 20 – Fri 22 November 2024"), "it would be new".into()],
                    ..held("2025 City Summit", "its title says 2025, and its dates are in 2024")
                },
                HeldRow {
                    event: Some("/events/0193".into()),
                    differences: vec![("When".into(), self.say("Wed 6 – Fri 8 October 2027"), self.say("Thu 5 October 2028"))],
                    ..held("Lake League retreat", "it would move by 365 days; is it another one?")
                },
            ],
            held_more: 2,
            answer_all: "/desk/sources/1/doubts".into(),
            left_out: vec![HeldRow {
                said: Some(self.say("Left out by Ada Sample, Monday.")),
                ..held("Lake League spring meeting", "line 4 has the same title and day")
            }],
            withdrawn: vec![Gone {
                event: Link::new("/events/0193", self.say("Lake League winter meeting")),
                when: self.say("Wed 6 – Fri 8 October 2027"),
                since: self.say("Monday"),
                action: "/events/0193/upstream/".into(),
            }],
            fields: self.source_fields(vec![FieldError {
                field: "name".into(),
                message: self.say("give it a name of up to 100 characters"),
            }]),
            readings: vec![reading(Some([2, 1, 40, 2, 1, 0])), reading(None)],
        }
    }

    pub fn source_new(self) -> NewSource {
        NewSource {
            action: "/desk/sources/new".into(),
            partners: self.partners(&["river"]),
            address: self.say("https://calendar.example.org/basic.ics"),
            fields: self.source_fields(vec![FieldError { field: "address".into(), message: self.say("it is no address") }]),
        }
    }

    pub fn source_removal(self) -> Removal {
        Removal {
            name: self.say("Lake League calendar"),
            gave: 12,
            action: "/desk/sources/1/removal".into(),
            revision: 3,
            back: "/desk/sources/1".into(),
        }
    }

    pub fn feed(self) -> FeedPage {
        FeedPage {
            feed: FeedAddress {
                words: self.say("Convenings: mayors"),
                https: self.say("https://convene.example.org/feeds/roles/mayor.ics"),
            },
            summary: self.say("Two convenings lie ahead in it."),
            next: vec![self.row("Lake League city summit", "Wed 6 – Fri 8 October 2027", 0, EventStatus::Confirmed)],
            all: "/?roles=mayor".into(),
            forms: vec![(Link::new("/feeds/roles/mayor.json", self.say("JSON")), "for programs")],
        }
    }

    pub fn feeds(self) -> Feeds {
        Feeds { groups: vec![(self.say("By role"), vec![Link::new("/feeds/roles/mayor", self.say("mayors"))])] }
    }
}
