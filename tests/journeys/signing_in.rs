//! Signing in by a link that works once; tokens that are shown once. No secret is kept.

use convene::app::sign_in::{add_token, ask, link, look, redeem, token_owner};
use convene::app::{Actor, Error};
use convene::store::Scope;

use crate::smtp::lint;
use crate::support::World;
use crate::support::cast::ada;

#[test]
fn a_link_signs_in_once() {
    let world = World::new();
    ask(&world.app, " Ada@Example.org ", "").expect("she may ask");
    let letter = world.letter();
    assert_eq!((letter.row.kind.as_str(), letter.row.recipient.as_str()), ("sign_in", "ada@example.org"));
    assert_eq!(lint::findings(&letter.row.mail), Vec::<String>::new());
    let secret = letter.after("/sign-in/");
    for _ in 0..3 {
        assert_eq!(look(&world.app, &secret).map(Actor::User).expect("mail programs look at links"), ada());
    }
    assert_eq!(redeem(&world.app, &secret).map(Actor::User).expect("the first click"), ada());
    assert!(matches!(redeem(&world.app, &secret), Err(Error::NotPossible(_))), "the second click");
    assert!(matches!(look(&world.app, &secret), Err(Error::NotPossible(_))));
}

#[test]
fn of_two_clicks_at_once_one_signs_in() {
    let world = World::new();
    let secret = secret_of(&link(&world.app, "ada@example.org", 1).expect("a link"));
    let clicks: Vec<bool> = std::thread::scope(|scope| {
        let clicks: Vec<_> = (0..4).map(|_| scope.spawn(|| redeem(&world.app, &secret).is_ok())).collect();
        clicks.into_iter().map(|click| click.join().expect("no panic")).collect()
    });
    assert_eq!(clicks.iter().filter(|worked| **worked).count(), 1);
}

#[test]
fn a_link_stops_working_after_a_quarter_of_an_hour() {
    let world = World::new();
    ask(&world.app, "ada@example.org", "").expect("she may ask");
    let letter = world.letter();
    let secret = letter.after("/sign-in/");
    assert!(letter.read.text.contains("15 minutes"), "{}", letter.read.text);
    world.at("2026-11-23T12:14:59Z");
    look(&world.app, &secret).expect("it still works");
    world.at("2026-11-23T12:15:00Z");
    assert!(matches!(redeem(&world.app, &secret), Err(Error::NotPossible(_))));
}

#[test]
fn a_stranger_gets_the_same_answer_and_no_letter() {
    let world = World::new();
    assert!(ask(&world.app, "stranger@example.org", "").is_ok());
    assert_eq!(world.letters().len(), 0);
    assert!(matches!(ask(&world.app, "no address", ""), Err(Error::Invalid(_))));
}

#[test]
fn five_links_an_hour_are_the_most() {
    let world = World::new();
    for _ in 0..9 {
        ask(&world.app, "ada@example.org", "").expect("the answer never tells");
    }
    assert_eq!(world.letters().len(), 5);
    world.at("2026-11-23T13:00:01Z");
    ask(&world.app, "ada@example.org", "").expect("she may ask");
    assert_eq!(world.letters().len(), 1);
}

#[test]
fn the_database_keeps_no_secret_of_a_link_or_token() {
    let world = World::new();
    let link = secret_of(&link(&world.app, "ada@example.org", 1).expect("a link"));
    let (_, token) = add_token(&world.app, "ada@example.org", Scope::Write).expect("a token");
    assert_eq!(
        token_owner(&world.app, &token).expect("a read").map(|(user, scope, _)| (Actor::User(user), scope)),
        Some((ada(), Scope::Write))
    );
    let kept = on_disk(&world);
    assert!(contains(&kept, b"ada@example.org"), "the file is the one");
    assert!(contains(&kept, convene::keys::hash(&link).as_bytes()) && contains(&kept, convene::keys::hash(&token).as_bytes()));
    assert!(!contains(&kept, link.as_bytes()), "the link's secret is in the database");
    assert!(!contains(&kept, token.trim_start_matches("cvn_").as_bytes()), "the token is in the database");
}

#[test]
fn a_revoked_token_opens_nothing() {
    let world = World::new();
    let (id, token) = add_token(&world.app, "ben@example.org", Scope::Read).expect("a token");
    assert!(token_owner(&world.app, &token).expect("a read").is_some());
    world.app.store.write::<_, Error>(|writer| Ok(writer.revoke_token(id, world.app.now())?)).expect("it is revoked");
    assert_eq!(token_owner(&world.app, &token).expect("a read"), None);
    assert_eq!(token_owner(&world.app, "cvn_made-up").expect("a read"), None);
}

fn secret_of(link: &str) -> String {
    link.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The database and what lies beside it, as bytes.
fn on_disk(world: &World) -> Vec<u8> {
    let file = world.file();
    let parts = ["", "-wal"].map(|ending| format!("{}{ending}", file.display()));
    parts.iter().flat_map(|part| std::fs::read(part).unwrap_or_default()).collect()
}

fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}
