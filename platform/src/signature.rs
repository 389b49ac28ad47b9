//! Signatures of request bodies: HMAC over the raw bytes, compared in constant time.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

/// The accepted secrets: the current one, and during a rotation the previous one.
#[derive(Clone, Debug)]
pub struct Secrets(Vec<SecretString>);

impl Secrets {
    /// Accepts one secret.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(vec![SecretString::from(secret.into())])
    }

    /// Accepts another secret as well.
    #[must_use]
    pub fn or(mut self, secret: impl Into<String>) -> Self {
        self.0.push(SecretString::from(secret.into()));
        self
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|secret| secret.expose_secret().as_bytes())
    }
}

/// A signature scheme: the header, its format and the hash function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// `X-Hub-Signature: sha1=` and 40 hexadecimal digits: webhook notifications.
    #[cfg(feature = "webhooks")]
    Hub,
    /// `X-Body-Signature:` 64 hexadecimal digits: Canvas Kit, uninstallation, health check.
    Body,
    /// `X-Fin-Agent-API-Webhook-Signature: sha256=` and 64 hexadecimal digits: Fin events.
    FinAgent,
}

impl Scheme {
    /// The header that carries the signature.
    pub const fn header(self) -> &'static str {
        match self {
            #[cfg(feature = "webhooks")]
            Self::Hub => "x-hub-signature",
            Self::Body => "x-body-signature",
            Self::FinAgent => "x-fin-agent-api-webhook-signature",
        }
    }

    const fn prefix(self) -> &'static str {
        match self {
            #[cfg(feature = "webhooks")]
            Self::Hub => "sha1=",
            Self::Body => "",
            Self::FinAgent => "sha256=",
        }
    }

    /// Signs a body as Intercom does, for tests and mock servers. Returns the value of the header.
    pub fn sign(self, secret: &str, body: &[u8]) -> String {
        let mut value = self.prefix().to_owned();
        for byte in self.mac(secret.as_bytes(), body) {
            value.push_str(&format!("{byte:02x}"));
        }
        value
    }

    /// Checks the signature of a request.
    ///
    /// # Errors
    /// If the header is missing or malformed, or the signature does not match any of the secrets.
    pub fn verify(self, secrets: &Secrets, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
        let mut values = headers.get_all(self.header()).iter();
        let value = values.next().ok_or(SignatureError::Missing { header: self.header() })?;
        let malformed = SignatureError::Malformed { header: self.header() };
        let claimed = value.to_str().ok().and_then(|text| digits(text.trim().strip_prefix(self.prefix())?));
        let claimed = claimed.filter(|claimed| claimed.len() == self.length()).ok_or(malformed.clone())?;
        // If there are two signatures, it is not clear which one is meant, so neither is accepted.
        if values.next().is_some() {
            return Err(malformed);
        }
        // Every secret is tried, so that the duration does not reveal which one matches.
        let matches = secrets.iter().fold(false, |matches, secret| matches | self.matches(secret, body, &claimed));
        if matches { Ok(()) } else { Err(SignatureError::Wrong { header: self.header() }) }
    }

    const fn length(self) -> usize {
        match self {
            #[cfg(feature = "webhooks")]
            Self::Hub => 20,
            Self::Body | Self::FinAgent => 32,
        }
    }

    fn mac(self, secret: &[u8], body: &[u8]) -> Vec<u8> {
        match self {
            #[cfg(feature = "webhooks")]
            Self::Hub => keyed::<Hmac<sha1::Sha1>>(secret, body).finalize().into_bytes().to_vec(),
            Self::Body | Self::FinAgent => keyed::<Hmac<Sha256>>(secret, body).finalize().into_bytes().to_vec(),
        }
    }

    /// Compares in constant time.
    fn matches(self, secret: &[u8], body: &[u8], claimed: &[u8]) -> bool {
        match self {
            #[cfg(feature = "webhooks")]
            Self::Hub => keyed::<Hmac<sha1::Sha1>>(secret, body).verify_slice(claimed).is_ok(),
            Self::Body | Self::FinAgent => keyed::<Hmac<Sha256>>(secret, body).verify_slice(claimed).is_ok(),
        }
    }
}

/// Computes the MAC of a body. HMAC accepts keys of any length.
fn keyed<M: Mac + KeyInit>(secret: &[u8], body: &[u8]) -> M {
    let mut mac = <M as KeyInit>::new_from_slice(secret).unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(body);
    mac
}

/// Decodes hexadecimal digits, in upper or lower case.
fn digits(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?)).collect()
}

