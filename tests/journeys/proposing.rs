//! An organizer puts a session forward, sees what it clashes with, and confirms it.

use std::sync::Barrier;

use convene::app::overrides::override_finding;
use convene::app::propose::{Verdict, check, propose};
use convene::app::settle::{Act, settle};
use convene::app::view::{event as look_at, list};
use convene::app::{Actor, Error, Result, agenda};
use convene::domain::conflict::{Kind, Severity};
use convene::domain::{Event, EventId, EventStatus};
use convene::json::Draft;

use crate::support::World;
use crate::support::cast::{ada, ben, cleo, in_the_oak_room, session};
use crate::support::visitor::Visitor;

#[test]
fn a_session_goes_from_proposal_to_hold_to_confirmation_with_its_history() {
    let world = World::new();
    let title = "Budgeting for equity";
    let proposed = world.proposes(&ada(), &session(title, "2027-03-10")).event;
    assert_eq!((proposed.status, proposed.revision), (EventStatus::Proposed, 1));
    assert!(!world.feed("").contains(title), "a proposal is not public");

    let held = world.settles(&ada(), &proposed, &Act::Hold).expect("it can be held").event;
    assert!(!world.feed("").contains(title), "a hold is not public");
    assert_eq!((held.status, held.revision), (EventStatus::Hold, 2));

    let confirmed = world.settles(&ada(), &held, &Act::Confirm).expect("nothing stands in the way").event;
    assert_eq!((confirmed.status, confirmed.revision), (EventStatus::Confirmed, 3));
    let feed = world.feed("");
    assert_eq!(feed.matches("BEGIN:VEVENT").count(), 1);
    assert!(feed.contains(title) && feed.contains("STATUS:CONFIRMED"), "{feed}");

    let whole = look_at(&world.app, &ada(), confirmed.id).expect("it is hers");
    let history: Vec<_> = whole.changes.iter().map(|change| (change.what.as_str(), change.actor.as_str())).collect();
    let by_ada = |what| (what, "Ada Placeholder");
    assert_eq!(history, [by_ada("proposed"), by_ada("held provisionally"), by_ada("confirmed")]);
}

#[test]
fn checking_says_what_proposing_says_and_stores_nothing() {
    let world = World::new();
    world.confirms(&ben(), &in_the_oak_room("Prairie's morning", "2027-03-10"));
    let draft = in_the_oak_room("Summit's morning", "2027-03-10");
    let before = world.events().len();
    let checked = check(&world.app, &cleo(), &draft).expect("it can be checked");
    assert_eq!(world.events().len(), before);
    let proposed = world.proposes(&cleo(), &draft);
    let said = |verdict: &Verdict| -> Vec<_> {
        verdict.findings.iter().map(|finding| (finding.kind, finding.severity, finding.message.clone())).collect()
    };
    assert_eq!(said(&checked), said(&proposed));
    assert!(said(&checked).iter().any(|(kind, ..)| *kind == Kind::RoomDoubleBooked), "{:?}", said(&checked));
    world.ignore_letters();
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let world = World::new();
    let read = world.proposes(&ada(), &session("Budgeting", "2027-03-10")).event;
    let other = Draft { title: "Budgeting, with Prairie".to_owned(), ..Draft::of(&read.details) };
    world.settles(&ada(), &read, &Act::Edit(Box::new(other))).expect("it is hers");
    let late = world.settles(&ada(), &read, &Act::Confirm);
    assert!(matches!(late, Err(Error::Stale)), "{late:?}");
    let event = world.event("Budgeting, with Prairie");
    assert_eq!((event.status, event.revision), (EventStatus::Proposed, 2));
}

#[test]
fn nobody_speaks_for_another_partner() {
    let world = World::new();
    let draft = Draft { partner: Some("harbor".to_owned()), ..session("In Harbor's name", "2027-03-10") };
    let refused = propose(&world.app, &ben(), &draft, EventStatus::Proposed);
    assert!(matches!(&refused, Err(Error::Forbidden(why)) if why.contains("harbor")), "{refused:?}");
    assert_eq!(world.events().len(), 0);

    let public = world.confirms(&ada(), &session("Harbor's own", "2027-03-10"));
    let refused = world.settles(&ben(), &public, &Act::Cancel);
    assert!(matches!(&refused, Err(Error::Forbidden(why)) if why.contains("harbor")), "{refused:?}");
    assert_eq!(world.event("Harbor's own").status, EventStatus::Confirmed);
}

