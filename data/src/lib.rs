//! The data model of the generated crates: decoding of JSON into typed values, and encoding that keeps what was not understood.
//! It contains no HTTP.
//!
//! Generated types do not derive serde's traits. They list their fields, texts or alternatives once, in an impl of [`Object`],
//! [`TextEnum`] or [`Union`]. Functions of this crate do the rest; most are not generic, so they are compiled once for all types. They
//! keep unknown keys, remember explicit nulls, and report values that do not fit their declared type as mismatches ([`from_slice`]).

mod attributes;
mod decode;
mod encode;
mod error;
mod extra;
mod field_index;
mod id;
mod items;
mod list;
mod macros;
mod map;
mod mismatch;
mod object;
mod place;
mod reader;
mod serde_impls;
mod text_enum;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
mod time_crates;
mod timestamp;
mod union;
mod values;
mod view;

#[doc(hidden)]
pub use serde;
pub use serde_json::Value;

pub use attributes::{AttributeError, Attributes, NotAnObject};
pub use decode::{DecodeOptions, Decoded, Decoding, from_slice, from_value, read_into, read_slice};
pub use encode::{to_request, to_vec};
pub use error::DecodeError;
pub use extra::Extra;
pub use id::Id;
pub use items::IntoItems;
pub use map::Map;
pub use mismatch::Mismatch;
pub use object::{Fields, Object, Shape};
pub use place::{Accepts, ConstDefault};
#[doc(inline)]
pub use place::{Decode, Encode, Place};
pub use reader::{ReadError, Reader};
pub use serde_impls::from_slice_as;
pub use text_enum::TextEnum;
#[cfg(any(feature = "chrono", feature = "jiff", feature = "time"))]
pub use time_crates::TimeRangeError;
pub use timestamp::{ParseTimestampError, Timestamp};
pub use union::{Alternative, Union};
pub use view::{Entries, List, View};

/// Functions that the macros and generated code call; not part of the public interface.
#[doc(hidden)]
pub mod private {
    /// Calls a setter with a value, if there is one; otherwise returns the target unchanged.
    pub fn maybe<T, V>(target: T, value: Option<V>, set: impl FnOnce(T, V) -> T) -> T {
        match value {
            Some(value) => set(target, value),
            None => target,
        }
    }

    pub use crate::serde_impls::{deserialize, serialize};
    pub use crate::text_enum::{from_text, read as read_text};
    pub use crate::union::{accepts_of, read as read_union};
    pub use crate::view::{debug, equal, same};
}
