//! The trait of types that are lists.

/// A type of the API that is a list: `AdminList`, `ContactList`.
pub trait IntoItems {
    /// The type of the items.
    type Item;

    /// Returns the items in order; empty if the list is absent.
    fn into_items(self) -> Vec<Self::Item>;
}
