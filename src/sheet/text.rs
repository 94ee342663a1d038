//! The bytes of a table as text, whatever program saved it.

/// The text of a table: UTF-16 and UTF-8 with or without a byte order mark, else Windows-1252.
pub(super) fn decoded(bytes: &[u8]) -> String {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => from_utf8(rest),
        [0xFF, 0xFE, rest @ ..] => from_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => from_utf16(rest, u16::from_be_bytes),
        // Plain letters in UTF-16 have a zero beside each.
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => from_utf16(bytes, u16::from_le_bytes),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => from_utf16(bytes, u16::from_be_bytes),
        _ => from_utf8(bytes),
    }
}

fn from_utf8(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| from_windows_1252(*byte)).collect(),
    }
}

fn from_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|read| read.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The 32 places where Windows-1252 and Latin-1 differ; the unused five stay as they are.
fn from_windows_1252(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“',
        '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => HIGH[usize::from(byte - 0x80)],
        other => char::from(other),
    }
}

/// How a table is cut into cells: by an Excel hint (`sep=;`), else by the mark that its first line has most of.
///
/// Gives the mark, and how many bytes the hint takes.
pub(super) fn delimiter(text: &str) -> (u8, usize) {
    let first = text.split(['\n', '\r']).find(|line| !line.trim().is_empty()).unwrap_or_default();
    if let Some(hint) = first.trim().strip_prefix("sep=").filter(|hint| hint.len() == 1 && text.starts_with(first)) {
        return (hint.as_bytes()[0], first.len());
    }
    // A mark inside quotes is part of a name.
    let outside: String = first.split('"').step_by(2).collect();
    let count = |mark: &u8| outside.bytes().filter(|byte| byte == mark).count();
    let most = [b'|', b'\t', b';', b','].into_iter().max_by_key(count).filter(|mark| count(mark) > 0);
    (most.unwrap_or(b','), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_save_is_read_in_each_of_their_encodings() {
        let text = "title;start\nCafé – “Süd”;10/6/2027\n";
        let wide = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
        let with_mark = |mark: &[u8], rest: Vec<u8>| [mark, &rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            with_mark(&[0xEF, 0xBB, 0xBF], text.as_bytes().to_vec()),
            with_mark(&[0xFF, 0xFE], wide(u16::to_le_bytes)),
            with_mark(&[0xFE, 0xFF], wide(u16::to_be_bytes)),
            wide(u16::to_le_bytes),
            wide(u16::to_be_bytes),
            b"title;start\nCaf\xe9 \x96 \x93S\xfcd\x94;10/6/2027\n".to_vec(),
        ] {
            assert_eq!(decoded(&bytes), text, "{:?}", &bytes[..4]);
        }
        assert_eq!(decoded(b""), "");
        assert_eq!(decoded(&[0xFF, 0xFE, 0x00]), "");
    }

    #[test]
    fn the_mark_between_cells_is_found_and_not_inside_a_quoted_name() {
        let cases: [(&str, (u8, usize)); 7] = [
            ("title,start\n", (b',', 0)),
            ("\r\ntitle;start;end\n", (b';', 0)),
            ("title\tstart\n", (b'\t', 0)),
            ("title|start\n", (b'|', 0)),
            ("\"title, or name, or so\";start\n", (b';', 0)),
            ("sep=;\r\ntitle;start\r\n", (b';', 5)),
            ("title\n", (b',', 0)),
        ];
        for (text, expected) in cases {
            assert_eq!(delimiter(text), expected, "{text}");
        }
    }
}
