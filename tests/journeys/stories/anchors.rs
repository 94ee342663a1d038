//! Anchors: set beside, lost, made virtual, and a ban on meeting in person.

use convene::app::Actor;
use convene::app::decisions::{Ban, forbid, keep, open};
use convene::app::digest::{Run, run};
use convene::app::overrides::override_finding;
use convene::app::settle::{Act, settle};
use convene::app::subscribe::{Wish, confirm, subscribe};
use convene::app::teams::year::{TeamYear, year};
use convene::app::view;
use convene::domain::conflict::{Kind, Severity};
use convene::domain::{EventId, EventStatus, Mode};
use convene::json::Draft;
use rocket::http::Status;

use super::{admin, days_said, found, in_person, put, riverbend, said, with_team, world_at};
use crate::support::World;
use crate::support::cast::{ada, address, ben, cleo};
use crate::support::visitor::Visitor;

const PLACE: &str = "Columbus, OH";
const CLOCK: &str = "America/New_York";
const TEAM: [&str; 4] =
    ["Cy chief_equity_officer equity-officers", "Eve equity_staff", "Max city_manager", "Pat community_organizer"];

/// The anchor of 21–23 April 2020 and its three satellites: the day before, inside, and on the last afternoon.
fn april(world: &World) -> (EventId, [EventId; 3]) {
    let meeting = in_person(
        "Equity annual meeting",
        "harbor",
        &["equity_staff"],
        ("2020-04-21", "2020-04-23"),
        "Tulsa, OK",
        "America/Chicago",
    );
    let anchor = put(world, &meeting, EventStatus::Announced).id;
    let beside = |title: &str, partner: &str, roles: &[&str], start: &str, end: &str| Draft {
        anchor: Some(anchor.to_string()),
        ..in_person(title, partner, roles, (start, end), "Tulsa, OK", "America/Chicago")
    };
    let cohort = Draft {
        kind: Some("session".to_owned()),
        cohort: Some("equity-officers".to_owned()),
        ..beside("Equity officers: cohort day", "harbor", &[], "2020-04-20", "2020-04-20")
    };
    let workshop = beside("Policy workshop", "prairie", &["community_organizer"], "2020-04-22", "2020-04-22");
    let roundtable = beside("Managers' roundtable", "summit", &["city_manager"], "2020-04-23T13:00", "2020-04-23T17:00");
    (anchor, [cohort, workshop, roundtable].map(|draft| put(world, &draft, EventStatus::Confirmed).id))
}

/// Each trip: who goes where, and from when until when they are away.
fn itineraries(shown: &TeamYear) -> Vec<Vec<(String, Vec<String>, String)>> {
    let title = |one: &convene::app::teams::year::Planned, id: EventId| one.events[&id].details.title.clone();
    let of = |one: &convene::app::teams::year::Planned| {
        let person = |person: &convene::domain::itinerary::Itinerary| {
            let stops = person.stops.iter().map(|stop| title(one, stop.event)).collect();
            (shown.team.members[person.member].name.clone(), stops, days_said(person.away))
        };
        one.trip.people.iter().map(person).collect()
    };
    shown.trips.iter().map(of).collect()
}

/// Without the breaks of lines.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The one digest since the test last looked.
fn digest_of(world: &World) -> crate::support::world::Seen {
    let mut digests: Vec<_> = world.letters().into_iter().filter(|one| one.row.kind == "digest").collect();
    assert_eq!(digests.len(), 1);
    digests.remove(0)
}

