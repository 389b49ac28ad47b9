//! The descriptions of responses, which OpenAPI requires: mostly the reason phrases of HTTP, in place of upstream's prose.

/// The description for a response. `key` is its status, or its name in `components`; `statuses` are the statuses under which
/// operations refer to it.
pub(super) fn response_description<'a>(key: &str, mut statuses: impl Iterator<Item = &'a str>) -> &'static str {
    if let Some(text) = of_status(key) {
        return text;
    }
    match (statuses.next().and_then(of_status), statuses.next()) {
        (Some(text), None) => text,
        // Not exactly one status of HTTP refers to it, so its name decides: it may be a phrase, as in `BadRequest`.
        _ => PHRASES
            .iter()
            .map(|(_, phrase)| *phrase)
            .find(|phrase| phrase.split([' ', '-']).collect::<String>().eq_ignore_ascii_case(key))
            .unwrap_or("Response"),
    }
}

fn of_status(key: &str) -> Option<&'static str> {
    let class = match key {
        "default" => "Any other status",
        "1XX" => "Informational",
        "2XX" => "Success",
        "3XX" => "Redirection",
        "4XX" => "Client error",
        "5XX" => "Server error",
        _ => "",
    };
    if !class.is_empty() {
        return Some(class);
    }
    let status = key.parse::<u16>().ok().filter(|status| (100..600).contains(status))?;
    Some(PHRASES.iter().find(|(known, _)| *known == status).map_or("Unassigned", |(_, phrase)| *phrase))
}

/// The status codes and reason phrases of the IANA registry "HTTP Status Codes", without temporary, unused and unassigned codes.
const PHRASES: [(u16, &str); 61] = [
    (100, "Continue"),
    (101, "Switching Protocols"),
    (102, "Processing"),
    (103, "Early Hints"),
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (207, "Multi-Status"),
    (208, "Already Reported"),
    (226, "IM Used"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (305, "Use Proxy"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (414, "URI Too Long"),
    (415, "Unsupported Media Type"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (421, "Misdirected Request"),
    (422, "Unprocessable Content"),
    (423, "Locked"),
    (424, "Failed Dependency"),
    (425, "Too Early"),
    (426, "Upgrade Required"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (451, "Unavailable For Legal Reasons"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (505, "HTTP Version Not Supported"),
    (506, "Variant Also Negotiates"),
    (507, "Insufficient Storage"),
    (508, "Loop Detected"),
    (510, "Not Extended"),
    (511, "Network Authentication Required"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_its_registered_phrase() {
        for (status, phrase) in [
            ("421", "Misdirected Request"),
            ("425", "Too Early"),
            ("426", "Upgrade Required"),
            ("431", "Request Header Fields Too Large"),
            ("451", "Unavailable For Legal Reasons"),
            ("501", "Not Implemented"),
            ("505", "HTTP Version Not Supported"),
            ("511", "Network Authentication Required"),
            ("599", "Unassigned"),
        ] {
            assert_eq!(response_description(status, std::iter::empty()), phrase, "{status}");
        }
        let count = |class: u16| PHRASES.iter().filter(|(status, _)| status / 100 == class).count();
        assert_eq!([1, 2, 3, 4, 5].map(count), [4, 10, 8, 28, 11]);
        assert!(PHRASES.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn a_component_has_the_phrase_of_its_only_status_or_of_its_name() {
        let of = |key: &str, statuses: &[&'static str]| response_description(key, statuses.iter().copied());
        assert_eq!(of("Unauthorized", &["404"]), "Not Found");
        assert_eq!(of("TooManyRequests", &[]), "Too Many Requests");
        assert_eq!(of("BadRequest", &["400", "422"]), "Bad Request");
        assert_eq!(of("Other", &["400", "422"]), "Response");
    }
}
