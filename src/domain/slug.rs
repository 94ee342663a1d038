//! Short names that stay the same for ever: in addresses, JSON, CSV and SQL.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Why a text is no slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{text}” is no {what}: use 1 to 64 lower-case letters a-z, digits and “{joint}”, beginning with a letter or digit")]
pub struct SlugError {
    text: String,
    what: &'static str,
    joint: char,
}

/// Up to 64 lower-case ASCII letters and digits, words joined by `joint`.
fn is_slug(text: &str, joint: char) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

macro_rules! slug {
    ($name:ident, $what:literal, $joint:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The slug as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = SlugError;
            fn from_str(text: &str) -> Result<Self, SlugError> {
                Self::try_from(text.to_owned())
            }
        }

        impl TryFrom<String> for $name {
            type Error = SlugError;
            fn try_from(text: String) -> Result<Self, SlugError> {
                if is_slug(&text, $joint) { Ok(Self(text)) } else { Err(SlugError { text, what: $what, joint: $joint }) }
            }
        }

        impl From<$name> for String {
            fn from(slug: $name) -> String {
                slug.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

slug!(PartnerSlug, "partner", '-', "Names a partner: `nlc`, `race-forward`.");
slug!(CohortSlug, "cohort", '-', "Names a cohort: `chief-equity-officers`.");
slug!(PersonSlug, "person", '-', "Names a person who speaks: `pat-example`.");
slug!(TeamSlug, "team", '-', "Names a city team: `riverbend-oh`.");
slug!(RoleSlug, "role", '_', "Names a role: `chief_equity_officer`.");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_lower_case_and_joined_its_own_way() {
        for good in ["nlc", "race-forward", "localgov2030", "2030"] {
            assert_eq!(good.parse::<PartnerSlug>().map(String::from), Ok(good.to_owned()));
        }
        for bad in ["", "NLC", "race forward", "-x", "a_b", "é", &"a".repeat(65)] {
            let said = bad.parse::<PartnerSlug>().expect_err(bad).to_string();
            assert!(said.contains("is no partner"), "{said}");
        }
        assert!("equity_staff".parse::<RoleSlug>().is_ok());
        assert!("equity-staff".parse::<RoleSlug>().is_err());
    }
}
