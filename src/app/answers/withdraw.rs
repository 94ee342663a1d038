//! Takes dates back, or the asking.

use serde::Deserialize;

use super::{Poll, of, tell};
use crate::app::settle::must_change;
use crate::app::{Actor, App, Error, Result};
use crate::domain::EventId;
use crate::domain::proposal::{Asked, Outcome, Proposal};
use crate::json::FieldError;

/// What is taken back; all of it where nothing is named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Back {
    /// These are asked no more: `partner:SLUG`, `team:SLUG`.
    pub asked: Vec<String>,
    /// These dates are offered no more, by their numbers.
    pub dates: Vec<i64>,
}

/// Takes back dates, or asks somebody no more; whoever was told of it is told so.
///
/// Where nobody or nothing would be left, all of it ends, and nobody who was asked sees the plan any more.
///
/// # Errors
/// [`Error::NotFound`] and [`Error::Forbidden`] for those who do not call it; [`Error::NotPossible`] where nothing is
/// asked; [`Error::Invalid`] for what is not offered, or nobody who is asked.
pub fn withdraw(app: &App, actor: &Actor, id: EventId, back: &Back) -> Result<Poll> {
    app.store.write::<_, Error>(|writer| {
        let event = must_change(writer, actor, id, None)?;
        let open = writer.proposal(id)?.filter(Proposal::is_open);
        let Some(proposal) = open else { return Err(Error::NotPossible("nobody is asked about its dates".into())) };
        let (now, asked) = (app.now(), read(&proposal, back)?);
        let rest = |listed: usize, gone: usize| listed.saturating_sub(gone);
        let ends = (back.asked.is_empty() && back.dates.is_empty())
            || rest(proposal.asked.len(), asked.len()) == 0
            || rest(proposal.candidates.len(), back.dates.len()) == 0;
        let gone = if ends { proposal.asked.clone() } else { asked };
        for one in &gone {
            writer.ask_no_more(id, one, now)?;
        }
        for one in &back.dates {
            writer.drop_candidate(*one, now)?;
        }
        if ends {
            writer.close_proposal(id, Outcome::Withdrawn, now)?;
        }
        tell::note_withdrawn(app, writer, &event, &gone, actor)
    })?;
    of(app, actor, id)
}

fn read(proposal: &Proposal, back: &Back) -> Result<Vec<Asked>> {
    let (mut asked, mut mistakes) = (Vec::new(), Vec::new());
    let mut wrong = |field: &str, message: String| mistakes.push(FieldError { field: field.to_owned(), message });
    for text in &back.asked {
        match text.parse::<Asked>() {
            Ok(one) if proposal.asked.contains(&one) => {
                if !asked.contains(&one) {
                    asked.push(one);
                }
            }
            Ok(one) => wrong("asked", format!("{one} is not asked")),
            Err(message) => wrong("asked", message),
        }
    }
    for id in back.dates.iter().filter(|id| proposal.candidate(**id).is_none()) {
        wrong("dates", format!("no dates of the number {id} are offered"));
    }
    if mistakes.is_empty() { Ok(asked) } else { Err(Error::Invalid(mistakes)) }
}
