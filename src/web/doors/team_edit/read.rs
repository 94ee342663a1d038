//! A team's forms, read back; what is wrong is named with its field.

use chrono::{Datelike as _, NaiveDate, NaiveTime};

use super::fields::{WEEKDAYS, WEEKS};
use crate::app::teams::meetings::Exception;
use crate::app::{Error, Result};
use crate::domain::civic::{Blackout, BudgetYear, Council, Whose};
use crate::domain::conflict::Severity;
use crate::domain::team::Member;
use crate::domain::{Days, Recurrence, TeamSlug, When};
use crate::web::guards::Pairs;

/// A day that a form names.
pub(super) fn day_in(name: &str, text: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| Error::field(name, format!("“{text}” is no day; one would be 2027-10-06")))
}

fn number_in(form: &Pairs, name: &str) -> Result<Option<u32>> {
    let read = |text: String| text.parse().map_err(|_| Error::field(name, format!("“{text}” is no number; one would be 7")));
    form.some(name).map(read).transpose()
}

fn time_in(form: &Pairs, name: &str) -> Result<NaiveTime> {
    let text = form.one(name);
    NaiveTime::parse_from_str(text, "%H:%M")
        .map_err(|_| Error::field(name, format!("“{text}” is no time of day; one would be 18:00")))
}

/// Somebody of the roster, as the form says.
pub(super) fn member(form: &Pairs) -> Result<Member> {
    let role = form.one("role").parse().map_err(|_| Error::field("role", "Choose a role."))?;
    let read = |slug: &String| slug.parse().map_err(|_| Error::field("cohorts", format!("there is no cohort “{slug}”")));
    let cohorts = form.all("cohorts").iter().map(read).collect::<Result<_>>()?;
    Ok(Member { name: form.one("name").to_owned(), role, cohorts })
}

/// When the council meets, as the form says; single days that differ stay as they were.
pub(super) fn council(form: &Pairs, known: Option<&Council>) -> Result<Council> {
    let (from, until) = (time_in(form, "start_time")?, time_in(form, "end_time")?);
    if until <= from {
        return Err(Error::field("end_time", "A meeting ends after it begins, on the same day."));
    }
    let since = day_in("since", form.one("since"))?;
    let weeks = form.all("weeks");
    let (rrule, first) = match form.some("rrule") {
        Some(rule) => (rule, since),
        None => weekly(form.one("weekday"), &weeks, since)?,
    };
    let mut recurrence = Recurrence { rrule: Some(rrule), ..known.map(|known| known.recurrence.clone()).unwrap_or_default() };
    // Other hours: what names a meeting by its old start names it by the new one.
    for one in &mut recurrence.overrides {
        one.original = one.original.date().and_time(from);
        let day = one.when.days().first;
        one.when = When::Times { start: day.and_time(from), end: Some(day.and_time(until)) };
    }
    for date in &mut recurrence.rdates {
        *date = date.date().and_time(from);
    }
    Ok(Council {
        name: crate::app::teams::roster::one_line("name", form.one("name"))?,
        seats: number_in(form, "seats")?.ok_or_else(|| Error::field("seats", "Say how many seats it has."))?,
        quorum: number_in(form, "quorum")?,
        mayor_sits: form.some("mayor_sits").is_some(),
        approves_travel: form.some("approves_travel").is_some(),
        yields_to_elections: form.some("yields_to_elections").is_some(),
        when: When::Times { start: first.and_time(from), end: Some(first.and_time(until)) },
        recurrence,
        agenda_days: number_in(form, "agenda_days")?.unwrap_or(7),
    })
}

/// The rule of a weekday in some weeks of the month, and its first day from `since` on.
fn weekly(weekday: &str, weeks: &[String], since: NaiveDate) -> Result<(String, NaiveDate)> {
    let (short, _, day) =
        WEEKDAYS.iter().find(|(short, ..)| *short == weekday).ok_or_else(|| Error::field("weekday", "Choose a weekday."))?;
    if let Some(week) = weeks.iter().find(|week| WEEKS.iter().all(|(known, _)| known != week)) {
        return Err(Error::field("weeks", format!("“{week}” is no week of the month.")));
    }
    let is_last = |date: NaiveDate| date.checked_add_days(chrono::Days::new(7)).is_none_or(|next| next.month() != date.month());
    let is_on = |date: &NaiveDate| {
        let number = (date.day0() / 7 + 1).to_string();
        date.weekday() == *day
            && (weeks.is_empty() || weeks.contains(&number) || (is_last(*date) && weeks.iter().any(|week| week == "-1")))
    };
    let first = since.iter_days().take(70).find(is_on).unwrap_or(since);
    if weeks.is_empty() {
        return Ok((format!("FREQ=WEEKLY;BYDAY={short}"), first));
    }
    let each: Vec<String> = weeks.iter().map(|week| format!("{week}{short}")).collect();
    Ok((format!("FREQ=MONTHLY;BYDAY={}", each.join(",")), first))
}

/// What is different about one meeting, as the form says.
pub(super) fn exception(form: &Pairs) -> Result<Exception> {
    let day = day_in("day", form.one("day"))?;
    match form.one("what") {
        "off" => Ok(Exception::CalledOff(day)),
        "extra" => Ok(Exception::Extra(day)),
        _ => Ok(Exception::Moved(day, day_in("moved_to", form.one("moved_to"))?)),
    }
}

/// When the budget is made, as the form says.
pub(super) fn budget(form: &Pairs) -> Result<BudgetYear> {
    let month = number_in(form, "month")?.ok_or_else(|| Error::field("month", "Choose a month."))?;
    Ok(BudgetYear { month, weeks: number_in(form, "weeks")? })
}

/// Days that the team cannot come, as the form says.
pub(super) fn blackout(form: &Pairs, team: &TeamSlug) -> Result<Blackout> {
    let first = day_in("first_day", form.one("first_day"))?;
    let last = form.some("last_day").map_or(Ok(first), |text| day_in("last_day", &text))?;
    if last < first {
        return Err(Error::field("last_day", "The last day is before the first."));
    }
    let severity = form.some("severity").map_or(Ok(Severity::High), |text| text.parse());
    let severity = severity.ok().filter(|severity| *severity != Severity::Opportunity);
    Ok(Blackout {
        whose: Whose::Team(team.clone()),
        days: Days::new(first, last),
        severity: severity.ok_or_else(|| Error::field("severity", "Choose how much it matters."))?,
        reason: form.one("reason").to_owned(),
        in_person: false,
        decide_by: None,
    })
}
