//! What a finding lives through.

use std::fmt;
use std::str::FromStr;

macro_rules! moments {
    ($($(#[$doc:meta])* $moment:ident $slug:literal;)*) => {
        /// One moment in the life of a finding.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Moment {
            $($(#[$doc])* $moment,)*
        }

        impl Moment {
            /// All of them.
            pub const ALL: [Self; [$($slug),*].len()] = [$(Self::$moment),*];

            /// As it is written in JSON and SQL.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$moment => $slug,)* }
            }
        }
    };
}

moments! {
    /// It was found for the first time.
    Opened "opened";
    /// It is graver or less grave than it was, or its days, places or roles are others.
    Changed "changed";
    /// Somebody who calls one of its events had it on a page before them: the first of each partner,
    /// each time that it opened, changed or came back.
    Seen "seen";
    /// Somebody was written to about it.
    Told "told";
    /// Somebody decided to go on in spite of it.
    Overridden "overridden";
    /// The day of that decision came.
    Expired "expired";
    /// That decision was taken back.
    Withdrawn "withdrawn";
    /// What it was about does not clash any more.
    Gone "gone";
    /// It was gone, and is found again.
    Back "back";
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Moment {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|moment| moment.as_str() == text).ok_or_else(|| format!("“{text}” befalls no finding"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_they_are_written() {
        for moment in Moment::ALL {
            assert_eq!(moment.as_str().parse(), Ok(moment));
        }
        assert!("forgotten".parse::<Moment>().is_err());
    }
}
