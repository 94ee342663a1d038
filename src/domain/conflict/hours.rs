//! Hours: fair ones, clocks that change, and how long ahead people know.

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Offset as _, TimeZone as _, Utc};
use chrono_tz::Tz;

use super::policy::UnfairHours;
use super::{Fact, Hit, Kind, Policy, Severity};
use crate::domain::agenda::Slot;

/// An online session at an hour when people of an invited team sleep, or have their evening.
///
/// Medium outside 08:00–18:00 where a team lives, high outside 06:00–21:00. In-person events are
/// where they are; what lasts longer than a day has hours that are not known here.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let there = agenda(vec![], |facts| facts.teams = vec![team("one", "HI", chrono_tz::Pacific::Honolulu, &["mayor"])]);
/// let eleven = entry(1, "2027-07-22T11:00/2027-07-22T12:00", WASHINGTON, online);
/// assert_eq!(said(Kind::UnfairHours, &eleven, &there)[0].0, Severity::High); // five in the morning there
/// ```
#[must_use]
pub fn unfair_hours<'a>(slot: &Slot<'a>, zones: impl Iterator<Item = (Tz, u32)>, policy: &Policy) -> Option<Hit<'a>> {
    let span = slot.occurrence.span;
    if slot.is_in_person() || slot.occurrence.when.is_all_day() || span.end - span.start > Duration::hours(24) {
        return None;
    }
    let unfair = zones.filter_map(|(zone, teams)| {
        let severity = unfairness(span.start.with_timezone(&zone), span.end.with_timezone(&zone), &policy.unfair_hours)?;
        Some((severity, zone, teams))
    });
    let (mut worst, mut teams) = (None::<(Severity, Tz)>, 0);
    for (severity, zone, there) in unfair {
        teams += there;
        if worst.is_none_or(|(known, _)| known < severity) {
            worst = Some((severity, zone));
        }
    }
    let (severity, there) = worst?;
    Some(Hit { kind: Kind::UnfairHours, severity, overlap: None, teams, fact: Fact::UnfairHours { there } })
}

/// How unfair a session is to somebody whose clock shows these times; `None` if it is fair.
///
/// ```
/// use convene::domain::conflict::{Policy, Severity, hours::unfairness};
/// use chrono::TimeZone as _;
/// let honolulu = |hour| chrono_tz::Pacific::Honolulu.with_ymd_and_hms(2024, 7, 25, hour, 0, 0).unwrap();
/// let policy = Policy::default().unfair_hours;
/// assert_eq!(unfairness(honolulu(5), honolulu(6), &policy), Some(Severity::High)); // 11:00 in New York
/// assert_eq!(unfairness(honolulu(17), honolulu(19), &policy), Some(Severity::Medium));
/// assert_eq!(unfairness(honolulu(8), honolulu(18), &policy), None);
/// ```
#[must_use]
pub fn unfairness(start: DateTime<Tz>, end: DateTime<Tz>, policy: &UnfairHours) -> Option<Severity> {
    let one_day = start.date_naive() == end.date_naive();
    let within = |from: NaiveTime, until: NaiveTime| one_day && from <= start.time() && end.time() <= until;
    if within(policy.day_from, policy.day_until) {
        None
    } else if within(policy.waking_from, policy.waking_until) {
        Some(policy.outside_day)
    } else {
        Some(policy.outside_waking)
    }
}

/// The clocks change between the first and the last day of an in-person event.
///
/// A note: the hours of the days after need checking. By the zone's own rules, not by a table, so
/// that it holds in Madrid too.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let found = |when| said(Kind::ClockChange, &entry(1, when, KANSAS_CITY, |_| ()), &agenda(vec![], |_| ())).len();
/// assert_eq!((found("2026-03-07/2026-03-11"), found("2026-03-09/2026-03-11")), (1, 0)); // Sunday the 8th
/// ```
#[must_use]
pub fn clocks_change_within<'a>(slot: &Slot<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let days = slot.days;
    if !slot.is_in_person() || days.count() < 2 {
        return None;
    }
    let day = days.iter().find(|day| changes_on(slot.event.details.zone, *day))?;
    Some(clock_change(slot, Fact::ClocksChangeWithin { day }, policy))
}

