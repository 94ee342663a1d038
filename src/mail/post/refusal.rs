//! Why a letter was not sent, and whose trouble that is.

use super::AtDotError;

/// Whose trouble it is: what to do next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Between us and the relay. Nothing was sent, nothing is wrong with the letter: pause the relay.
    Link,
    /// This letter, for now: try it again later.
    Mail,
    /// The receiving domain, for now: pause that domain.
    Domain,
    /// Nobody is reached at this address: the letter has failed, the address is noted.
    Person,
    /// The mailbox is full: try again later, and note it.
    Full,
    /// Something of ours is wrong or unwelcome: the letter has failed, tell the operator, blame nobody.
    Ours,
    /// The text went out and no clear answer came: it may have arrived.
    Ambiguous,
}

/// A letter that was not sent, or of which that is not known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reply}")]
pub struct SendError {
    /// Whose trouble it is.
    pub class: Class,
    /// The server's code, if it gave one.
    pub code: Option<u16>,
    /// The server's words, or ours, on one line.
    pub reply: String,
}

impl SendError {
    /// Nobody answered, or not as a mail server does.
    pub(super) fn silent(class: Class, reply: impl Into<String>) -> Self {
        Self { class, code: None, reply: one_line(&reply.into()) }
    }

    /// The server said no.
    pub(super) fn refused(phase: Phase, code: u16, text: &str) -> Self {
        Self { class: class(phase, code, text), code: Some(code), reply: one_line(&format!("{code} {text}")) }
    }

    /// The caller's mark failed, so nothing was sent.
    #[allow(clippy::needless_pass_by_value, reason = "for map_err")]
    pub(super) fn unmarked(error: AtDotError) -> Self {
        Self::silent(Class::Link, error.to_string())
    }

    /// The server may be spoken to again: it answered, and did not hang up.
    pub(super) fn leaves_the_line_open(&self) -> bool {
        self.code.is_some_and(|code| code != 421) && !matches!(self.class, Class::Link | Class::Ambiguous)
    }
}

/// Where in the conversation a reply came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Greeting, EHLO, STARTTLS, AUTH.
    Hello,
    /// `MAIL FROM`.
    Mail,
    /// `RCPT TO`.
    Rcpt,
    /// `DATA`.
    Data,
    /// After the text and its dot.
    Dot,
}

/// Whose trouble a 4xx or 5xx reply is.
fn class(phase: Phase, code: u16, text: &str) -> Class {
    let enhanced = enhanced(text);
    let detail = enhanced.map(|(_, subject, detail)| (subject, detail));
    let about_the_reader = matches!(phase, Phase::Rcpt | Phase::Data | Phase::Dot);
    match code {
        _ if phase == Phase::Hello => Class::Link,
        400..=499 if about_the_reader && is_rate(code, detail, text) => Class::Domain,
        421 | 432 | 454 | 530 | 534 | 535 | 538 => Class::Link,
        _ if about_the_reader && detail == Some((2, 2)) => Class::Full,
        552 if phase == Phase::Rcpt && detail.is_none() => Class::Full,
        400..=499 => Class::Mail,
        550 | 551 | 553 if phase == Phase::Rcpt && is_nobody(detail) => Class::Person,
        500..=599 => Class::Ours,
        _ if phase == Phase::Dot => Class::Ambiguous,
        _ => Class::Link,
    }
}

/// Too much for the receiving domain at once. Codes for it differ, so the words count, too.
fn is_rate(code: u16, detail: Option<(u16, u16)>, text: &str) -> bool {
    let text = text.to_lowercase();
    let said = ["rate", "too many", "throttl", "too much mail"].iter().any(|words| contains_words(&text, words));
    detail == Some((7, 28)) || (matches!(code, 421 | 450 | 451) && said)
}

/// Does `words` begin somewhere at the beginning of a word? ("rate" is in "operated", too.)
fn contains_words(text: &str, words: &str) -> bool {
    text.match_indices(words).any(|(at, _)| !text[..at].ends_with(|c: char| c.is_ascii_alphabetic()))
}

