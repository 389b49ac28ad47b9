//! Faults that tests ask for: statuses, waits, cut connections, bodies that are not JSON.

use std::time::Duration;

use crate::random::Random;

/// What goes wrong with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An answer with this status, of `200..=999`, and an `error.list`; nothing is changed.
    Status(u16),
    /// An answer with this status, of `200..=999`, and this body; nothing is changed.
    Body(u16, String),
    /// The call is served at once, and the answer is sent after this wait, which takes real time and replaces the wait of
    /// [`ServerBuilder::latency`](crate::ServerBuilder::latency).
    Latency(Duration),
    /// The connection is closed before an answer; nothing is changed.
    Cut,
    /// The call is served, but the connection is closed in the middle of the answer's body.
    CutBody,
    /// An answer of status 200 whose body is not JSON; nothing is changed.
    Garbage,
}

/// A fault with the calls that it is for.
#[derive(Debug)]
struct Planned {
    fault: Fault,
    /// How many calls it is still for; `None` for all.
    times: Option<u32>,
    operation: Option<String>,
}

/// The faults of a server.
#[derive(Debug)]
pub(crate) struct Faults {
    planned: Vec<Planned>,
    /// The probability that a call without a planned fault fails with 500 or 503, in `0.0..=1.0`.
    chance: f64,
    random: Random,
}

impl Faults {
    pub(crate) fn new(chance: f64, seed: u64) -> Self {
        Self { planned: Vec::new(), chance, random: Random::new(seed) }
    }

    pub(crate) fn plan(&mut self, fault: Fault) -> usize {
        self.planned.push(Planned { fault, times: Some(1), operation: None });
        self.planned.len() - 1
    }

    pub(crate) fn times(&mut self, index: usize, times: Option<u32>) {
        if let Some(planned) = self.planned.get_mut(index) {
            planned.times = times;
        }
    }

    pub(crate) fn on(&mut self, index: usize, operation: &str) {
        if let Some(planned) = self.planned.get_mut(index) {
            planned.operation = Some(operation.to_owned());
        }
    }

    pub(crate) fn at_random(&mut self, chance: f64, seed: u64) {
        (self.chance, self.random) = (chance, Random::new(seed));
    }

    pub(crate) fn clear(&mut self) {
        self.planned.clear();
        self.chance = 0.0;
    }

    /// Takes the fault of a call: the first that is planned for it, else perhaps one at random. `operation` is `None` for a call that
    /// belongs to no operation.
    pub(crate) fn next(&mut self, operation: Option<&str>) -> Option<Fault> {
        let planned = self.planned.iter_mut().find(|planned| {
            planned.times != Some(0) && planned.operation.as_deref().is_none_or(|it| Some(it) == operation)
        });
        if let Some(planned) = planned {
            if let Some(times) = &mut planned.times {
                *times -= 1;
            }
            return Some(planned.fault.clone());
        }
        if self.chance > 0.0 && self.random.chance() < self.chance {
            return Some(Fault::Status(if self.random.chance() < 0.5 { 500 } else { 503 }));
        }
        None
    }
}
