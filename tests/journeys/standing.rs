//! The stored findings are what a full run gives, whatever was done in whatever order.

use std::sync::LazyLock;

use chrono::{Duration, NaiveDate};
use convene::app::agenda::{check, findings};
use convene::app::decisions::{self, Ban};
use convene::app::import::{Options, take_in};
use convene::app::policy::{self, change_policy};
use convene::app::propose::{Verdict, propose};
use convene::app::settle::{Act, settle};
use convene::app::teams::meetings::{Exception, except};
use convene::app::teams::{self, roster};
use convene::app::{Actor, App, Error, holds, passing};
use convene::domain::civic::{Blackout, BudgetYear, Council, Whose};
use convene::domain::conflict::{Finding, Severity};
use convene::domain::team::Member;
use convene::domain::{Days, EventId, EventStatus, Recurrence, TeamSlug, Venue, When};
use convene::json::Draft;
use convene::store::{PolicyHolder, StoredFinding};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::World;

/// One thing that somebody does.
#[derive(Debug, Clone)]
pub enum Deed {
    Propose(Wish, EventStatus),
    Edit(Index, Wish),
    Move(Index, u64),
    Take(Index, Step),
    Import(Vec<Wish>),
    /// Somebody joins a team, has another role there, or leaves it.
    Join(usize, usize),
    Turn(usize, Index, usize),
    Leave(usize, Index),
    /// A council meets on this weekday, or one of its meetings is called off or moved.
    Meet(usize, usize),
    CallOff(usize, Index),
    Shift(usize, Index, u64),
    Budget(usize, u32),
    RuleOut(usize, u64, bool),
    Allow(Index),
    Ban(u64),
    Judge(usize, usize),
    JudgeOne(Index, usize),
    /// So many hours pass.
    Wait(i64),
}

/// What is done to an event that is there.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Hold,
    Announce,
    GoVirtual,
    Postpone,
    Cancel,
}

/// What an event is to be.
#[derive(Debug, Clone)]
pub struct Wish {
    day: u64,
    length: u64,
    place: usize,
    role: usize,
    cohort: bool,
    online: bool,
    weekly: bool,
    anchor: Option<Index>,
}

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2027, 3, 1).expect("a date");
const PLACES: [(&str, &str); 3] = [("Kansas City", "MO"), ("Phoenix", "AZ"), ("Seattle", "WA")];
const ROLES: [&str; 3] = ["chief_equity_officer", "equity_staff", "chief_of_staff"];
const PARTNERS: [&str; 3] = ["harbor", "prairie", "summit"];
const TEAMS: [&str; 2] = ["riverbend-oh", "elm-hollow-mo"];
const JOBS: [&str; 6] = ["chief_equity_officer", "equity_staff", "chief_of_staff", "council_member", "mayor", "city_manager"];
const WEEKDAYS: [&str; 3] = ["TU", "WE", "TH"];
const RULES: [&str; 6] = [
    r#"{"apart_km": 5000, "ignore": ["short_notice"]}"#,
    r#"{"apart_km": null, "ignore": null}"#,
    r#"{"team_split": {"few": "high"}, "observance": {"avoid": "block"}}"#,
    r#"{"same_place_near_dates": {"near_days": 6}, "role_overlap": {"online": "high"}}"#,
    r#"{"ignore": ["team_split", "role_overlap", "council_night", "expected_anchor"]}"#,
    r#"{"travel_load": {"short_trips": 1}}"#,
];
const TITLES: [&str; 3] = ["City days", "Open house", "Working session"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stored_findings_are_what_a_full_run_gives(deeds in vec(deed(), 1..14)) {
        let world = World::new();
        world.ignore_letters();
        let another = world.another();
        let mut events = Vec::new();
        for (place, deed) in deeds.iter().enumerate() {
            // Two processes by turns: neither may judge by what it remembers alone.
            act(if place % 3 == 1 { &another } else { &world.app }, deed, &mut events);
            // Both live in the same hour, whichever of them waited.
            let now = world.app.now().max(another.now());
            world.app.clock.set(now);
            another.clock.set(now);
            let (stored, full) = (outline(findings(&world.app, &Actor::Operator)), outline(check(&world.app, &Actor::Operator)));
            let only = |these: &[Finding], those: &[Finding]| -> Vec<Finding> {
                these.iter().filter(|one| !those.contains(one)).cloned().collect()
            };
            prop_assert_eq!(only(&stored, &full), only(&full, &stored), "after {:?}", deed);
        }
    }
}

