//! What can be done: one verb a file. Each loads, decides by the domain's rules, and records.
//!
//! Pages, the API and the command line call these same functions, so the same act has the same
//! findings, history and letters wherever it is done.

pub mod agenda;
pub mod answers;
pub mod bounces;
pub mod coming;
pub mod decisions;
pub mod deliver;
pub mod digest;
pub mod directory;
pub mod disagree;
pub mod discretion;
pub mod doctor;
pub mod doubts;
pub mod feed_keys;
pub mod holds;
pub mod import;
pub mod inherited;
pub mod invite;
mod kept;
pub mod letters;
pub mod life;
mod netted;
pub mod notify;
pub mod once;
pub mod outgoing;
pub mod overrides;
pub mod passing;
pub mod policy;
pub mod propose;
pub mod publish;
mod record;
pub mod reference;
pub mod seed;
pub mod select;
pub mod settle;
pub mod sign_in;
pub mod sources;
pub mod subscribe;
pub mod suggest;
pub mod sync;
pub mod teams;
pub mod undated;
pub mod upload;
pub mod view;

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::conflict::Finding;
use crate::domain::{Event, PartnerSlug, TeamSlug};
use crate::json::FieldError;
use crate::keys::Keys;
use crate::sheet::Fault;
use crate::sheet::places::{self, Gazetteer};
use crate::store::{Error as StoreError, Store, User, UserRole};
use reference::{Occasion, Reference};

/// The service at work: what every verb needs.
pub struct App {
    /// What is remembered.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
    /// Where ids and secrets come from.
    pub keys: Keys,
    /// How it is set up.
    pub settings: Settings,
    /// The key of sealed links and cookies, kept in the database.
    pub secret: String,
    /// Which tables of days, roles and places are in use.
    pub tables: Vec<reference::Table>,
    own_places: Option<Gazetteer>,
    feeds: publish::Feeds,
    kept: kept::Kept,
    underway: once::Underway,
}

/// Why an act was not done. Nothing half-done stays.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The input has mistakes.
    #[error("{}", words(.0))]
    Invalid(Vec<FieldError>),
    /// There is no such thing, or it is not for this actor to know.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// There was one, and it works no more.
    #[error("that {0} was revoked")]
    Gone(&'static str),
    /// The actor may not do that.
    #[error("{0}")]
    Forbidden(String),
    /// It has changed since it was read.
    #[error("it has changed since you read it; look again and then decide")]
    Stale,
    /// Something stands in the way that nobody has overridden.
    #[error("{words}")]
    Blocked {
        /// What stands in the way.
        findings: Vec<Finding>,
        /// The same in words, with what was there first.
        words: String,
    },
    /// It cannot be done as things stand.
    #[error("{0}")]
    NotPossible(String),
    /// Too often.
    #[error("{0}")]
    TooMany(String),
    /// The same request is being worked on.
    #[error("this request is being worked on; ask again in a moment")]
    Underway,
    /// The sender's name for a request is that of another one.
    #[error("this Idempotency-Key came with another request before; a new request takes a new key")]
    OtherRequest,
    /// The operator's own tables have mistakes: nothing of them is loaded.
    #[error("the tables in {} cannot be used, and nothing of them was loaded:{}", folder.display(), reference::words(faults))]
    Data {
        /// Where they are.
        folder: std::path::PathBuf,
        /// What is wrong with them.
        faults: Vec<Fault>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
    /// A letter could not be written.
    #[error("a letter could not be written: {0}")]
    Mail(#[from] crate::mail::MailError),
    /// No secret could be made.
    #[error(transparent)]
    Keys(#[from] crate::keys::NoRandomness),
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::NotFound(what),
            StoreError::Stale => Self::Stale,
            StoreError::Taken(what) => Self::NotPossible(format!("there is such a {what} already")),
            other => Self::Store(other),
        }
    }
}

impl Error {
    /// One mistake in one field.
    #[must_use]
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }
}

fn words(mistakes: &[FieldError]) -> String {
    mistakes.iter().map(|mistake| format!("{}: {}", mistake.field, mistake.message)).collect::<Vec<_>>().join(" ")
}

/// The service's secret, made and kept; another process may have been first.
fn make_secret(store: &Store, keys: &Keys) -> Result<String> {
    store.write::<_, Error>(|writer| {
        if let Some(secret) = writer.meta("secret")? {
            return Ok(secret);
        }
        let secret = format!("{}{}", keys.secret()?, keys.secret()?);
        writer.set_meta("secret", &secret)?;
        Ok(secret)
    })
}

