//! The user of a sheet, which is encrypted in the form field `intercom_data` of the request that opens the sheet.

use std::fmt;

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::signature::Secrets;

const NONCE_LENGTH: usize = 12;
const TAG_LENGTH: usize = 16;

/// Decrypts the `user` of the request that opens a sheet, which is the contact as JSON.
///
/// The text is Base64 of nonce (12 bytes), ciphertext and tag (16 bytes); the key is the SHA-256 of the client secret, the
/// cipher AES-256-GCM.
///
/// # Errors
/// If the text does not have this format, was encrypted with another secret, or was changed, or if the decrypted text is not JSON.
pub fn decrypt_user(client_secret: &str, encrypted: &str) -> Result<Value, SheetUserError> {
    decrypt(client_secret.as_bytes(), encrypted)
}

/// Decrypts with the first secret that matches.
pub(super) fn decrypt_with_any(client_secrets: &Secrets, encrypted: &str) -> Result<Value, SheetUserError> {
    let mut outcome = Err(SheetUserError::WrongSecret);
    for secret in client_secrets.iter() {
        outcome = decrypt(secret, encrypted);
        if outcome != Err(SheetUserError::WrongSecret) {
            break;
        }
    }
    outcome
}

fn decrypt(client_secret: &[u8], encrypted: &str) -> Result<Value, SheetUserError> {
    // The text may be broken into lines.
    let text: String = encrypted.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = STANDARD.decode(text).map_err(|_| SheetUserError::NotBase64)?;
    let (nonce, sealed) = bytes.split_at_checked(NONCE_LENGTH).ok_or(SheetUserError::TooShort)?;
    if sealed.len() < TAG_LENGTH {
        return Err(SheetUserError::TooShort);
    }
    let nonce = Nonce::try_from(nonce).map_err(|_| SheetUserError::TooShort)?;
    let plain = cipher(client_secret).decrypt(&nonce, sealed).map_err(|_| SheetUserError::WrongSecret)?;
    serde_json::from_slice(&plain).map_err(|_| SheetUserError::NotJson)
}

/// Encrypts a user as Intercom does, for tests. A nonce must never be used twice with the same secret.
pub fn encrypt_user(client_secret: &str, nonce: [u8; NONCE_LENGTH], user: &Value) -> String {
    let sealed = cipher(client_secret.as_bytes()).encrypt(&Nonce::from(nonce), user.to_string().as_bytes());
    // Encryption fails only for texts of many gigabytes.
    let mut bytes = nonce.to_vec();
    bytes.extend(sealed.unwrap_or_default());
    STANDARD.encode(bytes)
}

fn cipher(client_secret: &[u8]) -> Aes256Gcm {
    let key: [u8; 32] = Sha256::digest(client_secret).into();
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(key))
}

/// Why the user of a sheet cannot be decrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SheetUserError {
    /// The text is not Base64.
    NotBase64,
    /// There is no text, or it is shorter than a nonce and a tag.
    TooShort,
    /// The text was encrypted with another secret, or was changed.
    WrongSecret,
    /// The decrypted text is not JSON.
    NotJson,
}

impl fmt::Display for SheetUserError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotBase64 => "the user of the sheet is not Base64",
            Self::TooShort => "the user of the sheet is missing, or is too short to be an encrypted text",
            Self::WrongSecret => "the user of the sheet was encrypted with another client secret, or was changed",
            Self::NotJson => "the user of the sheet is not JSON",
        })
    }
}

impl std::error::Error for SheetUserError {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_format_matches_another_implementation() {
        // Generated with Python's `cryptography`: AESGCM(sha256(b"secret")).encrypt(bytes(range(12)), b'{"id":"42"}', None).
        let text = KNOWN_ANSWER;
        assert_eq!(decrypt_user("secret", text), Ok(json!({"id": "42"})));
        let lines = format!("{}\r\n{}\n", &text[..20], &text[20..]);
        assert_eq!(decrypt_user("secret", &lines), Ok(json!({"id": "42"})));
        let nonce = std::array::from_fn(|index| u8::try_from(index).unwrap());
        assert_eq!(encrypt_user("secret", nonce, &json!({"id": "42"})), text);
    }

    #[test]
    fn each_kind_of_invalid_text_has_its_error() {
        assert_eq!(decrypt_user("secret", "?"), Err(SheetUserError::NotBase64));
        assert_eq!(decrypt_user("secret", "AAAA"), Err(SheetUserError::TooShort));
        assert_eq!(decrypt_user("other", KNOWN_ANSWER), Err(SheetUserError::WrongSecret));
        let mut changed = STANDARD.decode(KNOWN_ANSWER).unwrap();
        for bit in 0..changed.len() * 8 {
            changed[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(decrypt_user("secret", &STANDARD.encode(&changed)), Err(SheetUserError::WrongSecret));
            changed[bit / 8] ^= 1 << (bit % 8);
        }
    }

    const KNOWN_ANSWER: &str = "AAECAwQFBgcICQoL0vTN70v5R7XzdgNEloPkzAGinQHmO92/e4Wu";
}
