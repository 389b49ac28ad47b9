//! The versions that the suites test.
//!
//! Crates can only be named in code, so the versions are listed here once. A test compares the list with `descriptions/`.

use std::path::Path;

use intercom_codegen::version::Version;

/// The versions that have a description in the folder `descriptions`, in order.
pub fn described(descriptions: &Path) -> Vec<Version> {
    let entries = descriptions.read_dir().unwrap_or_else(|error| panic!("{}: {error}", descriptions.display()));
    let entries = entries.map(|entry| entry.unwrap_or_else(|error| panic!("{error}")));
    let mut versions: Vec<Version> = entries
        .filter(|entry| entry.path().join("api.intercom.io.yaml").is_file())
        .map(|entry| entry.file_name().to_string_lossy().parse().unwrap_or_else(|error| panic!("{error}")))
        .collect();
    versions.sort();
    versions
}

/// Calls a macro with every version: the name of its test, the version as text, and its crate.
///
/// A plain `cargo test` covers one version, to be fast. The feature `all-versions` adds the others.
#[macro_export]
macro_rules! versions {
    ($each:ident) => {
        $each! {
            #[cfg(feature = "all-versions")]
            v2_7 "2.7" intercom_v2_7;
            #[cfg(feature = "all-versions")]
            v2_8 "2.8" intercom_v2_8;
            #[cfg(feature = "all-versions")]
            v2_9 "2.9" intercom_v2_9;
            #[cfg(feature = "all-versions")]
            v2_10 "2.10" intercom_v2_10;
            #[cfg(feature = "all-versions")]
            v2_11 "2.11" intercom_v2_11;
            #[cfg(feature = "all-versions")]
            v2_12 "2.12" intercom_v2_12;
            #[cfg(feature = "all-versions")]
            v2_13 "2.13" intercom_v2_13;
            #[cfg(feature = "all-versions")]
            v2_14 "2.14" intercom_v2_14;
            v2_15 "2.15" intercom_v2_15;
            #[cfg(feature = "all-versions")]
            v2_16 "2.16" intercom_v2_16;
            #[cfg(feature = "all-versions")]
            preview "preview" intercom_preview;
        }
    };
}
