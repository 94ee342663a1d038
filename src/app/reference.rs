//! The tables that the rules read: those that ship, or the operator's own in their place.
//!
//! A file in the folder of the `data` setting takes the place of the shipped one of the same name; tables named
//! `observances-….csv` stand beside it. All of it is read before any of it counts: with one mistake nothing is loaded.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::Datelike as _;
use sha2::{Digest as _, Sha256};

use super::record::{nearest, refresh};
use super::{Actor, App, Error, Result};
use crate::domain::{EventId, Observance, Pattern, Role, almanac, conflict};
use crate::keys::hex;
use crate::sheet::observances::{self, Seen};
use crate::sheet::places::Gazetteer;
use crate::sheet::{Fault, patterns, places, roles, stated_version};
use crate::store::{Error as StoreError, EventFilter};

/// The tables that ship, by their files' names.
pub const SHIPPED: [(&str, &str); 5] = [
    ("roles.csv", roles::SHIPPED),
    ("observances-2018-2024.csv", include_str!("../../db/seeds/observances-2018-2024.csv")),
    ("observances.csv", include_str!("../../db/seeds/observances.csv")),
    ("patterns.csv", patterns::SHIPPED),
    ("places.csv", places::SHIPPED),
];

/// What marks the version of an operator's own table.
const OWN: &str = "own-";
/// The largest file that is read.
const LARGEST: u64 = 32 << 20;

/// All tables, read and found good.
#[derive(Debug, Default)]
pub struct Reference {
    roles: Vec<Role>,
    observances: Vec<Observance>,
    patterns: Vec<Pattern>,
    /// The operator's own places.
    pub(super) places: Option<Gazetteer>,
    /// Which files they were read from.
    pub tables: Vec<Table>,
}

/// How many rows a table has, and the first and the last year that they are about.
type Extent = (usize, Option<(i32, i32)>);

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub file: String,
    /// `shipped-` or `own-` with the beginning of its SHA-256, and the version that it states of itself.
    pub version: String,
    /// How many rows it has.
    pub rows: usize,
    /// The years that its rows are about, the first and the last.
    pub years: Option<(i32, i32)>,
}

impl Table {
    /// Is it the operator's own?
    #[must_use]
    pub fn is_own(&self) -> bool {
        self.version.starts_with(OWN)
    }

    /// “2025–2027”; empty where it is about no years.
    #[must_use]
    pub fn span(&self) -> String {
        match self.years {
            Some((first, last)) if first == last => first.to_string(),
            Some((first, last)) => format!("{first}–{last}"),
            None => String::new(),
        }
    }
}