fn outline(found: Result<Vec<StoredFinding>, Error>) -> Vec<Finding> {
    let stored = found.expect("findings").into_iter().map(|stored| stored.finding);
    // The hash of its facts is kept beside a finding, not in it.
    stored.map(|finding| Finding { facts: String::new(), ..finding }).collect()
}

pub fn wish() -> impl Strategy<Value = Wish> {
    let seldom = || prop::bool::weighted(0.2);
    let anchor = prop::option::weighted(0.2, any::<Index>());
    (0_u64..130, 0_u64..3, 0..PLACES.len(), 0..ROLES.len(), seldom(), seldom(), seldom(), anchor).prop_map(
        |(day, length, place, role, cohort, online, weekly, anchor)| Wish {
            day,
            length,
            place,
            role,
            cohort,
            online,
            weekly,
            anchor,
        },
    )
}

/// Any of them.
pub fn deed() -> impl Strategy<Value = Deed> {
    let status = prop::sample::select(vec![
        EventStatus::Idea,
        EventStatus::Hold,
        EventStatus::Proposed,
        EventStatus::Announced,
        EventStatus::Announced,
    ]);
    let steps = vec![Step::Hold, Step::Announce, Step::GoVirtual, Step::Postpone, Step::Cancel];
    prop_oneof![
        5 => (wish(), status).prop_map(|(wish, status)| Deed::Propose(wish, status)),
        1 => (any::<Index>(), wish()).prop_map(|(which, wish)| Deed::Edit(which, wish)),
        2 => (any::<Index>(), 0_u64..130).prop_map(|(which, day)| Deed::Move(which, day)),
        2 => (any::<Index>(), prop::sample::select(steps)).prop_map(|(which, step)| Deed::Take(which, step)),
        // More than twenty at once are looked at in another way.
        1 => prop_oneof![3 => vec(wish(), 1..4), 1 => vec(wish(), 21..24)].prop_map(Deed::Import),
        5 => of_teams(),
        2 => of_rules(),
        1 => (1_i64..2400).prop_map(Deed::Wait),
    ]
}

/// What city teams say of themselves.
fn of_teams() -> impl Strategy<Value = Deed> {
    let team = || 0..TEAMS.len();
    prop_oneof![
        2 => (team(), 0..JOBS.len()).prop_map(|(team, role)| Deed::Join(team, role)),
        1 => (team(), any::<Index>(), 0..JOBS.len()).prop_map(|(team, who, role)| Deed::Turn(team, who, role)),
        1 => (team(), any::<Index>()).prop_map(|(team, who)| Deed::Leave(team, who)),
        2 => (team(), 0..WEEKDAYS.len()).prop_map(|(team, day)| Deed::Meet(team, day)),
        1 => (team(), any::<Index>()).prop_map(|(team, meeting)| Deed::CallOff(team, meeting)),
        1 => (team(), any::<Index>(), 0_u64..130).prop_map(|(team, meeting, day)| Deed::Shift(team, meeting, day)),
        1 => (team(), 1_u32..=12).prop_map(|(team, month)| Deed::Budget(team, month)),
        2 => (0..TEAMS.len() + 2, 0_u64..130, any::<bool>()).prop_map(|(whose, day, in_person)| Deed::RuleOut(whose, day, in_person)),
        1 => any::<Index>().prop_map(Deed::Allow),
        1 => (0_u64..130).prop_map(Deed::Ban),
    ]
}

fn of_rules() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (0..PARTNERS.len(), 0..RULES.len()).prop_map(|(partner, rule)| Deed::Judge(partner, rule)),
        (any::<Index>(), 0..RULES.len()).prop_map(|(event, rule)| Deed::JudgeOne(event, rule)),
    ]
}

