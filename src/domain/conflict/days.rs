//! Days to plan around: observances, holidays, elections, closures.
//!
//! One event and one observance give at most one finding, the first of these that holds: it is on
//! one of the event's days; it begins at sunset on one of them; people would travel on it; it may
//! fall on one of them, because its date is not certain to the day.

use chrono::{DateTime, Days as Step, NaiveDate, Utc};

use super::{Fact, Hit, Kind, Policy, Severity};
use crate::domain::agenda::Slot;
use crate::domain::observance::{Certainty, Election, ObservanceKind, Tier};
use crate::domain::{Days, Observance, Venue, When};

/// How many days from an event an observance can lie and still have to do with it: a day of travel,
/// or a day of doubt, and the evening before.
pub const FURTHEST: u64 = 2;

/// How an observance lies to the days of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// On these days of the event.
    On(Days),
    /// It begins at sunset on this day of the event, and is over it only in the evening.
    Eve(NaiveDate),
    /// On the day that people travel there.
    Arrival(NaiveDate),
    /// On the day that people travel home.
    Departure(NaiveDate),
    /// By the table beside it, but it may fall on these days.
    Perhaps(Days),
    /// By the table beside it, but it may begin at sunset on this day.
    PerhapsEve(NaiveDate),
}

impl Beside {
    /// All ways in which an observance touches an event of these days, the surest and nearest first.
    ///
    /// Uncertainty reaches the days of the event and not its days of travel: a warning for a
    /// journey two days off would be heard about half the calendar.
    ///
    /// ```
    /// use convene::domain::conflict::days::Beside;
    /// use convene::domain::observance::{Certainty, Observance, ObservanceKind, Tier};
    /// use convene::domain::Days;
    /// let april = |day| chrono::NaiveDate::from_ymd_opt(2026, 4, day).unwrap();
    /// let passover = Observance {
    ///     name: "Passover (last two days)".into(), days: Days::new(april(8), april(9)), kind: ObservanceKind::Religious,
    ///     tier: Tier::Avoid, from_sunset: true, work_restricted: true, state: None, certainty: Certainty::Exact, alternate: None, calculated: false,
    /// };
    /// let beside = |first, last| Beside::all(Days::new(april(first), april(last)), &passover).next();
    /// assert_eq!(beside(8, 10), Some(Beside::On(Days::new(april(8), april(9)))));
    /// assert_eq!(beside(5, 7), Some(Beside::Eve(april(7))));
    /// assert_eq!(beside(10, 12), Some(Beside::Arrival(april(9))));
    /// assert_eq!(beside(4, 6), None);
    /// ```
    pub fn all(event: Days, observance: &Observance) -> impl Iterator<Item = Self> {
        let uncertain = observance.possible_days().filter_map(move |days| event.overlap(days)).map(Self::Perhaps);
        let uncertain_eve = observance.possible_days().filter_map(move |days| eve(event, days, observance)).map(Self::PerhapsEve);
        let certain = [
            event.overlap(observance.days).map(Self::On),
            eve(event, observance.days, observance).map(Self::Eve),
            event.first.pred_opt().filter(|day| observance.days.contains(*day)).map(Self::Arrival),
            event.last.succ_opt().filter(|day| observance.days.contains(*day)).map(Self::Departure),
        ];
        certain.into_iter().flatten().chain(uncertain).chain(uncertain_eve)
    }

    fn is_certain(self) -> bool {
        !matches!(self, Self::Perhaps(_) | Self::PerhapsEve(_))
    }
}

/// The event's day at whose sunset the observance begins.
fn eve(event: Days, observed: Days, observance: &Observance) -> Option<NaiveDate> {
    observed.first.pred_opt().filter(|eve| observance.from_sunset && event.contains(*eve))
}

