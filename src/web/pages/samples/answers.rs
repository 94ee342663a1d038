//! Samples of the page on proposed dates.

use super::Sample;
use crate::domain::proposal::Answer;
use crate::domain::{EventStatus, Mode};
use crate::web::layout::form::FieldError;
use crate::web::layout::{Choice, Field, Level, Link, WhenWords};
use crate::web::pages::answers::{AnswerForm, AnswerRow, AnswerTable, AnswersPage, AskForm, DateCard, Post};

impl Sample<'_> {
    /// As whoever asks sees it.
    pub fn answers(self) -> AnswersPage {
        let row = |name: &str, cells: &[Option<Answer>], note: &str| AnswerRow {
            name: self.say(name),
            cells: cells.to_vec(),
            note: self.say(note),
            drop: Some(post("asked", "partner:river-institute")),
        };
        AnswersPage {
            title: self.say("Lake League city summit"),
            plan: Some(Link::new("/events/0193", self.say("Lake League city summit"))),
            partners: vec![self.chip(0)],
            status: EventStatus::Hold,
            mode: Mode::InPerson,
            lead: self.say("Samplehaven. Ada Sample asks which of these dates suit, by Fri 5 March 2027. 2 of 3 have answered."),
            notice: None,
            about: vec![self.say("Three days for people who lead cities.")],
            answer: None,
            dates: vec![
                self.date_card("Wed 6 – Fri 8 October 2027", true),
                self.date_card("Wed 17 – Fri 19 November 2027", false),
            ],
            table: Some(AnswerTable {
                dates: vec![self.say("Wed 6 – Fri 8 October 2027"), self.say("Wed 17 – Fri 19 November 2027")],
                rows: vec![
                    row("River Institute", &[Some(Answer::Yes), Some(Answer::No)], "Ben Sample: “The second is our board”"),
                    row("Fair Start", &[Some(Answer::Maybe), Some(Answer::Yes)], "Cleo Sample"),
                    row("Riverbend, OH", &[None, None], ""),
                ],
            }),
            ask: Some(self.ask_form()),
            take_back: Some("/events/0193/asks/withdrawal".into()),
        }
    }

    /// As those who are asked see it, after a mistake.
    pub fn answers_asked(self) -> AnswersPage {
        let choices = || -> Vec<Choice> {
            Answer::ALL.iter().map(|answer| Choice::new(answer.as_str(), answer.words()).chosen(*answer == Answer::Yes)).collect()
        };
        let form = AnswerForm {
            title: self.say("Your answer for River Institute"),
            action: "/events/0193/answers".into(),
            answers_for: None,
            dates: vec![
                (Field::radios("date_1", &self.say("Wed 6 – Fri 8 October 2027"), &choices()), Vec::new()),
                (
                    Field::radios("date_2", &self.say("Wed 17 – Fri 19 November 2027, Denver, CO"), &choices()),
                    vec![(Level::Low, self.say("Dussehra is on Saturday the 9th."))],
                ),
            ],
            note: Field::line("text", "note", "What to add").value(self.tail).hint("Up to 500 characters."),
            errors: vec![FieldError { field: "note".into(), message: self.say("Keep it under 500 characters.") }],
            aside: false,
        };
        AnswersPage { answer: Some(form), dates: Vec::new(), ask: None, take_back: None, ..self.answers() }
    }

    fn date_card(self, days: &str, best: bool) -> DateCard {
        DateCard {
            when: WhenWords { days: self.say(days), hours: None, datetime: "2027-10-06".into(), was: None },
            place: (!best).then(|| self.say("Denver, CO")),
            tally: self.say("1 yes, 1 if need be, 1 open"),
            best,
            chosen: false,
            findings: vec![(Level::Low, self.say("Dussehra is on Saturday the 9th: many will travel the day before."))],
            choose: Some(post("date", days)),
            drop: Some(post("dates", days)),
        }
    }

    fn ask_form(self) -> AskForm {
        let line = |kind, name: &str, label: &str| Field::line(kind, name, label).value(self.tail);
        let choice = |value: &str, label: &str| Choice::new(value, self.say(label));
        AskForm {
            title: self.say("Add dates, or ask others"),
            hint: self.say("What is offered stays."),
            action: "/events/0193/asks".into(),
            dates: vec![vec![
                line("date", "start_1", "First day"),
                line("date", "end_1", "Last day"),
                line("text", "place_1", "Place, if another"),
            ]],
            whom: vec![
                Field::checks("asked", "Partners", &[choice("partner:fair-start", "Fair Start")]),
                Field::checks("teams", "City teams", &[choice("team:riverbend-oh", "Riverbend, OH")]),
            ],
            rest: vec![line("date", "answer_by", "Answers by"), line("text", "note", "What to say with it")],
            errors: vec![FieldError { field: "start_1".into(), message: self.say("That day is over.") }],
            open: false,
        }
    }
}

fn post(name: &str, value: &str) -> Post {
    Post { action: "/events/0193/asks/withdrawal".into(), hidden: vec![(name.into(), value.into())] }
}
