//! The metadata of a response, which responses and errors contain.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::data::{DecodeOptions, Mismatch};
use crate::endpoint::EndpointRef;
use crate::rate_limit::RateLimit;
use crate::secret::Secret;

/// All of a response except its value.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    pub(crate) endpoint: EndpointRef,
    pub(crate) status: StatusCode,
    /// In an `Arc`, since the errors of items that do not fit their type share it.
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) body: Bytes,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) attempts: u32,
    pub(crate) decoding: DecodeOptions,
    pub(crate) mismatches: Vec<Mismatch>,
    /// The token of the request, which errors, logs and `Debug` output must not contain.
    pub(crate) secret: Secret,
    /// How many mismatches were found beyond those in `mismatches`.
    pub(crate) omitted_mismatches: usize,
}

impl Meta {
    /// The mismatches that were kept, and how many more were found.
    pub(crate) fn mismatches(&self) -> (&[Mismatch], usize) {
        (&self.mismatches, self.omitted_mismatches)
    }

    /// Stores the mismatches of decoding.
    pub(crate) fn set_mismatches(&mut self, mismatches: Vec<Mismatch>, omitted_mismatches: usize) {
        (self.mismatches, self.omitted_mismatches) = (mismatches, omitted_mismatches);
    }
}

/// The request id in the headers of a response.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok().filter(|id| !id.is_empty())
}
