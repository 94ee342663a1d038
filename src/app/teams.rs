//! What city teams, partners and towns say of their own calendars, and what that makes of a team's year.

pub mod meetings;
pub mod roster;
pub mod year;

use chrono::{DateTime, Utc};

use super::agenda::horizon;
use super::record::{nearest, refresh};
use super::{Actor, App, Error, Result};
use crate::domain::civic::{Blackout, BudgetYear, Council, Whose};
use crate::domain::{Days, EventId, Span, Team, TeamSlug, When};
use crate::store::{EventFilter, Reader, Writer};

/// Stores a team's council with its meetings, and what now clashes with them.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an operator; [`Error::Invalid`] where the team is not known,
/// or the meetings cannot be.
pub fn put_council(app: &App, actor: &Actor, team: &TeamSlug, council: &Council) -> Result<()> {
    actor.must_lead(team)?;
    app.store.write::<_, Error>(|writer| {
        let team = must_know(writer, team)?;
        if let Err(mistake) = council.recurrence.check(council.when, team.zone) {
            return Err(Error::field("rrule", mistake));
        }
        if council.seats == 0 || council.quorum.is_some_and(|quorum| quorum == 0 || quorum > council.seats) {
            return Err(Error::field("seats", "A council has at least one seat, and its quorum is no more than its seats."));
        }
        if !matches!(council.when, When::Times { start, end: Some(end) } if start < end) {
            return Err(Error::field("start", "Say from when until when its first meeting is."));
        }
        keep(writer, &team, council, app.now())?;
        refresh_all(app, writer, actor)
    })
}

/// Stores when a team's budget is made, and what now clashes with it.
///
/// # Errors
/// As [`put_council`].
pub fn put_budget_year(app: &App, actor: &Actor, team: &TeamSlug, budget: BudgetYear) -> Result<()> {
    actor.must_lead(team)?;
    if !(1..=12).contains(&budget.month) || budget.weeks.is_some_and(|weeks| !(1..=52).contains(&weeks)) {
        return Err(Error::field("month", "The fiscal year begins in a month from 1 to 12, and budgets take 1 to 52 weeks."));
    }
    app.store.write::<_, Error>(|writer| {
        must_know(writer, team)?;
        writer.put_budget_year(team, budget)?;
        refresh_all(app, writer, actor)
    })
}

/// Rules days out for a team, a partner or a town; gives the number that it is withdrawn by.
///
/// # Errors
/// As [`put_council`]; a partner's own people may rule days out for it.
pub fn rule_out(app: &App, actor: &Actor, blackout: &Blackout) -> Result<i64> {
    match &blackout.whose {
        Whose::Partner(partner) => actor.must_act_for(partner)?,
        Whose::Team(team) => actor.must_lead(team)?,
        Whose::City { .. } => must_operate(actor)?,
    }
    let reason = blackout.reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.is_empty() || reason.chars().count() > 200 {
        return Err(Error::field("reason", "Say why, in up to 200 characters: others will read it."));
    }
    app.store.write::<_, Error>(|writer| {
        match &blackout.whose {
            Whose::Team(team) => drop(must_know(writer, team)?),
            Whose::Partner(partner) if !writer.has_partner(partner)? => {
                return Err(Error::field("partner", format!("there is no partner “{partner}”")));
            }
            Whose::Partner(_) | Whose::City { .. } => {}
        }
        let id = writer.add_blackout(&Blackout { reason, ..blackout.clone() }, app.now())?;
        refresh_all(app, writer, actor)?;
        Ok(id)
    })
}

/// Takes back what was ruled out.
///
/// # Errors
/// [`Error::NotFound`] when there is none of that number; [`Error::Forbidden`] as [`rule_out`].
pub fn allow_again(app: &App, actor: &Actor, id: i64) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        let known = writer.blackouts(Days::ALL)?.into_iter().find(|(number, _)| *number == id);
        match known.map(|(_, blackout)| blackout.whose) {
            None => return Err(Error::NotFound("blackout")),
            Some(Whose::Partner(partner)) => actor.must_act_for(&partner)?,
            Some(Whose::Team(team)) => actor.must_lead(&team)?,
            Some(Whose::City { .. }) => must_operate(actor)?,
        }
        writer.withdraw_blackout(id)?;
        refresh_all(app, writer, actor)
    })
}

/// Keeps councils' meetings known up to the horizon; gives how many councils were carried on.
///
/// # Errors
/// What the store says.
pub fn carry_on(app: &App) -> Result<usize> {
    let now = app.now();
    let soon = horizon(now) - chrono::Duration::days(90);
    let waiting = app.store.read::<_, Error>(|reader| Ok(reader.councils_ending_before(soon)?))?;
    if waiting.is_empty() {
        return Ok(0);
    }
    app.store.write::<_, Error>(|writer| {
        let councils = writer.councils()?;
        for slug in &waiting {
            if let Some(council) = councils.get(slug) {
                keep(writer, &must_know(writer, slug)?, council, now)?;
            }
        }
        refresh_all(app, writer, &Actor::Operator)
    })?;
    Ok(waiting.len())
}

/// Stores a council with its meetings, without looking at what clashes with them.
pub(super) fn keep(writer: &Writer<'_>, team: &Team, council: &Council, now: DateTime<Utc>) -> Result<()> {
    let first = council.when.span(team.zone).start;
    let until = horizon(now).max(first + chrono::Duration::days(1));
    let meetings = council.meetings(&team.slug, team.zone, Span::new(first, until));
    Ok(writer.put_council(&team.slug, council, &meetings, until)?)
}

fn must_operate(actor: &Actor) -> Result<()> {
    if actor.sees_all() { Ok(()) } else { Err(Error::Forbidden("only an operator may do that".into())) }
}

pub(super) fn must_know(reader: &Reader<'_>, slug: &TeamSlug) -> Result<Team> {
    let teams = reader.teams()?;
    let known: Vec<String> = teams.iter().map(|team| team.slug.to_string()).collect();
    let found = teams.into_iter().find(|team| team.slug == *slug);
    found.ok_or_else(|| Error::field("team", format!("there is no city team “{slug}”; {}", nearest(slug.as_str(), &known))))
}

/// What a city says can touch any event.
fn refresh_all(app: &App, writer: &Writer<'_>, actor: &Actor) -> Result<()> {
    let all: Vec<EventId> = writer.entries(&EventFilter::default())?.into_iter().map(|entry| entry.event.id).collect();
    refresh(app, writer, actor, &all)
}
