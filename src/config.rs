//! Settings from `Rocket.toml` and the environment; unknown keys are refused by name.

use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use rocket::figment::Figment;
use rocket::figment::providers::{Env, Format as _, Serialized, Toml};
use serde::Deserialize;

use crate::domain::conflict::Policy;
use crate::mail::dkim::Signer;
use crate::mail::post::{Password, Tls};
use crate::mail::{Post, SmtpSettings};

/// Everything of ours that can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the database is.
    pub database: PathBuf,
    /// The folder with the operator's own tables of observances, yearly patterns, roles and places; see `docs/data.md`.
    pub data: Option<PathBuf>,
    /// How the world reaches the service: `https://convene.example.org`, without a slash at the end.
    pub base_url: String,
    /// The zone of partners' calendars that name none, and of pages for readers who chose none.
    pub time_zone: Tz,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Thresholds and severities of conflict detection.
    pub policy: Policy,
    /// What is too much.
    pub limits: Limits,
    /// How partners' calendars are fetched.
    pub upstream: Upstream,
}

/// How partners' calendars are fetched.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Upstream {
    /// For tests: read from this machine too, over plain http.
    pub allow_loopback: bool,
}

/// How mail leaves.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailSettings {
    /// `folder` or `smtp`.
    pub transport: Transport,
    /// Where the `folder` transport writes; beside the database by default.
    pub folder: Option<PathBuf>,
    /// The relay's name or address, for `smtp`.
    pub host: String,
    /// Its port; 587, 465 or 25, as `tls` says, by default.
    pub port: Option<u16>,
    /// `required` (STARTTLS), `wrapper` (TLS from the start), or `none` (only on loopback).
    pub tls: Tls,
    /// The name that signs in to the relay.
    pub user: Option<String>,
    /// Its password.
    pub password: Option<Password>,
    /// How the service greets the relay.
    pub hello: String,
    /// The address that mail comes from.
    pub from: String,
    /// The name that mail comes from.
    pub from_name: String,
    /// Where answers go; the `from` address by default.
    pub reply_to: Option<String>,
    /// A file of certificates in PEM that the relay's may be signed by, beside those that the system trusts.
    pub authorities: Option<PathBuf>,
    /// How many connections are open to the relay at once, 1 to 3.
    pub connections: u8,
    /// How many letters a second the relay is given, at most.
    pub per_second: u32,
    /// Where failure reports go, such as `bounce@bounces.example.org`; each letter adds `+` and its number.
    pub bounce: Option<String>,
    /// For how many minutes a plan must be left alone before others are told what changed about it.
    pub quiet_minutes: u32,
    /// The maildir into which mail for the `bounce` address is delivered.
    pub bounce_folder: Option<PathBuf>,
    /// How letters are signed; the relay signs them where this is not set.
    pub dkim: Option<DkimSettings>,
    /// What signs them, by `dkim`.
    #[serde(skip)]
    pub signer: Option<Signer>,
}

/// How letters are signed on their way to the relay (RFC 6376).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DkimSettings {
    /// The name of the key in DNS, such as `convene1`.
    pub selector: String,
    /// The domain that signs: that of `from` by default, or one above it.
    pub domain: Option<String>,
    /// The file with the private key, in PEM.
    pub key: PathBuf,
}

/// The ways that mail can leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// Into a folder, as `.eml` files.
    Folder,
    /// To a relay.
    Smtp,
}

/// What is too much; kept among Rocket's own `limits`.
#[derive(Debug, Clone)]
pub struct Limits {
    /// The largest calendar that is read, in bytes, unpacked (`limits.calendar`).
    pub calendar_bytes: usize,
}

/// What is wrong with the settings.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A key or value that cannot be.
    #[error("the settings cannot be read: {0}")]
    Unreadable(Box<rocket::figment::Error>),
    /// A value that makes no sense.
    #[error("mail.{key} = {value}: {why}")]
    Mail {
        /// Which key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        why: &'static str,
    },
    /// Letters could not be signed.
    #[error("mail.dkim: {0}")]
    Dkim(String),
    /// A key that is not ours nor Rocket's.
    #[error("“{key}” is no setting{}", nearest.as_ref().map(|name| format!("; did you mean “{name}”?")).unwrap_or_default())]
    Unknown {
        /// The key.
        key: String,
        /// The nearest that there is.
        nearest: Option<String>,
    },
}

impl From<rocket::figment::Error> for ConfigError {
    fn from(error: rocket::figment::Error) -> Self {
        Self::Unreadable(Box::new(error))
    }
}

/// Our own keys at the top of a profile; Rocket's are beside them.
const OURS: [&str; 7] = ["database", "data", "base_url", "time_zone", "mail", "policy", "upstream"];
/// Rocket's keys (its configuration reference).
const ROCKETS: [&str; 17] = [
    "address",
    "port",
    "workers",
    "max_blocking",
    "ident",
    "ip_header",
    "proxy_proto_header",
    "limits",
    "temp_dir",
    "keep_alive",
    "shutdown",
    "log_level",
    "cli_colors",
    "secret_key",
    "tls",
    "profile",
    "reuse",
];

/// The shape of our keys in the file.
#[derive(Debug, Deserialize)]
struct File {
    database: PathBuf,
    data: Option<PathBuf>,
    base_url: Option<String>,
    time_zone: Tz,
    #[serde(default)]
    mail: MailSettings,
    #[serde(default)]
    policy: Policy,
    #[serde(default)]
    upstream: Upstream,
    limits: rocket::data::Limits,
    address: std::net::IpAddr,
    port: u16,
}

