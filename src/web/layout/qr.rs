//! A QR code as a drawing, so that a phone can take an address from a screen.

use maud::{Markup, html};
use qrcode::{Color, QrCode};

/// The quiet margin that readers need, in modules (ISO/IEC 18004 section 6.3.8).
const MARGIN: usize = 4;

/// The code of a text with a title for those who do not see it; nothing where the text is too long for one.
#[must_use]
pub fn code(text: &str, title: &str) -> Markup {
    let Ok(code) = QrCode::new(text.as_bytes()) else { return html! {} };
    let side = code.width() + 2 * MARGIN;
    html! {
        svg.qr role="img" aria-label=(title) viewBox={ "0 0 " (side) " " (side) } shape-rendering="crispEdges" focusable="false" {
            rect width=(side) height=(side) fill="#fff" {}
            path fill="#000" d=(dark(&code)) {}
        }
    }
}

/// The dark modules, each row's runs as one stroke of the path.
fn dark(code: &QrCode) -> String {
    let (width, colors) = (code.width(), code.to_colors());
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN));
            }
            x += run.max(1);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_module_is_drawn_once_and_no_other() {
        let text = "https://convene.example.org/feeds/roles/mayor.ics";
        let known = QrCode::new(text.as_bytes()).unwrap();
        let mut drawn = std::collections::BTreeSet::new();
        for part in dark(&known).split('M').filter(|part| !part.is_empty()) {
            let numbers: Vec<usize> = part.split(['h', ' ', 'v']).filter_map(|number| number.parse().ok()).collect();
            let [x, y, run, ..] = numbers[..] else { panic!("{part}") };
            for step in 0..run {
                assert!(drawn.insert((x + step - MARGIN, y - MARGIN)), "{part} is drawn twice");
            }
        }
        let colors = known.to_colors();
        let dark = (0..colors.len()).filter(|at| colors[*at] == Color::Dark);
        assert_eq!(drawn, dark.map(|at| (at % known.width(), at / known.width())).collect());
    }

    #[test]
    fn a_text_that_is_too_long_has_no_code_and_does_no_harm() {
        assert_eq!(code(&"x".repeat(5000), "Too long").into_string(), "");
        assert!(code("https://example.org", "\"><script>").into_string().contains("aria-label=\"&quot;&gt;&lt;script&gt;\""));
    }
}
