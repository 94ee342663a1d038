//! Another partner's hold: that it is there is told, and nothing else, on every way out.

use convene::app::Actor;
use convene::app::agenda::findings_of;
use convene::app::directory::set_contact;
use convene::app::feed_keys;
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::domain::conflict::Kind;
use convene::domain::{EventId, EventStatus, Venue};
use convene::json::Draft;
use convene::store::{FeedHolder, Scope};
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::{ada, address, ben, session};
use crate::support::visitor::{Answer, Visitor};

/// What only Harbor may know: title, place, description, hour, rooms, who answers for it, and the id.
const SECRETS: [&str; 7] = ["Lantern", "Pocatello", "Sagebrush", "08:15", "14:15", "T15:15", "lantern-keepers@"];

fn in_person(title: &str, city: &str, state: &str, start: &str, end: &str) -> Draft {
    Draft {
        mode: Some("in_person".to_owned()),
        join_url: None,
        venue: Some(Venue { city: Some(city.into()), state: Some(state.into()), ..Venue::default() }),
        speakers: vec!["sam-speaker".to_owned()],
        start: start.to_owned(),
        end: Some(end.to_owned()),
        ..session(title, "2027-03-10")
    }
}

/// Harbor's hold in Pocatello, and what it hides: its words and its id.
fn begin() -> (World, Vec<String>) {
    let world = World::new();
    world.ignore_letters();
    let mut plan = in_person("Lantern retreat", "Pocatello", "ID", "2027-03-10T08:15", "2027-03-11T14:15");
    plan.time_zone = Some("America/Boise".to_owned());
    "At the Sagebrush Inn.".clone_into(&mut plan.description);
    let harbor = "harbor".parse().expect("a partner");
    set_contact(&world.app, &Actor::Operator, &harbor, Some("lantern-keepers@harbor.example.org")).expect("a contact");
    let held = propose(&world.app, &ada(), &plan, EventStatus::Hold).expect("a hold").event;
    let secrets = SECRETS.iter().map(|one| (*one).to_owned()).chain([held.id.to_string()]).collect();
    (world, secrets)
}

fn own_plan() -> Draft {
    in_person("Prairie's days", "Kansas City", "MO", "2027-03-10", "2027-03-12")
}

fn nothing_of(secrets: &[String], answer: &Answer, place: &str) {
    let text = answer.text();
    assert!(answer.status.code < 500, "{place}: {}", answer.status);
    for secret in secrets {
        assert!(!text.contains(secret), "{place} tells {secret}: {text}");
    }
}

fn one<'a>(findings: &'a Value, kind: &str) -> &'a Value {
    let all = findings.as_array().expect("findings");
    all.iter().find(|one| one["kind"] == kind).unwrap_or_else(|| panic!("no {kind} in {findings}"))
}

#[test]
fn a_dry_run_tells_that_the_days_are_taken_how_gravely_and_for_whom_and_no_more() {
    let (world, secrets) = begin();
    let ben = Visitor::with_token(&world, &address("Ben"), Scope::Read);
    let checked = ben.post_json("/api/v1/check", &json!(own_plan()));
    assert_eq!(checked.status, Status::Ok, "{}", checked.text());
    nothing_of(&secrets, &checked, "check");
    let findings = checked.json()["findings"].clone();
    let overlap = one(&findings, "role_overlap");
    let own: EventId = overlap["events"][0].as_str().expect("an id").parse().expect("an id");
    assert_eq!(
        overlap,
        &json!({
            "fingerprint": overlap["fingerprint"], "kind": "role_overlap", "severity": "medium", "events": [own],
            "occurrences": [{"event": own, "start": "2027-03-10T05:00:00Z", "end": "2027-03-13T05:00:00Z"}],
            "overlap": {"start": "2027-03-10T05:00:00Z", "end": "2027-03-13T05:00:00Z"},
            "touches": {"roles": ["chief_equity_officer"], "people": [], "teams": 2},
            "because": {"rule": "role_overlap", "name": null, "data": null},
            "message": "Another partner keeps days in the same week provisionally for chief equity officers. Its plan is not public.",
            "withheld": true, "override": null,
        })
    );
    let speaker = one(&findings, "speaker_double_booked");
    assert_eq!((&speaker["severity"], &speaker["withheld"]), (&json!("high"), &json!(true)));
    // Whose hold it is has the whole of it, so there was something to hide.
    let ada = Visitor::with_token(&world, &address("Ada"), Scope::Read);
    let mine = ada.post_json("/api/v1/check", &json!(own_plan())).json()["findings"].clone();
    assert!(one(&mine, "role_overlap")["message"].as_str().expect("words").contains("Pocatello"), "{mine}");
    assert_eq!(one(&mine, "role_overlap")["events"].as_array().map(Vec::len), Some(2));
}

