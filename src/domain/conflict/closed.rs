//! Days that somebody has ruled out, budget time, and holds that end.

use std::cmp::Reverse;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Fact, Hit, Kind, Policy, Severity};
use crate::domain::agenda::{Agenda, Slot};
use crate::domain::civic::{Blackout, Whose};
use crate::domain::{Days, EventStatus, Team};

/// Somebody has ruled out days of an event.
///
/// A team: for whatever invites it, and all such teams are one finding, as grave as the gravest of
/// them. A partner: for whatever it calls. A town: for whatever is held there in person.
///
/// ```
/// use convene::domain::civic::{Blackout, Whose};
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let day = |text: &str| text.parse().unwrap();
/// let there = agenda(vec![], |facts| {
///     facts.civic.blackouts = vec![Blackout {
///         whose: Whose::Partner("nlc".parse().unwrap()), days: convene::domain::Days::new(day("2027-05-12"), day("2027-05-14")),
///         severity: Severity::High, reason: "the board meets".into(), in_person: false, decide_by: None,
///     }];
/// });
/// let found = said(Kind::Blackout, &entry(1, "2027-05-11/2027-05-13", KANSAS_CITY, |_| ()), &there);
/// assert_eq!(found, [(Severity::High, "nlc has ruled out 12–14 May 2027: the board meets.".to_owned())]);
/// ```
#[must_use]
pub fn blackouts<'a>(slot: &Slot<'a>, agenda: &'a Agenda) -> Vec<Hit<'a>> {
    let mut hits = Vec::new();
    let mut of_teams: Vec<(&'a Blackout, &'a Team)> = Vec::new();
    for (blackout, team) in agenda.blackouts(slot.days) {
        match (&blackout.whose, team) {
            (Whose::Team(_), Some(place)) if slot.audience.has_team(place) => {
                of_teams.extend(agenda.facts().teams.get(place as usize).map(|team| (blackout, team)));
            }
            (Whose::Partner(partner), _) if slot.event.is_called_by(partner) && (slot.is_in_person() || !blackout.in_person) => {
                hits.push(hit(blackout, None, 0));
            }
            (Whose::City { city, state }, _) if is_held_in(slot, city, state.as_deref()) => hits.push(hit(blackout, None, 0)),
            _ => {}
        }
    }
    of_teams.sort_by(|one, other| {
        let rank = |(blackout, team): &(&'a Blackout, &'a Team)| (Reverse(blackout.severity), blackout.days, &team.slug);
        rank(one).cmp(&rank(other))
    });
    if let Some((blackout, team)) = of_teams.first().copied() {
        let mut teams: Vec<_> = of_teams.iter().map(|(_, team)| &team.slug).collect();
        teams.sort_unstable();
        teams.dedup();
        hits.push(hit(blackout, Some(team), u32::try_from(teams.len()).unwrap_or(u32::MAX)));
    }
    hits
}

fn hit<'a>(blackout: &'a Blackout, team: Option<&'a Team>, teams: u32) -> Hit<'a> {
    let fact = Fact::Blackout { blackout, team, teams };
    Hit { kind: Kind::Blackout, severity: blackout.severity, overlap: None, teams, fact }
}

fn is_held_in(slot: &Slot<'_>, city: &str, state: Option<&str>) -> bool {
    let venue = slot.event.details.venue.as_ref().filter(|_| slot.is_in_person());
    let is_there = |known: &str| known.eq_ignore_ascii_case(city);
    venue.is_some_and(|venue| {
        venue.city.as_deref().is_some_and(is_there) && state.is_none_or(|state| venue.state.as_deref() == Some(state))
    })
}

