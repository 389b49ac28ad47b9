//! The files of the versions that are compiled in.

use std::fmt;
use std::sync::{Arc, OnceLock};

use crate::index::Index;
use crate::model::Catalog;

/// Defines the list of versions, with a cargo feature and a lazily read catalog for each.
macro_rules! versions {
    ($($version:literal $feature:literal $file:literal;)*) => {
        /// The versions that are compiled in, oldest first; `Preview` is the last.
        pub const VERSIONS: &[&str] = &[$(#[cfg(feature = $feature)] $version),*];

        fn file(version: &str) -> Option<(&'static str, &'static OnceLock<Arc<Catalog>>)> {
            $(
                #[cfg(feature = $feature)]
                if version.eq_ignore_ascii_case($version) {
                    static CATALOG: OnceLock<Arc<Catalog>> = OnceLock::new();
                    return Some((include_str!(concat!("../versions/", $file)), &CATALOG));
                }
            )*
            let _ = version;
            None
        }
    };
}

versions! {
    "2.7" "v2-7" "2.7.json";
    "2.8" "v2-8" "2.8.json";
    "2.9" "v2-9" "2.9.json";
    "2.10" "v2-10" "2.10.json";
    "2.11" "v2-11" "2.11.json";
    "2.12" "v2-12" "2.12.json";
    "2.13" "v2-13" "2.13.json";
    "2.14" "v2-14" "2.14.json";
    "2.15" "v2-15" "2.15.json";
    "2.16" "v2-16" "2.16.json";
    "Preview" "preview" "preview.json";
}

/// Returns the catalog of a version: `2.15`, `preview`. It is kept after the first call, and later calls share it.
///
/// # Errors
/// Where the version does not exist or is not compiled in.
pub fn load(version: &str) -> Result<Arc<Catalog>, LoadError> {
    let (text, cell) = file(version).ok_or_else(|| LoadError(Kind::Version(version.to_owned())))?;
    if let Some(catalog) = cell.get() {
        return Ok(Arc::clone(catalog));
    }
    let catalog = Arc::new(Index::new(text)?.all()?);
    Ok(Arc::clone(cell.get_or_init(|| catalog)))
}

/// The text of a version's file.
pub(crate) fn text(version: &str) -> Result<&'static str, LoadError> {
    file(version).map(|(text, _)| text).ok_or_else(|| LoadError(Kind::Version(version.to_owned())))
}

/// Reads a catalog from the text of its file.
///
/// # Errors
/// Where the text is not a catalog.
pub fn parse(text: &str) -> Result<Catalog, LoadError> {
    Ok(serde_json::from_str(text)?)
}

/// Why a catalog could not be loaded.
#[derive(Debug)]
pub struct LoadError(Kind);

#[derive(Debug)]
enum Kind {
    Version(String),
    Text(serde_json::Error),
}

impl From<serde_json::Error> for LoadError {
    fn from(error: serde_json::Error) -> Self {
        Self(Kind::Text(error))
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Version(version) => {
                write!(f, "there is no version {version}; this program has {}", VERSIONS.join(", "))
            }
            Kind::Text(error) => write!(f, "the catalog cannot be read: {error}"),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Version(_) => None,
            Kind::Text(error) => Some(error),
        }
    }
}
