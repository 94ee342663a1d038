//! `known-clashes.csv`: what plain day arithmetic finds in the two tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::NaiveDate;
use convene::domain::conflict::{Finding, Kind, find_all};
use convene::domain::observance::{Certainty, ObservanceKind, Tier};
use convene::domain::{Agenda, Event, EventId, Facts, Observance, Policy, RoleSlug, RoleTree, Span, place};

use super::convenings::{events, facts, rows};

/// A finding as the tables name it: kind, event, and the other event or the observance.
type Clash = (Kind, String, String);

#[test]
fn every_known_clash_is_found_and_said_in_one_sentence() {
    let found = found_by_name(&facts());
    let mut said = String::new();
    for row in rows("tests/rules/known-clashes.csv") {
        let (a, b) = (row["a"].clone(), row["b"].clone());
        let matching = kinds(&row["kind"])
            .iter()
            .find_map(|kind| found.get(&(*kind, a.clone(), b.clone())).or_else(|| found.get(&(*kind, b.clone(), a.clone()))));
        let finding = matching.unwrap_or_else(|| panic!("{row:?} is not found"));
        writeln!(said, "{a} × {b}\n  {} {}: {}", finding.severity, finding.kind, finding.message).expect("a string takes all");
        assert!(finding.message.ends_with('.') && !finding.message.contains("  "), "{}", finding.message);
    }
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("known_clashes", said);
    });
}

#[test]
fn nothing_is_found_beyond_what_day_arithmetic_gives() {
    let facts = facts();
    let expected = by_day_arithmetic(&facts);
    let found: BTreeSet<Clash> = found_by_name(&facts).into_keys().filter(|(kind, ..)| CHECKED.contains(kind)).collect();
    assert!(expected.len() > 24, "the key has something to compare");
    assert_eq!(found.difference(&expected).collect::<Vec<_>>(), Vec::<&Clash>::new(), "found beyond");
    assert_eq!(expected.difference(&found).collect::<Vec<_>>(), Vec::<&Clash>::new(), "not found");
}

/// The kinds that the engine may use for a row of the key.
fn kinds(kind: &str) -> &'static [Kind] {
    match kind {
        "observance" => &[Kind::Observance, Kind::FederalHoliday],
        "travel_day" => &[Kind::TravelOnObservance, Kind::FederalHoliday, Kind::ElectionDay],
        "eve" => &[Kind::ObservanceEve],
        "team_split" => &[Kind::TeamSplit],
        "tight_turnaround" => &[Kind::TightTurnaround],
        other => panic!("{other} is no kind of the key"),
    }
}

const CHECKED: [Kind; 9] = [
    Kind::Observance,
    Kind::ObservanceEve,
    Kind::TravelOnObservance,
    Kind::FederalHoliday,
    Kind::ElectionDay,
    Kind::ClosurePeriod,
    Kind::RoleOverlap,
    Kind::TeamSplit,
    Kind::TightTurnaround,
];

fn found_by_name(facts: &Facts) -> BTreeMap<Clash, Finding> {
    let names: BTreeMap<EventId, String> = events().into_iter().map(|(name, event)| (event.id, name)).collect();
    let findings = find_all(&Agenda::new(facts.clone()), &Policy::default());
    let clash = |finding: &Finding| {
        let other = finding.events.get(1).map(|id| names[id].clone());
        (finding.kind, names[&finding.events[0]].clone(), other.or(finding.because.name.clone()).unwrap_or_default())
    };
    findings.into_iter().map(|finding| (clash(&finding), finding)).collect()
}

// The oracle: sets of days, every event against every other and against every observance.

type DaySet = BTreeSet<NaiveDate>;

fn by_day_arithmetic(facts: &Facts) -> BTreeSet<Clash> {
    let on: Vec<(String, Event)> = events().into_iter().filter(|(_, event)| !event.status.is_off()).collect();
    let mut clashes = BTreeSet::new();
    for (name, event) in &on {
        for observance in &facts.observances {
            if let Some(kind) = day_clash(event, observance) {
                clashes.insert((kind, name.clone(), observance.name.clone()));
            }
        }
    }
    for (a, one) in &on {
        for (b, other) in on.iter().filter(|(_, other)| one.id < other.id) {
            let kinds =
                [role_overlap(one, other, &facts.roles), team_split(one, other, facts), turnaround(one, other, &facts.roles)];
            clashes.extend(kinds.into_iter().flatten().map(|kind| (kind, a.clone(), b.clone())));
        }
    }
    clashes
}

fn day_set(event: &Event) -> DaySet {
    event.details.when.days().iter().collect()
}

fn moved(days: &DaySet, by: i64) -> DaySet {
    days.iter().map(|day| *day + chrono::Duration::days(by)).collect()
}

fn meet(a: &DaySet, b: &DaySet) -> bool {
    a.intersection(b).next().is_some()
}

