//! What is calculated, against the shipped tables, for every year that they cover; and the years after.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use convene::domain::almanac::{ONLY_IN_TABLES, year};
use convene::domain::conflict::{Kind, find};
use convene::domain::{Agenda, Days, Details, Entry, Event, EventId, EventStatus, Facts, Observance, Policy, When, almanac};
use uuid::Uuid;

use super::convenings;

/// Name, first day, and why the table and the calculation differ there.
const TOLERATED: [(&str, &str, &str); 1] = [(
    "Buddha's Birthday (East Asia)",
    "2023-05-26",
    "the table gives the Korean calendar's day, 27 May, beside it; the calculation has the Chinese one alone",
)];

/// Everything about one but where it is from, and the other reckoning where the two may differ.
fn compared(one: &Observance) -> Observance {
    let tolerated = TOLERATED.iter().any(|(name, day, _)| *name == one.name && one.days.first.to_string() == *day);
    Observance { calculated: false, alternate: one.alternate.filter(|_| !tolerated), ..one.clone() }
}

#[test]
fn the_calculation_gives_what_the_tables_give_for_all_their_years() {
    let table = convenings::observances();
    for covered in 2018..=2027 {
        let mut expected: Vec<Observance> = table.iter().filter(|one| one.days.first.year() == covered).map(compared).collect();
        expected.retain(|one| !ONLY_IN_TABLES.contains(&one.name.as_str()));
        expected.sort_by(|a, b| (a.days.first, &a.name).cmp(&(b.days.first, &b.name)));
        let found: Vec<Observance> = year(covered).iter().map(compared).collect();
        let only = |these: &[Observance], those: &[Observance]| -> Vec<Observance> {
            these.iter().filter(|one| !those.contains(one)).cloned().collect()
        };
        assert_eq!(only(&found, &expected), only(&expected, &found), "{covered}: calculated, and in the table");
        assert_eq!(found, expected, "{covered}");
    }
}

#[test]
fn what_is_not_calculated_is_in_the_tables_and_nothing_is_named_that_is_not() {
    let in_tables: BTreeSet<String> = convenings::observances().into_iter().map(|one| one.name).collect();
    let missing: Vec<&str> = ONLY_IN_TABLES.into_iter().filter(|name| !in_tables.contains(*name)).collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn the_years_after_the_tables_have_their_days() {
    let first = |of: i32, name: &str| -> Vec<String> {
        year(of).iter().filter(|one| one.name == name).map(|one| one.days.first.to_string()).collect()
    };
    for (of, name, days) in [
        (2028, "General Election Day", vec!["2028-11-07"]),
        (2028, "Thanksgiving Day", vec!["2028-11-23"]),
        (2028, "Easter Sunday", vec!["2028-04-16"]),
        (2028, "Orthodox Easter (Pascha)", vec!["2028-04-16"]),
        (2028, "Rosh Hashanah", vec!["2028-09-21"]),
        (2028, "Lunar New Year", vec!["2028-01-26"]),
        (2029, "Inauguration Day (DC area)", vec!["2029-01-20"]),
        (2029, "Easter Sunday", vec!["2029-04-01"]),
        (2029, "Passover (first two days)", vec!["2029-03-31"]),
        (2029, "Veterans Day (observed)", vec!["2029-11-12"]),
        (2030, "Yom Kippur", vec!["2030-10-07"]),
        // Two Ramadans begin in 2030.
        (2030, "Ramadan", vec!["2030-01-05", "2030-12-26"]),
        (2030, "Diwali", vec![]),
    ] {
        assert_eq!(first(of, name), days, "{name} {of}");
    }
    assert_eq!(almanac::between(Days::new(NaiveDate::MIN, NaiveDate::MAX), |year| year > 2076), vec![]);
}

#[test]
fn a_finding_of_2029_names_the_calculation_behind_it_and_says_that_a_sighted_date_may_move() {
    let on = |first: &str, last: &str| -> Vec<(Option<String>, Option<String>, String)> {
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let when = When::Days { first: day(first), last: Some(day(last)) };
        let details = Details::new("A meeting", "icma".parse().expect("partner"), when, chrono_tz::America::New_York);
        let event = Event::new(
            EventId(Uuid::from_u128(1)),
            EventStatus::Announced,
            details,
            "2028-01-01T00:00:00Z".parse().expect("now"),
        );
        let days = Days::new(day(first), day(last)).widened(9);
        let facts = Facts { entries: vec![], observances: almanac::between(days, |_| true), ..convenings::facts() };
        let findings = find(&Entry::once(event), &Agenda::new(facts), &Policy::default());
        let found = findings.into_iter().filter(|finding| finding.kind == Kind::Observance);
        found.map(|finding| (finding.because.name, finding.because.data, finding.message)).collect()
    };
    let eid = on("2029-04-24", "2029-04-24");
    let said = "24 April 2029 is Eid al-Adha, from sunset on 23 April 2029, the evening of arrival: some may not work or travel then; \
                its date may be a day earlier or later.";
    assert_eq!(eid, [(Some("Eid al-Adha".to_owned()), Some(almanac::VERSION.to_owned()), said.to_owned())]);
}
