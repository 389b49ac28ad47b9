//! Decides whether two types in the same place are equal, and if not, whether they are compatible.

use std::collections::HashSet;

use super::pairs::{Pairs, Side};
use crate::ir::{Presence, Struct, Ty, TypeId, TypeKind, WireName};

/// The direction in which values are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Direction {
    /// From clients that know the old description to a server that follows the new one.
    Request,
    /// From a server that follows the new description to clients that know the old one.
    Response,
}

/// How a type differs from another one in Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Difference {
    /// They are equal, apart from names and from changes inside paired types, which are reported separately.
    None,
    /// Only one of them is boxed.
    Box,
    /// They are different types.
    Other,
}

/// How a new type differs from an old one in Rust.
pub(super) fn difference(pairs: &Pairs<'_>, old: &Ty, new: &Ty) -> Difference {
    if same(pairs, old, new) {
        Difference::None
    } else if same(pairs, unboxed(old), unboxed(new)) {
        Difference::Box
    } else {
        Difference::Other
    }
}

fn unboxed(ty: &Ty) -> &Ty {
    match ty {
        Ty::Boxed(inner) => inner,
        ty => ty,
    }
}

fn same(pairs: &Pairs<'_>, old: &Ty, new: &Ty) -> bool {
    match (old, new) {
        (Ty::Named(old), Ty::Named(new)) if pairs.are_paired(*old, *new) => return true,
        _ => {}
    }
    match (pairs.old.api.types.resolve(old), pairs.new.api.types.resolve(new)) {
        (Ty::Named(old), Ty::Named(new)) => pairs.are_paired(*old, *new),
        (Ty::List(old), Ty::List(new))
        | (Ty::Map(old), Ty::Map(new))
        | (Ty::Nullable(old), Ty::Nullable(new))
        | (Ty::Boxed(old), Ty::Boxed(new)) => same(pairs, old, new),
        (old, new) => old == new,
    }
}

/// Whether the types are compatible in a direction: the new server accepts what old clients send, or old clients can read
/// what the new server sends.
pub(super) fn fits(pairs: &Pairs<'_>, direction: Direction, old: &Ty, new: &Ty) -> bool {
    Fit { pairs, old: &pairs.old, new: &pairs.new, direction, open: HashSet::new() }.fits(old, new)
}

/// Whether the types are compatible in requests, and whether they are in responses.
pub(super) fn fits_both(pairs: &Pairs<'_>, old: &Ty, new: &Ty) -> (bool, bool) {
    (fits(pairs, Direction::Request, old, new), fits(pairs, Direction::Response, old, new))
}

struct Fit<'a> {
    pairs: &'a Pairs<'a>,
    old: &'a Side<'a>,
    new: &'a Side<'a>,
    direction: Direction,
    /// The pairs of types that are being compared. Where a recursive type is reached again, it is taken as compatible.
    open: HashSet<(TypeId, TypeId)>,
}

