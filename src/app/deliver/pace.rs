//! How fast, how soon again, and when to stop.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;

/// Tells threads to stop, and wakes those that wait.
#[derive(Debug, Default)]
pub struct Stop {
    told: Mutex<bool>,
    bell: Condvar,
}

impl Stop {
    /// Stop now.
    pub fn now(&self) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    /// Waits for that time, or until told to stop; was it told?
    #[must_use]
    pub fn wait(&self, time: Duration) -> bool {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.bell.wait_timeout_while(told, time, |told| !*told).unwrap_or_else(PoisonError::into_inner);
        *waited.0
    }

    /// Was it told to stop?
    #[must_use]
    pub fn is_told(&self) -> bool {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many letters a second, evenly spread, over all workers.
#[derive(Debug)]
pub(super) struct Pace {
    gap: Option<Duration>,
    next: Mutex<Option<Instant>>,
}

impl Pace {
    pub(super) fn new(per_second: Option<u32>) -> Self {
        let gap = per_second.map(|rate| Duration::from_secs(1) / rate.max(1));
        Self { gap, next: Mutex::new(None) }
    }

    /// Is there time for a transaction between one letter and the next?
    pub(super) fn is_leisurely(&self) -> bool {
        self.gap.is_some_and(|gap| gap >= Duration::from_millis(5))
    }

    /// How long one letter has to wait for its turn, which is then taken.
    pub(super) fn turn(&self) -> Duration {
        let Some(gap) = self.gap else { return Duration::ZERO };
        let now = Instant::now();
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = next.map_or(now, |next| next.max(now));
        *next = Some(turn + gap);
        turn - now
    }
}

/// How long to wait before the next attempt at a letter that the post put off; spread by a quarter either way.
pub(super) fn ladder(letter: i64, attempts: u32) -> TimeDelta {
    const MINUTES: [i64; 7] = [1, 5, 15, 30, 60, 120, 240];
    let place = usize::try_from(attempts).unwrap_or(usize::MAX).min(MINUTES.len() - 1);
    spread(MINUTES.get(place).copied().unwrap_or(240) * 60, &(letter, attempts))
}

/// How long nothing is tried at a relay that cannot be reached: from 5 seconds, doubled up to 5 minutes.
pub(super) fn relay_rest(step: u32, salt: i64) -> TimeDelta {
    spread(doubled(5, step, 300), &(step, salt))
}

/// How long a domain that wants less at a time is left alone: from a minute, doubled up to an hour.
pub(super) fn domain_rest(step: u32, domain: &str) -> TimeDelta {
    spread(doubled(60, step, 3600), &(step, domain))
}

fn doubled(first: i64, step: u32, most: i64) -> i64 {
    first.saturating_mul(1 << step.saturating_sub(1).min(20)).min(most)
}

/// Between three and five quarters of that, the same for the same salt: what failed together is not tried together.
fn spread(seconds: i64, salt: &impl Hash) -> TimeDelta {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    let part = i64::try_from(hasher.finish() % 1001).unwrap_or(500);
    TimeDelta::milliseconds(seconds * (750 + part / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_rises_from_a_minute_to_four_hours_spread_by_a_quarter() {
        for (attempts, minutes) in [(0, 1), (1, 5), (2, 15), (3, 30), (4, 60), (5, 120), (6, 240), (40, 240)] {
            let waits: Vec<i64> = (1..200).map(|letter| ladder(letter, attempts).num_seconds()).collect();
            let (least, most) = (waits.iter().min().copied().expect("some"), waits.iter().max().copied().expect("some"));
            assert!((45 * minutes..=50 * minutes).contains(&least), "{attempts}: {least}");
            assert!((70 * minutes..=75 * minutes).contains(&most), "{attempts}: {most}");
        }
    }

    #[test]
    fn rests_double_up_to_their_limit() {
        let about = |wait: TimeDelta, seconds: i64| (750 * seconds..=1250 * seconds).contains(&wait.num_milliseconds());
        for (step, expected) in [(1, 5), (2, 10), (3, 20), (7, 300), (u32::MAX, 300)] {
            assert!(about(relay_rest(step, 7), expected), "{step}");
        }
        for (step, expected) in [(1, 60), (2, 120), (9, 3600)] {
            assert!(about(domain_rest(step, "city.example.org"), expected), "{step}");
        }
    }

    #[test]
    fn letters_take_turns_at_the_given_rate() {
        let pace = Pace::new(Some(10));
        let waits: Vec<Duration> = (0..20).map(|_| pace.turn()).collect();
        let (first, last) = (waits[0], waits[19]);
        assert!(first.is_zero() && last > Duration::from_millis(1500) && last <= Duration::from_millis(1900), "{waits:?}");
        assert!(Pace::new(None).turn().is_zero());
    }

    #[test]
    fn a_stop_ends_a_wait() {
        let stop = Stop::default();
        let begun = Instant::now();
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| stop.wait(Duration::from_mins(1)));
            stop.now();
            assert!(waits.join().expect("no panic"));
        });
        assert!(begun.elapsed() < Duration::from_secs(10) && stop.is_told());
    }
}
