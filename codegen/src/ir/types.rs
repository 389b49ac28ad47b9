//! Types: a table of definitions, and types that refer to them. A reference is a [`TypeId`]; the names of a type are in its
//! definition only.

use std::collections::BTreeSet;
use std::ops::{Index, IndexMut};

use super::{Doc, RequiredSet, RustName, SchemaMetadata, WireName};

/// The id of a type of the API: its index in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TypeId(usize);

impl TypeId {
    /// The index in the table.
    pub(crate) fn index(self) -> usize {
        self.0
    }
}

/// The types of an API.
#[derive(Clone, Debug, Default)]
pub struct TypeTable {
    defs: Vec<TypeDef>,
    order: Vec<TypeId>,
}

impl TypeTable {
    /// Reserves an id for a type whose definition follows. [`iter`](Self::iter) skips it until [`append`](Self::append) is called.
    pub(crate) fn reserve(
        &mut self,
        name: RustName,
        wire: Option<WireName>,
        pointer: String,
        module: String,
    ) -> TypeId {
        let id = TypeId(self.defs.len());
        self.defs.push(TypeDef {
            id,
            name,
            wire,
            pointer,
            module,
            kind: TypeKind::Struct(Struct::default()),
            nullable: false,
            doc: Doc::default(),
            metadata: SchemaMetadata::default(),
            platform_feature: None,
            usage: Usage::default(),
        });
        id
    }

    /// Puts a reserved type at the end of the order of [`iter`](Self::iter).
    pub(crate) fn append(&mut self, id: TypeId) {
        self.order.push(id);
    }

    /// How many types [`iter`](Self::iter) returns.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are no types.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The types in the order of the description; those of inline schemas follow the first type that contains them,
    /// or all named types if an operation contains them.
    pub fn iter(&self) -> impl Iterator<Item = &TypeDef> {
        self.order.iter().map(|id| &self[*id])
    }

    /// The types, for changes, in no particular order.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut TypeDef> {
        self.defs.iter_mut()
    }

    /// Resolves aliases.
    pub fn resolve<'a>(&'a self, ty: &'a Ty) -> &'a Ty {
        let mut ty = ty;
        // `cycles::check` rejects cyclic aliases; the bound prevents an endless loop before it has run.
        for _ in 0..=self.defs.len() {
            match ty {
                Ty::Named(id) => match &self[*id].kind {
                    TypeKind::Alias(target) => ty = target,
                    _ => break,
                },
                _ => break,
            }
        }
        ty
    }

    /// The struct, enum or union that a type refers to, through aliases and boxes.
    pub fn definition(&self, ty: &Ty) -> Option<&TypeDef> {
        match self.resolve(ty) {
            Ty::Named(id) => Some(&self[*id]),
            Ty::Boxed(inner) => self.definition(inner),
            _ => None,
        }
    }

    /// Whether the values of a type can be written as text, for example in a path or a header.
    pub fn has_text_form(&self, ty: &Ty) -> bool {
        match self.resolve(ty) {
            Ty::String | Ty::Bool | Ty::I64 | Ty::F64 | Ty::Id | Ty::Timestamp => true,
            Ty::Named(id) => matches!(self[*id].kind, TypeKind::TextEnum(_)),
            _ => false,
        }
    }

    /// Whether the values of a type are JSON objects.
    pub fn is_object(&self, ty: &Ty) -> bool {
        match self.resolve(ty) {
            Ty::Attributes | Ty::Map(_) => true,
            Ty::Named(id) => match &self[*id].kind {
                TypeKind::Struct(_) => true,
                TypeKind::Union(union) => union.members.iter().all(|member| self.is_object(&member.ty)),
                TypeKind::Alias(_) | TypeKind::TextEnum(_) => false,
            },
            _ => false,
        }
    }

    /// The given types, and all types that they refer to, directly or through other types.
    pub fn reached(&self, roots: impl IntoIterator<Item = TypeId>) -> BTreeSet<TypeId> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<TypeId> = roots.into_iter().collect();
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                open.extend(self[id].kind.referenced_types().filter_map(Ty::named));
            }
        }
        seen
    }

    /// The field at a path of keys in a struct: one of its own, or one of a struct nested in it.
    pub fn field_at(&self, id: TypeId, path: &[WireName]) -> Option<&Field> {
        let TypeKind::Struct(structure) = &self[id].kind else { return None };
        let (first, rest) = path.split_first()?;
        let field = structure.fields.iter().find(|field| field.wire == *first)?;
        match rest {
            [] => Some(field),
            rest => self.field_at(self.struct_of(&field.ty)?.0.id, rest),
        }
    }

    /// The struct that a type refers to, through aliases and boxes.
    pub fn struct_of(&self, ty: &Ty) -> Option<(&TypeDef, &Struct)> {
        let def = self.definition(ty)?;
        match &def.kind {
            TypeKind::Struct(structure) => Some((def, structure)),
            _ => None,
        }
    }
}

impl Index<TypeId> for TypeTable {
    type Output = TypeDef;

    fn index(&self, id: TypeId) -> &TypeDef {
        &self.defs[id.0]
    }
}

impl IndexMut<TypeId> for TypeTable {
    fn index_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.defs[id.0]
    }
}

/// A type to emit.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its place in the table.
    pub id: TypeId,
    /// Its name.
    pub name: RustName,
    /// The key under `components.schemas`; `None` for an inline schema.
    pub wire: Option<WireName>,
    /// The JSON pointer of the schema in the description, after the overlays.
    pub pointer: String,
    /// The module that holds it: that of the named schema or of the operation's group.
    pub module: String,
    /// What it is.
    pub kind: TypeKind,
    /// Whether null is one of its values.
    pub nullable: bool,
    /// From the schema.
    pub doc: Doc,
    /// From the schema.
    pub metadata: SchemaMetadata,
    /// The platform feature whose file declares the named schema; `None` for other schemas.
    pub platform_feature: Option<String>,
    /// Filled by `passes::usage`.
    pub usage: Usage,
}

