//! Doubtful rows of a calendar that is read unattended wait for a yes or no; everything else comes in.

use std::time::Duration;

use convene::app::doubts::{self, answer};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::sync::{self, NewSource};
use convene::app::{Actor, Error};
use convene::domain::{EventStatus, wording};
use convene::json::Draft;
use convene::store::{DoubtAnswer, Reading, ReadingOutcome, Scope};
use rocket::http::{Method, Status};
use serde_json::{Value, json};

use super::upstream::{Upstream, calendar};
use crate::support::World;
use crate::support::cast::{ada, ben, cleo};
use crate::support::visitor::Visitor;

type Given = (&'static str, &'static str, &'static str, &'static str, &'static str);
const SUMMIT: Given = ("summit", "20271006", "20271009", "Lake summit", "LOCATION:Kansas City\\, MO\r\nCATEGORIES:mayor\r\n");
/// The next year's title above this year's dates.
const ODD: Given = ("odd", "20271117", "20271119", "2028 City forum", "LOCATION:Omaha\\, NE\r\n");
const WHY: &str = "its title says 2028, and its dates are in 2027";

struct Connected {
    world: World,
    upstream: Upstream,
    id: i64,
}

/// A calendar of Summit's that says this, read once.
fn connected(given: &[Given]) -> (Connected, Reading) {
    let world = World::new();
    world.at("2027-01-04T12:00:00Z");
    let upstream = Upstream::start();
    upstream.says(Some("\"v1\""), calendar(given));
    let new = NewSource {
        partner: "summit".parse().unwrap(),
        address: Some(upstream.url()),
        name: Some("Lake calendar".to_owned()),
        zone: Some(chrono_tz::America::Chicago),
        roles: vec!["city_manager".parse().unwrap()],
        mode: None,
        every: Duration::from_hours(1),
    };
    let id = sync::add(&world.app, &Actor::Operator, &new).unwrap();
    let connected = Connected { world, upstream, id };
    let reading = connected.read();
    (connected, reading)
}

impl Connected {
    fn read(&self) -> Reading {
        sync::one(&self.world.app, self.id).unwrap()
    }

    /// An hour later the calendar says this; what the reading came to.
    fn says(&self, given: &[Given]) -> [usize; 6] {
        self.world.app.clock.set(self.world.app.now() + chrono::Duration::hours(1));
        self.upstream.says(None, calendar(given));
        counts(&self.read())
    }

    fn titles(&self) -> Vec<String> {
        self.world.events().into_iter().map(|event| event.details.title).collect()
    }

    fn days(&self, title: &str) -> String {
        let details = self.world.event(title).details;
        wording::when(details.when, details.zone)
    }

    /// What waits, and what was answered with no: title, reasons, answered.
    fn asked(&self) -> Vec<(String, String, bool)> {
        let all = doubts::list(&self.world.app, &cleo(), self.id).unwrap();
        all.into_iter().map(|one| (one.doubt.title, one.doubt.reasons.join("; "), one.doubt.answered.is_some())).collect()
    }

    fn answer(&self, said: DoubtAnswer) {
        let one = doubts::list(&self.world.app, &cleo(), self.id).unwrap().remove(0);
        answer(&self.world.app, &cleo(), one.doubt.id, &one.mark, said).unwrap();
    }

    /// The subjects of letters to Summit's people, half an hour later.
    fn told(&self) -> Vec<String> {
        self.world.app.clock.set(self.world.app.now() + chrono::Duration::minutes(31));
        let letters = self.world.letters().into_iter().filter(|letter| letter.row.recipient == "cleo@example.org");
        letters.map(|letter| letter.row.subject.clone()).collect()
    }
}

/// New, changed, unchanged, held, gone, refused.
fn counts(one: &Reading) -> [usize; 6] {
    [one.new, one.changed, one.unchanged, one.held, one.gone, one.refused]
}

fn waits(title: &str, why: &str) -> Vec<(String, String, bool)> {
    vec![(title.to_owned(), why.to_owned(), false)]
}

#[test]
fn a_doubtful_row_waits_the_others_come_in_and_its_people_are_told_once() {
    let (lake, first) = connected(&[SUMMIT, ODD]);
    assert_eq!((counts(&first), lake.titles()), ([1, 0, 0, 1, 0, 0], vec!["Lake summit".to_owned()]));
    assert_eq!(lake.asked(), waits("2028 City forum", WHY));
    assert_eq!(lake.told(), ["One row of Lake calendar waits for your yes or no"]);

    // Neither the same again, nor a 304, nor a failure asks anew or forgets.
    assert_eq!(lake.says(&[SUMMIT, ODD]), [0, 0, 1, 1, 0, 0]);
    lake.upstream.says(Some("\"v1\""), calendar(&[SUMMIT, ODD]));
    lake.read();
    let same = lake.read();
    assert_eq!((same.outcome, counts(&same)), (ReadingOutcome::NotModified, [0, 0, 1, 1, 0, 0]));
    lake.upstream.answers("HTTP/1.1 503 Busy\r\n", None, "");
    assert_eq!(lake.read().outcome, ReadingOutcome::Failed);
    lake.upstream.says(None, calendar(&[SUMMIT, ODD]));
    lake.read();
    assert_eq!((lake.asked(), lake.told()), (waits("2028 City forum", WHY), vec![]));
}

#[test]
fn a_yes_takes_the_row_in_under_the_name_of_who_said_it_and_it_is_asked_about_no_more() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    let one = doubts::list(&lake.world.app, &cleo(), lake.id).unwrap().remove(0);
    let event = answer(&lake.world.app, &cleo(), one.doubt.id, &one.mark, DoubtAnswer::Yes).unwrap().expect("its event");
    let changes = lake.world.app.store.read(|reader| reader.changes_of(event)).unwrap();
    assert_eq!(
        changes.iter().map(|change| (change.what.as_str(), change.actor.as_str())).collect::<Vec<_>>(),
        [("imported", "Cleo Placeholder")]
    );
    assert_eq!((lake.days("2028 City forum").as_str(), lake.asked()), ("Wed 17 – Thu 18 November 2027", vec![]));
    let twice = answer(&lake.world.app, &cleo(), one.doubt.id, &one.mark, DoubtAnswer::Yes).unwrap_err();
    assert_eq!(twice.to_string(), "“2028 City forum” was taken in already by Cleo Placeholder");

    assert_eq!(lake.says(&[SUMMIT, ODD]), [0, 0, 2, 0, 0, 0]);
    // Another text is no new question about its dates; other dates are.
    let other_text = (ODD.0, ODD.1, ODD.2, ODD.3, "LOCATION:Omaha\\, NE\r\nDESCRIPTION:Bring ideas\r\n");
    assert_eq!(lake.says(&[SUMMIT, other_text]), [0, 1, 1, 0, 0, 0]);
    assert_eq!(lake.says(&[SUMMIT, (ODD.0, "20271116", ODD.2, ODD.3, ODD.4)]), [0, 0, 1, 1, 0, 0]);
    // The calendar lets go of what it gave: that is withdrawn, and the question with it.
    assert_eq!((lake.says(&[SUMMIT]), lake.asked()), ([0, 0, 1, 0, 1, 0], vec![]));
    lake.world.ignore_letters();
}

