//! The system's keyring: Keychain, Credential Manager, or the Secret Service of a Linux desktop.

use keyring::Entry;

use crate::failure::{Code, Failure, Result};

/// The service name of the entries.
const SERVICE: &str = "intercom-cli";

fn entry(name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, name)
}

/// The token of a profile.
///
/// # Errors
/// Where the keyring has no such entry or does not answer.
pub fn from_keyring(name: &str) -> Result<Option<String>> {
    let token = entry(name).and_then(|entry| entry.get_password());
    token
        .map(Some)
        .map_err(|error| Failure::new(Code::Auth, format!("the keyring has no token for profile `{name}`: {error}")))
}

/// Stores a token, and returns whether that succeeded.
pub fn into_keyring(name: &str, token: &str) -> bool {
    entry(name).and_then(|entry| entry.set_password(token)).is_ok()
}

/// Removes a token.
pub fn forget(name: &str) {
    let _ = entry(name).and_then(|entry| entry.delete_credential());
}
