//! The last step of writing: lines of at most 75 octets (RFC 5545 section 3.1).

/// Octets in a line, without its CRLF.
const WIDTH: usize = 75;

/// Undoes the folds of a text that ends its lines in CRLF (or in LF, unfolded), and folds anew.
///
/// A fold stands neither inside a character nor behind a backslash: some programs lose what a
/// backslash and the next line say together.
pub(super) fn finish(text: &str, out: &mut Vec<u8>) {
    let plain = text.replace("\r\n ", "");
    plain.lines().filter(|line| !line.is_empty()).for_each(|line| fold(line, out));
}

fn fold(line: &str, out: &mut Vec<u8>) {
    let mut rest = line;
    let mut width = WIDTH;
    while rest.len() > width {
        let (head, tail) = rest.split_at(cut(rest, width));
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(b"\r\n ");
        rest = tail;
        // The blank that begins the next line counts too.
        width = WIDTH - 1;
    }
    out.extend_from_slice(rest.as_bytes());
    out.extend_from_slice(b"\r\n");
}

/// Where to cut a line that is longer than `width`.
fn cut(line: &str, width: usize) -> usize {
    let at = line.floor_char_boundary(width);
    let backslashes = line.as_bytes()[..at].iter().rev().take_while(|byte| **byte == b'\\').count();
    // A long row of backslashes is cut between two pairs of them.
    if backslashes + 20 < at { at - backslashes } else { at - backslashes % 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(line: &str) -> Vec<String> {
        let mut out = Vec::new();
        fold(line, &mut out);
        String::from_utf8(out).expect("UTF-8").split_terminator("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn w1_no_line_is_longer_than_75_octets_at_any_length() {
        for length in 1..400 {
            let line = "x".repeat(length);
            let lines = folded(&line);
            assert!(lines.iter().all(|line| line.len() <= 75), "{length}");
            assert_eq!(lines.join("\r\n").replace("\r\n ", ""), line);
        }
    }

    #[test]
    fn w2_no_fold_stands_behind_a_backslash() {
        for start in 0..100 {
            let line = format!("{}{}", "x".repeat(start), "\\n\\,é".repeat(40));
            let lines = folded(&line);
            assert!(lines.iter().all(|line| line.len() <= 75 && !line.ends_with('\\')), "{lines:?}");
            assert_eq!(lines.join("\r\n").replace("\r\n ", ""), line);
        }
    }

    #[test]
    fn a_long_row_of_backslashes_is_cut_between_pairs() {
        let lines = folded(&format!("DESCRIPTION:{}", "\\\\".repeat(100)));
        assert!(
            lines.iter().all(|line| line.len() <= 75 && line.bytes().filter(|byte| *byte == b'\\').count() % 2 == 0),
            "{lines:?}"
        );
    }
}
