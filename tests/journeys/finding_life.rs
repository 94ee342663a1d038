//! The life of a finding: opened, seen, told, overridden for a time, gone and back, and its history kept.

use convene::app::agenda::findings;
use convene::app::import::{Options, take_in};
use convene::app::life::life;
use convene::app::overrides::{expire, list, override_finding, withdraw};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, Error};
use convene::domain::conflict::{Kind, Moment, Severity, Standing};
use convene::domain::{Event, EventStatus};
use convene::json::Draft;
use convene::store::Scope;
use rocket::http::{Method, Status};
use serde_json::json;

use crate::support::World;
use crate::support::cast::{ada, address, ben, cleo, session};
use crate::support::visitor::Visitor;

/// Harbor's confirmed hour and Prairie's proposal, both with Sam, and the fingerprint of what they clash in.
fn begin(world: &World) -> (Event, Event, String) {
    let with_sam = |title: &str| Draft {
        speakers: vec!["sam-speaker".to_owned()],
        time_zone: Some("America/Chicago".to_owned()),
        ..session(title, "2027-03-10")
    };
    let first = propose(&world.app, &ada(), &with_sam("Harbor's hour"), EventStatus::Confirmed).expect("stored").event;
    let second = propose(&world.app, &ben(), &with_sam("Prairie's hour"), EventStatus::Proposed).expect("stored");
    let clash = second.findings.iter().find(|one| one.kind == Kind::SpeakerDoubleBooked).expect("Sam is promised twice");
    (first, second.event, clash.fingerprint.to_string())
}

fn confirm(world: &World, event: &Event) -> Result<(), Error> {
    settle(&world.app, &ben(), event.id, None, &Act::Confirm, None).map(drop)
}

fn recipients(world: &World) -> Vec<String> {
    world.letters().into_iter().map(|letter| letter.row.recipient).collect()
}

fn moments(world: &World, who: &Actor, fingerprint: &str) -> Vec<(Moment, Severity, Option<String>)> {
    let whole = life(&world.app, who, fingerprint).expect("it has a life");
    whole.moments.into_iter().map(|one| (one.what, one.severity, one.by)).collect()
}

fn standings(world: &World, who: &Actor) -> Vec<(String, Standing)> {
    let all = list(&world.app, who).expect("a list").into_iter();
    all.map(|one| (one.decision.reason, one.standing)).collect()
}

#[test]
fn an_override_for_a_time_holds_until_its_day_begins_where_the_convening_is_and_then_both_are_told() {
    let world = World::new();
    let (_, second, clash) = begin(&world);
    assert_eq!(recipients(&world), ["ada@example.org"]);
    override_finding(&world.app, &ben(), &clash, "Sam joins by video", Some("2027-02-01")).expect("decided");
    world.at("2027-02-01T05:59:59Z");
    assert_eq!(expire(&world.app).expect("nothing to end"), 0);
    assert_eq!(standings(&world, &ben()), [("Sam joins by video".to_owned(), Standing::Holds)]);
    world.at("2027-02-01T06:00:00Z");
    // Whoever comes before the background has looked finds it expired all the same.
    assert!(matches!(confirm(&world, &second), Err(Error::Blocked { .. })), "confirmation asks again");
    assert_eq!(standings(&world, &ben()), [("Sam joins by video".to_owned(), Standing::Expired)]);
    assert_eq!((expire(&world.app).expect("it ends"), expire(&world.app).expect("once")), (1, 0));
    let told = world.letters();
    assert_eq!(told.iter().map(|one| one.row.recipient.as_str()).collect::<Vec<_>>(), ["ada@example.org", "ben@example.org"]);
    assert!(told.iter().all(|one| one.read.text.contains("Sam Speaker")), "{told:?}");
    assert!(matches!(confirm(&world, &second), Err(Error::Blocked { .. })), "and goes on asking");
    world.at("2027-02-02T06:00:00Z");
    assert_eq!(recipients(&world), Vec::<String>::new(), "once");
    override_finding(&world.app, &ben(), &clash, "They agreed", None).expect("decided anew");
    confirm(&world, &second).expect("it is overridden");
    world.ignore_letters();
}

#[test]
fn a_decision_is_withdrawn_by_the_partner_that_made_it_and_the_other_is_told() {
    let world = World::new();
    let (_, second, clash) = begin(&world);
    world.letters();
    assert!(matches!(withdraw(&world.app, &ben(), &clash), Err(Error::NotFound("override"))), "nothing is decided");
    override_finding(&world.app, &ben(), &clash, "Sam joins by video", None).expect("decided");
    assert!(matches!(withdraw(&world.app, &cleo(), &clash), Err(Error::NotFound("finding"))), "not hers to know");
    assert!(matches!(withdraw(&world.app, &ada(), &clash), Err(Error::Forbidden(_))), "not hers to take back");
    let stored = withdraw(&world.app, &ben(), &clash).expect("his own");
    assert_eq!(stored.overridden, None);
    assert!(matches!(confirm(&world, &second), Err(Error::Blocked { .. })), "confirmation asks again");
    assert_eq!(recipients(&world), ["ada@example.org"], "whoever withdrew it knows");
    assert!(matches!(withdraw(&world.app, &ben(), &clash), Err(Error::NotFound("override"))), "once");
}

