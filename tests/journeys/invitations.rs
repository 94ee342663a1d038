//! Invitations: saying yes and no, and what calendars are told when plans change.

use convene::app::coming::{Asked, ask, confirm, guests, say_off, to_confirm, to_say_off};
use convene::app::notify;
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::{Actor, Error};
use convene::domain::{Event, EventStatus};
use convene::json::Draft;
use convene::store::{GuestState, OutboxState, Scope};
use mail_parser::{MessageParser, MimeHeaders as _};
use rocket::http::Status;

use crate::smtp::lint;
use crate::support::visitor::Visitor;
use crate::support::world::Seen;
use crate::support::{World, cast};

/// An announced morning in a room, on Wednesday 3 February 2027.
fn announced(world: &World) -> Event {
    let draft = cast::in_the_oak_room("Chiefs of staff meet", "2027-02-03");
    let event = propose(&world.app, &cast::ada(), &draft, EventStatus::Announced).expect("it is put forward").event;
    world.letters();
    event
}

fn asked(email: &str) -> Asked {
    Asked { email: email.to_owned(), ..Asked::default() }
}

/// Robin says yes to it; gives the invitation and the link that says off.
fn robin_comes(world: &World, event: &Event) -> (Seen, String) {
    ask(&world.app, &Actor::Visitor, event.id, &asked("robin@city.example.org")).expect("they are asked");
    let secret = world.letter().after("/coming/");
    confirm(&world.app, &secret).expect("they confirm");
    let invitation = world.letter();
    let off = invitation.after("/off/");
    (invitation, off)
}

fn step(world: &World, event: &Event, act: &Act) -> Event {
    settle(&world.app, &cast::ada(), event.id, None, act, Some("The house is closed.")).expect("the step is possible").event
}

fn moved(day: &str) -> Act {
    Act::Move { start: format!("{day}T09:00"), end: Some(format!("{day}T12:00")) }
}

/// The method in the MIME type, and the lines of the calendar part; everything else must be right.
fn entry(letter: &Seen) -> (String, Vec<String>) {
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    let message = MessageParser::default().parse(&letter.row.mail).expect("it is a message");
    let part = message
        .parts
        .iter()
        .find(|part| part.content_type().is_some_and(|of| of.subtype() == Some("calendar")))
        .expect("a calendar part");
    let method = part.content_type().and_then(|of| of.attribute("method")).expect("a method").to_owned();
    let text = String::from_utf8_lossy(part.contents()).replace("\r\n", "\n").replace("\n ", "");
    (method, text.lines().map(str::to_owned).collect())
}

fn value<'a>(lines: &'a [String], name: &str) -> &'a str {
    let found = lines.iter().find_map(|line| line.strip_prefix(name));
    found.unwrap_or_else(|| panic!("no {name} in {lines:?}"))
}

#[test]
fn whoever_says_yes_twice_gets_one_invitation_for_themselves_alone() {
    let world = World::new();
    let event = announced(&world);
    ask(&world.app, &Actor::Visitor, event.id, &asked("Robin@CITY.example.org")).expect("they are asked");
    let letter = world.letter();
    assert_eq!((letter.row.kind.as_str(), letter.row.recipient.as_str()), ("confirm", "robin@city.example.org"));
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    let secret = letter.after("/coming/");
    assert_eq!(to_confirm(&world.app, &secret).expect("a look").guest.state, GuestState::Pending, "a look is no click");
    assert_eq!(guests(&world.app, &cast::ada(), event.id).expect("Ada may").1, [], "who did not confirm is nobody's guest");

    confirm(&world.app, &secret).expect("a click");
    confirm(&world.app, &secret).expect("a second click");
    let invitation = world.letter();
    let (method, lines) = entry(&invitation);
    assert_eq!((method.as_str(), value(&lines, "METHOD:"), value(&lines, "SEQUENCE:")), ("REQUEST", "REQUEST", "0"));
    assert_eq!(value(&lines, "ORGANIZER;CN=convene:"), "mailto:convene@example.org");
    assert_eq!(lines.iter().filter(|line| line.starts_with("ATTENDEE")).count(), 1);
    assert!(lines.iter().any(|line| line.ends_with("RSVP=FALSE:mailto:robin@city.example.org")), "{lines:?}");
    assert_eq!((value(&lines, "DTSTART:"), value(&lines, "DTEND:")), ("20270203T150000Z", "20270203T180000Z"));
    assert_eq!(value(&lines, "UID:"), format!("invitation-{}@example.org", event.id));
}

