//! Measures the colours of the stylesheet, as WCAG 2.1 defines contrast.

use std::collections::BTreeMap;

const CSS: &str = include_str!("../static/app.css");

/// Text needs 4.5:1 (WCAG 1.4.3).
const TEXT: f64 = 4.5;
/// Edges of controls and marks that carry meaning need 3:1 (WCAG 1.4.11).
const MARK: f64 = 3.0;

#[test]
fn text_and_marks_stand_out_in_light_and_dark() {
    let light = colours(section(CSS, ":root {"));
    let mut dark = light.clone();
    dark.extend(colours(section(CSS, "@media (prefers-color-scheme: dark) {\n  :root {")));
    assert_ne!(light["paper"], dark["paper"], "there are two schemes to measure");

    let faint: Vec<String> = [("light", light), ("dark", dark)]
        .iter()
        .flat_map(|(scheme, colours)| {
            pairs().into_iter().filter_map(move |(front, back, needed)| {
                let got = contrast(colours[&front], colours[&back]);
                (got < needed).then(|| format!("{scheme}: {front} on {back} is {got:.2}, needs {needed}"))
            })
        })
        .collect();
    assert_eq!(faint, Vec::<String>::new());
}

#[test]
fn the_measure_agrees_with_the_standard() {
    assert!((contrast([0, 0, 0], [255, 255, 255]) - 21.0).abs() < 0.01);
    assert!((contrast([0x77, 0x77, 0x77], [255, 255, 255]) - 4.48).abs() < 0.01);
}

#[test]
fn colours_are_named_once_and_used_by_name() {
    let rules = CSS.split("/* ── Ground ── */").nth(1).expect("rules follow the colours");
    let screen = rules.split("/* ── Print").next().expect("print comes last");
    let stray: Vec<&str> = screen.lines().filter(|line| line.contains(": #") || line.contains(" #")).collect();
    assert_eq!(stray, Vec::<&str>::new());
}

/// Which colour is ever laid on which, and how far apart the two must be.
fn pairs() -> Vec<(String, String, f64)> {
    let mut pairs = Vec::new();
    let mut pair = |front: &str, back: &str, needed| pairs.push((front.to_owned(), back.to_owned(), needed));
    for ground in ["paper", "surface", "sunken"] {
        for text in ["ink", "soft", "accent", "accent-deep", "block-ink", "good-ink", "low-ink", "medium-ink"] {
            pair(text, ground, TEXT);
        }
        for mark in ["edge", "focus", "accent"] {
            pair(mark, ground, MARK);
        }
    }
    pair("focus", "paper", TEXT);
    pair("on-accent", "accent", TEXT);
    pair("on-accent", "accent-deep", TEXT);
    pair("accent-deep", "accent-soft", TEXT);
    pair("medium-bar", "paper", MARK);
    for level in ["block", "high", "medium", "low", "note", "good"] {
        pair(&format!("{level}-ink"), level, TEXT);
        pair(&format!("{level}-bar"), level, MARK);
        pair(&format!("{level}-bar"), "surface", MARK);
        pair(&format!("{level}-bar"), "paper", MARK);
    }
    for tint in 0..12 {
        pair(&format!("tint-{tint}-ink"), &format!("tint-{tint}"), TEXT);
        pair(&format!("tint-{tint}-ink"), "surface", TEXT);
        pair(&format!("tint-{tint}-bar"), "surface", MARK);
        pair(&format!("tint-{tint}-bar"), "paper", MARK);
    }
    pairs
}

/// What stands between `opening` and the next closing brace.
fn section<'a>(css: &'a str, opening: &str) -> &'a str {
    let from = css.find(opening).expect(opening) + opening.len();
    let to = css[from..].find('}').expect("a closing brace");
    &css[from..from + to]
}

fn colours(section: &str) -> BTreeMap<String, [u8; 3]> {
    section.split(';').filter_map(|declaration| declaration.trim().strip_prefix("--")?.split_once(": #")).map(colour).collect()
}

fn colour((name, hex): (&str, &str)) -> (String, [u8; 3]) {
    let channel = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).expect("six hexadecimal digits");
    (name.to_owned(), [channel(0), channel(2), channel(4)])
}

/// The contrast ratio of WCAG 2.1: 1 for equal, 21 for black on white.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|channel| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}
