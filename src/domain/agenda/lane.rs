//! One lane of a calendar: stays side by side in time, found by what they overlap.

/// Something that stays from `from` until just before `until`, in whatever unit its lane counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stay {
    /// The first second, or day.
    pub from: i64,
    /// The first one after it.
    pub until: i64,
    /// Who stays: a number that only the owner of the lane understands.
    pub who: u32,
}

/// Stays in order of their beginning.
#[derive(Debug, Default)]
pub struct Lane {
    stays: Vec<Stay>,
    /// For each stay the latest end up to and including it: how far back a look can reach.
    latest: Vec<i64>,
}

impl Lane {
    /// The lane of these stays.
    #[must_use]
    pub fn new(mut stays: Vec<Stay>) -> Self {
        stays.sort_unstable();
        let mut until = i64::MIN;
        let latest = stays.iter().map(|stay| {
            until = until.max(stay.until);
            until
        });
        Self { latest: latest.collect(), stays }
    }

    /// Who overlaps `from..until`, in order of their beginning.
    ///
    /// Costs a binary search and the way back to the first stay that could still last until `from`.
    pub fn meeting(&self, from: i64, until: i64) -> impl Iterator<Item = u32> {
        let end = self.stays.partition_point(|stay| stay.from < until);
        let start = self.latest[..end].partition_point(|latest| *latest <= from);
        self.stays[start..end].iter().filter(move |stay| stay.until > from).map(|stay| stay.who)
    }

    /// Calls `visit` once for each two that overlap, or would if every stay were `margin` longer.
    ///
    /// A sweep: the cost is the sum of the stays and of the pairs that are visited.
    pub fn pairs(&self, margin: i64, mut visit: impl FnMut(u32, u32)) {
        for (place, one) in self.stays.iter().enumerate() {
            let later = &self.stays[place + 1..];
            for other in later.iter().take_while(|other| other.from < one.until.saturating_add(margin)) {
                visit(one.who, other.who);
            }
        }
    }

    /// Calls `visit` for each two, one from here and one from the other lane, as [`pairs`](Self::pairs) does.
    pub fn pairs_with(&self, other: &Self, margin: i64, mut visit: impl FnMut(u32, u32)) {
        for one in &self.stays {
            let near = other.meeting(one.from.saturating_sub(margin), one.until.saturating_add(margin));
            near.for_each(|who| visit(one.who, who));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lane(stays: &[(i64, i64)]) -> Lane {
        let numbered = stays.iter().zip(0..);
        Lane::new(numbered.map(|(&(from, until), who)| Stay { from, until, who }).collect())
    }

    fn pairs(lane: &Lane, margin: i64) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        lane.pairs(margin, |a, b| found.push((a.min(b), a.max(b))));
        found.sort_unstable();
        found
    }

    #[test]
    fn touching_stays_do_not_meet_and_a_long_one_meets_all_within() {
        let lane = lane(&[(0, 100), (10, 20), (20, 30), (100, 110)]);
        assert_eq!(pairs(&lane, 0), [(0, 1), (0, 2)]);
        assert_eq!(lane.meeting(20, 100).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(lane.meeting(110, 120).count(), 0);
    }

    #[test]
    fn a_margin_lets_neighbours_meet() {
        let lane = lane(&[(0, 2), (3, 5), (9, 10)]);
        assert_eq!(pairs(&lane, 1), []);
        assert_eq!(pairs(&lane, 2), [(0, 1)]);
        assert_eq!(pairs(&lane, 5), [(0, 1), (1, 2)]);
    }
}
