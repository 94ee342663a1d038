//! A finding for somebody who calls one of its two events and may not know of the other.
//!
//! They must learn that days, a speaker or a room are taken, how gravely and for whom, or they could
//! not plan. They do not learn whose event it is, what it is called, where it is, when exactly, or
//! whom else it invites.
//!
//! What is asked again and again must not tell more than what is asked once: dry runs and better dates look at a
//! plan that the reader may not know of as if it took the whole of its weeks ([`by_the_week`]), so that every window
//! within one week has the same answer, and none tells on which of its days the plan is.

use std::collections::BTreeMap;

use chrono::Weekday;
use chrono_tz::Tz;

use super::phrases::list;
use super::{Finding, Kind, Touches, Voice};
use crate::domain::agenda::Entry;
use crate::domain::{Days, Event, Occurrence, PersonSlug, RoleSlug, RoleTree, Span, When};

/// How roles and people are called.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The tree of roles.
    pub roles: &'a RoleTree,
    /// Speakers.
    pub people: &'a BTreeMap<PersonSlug, String>,
}

/// How closely a hidden plan is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grain {
    /// By its days: for what is on record, where each move has a name and a time.
    Days,
    /// By its weeks: for what can be asked as often as one likes.
    Weeks,
}

/// A plan as if it took the whole of its weeks, Monday to Sunday, by the clock of whoever asks.
#[must_use]
pub fn by_the_week(entry: &Entry, zone: Tz) -> Entry {
    let mut blurred = entry.clone();
    let details = &mut blurred.event.details;
    details.zone = zone;
    details.when = weeks(details.when);
    for one in &mut blurred.occurrences {
        *one = Occurrence { when: weeks(one.when), span: weeks(one.when).span(zone), ..one.clone() };
    }
    blurred.occurrences.dedup_by_key(|one| (one.when, one.cancelled));
    blurred
}

fn weeks(when: When) -> When {
    let days = when.days();
    let monday = days.first.week(Weekday::Mon).first_day();
    When::Days { first: monday, last: Some(days.last.week(Weekday::Mon).last_day()) }
}

/// The days around a subject's of which an agenda must have all hidden plans, so that all of their weeks count.
#[must_use]
pub fn weeks_around(days: Days) -> Days {
    days.widened(7)
}

impl Finding {
    /// What is left for those who call `own`; `None` where even the kind would tell too much.
    ///
    /// The kind, the severity and the fingerprint stay, so that it can be decided on.
    #[must_use]
    pub fn veiled(&self, own: &Event, other: &Event, names: Names<'_>, grain: Grain) -> Option<Self> {
        // The one says that the places are near each other, the other that the titles are the same.
        if matches!(self.kind, Kind::SamePlaceNearDates | Kind::PossibleDuplicate) {
            return None;
        }
        let mut veiled = self.clone();
        veiled.withheld = true;
        veiled.events.retain(|id| *id == own.id);
        veiled.occurrences.retain(|at| at.event == own.id);
        // As long as the reader's own: the common hours would tell when the other begins or ends.
        let meets = |overlap: &Span| {
            let mut spans = veiled.occurrences.iter().map(|at| Span::new(at.start, at.end));
            spans.find(|span| span.overlap(*overlap).is_some())
        };
        veiled.overlap = self.overlap.as_ref().and_then(meets);
        veiled.touches = Touches { roles: own_roles(self, own), ..self.touches.clone() };
        veiled.because.data = None;
        veiled.because.threshold = None;
        veiled.because.policy = self.because.policy.clone().filter(|voice| match voice {
            Voice::Event(id) => *id == own.id,
            Voice::Partner(partner) => own.is_called_by(partner),
            Voice::Network | Voice::Default => true,
        });
        veiled.message = sentence(&veiled, other, names, grain);
        Some(veiled)
    }
}

/// Those of the shared roles that the reader's own event names; all of its own where it names wider ones.
fn own_roles(finding: &Finding, own: &Event) -> Vec<RoleSlug> {
    let named = |role: &&RoleSlug| finding.touches.roles.contains(role);
    let shared: Vec<RoleSlug> = own.details.roles.iter().filter(named).cloned().collect();
    if shared.is_empty() { own.details.roles.iter().cloned().collect() } else { shared }
}

