//! What reading a megabyte costs at most: calendars of a megabyte, each the worst of its sort.
//!
//! `cargo bench --bench reading` prints the table of BENCHMARKS.md, the slowest first.
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "../tests/memory/worst.rs"]
mod worst;

use std::time::{Duration, Instant};

use convene::ical::{Defaults, read};
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// The most that any of them may take.
const MOST: (Duration, usize) = (Duration::from_millis(200), 50_000_000);
const ROUNDS: usize = 3;

/// What reading one came to: the middle of the rounds.
struct Measured {
    name: &'static str,
    size: usize,
    took: Duration,
    bytes: usize,
    entries: usize,
    notes: usize,
}

fn main() {
    let mut all: Vec<Measured> = worst::calendars().into_iter().map(|(name, bytes)| measured(name, &bytes)).collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.took));
    println!("| a megabyte of | ms | MB taken | events | notes |\n| --- | --- | --- | --- | --- |");
    for Measured { name, size, took, bytes, entries, notes } in &all {
        let (ms, mb) = (took.as_secs_f64() * 1e3, *bytes as f64 / 1e6);
        let size = if *size < worst::MEGABYTE * 9 / 10 { format!(" ({} kB)", size / 1000) } else { String::new() };
        let missed = if *took > MOST.0 || *bytes > MOST.1 { " **missed**" } else { "" };
        println!("| {name}{size} | {ms:.0}{missed} | {mb:.1} | {entries} | {notes} |");
    }
}

fn measured(name: &'static str, bytes: &[u8]) -> Measured {
    let mut rounds: Vec<(Duration, usize, usize, usize)> = (0..ROUNDS).map(|_| round(bytes)).collect();
    rounds.sort_unstable();
    let (took, peak, entries, notes) = rounds[ROUNDS / 2];
    Measured { name, size: bytes.len(), took, bytes: peak, entries, notes }
}

fn round(bytes: &[u8]) -> (Duration, usize, usize, usize) {
    COUNTED.reset_peak_usage();
    let (before, began) = (COUNTED.current_usage(), Instant::now());
    let reading = read(bytes, &Defaults { zone: chrono_tz::America::New_York });
    let took = began.elapsed();
    let (entries, notes) = reading.map_or((0, 0), |reading| (reading.entries.len(), reading.notes.len()));
    (took, COUNTED.peak_usage() - before, entries, notes)
}
