//! Subscribers: at once or in their hour, as they choose it themselves; one letter a local day whatever clocks do.

use convene::app::digest::{Run, Written, run};
use convene::app::propose::propose;
use convene::app::settle::{Act, settle};
use convene::app::subscribe::{Wish, ask_to_change, change, confirm, end, subscribe, to_change, to_end, unsubscribe_token};
use convene::app::{Error, subscribe as subscribing};
use convene::domain::{Event, EventStatus, Venue};
use convene::json::Draft;
use convene::store::{Frequency, OutboxState, Subscription};

use crate::smtp::lint;
use crate::support::World;
use crate::support::cast::{ada, session};

const READER: &str = "reader@city.example.org";

fn wish(frequency: &str) -> Wish {
    Wish {
        email: READER.to_owned(),
        roles: vec!["chief_equity_officer".to_owned()],
        frequency: frequency.to_owned(),
        zone: "America/Chicago".to_owned(),
        hour: "7".to_owned(),
        ..Wish::default()
    }
}

/// Somebody who signed up like this and followed the link.
fn reader(world: &World, wish: &Wish) -> Subscription {
    subscribe(&world.app, wish).expect("a wish");
    confirm(&world.app, &world.letter().after("/subscribe/")).expect("a click")
}

fn entered(world: &World, draft: &Draft) -> Event {
    propose(&world.app, &ada(), draft, EventStatus::Confirmed).expect("it is stored").event
}

fn takes(world: &World, event: &Event, act: &Act) {
    settle(&world.app, &ada(), event.id, None, act, None).expect("the step is taken");
}

fn to_day(day: &str) -> Act {
    Act::Move { start: format!("{day}T14:00"), end: Some(format!("{day}T15:30")) }
}

fn due(world: &World, time: &str) -> Vec<Written> {
    world.at(time);
    write(world)
}

fn write(world: &World) -> Vec<Written> {
    run(&world.app, Run { dry_run: false, replay: false, sent_from: world.app.now() }).expect("digests are written")
}

#[test]
fn at_once_is_only_what_changes_and_once_it_is_quiet() {
    let world = World::new();
    reader(&world, &wish("at_once"));
    let event = entered(&world, &session("Budgeting for equity", "2027-10-06"));
    let other = entered(&world, &session("Another hour", "2027-11-03"));
    assert_eq!(due(&world, "2026-11-23T14:00:00Z"), [], "that there is something new is no change");
    takes(&world, &event, &to_day("2027-10-07"));
    world.at("2026-11-23T14:20:00Z");
    takes(&world, &event, &to_day("2027-10-14"));
    takes(&world, &other, &to_day("2027-11-04"));
    takes(&world, &other, &to_day("2027-11-03"));
    assert_eq!(due(&world, "2026-11-23T14:49:00Z"), []);
    let told = due(&world, "2026-11-23T14:50:00Z");
    assert_eq!(told.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["1 change: Budgeting for equity moved"]);
    assert!(told[0].text.contains("Wed 6 October 2027") && told[0].text.contains("Thu 14 October 2027"), "{}", told[0].text);
    assert!(!told[0].text.contains("7 October") && !told[0].text.contains("Another hour"), "{}", told[0].text);
    world.deliver();
    let letter = world.letter();
    assert_eq!((letter.row.kind.as_str(), lint::findings(&letter.row.mail)), ("notice", vec![]));
    takes(&world, &event, &Act::Cancel);
    assert_eq!(due(&world, "2026-11-23T15:30:00Z").len(), 1, "that it is called off is told too");
    takes(&world, &other, &Act::Cancel);
    let both = due(&world, "2026-11-23T16:30:00Z").pop().expect("one more");
    assert_eq!(both.subject, "2 changes: Budgeting for equity cancelled", "the one before had not gone out");
    world.deliver();
    assert_eq!(due(&world, "2026-12-23T15:30:00Z"), [], "and nothing when there is nothing");
    let told: Vec<_> = world.carried().iter().map(|letter| letter.message_id.clone()).collect();
    assert_eq!(told.len(), 3, "the confirmation, the move, and what was called off: {told:?}");
    world.ignore_letters();
}

#[test]
fn an_anchor_that_falls_is_one_letter_to_a_subscriber_and_not_one_for_each_satellite() {
    let world = World::new();
    reader(&world, &wish("at_once"));
    let anchor = entered(&world, &session("Annual meeting", "2027-04-21"));
    for title in ["Officers' day", "Workshop", "Roundtable"] {
        entered(&world, &Draft { anchor: Some(anchor.id.to_string()), ..session(title, "2027-04-21") });
    }
    due(&world, "2026-11-24T14:00:00Z");
    takes(&world, &anchor, &Act::Cancel);
    let told = due(&world, "2026-11-24T14:30:00Z");
    assert_eq!(told.iter().map(|one| one.subject.as_str()).collect::<Vec<_>>(), ["1 change: Annual meeting cancelled"]);
    world.ignore_letters();
}

