//! The texts that responses get as their description, which OpenAPI requires: reason phrases of HTTP.

/// The phrase for a response: `key` is its status, or its name in the components; `statuses` are those under which
/// operations refer to it.
pub(super) fn reason<'a>(key: &str, mut statuses: impl Iterator<Item = &'a str>) -> &'static str {
    if let Some(text) = of_status(key) {
        return text;
    }
    match (statuses.next().and_then(of_status), statuses.next()) {
        (Some(text), None) => text,
        // Nothing refers to it, or several do: its name may be a phrase, as in `BadRequest`.
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

/// The reason phrases of the status codes that descriptions are likely to name; any other code is called unassigned.
const PHRASES: [(u16, &str); 41] = [
    (100, "Continue"),
    (101, "Switching Protocols"),
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (406, "Not Acceptable"),
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
    (422, "Unprocessable Content"),
    (423, "Locked"),
    (428, "Precondition Required"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
];
