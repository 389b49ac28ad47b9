//! Versions of the API, and sets of versions such as an overlay's `x-versions`.
//!
//! A version is the value of the version header, `2.15` or `Preview`; the folder of Preview is `0`. Versions are
//! ordered by number, with Preview last, so a new version needs no change here.

use std::fmt;
use std::str::FromStr;

use crate::diag::{Error, Result};

/// A version of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// A released version: major, minor.
    Released(u32, u32),
    /// The unreleased version.
    Preview,
}

impl Version {
    /// The folder of the version in `descriptions/`: `2.15`, and `0` for Preview.
    pub fn folder(self) -> String {
        match self {
            Self::Released(major, minor) => format!("{major}.{minor}"),
            Self::Preview => "0".to_owned(),
        }
    }

    /// The name of the version's crate: `intercom-v2-15`, `intercom-preview`.
    pub fn crate_name(self) -> String {
        match self {
            Self::Released(major, minor) => format!("intercom-v{major}-{minor}"),
            Self::Preview => "intercom-preview".to_owned(),
        }
    }
}

impl fmt::Display for Version {
    /// The value of the header `Intercom-Version`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Released(major, minor) => write!(f, "{major}.{minor}"),
            Self::Preview => f.write_str("Preview"),
        }
    }
}

impl FromStr for Version {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        if text == "0" || text.eq_ignore_ascii_case("preview") {
            return Ok(Self::Preview);
        }
        let number = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok()).flatten();
        text.split_once('.')
            .and_then(|(major, minor)| Some(Self::Released(number(major)?, number(minor)?)))
            .ok_or_else(|| Error::new("", "", format!("`{text}` is not a version")).hint("write `2.15` or `preview`"))
    }
}

/// A set of versions, written as comma separated terms: `2.15`, `preview`, `2.9..2.13`, `2.11..`, `..2.11`.
///
/// A range includes both of its ends. An open end reaches to the first or the last version that exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Versions(Vec<(Option<Version>, Option<Version>)>);

impl Versions {
    /// Whether the set contains the version.
    pub fn contains(&self, version: Version) -> bool {
        self.0.iter().any(|(from, to)| from.is_none_or(|from| from <= version) && to.is_none_or(|to| version <= to))
    }
}

impl FromStr for Versions {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let end = |text: &str| if text.is_empty() { Ok(None) } else { text.parse().map(Some) };
        let range =
            |term: &str| match term.split_once("..") {
                None => term.parse().map(|version| (Some(version), Some(version))),
                Some(("", "")) => Err(Error::new("", "", "a range needs a start or an end")
                    .hint("remove the key if all versions are meant")),
                Some((from, to)) => match (end(from.trim())?, end(to.trim())?) {
                    (Some(from), Some(to)) if from > to => {
                        Err(Error::new("", "", format!("the range `{term}` is empty"))
                            .hint(format!("write `{to}..{from}`")))
                    }
                    ends => Ok(ends),
                },
            };
        text.split(',').map(|term| range(term.trim())).collect::<Result<_>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(text: &str) -> Version {
        text.parse().unwrap()
    }

    #[test]
    fn versions_are_ordered_by_number_with_preview_last() {
        assert!(version("2.9") < version("2.10") && version("2.16") < version("0"));
        assert_eq!(version("preview").to_string(), "Preview");
        assert_eq!((version("Preview").folder(), version("2.10").folder()), ("0".to_owned(), "2.10".to_owned()));
    }

    #[test]
    fn a_set_contains_its_versions_and_both_ends_of_its_ranges() {
        for (set, inside, outside) in [
            ("2.15", "2.15", "2.14"),
            ("preview", "0", "2.16"),
            ("2.9..2.13", "2.13", "2.14"),
            ("2.9..2.13", "2.9", "2.8"),
            ("2.11..", "preview", "2.10"),
            ("..2.11", "2.7", "2.12"),
            ("2.7, 2.14..preview", "2.16", "2.8"),
        ] {
            let set: Versions = set.parse().unwrap();
            assert!(set.contains(version(inside)) && !set.contains(version(outside)), "{set:?}");
        }
    }

    #[test]
    fn text_that_is_not_a_set_of_versions_is_rejected() {
        for text in ["", "2", "2.x", "..", "2.9..2.7", "+2.7", "latest"] {
            assert!(text.parse::<Versions>().is_err(), "{text}");
        }
    }
}
