//! What city teams say of their calendars, and holds that nobody decides on.

use chrono::NaiveTime;
use convene::app::agenda::{check, findings};
use convene::app::holds::sweep;
use convene::app::passing;
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::teams::{allow_again, put_budget_year, put_council, rule_out};
use convene::app::view::event as look_at;
use convene::app::{Actor, Error};
use convene::domain::civic::{Blackout, BudgetYear, Council, Whose};
use convene::domain::conflict::{Kind, Severity};
use convene::domain::{Days, EventStatus, Recurrence, TeamSlug, When};
use convene::json::Draft;

use crate::support::World;
use crate::support::cast::{ada, ben, in_the_oak_room};

fn riverbend() -> TeamSlug {
    "riverbend-oh".parse().expect("a team")
}

/// Tuesdays at six.
fn council() -> Council {
    let day = "2026-12-01".parse::<chrono::NaiveDate>().expect("a day");
    let at = |hour| day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour"));
    Council {
        name: "City Council".into(),
        seats: 5,
        quorum: None,
        mayor_sits: false,
        approves_travel: false,
        yields_to_elections: false,
        agenda_days: 7,
        when: When::Times { start: at(18), end: Some(at(21)) },
        recurrence: Recurrence { rrule: Some("FREQ=WEEKLY".into()), ..Recurrence::default() },
    }
}

fn out(whose: Whose, day: &str) -> Blackout {
    let days = Days::one(day.parse().expect("a day"));
    Blackout { whose, days, severity: Severity::High, reason: "hearings".into(), in_person: false, decide_by: None }
}

/// The kinds that stand, as stored and as computed afresh.
fn stored(world: &World) -> Vec<Kind> {
    let kinds = |all: Vec<convene::store::StoredFinding>| {
        let mut kinds: Vec<Kind> = all.into_iter().map(|stored| stored.finding.kind).collect();
        kinds.sort();
        kinds
    };
    let known = kinds(findings(&world.app, &Actor::Operator).expect("findings"));
    assert_eq!(known, kinds(check(&world.app, &Actor::Operator).expect("findings")));
    known
}

#[test]
fn what_a_team_says_of_its_calendar_is_found_at_once_and_gone_when_taken_back() {
    let world = World::new();
    world.ignore_letters();
    propose(&world.app, &ada(), &in_the_oak_room("Chiefs at work", "2027-06-08"), EventStatus::Announced).expect("announced");
    assert_eq!(stored(&world), []);
    put_council(&world.app, &Actor::Operator, &riverbend(), &council()).expect("a council");
    put_budget_year(&world.app, &Actor::Operator, &riverbend(), BudgetYear { month: 7, weeks: None }).expect("a budget");
    let team = rule_out(&world.app, &Actor::Operator, &out(Whose::Team(riverbend()), "2027-06-08")).expect("a blackout");
    rule_out(&world.app, &ada(), &out(Whose::Partner("harbor".parse().expect("partner")), "2027-06-09")).expect("a blackout");
    assert_eq!(stored(&world), [Kind::CouncilNight, Kind::BudgetSeason, Kind::Blackout]);
    allow_again(&world.app, &Actor::Operator, team).expect("taken back");
    assert_eq!(stored(&world), [Kind::CouncilNight, Kind::BudgetSeason]);
}

#[test]
fn an_organizer_rules_days_out_for_the_own_partner_only() {
    let world = World::new();
    let prairie = out(Whose::Partner("prairie".parse().expect("partner")), "2027-06-02");
    for blackout in [prairie, out(Whose::Team(riverbend()), "2027-06-02")] {
        let refused = rule_out(&world.app, &ada(), &blackout);
        assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    }
    let refused = put_council(&world.app, &Actor::Operator, &"riverbent-oh".parse().expect("a slug"), &council());
    assert!(refused.is_err_and(|error| error.to_string().contains("riverbend-oh")));
}

/// Story 14: fourteen days before, three days before, and then the days are free.
#[test]
fn a_hold_without_a_decision_warns_twice_and_then_frees_its_days() {
    let world = World::new();
    let draft = Draft { hold_until: Some("2027-01-31".into()), ..in_the_oak_room("Chiefs at work", "2027-06-01") };
    let held = propose(&world.app, &ada(), &draft, EventStatus::Hold).expect("held").event;
    let warned = |day: &str| {
        world.at(&format!("{day}T15:00:00Z"));
        assert_eq!(sweep(&world.app).expect("swept"), 0, "{day}");
        passing::sweep(&world.app).expect("the day is looked at");
        let found = findings(&world.app, &ada()).expect("findings");
        let lapsing = found.into_iter().find(|stored| stored.finding.kind == Kind::HoldLapsing);
        lapsing.map(|stored| stored.finding.severity)
    };
    assert_eq!(warned("2027-01-16"), None);
    assert_eq!(warned("2027-01-17"), Some(Severity::Medium));
    assert_eq!(world.letter().row.recipient, "ada@example.org", "warned in time to decide");
    assert_eq!(warned("2027-01-28"), Some(Severity::High));
    let letter = world.letter();
    assert_eq!(letter.row.recipient, "ada@example.org");
    assert!(letter.read.text.contains("This hold lapses after Sunday 31 January 2027"), "{}", letter.read.text);
    assert_eq!(warned("2027-01-31"), Some(Severity::High));
    let other = in_the_oak_room("Somebody else's morning", "2027-06-01");
    let beside = propose(&world.app, &ben(), &other, EventStatus::Hold).expect("held").event;
    assert!(stored(&world).contains(&Kind::RoomDoubleBooked));
    world.at("2027-02-01T15:00:00Z");
    assert_eq!(sweep(&world.app).expect("swept"), 1);
    assert_eq!(sweep(&world.app).expect("swept"), 0);
    let after = world.event("Chiefs at work");
    assert_eq!((after.status, after.details.hold_until, after.revision), (EventStatus::Idea, None, held.revision + 1));
    let said = look_at(&world.app, &ada(), after.id).expect("its page").changes.into_iter().map(|change| change.reason);
    assert!(said.flatten().any(|reason| reason == "nobody decided by Sun 31 January 2027"));
    assert!(!stored(&world).contains(&Kind::RoomDoubleBooked));
    assert_eq!(world.event("Somebody else's morning").id, beside.id);
    world.ignore_letters();
}

#[test]
fn a_hold_stands_sixty_days_where_nothing_is_said_and_keeps_its_last_day_when_it_is_edited() {
    let world = World::new();
    let draft = in_the_oak_room("Chiefs at work", "2027-06-01");
    let held = propose(&world.app, &ada(), &draft, EventStatus::Hold).expect("held").event;
    let last = Some("2027-01-22".parse().expect("a day"));
    assert_eq!(held.details.hold_until, last);
    world.at("2026-12-24T12:00:00Z");
    let act = Act::Edit(Box::new(Draft { title: "Chiefs together".into(), ..draft }));
    let edited = settle(&world.app, &ada(), held.id, None, &act, None).expect("edited").event;
    assert_eq!(edited.details.hold_until, last);
    let announced = settle(&world.app, &ada(), held.id, None, &Act::Announce, None).expect("announced").event;
    assert_eq!(announced.details.hold_until, None);
    world.ignore_letters();
}