#[test]
fn only_the_places_that_were_chosen_and_what_is_online() {
    let world = World::new();
    reader(&world, &Wish { places: "Ohio, Kansas City; OR".to_owned(), ..wish("daily") });
    let there = |title: &str, city: &str, state: &str| Draft {
        mode: Some("in_person".to_owned()),
        join_url: None,
        venue: Some(Venue { city: Some(city.to_owned()), state: Some(state.to_owned()), ..Venue::default() }),
        ..session(title, "2026-12-02")
    };
    entered(&world, &there("In Kansas City", "Kansas City", "MO"));
    entered(&world, &there("In Columbus", "Columbus", "OH"));
    entered(&world, &there("In Portland", "Portland", "OR"));
    entered(&world, &there("In Fort Worth, for sure", "Fort Worth", "TX"));
    entered(&world, &session("Online", "2026-12-02"));
    let told = due(&world, "2026-11-24T13:00:00Z").pop().expect("there is news").text;
    let named = |title: &str| told.contains(&format!("* {title}"));
    assert!(named("In Kansas City") && named("In Columbus") && named("In Portland") && named("Online"), "{told}");
    assert!(!named("In Fort Worth"), "{told}");
    world.ignore_letters();
}

#[test]
fn three_days_without_service_are_one_digest() {
    let world = World::new();
    reader(&world, &wish("daily"));
    entered(&world, &session("Budgeting for equity", "2026-12-02"));
    let told = due(&world, "2026-11-26T15:00:00Z");
    assert_eq!(told.len(), 1);
    assert_eq!(due(&world, "2026-11-27T12:59:00Z"), [], "the next is due at seven the next day");
    assert_eq!(due(&world, "2026-11-27T13:00:00Z").len(), 1);
    world.ignore_letters();
}

#[test]
fn a_digest_that_never_went_out_is_taken_back_and_the_next_tells_of_both_days() {
    let world = World::new();
    reader(&world, &wish("daily"));
    let event = entered(&world, &session("Budgeting for equity", "2027-10-06"));
    let first = due(&world, "2026-11-24T13:00:00Z").pop().expect("there is news");
    assert!(first.text.contains("New\n---"), "{}", first.text);
    takes(&world, &event, &to_day("2027-10-07"));
    let second = due(&world, "2026-11-25T13:00:00Z").pop().expect("it moved");
    let states: Vec<_> = world.letters().iter().map(|letter| letter.row.state).collect();
    assert_eq!(states, [OutboxState::Withdrawn, OutboxState::Ready]);
    assert!(second.text.contains("New\n---") && second.text.contains("Thu 7 October 2027"), "{}", second.text);
    assert_eq!(world.deliver().sent, 1);
    takes(&world, &event, &to_day("2027-10-08"));
    let third = due(&world, "2026-11-26T13:00:00Z").pop().expect("it moved again");
    assert!(
        third.text.contains("Thu 7 October 2027") && !third.text.contains("New\n---"),
        "what was sent stays told: {}",
        third.text
    );
    world.ignore_letters();
}

#[test]
fn one_digest_each_local_day_across_clock_changes() {
    let cases = [
        ("Europe/Berlin", "2", "2027-03-26T12:00:00Z"),
        ("Europe/Berlin", "2", "2027-10-29T12:00:00Z"),
        ("America/St_Johns", "2", "2027-03-12T12:00:00Z"),
        ("Asia/Kathmandu", "7", "2027-03-12T12:00:00Z"),
        ("Pacific/Apia", "0", "2027-04-02T12:00:00Z"),
        ("Africa/Casablanca", "2", "2027-02-05T12:00:00Z"),
    ];
    for (zone, hour, from) in cases {
        let world = World::new();
        world.at(from);
        let own = reader(&world, &Wish { zone: zone.to_owned(), hour: hour.to_owned(), ..wish("daily") });
        entered(&world, &session("Always coming", &(world.app.now() + chrono::Duration::days(8)).date_naive().to_string()));
        let mut days = Vec::new();
        for _ in 0..(4 * 24) {
            world.app.clock.set(world.app.now() + chrono::Duration::hours(1));
            days.extend(write(&world).iter().map(|_| world.app.now().with_timezone(&own.zone).date_naive()));
        }
        let expected: Vec<_> = days[0].iter_days().take(4).collect();
        assert_eq!(days, expected, "{zone} from {from}");
        world.ignore_letters();
    }
}

