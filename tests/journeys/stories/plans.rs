//! Councils, hours, windows and holds.

use chrono::NaiveTime;
use convene::app::agenda::findings_of;
use convene::app::holds::sweep;
use convene::app::passing;
use convene::app::settle::{Act, settle};
use convene::app::suggest::suggest;
use convene::app::teams::meetings::{Exception, except};
use convene::app::teams::put_council;
use convene::app::{Actor, Error};
use convene::domain::civic::Council;
use convene::domain::conflict::{Kind, Severity};
use convene::domain::observance::{Certainty, ObservanceKind, Tier};
use convene::domain::{Days, EventStatus, Observance, Recurrence, When};
use convene::json::{Draft, WishDraft};

use super::{days_said, found, in_person, put, riverbend, said, with_team, world_at};
use crate::support::World;
use crate::support::cast::{ada, ben, in_the_oak_room};

/// Five seats; Tuesdays of these weeks from six to nine.
fn council(first: &str, rule: &str) -> Council {
    let day: chrono::NaiveDate = first.parse().expect("a day");
    let at = |hour| day.and_time(NaiveTime::from_hms_opt(hour, 0, 0).expect("an hour"));
    Council {
        name: "City Council".into(),
        seats: 5,
        quorum: None,
        mayor_sits: false,
        approves_travel: true,
        yields_to_elections: true,
        agenda_days: 7,
        when: When::Times { start: at(18), end: Some(at(21)) },
        recurrence: Recurrence { rrule: Some(rule.into()), ..Recurrence::default() },
    }
}

#[test]
fn story_10_council_nights_and_quorum() {
    let world = world_at("2018-12-03T12:00:00Z");
    world.ignore_letters();
    let lea = with_team(&world, &["Ann council_member", "Ben council_member"]);
    put_council(&world.app, &lea, &riverbend(), &council("2019-01-08", "FREQ=MONTHLY;BYDAY=2TU,4TU")).expect("a council");
    let conference = in_person(
        "Congressional City Conference",
        "harbor",
        &["elected_official"],
        ("2019-03-10", "2019-03-13"),
        "Washington, DC",
        "America/New_York",
    );
    let id = put(&world, &conference, EventStatus::Announced).id;
    let nights = said(&world, id, Kind::CouncilNight);
    assert_eq!(nights.len(), 1);
    assert_eq!(nights[0].0, Severity::Medium);
    for words in [
        "Tuesday 12 March 2019",
        "two of its five members are invited",
        "its last meeting before travel is booked, by 8 February 2019, is on 22 January 2019",
    ] {
        assert!(nights[0].1.contains(words), "{words}: {}", nights[0].1);
    }
    assert_eq!(said(&world, id, Kind::QuorumRisk), []);
    with_three(&world);
    assert_eq!(said(&world, id, Kind::CouncilNight), []);
    let risk = said(&world, id, Kind::QuorumRisk);
    assert_eq!((risk.len(), risk[0].0), (1, Severity::High));
    assert!(risk[0].1.contains("Tuesday 12 March 2019") && risk[0].1.contains("a quorum is three"), "{}", risk[0].1);
    // What needs approval, and by when, stands on the team's page.
    let page = crate::support::visitor::Visitor::signed_in(&world, "lea@example.org").get("/teams/riverbend-oh").text();
    assert!(page.contains("By Tue 15 January 2019") && page.contains("put it on the agenda of Tue 22 January 2019"), "{page}");
}

fn with_three(world: &World) {
    use convene::app::teams::roster::{Change, change};
    let third =
        convene::domain::team::Member { name: "Cat".into(), role: "council_member".parse().expect("a role"), cohorts: [].into() };
    change(&world.app, &Actor::Operator, &riverbend(), &Change::Add(third)).expect("one more");
}