#[test]
fn a_proposal_is_seen_by_the_partners_named_and_by_nobody_else() {
    let world = World::new();
    let draft = Draft { co_hosts: vec!["prairie".to_owned()], ..session("Between two", "2027-03-10") };
    let id = world.proposes(&ada(), &draft).event.id;
    for (who, sees) in [(ada(), true), (ben(), true), (cleo(), false), (Actor::Visitor, false), (Actor::Operator, true)] {
        let listed = list(&world.app, &who, &Default::default(), None).expect("a list").len();
        let looked = look_at(&world.app, &who, id).is_ok();
        assert_eq!((looked, listed), (sees, usize::from(sees)), "{}", who.name());
    }
    // Who may not know of it learns nothing from trying to change it either.
    let tried = settle(&world.app, &cleo(), id, Some(1), &Act::Confirm, None);
    let nothing = settle(&world.app, &cleo(), EventId(uuid::Uuid::nil()), Some(1), &Act::Confirm, None);
    assert_eq!(tried.expect_err("hidden").to_string(), nothing.expect_err("not there").to_string());
}

#[test]
fn a_private_event_stays_private_when_it_is_confirmed() {
    let world = World::new();
    let draft = Draft { private: true, ..session("Closed doors", "2027-03-10") };
    world.confirms(&ada(), &draft);
    world.confirms(&ada(), &session("Open doors", "2027-04-10"));
    let feed = world.feed("");
    assert!(feed.contains("Open doors") && !feed.contains("Closed doors"), "{feed}");
    let public = list(&world.app, &Actor::Visitor, &Default::default(), None).expect("a list");
    assert_eq!(public.iter().map(|one| one.entry.event.details.title.as_str()).collect::<Vec<_>>(), ["Open doors"]);
}

#[test]
fn every_mistake_is_told_with_its_field_and_nothing_is_stored() {
    let world = World::new();
    let draft = Draft {
        title: String::new(),
        roles: vec!["cheif_equity_officer".to_owned()],
        time_zone: Some("Central".to_owned()),
        ..session("", "2027-02-30")
    };
    let Err(Error::Invalid(mistakes)) = propose(&world.app, &ada(), &draft, EventStatus::Proposed) else { panic!("refused") };
    let fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
    assert_eq!(fields, ["title", "start", "time_zone"]);

    let unknown = Draft { speakers: vec!["sam-speeker".to_owned()], ..session("Budgeting", "2027-03-10") };
    let unknown = Draft { roles: vec!["cheif_equity_officer".to_owned()], ..unknown };
    let Err(Error::Invalid(mistakes)) = propose(&world.app, &ada(), &unknown, EventStatus::Proposed) else { panic!("refused") };
    let told: Vec<_> = mistakes.iter().map(|mistake| format!("{}: {}", mistake.field, mistake.message)).collect();
    assert!(told.iter().any(|one| one.starts_with("roles") && one.contains("“chief_equity_officer”")), "{told:?}");
    assert!(told.iter().any(|one| one.starts_with("speakers") && one.contains("“sam-speaker”")), "{told:?}");
    assert_eq!(world.events().len(), 0);
}

#[test]
fn a_speaker_promised_twice_blocks_until_somebody_overrides_with_a_reason() {
    let world = World::new();
    let with_sam = |title: &str| Draft { speakers: vec!["sam-speaker".to_owned()], ..session(title, "2027-03-10") };
    world.confirms(&ada(), &with_sam("Harbor's hour"));
    let second = world.proposes(&ben(), &with_sam("Prairie's hour"));
    let blocking: Vec<_> = second.findings.iter().filter(|finding| finding.severity >= Severity::High).collect();
    let told: Vec<_> = blocking.iter().map(|finding| (finding.kind, finding.severity)).collect();
    assert_eq!(told, [(Kind::SpeakerDoubleBooked, Severity::High)], "one step lower while it is only proposed");
    let letters = world.letters();
    assert_eq!(
        letters.iter().map(|letter| letter.row.recipient.as_str()).collect::<Vec<_>>(),
        ["ada@example.org"],
        "{letters:?}"
    );
    assert!(
        letters[0].read.text.contains("counts provisionally on Sam Speaker") && letters[0].read.text.contains("Harbor's hour"),
        "{}",
        letters[0].read.text
    );

    let refused = world.settles(&ben(), &second.event, &Act::Confirm);
    assert!(matches!(&refused, Err(Error::Blocked { words, .. }) if words.contains("Harbor's hour")), "{refused:?}");

    let fingerprint = blocking[0].fingerprint.to_string();
    assert!(
        matches!(override_finding(&world.app, &ben(), &fingerprint, "  ", None), Err(Error::Invalid(_))),
        "a reason is needed"
    );
    assert!(matches!(override_finding(&world.app, &cleo(), &fingerprint, "mine", None), Err(Error::NotFound(_))), "only theirs");
    override_finding(&world.app, &ben(), &fingerprint, "Sam joins by video", None).expect("it is theirs");
    let confirmed = world.settles(&ben(), &second.event, &Act::Confirm).expect("overridden").event;
    assert_eq!(confirmed.status, EventStatus::Confirmed);

    // The override was for those facts: other hours on the same day are another matter.
    let moved = Act::Move { start: "2027-03-10T14:30".to_owned(), end: Some("2027-03-10T16:00".to_owned()) };
    let refused = world.settles(&ben(), &confirmed, &moved);
    assert!(matches!(refused, Err(Error::Blocked { .. })), "{refused:?}");
    world.ignore_letters();
}