fn day_clash(event: &Event, observance: &Observance) -> Option<Kind> {
    if observance.kind == ObservanceKind::ClockChange || (observance.state.is_some() && !concerns(event, observance)) {
        return None;
    }
    let (days, observed): (DaySet, DaySet) = (day_set(event), observance.days.iter().collect());
    let in_person = event.details.is_in_person();
    let on = meet(&days, &observed);
    let beside = meet(&moved(&days, -1), &observed) || meet(&moved(&days, 1), &observed);
    let sunset = observance.from_sunset && days.contains(&(observance.days.first - chrono::Duration::days(1)));
    let perhaps = observance.certainty == Certainty::PlusMinusOne
        && (meet(&days, &moved(&observed, 1)) || meet(&days, &moved(&observed, -1)));
    let warned = observance.tier > Tier::Note;
    match observance.kind {
        ObservanceKind::Federal => (on || (in_person && beside)).then_some(Kind::FederalHoliday),
        ObservanceKind::Election => (on || beside).then_some(Kind::ElectionDay),
        ObservanceKind::Season if observance.tier == Tier::Avoid => on.then_some(Kind::ClosurePeriod),
        ObservanceKind::Season => on.then_some(Kind::Observance),
        _ if on => Some(Kind::Observance),
        _ if sunset && warned && !over_by_three(event) => Some(Kind::ObservanceEve),
        _ if in_person && beside && warned => Some(Kind::TravelOnObservance),
        _ if perhaps => Some(Kind::Observance),
        _ => None,
    }
}

/// No made-up team lives in a state of the tables, so only days where the event is held count.
fn concerns(event: &Event, observance: &Observance) -> bool {
    let state = event.details.venue.as_ref().and_then(|venue| venue.state.clone());
    observance.kind != ObservanceKind::Election && event.details.is_in_person() && state == observance.state
}

fn over_by_three(event: &Event) -> bool {
    match event.details.when {
        convene::domain::When::Times { end: Some(end), .. } => {
            !event.details.is_in_person() && end.format("%H%M").to_string().as_str() <= "1500"
        }
        _ => false,
    }
}

fn related(a: &Event, b: &Event) -> bool {
    a.details.anchor == Some(b.id) || b.details.anchor == Some(a.id)
}

fn share_a_role(a: &Event, b: &Event, tree: &RoleTree) -> bool {
    let within = |narrow: &RoleSlug, wide: &RoleSlug| tree.is_within(narrow, wide);
    a.details.roles.iter().any(|x| b.details.roles.iter().any(|y| within(x, y) || within(y, x)))
}

fn km(a: &Event, b: &Event) -> Option<f64> {
    let position = |event: &Event| event.details.venue.as_ref().and_then(convene::domain::Venue::position);
    Some(place::distance_km(position(a)?, position(b)?))
}

fn both_in_person(a: &Event, b: &Event) -> bool {
    a.details.is_in_person() && b.details.is_in_person()
}

fn span(event: &Event) -> Span {
    event.details.when.span(event.details.zone)
}

fn role_overlap(a: &Event, b: &Event, tree: &RoleTree) -> Option<Kind> {
    let at_once = span(a).start < span(b).end && span(b).start < span(a).end;
    let clash = match km(a, b) {
        Some(km) if both_in_person(a, b) && km > 80.0 => meet(&day_set(a), &day_set(b)),
        Some(_) if both_in_person(a, b) => at_once && !a.details.when.is_all_day() && !b.details.when.is_all_day(),
        _ => at_once,
    };
    (clash && !related(a, b) && share_a_role(a, b, tree)).then_some(Kind::RoleOverlap)
}

fn team_split(a: &Event, b: &Event, facts: &Facts) -> Option<Kind> {
    let apart = both_in_person(a, b) && km(a, b).is_some_and(|km| km > 80.0) && meet(&day_set(a), &day_set(b));
    let wanted = |event: &Event| -> BTreeSet<String> {
        let invited = |team: &&convene::domain::Team| team.invited(&facts.roles, &event.details).next().is_some();
        facts.teams.iter().filter(invited).map(|team| team.slug.to_string()).collect()
    };
    let split = wanted(a).intersection(&wanted(b)).next().is_some();
    (apart && split && !related(a, b) && !share_a_role(a, b, &facts.roles)).then_some(Kind::TeamSplit)
}

fn turnaround(a: &Event, b: &Event, tree: &RoleTree) -> Option<Kind> {
    let (one, other) = (day_set(a), day_set(b));
    let soon = (1..=4).any(|days| meet(&moved(&one, days), &other) || meet(&moved(&one, -days), &other));
    let far = both_in_person(a, b) && km(a, b).is_some_and(|km| km > 300.0);
    (far && soon && !meet(&one, &other) && !related(a, b) && share_a_role(a, b, tree)).then_some(Kind::TightTurnaround)
}
