//! `/api/v1/teams`: a city team's own facts, for tokens of its lead and of the operator.

use chrono::{NaiveDate, NaiveDateTime};
use rocket::http::Status;
use rocket::{State, delete, get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use crate::app::teams::meetings::{Exception, except};
use crate::app::teams::roster::{self, Change};
use crate::app::teams::year::{Planned, TeamYear, year};
use crate::app::{Actor, App, Error, agenda, teams};
use crate::domain::civic::{Blackout, BudgetYear, Council, Whose};
use crate::domain::conflict::Severity;
use crate::domain::team::Member;
use crate::domain::{CohortSlug, Days, PartnerSlug, Recurrence, RoleSlug, Team, TeamSlug, When};
use crate::json::EventJson;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller};
use crate::web::problem::Problem;

/// Somebody of a roster.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MemberBody {
    name: String,
    role: RoleSlug,
    #[serde(default)]
    cohorts: Vec<CohortSlug>,
}

impl MemberBody {
    fn read(self) -> Member {
        Member { name: self.name, role: self.role, cohorts: self.cohorts.into_iter().collect() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewTeam {
    slug: TeamSlug,
    name: String,
    state: Option<String>,
    time_zone: String,
    lat: Option<f64>,
    lon: Option<f64>,
    #[serde(default)]
    members: Vec<MemberBody>,
}

/// The teams that the token may see: its own; all of them for an operator.
#[get("/teams")]
pub async fn list(service: &State<Service>, caller: Caller) -> Result<Json, Problem> {
    let actor = known(caller)?;
    let teams = service.run(move |app| roster::list(app, &actor)).await?;
    Json::ok(&json!({"items": teams.iter().map(team_json).collect::<Vec<_>>(), "next_cursor": null}))
}

#[post("/teams", data = "<body>")]
pub async fn add(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), new): (_, NewTeam) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let zone = new.time_zone.parse();
    let zone =
        zone.map_err(|_| Error::field("time_zone", format!("“{}” is no zone; one would be America/Chicago", new.time_zone)))?;
    let team = Team {
        slug: new.slug,
        name: new.name,
        state: new.state.map(|state| state.to_uppercase()),
        zone,
        home: new.lat.zip(new.lon),
        members: new.members.into_iter().map(MemberBody::read).collect(),
    };
    let add = move |app: &App| {
        roster::add(app, &actor, &team)?;
        Ok(Json::ok(&json!({"slug": team.slug}))?.created(format!("/api/v1/teams/{}", team.slug)))
    };
    service.once(attempt, add).await
}

/// The team's next twelve months: what concerns it, its trips, what is to be asked for by when, its own facts.
#[get("/teams/<slug>")]
pub async fn one(service: &State<Service>, caller: Caller, slug: &str) -> Result<Json, Problem> {
    let (actor, slug) = (known(caller)?, slug_of(slug)?);
    let answer = service.run(move |app| Ok(year_json(&year(app, &actor, &slug)?, app.now()))).await?;
    Json::ok(&answer)
}

#[get("/teams/<slug>/members")]
pub async fn members(service: &State<Service>, caller: Caller, slug: &str) -> Result<Json, Problem> {
    let (actor, slug) = (known(caller)?, slug_of(slug)?);
    let team = service.run(move |app| roster::look(app, &actor, &slug)).await?;
    Json::ok(&json!({"items": team.members, "next_cursor": null}))
}

#[post("/teams/<slug>/members", data = "<body>")]
pub async fn add_member(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), slug, member): (_, _, MemberBody) = (caller.attempt(&body.0)?, slug_of(slug)?, parsed(&body.0)?);
    let add = move |app: &App| {
        let team = roster::change(app, &actor, &slug, &Change::Add(member.read()))?;
        Ok(Json::ok(&json!({"items": team.members}))?.created(format!("/api/v1/teams/{slug}/members")))
    };
    service.once(attempt, add).await
}

