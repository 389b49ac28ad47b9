//! What a caller writes as method and path, checked.

use std::borrow::Cow;

use http::Method;

/// A path that begins with `/`, and the parameters of the query that was written after it.
pub(super) type Target = (Cow<'static, str>, Vec<(String, String)>);

/// Takes a path apart. A whole address that begins with the base URL is taken for its path.
///
/// # Errors
/// A sentence about what is wrong and what to write instead, without the path.
pub(super) fn split(base: &str, target: Cow<'static, str>) -> Result<Target, String> {
    let target = match target.strip_prefix(base) {
        Some(rest) if rest.starts_with(['/', '?']) => Cow::Owned(rest.to_owned()),
        _ => target,
    };
    if target.contains("://") && !target.starts_with('/') {
        return Err(format!("the address is not one of this client, whose addresses begin with {base}"));
    }
    if !target.starts_with('/') {
        return Err("a path begins with `/`, as in `/contacts`".to_owned());
    }
    if target.contains('#') {
        return Err(
            "a path holds no `#`; where it belongs to a value, write `%23`, or fill it in with `path`".to_owned()
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
        return Err("a path holds visible ASCII only; put `{name}` there and fill it in with `path`".to_owned());
    }
    // URL parsers on the way would take them out: the request would be another one.
    if path.split('/').any(is_dots) {
        return Err("a path holds no `.` or `..` as a segment".to_owned());
    }
    Ok((path, query))
}

fn is_dots(segment: &str) -> bool {
    matches!(&*segment.to_ascii_lowercase().replace("%2e", "."), "." | "..")
}

/// The method, whatever the case it is written in; `None` for one that is not supported.
pub(super) fn standard(method: Method) -> Option<Method> {
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
    fn a_query_is_taken_out_of_the_path() {
        let (path, query) = split(BASE, "/contacts?per_page=5&email=a%40b.c&flag".into()).unwrap();
        assert_eq!(path, "/contacts");
        let pairs = [("per_page", "5"), ("email", "a@b.c"), ("flag", "")];
        assert_eq!(query, pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn a_whole_address_is_taken_where_it_is_the_clients() {
        let (path, query) = split(BASE, "https://api.eu.intercom.io/admins?page=2".into()).unwrap();
        assert_eq!((&*path, query.len()), ("/admins", 1));
        for foreign in ["https://api.intercom.io/admins", "https://api.eu.intercom.io.evil.test/x", "http://x/"] {
            assert!(split(BASE, foreign.into()).unwrap_err().contains("begin with https://api.eu"), "{foreign}");
        }
        // Two slashes stay a path: no other host is called.
        assert_eq!(split(BASE, "//evil.test/x".into()).unwrap().0, "//evil.test/x");
    }

    #[test]
    fn what_cannot_be_sent_is_refused() {
        for (path, hint) in [
            ("contacts", "begins with `/`"),
            ("", "begins with `/`"),
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
    fn methods_are_read_in_any_case() {
        assert_eq!(standard(Method::from_bytes(b"post").unwrap()), Some(Method::POST));
        assert_eq!(standard(Method::TRACE), None);
    }
}