fn sentence(finding: &Finding, other: &Event, names: Names<'_>, grain: Grain) -> String {
    let (days, then) = match grain {
        Grain::Days => ("these days", "at that time"),
        Grain::Weeks => ("days in the same week", "in the same week"),
    };
    let provisionally = if other.status.is_tentative() { " provisionally" } else { "" };
    let roles: Vec<String> = finding.touches.roles.iter().map(|role| names.roles.name(role)).collect();
    let whom = if roles.is_empty() { String::new() } else { format!(" for {}", list(&roles)) };
    let said = match finding.kind {
        Kind::RoleOverlap => format!("Another partner keeps {days}{provisionally}{whom}"),
        Kind::TeamSplit => {
            format!("Another partner keeps {days}{provisionally}, and the same city teams would have to split")
        }
        Kind::SpeakerDoubleBooked => {
            let name = |slug: &PersonSlug| names.people.get(slug).cloned().unwrap_or_else(|| slug.to_string());
            let people: Vec<String> = finding.touches.people.iter().map(name).collect();
            format!("Another partner counts{provisionally} on {} {then}", list(&people))
        }
        Kind::RoomDoubleBooked => format!("Another partner keeps this room{provisionally} {then}"),
        Kind::AnchorChanged if is_set_beside_own(finding, other) => {
            "Something that another partner set beside this hangs on its change".to_owned()
        }
        Kind::AnchorChanged => {
            "The convening that this was set beside has changed: decide whether to cancel, keep, move or go online".to_owned()
        }
        _ => format!("Another partner keeps days close to these{provisionally}{whom}"),
    };
    format!("{said}. Its plan is not public.")
}

/// Is the other set beside the reader's own?
fn is_set_beside_own(finding: &Finding, other: &Event) -> bool {
    other.details.anchor.is_some_and(|anchor| finding.events.contains(&anchor))
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, PHOENIX, agenda, entry, found, online};
    use super::*;
    use crate::domain::conflict::Severity;
    use crate::domain::{EventStatus, conflict::find};

    fn held(event: &mut Event) {
        event.status = EventStatus::Hold;
    }

    /// What is found of a plan that is looked at by its weeks, for a window.
    fn said(window: &str, hidden: &str) -> Vec<(Kind, Severity)> {
        let hidden = by_the_week(&entry(2, hidden, PHOENIX, held), chrono_tz::America::Chicago);
        let own = entry(1, window, KANSAS_CITY, |_| ());
        let found = find(&own, &agenda(vec![hidden], |_| ()), &crate::domain::Policy::default());
        found.into_iter().filter(|one| one.events.len() == 2).map(|one| (one.kind, one.severity)).collect()
    }

    #[test]
    fn every_window_within_one_week_has_the_same_answer_wherever_in_its_week_the_plan_is() {
        let answer = vec![(Kind::RoleOverlap, Severity::Medium)];
        // Monday 4 to Sunday 10 October 2027.
        for window in ["2027-10-04/2027-10-04", "2027-10-05/2027-10-06", "2027-10-04/2027-10-10", "2027-10-10/2027-10-10"] {
            for hidden in ["2027-10-04/2027-10-04", "2027-10-07/2027-10-08", "2027-10-08T09:00/2027-10-08T10:00"] {
                assert_eq!(said(window, hidden), answer, "{window} {hidden}");
            }
        }
        assert_eq!(said("2027-10-18/2027-10-19", "2027-10-04/2027-10-04"), [], "and another week has none");
    }

    #[test]
    fn how_close_a_plan_is_in_the_next_week_does_not_hang_on_its_day() {
        let friday = "2027-10-08/2027-10-08";
        let answers = ["2027-10-11/2027-10-11", "2027-10-13/2027-10-14", "2027-10-17/2027-10-17"].map(|day| said(friday, day));
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    }

    #[test]
    fn a_series_is_in_each_of_its_weeks_once_and_the_hour_of_a_session_is_nobodys_to_find_out() {
        let hidden = by_the_week(&entry(2, "2027-10-06T09:00/2027-10-06T10:00", PHOENIX, online), chrono_tz::Pacific::Honolulu);
        let week = When::Days { first: "2027-10-04".parse().expect("a day"), last: "2027-10-10".parse().ok() };
        assert_eq!(hidden.occurrences.iter().map(|one| one.when).collect::<Vec<_>>(), [week]);
        let own = entry(1, "2027-10-08T20:00/2027-10-08T21:00", KANSAS_CITY, online);
        assert_eq!(found(Kind::RoleOverlap, &own, &agenda(vec![hidden], |_| ())).len(), 1);
    }
}
