//! Fetching a calendar over https, and where we refuse to go.
//!
//! Addresses are checked after the name is resolved and are the very ones connected to, for the
//! first request and after every redirect, so a name that changes its answer gains nothing.

#[cfg(test)]
mod rebinding;
mod refuse;

use std::time::Duration;

use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{Connector, DefaultConnector, NextTimeout};

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

/// What a server said names the calendar as it was last read, to ask whether it has changed since.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`, as it was sent.
    pub etag: Option<String>,
    /// Its `Last-Modified`, as it was sent.
    pub last_modified: Option<String>,
}

impl Validators {
    fn are_there(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is as it was when it got these validators.
    NotModified,
    /// The calendar as it is now.
    Calendar {
        /// Its bytes, unpacked.
        bytes: Vec<u8>,
        /// What to ask with the next time.
        validators: Validators,
    },
}

/// How to fetch.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The most bytes that are read, unpacked.
    pub limit: usize,
    /// What is known of it; empty to get it whatever happened.
    pub validators: Validators,
    /// For tests: read from this machine too, over plain http. Other private addresses stay refused.
    pub allow_loopback: bool,
}

/// Fetches a calendar within 10 seconds and 5 redirects; asks only whether it changed where that is possible.
///
/// # Errors
/// [`FetchError`] in words; nothing of the address beyond its host.
pub fn fetch(address: &str, ask: &Ask) -> Result<Fetched, FetchError> {
    fetch_through(address, ask, DefaultConnector::default(), DefaultResolver::default())
}

/// Fetches with these ways to find out where a name leads, and to go there.
fn fetch_through(address: &str, ask: &Ask, connector: impl Connector, names: impl Resolver) -> Result<Fetched, FetchError> {
    let uri = calendar_address(address, ask.allow_loopback)?;
    let host = uri.host().unwrap_or_default().to_owned();
    let config = ureq::Agent::config_builder()
        .https_only(!ask.allow_loopback)
        .max_redirects(5)
        // Behind a proxy it would be the proxy that resolves names, and nothing would be refused.
        .proxy(None)
        .timeout_global(Some(Duration::from_secs(10)))
        .user_agent("Mozilla/5.0 (compatible; convene calendar reader)")
        .build();
    let resolver = Guarded { names, allow_loopback: ask.allow_loopback };
    let agent = ureq::Agent::with_parts(config, connector, resolver);
    let mut request = agent.get(uri).header("Accept", "text/calendar, text/csv, */*;q=0.5");
    if let Some(etag) = &ask.validators.etag {
        request = request.header("If-None-Match", etag);
    }
    if let Some(at) = &ask.validators.last_modified {
        request = request.header("If-Modified-Since", at);
    }
    let mut answer = request.call().map_err(|error| failed(&host, &error))?;
    match answer.status().as_u16() {
        200 => {}
        304 if ask.validators.are_there() => return Ok(Fetched::NotModified),
        status => return Err(FetchError::Status { host, status }),
    }
    let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let validators = Validators { etag: header("ETag"), last_modified: header("Last-Modified") };
    let most = u64::try_from(ask.limit).unwrap_or(u64::MAX);
    let bytes = answer.body_mut().with_config().limit(most).read_to_vec().map_err(|error| failed(&host, &error))?;
    Ok(Fetched::Calendar { bytes, validators })
}

/// The address as it is asked for; `webcal:` means https.
///
/// # Errors
/// [`FetchError::Address`] where it is none that we go to.
pub fn calendar_address(address: &str, allow_loopback: bool) -> Result<Uri, FetchError> {
    let address = address.trim();
    let whole = address.strip_prefix("webcal://").map_or_else(|| address.to_owned(), |rest| format!("https://{rest}"));
    let refused = || FetchError::Address(host_only(&whole));
    let uri: Uri = whole.parse().map_err(|_| refused())?;
    let plain = uri.scheme_str() == Some("http") && allow_loopback;
    let good = (uri.scheme_str() == Some("https") || plain) && uri.host().is_some_and(|host| !host.is_empty());
    if good { Ok(uri) } else { Err(refused()) }
}

fn failed(host: &str, error: &ureq::Error) -> FetchError {
    let host = host.to_owned();
    match error {
        ureq::Error::StatusCode(status) => FetchError::Status { host, status: *status },
        ureq::Error::BodyExceedsLimit(_) => FetchError::TooLarge(host),
        ureq::Error::Io(cause) if cause.to_string() == REFUSED => FetchError::Private(host),
        ureq::Error::Timeout(_) => FetchError::Unreachable { host, why: "it took more than 10 seconds".to_owned() },
        ureq::Error::TooManyRedirects => FetchError::Unreachable { host, why: "it leads on more than 5 times".to_owned() },
        // These name the address that it led to, which may hold a secret.
        ureq::Error::RequireHttpsOnly(_) => {
            FetchError::Unreachable { host, why: "it leads to an address without https".to_owned() }
        }
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            FetchError::Unreachable { host, why: "it leads to what is no address".to_owned() }
        }
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

/// Resolves a name, once for each connection, and refuses it where any of its addresses is one we do not go to.
///
/// What it gives is what the connection is made to: nothing asks for the name again in between.
#[derive(Debug)]
struct Guarded<Names> {
    names: Names,
    allow_loopback: bool,
}

impl<Names: Resolver> Resolver for Guarded<Names> {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.names.resolve(uri, config, timeout)?;
        let here = |ip: std::net::IpAddr| self.allow_loopback && ip.is_loopback();
        // Plain http is for this machine alone.
        let plain = uri.scheme_str() != Some("https");
        if found.iter().any(|address| !here(address.ip()) && (plain || is_refused(address.ip()))) {
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
            assert!(matches!(fetch(bad, &Ask { limit: 10, ..Ask::default() }), Err(FetchError::Address(_))), "{bad}");
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
            assert!(matches!(fetch(bad, &Ask { limit: 10, ..Ask::default() }), Err(FetchError::Private(_))), "{bad}");
        }
    }

    #[test]
    fn the_test_setting_opens_this_machine_and_nothing_else() {
        let ask = Ask { limit: 10, allow_loopback: true, ..Ask::default() };
        assert!(matches!(fetch("http://127.0.0.1:1/", &ask), Err(FetchError::Unreachable { .. })));
        for bad in ["http://10.0.0.1:1/", "https://169.254.169.254/", "http://[::ffff:10.0.0.1]/", "http://93.184.216.34/"] {
            assert!(matches!(fetch(bad, &ask), Err(FetchError::Private(_))), "{bad}");
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