#[test]
fn the_day_that_a_decision_expires_is_ahead_and_a_day() {
    let world = World::new();
    let (_, _, clash) = begin(&world);
    for day in ["2026-11-23", "2020-01-01", "tomorrow", "2040-01-01"] {
        let refused = override_finding(&world.app, &ben(), &clash, "Sam joins by video", Some(day));
        assert!(matches!(&refused, Err(Error::Invalid(mistakes)) if mistakes[0].field == "expires"), "{day}: {refused:?}");
    }
    assert_eq!(standings(&world, &ben()), []);
    override_finding(&world.app, &ben(), &clash, "Sam joins by video", Some("2026-11-24")).expect("from tomorrow on");
    world.ignore_letters();
}

#[test]
fn the_list_says_of_each_decision_whether_it_holds_and_if_not_why() {
    let world = World::new();
    let (first, _, clash) = begin(&world);
    let others = |reason: &str, standing: Standing| (reason.to_owned(), standing);
    override_finding(&world.app, &ben(), &clash, "first", None).expect("decided");
    override_finding(&world.app, &ben(), &clash, "second", None).expect("decided again");
    assert_eq!(
        standings(&world, &ada()),
        [others("another partner's", Standing::Holds), others("", Standing::Replaced)]
            .map(|(_, standing)| ("The reason is not public.".to_owned(), standing))
    );
    let move_to = |hour: &str| Act::Move { start: format!("2027-03-10T{hour}:30"), end: Some("2027-03-10T15:30".to_owned()) };
    settle(&world.app, &ada(), first.id, None, &move_to("14"), None).expect("half an hour later");
    assert_eq!(standings(&world, &ben()), [others("second", Standing::FactsChanged), others("first", Standing::Replaced)]);
    settle(&world.app, &ada(), first.id, None, &Act::Cancel, None).expect("called off");
    assert_eq!(standings(&world, &ben()), [others("second", Standing::Gone), others("first", Standing::Replaced)]);
    assert_eq!(standings(&world, &Actor::Visitor), [], "what holds no longer is not for everybody");
    assert_eq!(standings(&world, &cleo()), []);
    world.ignore_letters();
}

#[test]
fn the_whole_life_is_kept_when_a_finding_goes_and_comes_back() {
    let world = World::new();
    let (first, _, clash) = begin(&world);
    world.at("2026-11-23T13:00:00Z");
    world.letters();
    for _ in 0..2 {
        Visitor::signed_in(&world, &address("Ben")).get("/findings");
    }
    override_finding(&world.app, &ben(), &clash, "Sam joins by video", None).expect("decided");
    let to = |day: &str| Act::Move { start: format!("{day}T14:00"), end: Some(format!("{day}T15:30")) };
    settle(&world.app, &ada(), first.id, None, &to("2027-05-12"), None).expect("away");
    let gone = life(&world.app, &ben(), &clash).expect("it is still known");
    assert!(!gone.stands && gone.stored.finding.kind == Kind::SpeakerDoubleBooked);
    assert!(matches!(life(&world.app, &Actor::Visitor, &clash), Err(Error::NotFound(_))), "what is gone is for its owners");
    settle(&world.app, &ada(), first.id, None, &to("2027-03-10"), None).expect("back");
    withdraw(&world.app, &ben(), &clash).expect("it holds again, for the same facts");
    let high = Severity::High;
    let said = [
        (Moment::Opened, high, None),
        (Moment::Told, high, Some("Ada Placeholder".to_owned())),
        (Moment::Seen, high, Some("Ben Placeholder".to_owned())),
        (Moment::Overridden, high, Some("Ben Placeholder".to_owned())),
        (Moment::Gone, high, None),
        (Moment::Back, high, None),
        (Moment::Withdrawn, high, Some("Ben Placeholder".to_owned())),
    ];
    assert_eq!(moments(&world, &ben(), &clash), said);
    assert_eq!(
        life(&world.app, &ben(), &clash).expect("a life").moments[0].at,
        "2026-11-23T12:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("an instant")
    );
    // Harbor may not know of Prairie's proposal: not who saw it either.
    let others: Vec<_> = moments(&world, &ada(), &clash).into_iter().filter_map(|(_, _, by)| by).collect();
    assert_eq!(others, ["Ada Placeholder", "another partner", "another partner", "another partner"]);
    let page = Visitor::signed_in(&world, &address("Ada")).get(&format!("/findings/{clash}")).text();
    assert!(page.contains("Another partner decided to go on all the same."), "{page}");
    assert!(!page.contains("Ben") && !page.contains("Prairie") && !page.contains("by video"), "{page}");
    let page = Visitor::signed_in(&world, &address("Ben")).get(&format!("/findings/{clash}")).text();
    assert!(page.contains("Seen by Ben Placeholder (Prairie Network).") && page.contains("07:00 EST"), "{page}");
    world.ignore_letters();
}

