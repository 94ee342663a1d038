//! The demo teams' councils, budgets and days ruled out: all made up.

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

use super::{DemoTeam, known, next};
use crate::app::{Result, teams};
use crate::domain::civic::{Blackout, BudgetYear, Council, Whose};
use crate::domain::conflict::Severity;
use crate::domain::{Days, Recurrence, When};
use crate::store::Writer;

/// A made-up council: team, name, seats, rule, first and last hour, the mayor sits, it approves travel, not on elections.
type DemoCouncil = (&'static str, &'static str, u32, &'static str, (u32, u32), bool, bool, bool);

const COUNCILS: [DemoCouncil; 5] = [
    ("sampleton-oh", "City Council", 7, "FREQ=MONTHLY;BYDAY=2MO,4MO", (18, 21), false, true, true),
    ("demoville-mi", "City Council", 5, "FREQ=MONTHLY;BYDAY=1TU,3TU", (19, 22), false, false, true),
    ("exampleburg-az", "City Council", 5, "FREQ=MONTHLY;BYDAY=2WE", (17, 20), true, true, true),
    ("trialbay-hi", "City Council", 9, "FREQ=MONTHLY;BYDAY=3WE", (9, 12), false, false, true),
    ("mockfield-county-ks", "Board of County Commissioners", 3, "FREQ=WEEKLY;BYDAY=MO", (9, 12), false, false, false),
];

/// The month in which each team's fiscal year begins.
const BUDGETS: [(&str, u32); 6] = [
    ("sampleton-oh", 1),
    ("demoville-mi", 7),
    ("exampleburg-az", 7),
    ("testport-wa", 1),
    ("trialbay-hi", 7),
    ("mockfield-county-ks", 1),
];

/// Team, from how many days ahead, for how many days, why.
const RULED_OUT: [(&str, u64, u64, &str, Severity); 4] = [
    ("sampleton-oh", 190, 12, "council recess", Severity::Medium),
    ("testport-wa", 68, 4, "hearings on the city’s plan", Severity::High),
    ("demoville-mi", 30, 2, "council retreat", Severity::Medium),
    ("trialbay-hi", 110, 7, "council recess", Severity::Low),
];

pub(super) fn fill(writer: &Writer<'_>, all: &[DemoTeam], now: DateTime<Utc>) -> Result<()> {
    for team in all {
        let team = team.read()?;
        for council in COUNCILS.iter().filter(|council| council.0 == team.slug.as_str()) {
            teams::keep(writer, &team, &read(council), now)?;
        }
    }
    for (team, month) in BUDGETS {
        writer.put_budget_year(&known(team)?, BudgetYear { month, weeks: None })?;
    }
    let today = now.date_naive();
    for (team, ahead, length, reason, severity) in RULED_OUT {
        let first = next(today, ahead, chrono::Weekday::Tue);
        let days = Days::new(first, first + chrono::Days::new(length - 1));
        let (whose, reason) = (Whose::Team(known(team)?), reason.to_owned());
        writer.add_blackout(&Blackout { whose, days, severity, reason, in_person: false, decide_by: None }, now)?;
    }
    Ok(())
}

fn read(council: &DemoCouncil) -> Council {
    let (_, name, seats, rule, (from, until), mayor_sits, approves_travel, yields_to_elections) = *council;
    // From 2018 on, as the convenings that ship; the first day that the rule gives.
    let start = NaiveDate::from_ymd_opt(2018, 1, 1).unwrap_or_default();
    let first = start.iter_days().take(31).find(|day| is_in(rule, *day)).unwrap_or(start);
    let at = |hour| first.and_time(NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default());
    Council {
        name: name.to_owned(),
        seats,
        quorum: None,
        mayor_sits,
        approves_travel,
        yields_to_elections,
        agenda_days: 7,
        when: When::Times { start: at(from), end: Some(at(until)) },
        recurrence: Recurrence { rrule: Some(rule.to_owned()), ..Recurrence::default() },
    }
}

/// Is this day of January 2018 one of `FREQ=MONTHLY;BYDAY=2MO` or `FREQ=WEEKLY;BYDAY=MO`?
fn is_in(rule: &str, day: NaiveDate) -> bool {
    let name = day.format("%a").to_string().to_uppercase();
    let short = name.get(..2).unwrap_or_default().to_owned();
    let numbered = format!("{}{short}", day.day0() / 7 + 1);
    let wanted = rule.rsplit('=').next().unwrap_or_default();
    wanted.split(',').any(|one| one == short || one == numbered)
}
