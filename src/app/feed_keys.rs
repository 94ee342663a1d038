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
    let group = match holder {
        FeedHolder::Team(_) => "teams",
        FeedHolder::User(_) => "organizers",
    };
    Ok((id, app.address(&format!("/feeds/{group}/{secret}.ics"))))
}

/// Revokes an address: whoever still asks for it is told that it is gone.
///
/// # Errors
/// [`Error::NotFound`] where there is none that works; [`Error::Forbidden`] for what is not the actor's own.
pub fn revoke(app: &App, actor: &Actor, id: i64) -> Result<()> {
    app.store.write::<_, Error>(|writer| {
        let found = writer.feed_keys()?.into_iter().find(|key| key.id == id).ok_or(Error::NotFound("feed key"))?;
        must_hold(actor, &found.holder)?;
        Ok(writer.revoke_feed_key(id, app.now())?)
    })
}

/// The actor's own keys that work.
///
/// # Errors
/// When the store fails.
pub fn own(app: &App, actor: &Actor) -> Result<Vec<FeedKey>> {
    let Actor::User(user) = actor else { return Ok(Vec::new()) };
    let mut keys = app.store.read::<_, Error>(|reader| Ok(reader.feed_keys()?))?;
    keys.retain(|key| key.revoked_at.is_none() && matches!(&key.holder, FeedHolder::User(email) if *email == user.email));
    Ok(keys)
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
    let own = matches!((actor, holder), (Actor::User(user), FeedHolder::User(email)) if user.email == *email);
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
