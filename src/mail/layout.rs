//! One document, two readings: the text and the HTML of a letter are made from the same blocks.
//!
//! The HTML is calm and plain: one column of at most 600 pixels, type of 16 pixels and more, styles
//! written on the elements because many mail programs drop the rest, and a second set of colours
//! for readers who prefer the dark. Nothing is said by colour alone.

use std::fmt::Write as _;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::clean;

/// Colours on light ground: ink, paper, accent, warning, quiet.
const LIGHT: Colours =
    Colours { ink: "#1c2430", paper: "#fbfaf7", accent: "#0f5c63", on_accent: "#ffffff", warning: "#9a4a00", quiet: "#4f5866" };
/// Colours on dark ground.
const DARK: Colours =
    Colours { ink: "#e9e6df", paper: "#161b22", accent: "#7fc8ce", on_accent: "#10151b", warning: "#f0ab6b", quiet: "#aab2bd" };

/// How wide the text reading is, in characters. Addresses of pages are never broken.
const COLUMNS: usize = 76;
/// The longest line of content, in characters.
const LONGEST: usize = 600;

struct Colours {
    ink: &'static str,
    paper: &'static str,
    accent: &'static str,
    on_accent: &'static str,
    warning: &'static str,
    quiet: &'static str,
}

/// The wording of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The subject.
    pub subject: String,
    /// The whole content as text.
    pub text: String,
    /// The same content as HTML.
    pub html: String,
}

/// What a letter says, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The heading on top.
    pub title: String,
    /// The content.
    pub blocks: Vec<Block>,
    /// Below the line: why the reader has this, and how to end it.
    pub footer: Vec<Block>,
}

/// One piece of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A heading of the second order.
    Heading(String),
    /// A paragraph.
    Para(String),
    /// Named facts.
    Facts(Vec<Fact>),
    /// One convening among others.
    Entry(Entry),
    /// What to do next.
    Button(Link),
    /// A way elsewhere.
    Link(Link),
}

/// A named fact: `When: 17–19 November 2022`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// What is so.
    pub value: String,
    /// It is so no longer: struck out, and its name says so.
    pub past: bool,
}

impl Fact {
    /// What is so.
    #[must_use]
    pub fn is(name: &str, value: &str) -> Self {
        Self { name: name.to_owned(), value: value.to_owned(), past: false }
    }

    /// What was so.
    #[must_use]
    pub fn was(name: &str, value: &str) -> Self {
        Self { past: true, ..Self::is(name, value) }
    }
}

/// A link with words of its own. One that is no `http` or `https` address is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What is there.
    pub label: String,
    /// Where it is.
    pub url: String,
}

impl Link {
    /// A link with words of its own.
    #[must_use]
    pub fn new(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self { label: label.into(), url: url.into() }
    }
}

/// One convening among others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened to it, in a word, if anything did.
    pub label: Option<String>,
    /// Its title.
    pub title: String,
    /// Its page.
    pub url: String,
    /// What is so about it. Facts without a value are left out.
    pub facts: Vec<Fact>,
    /// What to beware of.
    pub warnings: Vec<String>,
    /// What can be done with it.
    pub links: Vec<Link>,
}

impl Document {
    /// Both readings, under this subject.
    #[must_use]
    pub fn written(&self, subject: &str) -> Written {
        Written { subject: clean::subject(subject), text: self.text(), html: self.html() }
    }

    /// The text reading: complete, every link included, lines ending in `\n`.
    #[must_use]
    pub fn text(&self) -> String {
        let title = line(&self.title);
        let mut text = underlined(&title, '=');
        for block in &self.blocks {
            text.push('\n');
            block.write_text(&mut text);
        }
        let _infallible = write!(text, "\n{}\n", "-".repeat(40));
        for block in &self.footer {
            block.write_text(&mut text);
        }
        text
    }

