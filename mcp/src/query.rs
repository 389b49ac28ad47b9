//! The language of the tool `search`: `object_type:contacts email_domain:example.com limit:5`.

use crate::failure::{Failure, did_you_mean};
use crate::filters::OPERATORS;

/// A parsed query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// The value of `object_type`.
    pub kind: String,
    /// Conditions on fields.
    pub conditions: Vec<Condition>,
    /// Free text: words without a field, and `q:`.
    pub text: String,
    /// The number of results on a page.
    pub limit: u32,
    /// The cursor of the page.
    pub starting_after: Option<String>,
}

/// `field:operator:value`
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    /// As it was written.
    pub field: String,
    /// The API's sign.
    pub operator: &'static str,
    /// As it was written, without quotes.
    pub value: String,
}

/// The number of results by default.
pub(crate) const DEFAULT_LIMIT: u32 = 5;
/// The largest page of the API's searches.
pub(crate) const MAX_LIMIT: u32 = 150;

/// Parses a query. `kinds` are the possible values of `object_type`.
///
/// # Errors
/// Where `object_type` is missing, or a part of the query is not valid, with that part.
pub(crate) fn parse(text: &str, kinds: &[&str]) -> Result<Query, Failure> {
    let mut query = Query { limit: DEFAULT_LIMIT, ..Query::default() };
    let mut words: Vec<String> = Vec::new();
    for token in tokens(text)? {
        let Token { text, colons, quoted } = token;
        // A word without such a colon is free text.
        let Some(first) = colons.first() else {
            words.push(text);
            continue;
        };
        let (field, rest) = (&text[..*first], &text[first + 1..]);
        if rest.is_empty() && !quoted {
            return Err(Failure::new(format!(
                "`{field}:` has no value; put an empty value or one with spaces in quotes: {field}:\"…\"."
            )));
        }
        match field {
            "object_type" => query.kind = rest.to_owned(),
            "q" | "starting_after" if rest.is_empty() => {}
            "q" => words.push(rest.to_owned()),
            "limit" => {
                query.limit =
                    rest.parse().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit)).ok_or_else(|| {
                        Failure::new(format!("limit is a number from 1 to {MAX_LIMIT}, not `{rest}`."))
                    })?;
            }
            "starting_after" => query.starting_after = Some(rest.to_owned()),
            _ => query.conditions.push(condition(field, rest, colons.get(1).map(|second| second - first - 1))?),
        }
    }
    query.text = words.join(" ");
    if query.kind.is_empty() {
        return Err(Failure::new(format!(
            "the query needs object_type: one of {}. Example: object_type:contacts email_domain:example.com limit:5",
            kinds.join(", ")
        )));
    }
    if !kinds.contains(&query.kind.as_str()) {
        return Err(Failure::new(format!(
            "there is no object_type `{}`.{} There are {}.",
            query.kind,
            did_you_mean(&query.kind, kinds.iter().copied()),
            kinds.join(", ")
        )));
    }
    Ok(query)
}

/// Reads `VALUE` or `OPERATOR:VALUE`. `second` is the index in `rest` of the first colon outside of quotes, which may end an operator.
fn condition(field: &str, rest: &str, second: Option<usize>) -> Result<Condition, Failure> {
    let condition = |operator, value: &str| Condition { field: field.to_owned(), operator, value: value.to_owned() };
    let Some((word, value)) = second.map(|at| (&rest[..at], &rest[at + 1..])) else {
        return Ok(condition("=", rest));
    };
    if let Some((_, sign)) = OPERATORS.iter().find(|(known, sign)| *known == word || *sign == word) {
        return Ok(condition(sign, value));
    }
    // A URL or a time may contain colons, but a word that looks like an operator is a mistake.
    let like_an_operator = !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    if like_an_operator && !value.starts_with("//") {
        let known = OPERATORS.iter().map(|(known, _)| *known);
        return Err(Failure::new(format!(
            "`{word}` in `{field}:{rest}` is not an operator.{} Operators are {}. Put a value with a colon in quotes: {field}:\"{rest}\".",
            did_you_mean(word, known.clone()),
            known.collect::<Vec<_>>().join(", ")
        )));
    }
    Ok(condition("=", rest))
}