/// The clocks have changed since the occurrence before it in an online series.
///
/// A note: the series keeps its hour by its own clock, and moves by the clock of those whose zone
/// did not change with it: invited teams there, or, where no team is known, whoever has none.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// let teams = ["America/New_York", "America/Phoenix"].map(|zone| zone.parse().unwrap());
/// let teams = teams.map(|zone: chrono_tz::Tz| team(&zone.name().to_lowercase().replace(['/', '_'], "-"), "AZ", zone, &["mayor"]));
/// let there = agenda(vec![], |facts| facts.teams = teams.into());
/// let mut weekly = entry(1, "2026-03-05T14:00/2026-03-05T15:00", WASHINGTON, online);
/// weekly.occurrences.extend(entry(1, "2026-03-12T14:00/2026-03-12T15:00", WASHINGTON, online).occurrences);
/// assert_eq!(said(Kind::ClockChange, &weekly, &there).len(), 1);
/// ```
#[must_use]
pub fn clocks_change_between<'a>(
    before: &Slot<'a>,
    after: &Slot<'a>,
    zones: impl Iterator<Item = (Tz, u32)>,
    policy: &Policy,
) -> Option<Hit<'a>> {
    let (earlier, later) = (before.occurrence.span.start, after.occurrence.span.start);
    let own = shift(after.event.details.zone, earlier, later);
    if after.is_in_person() || after.occurrence.when.is_all_day() {
        return None;
    }
    let mut zones = zones.peekable();
    if zones.peek().is_none() {
        return (own != 0).then(|| clock_change(after, Fact::ClocksChangeBetween { there: None }, policy));
    }
    let moved: Vec<(Tz, u32)> = zones.filter(|(zone, _)| shift(*zone, earlier, later) != own).collect();
    let (there, _) = *moved.first()?;
    let teams = moved.iter().map(|(_, teams)| teams).sum();
    Some(Hit { teams, ..clock_change(after, Fact::ClocksChangeBetween { there: Some(there) }, policy) })
}

fn clock_change<'a>(slot: &Slot<'a>, fact: Fact<'a>, policy: &Policy) -> Hit<'a> {
    Hit { kind: Kind::ClockChange, severity: policy.clock_change, overlap: None, teams: slot.audience.team_count(), fact }
}

/// Is that day longer or shorter than 24 hours?
fn changes_on(zone: Tz, day: NaiveDate) -> bool {
    let midnight = |day: NaiveDate| crate::domain::span::instant(day.and_time(NaiveTime::MIN), zone);
    day.succ_opt().is_some_and(|next| midnight(next) - midnight(day) != Duration::days(1))
}

/// By how many seconds a zone's clocks were set forward between two moments.
fn shift(zone: Tz, earlier: DateTime<Utc>, later: DateTime<Utc>) -> i32 {
    let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    offset(later) - offset(earlier)
}

/// People learn of it too late to have a journey approved, or to keep the hour free.
///
/// In person: medium under 90 days, high under 45; online: low under 14. What is still to be
/// announced is measured from `now`; what was typed in as public, from when it was entered. What was
/// read from a partner's own calendar says nothing of when that partner announced it, and what was
/// entered after it began is history: neither is reported.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let soon = agenda(vec![], |facts| facts.now = "2027-04-20T12:00:00Z".parse().unwrap());
/// let proposed = |event: &mut convene::domain::Event| event.status = convene::domain::EventStatus::Proposed;
/// let found = said(Kind::ShortNotice, &entry(1, "2027-05-11/2027-05-13", KANSAS_CITY, proposed), &soon);
/// assert_eq!(found[0].0, Severity::High);
/// ```
#[must_use]
pub fn short_notice<'a>(slot: &Slot<'a>, now: DateTime<Utc>, policy: &Policy) -> Option<Hit<'a>> {
    let event = slot.event;
    let known = if event.status.is_tentative() { now } else { event.created_at };
    let days = (slot.days.first - known.with_timezone(&event.details.zone).date_naive()).num_days();
    if (event.source.is_some() && !event.status.is_tentative()) || days < 0 {
        return None;
    }
    let grades = &policy.short_notice;
    let severity = match slot.is_in_person() {
        true if days < grades.late_days => grades.late,
        true if days < grades.early_days => grades.early,
        false if days < grades.online_days => grades.online,
        _ => return None,
    };
    let teams = slot.audience.team_count();
    Some(Hit { kind: Kind::ShortNotice, severity, overlap: None, teams, fact: Fact::ShortNotice { days } })
}