#[test]
fn no_number_of_dry_runs_narrows_a_hidden_plan_to_less_than_its_week() {
    let (world, _) = begin();
    let [ben, ada] = ["Ben", "Ada"].map(|who| Visitor::with_token(&world, &address(who), Scope::Read));
    let answer = |who: &Visitor, day: u32| -> Vec<(Value, Value, Value)> {
        let day = format!("2027-03-{day:02}");
        let asked = ben_days(&day);
        let found = who.post_json("/api/v1/check", &json!(asked)).json()["findings"].clone();
        let about = |one: &Value| one["withheld"] == json!(true) || one["events"].as_array().is_some_and(|all| all.len() > 1);
        let all = found.as_array().expect("findings").iter().filter(|one| about(one));
        all.map(|one| (one["kind"].clone(), one["severity"].clone(), one["message"].clone())).collect()
    };
    // Harbor's plan is on Wednesday and Thursday; Monday is the 8th.
    let of_week: Vec<_> = (8..=14).map(|day| answer(&ben, day)).collect();
    assert!(!of_week[0].is_empty() && of_week.iter().all(|one| *one == of_week[0]), "{of_week:?}");
    assert_eq!(answer(&ben, 22), [], "another week is free");
    let own: Vec<_> = (8..=14).map(|day| answer(&ada, day)).collect();
    assert_ne!(own[0], own[2], "whose plan it is sees the days, so there was something to find out");
    // Better dates are as discreet: what speaks against a day is the same on every day of the week.
    let wish = |day: u32| {
        json!({"roles": ["chief_equity_officer"], "length": "1d", "between": format!("2027-03-{day:02}..2027-03-{day:02}"),
               "speakers": ["sam-speaker"], "travel_days": 0, "weekdays": "any"})
    };
    let offered = |day: u32| -> Vec<Value> {
        let answer = ben.post_json("/api/v1/suggestions", &wish(day)).json();
        let window = answer["windows"][0]["against"].as_array().expect("a window").clone().into_iter();
        window.filter(|one| one["withheld"] == json!(true)).map(|one| one["message"].clone()).collect()
    };
    let said: Vec<_> = (8..=14).map(offered).collect();
    assert!(!said[0].is_empty() && said.iter().all(|one| *one == said[0]), "{said:?}");
}

fn ben_days(day: &str) -> Draft {
    in_person("Days", "Omaha", "NE", day, day)
}

