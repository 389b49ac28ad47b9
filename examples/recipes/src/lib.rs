//! What the recipes share with tests of your own: [a transport that records and replays](recording).
//!
//! The programs themselves are in `src/bin`, each complete in one file. Most take the token from `INTERCOM_ACCESS_TOKEN` and
//! the region from `INTERCOM_REGION`; `all_regions` has variables for each region.

pub mod recording;
