//! Dates are sent to partners and a city team, answered, and settled: who may see what, and who is told what.

use convene::app::answers::ask::{Asking, Dates, ask};
use convene::app::answers::choose::choose;
use convene::app::answers::give::{Said, give};
use convene::app::answers::remind;
use convene::app::answers::withdraw::{Back, withdraw};
use convene::app::answers::{Poll, asked_of, of, running};
use convene::app::propose::{check, propose};
use convene::app::select::Selection;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, Error, feed_keys, view};
use convene::domain::proposal::{Asked, Outcome};
use convene::domain::{Event, EventId, EventStatus};
use convene::json::{Draft, FieldError};
use convene::store::{FeedHolder, User, UserRole};
use rocket::http::Method;

use crate::smtp::lint;
use crate::support::World;
use crate::support::cast::{ada, ben, cleo, in_the_oak_room, session};
use crate::support::visitor::Visitor;

fn dates(start: &str, end: &str) -> Dates {
    Dates { start: format!("{start}T14:00"), end: Some(format!("{end}T15:30")), place: None }
}

fn asking(dates: Vec<Dates>, asked: &[&str]) -> Asking {
    Asking { dates, asked: asked.iter().map(|one| (*one).to_owned()).collect(), ..Asking::default() }
}

fn said(poll: &Poll, answers: &[&str]) -> Said {
    let ids = poll.proposal.iter().flat_map(|one| &one.candidates).map(|one| one.id.to_string());
    Said { answers: ids.zip(answers.iter().map(|text| (*text).to_owned())).collect(), ..Said::default() }
}

/// Riverbend's lead, known to the service.
fn tess(world: &World) -> Actor {
    let user = User {
        email: "tess@example.org".to_owned(),
        name: "Tess Placeholder".to_owned(),
        partner: None,
        team: Some("riverbend-oh".parse().expect("a slug")),
        role: UserRole::TeamLead,
    };
    world.app.store.write::<_, Error>(|writer| Ok(writer.add_user(&user, world.app.now())?)).expect("Tess is added");
    Actor::User(user)
}

/// A hold of Harbor's on 6 October, with 13 and 20 October offered too, sent to these.
fn sent(world: &World, asked: &[&str]) -> Event {
    let event =
        propose(&world.app, &ada(), &session("Budgeting for equity", "2027-10-06"), EventStatus::Hold).expect("held").event;
    let more = vec![dates("2027-10-13", "2027-10-13"), dates("2027-10-20", "2027-10-20")];
    ask(&world.app, &ada(), event.id, &asking(more, asked)).expect("it is sent");
    event
}

fn open(world: &World, actor: &Actor, id: EventId) -> Poll {
    of(&world.app, actor, id).expect("it is theirs to see")
}

fn told(world: &World) -> Vec<(String, String)> {
    let seen = world.letters();
    for letter in &seen {
        assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    }
    seen.into_iter().map(|letter| (letter.row.recipient, letter.row.subject)).collect()
}

fn letter(to: &str, subject: &str) -> (String, String) {
    (to.to_owned(), subject.to_owned())
}

fn is_hidden<T: std::fmt::Debug>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::NotFound(_)))
}

#[test]
fn dates_go_to_partners_and_a_team_are_answered_and_one_is_chosen() {
    let world = World::new();
    let tess = tess(&world);
    let event = sent(&world, &["partner:prairie", "team:riverbend-oh"]);
    world.at("2026-11-24T12:00:00Z");
    assert_eq!(
        told(&world),
        [
            letter("ben@example.org", "Budgeting for equity – which dates suit you?"),
            letter("tess@example.org", "Budgeting for equity – which dates suit you?"),
        ]
    );

    let poll = open(&world, &ben(), event.id);
    give(&world.app, &ben(), event.id, &said(&poll, &["no", "yes", "yes"])).expect("Ben answers");
    world.at("2026-11-24T13:00:00Z");
    assert_eq!(told(&world), [letter("ada@example.org", "Budgeting for equity – 1 of 2 have answered")]);

    give(&world.app, &tess, event.id, &said(&poll, &["yes", "yes", "maybe"])).expect("Tess answers");
    assert_eq!(
        told(&world),
        [letter("ada@example.org", "Budgeting for equity – everybody has answered, please choose")],
        "at once: nobody is left to wait for"
    );

    let own = open(&world, &ada(), event.id);
    let best = own.proposal.as_ref().and_then(|one| one.best()).expect("one suits best");
    let chosen = choose(&world.app, &ada(), event.id, Some(event.revision), best).expect("it is chosen").event;
    assert_eq!(chosen.details.when.days().first.to_string(), "2027-10-13");
    assert_eq!((chosen.status, chosen.revision), (EventStatus::Hold, event.revision + 1));
    let over = open(&world, &ada(), event.id).proposal.expect("it is kept");
    assert_eq!(over.closed.map(|(_, outcome)| outcome), Some(Outcome::Settled(Some(best))));
    world.at("2026-11-24T20:00:00Z");
    let settled = "Budgeting for equity – settled: Wed 13 October 2027";
    assert_eq!(told(&world), [letter("ben@example.org", settled), letter("tess@example.org", settled)]);
    assert!(matches!(give(&world.app, &ben(), event.id, &said(&poll, &["yes", "yes", "yes"])), Err(Error::NotPossible(_))));
}

