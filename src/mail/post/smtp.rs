//! One connection to a relay, by lettre's blocking client.
//!
//! lettre's own `send` and `message` are not used: they do not tell in which phase something
//! failed, and they write the text and its dot separately, which costs about 45 ms a letter where
//! the operating system waits to join small packets.

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{Certificate, SmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;
use serde::Deserialize;

use super::refusal::{Class, Phase, SendError, one_line};
use super::{AtDotError, FrozenRef, Receipt};
use crate::mail::dkim::Signer;

/// To connect, to greet and to sign in.
const HELLO: Duration = Duration::from_mins(1);
/// For the answer to a command (RFC 5321 section 4.5.3.2).
const COMMAND: Duration = Duration::from_mins(5);
/// For the answer to the text: shorter ones make duplicates (RFC 5321 section 4.5.3.2.6).
const DOT: Duration = Duration::from_mins(10);

/// The relay that takes our mail.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// Its port; if not given, 587, 465 or 25, as `tls` says.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub tls: Tls,
    /// Who signs in, if the relay asks for that.
    pub user: Option<String>,
    /// That user's password.
    pub password: Option<Password>,
    /// Our name in `EHLO`: a domain that leads back to this machine.
    pub hello: String,
    /// Certificates in PEM that the relay's may be signed by, beside those that the system trusts.
    pub authorities: Option<PathBuf>,
    /// What signs each letter on its way out; the relay itself does where this is none.
    #[serde(skip)]
    pub signer: Option<Signer>,
}

/// How the connection to the relay is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// `STARTTLS`, and nothing is sent without it.
    #[default]
    Required,
    /// TLS from the first byte.
    Wrapper,
    /// None: only to this machine itself.
    None,
}

impl Tls {
    fn port(self) -> u16 {
        match self {
            Self::Required => 587,
            Self::Wrapper => 465,
            Self::None => 25,
        }
    }
}

/// A password, which is never printed.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// An open connection to the relay.
pub(super) struct Relay {
    line: SmtpConnection,
    over: bool,
    signer: Option<Signer>,
}

impl fmt::Debug for Relay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Relay").field("over", &self.over).finish_non_exhaustive()
    }
}