#[test]
fn two_who_confirm_into_one_room_at_once_find_one_winner_named() {
    for round in 0..5 {
        let world = World::new();
        let day = format!("2027-03-{:02}", 10 + round);
        let a = world.proposes(&ben(), &in_the_oak_room("Prairie's morning", &day)).event;
        let b = world.proposes(&cleo(), &in_the_oak_room("Summit's morning", &day)).event;
        let start = Barrier::new(2);
        let confirm = |who: Actor, event: &Event| {
            start.wait();
            world.settles(&who, event, &Act::Confirm)
        };
        let (first, second) = std::thread::scope(|scope| {
            let first = scope.spawn(|| confirm(ben(), &a));
            let second = scope.spawn(|| confirm(cleo(), &b));
            (first.join().expect("no panic"), second.join().expect("no panic"))
        });
        let confirmed: Vec<Event> = world.events().into_iter().filter(|event| event.status == EventStatus::Confirmed).collect();
        assert_eq!(confirmed.len(), 1, "exactly one wins");
        let (winner, loser) = if first.is_ok() { (first, second) } else { (second, first) };
        let winner = winner.expect("one wins").event;
        let Err(Error::Blocked { findings, words }) = loser else { panic!("the other is blocked: {loser:?}") };
        assert!(findings.iter().any(|finding| finding.kind == Kind::RoomDoubleBooked && finding.events.contains(&winner.id)));
        assert!(words.contains(&winner.details.title), "{words}");
        world.ignore_letters();
    }
}

#[test]
fn a_series_without_an_end_is_compared_for_three_years_ahead() {
    let world = World::new();
    let weekly = convene::domain::Recurrence { rrule: Some("FREQ=WEEKLY".to_owned()), ..Default::default() };
    world.proposes(&ada(), &Draft { recurrence: Some(weekly), ..session("Open hour", "2026-12-03") });
    // Both days are Thursdays; what is known today ends some weeks after the third year.
    for (day, clashes) in [("2029-11-22", true), ("2030-02-14", true), ("2030-02-28", false)] {
        let found = check(&world.app, &ben(), &Draft { co_hosts: vec!["harbor".to_owned()], ..session("Another", day) })
            .expect("checked");
        let overlaps = found.findings.iter().filter(|finding| finding.kind == Kind::RoleOverlap).count();
        assert_eq!(overlaps > 0, clashes, "{day}");
    }
    world.ignore_letters();
}

#[test]
fn a_series_of_nearly_every_day_is_refused_with_what_would_be_right() {
    let world = World::new();
    for (rule, is_taken) in [("FREQ=DAILY", false), ("FREQ=HOURLY;INTERVAL=12", false), ("FREQ=DAILY;COUNT=20", true)] {
        let often = convene::domain::Recurrence { rrule: Some(rule.to_owned()), ..Default::default() };
        let draft = Draft { recurrence: Some(often), ..session("Open hour", "2026-12-03") };
        let told = |done: Result<()>| match done {
            Ok(()) => None,
            Err(Error::Invalid(mistakes)) => Some((mistakes[0].field.clone(), mistakes[0].message.clone())),
            Err(other) => panic!("{other}"),
        };
        let why = "it would happen more than 160 times in its first year; give it fewer days, or an end";
        let expected = (!is_taken).then(|| ("recurrence".to_owned(), why.to_owned()));
        assert_eq!(told(check(&world.app, &ada(), &draft).map(drop)), expected, "{rule}");
        assert_eq!(told(propose(&world.app, &ada(), &draft, EventStatus::Proposed).map(drop)), expected, "{rule}");
    }
    world.ignore_letters();
}

#[test]
fn a_series_of_nearly_every_day_that_is_there_already_can_still_be_called_off() {
    let world = World::new();
    let stored = world.confirms(&ada(), &session("Open hour", "2026-12-03"));
    let mut entry = world.app.store.read(|reader| reader.entry(stored.id)).expect("it is stored");
    entry.event.details.recurrence = Some(convene::domain::Recurrence { rrule: Some("FREQ=DAILY".into()), ..Default::default() });
    world.app.store.write(|writer| writer.put_event(&entry, None)).expect("as an older program stored it");
    world.settles(&ada(), &world.event("Open hour"), &Act::Cancel).expect("the step is taken");
    assert_eq!(world.event("Open hour").status, EventStatus::Cancelled);
    world.ignore_letters();
}

