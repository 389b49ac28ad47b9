//! Detection of repeated cursors, in bounded memory.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many cursors are remembered: more pages than most lists have, in about as much memory as one page.
const MAX_REMEMBERED: usize = 8192;

/// The hashes of recent cursors. A cycle of fewer than [`MAX_REMEMBERED`] cursors is detected at its second repetition at
/// the latest. A longer one is detected by Brent's algorithm, which remembers one cursor and replaces it after each
/// power of two steps.
#[derive(Debug, Default)]
pub(super) struct Seen {
    recent: HashSet<u64>,
    mark: Option<u64>,
    steps: u64,
}

impl Seen {
    /// Adds a cursor. Returns `false` where it was there before.
    pub(super) fn insert(&mut self, cursor: &str) -> bool {
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        let hash = hasher.finish();
        if self.mark == Some(hash) || !self.recent.insert(hash) {
            return false;
        }
        if self.recent.len() >= MAX_REMEMBERED {
            self.recent.clear();
        }
        self.steps += 1;
        if self.steps.is_power_of_two() {
            self.mark = Some(hash);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Seen;

    #[test]
    fn short_cycles_end_at_once_and_long_ones_end() {
        for (cycle, most) in [(1, 2), (3, 4), (5000, 5001), (20_000, 80_000)] {
            let mut seen = Seen::default();
            let steps = (0..).take_while(|step| seen.insert(&(step % cycle).to_string())).count();
            assert!(steps < most, "a cycle of {cycle} went on for {steps}");
        }
        let mut seen = Seen::default();
        assert!((0..100_000).all(|step: i32| seen.insert(&step.to_string())));
        assert!(seen.recent.len() <= super::MAX_REMEMBERED);
    }
}
