//! What a series promises.

use chrono::{Datelike as _, NaiveTime, Weekday};
use chrono_tz::{America::New_York, Asia::Kathmandu, Europe::Berlin, UTC};
use proptest::prelude::*;

use super::*;

fn wall(text: &str) -> NaiveDateTime {
    text.parse().expect("a wall time")
}
fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}
fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}
fn years(from: i32, to: i32) -> Span {
    Span::new(at(&format!("{from:04}-01-01T00:00:00Z")), at(&format!("{to:04}-01-01T00:00:00Z")))
}
fn hour(start: &str) -> When {
    When::Times { start: wall(start), end: Some(wall(start) + TimeDelta::hours(1)) }
}
fn one_day(first: &str) -> When {
    When::Days { first: day(first), last: Some(day(first)) }
}
fn rule(text: &str) -> Recurrence {
    Recurrence { rrule: Some(text.to_owned()), ..Recurrence::default() }
}
fn walls(expansion: &Expansion) -> Vec<String> {
    expansion.occurrences.iter().map(|one| one.when.wall_start().format("%Y-%m-%dT%H:%M").to_string()).collect()
}
fn days_of(expansion: &Expansion) -> Vec<String> {
    expansion.occurrences.iter().map(|one| one.when.wall_start().date().to_string()).collect()
}

#[test]
fn a_single_event_is_there_once_if_it_touches_the_window() {
    let inside = occurrences(hour("2026-12-31T23:30:00"), UTC, None, years(2027, 2028));
    assert_eq!(walls(&inside), ["2026-12-31T23:30"]);
    let touching_only = occurrences(hour("2026-12-31T23:00:00"), UTC, None, years(2027, 2028));
    assert_eq!(touching_only, Expansion::default());
}

#[test]
fn what_takes_no_time_is_in_the_window_of_its_instant() {
    let moment = |start| When::Times { start: wall(start), end: Some(wall(start)) };
    assert_eq!(occurrences(moment("2027-01-01T00:00:00"), UTC, None, years(2027, 2028)).occurrences.len(), 1);
    assert_eq!(occurrences(moment("2028-01-01T00:00:00"), UTC, None, years(2027, 2028)).occurrences.len(), 0);
}

#[test]
fn each_way_to_say_until_includes_its_last_moment() {
    for (until, expected) in [
        ("20240304T190000Z", 4), // 14:00 in New York
        ("20240304T185959Z", 3), // a second before
        ("20240304T140000", 4),  // wall time, as written by Apple
        ("20240304", 4),         // a day counts as a whole, as written by Google
        ("20240303", 3),
        ("20200101", 1), // before the start: the start alone
    ] {
        let daily = rule(&format!("FREQ=DAILY;UNTIL={until}"));
        let found = occurrences(hour("2024-03-01T14:00:00"), New_York, Some(&daily), years(2024, 2025));
        assert_eq!(found.occurrences.len(), expected, "UNTIL={until}");
    }
}

#[test]
fn until_in_utc_ends_whole_days_on_the_local_day() {
    let weekly = rule("FREQ=WEEKLY;BYDAY=TU;UNTIL=20260817T220000Z");
    let found = occurrences(one_day("2026-08-04"), Berlin, Some(&weekly), years(2026, 2027));
    assert_eq!(days_of(&found), ["2026-08-04", "2026-08-11", "2026-08-18"]);
}

#[test]
fn the_start_counts_as_the_first_even_where_it_does_not_fit_the_rule() {
    let mondays = rule("FREQ=WEEKLY;BYDAY=MO;COUNT=3");
    let found = occurrences(one_day("2026-01-07"), UTC, Some(&mondays), years(2026, 2027));
    assert_eq!(days_of(&found), ["2026-01-07", "2026-01-12", "2026-01-19"]);
}

