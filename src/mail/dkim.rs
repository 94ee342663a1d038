//! Signs letters (DKIM, RFC 6376; Ed25519 by RFC 8463), so that a receiver can tell that they are ours.
//!
//! A letter is signed when it is handed to the relay, over the bytes that are kept: a new key holds at
//! once, also for what has waited, and no transaction waits for arithmetic. lettre's signer is not
//! used: it dates a signature by the machine's clock and cannot cover `Content-Type`.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chrono::DateTime;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};

/// The headers that are signed where a letter has them. `From` is named once more than it is there, so that a
/// second one cannot be added (RFC 6376 section 8.15); RFC 8058 section 4 asks for the two of `List-Unsubscribe`.
const SIGNED: [&str; 12] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "reply-to",
    "references",
    "list-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

/// What signs our letters: a key, and where its other half is published.
#[derive(Clone)]
pub struct Signer {
    selector: String,
    domain: String,
    key: Arc<Key>,
}

enum Key {
    Rsa(RsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Why letters cannot be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DkimError {
    /// It cannot be the name of a key or a domain.
    #[error("“{0}” cannot stand in DNS: letters, digits, hyphens and dots can")]
    Name(String),
    /// There is no private key in it, or one of another kind.
    #[error("it holds no private key that signs mail: an RSA key of 2048 bits or more, or an Ed25519 key, in PEM")]
    Key,
    /// The letter has no header, date or body that could be signed.
    #[error("the letter has no {0} to sign")]
    Letter(&'static str),
    /// The arithmetic failed.
    #[error("the signature could not be made")]
    Arithmetic,
}

impl Signer {
    /// From a private key in PEM (PKCS#1 or PKCS#8), as `openssl genrsa 2048` or `openssl genpkey -algorithm ed25519` make it.
    ///
    /// # Errors
    /// Where a name cannot stand in DNS, or the text holds no fitting key.
    pub fn from_pem(selector: &str, domain: &str, pem: &[u8]) -> Result<Self, DkimError> {
        let key = match PrivateKeyDer::from_pem_slice(pem).map_err(|_| DkimError::Key)? {
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()).map(Key::Rsa),
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der())
                .map(Key::Rsa)
                .or_else(|_| Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der()).map(Key::Ed25519)),
            _ => return Err(DkimError::Key),
        };
        let key = Arc::new(key.map_err(|_| DkimError::Key)?);
        Ok(Self { selector: dns_name(selector)?, domain: dns_name(domain)?, key })
    }

    /// The letter with its signature in front. The same letter gives the same bytes: the signature bears the letter's own date.
    ///
    /// # Errors
    /// Where the letter has no date or no end of its header.
    pub fn sign(&self, letter: &[u8]) -> Result<Vec<u8>, DkimError> {
        let end = letter.windows(4).position(|four| four == b"\r\n\r\n").ok_or(DkimError::Letter("body"))?;
        let text =
            std::str::from_utf8(letter.get(..end).unwrap_or_default()).map_err(|_| DkimError::Letter("header in UTF-8"))?;
        let headers = fields(text);
        let date = header(&headers, "date").ok_or(DkimError::Letter("date"))?;
        let at = DateTime::parse_from_rfc2822(date.trim()).map_err(|_| DkimError::Letter("date"))?.timestamp();
        let body = BASE64.encode(Sha256::digest(relaxed_body(letter.get(end + 4..).unwrap_or_default())));
        let present: Vec<&str> = SIGNED.into_iter().filter(|name| header(&headers, name).is_some()).collect();
        let unsigned = format!(
            "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n\ts={}; t={at};\r\n\th=from:{};\r\n\tbh={body};\r\n\tb=",
            self.algorithm(),
            self.domain,
            self.selector,
            present.join(":\r\n\t "),
        );
        let mut covered = String::new();
        for name in &present {
            let _infallible = write!(covered, "{name}:{}\r\n", relaxed(header(&headers, name).unwrap_or_default()));
        }
        let (_, own) = unsigned.split_once(':').ok_or(DkimError::Arithmetic)?;
        let _infallible = write!(covered, "dkim-signature:{}", relaxed(own));
        let mut signed = unsigned.into_bytes();
        for line in BASE64.encode(self.signature(covered.as_bytes())?).as_bytes().chunks(72) {
            signed.extend_from_slice(line);
            signed.extend_from_slice(b"\r\n\t ");
        }
        // The last line goes on with nothing.
        signed.truncate(signed.len() - 2);
        signed.extend_from_slice(letter);
        Ok(signed)
    }

