//! What a search for conflicts returns.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Voice;
use crate::domain::{Days, EventId, PersonSlug, RoleSlug, Span};

/// A clash, or an opportunity, that was found.
///
/// There is one for each kind, pair of events and name, however many occurrences of a series it is
/// about: they are listed, and the severity and the sentence are those of the gravest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Names it for as long as the same two events clash in the same way.
    pub fingerprint: Fingerprint,
    /// What sort of clash it is.
    pub kind: Kind,
    /// How grave it is.
    pub severity: Severity,
    /// The event, or the two, in order of their ids.
    pub events: Vec<EventId>,
    /// Which occurrences of theirs, in order of time.
    pub occurrences: Vec<At>,
    /// What the gravest two have in common in time; `None` where they only stand near each other.
    pub overlap: Option<Span>,
    /// Whom it touches.
    pub touches: Touches,
    /// The rule and the data behind it.
    pub because: Because,
    /// One sentence for a person.
    pub message: String,
    /// A hash of what it is about: times, places and roles. An override was given for
    /// these facts; when they change, it no longer holds. Not part of the public JSON.
    #[serde(skip)]
    pub facts: String,
    /// What it is about is another partner's too, of which this reader may know no more: see
    /// [`Finding::veiled`]. Never stored.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld: bool,
}

impl Finding {
    /// The civil days that it is about, each event's by the clock of its own zone: what they have in common, or all of theirs.
    ///
    /// `None` where it is about no occurrence.
    #[must_use]
    pub fn days(&self, zone: impl Fn(EventId) -> Tz) -> Option<Days> {
        let common = self.overlap.zip(self.events.first()).map(|(span, event)| span.days(zone(*event)));
        let each = || self.occurrences.iter().map(|at| at.days(zone(at.event)));
        common.or_else(|| each().reduce(|a, b| Days { first: a.first.min(b.first), last: a.last.max(b.last) }))
    }

    /// Is any part of it on these civil days? Of a series, any of the occurrences that it is about.
    #[must_use]
    pub fn is_on(&self, days: Days, zone: impl Fn(EventId) -> Tz) -> bool {
        let of_series = self.occurrences.len() > 2 || self.overlap.is_none();
        let any = of_series.then(|| self.occurrences.iter().any(|at| at.days(zone(at.event)).overlap(days).is_some()));
        any.unwrap_or_else(|| self.days(zone).is_none_or(|own| own.overlap(days).is_some()))
    }

    /// The order that findings are listed in: the gravest first, then by date, kind and fingerprint.
    #[must_use]
    pub fn by_rank(one: &Self, other: &Self) -> Ordering {
        let first = |finding: &Self| finding.occurrences.first().map(|at| at.start);
        let by_urgency = (other.severity, first(one), one.kind).cmp(&(one.severity, first(other), other.kind));
        by_urgency.then_with(|| one.fingerprint.cmp(&other.fingerprint))
    }
}

/// One occurrence of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// The event.
    pub event: EventId,
    /// Its first instant.
    pub start: DateTime<Utc>,
    /// The first instant after it.
    pub end: DateTime<Utc>,
}

impl At {
    fn days(&self, zone: Tz) -> Days {
        Span::new(self.start, self.end).days(zone)
    }
}

/// Whom a finding touches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touches {
    /// Roles that are wanted at both; for one event, its own.
    pub roles: Vec<RoleSlug>,
    /// People by name: speakers.
    pub people: Vec<PersonSlug>,
    /// How many city teams.
    pub teams: u32,
}

/// The rule and the data behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Because {
    /// The rule, which is named like the kind.
    pub rule: Kind,
    /// What an event clashes with when that is not an event: “Diwali”.
    pub name: Option<String>,
    /// The version of the data behind the rule: which table of observances, how old the sources.
    pub data: Option<String>,
    /// The thresholds and severities that the rule was asked with: `few = medium, many_teams = 5`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<String>,
    /// Whose policy makes it as grave as it is, where that is not the defaults'.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Voice>,
}

