//! Feeds that are not for everybody, and what feeds say about what moved.

use convene::app::import::{Options, take_in};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, feed_keys};
use convene::domain::{EventId, EventStatus};
use convene::json::Draft;
use convene::store::FeedHolder;
use rocket::http::{Header, Status};
use rocket::local::blocking::Client;

use super::Service;

fn user(service: &Service, email: &str) -> Actor {
    Actor::User(service.app.store.read::<_, convene::store::Error>(|reader| reader.user(email)).unwrap().unwrap())
}

fn draft(title: &str, role: &str, city: &str, lat: f64, lon: f64) -> Draft {
    serde_json::from_value(serde_json::json!({
        "kind": "convening", "title": title, "roles": [role], "start": "2027-10-06", "end": "2027-10-08",
        "time_zone": "America/Chicago", "venue": {"city": city, "state": "MO", "country": "US", "lat": lat, "lon": lon},
    }))
    .unwrap()
}

/// Two confirmed convenings on the same days, far apart; and a proposal of each partner.
fn calendar(service: &Service) -> [EventId; 4] {
    let (ada, cal) = (user(service, "ada@example.org"), user(service, "cal@example.org"));
    let put = |actor: &Actor, draft: &Draft, confirmed: bool| {
        let id = propose(&service.app, actor, draft, EventStatus::Proposed).unwrap().event.id;
        if confirmed {
            settle(&service.app, actor, id, None, &Act::Announce, None).unwrap();
            settle(&service.app, actor, id, None, &Act::Confirm, None).unwrap();
        }
        id
    };
    [
        put(&ada, &draft("Lake summit", "mayor", "Kansas City", 39.1, -94.6), true),
        put(&cal, &draft("River forum", "chief_equity_officer", "Saint Louis", 38.6, -90.2), true),
        put(&ada, &draft("Lake plan", "city_manager", "Kansas City", 39.1, -94.6), false),
        put(&cal, &draft("River plan", "city_manager", "Saint Louis", 38.6, -90.2), false),
    ]
}

fn path(address: &str) -> String {
    address.strip_prefix("https://convene.example.org").unwrap().to_owned()
}

fn get(client: &Client, path: &str) -> (Status, String) {
    let answer = client.get(path).dispatch();
    (answer.status(), answer.into_string().unwrap_or_default())
}

/// A feed's lines, unfolded and with its text unescaped.
fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "").replace("\\n", "\n").replace("\\,", ",").replace("\\;", ";")
}

fn team() -> FeedHolder {
    FeedHolder::Team("sampleton".parse().unwrap())
}

#[test]
fn a_team_feed_says_for_whom_each_entry_is_and_what_it_clashes_with() {
    let service = Service::at("2027-01-04T12:00:00Z");
    calendar(&service);
    let (_, address) = feed_keys::add(&service.app, &Actor::Operator, &team(), false).unwrap();
    let client = service.visitor();
    let answer = client.get(path(&address)).dispatch();
    assert_eq!(answer.status(), Status::Ok);
    assert_eq!(answer.headers().get_one("Cache-Control"), Some("private, max-age=300"));
    assert_eq!(answer.headers().get_one("Content-Type"), Some("text/calendar; charset=utf-8"));
    let etag = answer.headers().get_one("ETag").unwrap().to_owned();
    let text = unfolded(&answer.into_string().unwrap());

    assert!(text.contains("X-WR-CALNAME:Convenings for Sampleton\r\n"), "{text}");
    assert!(text.contains("For Mia Sample."), "{text}");
    assert!(
        text.contains("River forum, Wed 6 – Fri 8 October 2027 (Saint Louis, MO). Mia Sample is invited here, Eve Sample there."),
        "{text}"
    );
    assert!(!text.contains("Lake plan") && !text.contains("River plan"), "proposals are the partners' own: {text}");
    let again = client.get(path(&address)).header(Header::new("If-None-Match", etag)).dispatch();
    assert_eq!((again.status(), again.into_bytes()), (Status::NotModified, None));

    let public = get(&client, "/feeds/all.ics").1;
    assert!(public.contains("Lake summit") && !public.contains("Mia Sample"), "names are for the team alone: {public}");
}

#[test]
fn an_organizers_feed_has_their_own_plans_as_tentative_and_nobody_elses() {
    let service = Service::at("2027-01-04T12:00:00Z");
    calendar(&service);
    let ada = user(&service, "ada@example.org");
    let holder = FeedHolder::User("ada@example.org".to_owned());
    let (_, address) = feed_keys::add(&service.app, &ada, &holder, false).unwrap();
    let client = service.visitor();
    let text = unfolded(&get(&client, &path(&address)).1);
    let plan = text.split("BEGIN:VEVENT").find(|part| part.contains("SUMMARY:Proposed: Lake plan")).unwrap();
    assert!(plan.contains("STATUS:TENTATIVE\r\n"), "{plan}");
    assert!(text.contains("SUMMARY:River forum") && !text.contains("River plan"), "{text}");
    assert!(!get(&client, "/feeds/all.ics").1.contains("Lake plan"), "not public");
}

