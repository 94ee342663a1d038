//! `convene undated`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::Value;

use super::{Misuse, Outcome, Place, print};
use crate::app::select::Selection;
use crate::app::undated::{self, Said};
use crate::app::{Actor, App, Error};
use crate::clock::Clock;
use crate::domain::undated::Undated;
use crate::sheet;

#[derive(Debug, Subcommand)]
pub(super) enum UndatedCommand {
    /// Keep what a partner has announced for a month or a year, without dates yet
    Add(Add),
    /// Keep those of a table: partner,title,year,month,city,state,source,notes
    Import {
        /// The file
        file: PathBuf,
    },
    /// List what is announced without dates
    List(List),
    /// Take one back
    Withdraw {
        /// Its number
        number: i64,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// What it is called
    title: String,
    /// Who calls it
    #[arg(long, value_name = "SLUG")]
    partner: String,
    /// The month or the year: 2026-11 or 2026
    #[arg(long, value_name = "MONTH", default_value = "")]
    when: String,
    /// The place: "Raleigh, NC"
    #[arg(long, default_value = "")]
    place: String,
    /// Whom it is for: a,b
    #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
    roles: Vec<String>,
    /// Where it was announced
    #[arg(long, default_value = "")]
    url: String,
    /// More about it
    #[arg(long, default_value = "")]
    note: String,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Of these partners: x,y
    #[arg(long, value_name = "SLUGS")]
    partners: Option<String>,
    /// For these roles: a,b
    #[arg(long, value_name = "SLUGS")]
    roles: Option<String>,
    /// Somewhere whose name has this in it
    #[arg(long)]
    place: Option<String>,
    /// Print an array
    #[arg(long)]
    json: bool,
}

impl UndatedCommand {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        match self {
            Self::Add(Add { title, partner, when, place, roles, url, note }) => {
                let said = Said { partner, title, when, place, roles, url, note };
                print(&format!("{}\n", undated::add(&app, &Actor::Operator, &said)?))?;
            }
            Self::Import { file } => {
                let bytes = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
                let told =
                    |faults: Vec<sheet::Fault>| Misuse(faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
                let all = sheet::undated::read(&file.display().to_string(), &bytes).map_err(told)?;
                let count = undated::add_all(&app, &Actor::Operator, &all)?;
                print(&format!("{count} kept\n"))?;
            }
            Self::List(list) => print(&list.told(&app)?)?,
            Self::Withdraw { number } => undated::withdraw(&app, &Actor::Operator, number)?,
        }
        Ok(Outcome::Fine)
    }
}

impl List {
    fn told(&self, app: &App) -> anyhow::Result<String> {
        let asked = [("partners", &self.partners), ("roles", &self.roles), ("place", &self.place)];
        let pairs = asked.iter().filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        let selection = app.store.read::<_, Error>(|reader| Selection::read(reader, pairs, &[]))?;
        let found = undated::list(app, &selection, None)?;
        if self.json {
            let all: Vec<Value> = found.iter().map(|(id, one)| as_json(*id, one)).collect();
            return Ok(serde_json::to_string_pretty(&all)? + "\n");
        }
        let line = |(id, one): &(i64, Undated)| {
            format!("{id}. {}: {} ({}), {}\n", one.partner, one.title, one.when.in_words(), one.place())
        };
        Ok(found.iter().map(line).collect())
    }
}

fn as_json(id: i64, one: &Undated) -> Value {
    crate::json::undated(id, one)
}
