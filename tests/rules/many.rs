//! A calendar so large that several threads look through it.

use chrono::{DateTime, Duration, NaiveDate};
use convene::domain::conflict::{Commons, Finding, Severity, find, find_all, find_grave, weigh};
use convene::domain::{Agenda, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Policy, Role, RoleTree, When};
use uuid::Uuid;

/// Enough of them that their findings are worded by several threads.
const EVENTS: u128 = 9000;

/// An evening session of an hour for one role; three on each day.
fn session(number: u128) -> Entry {
    let day = NaiveDate::from_ymd_opt(2027, 1, 3).expect("a date") + Duration::days(i64::try_from(number / 3).expect("a day"));
    let at = |hour| day.and_hms_opt(hour, 0, 0).expect("a time");
    let when = When::Times { start: at(23), end: Some(at(23) + Duration::hours(1)) };
    let mut details =
        Details::new(&format!("Session {number}"), "harbor".parse().expect("a partner"), when, chrono_tz::America::New_York);
    details.roles.insert("mayor".parse().expect("a role"));
    details.mode = Mode::Virtual;
    Entry::once(Event::new(EventId(Uuid::from_u128(number + 1)), EventStatus::Confirmed, details, DateTime::UNIX_EPOCH))
}

fn agenda() -> Agenda {
    let mayor = Role { slug: "mayor".parse().expect("a role"), name: "mayor".to_owned(), parent: None };
    Agenda::new(Facts {
        entries: (0..EVENTS).map(session).collect(),
        roles: RoleTree::new([mayor]),
        teams: vec![],
        observances: vec![],
        outlook: Default::default(),
        observances_version: String::new(),
        people: [].into(),
        partners: [].into(),
        civic: Default::default(),
        claims: Default::default(),
        policies: Default::default(),
        now: DateTime::UNIX_EPOCH,
    })
}

#[test]
fn what_several_threads_find_is_what_each_event_asked_alone_finds() {
    let (agenda, policy) = (agenda(), Policy::default());
    let mut alone: Vec<Finding> = agenda.entries().iter().flat_map(|entry| find(entry, &agenda, &policy)).collect();
    let by_name = |findings: &mut Vec<Finding>| {
        findings.sort_by(|one, other| one.fingerprint.cmp(&other.fingerprint));
        findings.dedup();
    };
    by_name(&mut alone);
    let all = find_all(&agenda, &policy);
    assert_eq!(find_all(&agenda, &policy), all, "in the same order each time");
    let mut sorted = all.clone();
    by_name(&mut sorted);
    assert_eq!((sorted.len(), all.len()), (alone.len(), alone.len()));
    assert!(sorted == alone && all.len() > 8192, "{} findings", all.len());
    assert!(all.is_sorted_by_key(|finding| std::cmp::Reverse(finding.severity)));
}

#[test]
fn what_is_only_weighed_is_what_would_be_worded() {
    let (agenda, policy) = (agenda(), Policy::default());
    for entry in agenda.entries().iter().step_by(997) {
        let found = find(entry, &agenda, &policy);
        let mut weighed = weigh(entry, &agenda, &policy, &mut Commons::default());
        let mut outline: Vec<_> = found.iter().map(|finding| (finding.kind, finding.severity)).collect();
        weighed.sort_unstable();
        outline.sort_unstable();
        assert_eq!(weighed, outline);
        let grave: Vec<Finding> = found.into_iter().filter(|finding| finding.severity >= Severity::Medium).collect();
        assert!(!grave.is_empty() && grave == find_grave(entry, &agenda, &policy, &mut Commons::default(), Severity::Medium));
    }
}
