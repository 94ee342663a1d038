//! Reads a frozen letter back, to be looked at before or after it went out.

use mail_parser::MessageParser;

/// A letter as a page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadLetter {
    /// What a reader wants to see of its headers, in their order.
    pub headers: Vec<(String, String)>,
    /// Its text part.
    pub text: String,
    /// Its HTML part.
    pub html: String,
}

/// The headers that are shown.
const SHOWN: [&str; 8] = ["from", "to", "reply-to", "subject", "date", "message-id", "list-unsubscribe", "list-unsubscribe-post"];

/// Reads the bytes of a letter.
#[must_use]
pub fn read(bytes: &[u8]) -> ReadLetter {
    let Some(message) = MessageParser::default().parse(bytes) else { return ReadLetter::default() };
    let mut headers = Vec::new();
    for (name, value) in message.headers_raw() {
        if SHOWN.contains(&name.to_lowercase().as_str()) {
            let value = match name.to_lowercase().as_str() {
                "subject" => message.subject().unwrap_or_default().to_owned(),
                _ => value.split_whitespace().collect::<Vec<_>>().join(" "),
            };
            headers.push((name.to_owned(), value));
        }
    }
    ReadLetter {
        headers,
        text: message.body_text(0).unwrap_or_default().into_owned(),
        html: message.body_html(0).unwrap_or_default().into_owned(),
    }
}
