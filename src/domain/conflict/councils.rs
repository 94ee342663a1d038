//! Council nights: who is needed at home, and whether those who stay can still decide.

use chrono::Days as Step;

use super::{Fact, Hit, Kind, Policy, Severity};
use crate::domain::agenda::{Agenda, Audience, Duty, Slot};
use crate::domain::civic::{Approval, Council, Meeting};
use crate::domain::{Days, Team, Venue};

/// How many days before an event meetings are known, so that the last one before travel is booked can be named.
const APPROVALS: u64 = 150;

/// The days of which meetings and blackouts must be known to judge what is on these.
#[must_use]
pub fn approvals(days: Days) -> Days {
    Days { first: days.first.checked_sub_days(Step::new(APPROVALS)).unwrap_or(days.first), ..days }.widened(2)
}

/// A meeting of an invited team's council at a time when an event takes its people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Night<'a> {
    /// The team.
    pub team: &'a Team,
    /// Its council.
    pub council: &'a Council,
    /// The meeting.
    pub meeting: &'a Meeting,
    /// How many members of the council are invited.
    pub away: u32,
    /// Somebody is invited who is needed there: an elected official, a manager, a chief of staff.
    pub leads: bool,
    /// When its last meeting before travel must be booked is, if that travel needs its approval.
    pub approval: Option<Approval>,
}

/// More than half of a council's members invited on one journey.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Majority<'a> {
    /// The team.
    pub team: &'a Team,
    /// Its council.
    pub council: &'a Council,
    /// How many of its members are invited.
    pub away: u32,
}

impl Night<'_> {
    /// Would more than half of the council be away?
    #[must_use]
    pub fn is_majority(&self) -> bool {
        self.council.is_majority(self.away)
    }

    /// How many members would be left.
    #[must_use]
    pub fn left(&self) -> u32 {
        self.council.seats.saturating_sub(self.away)
    }

    /// Could the council not meet?
    #[must_use]
    pub fn is_without_quorum(&self) -> bool {
        self.away > 0 && self.left() < self.council.quorum()
    }
}

/// The council nights of one occurrence, those first that concern most.
///
/// Whoever travels is away for the whole civil day of the meeting, by the team's clock. At home and
/// online only the hours count, and whole days without hours say nothing. A council that may not
/// meet on election days does not.
#[must_use]
pub fn nights<'a>(slot: &Slot<'a>, agenda: &'a Agenda, policy: &Policy) -> Vec<Night<'a>> {
    let civic = &agenda.facts().civic;
    let mut nights: Vec<Night<'a>> = agenda
        .meetings(slot.days.widened(1))
        .filter(|(team, _)| slot.audience.has_team(*team))
        .filter_map(|(place, meeting)| {
            let team = agenda.facts().teams.get(place as usize)?;
            let council = civic.councils.get(&team.slug)?;
            let is_on = clashes(slot, team, meeting, policy) && !yields(team, council, meeting, agenda);
            is_on.then(|| night(slot, (place, team), council, meeting, agenda, policy))
        })
        .collect();
    nights.sort_by(|one, other| {
        let rank = |night: &Night<'_>| (!night.leads, night.meeting.span);
        rank(one).cmp(&rank(other)).then_with(|| one.team.slug.cmp(&other.team.slug))
    });
    nights
}

fn night<'a>(
    slot: &Slot<'a>,
    (place, team): (u32, &'a Team),
    council: &'a Council,
    meeting: &'a Meeting,
    agenda: &'a Agenda,
    policy: &Policy,
) -> Night<'a> {
    let away = members(slot.audience, place, council, agenda);
    let leads = agenda.roster().duties(slot.audience, place).any(|duty| duty.leads);
    let approval = needs_approval(slot, team, council).then(|| approval(slot, place, agenda, policy)).flatten();
    Night { team, council, meeting, away, leads, approval }
}

/// How many members of a team's council an audience has.
fn members(audience: &Audience, team: u32, council: &Council, agenda: &Agenda) -> u32 {
    let has_seat = |duty: &Duty| duty.sits || (duty.is_mayor && council.mayor_sits);
    agenda.roster().duties(audience, team).filter(has_seat).count().try_into().unwrap_or(u32::MAX)
}

