//! What lists of the API have in common.

/// A type of the API that is a list: `AdminList`, `ContactList`.
pub trait IntoItems {
    /// What the list holds.
    type Item;

    /// The items, in their order; none where the list is absent.
    fn into_items(self) -> Vec<Self::Item>;
}
