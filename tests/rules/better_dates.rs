//! Better dates over the real convenings and observances: stories 3, 12 and 13.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveDateTime};
use convene::domain::conflict::{Kind, Severity, find};
use convene::domain::observance::Tier;
use convene::domain::suggest::{Length, Suggestions, Weekdays, Window, Wish, suggest};
use convene::domain::team::Member;
use convene::domain::{
    Agenda, Days, Details, Entry, Event, EventId, EventStatus, Facts, Mode, Policy, Team, Venue, When, wording,
};
use uuid::Uuid;

use super::convenings::facts;

const NEW_YORK: chrono_tz::Tz = chrono_tz::America::New_York;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn wish(length: Length, between: (&str, &str), role: &str) -> Wish {
    let between = Days::new(day(between.0), day(between.1));
    let any_day = When::Days { first: between.first, last: None };
    let mut template = Details::new("A wish", "gare".parse().expect("partner"), any_day, NEW_YORK);
    template.roles = [role.parse().expect("role")].into();
    Wish {
        template,
        event: Wish::NEW,
        length,
        between,
        weekdays: Weekdays::ANY,
        hours: None,
        at: None,
        travel_days: 1,
        avoid: Some(Tier::Avoid),
        most: 5,
        hidden: BTreeSet::new(),
    }
}

fn suggested(wish: &Wish, facts: Facts) -> Suggestions {
    suggest(wish, &Agenda::new(facts), &Policy::default())
}

fn days(suggestions: &Suggestions) -> Vec<String> {
    suggestions.windows.iter().map(|window| wording::days(window.when.days())).collect()
}

fn dropped(suggestions: &Suggestions) -> Vec<(String, Vec<&str>)> {
    let dropped = suggestions.dropped.iter();
    dropped.map(|one| (wording::days(one.when.days()), one.reasons.iter().map(String::as_str).collect())).collect()
}

fn told(window: &Window) -> Vec<(Kind, Severity, Option<&str>)> {
    window.against.iter().map(|finding| (finding.kind, finding.severity, finding.because.name.as_deref())).collect()
}

#[test]
fn story_13_two_windows_remain_in_the_autumn_of_2027_and_each_dropped_week_has_its_reason() {
    let wish = Wish {
        weekdays: "wed-fri".parse().expect("weekdays"),
        ..wish(Length::Days(3), ("2027-10-01", "2027-11-30"), "chief_equity_officer")
    };
    let found = suggested(&wish, facts());
    assert_eq!(days(&found), ["Wed 17 – Fri 19 November 2027", "Wed 6 – Fri 8 October 2027"]);
    let friday = (Kind::WeeklyObservance, Severity::Note, None);
    let expected = [friday, (Kind::ExpectedAnchor, Severity::Note, Some("City Summit"))];
    assert_eq!(told(&found.windows[0]), expected);
    let said = "City Summit is usually in this or the week before; not announced yet.";
    assert_eq!(found.windows[0].against[1].message, said);
    let cautions = [
        (Kind::TravelOnObservance, Severity::Low, Some("Dussehra (Vijayadashami)")),
        (Kind::Observance, Severity::Note, Some("Navaratri (autumn)")),
        friday,
    ];
    assert_eq!(told(&found.windows[1]), cautions);
    let one = |days: &str, reason: &'static str| (days.to_owned(), vec![reason]);
    let thanksgiving =
        vec!["Thursday 25 November 2027 is Thanksgiving Day", "Wednesday 24 November 2027 is in Thanksgiving week"];
    let reasons = [
        one("Wed 13 – Fri 15 October 2027", "Sukkot begins at sunset on Friday 15 October 2027"),
        one("Wed 20 – Fri 22 October 2027", "Shemini Atzeret and Simchat Torah begin at sunset on Friday 22 October 2027"),
        one("Wed 27 – Fri 29 October 2027", "Friday 29 October 2027 is Diwali"),
        one("Wed 3 – Fri 5 November 2027", "Tuesday 2 November 2027, a day of travel, is Election Day"),
        one("Wed 10 – Fri 12 November 2027", "Thursday 11 November 2027 is Veterans Day"),
        ("Wed 24 – Fri 26 November 2027".to_owned(), thanksgiving),
    ];
    assert_eq!(dropped(&found), reasons);
}

