//! Who may sign in: users, one-time links, API tokens. Secrets are kept only as hashes.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::columns::{instant, instant_if_any, parsed, parsed_if_any};
use super::{Error, Reader, Result, Writer};
use crate::domain::{PartnerSlug, TeamSlug};

/// Someone who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Their address, in lower case.
    pub email: String,
    /// Their name.
    pub name: String,
    /// The partner they work for; a city team's lead has none.
    pub partner: Option<PartnerSlug>,
    /// The city team they lead.
    pub team: Option<TeamSlug>,
    /// What they may do.
    pub role: UserRole,
}

/// What a user may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserRole {
    /// Plans their partner's events.
    Organizer,
    /// Also looks after their partner's feeds, members and settings.
    PartnerAdmin,
    /// Looks after the service.
    Operator,
    /// Keeps a city team's roster, calendar and trips.
    TeamLead,
}

/// What an API token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Look.
    Read,
    /// Look and change.
    Write,
}

/// An API token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its number.
    pub id: i64,
    /// Whose it is.
    pub email: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was revoked.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// A one-time link to sign in by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Whom it signs in.
    pub email: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// When it was used.
    pub used_at: Option<DateTime<Utc>>,
}

impl Reader<'_> {
    /// The user of that address.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn user(&self, email: &str) -> Result<Option<User>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM users WHERE email = ?1")?;
        query.query_and_then([email], user)?.next().transpose()
    }

    /// All users, by address.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn users(&self) -> Result<Vec<User>> {
        self.connection().prepare_cached("SELECT * FROM users ORDER BY email")?.query_and_then([], user)?.collect()
    }

    /// The people of a partner who may sign in, by address.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn users_of(&self, partner: &PartnerSlug) -> Result<Vec<User>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM users WHERE partner = ?1 ORDER BY email")?;
        query.query_and_then([partner.as_str()], user)?.collect()
    }

    /// Those who lead a city team, by address.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn leads_of(&self, team: &TeamSlug) -> Result<Vec<User>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM users WHERE team = ?1 ORDER BY email")?;
        query.query_and_then([team.as_str()], user)?.collect()
    }

    /// All API tokens, by number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn tokens(&self) -> Result<Vec<Token>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM tokens ORDER BY id")?;
        query
            .query_and_then([], |row| {
                Ok(Token {
                    id: row.get("id")?,
                    email: row.get("email")?,
                    scope: parsed(row, "scope")?,
                    created_at: instant(row, "created_at")?,
                    revoked_at: instant_if_any(row, "revoked_at")?,
                })
            })?
            .collect()
    }

    /// Whose token that is, what it may do, and its number; `None` where there is none or it was revoked.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn token_owner(&self, token_hash: &str) -> Result<Option<(User, Scope, i64)>> {
        let mut query = self.connection().prepare_cached(
            "SELECT users.*, tokens.scope, tokens.id AS token FROM tokens JOIN users USING (email) WHERE token_hash = ?1 AND revoked_at IS NULL",
        )?;
        query.query_and_then([token_hash], |row| Ok((user(row)?, parsed(row, "scope")?, row.get("token")?)))?.next().transpose()
    }

    /// The sign-in link of that hash.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn sign_in(&self, token_hash: &str) -> Result<Option<SignIn>> {
        let mut query = self.connection().prepare_cached("SELECT * FROM sign_ins WHERE token_hash = ?1")?;
        query
            .query_and_then([token_hash], |row| {
                Ok(SignIn {
                    email: row.get("email")?,
                    expires_at: instant(row, "expires_at")?,
                    used_at: instant_if_any(row, "used_at")?,
                })
            })?
            .next()
            .transpose()
    }

    /// How many sign-in links an address was sent since then.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn sign_ins_since(&self, email: &str, since: DateTime<Utc>) -> Result<i64> {
        let mut query = self.connection().prepare_cached("SELECT count(*) FROM sign_ins WHERE email = ?1 AND created_at > ?2")?;
        Ok(query.query_row(params![email, since.timestamp()], |row| row.get(0))?)
    }
}

impl Writer<'_> {
    /// Adds someone who may sign in.
    ///
    /// # Errors
    /// [`Error::Taken`] when there is one of that address.
    pub fn add_user(&self, user: &User, at: DateTime<Utc>) -> Result<()> {
        if self.user(&user.email)?.is_some() {
            return Err(Error::Taken("user"));
        }
        self.connection().execute(
            "INSERT INTO users (email, name, partner, team, role, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                user.email,
                user.name,
                user.partner.as_ref().map(PartnerSlug::as_str),
                user.team.as_ref().map(TeamSlug::as_str),
                user.role.as_str(),
                at.timestamp()
            ],
        )?;
        Ok(())
    }

    /// Keeps a one-time link.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_sign_in(&self, token_hash: &str, email: &str, at: DateTime<Utc>, expires_at: DateTime<Utc>) -> Result<()> {
        self.connection().execute(
            "INSERT INTO sign_ins (token_hash, email, created_at, expires_at) VALUES (?1, ?2, ?3, ?4)",
            params![token_hash, email, at.timestamp(), expires_at.timestamp()],
        )?;
        Ok(())
    }

    /// Marks a one-time link as used; `false` where it was already.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn use_sign_in(&self, token_hash: &str, at: DateTime<Utc>) -> Result<bool> {
        let used = self.connection().execute(
            "UPDATE sign_ins SET used_at = ?2 WHERE token_hash = ?1 AND used_at IS NULL",
            params![token_hash, at.timestamp()],
        )?;
        Ok(used == 1)
    }

    /// Keeps a new API token and gives its number.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn add_token(&self, email: &str, token_hash: &str, scope: Scope, at: DateTime<Utc>) -> Result<i64> {
        self.connection().execute(
            "INSERT INTO tokens (email, token_hash, scope, created_at) VALUES (?1, ?2, ?3, ?4)",
            params![email, token_hash, scope.as_str(), at.timestamp()],
        )?;
        Ok(self.connection().last_insert_rowid())
    }

    /// Revokes an API token.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number that still works.
    pub fn revoke_token(&self, id: i64, at: DateTime<Utc>) -> Result<()> {
        let revoked = self
            .connection()
            .execute("UPDATE tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL", params![id, at.timestamp()])?;
        if revoked == 1 { Ok(()) } else { Err(Error::NotFound("token")) }
    }
}

fn user(row: &Row<'_>) -> Result<User> {
    Ok(User {
        email: row.get("email")?,
        name: row.get("name")?,
        partner: parsed_if_any(row, "partner")?,
        team: parsed_if_any(row, "team")?,
        role: parsed(row, "role")?,
    })
}

impl UserRole {
    /// As it is written in SQL and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Organizer => "organizer",
            Self::PartnerAdmin => "partner_admin",
            Self::Operator => "operator",
            Self::TeamLead => "team_lead",
        }
    }
}

impl FromStr for UserRole {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Organizer, Self::PartnerAdmin, Self::Operator, Self::TeamLead]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("“{text}” is no role of a user; there are organizer, partner_admin, operator, team_lead"))
    }
}

impl Scope {
    /// As it is written in SQL and on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "read" => Ok(Self::Read),
            "write" => Ok(Self::Write),
            _ => Err(format!("“{text}” is no scope; there are read, write")),
        }
    }
}
