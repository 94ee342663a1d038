//! Feeds that are not for everybody, and what feeds say about what moved.

use convene::app::import::{Options, take_in};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, feed_keys};
use convene::domain::{EventId, EventStatus};
use convene::json::Draft;
use convene::store::FeedHolder;
use rocket::http::{Method, Status};

use crate::support::World;
use crate::support::cast::{ada, ben};
use crate::support::visitor::Visitor;

/// Letters about the clashes that are made here are not what these tests are about.
fn begin() -> World {
    let world = World::new();
    world.ignore_letters();
    world
}

fn draft(title: &str, role: &str, city: &str, lat: f64, lon: f64) -> Draft {
    serde_json::from_value(serde_json::json!({
        "kind": "convening", "title": title, "roles": [role], "start": "2027-10-06", "end": "2027-10-08",
        "time_zone": "America/Chicago", "venue": {"city": city, "state": "MO", "country": "US", "lat": lat, "lon": lon},
    }))
    .unwrap()
}

/// Two confirmed convenings on the same days, far apart; and a proposal of each partner.
fn calendar(world: &World) -> [EventId; 4] {
    let put = |actor: &Actor, draft: &Draft, confirmed: bool| {
        let id = propose(&world.app, actor, draft, EventStatus::Proposed).unwrap().event.id;
        if confirmed {
            settle(&world.app, actor, id, None, &Act::Announce, None).unwrap();
            settle(&world.app, actor, id, None, &Act::Confirm, None).unwrap();
        }
        id
    };
    [
        put(&ada(), &draft("Lake summit", "chief_of_staff", "Kansas City", 39.1, -94.6), true),
        put(&ben(), &draft("River forum", "chief_equity_officer", "Saint Louis", 38.6, -90.2), true),
        put(&ada(), &draft("Lake plan", "chief_of_staff", "Kansas City", 39.1, -94.6), false),
        put(&ben(), &draft("River plan", "chief_of_staff", "Saint Louis", 38.6, -90.2), false),
    ]
}

fn path(address: &str) -> String {
    address.strip_prefix("https://cal.example.org").unwrap().to_owned()
}

fn get(client: &Visitor, path: &str) -> (Status, String) {
    let answer = client.get(path);
    (answer.status, answer.text())
}

/// A feed's lines, unfolded and with its text unescaped.
fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
}

fn team() -> FeedHolder {
    FeedHolder::Team("riverbend-oh".parse().unwrap())
}

#[test]
fn a_team_feed_says_for_whom_each_entry_is_and_what_it_clashes_with() {
    let world = begin();
    calendar(&world);
    let (_, address) = feed_keys::add(&world.app, &Actor::Operator, &team(), false).unwrap();
    let client = Visitor::of(&world);
    let answer = client.get(&path(&address));
    assert_eq!(answer.status, Status::Ok);
    assert_eq!(answer.header("Cache-Control"), "private, max-age=300");
    assert_eq!(answer.header("Content-Type"), "text/calendar; charset=utf-8");
    let text = unfolded(&answer.text());

    assert!(text.contains("X-WR-CALNAME:Convenings for Riverbend\r\n"), "{text}");
    assert!(text.contains("For Made-up chief_of_staff of Riverbend."), "{text}");
    assert!(
        text.contains("River forum, Wed 6 – Fri 8 October 2027 (Saint Louis, MO). Made-up chief_of_staff of Riverbend is invited here, Made-up chief_equity_officer of Riverbend there."),
        "{text}"
    );
    assert!(!text.contains("Lake plan") && !text.contains("River plan"), "proposals are the partners' own: {text}");
    let again = client.ask(Method::Get, &path(&address), &[("If-None-Match", answer.header("ETag"))], "");
    assert_eq!((again.status, again.body), (Status::NotModified, Vec::new()));

    let public = get(&client, "/feeds/all.ics").1;
    assert!(
        public.contains("Lake summit") && !public.contains("Made-up chief_of_staff of Riverbend"),
        "names are for the team alone: {public}"
    );
}

#[test]
fn an_organizers_feed_has_their_own_plans_as_tentative_and_nobody_elses() {
    let world = begin();
    calendar(&world);
    let holder = FeedHolder::User("ada@example.org".to_owned());
    let (_, address) = feed_keys::add(&world.app, &ada(), &holder, false).unwrap();
    let client = Visitor::of(&world);
    let text = unfolded(&get(&client, &path(&address)).1);
    let plan = text.split("BEGIN:VEVENT").find(|part| part.contains("SUMMARY:Proposed: Lake plan")).unwrap();
    assert!(plan.contains("STATUS:TENTATIVE\r\n"), "{plan}");
    assert!(text.contains("SUMMARY:River forum") && !text.contains("River plan"), "{text}");
    assert!(!get(&client, "/feeds/all.ics").1.contains("Lake plan"), "not public");
}

