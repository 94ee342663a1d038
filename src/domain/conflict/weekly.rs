//! Times of prayer and rest that come back every week.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::days::{Beside, beside_observance, sunset_at};
use super::{Fact, Hit, Kind, Policy};
use crate::domain::agenda::{Agenda, Slot};
use crate::domain::observance::{ObservanceKind, Tier};

/// Which weekly times an event touches: the first of each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weekly {
    /// Friday midday.
    pub midday: Option<NaiveDate>,
    /// Friday's preparation and evening.
    pub evening: Option<NaiveDate>,
    /// Saturday, until nightfall.
    pub saturday: Option<NaiveDate>,
    /// Sunday morning.
    pub sunday: Option<NaiveDate>,
    /// It lasts so long that they come again.
    pub again: bool,
}

/// Where the sun's going down is not known, night falls on Saturday at this hour.
const NIGHTFALL: u32 = 21;
/// Night falls so long after sunset.
const DUSK: Duration = Duration::minutes(60);

/// On Friday midday, from Friday's preparation to Saturday's nightfall, or on Sunday morning.
///
/// A note, and one for each event, however many of these times it touches: a conference from
/// Wednesday to Friday is usual, and its planner needs to know which hours to leave without required
/// sessions, not to move it. By the event's own clock: midday is 12:00–14:30, Friday's evening
/// begins with the time to prepare (`observance_eve.preparation`), Sunday's morning is 06:00–12:00.
/// What gives no hours takes its days whole. A day on which an observance, a holiday or a closure is
/// found already is not named again; a season (Ramadan) says nothing of a day, and does not count.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// let found = said(Kind::WeeklyObservance, &entry(1, "2027-11-17/2027-11-19", KANSAS_CITY, |_| ()), &agenda(vec![], |_| ()));
/// assert!(found[0].0 == Severity::Note && found[0].1.starts_with("Midday and the time from 15:00 on Friday 19 November 2027"));
/// ```
#[must_use]
pub fn weekly_observance<'a>(slot: &Slot<'a>, agenda: &Agenda, policy: &Policy) -> Option<Hit<'a>> {
    let touched = touched(slot, policy);
    if touched == Weekly::default() {
        return None;
    }
    let weekly = without_what_is_said(touched, slot, agenda, policy);
    let named = Weekly { again: false, ..weekly } != Weekly::default();
    named.then(|| Hit {
        kind: Kind::WeeklyObservance,
        severity: policy.weekly_observance,
        overlap: None,
        teams: slot.audience.team_count(),
        fact: Fact::Weekly { weekly, prepare: policy.observance_eve.preparation },
    })
}

/// The first of each weekly time that an occurrence touches.
fn touched(slot: &Slot<'_>, policy: &Policy) -> Weekly {
    let zone = slot.event.details.zone;
    let wall = |at: DateTime<chrono::Utc>| at.with_timezone(&zone).naive_local();
    let span = slot.occurrence.span;
    // What has no end takes its first minute.
    let (start, end) = (wall(span.start), wall(span.end.max(span.start + Duration::minutes(1))));
    let takes = |from: NaiveDateTime, until: NaiveDateTime| start < until && from < end;
    let mut weekly = Weekly { again: slot.days.count() > 7, ..Weekly::default() };
    for day in slot.days.iter().take(7) {
        let (midnight, next) = (day.and_time(NaiveTime::MIN), day.and_time(NaiveTime::MIN) + Duration::days(1));
        let at = |hour: i64, minute: i64| midnight + Duration::minutes(hour * 60 + minute);
        match day.weekday() {
            Weekday::Fri => {
                weekly.midday = takes(at(12, 0), at(14, 30)).then_some(day);
                weekly.evening = takes(day.and_time(policy.observance_eve.preparation), next).then_some(day);
            }
            Weekday::Sat => weekly.saturday = takes(midnight, nightfall(slot, day, zone)).then_some(day),
            Weekday::Sun => weekly.sunday = takes(at(6, 0), at(12, 0)).then_some(day),
            _ => {}
        }
    }
    weekly
}

fn nightfall(slot: &Slot<'_>, day: NaiveDate, zone: Tz) -> NaiveDateTime {
    let unknown = day.and_time(NaiveTime::MIN) + Duration::hours(NIGHTFALL.into());
    sunset_at(slot, day).map_or(unknown, |sunset| (sunset + DUSK).with_timezone(&zone).naive_local())
}

