//! The side door: one subcommand a file.
//!
//! Results go to standard output, talk and progress to standard error. Exit status: 0 fine, 1
//! failed, 2 misused, 3 `check` found something at or above its threshold.

mod answers;
mod backup;
mod bans;
mod check;
mod data;
mod deliver;
mod digest;
mod disagreements;
mod doctor;
mod export;
mod feeds;
mod import;
mod mail;
mod overrides;
mod partners;
mod policy;
mod propose;
mod serve;
mod settle;
mod sources;
mod suggest;
mod suppressions;
mod teams;
mod tokens;
mod undated;
mod users;
mod verify;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use crate::app::{App, Error as AppError};
use crate::clock::Clock;
use crate::config;
use crate::keys::Keys;
use crate::store::Store;

/// Finds clashes between the convenings of several organisations early, and publishes one calendar.
#[derive(Debug, Parser)]
#[command(name = "convene", version, about, max_term_width = 110)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The database [default: the `database` of the settings, else convene.sqlite here]
    #[arg(long, global = true, value_name = "FILE")]
    database: Option<PathBuf>,
    /// The settings [default: Rocket.toml here]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve web pages, feeds and the API, and do the background work
    Serve(serve::Serve),
    /// Read a calendar (.ics or .csv; a file, - or an https address) into a partner's calendar
    Import(import::Import),
    /// Add, list or read the partners' calendars that the service keeps reading
    #[command(subcommand)]
    Sources(sources::Sources),
    /// Make, list or revoke the addresses of private feeds
    #[command(subcommand)]
    Feeds(feeds::Feeds),
    /// Print the combined calendar
    Export(export::Export),
    /// Print all findings of the calendar
    Check(check::Check),
    /// List, add or withdraw decisions to go on in spite of a finding
    #[command(subcommand)]
    Overrides(overrides::Overrides),
    /// List where sources say different things of one event; say which one is right
    #[command(subcommand)]
    Disagreements(disagreements::Disagreements),
    /// Put a session forward, with its findings
    Propose(Box<propose::Propose>),
    /// Take a step in an event's life: hold, announce, confirm, move, go virtual, postpone, cancel
    Settle(settle::Settle),
    /// Send dates of a plan to partners and city teams, keep their answers, and choose
    #[command(subcommand)]
    Answers(answers::Answers),
    /// Print the best windows for a wish, and why others fell out
    Suggest(suggest::Suggest),
    /// Write what is due into the outbox: digests, and what organizers are told
    Digest(digest::Digest),
    /// Send what is in the outbox; serve does so by itself
    Deliver(deliver::Deliver),
    /// Find letters again by person and by event, and read them
    #[command(subcommand)]
    Mail(mail::Mail),
    /// Look over database, calendars and mail, say what is wrong, and print the DNS records to publish
    Doctor(doctor::Doctor),
    /// List addresses that are not written to; write to one again, or no more
    #[command(subcommand)]
    Suppressions(suppressions::Suppressions),
    /// Keep, list or take back what partners have announced for a month or a year, without dates yet
    #[command(subcommand)]
    Undated(undated::UndatedCommand),
    /// Check, list or write out the tables of days, roles and places that the rules read
    #[command(subcommand)]
    Data(data::Data),
    /// Make a consistent copy of the database, also while it is in use
    Backup(backup::Backup),
    /// Check a database's integrity and invariants
    Verify(verify::Verify),
    /// Add or list partners; say where replies to letters about their plans go
    #[command(subcommand)]
    Partners(partners::Partners),
    /// Show or change what counts as a clash, for a partner or for one event
    Policy(policy::Policy),
    /// List city teams; say when their councils meet, when budgets are made, and which days are ruled out
    #[command(subcommand)]
    Teams(teams::Teams),
    /// Say that a partner meets nobody in person for a while; list what waits for a decision
    #[command(subcommand)]
    Bans(bans::Bans),
    /// Add or list people who may sign in
    #[command(subcommand)]
    Users(users::Users),
    /// Add, list or revoke API tokens
    #[command(subcommand)]
    Tokens(tokens::Tokens),
}

