//! The base URL as an origin, and the rules for which servers get requests and the token.

use std::net::IpAddr;

use http::Uri;
use url::{Host, Url};

use super::base_url_text;

/// A checked base URL.
#[derive(Clone, Debug)]
pub(crate) struct BaseUrl {
    text: String,
    origin: Origin,
}

/// The scheme, host and port of a URL. URLs with the same origin are of the same server.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    https: bool,
    host: Host,
    port: u16,
}

impl BaseUrl {
    /// Checks and parses a base URL. The rules for its text are in [`base_url_text`]. http is only accepted if `allow_http` is set or the
    /// host is a loopback address.
    ///
    /// # Errors
    /// A message with what is wrong, and a correction.
    pub(crate) fn parse(text: &str, allow_http: bool) -> Result<Self, String> {
        let base = base_url_text::checked(text)?;
        // The text is checked, so the host is what can still be wrong: `Url` parses it as browsers do.
        let uri: Result<Uri, _> = base.parse();
        let origin = uri.map_err(|error| error.to_string()).and_then(|uri| Origin::of(&uri));
        let origin = origin.map_err(|why| {
            format!("the base URL `{base}` is not accepted: {why}; write one like https://api.intercom.io")
        })?;
        if !origin.https && !allow_http && !origin.is_loopback() {
            let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
            return Err(format!(
                "the base URL `{base}` is not https, so the token would be sent without encryption; write https://{rest}, or call `allow_http`"
            ));
        }
        Ok(Self { text: base.to_owned(), origin })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether `uri` has the same origin as the API. Other servers must not get the token.
    pub(crate) fn is_same_server(&self, uri: &Uri) -> bool {
        Origin::of(uri).is_ok_and(|origin| origin == self.origin)
    }

    /// Checks that a redirect to `uri` may be followed. A redirect to http is not followed unless http is allowed or both servers have
    /// loopback addresses. A redirect to a loopback, unspecified or link-local address is not followed unless the base URL has such an
    /// address.
    ///
    /// # Errors
    /// The reason, such as "it is not https". "It" is the URL, which the reason does not contain, since it may contain secrets.
    pub(crate) fn allows(&self, uri: &Uri, allow_http: bool) -> Result<(), String> {
        let to = Origin::of(uri)?;
        if to.is_local() && !self.origin.is_local() {
            return Err("it has a loopback, unspecified or link-local address".to_owned());
        }
        let may_be_plain = allow_http || to.is_loopback() && self.origin.is_loopback();
        if to.https || may_be_plain { Ok(()) } else { Err("it is not https".to_owned()) }
    }
}

/// Whether a URL has a loopback address and is without TLS.
#[cfg(all(feature = "transport", not(target_arch = "wasm32")))]
pub(crate) fn is_plain_loopback(uri: &Uri) -> bool {
    Origin::of(uri).is_ok_and(|origin| !origin.https && origin.is_loopback())
}

impl Origin {
    /// The origin of a URL.
    ///
    /// # Errors
    /// The reason why the URL has none, such as "it has no host". The reason does not contain the URL, which may contain secrets.
    fn of(uri: &Uri) -> Result<Self, String> {
        let url = Url::parse(&uri.to_string()).map_err(|error| format!("it is not a valid URL: {error}"))?;
        let https = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err("it is neither https nor http".to_owned()),
        };
        // An empty user name, as in `https://@host`, is refused as well.
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return Err("it contains a user name or a password".to_owned());
        }
        let host = url.host().ok_or("it has no host")?.to_owned();
        Ok(Self { https, host, port: url.port_or_known_default().unwrap_or_default() })
    }

    fn is_loopback(&self) -> bool {
        match &self.host {
            Host::Domain(name) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                name == "localhost" || name.ends_with(".localhost")
            }
            Host::Ipv4(address) => address.is_loopback(),
            Host::Ipv6(address) => address.to_canonical().is_loopback(),
        }
    }

    /// Whether the host is a loopback, unspecified or link-local address. Link-local addresses include the metadata services of cloud
    /// providers, which return credentials. Addresses of private networks, such as 10.0.0.0/8, do not count.
    fn is_local(&self) -> bool {
        let address = match &self.host {
            Host::Domain(_) => return self.is_loopback(),
            Host::Ipv4(address) => IpAddr::V4(*address),
            Host::Ipv6(address) => address.to_canonical(),
        };
        self.is_loopback()
            || address.is_unspecified()
            || match address {
                IpAddr::V4(address) => address.is_link_local(),
                IpAddr::V6(address) => address.is_unicast_link_local(),
            }
    }
}