impl Fit<'_> {
    fn fits(&mut self, old: &Ty, new: &Ty) -> bool {
        let (old, new) = (self.old.api.types.resolve(old), self.new.api.types.resolve(new));
        let (old, new) = (unboxed(old).clone(), unboxed(new).clone());
        let (sent, accepted) = match self.direction {
            Direction::Request => (&old, &new),
            Direction::Response => (&new, &old),
        };
        match (sent, accepted) {
            (_, Ty::Value) => return true,
            (Ty::I64, Ty::F64) | (Ty::I64, Ty::Timestamp) | (Ty::Timestamp, Ty::I64) => return true,
            // `Id` of intercom-data reads text and numbers. An id that is sent is taken to be text, and a point in time to be an integer.
            (Ty::String | Ty::I64 | Ty::Id, Ty::Id) | (Ty::Id, Ty::String) => return true,
            (Ty::Map(_), Ty::Attributes) => return true,
            _ => {}
        }
        match (&old, &new) {
            (Ty::List(old), Ty::List(new)) | (Ty::Map(old), Ty::Map(new)) => self.fits(old, new),
            (Ty::Nullable(old), Ty::Nullable(new)) => self.fits(old, new),
            (Ty::Nullable(old), new) => self.direction == Direction::Response && self.fits(old, new),
            (old, Ty::Nullable(new)) => self.direction == Direction::Request && self.fits(old, new),
            (Ty::Named(left), Ty::Named(right)) => self.named(*left, *right),
            (Ty::Named(name), other) => self.one_side(*name, other, true),
            (other, Ty::Named(name)) => self.one_side(*name, other, false),
            (old, new) => old == new,
        }
    }

    fn named(&mut self, old: TypeId, new: TypeId) -> bool {
        // Changes inside a paired type are reported once, for that type.
        if self.pairs.are_paired(old, new) || !self.open.insert((old, new)) {
            return true;
        }
        let fits = match (&self.old.get(old).kind, &self.new.get(new).kind) {
            (TypeKind::Struct(from), TypeKind::Struct(to)) => self.structs(from, to),
            (TypeKind::TextEnum(from), TypeKind::TextEnum(to)) => {
                // Clients accept unknown values in responses.
                self.direction == Direction::Response
                    || from.iter().all(|value| to.iter().any(|other| other.wire == value.wire))
            }
            // For responses this is stricter than necessary: an alternative that was only removed cannot be told from one that changed.
            (TypeKind::Union(from), TypeKind::Union(to)) => {
                from.members.iter().all(|member| to.members.iter().any(|other| self.fits(&member.ty, &other.ty)))
            }
            (TypeKind::Union(from), _) if self.direction == Direction::Response => {
                from.members.iter().any(|member| self.fits(&member.ty, &Ty::Named(new)))
            }
            (_, TypeKind::Union(to)) if self.direction == Direction::Request => {
                to.members.iter().any(|member| self.fits(&Ty::Named(old), &member.ty))
            }
            _ => false,
        };
        self.open.remove(&(old, new));
        fits
    }

    fn structs(&mut self, old: &Struct, new: &Struct) -> bool {
        let requires = |structure: &Struct, wire: &WireName| {
            structure.fields.iter().any(|field| field.wire == *wire && field.required)
        };
        if self.direction == Direction::Request
            && new.fields.iter().any(|field| field.required && !requires(old, &field.wire))
        {
            return false;
        }
        old.fields.iter().all(|field| {
            let other = new.fields.iter().find(|other| other.wire == field.wire);
            other.is_some_and(|other| {
                let present = self.direction == Direction::Request
                    || field.presence != Presence::Always
                    || other.presence == Presence::Always;
                let null = self.direction == Direction::Response || !field.nullable || other.nullable;
                present
                    && null
                    && constant_fits(field.constant.as_deref(), other.constant.as_deref(), self.direction)
                    && self.fits(&field.ty, &other.ty)
            })
        })
    }

    /// Compares a struct, enum or union on one side with a type of another kind on the other side.
    fn one_side(&mut self, id: TypeId, other: &Ty, named_is_old: bool) -> bool {
        let side = if named_is_old { self.old } else { self.new };
        let is_sent = named_is_old == (self.direction == Direction::Request);
        match &side.get(id).kind {
            // An enum and a text fit, except where a server now accepts only the values of an enum. Clients keep unknown values.
            TypeKind::TextEnum(_) => match other {
                Ty::String | Ty::Id => is_sent || self.direction == Direction::Response,
                _ => false,
            },
            TypeKind::Struct(_) => is_sent && *other == Ty::Attributes,
            // Of a union that is received, one alternative has to accept the other type; of a union that is sent, each has to fit.
            TypeKind::Union(union) if !is_sent => union
                .members
                .iter()
                .any(|member| if named_is_old { self.fits(&member.ty, other) } else { self.fits(other, &member.ty) }),
            TypeKind::Union(union) => union
                .members
                .iter()
                .all(|member| if named_is_old { self.fits(&member.ty, other) } else { self.fits(other, &member.ty) }),
            TypeKind::Alias(_) => false,
        }
    }
}

/// Whether the fixed values of a field are compatible. Two fixed values must be equal. A fixed value on one side only is compatible,
/// except on the new side of a request: the server then rejects all other values.
fn constant_fits(old: Option<&str>, new: Option<&str>, direction: Direction) -> bool {
    match (old, new) {
        (Some(old), Some(new)) => old == new,
        (None, Some(_)) => direction == Direction::Response,
        _ => true,
    }
}
