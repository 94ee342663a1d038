//! The stored findings are what a full run gives, whatever was done in whatever order.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use convene::app::agenda::{check, findings};
use convene::app::import::{Options, take_in};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, App};
use convene::domain::conflict::Finding;
use convene::domain::{EventId, EventStatus, Recurrence, Venue};
use convene::json::Draft;
use convene::store::StoredFinding;
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
const TITLES: [&str; 3] = ["City days", "Open house", "Working session"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn stored_findings_are_what_a_full_run_gives(deeds in vec(deed(), 1..14)) {
        let world = World::new();
        world.ignore_letters();
        let another = world.another();
        let mut events = Vec::new();
        for (place, deed) in deeds.iter().enumerate() {
            // Two processes by turns: neither may judge by what it remembers alone.
            act(if place % 3 == 1 { &another } else { &world.app }, deed, &mut events);
            let (stored, full) = (outline(findings(&world.app, &Actor::Operator)), outline(check(&world.app, &Actor::Operator)));
            let only = |these: &[Finding], those: &[Finding]| -> Vec<Finding> {
                these.iter().filter(|one| !those.contains(one)).cloned().collect()
            };
            prop_assert_eq!(only(&stored, &full), only(&full, &stored), "after {:?}", deed);
        }
    }
}

fn outline(found: Result<Vec<StoredFinding>, convene::app::Error>) -> Vec<Finding> {
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
    let status =
        prop::sample::select(vec![EventStatus::Hold, EventStatus::Proposed, EventStatus::Announced, EventStatus::Announced]);
    let steps = vec![Step::Hold, Step::Announce, Step::GoVirtual, Step::Postpone, Step::Cancel];
    prop_oneof![
        5 => (wish(), status).prop_map(|(wish, status)| Deed::Propose(wish, status)),
        1 => (any::<Index>(), wish()).prop_map(|(which, wish)| Deed::Edit(which, wish)),
        2 => (any::<Index>(), 0_u64..130).prop_map(|(which, day)| Deed::Move(which, day)),
        2 => (any::<Index>(), prop::sample::select(steps)).prop_map(|(which, step)| Deed::Take(which, step)),
        1 => vec(wish(), 1..4).prop_map(Deed::Import),
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
            };
            take_in(app, &Actor::Operator, calendar(wishes).as_bytes(), &options).expect("it is taken in");
            Ok(None)
        }
    };
    if let Ok(Some(verdict)) = done
        && !events.contains(&verdict.event.id)
    {
        events.push(verdict.event.id);
    }
}

fn take(app: &App, id: Option<EventId>, act: &Act) -> Result<Option<convene::app::propose::Verdict>, convene::app::Error> {
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

fn text(day: u64) -> String {
    (FIRST + Days::new(day)).to_string()
}

pub fn draft(wish: &Wish, events: &[EventId]) -> Draft {
    let (city, state) = PLACES[wish.place];
    let series = Recurrence { rrule: Some("FREQ=WEEKLY;COUNT=20".into()), ..Recurrence::default() };
    Draft {
        title: TITLES[wish.place].to_owned(),
        partner: Some(["harbor", "prairie", "summit"][wish.role].to_owned()),
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
    let day = |day: u64| (FIRST + Days::new(day)).format("%Y%m%d");
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
