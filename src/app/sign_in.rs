//! Signing in by a one-time link, and API tokens. No passwords; secrets are kept as hashes.

use chrono::Duration;

use super::{Actor, App, Error, Result, letters};
use crate::domain::{PartnerSlug, TeamSlug};
use crate::keys::hash;
use crate::mail::notices::SignIn as Notice;
use crate::mail::{Address, Letter, LetterKind, Mailbox};
use crate::store::{Scope, User, UserRole};

/// For how long a link works.
const LINK_MINUTES: i64 = 15;
/// How many links an address may ask for in an hour.
const LINKS_AN_HOUR: i64 = 5;

/// Mails a one-time link to a user; does nothing, and says nothing, where nobody has that address.
///
/// `next` is what stands behind the link's path: empty, or a query that leads on from there.
///
/// # Errors
/// [`Error::Invalid`] for what is no address; when the letter or the store fails.
pub fn ask(app: &App, email: &str, next: &str) -> Result<()> {
    let address = Address::parse(email).map_err(|error| Error::field("email", error.to_string()))?.folded();
    let now = app.now();
    let secret = app.keys.secret()?;
    app.store.write::<_, Error>(|writer| {
        let Some(user) = writer.user(&address)? else { return Ok(()) };
        if writer.sign_ins_since(&address, now - Duration::hours(1))? >= LINKS_AN_HOUR {
            return Ok(());
        }
        writer.add_sign_in(&hash(&secret), &address, now, now + Duration::minutes(LINK_MINUTES))?;
        let notice = Notice {
            link: app.address(&format!("/sign-in/{secret}{next}")),
            lasts: format!("{LINK_MINUTES} minutes"),
            base_url: app.settings.base_url.clone(),
        };
        let to = Mailbox { name: Some(user.name), address };
        let letter = Letter::new(LetterKind::SignIn, format!("sign_in:{}", hash(&secret)), to, notice.written());
        letters::enqueue(app, writer, &letter, None, None, LetterKind::SignIn.hours())?;
        Ok(())
    })
}

/// Makes a link for a user, to be printed rather than mailed: the demo's way in.
///
/// # Errors
/// [`Error::NotFound`] where nobody has that address.
pub fn link(app: &App, email: &str, hours: i64) -> Result<String> {
    let (now, secret) = (app.now(), app.keys.secret()?);
    app.store.write::<_, Error>(|writer| {
        let user = writer.user(email)?.ok_or(Error::NotFound("user"))?;
        writer.add_sign_in(&hash(&secret), &user.email, now, now + Duration::hours(hours))?;
        Ok(app.address(&format!("/sign-in/{secret}")))
    })
}

/// Whom a link would sign in; nothing is used up.
///
/// # Errors
/// [`Error::NotPossible`] where the link is unknown, used or too old.
pub fn look(app: &App, secret: &str) -> Result<User> {
    let now = app.now();
    app.store.read::<_, Error>(|reader| {
        let link = reader.sign_in(&hash(secret))?.filter(|link| link.used_at.is_none() && link.expires_at > now);
        let user = link.map(|link| reader.user(&link.email)).transpose()?.flatten();
        user.ok_or_else(|| Error::NotPossible("This link does not work any more; ask for a new one.".into()))
    })
}

/// Uses a link up and says who is signed in.
///
/// # Errors
/// As [`look`].
pub fn redeem(app: &App, secret: &str) -> Result<User> {
    let user = look(app, secret)?;
    let now = app.now();
    let first = app.store.write::<_, Error>(|writer| Ok(writer.use_sign_in(&hash(secret), now)?))?;
    if first { Ok(user) } else { Err(Error::NotPossible("This link was used already; ask for a new one.".into())) }
}

/// The user of an address, as a signed cookie names it.
///
/// # Errors
/// When the store fails.
pub fn user(app: &App, email: &str) -> Result<Option<User>> {
    app.store.read::<_, Error>(|reader| Ok(reader.user(email)?))
}

/// Whose API token that is, what it may do, and its number.
///
/// # Errors
/// When the store fails.
pub fn token_owner(app: &App, token: &str) -> Result<Option<(User, Scope, i64)>> {
    app.store.read::<_, Error>(|reader| Ok(reader.token_owner(&hash(token))?))
}

/// Makes an API token for a user: its number and its secret, which is never shown again.
///
/// # Errors
/// [`Error::Invalid`] where nobody has that address.
pub fn add_token(app: &App, email: &str, scope: Scope) -> Result<(i64, String)> {
    let token = format!("cvn_{}", app.keys.secret()?);
    let now = app.now();
    app.store.write::<_, Error>(|writer| {
        let email = email.to_lowercase();
        if writer.user(&email)?.is_none() {
            return Err(Error::field(
                "user",
                format!("there is no user {email}; add them: convene users add {email} --partner SLUG"),
            ));
        }
        Ok((writer.add_token(&email, &hash(&token), scope, now)?, token))
    })
}

/// Adds somebody who may sign in.
///
/// # Errors
/// [`Error::Invalid`] for a bad address or an unknown partner; [`Error::NotPossible`] where they are there already.
pub fn add_user(
    app: &App,
    actor: &Actor,
    email: &str,
    name: Option<&str>,
    partner: &PartnerSlug,
    role: UserRole,
) -> Result<User> {
    actor.must_act_for(partner)?;
    super::import::must_know(app, partner)?;
    if role == UserRole::TeamLead {
        return Err(Error::field("role", "A team lead belongs to a city team: add them with --team SLUG."));
    }
    let (email, name) = named(email, name)?;
    let user = User { email, name, partner: Some(partner.clone()), team: None, role };
    app.store.write::<_, Error>(|writer| Ok(writer.add_user(&user, app.now())?))?;
    Ok(user)
}

/// Adds somebody who leads a city team, and may sign in for it.
///
/// # Errors
/// As [`add_user`]; [`Error::Forbidden`] for another team's people.
pub fn add_lead(app: &App, actor: &Actor, email: &str, name: Option<&str>, team: &TeamSlug) -> Result<User> {
    actor.must_lead(team)?;
    let (email, name) = named(email, name)?;
    let user = User { email, name, partner: None, team: Some(team.clone()), role: UserRole::TeamLead };
    app.store.write::<_, Error>(|writer| {
        super::teams::must_know(writer, team)?;
        Ok(writer.add_user(&user, app.now())?)
    })?;
    Ok(user)
}

/// An address as it is kept, and the name that goes with it.
fn named(email: &str, name: Option<&str>) -> Result<(String, String)> {
    let address = Address::parse(email).map_err(|error| Error::field("email", error.to_string()))?.folded();
    let name = name.map(str::trim).filter(|name| !name.is_empty()).map_or_else(|| address.clone(), str::to_owned);
    Ok((address, name))
}
