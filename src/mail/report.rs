//! Reads delivery reports (RFC 3464): which of our letters came back, and what that says.

use mail_parser::{MessageParser, MimeHeaders as _};

/// A message that came to the address for failure reports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The addresses that it was sent to: one of them names the letter.
    pub to: Vec<String>,
    /// Each recipient for whom delivery failed for good. None where it is no report, or only says “delayed”.
    pub failures: Vec<Failure>,
}

/// One recipient that was not reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The enhanced status code (RFC 3463), such as `5.1.1`.
    pub status: String,
    /// The receiving server's words, on one line.
    pub words: String,
}

/// What a failure says about the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// Nobody is there.
    Nobody,
    /// Not now.
    NotNow,
    /// It is about us: blocked, not authenticated, looks like spam.
    AboutUs,
}

impl Report {
    /// Reads a message; one that is no delivery report has no failures.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Some(message) = MessageParser::default().parse(bytes) else { return Self::default() };
        let named = ["to", "delivered-to", "x-original-to"];
        let headers = message.headers_raw().filter(|(name, _)| named.contains(&name.to_lowercase().as_str()));
        let words = headers.flat_map(|(_, value)| value.split([' ', '<', '>', ',', '\r', '\n', '\t', ';']));
        let to = words.filter(|word| word.contains('@')).map(str::to_owned).collect();
        let is_status = |part: &&mail_parser::MessagePart<'_>| {
            part.content_type().is_some_and(|kind| kind.ctype() == "message" && kind.subtype() == Some("delivery-status"))
        };
        let failures =
            message.parts.iter().filter(is_status).flat_map(|part| failures(&String::from_utf8_lossy(part.contents())));
        Self { to, failures: failures.collect() }
    }
}

impl Failure {
    /// What it says about the address.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        let mut parts = self.status.split('.').map(|part| part.parse::<u16>().unwrap_or(0));
        match (parts.next(), parts.next(), parts.next()) {
            // A bad sender's address is ours, too.
            (Some(5), Some(7), _) | (Some(5), Some(1), Some(7 | 8)) => Meaning::AboutUs,
            (Some(5), Some(1), _) | (Some(5), Some(2), Some(1)) => Meaning::Nobody,
            _ => Meaning::NotNow,
        }
    }
}

/// The recipients of a `message/delivery-status` part that failed.
fn failures(text: &str) -> Vec<Failure> {
    // A line that begins with a blank goes on the one before.
    let unfolded = text.replace("\r\n", "\n").replace("\n ", " ").replace("\n\t", " ");
    unfolded.split("\n\n").filter_map(failure).collect()
}

fn failure(group: &str) -> Option<Failure> {
    let field = |name: &str| {
        let line = group.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim().eq_ignore_ascii_case(name)))?;
        line.split_once(':').map(|(_, value)| value.trim())
    };
    if !field("Action")?.eq_ignore_ascii_case("failed") {
        return None;
    }
    let words = super::clean::line(field("Diagnostic-Code").unwrap_or_default(), 500);
    let status = field("Status").unwrap_or_default().split_whitespace().next().unwrap_or_default();
    // “5.0.0” says nothing: the words may say more.
    let said = words.split_whitespace().find(|word| is_status(word)).filter(|_| !is_status(status) || status.ends_with(".0.0"));
    Some(Failure { status: said.unwrap_or(status).to_owned(), words })
}

fn is_status(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    parts.len() == 3
        && matches!(parts.first(), Some(&("4" | "5")))
        && parts.iter().all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A report as Postfix writes it, about one recipient.
    fn report(action: &str, status: &str, words: &str) -> Vec<u8> {
        format!(
            "From: MAILER-DAEMON@relay.example.org\r\nTo: bounce+17.0a1b2c3d@bounces.example.org\r\nSubject: Undelivered Mail\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
             --b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n\r\n\
             --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example.org\r\n\r\n\
             Final-Recipient: rfc822; ada@city.example.org\r\nAction: {action}\r\nStatus: {status}\r\n\
             Diagnostic-Code: smtp; {words}\r\n\r\n--b--\r\n"
        )
        .into_bytes()
    }

    #[test]
    fn a_report_tells_whose_letter_failed_and_why() {
        let read = Report::read(&report("failed", "5.1.1", "550 5.1.1 no such\r\n    user"));
        let failure = Failure { status: "5.1.1".into(), words: "smtp; 550 5.1.1 no such user".into() };
        assert_eq!(read, Report { to: vec!["bounce+17.0a1b2c3d@bounces.example.org".into()], failures: vec![failure] });
    }

    #[test]
    fn a_delay_and_a_letter_that_is_no_report_are_no_failures() {
        assert_eq!(Report::read(&report("delayed", "4.4.1", "timed out")).failures, []);
        assert_eq!(Report::read(&report("relayed", "2.0.0", "ok")).failures, []);
        assert_eq!(Report::read(b"To: bounce@bounces.example.org\r\nSubject: I am away\r\n\r\nAction: failed\r\n").failures, []);
        assert_eq!(Report::read(b"\xff\xfe\0").failures, []);
    }

    #[test]
    fn each_status_means_what_can_be_done_about_it() {
        for (status, words, expected) in [
            ("5.1.1", "550 no such user", Meaning::Nobody),
            ("5.1.2", "no such domain", Meaning::Nobody),
            ("5.2.1", "disabled", Meaning::Nobody),
            ("5.0.0", "550 5.1.1 unknown user", Meaning::Nobody),
            ("5.2.2", "552 5.2.2 full", Meaning::NotNow),
            ("4.2.2", "452 4.2.2 full, gave up", Meaning::NotNow),
            ("4.4.1", "timed out", Meaning::NotNow),
            ("5.4.4", "no route", Meaning::NotNow),
            ("", "gone", Meaning::NotNow),
            ("5.7.1", "554 5.7.1 looks like spam", Meaning::AboutUs),
            ("5.7.26", "not authenticated", Meaning::AboutUs),
            ("5.0.0", "550 5.7.515 not authenticated", Meaning::AboutUs),
            ("5.1.8", "sender's domain is not found", Meaning::AboutUs),
        ] {
            let read = Report::read(&report("failed", status, words));
            assert_eq!(read.failures.iter().map(Failure::meaning).collect::<Vec<_>>(), [expected], "{status} {words}");
        }
    }
}
