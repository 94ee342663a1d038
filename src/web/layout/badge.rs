//! Small marks that say a thing by word and shape, never by colour alone.

use maud::{Markup, PreEscaped, html};

use crate::domain::{EventStatus, Mode};

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Needs an override with a reason.
    Block,
    /// Likely to hurt.
    High,
    /// Worth a talk.
    Medium,
    /// Small.
    Low,
    /// For information.
    Note,
    /// Something good to use.
    Opportunity,
}

impl Level {
    /// All of them, gravest first.
    pub const ALL: [Self; 6] = [Self::Block, Self::High, Self::Medium, Self::Low, Self::Note, Self::Opportunity];

    /// The word shown.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Block => "Block",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::Note => "Note",
            Self::Opportunity => "Opportunity",
        }
    }

    /// What the word means, for the legend.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Block => "Cannot be confirmed until someone writes down why it goes on all the same.",
            Self::High => "Many people are touched, or some cannot come at all.",
            Self::Medium => "Some people are touched. Talk to the other side first.",
            Self::Low => "A small cost. Good to know when there is a choice.",
            Self::Note => "For information.",
            Self::Opportunity => "A good finding: people could meet on one trip.",
        }
    }

    /// The class that carries its tint.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Block => "is-block",
            Self::High => "is-high",
            Self::Medium => "is-medium",
            Self::Low => "is-low",
            Self::Note => "is-note",
            Self::Opportunity => "is-good",
        }
    }

    /// Its shape: octagon, triangle, diamond, disc, square, plus.
    #[must_use]
    pub fn icon(self) -> Markup {
        icon(match self {
            Self::Block => "M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2zM4 7v2h8V7z",
            Self::High => "M8 1.2 15.6 14.6H.4zM7.1 6v4.2h1.8V6zm0 5.4v1.8h1.8v-1.8z",
            Self::Medium => "M8 .6 15.4 8 8 15.4.6 8zM7.1 4.4v4.4h1.8V4.4zm0 5.6v1.8h1.8V10z",
            Self::Low => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm-3 5.6v1.8h6V7.1z",
            Self::Note => "M2 2h12v12H2zm5.1 2v1.8h1.8V4zm0 3.2V12h1.8V7.2z",
            Self::Opportunity => "M6 1.5h4V6h4.5v4H10v4.5H6V10H1.5V6H6z",
        })
    }

    /// Shape and word on the tint.
    #[must_use]
    pub fn badge(self) -> Markup {
        html! { span class={ "level " (self.class()) } { (self.icon()) (self.word()) } }
    }
}

/// A partner's name on its own tint.
#[derive(Debug, Clone)]
pub struct PartnerChip {
    /// The short name people know: “NLC”.
    pub name: String,
    /// One of the twelve tints, from [`tint`].
    pub tint: u8,
    /// Where its convenings are listed.
    pub href: Option<String>,
}

impl PartnerChip {
    /// The chip of a partner, tinted by its slug.
    #[must_use]
    pub fn new(slug: &str, name: &str) -> Self {
        Self { name: name.to_owned(), tint: tint(slug), href: Some(format!("/?partners={slug}")) }
    }

    /// Shown: a link where there is somewhere to go.
    #[must_use]
    pub fn show(&self) -> Markup {
        let class = format!("chip tint-{}", self.tint % TINTS);
        if let Some(href) = &self.href {
            html! { a class=(class) href=(href) { (self.name) } }
        } else {
            html! { span class=(class) { (self.name) } }
        }
    }
}

/// How many tints the stylesheet has.
pub const TINTS: u8 = 12;

/// The tint of a slug: the same on every page and after every restart.
///
/// ```
/// use convene::web::layout::badge::tint;
/// assert_eq!(tint("nlc"), tint("nlc"));
/// ```
#[must_use]
pub fn tint(slug: &str) -> u8 {
    // FNV-1a: small, and spreads short slugs well.
    let hash = slug.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u8::try_from((hash >> 8) % u32::from(TINTS)).unwrap_or_default()
}

/// A status as a word with its own shape.
#[must_use]
pub fn status(status: EventStatus) -> Markup {
    let (class, shape, word) = match status {
        EventStatus::Idea => {
            ("open", "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zm0 2a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z", "Idea")
        }
        EventStatus::Hold => ("open", "M4 2.5h3v11H4zm5 0h3v11H9z", "Hold"),
        EventStatus::Proposed => ("open", "M2 2.5h12v8H8.5L5 14v-3.5H2zm2 2v4h8v-4z", "Proposed"),
        EventStatus::Announced => ("soon", "M2 3h12v11H2zm2 4v5h8V7zM4 1h2v3H4zm6 0h2v3h-2z", "Announced"),
        EventStatus::Confirmed => ("sure", "m6.3 13.6-5-5 1.9-1.9 3.1 3.1 6.5-6.5 1.9 1.9z", "Confirmed"),
        EventStatus::Held => ("", "m6.3 13.6-5-5 1.9-1.9 3.1 3.1 6.5-6.5 1.9 1.9z", "Held"),
        EventStatus::Postponed => {
            ("late", "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM7 4v5l3.6 2.1.9-1.6L8.9 8V4z", "Postponed")
        }
        EventStatus::Cancelled => ("off", "m4 2.2 4 4 4-4L13.8 4l-4 4 4 4-1.8 1.8-4-4-4 4L2.2 12l4-4-4-4z", "Cancelled"),
    };
    html! { span class={ "state " (class) } { (icon(shape)) (word) } }
}

/// A mode as a word with its own shape.
#[must_use]
pub fn mode(mode: Mode) -> Markup {
    let shape = match mode {
        Mode::InPerson => {
            "M8 1a5 5 0 0 1 5 5c0 3.6-5 9-5 9S3 9.6 3 6a5 5 0 0 1 5-5zm0 3.2a1.9 1.9 0 1 0 0 3.8 1.9 1.9 0 0 0 0-3.8z"
        }
        Mode::Virtual => "M1 2.5h14v9H9.5V13H12v1.5H4V13h2.5v-1.5H1zm2 2v5h10v-5z",
        Mode::Hybrid => "M5 1.5a4 4 0 0 1 4 4C9 8.4 5 13 5 13S1 8.4 1 5.5a4 4 0 0 1 4-4zM9 8h6v4.5h-2V14h-2v-1.5H7.5z",
    };
    html! { span.mode { (icon(shape)) " " (capital(mode.words())) } }
}

/// A shape of 16 by 16, for the eye only: the word stands beside it.
#[must_use]
pub fn icon(path: &'static str) -> Markup {
    PreEscaped(format!(
        r#"<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false"><path fill-rule="evenodd" d="{path}"/></svg>"#
    ))
}

/// The same words with a capital first letter.
#[must_use]
pub fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_partners_at_hand_spread_over_most_tints() {
        let slugs = [
            "nlc",
            "icma",
            "gare",
            "race-forward",
            "policylink",
            "living-cities",
            "uscm",
            "naco",
            "nfbpa",
            "bloomberg",
            "mayors-innovation",
        ];
        let tints: std::collections::BTreeSet<u8> = slugs.iter().map(|slug| tint(slug)).collect();
        assert!(tints.len() >= 7, "{tints:?}");
        assert!(tints.iter().all(|tint| *tint < TINTS));
    }

    #[test]
    fn each_level_has_its_own_word_and_its_own_shape() {
        let words: std::collections::BTreeSet<_> = Level::ALL.map(Level::word).into();
        let shapes: std::collections::BTreeSet<_> = Level::ALL.map(|level| level.icon().into_string()).into();
        assert_eq!((words.len(), shapes.len()), (6, 6));
    }
}