impl Reference {
    /// The shipped tables, with the files of that folder in their place.
    ///
    /// # Errors
    /// Every mistake in every file; then nothing counts.
    pub fn read(folder: Option<&Path>) -> Result<Self, Vec<Fault>> {
        let own = folder.map_or_else(|| Ok(Vec::new()), files)?;
        let shipped = SHIPPED.iter().filter(|(name, _)| !own.iter().any(|(own, _)| own == name));
        let all = shipped.map(|(name, text)| (*name, text.as_bytes(), false));
        let all = all.chain(own.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice(), true)));
        let (mut reference, mut faults, mut seen) = (Self::default(), Vec::new(), Seen::new());
        for (name, bytes, is_own) in all {
            match reference.take(name, bytes, &mut seen) {
                Ok((rows, years)) => {
                    reference.tables.push(Table { file: name.to_owned(), version: version(bytes, is_own), rows, years });
                }
                Err(more) => faults.extend(more),
            }
        }
        if faults.is_empty() {
            faults.extend(reference.lacks());
        }
        if faults.is_empty() { Ok(reference) } else { Err(faults) }
    }

    /// Reads one file; gives how many rows it has and the years that they are about.
    fn take(&mut self, name: &str, bytes: &[u8], seen: &mut Seen) -> Result<Extent, Vec<Fault>> {
        match name {
            "roles.csv" => self.roles = roles::read(name, bytes)?,
            "patterns.csv" => self.patterns = patterns::read(name, bytes)?,
            // Thousands of shipped cities are read where one is looked up first.
            "places.csv" if bytes == places::SHIPPED.as_bytes() => return Ok((places::SHIPPED.lines().count() - 1, None)),
            "places.csv" => {
                let own = places::read(name, bytes)?;
                let rows = own.count();
                self.places = Some(own);
                return Ok((rows, None));
            }
            _ => {
                let days = observances::read(name, bytes, seen)?;
                let years = || days.iter().map(|one| one.days.first.year());
                let (rows, span) = (days.len(), years().min().zip(years().max()));
                self.observances.extend(days);
                return Ok((rows, span));
            }
        }
        Ok((if name == "roles.csv" { self.roles.len() } else { self.patterns.len() }, None))
    }

    /// Shipped roles that an own table has not: rules and calendars name them.
    fn lacks(&self) -> Vec<Fault> {
        let there: BTreeSet<&str> = self.roles.iter().map(|role| role.slug.as_str()).collect();
        let shipped = roles::SHIPPED.lines().skip(1).filter_map(|line| line.split(',').next());
        let missing = shipped.filter(|slug| !there.contains(slug));
        missing
            .map(|slug| Fault {
                column: Some("slug".to_owned()),
                ..Fault::of_file(
                    "roles.csv",
                    format!("the role {slug} is missing; rules name it. Its name and wider role may change"),
                )
            })
            .collect()
    }

    /// The version of all tables of some kind, as findings name it: “observances 2018–2027, shipped-0a1b2c3d”.
    fn version(&self, what: &str, is_of: impl Fn(&str) -> bool) -> String {
        let of: Vec<&Table> = self.tables.iter().filter(|table| is_of(&table.file)).collect();
        let years = of.iter().filter_map(|table| table.years).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let years = years.map_or_else(String::new, |(first, last)| format!(" {first}–{last}"));
        let (own, shipped): (Vec<&Table>, Vec<&Table>) = of.into_iter().partition(|table| table.is_own());
        let mut parts: Vec<String> = own.iter().map(|table| format!("{} {}", table.file, table.version)).collect();
        let texts = || SHIPPED.iter().filter(|(name, _)| shipped.iter().any(|table| table.file == *name));
        if !shipped.is_empty() {
            parts.push(version(texts().map(|(_, text)| *text).collect::<String>().as_bytes(), false));
        }
        format!("{what}{years}, {}", parts.join(", "))
    }

    /// What the database keeps of what is loaded, by the name that it keeps it under.
    fn versions(&self) -> [(&'static str, String); 3] {
        [
            ("roles", self.version("roles", |file| file == "roles.csv")),
            ("observances", self.version("observances", |file| file.starts_with("observances"))),
            ("patterns", self.version("patterns", |file| file == "patterns.csv")),
        ]
    }
}

/// The operator's own tables, by name.
fn files(folder: &Path) -> Result<Vec<(String, Vec<u8>)>, Vec<Fault>> {
    let shown = folder.display().to_string();
    let unreadable = |name: &str, error: std::io::Error| vec![Fault::of_file(name, format!("it cannot be read: {error}"))];
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(&shown, error))? {
        let entry = entry.map_err(|error| unreadable(&shown, error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !Path::new(&name).extension().is_some_and(|end| end.eq_ignore_ascii_case("csv")) {
            continue;
        }
        let known = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
        if !known.contains(&name) && !name.starts_with("observances-") {
            let right = "tables of days may also be called observances-….csv";
            faults.push(Fault::of_file(&name, format!("there is no such table; {}; {right}", nearest(&name, &known))));
            continue;
        }
        match small(&entry.path()) {
            Ok(bytes) => found.push((name, bytes)),
            Err(error) => faults.extend(unreadable(&name, error)),
        }
    }
    found.sort();
    faults.sort_by(|a, b| a.file.cmp(&b.file));
    if faults.is_empty() { Ok(found) } else { Err(faults) }
}

fn small(path: &Path) -> std::io::Result<Vec<u8>> {
    if std::fs::metadata(path)?.len() > LARGEST {
        return Err(std::io::Error::other(format!("it is larger than {} MiB", LARGEST >> 20)));
    }
    std::fs::read(path)
}

fn version(bytes: &[u8], is_own: bool) -> String {
    let digest = hex(Sha256::digest(bytes).get(..4).unwrap_or_default());
    match stated_version(bytes).filter(|_| is_own) {
        Some(stated) => format!("{OWN}{digest} (“{stated}”)"),
        None if is_own => format!("{OWN}{digest}"),
        None => format!("shipped-{digest}"),
    }
}

/// When the tables in the database are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// The service starts: what the settings say counts.
    Serving,
    /// A command looks in: without a folder in its settings it leaves an operator's own tables as they are.
    Visiting,
}