/// What one observance means for one occurrence.
///
/// `teams` is how many invited city teams it concerns: all of them, or those of its state. What
/// holds in one state only concerns an event that is held there, or teams that live there; an
/// election concerns teams only.
///
/// ```
/// use convene::domain::conflict::{Kind, sample::*};
/// use convene::domain::observance::{ObservanceKind, Tier};
/// let holiday = observance("Labor Day", "2027-09-06", ObservanceKind::Federal, Tier::Caution);
/// let there = agenda(vec![], |facts| facts.observances = vec![holiday]);
/// let found = |when| said(Kind::FederalHoliday, &entry(1, when, KANSAS_CITY, |_| ()), &there).len();
/// assert_eq!((found("2027-09-06/2027-09-08"), found("2027-09-14/2027-09-15")), (1, 0));
/// ```
#[must_use]
pub fn beside_observance<'a>(slot: &Slot<'a>, observance: &'a Observance, teams: u32, policy: &Policy) -> Option<Hit<'a>> {
    if observance.state.is_some() && teams == 0 && (observance.election().is_some() || !is_held_there(slot, observance)) {
        return None;
    }
    let rule = match observance.kind {
        ObservanceKind::Federal => federal_holiday,
        ObservanceKind::Election => election_day,
        ObservanceKind::ClockChange => return None,
        ObservanceKind::Season if observance.tier == Tier::Avoid => closure_period,
        ObservanceKind::Season => season,
        ObservanceKind::Civic | ObservanceKind::Religious | ObservanceKind::Cultural => observed,
    };
    let mut ways = Beside::all(slot.days, observance);
    let (beside, (kind, severity)) = ways.find_map(|beside| Some((beside, rule(slot, observance, beside, policy)?)))?;
    let fact = Fact::Day { observance, beside, online: !slot.is_in_person() };
    Some(Hit { kind, severity, overlap: None, teams, fact })
}

fn is_held_there(slot: &Slot<'_>, observance: &Observance) -> bool {
    let venue = slot.event.details.venue.as_ref().filter(|_| slot.is_in_person());
    venue.is_some_and(|venue| venue.state == observance.state)
}

/// A federal holiday, or the day it is observed on: high on the day, medium as a day of travel.
fn federal_holiday(slot: &Slot<'_>, _: &Observance, beside: Beside, policy: &Policy) -> Option<(Kind, Severity)> {
    let grades = &policy.federal_holiday;
    let severity = match beside {
        Beside::On(_) => grades.day,
        Beside::Arrival(_) | Beside::Departure(_) if slot.is_in_person() => grades.travel,
        _ => return None,
    };
    Some((Kind::FederalHoliday, severity))
}

/// An election: block on a general election day, high on that of odd years and on a state's own;
/// medium the day before and after, online too, since those who run for office or count are busy.
fn election_day(_: &Slot<'_>, observance: &Observance, beside: Beside, policy: &Policy) -> Option<(Kind, Severity)> {
    let grades = &policy.election_day;
    let severity = match (beside, observance.election()?) {
        (Beside::On(_), Election::General) => grades.general,
        (Beside::On(_), Election::Local) => grades.local,
        (Beside::On(_), Election::State) => grades.state,
        (Beside::Arrival(_) | Beside::Departure(_), _) => grades.beside,
        _ => return None,
    };
    Some((Kind::ElectionDay, severity))
}

/// Days when city halls are closed: Thanksgiving week, the end of the year. Travel days do not count.
fn closure_period(_: &Slot<'_>, _: &Observance, beside: Beside, policy: &Policy) -> Option<(Kind, Severity)> {
    matches!(beside, Beside::On(_)).then_some((Kind::ClosurePeriod, policy.closure_period))
}

/// A season, such as Ramadan: never more than low, and only on the event's own days.
fn season(_: &Slot<'_>, observance: &Observance, beside: Beside, policy: &Policy) -> Option<(Kind, Severity)> {
    let most = policy.observance.season;
    matches!(beside, Beside::On(_)).then(|| (Kind::Observance, by_tier(observance.tier, policy).min(most)))
}

/// A religious, cultural or civic day: by its tier; one step down where it only may fall there.
fn observed(slot: &Slot<'_>, observance: &Observance, beside: Beside, policy: &Policy) -> Option<(Kind, Severity)> {
    let (kind, severity) = match beside {
        Beside::On(_) | Beside::Perhaps(_) => (Kind::Observance, by_tier(observance.tier, policy)),
        Beside::Eve(day) | Beside::PerhapsEve(day) => (Kind::ObservanceEve, on_eve(slot, observance, day, policy)?),
        Beside::Arrival(_) | Beside::Departure(_) => (Kind::TravelOnObservance, as_travel_day(slot, observance.tier, policy)?),
    };
    Some((kind, if beside.is_certain() { severity } else { severity.lower() }))
}