/// No such mailbox, or one that takes no mail; a refusal without further detail means that as well.
fn is_nobody(detail: Option<(u16, u16)>) -> bool {
    matches!(detail, None | Some((0 | 1, _) | (2, 0 | 1)))
}

/// The enhanced status code (RFC 3463) that a reply begins with.
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let mut parts = text.split_whitespace().next()?.splitn(3, '.').map(|part| part.parse::<u16>().ok());
    match (parts.next()??, parts.next()??, parts.next()??) {
        (class @ (2 | 4 | 5), subject, detail) => Some((class, subject, detail)),
        _ => None,
    }
}

/// Replies are kept in the database and shown to operators: one line, not endless.
pub(super) fn one_line(text: &str) -> String {
    crate::mail::clean::line(text, 500)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_is_the_trouble_of_whoever_can_do_something_about_it() {
        for (phase, reply, expected) in [
            (Phase::Hello, "554 5.7.1 go away", Class::Link),
            (Phase::Mail, "421 4.3.2 shutting down", Class::Link),
            (Phase::Mail, "432 4.3.2 concurrent connections limit exceeded", Class::Link),
            (Phase::Mail, "454 4.7.0 TLS not available", Class::Link),
            (Phase::Mail, "530 5.7.0 authentication required", Class::Link),
            (Phase::Mail, "535 5.7.8 bad credentials", Class::Link),
            (Phase::Dot, "421 4.3.2 shutting down", Class::Link),
            (Phase::Mail, "451 4.3.0 try later", Class::Mail),
            (Phase::Mail, "450 4.7.1 too much mail from you", Class::Mail),
            (Phase::Rcpt, "450 4.2.0 greylisted", Class::Mail),
            (Phase::Rcpt, "451 4.3.0 operated by the corporate team", Class::Mail),
            (Phase::Data, "451 4.3.0 try later", Class::Mail),
            (Phase::Dot, "452 4.3.1 no disk", Class::Mail),
            (Phase::Rcpt, "452 4.5.3 too many recipients", Class::Mail),
            (Phase::Rcpt, "450 4.7.28 unusual rate of mail", Class::Domain),
            (Phase::Rcpt, "451 4.7.1 rate limited", Class::Domain),
            (Phase::Dot, "421 4.7.28 unusual rate of mail", Class::Domain),
            (Phase::Rcpt, "421 4.7.0 too many messages", Class::Domain),
            (Phase::Rcpt, "550 5.1.1 no such user", Class::Person),
            (Phase::Rcpt, "550 no such user", Class::Person),
            (Phase::Rcpt, "550 5.2.1 mailbox disabled", Class::Person),
            (Phase::Rcpt, "553 5.1.3 bad address", Class::Person),
            (Phase::Rcpt, "552 5.2.2 mailbox full", Class::Full),
            (Phase::Rcpt, "452 4.2.2 mailbox full", Class::Full),
            (Phase::Dot, "552 5.2.2 mailbox full", Class::Full),
            (Phase::Rcpt, "552 mailbox full", Class::Full),
            (Phase::Rcpt, "550 5.7.1 blocked", Class::Ours),
            (Phase::Rcpt, "550 5.7.26 not authenticated", Class::Ours),
            (Phase::Mail, "550 5.1.8 bad sender", Class::Ours),
            (Phase::Dot, "550 5.1.1 no such user", Class::Ours),
            (Phase::Dot, "552 message too big", Class::Ours),
            (Phase::Data, "554 5.5.1 no valid recipients", Class::Ours),
        ] {
            let (code, text) = reply.split_once(' ').expect("a code and a text");
            assert_eq!(class(phase, code.parse().expect("a code"), text), expected, "{phase:?} {reply}");
        }
    }

    #[test]
    fn a_reply_is_kept_on_one_line() {
        let error = SendError::refused(Phase::Rcpt, 550, "5.1.1 no\r\nsuch\u{7} user");
        let expected = SendError { class: Class::Person, code: Some(550), reply: "550 5.1.1 no such user".to_owned() };
        assert_eq!(error, expected);
    }
}
