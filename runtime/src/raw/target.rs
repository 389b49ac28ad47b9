//! Validation of the method and the path of a raw request.

use std::borrow::Cow;

use http::Method;

/// A path that begins with `/`, and the parameters of the query after it.
pub(super) type Target = (Cow<'static, str>, Vec<(String, String)>);

/// Splits a target into path and query. If it begins with the base URL, that is removed.
///
/// # Errors
/// If the target is not valid. The message says what is expected. It does not contain the target, which may contain secrets.
pub(super) fn split(base: &str, target: Cow<'static, str>) -> Result<Target, String> {
    let target = match target.strip_prefix(base) {
        Some(rest) if rest.starts_with(['/', '?']) => Cow::Owned(rest.to_owned()),
        _ => target,
    };
    if target.contains("://") && !target.starts_with('/') {
        return Err(format!("the URL does not belong to this client, whose URLs begin with {base}"));
    }
    if !target.starts_with('/') {
        return Err("the path must begin with `/`, as in `/contacts`".to_owned());
    }
    if target.contains('#') {
        return Err(
            "the path must not contain `#`; if it is part of a value, write `%23`, or set the value with `path`"
                .to_owned(),
        );
    }
    let (path, query) = match target.split_once('?') {
        None => (target, Vec::new()),
        Some((path, query)) => {
            let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
            (Cow::Owned(path.to_owned()), query)
        }
    };
    if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(
            "the path must only contain visible ASCII characters; write `{name}` for the value, and set it with `path`"
                .to_owned(),
        );
    }
    // URL parsers of proxies and servers remove these segments, so another path would be requested.
    if path.split('/').any(is_dots) {
        return Err("the path must not contain `.` or `..` as a segment".to_owned());
    }
    Ok((path, query))
}

fn is_dots(segment: &str) -> bool {
    matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..")
}

/// The method in upper case; `None` if it is not supported.
pub(super) fn supported_method(method: Method) -> Option<Method> {
    let upper = method.as_str().to_ascii_uppercase();
    [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::HEAD, Method::OPTIONS]
        .into_iter()
        .find(|known| known.as_str() == upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://api.eu.intercom.io";

    #[test]
    fn the_query_is_split_from_the_path() {
        let (path, query) = split(BASE, "/contacts?per_page=5&email=a%40b.c&flag".into()).unwrap();
        assert_eq!(path, "/contacts");
        let pairs = [("per_page", "5"), ("email", "a@b.c"), ("flag", "")];
        assert_eq!(query, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_url_is_accepted_if_it_begins_with_the_base_url() {
        let (path, query) = split(BASE, "https://api.eu.intercom.io/admins?page=2".into()).unwrap();
        assert_eq!((&*path, query.len()), ("/admins", 1));
        for foreign in ["https://api.intercom.io/admins", "https://api.eu.intercom.io.evil.test/x", "http://x/"] {
            assert!(split(BASE, foreign.into()).unwrap_err().contains("begin with https://api.eu"), "{foreign}");
        }
        // A path with two slashes is not a reference to another host.
        assert_eq!(split(BASE, "//evil.test/x".into()).unwrap().0, "//evil.test/x");
    }

    #[test]
    fn invalid_paths_are_refused() {
        for (path, hint) in [
            ("contacts", "begin with `/`"),
            ("", "begin with `/`"),
            ("/a#b", "%23"),
            ("/contacts/Joe Doe", "visible ASCII"),
            ("/contacts/é", "visible ASCII"),
            ("/contacts/../admins", "`..`"),
            ("/contacts/%2E./admins", "`..`"),
            ("/./admins", "`..`"),
        ] {
            let error = split(BASE, path.into()).unwrap_err();
            assert!(error.contains(hint), "{path}: {error}");
        }
        assert!(split(BASE, "/contacts/{id}/a%20b...c".into()).is_ok());
    }

    #[test]
    fn methods_are_accepted_in_any_case() {
        assert_eq!(supported_method(Method::from_bytes(b"post").unwrap()), Some(Method::POST));
        assert_eq!(supported_method(Method::TRACE), None);
    }
}