#[test]
fn a_no_holds_while_the_calendar_says_the_same_and_what_is_put_right_comes_in_by_itself() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    lake.answer(DoubtAnswer::No);
    assert_eq!(lake.told(), Vec::<String>::new(), "what is answered needs no letter");
    assert_eq!(lake.says(&[SUMMIT, ODD]), [0, 0, 1, 0, 0, 0]);
    assert_eq!((lake.titles().len(), lake.asked()), (1, vec![("2028 City forum".to_owned(), WHY.to_owned(), true)]));
    assert_eq!(lake.told(), Vec::<String>::new());

    // It says something else, as doubtful: asked anew, and told.
    let later = (ODD.0, "20271124", "20271126", ODD.3, ODD.4);
    assert_eq!((lake.says(&[SUMMIT, later]), lake.asked()), ([0, 0, 1, 1, 0, 0], waits("2028 City forum", WHY)));
    assert_eq!(lake.told(), ["One row of Lake calendar waits for your yes or no"]);
    // It is put right.
    let right = (ODD.0, "20281115", "20281117", ODD.3, ODD.4);
    assert_eq!((lake.says(&[SUMMIT, right]), lake.asked()), ([1, 0, 1, 0, 0, 0], vec![]));
    assert_eq!(lake.days("2028 City forum"), "Wed 15 – Thu 16 November 2028");
}

