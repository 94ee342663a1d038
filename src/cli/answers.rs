//! `convene answers`

use clap::{Args, Subcommand};

use super::{Misuse, Outcome, Place, print};
use crate::app::answers::ask::{Asking, Dates, ask};
use crate::app::answers::choose::choose;
use crate::app::answers::give::{Said, give};
use crate::app::answers::tell::tally_words;
use crate::app::answers::withdraw::{Back, withdraw};
use crate::app::answers::{Poll, of, running};
use crate::app::{Actor, App};
use crate::clock::Clock;
use crate::domain::proposal::{Asked, Candidate, Outcome as Ended, Proposal};
use crate::domain::{Days, EventId, wording};
use crate::json::proposal;

#[derive(Debug, Subcommand)]
pub(super) enum Answers {
    /// Send dates of a plan to partners and city teams; the plan's own are among them
    Ask(Ask),
    /// List the plans whose dates somebody is asked about
    List,
    /// Show the dates of a plan and what was answered
    Show {
        /// The event
        id: EventId,
        /// Print an object
        #[arg(long)]
        json: bool,
    },
    /// Keep what a partner or a city team said, by telephone perhaps
    Give(Give),
    /// Choose one of the dates: the plan takes them, and whoever was asked is told
    Choose {
        /// The event
        id: EventId,
        /// The number of the dates
        date: i64,
    },
    /// Take back dates, or ask somebody no more; all of it where nothing is named
    Withdraw(Withdraw),
}

#[derive(Debug, Args)]
pub(super) struct Ask {
    /// The event
    id: EventId,
    /// Whom: partner:SLUG,team:SLUG
    #[arg(long, value_name = "WHOM", value_delimiter = ',')]
    asked: Vec<String>,
    /// More dates, with another place perhaps: "2027-10-06..2027-10-08, Denver, CO"; may be repeated
    #[arg(long, value_name = "DATES")]
    dates: Vec<String>,
    /// Until which day answers are wanted
    #[arg(long, value_name = "DAY")]
    answer_by: Option<String>,
    /// What to say with it
    #[arg(long, default_value = "")]
    note: String,
}

#[derive(Debug, Args)]
pub(super) struct Give {
    /// The event
    id: EventId,
    /// For whom: partner:SLUG or team:SLUG
    #[arg(long = "for", value_name = "WHOM")]
    answers_for: Option<String>,
    /// What they say of each: 1=yes 2=maybe 3=no
    #[arg(required = true, value_name = "DATE=ANSWER")]
    answers: Vec<String>,
    /// What they add
    #[arg(long, default_value = "")]
    note: String,
}

#[derive(Debug, Args)]
pub(super) struct Withdraw {
    /// The event
    id: EventId,
    /// Whom to ask no more: partner:SLUG,team:SLUG
    #[arg(long, value_name = "WHOM", value_delimiter = ',')]
    asked: Vec<String>,
    /// The numbers of the dates to offer no more
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    dates: Vec<i64>,
}

impl Answers {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        print(&self.told(&app)?)?;
        Ok(Outcome::Fine)
    }

    fn told(self, app: &App) -> anyhow::Result<String> {
        let actor = Actor::Operator;
        Ok(match self {
            Self::Ask(Ask { id, asked, dates, answer_by, note }) => {
                let dates = dates.iter().map(|text| read_dates(text)).collect();
                in_words(&ask(app, &actor, id, &Asking { dates, asked, answer_by, note })?)
            }
            Self::List => {
                let line = |open: crate::app::answers::Open| {
                    let waiting = open.proposal.asked.iter().filter(|asked| open.proposal.waits_for(asked)).count();
                    format!(
                        "{} {}: {} dates, {} asked, {waiting} not answered\n",
                        open.event.id,
                        open.event.details.title,
                        open.proposal.candidates.len(),
                        open.proposal.asked.len()
                    )
                };
                running(app, &actor)?.into_iter().map(line).collect()
            }
            Self::Show { id, json: true } => {
                let poll = of(app, &actor, id)?;
                let found = |id: i64| poll.findings.get(&id).cloned();
                let value = proposal(&poll.event, poll.proposal.as_ref(), found, |asked| poll.name(asked));
                serde_json::to_string_pretty(&value)? + "\n"
            }
            Self::Show { id, json: false } => in_words(&of(app, &actor, id)?),
            Self::Give(Give { id, answers_for, answers, note }) => {
                let pair = |text: &String| {
                    let pair = text.split_once('=').map(|(date, answer)| (date.trim().to_owned(), answer.trim().to_owned()));
                    pair.ok_or_else(|| Misuse(format!("“{text}”: write the number of the dates and the answer, such as 1=yes")))
                };
                let answers = answers.iter().map(pair).collect::<Result<_, _>>()?;
                in_words(&give(app, &actor, id, &Said { answers_for, answers, note })?)
            }
            Self::Choose { id, date } => {
                let event = choose(app, &actor, id, None, date)?.event;
                format!("{}: {}\n", event.details.title, wording::when(event.details.when, event.details.zone))
            }
            Self::Withdraw(Withdraw { id, asked, dates }) => in_words(&withdraw(app, &actor, id, &Back { asked, dates })?),
        })
    }
}

/// “2027-10-06..2027-10-08, Denver, CO”: first and last day, and the place where it is another.
fn read_dates(text: &str) -> Dates {
    let (days, place) = text.split_once(',').map_or((text, None), |(days, place)| (days, Some(place.trim().to_owned())));
    let (start, end) = days.split_once("..").map_or((days, None), |(start, end)| (start, Some(end.trim().to_owned())));
    Dates { start: start.trim().to_owned(), end, place }
}

fn in_words(poll: &Poll) -> String {
    let title = &poll.event.details.title;
    let Some(proposal) = &poll.proposal else { return format!("{title}: nobody is asked about its dates.\n") };
    let until = proposal.answer_by.map_or_else(String::new, |day| format!(", answers by {}", wording::days(Days::one(day))));
    let state = match proposal.closed {
        None => format!("open{until}"),
        Some((_, Ended::Settled(_))) => "settled".to_owned(),
        Some((_, Ended::Withdrawn)) => "taken back".to_owned(),
    };
    let mut text = format!("{title}: {state}\n");
    for one in &proposal.candidates {
        text += &date_line(poll, proposal, one);
    }
    for asked in &proposal.asked {
        text += &asked_line(poll, proposal, asked);
    }
    text
}

fn date_line(poll: &Poll, proposal: &Proposal, one: &Candidate) -> String {
    let place = one.venue.as_ref().and_then(crate::domain::Venue::line).map_or_else(String::new, |place| format!(", {place}"));
    let best = if proposal.best() == Some(one.id) { " (best so far)" } else { "" };
    let mut text =
        format!("{}. {}{place}: {}{best}\n", one.id, wording::when(one.when, one.zone), tally_words(proposal.tally(one.id)));
    for finding in poll.findings.get(&one.id).into_iter().flatten() {
        text += &format!("   {}: {}\n", finding.severity, finding.message);
    }
    text
}

fn asked_line(poll: &Poll, proposal: &Proposal, asked: &Asked) -> String {
    let said = |one: &Candidate| {
        let reply = proposal.reply(asked, one.id)?;
        let note = if reply.note.is_empty() { String::new() } else { format!(" ({})", reply.note) };
        Some(format!("{}={}{note}", one.id, reply.answer.as_str()))
    };
    let said: Vec<String> = proposal.candidates.iter().filter_map(said).collect();
    let said = if said.is_empty() { "no answer yet".to_owned() } else { said.join(" ") };
    format!("{asked} {}: {said}\n", poll.name(asked))
}
