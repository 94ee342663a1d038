//! A city team's next twelve months: what concerns its people, their trips, and what has to be decided by when.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

use super::roster;
use crate::app::agenda::of_team;
use crate::app::{Actor, App, Error, Result};
use crate::domain::agenda::Entry;
use crate::domain::civic::{Approval, Blackout, BudgetYear, Council, Meeting, Whose};
use crate::domain::conflict::{self, Finding, Kind, anchors::decide_by};
use crate::domain::itinerary::{Reach, Trip, trips};
use crate::domain::{Days, Event, EventId, Mode, Span, Team, TeamSlug};
use crate::json::EventJson;
use crate::store::{EventFilter, Reader, StoredFinding};

/// How long after a convening fell out its undoing is shown, in days.
const UNDO_DAYS: i64 = 60;

/// A city team's next twelve months.
#[derive(Debug, Clone)]
pub struct TeamYear {
    /// The team with its people.
    pub team: Team,
    /// From today on.
    pub days: Days,
    /// Public convenings that somebody of the team is invited to, by their first day; each with their places on the roster.
    pub concerns: Vec<(Entry, Vec<usize>)>,
    /// Its trips that stand.
    pub trips: Vec<Planned>,
    /// Trips that fell, and what is to be undone.
    pub dropped: Vec<Planned>,
    /// Convenings that went online: the way there falls away.
    pub online: Vec<(Event, Vec<usize>)>,
    /// What clashes, seen from this team alone, the gravest first.
    pub clashes: Vec<Finding>,
    /// Its council.
    pub council: Option<Council>,
    /// The council's meetings.
    pub meetings: Vec<Meeting>,
    /// Days that it has ruled out, with their numbers.
    pub blackouts: Vec<(i64, Blackout)>,
    /// When its budget is made.
    pub budget: Option<BudgetYear>,
    /// The weeks of these twelve months in which that is.
    pub seasons: Vec<Days>,
}

/// A trip with what must be done about it.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The trip.
    pub trip: Trip,
    /// What the convenings are, and what all is set beside, by id.
    pub events: BTreeMap<EventId, Event>,
    /// The council has to say yes: by when.
    pub approval: Option<Asked>,
    /// Its satellites that wait for a decision since the anchor fell: by when that is due.
    pub waiting: Vec<(EventId, NaiveDate)>,
}

/// Until when a council is asked to approve a journey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// When travel is to be booked, and the last meeting before that.
    pub approval: Approval,
    /// When that meeting's agenda closes.
    pub agenda_closes: Option<NaiveDate>,
}

/// A team's next twelve months.
///
/// # Errors
/// [`Error::NotFound`] where there is no such team, or it is not the actor's own.
pub fn year(app: &App, actor: &Actor, slug: &TeamSlug) -> Result<TeamYear> {
    let now = app.now();
    app.store.read::<_, Error>(|reader| {
        let team = roster::own(reader, actor, slug)?;
        let days = twelve_months(now.with_timezone(&team.zone).date_naive());
        let concerns = concerns(reader, &team, days)?;
        let council = reader.councils()?.remove(slug);
        let meetings = meetings(reader, slug, Days { first: days.first - chrono::Days::new(Approval::KNOWN), ..days })?;
        let entries: Vec<Entry> = concerns.iter().map(|(entry, _)| entry.clone()).collect();
        let policy = &app.settings.policy;
        let reach = Reach { apart_km: policy.apart_km, near_days: i64::from(policy.same_place_near_dates.near_days) };
        let mut planned = Vec::new();
        for trip in trips(&team, &reader.roles()?, &entries, reach) {
            let ahead = policy.council_night.booking_days;
            planned.push(plan(reader, &team, council.as_ref(), &meetings, trip, ahead)?);
        }
        let (dropped, trips): (Vec<_>, Vec<_>) = planned.into_iter().partition(|one| one.trip.is_dropped());
        let budget = reader.budget_years()?.remove(slug);
        Ok(TeamYear {
            trips,
            dropped,
            online: gone_online(reader, &concerns, now)?,
            clashes: clashes(app, reader, &team, &concerns, now)?,
            council,
            meetings: meetings.into_iter().filter(|meeting| days.contains(meeting.day)).collect(),
            blackouts: own_blackouts(reader, slug, days.first)?,
            seasons: budget.map(|budget| seasons(budget, days, policy.budget_season.weeks)).unwrap_or_default(),
            budget,
            concerns,
            days,
            team,
        })
    })
}

impl TeamYear {
    /// The clashes as pages and programs show findings.
    #[must_use]
    pub fn stored_clashes(&self, now: DateTime<Utc>) -> Vec<StoredFinding> {
        let stored = |finding: &Finding| StoredFinding { finding: finding.clone(), found_at: now, overridden: None };
        self.clashes.iter().map(stored).collect()
    }

    /// People by their places on the roster.
    #[must_use]
    pub fn names(&self, places: &[usize]) -> Vec<String> {
        places.iter().filter_map(|place| self.team.members.get(*place)).map(|member| member.name.clone()).collect()
    }
}

fn twelve_months(today: NaiveDate) -> Days {
    let last = today.checked_add_months(chrono::Months::new(12)).unwrap_or(today);
    Days::new(today, last)
}

