//! Bytes to logical lines (RFC 5545 section 3.1), whatever program wrote them.
//!
//! Folds are undone on bytes and only then decoded, since some programs fold inside a character.
//! Lines end in CRLF, LF or CR, also mixed. Text is UTF-16 with a byte order mark, UTF-8, or else,
//! line by line, Windows-1252.

use std::borrow::Cow;

/// One logical line: unfolded and decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Where it begins in the file, counted from 1.
    pub number: usize,
    /// Its text, without a line end.
    pub text: Cow<'a, str>,
    /// It is not UTF-8 and was read as Windows-1252.
    pub guessed: bool,
}

/// The bytes of a file as UTF-8 or some single-byte text, without a byte order mark.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => Cow::Borrowed(rest),
        [0xFF, 0xFE, rest @ ..] => Cow::Owned(from_utf16(rest, u16::from_le_bytes)),
        [0xFE, 0xFF, rest @ ..] => Cow::Owned(from_utf16(rest, u16::from_be_bytes)),
        _ => Cow::Borrowed(bytes),
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>().into_bytes()
}

/// The logical lines of a file.
pub(super) struct Lines<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Lines<'a> {
    /// All of them, in order; empty lines are passed over.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, number: 0 }
    }

    /// The next line as it stands in the file.
    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let Some(end) = self.rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            return Some(std::mem::take(&mut self.rest));
        };
        let line = &self.rest[..end];
        let width = if self.rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        self.rest = &self.rest[end + width..];
        Some(line)
    }

    /// What the current line goes on with: the fold's text without its first blank.
    fn continuation(&mut self) -> Option<&'a [u8]> {
        let before = (self.rest, self.number);
        // Old Mozilla leaves an empty line between a name and its folded value.
        let mut next = self.physical();
        while next.is_some_and(<[u8]>::is_empty) {
            next = self.physical();
        }
        if let Some([b' ' | b'\t', rest @ ..]) = next {
            return Some(rest);
        }
        (self.rest, self.number) = before;
        None
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let mut first = self.physical()?;
        while first.is_empty() {
            first = self.physical()?;
        }
        let number = self.number;
        let mut bytes = Cow::Borrowed(first);
        loop {
            if let Some(more) = self.continuation() {
                bytes.to_mut().extend_from_slice(more);
            } else if ends_softly(&bytes)
                && let Some(more) = self.physical()
            {
                let joined = bytes.to_mut();
                joined.pop();
                joined.extend_from_slice(more);
            } else {
                break;
            }
        }
        let (text, guessed) = decode(bytes);
        Some(Line { number, text, guessed })
    }
}

/// Does a quoted-printable value of vCalendar 1.0 go on in the next line?
fn ends_softly(line: &[u8]) -> bool {
    // The parameters stand at the beginning; looking no further keeps long lines cheap.
    let head = &line[..line.len().min(200)];
    let head = &head[..head.iter().position(|byte| *byte == b':').unwrap_or(head.len())];
    line.ends_with(b"=") && head.windows(16).any(|word| word.eq_ignore_ascii_case(b"QUOTED-PRINTABLE"))
}

fn decode(bytes: Cow<'_, [u8]>) -> (Cow<'_, str>, bool) {
    match bytes {
        Cow::Borrowed(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => (Cow::Borrowed(text), false),
            Err(_) => (Cow::Owned(from_windows_1252(bytes)), true),
        },
        Cow::Owned(bytes) => match String::from_utf8(bytes) {
            Ok(text) => (Cow::Owned(text), false),
            Err(error) => (Cow::Owned(from_windows_1252(error.as_bytes())), true),
        },
    }
}

fn from_windows_1252(bytes: &[u8]) -> String {
    /// 0x80 to 0x9F; what the code page leaves free stays as it is.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    bytes
        .iter()
        .map(|byte| if (0x80..0xA0).contains(byte) { HIGH[usize::from(byte - 0x80)] } else { char::from(*byte) })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Vec<(usize, String)> {
        Lines::new(&plain(bytes)).map(|line| (line.number, line.text.into_owned())).collect()
    }
    fn line(number: usize, text: &str) -> (usize, String) {
        (number, text.to_owned())
    }

    #[test]
    fn lines_end_in_any_way_and_keep_their_numbers() {
        assert_eq!(
            read(b"A:1\r\nB:2\nC:3\rD:4\n\n\nE:5"),
            [line(1, "A:1"), line(2, "B:2"), line(3, "C:3"), line(4, "D:4"), line(7, "E:5")]
        );
    }

    #[test]
    fn a_fold_inside_a_character_does_not_break_it() {
        assert_eq!(read(b"SUMMARY:caf\xC3\r\n \xA9\r\n\t bar\r\nB:"), [line(1, "SUMMARY:café bar"), line(4, "B:")]);
    }

    #[test]
    fn a_folded_value_may_follow_an_empty_line() {
        assert_eq!(read(b"UID\n\n :956\nX:1"), [line(1, "UID:956"), line(4, "X:1")]);
    }

    #[test]
    fn byte_order_marks_and_old_code_pages_are_understood() {
        assert_eq!(read(b"\xEF\xBB\xBFA:1"), [line(1, "A:1")]);
        assert_eq!(read(b"\xFF\xFEA\0:\0\xE9\0\n\0B\0"), [line(1, "A:é"), line(2, "B")]);
        assert_eq!(read(b"\xFE\xFF\0A\0:\0\xE9"), [line(1, "A:é")]);
        assert_eq!(read(b"A:\x93caf\xE9\x94\nB:\xC3\xA9"), [line(1, "A:“café”"), line(2, "B:é")]);
    }

    #[test]
    fn a_quoted_printable_value_goes_on_after_a_soft_break() {
        assert_eq!(
            read(b"SUMMARY;ENCODING=QUOTED-PRINTABLE:one=\r\ntwo=\r\n three\r\nB:="),
            [line(1, "SUMMARY;ENCODING=QUOTED-PRINTABLE:onetwo=three"), line(4, "B:=")]
        );
    }
}
