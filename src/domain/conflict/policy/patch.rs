//! What a partner or an event says of a policy: the names that it changes, and no others.

use std::sync::{Arc, LazyLock};

use serde_json::{Map, Value};

use super::Policy;
use crate::domain::conflict::Kind;

/// Some thresholds and severities by their names, as JSON: `{"team_split": {"many_teams": 3}}`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patch(Map<String, Value>);

/// A name that there is not, or a value that cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Which: `team_split.many_teams`.
    pub path: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

impl Patch {
    /// Reads a patch.
    ///
    /// ```
    /// use convene::domain::conflict::policy::{Mistake, Patch};
    /// let read = |text: &str| Patch::read(&serde_json::from_str(text).unwrap());
    /// assert_eq!(read(r#"{"team_split": {"few": "low"}}"#).map(|patch| patch.settings()), Ok(vec![("team_split.few".into(), "low".into())]));
    /// let mistakes = read(r#"{"moon": 1, "team_split": {"few": "grave"}}"#).unwrap_err();
    /// assert_eq!(mistakes.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["moon", "team_split.few"]);
    /// ```
    ///
    /// # Errors
    /// Every name that there is not, with those that there are; every value that cannot be.
    pub fn read(value: &Value) -> Result<Self, Vec<Mistake>> {
        let Value::Object(given) = value else {
            return Err(vec![Mistake { path: String::new(), message: "a policy is an object of names and values".into() }]);
        };
        let (mut mistakes, mut kept) = (Vec::new(), Map::new());
        for (name, value) in given {
            keep(&known(), &mut kept, &mut mistakes, &[name], value);
        }
        if mistakes.is_empty() { Ok(Self(kept)) } else { Err(mistakes) }
    }

    /// With what `value` changes; a `null` gives the wider policy its say again (RFC 7396).
    ///
    /// # Errors
    /// As [`Patch::read`].
    pub fn changed(&self, value: &Value) -> Result<Self, Vec<Mistake>> {
        let mut merged = Value::Object(self.0.clone());
        merge(&mut merged, value);
        // A name that is only taken away must be one that there is, too.
        let mut mistakes: Vec<Mistake> = Self::read(&without_nulls(value)).err().unwrap_or_default();
        mistakes.extend(unknown_nulls(&known(), &[], value));
        if mistakes.is_empty() { Self::read(&merged) } else { Err(mistakes) }
    }

    /// The whole policy that it makes of a wider one.
    #[must_use]
    pub fn over(&self, wider: &Policy) -> Policy {
        let Ok(mut value) = serde_json::to_value(wider) else { return wider.clone() };
        merge(&mut value, &Value::Object(self.0.clone()));
        serde_json::from_value(value).unwrap_or_else(|_| wider.clone())
    }

    /// Does it change nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// Each name with its value in words, in order: `team_split.few`, `low`.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        flatten(&[], &self.to_json(), &mut all);
        all
    }
}

impl Policy {
    /// Each threshold and severity by its name, with its value in words.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        flatten(&[], &serde_json::to_value(self).unwrap_or_default(), &mut all);
        all
    }

    /// What the rule of a kind is asked with, in words: `few = medium, many = high, many_percent = 25, many_teams = 5`.
    ///
    /// A blackout is as grave as whoever entered it says.
    #[must_use]
    pub fn thresholds(&self, kind: Kind) -> String {
        Thresholds::of(self).of_kind(kind)
    }

    /// The value of a name as people type it: `low`, `15:00`, `high, medium, low`, `3`.
    ///
    /// # Errors
    /// When there is no such name, or the value cannot be.
    pub fn patch_of(path: &str, text: &str) -> Result<Value, Mistake> {
        let known = known();
        let names: Vec<&str> = path.split('.').collect();
        let kind = names.iter().try_fold(&known, |at, name| at.get(name));
        let unknown = || Mistake { path: path.to_owned(), message: format!("there is no “{path}” in a policy") };
        let leaf = match kind.ok_or_else(unknown)? {
            Value::Object(_) => return Err(unknown()),
            Value::Number(_) => match text.trim().parse::<u64>() {
                Ok(number) => Value::from(number),
                Err(_) => return Err(Mistake { path: path.to_owned(), message: format!("“{text}” is no whole number") }),
            },
            Value::Array(_) => text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(Value::from).collect(),
            _ => Value::from(text.trim()),
        };
        Ok(names.iter().rev().fold(leaf, |inner, name| Value::Object([((*name).to_owned(), inner)].into_iter().collect())))
    }
}