#[test]
fn a_no_may_become_a_yes_and_what_vanishes_is_forgotten() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    lake.answer(DoubtAnswer::No);
    lake.says(&[SUMMIT, ODD]);
    lake.answer(DoubtAnswer::Yes);
    assert_eq!((lake.titles().len(), lake.asked()), (2, vec![]));

    let (lake, _) = connected(&[SUMMIT, ODD]);
    assert_eq!((lake.says(&[SUMMIT]), lake.asked()), ([0, 0, 1, 0, 0, 0], vec![]));
    assert_eq!(lake.says(&[SUMMIT, ODD]), [0, 0, 1, 1, 0, 0], "and asked about when it is back");
    lake.world.ignore_letters();
}

#[test]
fn a_text_that_is_another_one_each_time_asks_nothing_anew_and_is_the_newest_when_it_is_taken() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    let text = |lines| [SUMMIT, (ODD.0, ODD.1, ODD.2, ODD.3, lines)];
    assert_eq!(lake.told().len(), 1);
    let shown = doubts::list(&lake.world.app, &cleo(), lake.id).unwrap().remove(0);
    lake.says(&text("LOCATION:Omaha\\, NE\r\nDESCRIPTION:As of nine\r\n"));
    assert_eq!((lake.told(), lake.asked()), (vec![], waits("2028 City forum", WHY)));
    let stale = answer(&lake.world.app, &cleo(), shown.doubt.id, &shown.mark, DoubtAnswer::Yes);
    assert!(matches!(stale, Err(Error::Stale)), "a yes is a yes to what was shown");
    lake.answer(DoubtAnswer::No);
    assert_eq!(lake.says(&text("LOCATION:Omaha\\, NE\r\nDESCRIPTION:As of ten\r\n")), [0, 0, 1, 0, 0, 0]);
    lake.answer(DoubtAnswer::Yes);
    assert_eq!(lake.world.event("2028 City forum").details.description, "As of ten");
    lake.world.ignore_letters();
}

#[test]
fn a_row_that_its_calendar_names_anew_each_time_is_asked_about_once() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    assert_eq!(lake.told().len(), 1);
    assert_eq!(lake.says(&[SUMMIT, ("odd-2", ODD.1, ODD.2, ODD.3, ODD.4)]), [0, 0, 1, 1, 0, 0]);
    assert_eq!((lake.told(), lake.asked()), (vec![], waits("2028 City forum", WHY)));
    lake.answer(DoubtAnswer::No);
    assert_eq!(lake.says(&[SUMMIT, ("odd-3", ODD.1, ODD.2, ODD.3, ODD.4)]), [0, 0, 1, 0, 0, 0]);
    // Two that say the same are two questions.
    let twice = [SUMMIT, ("odd-4", ODD.1, ODD.2, ODD.3, ODD.4), ("odd-5", ODD.1, ODD.2, ODD.3, ODD.4)];
    assert_eq!(lake.says(&twice), [0, 0, 1, 1, 0, 0]);
    lake.world.ignore_letters();
}

#[test]
fn an_event_whose_row_waits_stays_as_it_was_and_a_stale_answer_is_refused() {
    let (lake, _) = connected(&[SUMMIT]);
    let next_year = (SUMMIT.0, "20281004", "20281007", SUMMIT.3, SUMMIT.4);
    assert_eq!(lake.says(&[next_year]), [0, 0, 0, 1, 0, 0], "nor is it taken for withdrawn");
    assert_eq!(lake.days("Lake summit"), "Wed 6 – Fri 8 October 2027");
    let shown = doubts::list(&lake.world.app, &cleo(), lake.id).unwrap().remove(0);
    let differs: Vec<_> = shown.row.differences.iter().map(|one| (one.field, one.old.as_str(), one.new.as_str())).collect();
    assert_eq!(differs, [("When", "Wed 6 – Fri 8 October 2027", "Wed 4 – Fri 6 October 2028")]);

    // On its page its own people read of it, and nobody else.
    let page = format!("/events/{}", lake.world.event("Lake summit").id);
    let says = "Its calendar says something else of it since Mon 4 January 2027, 08:00 EST (New York, UTC−5), and that is doubtful: \
                it would move by 364 days";
    assert!(Visitor::signed_in(&lake.world, "cleo@example.org").get(&page).text().contains(says));
    for other in [Visitor::signed_in(&lake.world, "ben@example.org"), Visitor::of(&lake.world)] {
        let text = other.get(&page).text();
        assert!(text.contains("Lake summit") && !text.contains("doubtful"), "{text}");
    }

    // Its event changes, then its calendar: both times the answer was to something else.
    let stale = |mark: &str| answer(&lake.world.app, &cleo(), shown.doubt.id, mark, DoubtAnswer::Yes);
    let draft = Draft { expected: Some(60), ..Draft::of(&lake.world.event("Lake summit").details) };
    let id = lake.world.event("Lake summit").id;
    settle(&lake.world.app, &cleo(), id, None, &Act::Edit(Box::new(draft)), None).unwrap();
    assert!(matches!(stale(&shown.mark), Err(Error::Stale)));
    let shown = doubts::one(&lake.world.app, &cleo(), shown.doubt.id).unwrap();
    lake.says(&[(SUMMIT.0, "20281011", "20281014", SUMMIT.3, SUMMIT.4)]);
    assert!(matches!(stale(&shown.mark), Err(Error::Stale)));
    assert_eq!(lake.days("Lake summit"), "Wed 6 – Fri 8 October 2027");
    lake.answer(DoubtAnswer::Yes);
    assert_eq!(lake.days("Lake summit"), "Wed 11 – Fri 13 October 2028");
    assert_eq!(lake.world.event("Lake summit").details.expected, Some(60));
    lake.world.ignore_letters();
}

