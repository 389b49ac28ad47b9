//! The metadata of a response, which responses and errors have in common.

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
    /// Shared with the errors of items that do not fit.
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) body: Bytes,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) attempts: u32,
    pub(crate) decoding: DecodeOptions,
    pub(crate) mismatches: Vec<Mismatch>,
    /// The token of the request, which must not appear in any text.
    pub(crate) secret: Secret,
    /// How many mismatches there were beyond those in `mismatches`.
    pub(crate) further: usize,
}

impl Meta {
    /// The values that were set aside and are known, and how many more there were.
    pub(crate) fn aside(&self) -> (&[Mismatch], usize) {
        (&self.mismatches, self.further)
    }

    /// Stores the mismatches of decoding.
    pub(crate) fn set_aside(&mut self, mismatches: Vec<Mismatch>, further: usize) {
        (self.mismatches, self.further) = (mismatches, further);
    }
}

/// The request id of a response's headers.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("x-request-id")?.to_str().ok().filter(|id| !id.is_empty())
}
