//! `convene sources`

use std::time::Duration;

use anyhow::Context as _;
use chrono_tz::Tz;
use clap::Subcommand;

use super::{Misuse, Outcome, Place, print};
use crate::app::doubts::{self, Asked, asked_json};
use crate::app::sources::{length, reading_json, source_json};
use crate::app::sync::{self, NewSource};
use crate::app::{Actor, App, Error};
use crate::clock::Clock;
use crate::domain::{Mode, PartnerSlug, RoleSlug, wording};
use crate::store::{DoubtAnswer, Reading, ReadingOutcome};

#[derive(Debug, Subcommand)]
pub(super) enum Sources {
    /// Add a partner's calendar to those that are read again and again; prints its number
    Add {
        /// An https (or webcal) address; a file is taken in once
        address: String,
        /// Whose calendar it is
        #[arg(long, value_name = "SLUG")]
        partner: PartnerSlug,
        /// What people call it [default: its host]
        #[arg(long)]
        name: Option<String>,
        /// The zone of times that name none [default: the settings' `time_zone`]
        #[arg(long, value_name = "ZONE")]
        zone: Option<Tz>,
        /// Whom its events are for where they do not say: a,b
        #[arg(long, value_name = "SLUGS", value_delimiter = ',')]
        roles: Vec<RoleSlug>,
        /// How people take part where an event does not say: `in_person`, `virtual`, `hybrid`
        #[arg(long, value_name = "MODE")]
        mode: Option<Mode>,
        /// How often it is read: 15m, 1h, 1d
        #[arg(long, value_name = "TIME", default_value = "1h", value_parser = length)]
        every: Duration,
    },
    /// List the calendars that are read, and how they stand
    List {
        /// Print an array
        #[arg(long)]
        json: bool,
    },
    /// Read the calendars now
    Sync {
        /// Only this one, by its number
        #[arg(long, value_name = "ID", conflicts_with = "due")]
        source: Option<i64>,
        /// Only those that are due, as `serve` does
        #[arg(long)]
        due: bool,
        /// Print an array
        #[arg(long)]
        json: bool,
    },
    /// List the doubtful rows that wait for a yes or no
    Doubts {
        /// Only those of this calendar, by its number
        #[arg(long, value_name = "ID")]
        source: Option<i64>,
        /// Print an array
        #[arg(long)]
        json: bool,
    },
    /// Take doubtful rows in, or leave them out
    Answer {
        /// Its number, as `doubts` lists it; several as 12,13,14: all of them or none
        #[arg(value_name = "ROW", value_delimiter = ',', required = true, num_args = 1)]
        rows: Vec<i64>,
        /// yes takes it in; no leaves it out for as long as its calendar says the same
        #[arg(value_name = "yes|no", value_parser = yes_or_no)]
        answer: DoubtAnswer,
        /// The mark of a single row as `doubts --json` shows it; refused where it is another one since
        #[arg(long)]
        mark: Option<String>,
    },
}

impl Sources {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        match self {
            Self::Add { address, partner, name, zone, roles, mode, every } => {
                let new = NewSource { partner, address: Some(address), name, zone, roles, mode, every };
                add(&app, new)
            }
            Self::List { json } => list(&app, json),
            Self::Sync { source, due, json } => sync_now(&app, source, due, json),
            Self::Doubts { source, json } => waiting(&app, source, json),
            Self::Answer { rows, answer, mark } => say(&app, &rows, answer, mark),
        }
    }
}

fn add(app: &App, mut new: NewSource) -> anyhow::Result<Outcome> {
    let given = new.address.take().unwrap_or_default();
    if given.contains("://") {
        new.address = Some(given);
        let id = sync::add(app, &Actor::Operator, &new)?;
        print(&format!("{id}\n"))?;
        eprintln!("it is read by serve within seconds, or now with: convene sources sync --source {id}");
        return Ok(Outcome::Fine);
    }
    let bytes = std::fs::read(&given)
        .map_err(|error| Misuse(format!("{given} is no address (https://…), and as a file it cannot be read: {error}")))?;
    let file = std::path::Path::new(&given).file_name().map(|name| name.to_string_lossy().into_owned());
    new.name = new.name.or(file);
    let id = sync::add(app, &Actor::Operator, &new)?;
    let reading = sync::upload(app, &Actor::Operator, id, &bytes).with_context(|| format!("reading {given}"))?;
    print(&format!("{id}\n"))?;
    eprintln!("{}", told(&reading));
    anyhow::ensure!(reading.outcome != ReadingOutcome::Failed, "nothing was taken in");
    Ok(Outcome::Fine)
}

