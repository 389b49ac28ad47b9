//! Detection of cursors that repeat, in limited memory.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

/// How many cursors are remembered. Most lists have fewer pages, and the memory is about that of one page.
const MAX_REMEMBERED: usize = 8192;

/// Detects cycles with the hashes of recent cursors. A cycle of fewer than [`MAX_REMEMBERED`] cursors is detected at its second
/// repetition at the latest. A longer one is detected by Brent's algorithm, which remembers one cursor and replaces it whenever the number
/// of steps is a power of two.
#[derive(Debug, Default)]
pub(super) struct CycleDetector {
    recent: HashSet<u64>,
    mark: Option<u64>,
    steps: u64,
}

impl CycleDetector {
    /// Adds a cursor. Returns `false` if it is one of those that are remembered.
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
    use super::CycleDetector;

    #[test]
    fn cycles_of_any_length_are_detected() {
        for (cycle, max_steps) in [(1, 2), (3, 4), (5000, 5001), (20_000, 80_000)] {
            let mut seen = CycleDetector::default();
            let steps = (0..).take_while(|step| seen.insert(&(step % cycle).to_string())).count();
            assert!(steps < max_steps, "a cycle of {cycle} went on for {steps}");
        }
        let mut seen = CycleDetector::default();
        assert!((0..100_000).all(|step: i32| seen.insert(&step.to_string())));
        assert!(seen.recent.len() <= super::MAX_REMEMBERED);
    }
}
