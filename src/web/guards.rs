//! Who asks, from where, and what they have already: the only ways in.

use chrono::{DateTime, NaiveDateTime, Utc};
use rocket::Request;
use rocket::data::{Data, FromData, Outcome as DataOutcome, ToByteUnit as _};
use rocket::http::{Cookie, CookieJar, RawStr, SameSite, Status};
use rocket::request::{FromRequest, Outcome};
use rocket::time::Duration;

use super::db::Service;
use super::layout::{Flash, Level};
use super::problem::Problem;
use crate::app::once::Attempt;
use crate::app::{Actor, sign_in};
use crate::keys::hash;
use crate::store::Scope;

/// The cookie that says who is signed in; its value is encrypted and signed.
const SESSION: &str = "session";
/// The cookie that carries one sentence to the next page.
const FLASH: &str = "flash";

/// Whoever looks at a page: signed in, or anybody.
pub struct Viewer {
    /// Who acts.
    pub actor: Actor,
    /// One sentence about what has just happened.
    pub flash: Option<Flash>,
}

impl Viewer {
    /// Their name, if they are signed in.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        matches!(self.actor, Actor::User(_)).then(|| self.actor.name().to_owned())
    }
}

fn service<'r>(request: &'r Request<'_>) -> Option<&'r Service> {
    request.rocket().state::<Service>()
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Viewer {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let jar = request.cookies();
        let flash = jar.get_private(FLASH).map(|cookie| {
            jar.remove_private(FLASH);
            Flash { level: Level::Opportunity, text: cookie.value().to_owned() }
        });
        let mut actor = Actor::Visitor;
        if let (Some(cookie), Some(service)) = (jar.get_private(SESSION), service(request)) {
            let email = cookie.value().to_owned();
            match service.run(move |app| sign_in::user(app, &email)).await {
                Ok(Some(user)) => actor = Actor::User(user),
                Ok(None) => jar.remove_private(SESSION),
                Err(_) => return Outcome::Error((Status::ServiceUnavailable, ())),
            }
        }
        Outcome::Success(Self { actor, flash })
    }
}

/// Somebody who is signed in; anybody else is sent to sign in.
pub struct Organizer(pub Viewer);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Organizer {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match Viewer::from_request(request).await {
            Outcome::Success(viewer) if matches!(viewer.actor, Actor::User(_)) => Outcome::Success(Self(viewer)),
            Outcome::Success(_) => Outcome::Error((Status::Unauthorized, ())),
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}

/// Whose API token came along; a visitor without one. A token that does not work is refused.
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    scope: Scope,
    token: Option<i64>,
    keys: Vec<String>,
    asks: String,
}

impl Caller {
    /// Who acts, where it is not anybody.
    ///
    /// # Errors
    /// 401 without a token.
    pub fn reader(self) -> Result<Actor, Problem> {
        match self.actor {
            Actor::Visitor => Err(Problem::new(
                Status::Unauthorized,
                "unauthorized",
                "A token is needed",
                "Send “Authorization: Bearer TOKEN”; a token is made with: convene tokens add --user EMAIL --scope read",
            )),
            actor => Ok(actor),
        }
    }

    fn new(request: &Request<'_>, (actor, scope, token): (Actor, Scope, Option<i64>)) -> Self {
        let keys = request.headers().get("Idempotency-Key").map(str::to_owned).collect();
        Self { actor, scope, token, keys, asks: format!("{} {}", request.method(), request.uri()) }
    }

    /// Who acts, where they may write, and what they call this request (`Idempotency-Key`), where they name it.
    ///
    /// # Errors
    /// As [`Caller::writer`]; 400 for a key that is none.
    pub fn attempt(self, body: &str) -> Result<(Actor, Option<Attempt>), Problem> {
        let key = key_of(&self.keys)?;
        let request = hash(&format!("{}\n{body}", self.asks));
        let attempt = self.token.zip(key).map(|(token, key)| Attempt { token, key, request });
        Ok((self.writer()?, attempt))
    }

