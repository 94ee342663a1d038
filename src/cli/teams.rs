//! `convene teams`

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use clap::{Args, Subcommand};

use super::{Misuse, Outcome, Place, print};
use crate::app::{Actor, App, Error, teams};
use crate::clock::Clock;
use crate::domain::civic::{Blackout, BudgetYear, Council, Whose};
use crate::domain::conflict::Severity;
use crate::domain::recurrence::{Exdate, Override};
use crate::domain::{Days, EventStatus, PartnerSlug, Recurrence, TeamSlug, When, wording};

#[derive(Debug, Subcommand)]
pub(super) enum Teams {
    /// List city teams, with their councils, budgets and the days they have ruled out
    List,
    /// Say when a team's council meets
    Council(MeetingsOf),
    /// Say in which month a team's fiscal year begins
    Budget {
        /// The team
        team: TeamSlug,
        /// The month whose first day begins it: 7
        #[arg(long)]
        month: u32,
        /// For how many weeks before that the budget is made [default: that of the settings]
        #[arg(long)]
        weeks: Option<u32>,
    },
    /// Rule days out: for a team, a partner (--partner) or a town (--city, --state)
    Blackout(RuleOut),
    /// Take back what was ruled out
    Allow {
        /// Its number, as `teams list` shows it
        number: i64,
    },
}

#[derive(Debug, Args)]
pub(super) struct MeetingsOf {
    /// The team
    team: TeamSlug,
    /// What it is called
    #[arg(long, default_value = "City Council")]
    name: String,
    /// How many members it has
    #[arg(long)]
    seats: u32,
    /// How many must be there [default: a majority]
    #[arg(long)]
    quorum: Option<u32>,
    /// The first meeting, by the team's own clock: 2026-01-06T18:00
    #[arg(long, value_name = "WHEN")]
    start: NaiveWall,
    /// When a meeting ends: 21:00
    #[arg(long, value_name = "TIME", default_value = "21:00")]
    until: Hour,
    /// How meetings repeat: FREQ=MONTHLY;BYDAY=1TU,3TU
    #[arg(long)]
    rrule: String,
    /// Days on which it does not meet, although the rule says so: x,y
    #[arg(long, value_name = "DAYS", value_delimiter = ',')]
    except: Vec<NaiveDate>,
    /// A meeting on another day: 2025-10-07=2025-10-09; may be given again
    #[arg(long, value_name = "DAY=DAY")]
    moved: Vec<String>,
    /// The mayor has one of the seats
    #[arg(long)]
    mayor_sits: bool,
    /// Travel out of the state needs its approval
    #[arg(long)]
    approves_travel: bool,
    /// How many days before a meeting its agenda closes
    #[arg(long, value_name = "DAYS", default_value = "7")]
    agenda_days: u32,
    /// It may not meet on election days
    #[arg(long)]
    not_on_elections: bool,
}

#[derive(Debug, Args)]
pub(super) struct RuleOut {
    /// The team
    #[arg(required_unless_present_any = ["partner", "city"], conflicts_with_all = ["partner", "city"])]
    team: Option<TeamSlug>,
    /// The partner
    #[arg(long, value_name = "SLUG", conflicts_with = "city")]
    partner: Option<PartnerSlug>,
    /// The town
    #[arg(long)]
    city: Option<String>,
    /// The town's state: MO
    #[arg(long, requires = "city")]
    state: Option<String>,
    /// The first day
    #[arg(long, value_name = "DAY")]
    from: NaiveDate,
    /// The last day, included [default: the first]
    #[arg(long, value_name = "DAY")]
    to: Option<NaiveDate>,
    /// Why, in a few words: others will read it
    #[arg(long)]
    reason: String,
    /// `note`, `low`, `medium`, `high` or `block`
    #[arg(long, default_value = "high")]
    severity: Severity,
}

impl Teams {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.existing_app(Clock::System)?;
        match self {
            Self::List => list(&app)?,
            Self::Council(meetings) => {
                teams::put_council(&app, &Actor::Operator, &meetings.team, &meetings.council()?)?;
                print(&format!("{}\n", meetings.team))?;
            }
            Self::Budget { team, month, weeks } => {
                teams::put_budget_year(&app, &Actor::Operator, &team, BudgetYear { month, weeks })?;
                print(&format!("{team}\n"))?;
            }
            Self::Blackout(days) => print(&format!("{}\n", teams::rule_out(&app, &Actor::Operator, &days.blackout()?)?))?,
            Self::Allow { number } => teams::allow_again(&app, &Actor::Operator, number)?,
        }
        Ok(Outcome::Fine)
    }
}

