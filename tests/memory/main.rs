//! What reading costs in memory, counted by the allocator; in a program of its own, since all of it is counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says what is wrong by failing")]

mod worst;

use std::time::Instant;

use convene::ical::{Defaults, read};
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// The most that reading a megabyte may take, beyond the megabyte itself, in bytes.
const MOST: usize = 50_000_000;

/// The most that is kept of any calendar of a megabyte: each entry has a beginning, a date and an end, and of what was
/// not understood the first thousand are told.
const MOST_ENTRIES: usize = worst::MEGABYTE / 40;
const MOST_NOTES: usize = 1_001;

#[test]
fn no_megabyte_takes_more_than_fifty_to_read() {
    let mut over = Vec::new();
    for (name, bytes) in worst::calendars() {
        assert!(bytes.len() > worst::MEGABYTE / 2, "{name} has only {} bytes", bytes.len());
        COUNTED.reset_peak_usage();
        let (before, began) = (COUNTED.current_usage(), Instant::now());
        let reading = read(&bytes, &Defaults { zone: chrono_tz::America::New_York });
        let took = COUNTED.peak_usage() - before;
        let (entries, notes) = reading.map_or((0, 0), |reading| (reading.entries.len(), reading.notes.len()));
        assert!(entries <= MOST_ENTRIES && notes <= MOST_NOTES, "{name}: {entries} entries, {notes} notes");
        println!("{:6} kB {:6} ms {entries:6} entries  {name}", took / 1000, began.elapsed().as_millis());
        if took > MOST {
            over.push((name, took / 1_000_000));
        }
    }
    assert_eq!(over, [], "in MB");
}