    /// Who acts, where they may write.
    ///
    /// # Errors
    /// 401 without a token, 403 with one that may only read.
    pub fn writer(self) -> Result<Actor, Problem> {
        match (self.actor, self.scope) {
            (Actor::Visitor, _) => Err(Problem::new(
                Status::Unauthorized,
                "unauthorized",
                "A token is needed",
                "Send “Authorization: Bearer TOKEN”; a token is made with: convene tokens add --user EMAIL --scope write",
            )),
            (_, Scope::Read) => Err(Problem::new(
                Status::Forbidden,
                "read_only",
                "This token may only read",
                "Writing needs a token with scope write.",
            )),
            (actor, Scope::Write) => Ok(actor),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Caller {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let Some(header) = request.headers().get_one("Authorization") else {
            return Outcome::Success(Self::new(request, (Actor::Visitor, Scope::Read, None)));
        };
        let token = header
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned());
        let (Some(token), Some(service)) = (token, service(request)) else {
            return Outcome::Error((Status::Unauthorized, ()));
        };
        match service.run(move |app| sign_in::token_owner(app, &token)).await {
            Ok(Some((user, scope, id))) => Outcome::Success(Self::new(request, (Actor::User(user), scope, Some(id)))),
            Ok(None) => Outcome::Error((Status::Unauthorized, ())),
            Err(_) => Outcome::Error((Status::ServiceUnavailable, ())),
        }
    }
}

/// The most characters that a key may have.
const LONGEST_KEY: usize = 255;

/// What the sender calls a request: a string in quotes (RFC 8941 section 3.3.3); as many send it, also without them.
fn key_of(sent: &[String]) -> Result<Option<String>, Problem> {
    let [text] = sent else {
        return if sent.is_empty() { Ok(None) } else { Err(no_key("there is more than one")) };
    };
    let text = text.trim();
    let key = match text.strip_prefix('"') {
        Some(rest) => unquoted(rest).ok_or_else(|| no_key("its quotes do not close"))?,
        None => text.to_owned(),
    };
    let is_plain = key.chars().all(|character| matches!(character, ' '..='~'));
    if (1..=LONGEST_KEY).contains(&key.len()) && is_plain {
        Ok(Some(key))
    } else {
        Err(no_key("give 1 to 255 characters of ASCII"))
    }
}

/// What stands before the closing quote; parameters may follow it.
fn unquoted(rest: &str) -> Option<String> {
    let (mut key, mut characters) = (String::new(), rest.chars());
    loop {
        match characters.next()? {
            '"' => break,
            '\\' => key.push(characters.next().filter(|character| matches!(character, '"' | '\\'))?),
            other => key.push(other),
        }
    }
    let after = characters.as_str().trim_start();
    (after.is_empty() || after.starts_with(';')).then_some(key)
}

fn no_key(why: &str) -> Problem {
    Problem::new(Status::BadRequest, "bad_key", "Not an Idempotency-Key", format!("The Idempotency-Key cannot be read: {why}."))
}

/// The request came from a page of ours: what makes a form safe against forgery, with the cookie's `SameSite`.
///
/// Browsers say where a form came from (`Sec-Fetch-Site`, `Origin`); a request that says neither is no browser's.
pub struct SameOrigin;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SameOrigin {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let header = |name| request.headers().get_one(name);
        let ours = match (header("Sec-Fetch-Site"), header("Origin")) {
            (Some(site), _) => matches!(site, "same-origin" | "none"),
            (None, Some(origin)) => origin.split_once("://").map(|(_, host)| host) == header("Host"),
            (None, None) => request.cookies().get_private(SESSION).is_none(),
        };
        if ours { Outcome::Success(Self) } else { Outcome::Error((Status::Forbidden, ())) }
    }
}

/// What whoever asks has already, and whether they take gzip.
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    tags: Option<String>,
    since: Option<DateTime<Utc>>,
    /// They take gzip.
    pub gzip: bool,
}