/// What a command came to.
pub(crate) enum Outcome {
    /// Fine.
    Fine,
    /// `check` found something at or above its threshold.
    Found,
}

/// A mistake in the arguments: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Misuse(String);

/// Reads the arguments, does what they say, and gives the exit status.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are no mistakes.
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match run(arguments) {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Found) => ExitCode::from(3),
        Err(error) => {
            report(&error);
            ExitCode::from(if is_misuse(&error) { 2 } else { 1 })
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<Outcome> {
    let place = Place { database: arguments.database, config: arguments.config };
    match arguments.command {
        Command::Serve(command) => command.run(&place),
        Command::Import(command) => command.run(&place),
        Command::Sources(command) => command.run(&place),
        Command::Feeds(command) => command.run(&place),
        Command::Export(command) => command.run(&place),
        Command::Check(command) => command.run(&place),
        Command::Overrides(command) => command.run(&place),
        Command::Disagreements(command) => command.run(&place),
        Command::Propose(command) => command.run(&place),
        Command::Settle(command) => command.run(&place),
        Command::Answers(command) => command.run(&place),
        Command::Suggest(command) => command.run(&place),
        Command::Digest(command) => command.run(&place),
        Command::Deliver(command) => command.run(&place),
        Command::Mail(command) => command.run(&place),
        Command::Doctor(command) => command.run(&place),
        Command::Suppressions(command) => command.run(&place),
        Command::Undated(command) => command.run(&place),
        Command::Data(command) => command.run(&place),
        Command::Backup(command) => command.run(&place),
        Command::Verify(command) => command.run(&place),
        Command::Partners(command) => command.run(&place),
        Command::Policy(command) => command.run(&place),
        Command::Teams(command) => command.run(&place),
        Command::Bans(command) => command.run(&place),
        Command::Users(command) => command.run(&place),
        Command::Tokens(command) => command.run(&place),
    }
}

/// Where the database and the settings are.
struct Place {
    database: Option<PathBuf>,
    config: Option<PathBuf>,
}

impl Place {
    fn settings(&self) -> anyhow::Result<(rocket::figment::Figment, config::Settings)> {
        let (figment, mut settings) = config::load(self.config.as_deref()).map_err(|error| Misuse(error.to_string()))?;
        if let Some(database) = &self.database {
            settings.database.clone_from(database);
        }
        Ok((figment, settings))
    }

    fn app(&self, clock: Clock) -> anyhow::Result<App> {
        let (_, settings) = self.settings()?;
        open(settings, clock)
    }

    /// The database must be there already: reading commands do not make one.
    fn existing_app(&self, clock: Clock) -> anyhow::Result<App> {
        let (_, settings) = self.settings()?;
        if !settings.database.exists() {
            return Err(Misuse(format!(
                "there is no database {}; name one with --database, or begin with: convene serve --demo",
                settings.database.display()
            ))
            .into());
        }
        open(settings, clock)
    }
}

fn open(settings: config::Settings, clock: Clock) -> anyhow::Result<App> {
    use anyhow::Context as _;
    let store =
        Store::open(&settings.database).with_context(|| format!("opening the database {}", settings.database.display()))?;
    Ok(App::new(store, clock, Keys::Random, settings)?)
}

/// The clock of a command that may be told the time.
fn clock_at(now: Option<DateTime<Utc>>) -> Clock {
    now.map_or(Clock::System, Clock::at)
}

/// Prints a result; a reader that closed the pipe is no failure.
fn print(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => Ok(other?),
    }
}

fn report(error: &anyhow::Error) {
    eprintln!("convene: {error}");
    for cause in error.chain().skip(1) {
        let said = cause.to_string();
        if !error.to_string().contains(&said) {
            eprintln!("  because {said}");
        }
    }
}

fn is_misuse(error: &anyhow::Error) -> bool {
    error.is::<Misuse>() || matches!(error.downcast_ref::<AppError>(), Some(AppError::Invalid(_)))
}
