//! The addresses of feeds that are not for everybody: made, shown once, replaced, revoked.

use super::{Actor, App, Error, Result};
use crate::keys::hash;
use crate::store::{FeedHolder, FeedKey, Writer};

/// Makes an address: its key's number, and the address itself, which is never shown again.
///
/// With `replace`, the holder's older addresses stop working.
///
/// # Errors
/// [`Error::Forbidden`] for what is not the actor's own; [`Error::Invalid`] where there is no such team or user.
pub fn add(app: &App, actor: &Actor, holder: &FeedHolder, replace: bool) -> Result<(i64, String)> {
    let (now, secret) = (app.now(), app.keys.secret()?);
    let id = app.store.write::<_, Error>(|writer| {
        must_hold(actor, holder)?;
        must_be_there(writer, holder)?;
        if replace {
            for old in writer.feed_keys()?.iter().filter(|key| key.holder == *holder && key.revoked_at.is_none()) {
                writer.revoke_feed_key(old.id, now)?;
            }
        }
        Ok(writer.add_feed_key(holder, &hash(&secret), now)?)
    })?;
    Ok((id, address(app, holder, &secret)))
}

fn address(app: &App, holder: &FeedHolder, secret: &str) -> String {
    let group = match holder {
        FeedHolder::Team(_) => "teams",
        FeedHolder::User(_) => "organizers",
    };
    app.address(&format!("/feeds/{group}/{secret}.ics"))
}

/// Revokes an address: whoever still asks for it is told that it is gone.
///
/// # Errors
/// [`Error::NotFound`] where there is none that works; [`Error::Forbidden`] for what is not the actor's own.
pub fn revoke(app: &App, actor: &Actor, id: i64) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        let found = held(writer, actor, id)?;
        Ok(writer.revoke_feed_key(found.id, app.now())?)
    })
}

fn held(writer: &Writer<'_>, actor: &Actor, id: i64) -> Result<FeedKey> {
    let found = writer.feed_keys()?.into_iter().find(|key| key.id == id).ok_or(Error::NotFound("feed key"))?;
    must_hold(actor, &found.holder)?;
    Ok(found)
}

/// Makes an address in the place of one, for the same holder: the old one works no more.
///
/// # Errors
/// As [`revoke`].
pub fn replace(app: &App, actor: &Actor, id: i64) -> Result<(FeedKey, String)> {
    let (now, secret) = (app.now(), app.keys.secret()?);
    let key = app.store.write::<_, Error>(|writer| {
        let old = held(writer, actor, id)?;
        writer.revoke_feed_key(old.id, now)?;
        let id = writer.add_feed_key(&old.holder, &hash(&secret), now)?;
        Ok(FeedKey { id, created_at: now, revoked_at: None, holder: old.holder })
    })?;
    let address = address(app, &key.holder, &secret);
    Ok((key, address))
}

/// The keys that are the actor's to look after, also revoked ones: their own, their city team's, for an operator all.
///
/// # Errors
/// When the store fails.
pub fn list(app: &App, actor: &Actor) -> Result<Vec<FeedKey>> {
    let mut keys = app.store.read::<_, Error>(|reader| Ok(reader.feed_keys()?))?;
    keys.retain(|key| must_hold(actor, &key.holder).is_ok());
    Ok(keys)
}

/// Whose feeds are the actor's own: their own as an organizer, their team's as its lead.
#[must_use]
pub fn holders(actor: &Actor) -> Vec<FeedHolder> {
    match (actor, actor.team()) {
        (_, Some(team)) => vec![FeedHolder::Team(team.clone())],
        (Actor::User(user), None) => vec![FeedHolder::User(user.email.clone())],
        _ => Vec::new(),
    }
}

/// Whose feed a secret opens.
///
/// # Errors
/// [`Error::NotFound`] for an unknown one, [`Error::Gone`] for one that was revoked.
pub fn holder(app: &App, secret: &str) -> Result<FeedHolder> {
    match app.store.read::<_, Error>(|reader| Ok(reader.feed_key(&hash(secret))?))? {
        None => Err(Error::NotFound("feed")),
        Some(FeedKey { revoked_at: Some(_), .. }) => Err(Error::Gone("feed")),
        Some(key) => Ok(key.holder),
    }
}

fn must_hold(actor: &Actor, holder: &FeedHolder) -> Result<()> {
    let own = match (actor, holder) {
        (Actor::User(user), FeedHolder::User(email)) => user.email == *email,
        (_, FeedHolder::Team(team)) => actor.team() == Some(team),
        _ => false,
    };
    if own || actor.sees_all() {
        Ok(())
    } else {
        Err(Error::Forbidden("only its holder and the operator may do that".to_owned()))
    }
}

fn must_be_there(writer: &Writer<'_>, holder: &FeedHolder) -> Result<()> {
    match holder {
        FeedHolder::Team(slug) => {
            let known: Vec<String> = writer.teams()?.into_iter().map(|team| team.slug.to_string()).collect();
            let near = || super::record::nearest(slug.as_str(), &known);
            if known.iter().any(|one| one == slug.as_str()) {
                Ok(())
            } else {
                Err(Error::field("team", format!("there is no city team “{slug}”; {}", near())))
            }
        }
        FeedHolder::User(email) if writer.user(email)?.is_none() => {
            Err(Error::field("user", format!("there is no user {email}; add them: convene users add {email} --partner SLUG")))
        }
        FeedHolder::User(_) => Ok(()),
    }
}