#[test]
fn a_plan_is_known_to_those_asked_and_to_nobody_else() {
    let world = World::new();
    let (tess, lists) = (tess(&world), |actor: &Actor| {
        let all = view::list(&world.app, actor, &Selection::default(), None).expect("a list");
        all.into_iter().map(|one| one.entry.event.details.title).collect::<Vec<_>>()
    });
    let event =
        propose(&world.app, &ada(), &session("Budgeting for equity", "2027-10-06"), EventStatus::Hold).expect("held").event;
    assert_eq!(lists(&ben()), Vec::<String>::new());
    assert!(is_hidden(of(&world.app, &ben(), event.id)));

    ask(&world.app, &ada(), event.id, &asking(vec![], &["partner:prairie", "team:riverbend-oh"])).expect("sent");
    assert_eq!(lists(&ben()), ["Budgeting for equity"]);
    assert_eq!(lists(&tess), Vec::<String>::new(), "a team sees what it is asked, and no plan in the calendar");
    assert_eq!(open(&world, &tess, event.id).event.details.title, "Budgeting for equity");
    for stranger in [cleo(), Actor::Visitor] {
        assert_eq!(lists(&stranger), Vec::<String>::new());
        assert!(is_hidden(of(&world.app, &stranger, event.id)));
        assert!(is_hidden(give(&world.app, &stranger, event.id, &Said::default())));
    }
    for asked in [&ben(), &tess] {
        let choice = choose(&world.app, asked, event.id, None, 1);
        assert!(matches!(choice, Err(Error::Forbidden(_) | Error::NotFound(_))), "to be asked is not to decide");
        assert!(ask(&world.app, asked, event.id, &asking(vec![], &["partner:summit"])).is_err());
        assert!(withdraw(&world.app, asked, event.id, &Back::default()).is_err());
    }

    withdraw(&world.app, &ada(), event.id, &Back { asked: vec!["partner:prairie".to_owned()], dates: vec![] }).expect("back");
    assert_eq!(lists(&ben()), Vec::<String>::new());
    assert!(is_hidden(of(&world.app, &ben(), event.id)));
    world.ignore_letters();
}

#[test]
fn partners_see_what_partners_say_and_a_team_what_it_says_itself() {
    let world = World::new();
    let tess = tess(&world);
    let event = sent(&world, &["partner:prairie", "partner:summit", "team:riverbend-oh", "team:elm-hollow-mo"]);
    let poll = open(&world, &ada(), event.id);
    for (actor, answers) in [(&ben(), ["yes", "no", "no"]), (&cleo(), ["maybe", "yes", "no"]), (&tess, ["no", "no", "yes"])] {
        give(&world.app, actor, event.id, &said(&poll, &answers)).expect("answered");
    }
    let sees = |actor: &Actor| {
        let proposal = open(&world, actor, event.id).proposal.expect("there is one");
        let who: Vec<String> = proposal.asked.iter().map(Asked::to_string).collect();
        (who.join(" "), proposal.replies.len())
    };
    assert_eq!(sees(&ada()), ("partner:prairie partner:summit team:elm-hollow-mo team:riverbend-oh".to_owned(), 9));
    assert_eq!(sees(&ben()), ("partner:prairie partner:summit".to_owned(), 6));
    assert_eq!(sees(&tess), ("team:riverbend-oh".to_owned(), 3));
    world.ignore_letters();
}

