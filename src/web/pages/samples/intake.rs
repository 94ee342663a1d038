//! What comes in: files that are looked at before they are stored.

use super::Sample;
use crate::web::layout::form::FieldError;
use crate::web::layout::{Choice, Level};
use crate::web::pages::import::{Choose, Group, Look, Offer};

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
}