/// The councils more than half of which an audience has, by place of their team.
#[must_use]
pub fn majorities<'a>(audience: &Audience, agenda: &'a Agenda) -> Vec<Majority<'a>> {
    let councils = &agenda.facts().civic.councils;
    let invited = agenda.facts().teams.iter().zip(0..).filter(|(_, place)| audience.has_team(*place));
    let of_team = |(team, place): (&'a Team, u32)| {
        // Most events are for nobody who has a seat: that is quicker to see than whose council it would be.
        agenda.roster().duties(audience, place).find(|duty| duty.sits || duty.is_mayor)?;
        let council = councils.get(&team.slug)?;
        let away = members(audience, place, council, agenda);
        council.is_majority(away).then_some(Majority { team, council, away })
    };
    invited.filter_map(of_team).collect()
}

/// Most of a council travels together to an occurrence in person, on days when it does not meet: a reminder of the rules on open meetings.
///
/// Always a note, whatever the severity of a quorum at risk: nothing clashes. All councils of one event are one
/// finding. Those that meet on its days are told so with their meeting.
#[must_use]
pub fn majority_travels<'a>(
    slot: &Slot<'_>,
    majorities: &[Majority<'a>],
    nights: &[Night<'a>],
    policy: &Policy,
) -> Option<Hit<'a>> {
    let is_told = |team: &Team| nights.iter().any(|night| night.team.slug == team.slug);
    let travels = |one: &&Majority<'a>| !one.team.is_home_of(slot.event, policy.apart_km) && !is_told(one.team);
    let mut there = majorities.iter().filter(travels);
    let first = *there.next()?;
    let teams = u32::try_from(there.count()).unwrap_or(u32::MAX).saturating_add(1);
    Some(Hit {
        kind: Kind::QuorumRisk,
        severity: Severity::Note,
        overlap: None,
        teams,
        fact: Fact::Majority { majority: first, teams },
    })
}

fn clashes(slot: &Slot<'_>, team: &Team, meeting: &Meeting, policy: &Policy) -> bool {
    if slot.is_in_person() && !team.is_home_of(slot.event, policy.apart_km) {
        return slot.days.contains(meeting.day);
    }
    !slot.occurrence.when.is_all_day() && slot.occurrence.span.overlap(meeting.span).is_some()
}

/// Does an election day take the meeting's place?
fn yields(team: &Team, council: &Council, meeting: &Meeting, agenda: &Agenda) -> bool {
    let is_theirs = |state: &Option<String>| state.is_none() || *state == team.state;
    let mut observances = agenda.observances(Days::one(meeting.day));
    council.yields_to_elections && observances.any(|one| one.election().is_some() && is_theirs(&one.state))
}

/// Must the council approve the journey? It leaves the state.
fn needs_approval(slot: &Slot<'_>, team: &Team, council: &Council) -> bool {
    let state = slot.event.details.venue.as_ref().and_then(|venue: &Venue| venue.state.as_ref());
    council.approves_travel && slot.is_in_person() && state.is_some_and(|state| Some(state) != team.state.as_ref())
}

fn approval(slot: &Slot<'_>, team: u32, agenda: &Agenda, policy: &Policy) -> Option<Approval> {
    let of_team = agenda.meetings(approvals(slot.days)).filter(|(place, _)| *place == team);
    Approval::of(slot.days.first, policy.council_night.booking_days.min(90), of_team.map(|(_, meeting)| meeting.day))
}

/// People are wanted on a night when their council meets.
///
/// Medium where elected officials, managers or chiefs of staff are invited, a note for others. All
/// councils of one event are one finding; those whose quorum is at risk are a finding of their own.
///
/// ```
/// use convene::domain::civic::Council;
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// use convene::domain::{Recurrence, Span, When};
/// let there = agenda(vec![], |facts| {
///     let council = Council {
///         name: "City Council".into(), seats: 5, quorum: None, mayor_sits: false, approves_travel: false,
///         yields_to_elections: false, agenda_days: 7,
///         when: When::Times { start: "2019-01-08T18:00:00".parse().unwrap(), end: "2019-01-08T21:00:00".parse().ok() },
///         recurrence: Recurrence { rrule: Some("FREQ=MONTHLY;BYDAY=2TU".into()), ..Recurrence::default() },
///     };
///     let riverbend = team("riverbend", "OH", chrono_tz::America::New_York, &["council_member"; 2]);
///     let year = Span::new("2019-01-01T00:00:00Z".parse().unwrap(), "2020-01-01T00:00:00Z".parse().unwrap());
///     let meetings = council.meetings(&riverbend.slug, riverbend.zone, year);
///     facts.civic.meetings = meetings.into_iter().map(|(_, meeting)| meeting).collect();
///     facts.civic.councils = [(riverbend.slug.clone(), council)].into();
///     facts.teams = vec![riverbend];
/// });
/// let conference = |days| {
///     entry(1, days, WASHINGTON, |event| event.details.roles = ["council_member".parse().unwrap()].into())
/// };
/// let found = said(Kind::CouncilNight, &conference("2019-03-10/2019-03-13"), &there);
/// assert_eq!((found.len(), found[0].0), (1, Severity::Medium)); // Tuesday the 12th
/// ```
#[must_use]
pub fn council_night<'a>(nights: &[Night<'a>], policy: &Policy) -> Option<Hit<'a>> {
    let mut others = nights.iter().filter(|night| !night.is_without_quorum());
    let first = *others.next()?;
    let mut teams = vec![&first.team.slug];
    teams.extend(others.map(|night| &night.team.slug));
    teams.sort_unstable();
    teams.dedup();
    let teams = u32::try_from(teams.len()).unwrap_or(u32::MAX);
    let grades = &policy.council_night;
    let severity = if first.leads { grades.needed } else { grades.others };
    Some(Hit { kind: Kind::CouncilNight, severity, overlap: None, teams, fact: Fact::CouncilNight { night: first, teams } })
}