#[test]
fn each_date_comes_with_what_would_be_found_there_as_far_as_the_reader_may_know() {
    let world = World::new();
    // The same people, for whom Prairie keeps the 13th: Harbor may not know what that is.
    let secret = Draft { title: "Quiet retreat".to_owned(), ..session("Quiet retreat", "2027-10-13") };
    propose(&world.app, &ben(), &secret, EventStatus::Hold).expect("held");
    let event = sent(&world, &["partner:prairie", "partner:summit"]);
    let found = |actor: &Actor| -> Vec<usize> {
        let poll = open(&world, actor, event.id);
        let clashes = |id: &i64| {
            let about = |finding: &&convene::domain::Finding| finding.kind == convene::domain::conflict::Kind::RoleOverlap;
            poll.findings.get(id).map_or(0, |found| found.iter().filter(about).count())
        };
        poll.proposal.iter().flat_map(|one| &one.candidates).map(|one| clashes(&one.id)).collect()
    };
    assert_eq!(found(&ben()), [0, 1, 0], "whoever is asked sees what of theirs it falls on");
    let words = format!("{:?}", open(&world, &ada(), event.id).findings);
    assert!(!words.contains("Quiet retreat") && !words.contains("rairie"), "{words}");
    assert_eq!(found(&cleo()), [0, 0, 0], "and of others' plans nothing");
    world.ignore_letters();
}

#[test]
fn a_team_that_is_asked_sees_what_of_its_own_is_on_those_days() {
    let world = World::new();
    let tess = tess(&world);
    let public = propose(&world.app, &cleo(), &in_the_oak_room("Staff day", "2027-10-13"), EventStatus::Confirmed);
    public.expect("it is public");
    propose(&world.app, &ben(), &session("Quiet retreat", "2027-10-20"), EventStatus::Hold).expect("held, and hidden");
    let event = sent(&world, &["team:riverbend-oh"]);
    let poll = open(&world, &tess, event.id);
    let own: Vec<&[String]> = poll.own.values().map(Vec::as_slice).collect();
    let staff_day = "“Staff day”, Wed 13 October 2027, is for Made-up chief_of_staff of Riverbend.".to_owned();
    assert_eq!(own, [&[][..], &[staff_day], &[]]);
    assert!(poll.findings.is_empty() && open(&world, &ada(), event.id).own.is_empty(), "and whoever asks does not see it");
    world.ignore_letters();
}

#[test]
fn an_answer_can_be_changed_and_what_was_said_before_stays_on_record() {
    let world = World::new();
    let event = sent(&world, &["partner:prairie"]);
    let poll = open(&world, &ada(), event.id);
    give(&world.app, &ben(), event.id, &said(&poll, &["yes"])).expect("answered");
    let once = open(&world, &ada(), event.id).proposal.expect("there is one");
    assert!(once.waits_for(&"partner:prairie".parse().expect("who")), "two dates are left");
    for _ in 0..2 {
        give(&world.app, &ben(), event.id, &said(&poll, &["no", "yes", "maybe"])).expect("answered");
    }
    let proposal = open(&world, &ada(), event.id).proposal.expect("there is one");
    let said: Vec<&str> = proposal.replies.iter().map(|reply| reply.answer.as_str()).collect();
    assert_eq!(said, ["no", "yes", "maybe"]);
    let rows: i64 = world.app.store.read::<_, Error>(|reader| Ok(reader.count_answers(event.id)?)).expect("counted");
    assert_eq!(rows, 4, "the same said again is nothing new");
    world.ignore_letters();
}

#[test]
fn whoever_asks_is_told_every_mistake_and_nothing_is_sent() {
    let world = World::new();
    let event =
        propose(&world.app, &ada(), &session("Budgeting for equity", "2027-10-06"), EventStatus::Hold).expect("held").event;
    let wrong = Asking {
        dates: vec![dates("2027-10-13", "2027-10-12"), dates("2026-01-01", "2026-01-01")],
        asked: vec!["partner:harbor".to_owned(), "partner:nobody".to_owned(), "prairie".to_owned()],
        answer_by: Some("soon".to_owned()),
        note: "x".repeat(501),
    };
    let Err(Error::Invalid(mistakes)) = ask(&world.app, &ada(), event.id, &wrong) else { panic!("it is refused") };
    let all: Vec<String> = mistakes.into_iter().map(|FieldError { field, message }| format!("{field}: {message}")).collect();
    assert_eq!(
        all,
        [
            "dates[0].end: It ends before it starts.",
            "dates[1].start: That day is over.",
            "asked: harbor calls it and need not be asked",
            "asked: there is no partner “nobody”",
            "asked: “prairie” is nobody who can be asked; write partner:SLUG or team:SLUG",
            "answer_by: “soon” is no day; one would be 2027-03-01.",
            "note: Keep it under 500 characters.",
        ]
    );
    let many = (10..16).map(|day| dates(&format!("2027-11-{day}"), &format!("2027-11-{day}"))).collect();
    for (asking, words) in [
        (asking(many, &["partner:prairie"]), "dates: Offer at most 6 dates at a time; these would be 7."),
        (asking(vec![], &[]), "asked: Choose at least one partner or city team to ask."),
    ] {
        assert_eq!(
            ask(&world.app, &ada(), event.id, &asking).map(drop).map_err(|error| error.to_string()),
            Err(words.to_owned())
        );
    }
    assert_eq!(open(&world, &ada(), event.id).proposal, None, "and nobody is asked");
    assert_eq!(told(&world), []);
}

