//! Describes what operations do with the data of a workspace. A mock server interprets these descriptions.
//!
//! A template is JSON in which texts refer to the call: `$body.email`, `$path.contact_id`, `$item.id`. docs/overlays.md lists the
//! references and explains lists in templates, in the section "Places and templates".

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::schema::is_false;

/// What an operation does to a collection. Places are dotted paths in an item. A list in a path means each of its items, except in
/// [`Unique`], [`Defined`], [`Changes`] and [`Counted::at`], where a path must not lead through a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The collection: `contacts`.
    pub collection: String,
    /// What is done.
    pub action: Action,
    /// How the item is found: places with templates of their values. The first whose template has a value is used. If empty:
    /// the place `id` and the last parameter of the path.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub find: Map<String, Value>,
    /// Another item that the call refers to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Related>,
    /// The place of a list in the other item (see `with`): the items that it refers to are listed instead of the whole collection.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Which items are listed: places with templates of their values. A template without a value does not filter.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub filter: Map<String, Value>,
    /// Which items are never listed or found by a search: places with values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub without: Map<String, Value>,
    /// Places of `filter`: a call that filters by one of them returns the item itself instead of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub single: Vec<String>,
    /// The places that are searched for the text of the query parameter `phrase`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrase: Vec<String>,
    /// The places that correspond to the fields of a search, if their names differ.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// Fields of a search, each with a separator, as in `{email_domain: '@'}`: only the text after its last occurrence in the item's
    /// value is compared.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub after: Map<String, Value>,
    /// The page size if the call gives none. Without it, the page size of the example or, if the example has none, 20; for a scroll, 100.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
    /// Values that must be unique.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Unique>,
    /// Custom attributes in the body that must be defined by other items.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defined: Vec<Defined>,
    /// A count of the items of this collection that refer to an item of another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// Operations to carry out before this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    /// Whether a new workspace has the items of the operation's example.
    #[serde(default, skip_serializing_if = "is_false")]
    pub seeded: bool,
    /// The properties that a new item copies from the example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// The properties of the body that are not copied to the item; `*` means all. Others are copied if the item or its type has them and
    /// their values fit the type, except `id` and `type`, which are never copied.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// The changes that are made by each call that creates, updates or finds an item. A GET changes nothing without `cases`; with them it
    /// makes the changes of `changes` and those of the matching cases. Of the changes of a deletion, only `topic` and `notice` count;
    /// lists and searches have none.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
    /// Further changes that depend on a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// Whether values that the item lacks, or for which it has null, are copied from the other item.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fill: bool,
    /// Whether the other item is removed; by a deletion, it is not.
    #[serde(default, skip_serializing_if = "is_false")]
    pub drop: bool,
    /// The template of the response to an operation on one item. Without it, the response is the item; after a deletion, it is the
    /// operation's example with the item's values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Value>,
}

/// What is done to a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An item is added.
    Create,
    /// The item is changed, or added if it does not exist.
    Upsert,
    /// An item is returned. `cases` may change it first: the status of an export advances each time it is asked for.
    Find,
    /// Items are returned.
    List,
    /// Items that a query in the body selects are returned.
    Search,
    /// An item is changed.
    Update,
    /// An item is removed.
    Delete,
}

/// Another item that a call refers to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// Its collection.
    pub collection: String,
    /// How the item is found, as in [`Resource::find`].
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub find: Map<String, Value>,
    /// Whether the call succeeds if it names no such item, or one that does not exist.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
}

/// A place whose values must be unique.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// The place.
    pub place: String,
    /// The items among which it is unique: places and their values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub among: Map<String, Value>,
}

/// An object of the body whose keys are names of other items, each of which defines the type of its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defined {
    /// The place of the object in the body: `custom_attributes`.
    pub place: String,
    /// The collection of the definitions. They have a `name`, a `data_type` and perhaps `options`; one that is `archived` does
    /// not count.
    pub collection: String,
    /// Which items of the collection count: places and their values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub among: Map<String, Value>,
}

/// A count that an item has of the items that refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The place of the ids in the items that refer.
    pub place: String,
    /// The collection that they refer to.
    pub collection: String,
    /// The place of the count.
    pub at: String,
}

/// An operation that is carried out before another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// Its [`operation_id`](crate::Operation::operation_id), such as `createTicket`. Without `each`, it gets the body of the call, and if
    /// the operation fails, the call fails.
    pub operation: String,
    /// The template of a list: the operation is carried out for each item of the list, with the item as its body and the item's id in its
    /// path. Runs that fail are counted; the call does not fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
}

/// Changes of an item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    /// Places and the templates of their new values.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub set: Map<String, Value>,
    /// Lists and the templates of values to add to them. If a list has a value with the same id, the new one is merged into it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub push: Map<String, Value>,
    /// Lists and the templates of objects with an `id`. Each is merged into the value of the list that has this id, if there is one.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub edit: Map<String, Value>,
    /// Lists and the templates of the ids of values to remove from them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub remove: Map<String, Value>,
    /// Numbers and the templates of the amounts to add to them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub add: Map<String, Value>,
    /// The template of the topic of the webhook notification.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The template of the item of the webhook notification; without it, the changed item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Value>,
}

impl Changes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Changes that are made if a template has a certain value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The template.
    pub of: String,
    /// The value; `"*"` means any value but null.
    pub is: Value,
    /// The changes.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
}
