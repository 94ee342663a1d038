//! Who is on a city team. Only the team's lead and the operator see and change that.

use super::{must_know, refresh_all};
use crate::app::record::nearest;
use crate::app::{Actor, App, Error, Result};
use crate::domain::team::Member;
use crate::domain::{Team, TeamSlug};
use crate::json::FieldError;
use crate::store::{Reader, Writer};

/// The most people that a team has.
const MOST: usize = 200;

/// Adds a city team.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an operator; [`Error::Invalid`] with every mistake;
/// [`Error::NotPossible`] where there is such a team.
pub fn add(app: &App, actor: &Actor, team: &Team) -> Result<()> {
    super::must_operate(actor)?;
    let name = one_line("name", &team.name)?;
    app.store.write::<_, Error>(|writer| {
        if writer.teams()?.iter().any(|known| known.slug == team.slug) {
            return Err(Error::NotPossible(format!("there is a city team {} already", team.slug)));
        }
        let members = team.members.iter().map(|member| checked(writer, member)).collect::<Result<_>>()?;
        writer.add_team(&Team { name, members, ..team.clone() })?;
        refresh_all(app, writer, actor)
    })
}

/// A team with its people.
///
/// # Errors
/// [`Error::NotFound`] where there is none, or it is not the actor's own.
pub fn look(app: &App, actor: &Actor, slug: &TeamSlug) -> Result<Team> {
    app.store.read::<_, Error>(|reader| own(reader, actor, slug))
}

/// The teams that an actor may see: the own one; all of them for an operator.
///
/// # Errors
/// When the store fails.
pub fn list(app: &App, actor: &Actor) -> Result<Vec<Team>> {
    let mut teams = app.store.read::<_, Error>(|reader| Ok(reader.teams()?))?;
    teams.retain(|team| actor.must_lead(&team.slug).is_ok());
    Ok(teams)
}

/// What is done to a roster. People are named by their place on it, and by the name they had there.
#[derive(Debug, Clone)]
pub enum Change {
    /// Somebody more.
    Add(Member),
    /// Somebody is now as said.
    Put(usize, String, Member),
    /// Somebody is not on it any more.
    Remove(usize, String),
    /// All of it anew.
    Replace(Vec<Member>),
}

/// Changes a team's roster, and finds what that means for the calendar.
///
/// # Errors
/// [`Error::NotFound`] as [`look`]; [`Error::Stale`] where somebody else is at that place by now;
/// [`Error::Invalid`] with every mistake.
pub fn change(app: &App, actor: &Actor, slug: &TeamSlug, change: &Change) -> Result<Team> {
    app.store.write::<_, Error>(|writer| {
        let mut team = own(writer, actor, slug)?;
        let members = &mut team.members;
        match change {
            Change::Add(member) => members.push(checked(writer, member)?),
            Change::Put(place, was, member) => {
                let member = checked(writer, member)?;
                *members.get_mut(*place).filter(|known| known.name == *was).ok_or(Error::Stale)? = member;
            }
            Change::Remove(place, was) => {
                members.get(*place).filter(|known| known.name == *was).ok_or(Error::Stale)?;
                members.remove(*place);
            }
            Change::Replace(all) => *members = all.iter().map(|member| checked(writer, member)).collect::<Result<_>>()?,
        }
        if members.len() > MOST {
            return Err(Error::field("name", format!("A team has up to {MOST} people.")));
        }
        writer.put_members(slug, members)?;
        refresh_all(app, writer, actor)?;
        Ok(team)
    })
}

/// A team that is the actor's own to see.
pub(super) fn own(reader: &Reader<'_>, actor: &Actor, slug: &TeamSlug) -> Result<Team> {
    // Whether there is such a team is not for others to know.
    actor.must_lead(slug).map_err(|_| Error::NotFound("city team"))?;
    match must_know(reader, slug) {
        Err(Error::Invalid(_)) => Err(Error::NotFound("city team")),
        other => other,
    }
}

/// A member as it is kept; every mistake with its field.
fn checked(writer: &Writer<'_>, member: &Member) -> Result<Member> {
    let mut mistakes = Vec::new();
    let name = one_line("name", &member.name);
    if let Err(Error::Invalid(found)) = &name {
        mistakes.extend(found.iter().cloned());
    }
    let roles = writer.roles()?;
    if roles.get(&member.role).is_none() {
        let known: Vec<String> = roles.iter().map(|role| role.slug.to_string()).collect();
        let message = format!("there is no role “{}”; {}", member.role, nearest(member.role.as_str(), &known));
        mistakes.push(FieldError { field: "role".to_owned(), message });
    }
    let cohorts: Vec<String> = writer.cohorts()?.into_iter().map(|cohort| cohort.slug.to_string()).collect();
    for cohort in member.cohorts.iter().filter(|cohort| !cohorts.iter().any(|known| known == cohort.as_str())) {
        let message = format!("there is no cohort “{cohort}”; {}", nearest(cohort.as_str(), &cohorts));
        mistakes.push(FieldError { field: "cohorts".to_owned(), message });
    }
    if mistakes.is_empty() { Ok(Member { name: name?, ..member.clone() }) } else { Err(Error::Invalid(mistakes)) }
}

/// A name in one line.
pub(crate) fn one_line(field: &str, text: &str) -> Result<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() || line.chars().count() > 120 {
        return Err(Error::field(field, "Give a name, in up to 120 characters."));
    }
    Ok(line)
}