/// What is left when days are taken out that another finding is about.
fn without_what_is_said(mut weekly: Weekly, slot: &Slot<'_>, agenda: &Agenda, policy: &Policy) -> Weekly {
    let is_season = |kind, tier| kind == ObservanceKind::Season && tier < Tier::Avoid;
    for observance in agenda.observances(slot.days.widened(1)).filter(|one| !is_season(one.kind, one.tier)) {
        let teams = agenda.teams_concerned(slot.audience, observance);
        let Some(Hit { fact: Fact::Day { beside, .. }, .. }) = beside_observance(slot, observance, teams, policy) else {
            continue;
        };
        let is_said = |day: &NaiveDate| matches!(beside, Beside::On(days) if days.contains(*day));
        let begins = |day: &NaiveDate| {
            let eve = observance.days.first.pred_opt().filter(|_| observance.from_sunset);
            eve == Some(*day) && matches!(beside, Beside::On(_) | Beside::Eve(_))
        };
        for part in [&mut weekly.midday, &mut weekly.saturday, &mut weekly.sunday] {
            *part = part.filter(|day| !is_said(day));
        }
        weekly.evening = weekly.evening.filter(|day| !is_said(day) && !begins(day));
    }
    weekly
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, KANSAS_CITY, agenda, entry, online, said};
    use super::*;
    use crate::domain::conflict::Severity;
    use crate::domain::{Event, Observance};

    fn about(when: &str, observances: Vec<Observance>, change: fn(&mut Event)) -> Option<String> {
        let agenda = agenda(vec![], |facts| facts.observances = observances);
        let found = said(Kind::WeeklyObservance, &entry(1, when, KANSAS_CITY, change), &agenda);
        assert!(found.len() < 2 && found.iter().all(|(severity, _)| *severity == Severity::Note), "{found:?}");
        found.into_iter().next().map(|(_, sentence)| sentence)
    }

    const REST: &str = "weekly times of prayer or rest: best without required sessions.";

    #[test]
    fn one_note_names_the_days_and_hours() {
        let said = |when| about(when, vec![], |_| ()).unwrap_or_default();
        let friday = "Midday and the time from 15:00 on Friday 19 November 2027";
        assert_eq!(said("2027-11-17/2027-11-19"), format!("{friday} are {REST}"));
        let whole = "Saturday 20 November 2027 until nightfall and the morning of Sunday 21 November 2027";
        assert_eq!(said("2027-11-17/2027-11-21"), format!("{friday}, {whole} are {REST}"));
        assert_eq!(said("2027-11-15/2027-11-18"), "");
        let again = format!(
            "{friday}, {whole} are weekly times of prayer or rest, and so in the weeks after: best without required sessions."
        );
        assert_eq!(said("2027-11-17/2027-11-28"), again);
    }

    #[test]
    fn an_hour_counts_where_it_touches() {
        // On 19 and 20 November 2027 the sun sets at 16:59 in Kansas City; at one in June at 20:47.
        let one = |what: &str| Some(format!("{what} is a weekly time of prayer or rest: best without required sessions."));
        for (when, expected) in [
            ("2027-11-19T09:00/2027-11-19T12:00", None),
            ("2027-11-19T11:30/2027-11-19T12:30", one("Midday on Friday 19 November 2027")),
            ("2027-11-19T14:30/2027-11-19T15:00", None),
            ("2027-11-19T14:30/2027-11-19T15:30", one("The time from 15:00 on Friday 19 November 2027")),
            ("2027-11-20T17:30/2027-11-20T18:30", one("Saturday 20 November 2027 until nightfall")),
            ("2027-11-20T18:30/2027-11-20T20:00", None),
            ("2027-11-21T09:00/2027-11-21T10:00", one("The morning of Sunday 21 November 2027")),
            ("2027-11-21T12:00/2027-11-21T13:00", None),
        ] {
            assert_eq!(about(when, vec![], |_| ()), expected, "{when}");
        }
        assert!(about("2027-11-20T20:00/2027-11-20T20:30", vec![], online).is_some(), "no place, no sunset: until 21:00");
        assert_eq!(about("2027-11-20T21:00/2027-11-20T22:00", vec![], online), None);
    }

    #[test]
    fn a_day_is_not_named_twice() {
        let day = |name, day, kind, tier| sample::observance(name, day, kind, tier);
        let easter = day("Easter Sunday", "2027-03-28", ObservanceKind::Religious, Tier::Avoid);
        assert_eq!(about("2027-03-28/2027-03-28", vec![easter], |_| ()), None);
        let rosh = Observance {
            from_sunset: true,
            ..day("Rosh Hashanah", "2027-10-02/2027-10-03", ObservanceKind::Religious, Tier::Avoid)
        };
        let midday = "Midday on Friday 1 October 2027 is a weekly time of prayer or rest: best without required sessions.";
        assert_eq!(about("2027-10-01/2027-10-03", vec![rosh], |_| ()), Some(midday.into()), "its eve is said");
        let ramadan = day("Ramadan", "2027-02-08/2027-03-08", ObservanceKind::Season, Tier::Caution);
        assert!(about("2027-02-12/2027-02-12", vec![ramadan], |_| ()).is_some(), "a season is about no day");
    }
}
