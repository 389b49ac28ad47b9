//! What operations do to the data of a workspace, as far as a mock server imitates it.
//!
//! A template is JSON in which texts refer to the call: `$body.email`, `$path.contact_id`, `$query.name`, `$item.id` (the item
//! of the collection), `$other.id` (the item of [`Related`]), `$id` (a new id, that of the item where one is created), `$now`
//! (Unix seconds), `$date` (the same as text), `$server` (the base URL), `$done` (`created`, `updated` or `deleted`),
//! `$count.body.contacts` (how many items a list has), `$along.id` (the last item of the operations in [`Resource::also`]) and `$failed` (how many
//! of these were refused, where some were). The parameters of the path are also `$path.first` and `$path.last`. `$body.name|$body.email|nobody` takes the first that is there and not null; `contact.{$item.role}.created`
//! has a reference inside of a text. A key whose reference leads to nothing is left out. An object with the key
//! `$each` stands for a list: the rest of it is evaluated for each item of the list under that key, with the item as `$item`. With
//! the key `$value`, the value of that one key is the item of the new list.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::schema::is_false;

/// What an operation does to a collection. Places are dotted paths of an item; lists on the way stand for each of their items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// The collection: `contacts`.
    pub collection: String,
    /// What is done.
    pub action: Action,
    /// Which item is meant: a place and the template of its value. The first whose template has a value decides. Empty: the
    /// place `id` and the last parameter of the path.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub find: Map<String, Value>,
    /// Another item that has to exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Related>,
    /// A list of the other item: those of the collection that it refers to by id are listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Which items are listed: a place and the template of its value. One without a value does not filter.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub filter: Map<String, Value>,
    /// Which items are not listed and not found by a search: a place and its value.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub without: Map<String, Value>,
    /// The places of `filter` with which the item itself is answered instead of a list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub single: Vec<String>,
    /// The places in which the text `$query.phrase` is looked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phrase: Vec<String>,
    /// The places that the fields of a search stand for, where they are not places themselves.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    /// Fields of a search of which only a part counts: what comes after the last occurrence of a text.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub after: Map<String, Value>,
    /// How many items a page has where the call does not say it and the example does not show it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per_page: Option<u32>,
    /// What no two items may have in common.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unique: Vec<Unique>,
    /// Custom attributes in the body, which other items have to define.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defined: Vec<Defined>,
    /// A count of the items of this collection that refer to an item of another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// Operations that are done along with this one, before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Also>,
    /// Whether a new workspace has the items that the operation's example shows.
    #[serde(default, skip_serializing_if = "is_false")]
    pub seeded: bool,
    /// The properties that a new item takes from the example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keep: Vec<String>,
    /// The properties of the body that do not become those of the item; `*` stands for all. `id` and `type` never do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignore: Vec<String>,
    /// The changes of every call.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
    /// Further changes that depend on a value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<Case>,
    /// Whether values that the item lacks are taken from the other item.
    #[serde(default, skip_serializing_if = "is_false")]
    pub fill: bool,
    /// Whether the other item is removed.
    #[serde(default, skip_serializing_if = "is_false")]
    pub drop: bool,
    /// The template of the answer; without it, the answer is the item, or the operation's example with the item's values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Value>,
}

/// What is done to a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// An item is added.
    Create,
    /// The item that is meant is changed, or added where there is none.
    Upsert,
    /// An item is answered.
    Find,
    /// Items are answered.
    List,
    /// Items that a query in the body selects are answered.
    Search,
    /// An item is changed.
    Update,
    /// An item is removed.
    Delete,
}

/// Another item that a call is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Related {
    /// Its collection.
    pub collection: String,
    /// Which item is meant, as in [`Resource::find`].
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub find: Map<String, Value>,
    /// Whether the call goes on where nothing says which item is meant.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
}

/// A place whose values differ from item to item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// The place.
    pub place: String,
    /// The items among which it is unique: a place and its value.
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
    /// Which items of the collection count: a place and its value.
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

/// An operation that is done along with another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Also {
    /// Its operation id. It gets the same body.
    pub operation: String,
    /// The template of a list: the operation is done for each item of it, with the item as its body and the item's id in its
    /// path.
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
    /// Lists and the templates of values that are added to them, in place of one with the same id.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub push: Map<String, Value>,
    /// Lists and the templates of changes of the value with the same id.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub edit: Map<String, Value>,
    /// Lists and the templates of the ids of values that are removed from them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub remove: Map<String, Value>,
    /// Numbers and what is added to them.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub add: Map<String, Value>,
    /// The template of the topic of the webhook that tells of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// The template of what the webhook is about; without it, the item.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Value>,
}

impl Changes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Changes that are made where a template has a certain value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The template.
    pub of: String,
    /// The value; `*` stands for any.
    pub is: Value,
    /// The changes.
    #[serde(default, skip_serializing_if = "Changes::is_empty")]
    pub changes: Changes,
}
