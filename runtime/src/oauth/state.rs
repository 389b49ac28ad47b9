//! The state parameter, which links a callback to a browser session.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use subtle::ConstantTimeEq as _;

/// The number of random bytes of a state.
const BYTES: usize = 32;

/// The OAuth state: a random value that proves that a callback belongs to a browser session that this app has redirected, and was not
/// forged by an attacker.
///
/// Generate a new one for each redirect, and remove it from the session after the callback.
#[derive(Clone)]
pub struct State(SecretString);

impl State {
    /// Generates a state of 64 hexadecimal digits with the random number generator of the operating system, or of the host on WebAssembly.
    ///
    /// # Errors
    /// If it cannot provide random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(NoRandomness)?;
        let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble & 15)]);
        let text: String = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect();
        Ok(Self(text.into()))
    }

    /// Makes the state from the text that the session has stored.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text, to store it in the session.
    pub fn as_str(&self) -> &str {
        self.0.expose_secret()
    }

    /// Compares the state with that of a callback in constant time. An empty state does not match, so that a session without a state does
    /// not accept a callback without one.
    pub fn matches(&self, claimed: &str) -> bool {
        let own = self.as_str().as_bytes();
        !own.is_empty() && bool::from(own.ct_eq(claimed.as_bytes()))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("State(..)")
    }
}

/// The error if the operating system, or the host on WebAssembly, cannot provide random bytes.
#[derive(Clone, Copy, Debug)]
pub struct NoRandomness(getrandom::Error);

impl fmt::Display for NoRandomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "no random bytes are available: {}", self.0)
    }
}

impl std::error::Error for NoRandomness {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_states_differ_and_only_match_themselves() {
        let (one, two) = (State::generate().unwrap(), State::generate().unwrap());
        assert_eq!(one.as_str().len(), 2 * BYTES);
        assert!(one.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(one.matches(one.as_str()) && !one.matches(two.as_str()));
        assert!(!one.matches("") && !one.matches(&one.as_str()[1..]));
        assert!(!State::from_text("").matches(""));
        assert!(!format!("{one:?}").contains(one.as_str()));
    }
}