#[test]
fn a_field_that_was_changed_here_waits_alone_and_the_rest_of_its_row_comes_in() {
    let (lake, _) = connected(&[SUMMIT]);
    let event = lake.world.event("Lake summit");
    let draft = Draft { title: "Our lake summit".to_owned(), ..Draft::of(&event.details) };
    settle(&lake.world.app, &cleo(), event.id, None, &Act::Edit(Box::new(draft)), None).unwrap();
    assert_eq!((lake.says(&[SUMMIT]), lake.asked()), ([0, 0, 1, 0, 0, 0], vec![]), "it only repeats what was overruled");

    let other = |first, lines| (SUMMIT.0, first, "20271009", "Lake gathering", lines);
    let why = "somebody changed its title here since it was last read; taking it in overrules that";
    assert_eq!(lake.says(&[other("20271005", SUMMIT.4)]), [0, 1, 0, 1, 0, 0]);
    assert_eq!(
        (lake.days("Our lake summit").as_str(), lake.asked()),
        ("Tue 5 – Fri 8 October 2027", waits("Lake gathering", why))
    );
    lake.answer(DoubtAnswer::No);
    // Whatever else changes comes in, and the title is asked about no more.
    assert_eq!(lake.says(&[other("20271004", SUMMIT.4)]), [0, 1, 0, 0, 0, 0]);
    assert_eq!(lake.days("Our lake summit"), "Mon 4 – Fri 8 October 2027");
    lake.answer(DoubtAnswer::Yes);
    assert_eq!((lake.days("Lake gathering").as_str(), lake.asked()), ("Mon 4 – Fri 8 October 2027", vec![]));
    assert_eq!(lake.says(&[other("20271004", SUMMIT.4)]), [0, 0, 1, 0, 0, 0]);
    lake.world.ignore_letters();
}

#[test]
fn a_partners_own_hold_makes_a_row_doubtful_and_a_plan_it_may_not_see_does_not() {
    let world = World::new();
    world.ignore_letters();
    world.at("2027-01-04T12:00:00Z");
    let plan = |actor: &Actor, title: &str| {
        let draft = Draft {
            title: title.to_owned(),
            start: "2027-10-06".to_owned(),
            end: Some("2027-10-08".to_owned()),
            roles: vec!["mayor".to_owned()],
            time_zone: Some("America/Chicago".to_owned()),
            ..Draft::default()
        };
        propose(&world.app, actor, &draft, EventStatus::Proposed).unwrap();
    };
    plan(&cleo(), "Spring water retreat");
    plan(&ben(), "Autumn water retreat");
    let file = calendar(&[
        ("a", "20271006", "20271009", "Spring water retreat", ""),
        ("b", "20271006", "20271009", "Autumn water retreat", ""),
    ]);
    let new = NewSource {
        partner: "summit".parse().unwrap(),
        address: None,
        name: Some("lake.ics".to_owned()),
        zone: None,
        roles: Vec::new(),
        mode: None,
        every: Duration::from_hours(1),
    };
    let id = sync::add(&world.app, &cleo(), &new).unwrap();
    let reading = sync::upload(&world.app, &cleo(), id, file.as_bytes()).unwrap();
    assert_eq!(counts(&reading), [1, 0, 0, 1, 0, 0]);
    let asked = doubts::list(&world.app, &cleo(), id).unwrap();
    assert_eq!(
        asked[0].doubt.reasons,
        [
            "“Spring water retreat” of summit, Wed 6 – Fri 8 October 2027, is in the calendar already; if it is the same, leave this one out"
        ]
    );
}