    /// The HTML reading: a whole page.
    #[must_use]
    pub fn html(&self) -> String {
        let title = line(&self.title);
        let page = format!(
            "margin:0;padding:0;background:{};color:{};font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif",
            LIGHT.paper, LIGHT.ink
        );
        html! {
            (DOCTYPE)
            html lang="en" dir="ltr" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    style { (PreEscaped(dark_style())) }
                }
                body.page style=(page) {
                    main style="max-width:600px;margin:0 auto;padding:24px 16px" {
                        h1 style="margin:0 0 16px;font-size:24px;line-height:1.25" { (title) }
                        @for block in &self.blocks { (block.markup()) }
                        hr style="margin:32px 0 16px;border:0;border-top:1px solid currentColor;opacity:.3";
                        div.quiet style=(format!("color:{}", LIGHT.quiet)) {
                            @for block in &self.footer { (block.markup()) }
                        }
                    }
                }
            }
        }
        .into_string()
    }
}

/// Colours on the elements win over a plain rule: the dark ones have to insist.
fn dark_style() -> String {
    let Colours { ink, paper, accent, on_accent, warning, quiet } = DARK;
    format!(
        ":root{{color-scheme:light dark}}@media (prefers-color-scheme:dark){{.page{{background:{paper}!important;\
         color:{ink}!important}}.link{{color:{accent}!important}}.button{{background:{accent}!important;\
         color:{on_accent}!important}}.warning{{color:{warning}!important}}.quiet{{color:{quiet}!important}}}}"
    )
}

impl Block {
    fn write_text(&self, text: &mut String) {
        match self {
            Self::Heading(heading) => text.push_str(&underlined(&line(heading), '-')),
            Self::Para(para) => text.push_str(&wrapped(&line(para), "")),
            Self::Facts(facts) => write_facts(facts, "", text),
            Self::Entry(entry) => entry.write_text(text),
            Self::Button(link) | Self::Link(link) => write_link(link, "", text),
        }
    }

    fn markup(&self) -> Markup {
        match self {
            Self::Heading(heading) => html! {
                h2 style="margin:32px 0 12px;font-size:20px;line-height:1.3" { (line(heading)) }
            },
            Self::Para(para) => html! { p style="margin:0 0 12px" { (line(para)) } },
            Self::Facts(facts) => facts_markup(facts),
            Self::Entry(entry) => entry.markup(),
            Self::Button(link) => button_markup(link),
            Self::Link(link) => link_markup(link),
        }
    }
}

impl Entry {
    fn heading(&self) -> String {
        match &self.label {
            Some(label) => format!("{}: {}", line(label), self.named()),
            None => self.named(),
        }
    }

    /// The title; a link needs words even where a calendar gave none.
    fn named(&self) -> String {
        Some(line(&self.title)).filter(|title| !title.is_empty()).unwrap_or_else(|| "Untitled".to_owned())
    }

    fn write_text(&self, text: &mut String) {
        let heading = wrapped(&self.heading(), "  ");
        text.push('*');
        text.push_str(heading.get(1..).unwrap_or(&heading));
        if let Some(url) = clean::link(&self.url) {
            let _infallible = writeln!(text, "  {url}");
        }
        write_facts(&self.facts, "  ", text);
        for warning in &self.warnings {
            text.push_str(&wrapped(&format!("Warning: {}", line(warning)), "  "));
        }
        for link in &self.links {
            write_link(link, "  ", text);
        }
    }

    fn markup(&self) -> Markup {
        let warning = format!("margin:4px 0;padding-left:10px;border-left:3px solid;color:{}", LIGHT.warning);
        html! {
            div style="margin:0 0 24px" {
                h3 style="margin:0 0 4px;font-size:18px;line-height:1.35" {
                    @match clean::link(&self.url) {
                        Some(url) => a.link href=(url) style=(link_style()) { (self.heading()) },
                        None => (self.heading()),
                    }
                }
                (facts_markup(&self.facts))
                @for words in &self.warnings { p.warning style=(warning) { b { "Warning:" } " " (line(words)) } }
                @for link in &self.links { (link_markup(link)) }
            }
        }
    }
}

fn write_facts(facts: &[Fact], indent: &str, text: &mut String) {
    for (name, value, _) in known(facts) {
        text.push_str(&wrapped(&format!("{name}: {value}"), indent));
    }
}

fn facts_markup(facts: &[Fact]) -> Markup {
    html! {
        @for (name, value, past) in known(facts) {
            p style="margin:0 0 4px" { b { (name) ":" } " " @if past { s { (value) } } @else { (value) } }
        }
    }
}

/// The facts that have a value, cleaned: name, value, whether it is past.
fn known(facts: &[Fact]) -> impl Iterator<Item = (String, String, bool)> {
    facts.iter().map(|fact| (line(&fact.name), line(&fact.value), fact.past)).filter(|(_, value, _)| !value.is_empty())
}

