//! Writes the values of a description's examples, and made-up values, as Rust expressions.

use serde_json::Value;

use super::code::Code;
use crate::ir::{Field, RustName, Struct, Ty, TypeDef, TypeKind, TypeTable, Union};

/// How many optional fields of an object inside an example are set at most.
const MOST_FIELDS: usize = 12;
/// The longest text that an example shows, in characters.
const LONGEST_TEXT: usize = 60;

/// Writes values of the types of an API.
pub(super) struct Values<'a> {
    pub(super) types: &'a TypeTable,
}

impl Values<'_> {
    /// The value of a required field: from the example of the object, from the field's own example, or made up.
    pub(super) fn required(&self, field: &Field, example: Option<&Value>) -> Option<Code> {
        example
            .and_then(|example| example.get(&field.wire.0))
            .and_then(|value| self.argument(&field.ty, value))
            .or_else(|| field.metadata.example.as_ref().and_then(|value| self.argument(&field.ty, value)))
            .or_else(|| self.placeholder(&field.ty, &field.ident))
    }

    /// An expression for an argument of a method, which converts it if its type is `impl Into<T>`. `None` if the value cannot be shown.
    pub(super) fn argument(&self, ty: &Ty, value: &Value) -> Option<Code> {
        match (ty, value) {
            (Ty::String | Ty::Id, Value::String(text)) => text_literal(text),
            (Ty::Id, Value::Number(number)) if number.is_i64() => Some(Code::leaf(number.to_string())),
            (Ty::Value, Value::String(text)) => text_literal(text),
            (Ty::Value, Value::Number(_) | Value::Bool(_)) => Some(Code::leaf(value.to_string())),
            // Other values do not convert: a decimal number is not an id, and null, lists and objects have no literal for a `Value`.
            (Ty::Id | Ty::Value, _) => None,
            (Ty::List(item), Value::Array(items)) => self.array("", item, items, |item, value| self.item(item, value)),
            (Ty::Boxed(inner), _) => self.argument(inner, value),
            (Ty::Map(inner), Value::Object(map)) if !map.is_empty() => {
                let pairs = map
                    .iter()
                    .map(|(key, value)| Some(Code::leaf(format!("({key:?}, {})", self.exact(inner, value)?.line()))));
                Some(Code::List("", pairs.collect::<Option<_>>()?))
            }
            (Ty::Named(id), _) => match (&self.types[*id].kind, value) {
                (TypeKind::Alias(target), _) => self.argument(target, value),
                (TypeKind::Union(union), _) => self.union(&self.types[*id], union, value, true),
                _ => self.exact(ty, value),
            },
            _ => self.exact(ty, value),
        }
    }

    /// An expression of exactly the type, which needs no conversion by the callee. `None` if the value cannot be shown.
    fn exact(&self, ty: &Ty, value: &Value) -> Option<Code> {
        match (ty, value) {
            (Ty::String, Value::String(text)) => Some(text_literal(text)?.then("to_owned", Vec::new())),
            (Ty::Bool, Value::Bool(value)) => Some(Code::leaf(value.to_string())),
            (Ty::I64, Value::Number(number)) if number.is_i64() => Some(Code::leaf(number.to_string())),
            (Ty::I64, Value::String(text)) => Some(Code::leaf(text.parse::<i64>().ok()?.to_string())),
            (Ty::F64, Value::Number(number)) => Some(Code::leaf(format!("{:?}", number.as_f64()?))),
            (Ty::Id | Ty::Value, Value::String(_) | Value::Number(_)) => {
                Some(self.argument(ty, value)?.then("into", Vec::new()))
            }
            (Ty::Timestamp, Value::Number(number)) => {
                Some(Code::leaf(format!("Timestamp::from_seconds({})", number.as_i64()?)))
            }
            (Ty::Timestamp, Value::String(text)) => {
                Some(Code::leaf(format!("Timestamp::from_seconds({})", text.parse::<i64>().ok()?)))
            }
            (Ty::Attributes, Value::Object(map)) => {
                let mut code = Code::function("Attributes::new", Vec::new());
                for (key, value) in map {
                    // Values without a literal (null, lists, objects) and long texts are left out.
                    if let Some(value) = self.argument(&Ty::Value, value) {
                        code = code.then("with", vec![Code::leaf(format!("{key:?}")), value]);
                    }
                }
                Some(code)
            }
            (Ty::List(item), Value::Array(items)) => {
                self.array("vec!", item, items, |item, value| self.exact(item, value))
            }
            (Ty::Boxed(inner), _) => Some(Code::function("Box::new", vec![self.exact(inner, value)?])),
            (Ty::Named(id), _) => {
                let def = &self.types[*id];
                match &def.kind {
                    TypeKind::Alias(target) => self.exact(target, value),
                    TypeKind::Struct(structure) => self.object(def, structure, value),
                    TypeKind::Union(union) => self.union(def, union, value, false),
                    TypeKind::TextEnum(variants) => {
                        let variant =
                            variants.iter().find(|variant| Some(variant.wire.0.as_str()) == value.as_str())?;
                        Some(Code::leaf(format!("types::{}::{}", def.name.0, variant.name.0)))
                    }
                }
            }
            _ => None,
        }
    }

    /// An item of a list argument. All items must have the same type, so items of a union name their variant.
    fn item(&self, ty: &Ty, value: &Value) -> Option<Code> {
        match ty {
            Ty::Named(id) => match &self.types[*id].kind {
                TypeKind::Alias(target) => self.item(target, value),
                TypeKind::Union(union) => self.union(&self.types[*id], union, value, false),
                _ => self.exact(ty, value),
            },
            Ty::Boxed(_) | Ty::Nullable(_) | Ty::List(_) => self.exact(ty, value),
            _ => self.argument(ty, value),
        }
    }

    /// A list, whose items `code` writes. `None` if it is empty, because the compiler could not infer the type of its items, if it mixes
    /// texts with other values, or if an item cannot be shown.
    fn array(
        &self,
        before: &'static str,
        item: &Ty,
        items: &[Value],
        code: impl Fn(&Ty, &Value) -> Option<Code>,
    ) -> Option<Code> {
        // With text ids and number ids, the list would have items of two types.
        let same_kind = items.windows(2).all(|pair| pair[0].is_string() == pair[1].is_string());
        let items: Option<Vec<Code>> = items.iter().map(|value| code(item, value)).collect();
        items.filter(|items| !items.is_empty() && same_kind).map(|items| Code::List(before, items))
    }

    /// `types::Owner::new(…).name(…)`. `None` if the value is not an object, if the type has no constructor, because it is only
    /// received, or if a required value cannot be shown.
    fn object(&self, def: &TypeDef, structure: &Struct, value: &Value) -> Option<Code> {
        let map = value.as_object().filter(|_| def.usage.input)?;
        let required = structure.constructor_fields().map(|field| {
            let value = map.get(&field.wire.0).and_then(|value| self.argument(&field.ty, value));
            value.or_else(|| self.placeholder(&field.ty, &field.ident))
        });
        let mut code = Code::function(format!("types::{}::new", def.name.0), required.collect::<Option<_>>()?);
        let optional = structure.optional_fields().filter(|field| !field.deprecated);
        let set = optional.filter_map(|field| {
            let code = self.argument(&field.ty, map.get(&field.wire.0)?)?;
            Some((field.ident.0.clone(), code))
        });
        for (name, value) in set.take(MOST_FIELDS) {
            code = code.then(name, vec![value]);
        }
        Some(code)
    }

    /// The alternative of a union that fits best. If the callee converts (`into`), an object, string, boolean or number needs no variant
    /// around it, unless another alternative has the same type.
    fn union(&self, def: &TypeDef, union: &Union, value: &Value, into: bool) -> Option<Code> {
        let fits = |ty: &Ty| self.fit(ty, value);
        let (member, _) = union
            .members
            .iter()
            .filter_map(|member| Some((member, fits(&member.ty)?)))
            .reduce(|best, next| if next.1 > best.1 { next } else { best })?;
        let resolved = self.types.resolve(&member.ty);
        let unique = union.members.iter().filter(|other| self.types.resolve(&other.ty) == resolved).count() == 1;
        let inner = match resolved {
            Ty::Boxed(inner) => self.types.resolve(inner),
            other => other,
        };
        let is_object = self.types.struct_of(inner).is_some();
        if into && unique && (is_object || matches!(resolved, Ty::String | Ty::Bool | Ty::I64 | Ty::F64)) {
            return self.argument(resolved, value);
        }
        let variant = format!("types::{}::{}", def.name.0, member.name.0);
        Some(Code::function(variant, vec![self.exact(&member.ty, value)?]))
    }

    /// How well a value fits a type: for an object the number of its keys that the type declares, 1 for a scalar, for a list one more
    /// than the sum of its items, and 0 for an object with free keys (`Attributes`). `None` if the value does not have the type, and always
    /// for `Ty::Map`, nullable types and `Ty::Value`.
    fn fit(&self, ty: &Ty, value: &Value) -> Option<usize> {
        match (self.types.resolve(ty), value) {
            (Ty::Boxed(inner), _) => self.fit(inner, value),
            (Ty::String | Ty::Id, Value::String(_)) | (Ty::Bool, Value::Bool(_)) => Some(1),
            (Ty::I64 | Ty::Id | Ty::Timestamp, Value::Number(number)) if number.is_i64() => Some(1),
            (Ty::F64, Value::Number(_)) => Some(1),
            (Ty::List(item), Value::Array(items)) => {
                items.iter().map(|value| self.fit(item, value)).try_fold(1, |sum, fit| Some(sum + fit?))
            }
            (Ty::Named(id), _) => match &self.types[*id].kind {
                TypeKind::Struct(structure) => {
                    let map = value.as_object()?;
                    let fields = || structure.fields.iter();
                    let constants = fields().filter_map(|field| Some((&field.wire.0, field.constant.as_ref()?)));
                    for (key, constant) in constants {
                        if map.get(key).and_then(Value::as_str).is_some_and(|text| text != constant) {
                            return None;
                        }
                    }
                    let complete = structure.constructor_fields().all(|field| map.contains_key(&field.wire.0));
                    let shared = fields().filter(|field| map.contains_key(&field.wire.0)).count();
                    complete.then_some(shared)
                }
                TypeKind::Union(union) => union.members.iter().filter_map(|member| self.fit(&member.ty, value)).max(),
                TypeKind::TextEnum(variants) => {
                    variants.iter().any(|variant| Some(variant.wire.0.as_str()) == value.as_str()).then_some(1)
                }
                TypeKind::Alias(_) => None,
            },
            (Ty::Attributes, Value::Object(_)) => Some(0),
            _ => None,
        }
    }

    /// A made-up value for the argument `name`, which has no example. `None` if there is none for the type.
    pub(super) fn placeholder(&self, ty: &Ty, name: &RustName) -> Option<Code> {
        self.placeholder_at(ty, name, 0)
    }

    fn placeholder_at(&self, ty: &Ty, name: &RustName, depth: usize) -> Option<Code> {
        // The limit ends the recursion for a type that contains itself.
        if depth > 4 {
            return None;
        }
        let inside = |ty: &Ty| self.placeholder_at(ty, name, depth + 1);
        Some(match ty {
            Ty::String | Ty::Value => Code::leaf(format!("{:?}", name.bare().replace('_', " "))),
            Ty::Bool => Code::leaf("true"),
            Ty::I64 => Code::leaf("1"),
            Ty::F64 => Code::leaf("1.0"),
            Ty::Id => Code::leaf("\"123\""),
            Ty::Timestamp => Code::leaf("Timestamp::from_seconds(1_734_537_243)"),
            Ty::Attributes => Code::function("Attributes::new", Vec::new()),
            Ty::List(item) => Code::List("", vec![inside(item)?]),
            Ty::Boxed(inner) => inside(inner)?,
            Ty::Bytes | Ty::Map(_) | Ty::Nullable(_) => return None,
            Ty::Named(id) => {
                let def = &self.types[*id];
                match &def.kind {
                    TypeKind::Alias(target) => inside(target)?,
                    TypeKind::TextEnum(variants) => {
                        Code::leaf(format!("types::{}::{}", def.name.0, variants.first()?.name.0))
                    }
                    TypeKind::Struct(structure) if def.usage.input => {
                        let required = structure
                            .constructor_fields()
                            .map(|field| self.placeholder_at(&field.ty, &field.ident, depth + 1));
                        Code::function(format!("types::{}::new", def.name.0), required.collect::<Option<_>>()?)
                    }
                    TypeKind::Struct(_) => return None,
                    TypeKind::Union(union) => {
                        let member = union.members.iter().find(|member| self.types.struct_of(&member.ty).is_some())?;
                        inside(&member.ty)?
                    }
                }
            }
        })
    }
}

/// A string literal; `None` if the text is too long to show.
fn text_literal(text: &str) -> Option<Code> {
    (text.chars().count() <= LONGEST_TEXT).then(|| Code::leaf(format!("{text:?}")))
}