#[test]
fn a_burst_of_changes_is_one_update_once_things_are_quiet() {
    let world = World::new();
    let event = announced(&world);
    let (first, _) = robin_comes(&world, &event);
    step(&world, &event, &moved("2027-02-10"));
    world.at("2026-11-23T12:20:00Z");
    step(&world, &event, &moved("2027-02-17"));
    assert_eq!(to_robin(&world).len(), 0, "not while it still changes");
    world.at("2026-11-23T12:51:00Z");
    let letters = to_robin(&world);
    assert_eq!(letters.len(), 1);
    let (method, lines) = entry(&letters[0]);
    assert_eq!((method.as_str(), value(&lines, "SEQUENCE:"), value(&lines, "DTSTART:")), ("REQUEST", "2", "20270217T150000Z"));
    assert_eq!(value(&lines, "UID:"), value(&entry(&first).1, "UID:"));
    assert!(letters[0].read.text.contains("Was: Wed 3 February 2027"), "{}", letters[0].read.text);
}

#[test]
fn updates_that_wait_are_seen_by_those_who_call_the_event_and_say_what_changes_and_not_for_whom() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    let waits = |actor: &Actor| -> Vec<_> {
        let all = notify::waiting(&world.app, actor).expect("what waits");
        all.into_iter().filter(|one| one.subject.starts_with("Updates for calendars")).collect()
    };
    assert_eq!(waits(&cast::ada()), []);
    step(&world, &event, &moved("2027-02-10"));
    let seen = waits(&cast::ada());
    assert_eq!((seen.len(), seen[0].to.as_str(), seen[0].events.as_slice()), (1, "one person who comes", &[event.id][..]));
    let text = &seen[0].text;
    assert!(text.contains("Was: Wed 3 February 2027") && text.contains("Now: Wed 10 February 2027"), "{text}");
    assert!(!text.contains("robin"), "{text}");
    assert_eq!(seen[0].due.to_rfc3339(), "2026-11-23T12:30:00+00:00");
    assert_eq!(waits(&cast::ben()), [], "another partner's guests are none of Ben's");
    let page = Visitor::signed_in(&world, "ada@example.org").get("/desk/mail").text();
    assert!(page.contains("one person who comes"), "{page}");

    world.at("2026-11-23T12:31:00Z");
    assert_eq!(to_robin(&world).len(), 1);
    assert_eq!(waits(&cast::ada()), [], "it went out");
}

fn to_robin(world: &World) -> Vec<Seen> {
    world.letters().into_iter().filter(|letter| letter.row.recipient == "robin@city.example.org").collect()
}

#[test]
fn what_moves_back_or_is_only_reworded_is_no_update() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    step(&world, &event, &moved("2027-02-10"));
    step(&world, &event, &moved("2027-02-03"));
    let draft = Draft { description: "Bring your budgets.".to_owned(), ..cast::in_the_oak_room("Chiefs meet", "2027-02-03") };
    step(&world, &event, &Act::Edit(Box::new(draft)));
    world.at("2026-11-24T12:00:00Z");
    assert_eq!(to_robin(&world).len(), 0);
}

#[test]
fn the_day_before_a_change_is_told_at_once() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    world.at("2027-02-02T16:00:00Z");
    step(&world, &event, &moved("2027-02-04"));
    assert_eq!(to_robin(&world).len(), 1);
}

#[test]
fn a_cancelled_event_leaves_the_calendar_at_once() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    step(&world, &event, &moved("2027-02-10"));
    step(&world, &event, &Act::Cancel);
    let letters = to_robin(&world);
    assert_eq!(letters.len(), 1, "the update that waited is not told any more");
    let (method, lines) = entry(&letters[0]);
    assert_eq!((method.as_str(), value(&lines, "METHOD:"), value(&lines, "STATUS:")), ("CANCEL", "CANCEL", "CANCELLED"));
    assert_eq!((value(&lines, "SEQUENCE:"), value(&lines, "DTSTART:")), ("2", "20270203T150000Z"), "as their calendar has it");
    assert!(letters[0].read.text.contains("The house is closed."), "{}", letters[0].read.text);
}