/// So many of a council's members are invited that those who stay are fewer than its quorum.
///
/// ```
/// use convene::domain::civic::Council;
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// use convene::domain::{Recurrence, Span, When};
/// let there = agenda(vec![], |facts| {
///     let council = Council {
///         name: "City Council".into(), seats: 5, quorum: None, mayor_sits: false, approves_travel: false,
///         yields_to_elections: false, agenda_days: 7,
///         when: When::Times { start: "2019-01-08T18:00:00".parse().unwrap(), end: "2019-01-08T21:00:00".parse().ok() },
///         recurrence: Recurrence { rrule: Some("FREQ=MONTHLY;BYDAY=2TU".into()), ..Recurrence::default() },
///     };
///     let riverbend = team("riverbend", "OH", chrono_tz::America::New_York, &["council_member"; 3]);
///     let year = Span::new("2019-01-01T00:00:00Z".parse().unwrap(), "2020-01-01T00:00:00Z".parse().unwrap());
///     let meetings = council.meetings(&riverbend.slug, riverbend.zone, year);
///     facts.civic.meetings = meetings.into_iter().map(|(_, meeting)| meeting).collect();
///     facts.civic.councils = [(riverbend.slug.clone(), council)].into();
///     facts.teams = vec![riverbend];
/// });
/// let conference = |days| {
///     entry(1, days, WASHINGTON, |event| event.details.roles = ["council_member".parse().unwrap()].into())
/// };
/// assert_eq!(said(Kind::QuorumRisk, &conference("2019-03-10/2019-03-13"), &there)[0].0, Severity::High); // Tuesday the 12th
/// let on_other_days = said(Kind::QuorumRisk, &conference("2019-03-17/2019-03-19"), &there);
/// assert!(on_other_days[0].0 == Severity::Note && on_other_days[0].1.contains("rules on open meetings"));
/// ```
#[must_use]
pub fn quorum_risk<'a>(night: &Night<'a>, policy: &Policy) -> Option<Hit<'a>> {
    night.is_without_quorum().then_some(Hit {
        kind: Kind::QuorumRisk,
        severity: policy.quorum_risk,
        overlap: None,
        teams: 1,
        fact: Fact::Quorum { night: *night },
    })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, WASHINGTON, agenda, entry, observance, online, said, team};
    use super::super::{Kind, Severity};
    use super::*;
    use crate::domain::observance::{ObservanceKind, Tier};
    use crate::domain::{Event, Recurrence, When};

    const CONFERENCE: &str = "2019-03-10/2019-03-13";

    /// Five seats; the first and third Tuesdays, from six to nine.
    fn council() -> Council {
        let wall = |text: &str| text.parse().expect("a wall time");
        Council {
            name: "City Council".into(),
            seats: 5,
            quorum: None,
            mayor_sits: false,
            approves_travel: false,
            yields_to_elections: true,
            agenda_days: 7,
            when: When::Times { start: wall("2019-01-08T18:00:00"), end: Some(wall("2019-01-08T21:00:00")) },
            recurrence: Recurrence { rrule: Some("FREQ=MONTHLY;BYDAY=2TU,4TU".into()), ..Recurrence::default() },
        }
    }

    fn for_council(event: &mut Event) {
        event.details.roles = ["elected_official".parse().expect("role")].into();
    }

    fn with(roles: &[&str], council: Council, more: impl FnOnce(&mut crate::domain::Facts)) -> Agenda {
        agenda(vec![], |facts| {
            let zone = chrono_tz::America::New_York;
            let riverbend = team("Riverbend".to_lowercase().as_str(), "OH", zone, roles);
            let riverbend = Team { name: "Riverbend".into(), home: Some((40.0, -82.9)), ..riverbend };
            let at = |text: &str| text.parse().expect("an instant");
            let window = crate::domain::Span::new(at("2019-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
            let meetings = council.meetings(&riverbend.slug, zone, window);
            facts.civic.meetings = meetings.into_iter().map(|(_, meeting)| meeting).collect();
            facts.civic.councils = [(riverbend.slug.clone(), council)].into();
            facts.teams = vec![riverbend];
            more(facts);
        })
    }

    /// What is said of council nights and quorums about an event with these days in Washington.
    fn of(roles: &[&str], council: Council, change: fn(&mut Event)) -> Vec<(Kind, Severity, String)> {
        let agenda = with(roles, council, |_| ());
        let subject = entry(1, CONFERENCE, WASHINGTON, change);
        let one = |kind| said(kind, &subject, &agenda).into_iter().map(move |(severity, said)| (kind, severity, said));
        one(Kind::CouncilNight).chain(one(Kind::QuorumRisk)).collect()
    }

    /// Story 10: a council of five on Tuesday 12 March 2019, a conference in Washington from the 10th to the 13th.
    #[test]
    fn two_of_five_away_are_a_council_night_and_three_are_a_quorum_at_risk() {
        let two = "Riverbend’s City Council meets on Tuesday 12 March 2019, 18:00 New York time, and two of its five members are invited.";
        let three = "Three of the five members of Riverbend’s City Council are invited while it meets on Tuesday 12 March 2019, 18:00 \
                     New York time: two would stay, and a quorum is three; when a majority travels together, the \
                     rules on open meetings may ask for a notice.";
        let members = ["council_member"; 3];
        assert_eq!(of(&members[..2], council(), for_council), [(Kind::CouncilNight, Severity::Medium, two.into())]);
        assert_eq!(of(&members, council(), for_council), [(Kind::QuorumRisk, Severity::High, three.into())]);
        let four_of_seven = Council { seats: 7, quorum: Some(5), ..council() };
        assert_eq!(of(&members, four_of_seven, for_council)[0].0, Kind::QuorumRisk);
    }

    #[test]
    fn a_majority_that_travels_is_told_of_the_rules_on_open_meetings_whether_its_council_meets_or_not() {
        let notice = "; when a majority travels together, the rules on open meetings may ask for a notice.";
        let members = ["council_member"; 3];
        let small_quorum = Council { quorum: Some(2), ..council() };
        let met = of(&members, small_quorum, for_council);
        assert_eq!(met.len(), 1);
        assert!(met[0].0 == Kind::CouncilNight && met[0].2.ends_with(notice), "{met:?}");

        let days = "2019-03-17/2019-03-19";
        let risk = |invited: usize, venue, change: fn(&mut Event)| {
            let both = |event: &mut Event| {
                for_council(event);
                change(event);
            };
            said(Kind::QuorumRisk, &entry(1, days, venue, both), &with(&members[..invited], council(), |_| ()))
        };
        let at_home = ("Riverbend", "OH", 40.0, -82.9, chrono_tz::America::New_York);
        let as_is: fn(&mut Event) = |_| ();
        let sentence = format!("Three of the five members of Riverbend’s City Council are invited{notice}");
        assert_eq!(risk(3, WASHINGTON, as_is), [(Severity::Note, sentence)]);
        assert_eq!(risk(2, WASHINGTON, as_is), []);
        assert_eq!(risk(3, WASHINGTON, online), []);
        assert_eq!(risk(3, at_home, as_is), []);
    }

    #[test]
    fn a_mayor_counts_where_the_mayor_has_a_seat() {
        let roles = ["mayor", "council_member", "council_member"];
        assert_eq!(of(&roles, council(), for_council)[0].0, Kind::CouncilNight);
        assert_eq!(of(&roles, Council { mayor_sits: true, ..council() }, for_council)[0].0, Kind::QuorumRisk);
    }

    #[test]
    fn the_last_agenda_before_travel_is_booked_is_named() {
        let approving = Council { approves_travel: true, ..council() };
        let said = &of(&["council_member"], approving, for_council)[0].2;
        let end = "; it approves travel out of the state, and its last meeting before travel is booked, by 8 February 2019, is on \
                   22 January 2019.";
        assert!(said.ends_with(end), "{said}");
    }

    #[test]
    fn who_is_not_needed_there_gets_a_note() {
        let for_staff = |event: &mut Event| event.details.roles = ["equity_staff".parse().expect("role")].into();
        let said = "Riverbend’s City Council meets on Tuesday 12 March 2019, 18:00 New York time.";
        assert_eq!(of(&["equity_staff"], council(), for_staff), [(Kind::CouncilNight, Severity::Note, said.into())]);
        assert_eq!(of(&["council_member"], council(), for_staff), []);
    }

    #[test]
    fn at_home_and_online_only_the_hours_count() {
        let night = |when: &str, place, change: fn(&mut Event)| {
            let agenda = with(&["council_member"], council(), |_| ());
            let both = |event: &mut Event| {
                for_council(event);
                change(event);
            };
            said(Kind::CouncilNight, &entry(1, when, place, both), &agenda).len()
        };
        let columbus = ("Riverbend", "OH", 40.0, -82.9, chrono_tz::America::New_York);
        let as_is: fn(&mut Event) = |_| ();
        assert_eq!(night("2019-03-12T09:00/2019-03-12T12:00", KANSAS_CITY, as_is), 1);
        assert_eq!(night("2019-03-12T09:00/2019-03-12T12:00", columbus, as_is), 0);
        assert_eq!(night("2019-03-12T17:00/2019-03-12T19:00", columbus, as_is), 1);
        assert_eq!(night("2019-03-12T09:00/2019-03-12T12:00", KANSAS_CITY, online), 0);
        assert_eq!(night("2019-03-12T18:00/2019-03-12T19:00", KANSAS_CITY, online), 1);
        assert_eq!(night(CONFERENCE, KANSAS_CITY, online), 0);
    }

    /// Its meeting of 7 October 2025 moves to the 9th because of a special primary.
    fn with_a_primary(moved: bool) -> Agenda {
        let wall = |text: &str| text.parse().expect("a wall time");
        let there = crate::domain::recurrence::Override {
            original: wall("2025-10-07T18:00:00"),
            when: When::Times { start: wall("2025-10-09T18:00:00"), end: Some(wall("2025-10-09T21:00:00")) },
            title: None,
            status: None,
        };
        let rule = Recurrence { rrule: Some("FREQ=MONTHLY;BYDAY=1TU".into()), overrides: vec![there], ..Recurrence::default() };
        let rule = if moved { rule } else { Recurrence { overrides: vec![], ..rule } };
        let council = Council { recurrence: rule, ..council() };
        with(&["council_member"], council, |facts| {
            let primary = observance("Special primary", "2025-10-07", ObservanceKind::Election, Tier::Avoid);
            facts.observances = vec![crate::domain::Observance { state: Some("OH".into()), ..primary }];
        })
    }

    /// Story 11: the meeting of 7 October 2025 moves to the 9th because of a special primary.
    #[test]
    fn an_election_takes_the_place_of_a_council_night_and_the_meeting_moves_with_its_finding() {
        let kinds = |day: &str, agenda: &Agenda| {
            let subject = entry(1, &format!("{day}/{day}"), WASHINGTON, for_council);
            let counted = |kind| (kind, said(kind, &subject, agenda).len());
            [counted(Kind::ElectionDay), counted(Kind::CouncilNight)]
        };
        for moved in [false, true] {
            let election = [(Kind::ElectionDay, 1), (Kind::CouncilNight, 0)];
            assert_eq!(kinds("2025-10-07", &with_a_primary(moved)), election, "moved: {moved}");
        }
        assert_eq!(kinds("2025-10-09", &with_a_primary(true)), [(Kind::ElectionDay, 0), (Kind::CouncilNight, 1)]);
        assert_eq!(kinds("2025-10-09", &with_a_primary(false)), [(Kind::ElectionDay, 0), (Kind::CouncilNight, 0)]);
        let on_the_ninth = entry(1, "2025-10-09/2025-10-09", WASHINGTON, for_council);
        let sentence = &said(Kind::CouncilNight, &on_the_ninth, &with_a_primary(true))[0].1;
        assert!(sentence.contains("Thursday 9 October 2025, 18:00 New York time, moved from 7 October 2025,"), "{sentence}");
    }
}
