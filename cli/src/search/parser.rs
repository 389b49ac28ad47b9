//! Parses the tokens of a query: `and` binds closer than `or`, parentheses closer than both.

use intercom_catalog::SearchField;
use intercom_runtime::search::{AnyField, Operand, Query};
use serde_json::Value;

use super::error::Mistake;
use super::field::{check_operator, field, value};
use super::lexer::{Kind, Token};
use crate::nearest::suggestion;

/// Parses the tokens of a query.
///
/// # Errors
/// The first mistake, with its span.
pub fn parse(tokens: Vec<Token>, fields: &[SearchField]) -> Result<Query, Mistake> {
    let mut parser = Parser { tokens, next: 0, depth: 0, fields };
    let query = parser.any_of()?;
    let token = parser.take();
    match &token.kind {
        Kind::End => Ok(query),
        Kind::Close => Err(Mistake::new("this parenthesis has no opening one", token.span)),
        Kind::Word(word) => {
            let meant = suggestion(&word.to_lowercase(), ["and", "or"]);
            Err(Mistake::new(format!("`and` or `or` is expected here{meant}"), token.span))
        }
        _ => Err(Mistake::new("`and` or `or` is expected here", token.span)),
    }
}

struct Parser<'a> {
    tokens: Vec<Token>,
    next: usize,
    depth: usize,
    fields: &'a [SearchField],
}

/// The limit of nested parentheses; the API itself accepts two levels of groups.
const MOST_DEPTH: usize = 32;

impl Parser<'_> {
    /// The next token; the last one is the end.
    fn peek(&self) -> &Token {
        &self.tokens[self.next.min(self.tokens.len() - 1)]
    }

    fn take(&mut self) -> Token {
        let token = self.peek().clone();
        self.next += 1;
        token
    }

    /// Skips the next token if it is this word, and returns whether it was.
    fn skip_word(&mut self, expected: &str) -> bool {
        let is = matches!(&self.peek().kind, Kind::Word(word) if word.eq_ignore_ascii_case(expected));
        self.next += usize::from(is);
        is
    }

    fn any_of(&mut self) -> Result<Query, Mistake> {
        let mut query = self.all_of()?;
        while self.skip_word("or") {
            query = query | self.all_of()?;
        }
        Ok(query)
    }

    fn all_of(&mut self) -> Result<Query, Mistake> {
        let mut query = self.one()?;
        while self.skip_word("and") {
            query = query & self.one()?;
        }
        Ok(query)
    }

    fn one(&mut self) -> Result<Query, Mistake> {
        let token = self.take();
        match &token.kind {
            Kind::Open => {
                self.depth += 1;
                if self.depth > MOST_DEPTH {
                    return Err(Mistake::new("parentheses are nested too deep", token.span));
                }
                let query = self.any_of()?;
                self.depth -= 1;
                let close = self.take();
                match close.kind {
                    Kind::Close => Ok(query),
                    Kind::End => Err(Mistake::new("this parenthesis is not closed", token.span)),
                    _ => Err(Mistake::new("`and`, `or` or `)` is expected here", close.span)),
                }
            }
            Kind::Word(name) => self.comparison(name, &token),
            Kind::End => Err(Mistake::new("the query ends where a field is expected", token.span)),
            _ => Err(Mistake::new("the name of a field is expected here", token.span)),
        }
    }

    fn comparison(&mut self, name: &str, token: &Token) -> Result<Query, Mistake> {
        let known = field(self.fields, name, token)?;
        let column = AnyField::dynamic(name);
        if self.skip_word("is") {
            let negated = self.skip_word("not");
            if self.skip_word("null") {
                return Ok(if negated { column.is_not_null() } else { column.is_null() });
            }
            let message = "`null` is expected after `is`; to compare with a value write `=`";
            return Err(Mistake::new(message, self.take().span));
        }
        let sign = self.take();
        let operator = self.operator(&sign)?;
        check_operator(known, operator, &sign)?;
        if matches!(operator, "IN" | "NIN") {
            let values: Vec<Operand> = self.list(known)?.into_iter().map(Operand::from).collect();
            return Ok(if operator == "IN" { column.is_in(values) } else { column.not_in(values) });
        }
        let written = self.take();
        let value = value(known, &written)?;
        let ordered = matches!(operator, ">" | "<" | ">=" | "<=");
        if ordered && !(value.is_number() || value.is_string()) {
            let message = format!("{value} is not ordered: compare it with = or !=");
            return Err(Mistake::new(message, written.span));
        }
        let text = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Ok(match operator {
            "=" => column.eq(value),
            "!=" => column.ne(value),
            ">" => column.gt(value),
            "<" => column.lt(value),
            ">=" => column.ge(value),
            "<=" => column.le(value),
            "~" => column.contains(text),
            "!~" => column.not_contains(text),
            "^" => column.starts_with(text),
            _ => column.ends_with(text),
        })
    }

    /// The operator as the API writes it.
    fn operator(&mut self, token: &Token) -> Result<&'static str, Mistake> {
        const WORDS: &[(&str, &str)] = &[("contains", "~"), ("starts_with", "^"), ("ends_with", "$"), ("in", "IN")];
        match &token.kind {
            Kind::Sign(sign) => Ok(sign),
            Kind::Word(word) if word.eq_ignore_ascii_case("not") => {
                if self.skip_word("in") {
                    Ok("NIN")
                } else if self.skip_word("contains") {
                    Ok("!~")
                } else {
                    Err(Mistake::new("`in` or `contains` is expected after `not`", token.span.clone()))
                }
            }
            Kind::Word(word) => {
                let word = word.to_lowercase();
                let known = WORDS.iter().find(|(known, _)| *known == word).map(|(_, operator)| *operator);
                known.ok_or_else(|| {
                    let meant = suggestion(&word, WORDS.iter().map(|(word, _)| *word));
                    let message = format!("`{word}` is not an operator, such as = or contains{meant}");
                    Mistake::new(message, token.span.clone())
                })
            }
            Kind::End => Err(Mistake::new("the query ends where an operator is expected", token.span.clone())),
            _ => Err(Mistake::new("an operator such as = is expected here", token.span.clone())),
        }
    }

    fn list(&mut self, known: &SearchField) -> Result<Vec<Value>, Mistake> {
        let open = self.take();
        if open.kind != Kind::Open {
            return Err(Mistake::new("a list in parentheses is expected here: in (a, b)", open.span));
        }
        let mut values = Vec::new();
        loop {
            let written = self.take();
            if written.kind == Kind::Close && values.is_empty() {
                return Err(Mistake::new("the list is empty", open.span.start..written.span.end));
            }
            values.push(value(known, &written)?);
            let after = self.take();
            match after.kind {
                Kind::Comma => {}
                Kind::Close => return Ok(values),
                Kind::End => return Err(Mistake::new("this list is not closed", open.span)),
                _ => return Err(Mistake::new("`,` or `)` is expected here", after.span)),
            }
        }
    }
}
