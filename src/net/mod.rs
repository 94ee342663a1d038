//! Fetching a calendar over https, and where we refuse to go.
//!
//! Addresses are checked after the name is resolved and are the very ones connected to, for the
//! first request and after every redirect, so a name that changes its answer gains nothing.

mod refuse;

use std::time::Duration;

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

pub use refuse::is_refused;

/// Why a calendar could not be fetched; never names what stands behind the `?` of an address.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is none that we go to.
    #[error("“{0}” is no address of a calendar: it must begin with https:// (or webcal://)")]
    Address(String),
    /// It leads to a private network.
    #[error("{0} leads to an address that is not on the public internet; such are not read")]
    Private(String),
    /// The server answered with something else.
    #[error("{host} answered with status {status}")]
    Status {
        /// Which server.
        host: String,
        /// What it said.
        status: u16,
    },
    /// It is too large.
    #[error("{0} sent more than can be read")]
    TooLarge(String),
    /// It could not be reached.
    #[error("{host} could not be reached: {why}")]
    Unreachable {
        /// Which server.
        host: String,
        /// Why.
        why: String,
    },
}

/// Fetches a calendar of at most `limit` bytes unpacked, within 10 seconds and 5 redirects.
///
/// # Errors
/// [`FetchError`] in words; nothing of the address beyond its host.
pub fn fetch(address: &str, limit: usize) -> Result<Vec<u8>, FetchError> {
    let address = address.strip_prefix("webcal://").map_or_else(|| address.to_owned(), |rest| format!("https://{rest}"));
    let uri: Uri = address.parse().map_err(|_| FetchError::Address(host_only(&address)))?;
    let host = uri.host().unwrap_or_default().to_owned();
    if uri.scheme_str() != Some("https") || host.is_empty() {
        return Err(FetchError::Address(host_only(&address)));
    }
    let config = ureq::Agent::config_builder()
        .https_only(true)
        .max_redirects(5)
        .timeout_global(Some(Duration::from_secs(10)))
        .user_agent("Mozilla/5.0 (compatible; convene calendar reader)")
        .build();
    let agent = ureq::Agent::with_parts(config, DefaultConnector::default(), Guarded(DefaultResolver::default()));
    let mut answer =
        agent.get(uri).header("Accept", "text/calendar, text/csv, */*;q=0.5").call().map_err(|error| failed(&host, &error))?;
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    answer.body_mut().with_config().limit(most).read_to_vec().map_err(|error| failed(&host, &error))
}

fn failed(host: &str, error: &ureq::Error) -> FetchError {
    let host = host.to_owned();
    match error {
        ureq::Error::StatusCode(status) => FetchError::Status { host, status: *status },
        ureq::Error::BodyExceedsLimit(_) => FetchError::TooLarge(host),
        ureq::Error::Io(cause) if cause.to_string() == REFUSED => FetchError::Private(host),
        other => FetchError::Unreachable { host, why: other.to_string() },
    }
}

/// The address up to its path: what may be shown and kept.
#[must_use]
pub fn host_only(address: &str) -> String {
    let cut = address.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = cut.split_once("://").unwrap_or(("", cut));
    let host = rest.split('/').next().unwrap_or_default().rsplit('@').next().unwrap_or_default();
    if scheme.is_empty() { host.to_owned() } else { format!("{scheme}://{host}") }
}

const REFUSED: &str = "not on the public internet";

/// Resolves a name and refuses it where any of its addresses is one we do not go to.
#[derive(Debug)]
struct Guarded(DefaultResolver);

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        if found.iter().any(|address| is_refused(address.ip())) {
            return Err(ureq::Error::Io(std::io::Error::other(REFUSED)));
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_webcal_are_addresses_of_calendars() {
        for bad in ["http://example.org/a.ics", "file:///etc/passwd", "ftp://example.org", "nonsense", "https://"] {
            assert!(matches!(fetch(bad, 10), Err(FetchError::Address(_))), "{bad}");
        }
    }

    #[test]
    fn a_private_address_is_refused_before_anything_is_sent() {
        for bad in [
            "https://127.0.0.1:1/a.ics",
            "https://[::1]:1/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/",
            "webcal://localhost:1/",
        ] {
            assert!(matches!(fetch(bad, 10), Err(FetchError::Private(_))), "{bad}");
        }
    }

    #[test]
    fn what_is_shown_of_an_address_holds_no_secret() {
        assert_eq!(
            host_only("https://user:pass@calendar.example.org/private-abc/basic.ics?token=1"),
            "https://calendar.example.org"
        );
    }
}