#[test]
fn the_stored_findings_are_what_a_full_check_gives() {
    let world = World::new();
    world.confirms(&ben(), &in_the_oak_room("Prairie's morning", "2027-03-10"));
    let other = world.proposes(&cleo(), &in_the_oak_room("Summit's morning", "2027-03-10")).event;
    world
        .settles(&cleo(), &other, &Act::Move { start: "2027-03-11T09:00".to_owned(), end: Some("2027-03-11T12:00".to_owned()) })
        .expect("it can move");
    world.proposes(
        &ada(),
        &Draft {
            start: "2027-05-31T09:00".into(),
            end: Some("2027-05-31T10:00".into()),
            ..session("On Memorial Day", "2027-05-31")
        },
    );
    let names = |all: Vec<convene::store::StoredFinding>| {
        let mut names: Vec<_> =
            all.into_iter().map(|one| (one.finding.fingerprint.to_string(), one.finding.facts, one.finding.message)).collect();
        names.sort();
        names
    };
    let stored = names(agenda::findings(&world.app, &Actor::Operator).expect("stored"));
    let afresh = names(agenda::check(&world.app, &Actor::Operator).expect("afresh"));
    assert_eq!(stored, afresh);
    assert!(!stored.is_empty());
    world.ignore_letters();
}

impl World {
    fn proposes(&self, who: &Actor, draft: &Draft) -> Verdict {
        propose(&self.app, who, draft, EventStatus::Proposed).unwrap_or_else(|error| panic!("{}: {error}", draft.title))
    }

    fn settles(&self, who: &Actor, event: &Event, act: &Act) -> Result<Verdict> {
        settle(&self.app, who, event.id, Some(event.revision), act, None)
    }

    fn confirms(&self, who: &Actor, draft: &Draft) -> Event {
        let proposed = self.proposes(who, draft).event;
        self.settles(who, &proposed, &Act::Confirm).unwrap_or_else(|error| panic!("{}: {error}", draft.title)).event
    }
}

#[test]
fn a_regional_convening_is_for_city_teams_of_its_states_alone_and_says_so() {
    let world = World::new();
    world.ignore_letters();
    let draft = |states: &[&str]| Draft {
        states: states.iter().map(|state| (*state).to_owned()).collect(),
        ..session("Regional equity day", "2027-10-06")
    };
    let wrong = propose(&world.app, &ada(), &draft(&["Ohio"]), EventStatus::Proposed);
    let Err(Error::Invalid(mistakes)) = wrong else { panic!("no state is called so: {wrong:?}") };
    assert_eq!((mistakes[0].field.as_str(), mistakes.len()), ("states", 1));

    let event = propose(&world.app, &ada(), &draft(&["pa, oh"]), EventStatus::Announced).expect("put forward").event;
    let kept = world.event("Regional equity day");
    assert_eq!(
        (kept.id, kept.details.states.into_iter().collect::<Vec<_>>()),
        (event.id, vec!["OH".to_owned(), "PA".to_owned()])
    );
    let visitor = Visitor::of(&world);
    let page = visitor.get(&format!("/events/{}", event.id)).text();
    assert!(page.contains("Only for city teams in") && page.contains("OH and PA"), "{page}");
    let json = visitor.get(&format!("/api/v1/events/{}", event.id)).json();
    assert_eq!(json["states"], serde_json::json!(["OH", "PA"]));

    // An equity officer of a team in Ohio would have to split; of a region without that state nobody of it.
    let touched = |states: &[&str]| {
        let found = check(&world.app, &ben(), &draft(states)).expect("checked").findings;
        found.iter().filter(|finding| finding.kind == Kind::RoleOverlap).map(|finding| finding.touches.teams).collect::<Vec<_>>()
    };
    assert_eq!((touched(&[]), touched(&["OH"]), touched(&["TX"])), (vec![1], vec![1], vec![]));

    // Nor is it one of all regions for a run over the whole calendar.
    propose(&world.app, &ben(), &draft(&["TX"]), EventStatus::Announced).expect("put forward");
    let overlaps = |found: Vec<convene::store::StoredFinding>| {
        found.iter().filter(|stored| stored.finding.kind == Kind::RoleOverlap).count()
    };
    let (stored, full) = (agenda::findings(&world.app, &Actor::Operator), agenda::check(&world.app, &Actor::Operator));
    assert_eq!((overlaps(stored.expect("stored")), overlaps(full.expect("a full run"))), (0, 0));
}
