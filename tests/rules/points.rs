//! Each of the 24 things that calendar programs need of a feed, and each of the 15 gaps of the library that writes it,
//! has a test that names it: `p07_…`, or `h7_…` (HTTP) and `b13_…` (body); `w3_…`.

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn every_point_and_every_gap_has_a_test_that_names_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [
        "src/ical/write/tests/everything.rs",
        "src/ical/write/tests/mod.rs",
        "src/ical/write/tests/points.rs",
        "src/ical/fold.rs",
        "tests/web/feeds.rs",
        "tests/web/feed_points.rs",
        "tests/journeys/kept_feeds.rs",
    ];
    let (mut points, mut gaps) = (BTreeSet::new(), BTreeSet::new());
    for file in files {
        let text = std::fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for name in text.lines().filter_map(|line| line.trim().strip_prefix("fn ")) {
            for part in name.split('_') {
                let (letter, number) = part.split_at(part.len().min(1));
                match (letter, number.parse::<u32>()) {
                    ("p" | "h" | "b", Ok(number)) => drop(points.insert(number)),
                    ("w", Ok(number)) => drop(gaps.insert(number)),
                    _ => {}
                }
            }
        }
    }
    assert_eq!(points, (1..=24).collect());
    assert_eq!(gaps, (1..=15).collect());
}
