//! Messenger identity: the server signs who the user of a page is.

use std::fmt::Write as _;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::Sha256;

/// How long a token is valid unless [`MessengerUser::expires_in`] says otherwise.
pub const DEFAULT_LIFETIME: Duration = Duration::from_secs(5 * 60);

/// Computes the `user_hash` of a user, the older method of identity verification, which Intercom still supports. `user` is the user
/// id if the page sends one, otherwise the email address.
pub fn user_hash(identity_secret: &str, user: &str) -> String {
    mac(identity_secret, user.as_bytes()).iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The user whom a token identifies.
#[derive(Clone, Debug)]
pub struct MessengerUser {
    claims: Map<String, Value>,
    lifetime: Duration,
}

impl MessengerUser {
    /// Makes a user with this user id.
    pub fn new(user_id: impl Into<String>) -> Self {
        let claims = Map::from_iter([("user_id".to_owned(), Value::String(user_id.into()))]);
        Self { claims, lifetime: DEFAULT_LIFETIME }
    }

    /// Adds the email address.
    #[must_use]
    pub fn email(self, email: impl Into<String>) -> Self {
        self.attribute("email", email.into())
    }

    /// Adds the name.
    #[must_use]
    pub fn name(self, name: impl Into<String>) -> Self {
        self.attribute("name", name.into())
    }

    /// Adds another attribute, standard or custom. The page cannot change attributes that are in the token.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Sets how long the token is valid; five minutes by default.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }
}

/// Signs the token for the Messenger's boot attribute `intercom_user_jwt` with the Messenger API secret (HS256).
pub fn messenger_jwt(messenger_secret: &str, user: MessengerUser) -> String {
    messenger_jwt_at(messenger_secret, user, SystemTime::now())
}

/// As [`messenger_jwt`], with the current time as an argument.
pub fn messenger_jwt_at(messenger_secret: &str, user: MessengerUser, now: SystemTime) -> String {
    let expires = now.duration_since(UNIX_EPOCH).unwrap_or_default().saturating_add(user.lifetime).as_secs();
    let mut claims = Map::from_iter([("exp".to_owned(), Value::from(expires))]);
    claims.extend(user.claims);
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let payload = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    let signed = format!("{header}.{payload}");
    let signature = URL_SAFE_NO_PAD.encode(mac(messenger_secret, signed.as_bytes()));
    format!("{signed}.{signature}")
}

fn mac(secret: &str, text: &[u8]) -> Vec<u8> {
    let key = Hmac::<Sha256>::new_from_slice(secret.as_bytes());
    let mut mac = key.unwrap_or_else(|_| unreachable!("HMAC takes any key"));
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_hash_matches_a_known_answer() {
        // RFC 4231, test case 2.
        let hash = user_hash("Jefe", "what do ya want for nothing?");
        assert_eq!(hash, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    #[test]
    fn the_token_matches_another_implementation() {
        // PyJWT: jwt.encode({'exp': 1060, 'user_id': '42', 'zone': {'plan': 'pro'}}, 'secret', algorithm='HS256', sort_headers=True)
        let known = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjEwNjAsInVzZXJfaWQiOiI0MiIsInpvbmUiOnsicGxhbiI6InBybyJ9fQ.GCsuApQw85Lp2x3zJy57uoeL4bRo-n7tEg5_vH2xcEs";
        let user =
            MessengerUser::new("42").attribute("zone", json!({"plan": "pro"})).expires_in(Duration::from_secs(60));
        assert_eq!(messenger_jwt_at("secret", user, UNIX_EPOCH + Duration::from_secs(1_000)), known);
    }

    #[test]
    fn every_attribute_is_in_the_token() {
        let token = messenger_jwt("secret", MessengerUser::new("42").email("joe@example.com").name("Joe"));
        let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
        let claims: Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(claims["user_id"], "42");
        assert_eq!((&claims["email"], &claims["name"]), (&json!("joe@example.com"), &json!("Joe")));
        assert!(claims["exp"].as_u64().unwrap() > 1_700_000_000);
    }
}
