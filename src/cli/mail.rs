//! `convene mail`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{Outcome, Place, print};
use crate::app::Actor;
use crate::app::outgoing::{self, MOST, Opened, Search, Told, letter_json};
use crate::clock::Clock;
use crate::domain::wording;

#[derive(Debug, Subcommand)]
pub(super) enum Mail {
    /// List letters of the last 90 days, the newest first: number, state, time, recipient, subject
    List(List),
    /// Print one letter: what became of it, and its text while that is kept
    Show(Show),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Only to this person: words of an address or a name
    #[arg(long, value_name = "WORDS")]
    person: Option<String>,
    /// Only what tells of this event: its id, or words of its title
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only in this state: ready, sending, sent, failed, unknown, withdrawn, or bounced
    #[arg(long)]
    state: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST)))]
    limit: u32,
    /// Only older ones than this number: goes on where a list ended
    #[arg(long, value_name = "NUMBER")]
    before: Option<i64>,
    /// Print one JSON array
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// The letter's number, as `list` prints it
    number: i64,
    /// Print its HTML part alone
    #[arg(long, conflicts_with = "json")]
    html: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Mail {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        match self {
            Self::List(command) => command.run(place),
            Self::Show(command) => command.run(place),
        }
    }
}

impl List {
    fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let Self { person, event, state, limit, before, json: as_json } = self;
        let found = outgoing::find(&app, &Actor::Operator, &Search { person, event, state, before, limit })?;
        if as_json {
            let items: Vec<Value> = found.letters.iter().map(letter_json).collect();
            print(&format!("{:#}\n", json!(items)))?;
        } else {
            let zone = app.settings.time_zone;
            print(&found.letters.iter().map(|told| line(told, zone)).collect::<String>())?;
        }
        if let Some(next) = found.next {
            eprintln!("there are more: --before {next}");
        }
        Ok(Outcome::Fine)
    }
}

impl Show {
    fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        let opened = outgoing::open(&app, &Actor::Operator, self.number)?;
        let text = if self.html {
            opened.read.html
        } else if self.json {
            let mut value = letter_json(&opened.told);
            value["headers"] = json!(opened.read.headers);
            value["text"] = json!(opened.read.text);
            value["html"] = json!(opened.read.html);
            format!("{value:#}\n")
        } else {
            as_text(&opened, app.settings.time_zone)
        };
        print(&text)?;
        Ok(Outcome::Fine)
    }
}

fn line(told: &Told, zone: chrono_tz::Tz) -> String {
    let row = &told.row;
    let state = if told.came_back.is_some() { "bounced" } else { row.state.as_str() };
    let at = wording::moment(row.done_at.unwrap_or(row.created_at), zone);
    format!("{:>6}  {state:<9}  {at}  {}  {}\n", row.id, row.recipient, row.subject)
}

fn as_text(Opened { told, read, closed }: &Opened, zone: chrono_tz::Tz) -> String {
    let row = &told.row;
    let at = |time| wording::moment(time, zone);
    let mut text = format!("State: {}\nWritten: {}\n", row.state.as_str(), at(row.created_at));
    text += &row
        .done_at
        .map_or_else(|| format!("Not sent after: {}\n", at(row.not_after)), |done| format!("Settled: {}\n", at(done)));
    text += &format!("Put off: {} ×; sent again: {} ×\n", row.attempts, row.resent);
    text += &row.reply.as_ref().map_or_else(String::new, |reply| format!("The mail server said: {reply}\n"));
    text += &told.came_back.as_ref().map_or_else(String::new, |why| format!("Came back: {why}\n"));
    for (id, title) in &told.events {
        text += &format!("Tells of: {id} {title}\n");
    }
    for (name, value) in &read.headers {
        text += &format!("{name}: {value}\n");
    }
    text + "\n" + closed.unwrap_or(&read.text) + "\n"
}
