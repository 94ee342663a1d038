//! What is announced without dates: kept as month or year, found when somebody looks, gone once the dates are public.

use super::record::nearest;
use super::select::Selection;
use super::teams::roster::one_line;
use super::{Actor, App, Error, Result};
use crate::domain::undated::{Roughly, Undated};
use crate::domain::{Days, Venue};
use crate::json::FieldError;

/// What somebody types of one.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The partner's short name; that of whoever says it, where it is empty.
    pub partner: String,
    /// What it is called.
    pub title: String,
    /// `2026-11`, `2026`, or nothing.
    pub when: String,
    /// “Raleigh, NC”, or nothing.
    pub place: String,
    /// Whom it is for.
    pub roles: Vec<String>,
    /// Where it was announced.
    pub url: String,
    /// More about it.
    pub note: String,
}

/// Keeps one, or says anew what is known of it; its number.
///
/// # Errors
/// [`Error::Invalid`] with each mistake; [`Error::Forbidden`] for those who do not work for its partner.
pub fn add(app: &App, actor: &Actor, said: &Said) -> Result<i64> {
    let one = read(app, actor, said)?;
    actor.must_act_for(&one.partner)?;
    app.store.write::<_, Error>(|writer| {
        if !writer.has_partner(&one.partner)? {
            return Err(Error::field("partner", format!("there is no partner “{}”", one.partner)));
        }
        let roles = writer.roles()?;
        let known: Vec<String> = roles.iter().map(|role| role.slug.to_string()).collect();
        if let Some(role) = one.roles.iter().find(|role| roles.get(role).is_none()) {
            return Err(Error::field("roles", format!("there is no role “{role}”; {}", nearest(role.as_str(), &known))));
        }
        Ok(writer.put_undated(&one, app.now())?)
    })
}

/// Keeps many at once, all of them or none.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an operator; [`Error::Invalid`] where a partner is not known.
pub fn add_all(app: &App, actor: &Actor, all: &[Undated]) -> Result<usize> {
    app.store.write::<_, Error>(|writer| {
        for one in all {
            actor.must_act_for(&one.partner)?;
            if !writer.has_partner(&one.partner)? {
                return Err(Error::field("partner", format!("there is no partner “{}”", one.partner)));
            }
            writer.put_undated(one, app.now())?;
        }
        Ok(all.len())
    })
}

/// Takes one back.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Forbidden`] for those who do not work for its partner.
pub fn withdraw(app: &App, actor: &Actor, id: i64) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        actor.must_act_for(&writer.undated_one(id)?.partner)?;
        Ok(writer.remove_undated(id)?)
    })
}

/// Those that fit a selection and may still be on these days, or whose time nobody knows: by time.
///
/// # Errors
/// When the store fails.
pub fn list(app: &App, selection: &Selection, within: Option<Days>) -> Result<Vec<(i64, Undated)>> {
    app.store.read::<_, Error>(|reader| {
        let tree = reader.roles()?;
        let mut found = reader.undated()?;
        let is_near =
            |one: &Undated| within.is_none_or(|within| one.when.days().is_none_or(|days| days.overlap(within).is_some()));
        found.retain(|(_, one)| selection.has_undated(one, &tree) && is_near(one));
        Ok(found)
    })
}

fn read(app: &App, actor: &Actor, said: &Said) -> Result<Undated> {
    let mut mistakes = Vec::new();
    let mut mistake = |field: &str, message: String| mistakes.push(FieldError { field: field.to_owned(), message });
    let own = actor.partner().map(ToString::to_string).unwrap_or_default();
    let partner = if said.partner.trim().is_empty() { own } else { said.partner.trim().to_owned() };
    let partner = partner.parse().map_err(|_| mistake("partner", "Say which partner calls it.".to_owned())).ok();
    let title = one_line("title", &said.title).map_err(|error| mistake("title", error.to_string())).ok();
    let when = Roughly::read(&said.when).map_err(|message| mistake("when", message)).ok();
    let mut roles = std::collections::BTreeSet::new();
    for role in said.roles.iter().map(|role| role.trim()).filter(|role| !role.is_empty()) {
        match role.parse() {
            Ok(role) => drop(roles.insert(role)),
            Err(_) => mistake("roles", format!("there is no role “{role}”")),
        }
    }
    let url = said.url.trim();
    if !url.is_empty() && !url.starts_with("https://") && !url.starts_with("http://") {
        mistake("url", "An address begins with https://".to_owned());
    }
    match (partner, title, when, mistakes.is_empty()) {
        (Some(partner), Some(title), Some(when), true) => {
            let place = said.place.trim();
            let venue = if place.is_empty() { Venue::default() } else { app.places().read_line(place) };
            let city = venue.city.or(venue.name);
            let note = said.note.trim().chars().take(500).collect();
            let url = (!url.is_empty()).then(|| url.to_owned());
            Ok(Undated { partner, title, when, city, state: venue.state, roles, url, note })
        }
        _ => Err(Error::Invalid(mistakes)),
    }
}
