//! How we write: letters, their wording, and the post that carries them.
//!
//! A [`Letter`] is what is to be said and to whom. [`Letter::freeze`] turns it into the bytes that
//! are kept and sent: the same letter gives the same bytes, so a second copy can be recognised.
//! [`notices`] and [`digest`] word the letters, [`layout`] sets them as text and HTML, and
//! [`post`] carries frozen letters to a relay, a folder or memory.
//!
//! This room leans on `domain` only. lettre is used in `compose` (making the bytes) and in `post`
//! (speaking SMTP), and nowhere else.
//!
//! What every letter keeps to: one recipient; text first, and complete without the HTML; 7-bit
//! lines; no remote image, no tracking; nothing in a name or subject that cannot be seen.

mod address;
pub mod answers;
pub mod clean;
mod compose;
pub mod decisions;
pub mod digest;
pub mod dkim;
pub mod held;
pub mod inlet;
pub mod invitations;
pub mod layout;
pub mod news;
pub mod notices;
pub mod post;
mod read;
pub mod report;
pub mod trial;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

pub use address::{Address, AddressError};
pub use layout::Written;
pub use post::{Post, Session, SmtpSettings};
pub use read::{ReadLetter, read};

/// A letter to one person, before it is frozen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Names the letter for ever: from what it is about, never from the time or a random number.
    pub key: String,
    /// What it is for.
    pub kind: LetterKind,
    /// Whom it is for.
    pub to: Mailbox,
    /// Where an answer goes, if not to the sender.
    pub reply_to: Option<String>,
    /// The subject.
    pub subject: String,
    /// The whole content as text.
    pub text: String,
    /// The same content as HTML.
    pub html: String,
    /// How to end the subscription that it is part of (RFC 2369, RFC 8058).
    pub list: Option<ListHeaders>,
    /// What it belongs to, such as `event.0193…`: letters with the same thread are shown together.
    pub thread: Option<String>,
    /// A calendar entry (RFC 6047).
    pub calendar: Option<CalendarPart>,
    /// Its place among letters about the same, such as `ics:UID:ADDRESS` and the `SEQUENCE`: a lower
    /// one is never sent after a higher one.
    pub order: Option<(String, i64)>,
}

impl Letter {
    /// A letter with nothing but its content.
    #[must_use]
    pub fn new(kind: LetterKind, key: String, to: Mailbox, written: Written) -> Self {
        let Written { subject, text, html } = written;
        Self { key, kind, to, reply_to: None, subject, text, html, list: None, thread: None, calendar: None, order: None }
    }

    /// The bytes that are kept and sent, dated `at`. The same letter, sender and time give the same bytes.
    ///
    /// # Errors
    /// Where an address, the key or a header value cannot be written, a digest cannot be ended, or
    /// the calendar part contradicts its method.
    pub fn freeze(&self, sender: &Sender, at: DateTime<Utc>) -> Result<Frozen, MailError> {
        compose::freeze(self, sender, at)
    }
}

/// What a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LetterKind {
    /// A one-time link to sign in.
    SignIn,
    /// Asks whether a subscription is wanted.
    Confirm,
    /// Something happened that concerns the reader.
    Notice,
    /// What is new, changed and coming.
    Digest,
    /// A calendar entry, new or updated.
    Invite,
    /// A calendar entry taken back.
    Cancel,
    /// To those who run the service.
    Admin,
}

impl LetterKind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::SignIn, Self::Confirm, Self::Notice, Self::Digest, Self::Invite, Self::Cancel, Self::Admin];

    /// Its name in the database and in message ids.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Confirm => "confirm",
            Self::Notice => "notice",
            Self::Digest => "digest",
            Self::Invite => "invite",
            Self::Cancel => "cancel",
            Self::Admin => "admin",
        }
    }

    /// Lower goes first: somebody waits for a link, nobody waits for a digest.
    #[must_use]
    pub fn priority(self) -> i64 {
        match self {
            Self::SignIn | Self::Confirm => 1,
            Self::Cancel => 2,
            Self::Invite => 3,
            Self::Notice => 4,
            Self::Admin => 5,
            Self::Digest => 8,
        }
    }

    /// For how many hours after it was written it is still worth sending.
    ///
    /// For a digest this is a daily one's; [`digest::LONG_HOURS`] is right for the others.
    #[must_use]
    pub fn hours(self) -> i64 {
        match self {
            Self::SignIn => 1,
            Self::Digest => 20,
            Self::Confirm | Self::Notice | Self::Admin => 24,
            Self::Invite | Self::Cancel => 72,
        }
    }

    /// May it carry the headers of a list? What answers a request of the reader may not.
    fn may_be_list(self) -> bool {
        matches!(self, Self::Digest | Self::Notice)
    }
}