/// What is public and for somebody of the team, with its occurrences of these days.
fn concerns(reader: &Reader<'_>, team: &Team, days: Days) -> Result<Vec<(Entry, Vec<usize>)>> {
    let tree = reader.roles()?;
    let wide = days.widened(1);
    let instant = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc();
    let entries = reader.entries(&EventFilter { within: Some(Span::new(instant(wide.first), instant(wide.last))) })?;
    let mut found = Vec::new();
    for entry in entries.into_iter().filter(|entry| entry.event.is_public()) {
        let details = &entry.event.details;
        let invited = |(_, member): &(usize, &crate::domain::team::Member)| team.is_invited(member, &tree, details);
        let places: Vec<usize> = (0..).zip(&team.members).filter(invited).map(|(place, _)| place).collect();
        let lies_ahead = entry.occurrences.iter().any(|one| one.when.days().last >= days.first);
        if !places.is_empty() && lies_ahead {
            found.push((entry, places));
        }
    }
    found.sort_by_key(|(entry, _)| (entry.occurrences.first().map(|one| one.span.start), entry.event.id));
    Ok(found)
}

fn meetings(reader: &Reader<'_>, slug: &TeamSlug, days: Days) -> Result<Vec<Meeting>> {
    Ok(reader.meetings(days)?.into_iter().filter(|meeting| meeting.team == *slug).collect())
}

fn plan(
    reader: &Reader<'_>,
    team: &Team,
    council: Option<&Council>,
    meetings: &[Meeting],
    trip: Trip,
    ahead: u32,
) -> Result<Planned> {
    let mut events = BTreeMap::new();
    for id in trip.stops.iter().map(|stop| stop.event).chain([trip.root]) {
        if !events.contains_key(&id)
            && let Some(event) = public(reader, id)?
        {
            events.insert(id, event);
        }
    }
    let asked = council.filter(|council| council.approves_travel && leaves_the_state(team, &trip, &events));
    let approval = asked.and_then(|council| {
        let approval = Approval::of(trip.stay()?.first, ahead, meetings.iter().map(|meeting| meeting.day))?;
        let closes = |day: NaiveDate| day.checked_sub_days(chrono::Days::new(council.agenda_days.into()));
        Some(Asked { approval, agenda_closes: approval.meeting.and_then(closes) })
    });
    let waiting = events.get(&trip.root).filter(|root| root.status.is_off()).map(|root| {
        let on = trip.stops.iter().filter(|stop| !stop.is_off && stop.event != trip.root);
        on.map(|stop| (stop.event, decide_by(root, stop.days.first))).collect()
    });
    Ok(Planned { trip, events, approval, waiting: waiting.unwrap_or_default() })
}

/// The event, unless it is not public or there is none.
fn public(reader: &Reader<'_>, id: EventId) -> Result<Option<Event>> {
    match reader.event(id) {
        Ok(event) => Ok(Some(event).filter(Event::is_public)),
        Err(crate::store::Error::NotFound(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

fn leaves_the_state(team: &Team, trip: &Trip, events: &BTreeMap<EventId, Event>) -> bool {
    let state = |id: &EventId| events.get(id)?.details.venue.as_ref()?.state.clone();
    trip.stops.iter().any(|stop| state(&stop.event).is_some_and(|there| Some(there) != team.state))
}

/// What was in person when it was public, and was made virtual in these weeks.
fn gone_online(reader: &Reader<'_>, concerns: &[(Entry, Vec<usize>)], now: DateTime<Utc>) -> Result<Vec<(Event, Vec<usize>)>> {
    let mut found = Vec::new();
    for (entry, places) in concerns.iter().filter(|(entry, _)| entry.event.details.mode == Mode::Virtual) {
        let changes = reader.changes_of(entry.event.id)?;
        let was_in_person = |text: &String| {
            EventJson::from_text(text).is_ok_and(|json| json.status.is_public() && !json.private && json.mode != Mode::Virtual)
        };
        let recent = |at: DateTime<Utc>| now - at <= chrono::Duration::days(UNDO_DAYS);
        if changes.iter().any(|change| recent(change.at) && change.before.as_ref().is_some_and(was_in_person)) {
            found.push((entry.event.clone(), places.clone()));
        }
    }
    Ok(found)
}

/// The kinds of findings that are a team's to think of.
const OF_A_TEAM: [Kind; 9] = [
    Kind::RoleOverlap,
    Kind::TeamSplit,
    Kind::TightTurnaround,
    Kind::TravelLoad,
    Kind::CouncilNight,
    Kind::QuorumRisk,
    Kind::Blackout,
    Kind::BudgetSeason,
    Kind::UnfairHours,
];

/// The findings as they are for this team alone: every number of teams in them is one.
fn clashes(
    app: &App,
    reader: &Reader<'_>,
    team: &Team,
    concerns: &[(Entry, Vec<usize>)],
    now: DateTime<Utc>,
) -> Result<Vec<Finding>> {
    let mut found = conflict::find_all(
        &of_team(app, reader, team, concerns.iter().map(|(entry, _)| entry.clone()).collect(), now)?,
        &app.settings.policy,
    );
    found.retain(|finding| OF_A_TEAM.contains(&finding.kind));
    found.sort_by(Finding::by_rank);
    Ok(found)
}

fn own_blackouts(reader: &Reader<'_>, slug: &TeamSlug, from: NaiveDate) -> Result<Vec<(i64, Blackout)>> {
    let mut all = reader.blackouts(Days::ALL)?;
    all.retain(|(_, one)| one.whose == Whose::Team(slug.clone()) && one.days.last >= from);
    Ok(all)
}

/// The weeks in which a budget is made, as far as they touch these days.
fn seasons(budget: BudgetYear, days: Days, weeks: u32) -> Vec<Days> {
    let mut found = Vec::new();
    let mut from = days.first;
    while let Some(season) = budget.season(from, weeks).filter(|season| season.first <= days.last) {
        found.push(season);
        match season.last.succ_opt() {
            Some(next) if next.year() < 9000 => from = next,
            _ => break,
        }
    }
    found
}