/// Twenty hexadecimal digits that name a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a kind, an unordered pair (or a single event) and a name.
    ///
    /// ```
    /// use convene::domain::EventId;
    /// use convene::domain::conflict::{Fingerprint, Kind};
    /// let (a, b) = (EventId(uuid::Uuid::from_u128(1)), EventId(uuid::Uuid::from_u128(2)));
    /// assert_eq!(Fingerprint::new(Kind::RoleOverlap, &[a, b], None), Fingerprint::new(Kind::RoleOverlap, &[b, a], None));
    /// assert_ne!(Fingerprint::new(Kind::RoleOverlap, &[a, b], None), Fingerprint::new(Kind::TeamSplit, &[a, b], None));
    /// ```
    #[must_use]
    pub fn new(kind: Kind, events: &[EventId], name: Option<&str>) -> Self {
        let mut events: Vec<EventId> = events.to_vec();
        events.sort_unstable();
        let mut hash = Sha256::new_with_prefix(kind.as_str());
        for event in events {
            hash.update([0]);
            hash.update(event.0.as_bytes());
        }
        hash.update([1]);
        hash.update(name.unwrap_or_default());
        Self(short_hex(hash))
    }

    /// It as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first ten bytes of a hash: 80 bits, so that a million findings do not share one by chance.
pub(super) fn short_hex(hash: Sha256) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half)]);
    let mut text = String::with_capacity(20);
    text.extend(hash.finalize().iter().take(10).flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

impl TryFrom<String> for Fingerprint {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let is_digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
        if text.len() == 20 && text.chars().all(is_digit) {
            Ok(Self(text))
        } else {
            Err(format!("“{text}” is no fingerprint: it has 20 digits 0-9 and a-f"))
        }
    }
}

impl FromStr for Fingerprint {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::try_from(text.to_owned())
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> String {
        fingerprint.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How grave a finding is.
///
/// In order: an opportunity is below a note, so that “at least a note” asks for warnings only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Something good that planning together could make of it.
    Opportunity,
    /// Worth knowing.
    Note,
    /// A small drawback.
    Low,
    /// Think twice.
    Medium,
    /// Plan around it.
    High,
    /// Needs an override with a reason.
    Block,
}

impl Severity {
    /// All of them, the gravest first.
    pub const ALL: [Self; 6] = [Self::Block, Self::High, Self::Medium, Self::Low, Self::Note, Self::Opportunity];

    /// As it is written in JSON, CSV and SQL, and for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Block => "block",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::Note => "note",
            Self::Opportunity => "opportunity",
        }
    }

    /// One step down: what clashes with a hold or proposal. Notes and opportunities stay.
    #[must_use]
    pub fn lower(self) -> Self {
        match self {
            Self::Block => Self::High,
            Self::High => Self::Medium,
            Self::Medium => Self::Low,
            Self::Low | Self::Note => Self::Note,
            Self::Opportunity => Self::Opportunity,
        }
    }

    /// One step up, but never to a block: that is for what cannot be at all.
    #[must_use]
    pub fn higher(self) -> Self {
        match self {
            Self::Block => Self::Block,
            Self::High | Self::Medium => Self::High,
            Self::Low => Self::Medium,
            Self::Note => Self::Low,
            Self::Opportunity => Self::Opportunity,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|severity| severity.as_str()).collect();
            format!("“{text}” is no severity; there are {}", known.join(", "))
        })
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $slug:literal $label:literal;)*) => {
        /// What sort of clash a finding is about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $slug)] $kind,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: [Self; [$($slug),*].len()] = [$(Self::$kind),*];

            /// As it is written in JSON, CSV and SQL.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $slug,)* }
            }

            /// As people say it.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$kind => $label,)* }
            }
        }
    };
}

