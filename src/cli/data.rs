//! `convene data`

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Misuse, Outcome, Place};
use crate::app::App;
use crate::app::reference::{self, Occasion, Reference, SHIPPED, Table};
use crate::clock::Clock;
use crate::sheet::Fault;

#[derive(Debug, Subcommand)]
pub(super) enum Data {
    /// Read the tables of a folder, say what is wrong with them, and change nothing
    Check(Check),
    /// List the tables that are in use, with their versions
    List(List),
    /// Write the tables that ship into a folder, to be changed there
    Write(Write),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// The folder [default: the `data` of the settings]
    folder: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Write {
    /// The folder; files that are there already stay as they are
    folder: PathBuf,
}

impl Data {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        match self {
            Self::Check(command) => command.run(place),
            Self::List(command) => command.run(place),
            Self::Write(command) => command.run(),
        }
    }
}

impl Check {
    fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let folder = match self.folder {
            Some(folder) => Some(folder),
            None => place.settings()?.1.data,
        };
        let Some(folder) = folder else {
            return Err(Misuse("there is no folder of your own tables: name one, or set `data`".to_owned()).into());
        };
        let (tables, faults) = match Reference::read(Some(&folder)) {
            Ok(reference) => (reference.tables, Vec::new()),
            Err(faults) => (Vec::new(), faults),
        };
        if self.json {
            let told = json!({"tables": tables.iter().map(table_json).collect::<Vec<_>>(),
                              "faults": faults.iter().map(fault_json).collect::<Vec<_>>()});
            super::print(&format!("{told:#}\n"))?;
        } else {
            let lines = tables.iter().map(in_words).chain(faults.iter().map(|fault| format!("{fault}\n")));
            super::print(&lines.collect::<String>())?;
        }
        anyhow::ensure!(faults.is_empty(), "the tables in {} cannot be used", folder.display());
        Ok(Outcome::Fine)
    }
}

impl List {
    fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let kept = reference::kept(&app)?;
        let text = if self.json {
            let told = json!({"versions": kept, "tables": app.tables.iter().map(table_json).collect::<Vec<_>>()});
            format!("{told:#}\n")
        } else {
            let files: String = app.tables.iter().map(in_words).collect();
            format!("{files}\nIn the database:\n{}", kept.iter().map(|one| format!("  {one}\n")).collect::<String>())
        };
        super::print(&text)?;
        Ok(Outcome::Fine)
    }
}

impl Write {
    fn run(self) -> anyhow::Result<Outcome> {
        std::fs::create_dir_all(&self.folder).with_context(|| format!("making the folder {}", self.folder.display()))?;
        for (name, text) in SHIPPED {
            let path = self.folder.join(name);
            if path.exists() {
                eprintln!("{} is there already, and stays as it is", path.display());
                continue;
            }
            std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
            super::print(&format!("{}\n", path.display()))?;
        }
        Ok(Outcome::Fine)
    }
}

/// Puts the tables that the settings name into the database, whatever it had before.
pub(super) fn put_in_place(app: &App) -> anyhow::Result<()> {
    let folder = app.settings.data.as_deref();
    let read = Reference::read(folder).map_err(|faults| {
        let told: String = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        anyhow::anyhow!("the tables in {} cannot be used:{told}", folder.unwrap_or(Path::new("the program")).display())
    })?;
    Ok(reference::put_in_place(app, &read, Occasion::Serving)?)
}

fn in_words(table: &Table) -> String {
    let years = if table.years.is_some() { format!(", {}", table.span()) } else { String::new() };
    format!("{}  {}  {} rows{years}\n", table.file, table.version, table.rows)
}

fn table_json(table: &Table) -> serde_json::Value {
    json!({"file": table.file, "version": table.version, "own": table.is_own(), "rows": table.rows,
           "first_year": table.years.map(|years| years.0), "last_year": table.years.map(|years| years.1)})
}

fn fault_json(fault: &Fault) -> serde_json::Value {
    json!({"file": fault.file, "line": fault.line, "column": fault.column, "message": fault.words})
}
