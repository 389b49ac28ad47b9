//! Entry points to decode a whole JSON body, with their options.

use serde_json::Value;

use crate::note::{DecodeError, Mismatch, Notes};
use crate::place::{Decode, Place};
use crate::reader::{Fault, Reader};

/// What a body becomes where a value does not fit its declared type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Decoding {
    /// Sets the value aside, reports it as a [`Mismatch`] and keeps everything else.
    #[default]
    Tolerant,
    /// Fails with the path of the value.
    Strict,
}

/// How to decode.
///
/// ```
/// use intercom_data::{DecodeOptions, Decoding};
///
/// let options = DecodeOptions::from(Decoding::Tolerant).max_mismatches(1_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeOptions {
    /// Whether a value that does not fit is an error.
    pub decoding: Decoding,
    /// How many mismatches are kept; further ones are counted. 100 by default.
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

/// A decoded body and what had to be set aside.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What did not fit, in the order of the body, up to a limit.
    pub mismatches: Vec<Mismatch>,
    /// How many more mismatches there were.
    pub further: usize,
}

impl<T> Decoded<T> {
    /// The same around another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded { value: f(self.value), mismatches: self.mismatches, further: self.further }
    }
}

/// The memory that the values of even the smallest text may take: enough for a page of almost empty items.
const LEAST_MEMORY: usize = 512 << 10;
/// How many times its own size the values of a text may take.
const MEMORY_FACTOR: usize = 6;

/// Decodes a JSON body. What does not fit is set aside on the way, or, in [`Decoding::Strict`], the first of it is the error.
///
/// # Errors
/// Where the text is not JSON, the body as a whole does not fit, or the decoding is strict and something does not fit.
pub fn from_slice<T: Decode>(body: &[u8], options: impl Into<DecodeOptions>) -> Result<Decoded<T>, DecodeError> {
    let mut value = T::UNSET;
    match read_into(body, options.into(), &mut value) {
        Ok((mismatches, further)) => Ok(Decoded { value, mismatches, further }),
        Err(error) => Err(error),
    }
}

/// Decodes a JSON value strictly.
///
/// # Errors
/// Where the value does not fit, with the path of the first part that does not.
pub fn from_value<T: Decode>(value: &Value) -> Result<T, DecodeError> {
    let text = serde_json::to_string(value)?;
    Ok(from_slice(text.as_bytes(), Decoding::Strict)?.value)
}

/// Reads a body into a place. Returns the mismatches that were kept, and how many more there were.
///
/// # Errors
/// Where the text is not JSON, the body as a whole does not fit, or the decoding is strict and something does not fit.
pub fn read_into(
    body: &[u8],
    options: DecodeOptions,
    place: &mut dyn Place,
) -> Result<(Vec<Mismatch>, usize), DecodeError> {
    read_slice(body, options, &mut |reader| place.read(reader))
}

/// Reads a body as one value. Returns the mismatches that were kept, and how many more there were.
///
/// # Errors
/// Where the text is not JSON, `read` refuses the value, or the decoding is strict and something does not fit.
pub fn read_slice(
    body: &[u8],
    options: DecodeOptions,
    read: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), Fault>,
) -> Result<(Vec<Mismatch>, usize), DecodeError> {
    let text = text(body)?;
    let notes = match options.decoding {
        Decoding::Tolerant => Notes::tolerant(options.max_mismatches),
        Decoding::Strict => Notes::strict(),
    };
    let memory = text.len().saturating_mul(MEMORY_FACTOR).saturating_add(LEAST_MEMORY);
    let mut reader = Reader::new(text, notes, memory);
    let outcome = read(&mut reader).and_then(|()| reader.end());
    match outcome {
        Ok(()) => Ok(reader.notes.into_mismatches()),
        Err(fault) => Err(error(reader, fault)),
    }
}

/// The error for a fault. Where the text is not JSON, that is the error, even where the fault comes before the invalid
/// place.
#[cold]
fn error(reader: Reader<'_>, fault: Fault) -> DecodeError {
    let text = reader.text();
    if fault != Fault::Broken {
        let mut whole = Reader::new(text, Notes::strict(), 0);
        if whole.skip().and_then(|()| whole.end()).is_err() {
            return broken(&whole);
        }
    }
    match fault {
        Fault::Broken => broken(&reader),
        Fault::Unfit => DecodeError::unfit(String::new(), reader.refusal(text.trim_ascii_start())),
        Fault::Stopped => match reader.notes.into_mismatches().0.into_iter().next() {
            Some(mismatch) => DecodeError::mismatch(mismatch),
            None => DecodeError::unfit(String::new(), "a value does not fit".to_owned()),
        },
    }
}

fn broken(reader: &Reader<'_>) -> DecodeError {
    let (at, why) = reader.breakage();
    DecodeError::broken(reader.text().as_bytes(), at, why)
}

/// A body as text: checked once as a whole, which costs less than checking each string of it.
fn text(body: &[u8]) -> Result<&str, DecodeError> {
    std::str::from_utf8(body).map_err(|error| DecodeError::broken(body, error.valid_up_to(), "the text is not UTF-8"))
}

impl Reader<'_> {
    /// Makes sure that nothing follows but white space.
    ///
    /// # Errors
    /// Where something does.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        if self.peek().is_some() { self.broken("something follows after the end") } else { Ok(()) }
    }
}