kinds! {
    /// One role is wanted at two at once.
    RoleOverlap "role_overlap" "Same people wanted at both";
    /// One city team is wanted in two places.
    TeamSplit "team_split" "City teams would split";
    /// One speaker at two at once.
    SpeakerDoubleBooked "speaker_double_booked" "Speaker booked twice";
    /// One room for two at once.
    RoomDoubleBooked "room_double_booked" "Room booked twice";
    /// More people than the room holds.
    RoomTooSmall "room_too_small" "Room too small";
    /// Too few days to get from one to the other.
    TightTurnaround "tight_turnaround" "Tight turnaround";
    /// Too many trips in a short time.
    TravelLoad "travel_load" "Many trips";
    /// On a day to plan around.
    Observance "observance" "Observance";
    /// On the evening that such a day begins.
    ObservanceEve "observance_eve" "Eve of an observance";
    /// People would travel on such a day.
    TravelOnObservance "travel_on_observance" "Travel on an observance";
    /// On hours of prayer and rest that come back every week.
    WeeklyObservance "weekly_observance" "Weekly observance";
    /// On, or beside, an election day.
    ElectionDay "election_day" "Election day";
    /// On a federal holiday, or travel on one.
    FederalHoliday "federal_holiday" "Federal holiday";
    /// On a night that a council meets.
    CouncilNight "council_night" "Council night";
    /// So many members away that the council could not meet.
    QuorumRisk "quorum_risk" "Quorum at risk";
    /// In the weeks when budgets are made.
    BudgetSeason "budget_season" "Budget season";
    /// When city halls are closed.
    ClosurePeriod "closure_period" "Closure period";
    /// On days that somebody has ruled out.
    Blackout "blackout" "Blackout";
    /// Announced too late.
    ShortNotice "short_notice" "Short notice";
    /// Too early or too late where somebody lives.
    UnfairHours "unfair_hours" "Unfair hours";
    /// The clocks change.
    ClockChange "clock_change" "Clock change";
    /// What it was set beside has changed.
    AnchorChanged "anchor_changed" "Anchor changed";
    /// A hold that ends soon.
    HoldLapsing "hold_lapsing" "Hold lapsing";
    /// Two sources differ.
    SourceDisagreement "source_disagreement" "Sources disagree";
    /// Days that are not known yet.
    IncompleteDates "incomplete_dates" "Dates incomplete";
    /// Perhaps the same, entered twice.
    PossibleDuplicate "possible_duplicate" "Possible duplicate";
    /// Near each other in place and time.
    SamePlaceNearDates "same_place_near_dates" "Same place, near dates";
    /// A large convening is usually about then.
    ExpectedAnchor "expected_anchor" "Expected convening";
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("“{text}” is no kind of finding; there are {}", known.join(", "))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_severities_are_read_as_they_are_written() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
            assert_eq!(serde_json::to_string(&kind).ok(), Some(format!("\"{kind}\"")));
        }
        for severity in Severity::ALL {
            assert_eq!(severity.as_str().parse(), Ok(severity));
            assert_eq!(serde_json::to_string(&severity).ok(), Some(format!("\"{severity}\"")));
        }
        assert!("bad".parse::<Kind>().is_err_and(|said| said.contains("role_overlap")));
    }

    #[test]
    fn a_finding_has_the_public_shape() {
        let (one, other) = (EventId(uuid::Uuid::from_u128(1)), EventId(uuid::Uuid::from_u128(2)));
        let at = |hour: i64| DateTime::from_timestamp(1_822_831_200 + hour * 3600, 0).expect("an instant");
        let finding = Finding {
            fingerprint: Fingerprint::new(Kind::RoleOverlap, &[one, other], None),
            kind: Kind::RoleOverlap,
            severity: Severity::High,
            events: vec![one, other],
            occurrences: vec![At { event: one, start: at(0), end: at(2) }],
            overlap: Some(Span::new(at(0), at(1))),
            touches: Touches { roles: vec!["mayor".parse().expect("role")], people: vec![], teams: 12 },
            because: Because { rule: Kind::RoleOverlap, name: None, data: None, threshold: None, policy: None },
            message: "Both want mayors.".to_owned(),
            facts: String::new(),
            withheld: false,
        };
        let json = serde_json::json!({
            "fingerprint": finding.fingerprint.as_str(), "kind": "role_overlap", "severity": "high",
            "events": ["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"],
            "occurrences": [
                {"event": "00000000-0000-0000-0000-000000000001", "start": "2027-10-06T14:00:00Z", "end": "2027-10-06T16:00:00Z"},
            ],
            "overlap": {"start": "2027-10-06T14:00:00Z", "end": "2027-10-06T15:00:00Z"},
            "touches": {"roles": ["mayor"], "people": [], "teams": 12},
            "because": {"rule": "role_overlap", "name": null, "data": null},
            "message": "Both want mayors.",
        });
        assert_eq!(serde_json::to_value(&finding).ok(), Some(json.clone()));
        assert_eq!(serde_json::from_value(json).ok(), Some(finding));
    }

    #[test]
    fn an_opportunity_is_below_every_warning() {
        let mut ordered = Severity::ALL;
        ordered.sort();
        assert_eq!(ordered.first(), Some(&Severity::Opportunity));
        assert_eq!(ordered.last(), Some(&Severity::Block));
        assert!(Severity::Opportunity < Severity::Note);
    }

    #[test]
    fn a_step_up_never_blocks_and_a_step_down_never_vanishes() {
        assert_eq!([Severity::High.higher(), Severity::Medium.higher()], [Severity::High, Severity::High]);
        assert_eq!([Severity::Block.lower(), Severity::Note.lower()], [Severity::High, Severity::Note]);
    }
}
