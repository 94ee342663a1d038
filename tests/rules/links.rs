//! What the papers say can be followed: links lead to files, commands are understood.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut broken = Vec::new();
    let mut links = 0;
    for paper in papers(&root()) {
        let text = std::fs::read_to_string(&paper).expect("it is text");
        for (line, target) in targets(&text) {
            links += 1;
            let name = paper.strip_prefix(root()).expect("it is inside").display().to_string();
            match follow(&paper, &target) {
                Ok(()) => {}
                Err(why) => broken.push(format!("{name}:{line}: {target}: {why}")),
            }
        }
    }
    assert!(links > 5, "only {links} links were found");
    assert_eq!(broken, Vec::<String>::new());
}

#[test]
fn every_command_that_the_papers_show_is_understood() {
    let mut refused = Vec::new();
    let mut shown = Vec::new();
    for paper in papers(&root()) {
        let text = std::fs::read_to_string(&paper).expect("it is text");
        shown.extend(commands(&text));
    }
    assert!(shown.len() > 10, "only {} commands were found", shown.len());
    for command in shown {
        if let Err(why) = understood(&command) {
            refused.push(format!("{command}\n{why}"));
        }
    }
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn a_link_to_nowhere_and_a_command_that_is_none_are_told() {
    let text = "See [it](README.md), [gone](no/such.md) and [a part](README.md#no-such-part), [out](https://example.org/x).";
    let broken: Vec<_> = targets(text).into_iter().filter(|(_, target)| follow(&root().join("X.md"), target).is_err()).collect();
    assert_eq!(broken, [(1, "no/such.md".to_owned()), (1, "README.md#no-such-part".to_owned())]);
    assert_eq!(commands("run `convene frobnicate --now`, or\n```sh\nconvene check --at-leest high   # comment\n```\n").len(), 2);
    assert!(understood("frobnicate").is_err());
    assert!(understood("check --at-leest high").is_err());
    assert!(understood("check --at-least high").is_ok());
}

/// Every page of text in the repository.
fn papers(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        if path.is_dir() && !["target", "node_modules", ".git"].contains(&name.as_str()) {
            found.extend(papers(&path));
        } else if is_paper(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn is_paper(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "md")
}

/// Where the links of a page lead that lead nowhere else than here, with their lines.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in without_blocks(text) {
        for part in line.split("](").skip(1) {
            let target = part.split([')', ' ']).next().unwrap_or_default();
            if !target.contains("://") && !target.starts_with("mailto:") {
                found.push((number, target.to_owned()));
            }
        }
    }
    found
}

fn without_blocks(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut inside = false;
    (1..).zip(text.lines()).filter(move |(_, line)| {
        let fence = line.trim_start().starts_with("```");
        inside ^= fence;
        !inside && !fence
    })
}

fn follow(paper: &Path, target: &str) -> Result<(), String> {
    let (path, part) = target.split_once('#').unwrap_or((target, ""));
    let file = if path.is_empty() { paper.to_owned() } else { paper.parent().unwrap_or(paper).join(path) };
    if !file.exists() {
        return Err("there is no such file".to_owned());
    }
    if part.is_empty() || !is_paper(&file) {
        return Ok(());
    }
    let text = std::fs::read_to_string(&file).map_err(|error| error.to_string())?;
    let headings = without_blocks(&text).filter(|(_, line)| line.starts_with('#')).map(|(_, line)| anchor(line));
    if headings.into_iter().any(|heading| heading == part) { Ok(()) } else { Err("there is no such heading".to_owned()) }
}

/// A heading as links name it.
fn anchor(heading: &str) -> String {
    let words = heading.trim_start_matches('#').trim().to_lowercase();
    words
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// The arguments of every `convene …` and `cargo run … -- …` that a page shows.
fn commands(text: &str) -> Vec<String> {
    let spans = without_blocks(text).flat_map(|(_, line)| line.split('`').skip(1).step_by(2).collect::<Vec<_>>());
    let blocks = text.lines().map(|line| line.split(" #").next().unwrap_or_default());
    let found = spans.chain(blocks).filter_map(|shown| {
        let shown = shown.trim();
        let ours = shown.strip_prefix("convene ");
        ours.or_else(|| shown.strip_prefix("cargo run ").and_then(|rest| rest.split_once("-- ")).map(|(_, ours)| ours))
    });
    // `convene COMMAND --help` stands for many; a line of prose that begins with the name is no command.
    let is_command = |shown: &&str| shown.split(' ').next().is_some_and(|word| !word.is_empty() && is_plain(word));
    let mut found: Vec<String> = found.filter(is_command).map(|shown| shown.trim().to_owned()).collect();
    found.retain(|command| !command.contains("is one crate"));
    found.sort();
    found.dedup();
    found
}

fn is_plain(word: &str) -> bool {
    word.starts_with("--") || word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// Does the program understand these arguments? Nothing is served, and nothing outside an empty folder is touched.
fn understood(command: &str) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a folder");
    let mut arguments = words(command);
    if arguments.first().is_some_and(|first| first == "serve") {
        arguments.push("--help".to_owned());
    }
    let mut run = Command::new(env!("CARGO_BIN_EXE_convene"));
    let done = run.args(&arguments).current_dir(folder.path()).stdin(std::process::Stdio::null()).output().expect("it runs");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    if said.starts_with("error:") { Err(said) } else { Ok(()) }
}

/// The words of a command line, with double quotes around those that have blanks in them.
fn words(command: &str) -> Vec<String> {
    let (mut found, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => found.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            c => word.push(c),
        }
    }
    found.extend(Some(word).filter(|word| !word.is_empty()));
    found
}