/// A word without its quotes, and the places of the colons that separate its parts: those at the beginning, in quotes or after `\` do not.
struct Token {
    text: String,
    colons: Vec<usize>,
    /// Whether a part of it is in quotes, so that an empty value is meant.
    quoted: bool,
}

/// Splits a query at whitespace outside of quotes; `\` escapes the next character.
fn tokens(text: &str) -> Result<Vec<Token>, Failure> {
    let mut tokens = Vec::new();
    let mut token: Option<Token> = None;
    let mut opened = None;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        if c.is_whitespace() && opened.is_none() {
            tokens.extend(token.take());
            continue;
        }
        let current = token.get_or_insert_with(|| Token { text: String::new(), colons: Vec::new(), quoted: false });
        match c {
            '"' => {
                current.quoted = true;
                opened = if opened.is_some() { None } else { Some(at) };
            }
            '\\' => current.text.extend(characters.next().map(|(_, c)| c)),
            ':' => {
                if opened.is_none() && !current.text.is_empty() {
                    current.colons.push(current.text.len());
                }
                current.text.push(':');
            }
            c => current.text.push(c),
        }
    }
    if let Some(at) = opened {
        let rest: String = text[at..].chars().take(30).collect();
        return Err(Failure::new(format!("the quote that begins at `{rest}` is not closed.")));
    }
    tokens.extend(token);
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::{Condition, Query, parse};

    const KINDS: &[&str] = &["conversations", "contacts"];

    fn read(text: &str) -> Query {
        parse(text, KINDS).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn refusal(text: &str) -> String {
        parse(text, KINDS).expect_err(text).to_string()
    }

    fn condition(field: &str, operator: &'static str, value: &str) -> Condition {
        Condition { field: field.to_owned(), operator, value: value.to_owned() }
    }

    #[test]
    fn fields_operators_and_quotes() {
        let query = read(
            r#"object_type:contacts email_domain:example.com name:contains:"Joe \"J\" Doe" created_at:gt:2026-11-01T10:00:00Z limit:7 starting_after:a:b"#,
        );
        assert_eq!(
            query.conditions,
            [
                condition("email_domain", "=", "example.com"),
                condition("name", "~", "Joe \"J\" Doe"),
                condition("created_at", ">", "2026-11-01T10:00:00Z"),
            ]
        );
        assert_eq!((query.limit, query.starting_after.as_deref()), (7, Some("a:b")));
    }

    #[test]
    fn an_empty_value_is_written_in_quotes() {
        let query = read(r#"object_type:contacts email:"" phone:neq:"" q:"" starting_after:"""#);
        assert_eq!(query.conditions, [condition("email", "=", ""), condition("phone", "!=", "")]);
        assert_eq!((query.text.as_str(), query.starting_after), ("", None));
    }

    #[test]
    fn words_without_a_field_are_free_text() {
        let query = read(r#"refund object_type:conversations q:"not shipped" :now"#);
        assert_eq!(query.text, "refund not shipped :now");
    }

    #[test]
    fn addresses_and_times_may_hold_colons() {
        let query = read(
            "object_type:conversations source_url:https://example.com/a updated_at:2026-11-01T10:00:00Z title:\"eq:a\"",
        );
        assert_eq!(query.conditions[2], condition("title", "=", "eq:a"));
        assert_eq!(query.conditions[0], condition("source_url", "=", "https://example.com/a"));
        assert_eq!(query.conditions[1], condition("updated_at", "=", "2026-11-01T10:00:00Z"));
    }

    #[test]
    fn mistakes_say_what_to_do() {
        insta::assert_snapshot!(
            [
                "",
                "object_type:contact",
                "email:joe@example.com",
                "object_type:contacts limit:500",
                "object_type:contacts email:",
                "object_type:contacts name:contain:Joe",
                "object_type:contacts name:\"Joe",
            ]
            .map(|text| format!("{text}\n  {}", refusal(text)))
            .join("\n")
        );
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let pieces = ["a", ":", "\"", "\\", " ", "é", "limit", "object_type:contacts "];
        for code in 0..8usize.pow(5) {
            let text: String = (0..5).map(|place| pieces[code / 8usize.pow(place) % 8]).collect();
            let _ = parse(&text, KINDS);
        }
    }
}