fn write_link(link: &Link, indent: &str, text: &mut String) {
    if let Some(url) = clean::link(&link.url) {
        text.push_str(&wrapped(&format!("{}:", line(&link.label)), indent));
        let _infallible = writeln!(text, "{indent}{url}");
    }
}

fn link_markup(link: &Link) -> Markup {
    html! {
        @if let Some(url) = clean::link(&link.url) {
            p style="margin:0 0 4px" { a.link href=(url) style=(link_style()) { (line(&link.label)) } }
        }
    }
}

fn button_markup(link: &Link) -> Markup {
    let style = format!(
        "display:inline-block;padding:12px 20px;border-radius:6px;background:{};color:{};font-weight:600;text-decoration:none",
        LIGHT.accent, LIGHT.on_accent
    );
    html! {
        @if let Some(url) = clean::link(&link.url) {
            p style="margin:20px 0" { a.button href=(url) style=(style) { (line(&link.label)) } }
        }
    }
}

fn link_style() -> String {
    format!("color:{}", LIGHT.accent)
}

fn line(text: &str) -> String {
    clean::line(text, LONGEST)
}

fn underlined(heading: &str, sign: char) -> String {
    let lines = wrapped(heading, "");
    let width = lines.lines().map(|line| line.chars().count()).max().unwrap_or(0);
    format!("{lines}{}\n", sign.to_string().repeat(width))
}

/// Words set in lines of at most [`COLUMNS`] characters, each beginning with `indent`; long words stay whole.
fn wrapped(words: &str, indent: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for word in words.split(' ') {
        let length = word.chars().count();
        if width > 0 && width + 1 + length > COLUMNS {
            text.push('\n');
            width = 0;
        }
        let before = if width == 0 { indent } else { " " };
        let _infallible = write!(text, "{before}{word}");
        width += before.chars().count() + length;
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Contrast of two colours as WCAG 2.2 defines it: 1 to 21.
    fn contrast(a: &str, b: &str) -> f64 {
        let luminance = |colour: &str| {
            let part = |at: usize| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).expect("hexadecimal")) / 255.0;
                if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_colour_can_be_read_in_light_and_in_dark() {
        for Colours { ink, paper, accent, on_accent, warning, quiet } in [LIGHT, DARK] {
            for (text, ground) in [(ink, paper), (accent, paper), (warning, paper), (quiet, paper), (on_accent, accent)] {
                assert!(contrast(text, ground) >= 4.5, "{text} on {ground}: {:.2}", contrast(text, ground));
            }
        }
    }

    #[test]
    fn a_line_break_in_a_title_cannot_forge_a_line() {
        let document = Document {
            title: "Notice".to_owned(),
            blocks: vec![Block::Para("Summit\n\nUnsubscribe:\nhttps://elsewhere.example".to_owned())],
            footer: vec![],
        };
        assert_eq!(
            document.text(),
            format!("Notice\n======\n\nSummit Unsubscribe: https://elsewhere.example\n\n{}\n", "-".repeat(40))
        );
    }

    #[test]
    fn markup_in_a_title_is_shown_as_it_was_typed() {
        let document = Document { title: "<img src=x> & co".to_owned(), blocks: vec![], footer: vec![] };
        assert!(document.html().contains("<title>&lt;img src=x&gt; &amp; co</title>"), "{}", document.html());
    }

    #[test]
    fn what_is_no_page_is_linked_in_neither_reading() {
        let link = Link::new("Join", "javascript:alert(1)");
        let document =
            Document { title: "A".to_owned(), blocks: vec![Block::Button(link.clone())], footer: vec![Block::Link(link)] };
        assert!(!document.html().contains("Join") && !document.text().contains("Join"));
    }

    #[test]
    fn lines_are_narrow_and_addresses_stay_whole() {
        let url = format!("https://example.org/{}", "a".repeat(90));
        let text = wrapped(&format!("{} {url} {}", "word ".repeat(20).trim(), "more ".repeat(20).trim()), "  ");
        assert!(text.lines().all(|line| line.starts_with("  ") && (line.chars().count() <= COLUMNS || line.trim() == url)));
        assert_eq!(text.split_whitespace().count(), 41);
    }
}