#[test]
fn left_out_starts_are_named_by_time_or_by_day() {
    let mut daily = rule("FREQ=DAILY;COUNT=4");
    daily.exdates =
        vec![Exdate::At(wall("2026-05-02T09:00:00")), Exdate::Day(day("2026-05-03")), Exdate::At(wall("2026-05-04T10:00:00"))];
    let found = occurrences(hour("2026-05-01T09:00:00"), Berlin, Some(&daily), years(2026, 2027));
    assert_eq!(days_of(&found), ["2026-05-01", "2026-05-04"]);
    let whole = occurrences(one_day("2026-05-01"), Berlin, Some(&daily), years(2026, 2027));
    assert_eq!(days_of(&whole), ["2026-05-01"], "for whole days any time of the day names it");
}

#[test]
fn a_further_start_that_the_rule_gives_too_is_there_once() {
    let mut weekly = rule("FREQ=WEEKLY;COUNT=2");
    weekly.rdates =
        vec![wall("2026-05-08T09:00:00"), wall("2026-05-10T09:00:00"), wall("2026-05-01T09:00:00"), wall("2026-05-11T09:00:00")];
    weekly.exdates = vec![Exdate::At(wall("2026-05-11T09:00:00"))];
    let found = occurrences(hour("2026-05-01T09:00:00"), UTC, Some(&weekly), years(2026, 2027));
    assert_eq!(days_of(&found), ["2026-05-01", "2026-05-08", "2026-05-10"]);
}

#[test]
fn an_override_takes_the_place_of_the_occurrence_it_names() {
    let mut weekly = rule("FREQ=WEEKLY;COUNT=3");
    weekly.overrides = vec![
        Override {
            original: wall("2026-05-08T09:00:00"),
            when: hour("2026-04-30T10:00:00"),
            title: Some("Earlier".into()),
            status: None,
        },
        Override {
            original: wall("2026-05-15T09:00:00"),
            when: hour("2026-05-15T09:00:00"),
            title: None,
            status: Some(EventStatus::Cancelled),
        },
    ];
    let found = occurrences(hour("2026-05-01T09:00:00"), UTC, Some(&weekly), years(2026, 2027)).occurrences;
    let told: Vec<_> = found.iter().map(|one| (one.original, one.span.start, one.title.as_deref(), one.cancelled)).collect();
    assert_eq!(
        told,
        [
            (wall("2026-05-08T09:00:00"), at("2026-04-30T10:00:00Z"), Some("Earlier"), false),
            (wall("2026-05-01T09:00:00"), at("2026-05-01T09:00:00Z"), None, false),
            (wall("2026-05-15T09:00:00"), at("2026-05-15T09:00:00Z"), None, true),
        ]
    );
}

#[test]
fn an_override_is_found_in_the_window_it_moved_into_and_not_in_the_one_it_left() {
    let mut weekly = rule("FREQ=WEEKLY;COUNT=2");
    let moved = Override { original: wall("2026-05-08T09:00:00"), when: hour("2027-02-01T09:00:00"), title: None, status: None };
    weekly.overrides = vec![moved];
    assert_eq!(walls(&occurrences(hour("2026-05-01T09:00:00"), UTC, Some(&weekly), years(2026, 2027))), ["2026-05-01T09:00"]);
    assert_eq!(walls(&occurrences(hour("2026-05-01T09:00:00"), UTC, Some(&weekly), years(2027, 2028))), ["2027-02-01T09:00"]);
}

#[test]
fn an_override_of_a_left_out_start_does_not_bring_it_back() {
    let mut weekly = rule("FREQ=WEEKLY;COUNT=2");
    weekly.overrides =
        vec![Override { original: wall("2026-05-08T09:00:00"), when: hour("2026-05-09T09:00:00"), title: None, status: None }];
    weekly.exdates = vec![Exdate::Day(day("2026-05-08"))];
    assert_eq!(days_of(&occurrences(hour("2026-05-01T09:00:00"), UTC, Some(&weekly), years(2026, 2027))), ["2026-05-01"]);
}

#[test]
fn a_time_that_the_clock_skips_is_read_with_the_offset_before() {
    let daily = rule("FREQ=DAILY;COUNT=3");
    let found = occurrences(hour("2026-03-07T02:30:00"), New_York, Some(&daily), years(2026, 2027)).occurrences;
    let starts: Vec<_> = found.iter().map(|one| one.span.start).collect();
    assert_eq!(starts, [at("2026-03-07T07:30:00Z"), at("2026-03-08T07:30:00Z"), at("2026-03-09T06:30:00Z")]);
}