impl Relay {
    pub(super) fn connect(settings: &SmtpSettings) -> Result<Self, SendError> {
        let mut line = open(settings)?;
        sign_in(&mut line, settings)?;
        line.set_timeout(Some(COMMAND)).map_err(|error| SendError::silent(Class::Link, error.to_string()))?;
        Ok(Self { line, over: false, signer: settings.signer.clone() })
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    pub(super) fn quit(mut self) {
        if !self.over {
            // The letters are settled; whether the goodbye is heard makes no difference.
            let _ = self.line.set_timeout(Some(Duration::from_secs(5)));
            let _ = self.line.quit();
        }
    }

    pub(super) fn send(
        &mut self,
        letter: FrozenRef<'_>,
        at_dot: &mut dyn FnMut() -> Result<(), AtDotError>,
    ) -> Result<Receipt, SendError> {
        let signed = self.signer.as_ref().map(|signer| signer.sign(letter.bytes)).transpose();
        let signed = signed.map_err(|error| SendError::silent(Class::Ours, error.to_string()))?;
        let text = Wire::new(signed.as_deref().unwrap_or(letter.bytes))?;
        let (from, to) = (mailbox(letter.from)?, mailbox(letter.to)?);
        if self.over {
            return Err(SendError::silent(Class::Link, "the connection to the relay is closed"));
        }
        let result = self.conversation(from, to, &text, at_dot);
        if let Err(error) = &result {
            self.recover(error);
        }
        result
    }

    fn conversation(
        &mut self,
        from: Address,
        to: Address,
        text: &Wire<'_>,
        at_dot: &mut dyn FnMut() -> Result<(), AtDotError>,
    ) -> Result<Receipt, SendError> {
        self.line.command(Mail::new(Some(from), vec![])).map_err(|error| before(Phase::Mail, &error))?;
        self.line.command(Rcpt::new(to, vec![])).map_err(|error| before(Phase::Rcpt, &error))?;
        let ready = self.line.command(Data).map_err(|error| before(Phase::Data, &error))?;
        if !ready.has_code(354) {
            return Err(SendError::silent(Class::Link, format!("DATA was answered by {}", said(&ready))));
        }
        at_dot().map_err(SendError::unmarked)?;
        self.text_and_dot(text)
    }

    fn text_and_dot(&mut self, text: &Wire<'_>) -> Result<Receipt, SendError> {
        let ambiguous = |why: String| SendError::silent(Class::Ambiguous, why);
        self.line.set_timeout(Some(DOT)).map_err(|error| ambiguous(error.to_string()))?;
        let reply = self.line.command(text).map_err(|error| after(&error))?;
        if !reply.has_code(250) {
            return Err(ambiguous(format!("the text was answered by {}", said(&reply))));
        }
        self.over = self.line.set_timeout(Some(COMMAND)).is_err();
        Ok(Receipt { code: 250, reply: one_line(&said(&reply)) })
    }

    /// After a clear refusal the line can be used again; after anything else it cannot be trusted.
    fn recover(&mut self, error: &SendError) {
        self.over =
            !error.leaves_the_line_open() || self.line.set_timeout(Some(COMMAND)).is_err() || self.line.command(Rset).is_err();
    }
}

fn open(settings: &SmtpSettings) -> Result<SmtpConnection, SendError> {
    let hello = ClientId::Domain(settings.hello.clone());
    let addresses = addresses(settings)?;
    match settings.tls {
        Tls::None => connect(&addresses, &hello, None),
        Tls::Wrapper => connect(&addresses, &hello, Some(&certificate(settings)?)).map_err(|error| untrusted(settings, error)),
        Tls::Required => {
            let mut line = connect(&addresses, &hello, None)?;
            // Without the offer this fails, and nothing has been said but our name.
            line.starttls(&certificate(settings)?, &hello).map_err(|error| untrusted(settings, link(&error)))?;
            Ok(line)
        }
    }
}

/// lettre calls a certificate that it does not trust a network error: says what it is.
fn untrusted(settings: &SmtpSettings, error: SendError) -> SendError {
    let host = &settings.host;
    let about = if error.reply.contains("certificate") {
        format!("the certificate of {host} is not trusted")
    } else if error.reply.contains("STARTTLS is not supported") {
        format!("{host} does not offer STARTTLS, and nothing is sent without")
    } else {
        return error;
    };
    SendError { reply: one_line(&format!("{about}: {}", error.reply)), ..error }
}

/// Where the relay is. Without TLS, only this machine itself will do.
fn addresses(settings: &SmtpSettings) -> Result<Vec<SocketAddr>, SendError> {
    let SmtpSettings { host, tls, hello, .. } = settings;
    if hello.is_empty() || !hello.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(SendError::silent(Class::Link, format!("“{hello}” cannot be our name in EHLO")));
    }
    let port = settings.port.unwrap_or(tls.port());
    let found: Vec<SocketAddr> = (host.as_str(), port)
        .to_socket_addrs()
        .map_err(|error| SendError::silent(Class::Link, format!("{host} is not found: {error}")))?
        .collect();
    if *tls == Tls::None && !found.iter().all(|address| address.ip().is_loopback()) {
        return Err(SendError::silent(Class::Link, format!("{host} is another machine: mail goes there only with TLS")));
    }
    Ok(found)
}

fn connect(addresses: &[SocketAddr], hello: &ClientId, tls: Option<&TlsParameters>) -> Result<SmtpConnection, SendError> {
    SmtpConnection::connect(addresses, Some(HELLO), hello, tls, None).map_err(|error| link(&error))
}

fn certificate(settings: &SmtpSettings) -> Result<TlsParameters, SendError> {
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.authorities {
        let refused = |why: String| SendError::silent(Class::Link, format!("{}: {why}", path.display()));
        let pem = std::fs::read(path).map_err(|error| refused(error.to_string()))?;
        tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| refused(error.to_string()))?);
    }
    tls.build().map_err(|error| link(&error))
}