#[test]
fn what_is_put_off_leaves_and_comes_back_with_its_new_dates() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    step(&world, &event, &Act::Postpone);
    let gone = to_robin(&world);
    step(&world, &event, &moved("2027-03-03"));
    world.at("2026-11-23T13:00:00Z");
    let back = to_robin(&world);
    let told = |letters: &[Seen]| {
        let all = letters.iter().map(entry);
        all.map(|(method, lines)| format!("{method} {}", value(&lines, "SEQUENCE:"))).collect::<Vec<_>>()
    };
    assert_eq!((told(&gone), told(&back)), (vec!["CANCEL 1".to_owned()], vec!["REQUEST 2".to_owned()]));
}

#[test]
fn saying_off_ends_it_and_one_may_come_back() {
    let world = World::new();
    let event = announced(&world);
    let (_, off) = robin_comes(&world, &event);
    assert_eq!(to_say_off(&world.app, &off).expect("a look").guest.state, GuestState::Coming, "a look is no click");
    say_off(&world.app, &off).expect("a click");
    say_off(&world.app, &off).expect("again changes nothing");
    let gone = world.letter();
    let (method, lines) = entry(&gone);
    assert_eq!(
        (method.as_str(), value(&lines, "SEQUENCE:"), gone.row.subject.as_str()),
        ("CANCEL", "1", "Chiefs of staff meet – you do not come")
    );
    step(&world, &event, &moved("2027-02-10"));
    world.at("2026-11-23T13:00:00Z");
    assert_eq!(to_robin(&world).len(), 0, "nothing more is sent");

    let (again, _) = robin_comes(&world, &event);
    let (method, lines) = entry(&again);
    assert_eq!((method.as_str(), value(&lines, "SEQUENCE:"), value(&lines, "DTSTART:")), ("REQUEST", "2", "20270210T150000Z"));
}

#[test]
fn an_unsent_invitation_is_taken_back_when_its_cancellation_is_written() {
    let world = World::new();
    let event = announced(&world);
    let (invitation, off) = robin_comes(&world, &event);
    say_off(&world.app, &off).expect("a click");
    let cancellation = world.letter();
    world.deliver();
    let state = |id| world.app.store.read::<_, Error>(|reader| Ok(reader.letter(id)?.state)).expect("the letter");
    assert_eq!((state(invitation.row.id), state(cancellation.row.id)), (OutboxState::Withdrawn, OutboxState::Sent));
}

#[test]
fn only_those_who_call_it_see_who_comes_and_ask_its_speakers() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    let names = guests(&world.app, &cast::ada(), event.id).expect("Ada may").1;
    assert_eq!(names.iter().map(|guest| guest.email.as_str()).collect::<Vec<_>>(), ["robin@city.example.org"]);
    for other in [cast::ben(), Actor::Visitor] {
        assert!(matches!(guests(&world.app, &other, event.id), Err(Error::Forbidden(_))), "{other:?}");
    }

    let draft = Draft { speakers: vec!["sam-speaker".to_owned()], ..cast::in_the_oak_room("Chiefs of staff meet", "2027-02-03") };
    step(&world, &event, &Act::Edit(Box::new(draft)));
    let sam = Asked { speaker: "sam-speaker".to_owned(), ..asked("sam@example.org") };
    let refused = ask(&world.app, &Actor::Visitor, event.id, &sam);
    assert!(matches!(refused, Err(Error::Forbidden(_))), "{refused:?}");
    ask(&world.app, &cast::ada(), event.id, &sam).expect("Ada may");
    let letters: Vec<_> = world.letters().into_iter().filter(|letter| letter.row.recipient == "sam@example.org").collect();
    assert_eq!(letters.len(), 1, "they are asked, and not invited before they said yes");
    assert_eq!(letters[0].row.kind, "confirm");
    confirm(&world.app, &letters[0].after("/coming/")).expect("Sam says yes");
    assert!(world.letter().read.text.contains("You speak there."));
}

#[test]
fn nobody_can_be_flooded_and_what_is_off_takes_no_guests() {
    let world = World::new();
    let events = ["2027-02-03", "2027-02-10", "2027-02-17", "2027-02-24", "2027-03-03"].map(|day| {
        let draft = cast::in_the_oak_room("Chiefs of staff meet", day);
        propose(&world.app, &cast::ada(), &draft, EventStatus::Announced).expect("it is put forward").event
    });
    world.letters();
    for event in events.iter().chain(&events) {
        ask(&world.app, &Actor::Visitor, event.id, &asked("robin@city.example.org")).expect("the answer never tells");
    }
    assert_eq!(to_robin(&world).len(), 3);
    step(&world, &events[0], &Act::Cancel);
    world.letters();
    let late = ask(&world.app, &Actor::Visitor, events[0].id, &asked("kim@city.example.org"));
    assert!(matches!(late, Err(Error::NotPossible(_))), "{late:?}");
}

