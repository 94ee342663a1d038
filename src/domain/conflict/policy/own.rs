//! Whose policy speaks.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::Policy;
use crate::domain::{Event, EventId, PartnerSlug};

/// The policies that partners and events have of their own, each whole: what they leave open is filled in already.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnPolicies {
    /// By partner.
    pub partners: BTreeMap<PartnerSlug, Policy>,
    /// By event.
    pub events: BTreeMap<EventId, Policy>,
}

/// Whose policy made a finding as grave as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Voice {
    /// What the program ships with.
    Default,
    /// The settings of the service.
    Network,
    /// A partner's own.
    Partner(PartnerSlug),
    /// An event's own.
    Event(EventId),
}

impl OwnPolicies {
    /// The policy that speaks for an event: its own, else that of the partner who hosts it, else the network's.
    #[must_use]
    pub fn of<'p>(&'p self, event: &Event, network: &'p Policy) -> &'p Policy {
        let own = self.events.get(&event.id);
        own.or_else(|| self.partners.get(&event.details.partner)).unwrap_or(network)
    }

    /// Has nobody a policy of their own?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.partners.is_empty() && self.events.is_empty()
    }

    /// Whose policy it is that says so: the widest one that would still give `severity`.
    pub fn voice<S: PartialEq>(
        &self,
        event: &Event,
        network: &Policy,
        severity: &S,
        ask: impl Fn(&Policy) -> Option<S>,
    ) -> Voice {
        let partner = &event.details.partner;
        let says = |policy: &Policy| ask(policy).as_ref() == Some(severity);
        let mut voice = None;
        if self.events.contains_key(&event.id) {
            voice = Some(Voice::Event(event.id));
        }
        if let Some(policy) = self.partners.get(partner)
            && (voice.is_none() || says(policy))
        {
            voice = Some(Voice::Partner(partner.clone()));
        }
        if voice.is_some() && !says(network) {
            return voice.unwrap_or(Voice::Network);
        }
        if *network == Policy::default() || says(&Policy::default()) { Voice::Default } else { Voice::Network }
    }

    /// The most that events may stand apart under any of these policies, or the network's, and still have to do with each other.
    #[must_use]
    pub(in crate::domain::conflict) fn near_days(&self, network: &Policy) -> i64 {
        let all = self.partners.values().chain(self.events.values()).map(Policy::near_days);
        all.fold(network.near_days(), i64::max)
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::Network => f.write_str("network"),
            Self::Partner(slug) => write!(f, "partner:{slug}"),
            Self::Event(id) => write!(f, "event:{id}"),
        }
    }
}

impl FromStr for Voice {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || format!("“{text}” is nobody's policy; there are default, network, partner:SLUG, event:ID");
        match text.split_once(':') {
            None if text == "default" => Ok(Self::Default),
            None if text == "network" => Ok(Self::Network),
            Some(("partner", slug)) => slug.parse().map(Self::Partner).map_err(|_| unknown()),
            Some(("event", id)) => id.parse().map(Self::Event).map_err(|_| unknown()),
            _ => Err(unknown()),
        }
    }
}

impl TryFrom<String> for Voice {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Voice> for String {
    fn from(voice: Voice) -> Self {
        voice.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::conflict::Severity;
    use crate::domain::conflict::sample::{KANSAS_CITY, entry};

    #[test]
    fn the_narrowest_policy_speaks_and_the_widest_that_says_the_same_is_named() {
        let event = entry(1, "2027-10-05/2027-10-07", KANSAS_CITY, |_| ()).event;
        let clock = |clock_change: Severity| Policy { clock_change, ..Policy::default() };
        let says = |network: &Policy, partner: Option<Policy>, own: Option<Policy>| {
            let policies = OwnPolicies {
                partners: partner.map(|policy| (event.details.partner.clone(), policy)).into_iter().collect(),
                events: own.map(|policy| (event.id, policy)).into_iter().collect(),
            };
            let severity = policies.of(&event, network).clock_change;
            (severity, policies.voice(&event, network, &severity, |policy| Some(policy.clock_change)).to_string())
        };
        let (default, high, low) = (Policy::default(), clock(Severity::High), clock(Severity::Low));
        let partner = format!("partner:{}", event.details.partner);
        let own = format!("event:{}", event.id);
        let cases = [
            (&default, None, None, (Severity::Note, "default".to_owned())),
            (&high, None, None, (Severity::High, "network".to_owned())),
            (&default, Some(&high), None, (Severity::High, partner.clone())),
            (&high, Some(&high), None, (Severity::High, "network".to_owned())),
            (&default, Some(&high), Some(&low), (Severity::Low, own.clone())),
            (&default, Some(&high), Some(&high), (Severity::High, partner)),
            (&low, Some(&high), Some(&default), (Severity::Note, own)),
        ];
        for (network, partner, own, expected) in cases {
            assert_eq!(says(network, partner.cloned(), own.cloned()), expected);
        }
    }

    #[test]
    fn a_voice_is_read_as_it_is_written() {
        for text in ["default", "network", "partner:nlc", "event:00000000-0000-0000-0000-000000000001"] {
            assert_eq!(text.parse::<Voice>().map(|voice| voice.to_string()), Ok(text.to_owned()));
        }
        assert!("partner:".parse::<Voice>().is_err());
    }
}