#[test]
fn every_private_feed_comes_in_all_forms_and_takes_the_filters_of_the_public_one() {
    let world = begin();
    calendar(&world);
    let (_, address) = feed_keys::add(&world.app, &Actor::Operator, &team(), false).unwrap();
    let (client, stem) = (Visitor::of(&world), path(&address).replace(".ics", ""));
    for (form, told) in [
        ("json", "\"For Made-up chief_of_staff of Riverbend.\""),
        ("csv", "For Made-up chief_of_staff of Riverbend."),
        ("atom", "For Made-up chief_of_staff of Riverbend."),
    ] {
        let (status, text) = get(&client, &format!("{stem}.{form}"));
        assert_eq!(status, Status::Ok, "{form}");
        assert!(text.contains("Lake summit") && text.contains(told), "{form}: {text}");
    }
    let (_, narrowed) = get(&client, &format!("{stem}.ics?partners=prairie"));
    assert!(narrowed.contains("River forum") && !narrowed.contains("SUMMARY:Lake summit"), "{narrowed}");
    assert_eq!(get(&client, &format!("{stem}.ics?partners=nobody")).0, Status::BadRequest);
}

#[test]
fn an_unknown_secret_is_404_and_a_revoked_one_410() {
    let world = begin();
    let (id, address) = feed_keys::add(&world.app, &Actor::Operator, &team(), false).unwrap();
    let (_, second) = feed_keys::add(&world.app, &Actor::Operator, &team(), false).unwrap();
    let client = Visitor::of(&world);
    assert_eq!(get(&client, "/feeds/teams/AAAAAAAAAAAAAAAAAAAAAA.ics").0, Status::NotFound);
    assert_eq!(get(&client, &path(&address).replace("teams", "organizers")).0, Status::NotFound, "of another kind");
    assert_eq!(get(&client, &path(&address)).0, Status::Ok);
    feed_keys::revoke(&world.app, &Actor::Operator, id).unwrap();
    assert_eq!(get(&client, &path(&address)).0, Status::Gone);
    assert_eq!(get(&client, &path(&second)).0, Status::Ok, "the other one works on");
    let (_, third) = feed_keys::add(&world.app, &Actor::Operator, &team(), true).unwrap();
    assert_eq!((get(&client, &path(&second)).0, get(&client, &path(&third)).0), (Status::Gone, Status::Ok), "replaced");
    let stored = std::fs::read(world.file()).unwrap();
    let secret = path(&third).replace("/feeds/teams/", "").replace(".ics", "");
    assert!(secret.len() >= 22 && !String::from_utf8_lossy(&stored).contains(&secret), "only its hash is kept");
}

#[test]
fn nobody_makes_or_revokes_the_address_of_another() {
    let world = begin();
    let (ben, holder) = (ben(), FeedHolder::User("ada@example.org".to_owned()));
    let refused = |holder: &FeedHolder| feed_keys::add(&world.app, &ben, holder, true).unwrap_err().to_string();
    assert_eq!(refused(&holder), "only its holder and the operator may do that");
    assert_eq!(refused(&team()), "only its holder and the operator may do that");
    let (id, _) = feed_keys::add(&world.app, &ada(), &holder, true).unwrap();
    assert!(feed_keys::revoke(&world.app, &ben, id).is_err());
    let unknown = feed_keys::add(&world.app, &Actor::Operator, &FeedHolder::Team("riverbend-ho".parse().unwrap()), false);
    assert!(unknown.unwrap_err().to_string().contains("did you mean “riverbend-oh”?"));
}

