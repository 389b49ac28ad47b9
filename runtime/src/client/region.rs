//! The regions in which workspaces are hosted.

use std::str::FromStr;

use crate::error::Error;

/// The region in which the data of a workspace is hosted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// The United States, `api.intercom.io`.
    #[default]
    Us,
    /// The European Union, `api.eu.intercom.io`.
    Eu,
    /// Australia, `api.au.intercom.io`.
    Au,
}

impl Region {
    #[cfg(feature = "oauth")]
    pub(crate) const ALL: [Self; 3] = [Self::Us, Self::Eu, Self::Au];

    /// The base URL of the region's API.
    pub fn base_url(self) -> &'static str {
        match self {
            Self::Us => "https://api.intercom.io",
            Self::Eu => "https://api.eu.intercom.io",
            Self::Au => "https://api.au.intercom.io",
        }
    }
}

/// Reads `us`, `eu` or `au`, in upper or lower case.
impl FromStr for Region {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.trim().to_ascii_lowercase().as_str() {
            "us" => Ok(Self::Us),
            "eu" => Ok(Self::Eu),
            "au" => Ok(Self::Au),
            _ => Err(Error::config(format!("`{}` is not a region; expected us, eu or au", text.escape_debug()))),
        }
    }
}