/// Does it; what the service refuses has not happened.
pub fn act(app: &App, deed: &Deed, events: &mut Vec<EventId>) {
    let chosen = |which: &Index| (!events.is_empty()).then(|| *which.get(events));
    let done = match deed {
        Deed::Propose(wish, status) => propose(app, &Actor::Operator, &draft(wish, events), *status).map(Some),
        Deed::Edit(which, wish) => take(app, chosen(which), &Act::Edit(Box::new(draft(wish, events)))),
        Deed::Move(which, day) => take(app, chosen(which), &Act::Move { start: text(*day), end: Some(text(*day + 1)) }),
        Deed::Take(which, step) => take(app, chosen(which), &step.act()),
        Deed::Import(wishes) => {
            let options = Options {
                partner: Some("harbor".parse().expect("a partner")),
                calendar: "harbor.ics".into(),
                zone: chrono_tz::America::Chicago,
                dry_run: false,
                doubtful: false,
            };
            take_in(app, &Actor::Operator, calendar(wishes).as_bytes(), &options).expect("it is taken in");
            Ok(None)
        }
        Deed::Judge(partner, rule) => judge(app, &PolicyHolder::Partner(PARTNERS[*partner].parse().expect("a partner")), *rule),
        Deed::JudgeOne(which, rule) => chosen(which).map_or(Ok(None), |id| judge(app, &PolicyHolder::Event(id), *rule)),
        Deed::Wait(hours) => {
            app.clock.set(app.now() + Duration::hours(*hours));
            holds::sweep(app).and_then(|_| teams::carry_on(app)).and_then(|_| passing::sweep(app)).map(|_| None)
        }
        other => say_of_teams(app, other).map(|()| None),
    };
    if let Err(Error::Store(error)) = &done {
        panic!("{deed:?}: {error}");
    }
    if let Ok(Some(verdict)) = done
        && !events.contains(&verdict.event.id)
    {
        events.push(verdict.event.id);
    }
}

fn judge(app: &App, whose: &PolicyHolder, rule: usize) -> Result<Option<Verdict>, Error> {
    let said = serde_json::from_str(RULES[rule]).expect("a policy");
    change_policy(app, &Actor::Operator, whose, None, &policy::Change::Patch(said), None).map(|_| None)
}

fn say_of_teams(app: &App, deed: &Deed) -> Result<(), Error> {
    let slug = |team: usize| -> TeamSlug { TEAMS[team].parse().expect("a team") };
    let member = |name: &str, role: usize| Member {
        name: name.to_owned(),
        role: JOBS[role].parse().expect("a role"),
        cohorts: ["equity-officers".parse().expect("a cohort")].into_iter().filter(|_| role == 0).collect(),
    };
    let one_of = |team: usize, who: &Index| {
        let members = roster::look(app, &Actor::Operator, &slug(team)).expect("the team").members;
        (!members.is_empty()).then(|| who.index(members.len())).map(|place| (place, members[place].name.clone()))
    };
    let change = |team: usize, change: &roster::Change| roster::change(app, &Actor::Operator, &slug(team), change).map(drop);
    let night = |team: usize, which: &Index| {
        let known = app.store.read::<_, Error>(|reader| Ok(reader.meetings(Days { first: FIRST, last: day(130) })?));
        let nights: Vec<NaiveDate> =
            known.expect("meetings").into_iter().filter(|one| one.team == slug(team)).map(|one| one.day).collect();
        (!nights.is_empty()).then(|| *which.get(&nights))
    };
    match deed {
        Deed::Join(team, role) => change(*team, &roster::Change::Add(member("Somebody New", *role))),
        Deed::Turn(team, who, role) => one_of(*team, who).map_or(Ok(()), |(place, name)| {
            let turned = member(&name, *role);
            change(*team, &roster::Change::Put(place, name, turned))
        }),
        Deed::Leave(team, who) => {
            one_of(*team, who).map_or(Ok(()), |(place, name)| change(*team, &roster::Change::Remove(place, name)))
        }
        Deed::Meet(team, weekday) => teams::put_council(app, &Actor::Operator, &slug(*team), &council(WEEKDAYS[*weekday])),
        Deed::CallOff(team, which) => night(*team, which)
            .map_or(Ok(()), |day| except(app, &Actor::Operator, &slug(*team), Exception::CalledOff(day)).map(drop)),
        Deed::Shift(team, which, to) => night(*team, which)
            .map_or(Ok(()), |from| except(app, &Actor::Operator, &slug(*team), Exception::Moved(from, day(*to))).map(drop)),
        Deed::Budget(team, month) => {
            teams::put_budget_year(app, &Actor::Operator, &slug(*team), BudgetYear { month: *month, weeks: None })
        }
        Deed::RuleOut(whose, first, in_person) => {
            let whose = match whose.checked_sub(TEAMS.len()) {
                None => Whose::Team(slug(*whose)),
                Some(partner) => Whose::Partner(PARTNERS[partner].parse().expect("a partner")),
            };
            let days = Days::new(day(*first), day(*first + 4));
            let reason = "hearings".to_owned();
            let out = Blackout { whose, days, severity: Severity::High, reason, in_person: *in_person, decide_by: None };
            teams::rule_out(app, &Actor::Operator, &out).map(drop)
        }
        Deed::Allow(which) => {
            let known = app.store.read::<_, Error>(|reader| Ok(reader.blackouts(Days::ALL)?)).expect("blackouts");
            let numbers: Vec<i64> = known.into_iter().map(|(number, _)| number).collect();
            if numbers.is_empty() { Ok(()) } else { teams::allow_again(app, &Actor::Operator, *which.get(&numbers)) }
        }
        Deed::Ban(until) => {
            let today = app.today();
            let ban =
                Ban { partner: "summit".parse().expect("a partner"), until: day(*until), decide_by: today, reason: "flu".into() };
            decisions::forbid(app, &Actor::Operator, &ban).map(drop)
        }
        _ => Ok(()),
    }
}