/// The whole roster anew.
#[put("/teams/<slug>/members", data = "<body>")]
pub async fn put_members(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let (actor, slug, members): (_, _, Vec<MemberBody>) = (caller.writer()?, slug_of(slug)?, parsed(&body.0)?);
    let all = Change::Replace(members.into_iter().map(MemberBody::read).collect());
    let team = service.run(move |app| roster::change(app, &actor, &slug, &all)).await?;
    Json::ok(&json!({"items": team.members}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CouncilBody {
    name: String,
    seats: u32,
    quorum: Option<u32>,
    #[serde(default)]
    mayor_sits: bool,
    #[serde(default)]
    approves_travel: bool,
    #[serde(default)]
    yields_to_elections: bool,
    agenda_days: Option<u32>,
    start: NaiveDateTime,
    end: NaiveDateTime,
    recurrence: Recurrence,
}

#[put("/teams/<slug>/council", data = "<body>")]
pub async fn council(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let (actor, slug, said): (_, _, CouncilBody) = (caller.writer()?, slug_of(slug)?, parsed(&body.0)?);
    let council = Council {
        name: said.name,
        seats: said.seats,
        quorum: said.quorum,
        mayor_sits: said.mayor_sits,
        approves_travel: said.approves_travel,
        yields_to_elections: said.yields_to_elections,
        when: When::Times { start: said.start, end: Some(said.end) },
        recurrence: said.recurrence,
        agenda_days: said.agenda_days.unwrap_or(7),
    };
    service
        .run(move |app| {
            roster::look(app, &actor, &slug)?;
            teams::put_council(app, &actor, &slug, &council)
        })
        .await?;
    Json::ok(&json!({"kept": true}))
}

#[get("/teams/<slug>/meetings")]
pub async fn meetings(service: &State<Service>, caller: Caller, slug: &str) -> Result<Json, Problem> {
    let (actor, slug) = (known(caller)?, slug_of(slug)?);
    let shown = service.run(move |app| year(app, &actor, &slug)).await?;
    Json::ok(&json!({"items": meetings_json(&shown), "next_cursor": null}))
}

/// One meeting that is not as usual: `moved_to` another day, `off`, one more (`extra`), or `as_usual` again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExceptionBody {
    day: NaiveDate,
    moved_to: Option<NaiveDate>,
    what: Option<String>,
}

#[post("/teams/<slug>/meetings", data = "<body>")]
pub async fn add_exception(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), slug, said): (_, _, ExceptionBody) = (caller.attempt(&body.0)?, slug_of(slug)?, parsed(&body.0)?);
    let exception = match (said.moved_to, said.what.as_deref()) {
        (Some(to), None | Some("moved")) => Exception::Moved(said.day, to),
        (None, Some("off")) => Exception::CalledOff(said.day),
        (None, Some("extra")) => Exception::Extra(said.day),
        (None, Some("as_usual")) => Exception::AsUsual(said.day),
        _ => return Err(Error::field("what", "Give moved_to with a day, or what: off, extra or as_usual.").into()),
    };
    let add = move |app: &App| {
        except(app, &actor, &slug, exception)?;
        Json::ok(&json!({"items": meetings_json(&year(app, &actor, &slug)?)}))
    };
    service.once(attempt, add).await
}

#[put("/teams/<slug>/budget", data = "<body>")]
pub async fn budget(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let (actor, slug, said): (_, _, BudgetYear) = (caller.writer()?, slug_of(slug)?, parsed(&body.0)?);
    service
        .run(move |app| {
            roster::look(app, &actor, &slug)?;
            teams::put_budget_year(app, &actor, &slug, said)
        })
        .await?;
    Json::ok(&said)
}

/// Days ruled out; `team`, `partner` or `city` say whose, where the address does not.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BlackoutBody {
    team: Option<TeamSlug>,
    partner: Option<PartnerSlug>,
    city: Option<String>,
    state: Option<String>,
    first_day: NaiveDate,
    last_day: Option<NaiveDate>,
    reason: String,
    severity: Option<Severity>,
}

