//! The only place that asks for something random: ids and secrets.

use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use uuid::Builder;

use crate::domain::EventId;

/// Makes ids and secrets.
#[derive(Debug)]
pub enum Keys {
    /// From the operating system.
    Random,
    /// One after the other, the same in every run: tests.
    Counted(AtomicU64),
}

/// The operating system gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("the operating system gave no random bytes: {0}")]
pub struct NoRandomness(#[from] getrandom::Error);

impl Keys {
    /// Keys that are the same in every run.
    #[must_use]
    pub fn counted() -> Self {
        Self::Counted(AtomicU64::new(1))
    }

    /// A new event's id: a version 7 UUID (RFC 9562 section 5.7), so that ids sort by the time they were made.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn event_id(&self, at: DateTime<Utc>) -> Result<EventId, NoRandomness> {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        Ok(EventId(Builder::from_unix_timestamp_millis(millis, &self.bytes()?).into_uuid()))
    }

    /// A secret of 128 bits as 22 characters that are safe in an address.
    ///
    /// # Errors
    /// When the operating system has no randomness.
    pub fn secret(&self) -> Result<String, NoRandomness> {
        Ok(URL_SAFE_NO_PAD.encode(self.bytes::<16>()?))
    }

    fn bytes<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        match self {
            Self::Random => getrandom::fill(&mut bytes)?,
            Self::Counted(next) => {
                let digest = Sha256::digest(next.fetch_add(1, Ordering::Relaxed).to_be_bytes());
                bytes.iter_mut().zip(digest).for_each(|(byte, from)| *byte = from);
            }
        }
        Ok(bytes)
    }
}

/// What is kept of a secret: its SHA-256, in hex.
#[must_use]
pub fn hash(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes in lower-case hex.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A seal that only the holder of `key` can make of `text`: 128 bits of HMAC-SHA-256, 22 characters.
#[must_use]
pub fn seal(key: &str, text: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else { return String::new() };
    mac.update(text.as_bytes());
    let full = mac.finalize().into_bytes();
    URL_SAFE_NO_PAD.encode(full.get(..16).unwrap_or_default())
}

/// The same with 96 bits, for an address that must be short: 16 characters.
#[must_use]
pub fn short_seal(key: &str, text: &str) -> String {
    seal(key, text).chars().take(16).collect()
}

/// Is this the short seal of `text`? Compared without telling how far it was right.
#[must_use]
pub fn is_short_sealed(key: &str, text: &str, sealed: &str) -> bool {
    let right = short_seal(key, text);
    !right.is_empty() && hash(&right) == hash(sealed)
}

/// Is this the seal of `text`? Compared without telling how far it was right.
#[must_use]
pub fn is_sealed(key: &str, text: &str, sealed: &str) -> bool {
    let right = seal(key, text);
    !right.is_empty() && hash(&right) == hash(sealed)
}
