//! Checks of the text of a base URL, for error messages that suggest a correction. The rules about https are in `origin`.

use std::fmt;

use http::Uri;

/// Validates a base URL. Returns it without white space around it and slashes at its end.
///
/// # Errors
/// A message with the value, what is wrong with it, and a correction. It does not contain the user name, the password, the query or the
/// fragment.
pub(super) fn checked(text: &str) -> Result<&str, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the base URL is empty; write https://api.intercom.io".to_owned());
    }
    let parts = Parts::of(text);
    let problem = if parts.scheme.is_empty() {
        "has no scheme".to_owned()
    } else if !matches!(parts.scheme.to_ascii_lowercase().as_str(), "https" | "http") {
        format!("has the scheme `{}`, which is neither https nor http", parts.scheme)
    } else if parts.user_info.is_some() {
        "contains a user name or a password; set the token with `token`, and the password of a proxy in the transport"
            .to_owned()
    } else if parts.host.is_empty() {
        return Err(format!("the base URL `{}` has no host; write https://api.intercom.io", Redacted(text)));
    } else if parts.port.is_some_and(|port| !is_port(port)) {
        format!("has the port `{}`, which is not a number from 1 to 65535", parts.port.unwrap_or_default())
    } else if parts.after.starts_with('?') {
        "has a query, but query parameters are set for each call".to_owned()
    } else if parts.after.starts_with('#') {
        "has a fragment, which HTTP requests do not contain".to_owned()
    } else if let Err(error) = text.parse::<Uri>() {
        return Err(format!(
            "the base URL `{}` is not valid: {error}; write one like https://api.intercom.io",
            Redacted(text)
        ));
    } else {
        return Ok(text.trim_end_matches('/'));
    };
    Err(format!("the base URL `{}` {problem}; write {}", Redacted(text), parts.corrected()))
}

/// Displays a URL without its user name, password, query and fragment, which may be secrets.
pub(super) struct Redacted<'a>(pub(super) &'a str);

impl fmt::Display for Redacted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { scheme, separator, user_info, host, port, path, after } = Parts::of(self.0);
        write!(f, "{scheme}{separator}{}{host}", user_info.map_or("", |_| "…@"))?;
        if let Some(port) = port {
            write!(f, ":{port}")?;
        }
        write!(f, "{path}{}", after.get(..1).unwrap_or_default())?;
        f.write_str(if after.is_empty() { "" } else { "…" })
    }
}

/// The parts of a text that should be a URL.
struct Parts<'a> {
    scheme: &'a str,
    separator: &'a str,
    user_info: Option<&'a str>,
    host: &'a str,
    port: Option<&'a str>,
    path: &'a str,
    /// Query and fragment, with their `?` or `#`.
    after: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Self {
        let (before, after) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
        let (scheme, separator, rest) = match (before.split_once("://"), before.strip_prefix("//")) {
            (Some((scheme, rest)), _) if !scheme.contains('/') => (scheme, "://", rest),
            (_, Some(rest)) => ("", "//", rest),
            _ => ("", "", before),
        };
        let (authority, path) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
        let (user_info, server) = match authority.rsplit_once('@') {
            Some((user_info, server)) => (Some(user_info), server),
            None => (None, authority),
        };
        let address_end = server.rfind(']').map_or(0, |end| end + 1);
        let (host, port) = match server.get(address_end..).and_then(|rest| rest.split_once(':')) {
            Some((name, port)) => (&server[..address_end + name.len()], Some(port)),
            None => (server, None),
        };
        Self { scheme, separator, user_info, host, port, path, after }
    }

    /// The corrected URL.
    fn corrected(&self) -> String {
        let port = self.port.filter(|port| is_port(port));
        let is_local = matches!(self.host, "localhost" | "127.0.0.1" | "[::1]");
        let scheme = if is_local || self.scheme.eq_ignore_ascii_case("http") { "http" } else { "https" };
        let host = if self.host.is_empty() { "api.intercom.io" } else { self.host };
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        format!("{scheme}://{host}{port}{}", self.path.trim_end_matches('/'))
    }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && matches!(text.parse::<u16>(), Ok(1..))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_urls_are_refused_with_a_correction() {
        for (text, error) in [
            ("api.intercom.io", "the base URL `api.intercom.io` has no scheme; write https://api.intercom.io"),
            ("//api.intercom.io/", "the base URL `//api.intercom.io/` has no scheme; write https://api.intercom.io"),
            ("localhost:8080", "the base URL `localhost:8080` has no scheme; write http://localhost:8080"),
            (
                "https://api.intercom.io#a",
                "the base URL `https://api.intercom.io#…` has a fragment, which HTTP requests do not contain; write https://api.intercom.io",
            ),
            (
                "https://api.intercom.io/v?token=secret",
                "the base URL `https://api.intercom.io/v?…` has a query, but query parameters are set for each call; write https://api.intercom.io/v",
            ),
            (
                "https://api.intercom.io:99999/v",
                "the base URL `https://api.intercom.io:99999/v` has the port `99999`, which is not a number from 1 to 65535; write https://api.intercom.io/v",
            ),
            (
                "ftp://api.intercom.io",
                "the base URL `ftp://api.intercom.io` has the scheme `ftp`, which is neither https nor http; write https://api.intercom.io",
            ),
            ("", "the base URL is empty; write https://api.intercom.io"),
            ("https:///v", "the base URL `https:///v` has no host; write https://api.intercom.io"),
        ] {
            assert_eq!(checked(text).unwrap_err(), error);
        }
        for text in ["https://a.example:", "https://a.example:x", "https://a.example:0", "https://a.example:+1"] {
            assert!(checked(text).unwrap_err().ends_with("write https://a.example"), "{text}");
        }
        let error = checked("https://user:secret@a.example:1/x?secret#secret").unwrap_err();
        assert!(
            error.contains("`https://…@a.example:1/x?…`") && error.ends_with("write https://a.example:1/x"),
            "{error}"
        );
        for text in ["https://a b", "https://a\\b", "https://a.example/<>", "https://[::1", "https://a\u{7f}b"] {
            assert!(checked(text).is_err(), "{text}");
        }
    }

    #[test]
    fn valid_urls_are_accepted() {
        for (text, base) in [
            ("https://api.intercom.io/", "https://api.intercom.io"),
            (" http://[::1]:8080/v \n", "http://[::1]:8080/v"),
            ("HTTPS://api.intercom.io:443", "HTTPS://api.intercom.io:443"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(checked(text), Ok(base));
        }
    }
}