impl BlackoutBody {
    fn read(self, team: Option<TeamSlug>) -> Result<Blackout, Error> {
        let whose = match (team.or(self.team), self.partner, self.city) {
            (Some(team), None, None) => Whose::Team(team),
            (None, Some(partner), None) => Whose::Partner(partner),
            (None, None, Some(city)) => Whose::City { city, state: self.state.map(|state| state.to_uppercase()) },
            _ => return Err(Error::field("team", "Say whose days these are: a team, a partner or a city.")),
        };
        let last = self.last_day.unwrap_or(self.first_day);
        if last < self.first_day {
            return Err(Error::field("last_day", "The last day is before the first."));
        }
        let severity = self.severity.unwrap_or(Severity::High);
        if severity == Severity::Opportunity {
            return Err(Error::field("severity", "Days that are ruled out are no opportunity."));
        }
        let days = Days::new(self.first_day, last);
        Ok(Blackout { whose, days, severity, reason: self.reason, in_person: false, decide_by: None })
    }
}

#[get("/teams/<slug>/blackouts")]
pub async fn blackouts(service: &State<Service>, caller: Caller, slug: &str) -> Result<Json, Problem> {
    let (actor, slug) = (known(caller)?, slug_of(slug)?);
    let shown = service.run(move |app| year(app, &actor, &slug)).await?;
    Json::ok(&json!({"items": shown.blackouts.iter().map(blackout_json).collect::<Vec<_>>(), "next_cursor": null}))
}

#[post("/teams/<slug>/blackouts", data = "<body>")]
pub async fn rule_out(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), slug, said): (_, _, BlackoutBody) = (caller.attempt(&body.0)?, slug_of(slug)?, parsed(&body.0)?);
    let blackout = said.read(Some(slug.clone()))?;
    let add = move |app: &App| {
        roster::look(app, &actor, &slug)?;
        let id = teams::rule_out(app, &actor, &blackout)?;
        Ok(Json::ok(&json!({"id": id}))?.created(format!("/api/v1/teams/{slug}/blackouts")))
    };
    service.once(attempt, add).await
}

/// Days ruled out by partners and towns, which everybody may know; and those of the caller's own team.
#[get("/blackouts")]
pub async fn all_blackouts(service: &State<Service>, caller: Caller) -> Result<Json, Problem> {
    let actor = caller.actor;
    let mut all = service.run(|app| app.store.read::<_, Error>(|reader| Ok(reader.blackouts(Days::ALL)?))).await?;
    all.retain(|(_, one)| match &one.whose {
        Whose::Team(team) => actor.must_lead(team).is_ok(),
        Whose::Partner(_) | Whose::City { .. } => true,
    });
    Json::ok(&json!({"items": all.iter().map(blackout_json).collect::<Vec<_>>(), "next_cursor": null}))
}

#[post("/blackouts", data = "<body>")]
pub async fn add_blackout(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), said): (_, BlackoutBody) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let blackout = said.read(None)?;
    let add = move |app: &App| {
        let id = teams::rule_out(app, &actor, &blackout)?;
        Ok(Json::ok(&json!({"id": id}))?.created("/api/v1/blackouts".to_owned()))
    };
    service.once(attempt, add).await
}

/// Takes back what was ruled out, a ban on meeting in person among it.
#[delete("/blackouts/<id>")]
pub async fn allow(service: &State<Service>, caller: Caller, id: i64) -> Result<Json, Problem> {
    let actor = caller.writer()?;
    service.run(move |app| teams::allow_again(app, &actor, id)).await?;
    Json::ok(&json!({"id": id, "withdrawn": true}))
}