fn by_tier(tier: Tier, policy: &Policy) -> Severity {
    match tier {
        Tier::Avoid => policy.observance.avoid,
        Tier::Caution => policy.observance.caution,
        Tier::Note => policy.observance.note,
    }
}

/// People travel to what is in person only; for what is only worth knowing they may.
fn as_travel_day(slot: &Slot<'_>, tier: Tier, policy: &Policy) -> Option<Severity> {
    match tier {
        _ if !slot.is_in_person() => None,
        Tier::Avoid => Some(policy.travel_on_observance.avoid),
        Tier::Caution => Some(policy.travel_on_observance.caution),
        Tier::Note => None,
    }
}

/// The evening that it begins: graver when a session ends after sunset there, nothing for an online
/// session that is over in time to prepare, and nothing for what is only worth knowing.
fn on_eve(slot: &Slot<'_>, observance: &Observance, eve: NaiveDate, policy: &Policy) -> Option<Severity> {
    let grades = &policy.observance_eve;
    let ends = slot.ends_on(eve);
    if !slot.is_in_person() && ends.is_some_and(|end| end.time() <= grades.preparation) {
        return None;
    }
    let after_sunset = ends.is_some() && sunset_at(slot, eve).is_some_and(|sunset| slot.occurrence.span.end > sunset);
    match observance.tier {
        Tier::Avoid if after_sunset => Some(grades.after_sunset),
        Tier::Avoid => Some(grades.avoid),
        Tier::Caution if after_sunset => Some(grades.caution.higher()),
        Tier::Caution => Some(grades.caution),
        Tier::Note => None,
    }
}

impl Slot<'_> {
    /// The wall time of its end, if it is known and on that day.
    fn ends_on(&self, day: NaiveDate) -> Option<chrono::NaiveDateTime> {
        match self.occurrence.when {
            When::Times { end: Some(end), .. } if end.date() == day => Some(end),
            _ => None,
        }
    }
}

/// Sunset where the event is held; `None` online, without a position, and near the poles.
#[must_use]
pub fn sunset_at(slot: &Slot<'_>, day: NaiveDate) -> Option<DateTime<Utc>> {
    let venue = slot.event.details.venue.as_ref().filter(|_| slot.is_in_person());
    let (lat, lon) = venue.and_then(Venue::position).filter(|(lat, _)| lat.abs() <= 65.0)?;
    let place = sunrise::Coordinates::new(lat, lon)?;
    Some(sunrise::SolarDay::new(place, day).event_time(sunrise::SolarEvent::Sunset))
}