#[test]
fn what_began_before_the_window_and_lasts_into_it_is_found() {
    let conference = When::Days { first: day("2025-12-30"), last: Some(day("2026-01-02")) };
    let found = occurrences(conference, UTC, Some(&rule("FREQ=YEARLY;COUNT=3")), years(2026, 2027));
    assert_eq!(days_of(&found), ["2025-12-30", "2026-12-30"]);
}

#[test]
fn a_series_that_is_too_long_or_unreadable_is_cut_short() {
    let hourly = occurrences(hour("1950-01-01T00:00:00"), UTC, Some(&rule("FREQ=HOURLY")), years(2026, 2027));
    assert_eq!(hourly, Expansion { occurrences: vec![], cut_short: true });
    for bad in [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;COUNT=2",
        "nonsense",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;UNTIL=soon",
        "",
    ] {
        let found = occurrences(hour("2026-05-01T09:00:00"), UTC, Some(&rule(bad)), years(2026, 2027));
        assert_eq!((walls(&found), found.cut_short), (vec!["2026-05-01T09:00".to_owned()], true), "{bad}");
    }
    let old = occurrences(hour("1890-05-01T09:00:00"), UTC, Some(&rule("FREQ=YEARLY")), years(1890, 2027));
    assert_eq!((old.occurrences.len(), old.cut_short), (1, true));
}

#[test]
fn the_29th_of_february_comes_in_leap_years_only() {
    let found = occurrences(one_day("2024-02-29"), UTC, Some(&rule("FREQ=YEARLY")), years(2024, 2033));
    assert_eq!(days_of(&found), ["2024-02-29", "2028-02-29", "2032-02-29"]);
}

