//! Which way the rooms lean: `src/` is read, and every path in it is held against the drawing in ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::rust::{Token, tokens};

/// Each room, and the rooms that it may lean on besides itself.
const ROOMS: [(&str, &[&str]); 14] = [
    ("domain", &[]),
    ("ical", &["domain"]),
    ("json", &["domain"]),
    ("sheet", &["domain"]),
    ("mail", &["domain"]),
    ("store", &["domain"]),
    ("keys", &["domain"]),
    ("clock", &[]),
    ("net", &[]),
    ("config", &["domain", "mail"]),
    ("app", &["store", "domain", "ical", "json", "sheet", "mail", "net", "config", "clock", "keys"]),
    ("web", &["app", "store", "domain", "json", "mail", "config", "clock", "keys"]),
    ("cli", &["web", "app", "store", "domain", "ical", "json", "sheet", "mail", "net", "config", "clock", "keys"]),
    ("main", &["cli"]),
];

/// Each outside library that has a room of its own, and where it may be named.
const LIBRARIES: [(&str, &[&str]); 19] = [
    ("rusqlite", &["store/"]),
    ("rusqlite_migration", &["store/"]),
    ("r2d2", &["store/"]),
    ("r2d2_sqlite", &["store/"]),
    ("rocket", &["web/", "config.rs", "cli/mod.rs", "cli/serve.rs"]),
    ("maud", &["web/", "mail/"]),
    ("lettre", &["mail/"]),
    ("mail_parser", &["mail/"]),
    ("icalendar", &["ical/"]),
    ("calcard", &["ical/"]),
    ("rrule", &["domain/"]),
    ("icu_calendar", &["domain/almanac/"]),
    ("ureq", &["net/"]),
    ("csv", &["sheet/", "app/seed.rs"]),
    ("clap", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("getrandom", &["keys.rs"]),
    ("multer", &["web/"]),
    ("qrcode", &["web/"]),
];

#[test]
fn every_arrow_points_the_way_it_is_drawn() {
    let mut breaches = Vec::new();
    let mut files = 0;
    for path in rust_files(&source()) {
        let inside = path.strip_prefix(source()).expect("it is inside").to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{inside}: {error}"));
        breaches.extend(breaches_in(&inside, &text));
        files += 1;
    }
    assert!(files > 50, "only {files} files were read");
    assert_eq!(breaches, Vec::<String>::new(), "see ARCHITECTURE.md, code map");
}

#[test]
fn every_room_in_the_source_is_in_the_drawing() {
    let drawn: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).chain(["lib"]).collect();
    let names = std::fs::read_dir(source()).expect("there is a source").map(|entry| entry.expect("an entry").file_name());
    let built: BTreeSet<String> = names.map(|name| name.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    assert_eq!(built.iter().map(String::as_str).collect::<BTreeSet<_>>(), drawn);
}

#[test]
fn a_planted_breach_is_told_with_its_file_its_line_and_what_would_be_right() {
    let told = |file, text| breaches_in(file, text).join("\n");
    assert_eq!(
        told("domain/span.rs", "use std::fmt;\nuse crate::store::Store;\n"),
        "src/domain/span.rs:2: domain leans on store; it may lean on nothing"
    );
    assert_eq!(
        told("app/propose.rs", "fn f() { let x = crate::web::build; }"),
        "src/app/propose.rs:1: app leans on web; it may lean on store, domain, ical, json, sheet, mail, net, config, clock, keys"
    );
    assert_eq!(
        told("ical/read.rs", "use rusqlite::Connection;"),
        "src/ical/read.rs:1: rusqlite is named outside its room; it belongs in store/"
    );
    let caught = [
        ("mail/mod.rs", "use crate::{\n    domain::{Event, Days},\n    app::App,\n};"),
        ("domain/conflict/teams.rs", "use super::super::super::store::Reader;"),
        ("domain/mod.rs", "mod tests { use super::super::clock::Clock; }"),
        ("store/mod.rs", "use r2d2 as pool; use crate::json::Draft;"),
        ("net/mod.rs", "/* a \"comment */ use crate::domain::Span; // \""),
        ("json/mod.rs", "fn f<'a>(x: &'a str) { let q = '\"'; crate::sheet::read(x) } // \""),
        ("web/pages/map.rs", "const A: &str = r#\"a \" b\"#; pub use crate::ical::read;"),
        ("app/sync.rs", "use ::ureq::get;"),
    ];
    for (file, text) in caught {
        assert_eq!(breaches_in(file, text).len(), 1, "{file}: {text}");
    }
}

#[test]
fn comments_strings_and_neighbours_are_no_breach() {
    let fine = [
        ("domain/mod.rs", "//! see crate::store::Store\n/// and [`crate::app`]\n/* crate::web /* nested */ crate::cli */"),
        ("domain/mod.rs", "const A: &str = \"use rusqlite::Row; \\\" crate::app\"; const B: &[u8] = br##\"crate::net \"# \"##;"),
        ("domain/conflict/teams.rs", "use super::super::Span; use crate::domain::Event;"),
        ("domain/mod.rs", "mod tests { mod deep { use super::super::Span; } }"),
        ("app/digest.rs", "use crate::mail::digest::Item; let csv = Form::Csv; x.rocket(); mail::rocket::f();"),
        ("lib.rs", "pub mod app; pub use crate::app::App;"),
        ("cli/serve.rs", "use rocket::Shutdown; use crate::{web, app::App};"),
    ];
    for (file, text) in fine {
        assert_eq!(breaches_in(file, text), Vec::<String>::new(), "{file}: {text}");
    }
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("it is a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What leans the wrong way in one file of `src/`.
fn breaches_in(file: &str, text: &str) -> Vec<String> {
    let tokens = tokens(text);
    let mut found = Vec::new();
    if let Some((room, allowed)) = ROOMS.iter().find(|(room, _)| room_of(file) == *room) {
        for (line, named) in rooms_named(file, &tokens) {
            if named != *room && ROOMS.iter().any(|(known, _)| *known == named) && !allowed.contains(&named.as_str()) {
                let right = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
                found.push(format!("src/{file}:{line}: {room} leans on {named}; it may lean on {right}"));
            }
        }
    }
    for (line, library) in libraries_named(&tokens) {
        let places = LIBRARIES.iter().find(|(known, _)| *known == library).map_or(&[][..], |(_, places)| places);
        if !places.iter().any(|place| file.starts_with(place)) {
            let right = places.join(", ");
            found.push(format!("src/{file}:{line}: {library} is named outside its room; it belongs in {right}"));
        }
    }
    found
}

fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// The rooms that paths from the top of the crate lead to: `crate::app`, `crate::{app, web::x}`, `super::super::app`.
fn rooms_named(file: &str, tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    // How deep this file's module is below the top, and the braces at which modules within it end.
    let depth = file.trim_end_matches(".rs").trim_end_matches("/mod").split('/').count();
    let (mut braces, mut inner): (usize, Vec<usize>) = (0, Vec::new());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let word = |ahead: usize| tokens.get(at + ahead).map_or("", |token| token.text);
        match token.text {
            "{" => braces += 1,
            "}" => {
                inner.retain(|end| *end < braces);
                braces = braces.saturating_sub(1);
            }
            "mod" if word(2) == "{" => inner.push(braces + 1),
            "crate" if word(1) == "::" => found.extend(heads(tokens, at + 2)),
            "super" => {
                let supers = (0..).step_by(2).take_while(|ahead| word(*ahead) == "super" && word(ahead + 1) == "::").count();
                if supers == depth + inner.len() {
                    found.extend(heads(tokens, at + 2 * supers));
                }
                at += (2 * supers).saturating_sub(1);
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The first words of the path or the group of paths that begins at a token.
fn heads(tokens: &[Token<'_>], from: usize) -> Vec<(usize, String)> {
    let Some(first) = tokens.get(from) else { return Vec::new() };
    if first.text != "{" {
        return vec![(first.line, first.text.to_owned())];
    }
    let (mut found, mut depth, mut begins) = (Vec::new(), 0_usize, true);
    for token in &tokens[from..] {
        match token.text {
            "{" => depth += 1,
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            "," if depth == 1 => begins = true,
            word if depth == 1 && begins => {
                found.push((token.line, word.to_owned()));
                begins = false;
            }
            _ => {}
        }
    }
    found
}

/// Where a library that has a room is named: `rocket::…`, `use rocket`, `extern crate rocket`.
fn libraries_named<'t>(tokens: &[Token<'t>]) -> Vec<(usize, &'t str)> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if !LIBRARIES.iter().any(|(library, _)| *library == token.text) {
            continue;
        }
        let before = |back: usize| at.checked_sub(back).and_then(|at| tokens.get(at)).map_or("", |token| token.text);
        let after = tokens.get(at + 1).map_or("", |token| token.text);
        // `mail::rocket::f` is somebody else's; `::rocket::f` is the library.
        let is_named = |text: &str| text != "use" && text.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>');
        let is_first = before(1) != "::" || !is_named(before(2));
        let is_path = after == "::" || matches!(before(1), "use" | "crate");
        if is_first && is_path && before(1) != "." {
            found.push((token.line, token.text));
        }
    }
    found
}