/// Where a type is used.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// In a request body, in a parameter, or in what an app responds to Intercom.
    pub input: bool,
    /// In a response, or in what Intercom sends to an app. Also true if nothing uses the type.
    pub output: bool,
    /// The cargo features that use it, directly or through other types: groups and platform features.
    pub features: BTreeSet<String>,
}

/// The kinds of types.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with declared keys.
    Struct(Struct),
    /// A string with known values.
    TextEnum(Vec<Variant>),
    /// One of several types, from `oneOf` or `anyOf`.
    Union(Union),
    /// Another name for a type.
    Alias(Ty),
}

impl TypeKind {
    /// The types that it refers to: those of its fields or alternatives, or the target of an alias.
    pub fn referenced_types(&self) -> impl Iterator<Item = &Ty> {
        let (fields, members, target): (&[Field], &[Member], Option<&Ty>) = match self {
            Self::Struct(structure) => (&structure.fields, &[], None),
            Self::Union(union) => (&[], &union.members, None),
            Self::Alias(ty) => (&[], &[], Some(ty)),
            Self::TextEnum(_) => (&[], &[], None),
        };
        fields.iter().map(|field| &field.ty).chain(members.iter().map(|member| &member.ty)).chain(target)
    }
}

/// An object with declared keys.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// In the order of the description.
    pub fields: Vec<Field>,
    /// What the alternatives that are merged into the struct require.
    pub required_sets: Vec<RequiredSet>,
}

/// A key of an object, or a part of a form.
#[derive(Clone, Debug)]
pub struct Field {
    /// The key.
    pub wire: WireName,
    /// Its name in Rust.
    pub ident: RustName,
    /// Its type, without the `Option` that follows from `presence`.
    pub ty: Ty,
    /// Filled by `passes::presence`, except for the parts of a form, which do not use it.
    pub presence: Presence,
    /// From `required`.
    pub required: bool,
    /// Whether null is allowed.
    pub nullable: bool,
    /// Whether an overlay pins it as always present in responses (`x-sdk-required`).
    pub pinned: bool,
    /// The only value that the description allows.
    pub constant: Option<String>,
    /// From `deprecated`.
    pub deprecated: bool,
    /// From the property, where its schema is inline.
    pub doc: Doc,
    /// From the property, where its schema is inline.
    pub metadata: SchemaMetadata,
}

impl Field {
    /// The declared JSON type of a point in time or of ids (see [`id_json_type`](Self::id_json_type)), such as `string` or `integer`; the
    /// Rust type accepts both.
    pub fn id_or_time_json_type(&self) -> Option<&str> {
        match self.ty {
            Ty::Timestamp => self.metadata.json_type.as_deref(),
            _ => self.id_json_type(),
        }
    }

    /// The declared JSON type of the ids in the field, those in lists and maps included. Requests send ids as this type.
    pub fn id_json_type(&self) -> Option<&str> {
        let (mut ty, mut metadata) = (&self.ty, &self.metadata);
        loop {
            match ty {
                Ty::Id => return metadata.json_type.as_deref(),
                Ty::Nullable(inner) => ty = inner,
                Ty::List(item) | Ty::Map(item) => (ty, metadata) = (item, metadata.items.as_deref()?),
                _ => return None,
            }
        }
    }
}

/// Whether a key is always present and whether it may be null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Presence {
    /// Always present, never null.
    Always,
    /// May be absent.
    #[default]
    Optional,
    /// Always present, may be null.
    AlwaysNullable,
    /// May be absent, and may be null.
    OptionalNullable,
}

/// A value of a string enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// The text.
    pub wire: WireName,
    /// The variant.
    pub name: RustName,
    /// The meaning of the value, if it is documented.
    pub doc: Option<String>,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The key whose value selects the alternative, from `discriminator`.
    pub tag: Option<WireName>,
    /// The alternatives, in the order of the description.
    pub members: Vec<Member>,
}

/// An alternative of a union.
#[derive(Clone, Debug)]
pub struct Member {
    /// The variant.
    pub name: RustName,
    /// What it holds.
    pub ty: Ty,
    /// The values of the union's tag that select it, from `discriminator.mapping`.
    pub tags: Vec<String>,
    /// From the alternative, where its schema is inline.
    pub metadata: SchemaMetadata,
}

/// A type: a scalar, a list, a map, or a reference to a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// `String`
    String,
    /// `bool`
    Bool,
    /// `i64`
    I64,
    /// `f64`
    F64,
    /// A string or integer that identifies something.
    Id,
    /// A point in time.
    Timestamp,
    /// Any JSON value.
    Value,
    /// An object with any keys and values.
    Attributes,
    /// A file in a multipart form.
    Bytes,
    /// `Vec<T>`
    List(Box<Ty>),
    /// An object with any keys and values of one type.
    Map(Box<Ty>),
    /// `Option<T>` inside a list, a map or an alternative of a union. Null in a field is part of [`Field`] instead.
    Nullable(Box<Ty>),
    /// `Box<T>`, for a type that contains itself or is large.
    Boxed(Box<Ty>),
    /// A type of the API.
    Named(TypeId),
}

impl Ty {
    /// The type of the API that it refers to, directly or inside a list, a map, an `Option` or a `Box`.
    pub fn named(&self) -> Option<TypeId> {
        match self {
            Self::Named(id) => Some(*id),
            Self::List(inner) | Self::Map(inner) | Self::Nullable(inner) | Self::Boxed(inner) => inner.named(),
            _ => None,
        }
    }
}
