//! From a letter to the bytes that are sent.
//!
//! Everything that lettre would take from the clock, a random number or the machine's name is
//! given to it: date, message id, boundaries. Header values that are not words are written as they
//! are, on one line, after a check that they can be: some verifiers of signatures stumble over a
//! folded `List-Unsubscribe`.

use std::fmt::Write as _;

use chrono::{DateTime, Datelike as _, Utc};
use lettre::message::header::{ContentDisposition, ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox as Named, Message, MessageBuilder, MultiPart, SinglePart};
use sha2::{Digest as _, Sha256};

use super::{Address, CalendarPart, Frozen, Letter, LetterKind, ListHeaders, MailError, Sender, clean};

/// See [`Letter::freeze`].
pub(super) fn freeze(letter: &Letter, sender: &Sender, at: DateTime<Utc>) -> Result<Frozen, MailError> {
    let to =
        Address::parse(&letter.to.address).map_err(|why| MailError::Recipient { address: letter.to.address.clone(), why })?;
    ours("the return path", sender.return_path())?;
    let message_id = format!("<{}.{}@{}>", letter.kind, hash(&letter.key), domain(sender)?);
    let message = headers(letter, sender, &to, &message_id, at)?
        .multipart(parts(letter)?)
        .map_err(|error| MailError::Compose(error.to_string()))?;
    Ok(Frozen { message_id, bytes: message.formatted(), to: to.into(), from: sender.return_path().to_owned() })
}

fn headers(
    letter: &Letter,
    sender: &Sender,
    to: &Address,
    message_id: &str,
    at: DateTime<Utc>,
) -> Result<MessageBuilder, MailError> {
    if !(1970..=9999).contains(&at.year()) {
        return Err(MailError::Date(at));
    }
    let to_name = letter.to.name.as_deref().and_then(clean::name);
    let mut message = Message::builder()
        .date(at.into())
        .from(Named::new(clean::name(&sender.from_name), ours("the sender's address", &sender.from)?))
        .to(Named::new(to_name, ours("the recipient", to.as_str())?))
        .subject(clean::subject(&letter.subject))
        .raw_header(raw("Message-ID", message_id)?)
        .raw_header(raw("Auto-Submitted", "auto-generated")?)
        .raw_header(raw("X-Auto-Response-Suppress", "All")?)
        .raw_header(raw("X-Idempotency", &letter.key)?);
    if let Some(reply_to) = &letter.reply_to {
        message = message.reply_to(Named::new(None, ours("the address for replies", reply_to)?));
    }
    if let Some(thread) = &letter.thread {
        message = message.raw_header(raw("References", &format!("<{}@{}>", token("References", thread)?, domain(sender)?))?);
    }
    list_headers(message, letter, sender)
}

/// The headers by which a mail program offers to end a subscription.
fn list_headers(message: MessageBuilder, letter: &Letter, sender: &Sender) -> Result<MessageBuilder, MailError> {
    let Some(list) = &letter.list else {
        return if letter.kind == LetterKind::Digest { Err(MailError::NoWayOut) } else { Ok(message) };
    };
    if !letter.kind.may_be_list() {
        return Err(MailError::NoList(letter.kind));
    }
    Ok(message
        .raw_header(raw("List-Id", &format!("<{}.{}>", token("List-Id", &list.id)?, domain(sender)?))?)
        .raw_header(raw("List-Unsubscribe", &unsubscribe(list)?)?)
        .raw_header(raw("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")?))
}

fn unsubscribe(list: &ListHeaders) -> Result<String, MailError> {
    let refused = |value: &str| MailError::Header { name: "List-Unsubscribe", value: value.to_owned() };
    let url = clean::link(&list.unsubscribe_url).ok_or_else(|| refused(&list.unsubscribe_url))?;
    let mut value = format!("<{url}>");
    if let Some(mailbox) = &list.unsubscribe_mailto {
        let address = Address::parse(mailbox).map_err(|_| refused(mailbox))?;
        let _infallible = write!(value, ", <mailto:{address}>");
    }
    Ok(value)
}

