//! The errors of incomplete lists: the server ended the list too early, or the list changed while it was read.

use std::error::Error as StdError;
use std::fmt;

use super::{Checkpoint, End};
use crate::error::Error;

/// A checkpoint as the source of an error, through which [`Error::checkpoint`] finds it.
#[derive(Clone, Debug)]
struct CheckpointSource(Checkpoint);

/// The error of a list that the server ended too early. `total` is the number of items that it announced; `None` if it only announced that
/// there are more.
pub(super) fn cut_off(end: End, total: Option<u64>, checkpoint: Checkpoint) -> Error {
    let of_total = total.map_or_else(String::new, |total| format!(" of {total}"));
    let reason = match end {
        End::Repeated => "the server sent a position or a page for the second time",
        End::Empty => "a page is empty, although more items are announced",
        _ => "more items are announced, but the position of the next page is missing",
    };
    let message = format!("the list was cut off after {}{of_total} items: {reason}", checkpoint.delivered);
    Error::cut_off(message).with_source(Box::new(CheckpointSource(checkpoint)))
}

/// The error of numbered pages whose total changed from one page to the next.
pub(super) fn list_changed(before: u64, total: u64, checkpoint: Checkpoint) -> Error {
    let message = format!("the list had {before} items and now has {total}: some may be missing or returned twice");
    Error::list_changed(message).with_source(Box::new(CheckpointSource(checkpoint)))
}

impl fmt::Display for CheckpointSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the checkpoint is after {} items", self.0.delivered)
    }
}

impl StdError for CheckpointSource {}

impl Error {
    /// The checkpoint of an error for which [`is_cut_off`](Self::is_cut_off) or [`is_list_changed`](Self::is_list_changed) is true.
    ///
    /// Resuming at it requests the page again at which the stream stopped, and skips the items of that page that were delivered.
    pub fn checkpoint(&self) -> Option<&Checkpoint> {
        self.source()?.downcast_ref::<CheckpointSource>().map(|source| &source.0)
    }
}
