//! The errors of walks that did not see all of a list: where the server cut it off, and where the list changed meanwhile.

use std::error::Error as StdError;
use std::fmt;

use super::{Checkpoint, End};
use crate::error::Error;

/// Where a walk stood: the source of its error.
#[derive(Clone, Debug)]
struct StoodAt(Checkpoint);

/// The error of a walk that the server ended in this way, although it announced `total` items, or more without a number.
pub(super) fn cut_off(end: End, total: Option<u64>, checkpoint: Checkpoint) -> Error {
    let of_total = total.map_or_else(String::new, |total| format!(" of {total}"));
    let reason = match end {
        End::Repeated => "a position or a page came for the second time",
        End::Empty => "a page is empty, although more items are announced",
        _ => "more items are announced, but not the position of their page",
    };
    let message = format!("the walk was cut off after {}{of_total} items: {reason}", checkpoint.delivered);
    Error::cut_off(message).with_source(Box::new(StoodAt(checkpoint)))
}

/// The error of a walk over numbered pages whose total changed between two of them.
pub(super) fn shifted(before: u64, total: u64, checkpoint: Checkpoint) -> Error {
    let message = format!("the list had {before} items and has {total}: some may be missing or come twice");
    Error::shifted(message).with_source(Box::new(StoodAt(checkpoint)))
}

impl fmt::Display for StoodAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the checkpoint is after {} items", self.0.delivered)
    }
}

impl StdError for StoodAt {}

impl Error {
    /// Where the walk stood, for errors of [`is_cut_off`](Self::is_cut_off) and [`is_shifted`](Self::is_shifted).
    ///
    /// A walk that is resumed there asks for the last page again and leaves out the items that were delivered.
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        self.source()?.downcast_ref::<StoodAt>().map(|stood| &stood.0)
    }
}
