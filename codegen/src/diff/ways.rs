//! Which ways the values of a type go, and so which rules its changes fall under.

use super::fit::{Way, fits};
use super::pairs::Pairs;
use super::rules::Rule;
use crate::ir::{Ty, Usage};

/// Which ways values of a type go, before and after.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways {
    pub(super) sent: bool,
    pub(super) received: bool,
    /// Whether it went another way before, so that nobody who reads it now read it then.
    pub(super) turned: bool,
}

impl Ways {
    pub(super) fn new(old: &Usage, new: &Usage) -> Self {
        let sent = old.input && new.input;
        let received = old.output && new.output;
        // The changes of a type that turned are told as those of code that reads it.
        Self { sent, received: received || !sent, turned: !sent && !received }
    }

    /// The rules for the ways that values go.
    pub(super) fn rules(self, sent: &'static Rule, received: &'static Rule) -> Vec<&'static Rule> {
        [(self.sent, sent), (self.received, received)]
            .into_iter()
            .filter(|(goes, _)| *goes)
            .map(|(_, rule)| rule)
            .collect()
    }

    /// Whether a new type has room for what an old one held, in all the ways that values go.
    pub(super) fn fit(self, pairs: &Pairs<'_>, old: &Ty, new: &Ty) -> (bool, bool) {
        (fits(pairs, Way::Request, old, new), fits(pairs, Way::Response, old, new))
    }
}