/// Whoever has a token; what is a team's own is never anybody's.
fn known(caller: Caller) -> Result<Actor, Problem> {
    if caller.actor == Actor::Visitor {
        return Err(Problem::new(Status::Unauthorized, "unauthorized", "A token is needed", "This is for the team's own lead."));
    }
    Ok(caller.actor)
}

fn slug_of(text: &str) -> Result<TeamSlug, Problem> {
    text.parse().map_err(|_| Problem::not_found("city team"))
}

fn team_json(team: &Team) -> Value {
    json!({
        "slug": team.slug, "name": team.name, "state": team.state, "time_zone": team.zone.name(),
        "lat": team.home.map(|home| home.0), "lon": team.home.map(|home| home.1), "members": team.members,
    })
}

fn blackout_json((id, one): &(i64, Blackout)) -> Value {
    let (team, partner, city, state) = match &one.whose {
        Whose::Team(team) => (Some(team), None, None, None),
        Whose::Partner(partner) => (None, Some(partner), None, None),
        Whose::City { city, state } => (None, None, Some(city), state.as_ref()),
    };
    json!({
        "id": id, "team": team, "partner": partner, "city": city, "state": state, "first_day": one.days.first,
        "last_day": one.days.last, "reason": one.reason, "severity": one.severity, "in_person": one.in_person,
        "decide_by": one.decide_by,
    })
}

fn meetings_json(shown: &TeamYear) -> Vec<Value> {
    let one = |meeting: &crate::domain::civic::Meeting| json!({"day": meeting.day, "start": meeting.span.start, "end": meeting.span.end, "moved_from": meeting.moved_from, "title": meeting.title});
    shown.meetings.iter().map(one).collect()
}

fn trip_json(shown: &TeamYear, one: &Planned) -> Value {
    let person = |person: &crate::domain::itinerary::Itinerary| {
        let member = shown.team.members.get(person.member);
        let stops: Vec<Value> = person
            .stops
            .iter()
            .map(
                |stop| json!({"event": stop.event, "first_day": stop.days.first, "last_day": stop.days.last, "off": stop.is_off}),
            )
            .collect();
        json!({"name": member.map(|member| &member.name), "role": member.map(|member| &member.role), "stops": stops, "leaves": person.away.first, "returns": person.away.last})
    };
    json!({
        "anchor": one.trip.root, "leaves": one.trip.away().map(|days| days.first), "returns": one.trip.away().map(|days| days.last),
        "travel_days": one.trip.travel_days(), "people": one.trip.people.iter().map(person).collect::<Vec<_>>(),
        "approval": one.approval.map(|asked| json!({"book_by": asked.approval.deadline, "meeting": asked.approval.meeting, "agenda_closes": asked.agenda_closes})),
        "waiting": one.waiting.iter().map(|(event, due)| json!({"event": event, "decide_by": due})).collect::<Vec<_>>(),
    })
}

fn year_json(shown: &TeamYear, now: chrono::DateTime<chrono::Utc>) -> Value {
    let concern = |(entry, places): &(crate::domain::Entry, Vec<usize>)| json!({"event": EventJson::from(&entry.event), "for": shown.names(places)});
    let stored = shown.stored_clashes(now);
    json!({
        "team": team_json(&shown.team), "first_day": shown.days.first, "last_day": shown.days.last,
        "concerns": shown.concerns.iter().map(concern).collect::<Vec<_>>(),
        "trips": shown.trips.iter().map(|one| trip_json(shown, one)).collect::<Vec<_>>(),
        "dropped": shown.dropped.iter().map(|one| trip_json(shown, one)).collect::<Vec<_>>(),
        "went_online": shown.online.iter().map(|(event, _)| event.id).collect::<Vec<_>>(),
        "clashes": stored.iter().map(agenda::finding_json).collect::<Vec<_>>(),
        "council": shown.council, "meetings": meetings_json(shown), "budget": shown.budget,
        "blackouts": shown.blackouts.iter().map(blackout_json).collect::<Vec<_>>(),
    })
}