impl fmt::Display for LetterKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for LetterKind {
    type Err = MailError;
    fn from_str(text: &str) -> Result<Self, MailError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| MailError::Kind(text.to_owned()))
    }
}

/// A recipient: an address, and the name to show with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// The name, as the person gave it.
    pub name: Option<String>,
    /// The address.
    pub address: String,
}

impl Mailbox {
    /// A recipient without a name.
    #[must_use]
    pub fn plain(address: &Address) -> Self {
        Self { name: None, address: address.to_string() }
    }
}

/// How a subscription is ended without opening the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHeaders {
    /// The first part of `List-Id` (RFC 2919), such as `digest`; the sender's domain is added.
    pub id: String,
    /// Ends it by `POST` (RFC 8058). Up to 60 characters, so that the header stays on one line everywhere.
    pub unsubscribe_url: String,
    /// Ends it by mail, where a mailbox for that is read.
    pub unsubscribe_mailto: Option<String>,
}

/// A calendar entry sent with a letter (RFC 6047).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarPart {
    /// `REQUEST` or `CANCEL`: the same as `METHOD` in the bytes.
    pub method: String,
    /// An iCalendar object, UTF-8.
    pub bytes: Vec<u8>,
}

/// Who writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The name shown, such as `convene`.
    pub from_name: String,
    /// The address shown; it exists and takes replies, except for digests.
    pub from: String,
    /// The domain of message ids and of `List-Id`.
    pub domain: String,
    /// Where failure reports go, if not to `from`.
    pub bounce: Option<String>,
}

impl Sender {
    /// The return path: `MAIL FROM` in the envelope.
    #[must_use]
    pub fn return_path(&self) -> &str {
        self.bounce.as_deref().unwrap_or(&self.from)
    }
}

/// A letter as it is kept and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frozen {
    /// With its angle brackets; made from the key.
    pub message_id: String,
    /// The whole message: ASCII, lines of at most 998 characters ending in CRLF.
    pub bytes: Vec<u8>,
    /// The recipient's address in the envelope.
    pub to: String,
    /// The return path in the envelope.
    pub from: String,
}

impl Frozen {
    /// What the post needs of it.
    #[must_use]
    pub fn borrowed(&self) -> FrozenRef<'_> {
        FrozenRef { message_id: &self.message_id, from: &self.from, to: &self.to, bytes: &self.bytes }
    }
}

/// A frozen letter that is kept elsewhere, such as in a row of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrozenRef<'a> {
    /// With its angle brackets.
    pub message_id: &'a str,
    /// The return path.
    pub from: &'a str,
    /// The recipient's address.
    pub to: &'a str,
    /// The whole message.
    pub bytes: &'a [u8],
}

/// Why a letter cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The recipient's address.
    #[error("“{address}” cannot be written to: {why}")]
    Recipient {
        /// As it was given.
        address: String,
        /// What is wrong with it.
        why: AddressError,
    },
    /// An address of ours, from the settings.
    #[error("{what} “{address}” is no mail address")]
    Ours {
        /// Which one.
        what: &'static str,
        /// As it was given.
        address: String,
    },
    /// A header's value is empty, too long, or has characters that a header cannot hold.
    #[error("“{value}” cannot stand in the header {name}")]
    Header {
        /// The header.
        name: &'static str,
        /// The value that was to go there.
        value: String,
    },
    /// A digest that nobody could end.
    #[error("a digest needs a way to unsubscribe")]
    NoWayOut,
    /// List headers on what is no mailing list.
    #[error("a {0} letter is no mailing list")]
    NoList(LetterKind),
    /// The calendar part is not text, or its method is another.
    #[error("the calendar part does not say METHOD:{0}")]
    Calendar(String),
    /// A date that mail cannot express.
    #[error("{0} cannot be a letter's date")]
    Date(DateTime<Utc>),
    /// No kind of letter has this name.
    #[error("“{0}” is no kind of letter")]
    Kind(String),
    /// The message could not be put together.
    #[error("the message cannot be put together: {0}")]
    Compose(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_by_its_name() {
        for kind in LetterKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("spam".parse::<LetterKind>(), Err(MailError::Kind("spam".to_owned())));
    }

    #[test]
    fn a_link_somebody_waits_for_goes_before_a_digest() {
        let mut kinds = LetterKind::ALL;
        kinds.sort_by_key(|kind| kind.priority());
        assert_eq!((kinds[0], kinds[6]), (LetterKind::SignIn, LetterKind::Digest));
    }
}
