//! Splits a query into tokens.

use std::ops::Range;

use super::error::Mistake;

/// A word or sign with its span.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    pub span: Range<usize>,
}

/// The kinds of tokens.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A bare word: a field, a keyword or a value.
    Word(String),
    /// A text in quotes.
    Text(String),
    /// An operator made of signs.
    Sign(&'static str),
    Open,
    Close,
    Comma,
    /// The end of the query.
    End,
}

/// The operators made of signs, longer ones first.
const SIGNS: &[&str] = &["!=", ">=", "<=", "!~", "=", ">", "<", "~", "^", "$"];

/// Splits a query into tokens.
///
/// # Errors
/// Where a string is not closed, or a character has no meaning.
pub fn tokens(query: &str) -> Result<Vec<Token>, Mistake> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = query[at..].chars().next() {
        let rest = &query[at..];
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign));
        let (kind, length) = match (first, sign) {
            ('(', _) => (Kind::Open, 1),
            (')', _) => (Kind::Close, 1),
            (',', _) => (Kind::Comma, 1),
            ('"' | '\'', _) => match quoted(rest, first) {
                Some((text, length)) => (Kind::Text(text), length),
                None => return Err(Mistake::new(format!("the string has no closing {first}"), at..query.len())),
            },
            (_, Some(sign)) => (Kind::Sign(sign), sign.len()),
            (_, None) => {
                let ends = |c: char| c.is_whitespace() || "(),\"'=!<>~^$".contains(c);
                match rest.find(ends).unwrap_or(rest.len()) {
                    0 => return Err(Mistake::new(format!("`{first}` has no meaning here"), at..at + first.len_utf8())),
                    length => (Kind::Word(rest[..length].to_owned()), length),
                }
            }
        };
        tokens.push(Token { kind, span: at..at + length });
        at += length;
    }
    tokens.push(Token { kind: Kind::End, span: query.len()..query.len() });
    Ok(tokens)
}

/// The text between quotes, and how many bytes it takes with them.
fn quoted(from: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut characters = from.char_indices().skip(1);
    while let Some((index, c)) = characters.next() {
        match c {
            c if c == quote => return Some((text, index + 1)),
            '\\' => text.push(characters.next()?.1),
            c => text.push(c),
        }
    }
    None
}