#[test]
fn pages_and_programs_decide_list_and_withdraw_alike() {
    let world = World::new();
    let (_, _, clash) = begin(&world);
    world.ignore_letters();
    let (page, program) =
        (Visitor::signed_in(&world, &address("Ben")), Visitor::with_token(&world, &address("Ben"), Scope::Write));
    let action = format!("/findings/{clash}/override");
    let refused = page.post_form(&action, "reason=Sam+joins&expires=2020-01-01");
    assert_eq!(refused.status, Status::BadRequest);
    assert!(refused.text().contains("Sam joins") && refused.text().contains("from tomorrow on"), "{}", refused.text());
    assert_eq!(page.post_form(&action, "reason=Sam+joins&expires=2027-02-01").status, Status::SeeOther);
    let listed = page.get("/findings/overrides").text();
    assert!(listed.contains("“Sam joins”") && listed.contains("until Mon 1 February 2027, 00:00 CST"), "{listed}");
    assert_eq!(page.post_form(&format!("/findings/{clash}/withdrawal"), "").status, Status::SeeOther);
    let listed = page.get("/findings/overrides").text();
    assert!(
        listed.contains("Nothing is overridden at present.") && listed.contains("It was withdrawn. By Ben Placeholder"),
        "{listed}"
    );

    let path = format!("/api/v1{action}");
    let sent = json!({"reason": "Sam joins", "expires": "2027-02-01"}).to_string();
    let by = json!({"by": "Ben Placeholder", "at": "2026-11-23T12:00:00Z", "reason": "Sam joins", "expires": "2027-02-01",
                    "time_zone": "America/Chicago"});
    let put = program.ask(Method::Put, &path, &[], &sent);
    assert_eq!((put.status, &put.json()["override"]), (Status::Ok, &by), "{}", put.text());
    let items = program.get("/api/v1/findings/overrides").json()["items"].clone();
    let first = &items[0];
    assert_eq!((&first["override"], &first["standing"], &first["fingerprint"]), (&by, &json!("holds"), &json!(clash)));
    assert_eq!((&items[1]["standing"], &items[1]["ended_by"]), (&json!("withdrawn"), &json!("Ben Placeholder")));
    let gone = program.ask(Method::Delete, &path, &[], "");
    assert_eq!((gone.status, &gone.json()["override"]), (Status::Ok, &json!(null)), "{}", gone.text());
    assert_eq!(program.ask(Method::Delete, &path, &[], "").status, Status::NotFound);
    let whole = program.get(&format!("/api/v1/findings/{clash}")).json();
    let what: Vec<&str> = whole["history"].as_array().expect("a history").iter().filter_map(|one| one["what"].as_str()).collect();
    let lived = ["opened", "seen", "overridden", "withdrawn", "overridden", "withdrawn"];
    assert_eq!((what.as_slice(), &whole["stands"], &whole["kind"]), (&lived[..], &json!(true), &json!("speaker_double_booked")));
    assert_eq!(list(&world.app, &ada()).expect("a list").len(), 2, "all of it stays");
    let anybody = Visitor::of(&world);
    assert_eq!(anybody.get(&format!("/findings/{clash}")).status, Status::NotFound, "it is about a proposal");
    assert_eq!(anybody.get("/api/v1/findings/overrides").json()["items"], json!([]));
}

/// More events than are looked at one by one, and two of them clash: both have the finding, and it begins once.
#[test]
fn what_two_new_events_of_one_file_have_in_common_begins_once() {
    let world = World::new();
    world.ignore_letters();
    let row = |n: u32, day: u32| {
        format!("Meeting {n},2027-{:02}-{day:02}T14:00,2027-{:02}-{day:02}T15:00,virtual,mayor\n", 1 + n % 12, 1 + n % 12)
    };
    let rows: String = (0..30).map(|n| row(n, 1 + n / 12)).chain([row(12, 2)]).collect();
    let file = format!("title,start,end,mode,roles\n{rows}").replacen("Meeting 12", "Gathering", 1);
    let options = Options {
        partner: Some("harbor".parse().expect("a partner")),
        calendar: "many.csv".to_owned(),
        zone: chrono_tz::America::Chicago,
        dry_run: false,
        doubtful: true,
    };
    let report = take_in(&world.app, &Actor::Operator, file.as_bytes(), &options).expect("taken in");
    assert!(report.new.len() > 20, "{report:?}");
    let found = findings(&world.app, &Actor::Operator).expect("findings");
    let of_two: Vec<_> = found.iter().filter(|one| one.finding.events.len() == 2).collect();
    assert!(!of_two.is_empty());
    for one in of_two {
        let begun = moments(&world, &Actor::Operator, &one.finding.fingerprint.to_string());
        assert_eq!(begun.len(), 1, "{}: {begun:?}", one.finding.message);
    }
}