/// Why a signature was not accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureError {
    /// The request does not have the header.
    Missing {
        /// The name of the header, in lower case.
        header: &'static str,
    },
    /// The header does not have the format of a signature, or occurs more than once.
    Malformed {
        /// The name of the header, in lower case.
        header: &'static str,
    },
    /// The signature was made with another secret or for another body.
    Wrong {
        /// The name of the header, in lower case.
        header: &'static str,
    },
}

impl SignatureError {
    /// The status of the HTTP response to send: 401.
    pub fn status(&self) -> StatusCode {
        StatusCode::UNAUTHORIZED
    }
}

impl fmt::Display for SignatureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { header } => write!(f, "the request has no header `{header}`"),
            Self::Malformed { header } => write!(f, "the header `{header}` is not a single signature"),
            Self::Wrong { header } => {
                write!(
                    f,
                    "the signature in `{header}` does not match the body: check the secret, and pass the raw bytes of the body"
                )
            }
        }
    }
}

impl std::error::Error for SignatureError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(scheme: Scheme, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.append(scheme.header(), value.parse().unwrap());
        headers
    }

    #[test]
    fn signatures_match_known_answers() {
        // RFC 2202 and RFC 4231, test case 2.
        let body = b"what do ya want for nothing?";
        #[cfg(feature = "webhooks")]
        assert_eq!(Scheme::Hub.sign("Jefe", body), "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(Scheme::Body.sign("Jefe", body), sha256);
        assert_eq!(Scheme::FinAgent.sign("Jefe", body), format!("sha256={sha256}"));
    }

    #[test]
    fn each_secret_is_accepted_with_digits_in_either_case() {
        let secrets = Secrets::new("new").or("old");
        for secret in ["new", "old"] {
            let value = Scheme::Body.sign(secret, b"{}").to_uppercase();
            assert_eq!(Scheme::Body.verify(&secrets, &headers(Scheme::Body, &value), b"{}"), Ok(()));
        }
        let value = Scheme::Body.sign("other", b"{}");
        let refused = Scheme::Body.verify(&secrets, &headers(Scheme::Body, &value), b"{}");
        assert_eq!(refused, Err(SignatureError::Wrong { header: "x-body-signature" }));
    }

    #[test]
    fn a_change_of_any_bit_is_detected() {
        let (secrets, body) = (Secrets::new("secret"), b"{\"a\":1}".to_vec());
        for scheme in [
            #[cfg(feature = "webhooks")]
            Scheme::Hub,
            Scheme::Body,
            Scheme::FinAgent,
        ] {
            let value = scheme.sign("secret", &body);
            assert_eq!(scheme.verify(&secrets, &headers(scheme, &value), &body), Ok(()));
            let wrong = Err(SignatureError::Wrong { header: scheme.header() });
            for bit in 0..body.len() * 8 {
                let mut changed = body.clone();
                changed[bit / 8] ^= 1 << (bit % 8);
                assert_eq!(scheme.verify(&secrets, &headers(scheme, &value), &changed), wrong);
            }
            for bit in 0..scheme.length() * 8 {
                let place = scheme.prefix().len() + bit / 4;
                let digit = u8::from_str_radix(&value[place..=place], 16).unwrap() ^ (1 << (bit % 4));
                let mut changed = value.clone();
                changed.replace_range(place..=place, &format!("{digit:x}"));
                assert_eq!(scheme.verify(&secrets, &headers(scheme, &changed), &body), wrong, "{changed}");
            }
        }
    }

    #[test]
    fn missing_and_malformed_signatures_have_their_own_errors() {
        let secrets = Secrets::new("secret");
        let good = Scheme::Body.sign("secret", b"");
        assert_eq!(
            Scheme::Body.verify(&secrets, &HeaderMap::new(), b""),
            Err(SignatureError::Missing { header: "x-body-signature" })
        );
        for value in ["", "sha256=", "zz", &good[1..], &format!("{good}00"), &format!("sha256={good}")] {
            let refused = Scheme::Body.verify(&secrets, &headers(Scheme::Body, value), b"");
            assert_eq!(refused, Err(SignatureError::Malformed { header: "x-body-signature" }), "{value}");
        }
        let mut twice = headers(Scheme::Body, &good);
        twice.append(Scheme::Body.header(), good.parse().unwrap());
        let refused = Scheme::Body.verify(&secrets, &twice, b"").unwrap_err();
        assert_eq!(refused.to_string(), "the header `x-body-signature` is not a single signature");
    }
}