#[test]
fn every_private_feed_comes_in_all_forms_and_takes_the_filters_of_the_public_one() {
    let service = Service::at("2027-01-04T12:00:00Z");
    calendar(&service);
    let (_, address) = feed_keys::add(&service.app, &Actor::Operator, &team(), false).unwrap();
    let (client, stem) = (service.visitor(), path(&address).replace(".ics", ""));
    for (form, told) in [("json", "\"For Mia Sample.\""), ("csv", "For Mia Sample."), ("atom", "For Mia Sample.")] {
        let (status, text) = get(&client, &format!("{stem}.{form}"));
        assert_eq!(status, Status::Ok, "{form}");
        assert!(text.contains("Lake summit") && text.contains(told), "{form}: {text}");
    }
    let (_, narrowed) = get(&client, &format!("{stem}.ics?partners=river-institute"));
    assert!(narrowed.contains("River forum") && !narrowed.contains("SUMMARY:Lake summit"), "{narrowed}");
    assert_eq!(get(&client, &format!("{stem}.ics?partners=nobody")).0, Status::BadRequest);
}

#[test]
fn an_unknown_secret_is_404_and_a_revoked_one_410() {
    let service = Service::at("2027-01-04T12:00:00Z");
    let (id, address) = feed_keys::add(&service.app, &Actor::Operator, &team(), false).unwrap();
    let (_, second) = feed_keys::add(&service.app, &Actor::Operator, &team(), false).unwrap();
    let client = service.visitor();
    assert_eq!(get(&client, "/feeds/teams/AAAAAAAAAAAAAAAAAAAAAA.ics").0, Status::NotFound);
    assert_eq!(get(&client, &path(&address).replace("teams", "organizers")).0, Status::NotFound, "of another kind");
    assert_eq!(get(&client, &path(&address)).0, Status::Ok);
    feed_keys::revoke(&service.app, &Actor::Operator, id).unwrap();
    assert_eq!(get(&client, &path(&address)).0, Status::Gone);
    assert_eq!(get(&client, &path(&second)).0, Status::Ok, "the other one works on");
    let (_, third) = feed_keys::add(&service.app, &Actor::Operator, &team(), true).unwrap();
    assert_eq!((get(&client, &path(&second)).0, get(&client, &path(&third)).0), (Status::Gone, Status::Ok), "replaced");
    let stored = std::fs::read(service.app.store.path()).unwrap();
    let secret = path(&third).replace("/feeds/teams/", "").replace(".ics", "");
    assert!(secret.len() >= 22 && !String::from_utf8_lossy(&stored).contains(&secret), "only its hash is kept");
}

#[test]
fn nobody_makes_or_revokes_the_address_of_another() {
    let service = Service::at("2027-01-04T12:00:00Z");
    let (ben, holder) = (user(&service, "ben@example.org"), FeedHolder::User("ada@example.org".to_owned()));
    let refused = |holder: &FeedHolder| feed_keys::add(&service.app, &ben, holder, true).unwrap_err().to_string();
    assert_eq!(refused(&holder), "only its holder and the operator may do that");
    assert_eq!(refused(&team()), "only its holder and the operator may do that");
    let (id, _) = feed_keys::add(&service.app, &user(&service, "ada@example.org"), &holder, true).unwrap();
    assert!(feed_keys::revoke(&service.app, &ben, id).is_err());
    let unknown = feed_keys::add(&service.app, &Actor::Operator, &FeedHolder::Team("sampelton".parse().unwrap()), false);
    assert!(unknown.unwrap_err().to_string().contains("did you mean “sampleton”?"));
}

#[test]
fn a_moved_event_says_what_it_was_and_a_cancelled_one_stays() {
    let service = Service::at("2027-01-04T12:00:00Z");
    let [summit, forum, plan, _] = calendar(&service);
    let ada = user(&service, "ada@example.org");
    service.set("2027-02-01T12:00:00Z");
    let to = |start: &str, end: &str| Act::Move { start: start.to_owned(), end: Some(end.to_owned()) };
    settle(&service.app, &ada, summit, None, &to("2027-11-10", "2027-11-12"), None).unwrap();
    settle(&service.app, &ada, plan, None, &to("2027-11-17", "2027-11-18"), None).unwrap();
    settle(&service.app, &ada, plan, None, &Act::Announce, None).unwrap();
    settle(&service.app, &user(&service, "cal@example.org"), forum, None, &Act::Cancel, None).unwrap();

    let client = service.visitor();
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

    settle(&service.app, &ada, summit, None, &Act::GoVirtual { join_url: None }, None).unwrap();
    let text = unfolded(&get(&client, "/feeds/all.ics").1);
    assert!(text.contains("Was Wed 6 – Fri 8 October 2027.\nWas in Kansas City, MO.\n"), "{text}");
}

#[test]
fn an_imported_change_of_dates_place_or_mode_raises_the_sequence_and_one_of_roles_does_not() {
    let service = Service::at("2027-01-04T12:00:00Z");
    let options = Options {
        partner: Some("lake-league".parse().unwrap()),
        calendar: "lake.ics".to_owned(),
        zone: chrono_tz::America::Chicago,
        dry_run: false,
    };
    let import = |days: (&str, &str), lines: &str| -> (u32, u32) {
        let text = super::upstream::calendar(&[("summit", days.0, days.1, "Lake summit", lines)]);
        take_in(&service.app, &Actor::Operator, text.as_bytes(), &options).unwrap();
        let all = service.app.store.read::<_, convene::store::Error>(|reader| reader.entries(&Default::default())).unwrap();
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
