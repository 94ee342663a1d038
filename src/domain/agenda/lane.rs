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
#[derive(Debug, Clone, Default)]
pub struct Lane {
    stays: Vec<Stay>,
    /// For each stay the latest end up to and including it: how far back a look can reach.
    latest: Vec<i64>,
}

impl Lane {
    /// The lane of these stays.
    #[must_use]
    pub fn new(stays: Vec<Stay>) -> Self {
        let mut lane = Self { stays, latest: Vec::new() };
        lane.settle();
        lane
    }

    /// Adds a stay wherever there is room; the lane is to be [settled](Lane::settle) before it is asked.
    pub fn add(&mut self, stay: Stay) {
        self.stays.push(stay);
    }

    /// Puts in order what was added.
    pub fn settle(&mut self) {
        self.stays.sort_unstable();
        self.latest.clear();
        self.look_back_from(0);
    }

    /// Puts a stay into a lane that is in order.
    pub fn insert(&mut self, stay: Stay) {
        let place = self.stays.partition_point(|other| *other < stay);
        self.stays.insert(place, stay);
        self.look_back_from(place);
    }

    /// Takes a stay out, if it is there.
    pub fn remove(&mut self, stay: Stay) {
        if let Ok(place) = self.stays.binary_search(&stay) {
            self.stays.remove(place);
            self.look_back_from(place);
        }
    }

    /// Finds the latest ends anew from a place on.
    fn look_back_from(&mut self, place: usize) {
        self.latest.truncate(place);
        let mut until = self.latest.last().copied().unwrap_or(i64::MIN);
        self.latest.extend(self.stays[place..].iter().map(|stay| {
            until = until.max(stay.until);
            until
        }));
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
    fn what_comes_and_goes_leaves_the_lane_that_the_rest_would_make() {
        let stay = |from, until, who| Stay { from, until, who };
        let mut changed = Lane::new(vec![stay(0, 100, 0), stay(10, 20, 1), stay(20, 30, 2)]);
        changed.insert(stay(5, 120, 3));
        changed.remove(stay(0, 100, 0));
        changed.remove(stay(10, 20, 9));
        let made = Lane::new(vec![stay(5, 120, 3), stay(10, 20, 1), stay(20, 30, 2)]);
        assert_eq!((changed.stays, changed.latest), (made.stays, made.latest));
    }

    #[test]
    fn a_margin_lets_neighbours_meet() {
        let lane = lane(&[(0, 2), (3, 5), (9, 10)]);
        assert_eq!(pairs(&lane, 1), []);
        assert_eq!(pairs(&lane, 2), [(0, 1)]);
        assert_eq!(pairs(&lane, 5), [(0, 1), (1, 2)]);
    }
}