impl Conditions {
    /// Do they have this already? `If-None-Match` is heard before `If-Modified-Since` (RFC 9110 section 13.2.2).
    #[must_use]
    pub fn has(&self, etag: &str, last_modified: Option<DateTime<Utc>>) -> bool {
        match (&self.tags, self.since, last_modified) {
            (Some(tags), _, _) => tags.split(',').map(str::trim).any(|tag| {
                let bare = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
                bare == "*" || bare.strip_suffix("-gz").unwrap_or(bare) == etag
            }),
            (None, Some(since), Some(changed)) => changed <= since,
            _ => false,
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Conditions {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let header = |name| request.headers().get_one(name);
        let mut tags = request.headers().get("If-None-Match");
        let first = tags.next().map(str::to_owned);
        let tags = first.map(|first| tags.fold(first, |all, more| all + "," + more));
        let since = header("If-Modified-Since")
            .and_then(|text| NaiveDateTime::parse_from_str(text, "%a, %d %b %Y %H:%M:%S GMT").ok())
            .map(|at| at.and_utc());
        let takes = |coding: &str| {
            let mut parts = coding.split(';').map(str::trim);
            matches!(parts.next(), Some("gzip" | "*"))
                && !parts.any(|part| part.replace(' ', "").trim_start_matches("q=").parse() == Ok(0.0_f32))
        };
        let gzip = header("Accept-Encoding").is_some_and(|all| all.split(',').map(str::trim).any(takes));
        Outcome::Success(Self { tags, since, gzip })
    }
}

/// The revision that a writer read (`If-Match`); `*` is any.
pub struct IfMatch {
    /// Was the header there?
    pub given: bool,
    /// The revision; `None` for any.
    pub revision: Option<u32>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for IfMatch {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let Some(text) = request.headers().get_one("If-Match") else {
            return Outcome::Success(Self { given: false, revision: None });
        };
        let bare = text.trim().trim_start_matches("W/").trim_matches('"');
        // A tag that is none of ours is one that has passed: revisions begin at 1.
        let revision = (bare != "*").then(|| bare.parse().unwrap_or(0));
        Outcome::Success(Self { given: true, revision })
    }
}

/// A form's fields, or a query's, in order.
#[derive(Debug, Clone, Default)]
pub struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    /// Reads `a=1&b=2`; what is not UTF-8 is replaced.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let decoded = |part: &str| RawStr::new(part).url_decode_lossy().into_owned();
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (decoded(name), decoded(value))
        };
        Self(text.split('&').filter(|part| !part.is_empty()).map(pair).collect())
    }

    /// The first value of a field; empty where there is none.
    #[must_use]
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
    }

    /// A field's value, where it is not empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.one(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// All values of a field.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(field, value)| field == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    /// The pairs.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Pairs {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> DataOutcome<'r, Self> {
        let limit = request.limits().get("form").unwrap_or_else(|| 256.kibibytes());
        match data.open(limit).into_string().await {
            Ok(text) if text.is_complete() => DataOutcome::Success(Self::read(&text)),
            Ok(_) => DataOutcome::Error((Status::PayloadTooLarge, ())),
            Err(_) => DataOutcome::Error((Status::BadRequest, ())),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Pairs {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        Outcome::Success(request.uri().query().map(|query| Self::read(query.as_str())).unwrap_or_default())
    }
}

/// A body of JSON, as text: what is wrong with it is the handler's to say.
pub struct Body(pub String);

#[rocket::async_trait]
impl<'r> FromData<'r> for Body {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> DataOutcome<'r, Self> {
        let limit = request.limits().get("json").unwrap_or_else(|| 1.mebibytes());
        match data.open(limit).into_string().await {
            Ok(text) if text.is_complete() => DataOutcome::Success(Self(text.into_inner())),
            Ok(_) => DataOutcome::Error((Status::PayloadTooLarge, ())),
            Err(_) => DataOutcome::Error((Status::BadRequest, ())),
        }
    }
}

/// Signs somebody in: for 30 days, unreadable to scripts, and not sent along from other sites' forms.
pub fn begin_session(jar: &CookieJar<'_>, email: &str, secure: bool) {
    let cookie = Cookie::build((SESSION, email.to_owned()))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(secure)
        .max_age(Duration::days(30));
    jar.add_private(cookie);
}

/// Signs whoever asks out.
pub fn end_session(jar: &CookieJar<'_>) {
    jar.remove_private(SESSION);
}

/// Says one sentence on the next page.
pub fn say(jar: &CookieJar<'_>, sentence: &str) {
    jar.add_private(Cookie::build((FLASH, sentence.to_owned())).path("/").http_only(true).same_site(SameSite::Lax));
}
