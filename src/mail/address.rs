//! Addresses that letters can be sent to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is no address that we write to. The words are for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing, or no `@`, or more than one.
    #[error("write the address as name@example.org")]
    Shape,
    /// The part before the `@`.
    #[error("before the @ only letters a-z, digits and the usual signs, at most 64, no spaces, and no dot at either end")]
    Local,
    /// Letters beyond ASCII before the `@`: they need SMTPUTF8 all the way (RFC 6531).
    #[error("letters other than a-z before the @ cannot be reached by every mail server yet; is there another address?")]
    LocalLetters,
    /// The part after the `@`.
    #[error("after the @ comes a domain with a dot, like example.org")]
    Domain,
    /// Over 254 characters (RFC 5321 section 4.5.3.1.3).
    #[error("the address is longer than mail allows")]
    Long,
}

/// An address as we keep it: the local part as typed, the domain in lower-case A-labels.
///
/// ```
/// use convene::mail::Address;
/// assert_eq!(Address::parse(" Pat.Example@Example.ORG ").unwrap().as_str(), "Pat.Example@example.org");
/// assert_eq!(Address::parse("pat@bücher.example").unwrap().as_str(), "pat@xn--bcher-kva.example");
/// assert!(Address::parse("pat@localhost").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// Reads an address that someone typed, without a name and without angle brackets.
    ///
    /// Quoted local parts (`"a b"@example.org`), address literals (`a@[192.0.2.1]`) and hosts
    /// without a dot are allowed by RFC 5321 and refused here: in a form they are mistakes.
    ///
    /// # Errors
    /// What is wrong with it, in words for a form.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let (local, domain) = text.trim().split_once('@').ok_or(AddressError::Shape)?;
        if local.is_empty() || domain.is_empty() || domain.contains('@') {
            return Err(AddressError::Shape);
        }
        check_local(local)?;
        let domain = ascii_domain(domain).ok_or(AddressError::Domain)?;
        let address = format!("{local}@{domain}");
        if address.len() <= 254 { Ok(Self(address)) } else { Err(AddressError::Long) }
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What comes after the `@`: lower-case A-labels.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }

    /// The same for addresses that in practice reach one mailbox: for limits and for finding twins.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

/// A dot-atom of RFC 5322 section 3.2.3, at most 64 long.
fn check_local(local: &str) -> Result<(), AddressError> {
    if !local.is_ascii() && !local.contains(char::is_whitespace) {
        return Err(AddressError::LocalLetters);
    }
    let atext = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b);
    let atoms = local.split('.').all(|atom| !atom.is_empty() && atom.bytes().all(atext));
    if atoms && local.len() <= 64 { Ok(()) } else { Err(AddressError::Local) }
}

/// The domain in lower-case A-labels, if it can be one of the public DNS.
fn ascii_domain(domain: &str) -> Option<String> {
    let ascii = idna::domain_to_ascii_strict(domain).ok()?;
    let (_, top) = ascii.rsplit_once('.')?;
    top.contains(|c: char| c.is_ascii_alphabetic()).then_some(ascii)
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Address {
    type Err = AddressError;
    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;
    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_addresses_are_taken_as_they_are() {
        for good in ["pat@example.org", "pat.o'example+digest@mail.example.org", "a@b.co", "PAT@example.org"] {
            assert_eq!(Address::parse(good).map(String::from), Ok(good.to_owned()));
        }
        assert_eq!(Address::parse("PAT@example.org").map(|a| a.folded()), Ok("pat@example.org".to_owned()));
    }

    #[test]
    fn odd_addresses_are_refused_with_the_part_that_is_wrong() {
        let long_local = format!("{}@example.org", "a".repeat(65));
        let long_domain = format!("a@{}example.org", "abcdefgh.".repeat(30));
        for (bad, why) in [
            ("", AddressError::Shape),
            ("pat", AddressError::Shape),
            ("pat@", AddressError::Shape),
            ("a@b@example.org", AddressError::Shape),
            ("pat smith@example.org", AddressError::Local),
            ("\"pat\"@example.org", AddressError::Local),
            (".pat@example.org", AddressError::Local),
            ("Pat <pat@example.org>", AddressError::Local),
            ("pat\r\nRCPT@example.org", AddressError::Local),
            (&long_local, AddressError::Local),
            ("pät@example.org", AddressError::LocalLetters),
            ("pat@localhost", AddressError::Domain),
            ("pat@192.0.2.1", AddressError::Domain),
            ("pat@[192.0.2.1]", AddressError::Domain),
            ("pat@exa mple.org", AddressError::Domain),
            ("pat@example..org", AddressError::Domain),
            ("pat@example.org>", AddressError::Domain),
            (&long_domain, AddressError::Domain),
        ] {
            assert_eq!(Address::parse(bad), Err(why), "{bad:?}");
        }
    }
}
