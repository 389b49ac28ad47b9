//! Types that are written by hand in the form of generated ones.

#![allow(dead_code, reason = "not every test uses all of them")]

use intercom_data::{Extra, Id, Map, Timestamp, Value};

#[derive(Clone)]
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

intercom_data::object! {
    Thing;
    required 0, 3, 4;
    text_ids 10;
    integer_ids 0;
    0 "id" id;
    1 "name" name;
    2 "count" count;
    3 "at" at;
    4 "open" open;
    5 "state" state;
    6 "tags" tags;
    7 "parent" parent;
    8 "sizes" sizes;
    9 "subject" subject;
    10 "owner_ids" owner_ids;
    11 "ratio" ratio;
    12 "any" any;
}

/// An object in which another one is required.
#[derive(Clone)]
pub struct Holder {
    pub thing: Thing,
    pub extra: Extra,
}

intercom_data::object! { Holder; required 0; 0 "thing" thing; }

/// An object in which one with a required object is required.
#[derive(Clone)]
pub struct Shelf {
    pub holder: Holder,
    pub extra: Extra,
}

intercom_data::object! { Shelf; required 0; 0 "holder" holder; }

#[derive(Clone)]
pub struct Tag {
    pub id: Id,
    pub label: Option<String>,
    pub extra: Extra,
}

intercom_data::object! { Tag; nullable true; required 0; 0 "id" id; 1 "label" label; }

#[derive(Clone)]
pub struct Page {
    pub data: Vec<Thing>,
    pub total: Option<i64>,
    pub extra: Extra,
}

intercom_data::object! { Page; required 0; list 0; 0 "data" data; 1 "total" total; }

#[derive(Clone)]
pub struct Person {
    pub r#type: Option<String>,
    pub email: Option<String>,
    pub extra: Extra,
}

intercom_data::object! { Person; tag "type" "person"; 0 "type" r#type; 1 "email" email; }

#[derive(Clone)]
pub struct Company {
    pub r#type: Option<String>,
    pub size: Option<i64>,
    pub extra: Extra,
}

intercom_data::object! { Company; tag "type" "company"; 0 "type" r#type; 1 "size" size; }

#[derive(Clone, Debug)]
pub enum Subject {
    Person(Person),
    Company(Company),
    Tag(Tag),
    Text(String),
    Numbers(Vec<i64>),
    Unknown(Value),
}

intercom_data::union_enum! { Subject "kind"; 0 Person; 1 Company; 2 Tag "label"; 3 Text; 4 Numbers; }

#[derive(Clone, Debug)]
pub enum State {
    Open,
    Closed,
    Unknown(String),
}

intercom_data::text_enum! { State; 0 Open "open"; 1 Closed "closed"; }