#[test]
fn a_plan_that_goes_its_own_way_ends_the_asking_and_says_so() {
    for (act, outcome, subject) in
        [(Act::Announce, Some(0), "settled: Wed 6 October 2027"), (Act::Cancel, None, "cancelled, no answer needed")]
    {
        let world = World::new();
        let event = sent(&world, &["partner:prairie"]);
        let first = open(&world, &ada(), event.id).proposal.expect("there is one").candidates[0].id;
        world.ignore_letters();
        settle(&world.app, &ada(), event.id, None, &act, None).expect("it goes its way");
        let proposal = open(&world, &ada(), event.id).proposal.expect("there is one");
        assert_eq!(proposal.closed.map(|(_, outcome)| outcome), Some(Outcome::Settled(outcome.map(|_: i32| first))));
        world.at("2026-11-25T12:00:00Z");
        assert_eq!(told(&world), [letter("ben@example.org", &format!("Budgeting for equity – {subject}"))]);
    }
}

/// Programs that poll the private feed: its tag must change with the question, not only with the plan.
#[test]
fn the_feed_of_whoever_is_asked_has_the_plan_while_the_question_stands_and_no_longer() {
    let world = World::new();
    world.ignore_letters();
    let (_, address) =
        feed_keys::add(&world.app, &ben(), &FeedHolder::User("ben@example.org".to_owned()), false).expect("a feed");
    let path = address.strip_prefix("https://cal.example.org").expect("its address").to_owned();
    let visitor = Visitor::of(&world);
    let mut tag = String::new();
    let mut polls = || {
        let answer = visitor.ask(Method::Get, &path, &[("If-None-Match", &tag)], "");
        answer.header("ETag").clone_into(&mut tag);
        (answer.status.code, answer.text().contains("Budgeting for equity"))
    };
    assert_eq!(polls(), (200, false));
    let event = sent(&world, &["team:riverbend-oh"]);
    assert_eq!(polls(), (304, false), "Prairie is not asked");
    ask(&world.app, &ada(), event.id, &asking(vec![], &["partner:prairie"])).expect("Prairie is asked too");
    assert_eq!(polls(), (200, true));
    assert_eq!(polls(), (304, false), "nothing new");
    withdraw(&world.app, &ada(), event.id, &Back::default()).expect("taken back");
    assert_eq!(polls(), (200, false));
}

#[test]
fn what_is_taken_back_before_anybody_was_told_is_no_letter_and_after_that_is_one() {
    let world = World::new();
    let event = sent(&world, &["partner:prairie"]);
    withdraw(&world.app, &ada(), event.id, &Back::default()).expect("taken back");
    world.at("2026-11-24T12:00:00Z");
    assert_eq!(told(&world), []);

    ask(&world.app, &ada(), event.id, &asking(vec![], &["partner:prairie"])).expect("asked anew");
    let anew = open(&world, &ben(), event.id).proposal.expect("there is one");
    assert_eq!(anew.candidates.len(), 1, "it begins with the dates that the plan has");
    world.at("2026-11-25T12:00:00Z");
    assert_eq!(told(&world).len(), 1);
    withdraw(&world.app, &ada(), event.id, &Back::default()).expect("taken back");
    world.at("2026-11-26T12:00:00Z");
    assert_eq!(told(&world), [letter("ben@example.org", "Budgeting for equity – no answer needed any more")]);
    assert!(is_hidden(of(&world.app, &ben(), event.id)));
}

#[test]
fn chosen_dates_in_another_town_take_its_place_and_its_clock() {
    let world = World::new();
    let event =
        propose(&world.app, &cleo(), &in_the_oak_room("Staff day", "2027-10-06"), EventStatus::Proposed).expect("stored").event;
    let elsewhere = Dates {
        start: "2027-11-17".to_owned(),
        end: Some("2027-11-19".to_owned()),
        place: Some("Salt Lake City, UT".to_owned()),
    };
    let poll = ask(&world.app, &cleo(), event.id, &asking(vec![elsewhere], &["partner:harbor"])).expect("asked");
    let there = poll.proposal.expect("there is one").candidates[1].clone();
    let chosen = choose(&world.app, &cleo(), event.id, None, there.id).expect("chosen").event.details;
    let place = chosen.venue.as_ref().and_then(convene::domain::Venue::line);
    assert_eq!((place.as_deref(), chosen.zone), (Some("Salt Lake City, UT"), chrono_tz::America::Denver));
    assert_eq!(chosen.when.days().count(), 3);
    world.ignore_letters();
}

