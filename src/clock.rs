//! The only place that asks what time it is.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, SubsecRound as _, Utc};

/// Tells the time, or what somebody set it to.
#[derive(Debug)]
pub enum Clock {
    /// The machine's own.
    System,
    /// A fixed time: tests, and `--now`.
    Fixed(Mutex<DateTime<Utc>>),
}

impl Clock {
    /// A clock that stands still.
    #[must_use]
    pub fn at(now: DateTime<Utc>) -> Self {
        Self::Fixed(Mutex::new(now))
    }

    /// Now, to the second: the store keeps no less.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[allow(clippy::disallowed_methods, reason = "this is the clock")]
            Self::System => Utc::now().trunc_subsecs(0),
            Self::Fixed(now) => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Sets a fixed clock; the machine's own is left alone.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Self::Fixed(now) = self {
            *now.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}