/// Made-up teams, each with one person, in these zones.
fn teams(role: &str, zones: &[chrono_tz::Tz]) -> Vec<Team> {
    let team = |(zone, number): (&chrono_tz::Tz, u32)| Team {
        slug: format!("made-up-{number}").parse().expect("team"),
        name: format!("Made-up {number}"),
        state: None,
        zone: *zone,
        home: None,
        members: vec![Member { name: "Made Up".into(), role: role.parse().expect("role"), cohorts: [].into() }],
    };
    zones.iter().zip(1..).map(team).collect()
}

fn online(length: u32, between: (&str, &str)) -> Wish {
    let mut wish = wish(Length::Minutes(length), between, "chief_equity_officer");
    wish.template.mode = Mode::Virtual;
    wish
}

fn hours(when: When) -> (String, String) {
    let When::Times { start, end: Some(end) } = when else { panic!("{when:?} has no hours") };
    (start.format("%H:%M").to_string(), end.format("%H:%M").to_string())
}

const SPREAD: [chrono_tz::Tz; 4] =
    [NEW_YORK, chrono_tz::America::Chicago, chrono_tz::America::Los_Angeles, chrono_tz::Pacific::Honolulu];

#[test]
fn story_12_eleven_in_new_york_is_five_in_honolulu_and_the_afternoon_is_fair_to_all() {
    let facts = Facts { teams: teams("chief_equity_officer", &SPREAD), ..facts() };
    let wish = Wish { hours: "11:00-18:00".parse().ok(), ..online(240, ("2024-07-25", "2024-07-25")) };
    let found = suggested(&wish, facts.clone());
    let offered: Vec<_> = found.windows.iter().map(|window| hours(window.when)).collect();
    assert_eq!(offered, [("14:00".to_owned(), "18:00".to_owned())]);
    let fair = "All invited zones are between 08:00 and 18:00: 08:00–12:00 in Honolulu, 11:00–15:00 in Los Angeles, \
                13:00–17:00 in Chicago and 14:00–18:00 in New York.";
    assert!(found.windows[0].speaks_for.iter().any(|said| said == fair), "{:?}", found.windows[0].speaks_for);
    let fell: Vec<_> = found.dropped.iter().map(|one| (hours(one.when).0, one.reasons.clone())).collect();
    let why = |reason: &str| vec![reason.to_owned()];
    let expected = [
        ("11:00".to_owned(), why("11:00 New York time is 05:00 in Honolulu")),
        ("12:00".to_owned(), why("12:00 New York time is 06:00 in Honolulu")),
    ];
    assert_eq!(fell, expected);

    let hour = suggested(&online(60, ("2024-07-25", "2024-07-25")), facts);
    let mut offered: Vec<_> = hour.windows.iter().map(|window| hours(window.when).0).collect();
    offered.sort();
    assert_eq!(offered, ["14:00", "15:00", "16:00", "17:00"]);
}

fn event(number: u128, title: &str, when: When, change: impl FnOnce(&mut Event)) -> Entry {
    let mut details = Details::new(title, "gare".parse().expect("partner"), when, NEW_YORK);
    details.roles = ["chief_equity_officer".parse().expect("role")].into();
    let mut event = Event::new(EventId(Uuid::from_u128(number)), EventStatus::Confirmed, details, chrono::DateTime::UNIX_EPOCH);
    change(&mut event);
    Entry::once(event)
}

fn time(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").expect("a time")
}

