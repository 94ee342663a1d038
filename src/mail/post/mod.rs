//! Post: carries frozen letters to a relay, a folder or memory.
//!
//! One session is one connection, used from one thread. Just before the text of a letter goes out
//! the caller is asked to remember that (`at_dot`): whatever breaks before is surely not sent,
//! whatever breaks after may have been. There is no pool, nothing asynchronous and nothing that is
//! cancelled half-way: each of these is a way to lose a letter or to send it twice.

mod folder;
mod refusal;
mod smtp;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::{Frozen, FrozenRef};

pub use refusal::{Class, SendError};
pub use smtp::{Password, SmtpSettings, Tls};

/// Where letters go.
#[derive(Debug, Clone)]
pub enum Post {
    /// A mail server that takes our mail and carries it on.
    Smtp(SmtpSettings),
    /// A folder, one `.eml` file a letter: for a demo, and for trying things out.
    Folder(PathBuf),
    /// Memory: for tests.
    Memory(Arc<Mutex<Vec<Frozen>>>),
}

impl Post {
    /// Opens a session: connects, checks the server's certificate and signs in.
    ///
    /// # Errors
    /// Of class [`Class::Link`]: nothing is wrong with any letter.
    pub fn connect(&self) -> Result<Session, SendError> {
        Ok(Session(match self {
            Self::Smtp(settings) => Carrier::Smtp(Box::new(smtp::Relay::connect(settings)?)),
            Self::Folder(path) => Carrier::Folder(folder::Folder::open(path)?),
            Self::Memory(letters) => Carrier::Memory(Arc::clone(letters)),
        }))
    }
}

/// A connection that letters are sent through, one after the other.
#[derive(Debug)]
pub struct Session(Carrier);

#[derive(Debug)]
enum Carrier {
    Smtp(Box<smtp::Relay>),
    Folder(folder::Folder),
    Memory(Arc<Mutex<Vec<Frozen>>>),
}

impl Session {
    /// Sends one letter. `at_dot` is called once, when the server waits for the text and nothing of
    /// it has been sent; it is not called where the server refuses the letter before.
    ///
    /// # Errors
    /// What to do next is in its class. Where `at_dot` fails, nothing is sent and the session is over.
    pub fn send(
        &mut self,
        letter: FrozenRef<'_>,
        at_dot: &mut dyn FnMut() -> Result<(), AtDotError>,
    ) -> Result<Receipt, SendError> {
        match &mut self.0 {
            Carrier::Smtp(relay) => relay.send(letter, at_dot),
            Carrier::Folder(folder) => folder.send(letter, at_dot),
            Carrier::Memory(letters) => keep(letters, letter, at_dot),
        }
    }

    /// Over: a further letter needs a new session.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(&self.0, Carrier::Smtp(relay) if relay.is_over())
    }

    /// Says goodbye to the server. A session that is only dropped closes its connection, too.
    pub fn quit(self) {
        if let Carrier::Smtp(relay) = self.0 {
            relay.quit();
        }
    }
}

fn keep(
    letters: &Mutex<Vec<Frozen>>,
    letter: FrozenRef<'_>,
    at_dot: &mut dyn FnMut() -> Result<(), AtDotError>,
) -> Result<Receipt, SendError> {
    at_dot().map_err(SendError::unmarked)?;
    let kept = Frozen {
        message_id: letter.message_id.to_owned(),
        bytes: letter.bytes.to_vec(),
        to: letter.to.to_owned(),
        from: letter.from.to_owned(),
    };
    letters.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    Ok(Receipt { code: 250, reply: "kept in memory".to_owned() })
}

/// The post took the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The server's code: 250.
    pub code: u16,
    /// Its words, on one line; for a folder, the file.
    pub reply: String,
}

/// The caller could not remember that the letter is about to go out.
#[derive(Debug, thiserror::Error)]
#[error("the letter was not marked as going out: {0}")]
pub struct AtDotError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl AtDotError {
    /// With its cause.
    pub fn new(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }
}
