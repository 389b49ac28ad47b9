//! The directions in which values of a type go in both versions: sent in requests, received in responses, or both. They decide
//! which rules apply to its changes.

use super::rules::Rule;
use crate::ir::Usage;

/// The directions that a type has in both versions. If no direction is the same in both versions, its changes are judged as those of a
/// received type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Directions {
    pub(super) sent: bool,
    pub(super) received: bool,
    /// Whether no direction is the same in both versions, as for a type that was only sent and is now only received.
    pub(super) direction_changed: bool,
}

impl Directions {
    pub(super) fn new(old: &Usage, new: &Usage) -> Self {
        let sent = old.input && new.input;
        let received = old.output && new.output;
        Self { sent, received: received || !sent, direction_changed: !sent && !received }
    }

    /// The rules for these directions.
    pub(super) fn rules(self, sent: &'static Rule, received: &'static Rule) -> Vec<&'static Rule> {
        [(self.sent, sent), (self.received, received)]
            .into_iter()
            .filter(|(applies, _)| *applies)
            .map(|(_, rule)| rule)
            .collect()
    }
}
