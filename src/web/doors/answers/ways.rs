//! The ways to proposed dates from other pages.

use crate::app::answers::{self, Open};
use crate::app::{Actor, App, Error, Result};
use crate::domain::{Days, EventId, EventStatus, wording};
use crate::web::layout::Link;

/// Plans that wait for the reader's answer, or that they have answered: a link and where it stands.
pub fn waiting(all: &[Open]) -> Vec<(Link, String)> {
    let one = |open: &Open| {
        let until = open.proposal.answer_by.map_or_else(String::new, |day| format!(" by {}", wording::days(Days::one(day))));
        let waits = format!("{} waits for your answer{until}", open.proposal.by);
        (link(open), if open.waits { waits } else { "answered; you can change it".to_owned() })
    };
    all.iter().map(one).collect()
}

/// The reader's own plans whose dates others are asked about: a link and where it stands.
pub fn running(all: &[Open]) -> Vec<(Link, String)> {
    let one = |open: &Open| {
        let proposal = &open.proposal;
        let answered = proposal.asked.iter().filter(|asked| !proposal.waits_for(asked)).count();
        let dates = match proposal.candidates.len() {
            1 => "1 date".to_owned(),
            count => format!("{count} dates"),
        };
        (link(open), format!("{answered} of {} have answered, {dates} offered", proposal.asked.len()))
    };
    all.iter().map(one).collect()
}

fn link(open: &Open) -> Link {
    Link::new(format!("/events/{}/answers", open.event.id), &open.event.details.title)
}

/// The way to the answers from the plan's own page; `None` for those whom it does not concern.
pub fn way(app: &App, actor: &Actor, id: EventId, may_change: bool, status: EventStatus) -> Result<Option<(Link, String)>> {
    let link = |text: &str| Link::new(format!("/events/{id}/answers"), text);
    if *actor == Actor::Visitor {
        return Ok(None);
    }
    let may_ask = may_change && (status.is_tentative() || matches!(status, EventStatus::Idea | EventStatus::Postponed));
    let poll = match answers::bare(app, actor, id) {
        Err(Error::NotFound(_)) => return Ok(None),
        poll => poll?,
    };
    Ok(match &poll.proposal {
        Some(proposal) if poll.answers_as.iter().any(|asked| proposal.waits_for(asked)) && !poll.decides => {
            Some((link("Say which dates suit"), format!("{} waits for your answer.", proposal.by)))
        }
        Some(proposal) if proposal.is_open() => {
            let answered = proposal.asked.iter().filter(|asked| !proposal.waits_for(asked)).count();
            Some((link("See the answers on its dates"), format!("{answered} of {} have answered.", proposal.asked.len())))
        }
        Some(_) => Some((link("See what was answered on its dates"), String::new())),
        None if may_ask => {
            Some((link("Ask which dates suit"), "Partners and city teams answer with yes, if need be, or no.".to_owned()))
        }
        None => None,
    })
}