impl MeetingsOf {
    fn council(&self) -> anyhow::Result<Council> {
        let NaiveWall(start) = self.start;
        let Hour(until) = self.until;
        let times = |day: NaiveDate| When::Times { start: day.and_time(start.time()), end: Some(day.and_time(until)) };
        let moved = |text: &String| -> anyhow::Result<Override> {
            let days = text.split_once('=').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            let (from, to): (NaiveDate, NaiveDate) =
                days.ok_or_else(|| Misuse(format!("--moved: “{text}” is not like 2025-10-07=2025-10-09")))?;
            let status = None::<EventStatus>;
            Ok(Override { original: from.and_time(start.time()), when: times(to), title: None, status })
        };
        Ok(Council {
            name: self.name.trim().to_owned(),
            seats: self.seats,
            quorum: self.quorum,
            mayor_sits: self.mayor_sits,
            approves_travel: self.approves_travel,
            yields_to_elections: self.not_on_elections,
            agenda_days: self.agenda_days,
            when: times(start.date()),
            recurrence: Recurrence {
                rrule: Some(self.rrule.clone()),
                rdates: Vec::new(),
                exdates: self.except.iter().copied().map(Exdate::Day).collect(),
                overrides: self.moved.iter().map(moved).collect::<anyhow::Result<_>>()?,
            },
        })
    }
}

impl RuleOut {
    fn blackout(self) -> anyhow::Result<Blackout> {
        let whose = match (self.team, self.partner, self.city) {
            (Some(team), ..) => Whose::Team(team),
            (None, Some(partner), _) => Whose::Partner(partner),
            (None, None, Some(city)) => Whose::City { city, state: self.state.map(|state| state.to_uppercase()) },
            (None, None, None) => return Err(Misuse("name a team, a --partner or a --city".into()).into()),
        };
        let last = self.to.unwrap_or(self.from);
        if last < self.from {
            return Err(Misuse("--to: the last day is before the first".into()).into());
        }
        if self.severity == Severity::Opportunity {
            return Err(Misuse("--severity: days that are ruled out are no opportunity".into()).into());
        }
        Ok(Blackout {
            whose,
            days: Days::new(self.from, last),
            severity: self.severity,
            reason: self.reason,
            in_person: false,
            decide_by: None,
        })
    }
}

fn list(app: &App) -> anyhow::Result<()> {
    let (all, councils, budgets, blackouts) = app.store.read::<_, Error>(|reader| {
        Ok((reader.teams()?, reader.councils()?, reader.budget_years()?, reader.blackouts(Days::ALL)?))
    })?;
    let mut text = String::new();
    for team in &all {
        let state = team.state.as_deref().unwrap_or("");
        text +=
            &format!("{:<24} {:<24} {state:<3} {}, {} people\n", team.slug.as_str(), team.name, team.zone, team.members.len());
        if let Some(council) = councils.get(&team.slug) {
            let rule = council.recurrence.rrule.as_deref().unwrap_or("once");
            text += &format!("    {}, {} seats, a quorum of {}: {rule}\n", council.name, council.seats, council.quorum());
        }
        if let Some(budget) = budgets.get(&team.slug) {
            text += &format!("    fiscal year from month {}\n", budget.month);
        }
        text += &ruled_out(&blackouts, |whose| *whose == Whose::Team(team.slug.clone()));
    }
    let others = ruled_out(&blackouts, |whose| !matches!(whose, Whose::Team(_)));
    if !others.is_empty() {
        text += &format!("partners and towns\n{others}");
    }
    print(&text)
}

fn ruled_out(blackouts: &[(i64, Blackout)], is_one: impl Fn(&Whose) -> bool) -> String {
    let line = |(number, one): &(i64, Blackout)| {
        let whose = match &one.whose {
            Whose::Team(_) => String::new(),
            Whose::Partner(partner) => format!("{partner}: "),
            Whose::City { city, state } => format!("{city} {}: ", state.as_deref().unwrap_or("")),
        };
        format!("    {number}. {whose}not {}: {} ({})\n", wording::days(one.days), one.reason, one.severity)
    };
    blackouts.iter().filter(|(_, one)| is_one(&one.whose)).map(line).collect()
}

/// `2026-01-06T18:00`, with or without seconds.
#[derive(Debug, Clone, Copy)]
struct NaiveWall(NaiveDateTime);

impl std::str::FromStr for NaiveWall {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let read = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").or_else(|_| text.parse());
        read.map(Self).map_err(|_| format!("“{text}” is no day and time; one would be 2026-01-06T18:00"))
    }
}

/// `21:00`.
#[derive(Debug, Clone, Copy)]
struct Hour(NaiveTime);

impl std::str::FromStr for Hour {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        NaiveTime::parse_from_str(text, "%H:%M").map(Self).map_err(|_| format!("“{text}” is no time of day; one would be 21:00"))
    }
}
