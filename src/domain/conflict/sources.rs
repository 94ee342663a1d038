//! Sources that say different things of the same convening.

use super::{Fact, Hit, Kind, Policy};
use crate::domain::agenda::Slot;
use crate::domain::{Claim, Claims, EventId};

/// A source contradicts the one that was last taken, about dates, place, mode, or whether it is on at all.
///
/// Medium, one finding for each such source, about the event as a whole. The later one is shown meanwhile, and
/// whoever calls the event decides which one is right; what was decided on is no longer among the claims.
///
/// ```
/// use convene::domain::conflict::{Policy, Severity, sources::source_disagreement};
/// use convene::domain::{Claim, Details, EventStatus, When};
/// let says = |source: &str, last: &str| {
///     let when = When::Days { first: "2026-03-07".parse().unwrap(), last: last.parse().ok() };
///     let details = Details::new("FORUM", "nfbpa".parse().unwrap(), when, chrono_tz::America::New_York);
///     Claim::new(source, chrono::DateTime::UNIX_EPOCH, EventStatus::Confirmed, &details)
/// };
/// let (page, leaflet) = (says("the page", "2026-03-12"), says("the leaflet", "2026-03-11"));
/// let hit = source_disagreement(&page, &leaflet, &Policy::default()).unwrap();
/// assert_eq!(hit.severity, Severity::Medium);
/// assert_eq!(source_disagreement(&page, &says("a table", "2026-03-12"), &Policy::default()), None);
/// ```
#[must_use]
pub fn source_disagreement<'a>(taken: &'a Claim, other: &'a Claim, policy: &Policy) -> Option<Hit<'a>> {
    (!taken.contradicts(other).is_empty()).then_some(Hit {
        kind: Kind::SourceDisagreement,
        severity: policy.source_disagreement,
        overlap: None,
        teams: 0,
        fact: Fact::Disagree { taken, other },
    })
}

/// Which of them say what, and how old each word is: “page.ics read 2025-09-01; leaflet.ics read 2025-06-01”.
pub(super) fn ages(taken: &Claim, other: &Claim) -> String {
    let age = |claim: &Claim| format!("{} read {}", claim.source, claim.read_at.format("%Y-%m-%d"));
    format!("{}; {}", age(taken), age(other))
}

/// What an override of the finding was given for.
pub(super) fn key(taken: &Claim, other: &Claim) -> String {
    format!("{}\n{}", taken.key(), other.key())
}

/// Both sides in one sentence, and what is shown meanwhile.
pub(super) fn sentence(slot: &Slot<'_>, taken: &Claim, other: &Claim) -> String {
    let points = taken.contradicts(other);
    let side =
        |claim: &Claim| format!("“{}”, read {}, says {}", claim.source, claim.read_at.format("%-d %B %Y"), claim.words(&points));
    let shown = Claim::new("", taken.read_at, slot.event.status, &slot.event.details).words(&points);
    format!("{}; {}. The calendar shows {shown} until its organizer says which one is right", side(taken), side(other))
}

/// Claims by the event that they are about.
pub type ByEvent = std::collections::BTreeMap<EventId, Claims>;

#[cfg(test)]
mod tests {
    use super::super::sample::{PHOENIX, agenda, entry, found};
    use super::*;
    use crate::domain::conflict::Severity;
    use crate::domain::{Event, EventStatus};

    const DAYS: &str = "2027-10-05/2027-10-07";
    const LONGER: &str = "2027-10-05/2027-10-08";

    fn says(source: &str, read: &str, when: &str, change: fn(&mut Event)) -> Claim {
        let event = entry(1, when, PHOENIX, change).event;
        Claim::new(source, read.parse().expect("a time"), event.status, &event.details)
    }

    fn said(taken: Claim, others: Vec<Claim>) -> Vec<(Severity, Option<String>, String, Option<String>)> {
        let subject = entry(1, LONGER, PHOENIX, |_| ());
        let claims = Claims { taken, others };
        let agenda = agenda(vec![], |facts| _ = facts.claims.insert(subject.event.id, claims));
        let findings = found(Kind::SourceDisagreement, &subject, &agenda);
        findings.into_iter().map(|it| (it.severity, it.because.name, it.message, it.because.data)).collect()
    }

    #[test]
    fn both_sources_are_named_with_what_they_say_and_how_old_that_is() {
        let page = says("page.ics", "2027-09-01T12:00:00Z", LONGER, |_| ());
        let leaflet = says("leaflet.csv", "2027-06-01T12:00:00Z", DAYS, |_| ());
        let sentence = "“page.ics”, read 1 September 2027, says Tue 5 – Fri 8 October 2027; “leaflet.csv”, read 1 June 2027, says \
                        Tue 5 – Thu 7 October 2027. The calendar shows Tue 5 – Fri 8 October 2027 until its organizer says which one is right.";
        let ages = "page.ics read 2027-09-01; leaflet.csv read 2027-06-01";
        let expected = (Severity::Medium, Some("leaflet.csv".to_owned()), sentence.to_owned(), Some(ages.to_owned()));
        assert_eq!(said(page.clone(), vec![leaflet]), [expected]);
        assert_eq!(said(page.clone(), vec![says("other.ics", "2027-06-01T12:00:00Z", LONGER, |_| ())]), []);
        let off = says("off.ics", "2027-07-01T12:00:00Z", DAYS, |event| event.status = EventStatus::Cancelled);
        let told = said(page, vec![off]);
        assert!(told[0].2.contains("“off.ics”, read 1 July 2027, says that it is cancelled."), "{told:?}");
    }

    #[test]
    fn a_new_word_is_another_fact_and_the_same_word_read_again_is_none() {
        let facts = |when: &str, read: &str| {
            let subject = entry(1, LONGER, PHOENIX, |_| ());
            let taken = says("page.ics", "2027-09-01T12:00:00Z", LONGER, |_| ());
            let claims = Claims { taken, others: vec![says("leaflet.csv", read, when, |_| ())] };
            let agenda = agenda(vec![], |facts| _ = facts.claims.insert(subject.event.id, claims));
            found(Kind::SourceDisagreement, &subject, &agenda).remove(0)
        };
        let first = facts(DAYS, "2027-06-01T12:00:00Z");
        let again = facts(DAYS, "2027-06-02T12:00:00Z");
        let other = facts("2027-10-05/2027-10-06", "2027-06-02T12:00:00Z");
        assert_eq!((&again.fingerprint, &again.facts), (&first.fingerprint, &first.facts));
        assert_eq!(other.fingerprint, first.fingerprint);
        assert_ne!(other.facts, first.facts);
    }
}
