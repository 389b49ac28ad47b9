//! The data model of generated crates: what JSON becomes, and how it goes back without loss.
//!
//! Generated types do not derive serde's traits. They list their fields once in an [`Object`], [`TextEnum`] or
//! [`Union`] impl, and the functions here do the rest: keep unknown keys, remember explicit nulls, and, when a value
//! does not fit its declared type, set it aside instead of failing ([`from_slice`]).

mod attributes;
mod context;
mod decode;
mod extra;
mod field_index;
mod fields;
mod id;
mod map;
mod object;
mod text_enum;
mod timestamp;
mod union;
mod values;

pub use attributes::{AttributeError, Attributes};
pub use context::{Context, DecodeError, Mismatch};
pub use decode::{Decode, Decoded, Decoding, Kind, from_slice, from_value};
pub(crate) use decode::{decode_first, decode_list, text};
pub use extra::Extra;
pub use fields::{Fields, FieldsMut};
pub use id::Id;
pub use map::Map;
pub use object::{Object, ObjectKind, Outcome, Shape, Slot, Writer};
pub use text_enum::{TextEnum, TextKind};
pub use timestamp::{ParseTimestampError, Timestamp};
pub use union::{Fit, Member, Union, UnionKind};

/// What the macros and emitted code call; not part of the public interface.
#[doc(hidden)]
pub mod private {
    pub use super::object::{debug as debug_object, deserialize, equal, serialize as serialize_object};
    pub use super::union::{decode_member, fit_of};
}