/// Rocket's settings and ours from a file (`Rocket.toml` here by default) and `ROCKET_…`.
///
/// # Errors
/// When a key is unknown or a value cannot be, with its name and place.
pub fn load(file: Option<&Path>) -> Result<(Figment, Settings), ConfigError> {
    let toml = match file {
        Some(path) => Toml::file_exact(path),
        None => Toml::file("Rocket.toml"),
    };
    let figment = Figment::from(rocket::Config::default())
        .merge(Serialized::default("database", "convene.sqlite"))
        .merge(Serialized::default("time_zone", "America/New_York"))
        .merge(Serialized::default("log_level", "critical"))
        .merge(Serialized::default("ident", "convene"))
        .merge(Serialized::default("limits.form", "256 KiB"))
        .merge(Serialized::default("limits.calendar", "20 MiB"))
        .merge(Serialized::default("shutdown.grace", 2))
        .merge(Serialized::default("shutdown.mercy", 2))
        .merge(toml.nested())
        .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
        .select(rocket::Config::figment().profile().clone());
    refuse_unknown(&figment)?;
    let mut read: File = figment.extract()?;
    read.mail.check()?;
    read.mail.signer = read.mail.signer()?;
    let base_url = read.base_url.unwrap_or_else(|| format!("http://{}", std::net::SocketAddr::new(read.address, read.port)));
    let settings = Settings {
        database: read.database,
        data: read.data.filter(|folder| !folder.as_os_str().is_empty()),
        base_url: base_url.trim_end_matches('/').to_owned(),
        time_zone: read.time_zone,
        mail: read.mail,
        policy: read.policy,
        upstream: read.upstream,
        limits: Limits {
            calendar_bytes: read
                .limits
                .get("calendar")
                .map_or(20 << 20, |size| usize::try_from(size.as_u64()).unwrap_or(usize::MAX)),
        },
    };
    Ok((figment, settings))
}

fn refuse_unknown(figment: &Figment) -> Result<(), ConfigError> {
    let all: rocket::figment::value::Dict = figment.extract()?;
    let known = || OURS.iter().chain(&ROCKETS).copied();
    match all.keys().find(|key| !known().any(|name| name == key.as_str())) {
        None => Ok(()),
        Some(key) => {
            let nearest = known().filter(|name| strsim::damerau_levenshtein(name, key) <= 3);
            let nearest = nearest.min_by_key(|name| strsim::damerau_levenshtein(name, key)).map(str::to_owned);
            Err(ConfigError::Unknown { key: key.clone(), nearest })
        }
    }
}

impl Settings {
    /// The way that mail leaves.
    #[must_use]
    pub fn post(&self) -> Post {
        let mail = &self.mail;
        match mail.transport {
            Transport::Folder => Post::Folder(self.mail_folder()),
            Transport::Smtp => Post::Smtp(SmtpSettings {
                host: mail.host.clone(),
                port: mail.port,
                tls: mail.tls,
                user: mail.user.clone(),
                password: mail.password.clone(),
                hello: mail.hello.clone(),
                authorities: mail.authorities.clone(),
                signer: mail.signer.clone(),
            }),
        }
    }

    /// Where the `folder` transport writes.
    #[must_use]
    pub fn mail_folder(&self) -> PathBuf {
        self.mail.folder.clone().unwrap_or_else(|| self.database.with_extension("mail"))
    }
}

impl MailSettings {
    /// Are its numbers and addresses what they can be?
    fn check(&self) -> Result<(), ConfigError> {
        let refused = |key, value: String, why| Err(ConfigError::Mail { key, value, why });
        if !(1..=3).contains(&self.connections) {
            return refused("connections", self.connections.to_string(), "it is from 1 to 3; some relays refuse more");
        }
        if !(1..=100_000).contains(&self.per_second) {
            return refused("per_second", self.per_second.to_string(), "it is from 1 to 100000");
        }
        match &self.bounce {
            Some(bounce)
                if bounce.len() > 200 || !bounce.is_ascii() || bounce.split('@').filter(|part| !part.is_empty()).count() != 2 =>
            {
                refused("bounce", bounce.clone(), "it is an address such as bounce@bounces.example.org")
            }
            _ => Ok(()),
        }
    }
}

impl MailSettings {
    /// What signs our letters, read from its file.
    fn signer(&self) -> Result<Option<Signer>, ConfigError> {
        let Some(dkim) = &self.dkim else { return Ok(None) };
        let ours = self.from.rsplit('@').next().unwrap_or_default().to_ascii_lowercase();
        let domain = dkim.domain.as_ref().map_or_else(|| ours.clone(), |domain| domain.to_ascii_lowercase());
        if ours != domain && !ours.ends_with(&format!(".{domain}")) {
            let why = format!(
                "{domain} must be the domain of mail.from, {ours}, or one above it; a signature of another counts for nothing"
            );
            return Err(ConfigError::Dkim(why));
        }
        let shown = dkim.key.display();
        let pem = std::fs::read(&dkim.key).map_err(|error| ConfigError::Dkim(format!("{shown} cannot be read: {error}")))?;
        Signer::from_pem(&dkim.selector, &domain, &pem).map(Some).map_err(|error| ConfigError::Dkim(format!("{shown}: {error}")))
    }
}

impl Default for MailSettings {
    fn default() -> Self {
        Self {
            transport: Transport::Folder,
            folder: None,
            host: "127.0.0.1".into(),
            port: None,
            tls: Tls::Required,
            user: None,
            password: None,
            hello: "localhost".into(),
            from: "convene@example.org".into(),
            from_name: "convene".into(),
            reply_to: None,
            authorities: None,
            connections: 2,
            per_second: 10,
            bounce: None,
            quiet_minutes: 30,
            bounce_folder: None,
            dkim: None,
            signer: None,
        }
    }
}