#[test]
fn check_says_what_would_be_right() {
    let when = hour("2026-05-01T09:00:00");
    for (text, told) in [
        ("WEEKLY", "“WEEKLY” is no part of a rule; parts look like FREQ=WEEKLY"),
        ("BYDAY=MO", "the rule does not say how often; begin it with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=SECONDLY", "an event repeats hourly at most; give FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=FORTNIGHTLY", "“FORTNIGHTLY” is no frequency; there are DAILY, WEEKLY, MONTHLY, YEARLY"),
        ("FREQ=WEEKLY;BYDAY=-1€T", "“-1€T” is no value for BYDAY"),
        (
            "FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5",
            "the rule gives more than 24 times a day; give fewer hours or minutes",
        ),
        ("FREQ=DAILY;COUNT=many", "COUNT is a number of at least 1, not “MANY”"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is there twice; give it once"),
        ("FREQ=DAILY;UNTIL=20250101", "the rule ends (UNTIL) before the event begins; give a later day"),
    ] {
        assert_eq!(rule(text).check(when, UTC), Err(told.to_owned()));
    }
    assert_eq!(rule("freq=weekly; byday=mo,we").check(when, UTC), Ok(()));
    assert_eq!(Recurrence::default().check(when, UTC), Ok(()));
    assert_eq!(
        rule("FREQ=DAILY").check(hour("1890-01-01T09:00:00"), UTC),
        Err("a series begins between the years 1900 and 2200".to_owned())
    );
    let whole = rule("FREQ=DAILY;BYHOUR=9").check(one_day("2026-05-01"), UTC);
    assert_eq!(whole, Err("whole days repeat DAILY, WEEKLY, MONTHLY or YEARLY, without hours".to_owned()));
}

/// The days that a simple rule gives, found by looking at each day in turn.
fn brute_force(first: NaiveDate, weekdays: &[Weekday], every: i64, count: usize) -> Vec<NaiveDate> {
    let week = |day: NaiveDate| (day - NaiveDate::MIN).num_days() - i64::from(day.weekday().num_days_from_monday());
    let fits =
        |day: &NaiveDate| *day == first || (weekdays.contains(&day.weekday()) && ((week(*day) - week(first)) / 7) % every == 0);
    first.iter_days().filter(fits).take(count).collect()
}

fn some_weekdays() -> impl Strategy<Value = Vec<Weekday>> {
    proptest::sample::subsequence(
        vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun],
        1..=7,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn weekly_rules_agree_with_a_walk_through_the_days(
        offset in 0_u64..6_000, weekdays in some_weekdays(), every in 1_i64..5, count in 1_usize..80, clock in 0_u32..24, zone in 0_usize..4,
    ) {
        let zone = [New_York, Berlin, Kathmandu, UTC][zone];
        let first = day("2015-01-01") + chrono::Days::new(offset);
        let time = NaiveTime::from_hms_opt(clock, 30, 0).expect("a time");
        let when = When::Times { start: first.and_time(time), end: None };
        let names: Vec<_> = weekdays.iter().map(|day| day.to_string()[..2].to_uppercase()).collect();
        let series = rule(&format!("FREQ=WEEKLY;INTERVAL={every};BYDAY={};COUNT={count}", names.join(",")));
        let expected: Vec<_> = brute_force(first, &weekdays, every, count).into_iter().map(|day| span::instant(day.and_time(time), zone)).collect();
        let found = occurrences(when, zone, Some(&series), years(2014, 2100));
        prop_assert_eq!(found.occurrences.iter().map(|one| one.span.start).collect::<Vec<_>>(), expected);
        prop_assert!(!found.cut_short);
    }

    #[test]
    fn monthly_rules_skip_months_without_the_day(offset in 0_u64..6_000, every in 1_u32..5, count in 1_usize..40) {
        let first = day("2015-01-01") + chrono::Days::new(offset);
        let months = (0..).step_by(every as usize).map(|step| first.month0() + step);
        let years_and_months = months.map(|month| (first.year() + i32::try_from(month / 12).expect("small"), month % 12 + 1));
        let expected: Vec<_> = years_and_months.filter_map(|(year, month)| NaiveDate::from_ymd_opt(year, month, first.day())).take(count).collect();
        let series = rule(&format!("FREQ=MONTHLY;INTERVAL={every};COUNT={count}"));
        let found = occurrences(When::Days { first, last: None }, Berlin, Some(&series), years(2014, 2100));
        prop_assert_eq!(found.occurrences.iter().map(|one| one.when.wall_start().date()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn no_rule_makes_it_panic_or_hang(
        parts in proptest::collection::vec("(FREQ|INTERVAL|COUNT|UNTIL|BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS|BYHOUR|WKST|[A-Z]{1,6})=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|-?[0-9]{1,6}|[+-]?[0-9]{0,2}(MO|SU|[A-Z]?|.{0,2})|[0-9]{8}(T[0-9]{6}Z?)?|.{0,9})", 0..6),
        year in 1..9_999_i32, whole in any::<bool>(),
    ) {
        let start = NaiveDate::from_ymd_opt(year, 2, 28).expect("a day");
        let when = if whole { When::Days { first: start, last: None } } else { When::Times { start: start.and_time(NaiveTime::MIN), end: None } };
        let series = rule(&parts.join(";"));
        let found = occurrences(when, New_York, Some(&series), years(2026, 2028));
        prop_assert!(found.occurrences.len() <= 200_001);
    }
}

#[test]
fn how_often_a_series_starts_in_its_first_year_is_counted_up_to_what_is_too_often() {
    let cases = [
        ("FREQ=WEEKLY", 53),
        ("FREQ=WEEKLY;BYDAY=MO,WE", 104),
        ("FREQ=DAILY;COUNT=10", 10),
        ("FREQ=DAILY;UNTIL=20260131", 31),
        ("FREQ=YEARLY", 2),
        ("FREQ=DAILY", MOST_IN_A_YEAR + 1),
        ("FREQ=HOURLY", MOST_IN_A_YEAR + 1),
    ];
    for (text, often) in cases {
        let series = rule(text);
        assert_eq!(series.in_first_year(hour("2026-01-01T09:00:00"), UTC), often, "{text}");
    }
}
