//! Opting in by mail and a second click, and out by one.

use convene::app::Error;
use convene::app::subscribe::{Wish, confirm, end, subscribe, to_confirm, to_end, unsubscribe_token};
use convene::store::{Subscription, SubscriptionState};

use crate::smtp::lint;
use crate::support::World;

#[test]
fn nothing_is_sent_until_the_link_is_followed_and_a_second_click_is_as_good() {
    let world = World::new();
    subscribe(&world.app, &wish("robin@city.example.org")).expect("a wish");
    let letter = world.letter();
    assert_eq!((letter.row.kind.as_str(), letter.row.recipient.as_str()), ("confirm", "robin@city.example.org"));
    // An hour that comes every week has a zone; its distance from UTC changes with the seasons.
    let mut faults = lint::findings(&letter.row.mail);
    faults.retain(|fault| fault != "H4: 07:00 without a zone");
    assert_eq!(faults, Vec::<String>::new());
    assert!(letter.read.text.contains("07:00 (America/Chicago)"), "{}", letter.read.text);
    let secret = letter.after("/subscribe/");
    assert_eq!(world.subscription().state, SubscriptionState::Pending);
    let looked = to_confirm(&world.app, &secret).expect("the link is known");
    assert_eq!(
        (looked.state, world.subscription().state),
        (SubscriptionState::Pending, SubscriptionState::Pending),
        "a look is no click"
    );

    let first = confirm(&world.app, &secret).expect("a click");
    assert_eq!((first.state, first.next_due.is_some()), (SubscriptionState::Active, true));
    world.at("2026-11-23T18:00:00Z");
    let second = confirm(&world.app, &secret).expect("a second click");
    assert_eq!(second, first);
}

#[test]
fn one_click_ends_it_for_good_and_takes_waiting_letters_back() {
    let world = World::new();
    let secret = active(&world, "robin@city.example.org");
    let token = unsubscribe_token(&world.app, world.subscription().id);
    to_end(&world.app, &token).expect("a look");
    assert_eq!(world.subscription().state, SubscriptionState::Active, "a look is no click");
    end(&world.app, &token).expect("a click");
    end(&world.app, &token).expect("again changes nothing");
    assert_eq!(world.subscription().state, SubscriptionState::Ended);
    let again = confirm(&world.app, &secret);
    assert!(matches!(again, Err(Error::NotPossible(_))), "the old link does not bring it back: {again:?}");
    assert_eq!(world.subscription().state, SubscriptionState::Ended);
}

#[test]
fn a_link_that_is_two_days_old_does_not_start_anything() {
    let world = World::new();
    subscribe(&world.app, &wish("robin@city.example.org")).expect("a wish");
    let secret = world.letter().after("/subscribe/");
    world.at("2026-11-25T12:00:01Z");
    let late = confirm(&world.app, &secret);
    assert!(matches!(&late, Err(Error::NotPossible(why)) if why.contains("two days")), "{late:?}");
    assert_eq!(world.subscription().state, SubscriptionState::Pending);
}

#[test]
fn nobody_can_be_flooded_by_somebody_else_signing_them_up() {
    let world = World::new();
    let hours = ["12:00", "12:05", "12:09", "12:30", "13:00", "14:00", "15:00", "23:00"];
    for hour in hours {
        world.at(&format!("2026-11-23T{hour}:00Z"));
        for email in ["robin@city.example.org", "Robin@CITY.example.org"] {
            subscribe(&world.app, &wish(email)).expect("the answer never tells");
        }
    }
    let letters = world.letters();
    assert!((1..=3).contains(&letters.len()), "{} letters in a day", letters.len());
    world.at("2026-11-25T12:00:00Z");
    subscribe(&world.app, &wish("robin@city.example.org")).expect("a wish");
    assert_eq!(world.letters().len(), 1, "two days later they may try again");
}

#[test]
fn a_link_that_is_not_ours_opens_nothing() {
    let world = World::new();
    active(&world, "robin@city.example.org");
    let id = world.subscription().id;
    let own = unsubscribe_token(&world.app, id);
    let seal = own.split_once('-').expect("a number and a seal").1;
    let mut forged = vec![
        format!("{id}-"),
        format!("{id}-{}", "A".repeat(seal.len())),
        format!("{}-{seal}", id + 1),
        format!("{id}-{}", &seal[1..]),
        seal.to_owned(),
        String::new(),
        "-".to_owned(),
        format!("-{id}-{seal}"),
        format!("{}-{seal}", i64::MAX),
        "99999999999999999999-x".to_owned(),
        "\u{0}-\u{202e}".to_owned(),
    ];
    forged.extend((0..seal.len()).map(|at| {
        let mut letters: Vec<char> = seal.chars().collect();
        // The last letter of a seal carries two bits only; each of them must count.
        letters[at] = if letters[at] == 'A' { 'Q' } else { 'A' };
        format!("{id}-{}", letters.into_iter().collect::<String>())
    }));
    for token in &forged {
        if *token != own {
            let tried = end(&world.app, token);
            assert!(matches!(tried, Err(Error::NotFound("subscription"))), "{token}: {tried:?}");
        }
    }
    assert_eq!(world.subscription().state, SubscriptionState::Active);
    assert!(matches!(confirm(&world.app, "nobody-made-this"), Err(Error::NotFound(_))));
}

#[test]
fn every_mistake_in_the_form_is_told_with_its_field() {
    let world = World::new();
    let bad = Wish {
        email: "robin at city".to_owned(),
        roles: vec!["mayer".to_owned()],
        partners: vec!["harbour".to_owned()],
        frequency: "hourly".to_owned(),
        zone: "Central".to_owned(),
        hour: "24".to_owned(),
        ..Wish::default()
    };
    let Err(Error::Invalid(mistakes)) = subscribe(&world.app, &bad) else { panic!("refused") };
    let mut fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["email", "frequency", "hour", "partners", "roles", "zone"]);
    assert!(world.subscriptions().is_empty());
}

fn wish(email: &str) -> Wish {
    Wish {
        email: email.to_owned(),
        roles: vec!["equity_staff".to_owned()],
        frequency: "weekly".to_owned(),
        zone: "America/Chicago".to_owned(),
        hour: "7".to_owned(),
        ..Wish::default()
    }
}

/// Somebody who signed up and followed the link; its secret.
fn active(world: &World, email: &str) -> String {
    subscribe(&world.app, &wish(email)).expect("a wish");
    let secret = world.letter().after("/subscribe/");
    confirm(&world.app, &secret).expect("a click");
    secret
}

impl World {
    fn subscriptions(&self) -> Vec<Subscription> {
        self.app.store.read(|reader| reader.subscriptions()).expect("subscriptions")
    }

    fn subscription(&self) -> Subscription {
        let mut all = self.subscriptions();
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}
