//! Text that came from people, made safe to stand in a header, a name or one line of a letter.
//!
//! Names and titles come from forms and from other people's calendars. A line break in one would
//! start a new header or forge a line of the letter, and characters that nobody can see would let
//! a name pretend to be another.

/// The longest subject, in characters.
const SUBJECT: usize = 200;
/// The longest word of a subject: a header can only be folded between words.
const WORD: usize = 60;
/// The longest name: longer ones are refused or filtered by some receivers.
const NAME: usize = 75;

/// One line: blanks joined, nothing invisible, at most `longest` characters.
///
/// ```
/// use convene::mail::clean;
/// assert_eq!(clean::line("City\r\n  Summit\u{202e}", 40), "City Summit");
/// assert_eq!(clean::line("one two three", 8), "one two…");
/// ```
#[must_use]
pub fn line(text: &str, longest: usize) -> String {
    let seen: String =
        text.chars().filter(|c| !is_invisible(*c)).map(|c| if c.is_control() || c.is_whitespace() { ' ' } else { c }).collect();
    shortened(&seen.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "), longest)
}

/// A subject: one line whose words are short enough to fold, and never empty.
#[must_use]
pub fn subject(text: &str) -> String {
    let words: Vec<String> = line(text, SUBJECT).split(' ').map(|word| shortened(word, WORD)).collect();
    Some(words.join(" ")).filter(|subject| !subject.is_empty()).unwrap_or_else(|| "(no subject)".to_owned())
}

/// A person's or service's name as it may stand before an address; `None` where nothing is left.
///
/// Without the characters by which a name could pass for an address or a list of them.
#[must_use]
pub fn name(text: &str) -> Option<String> {
    let plain: String = text.chars().map(|c| if "@:,;\"\\<>()[]".contains(c) { ' ' } else { c }).collect();
    Some(line(&plain, NAME)).filter(|name| !name.is_empty())
}

/// The body of a part: lines end in `\n`, other control characters are left out.
#[must_use]
pub fn body(text: &str) -> String {
    text.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// An address of a page that may be linked: `http` or `https`, without anything to escape from.
#[must_use]
pub fn link(url: &str) -> Option<&str> {
    let web = url.starts_with("https://") || url.starts_with("http://");
    let plain = url.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'\\`".contains(&b));
    (web && plain && url.len() <= 500).then_some(url)
}

/// Cut to `longest` characters, the last of them an ellipsis where something was cut.
fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// Characters that change how others look and are not seen: zero width, direction, tags.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_pass_for_an_address() {
        assert_eq!(name("Doe, Jane <jane@example.org>"), Some("Doe Jane jane example.org".to_owned()));
        assert_eq!(name("Jane\r\nBcc: other@example.org\0"), Some("Jane Bcc other example.org".to_owned()));
        assert_eq!(name(" \u{200b}\u{202e}\" "), None);
    }

    #[test]
    fn a_subject_is_short_and_can_be_folded() {
        let long = subject(&"w".repeat(1200));
        assert_eq!(long, format!("{}…", "w".repeat(59)));
        assert_eq!(subject(&"word ".repeat(100)).chars().count(), 200);
    }

    #[test]
    fn only_pages_are_linked() {
        assert_eq!(link("https://example.org/events/7?a=b&c"), Some("https://example.org/events/7?a=b&c"));
        for bad in ["javascript:alert(1)", "https://example.org/ x", "https://example.org/\"onclick", "mailto:a@example.org", ""]
        {
            assert_eq!(link(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_body_keeps_its_lines_and_nothing_that_cannot_be_read() {
        assert_eq!(body("one\r\ntwo\u{7}\0\n\tthree\r"), "one\ntwo\n\tthree");
    }
}
