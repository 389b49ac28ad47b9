//! Compares a value with its schema, recursively.

use serde_json::{Map, Value};

use super::found::{described, list, text};
use super::{Problem, ProblemKind, Rules, bounds};
use crate::model::Catalog;
use crate::schema::{Alternative, Definition, EnumValue, Property, Schema, Shape, Type};

/// The current place. It is converted to text only if there is a problem.
pub(super) enum Place<'a> {
    Root(&'a str),
    Key(&'a Place<'a>, &'a str),
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    fn pointer(&self) -> String {
        match self {
            Self::Root(pointer) => (*pointer).to_owned(),
            Self::Key(parent, key) => format!("{}/{}", parent.pointer(), key.replace('~', "~0").replace('/', "~1")),
            Self::Index(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}

pub(super) struct Walk<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) rules: Rules,
    pub(super) problems: Vec<Problem>,
}

impl<'a> Walk<'a> {
    pub(super) fn schema(&mut self, schema: &'a Schema, value: &Value, place: &Place<'_>) {
        let before = self.problems.len();
        match (&schema.shape, value) {
            (Shape::Type(name), _) => match self.catalog.type_named(name) {
                Some(ty) => self.named(ty, value, place),
                None => return,
            },
            (Shape::Nullable(_), Value::Null) => return,
            (Shape::Nullable(inner), _) => self.schema(inner, value, place),
            (Shape::List(item), Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    self.schema(item, value, &Place::Index(place, index));
                }
            }
            (Shape::Map(inner), Value::Object(values)) => {
                for (key, value) in values {
                    self.schema(inner, value, &Place::Key(place, key));
                }
            }
            (shape, _) => {
                if let Some(expected) = expected(shape, value) {
                    self.add(ProblemKind::Type, expected.to_owned(), value, place);
                }
            }
        }
        if self.problems.len() > before {
            return;
        }
        if self.rules.closed_enums && !schema.values.is_empty() && !is_listed(&schema.values, value) {
            let values = list(schema.values.iter().map(Value::to_string));
            self.add(ProblemKind::Value, format!("one of {values}"), value, place);
        } else if let Some(expected) = bounds::broken(&schema.limits, value) {
            self.add(ProblemKind::Bounds, expected, value, place);
        }
    }

    fn named(&mut self, ty: &'a Type, value: &Value, place: &Place<'_>) {
        if ty.nullable && value.is_null() {
            return;
        }
        match (&ty.definition, value) {
            (Definition::Alias(schema), _) => self.schema(schema, value, place),
            (Definition::Object { properties, alternatives }, Value::Object(values)) => {
                self.object(properties, alternatives, values, place);
            }
            (Definition::Object { .. }, _) => self.add(ProblemKind::Type, "an object".to_owned(), value, place),
            (Definition::Enum(values), Value::String(text)) => self.enum_text(values, text, value, place),
            (Definition::Enum(_), _) => self.add(ProblemKind::Type, "a text".to_owned(), value, place),
            (Definition::Union { tag, alternatives }, _) => self.union(tag.as_deref(), alternatives, value, place),
        }
    }

    fn enum_text(&mut self, values: &[EnumValue], text: &str, value: &Value, place: &Place<'_>) {
        if self.rules.closed_enums && !values.iter().any(|known| known.value == text) {
            let values = list(values.iter().map(|known| format!("{:?}", known.value)));
            self.add(ProblemKind::Value, format!("one of {values}"), value, place);
        }
    }

    fn object(
        &mut self,
        properties: &'a [Property],
        alternatives: &[Vec<String>],
        values: &Map<String, Value>,
        place: &Place<'_>,
    ) {
        for property in properties {
            let place = Place::Key(place, &property.name);
            match values.get(&property.name) {
                None if self.rules.request && property.required && property.constant.is_none() => {
                    self.missing(expected_of(self.catalog, &property.schema), &place);
                }
                Some(Value::Null) if property.nullable || !self.rules.request || !property.required => {}
                None => {}
                Some(value) => self.property(property, value, &place),
            }
        }
        if self.rules.request && !alternatives.is_empty() {
            let whole = |names: &Vec<String>| names.iter().all(|name| values.get(name).is_some_and(|it| !it.is_null()));
            if !alternatives.iter().any(whole) {
                let sets = list(alternatives.iter().map(|names| names.join(" with ")));
                self.missing(format!("one of {sets}"), place);
            }
        }
        if self.rules.unknown_keys {
            for key in values.keys().filter(|key| properties.iter().all(|property| property.name != **key)) {
                let known = list(properties.iter().map(|property| property.name.clone()));
                self.problems.push(Problem {
                    pointer: Place::Key(place, key).pointer(),
                    kind: ProblemKind::UnknownKey,
                    expected: if known.is_empty() {
                        "there are no keys".to_owned()
                    } else {
                        format!("there are {known}")
                    },
                    found: String::new(),
                });
            }
        }
    }

    fn property(&mut self, property: &'a Property, value: &Value, place: &Place<'_>) {
        if let Some(constant) = &property.constant
            && self.rules.closed_enums
            && text(value) != *constant
        {
            return self.add(ProblemKind::Value, format!("{constant:?}"), value, place);
        }
        self.schema(&property.schema, value, place);
    }

    /// Compares with the alternatives that the tag names, or else with all, and adds the problems of the one that fits best.
    fn union(&mut self, tag: Option<&str>, alternatives: &'a [Alternative], value: &Value, place: &Place<'_>) {
        let tagged = tag.and_then(|tag| value.get(tag)).and_then(Value::as_str);
        if let Some(tagged) = tagged {
            let mut named = alternatives.iter().filter(|it| it.tags.iter().any(|tag| tag == tagged)).peekable();
            if named.peek().is_some() {
                return self.best(named, value, place);
            }
            if !self.rules.closed_enums {
                return;
            }
        }
        self.best(alternatives.iter(), value, place);
    }

    fn best(&mut self, alternatives: impl Iterator<Item = &'a Alternative>, value: &Value, place: &Place<'_>) {
        let mut best: Option<Vec<Problem>> = None;
        for alternative in alternatives {
            let mut walk = Walk { catalog: self.catalog, rules: self.rules, problems: Vec::new() };
            walk.schema(&alternative.schema, value, place);
            if walk.problems.is_empty() {
                return;
            }
            if best.as_ref().is_none_or(|best| distance(&walk.problems, place) < distance(best, place)) {
                best = Some(walk.problems);
            }
        }
        self.problems.extend(best.into_iter().flatten());
    }

    fn missing(&mut self, expected: String, place: &Place<'_>) {
        self.problems.push(Problem {
            pointer: place.pointer(),
            kind: ProblemKind::Missing,
            expected,
            found: String::new(),
        });
    }

    fn add(&mut self, kind: ProblemKind, expected: String, value: &Value, place: &Place<'_>) {
        self.problems.push(Problem { pointer: place.pointer(), kind, expected, found: described(value) });
    }
}

/// How much the value at a place differs from an alternative: a wrong type of the value itself counts more than any number of
/// differences inside of it.
fn distance(problems: &[Problem], place: &Place<'_>) -> (bool, usize) {
    let pointer = place.pointer();
    let wrong_type = problems.iter().any(|it| it.kind == ProblemKind::Type && it.pointer == pointer);
    (wrong_type, problems.len())
}

fn is_listed(values: &[Value], value: &Value) -> bool {
    value.is_null() || values.iter().any(|known| known == value || text(known) == text(value))
}

/// What a shape expects, if the value has another JSON type.
fn expected(shape: &Shape, value: &Value) -> Option<&'static str> {
    let whole = value.is_i64() || value.is_u64();
    let (fits, expected) = match shape {
        Shape::String => (value.is_string(), "a text"),
        Shape::File => (value.is_string() || value.is_object(), "a file"),
        Shape::Boolean => (value.is_boolean(), "true or false"),
        Shape::Integer => (whole, "a whole number"),
        Shape::Number => (value.is_number(), "a number"),
        Shape::Id => (whole || value.is_string(), "a text or a whole number"),
        Shape::Timestamp => (whole || value.is_string(), "Unix seconds or a date"),
        Shape::Object | Shape::Map(_) => (value.is_object(), "an object"),
        Shape::List(_) => (value.is_array(), "a list"),
        Shape::Any | Shape::Nullable(_) | Shape::Type(_) => (true, "a value"),
    };
    (!fits).then_some(expected)
}

/// What a schema expects, in words.
fn expected_of(catalog: &Catalog, schema: &Schema) -> String {
    match &schema.shape {
        Shape::Type(name) => match catalog.type_named(name).map(|ty| &ty.definition) {
            Some(Definition::Enum(values)) => {
                format!("one of {}", list(values.iter().map(|known| format!("{:?}", known.value))))
            }
            Some(Definition::Object { .. }) => "an object".to_owned(),
            Some(Definition::Alias(schema)) => expected_of(catalog, schema),
            _ => "a value".to_owned(),
        },
        Shape::Nullable(inner) => expected_of(catalog, inner),
        // Null has none of the expected types, so this returns what the shape expects.
        shape => expected(shape, &Value::Null).unwrap_or("a value").to_owned(),
    }
}