#[test]
fn a_postponed_convening_is_settled_on_new_dates_and_is_public_again() {
    let world = World::new();
    let event = propose(&world.app, &ada(), &session("Budgeting for equity", "2027-10-06"), EventStatus::Announced)
        .expect("stored")
        .event;
    assert!(matches!(ask(&world.app, &ada(), event.id, &asking(vec![], &["partner:prairie"])), Err(Error::NotPossible(_))));
    settle(&world.app, &ada(), event.id, None, &Act::Postpone, None).expect("postponed");
    let more = vec![dates("2027-11-17", "2027-11-17")];
    let poll = ask(&world.app, &ada(), event.id, &asking(more, &["partner:prairie"])).expect("asked");
    let offered = poll.proposal.expect("there is one").candidates;
    assert_eq!(offered.len(), 1, "the dates that are given up are not offered");
    let chosen = choose(&world.app, &ada(), event.id, None, offered[0].id).expect("chosen").event;
    assert_eq!((chosen.status, chosen.details.when.days().first.to_string()), (EventStatus::Announced, "2027-11-17".to_owned()));
    world.ignore_letters();
}

#[test]
fn whoever_has_not_answered_is_reminded_once_the_day_before() {
    let world = World::new();
    let event = sent(&world, &["partner:prairie", "partner:summit"]);
    let until = Asking { answer_by: Some("2026-12-04".to_owned()), ..Asking::default() };
    ask(&world.app, &ada(), event.id, &until).expect("a day is said");
    give(&world.app, &cleo(), event.id, &said(&open(&world, &ada(), event.id), &["yes", "no", "no"])).expect("answered");
    world.at("2026-11-25T12:00:00Z");
    assert_eq!(told(&world).len(), 2, "Ben is asked, and Ada is answered");
    for (time, letters) in [("2026-12-03T04:59:00Z", 0), ("2026-12-03T05:00:00Z", 1), ("2026-12-04T12:00:00Z", 0)] {
        world.at(time);
        remind::sweep(&world.app).expect("swept");
        let told = told(&world);
        assert_eq!(told.len(), letters, "{time}: it is Thursday in New York from 05:00 UTC on");
        if let [(to, subject)] = told.as_slice() {
            assert_eq!(
                (to.as_str(), subject.as_str()),
                ("ben@example.org", "Budgeting for equity – your answer is wanted by Fri 4 December 2026")
            );
        }
    }
}

#[test]
fn what_begins_anew_offers_new_dates_and_asks_those_of_before_again() {
    let world = World::new();
    let event = sent(&world, &["partner:prairie"]);
    let second = open(&world, &ada(), event.id).proposal.expect("there is one").candidates[1].id;
    choose(&world.app, &ada(), event.id, None, second).expect("chosen");
    let more = vec![dates("2027-11-17", "2027-11-17")];
    let anew =
        ask(&world.app, &ada(), event.id, &asking(more, &["partner:summit"])).expect("asked").proposal.expect("there is one");
    let offered: Vec<String> = anew.candidates.iter().map(|one| one.when.days().first.to_string()).collect();
    assert_eq!(offered, ["2027-10-13", "2027-11-17"], "the plan's dates of now, and the new ones");
    let who: Vec<String> = anew.asked.iter().map(Asked::to_string).collect();
    assert_eq!(who, ["partner:prairie", "partner:summit"]);
    world.ignore_letters();
}

#[test]
fn lists_say_what_waits_for_whom() {
    let world = World::new();
    let event = sent(&world, &["partner:prairie"]);
    let waits = || asked_of(&world.app, &ben()).expect("a list").iter().map(|one| one.waits).collect::<Vec<_>>();
    assert_eq!(waits(), [true]);
    give(&world.app, &ben(), event.id, &said(&open(&world, &ben(), event.id), &["yes", "no", "no"])).expect("answered");
    assert_eq!(waits(), [false]);
    assert_eq!(running(&world.app, &ada()).expect("a list").len(), 1);
    assert_eq!(running(&world.app, &ben()).expect("a list").len(), 0);
    // What was checked by somebody who is asked is no clash with the very plan that they may see.
    let again = check(&world.app, &ben(), &session("Another", "2027-10-27")).expect("checked");
    assert!(again.findings.iter().all(|finding| !finding.withheld));
    world.ignore_letters();
}