/// A council of five that meets every week from December 2026 on.
fn council(weekday: &str) -> Council {
    let at = |hour| NaiveDate::from_ymd_opt(2026, 12, 1).and_then(|day| day.and_hms_opt(hour, 0, 0)).expect("a time");
    Council {
        name: "City Council".into(),
        seats: 5,
        quorum: Some(4),
        mayor_sits: true,
        approves_travel: true,
        yields_to_elections: true,
        agenda_days: 7,
        when: When::Times { start: at(18), end: Some(at(21)) },
        recurrence: Recurrence { rrule: Some(format!("FREQ=WEEKLY;BYDAY={weekday}")), ..Recurrence::default() },
    }
}

fn take(app: &App, id: Option<EventId>, act: &Act) -> Result<Option<Verdict>, Error> {
    id.map(|id| settle(app, &Actor::Operator, id, None, act, None)).transpose()
}

impl Step {
    fn act(self) -> Act {
        match self {
            Self::Hold => Act::Hold,
            Self::Announce => Act::Announce,
            Self::GoVirtual => Act::GoVirtual { join_url: None },
            Self::Postpone => Act::Postpone,
            Self::Cancel => Act::Cancel,
        }
    }
}

fn day(day: u64) -> NaiveDate {
    FIRST + chrono::Days::new(day)
}

fn text(number: u64) -> String {
    day(number).to_string()
}

pub fn draft(wish: &Wish, events: &[EventId]) -> Draft {
    let (city, state) = PLACES[wish.place];
    let series = Recurrence { rrule: Some("FREQ=WEEKLY;COUNT=20".into()), ..Recurrence::default() };
    Draft {
        title: TITLES[wish.place].to_owned(),
        partner: Some(PARTNERS[wish.role].to_owned()),
        roles: vec![ROLES[wish.role].to_owned()],
        cohort: wish.cohort.then(|| "equity-officers".to_owned()),
        anchor: wish.anchor.as_ref().filter(|_| !events.is_empty()).map(|which| which.get(events).to_string()),
        mode: Some(if wish.online { "virtual" } else { "in_person" }.to_owned()),
        venue: Some(Venue { city: Some(city.into()), state: Some(state.into()), ..Venue::default() }),
        start: text(wish.day),
        end: Some(text(wish.day + wish.length)),
        time_zone: Some("America/Chicago".to_owned()),
        recurrence: wish.weekly.then_some(series),
        ..Draft::default()
    }
}

/// A calendar of these, each under the UID of its place in it: a later one changes what an earlier one brought.
fn calendar(wishes: &[Wish]) -> String {
    static HEAD: LazyLock<String> = LazyLock::new(|| "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n".to_owned());
    let day = |number: u64| day(number).format("%Y%m%d");
    let event = |(number, wish): (usize, &Wish)| {
        let (city, state) = PLACES[wish.place];
        format!(
            "BEGIN:VEVENT\r\nUID:{number}@example.org\r\nDTSTAMP:20261123T120000Z\r\nDTSTART;VALUE=DATE:{}\r\nDTEND;VALUE=DATE:{}\r\n\
             SUMMARY:{}\r\nLOCATION:{city}\\, {state}\r\nCATEGORIES:{}\r\nEND:VEVENT\r\n",
            day(wish.day),
            day(wish.day + wish.length + 1),
            TITLES[wish.place],
            ROLES[wish.role]
        )
    };
    let events: String = wishes.iter().enumerate().map(event).collect();
    format!("{}{events}END:VCALENDAR\r\n", *HEAD)
}
