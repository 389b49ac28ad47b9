//! Reads `x-sdk-shorthands`: methods that fill in a part of an operation's body.

use openapiv3::Operation as Source;
use serde_json::Value;

use super::Lowering;
use crate::diag::{Error, Result, join};
use crate::ir::{Doc, Field, Operation, Shorthand, Ty, TypeId, TypeKind, WireName};
use crate::names;

impl Lowering<'_> {
    /// The shorthands of an operation. Its body must be lowered already.
    pub(super) fn shorthands(&self, operation: &Operation, source: &Source) -> Result<Vec<Shorthand>> {
        let entries = source.extensions.get("x-sdk-shorthands").and_then(Value::as_array);
        let pointer = join(&operation.pointer, "x-sdk-shorthands");
        let entries = entries.into_iter().flatten().enumerate();
        entries.map(|(index, entry)| self.shorthand(operation, entry, &join(&pointer, index))).collect()
    }

    fn shorthand(&self, operation: &Operation, entry: &Value, pointer: &str) -> Result<Shorthand> {
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let pairs = |key: &str| {
            let pairs = entry.get(key).and_then(Value::as_object).into_iter().flatten();
            pairs.map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect::<Vec<_>>()
        };
        let path = |text: &str| text.split('.').map(|name| WireName(name.to_owned())).collect::<Vec<_>>();
        let method = names::snake(&text("method").unwrap_or_default());
        let mut shorthand = Shorthand {
            type_name: names::camel(method.bare()),
            method,
            ids_type: None,
            body: TypeId::default(),
            sets: pairs("sets").into_iter().map(|(field, value)| (path(&field), value)).collect(),
            takes: pairs("takes").into_iter().map(|(name, field)| (names::snake(&name), path(&field))).collect(),
            doc: Doc { summary: text("summary"), description: text("details") },
        };
        let mut bodies = Vec::new();
        if let Some(ty) = operation.body.as_ref().and_then(|body| body.json()) {
            self.structs(ty, &mut bodies);
        }
        bodies.retain(|id| self.fits(&shorthand, *id));
        match bodies[..] {
            [only] => shorthand.body = only,
            [] => {
                return Err(Error::new(
                    "",
                    pointer,
                    "the operation has no body that accepts these fields and values without requiring another field",
                )
                .hint(
                    "correct `sets` and `takes`, or restrict the overlay action to other versions with `x-versions`",
                ));
            }
            [..] => {
                let names: Vec<&str> = bodies.iter().map(|id| self.types[*id].name.bare()).collect();
                return Err(Error::new("", pointer, format!("several bodies fit: {}", names.join(", ")))
                    .hint("set a field that only one of them has"));
            }
        }
        Ok(shorthand)
    }

    /// The structs of a type: the type itself, or the alternatives of a union.
    fn structs(&self, ty: &Ty, found: &mut Vec<TypeId>) {
        match self.types.definition(ty).map(|def| (def.id, &def.kind)) {
            Some((id, TypeKind::Struct(_))) => found.push(id),
            Some((_, TypeKind::Union(union))) => {
                union.members.iter().for_each(|member| self.structs(&member.ty, found))
            }
            _ => {}
        }
    }

    /// Whether a struct can be the body of a shorthand: it has all fields of the shorthand, including nested ones, accepts their values,
    /// and requires no other field except constants.
    fn fits(&self, shorthand: &Shorthand, body: TypeId) -> bool {
        let TypeKind::Struct(structure) = &self.types[body].kind else { return false };
        let field = |path: &[WireName]| structure.fields.iter().find(|field| path.first() == Some(&field.wire));
        let ty = |path: &[WireName]| {
            let ty = field(path).map(|field| &field.ty)?;
            path[1..].iter().try_fold(ty, |ty, name| self.property_type(ty, &name.0))
        };
        let accepts = |ty: &Ty, value: &str| match self.types.resolve(ty) {
            Ty::Bool => matches!(value, "true" | "false"),
            ty => match self.types.definition(ty).map(|def| &def.kind) {
                Some(TypeKind::TextEnum(variants)) => variants.iter().any(|variant| variant.wire.0 == value),
                _ => *ty == Ty::String,
            },
        };
        let is_set = |field: &Field| shorthand.sets.iter().any(|(path, _)| path.first() == Some(&field.wire));
        shorthand
            .takes
            .iter()
            .all(|(_, path)| field(path).is_some_and(|field| field.constant.is_none()) && ty(path).is_some())
            && shorthand.sets.iter().all(|(path, value)| {
                field(path).is_some_and(|field| field.constant.as_ref().is_none_or(|constant| constant == value))
                    && ty(path).is_some_and(|ty| accepts(ty, value))
            })
            && structure.fields.iter().all(|field| {
                !field.required || field.constant.is_some() || is_set(field) || shorthand.takes_field(&field.wire)
            })
    }
}