#[test]
fn story_11_elections_move_councils() {
    let world = world_at("2025-03-03T12:00:00Z");
    world.ignore_letters();
    let day: chrono::NaiveDate = "2025-10-07".parse().expect("a day");
    let primary = Observance {
        name: "Special primary".into(),
        days: Days::one(day),
        kind: ObservanceKind::Election,
        tier: Tier::Avoid,
        from_sunset: false,
        work_restricted: false,
        state: Some("OH".into()),
        certainty: Certainty::Exact,
        alternate: None,
        calculated: false,
    };
    let all = world.app.store.read::<_, Error>(|reader| Ok(reader.observances(Days::ALL)?)).expect("observances");
    let all: Vec<Observance> = all.into_iter().chain([primary]).collect();
    let version = world.app.store.read::<_, Error>(|reader| Ok(reader.meta("observances")?)).expect("a version").expect("one");
    world.app.store.write::<_, Error>(|writer| Ok(writer.replace_observances(&all, &version)?)).expect("kept");
    let lea = with_team(&world, &["Ann council_member"]);
    put_council(&world.app, &lea, &riverbend(), &council("2025-09-02", "FREQ=MONTHLY;BYDAY=1TU")).expect("a council");
    let on = |title: &str, day: &str, state: &str| {
        let draft =
            in_person(title, "harbor", &["council_member"], (day, day), &format!("Springfield, {state}"), "America/Chicago");
        put(&world, &draft, EventStatus::Announced).id
    };
    let (seventh, ninth) = (on("Members on the seventh", "2025-10-07", "IL"), on("Members on the ninth", "2025-10-09", "IL"));
    let kinds = |id| {
        let all = found(&world, id);
        let has = |kind| all.iter().any(|finding| finding.kind == kind);
        (has(Kind::ElectionDay), has(Kind::CouncilNight))
    };
    except(&world.app, &lea, &riverbend(), Exception::Moved(day, "2025-10-09".parse().expect("a day"))).expect("moved");
    assert_eq!((kinds(seventh), kinds(ninth)), ((true, false), (false, true)));
    let sentence = &said(&world, ninth, Kind::CouncilNight)[0].1;
    assert!(sentence.contains("Thursday 9 October 2025") && sentence.contains("moved from 7 October 2025"), "{sentence}");
    // Teams of other states do not vote then.
    let elm: convene::domain::TeamSlug = "elm-hollow-mo".parse().expect("a team");
    let only_elm = convene::app::teams::year::year(&world.app, &Actor::Operator, &elm).expect("the year");
    assert!(only_elm.clashes.iter().all(|finding| finding.kind != Kind::ElectionDay));
}

#[test]
fn story_12_fair_hours_for_virtual_sessions() {
    let world = World::demo();
    world.ignore_letters();
    world.at("2024-05-01T12:00:00Z");
    // Of the demo's teams, Demoville (Detroit) and Trial Bay (Honolulu) have a city manager.
    let draft = Draft {
        title: "Managers online".into(),
        partner: Some("icma".into()),
        roles: vec!["city_manager".into()],
        mode: Some("virtual".into()),
        start: "2024-07-25T11:00".into(),
        end: Some("2024-07-25T12:00".into()),
        time_zone: Some("America/New_York".into()),
        ..Draft::default()
    };
    let id = put(&world, &draft, EventStatus::Announced).id;
    let hours = said(&world, id, Kind::UnfairHours);
    assert_eq!(hours.len(), 1);
    assert!(hours[0].1.contains("11:00 New York time on 25 July 2024 is 05:00 in Honolulu"), "{}", hours[0].1);
    let wish = WishDraft {
        roles: vec!["city_manager".into()],
        mode: Some("virtual".into()),
        length: "1h".into(),
        between: Some("2024-07-25..2024-07-25".into()),
        time_zone: Some("America/New_York".into()),
        partner: Some("icma".into()),
        hours: Some("06:00-22:00".into()),
        limit: Some(40),
        ..WishDraft::default()
    };
    let found = suggest(&world.app, &Actor::Operator, &wish).expect("windows");
    let mut fair: Vec<(String, String)> = found
        .windows
        .iter()
        .map(|window| {
            let wall =
                |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&chrono_tz::America::New_York).format("%H:%M").to_string();
            let span = window.when.span(chrono_tz::America::New_York);
            (wall(span.start), wall(span.end))
        })
        .collect();
    fair.sort();
    assert_eq!(fair.first().map(|one| one.0.as_str()), Some("14:00"), "{fair:?}");
    assert_eq!(fair.last().map(|one| one.1.as_str()), Some("18:00"), "{fair:?}");
}