fn sign_in(line: &mut SmtpConnection, settings: &SmtpSettings) -> Result<(), SendError> {
    let Some(user) = &settings.user else { return Ok(()) };
    let Some(Password(password)) = &settings.password else {
        return Err(SendError::silent(Class::Link, format!("no password is set for {user} at the relay")));
    };
    let credentials = Credentials::new(user.clone(), password.clone());
    line.auth(&[Mechanism::Plain, Mechanism::Login], &credentials).map(|_| ()).map_err(|error| link(&error))
}

/// The text as it goes over the wire, with its dot: one write, one reply.
struct Wire<'a>(&'a str);

impl<'a> Wire<'a> {
    /// Only ASCII with CRLF: a bare CR or LF would let the text end early (SMTP smuggling).
    fn new(bytes: &'a [u8]) -> Result<Self, SendError> {
        let ours = |why: &str| SendError::silent(Class::Ours, why);
        let text = std::str::from_utf8(bytes).map_err(|_| ours("the message is not text"))?;
        let lines = text.strip_suffix("\r\n").ok_or_else(|| ours("the message does not end with a line's end"))?;
        if !text.is_ascii() || text.contains('\0') {
            return Err(ours("the message is not 7-bit"));
        }
        for line in lines.split("\r\n") {
            if line.len() > 998 || line.contains(['\r', '\n']) {
                return Err(ours("the message has a line that mail does not allow"));
            }
        }
        Ok(Self(text))
    }
}

impl fmt::Display for Wire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive("\r\n") {
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        f.write_str(".\r\n")
    }
}

fn mailbox(address: &str) -> Result<Address, SendError> {
    let ours = || SendError::silent(Class::Ours, format!("“{address}” is no address that this relay can be given"));
    if address.is_ascii() { address.parse().map_err(|_| ours()) } else { Err(ours()) }
}

fn link(error: &Error) -> SendError {
    before(Phase::Hello, error)
}

/// An error before the text: without a code the line broke, and nothing was sent.
fn before(phase: Phase, error: &Error) -> SendError {
    match error.status() {
        Some(code) => SendError::refused(phase, code.into(), &words(error)),
        None => SendError::silent(Class::Link, error.to_string()),
    }
}

/// An error after the text: only a clear refusal tells that it was not taken.
fn after(error: &Error) -> SendError {
    match error.status() {
        Some(code) => SendError::refused(Phase::Dot, code.into(), &words(error)),
        None => SendError::silent(Class::Ambiguous, error.to_string()),
    }
}

/// The server's words, without its code.
fn words(error: &Error) -> String {
    std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
}

fn said(reply: &Response) -> String {
    let lines: Vec<&str> = reply.message().collect();
    format!("{} {}", reply.code(), lines.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dot_at_the_beginning_of_a_line_is_doubled() {
        let wire = Wire::new(b".\r\none\r\n..two\r\n").expect("plain text");
        assert_eq!(wire.to_string(), "..\r\none\r\n...two\r\n.\r\n");
    }

    #[test]
    fn a_text_that_could_end_early_is_not_sent() {
        for bad in ["one\n.\n\r\n", "one\r.\r\r\n", "one", "", "caf\u{e9}\r\n", "a\0b\r\n", &format!("{}\r\n", "a".repeat(999))] {
            let class = Wire::new(bad.as_bytes()).map(|wire| wire.to_string()).map_err(|error| error.class);
            assert_eq!(class, Err(Class::Ours), "{bad:?}");
        }
    }

    #[test]
    fn settings_refuse_keys_they_do_not_know_and_hide_the_password() {
        let read = |json: &str| serde_json::from_str::<SmtpSettings>(json);
        let settings = read(r#"{"host": "mail.example.org", "user": "u", "password": "secret", "hello": "example.org"}"#);
        let settings = settings.expect("all it needs");
        assert_eq!((settings.tls, settings.port), (Tls::Required, None));
        assert!(!format!("{settings:?}").contains("secret"));
        assert!(read(r#"{"host": "mail.example.org", "hello": "example.org", "tsl": "none"}"#).is_err());
    }
}
