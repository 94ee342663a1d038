//! The promises of `tests/fuzz` on stable Rust: files that programs wrote, damaged in the ways that find most, for a
//! bounded number of rounds. cargo-fuzz needs a nightly Rust and looks further; it is for whoever changes the reader.

use std::time::{Duration, Instant};

#[path = "../fuzz/promises.rs"]
mod promises;

/// For how long at most; the rounds before are the same in every run.
const LONGEST: Duration = Duration::from_secs(10);
const ROUNDS: u64 = 4_000;

/// Pieces that calendars are made of, and some that break readers.
const PIECES: [&[u8]; 22] = [
    b"BEGIN:VEVENT\r\n",
    b"END:VEVENT\r\n",
    b"BEGIN:VCALENDAR\r\n",
    b"END:VCALENDAR\n",
    b"BEGIN:VTIMEZONE\n",
    b"RRULE:FREQ=YEARLY;BYDAY=1SU;BYSETPOS=-1;UNTIL=99991231T235959Z\r\n",
    b"RRULE:FREQ=HOURLY\r\n",
    b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z\r\n",
    b"DTSTART;TZID=\"",
    b"DTSTART:00010101T000000\r\n",
    b"DTEND:99991231\r\n",
    b"DURATION:P99999999W\r\n",
    b"EXDATE;VALUE=DATE:20260101,,,\r\n",
    b"\r",
    b"\n ",
    b"\r\n\t",
    b"\0",
    b"\\",
    b"\xFF\xFE",
    b"\xC3",
    b";X=\"^n^'\"",
    b"SUMMARY;ENCODING=QUOTED-PRINTABLE:=\n=\n",
];

/// xorshift: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 11).unwrap_or_default() % end.max(1)
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/calendars/programs");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "ics"));
    files.sort();
    // Small files are tried more often in the same time.
    files.iter().map(|path| std::fs::read(path).expect("a file")).filter(|bytes| bytes.len() < 20_000).collect()
}

fn damaged(dice: &mut Dice, seeds: &[Vec<u8>]) -> Vec<u8> {
    let mut file = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        let at = dice.below(file.len());
        let to = (at + dice.below(200)).min(file.len());
        match dice.below(6) {
            0 => drop(file.splice(at..at, PIECES[dice.below(PIECES.len())].iter().copied())),
            1 => drop(file.splice(at..to, std::iter::empty())),
            2 => {
                let copied = file[at..to].to_vec();
                file.splice(at..at, copied);
            }
            3 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len());
                let piece = other[from..(from + 300).min(other.len())].to_vec();
                file.splice(at..to, piece);
            }
            4 => file.truncate(at.max(1)),
            _ => file[at] ^= 1 << dice.below(8),
        }
        if file.is_empty() {
            file.push(b'\n');
        }
    }
    file
}

#[test]
fn no_damaged_file_breaks_the_reader_or_what_is_written_of_it() {
    let (seeds, began, mut dice) = (seeds(), Instant::now(), Dice(0x9E37_79B9_7F4A_7C15));
    assert!(seeds.len() > 40, "{}", seeds.len());
    let mut rounds = 0;
    while rounds < ROUNDS && began.elapsed() < LONGEST {
        let file = damaged(&mut dice, &seeds);
        let kept = std::panic::catch_unwind(|| promises::is_written_as_it_is_read(&file)).is_ok();
        assert!(kept, "round {rounds}:\n{}", String::from_utf8_lossy(&file));
        rounds += 1;
    }
    assert!(rounds > 100, "only {rounds} rounds");
}
