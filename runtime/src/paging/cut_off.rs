//! The errors of incomplete lists: where the server stopped too early, and where the list changed meanwhile.

use std::error::Error as StdError;
use std::fmt;

use super::{Checkpoint, End};
use crate::error::Error;

/// A checkpoint as the source of an error.
#[derive(Clone, Debug)]
struct AtCheckpoint(Checkpoint);

/// The error of a list that the server ended too early, although it announced `total` items, or more items without a total.
pub(super) fn cut_off(end: End, total: Option<u64>, checkpoint: Checkpoint) -> Error {
    let of_total = total.map_or_else(String::new, |total| format!(" of {total}"));
    let reason = match end {
        End::Repeated => "a position or a page came for the second time",
        End::Empty => "a page is empty, although more items are announced",
        _ => "more items are announced, but not the position of their page",
    };
    let message = format!("the list was cut off after {}{of_total} items: {reason}", checkpoint.delivered);
    Error::cut_off(message).with_source(Box::new(AtCheckpoint(checkpoint)))
}

/// The error of numbered pages whose total changed from one page to the next.
pub(super) fn list_changed(before: u64, total: u64, checkpoint: Checkpoint) -> Error {
    let message = format!("the list had {before} items and has {total}: some may be missing or come twice");
    Error::list_changed(message).with_source(Box::new(AtCheckpoint(checkpoint)))
}

impl fmt::Display for AtCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the checkpoint is after {} items", self.0.delivered)
    }
}

impl StdError for AtCheckpoint {}

impl Error {
    /// The checkpoint, for errors of [`is_cut_off`](Self::is_cut_off) and [`is_list_changed`](Self::is_list_changed).
    ///
    /// Resuming at it requests the last page again and leaves out the items that were delivered.
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        self.source()?.downcast_ref::<AtCheckpoint>().map(|stood| &stood.0)
    }
}