impl Observance {
    /// The days on which it may fall beside those of the table: a day earlier, a day later, and by the other reckoning.
    fn possible_days(&self) -> impl Iterator<Item = Days> {
        let length = Step::new(u64::try_from(self.days.count() - 1).unwrap_or(0));
        let starting = move |first: NaiveDate| first.checked_add_days(length).map(|last| Days::new(first, last));
        let uncertain = self.certainty == Certainty::PlusMinusOne;
        let beside = [self.days.first.pred_opt(), self.days.first.succ_opt()].into_iter().flatten().filter(move |_| uncertain);
        beside.chain(self.alternate).filter_map(starting)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::super::sample::{KANSAS_CITY, agenda, entry, found, online, said, team};
    use super::*;
    use crate::domain::{Entry, Event};

    fn around(when: &str, observance: Observance, change: fn(&mut Event)) -> Option<(Kind, Severity, String)> {
        let agenda = agenda(vec![], |facts| facts.observances = vec![observance]);
        let subject = entry(1, when, KANSAS_CITY, change);
        let policy = Policy { ignore: [Kind::WeeklyObservance].into(), ..Policy::default() };
        let findings = super::super::find(&subject, &agenda, &policy);
        assert!(findings.len() < 2, "{findings:?}");
        findings.into_iter().next().map(|finding| (finding.kind, finding.severity, finding.message))
    }
    fn graded(when: &str, observance: &Observance, change: fn(&mut Event)) -> Option<(Kind, Severity)> {
        around(when, observance.clone(), change).map(|(kind, severity, _)| (kind, severity))
    }
    fn as_is(_: &mut Event) {}

    fn sukkot() -> Observance {
        let days = "2026-09-26/2026-09-27";
        let observance = sample::observance("Sukkot (first two days)", days, ObservanceKind::Religious, Tier::Avoid);
        Observance { from_sunset: true, work_restricted: true, ..observance }
    }
    fn with(tier: Tier) -> Observance {
        Observance { tier, ..sukkot() }
    }

    #[test]
    fn the_nearest_touch_names_the_finding() {
        use {
            Kind::{Observance as On, ObservanceEve as Eve, TravelOnObservance as Travel},
            Severity::{High, Low, Medium, Note},
        };
        for (days, change, expected) in [
            ("2026-09-25/2026-09-26", as_is as fn(&mut Event), [Some((On, High)), Some((On, Medium)), Some((On, Note))]),
            ("2026-09-27/2026-09-29", as_is, [Some((On, High)), Some((On, Medium)), Some((On, Note))]),
            ("2026-09-24/2026-09-25", as_is, [Some((Eve, Medium)), Some((Eve, Low)), None]),
            ("2026-09-28/2026-09-29", as_is, [Some((Travel, Medium)), Some((Travel, Low)), None]),
            ("2026-09-23/2026-09-24", as_is, [None, None, None]),
            ("2026-09-29/2026-09-30", as_is, [None, None, None]),
            ("2026-09-28/2026-09-29", online, [None, None, None]),
            ("2026-09-24/2026-09-25", online, [Some((Eve, Medium)), Some((Eve, Low)), None]),
        ] {
            let found = [Tier::Avoid, Tier::Caution, Tier::Note].map(|tier| graded(days, &with(tier), change));
            assert_eq!(found, expected, "{days}");
        }
    }

    #[test]
    fn on_the_eve_the_hour_matters() {
        let eve = |hours: &str, change| {
            let (start, end) = hours.split_once('-').expect("hours");
            graded(&format!("2026-09-25T{start}/2026-09-25T{end}"), &sukkot(), change)
        };
        // The sun sets at 19:09 in Kansas City.
        assert_eq!(eve("09:00-19:00", as_is), Some((Kind::ObservanceEve, Severity::Medium)));
        assert_eq!(eve("17:00-19:30", as_is), Some((Kind::ObservanceEve, Severity::High)));
        assert_eq!(eve("09:00-15:00", online), None);
        assert_eq!(eve("15:00-16:00", online), Some((Kind::ObservanceEve, Severity::Medium)));
    }

    #[test]
    fn a_date_in_doubt_warns_for_the_days_beside_it_one_step_lower() {
        let eid = Observance {
            certainty: Certainty::PlusMinusOne,
            from_sunset: false,
            ..sample::observance("Eid al-Fitr", "2026-03-20", ObservanceKind::Religious, Tier::Avoid)
        };
        let graded = |day: &str| graded(&format!("{day}/{day}"), &eid, online);
        assert_eq!(graded("2026-03-20"), Some((Kind::Observance, Severity::High)));
        assert_eq!(graded("2026-03-19"), Some((Kind::Observance, Severity::Medium)));
        assert_eq!(graded("2026-03-21"), Some((Kind::Observance, Severity::Medium)));
        assert_eq!(graded("2026-03-22"), None);
        let later = Observance { alternate: "2026-03-22".parse().ok(), ..eid };
        let said =
            "Eid al-Fitr, 20 March 2026 by our table, may fall on 22 March 2026, as its date may be a day earlier or later.";
        let found = around("2026-03-22/2026-03-22", later, online);
        assert_eq!(found, Some((Kind::Observance, Severity::Medium, said.into())));
    }

    #[test]
    fn elections_holidays_and_closures_have_kinds_of_their_own() {
        use {
            Kind::{ClosurePeriod, ElectionDay, FederalHoliday, Observance as On},
            Severity::{Block, High, Low, Medium},
        };
        let general = sample::observance("General Election Day", "2026-11-03", ObservanceKind::Election, Tier::Avoid);
        let local = Observance { name: "Election Day (odd-year)".into(), ..general.clone() };
        let veterans = sample::observance("Veterans Day", "2026-11-03", ObservanceKind::Federal, Tier::Avoid);
        let closed = sample::observance("Thanksgiving week", "2026-11-03", ObservanceKind::Season, Tier::Avoid);
        let ramadan = sample::observance("Ramadan", "2026-11-03", ObservanceKind::Season, Tier::Caution);
        let clocks = sample::observance("Daylight saving time ends", "2026-11-03", ObservanceKind::ClockChange, Tier::Note);
        for (observance, on, beside, beside_online) in [
            (general, Some((ElectionDay, Block)), Some((ElectionDay, Medium)), Some((ElectionDay, Medium))),
            (local, Some((ElectionDay, High)), Some((ElectionDay, Medium)), Some((ElectionDay, Medium))),
            (veterans, Some((FederalHoliday, High)), Some((FederalHoliday, Medium)), None),
            (closed, Some((ClosurePeriod, High)), None, None),
            (ramadan, Some((On, Low)), None, None),
            (clocks, None, None, None),
        ] {
            let found = |days, change| graded(days, &observance, change);
            let next = "2026-11-04/2026-11-05";
            assert_eq!(found("2026-11-02/2026-11-03", as_is), on, "{}", observance.name);
            assert_eq!((found(next, as_is), found(next, online)), (beside, beside_online), "{}", observance.name);
        }
    }

    #[test]
    fn a_states_primary_concerns_teams_of_that_state_only() {
        let primary = Observance {
            state: Some("TX".into()),
            ..sample::observance("Texas primary", "2026-03-03", ObservanceKind::Election, Tier::Note)
        };
        let with_teams = |states: &[&str]| {
            let team = |(state, name): (&&str, &str)| team(name, state, chrono_tz::UTC, &["mayor"]);
            let teams = states.iter().zip(["one", "two", "three"]).map(team).collect();
            let agenda = agenda(vec![], |facts| (facts.observances, facts.teams) = (vec![primary.clone()], teams));
            said(Kind::ElectionDay, &entry(1, "2026-03-03/2026-03-04", KANSAS_CITY, |_| ()), &agenda)
        };
        assert_eq!(with_teams(&["OH"]), []);
        let said = "3 March 2026 is Texas primary: officials and those who run the election are needed at home; 2 city teams are concerned.";
        assert_eq!(with_teams(&["TX", "OH", "TX"]), [(Severity::High, said.into())]);
    }

    #[test]
    fn what_holds_in_one_place_counts_where_the_event_is() {
        let local = Observance {
            state: Some("MO".into()),
            ..sample::observance("A local day", "2026-04-16", ObservanceKind::Civic, Tier::Caution)
        };
        let day = "2026-04-16/2026-04-16";
        assert_eq!(graded(day, &local, as_is), Some((Kind::Observance, Severity::Medium)));
        assert_eq!(graded(day, &local, online), None);
    }

    #[test]
    fn the_finding_names_the_observance_and_the_table() {
        let agenda = agenda(vec![], |facts| facts.observances = vec![sukkot()]);
        let subject: Entry = entry(1, "2026-09-26/2026-09-28", KANSAS_CITY, |_| ());
        let findings = found(Kind::Observance, &subject, &agenda);
        let because: Vec<_> = findings.iter().map(|finding| finding.because.clone()).collect();
        let expected = super::super::Because {
            policy: None,
            rule: Kind::Observance,
            name: Some("Sukkot (first two days)".into()),
            data: Some("test".into()),
            threshold: Some("avoid = high, caution = medium, note = note, season = low".into()),
        };
        assert_eq!(because, [expected]);
        let said = "26–27 September 2026 are Sukkot (first two days), from sunset on 25 September 2026, the evening of arrival: \
                    some may not work or travel then.";
        assert_eq!(findings[0].message, said);
    }
}