#[test]
fn story_12_who_had_the_early_hour_last_time_has_it_named() {
    let last = When::Times { start: time("2024-06-27T14:00"), end: Some(time("2024-06-27T15:00")) };
    let session = event(900, "A session", last, |event| event.details.mode = Mode::Virtual);
    let mut facts = Facts { teams: teams("chief_equity_officer", &SPREAD), ..facts() };
    facts.entries.push(session);
    let found = suggested(&online(60, ("2024-07-25", "2024-07-25")), facts);
    let at = |hour: &str| found.windows.iter().find(|window| hours(window.when).0 == hour).expect("that hour");
    let said = "Last time, on 27 June 2024, Honolulu had the early hour, 08:00; this time it is 09:00–10:00 there.";
    assert_eq!(at("15:00").speaks_for[1], said);
    let again = "Last time, on 27 June 2024, Honolulu had the early hour, 08:00; it would again, 08:00–09:00.";
    assert_eq!(at("14:00").speaks_for[1], again);
    assert!(at("15:00").score > at("14:00").score, "the burden rotates");
}

#[test]
fn story_3_beside_an_anchor_the_day_before_comes_first_and_whole_teams_make_one_trip() {
    let annual = When::Days { first: day("2020-04-21"), last: Some(day("2020-04-23")) };
    let place = Venue { city: Some("Kansas City".into()), state: Some("MO".into()), ..Venue::default() };
    let anchor = event(901, "GARE annual meeting", annual, |event| {
        event.details.roles = ["equity_staff".parse().expect("role")].into();
        event.details.venue = Some(place.clone());
    });
    let mut facts = facts();
    // Six made-up cities have a council member, somebody for equity, and a city manager.
    facts.entries.push(anchor);
    // Orthodox Easter on the 19th would count against travelling then; here only the anchor counts.
    facts.observances.clear();
    let mut roundtable = wish(Length::Days(1), ("2020-04-01", "2020-05-31"), "city_manager");
    roundtable.template.anchor = Some(EventId(Uuid::from_u128(901)));
    roundtable.template.venue = Some(place);
    let found = suggested(&roundtable, facts.clone());
    let expected = ["Mon 20 April 2020", "Tue 21 April 2020", "Wed 22 April 2020", "Thu 23 April 2020", "Fri 24 April 2020"];
    assert_eq!(days(&found), expected);
    let said = "The day before GARE annual meeting, in the same place: 6 city teams with people for both need one trip only.";
    assert_eq!(found.windows[0].speaks_for[0], said);
    let council = event(902, "Council members' workshop", annual, |event| {
        event.details.roles = ["council_member".parse().expect("role")].into();
        event.details.anchor = Some(EventId(Uuid::from_u128(901)));
    });
    facts.entries.push(council);
    let whole = suggested(&roundtable, facts);
    let said = "The day before GARE annual meeting, in the same place: 6 city teams with people for both need one trip only, \
                6 of them whole.";
    assert_eq!(whole.windows[0].speaks_for[0], said);
}

#[test]
fn what_speaks_against_a_window_is_what_the_rules_find() {
    let facts = facts();
    let agenda = Agenda::new(facts.clone());
    for between in [("2022-10-15", "2022-12-15"), ("2026-02-01", "2026-06-30")] {
        let wish = Wish { avoid: None, ..wish(Length::Days(3), between, "elected_official") };
        let found = suggested(&wish, facts.clone());
        assert_eq!(found.windows.len(), 5, "{between:?}");
        for window in &found.windows {
            let rules = find(&wish.candidate(window.when, facts.now), &agenda, &Policy::default());
            let rules: Vec<_> = rules.into_iter().filter(|finding| finding.severity != Severity::Opportunity).collect();
            let against: Vec<_> = window.against.iter().filter(|finding| finding.kind != Kind::ExpectedAnchor).cloned().collect();
            assert_eq!(against, rules);
        }
    }
}