#[test]
fn what_is_held_is_seen_and_answered_by_its_partners_people_alone() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    lake.world.ignore_letters();
    let (id, row) = (lake.id, doubts::list(&lake.world.app, &cleo(), lake.id).unwrap().remove(0));
    for actor in [ada(), ben(), Actor::Visitor, Actor::Calendar("Lake calendar".to_owned())] {
        assert!(matches!(doubts::list(&lake.world.app, &actor, id), Err(Error::NotFound("source"))), "{actor:?}");
        assert!(matches!(doubts::one(&lake.world.app, &actor, row.doubt.id), Err(Error::NotFound("row"))), "{actor:?}");
        let said = answer(&lake.world.app, &actor, row.doubt.id, &row.mark, DoubtAnswer::Yes);
        assert!(matches!(said, Err(Error::NotFound("row"))), "{actor:?}");
    }
    let others = Visitor::signed_in(&lake.world, "ben@example.org");
    let address = format!("/desk/sources/{id}/doubts/{}", row.doubt.id);
    let form = format!("mark={}&answer=yes", row.mark);
    assert_eq!(others.get(&format!("/desk/sources/{id}")).status, Status::NotFound);
    assert_eq!(others.post_form(&address, &form).status, Status::NotFound);
    for path in ["/desk", "/desk/sources", "/", "/feeds/all.ics"] {
        assert!(!others.get(path).text().contains("City forum"), "{path}");
    }
    let program = Visitor::with_token(&lake.world, "ben@example.org", Scope::Write);
    assert_eq!(program.get(&format!("/api/v1/sources/{id}/doubts")).status, Status::NotFound);
    assert_eq!(Visitor::of(&lake.world).get(&format!("/api/v1/sources/{id}/doubts")).status, Status::Unauthorized);
    assert_eq!(lake.titles(), ["Lake summit"]);
}