/// The rule of the domain page: its organizer cannot move alone, so it is shown whose decision it is.
#[test]
fn a_satellite_takes_over_what_was_found_about_its_anchor_and_says_who_decides_on_that() {
    let world = world_at("2027-01-11T12:00:00Z");
    let days = |first: &'static str, last: &'static str| (first, last);
    let of = |title: &str, partner: &str, days| in_person(title, partner, &["mayor"], days, "Tulsa, OK", "America/Chicago");
    let meeting = of("Fair Start meeting", "harbor", days("2027-10-11", "2027-10-13"));
    let anchor = put(&world, &meeting, EventStatus::Announced).id;
    let beside = Draft { anchor: Some(anchor.to_string()), ..of("Breakfast", "prairie", days("2027-10-13", "2027-10-13")) };
    let satellite = put(&world, &beside, EventStatus::Confirmed).id;

    let whole = |actor: &Actor| view::event(&world.app, actor, satellite).expect("its page");
    let holiday = |kind: Kind| kind == Kind::FederalHoliday;
    let seen = whole(&ben());
    assert!(!seen.findings.iter().any(|one| holiday(one.finding.kind)), "the holiday is not on its own day");
    let inherited = seen.inherited.expect("its anchor's findings");
    assert_eq!(inherited.decided_by, ["harbor".parse().expect("a partner")]);
    let taken: Vec<_> = inherited.findings.iter().filter(|one| holiday(one.finding.kind)).collect();
    assert_eq!(taken.len(), 1);
    let is_about_both = |id: EventId, one: &convene::store::StoredFinding| one.finding.events.contains(&id);
    assert!(inherited.findings.iter().all(|one| is_about_both(anchor, one) && !is_about_both(satellite, one)));
    assert!(inherited.findings.iter().all(|one| one.finding.severity >= Severity::Low));

    let page = Visitor::of(&world).get(&format!("/events/{satellite}")).text();
    assert!(page.contains("What was found about that") && page.contains("Whose decision it is: Harbor"), "{page}");
    let json = Visitor::of(&world).get(&format!("/api/v1/events/{satellite}")).json();
    assert_eq!(
        (&json["inherited"]["anchor"], &json["inherited"]["decided_by"][0]),
        (&anchor.to_string().into(), &"harbor".into())
    );
    let own: Vec<_> = json["findings"].as_array().expect("its own").iter().map(|one| &one["fingerprint"]).collect();
    assert!(json["inherited"]["findings"].as_array().expect("some").iter().all(|one| !own.contains(&&one["fingerprint"])));

    let fingerprint = taken[0].finding.fingerprint.to_string();
    override_finding(&world.app, &ada(), &fingerprint, "Only that week was possible", None).expect("it is decided");
    let left = whole(&ben()).inherited.expect("the rest");
    assert!(!left.findings.iter().any(|one| holiday(one.finding.kind)), "what was decided on is not in the way");
}

#[test]
fn what_was_found_about_an_anchor_that_is_not_public_is_for_those_who_know_of_it() {
    let world = world_at("2027-01-11T12:00:00Z");
    let of = |title: &str, days| in_person(title, "harbor", &["mayor"], days, "Tulsa, OK", "America/Chicago");
    let anchor = put(&world, &of("Fair Start meeting", ("2027-10-11", "2027-10-13")), EventStatus::Hold).id;
    let beside = Draft { anchor: Some(anchor.to_string()), ..of("Breakfast", ("2027-10-14", "2027-10-14")) };
    let satellite = put(&world, &beside, EventStatus::Confirmed).id;
    let taken =
        |actor: &Actor| view::event(&world.app, actor, satellite).expect("its page").inherited.map(|one| one.findings.len());
    assert!(taken(&ada()).is_some_and(|found| found > 0), "whoever calls it knows");
    assert_eq!([taken(&ben()), taken(&Actor::Visitor)], [None, None]);
    let json = Visitor::of(&world).get(&format!("/api/v1/events/{satellite}")).text();
    assert!(!json.contains("inherited") && !json.contains("Columbus Day") && !json.contains("Indigenous"), "{json}");
}

