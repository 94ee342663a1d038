//! Large convenings that a year usually has, as long as they are not announced.

use super::{Fact, Hit, Kind, Policy};
use crate::domain::agenda::{Agenda, Slot};

/// In person in a week in which a large convening of somebody else's is usual.
///
/// A note, one for each such convening, while nothing of that name is public for that year: then
/// the two are compared as events. Whoever calls it knows when theirs is. What is over is past
/// expecting. Patterns that spread over many weeks say nothing of any one of them.
///
/// ```
/// use convene::domain::conflict::{Kind, Severity, sample::*};
/// use convene::domain::pattern::{Outlook, Pattern};
/// let summit = Pattern {
///     partner: "icma".parse().unwrap(), title: "City Summit".into(), from: (11, 7), until: (11, 21),
///     begins: "wed,thu".parse().unwrap(), days: 4, even_years: false, before_thanksgiving: true,
/// };
/// let there = agenda(vec![], |facts| facts.outlook = Outlook::among(vec![summit], "made up".into(), &[]));
/// let found = said(Kind::ExpectedAnchor, &entry(1, "2027-11-17/2027-11-19", KANSAS_CITY, |_| ()), &there);
/// let sentence = "City Summit is usually in this or the week before; not announced yet.";
/// assert_eq!(found, [(Severity::Note, sentence.to_owned())]);
/// ```
#[must_use]
pub fn expected_anchor<'a>(usual: &Fact<'a>, policy: &Policy) -> Hit<'a> {
    Hit { kind: Kind::ExpectedAnchor, severity: policy.expected_anchor, overlap: None, teams: 0, fact: *usual }
}

/// What is usual in its week and is not announced yet.
pub fn usual<'a>(slot: &Slot<'a>, agenda: &'a Agenda) -> impl Iterator<Item = Fact<'a>> {
    let ahead = slot.days.last >= agenda.now().with_timezone(&slot.event.details.zone).date_naive();
    let looks = slot.is_in_person() && ahead;
    let expected = looks.then(|| agenda.outlook().expected(slot.event, slot.days)).into_iter().flatten();
    expected.map(|(pattern, likely)| Fact::Expected { pattern, likely })
}

#[cfg(test)]
mod tests {
    use super::super::sample::{KANSAS_CITY, agenda, entry, found, online};
    use super::*;
    use crate::domain::conflict::Severity;
    use crate::domain::pattern::{Outlook, Pattern};
    use crate::domain::{Event, EventStatus};

    fn summit() -> Pattern {
        Pattern {
            partner: "nlc".parse().expect("partner"),
            title: "City Summit".into(),
            from: (11, 7),
            until: (11, 21),
            begins: "wed,thu".parse().expect("weekdays"),
            days: 4,
            even_years: false,
            before_thanksgiving: true,
        }
    }

    fn said(when: &str, now: &str, change: fn(&mut Event), others: Vec<crate::domain::Entry>) -> Vec<(Severity, String)> {
        let outlook = Outlook::among(vec![summit()], "patterns test".into(), &others);
        let agenda = agenda(others, |facts| {
            facts.outlook = outlook;
            facts.now = now.parse().expect("now");
        });
        let of_icma = |event: &mut Event| {
            event.details.partner = "icma".parse().expect("partner");
            change(event);
        };
        let findings = found(Kind::ExpectedAnchor, &entry(1, when, KANSAS_CITY, of_icma), &agenda);
        assert!(findings.iter().all(|finding| finding.because.name.as_deref() == Some("City Summit")));
        assert!(findings.iter().all(|finding| finding.because.data.as_deref() == Some("patterns test")));
        findings.into_iter().map(|finding| (finding.severity, finding.message)).collect()
    }

    #[test]
    fn it_is_said_while_nothing_is_announced_and_the_week_is_ahead() {
        const NOW: &str = "2026-11-22T12:00:00Z";
        const WEEK: &str = "2027-11-17/2027-11-19";
        let sentence = "City Summit is usually in this or the week before; not announced yet.";
        let note = vec![(Severity::Note, sentence.to_owned())];
        assert_eq!(said(WEEK, NOW, |_| (), vec![]), note);
        assert_eq!(said("2027-11-24/2027-11-26", NOW, |_| (), vec![]), []);
        assert_eq!(said(WEEK, NOW, online, vec![]), []);
        assert_eq!(said(WEEK, "2027-11-21T12:00:00Z", |_| (), vec![]), [], "it is over");
        let of_nlc = |event: &mut Event| event.details.partner = "nlc".parse().expect("partner");
        assert_eq!(said(WEEK, NOW, of_nlc, vec![]), [], "its own partner knows");
        let announced = entry(2, "2027-11-10/2027-11-13", KANSAS_CITY, |event| event.details.title = "City Summit 2027".into());
        assert_eq!(said(WEEK, NOW, |_| (), vec![announced.clone()]), []);
        let mut held = announced;
        held.event.status = EventStatus::Hold;
        assert_eq!(said(WEEK, NOW, |_| (), vec![held]), note, "a hold is nobody else's to know");
    }
}