    /// Where the other half of the key is published, and what (RFC 6376 section 3.6.1).
    #[must_use]
    pub fn record(&self) -> (String, String) {
        let (kind, key) = match &*self.key {
            Key::Rsa(key) => ("rsa", subject_public_key_info(key.public_key().as_ref())),
            Key::Ed25519(key) => ("ed25519", key.public_key().as_ref().to_vec()),
        };
        (format!("{}._domainkey.{}", self.selector, self.domain), format!("v=DKIM1; k={kind}; p={}", BASE64.encode(key)))
    }

    fn algorithm(&self) -> &'static str {
        match &*self.key {
            Key::Rsa(_) => "rsa-sha256",
            Key::Ed25519(_) => "ed25519-sha256",
        }
    }

    fn signature(&self, covered: &[u8]) -> Result<Vec<u8>, DkimError> {
        match &*self.key {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), covered, &mut signature).map_err(|_| DkimError::Arithmetic)?;
                Ok(signature)
            }
            // RFC 8463 section 3: the hash is what is signed.
            Key::Ed25519(key) => Ok(key.sign(&Sha256::digest(covered)).as_ref().to_vec()),
        }
    }
}

impl PartialEq for Signer {
    fn eq(&self, other: &Self) -> bool {
        self.record() == other.record()
    }
}

impl Eq for Signer {}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}._domainkey.{}, {})", self.selector, self.domain, self.algorithm())
    }
}

/// A name of labels that DNS can hold.
fn dns_name(name: &str) -> Result<String, DkimError> {
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    if name.len() <= 200 && name.split('.').all(label) {
        Ok(name.to_ascii_lowercase())
    } else {
        Err(DkimError::Name(name.into()))
    }
}

/// The fields of a header: name and value, the value with its folds.
fn fields(header: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = header;
    while !rest.is_empty() {
        let mut end = 0;
        // A line that begins with a space goes on with the one before.
        let after = loop {
            match rest.get(end..).and_then(|tail| tail.find("\r\n")) {
                None => break rest.len(),
                Some(at) if rest.as_bytes().get(end + at + 2).is_some_and(|b| matches!(b, b' ' | b'\t')) => end += at + 2,
                Some(at) => break end + at,
            }
        };
        let (field, others) = rest.split_at(after);
        found.extend(field.split_once(':'));
        rest = others.trim_start_matches("\r\n");
    }
    found
}

/// The value of the last field of this name: from the bottom up, as verifiers look (RFC 6376 section 5.4.2).
fn header<'a>(fields: &[(&str, &'a str)], name: &str) -> Option<&'a str> {
    fields.iter().rev().find(|(one, _)| one.trim_end().eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

/// RFC 6376 section 3.4.2: unfolded, each run of spaces one, none at the ends.
fn relaxed(value: &str) -> String {
    value.split([' ', '\t', '\r', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// RFC 6376 section 3.4.4: each run of spaces one, none at the ends of lines, no empty lines at the end.
fn relaxed_body(body: &[u8]) -> Vec<u8> {
    let mut relaxed = Vec::with_capacity(body.len());
    for line in body.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let from = relaxed.len();
        for byte in line {
            match byte {
                b' ' | b'\t' if relaxed.len() > from && relaxed.last() == Some(&b' ') => {}
                b' ' | b'\t' => relaxed.push(b' '),
                other => relaxed.push(*other),
            }
        }
        if relaxed.len() > from && relaxed.last() == Some(&b' ') {
            relaxed.pop();
        }
        relaxed.extend_from_slice(b"\r\n");
    }
    while relaxed.ends_with(b"\r\n\r\n") {
        relaxed.truncate(relaxed.len() - 2);
    }
    if relaxed == b"\r\n" { Vec::new() } else { relaxed }
}

/// A public RSA key as X.509 wraps it, which verifiers expect (RFC 5280 section 4.1; RFC 6376 appendix C).
fn subject_public_key_info(key: &[u8]) -> Vec<u8> {
    /// `rsaEncryption` without parameters, in DER.
    const RSA: [u8; 15] = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = der(0x03, &[&[0], key].concat());
    der(0x30, &[&RSA[..], &bits].concat())
}

/// A value of DER with its tag and length.
fn der(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let length = length.get(length.iter().take_while(|byte| **byte == 0).count()..).unwrap_or_default();
    let mut whole = vec![tag];
    match length {
        [] => whole.push(0),
        [short] if *short < 0x80 => whole.push(*short),
        long => {
            whole.push(0x80 | u8::try_from(long.len()).unwrap_or(0));
            whole.extend_from_slice(long);
        }
    }
    whole.extend_from_slice(value);
    whole
}