/// Short for what verbs return.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who signed in, or whose token it is.
    User(User),
    /// Whoever runs the command line beside the database.
    Operator,
    /// A partner's own calendar, read by the service: its name.
    Calendar(String),
    /// Anybody.
    Visitor,
}

impl Actor {
    /// The name that the history keeps.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::User(user) => &user.name,
            Self::Operator => "operator",
            Self::Calendar(name) => name,
            Self::Visitor => "visitor",
        }
    }

    /// The partner they work for.
    #[must_use]
    pub fn partner(&self) -> Option<&PartnerSlug> {
        match self {
            Self::User(user) => user.partner.as_ref(),
            Self::Operator | Self::Calendar(_) | Self::Visitor => None,
        }
    }

    /// The city team they lead.
    #[must_use]
    pub fn team(&self) -> Option<&TeamSlug> {
        match self {
            Self::User(user) => user.team.as_ref(),
            Self::Operator | Self::Calendar(_) | Self::Visitor => None,
        }
    }

    /// May they see everything?
    #[must_use]
    pub fn sees_all(&self) -> bool {
        match self {
            Self::User(user) => user.role == UserRole::Operator,
            Self::Operator => true,
            Self::Calendar(_) | Self::Visitor => false,
        }
    }

    /// May they see this event? Public ones anybody; the rest only the partners named in it, and those asked about
    /// its dates.
    #[must_use]
    pub fn may_see(&self, event: &Event) -> bool {
        let is_named = |partner: &PartnerSlug| event.is_called_by(partner) || event.asked.contains(partner);
        event.is_public() || self.sees_all() || self.partner().is_some_and(is_named)
    }

    /// May they change an event that this partner calls?
    ///
    /// # Errors
    /// [`Error::Forbidden`] says who may.
    pub fn must_act_for(&self, partner: &PartnerSlug) -> Result<()> {
        if self.sees_all() || self.partner() == Some(partner) {
            Ok(())
        } else {
            Err(Error::Forbidden(format!("only people of {partner} may do that")))
        }
    }

    /// May they see and change what is this city team's own?
    ///
    /// # Errors
    /// [`Error::Forbidden`] says who may.
    pub fn must_lead(&self, team: &TeamSlug) -> Result<()> {
        if self.sees_all() || self.team() == Some(team) {
            Ok(())
        } else {
            Err(Error::Forbidden("only the team's own lead and the operator may do that".into()))
        }
    }

    /// Do they look after a partner's feeds, members and settings, or after the whole service?
    #[must_use]
    pub fn administers(&self) -> bool {
        self.sees_all() || matches!(self, Self::User(user) if user.role == UserRole::PartnerAdmin)
    }
}

impl App {
    /// Puts the service together; makes its secret on the first start.
    ///
    /// # Errors
    /// [`Error::Data`] where the operator's own tables have mistakes; when the store fails or no secret could be made.
    pub fn new(store: Store, clock: Clock, keys: Keys, settings: Settings) -> Result<Self> {
        let folder = settings.data.clone();
        let refused = |faults| Error::Data { folder: folder.clone().unwrap_or_default(), faults };
        let mut reference = Reference::read(folder.as_deref()).map_err(refused)?;
        let known = store.read::<_, Error>(|reader| Ok(reader.meta("secret")?))?;
        let secret = known.map_or_else(|| make_secret(&store, &keys), Ok)?;
        let (tables, own_places) = (reference.tables.clone(), reference.places.take());
        let app = Self {
            store,
            clock,
            keys,
            settings,
            secret,
            tables,
            own_places,
            feeds: publish::Feeds::default(),
            kept: kept::Kept::default(),
            underway: once::Underway::default(),
        };
        reference::put_in_place(&app, &reference, Occasion::Visiting)?;
        Ok(app)
    }

    /// Cities with their positions and zones: those that ship, or the operator's own.
    #[must_use]
    pub fn places(&self) -> &Gazetteer {
        self.own_places.as_ref().unwrap_or_else(|| places::shipped())
    }

    /// How often this process has read the whole calendar, to keep it in memory.
    #[must_use]
    pub fn calendars_read(&self) -> u64 {
        self.kept.read_whole()
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Today, by the clock of readers who chose none.
    #[must_use]
    pub fn today(&self) -> chrono::NaiveDate {
        self.now().with_timezone(&self.settings.time_zone).date_naive()
    }

    /// A page's full address.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.settings.base_url)
    }
}
