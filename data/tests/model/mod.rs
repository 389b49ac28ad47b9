//! Types as a generator emits them, written by hand.

#![allow(dead_code, reason = "not every test uses all of them")]

use intercom_data::{Extra, Field, Id, Map, Object, Place, Shape, TextEnum, Timestamp, Value};

/// Lists the fields of an object.
macro_rules! fields {
    ($type:ident { $($number:literal $field:ident),* $(,)? } $shape:expr) => {
        impl Object for $type {
            fn shape() -> &'static Shape {
                const { &$shape }
            }

            fn place(&mut self, field: usize) -> Option<&mut dyn Place> {
                Some(match field {
                    $($number => &mut self.$field,)*
                    _ => return None,
                })
            }

            fn field(&self, field: usize) -> Option<&dyn Field> {
                Some(match field {
                    $($number => &self.$field,)*
                    _ => return None,
                })
            }

            fn extra(&self) -> &Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut Extra {
                &mut self.extra
            }

            fn clear(&mut self) {
                *self = Self::default();
            }
        }

        intercom_data::object!($type);
    };
}

#[derive(Clone, Default)]
pub struct Thing {
    pub id: Id,
    pub name: Option<String>,
    pub count: Option<i64>,
    pub at: Timestamp,
    pub open: bool,
    pub state: Option<State>,
    pub tags: Option<Vec<Tag>>,
    pub parent: Option<Box<Thing>>,
    pub sizes: Option<Map<i64>>,
    pub subject: Option<Subject>,
    pub owner_ids: Option<Vec<Id>>,
    pub ratio: Option<f64>,
    pub any: Option<Value>,
    pub extra: Extra,
}

fields! {
    Thing {
        0 id, 1 name, 2 count, 3 at, 4 open, 5 state, 6 tags, 7 parent, 8 sizes, 9 subject, 10 owner_ids, 11 ratio, 12 any,
    }
    Shape::new(
        "Thing",
        &[
            "id", "name", "count", "at", "open", "state", "tags", "parent", "sizes", "subject", "owner_ids", "ratio", "any",
        ],
    )
    .required(&[0, 3, 4])
    .integer_ids(&[0])
    .text_ids(&[10])
}

#[derive(Clone, Default)]
pub struct Tag {
    pub id: Id,
    pub label: Option<String>,
    pub extra: Extra,
}

fields! { Tag { 0 id, 1 label } Shape::new("Tag", &["id", "label"]).required(&[0]) }

#[derive(Clone, Default)]
pub struct Page {
    pub data: Vec<Thing>,
    pub total: Option<i64>,
    pub extra: Extra,
}

fields! { Page { 0 data, 1 total } Shape::new("Page", &["data", "total"]).required(&[0]).list(0) }

#[derive(Clone, Default)]
pub struct Person {
    pub r#type: Option<String>,
    pub email: Option<String>,
    pub extra: Extra,
}

fields! { Person { 0 r#type, 1 email } Shape::new("Person", &["type", "email"]).tags(&[("type", &["person"])]) }

#[derive(Clone, Default)]
pub struct Company {
    pub r#type: Option<String>,
    pub size: Option<i64>,
    pub extra: Extra,
}

fields! { Company { 0 r#type, 1 size } Shape::new("Company", &["type", "size"]).tags(&[("type", &["company"])]) }

#[derive(Clone, Debug)]
pub enum Subject {
    Person(Person),
    Company(Company),
    Tag(Tag),
    Text(String),
    Numbers(Vec<i64>),
    Unknown(Value),
}

intercom_data::union_enum!(Subject [
    Self::Person, Self::Company, Self::Tag = "kind" "label", Self::Text, Self::Numbers,
]);

#[derive(Clone, Debug)]
pub enum State {
    Open,
    Closed,
    Unknown(String),
}

impl TextEnum for State {
    const KNOWN: &'static [Self] = &[Self::Open, Self::Closed];
    const TEXTS: &'static [&'static str] = &["open", "closed"];

    fn as_str(&self) -> &str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Unknown(text) => text,
        }
    }

    fn unknown(text: String) -> Self {
        Self::Unknown(text)
    }
}

intercom_data::text_enum!(State);