#[test]
fn a_moved_event_says_what_it_was_and_a_cancelled_one_stays() {
    let world = begin();
    let [summit, forum, plan, _] = calendar(&world);
    world.at("2027-02-01T12:00:00Z");
    let to = |start: &str, end: &str| Act::Move { start: start.to_owned(), end: Some(end.to_owned()) };
    settle(&world.app, &ada(), summit, None, &to("2027-11-10", "2027-11-12"), None).unwrap();
    settle(&world.app, &ada(), plan, None, &to("2027-11-17", "2027-11-18"), None).unwrap();
    settle(&world.app, &ada(), plan, None, &Act::Announce, None).unwrap();
    settle(&world.app, &ben(), forum, None, &Act::Cancel, None).unwrap();

    let client = Visitor::of(&world);
    let text = unfolded(&get(&client, "/feeds/all.ics").1);
    let entry = |id: EventId| text.split("BEGIN:VEVENT").find(|part| part.contains(&format!("UID:{id}@"))).unwrap().to_owned();
    let moved = entry(summit);
    assert!(moved.contains("DESCRIPTION:Was Wed 6 – Fri 8 October 2027.\n"), "{moved}");
    assert!(moved.contains("SEQUENCE:3\r\n") && moved.contains("DTSTAMP:20270201T120000Z\r\n"), "{moved}");
    assert!(moved.contains("DTSTART;VALUE=DATE:20271110\r\n"), "{moved}");
    assert!(!entry(plan).contains("Was Wed 6"), "nobody saw the dates of a proposal: {}", entry(plan));
    let off = entry(forum);
    assert!(off.contains("STATUS:CANCELLED\r\n") && off.contains("SUMMARY:Cancelled: River forum\r\n"), "{off}");
    assert!(get(&client, "/feeds/all.atom").1.contains("Was Wed 6 – Fri 8 October 2027."));

    settle(&world.app, &ada(), summit, None, &Act::GoVirtual { join_url: None }, None).unwrap();
    let text = unfolded(&get(&client, "/feeds/all.ics").1);
    assert!(text.contains("Was Wed 6 – Fri 8 October 2027.\nWas in Kansas City, MO.\n"), "{text}");
}

#[test]
fn an_imported_change_of_dates_place_or_mode_raises_the_sequence_and_one_of_roles_does_not() {
    let world = begin();
    let options = Options {
        partner: Some("harbor".parse().unwrap()),
        calendar: "lake.ics".to_owned(),
        zone: chrono_tz::America::Chicago,
        dry_run: false,
        doubtful: false,
    };
    let import = |days: (&str, &str), lines: &str| -> (u32, u32) {
        let text = super::upstream::calendar(&[("summit", days.0, days.1, "Lake summit", lines)]);
        take_in(&world.app, &Actor::Operator, text.as_bytes(), &options).unwrap();
        let all = world.app.store.read::<_, convene::store::Error>(|reader| reader.entries(&Default::default())).unwrap();
        (all[0].event.sequence, all[0].event.revision)
    };
    let (first, moved) = (("20271006", "20271009"), ("20271013", "20271016"));
    assert_eq!(import(first, "LOCATION:Omaha\\, NE\r\n"), (0, 1));
    assert_eq!(import(first, "LOCATION:Omaha\\, NE\r\n"), (0, 1));
    assert_eq!(import(moved, "LOCATION:Omaha\\, NE\r\n"), (1, 2));
    assert_eq!(import(moved, "LOCATION:Tulsa\\, OK\r\n"), (2, 3));
    assert_eq!(import(moved, "LOCATION:Tulsa\\, OK\r\nCATEGORIES:mayor\r\n"), (2, 4));
    assert_eq!(import(moved, "LOCATION:https://meet.example.org/1\r\nCATEGORIES:mayor\r\n"), (3, 5));
    assert_eq!(import(moved, "LOCATION:https://meet.example.org/1\r\nCATEGORIES:mayor\r\nSTATUS:CANCELLED\r\n"), (4, 6));
}

#[test]
fn an_organizer_makes_replaces_and_revokes_the_address_on_the_desk_and_sees_it_once() {
    let world = begin();
    let desk = Visitor::signed_in(&world, "ada@example.org");
    let address_in = |page: &str| -> Option<String> {
        let (_, rest) = page.split_once("/feeds/organizers/")?;
        Some(format!("/feeds/organizers/{}", rest.split('"').next()?))
    };
    assert_eq!(address_in(&desk.get("/desk").text()), None);
    let first = address_in(&desk.post_form("/desk/feed", "").text()).unwrap();
    assert_eq!(address_in(&desk.get("/desk").text()), None, "shown once");
    let second = address_in(&desk.post_form("/desk/feed", "").text()).unwrap();
    assert_eq!((desk.get(&first).status, desk.get(&second).status), (Status::Gone, Status::Ok), "replaced");

    let others = Visitor::signed_in(&world, "ben@example.org");
    assert_eq!(others.post_form("/desk/feed/2/revocation", "").status, Status::Forbidden);
    assert_eq!(desk.post_form("/desk/feed/2/revocation", "").status, Status::SeeOther);
    assert_eq!(desk.get(&second).status, Status::Gone);
    assert_eq!(Visitor::of(&world).post_form("/desk/feed", "").status, Status::Unauthorized);
}
