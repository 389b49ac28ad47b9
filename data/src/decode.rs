//! Entry points that decode a whole JSON body, and their options.

use serde_json::Value;

use crate::error::DecodeError;
use crate::mismatch::{Mismatch, Mismatches};
use crate::place::{Decode, Place};
use crate::reader::{ReadError, Reader};

/// How values that do not fit their declared type are handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decoding {
    /// The value is reported as a [`Mismatch`], and everything else is decoded. Only a body that is not JSON, or does not fit as a whole,
    /// is an error.
    #[default]
    Tolerant,
    /// The first mismatch is an error.
    Strict,
}

/// Options of decoding.
///
/// ```
/// use intercom_data::{DecodeOptions, Decoding};
///
/// let options = DecodeOptions::from(Decoding::Tolerant).max_mismatches(1_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeOptions {
    /// How values that do not fit are handled.
    pub decoding: Decoding,
    /// How many mismatches are kept, 100 by default; further ones are only counted.
    pub max_mismatches: usize,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self { decoding: Decoding::Tolerant, max_mismatches: 100 }
    }
}

impl DecodeOptions {
    /// Sets [`max_mismatches`](Self::max_mismatches).
    pub const fn max_mismatches(mut self, count: usize) -> Self {
        self.max_mismatches = count;
        self
    }
}

impl From<Decoding> for DecodeOptions {
    fn from(decoding: Decoding) -> Self {
        Self { decoding, ..Self::default() }
    }
}

/// A decoded value, with the mismatches that were found.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// The values that did not fit, in the order of the body, up to [`DecodeOptions::max_mismatches`]. Missing fields come after the other
    /// mismatches of their object.
    pub mismatches: Vec<Mismatch>,
    /// How many mismatches were found beyond those in `mismatches`.
    pub omitted_mismatches: usize,
}

impl<T> Decoded<T> {
    /// Converts the value, and keeps the mismatches.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded { value: f(self.value), mismatches: self.mismatches, omitted_mismatches: self.omitted_mismatches }
    }
}

/// The memory in bytes that lists, maps and [`Value`]s may use even if the text is short: enough for a page of almost empty items.
const MIN_MEMORY: usize = 512 << 10;
/// Lists, maps and [`Value`]s may use this many times the size of the text, in addition to [`MIN_MEMORY`].
const MEMORY_FACTOR: usize = 6;

/// Decodes a JSON body. [`Decoding`] says how values that do not fit are handled.
///
/// # Errors
/// If the text is not JSON, the body as a whole does not fit, or decoding is strict and a value does not fit.
pub fn from_slice<T: Decode>(body: &[u8], options: impl Into<DecodeOptions>) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::DEFAULT;
    match read_into(body, options.into(), &mut value) {
        Ok((mismatches, omitted_mismatches)) => Ok(Decoded { value, mismatches, omitted_mismatches }),
        Err(error) => Err(error),
    }
}

/// Decodes a JSON value strictly.
///
/// # Errors
/// If the value or a part of it does not fit; the error has the path of the first such part.
pub fn from_value<T: Decode>(value: &Value) -> Result<T, DecodeError> {
    let text = serde_json::to_string(value)?;
    Ok(from_slice(text.as_bytes(), Decoding::Strict)?.value)
}

/// Decodes a body into a place. Returns the mismatches that were kept, and how many more there were.
///
/// # Errors
/// If the text is not JSON, the body as a whole does not fit, or decoding is strict and a value does not fit.
pub fn read_into(
    body: &[u8],
    options: DecodeOptions,
    place: &mut dyn Place,
) -> Result<(Vec<Mismatch>, usize), DecodeError> {
    read_slice(body, options, &mut |reader| place.read(reader))
}

/// Calls `read`, which has to read the whole body, with a reader of it. Returns the mismatches that were kept, and how many more there
/// were.
///
/// # Errors
/// If the text is not JSON, `read` returns an error, or something follows the value that it has read.
pub fn read_slice(
    body: &[u8],
    options: DecodeOptions,
    read: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), ReadError>,
) -> Result<(Vec<Mismatch>, usize), DecodeError> {
    let text = text(body)?;
    let mismatches = match options.decoding {
        Decoding::Tolerant => Mismatches::tolerant(options.max_mismatches),
        Decoding::Strict => Mismatches::strict(),
    };
    let memory = text.len().saturating_mul(MEMORY_FACTOR).saturating_add(MIN_MEMORY);
    let mut reader = Reader::new(text, mismatches, memory);
    let outcome = read(&mut reader).and_then(|()| reader.end());
    match outcome {
        Ok(()) => Ok(reader.mismatches.into_kept()),
        Err(why) => Err(error(reader, why)),
    }
}

/// The [`DecodeError`] for an error of the reader. A syntax error anywhere in the text takes precedence over a mismatch, even over one that
/// comes first.
#[cold]
fn error(reader: Reader<'_>, why: ReadError) -> DecodeError {
    let text = reader.text();
    if why != ReadError::Syntax {
        let mut whole = Reader::new(text, Mismatches::strict(), 0);
        if whole.skip().and_then(|()| whole.end()).is_err() {
            return syntax_error(&whole);
        }
    }
    match why {
        ReadError::Syntax => syntax_error(&reader),
        ReadError::Mismatch => DecodeError::mismatch(String::new(), reader.mismatch_message(text.trim_ascii_start())),
        ReadError::Stopped => match reader.mismatches.into_kept().0.into_iter().next() {
            Some(mismatch) => DecodeError::from_mismatch(mismatch),
            None => DecodeError::mismatch(String::new(), "a value does not fit its type".to_owned()),
        },
    }
}

fn syntax_error(reader: &Reader<'_>) -> DecodeError {
    let (at, why) = reader.last_syntax_error();
    DecodeError::syntax(reader.text().as_bytes(), at, why)
}

/// The body as text. UTF-8 is validated once for the whole body, which is faster than for each string in it.
fn text(body: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(body).map_err(|error| DecodeError::syntax(body, error.valid_up_to(), "the text is not UTF-8"))
}

impl Reader<'_> {
    /// Checks that only white space follows.
    ///
    /// # Errors
    /// If something else follows.
    pub(crate) fn end(&mut self) -> Result<(), ReadError> {
        if self.peek().is_some() { self.syntax_error("trailing characters after the JSON value") } else { Ok(()) }
    }
}