fn list(app: &App, json: bool) -> anyhow::Result<Outcome> {
    let all = app.store.read::<_, Error>(|reader| {
        reader
            .sources()?
            .into_iter()
            .map(|source| Ok((reader.last_reading(source.id)?, reader.count_doubts(source.id)?, source)))
            .collect::<Result<Vec<_>, Error>>()
    })?;
    if json {
        let rows: Vec<_> = all.iter().map(|(last, held, source)| source_json(source, last.as_ref(), &[], *held)).collect();
        print(&(serde_json::to_string_pretty(&rows)? + "\n"))?;
        return Ok(Outcome::Fine);
    }
    let zone = app.settings.time_zone;
    let mut text = String::new();
    for (last, held, source) in &all {
        let place = source.address.as_ref().map_or_else(|| "uploaded".to_owned(), |_| sync::named(source));
        let state = match (&source.failing_since, last) {
            _ if source.paused_at.is_some() => "paused".to_owned(),
            (Some(since), _) => format!("cannot be read since {}", wording::moment(*since, zone)),
            (None, Some(last)) => format!("read {}: {}", wording::moment(last.at, zone), told(last)),
            (None, None) => "not read yet".to_owned(),
        };
        // What the last reading held it says itself; older rows may wait, too.
        let waits = match held {
            _ if last.as_ref().is_some_and(|last| last.held == *held) => "",
            0 => "",
            1 => "; one row waits for a yes or no",
            _ => "; rows wait for a yes or no",
        };
        text.push_str(&format!("{:>4} {:<20} {} ({place}): {state}{waits}\n", source.id, source.partner.as_str(), source.name));
    }
    print(&text)?;
    Ok(Outcome::Fine)
}

fn sync_now(app: &App, source: Option<i64>, due: bool, json: bool) -> anyhow::Result<Outcome> {
    let readings = match source {
        Some(id) => vec![sync::one(app, id)?],
        None if due => sync::due(app)?,
        None => {
            let all = app.store.read::<_, Error>(|reader| Ok(reader.sources()?))?;
            let read = all.iter().filter(|source| source.address.is_some());
            read.map(|source| sync::one(app, source.id)).collect::<Result<_, _>>()?
        }
    };
    if json {
        let rows: Vec<_> = readings.iter().map(reading_json).collect();
        print(&(serde_json::to_string_pretty(&rows)? + "\n"))?;
    } else {
        let names = app.store.read::<_, Error>(|reader| Ok(reader.sources()?))?;
        let name = |id| names.iter().find(|source| source.id == id).map_or("?", |source| source.name.as_str());
        print(&readings.iter().map(|one| format!("{}: {}\n", name(one.source), told(one))).collect::<String>())?;
    }
    match readings.iter().filter(|one| one.outcome == ReadingOutcome::Failed).count() {
        0 => Ok(Outcome::Fine),
        n => anyhow::bail!("{n} of {} calendars could not be read; what was read before stays", readings.len()),
    }
}

fn waiting(app: &App, source: Option<i64>, json: bool) -> anyhow::Result<Outcome> {
    let known = app.store.read::<_, Error>(|reader| Ok(reader.sources()?))?;
    let ids = source.map_or_else(|| known.iter().map(|source| source.id).collect(), |id| vec![id]);
    let mut all = Vec::new();
    for id in ids {
        all.extend(doubts::list(app, &Actor::Operator, id)?);
    }
    if json {
        let rows: Vec<_> = all.iter().map(asked_json).collect();
        print(&(serde_json::to_string_pretty(&rows)? + "\n"))?;
        return Ok(Outcome::Fine);
    }
    let name = |id| known.iter().find(|source| source.id == id).map_or("?", |source| source.name.as_str());
    let mut text = String::new();
    for Asked { doubt, row, .. } in all.iter().filter(|one| one.doubt.answered.is_none()) {
        let (source, title, when) = (name(doubt.source), &doubt.title, &row.when);
        text.push_str(&format!("{:>4} {source}: {title}, {when}: {}\n", doubt.id, doubt.reasons.join("; ")));
        for one in &row.differences {
            text.push_str(&format!("       {}: {} → {}\n", one.field, one.old, one.new));
        }
    }
    if text.is_empty() {
        text.push_str("No row waits.\n");
    }
    print(&text)?;
    Ok(Outcome::Fine)
}

fn yes_or_no(text: &str) -> Result<DoubtAnswer, String> {
    text.parse().map_err(|_| "say yes or no".to_owned())
}

fn say(app: &App, rows: &[i64], answer: DoubtAnswer, mark: Option<String>) -> anyhow::Result<Outcome> {
    if mark.is_some() && rows.len() > 1 {
        return Err(Misuse("--mark: it is the mark of one row; give one row with it".into()).into());
    }
    let asked = rows.iter().map(|row| doubts::one(app, &Actor::Operator, *row)).collect::<Result<Vec<_>, Error>>()?;
    let marked: Vec<(i64, String)> =
        asked.iter().map(|one| (one.doubt.id, mark.clone().unwrap_or_else(|| one.mark.clone()))).collect();
    doubts::answer_all(app, &Actor::Operator, &marked, answer)?;
    let what = if answer == DoubtAnswer::Yes { "taken in" } else { "left out" };
    let told = |one: &Asked| format!("{what}: {}, {}\n", one.doubt.title, one.row.when);
    print(&asked.iter().map(told).collect::<String>())?;
    Ok(Outcome::Fine)
}

fn told(one: &Reading) -> String {
    let why = one.message.as_deref().map(|message| format!(" ({message})")).unwrap_or_default();
    match one.outcome {
        ReadingOutcome::Failed => format!("could not be read{why}"),
        ReadingOutcome::NotModified => format!("not modified, {} events", one.unchanged),
        ReadingOutcome::Read => format!(
            "{} new, {} changed, {} unchanged, {} withdrawn, {} not understood{}{why}",
            one.new,
            one.changed,
            one.unchanged,
            one.gone,
            one.refused,
            if one.held == 0 { String::new() } else { format!(", {} held for a yes or no", one.held) }
        ),
    }
}