#[test]
fn pages_ask_with_one_button_and_looking_changes_nothing() {
    let world = World::new();
    let event = announced(&world);
    let page = format!("/events/{}", event.id);
    let anybody = Visitor::of(&world);
    assert!(anybody.get(&page).text().contains("Do you come?"));
    let refused = anybody.post_form(&format!("{page}/guests"), "email=robin&name=Robin");
    assert_eq!(refused.status, Status::BadRequest);
    assert!(refused.text().contains("value=\"robin\""), "filled in as it was typed");
    let said = anybody.post_form(&format!("{page}/guests"), "email=robin%40city.example.org&name=Robin+Placeholder");
    assert!(said.text().contains("Look at your mail"), "{}", said.text());

    let secret = world.letter().after("/coming/");
    for _ in 0..2 {
        assert!(anybody.get(&format!("/coming/{secret}")).text().contains("Yes, I come"), "a look is no click");
    }
    assert!(anybody.post_form(&format!("/coming/{secret}"), "").text().contains("You are expected"));
    let off = world.letter().after("/off/");
    let ada = Visitor::signed_in(&world, "ada@example.org");
    assert!(ada.get(&format!("{page}/guests")).text().contains("Robin Placeholder"));
    let ben = Visitor::signed_in(&world, "ben@example.org").get(&format!("{page}/guests"));
    assert_eq!((ben.status, ben.text().contains("Robin")), (Status::Forbidden, false));
    assert!(!anybody.get(&page).text().contains("Robin"), "the event's page names nobody");

    for _ in 0..2 {
        assert!(anybody.get(&format!("/off/{off}")).text().contains("I do not come"), "a look is no click");
    }
    assert_eq!(anybody.get("/off/1-AAAAAAAAAAAAAAAA").status, Status::NotFound);
    assert!(anybody.post_form(&format!("/off/{off}"), "").text().contains("You said off"));
    assert_eq!(world.letter().row.kind, "cancel");
    assert!(ada.get(&format!("{page}/guests")).text().contains("said off"));
}

#[test]
fn programs_of_those_who_call_it_read_who_comes() {
    let world = World::new();
    let event = announced(&world);
    robin_comes(&world, &event);
    let path = format!("/api/v1/events/{}/guests", event.id);
    let ada = Visitor::with_token(&world, "ada@example.org", Scope::Read).get(&path).json();
    assert_eq!(
        ada["items"],
        serde_json::json!([{"name": null, "email": "robin@city.example.org", "state": "coming", "speaker": null, "date": null,
            "confirmed_at": "2026-11-23T12:00:00Z", "off_at": null}])
    );
    let ben = Visitor::with_token(&world, "ben@example.org", Scope::Read).get(&path);
    assert_eq!(ben.status, Status::Forbidden);
}

#[test]
fn of_a_series_one_comes_to_one_date_and_only_its_move_is_told() {
    let world = World::new();
    let weekly = Draft {
        recurrence: serde_json::from_value(serde_json::json!({"rrule": "FREQ=WEEKLY;COUNT=3"})).expect("a rule"),
        ..cast::session("Open house", "2027-02-03")
    };
    let event = propose(&world.app, &cast::ada(), &weekly, EventStatus::Announced).expect("it is put forward").event;
    world.letters();
    let refused = ask(&world.app, &Actor::Visitor, event.id, &asked("robin@city.example.org"));
    assert!(matches!(&refused, Err(Error::Invalid(mistakes)) if mistakes[0].field == "date"), "{refused:?}");
    let second = Asked { date: "2027-02-10T14:00:00".to_owned(), ..asked("robin@city.example.org") };
    ask(&world.app, &Actor::Visitor, event.id, &second).expect("they are asked");
    confirm(&world.app, &world.letter().after("/coming/")).expect("they confirm");
    let (_, lines) = entry(&world.letter());
    assert_eq!(value(&lines, "DTSTART:"), "20270210T190000Z");
    assert_eq!(value(&lines, "UID:"), format!("invitation-{}-20270210T1400@example.org", event.id));
}