#[test]
fn story_13_find_a_window() {
    let world = World::demo();
    let wish = WishDraft {
        roles: vec!["chief_equity_officer".into()],
        length: "3d".into(),
        between: Some("2027-10-01..2027-11-30".into()),
        weekdays: Some("wed-fri".into()),
        mode: Some("in_person".into()),
        travel_days: Some(1),
        avoid: Some("avoid".into()),
        expected: Some(60),
        partner: Some("gare".into()),
        ..WishDraft::default()
    };
    let found = suggest(&world.app, &Actor::Operator, &wish).expect("windows");
    let mut windows: Vec<String> = found.windows.iter().map(|window| days_said(window.when.days())).collect();
    windows.sort();
    assert_eq!(windows, ["Wed 17 – Fri 19 November 2027", "Wed 6 – Fri 8 October 2027"]);
    let against = |words: &str| -> Vec<String> {
        let window = found.windows.iter().find(|window| days_said(window.when.days()).contains(words)).expect("the window");
        window.against.iter().map(|finding| finding.message.clone()).collect()
    };
    assert!(against("October").iter().any(|said| said.contains("Dussehra")), "{:?}", against("October"));
    assert!(against("November").iter().any(|said| said.contains("City Summit")), "{:?}", against("November"));
    let reasons: Vec<String> = found.dropped.iter().map(|one| one.reasons.join("; ")).collect();
    let expected = ["Sukkot", "Shemini Atzeret", "Diwali", "Election Day", "Veterans Day", "Thanksgiving"];
    assert_eq!(reasons.len(), expected.len(), "{reasons:?}");
    for word in expected {
        assert!(reasons.iter().any(|reason| reason.contains(word)), "{word}: {reasons:?}");
    }
}

#[test]
fn story_14_holds_and_save_the_dates() {
    let world = world_at("2026-11-23T12:00:00Z");
    world.ignore_letters();
    let held = Draft { hold_until: Some("2027-01-31".into()), ..in_the_oak_room("Chiefs at work", "2027-06-01") };
    let first = put(&world, &Draft { partner: Some("harbor".into()), ..held }, EventStatus::Hold).id;
    let other = in_the_oak_room("Somebody else's morning", "2027-06-01");
    let second = put(&world, &Draft { partner: Some("prairie".into()), ..other }, EventStatus::Hold).id;
    // Both see at once that the days are taken.
    for (actor, id) in [(ada(), first), (ben(), second)] {
        let seen = findings_of(&world.app, &actor, id).expect("findings");
        let taken = seen.iter().any(|stored| matches!(stored.finding.kind, Kind::RoomDoubleBooked | Kind::RoleOverlap));
        assert!(taken, "{}: {seen:?}", actor.name());
    }
    let lapsing = |day: &str| {
        world.at(&format!("{day}T15:00:00Z"));
        sweep(&world.app).expect("swept");
        passing::sweep(&world.app).expect("the day is looked at");
        said(&world, first, Kind::HoldLapsing).first().map(|one| one.0)
    };
    let warned = ["2027-01-16", "2027-01-17", "2027-01-27", "2027-01-28"].map(lapsing);
    assert_eq!(warned, [None, Some(Severity::Medium), Some(Severity::Medium), Some(Severity::High)]);
    // Held for longer, it warns again when that is near, and then the days are free.
    let act = Act::Prolong { until: "2027-02-28".into() };
    let kept = settle(&world.app, &ada(), first, None, &act, None).expect("prolonged").event;
    assert_eq!(kept.details.hold_until.map(|day| day.to_string()).as_deref(), Some("2027-02-28"));
    let warned = ["2027-02-01", "2027-02-14", "2027-02-25"].map(lapsing);
    assert_eq!(warned, [None, Some(Severity::Medium), Some(Severity::High)]);
    assert_eq!(lapsing("2027-03-01"), None);
    assert_eq!(world.event("Chiefs at work").status, EventStatus::Idea);
    let late = settle(&world.app, &ada(), first, None, &Act::Prolong { until: "2027-04-01".into() }, None);
    assert!(matches!(late, Err(Error::NotPossible(_))), "{late:?}");
}
