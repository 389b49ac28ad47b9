//! What the recipes share with tests of your own: [a transport that records and replays](tape).
//!
//! The programs themselves are in `src/bin`, each complete in one file. All take the token from `INTERCOM_ACCESS_TOKEN` and
//! the region from `INTERCOM_REGION`.

pub mod tape;
