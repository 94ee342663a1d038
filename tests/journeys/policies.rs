//! What counts as a clash, and how gravely: per network, per partner, per event.

use convene::app::agenda::{check, findings, findings_of};
use convene::app::policy::{Change, change_policy, policy};
use convene::app::propose::propose;
use convene::app::{Actor, Error};
use convene::domain::conflict::{Kind, Severity, Voice};
use convene::domain::{Event, EventStatus};
use convene::json::Draft;
use convene::store::PolicyHolder;
use serde_json::{Value, json};

use crate::support::World;
use crate::support::cast::{ada, ben, cleo, session};

/// Harbor and Prairie want the same people online at one hour: medium by default, low while one is a proposal.
fn two_at_once(world: &World) -> (Event, Event) {
    let put = |who: &Actor, title: &str, status| {
        propose(&world.app, who, &session(title, "2027-03-10"), status).expect("it is put forward").event
    };
    let pair = (put(&ada(), "Harbor's hour", EventStatus::Announced), put(&ben(), "Prairie's hour", EventStatus::Announced));
    world.letters();
    pair
}

fn of(partner: &str) -> PolicyHolder {
    PolicyHolder::Partner(partner.parse().expect("a partner"))
}

impl World {
    fn says(&self, whose: &PolicyHolder, value: Value) {
        change_policy(&self.app, &Actor::Operator, whose, None, &Change::Patch(value), Some("we agreed")).expect("it is changed");
    }

    fn overlap(&self, event: &Event) -> Option<(Severity, Option<Voice>)> {
        let found = findings_of(&self.app, &Actor::Operator, event.id).expect("findings");
        let one = found.into_iter().map(|stored| stored.finding).find(|finding| finding.kind == Kind::RoleOverlap)?;
        Some((one.severity, one.because.policy))
    }

    fn stored_is_full(&self) {
        let names = |found: Vec<convene::store::StoredFinding>| {
            let mut all: Vec<_> = found.into_iter().map(|one| one.finding).collect();
            all.sort_by_key(|finding| finding.fingerprint.to_string());
            all
        };
        let (stored, full) = (findings(&self.app, &Actor::Operator), check(&self.app, &Actor::Operator));
        assert_eq!(names(stored.expect("stored")), names(full.expect("afresh")));
    }
}

#[test]
fn an_event_goes_before_its_partner_and_the_partner_before_the_network() {
    let world = World::new();
    let (harbors, prairies) = two_at_once(&world);
    assert_eq!(world.overlap(&harbors), Some((Severity::Medium, None)));
    let voice = |text: &str| Some(text.parse::<Voice>().expect("a voice"));
    world.says(&of("harbor"), json!({"role_overlap": {"online": "high"}}));
    assert_eq!(world.overlap(&harbors), Some((Severity::High, voice("partner:harbor"))));
    world.stored_is_full();
    world.letters();
    // An event of its own is stricter still; both sides see the one finding.
    let own = PolicyHolder::Event(prairies.id);
    world.says(&own, json!({"role_overlap": {"online": "block"}}));
    let expected = Some((Severity::Block, voice(&format!("event:{}", prairies.id))));
    assert_eq!((world.overlap(&harbors), world.overlap(&prairies)), (expected.clone(), expected));
    world.stored_is_full();
    // Taken back, the next one speaks again.
    world.says(&own, json!({"role_overlap": null}));
    world.says(&of("harbor"), json!({"role_overlap": {"online": null}}));
    assert_eq!(world.overlap(&prairies), Some((Severity::Medium, None)));
    world.stored_is_full();
    world.ignore_letters();
}

#[test]
fn neither_side_silences_what_the_other_wants_to_hear() {
    let world = World::new();
    let (harbors, prairies) = two_at_once(&world);
    world.says(&of("harbor"), json!({"ignore": ["role_overlap"]}));
    assert_eq!(world.overlap(&harbors), Some((Severity::Medium, None)), "Prairie has not said so");
    world.says(&PolicyHolder::Event(prairies.id), json!({"role_overlap": {"online": "low"}}));
    let expected = Some((Severity::Low, Some(Voice::Event(prairies.id))));
    assert_eq!(world.overlap(&harbors), expected, "the stricter of nothing and low");
    world.says(&of("prairie"), json!({"ignore": ["role_overlap"]}));
    assert_eq!(world.overlap(&harbors), None, "an event's policy leaves open what its partner ignores");
    world.stored_is_full();
}

