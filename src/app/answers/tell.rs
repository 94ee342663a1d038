//! Tells those concerned: who is asked, who asked, and who need not answer any more.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{decides, names};
use crate::app::letters::{happening, partner_name};
use crate::app::notify::about;
use crate::app::{Actor, App, Result};
use crate::domain::proposal::{Asked, Candidate, Outcome, Proposal, Tally};
use crate::domain::{Days, Event, EventId, wording};
use crate::mail::answers::{About, Answers, Offered};
use crate::store::{Notice, Reader, User, Writer};

/// What notices about proposed dates begin with.
const ASKED: &str = "asked:";
const REMINDED: &str = "remind:";
const ANSWERED: &str = "answers:";
const SETTLED: &str = "settled:";
const WITHDRAWN: &str = "withdrawn:";

/// Keeps for everybody who is asked and has not answered all of it that they are.
pub(super) fn note_asked(app: &App, writer: &Writer<'_>, id: EventId, actor: &Actor) -> Result<()> {
    let Some(proposal) = writer.proposal(id)? else { return Ok(()) };
    let waiting: Vec<&Asked> = proposal.asked.iter().filter(|asked| proposal.waits_for(asked)).collect();
    for user in people(writer, waiting, actor)? {
        keep(app, writer, &user, ASKED, id, false)?;
    }
    Ok(())
}

/// Keeps for everybody who has not answered all of it that answers are wanted by this day; to each once.
pub(super) fn note_reminder(app: &App, writer: &Writer<'_>, id: EventId, day: NaiveDate) -> Result<()> {
    let Some(proposal) = writer.proposal(id)? else { return Ok(()) };
    let waiting: Vec<&Asked> = proposal.asked.iter().filter(|asked| proposal.waits_for(asked)).collect();
    for user in people(writer, waiting, &Actor::Operator)? {
        let topic = format!("{REMINDED}{day}:");
        if !writer.is_told(&user.email, &format!("{topic}{id}"))? {
            keep(app, writer, &user, &topic, id, true)?;
        }
    }
    Ok(())
}

/// Keeps for those who call the plan that it was answered; at once when nobody is left to wait for.
pub(super) fn note_answered(app: &App, writer: &Writer<'_>, event: &Event, actor: &Actor) -> Result<()> {
    let is_all = writer.proposal(event.id)?.is_some_and(|proposal| proposal.is_answered());
    let details = &event.details;
    let callers: Vec<Asked> = std::iter::once(&details.partner).chain(&details.co_hosts).cloned().map(Asked::Partner).collect();
    for user in people(writer, callers.iter().collect(), actor)? {
        keep(app, writer, &user, ANSWERED, event.id, is_all)?;
    }
    Ok(())
}

/// Keeps for everybody who was asked that the dates are settled.
pub(super) fn note_settled(app: &App, writer: &Writer<'_>, event: &Event, proposal: &Proposal, actor: &Actor) -> Result<()> {
    for user in people(writer, proposal.asked.iter().collect(), actor)? {
        keep(app, writer, &user, SETTLED, event.id, false)?;
    }
    Ok(())
}

/// Keeps for those who were told that they are asked that they need not answer; the others never hear of it.
pub(super) fn note_withdrawn(app: &App, writer: &Writer<'_>, event: &Event, gone: &[Asked], actor: &Actor) -> Result<()> {
    for user in people(writer, gone.iter().collect(), actor)? {
        if writer.is_told(&user.email, &format!("{ASKED}{}", event.id))? {
            keep(app, writer, &user, WITHDRAWN, event.id, false)?;
        }
    }
    Ok(())
}

/// The people of these, each once, but for the actor.
fn people(reader: &Reader<'_>, whom: Vec<&Asked>, actor: &Actor) -> Result<Vec<User>> {
    let (mut found, mut known) = (Vec::new(), BTreeSet::new());
    for asked in whom {
        let users = match asked {
            Asked::Partner(slug) => reader.users_of(slug)?,
            Asked::Team(slug) => reader.leads_of(slug)?,
        };
        let is_actor = |user: &User| matches!(actor, Actor::User(by) if by.email == user.email);
        found.extend(users.into_iter().filter(|user| !is_actor(user) && known.insert(user.email.clone())));
    }
    Ok(found)
}

fn keep(app: &App, writer: &Writer<'_>, user: &User, topic: &str, id: EventId, urgent: bool) -> Result<()> {
    let notice = about(app, writer, user, &format!("{topic}{id}"))?;
    Ok(writer.add_notice(&Notice { event: Some(id), urgent, ..notice })?)
}

/// Is it about proposed dates?
pub(in crate::app) fn is_ours(notice: &Notice) -> bool {
    [ASKED, REMINDED, ANSWERED, SETTLED, WITHDRAWN].iter().any(|topic| notice.topic.starts_with(topic))
}

