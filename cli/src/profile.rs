//! Profiles: the token and region of a workspace, kept between runs.

mod file;
#[cfg(any(target_os = "macos", windows, feature = "secret-service"))]
mod keyring;

use crate::failure::Result;

/// The profile that is used where none is named.
pub const DEFAULT: &str = "default";

/// The token and region of a workspace.
#[derive(Clone, Default)]
pub struct Profile {
    pub token: Option<String>,
    pub region: Option<String>,
}

/// Where a token was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// In the system's keyring.
    Keyring,
    /// In this file, which on Unix only the user can read.
    File(String),
}

/// Reads a profile; `None` where there is none of that name.
///
/// # Errors
/// Where the file cannot be read or is not what this program writes, or the keyring refuses.
pub fn read(name: &str) -> Result<Option<Profile>> {
    let stored = file::read()?.remove(name);
    match stored {
        Some(stored) if stored.token.is_some() => Ok(Some(Profile { token: stored.token, region: stored.region })),
        Some(stored) => Ok(Some(Profile { token: from_keyring(name)?, region: stored.region })),
        None => Ok(None),
    }
}

/// Stores a profile: the token in the keyring where that is possible, else in the file.
///
/// # Errors
/// Where the file cannot be read or written.
pub fn write(name: &str, token: &str, region: &str) -> Result<Kept> {
    let mut profiles = file::read()?;
    let in_keyring = into_keyring(name, token);
    let in_file = (!in_keyring).then(|| token.to_owned());
    profiles.insert(name.to_owned(), file::Stored { region: Some(region.to_owned()), token: in_file });
    let path = file::write(&profiles)?;
    Ok(if in_keyring { Kept::Keyring } else { Kept::File(path) })
}

/// Removes a profile, and returns whether there was one.
///
/// # Errors
/// Where the file cannot be read or written.
pub fn remove(name: &str) -> Result<bool> {
    let mut profiles = file::read()?;
    let was_there = profiles.remove(name).is_some();
    if was_there {
        forget(name);
        file::write(&profiles)?;
    }
    Ok(was_there)
}

#[cfg(any(target_os = "macos", windows, feature = "secret-service"))]
use keyring::{forget, from_keyring, into_keyring};

#[cfg(not(any(target_os = "macos", windows, feature = "secret-service")))]
use none::{forget, from_keyring, into_keyring};

/// Where no keyring is compiled in.
#[cfg(not(any(target_os = "macos", windows, feature = "secret-service")))]
mod none {
    use crate::failure::{Code, Failure, Result};

    pub fn from_keyring(name: &str) -> Result<Option<String>> {
        let message = format!(
            "the token of profile `{name}` is in a keyring, which this program was built without; \
             run `intercom login` again, or set INTERCOM_ACCESS_TOKEN"
        );
        Err(Failure::new(Code::Auth, message))
    }

    pub fn into_keyring(_: &str, _: &str) -> bool {
        false
    }

    pub fn forget(_: &str) {}
}