/// Text first, then HTML; with a calendar entry, that last, and once more as a file (RFC 6047 section 2.4).
fn parts(letter: &Letter) -> Result<MultiPart, MailError> {
    let boundary = |of: &str| format!("=_{of}_{}", hash(&letter.key));
    // In quoted-printable and base64 no line can begin with "--=_": the boundary cannot occur in a part.
    let mut readings = MultiPart::alternative()
        .boundary(boundary("a"))
        .singlepart(quoted(ContentType::TEXT_PLAIN, clean::body(&letter.text)))
        .singlepart(quoted(ContentType::TEXT_HTML, clean::body(&letter.html)));
    let Some(calendar) = &letter.calendar else { return Ok(readings) };
    readings = readings.singlepart(quoted(calendar_type(calendar)?, calendar_text(calendar)?));
    Ok(MultiPart::mixed().boundary(boundary("m")).multipart(readings).singlepart(calendar_file(calendar)?))
}

fn quoted(content_type: ContentType, body: String) -> SinglePart {
    SinglePart::builder().header(content_type).header(ContentTransferEncoding::QuotedPrintable).body(body)
}

fn calendar_type(calendar: &CalendarPart) -> Result<ContentType, MailError> {
    if !matches!(calendar.method.as_str(), "REQUEST" | "CANCEL") {
        return Err(MailError::Calendar(calendar.method.clone()));
    }
    let name = format!("text/calendar; charset=utf-8; method={}; component=VEVENT", calendar.method);
    ContentType::parse(&name).map_err(|error| MailError::Compose(error.to_string()))
}

/// The entry as text, once it is sure that it says the same method as its MIME type.
fn calendar_text(calendar: &CalendarPart) -> Result<String, MailError> {
    let refused = || MailError::Calendar(calendar.method.clone());
    let text = std::str::from_utf8(&calendar.bytes).map_err(|_| refused())?;
    let said = format!("METHOD:{}", calendar.method);
    if text.lines().any(|line| line.trim_end() == said) { Ok(text.to_owned()) } else { Err(refused()) }
}

fn calendar_file(calendar: &CalendarPart) -> Result<SinglePart, MailError> {
    let file =
        ContentType::parse("application/ics; name=\"invite.ics\"").map_err(|error| MailError::Compose(error.to_string()))?;
    Ok(SinglePart::builder()
        .header(file)
        .header(ContentDisposition::attachment("invite.ics"))
        .header(ContentTransferEncoding::Base64)
        .body(calendar.bytes.clone()))
}

/// A header that is written as it is: printable ASCII, on one line.
fn raw(name: &'static str, value: &str) -> Result<HeaderValue, MailError> {
    let printable = value.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    if value.is_empty() || value.len() > 900 || !printable {
        return Err(MailError::Header { name, value: value.to_owned() });
    }
    Ok(HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(name), value.to_owned(), value.to_owned()))
}

/// A dot-atom of RFC 5322 that may stand within angle brackets.
fn token<'a>(name: &'static str, value: &'a str) -> Result<&'a str, MailError> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_+.".contains(&b);
    let fine = !value.is_empty() && value.len() <= 120 && value.bytes().all(plain);
    if fine { Ok(value) } else { Err(MailError::Header { name, value: value.to_owned() }) }
}

fn domain(sender: &Sender) -> Result<&str, MailError> {
    token("Message-ID", &sender.domain)
}

/// An address of ours: also a host without a dot, as on a single machine.
fn ours(what: &'static str, address: &str) -> Result<lettre::Address, MailError> {
    let refused = || MailError::Ours { what, address: address.to_owned() };
    if !address.is_ascii() {
        return Err(refused());
    }
    address.parse().map_err(|_| refused())
}

/// The first 128 bits of SHA-256, as 32 hexadecimal digits.
fn hash(key: &str) -> String {
    Sha256::digest(key.as_bytes()).iter().take(16).fold(String::with_capacity(32), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}