#[test]
fn its_people_see_why_and_what_would_change_and_answer_on_the_page() {
    let (lake, _) = connected(&[SUMMIT]);
    lake.world.ignore_letters();
    let next_year = (SUMMIT.0, "20281004", "20281007", SUMMIT.3, SUMMIT.4);
    lake.says(&[next_year, ODD]);
    let cleo = Visitor::signed_in(&lake.world, "cleo@example.org");
    let desk = cleo.get("/desk").text();
    assert!(desk.contains("2 rows of “Lake calendar” wait for your yes or no"), "{desk}");
    assert!(cleo.get("/desk/sources").text().contains("One calendar; 2 rows wait for a yes or no."));
    let page = cleo.get(&format!("/desk/sources/{}", lake.id)).text();
    for said in
        ["Waiting for your yes or no", WHY, "<del>Wed 6 – Fri 8 October 2027</del>", "<ins>Wed 4 – Fri 6 October 2028</ins>"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (action, mark) = form_of(&page, "2028 City forum");
    let bad = cleo.post_form(&action, &format!("mark={mark}&answer=perhaps"));
    assert_eq!(bad.status, Status::BadRequest);
    assert_eq!(cleo.post_form(&action, "mark=abc.1&answer=yes").status, Status::PreconditionFailed);
    assert_eq!(lake.titles(), ["Lake summit"]);
    assert_eq!(cleo.post_form(&action, &format!("mark={mark}&answer=no")).status, Status::SeeOther);
    let page = cleo.get(&format!("/desk/sources/{}", lake.id)).text();
    assert!(page.contains("It stays out, until its calendar says something else."), "{page}");
    assert!(
        page.contains("Left out on your word (1)") && page.contains("Left out by Cleo Placeholder, Mon 4 January 2027"),
        "{page}"
    );
    assert!(page.contains("Take it in after all"), "{page}");
    assert_eq!(cleo.post_form(&action, &format!("mark={mark}&answer=yes")).status, Status::SeeOther);
    assert_eq!(cleo.post_form(&action, &format!("mark={mark}&answer=yes")).status, Status::Conflict);
    assert_eq!(lake.titles(), ["2028 City forum", "Lake summit"]);
}

/// Where the form below a row is posted, and its mark.
fn form_of(page: &str, title: &str) -> (String, String) {
    let row = page.split("<h3>").find(|part| part.starts_with(title)).expect("the row");
    let value = |before: &str| row.split(before).nth(1).and_then(|rest| rest.split('"').next()).expect("a value").to_owned();
    (value("action=\""), value("name=\"mark\" value=\""))
}

#[test]
fn a_program_reads_what_waits_and_answers_once() {
    let (lake, _) = connected(&[SUMMIT, ODD]);
    lake.world.ignore_letters();
    let program = Visitor::with_token(&lake.world, "cleo@example.org", Scope::Write);
    let path = format!("/api/v1/sources/{}/doubts", lake.id);
    let items = program.get(&path).json()["items"].as_array().expect("items").clone();
    let said = |name: &str| items[0][name].clone();
    assert_eq!((said("title"), said("becomes"), said("reasons")), (json!("2028 City forum"), json!("new"), json!([WHY])));
    assert_eq!((said("when"), said("answer"), said("event")), (json!("Wed 17 – Thu 18 November 2027"), Value::Null, Value::Null));
    assert_eq!(program.get(&format!("/api/v1/sources/{}", lake.id)).json()["held"], json!(1));

    let answer = format!("{path}/{}/answer", said("id"));
    let body = json!({"answer": "yes", "mark": said("mark")});
    assert_eq!(program.post_json(&answer, &json!({"answer": "yes", "mark": "old"})).status, Status::PreconditionFailed);
    assert_eq!(program.post_json(&answer, &json!({"answer": "maybe", "mark": said("mark")})).status, Status::BadRequest);
    assert_eq!(program.post_json(&format!("/api/v1/sources/99/doubts/{}/answer", said("id")), &body).status, Status::NotFound);
    let reader = Visitor::with_token(&lake.world, "cleo@example.org", Scope::Read);
    assert_eq!(reader.post_json(&answer, &body).status, Status::Forbidden);
    assert_eq!(lake.titles(), ["Lake summit"]);
    let send = || program.ask(Method::Post, &answer, &[("Idempotency-Key", "\"a\"")], &body.to_string());
    let done = send();
    assert_eq!((done.status, &done.json()["answered_by"]), (Status::Ok, &json!("Cleo Placeholder")));
    assert_eq!(send().text(), done.text(), "sent again it is answered again");
    assert_eq!(program.post_json(&answer, &body).status, Status::Conflict);
    assert_eq!(lake.titles(), ["2028 City forum", "Lake summit"]);
    assert_eq!(program.get(&path).json()["items"], json!([]));
}

#[test]
fn rows_that_are_answered_alike_come_in_together_or_not_at_all() {
    let (lake, _) = connected(&[SUMMIT]);
    let named = |uid, title| (uid, ODD.1, ODD.2, title, ODD.4);
    lake.says(&[SUMMIT, named("a", "2028 City forum"), named("b", "2029 Town forum"), named("c", "2026 Rural forum")]);
    let rows = doubts::list(&lake.world.app, &cleo(), lake.id).unwrap();
    assert_eq!(rows.len(), 3);
    let cleo_at = Visitor::signed_in(&lake.world, "cleo@example.org");
    let action = format!("/desk/sources/{}/doubts", lake.id);
    let page = cleo_at.get(&format!("/desk/sources/{}", lake.id)).text();
    assert!(page.contains("Take all of them in") && page.contains(&format!("action=\"{action}\"")), "{page}");

    let said = |answer: &str, marks: [&str; 3]| {
        let named = rows.iter().zip(marks).map(|(one, mark)| format!("row={}:{mark}", one.doubt.id));
        cleo_at.post_form(&action, &named.chain([format!("answer={answer}")]).collect::<Vec<_>>().join("&")).status
    };
    let marks = [&*rows[0].mark, &*rows[1].mark, &*rows[2].mark];
    assert_eq!(said("yes", [marks[0], marks[1], "another"]), Status::PreconditionFailed);
    assert_eq!(said("perhaps", marks), Status::BadRequest);
    assert_eq!((lake.titles().len(), lake.asked().iter().filter(|one| one.2).count()), (1, 0), "none of them");
    let ben_at = Visitor::signed_in(&lake.world, "ben@example.org");
    let one = format!("row={}:{}&answer=yes", rows[0].doubt.id, marks[0]);
    assert_eq!(ben_at.post_form(&action, &one).status, Status::NotFound);
    assert_eq!(said("yes", marks), Status::SeeOther);
    assert_eq!((lake.titles().len(), lake.asked()), (4, vec![]), "all of them");
    lake.world.ignore_letters();
}