#[test]
fn a_reader_who_changes_zones_still_gets_one_a_day() {
    let world = World::new();
    let own = reader(&world, &wish("daily"));
    entered(&world, &session("Always coming", "2026-12-02"));
    let mut days = Vec::new();
    for (at, zone) in (0..96).zip(["Asia/Kathmandu", "America/Chicago", "Pacific/Honolulu", "Pacific/Apia"].iter().cycle()) {
        world.app.clock.set(world.app.now() + chrono::Duration::hours(1));
        days.extend(write(&world).iter().filter(|one| !one.again).map(|_| at / 24));
        if at % 12 == 5 {
            let token = settings_link(&world, &own);
            change(&world.app, &token, &Wish { zone: (*zone).to_owned(), ..wish("daily") }).expect("changed");
        }
    }
    let most = (0..4).map(|day| days.iter().filter(|on| **on == day).count()).max();
    assert!(most <= Some(2) && days.len() <= 5, "{days:?}");
    let keys: Vec<String> = world.letters().into_iter().filter(|one| one.row.kind == "digest").map(|one| one.row.key).collect();
    let mut once = keys.clone();
    once.dedup();
    assert_eq!(keys, once, "one for each civil day");
}

/// The link to the settings, as it would come by mail.
fn settings_link(world: &World, own: &Subscription) -> String {
    let before = world.app.now();
    // Beyond what an address is mailed in a day: the limit is another test's.
    world.app.clock.set(before + chrono::Duration::days(40));
    ask_to_change(&world.app, &unsubscribe_token(&world.app, own.id)).expect("asked");
    let mut letters = world.letters();
    letters.retain(|letter| letter.row.kind == "confirm");
    world.app.clock.set(before);
    letters.pop().map(|letter| letter.after("/subscriptions/")).expect("a link")
}

#[test]
fn a_forwarded_letter_neither_reads_nor_changes_the_settings_and_the_mailed_link_does() {
    let world = World::new();
    let own = reader(&world, &wish("daily"));
    let token = unsubscribe_token(&world.app, own.id);
    world.at("2026-11-23T13:00:00Z");
    for forged in
        [token.clone(), format!("{}-9999999999-{}", own.id, token), format!("{}-9999999999-AAAAAAAAAAAAAAAAAAAAAA", own.id)]
    {
        assert!(matches!(to_change(&world.app, &forged), Err(Error::NotFound(_))), "{forged}");
    }
    ask_to_change(&world.app, &token).expect("asked");
    let letter = world.letter();
    assert_eq!((letter.row.recipient.as_str(), letter.row.kind.as_str()), (READER, "confirm"), "to the reader's own address");
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    let link = letter.after("/subscriptions/");
    let wished = Wish {
        email: "somebody.else@example.org".to_owned(),
        partners: vec!["harbor".to_owned()],
        places: "Ohio".to_owned(),
        zone: "Asia/Kathmandu".to_owned(),
        hour: "9".to_owned(),
        ..wish("weekly")
    };
    let changed = change(&world.app, &link, &wished).expect("changed");
    let stored = world.app.store.read(|reader| reader.subscription(own.id)).expect("stored");
    assert_eq!(stored, changed);
    assert_eq!((stored.email.as_str(), stored.frequency, stored.hour), (READER, Frequency::Weekly, 9), "the address stays");
    assert_eq!(stored.next_due.map(|at| at.to_rfc3339()).as_deref(), Some("2026-11-30T03:15:00+00:00"));
    assert_eq!(stored.watermark, own.watermark, "what was told stays told");

    ask_to_change(&world.app, &token).expect("the answer is the same");
    assert_eq!(world.letters().len(), 0, "one in ten minutes");
    world.at("2026-11-23T14:00:01Z");
    assert!(matches!(change(&world.app, &link, &wished), Err(Error::NotPossible(_))), "an hour later it is too old");
    for hour in 15..23 {
        world.at(&format!("2026-11-23T{hour}:00:00Z"));
        ask_to_change(&world.app, &token).expect("asked");
    }
    assert!(world.letters().len() <= 2, "three a day, the confirmation among them");
    end(&world.app, &token).expect("a click");
    assert!(matches!(to_change(&world.app, &link), Err(Error::NotPossible(_))));
}

#[test]
fn the_way_out_is_short_and_those_of_older_letters_still_work() {
    let world = World::new();
    let own = reader(&world, &wish("daily"));
    let address = subscribing::unsubscribe_address(&world.app, own.id);
    assert!(address.len() <= 45, "{address}");
    let older = format!("{}-{}", own.id, convene::keys::seal(&world.app.secret, &format!("unsubscribe:{}", own.id)));
    assert_eq!(to_end(&world.app, &older).expect("it works").id, own.id);
}