/// In person in the weeks when invited teams make their budgets.
///
/// Low; medium where managers or department heads of such a team are invited. Online events say
/// nothing: an hour can be spared.
///
/// ```
/// use convene::domain::civic::BudgetYear;
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let there = agenda(vec![], |facts| {
///     facts.teams = vec![team("one", "OH", chrono_tz::UTC, &["mayor"])];
///     facts.civic.budgets = [("one".parse().unwrap(), BudgetYear { month: 7, weeks: None })].into();
/// });
/// let found = |when| said(Kind::BudgetSeason, &entry(1, when, KANSAS_CITY, |_| ()), &there);
/// assert_eq!(found("2027-05-11/2027-05-13")[0].0, Severity::Low);
/// assert_eq!(found("2027-07-01/2027-07-02"), []);
/// ```
#[must_use]
pub fn budget_season<'a>(slot: &Slot<'a>, agenda: &'a Agenda, policy: &Policy) -> Option<Hit<'a>> {
    if !slot.is_in_person() {
        return None;
    }
    let grades = &policy.budget_season;
    let (mut teams, mut worst) = (0, None::<(Severity, Days, Days)>);
    for (budget, invited, makes_it) in agenda.budgets(slot.audience) {
        let Some(season) = budget.season(slot.days.first, grades.weeks) else { continue };
        let Some(days) = season.overlap(slot.days) else { continue };
        let severity = if makes_it { grades.makers } else { grades.others };
        teams += invited;
        if worst.is_none_or(|(known, ..)| known < severity) {
            worst = Some((severity, days, season));
        }
    }
    let (severity, days, season) = worst?;
    Some(Hit { kind: Kind::BudgetSeason, severity, overlap: None, teams, fact: Fact::Budget { days, season, teams } })
}

/// A hold whose last day is near: medium 14 days before, high 3 days before.
///
/// ```
/// use convene::domain::EventStatus;
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let held = entry(1, "2027-05-11/2027-05-13", KANSAS_CITY, |event| {
///     event.status = EventStatus::Hold;
///     event.details.hold_until = "2027-01-13".parse().ok();
/// });
/// let found = |now: &str| said(Kind::HoldLapsing, &held, &agenda(vec![], |facts| facts.now = now.parse().unwrap()));
/// assert_eq!(found("2027-01-11T12:00:00Z")[0].0, Severity::High);
/// assert_eq!(found("2026-12-01T12:00:00Z"), []);
/// ```
#[must_use]
pub fn hold_lapsing<'a>(slot: &Slot<'a>, now: DateTime<Utc>, policy: &Policy) -> Option<Hit<'a>> {
    let until = slot.event.details.hold_until.filter(|_| slot.event.status == EventStatus::Hold)?;
    let left = (until - today(slot, now)).num_days();
    let grades = &policy.hold_lapsing;
    let severity = match left {
        _ if left <= grades.late_days => grades.late,
        _ if left <= grades.early_days => grades.early,
        _ => return None,
    };
    Some(Hit { kind: Kind::HoldLapsing, severity, overlap: None, teams: 0, fact: Fact::Lapsing { until } })
}

fn today(slot: &Slot<'_>, now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&slot.event.details.zone).date_naive()
}

/// What a fact of these rules is about, for the hash of its facts.
#[must_use]
pub fn dates(fact: &Fact<'_>) -> Option<Days> {
    match fact {
        Fact::Blackout { blackout, .. } => Some(blackout.days),
        Fact::Budget { season, .. } => Some(*season),
        Fact::Load { load, .. } => Some(load.days),
        Fact::Lapsing { until } => Some(Days::one(*until)),
        Fact::CouncilNight { night, .. } | Fact::Quorum { night } => Some(Days::one(night.meeting.day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, agenda, entry, online, said, team};
    use super::*;
    use crate::domain::civic::BudgetYear;
    use crate::domain::{Event, Facts};

    const MAY: &str = "2027-05-11/2027-05-13";

    fn days(text: &str) -> Days {
        let (first, last) = text.split_once('/').unwrap_or((text, text));
        Days::new(first.parse().expect("first"), last.parse().expect("last"))
    }

    fn out(whose: Whose, days_out: &str, severity: Severity) -> Blackout {
        Blackout { whose, days: days(days_out), severity, reason: "a made-up reason".into(), in_person: false, decide_by: None }
    }

    fn of_team(name: &str, days: &str, severity: Severity) -> Blackout {
        out(Whose::Team(name.parse().expect("team")), days, severity)
    }

    fn ruled_out(blackouts: Vec<Blackout>, change: fn(&mut Event)) -> Vec<(Severity, String)> {
        let there = agenda(vec![], |facts: &mut Facts| {
            facts.teams = ["one", "two", "three"].map(|name| team(name, "OH", chrono_tz::UTC, &["mayor"])).into();
            facts.teams.push(team("four", "OH", chrono_tz::UTC, &["equity_staff"]));
            facts.civic.blackouts = blackouts;
            facts.partners = [("nlc".parse().expect("partner"), "A Partner".to_owned())].into();
        });
        said(Kind::Blackout, &entry(1, MAY, KANSAS_CITY, change), &there)
    }

    #[test]
    fn teams_that_ruled_days_out_are_one_finding_as_grave_as_the_gravest() {
        let said = "two has ruled out 12–14 May 2027: a made-up reason; another city team has ruled out days of it too.";
        let four = of_team("four", MAY, Severity::Block);
        let elsewhere = of_team("three", "2027-05-14", Severity::Block);
        let both = vec![of_team("one", "2027-05-13", Severity::Low), of_team("two", "2027-05-12/2027-05-14", Severity::High)];
        assert_eq!(ruled_out([both, vec![four, elsewhere]].concat(), |_| ()), [(Severity::High, said.into())]);
    }

    #[test]
    fn a_partner_rules_days_out_for_what_it_calls_and_a_town_for_what_is_held_there() {
        let partner = |slug: &str| out(Whose::Partner(slug.parse().expect("partner")), "2027-05-11", Severity::High);
        let town = |state: &str| {
            let whose = Whose::City { city: "kansas city".into(), state: Some(state.into()) };
            out(whose, "2027-05-13", Severity::Medium)
        };
        let all = vec![partner("nlc"), partner("icma"), town("MO"), town("KS")];
        let called = (Severity::High, "A Partner has ruled out 11 May 2027: a made-up reason.".to_owned());
        let held = (Severity::Medium, "In kansas city, MO it is better to avoid 13 May 2027: a made-up reason.".to_owned());
        assert_eq!(ruled_out(all.clone(), |_| ()), [called.clone(), held]);
        assert_eq!(ruled_out(all, online), [called]);
    }

    #[test]
    fn a_ban_on_meeting_in_person_names_the_day_to_decide_by_and_leaves_what_is_online_alone() {
        let whose = Whose::Partner("nlc".parse().expect("partner"));
        let until = |in_person| Blackout {
            in_person,
            decide_by: Some("2027-05-01".parse().expect("a day")),
            ..out(whose.clone(), "2027-04-15/2027-05-11", Severity::Block)
        };
        let said = "A Partner has ruled out meeting in person on 15 April – 11 May 2027: a made-up reason; decide by 1 May 2027 \
                    whether to cancel, keep, move or go online.";
        assert_eq!(ruled_out(vec![until(true)], |_| ()), [(Severity::Block, said.into())]);
        assert_eq!(ruled_out(vec![until(true)], online), []);
        assert_eq!(ruled_out(vec![until(false)], online).len(), 1);
    }

    #[test]
    fn budget_time_is_low_and_medium_for_those_who_make_the_budget() {
        let season = |when: &str, roles: &[&str], change: fn(&mut Event)| {
            let there = agenda(vec![], |facts: &mut Facts| {
                facts.teams = vec![team("one", "OH", chrono_tz::UTC, roles)];
                facts.civic.budgets = [("one".parse().expect("team"), BudgetYear { month: 7, weeks: None })].into();
            });
            said(Kind::BudgetSeason, &entry(1, when, KANSAS_CITY, change), &there)
        };
        let all = |event: &mut Event| {
            event.details.roles = ["mayor", "city_manager"].map(|role| role.parse().expect("role")).into();
        };
        let sentence = "11–13 May 2027 fall in the eight weeks before a fiscal year begins on 1 July 2027, when 1 city team invited \
                        make their budgets.";
        assert_eq!(season(MAY, &["mayor"], all), [(Severity::Low, sentence.into())]);
        assert_eq!(season(MAY, &["mayor", "city_manager"], all), [(Severity::Medium, sentence.into())]);
        assert_eq!(season("2027-05-04/2027-05-06", &["mayor"], all).len(), 1);
        for (when, change) in [("2027-05-03/2027-05-05", all as fn(&mut Event)), ("2027-07-01/2027-07-02", all), (MAY, online)] {
            assert_eq!(season(when, &["mayor"], change), [], "{when}");
        }
    }

    #[test]
    fn a_hold_warns_fourteen_and_three_days_before_it_lapses() {
        let warned = |until: &str, change: fn(&mut Event)| {
            let held = |event: &mut Event| {
                event.status = EventStatus::Hold;
                event.details.hold_until = Some(until.parse().expect("a day"));
                change(event);
            };
            let there = agenda(vec![], |facts: &mut Facts| facts.now = "2027-01-10T18:00:00Z".parse().expect("now"));
            let found = said(Kind::HoldLapsing, &entry(1, MAY, KANSAS_CITY, held), &there);
            found.first().map(|(severity, _)| *severity)
        };
        let as_is: fn(&mut Event) = |_| ();
        let cases = [("2027-01-25", None), ("2027-01-24", Some(Severity::Medium)), ("2027-01-14", Some(Severity::Medium))];
        for (until, severity) in
            cases.into_iter().chain([("2027-01-13", Some(Severity::High)), ("2027-01-10", Some(Severity::High))])
        {
            assert_eq!(warned(until, as_is), severity, "{until}");
        }
        assert_eq!(warned("2027-01-13", |event| event.status = EventStatus::Confirmed), None);
    }
}
