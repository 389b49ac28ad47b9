//! The trait of list responses.

/// A response that consists of a list of items, such as `AdminList` or `ContactList`.
pub trait IntoItems {
    /// The type of the items.
    type Item;

    /// Returns the items in order, without nulls; empty if the list is absent.
    fn into_items(self) -> Vec<Self::Item>;
}
