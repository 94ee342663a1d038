//! Timing: several rounds of the same, or once each of many.

use std::fmt;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long each of several rounds took, the fastest first.
pub struct Rounds(Vec<Duration>);

/// Does it once to warm up and then in so many rounds.
pub fn measure<T>(rounds: usize, mut work: impl FnMut() -> T) -> Rounds {
    black_box(work());
    let mut took: Vec<Duration> = (0..rounds.max(1))
        .map(|_| {
            let begun = Instant::now();
            let made = black_box(work());
            let took = begun.elapsed();
            drop(made);
            took
        })
        .collect();
    took.sort_unstable();
    Rounds(took)
}

/// How many milliseconds it takes, once.
pub fn once<T>(work: impl FnOnce() -> T) -> f64 {
    let begun = Instant::now();
    let made = black_box(work());
    let took = begun.elapsed();
    drop(made);
    took.as_secs_f64() * 1000.0
}

/// Of many, each once: median, 99 of 100, and the slowest.
pub fn percentile(mut took: Vec<f64>) -> String {
    took.sort_unstable_by(f64::total_cmp);
    let at = |hundredth: usize| took.get((took.len() * hundredth / 100).min(took.len().saturating_sub(1))).copied();
    let [middle, late, last] = [50, 99, 100].map(|hundredth| at(hundredth).unwrap_or_default());
    format!("median {}, p99 {}, slowest {} of {}", short(middle), short(late), short(last), took.len())
}

/// Milliseconds with as many digits as mean something.
pub fn short(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 0.1 => format!("{:.1} µs", ms * 1000.0),
        ms if ms < 10.0 => format!("{ms:.2} ms"),
        ms if ms < 1000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.2} s", ms / 1000.0),
    }
}

impl Rounds {
    /// The median, in milliseconds.
    pub fn median(&self) -> f64 {
        self.0[self.0.len() / 2].as_secs_f64() * 1000.0
    }

    /// How many times as long as another this took, median by median.
    pub fn ratio(&self, other: &Self) -> String {
        format!("{:.1}×", self.median() / other.median())
    }
}

impl fmt::Display for Rounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [fastest, slowest] = [self.0.first(), self.0.last()].map(|took| took.map_or(0.0, |took| took.as_secs_f64() * 1000.0));
        write!(f, "{} ({}–{})", short(self.median()), short(fastest), short(slowest))
    }
}