/// Resolves the value of a `Location` header against the URL of the request; `None` if the result is not a valid http or https URL.
pub(crate) fn resolve(from: &Uri, location: &str) -> Option<Uri> {
    let mut url = Url::parse(&from.to_string()).ok()?.join(location).ok()?;
    if !matches!(url.scheme(), "https" | "http") {
        return None;
    }
    url.set_fragment(None);
    url.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::ClientBuilder;
    use super::*;

    #[test]
    fn https_is_required_except_for_loopback_addresses() {
        let parse = |text: &str| BaseUrl::parse(text, false).map(|base| base.text);
        assert_eq!(parse("https://api.intercom.io/").as_deref(), Ok("https://api.intercom.io"));
        assert_eq!(parse("http://127.0.0.1:80/v").as_deref(), Ok("http://127.0.0.1:80/v"));
        for loopback in ["http://localhost:1", "http://[::1]:1", "http://127.9.9.9", "http://api.localhost"] {
            assert!(parse(loopback).is_ok(), "{loopback}");
        }
        for bad in [
            "http://api.intercom.io",
            "http://localhost.evil.example",
            "http://127.0.0.1.evil.example",
            "ftp://localhost",
            "https://user:pass@api.intercom.io",
            "https://api.intercom.io?x=1",
            "api.intercom.io",
            "",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(BaseUrl::parse("http://api.intercom.io", true).is_ok());
    }

    #[test]
    fn the_error_of_a_base_url_says_what_is_wrong_and_what_to_write() {
        for (text, error) in [
            (
                "http://api.intercom.io/v/",
                "the base URL `http://api.intercom.io/v` is not https, so the token would be sent without encryption; write https://api.intercom.io/v, or call `allow_http`",
            ),
            (
                "https://1.2.3.999",
                "the base URL `https://1.2.3.999` is not accepted: it is not a valid URL: invalid IPv4 address; write one like https://api.intercom.io",
            ),
            (
                "ftp://localhost",
                "the base URL `ftp://localhost` has the scheme `ftp`, which is neither https nor http; write http://localhost",
            ),
        ] {
            let builder: ClientBuilder = ClientBuilder::for_version("2.15", "example/1.0");
            assert_eq!(builder.token("t").base_url(text).build().unwrap_err().to_string(), error);
        }
    }

    #[test]
    fn servers_are_compared_by_scheme_host_and_port() {
        let base = BaseUrl::parse("https://api.intercom.io", false).unwrap();
        let same = |text: &str| base.is_same_server(&text.parse().unwrap());
        assert!(same("https://API.intercom.io:443/x"));
        assert!(!same("https://api.intercom.io:444/x"));
        assert!(!same("http://api.intercom.io/x"));
        assert!(!same("https://api.intercom.io.evil.example/x"));
    }

    #[test]
    fn redirects_from_public_servers_to_local_addresses_are_refused() {
        let allows = |from: &str, to: &str, allow_http: bool| {
            BaseUrl::parse(from, true).unwrap().allows(&to.parse().unwrap(), allow_http).is_ok()
        };
        assert!(allows("https://api.intercom.io", "https://files.example", false));
        assert!(!allows("https://api.intercom.io", "http://files.example", false));
        assert!(!allows("https://api.intercom.io", "http://127.0.0.1:8080", false));
        assert!(allows("http://127.0.0.1:1", "http://127.0.0.1:2", false));
        assert!(!allows("http://127.0.0.1:1", "http://files.example", false));
        assert!(allows("https://api.intercom.io", "http://files.example", true));
        for local in [
            "https://127.0.0.1/",
            "https://localhost/",
            "https://localhost./",
            "https://x.localhost/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://0x7f.1/",
            "https://2130706433/",
            "https://0.0.0.0/",
            "https://169.254.169.254/latest/meta-data",
            "https://[fe80::1]/",
            "https://[::ffff:169.254.169.254]/",
        ] {
            for allow_http in [false, true] {
                assert!(!allows("https://api.intercom.io", local, allow_http), "{local}");
                assert!(allows("http://127.0.0.1:1", local, allow_http), "{local}");
            }
        }
    }

    #[test]
    fn the_reason_for_a_refused_redirect_names_its_cause() {
        let why = |from: &str, to: &str| {
            BaseUrl::parse(from, false).unwrap().allows(&to.parse().unwrap(), false).unwrap_err()
        };
        let (api, local) = ("https://api.intercom.io", "http://127.0.0.1:1");
        assert_eq!(why(api, "http://files.example"), "it is not https");
        assert_eq!(why(local, "http://files.example"), "it is not https");
        assert_eq!(why(api, "https://0.0.0.0"), "it has a loopback, unspecified or link-local address");
        assert_eq!(why(api, "https://user@files.example"), "it contains a user name or a password");
        assert_eq!(why(api, "events"), "it is not a valid URL: relative URL without a base");
    }

    #[test]
    fn locations_are_resolved() {
        let from: Uri = "https://a.example/b/c?d".parse().unwrap();
        let to = |location: &str| resolve(&from, location).map(|uri| uri.to_string());
        assert_eq!(to("http://x.example/y").as_deref(), Some("http://x.example/y"));
        assert_eq!(to("//x.example/y").as_deref(), Some("https://x.example/y"));
        assert_eq!(to("/y?z#f").as_deref(), Some("https://a.example/y?z"));
        assert_eq!(to("y").as_deref(), Some("https://a.example/b/y"));
        assert_eq!(to("?z").as_deref(), Some("https://a.example/b/c?z"));
        assert_eq!(to("/y z").as_deref(), Some("https://a.example/y%20z"));
        assert_eq!(to("../y").as_deref(), Some("https://a.example/y"));
        assert_eq!(to("https://x.example/y#f").as_deref(), Some("https://x.example/y"));
        assert_eq!(to("javascript:alert(1)"), None);
    }
}