#[test]
fn story_03_plan_around_an_anchor() {
    let world = world_at("2019-10-01T12:00:00Z");
    world.ignore_letters();
    let lea = with_team(&world, &TEAM);
    let (anchor, satellites) = april(&world);
    for id in satellites {
        let shown = view::event(&world.app, &Actor::Visitor, id).expect("its page").anchor.expect("its anchor");
        assert_eq!(shown.details.title, "Equity annual meeting");
    }
    for partner in [ada(), ben(), cleo()] {
        let seen = view::event(&world.app, &partner, anchor).expect("its page").satellites;
        let mut seen: Vec<EventId> = seen.iter().map(|event| event.id).collect();
        let mut all = satellites.to_vec();
        seen.sort();
        all.sort();
        assert_eq!(seen, all);
    }
    let page = Visitor::of(&world).get(&format!("/anchors/{anchor}")).text();
    let order = ["Before", "Equity officers: cohort day", "During", "Policy workshop", "Managers&#39; roundtable"];
    for words in order {
        assert!(page.contains(words) || page.contains(&words.replace("&#39;", "'")), "{words}");
    }
    let shown = year(&world.app, &lea, &riverbend()).expect("the team's year");
    let itinerary = |name: &str, stops: &[&str], away: &str| {
        (name.to_owned(), stops.iter().map(|stop| (*stop).to_owned()).collect::<Vec<_>>(), away.to_owned())
    };
    let one_trip = vec![
        itinerary("Cy", &["Equity officers: cohort day", "Equity annual meeting"], "Sun 19 – Fri 24 April 2020"),
        itinerary("Eve", &["Equity annual meeting"], "Mon 20 – Fri 24 April 2020"),
        itinerary("Max", &["Managers' roundtable"], "Wed 22 – Fri 24 April 2020"),
        itinerary("Pat", &["Policy workshop"], "Tue 21 – Thu 23 April 2020"),
    ];
    assert_eq!(itineraries(&shown), [one_trip]);
    // Counted once: Cy has one way there and one back for two convenings.
    assert_eq!(shown.trips[0].trip.away().map(days_said).as_deref(), Some("Sun 19 – Fri 24 April 2020"));
    assert_eq!(shown.trips[0].trip.travel_days().len(), 6);
    let load = shown.clashes.iter().filter(|finding| matches!(finding.kind, Kind::TravelLoad | Kind::TightTurnaround));
    assert_eq!(load.count(), 0);
    let lead = Visitor::signed_in(&world, "lea@example.org").get("/teams/riverbend-oh").text();
    assert!(lead.contains("4 people, away Sun 19 – Fri 24 April 2020"), "{lead}");
}

