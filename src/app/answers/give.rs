//! Says which of the proposed dates suit.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::ask::read_note;
use super::{Poll, of, seat, tell};
use crate::app::{Actor, App, Error, Result};
use crate::domain::EventId;
use crate::domain::proposal::{Answer, Asked, Proposal, Reply};
use crate::json::FieldError;

/// What somebody answers: all texts, nothing trusted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Said {
    /// For whom: `partner:SLUG`, `team:SLUG`; may be left out by those who answer for one only.
    pub answers_for: Option<String>,
    /// `yes`, `maybe` or `no`, by the number of the dates.
    pub answers: BTreeMap<String, String>,
    /// What to add.
    pub note: String,
}

/// Answers for a partner or a city team; what is not named stays as it was answered.
///
/// # Errors
/// [`Error::NotFound`] for those who are not asked; [`Error::NotPossible`] where it is over; [`Error::Invalid`] with
/// every mistake.
pub fn give(app: &App, actor: &Actor, id: EventId, said: &Said) -> Result<Poll> {
    app.store.write::<_, Error>(|writer| {
        let event = writer.event(id)?;
        let Some(proposal) = writer.proposal(id)? else { return Err(Error::NotFound("event")) };
        let seat = seat(actor, &event, Some(&proposal))?;
        if !proposal.is_open() {
            return Err(Error::NotPossible("its dates are settled, and no answer is needed any more".into()));
        }
        let from = who(&seat.answers_as, said.answers_for.as_deref())?;
        let mut mistakes = Vec::new();
        let note = read_note(&said.note, &mut mistakes);
        let answers = read(&proposal, &said.answers, &mut mistakes);
        if !mistakes.is_empty() {
            return Err(Error::Invalid(mistakes));
        }
        let email = if let Actor::User(user) = actor { user.email.as_str() } else { "" };
        let mut changed = false;
        for (candidate, answer) in answers {
            let known = proposal.reply(&from, candidate);
            if known.is_some_and(|known| known.answer == answer && known.note == note) {
                continue;
            }
            changed = true;
            let reply =
                Reply { from: from.clone(), candidate, answer, note: note.clone(), by: actor.name().to_owned(), at: app.now() };
            writer.add_answer(id, &reply, email)?;
        }
        if changed { tell::note_answered(app, writer, &event, actor) } else { Ok(()) }
    })?;
    of(app, actor, id)
}

fn who(may: &[Asked], text: Option<&str>) -> Result<Asked> {
    let listed = || may.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (text.map(str::trim).filter(|text| !text.is_empty()), may) {
        (_, []) => Err(Error::Forbidden("only those who were asked may answer".into())),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(Error::field("answers_for", format!("say for whom; there are {}", listed()))),
        (Some(text), _) => {
            let asked: Asked = text.parse().map_err(|message: String| Error::field("answers_for", message))?;
            let is_theirs = may.contains(&asked);
            is_theirs.then_some(asked).ok_or_else(|| Error::field("answers_for", format!("you may answer for {}", listed())))
        }
    }
}

fn read(proposal: &Proposal, answers: &BTreeMap<String, String>, mistakes: &mut Vec<FieldError>) -> Vec<(i64, Answer)> {
    let mut read = Vec::new();
    let mut wrong = |field: String, message: String| mistakes.push(FieldError { field, message });
    for (number, text) in answers.iter().filter(|(_, text)| !text.trim().is_empty()) {
        let field = format!("answers.{number}");
        let candidate = number.parse().ok().filter(|id| proposal.candidate(*id).is_some());
        match (candidate, text.parse::<Answer>()) {
            (Some(candidate), Ok(answer)) => read.push((candidate, answer)),
            (None, _) => {
                let known: Vec<String> = proposal.candidates.iter().map(|one| one.id.to_string()).collect();
                wrong(field, format!("no dates of that number are offered; there are {}", known.join(", ")));
            }
            (_, Err(message)) => wrong(field, message),
        }
    }
    if read.is_empty() && answers.values().all(|text| text.trim().is_empty()) {
        wrong("answers".to_owned(), "Say of at least one date whether it suits.".to_owned());
    }
    read
}