#[test]
fn no_answer_of_the_api_tells_of_another_partners_hold() {
    let (world, secrets) = begin();
    let ben = Visitor::with_token(&world, &address("Ben"), Scope::Write);
    let made = ben.post_json("/api/v1/events", &json!(own_plan()));
    assert_eq!(made.status, Status::Created, "{}", made.text());
    let id = made.json()["id"].as_str().expect("an id").to_owned();
    let fingerprint = one(&made.json()["findings"], "speaker_double_booked")["fingerprint"].as_str().expect("one").to_owned();
    let wish = json!({
        "roles": ["chief_equity_officer"], "length": "2d", "between": "2027-03-08..2027-03-12", "speakers": ["sam-speaker"],
        "travel_days": 0,
    });
    let over = json!({"reason": "Sam knows."}).to_string();
    let path = format!("/api/v1/events/{id}");
    let answers = [
        ("made", made),
        ("suggestions", ben.post_json("/api/v1/suggestions", &wish)),
        ("event", ben.get(&path)),
        ("findings", ben.get("/api/v1/findings")),
        ("edited", ben.ask(Method::Patch, &path, &[("If-Match", "*")], r#"{"expected": 30}"#)),
        ("unchanged", ben.ask(Method::Patch, &path, &[("If-Match", "*")], r#"{"expected": 30}"#)),
        ("override", ben.ask(Method::Put, &format!("/api/v1/findings/{fingerprint}/override"), &[], &over)),
        ("confirmed", ben.post_json(&format!("{path}/confirmation"), &json!({}))),
        ("changes", ben.get("/api/v1/changes")),
        ("public findings", Visitor::of(&world).get("/api/v1/findings")),
        ("public event", Visitor::of(&world).get(&path)),
    ];
    for (place, answer) in &answers {
        assert!(answer.status.class().is_success(), "{place}: {}", answer.text());
        nothing_of(&secrets, answer, place);
    }
    let (_, found) = &answers[3];
    assert_eq!(one(&found.json()["items"], "role_overlap")["withheld"], json!(true));
    let (_, offered) = &answers[1];
    assert!(offered.text().contains("Another partner"), "{}", offered.text());
    let (_, public) = &answers[9];
    assert!(!public.text().contains("Another partner"), "the public is not told at all: {}", public.text());
}

#[test]
fn no_page_tells_of_another_partners_hold() {
    let (world, secrets) = begin();
    let own = propose(&world.app, &ben(), &own_plan(), EventStatus::Proposed).expect("a proposal").event.id;
    let visitor = Visitor::signed_in(&world, &address("Ben"));
    let form = "act=check&title=Days&kind=session&partner=prairie&roles=chief_equity_officer&mode=in_person&venue_city=Omaha\
                &venue_state=NE&all_day=true&start_date=2027-03-10&end_date=2027-03-12&time_zone=America/Chicago&speakers=sam-speaker";
    let pages = [
        ("propose", visitor.post_form("/propose", form)),
        ("event", visitor.get(&format!("/events/{own}"))),
        ("findings", visitor.get("/findings")),
        ("better dates", visitor.get(&format!("/events/{own}/better-dates"))),
        ("desk", visitor.get("/desk")),
        ("calendar", visitor.get("/?past=true")),
        ("month", visitor.get("/?view=month&month=2027-03")),
        ("mail", visitor.get("/desk/mail")),
    ];
    for (place, answer) in &pages {
        assert_eq!(answer.status, Status::Ok, "{place}");
        nothing_of(&secrets, answer, place);
    }
    for (place, answer) in &pages[1..3] {
        assert!(answer.text().contains("Another partner keeps these days provisionally"), "{place}: {}", answer.text());
    }
    let checked = pages[0].1.text();
    assert!(checked.contains("Another partner keeps days in the same week provisionally"), "{checked}");
    assert!(pages[1].1.text().contains("another partner decide together"), "{}", pages[1].1.text());
    // Harbor sees its own side of the same clash, and as little of Prairie's.
    let hold = world.event("Lantern retreat").id;
    let theirs = Visitor::signed_in(&world, &address("Ada")).get(&format!("/events/{hold}")).text();
    assert!(theirs.contains("Another partner keeps these days provisionally"), "{theirs}");
    assert!(!theirs.contains("Prairie's days") && !theirs.contains("Kansas City"), "{theirs}");
}

#[test]
fn no_feed_frame_or_machine_reading_tells_of_another_partners_hold() {
    let (world, secrets) = begin();
    let free = Draft { speakers: Vec::new(), ..own_plan() };
    let own = propose(&world.app, &ben(), &free, EventStatus::Announced).expect("a save-the-date").event.id;
    let (_, feed) = feed_keys::add(&world.app, &ben(), &FeedHolder::User(address("Ben")), true).expect("a feed");
    let feed = feed.strip_prefix(&world.app.settings.base_url).expect("ours").trim_end_matches(".ics").to_owned();
    let anybody = Visitor::of(&world);
    for form in ["ics", "json", "csv", "atom"] {
        for place in [format!("{feed}.{form}"), format!("/feeds/all.{form}")] {
            let answer = anybody.get(&place);
            assert!(answer.text().contains("Prairie"), "{place}: {}", answer.text());
            nothing_of(&secrets, &answer, &place);
        }
    }
    for place in ["/embed".to_owned(), format!("/events/{own}"), format!("/events/{own}.ics"), "/findings?past=true".to_owned()] {
        let answer = anybody.get(&place);
        assert_eq!(answer.status, Status::Ok, "{place}");
        nothing_of(&secrets, &answer, &place);
        assert!(!answer.text().contains("Another partner"), "{place}: {}", answer.text());
    }
}

#[test]
fn both_get_a_letter_about_their_own_side_alone() {
    let (world, secrets) = begin();
    world.letters();
    let before = propose(&world.app, &ben(), &own_plan(), EventStatus::Proposed).expect("a proposal");
    let to_ada = world.letters();
    assert_eq!(to_ada.iter().map(|one| one.row.recipient.as_str()).collect::<Vec<_>>(), ["ada@example.org"]);
    let text = &to_ada[0].read.text;
    assert!(text.contains("Lantern retreat") && text.contains("Another partner counts provisionally on Sam Speaker"), "{text}");
    assert!(!text.contains("Prairie") && !text.contains("Kansas City") && !text.contains(&before.event.id.to_string()), "{text}");
    // The other way round: Harbor moves its hold away and back again.
    let hold = world.event("Lantern retreat").id;
    let to = |day: &str, end: &str| Act::Move { start: format!("{day}T08:15"), end: Some(format!("{end}T14:15")) };
    settle(&world.app, &ada(), hold, None, &to("2027-05-10", "2027-05-11"), None).expect("away");
    settle(&world.app, &ada(), hold, None, &to("2027-03-11", "2027-03-12"), None).expect("near again");
    let letters = world.letters();
    let to_ben: Vec<_> = letters.iter().filter(|one| one.row.recipient == "ben@example.org").collect();
    assert_eq!(to_ben.len(), 1, "{letters:?}");
    let mail = String::from_utf8_lossy(&to_ben[0].row.mail).into_owned() + &to_ben[0].read.text;
    assert!(mail.contains("Prairie's days"), "{mail}");
    for secret in secrets {
        assert!(!mail.contains(&secret), "{secret}: {mail}");
    }
}

#[test]
fn a_confirmation_that_a_closed_event_blocks_names_nothing_of_it() {
    let (world, secrets) = begin();
    let hold = world.event("Lantern retreat");
    let private = Draft { private: true, ..Draft::of(&hold.details) };
    settle(&world.app, &ada(), hold.id, None, &Act::Edit(Box::new(private)), None).expect("closed");
    settle(&world.app, &ada(), hold.id, None, &Act::Confirm, None).expect("certain");
    let ben_token = Visitor::with_token(&world, &address("Ben"), Scope::Write);
    let made = ben_token.post_json("/api/v1/events", &json!(own_plan())).json();
    let refused = ben_token.post_json(&format!("/api/v1/events/{}/confirmation", made["id"].as_str().expect("id")), &json!({}));
    assert_eq!(refused.status, Status::Conflict);
    nothing_of(&secrets, &refused, "confirmation");
    let problem = refused.json();
    assert_eq!(problem["findings"][0]["withheld"], json!(true), "{problem}");
    assert!(!refused.text().contains("harbor"), "{problem}");
    // What the other side decided and why is theirs.
    let fingerprint = problem["findings"][0]["fingerprint"].as_str().expect("a fingerprint").to_owned();
    convene::app::overrides::override_finding(&world.app, &ada(), &fingerprint, "Sam comes to Pocatello anyway", None)
        .expect("hers too");
    let seen = ben_token.get("/api/v1/findings");
    nothing_of(&secrets, &seen, "findings");
    assert!(seen.text().contains("another partner") && !seen.text().contains("Ada"), "{}", seen.text());
    // Somebody who calls neither is not told that there is such a finding.
    let cleo = Visitor::with_token(&world, &address("Cleo"), Scope::Write);
    let over = json!({"reason": "mine"}).to_string();
    let tried = cleo.ask(Method::Put, &format!("/api/v1/findings/{fingerprint}/override"), &[], &over);
    assert_eq!(tried.status, Status::NotFound);
}

#[test]
fn what_would_tell_a_title_or_a_place_is_not_told_at_all() {
    let (world, _) = begin();
    let mut same = own_plan();
    same.title = "Lantern retreat".to_owned();
    same.venue = Some(Venue { city: Some("Pocatello".into()), state: Some("ID".into()), ..Venue::default() });
    same.speakers = Vec::new();
    let own = propose(&world.app, &ben(), &same, EventStatus::Proposed).expect("a proposal").event.id;
    let kinds = |who: &Actor| -> Vec<Kind> {
        findings_of(&world.app, who, own).expect("findings").iter().map(|one| one.finding.kind).collect()
    };
    let (all, told) = (kinds(&Actor::Operator), kinds(&ben()));
    let withheld: Vec<Kind> = all.into_iter().filter(|kind| !told.contains(kind)).collect();
    assert_eq!(withheld, [Kind::PossibleDuplicate, Kind::SamePlaceNearDates]);
}