#[test]
fn a_grave_finding_that_a_policy_makes_is_told_to_both_owners_once() {
    let world = World::new();
    two_at_once(&world);
    let high = json!({"role_overlap": {"online": "high"}});
    world.says(&of("summit"), high.clone());
    assert_eq!(world.letters().len(), 0, "it speaks for neither");
    world.says(&of("harbor"), high);
    // The quiet time is over.
    world.at("2026-11-24T12:00:00Z");
    let letters = world.letters();
    let mut to: Vec<&str> = letters.iter().map(|one| one.row.recipient.as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["ada@example.org", "ben@example.org"]);
    assert!(letters[1].read.text.contains("high, because Harbor Alliance’s policy says so"), "{}", letters[1].read.text);
    world.says(&of("harbor"), json!({"clock_change": "low"}));
    world.at("2026-11-25T12:00:00Z");
    assert_eq!(world.letters().len(), 0, "the finding is not new");
}

#[test]
fn a_policy_keeps_who_changed_what_and_why() {
    let world = World::new();
    let put = |value: Value| change_policy(&world.app, &cleo(), &of("summit"), Some(1), &Change::Put(value), Some("our board"));
    let changed = put(json!({"team_split": {"many_teams": 3}})).expect("Cleo administers Summit");
    assert_eq!((changed.revision, changed.patch.settings()), (2, vec![("team_split.many_teams".to_owned(), "3".to_owned())]));
    let told: Vec<_> = changed.changes.iter().map(|one| (one.actor.as_str(), one.reason.as_deref())).collect();
    assert_eq!(told, [("Cleo Placeholder", Some("our board"))]);
    assert!(matches!(put(json!({})), Err(Error::Stale)));
    let setting = changed.settings.iter().find(|one| one.path == "team_split.many_teams").expect("it is there");
    assert_eq!(
        (setting.value.as_str(), setting.wider.as_str(), setting.voice.to_string().as_str()),
        ("3", "5", "partner:summit")
    );
    // Others see what holds, not who said so.
    let seen = policy(&world.app, &Actor::Visitor, &of("summit")).expect("it is public");
    assert_eq!((seen.whole.team_split.many_teams, seen.changes.len(), seen.may_change), (3, 0, false));
}

#[test]
fn a_policy_is_changed_by_those_whose_it_is_and_hidden_with_its_event() {
    let world = World::new();
    let plan = propose(&world.app, &ada(), &Draft { private: true, ..session("Closed", "2027-03-10") }, EventStatus::Idea);
    let own = PolicyHolder::Event(plan.expect("an idea").event.id);
    let tried = |who: &Actor, whose: &PolicyHolder| {
        change_policy(&world.app, who, whose, None, &Change::Put(json!({"clock_change": "low"})), None).map(|_| ())
    };
    assert!(matches!(tried(&ada(), &of("harbor")), Err(Error::Forbidden(_))), "an organizer is no administrator");
    assert!(matches!(tried(&cleo(), &of("harbor")), Err(Error::Forbidden(_))), "of another partner");
    assert!(matches!(tried(&cleo(), &of("nobody")), Err(Error::NotFound(_))));
    assert!(matches!(tried(&ben(), &own), Err(Error::NotFound(_))), "an event that he may not see");
    assert!(matches!(policy(&world.app, &Actor::Visitor, &own), Err(Error::NotFound(_))));
    tried(&ada(), &own).expect("her own event");
    tried(&cleo(), &of("summit")).expect("her own partner");
    world.ignore_letters();
}

#[test]
fn a_hold_stands_as_long_as_its_partners_policy_lets_it() {
    let world = World::new();
    world.says(&of("harbor"), json!({"hold_lapsing": {"stands_days": 10}}));
    let hold = |who: &Actor| {
        let held = propose(&world.app, who, &session("Kept", "2027-06-10"), EventStatus::Hold).expect("a hold");
        held.event.details.hold_until.map(|day| day.to_string())
    };
    assert_eq!((hold(&ada()).as_deref(), hold(&ben()).as_deref()), (Some("2026-12-03"), Some("2027-01-22")));
    world.ignore_letters();
}