/// What a notice comes to for this person, as things stand; `None` where that is nothing any more.
pub(in crate::app) fn told(app: &App, reader: &Reader<'_>, user: &User, notice: &Notice) -> Result<Option<Answers>> {
    let Some(id) = notice.event else { return Ok(None) };
    let (event, Some(proposal)) = (reader.event(id)?, reader.proposal(id)?) else { return Ok(None) };
    let asked = user.team.clone().map(Asked::Team).or_else(|| user.partner.clone().map(Asked::Partner));
    let Some(reader_is) = asked else { return Ok(None) };
    let is_asked = proposal.asked.contains(&reader_is);
    let reminds = notice.topic.starts_with(REMINDED);
    let said = if notice.topic.starts_with(ASKED) || reminds {
        if !proposal.waits_for(&reader_is) {
            return Ok(None);
        }
        asked_about(&proposal, reminds)
    } else if notice.topic.starts_with(ANSWERED) {
        if !proposal.is_open() || proposal.replies.is_empty() || !decides(&Actor::User(user.clone()), &event) {
            return Ok(None);
        }
        answered(&event, &proposal)
    } else if notice.topic.starts_with(SETTLED) {
        match (&proposal.closed, is_asked) {
            (Some((_, Outcome::Settled(chosen))), true) => {
                let chosen = chosen.and_then(|id| proposal.candidate(id));
                let days = chosen.map_or_else(String::new, |one| wording::days(one.when.days()));
                About::Settled { chosen: chosen.map(|one| words_of(&event, one)), days, status: event.status.to_string() }
            }
            _ => return Ok(None),
        }
    } else if is_asked {
        return Ok(None);
    } else {
        About::Withdrawn
    };
    let is_withdrawn = said == About::Withdrawn;
    let sees = !is_withdrawn && Actor::User(user.clone()).may_see(&event);
    let link = match &said {
        About::Settled { .. } if sees => format!("/events/{id}"),
        About::Asked { .. } | About::Answered { .. } | About::Settled { .. } => format!("/events/{id}/answers"),
        About::Withdrawn => "/desk".to_owned(),
    };
    let dates = if is_withdrawn { Vec::new() } else { offered(&event, &proposal, &reader_is, &said) };
    let mut plan = happening(app, reader, &event)?;
    plan.url = app.address(&link);
    Ok(Some(Answers {
        about: said,
        event: plan,
        dates,
        by: format!("{} of {}", proposal.by, partner_name(reader, &event.details.partner)?),
        link: app.address(&link),
        because: because(reader, &reader_is)?,
        base_url: app.settings.base_url.clone(),
    }))
}

fn asked_about(proposal: &Proposal, again: bool) -> About {
    let answer_by = proposal.answer_by.map(|day| wording::days(Days::one(day)));
    About::Asked { answer_by, note: proposal.note.clone(), again }
}

fn answered(event: &Event, proposal: &Proposal) -> About {
    let answered = proposal.asked.iter().filter(|asked| !proposal.waits_for(asked)).count();
    let best = proposal.best().and_then(|id| proposal.candidate(id)).map(|one| words_of(event, one));
    About::Answered { answered, of: proposal.asked.len(), best }
}

fn offered(event: &Event, proposal: &Proposal, reader_is: &Asked, about: &About) -> Vec<Offered> {
    let one = |one: &Candidate| Offered {
        words: words_of(event, one),
        said: match about {
            About::Answered { .. } => tally_words(proposal.tally(one.id)),
            _ => {
                proposal.reply(reader_is, one.id).map_or_else(String::new, |reply| format!("you said “{}”", reply.answer.words()))
            }
        },
    };
    proposal.candidates.iter().map(one).collect()
}

/// “2 yes, 1 if need be, 1 no, 3 open”: what is nought is left out.
#[must_use]
pub fn tally_words(tally: Tally) -> String {
    let parts = [(tally.yes, "yes"), (tally.maybe, "if need be"), (tally.no, "no"), (tally.open, "open")];
    parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect::<Vec<_>>().join(", ")
}

/// Dates in words, with their place where it is another than the plan's.
fn words_of(event: &Event, one: &Candidate) -> String {
    let when = wording::when(one.when, one.zone);
    match &one.venue {
        Some(venue) => format!("{when}, {}", wording::place_of(Some(venue), event.details.mode)),
        None => when,
    }
}

fn because(reader: &Reader<'_>, who: &Asked) -> Result<String> {
    let name = names(reader)?.remove(who).unwrap_or_else(|| who.to_string());
    Ok(match who {
        Asked::Partner(_) => format!("You get this because you plan events of {name}."),
        Asked::Team(_) => format!("You get this because you lead the city team of {name}."),
    })
}
