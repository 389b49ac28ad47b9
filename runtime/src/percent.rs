//! Percent-encoding of path segments and query strings.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All characters except the unreserved ones of RFC 3986.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Replaces the placeholders of `template`. Each value is percent-encoded as one segment.
///
/// # Errors
/// If a placeholder has no value, a value has no placeholder, or a value is empty, `.` or `..`. An empty segment would address another
/// resource, and URL parsers remove `.` and `..` even if they are encoded.
pub(crate) fn path(template: &str, values: &[(Cow<'static, str>, String)]) -> Result<String, String> {
    let mut path = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        // A `{` without `}` is not a placeholder.
        let Some(length) = rest[start..].find('}') else { break };
        path.push_str(&rest[..start]);
        let name = &rest[start + 1..start + length];
        // Of two values, the later one counts.
        let Some((_, value)) = values.iter().rfind(|(key, _)| key == name) else {
            return Err(format!("path parameter `{name}` has no value"));
        };
        match value.as_str() {
            "" => return Err(format!("path parameter `{name}` is empty")),
            "." | ".." => return Err(format!("path parameter `{name}` is `{value}`, which cannot be a path segment")),
            value => path.extend(utf8_percent_encode(value, RESERVED)),
        }
        rest = &rest[start + length + 1..];
    }
    let is_known = |name: &str| template.split('{').skip(1).any(|rest| rest.split('}').next() == Some(name));
    if let Some((name, _)) = values.iter().find(|(name, _)| !is_known(name)) {
        return Err(format!("the path has no placeholder for the path parameter `{name}`"));
    }
    path.push_str(rest);
    Ok(path)
}

/// Appends `key=value` to a query string.
pub(crate) fn pair(query: &mut String, key: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    // Writing to a String cannot fail.
    let _ = write!(query, "{}={}", utf8_percent_encode(key, RESERVED), utf8_percent_encode(value, RESERVED));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_value_is_encoded_as_one_segment() {
        let fill = |value: &str| path("/contacts/{id}/notes", &[("id".into(), value.to_owned())]);
        assert_eq!(fill("a/b c?d%#é").unwrap(), "/contacts/a%2Fb%20c%3Fd%25%23%C3%A9/notes");
        assert_eq!(fill("...").unwrap(), "/contacts/.../notes");
        assert_eq!(fill("").unwrap_err(), "path parameter `id` is empty");
        assert!(fill("..").is_err() && fill(".").is_err());
        assert_eq!(path("/a/{b}", &[]).unwrap_err(), "path parameter `b` has no value");
        let twice = [("id".into(), "1".to_owned()), ("id".into(), "2".to_owned())];
        assert_eq!(path("/a/{id}", &twice).unwrap(), "/a/2");
        assert_eq!(path("/a", &twice).unwrap_err(), "the path has no placeholder for the path parameter `id`");
        assert_eq!(path("/a/{b", &[]).unwrap(), "/a/{b");
    }

    #[test]
    fn pairs_are_joined_and_encoded() {
        let mut query = String::new();
        pair(&mut query, "a[b]", "x&y=z +");
        pair(&mut query, "a[b]", "");
        assert_eq!(query, "a%5Bb%5D=x%26y%3Dz%20%2B&a%5Bb%5D=");
    }
}
