//! Counts of the items that refer to another one, such as the contacts of a company.

use std::collections::BTreeSet;

use intercom_catalog::Counted;
use serde_json::Value;

use super::place;
use super::store::{Item, Store};

/// Updates the counts in all items that these items refer to. Pass the old and the new versions of the items.
pub(super) fn refresh<'v>(
    store: &mut Store,
    counted: &[Counted],
    collection: &str,
    items: impl Iterator<Item = &'v Value> + Clone,
) {
    for counted in counted {
        let mut ids = Vec::new();
        items.clone().for_each(|item| place::each(item, &counted.place, &mut ids));
        // An id is a text here, as the index has it.
        for id in ids.into_iter().map(place::text).collect::<BTreeSet<_>>() {
            let id = Value::from(id);
            let count = store.collection(collection).map_or(0, |items| items.find(&counted.place, &id).count());
            let others = store.collection_mut(&counted.collection);
            let Some(position) = others.find("id", &id).next() else { continue };
            let Some(Item { value, changed }) = others.get(position) else { continue };
            let (mut value, changed) = (value.clone(), *changed);
            place::set(&mut value, &counted.at, Value::from(count));
            others.put(position, Item { value, changed });
        }
    }
}
