//! Deduplication of notifications. Intercom sends a notification again if it gets no 2xx response within five seconds.

use std::collections::{HashSet, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A store of the ids of notifications that were received: in memory ([`RecentNotifications`]), or shared by several processes, such
/// as that of the crate `intercom-throttle-redis`.
pub trait SeenNotifications: Send + Sync {
    /// Stores the id, and returns whether it is new. If the store cannot be reached, it returns `true`, since handling a notification
    /// twice is better than losing it.
    fn first_time(&self, id: &str) -> impl Future<Output = bool> + Send;
}

/// Remembers recent ids in the memory of this process.
#[derive(Debug)]
pub struct RecentNotifications {
    window: Duration,
    capacity: usize,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    ids: HashSet<String>,
    order: VecDeque<(Instant, String)>,
}

impl Seen {
    fn forget_oldest(&mut self) {
        if let Some((_, oldest)) = self.order.pop_front() {
            self.ids.remove(&oldest);
        }
    }
}

impl RecentNotifications {
    /// Remembers ids for `window`, but at most `capacity` ids. Choose a `window` of more than a minute: if Intercom gets no 2xx response in
    /// time, it sends the notification once more after a minute.
    pub fn new(window: Duration, capacity: usize) -> Self {
        Self { window, capacity, seen: Mutex::default() }
    }

    fn first_time_at(&self, id: &str, now: Instant) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        while let Some((since, _)) = seen.order.front()
            && now.duration_since(*since) >= self.window
        {
            seen.forget_oldest();
        }
        if seen.ids.contains(id) {
            return false;
        }
        if self.capacity == 0 {
            return true;
        }
        while seen.order.len() >= self.capacity {
            seen.forget_oldest();
        }
        seen.ids.insert(id.to_owned());
        seen.order.push_back((now, id.to_owned()));
        true
    }
}

impl Default for RecentNotifications {
    /// Remembers ids for ten minutes, but at most 100,000 ids.
    fn default() -> Self {
        Self::new(Duration::from_secs(600), 100_000)
    }
}

impl SeenNotifications for RecentNotifications {
    fn first_time(&self, id: &str) -> impl Future<Output = bool> + Send {
        std::future::ready(self.first_time_at(id, Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_new_once_within_the_window() {
        let (seen, start) = (RecentNotifications::new(Duration::from_secs(60), 10), Instant::now());
        assert!(seen.first_time_at("a", start));
        assert!(!seen.first_time_at("a", start + Duration::from_secs(59)));
        assert!(seen.first_time_at("a", start + Duration::from_secs(60)));
    }

    #[test]
    fn the_oldest_ids_are_forgotten_first() {
        let (seen, now) = (RecentNotifications::new(Duration::from_secs(60), 2), Instant::now());
        assert!(["a", "b", "c"].iter().all(|id| seen.first_time_at(id, now)));
        assert!(!seen.first_time_at("c", now));
        assert!(seen.first_time_at("a", now));
        assert_eq!(seen.seen.lock().unwrap().ids.len(), 2);
    }

    #[test]
    fn a_full_store_still_knows_its_oldest_id() {
        let now = Instant::now();
        for capacity in [1, 2] {
            let seen = RecentNotifications::new(Duration::from_secs(60), capacity);
            assert!(["a", "b"][..capacity].iter().all(|id| seen.first_time_at(id, now)));
            assert!(!seen.first_time_at("a", now), "{capacity}");
        }
        let none = RecentNotifications::new(Duration::from_secs(60), 0);
        assert!((0..2).all(|_| none.first_time_at("a", now)));
    }

    #[test]
    fn an_id_is_new_to_only_one_of_many_threads() {
        let seen = RecentNotifications::default();
        let firsts: usize = std::thread::scope(|scope| {
            let threads: Vec<_> =
                (0..8).map(|_| scope.spawn(|| usize::from(seen.first_time_at("a", Instant::now())))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(firsts, 1);
    }
}