/// A policy made ready to tell what rules are asked with, kind after kind.
#[derive(Debug, Clone)]
pub(in crate::domain::conflict) struct Thresholds {
    said: Arc<[String]>,
}

impl Thresholds {
    /// Those of a policy; of the defaults they are put into words once.
    pub(in crate::domain::conflict) fn of(policy: &Policy) -> Self {
        static DEFAULTS: LazyLock<(Policy, Thresholds)> = LazyLock::new(|| {
            let policy = Policy::default();
            let said = Thresholds::read(&policy);
            (policy, said)
        });
        if *policy == DEFAULTS.0 { DEFAULTS.1.clone() } else { Self::read(policy) }
    }

    fn read(policy: &Policy) -> Self {
        let all = serde_json::to_value(policy).unwrap_or_default();
        Self { said: Kind::ALL.iter().map(|kind| said(&all, *kind)).collect() }
    }

    /// Those of one kind.
    pub(in crate::domain::conflict) fn of_kind(&self, kind: Kind) -> String {
        let at = Kind::ALL.iter().position(|one| *one == kind);
        at.and_then(|at| self.said.get(at)).cloned().unwrap_or_default()
    }
}

fn said(all: &Value, kind: Kind) -> String {
    let mut named = Vec::new();
    flatten(&[], all.get(kind.as_str()).unwrap_or(&Value::Null), &mut named);
    for (path, name) in ALSO.iter().filter(|(_, _, kinds)| kinds.contains(&kind)).map(|(path, name, _)| (path, name)) {
        named.extend(all.pointer(path).map(|value| ((*name).to_owned(), value.to_string())));
    }
    let words = named.into_iter().filter(|(_, value)| value != "null").map(|(name, value)| match name.as_str() {
        "" => value,
        name => format!("{name} = {}", value.replace(", ", " ")),
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() { "as entered".to_owned() } else { words.join(", ") }
}

/// Thresholds that rules read beside their own: where, by what name, which kinds.
const ALSO: [(&str, &str, &[Kind]); 2] = [
    (
        "/apart_km",
        "apart_km",
        &[
            Kind::RoleOverlap,
            Kind::TeamSplit,
            Kind::CouncilNight,
            Kind::QuorumRisk,
            Kind::AnchorChanged,
            Kind::PossibleDuplicate,
            Kind::SamePlaceNearDates,
        ],
    ),
    ("/same_place_near_dates/near_days", "near_days", &[Kind::AnchorChanged, Kind::TravelLoad]),
];

fn known() -> Value {
    serde_json::to_value(Policy::default()).unwrap_or_default()
}

fn keep(known: &Value, into: &mut Map<String, Value>, mistakes: &mut Vec<Mistake>, names: &[&str], value: &Value) {
    let path = names.join(".");
    let (name, within) = (names.last().copied().unwrap_or_default(), &names[..names.len().saturating_sub(1)]);
    match (known.get(name), value) {
        (None, _) => mistakes.push(Mistake { message: unknown_name(known, name, within), path }),
        (Some(Value::Object(fields)), Value::Object(given)) => {
            let (fields, mut kept) = (Value::Object(fields.clone()), Map::new());
            for (inner, value) in given {
                keep(&fields, &mut kept, mistakes, &[names, &[inner]].concat(), value);
            }
            if !kept.is_empty() {
                into.insert(name.to_owned(), Value::Object(kept));
            }
        }
        (Some(Value::Object(fields)), _) => {
            let all: Vec<&str> = fields.keys().map(String::as_str).collect();
            mistakes.push(Mistake { path, message: format!("it has parts: {}", all.join(", ")) });
        }
        (Some(_), _) => match leaf(names, value) {
            Ok(value) => drop(into.insert(name.to_owned(), value)),
            Err(message) => mistakes.push(Mistake { path, message }),
        },
    }
}

fn unknown_name(known: &Value, name: &str, within: &[&str]) -> String {
    let all: Vec<&str> = known.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let place = if within.is_empty() { "a policy".to_owned() } else { within.join(".") };
    format!("there is no “{name}” in {place}; there are {}", all.join(", "))
}

/// A value as a policy takes it; what is wrong with it otherwise.
fn leaf(names: &[&str], value: &Value) -> Result<Value, String> {
    // Hours are often written without seconds.
    let value = match value {
        Value::String(text) if text.len() == 5 && text.contains(':') => Value::from(format!("{text}:00")),
        other => other.clone(),
    };
    let alone =
        names.iter().rev().fold(value.clone(), |inner, name| Value::Object([((*name).to_owned(), inner)].into_iter().collect()));
    match serde_json::from_value::<Policy>(alone) {
        Ok(_) if value.as_i64().is_some_and(|number| !(0..=1_000_000).contains(&number)) => {
            Err("give a number from 0 to 1,000,000".into())
        }
        Ok(_) => Ok(value),
        Err(error) => Err(error.to_string()),
    }
}

fn merge(into: &mut Value, patch: &Value) {
    match (into, patch) {
        (Value::Object(fields), Value::Object(given)) => {
            for (name, value) in given {
                if value.is_null() {
                    fields.remove(name);
                } else if value.is_object() && fields.get(name).is_some_and(Value::is_object) {
                    merge(fields.entry(name.clone()).or_insert(Value::Null), value);
                } else {
                    fields.insert(name.clone(), without_nulls(value));
                }
            }
        }
        (into, patch) => *into = patch.clone(),
    }
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        other => other.clone(),
    }
}

fn unknown_nulls(known: &Value, within: &[&str], value: &Value) -> Vec<Mistake> {
    let fields = value.as_object().into_iter().flatten();
    let of = |(name, value): (&String, &Value)| {
        let names = [within, &[name.as_str()]].concat();
        match known.get(name) {
            None if value.is_null() => vec![Mistake { path: names.join("."), message: unknown_name(known, name, within) }],
            Some(inner) => unknown_nulls(inner, &names, value),
            None => Vec::new(),
        }
    };
    fields.flat_map(of).collect()
}

fn flatten(within: &[&str], value: &Value, all: &mut Vec<(String, String)>) {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| flatten(&[within, &[name.as_str()]].concat(), value, all));
        }
        Value::Array(items) => all.push((within.join("."), items.iter().map(text).collect::<Vec<_>>().join(", "))),
        other => all.push((within.join("."), text(other))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::conflict::Severity;

    #[test]
    fn what_is_patched_changes_and_all_else_stays_the_wider_policys() {
        let patch =
            Patch::read(&json!({"apart_km": 50, "team_split": {"few": "low"}, "ignore": ["clock_change"]})).expect("a patch");
        let wider = Policy { clock_change: Severity::Low, ..Policy::default() };
        let mut expected = Policy { apart_km: 50, ignore: [Kind::ClockChange].into(), ..wider.clone() };
        expected.team_split.few = Severity::Low;
        assert_eq!(patch.over(&wider), expected);
        assert_eq!(Patch::default().over(&wider), wider);
    }

    #[test]
    fn unknown_names_and_impossible_values_are_refused_by_their_place() {
        let told = |value: Value| -> Vec<(String, String)> {
            Patch::read(&value).expect_err("mistakes").into_iter().map(|one| (one.path, one.message)).collect()
        };
        let all = told(json!({"team_split": {"many_team": 3}, "ignore": ["moon"], "apart_km": -4, "clock_change": "grave"}));
        let paths: Vec<&str> = all.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["apart_km", "clock_change", "ignore", "team_split.many_team"]);
        assert!(all[1].1.contains("medium") && all[2].1.contains("role_overlap"), "{all:?}");
        assert_eq!(all[3].1, "there is no “many_team” in team_split; there are few, many, many_percent, many_teams");
        assert_eq!(told(json!([1])), [(String::new(), "a policy is an object of names and values".into())]);
    }

    #[test]
    fn a_null_takes_back_what_was_said_and_must_name_something() {
        let patch = Patch::read(&json!({"apart_km": 50, "team_split": {"few": "low", "many": "low"}})).expect("a patch");
        let less = patch.changed(&json!({"apart_km": null, "team_split": {"few": null}})).expect("less");
        assert_eq!(less.settings(), [("team_split.many".to_owned(), "low".to_owned())]);
        let mistakes = patch.changed(&json!({"moon": null, "team_split": {"sun": null}})).expect_err("unknown");
        assert_eq!(mistakes.iter().map(|one| one.path.as_str()).collect::<Vec<_>>(), ["moon", "team_split.sun"]);
        assert!(patch.changed(&json!({"apart_km": null, "team_split": null})).expect("nothing").is_empty());
    }

    #[test]
    fn every_setting_can_be_typed_as_it_is_shown() {
        let policy = Policy::default();
        for (path, text) in policy.settings() {
            let value = Policy::patch_of(&path, &text).unwrap_or_else(|mistake| panic!("{mistake:?}"));
            assert_eq!(Patch::read(&value).map(|patch| patch.over(&policy)), Ok(policy.clone()), "{path} {text}");
        }
        assert!(Policy::patch_of("team_split", "3").is_err() && Policy::patch_of("moon", "3").is_err());
    }
}