/// Its last day, or its end, is not known: low, because nothing else can be sure of it.
///
/// ```
/// use convene::domain::When;
/// use convene::domain::conflict::{Kind, sample::*};
/// let open = entry(1, "2027-05-11/2027-05-11", KANSAS_CITY, |event| {
///     event.details.when = When::Days { first: "2027-05-11".parse().unwrap(), last: None };
/// });
/// assert_eq!(said(Kind::IncompleteDates, &open, &agenda(vec![], |_| ())).len(), 1);
/// ```
#[must_use]
pub fn incomplete_dates<'a>(slot: &Slot<'a>, policy: &Policy) -> Option<Hit<'a>> {
    let severity = policy.incomplete_dates;
    slot.occurrence.when.is_open().then_some(Hit {
        kind: Kind::IncompleteDates,
        severity,
        overlap: None,
        teams: 0,
        fact: Fact::OpenEnd,
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, Place, WASHINGTON, agenda, entry, online, said, team};
    use super::*;
    use crate::domain::{Entry, Event, EventStatus, Occurrence, Source, When};

    const HONOLULU: Tz = chrono_tz::Pacific::Honolulu;
    const NEW_YORK: Tz = chrono_tz::America::New_York;
    const PHOENIX: Tz = chrono_tz::America::Phoenix;

    fn with_teams(kind: Kind, subject: &Entry, zones: &[Tz]) -> Vec<(Severity, String)> {
        let teams = zones.iter().zip(["one", "two", "three"]).map(|(zone, name)| team(name, "HI", *zone, &["mayor"])).collect();
        said(kind, subject, &agenda(vec![], |facts| facts.teams = teams))
    }

    #[test]
    fn eleven_in_new_york_is_five_in_honolulu() {
        let at = |times: &str, change: fn(&mut Event), zones: &[Tz]| {
            with_teams(Kind::UnfairHours, &entry(1, times, WASHINGTON, change), zones)
        };
        let eleven = "2024-07-25T11:00/2024-07-25T12:30";
        let said =
            "11:00 New York time on 25 July 2024 is 05:00 in Honolulu, and it ends there at 06:30; 2 city teams are concerned.";
        assert_eq!(at(eleven, online, &[HONOLULU, NEW_YORK, HONOLULU]), [(Severity::High, said.into())]);
        assert_eq!(at(eleven, online, &[NEW_YORK]), []);
        assert_eq!(at(eleven, |_| (), &[HONOLULU]), []);
        assert_eq!(at("2024-07-25T14:00/2024-07-25T18:00", online, &[HONOLULU, NEW_YORK]), []);
        let evening = at("2024-07-25T17:00/2024-07-25T19:00", online, &[NEW_YORK]);
        assert_eq!(evening.iter().map(|(severity, _)| *severity).collect::<Vec<_>>(), [Severity::Medium]);
    }

    #[test]
    fn clocks_that_change_during_a_conference_are_noted() {
        let during = |days: &str| with_teams(Kind::ClockChange, &entry(1, days, WASHINGTON, |_| ()), &[]);
        let said = "On 8 March 2026 the clocks change by New York time, between its first day and its last: check the hours of that day.";
        assert_eq!(during("2026-03-07/2026-03-11"), [(Severity::Note, said.into())]);
        assert_eq!(during("2026-03-09/2026-03-11"), []);
        assert_eq!(during("2026-03-08/2026-03-08"), []);
    }

    #[test]
    fn a_series_keeps_its_hour_and_moves_for_those_without_clock_change() {
        let mut weekly = entry(1, "2023-10-26T15:00/2023-10-26T16:00", WASHINGTON, online);
        let next = |week: i64| -> Occurrence {
            let when = weekly.occurrences[0].when;
            let when = When::starting(when, when.wall_start() + Duration::weeks(week));
            Occurrence { original: when.wall_start(), when, span: when.span(NEW_YORK), title: None, cancelled: false }
        };
        let later: Vec<Occurrence> = (1..4).map(next).collect();
        weekly.occurrences.extend(later);
        let said = "From 9 November 2023, 15:00 New York time is 13:00 in Phoenix, another hour than before, since the clocks have changed.";
        assert_eq!(with_teams(Kind::ClockChange, &weekly, &[NEW_YORK, PHOENIX]), [(Severity::Note, said.into())]);
        assert_eq!(with_teams(Kind::ClockChange, &weekly, &[NEW_YORK]), []);
        assert_eq!(with_teams(Kind::ClockChange, &weekly, &[]).len(), 1);
        weekly.occurrences.truncate(2);
        assert_eq!(with_teams(Kind::ClockChange, &weekly, &[NEW_YORK, PHOENIX]), []);
    }

    fn notice(days_ahead: i64, place: Place, change: fn(&mut Event)) -> Vec<(Severity, String)> {
        let now: DateTime<Utc> = "2027-01-01T00:00:00Z".parse().expect("now");
        let start = now.with_timezone(&place.4).date_naive() + Duration::days(days_ahead);
        let subject = entry(1, &format!("{start}/{start}"), place, |event| {
            event.created_at = now;
            change(event);
        });
        said(Kind::ShortNotice, &subject, &agenda(vec![], |facts| facts.now = now))
    }

    #[test]
    fn the_later_people_know_the_graver() {
        let proposed = |event: &mut Event| event.status = EventStatus::Proposed;
        let graded = |days, change| notice(days, KANSAS_CITY, change).first().map(|(severity, _)| *severity);
        assert_eq!(graded(40, |_| ()), Some(Severity::High));
        assert_eq!(graded(60, |_| ()), Some(Severity::Medium));
        assert_eq!(graded(100, |_| ()), None);
        assert_eq!(graded(60, online), None);
        assert_eq!(graded(7, online), Some(Severity::Low));
        assert_eq!(graded(-7, |_| ()), None);
        let said = "It is not announced yet, and begins in 31 days, on 31 January 2027: many councils approve trips six to eight weeks ahead.";
        assert_eq!(notice(31, KANSAS_CITY, proposed), [(Severity::High, said.into())]);
        let read = |event: &mut Event| {
            let read_at = event.created_at;
            event.source =
                Some(Source { uid: "1".into(), calendar: "nlc.ics".into(), read_at, sequence: 0, facts: String::new() });
        };
        assert_eq!(graded(31, read), None);
    }

    #[test]
    fn notice_is_graver_under_each_number_of_days_and_not_at_it() {
        let graded = |days, change| notice(days, KANSAS_CITY, change).first().map(|(severity, _)| *severity);
        let in_person = [(0, Some(Severity::High)), (44, Some(Severity::High)), (45, Some(Severity::Medium))];
        for (days, severity) in in_person.into_iter().chain([(89, Some(Severity::Medium)), (90, None)]) {
            assert_eq!(graded(days, |_| ()), severity, "{days} days ahead");
        }
        for (days, severity) in [(0, Some(Severity::Low)), (13, Some(Severity::Low)), (14, None)] {
            assert_eq!(graded(days, online), severity, "{days} days ahead, online");
        }
    }

    #[test]
    fn hours_are_fair_from_and_until_their_very_minutes() {
        let policy = Policy::default().unfair_hours;
        let at = |time: &str| {
            NEW_YORK.from_local_datetime(&format!("2027-06-02T{time}").parse().expect("a time")).single().expect("once")
        };
        for (times, severity) in [
            ("08:00:00-18:00:00", None),
            ("07:59:00-09:00:00", Some(Severity::Medium)),
            ("17:00:00-18:01:00", Some(Severity::Medium)),
            ("06:00:00-21:00:00", Some(Severity::Medium)),
            ("05:59:00-09:00:00", Some(Severity::High)),
            ("20:00:00-21:01:00", Some(Severity::High)),
        ] {
            let (from, until) = times.split_once('-').expect("two times");
            assert_eq!(unfairness(at(from), at(until), &policy), severity, "{times}");
        }
    }

    #[test]
    fn an_end_that_is_not_known_is_said() {
        let open = |when: &str| with_teams(Kind::IncompleteDates, &entry(1, when, KANSAS_CITY, |_| ()), &[]);
        assert_eq!(
            open("2024-11-13/?"),
            [(Severity::Low, "It begins on 13 November 2024, and its last day is not known.".into())]
        );
        assert_eq!(open("2024-11-13/2024-11-13"), []);
    }
}
