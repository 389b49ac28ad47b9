//! Schemas: the shape of a value, and the types that shapes refer to.

use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};

/// The schema of a value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schema {
    /// The kind of value.
    pub shape: Shape,
    /// `string` or `integer`: the declared JSON type of an [`Id`](Shape::Id) or a [`Timestamp`](Shape::Timestamp), which the
    /// API sends in both forms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json_type: Option<String>,
    /// The format that the description declares, such as `email` or `date-time`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// A regular expression that texts have to match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The allowed values, if they are not a separate type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
    /// The bounds.
    #[serde(default, skip_serializing_if = "Limits::is_empty")]
    pub limits: Limits,
    /// The value that the API uses if none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
    /// A value that the description shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
}

/// The kinds of values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// A text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// An identifier: a text or a whole number.
    Id,
    /// A point in time: Unix seconds or a text.
    Timestamp,
    /// Any JSON.
    Any,
    /// An object with any keys and values.
    Object,
    /// A file in a form.
    File,
    /// A list of values.
    List(Box<Schema>),
    /// An object with any keys, whose values have the same schema.
    Map(Box<Schema>),
    /// A value, or null.
    Nullable(Box<Schema>),
    /// The [`Type`] with this name.
    Type(String),
}

/// A type of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Type {
    /// Its name, as in the generated crates: `Contact`.
    pub name: String,
    /// The key below `components.schemas`; `None` for an inline schema.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema_name: Option<String>,
    /// Whether null is one of its values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// Its kind, with the details.
    pub definition: Definition,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// A value that the description shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub example: Option<Value>,
}

/// The kinds of types.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Definition {
    /// An object with declared properties. Other properties are allowed.
    Object {
        /// In the order of the description.
        properties: Vec<Property>,
        /// Sets of properties: a request must have all properties of at least one set. Empty where there is no such rule.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        alternatives: Vec<Vec<String>>,
    },
    /// A text with known values. The API adds values without notice.
    Enum(Vec<EnumValue>),
    /// One of several schemas.
    Union {
        /// The property whose value says which alternative it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tag: Option<String>,
        /// In the order of the description.
        alternatives: Vec<Alternative>,
    },
    /// An alias for a schema.
    Alias(Box<Schema>),
}

/// A property of an object, or a part of a form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Property {
    /// Its key.
    pub name: String,
    /// Its schema.
    pub schema: Schema,
    /// Whether requests must have it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Whether it may be null.
    #[serde(default, skip_serializing_if = "is_false")]
    pub nullable: bool,
    /// Whether responses always have it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub always_present: bool,
    /// The only value that the description allows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// Whether requests must not have it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub read_only: bool,
    /// Whether responses never have it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub write_only: bool,
    /// Whether the description marks it as deprecated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnumValue {
    /// The text.
    pub value: String,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// An alternative of a union.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alternative {
    /// Its schema.
    pub schema: Schema,
    /// The values of the union's tag that select it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
}

/// The bounds of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// The minimum length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_length: Option<u64>,
    /// The maximum length of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u64>,
    /// The lowest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<Number>,
    /// The highest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub maximum: Option<Number>,
    /// Whether the number must be greater than `minimum`.
    #[serde(skip_serializing_if = "is_false")]
    pub exclusive_minimum: bool,
    /// Whether the number must be less than `maximum`.
    #[serde(skip_serializing_if = "is_false")]
    pub exclusive_maximum: bool,
    /// The number must be a multiple of this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple_of: Option<Number>,
    /// The fewest keys of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_properties: Option<u64>,
    /// The most keys of an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_properties: Option<u64>,
    /// The fewest items of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_items: Option<u64>,
    /// The most items of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_items: Option<u64>,
    /// Whether the items of a list must be unique.
    #[serde(skip_serializing_if = "is_false")]
    pub unique_items: bool,
}

impl Limits {
    /// Whether there are no bounds.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

pub(crate) fn is_false(value: &bool) -> bool {
    !value
}
