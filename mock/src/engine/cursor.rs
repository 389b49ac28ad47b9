//! Cursors: where the next page of a list begins.

use intercom_catalog::{Pagination, Shape};
use serde_json::{Value, json};

use super::Call;
use super::pages::Entry;

/// Makes a cursor: how many items came before, and the position of the last of them, by which the place is found again if items were added
/// or removed meanwhile. If the parameter is a number, both are packed into it.
pub(super) fn make(call: &Call<'_>, pagination: &Pagination, before: usize, last: Option<&Entry>) -> Value {
    let position = match last {
        Some(Entry::Stored(position)) => *position,
        _ => 0,
    };
    let declared = call.operation.parameter(&pagination.position).filter(|_| !pagination.in_body);
    if declared.is_some_and(|parameter| matches!(parameter.schema.shape, Shape::Integer | Shape::Number)) {
        return json!(((before as u64) << 32) | (position & u64::from(u32::MAX)));
    }
    json!(format!("mock-{before:x}-{position:x}"))
}

/// Reads a cursor: how many items came before, and the position of the last of them, which is 0 where it has none.
fn read(cursor: &str) -> Option<(u64, u64)> {
    if let Ok(number) = cursor.parse::<u64>() {
        return Some((number >> 32, number & u64::from(u32::MAX)));
    }
    let (before, last) = cursor.strip_prefix("mock-")?.split_once('-')?;
    Some((u64::from_str_radix(before, 16).ok()?, u64::from_str_radix(last, 16).ok()?))
}

/// The index of the first item after a cursor; `None` if the text is not a cursor.
pub(super) fn after(cursor: &str, entries: &[Entry]) -> Option<usize> {
    let (before, last) = read(cursor)?;
    let before = usize::try_from(before).ok()?.min(entries.len());
    if last == 0 {
        return Some(before);
    }
    let is_last = |entry: &Entry| matches!(entry, Entry::Stored(position) if *position == last);
    if before.checked_sub(1).and_then(|index| entries.get(index)).is_some_and(is_last) {
        return Some(before);
    }
    if let Some(index) = entries.iter().position(is_last) {
        return Some(index + 1);
    }
    // The item was removed. In creation order, continue with the next position; in another order, assume that one item before
    // the cursor is gone.
    let ordered = entries.windows(2).all(|pair| match pair {
        [Entry::Stored(left), Entry::Stored(right)] => left < right,
        _ => false,
    });
    let later = |entry: &Entry| matches!(entry, Entry::Stored(position) if *position > last);
    Some(if ordered { entries.iter().position(later).unwrap_or(entries.len()) } else { before.saturating_sub(1) })
}