#[test]
fn story_04_the_anchor_falls() {
    let world = world_at("2019-10-01T12:00:00Z");
    world.ignore_letters();
    let lea = with_team(&world, &TEAM);
    let wish = Wish {
        email: "reader@city.example.org".to_owned(),
        roles: ["equity_staff", "city_manager", "community_organizer"].map(str::to_owned).into(),
        frequency: "daily".to_owned(),
        zone: CLOCK.to_owned(),
        hour: "7".to_owned(),
        ..Wish::default()
    };
    subscribe(&world.app, &wish).expect("a wish");
    confirm(&world.app, &world.letter().after("/subscribe/")).expect("a click");
    let (anchor, satellites) = april(&world);
    let morning = |time: &str| {
        world.at(time);
        run(&world.app, Run { dry_run: false, replay: false, sent_from: world.app.now() }).expect("digests")
    };
    morning("2020-03-11T13:00:00Z");
    world.deliver();
    drop(world.letters());
    let before = world.feed("past=P2Y");
    world.at("2020-03-12T15:00:00Z");
    settle(&world.app, &ada(), anchor, None, &Act::Cancel, Some("the pandemic")).expect("cancelled");

    // Every satellite is “anchor lost, decide by”, and none is cancelled.
    for id in satellites {
        let sentence = "The convening that this was set beside is cancelled: decide by 26 March 2020 whether to cancel, keep, move or go online.";
        assert_eq!(said(&world, id, Kind::AnchorChanged), [(Severity::Block, sentence.to_owned())]);
        let whole = view::event(&world.app, &Actor::Visitor, id).expect("its page");
        assert_eq!(whole.entry.event.status, EventStatus::Confirmed);
        let page = Visitor::of(&world).get(&format!("/events/{id}")).text();
        assert!(page.contains("Anchor lost, decide by Thu 26 March 2020"), "{page}");
    }
    // The organizers of the others' satellites are told.
    let mut told: Vec<(String, bool)> = world
        .letters()
        .into_iter()
        .map(|one| (one.row.recipient.clone(), flat(&one.read.text).contains("decide by 26 March 2020")))
        .collect();
    told.sort();
    assert_eq!(told, [(address("Ada"), true), (address("Ben"), true), (address("Cleo"), true)]);
    // The choices stand on the page, as buttons: on the anchor's, on the satellite's, and among the decisions.
    let visitor = Visitor::signed_in(&world, &address("Ben"));
    for path in [format!("/anchors/{anchor}"), format!("/events/{}", satellites[1]), "/decisions".to_owned()] {
        let page = visitor.get(&path).text();
        for choice in ["cancellation", "keep", "move", "virtual"] {
            assert!(page.contains(&format!("action=\"/events/{}/{choice}\"", satellites[1])), "{choice} on {path}");
        }
        assert!(!page.contains(&format!("action=\"/events/{}/", satellites[2])), "others decide on theirs");
    }
    // The team's lead sees the trip dropped, what is to be undone, and what is not decided yet.
    let shown = year(&world.app, &lea, &riverbend()).expect("the team's year");
    assert_eq!((shown.trips.len(), shown.dropped.len()), (0, 1));
    assert_eq!(shown.dropped[0].waiting.len(), 3);
    let page = Visitor::signed_in(&world, "lea@example.org").get("/teams/riverbend-oh").text();
    for words in [
        "Trip dropped: ",
        "the trip of Sun 19 – Fri 24 April 2020 to Tulsa, OK is dropped",
        "Cy: the way there and back, and the nights, Sun 19 – Fri 24 April 2020",
        "decide by Thu 26 March 2020",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Subscribers get one letter that names it once.
    let written = morning("2020-03-13T13:00:00Z");
    assert_eq!(written.len(), 1);
    let letter = digest_of(&world);
    assert_eq!(letter.read.text.matches("Cancelled: Equity annual meeting").count(), 1, "{}", letter.read.text);
    assert_eq!(letter.read.text.matches("Cancelled").count(), 1, "{}", letter.read.text);
    world.deliver();
    assert_eq!(morning("2020-03-14T13:00:00Z").len(), 0, "once is enough");
    // Calendars have the same entry, cancelled, one sequence further.
    let entry = |feed: &str| -> (String, u32, bool) {
        let is_it =
            |block: &&str| block.lines().any(|line| line.starts_with("SUMMARY") && line.contains("Equity annual meeting"));
        let block = feed.split("BEGIN:VEVENT").find(is_it).expect("its entry");
        let line = |name: &str| block.lines().find(|line| line.starts_with(name)).map(|line| line.trim().to_owned());
        let sequence = line("SEQUENCE:").and_then(|line| line.trim_start_matches("SEQUENCE:").parse().ok());
        (line("UID").expect("a UID"), sequence.unwrap_or(0), line("STATUS").as_deref() == Some("STATUS:CANCELLED"))
    };
    let (was, is) = (entry(&before), entry(&world.feed("past=P2Y")));
    assert_eq!((&is.0, was.2, is.2), (&was.0, false, true));
    assert!(is.1 > was.1, "{} {}", is.1, was.1);
    // Ben keeps his, with a reason; Cleo goes online: nothing waits any more but Ada's own.
    let page = format!("/events/{}/keep", satellites[1]);
    assert_eq!(visitor.post_form(&page, "reason=").status, Status::BadRequest);
    assert_eq!(visitor.post_form(&page, "reason=the+room+is+paid+for").status, Status::SeeOther);
    settle(&world.app, &cleo(), satellites[2], None, &Act::GoVirtual { join_url: None }, None).expect("online");
    world.ignore_letters();
    let waits = |actor: &Actor| open(&world.app, actor).expect("decisions").len();
    assert_eq!((waits(&ben()), waits(&ada())), (0, 1));
    assert!(visitor.get(&format!("/events/{}", satellites[1])).text().contains("the room is paid for"));
}

#[test]
fn story_05_go_virtual() {
    let world = world_at("2020-07-01T12:00:00Z");
    let lea = with_team(&world, &["Cy chief_equity_officer equity-officers"]);
    let far = in_person(
        "Justice assembly",
        "summit",
        &["equity_staff"],
        ("2020-10-20", "2020-10-21"),
        "Seattle, WA",
        "America/Los_Angeles",
    );
    put(&world, &far, EventStatus::Announced);
    let session = Draft {
        kind: Some("session".to_owned()),
        cohort: Some("equity-officers".to_owned()),
        ..in_person("Cohort session", "harbor", &[], ("2020-10-22T06:30", "2020-10-22T08:00"), "Raleigh, NC", CLOCK)
    };
    let id = put(&world, &session, EventStatus::Announced).id;
    let kinds = || -> Vec<Kind> { found(&world, id).into_iter().map(|finding| finding.kind).collect() };
    assert!(kinds().contains(&Kind::TightTurnaround) && !kinds().contains(&Kind::UnfairHours), "{:?}", kinds());
    subscribe(
        &world.app,
        &Wish {
            email: "reader@city.example.org".to_owned(),
            roles: vec!["chief_equity_officer".to_owned()],
            frequency: "daily".to_owned(),
            zone: CLOCK.to_owned(),
            hour: "7".to_owned(),
            ..Wish::default()
        },
    )
    .expect("a wish");
    let letters = world.letters();
    let asked = letters.iter().find(|one| one.row.recipient == "reader@city.example.org").expect("a letter");
    let secret = asked.after("/subscribe/");
    confirm(&world.app, &secret).expect("a click");
    world.at("2020-07-02T15:00:00Z");
    let online = settle(&world.app, &ada(), id, None, &Act::GoVirtual { join_url: None }, None).expect("online").event;
    assert_eq!((online.details.mode, online.details.venue), (Mode::Virtual, None));
    assert!(!kinds().contains(&Kind::TightTurnaround) && kinds().contains(&Kind::UnfairHours), "{:?}", kinds());
    drop(world.letters());
    world.at("2020-07-03T13:00:00Z");
    run(&world.app, Run { dry_run: false, replay: false, sent_from: world.app.now() }).expect("a digest");
    let letter = digest_of(&world);
    assert!(letter.read.text.contains("Now online: Cohort session"), "{}", letter.read.text);
    let struck = letter
        .read
        .html
        .split("<s")
        .skip(1)
        .any(|after| after.split("</s").next().is_some_and(|text| text.contains("Raleigh, NC")));
    assert!(struck || letter.read.html.contains("<del>Raleigh, NC</del>"), "{}", letter.read.html);
    // The team's lead sees that nobody travels for it any more.
    let shown = year(&world.app, &lea, &riverbend()).expect("the team's year");
    assert_eq!(shown.online.iter().map(|(event, _)| event.id).collect::<Vec<_>>(), [id]);
    // The dates change too: from Raleigh to online, over Veterans Day.
    let race =
        in_person("Facing Race 2020", "harbor", &["community_organizer"], ("2020-10-08", "2020-10-10"), "Raleigh, NC", CLOCK);
    let race = put(&world, &race, EventStatus::Announced).id;
    settle(&world.app, &ada(), race, None, &Act::GoVirtual { join_url: None }, None).expect("online");
    let moved = Act::Move { start: "2020-11-10".to_owned(), end: Some("2020-11-12".to_owned()) };
    settle(&world.app, &ada(), race, None, &moved, None).expect("moved");
    let holiday = said(&world, race, Kind::FederalHoliday);
    assert!(holiday.len() == 1 && holiday[0].1.starts_with("11 November 2020 is Veterans Day"), "{holiday:?}");
    world.ignore_letters();
}

#[test]
fn story_06_a_ban_on_in_person_events() {
    let world = world_at("2020-01-15T12:00:00Z");
    let own = |title: &str, first: &str, last: &str| in_person(title, "harbor", &["mayor"], (first, last), PLACE, CLOCK);
    let spring = put(&world, &own("Spring session", "2020-04-20", "2020-04-21"), EventStatus::Announced);
    let last = put(&world, &own("Last of July", "2020-07-31", "2020-08-01"), EventStatus::Announced);
    let june = put(&world, &own("June summit", "2020-06-10", "2020-06-12"), EventStatus::Announced);
    let after = put(&world, &own("August forum", "2020-08-02", "2020-08-03"), EventStatus::Announced);
    let online = Draft { mode: Some("virtual".to_owned()), venue: None, ..own("Online in May", "2020-05-05", "2020-05-05") };
    let online = put(&world, &online, EventStatus::Announced);
    let beside = Draft {
        anchor: Some(june.id.to_string()),
        ..in_person("Beside it", "prairie", &["city_manager"], ("2020-06-09", "2020-06-09"), PLACE, CLOCK)
    };
    put(&world, &beside, EventStatus::Announced);
    drop(world.letters());
    world.at("2020-04-15T15:00:00Z");
    let day = |text: &str| text.parse().expect("a day");
    let ban = Ban {
        partner: "harbor".parse().expect("a partner"),
        until: day("2020-07-31"),
        decide_by: day("2020-05-01"),
        reason: "public health".into(),
    };
    assert!(forbid(&world.app, &ada(), &ban).is_err(), "an organizer does not say that");
    forbid(&world.app, &admin(), &ban).expect("it is said");
    let listed = || -> Vec<(String, String)> {
        let open = open(&world.app, &ada()).expect("decisions");
        open.into_iter().map(|one| (one.event.details.title, one.due.to_string())).collect()
    };
    let expected = [("Spring session", "2020-04-19"), ("June summit", "2020-05-01"), ("Last of July", "2020-05-01")];
    assert_eq!(listed(), expected.map(|(title, due)| (title.to_owned(), due.to_owned())));
    for untouched in [after.id, online.id] {
        assert_eq!(said(&world, untouched, Kind::Blackout), []);
    }
    // The partner with a satellite there is told; whoever said it is not.
    let letters: Vec<_> = world.letters().into_iter().filter(|one| one.read.text.contains("holds nothing in person")).collect();
    assert_eq!(letters.iter().map(|one| one.row.recipient.as_str()).collect::<Vec<_>>(), [address("Ben")]);
    let letter = &letters[0];
    for words in ["Harbor Alliance holds nothing in person until Fri 31 July 2020", "Fri 1 May 2020", "Beside it", "June summit"]
    {
        assert!(flat(&letter.read.text).contains(words), "{words}: {}", letter.read.text);
    }
    // Each is decided on in its own way; what is kept keeps the reason.
    settle(&world.app, &ada(), spring.id, None, &Act::Cancel, None).expect("cancelled");
    settle(&world.app, &ada(), june.id, None, &Act::GoVirtual { join_url: None }, None).expect("online");
    assert_eq!(listed().len(), 1);
    keep(&world.app, &ada(), last.id, "in the open air").expect("kept");
    assert_eq!(listed(), []);
    world.ignore_letters();
}