/// Puts the tables into the database, where it has others, and computes the findings anew that they, another
/// version of the program or another policy of the network speak for.
///
/// The network's policy counts when the service starts: a command may be run without its settings.
///
/// # Errors
/// When the store fails.
pub fn put_in_place(app: &App, reference: &Reference, occasion: Occasion) -> Result<()> {
    let versions = reference.versions();
    let rules = rules(app, occasion)?;
    let (known, judged) = app.store.read::<_, Error>(|reader| {
        let kept = |name: &str| Ok::<_, Error>(reader.meta(name)?.unwrap_or_default());
        let known = versions.iter().map(|(name, _)| kept(name)).collect::<Result<Vec<String>>>()?;
        Ok((known, rules.iter().map(|(name, _)| kept(name)).collect::<Result<Vec<String>>>()?))
    })?;
    let are_own = app.settings.data.is_none() && known.iter().any(|version| version.contains(OWN));
    let are_kept = versions.iter().map(|(_, version)| version).eq(&known) || (are_own && occasion == Occasion::Visiting);
    if are_kept && rules.iter().map(|(_, version)| version).eq(&judged) {
        return Ok(());
    }
    app.store.write::<_, Error>(|writer| {
        if !are_kept {
            let [(roles, roles_version), (_, observances_version), (_, patterns_version)] = versions;
            reference.roles.iter().try_for_each(|role| writer.put_role(role))?;
            writer.set_meta(roles, &roles_version)?;
            writer.replace_patterns(&reference.patterns, &patterns_version)?;
            writer.replace_observances(&reference.observances, &observances_version)?;
        }
        rules.iter().try_for_each(|(name, version)| writer.set_meta(name, version))?;
        // What was found by the tables and rules before is found anew by these.
        let all = writer.entries(&EventFilter::default())?;
        let all: Vec<EventId> = all.iter().map(|entry| entry.event.id).collect();
        refresh(app, writer, &Actor::Operator, &all)
    })
}

/// What findings hang on beside tables and events, by name and version: the program with what it calculates, and
/// the network's policy.
fn rules(app: &App, occasion: Occasion) -> Result<Vec<(&'static str, String)>> {
    let mut rules = vec![("program", format!("{}, {}, {}", env!("CARGO_PKG_VERSION"), conflict::VERSION, almanac::VERSION))];
    if occasion == Occasion::Serving {
        let policy = serde_json::to_string(&app.settings.policy);
        let policy = policy.map_err(|error| StoreError::Unreadable { what: "policy", value: error.to_string() })?;
        rules.push(("network_policy", hex(Sha256::digest(policy.as_bytes()).get(..8).unwrap_or_default())));
    }
    Ok(rules)
}

/// The versions of the tables that the database has: roles, observances and patterns.
///
/// # Errors
/// When the store fails.
pub fn kept(app: &App) -> Result<Vec<String>> {
    app.store.read::<_, Error>(|reader| {
        let names = ["roles", "observances", "patterns"];
        names.iter().map(|name| Ok(reader.meta(name)?.unwrap_or_default())).collect()
    })
}

/// Mistakes in words, one a line.
pub(super) fn words(faults: &[Fault]) -> String {
    faults.iter().fold(String::new(), |text, fault| format!("{text}\n  {fault}"))
}
