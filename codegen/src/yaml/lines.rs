//! Finds the line of each value in a document with a parser that reports positions. This runs only after an error, or if a quick
//! count (`estimated_nesting` in read.rs) finds more open brackets than are allowed.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, Span, StrInput};

use super::read::looks_like_json;
use crate::origin::{Inside, Origin, Tree};

/// The maximum nesting depth of lists and mappings.
pub(super) const DEEPEST: usize = 128;

/// The lines of the values of a document; of a malformed document, those before the error.
pub(crate) fn lines(text: &str) -> Tree {
    read(text).0
}

/// The line of the first value that is nested too deeply; `None` if there is none.
pub(super) fn line_too_deep(text: &str) -> Option<usize> {
    read(text).1
}

fn read(text: &str) -> (Tree, Option<usize>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let plain;
    let text = if looks_like_json(text) {
        plain = without_surrogates(text);
        &plain
    } else {
        text
    };
    let mut reader = Reader { parser: Parser::new_from_str(text), depth: 0, too_deep: None };
    while let Some((event, line)) = reader.next() {
        if !matches!(event, Event::StreamStart | Event::DocumentStart(_)) {
            let tree = reader.value(&event, line);
            return (tree, reader.too_deep);
        }
    }
    (Tree { origin: Origin::Line(1), inside: Inside::Nothing }, reader.too_deep)
}

struct Reader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    depth: usize,
    /// The line of a value that is nested too deeply; nothing after it is read.
    too_deep: Option<usize>,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, usize)> {
        if self.too_deep.is_some() {
            return None;
        }
        let (event, span): (Event<'_>, Span) = match self.parser.next_event()? {
            Ok(event) => event,
            Err(error) => {
                // The parser also has a limit, which is higher than `DEEPEST`.
                self.too_deep = error.info().contains("recursion limit").then(|| error.marker().line());
                return None;
            }
        };
        Some((event, span.start.line()))
    }

    fn value(&mut self, event: &Event<'t>, line: usize) -> Tree {
        let origin = Origin::Line(line);
        if self.depth > DEEPEST {
            self.too_deep = Some(line);
            return Tree { origin, inside: Inside::Nothing };
        }
        self.depth += 1;
        let inside = match event {
            Event::SequenceStart(..) => Inside::Items(self.items()),
            Event::MappingStart(..) => Inside::Keys(self.keys()),
            _ => Inside::Nothing,
        };
        self.depth -= 1;
        Tree { origin, inside }
    }

    fn items(&mut self) -> Vec<Tree> {
        let mut items = Vec::new();
        while let Some((event, line)) = self.next().filter(|(event, _)| !matches!(event, Event::SequenceEnd)) {
            items.push(self.value(&event, line));
        }
        items
    }

    /// The values of a mapping, each with the line of its key.
    fn keys(&mut self) -> HashMap<String, Tree> {
        let mut keys = HashMap::new();
        while let Some((key, line)) = self.next().filter(|(event, _)| !matches!(event, Event::MappingEnd)) {
            let name = match &key {
                Event::Scalar(text, ..) => text.to_string(),
                other => {
                    self.value(other, line);
                    String::new()
                }
            };
            let Some((event, _)) = self.next() else { break };
            let value = self.value(&event, line);
            keys.insert(name, value);
        }
        keys
    }
}

/// Replaces each escaped surrogate in JSON by an escaped letter: the YAML parser rejects surrogates. Lines stay the same.
fn without_surrogates(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        plain.push('\\');
        // \ud800 to \udfff
        let is_surrogate =
            |code: &str| matches!(code.as_bytes(), [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]);
        rest = match after.strip_prefix('u').and_then(|after| after.split_at_checked(4)) {
            Some((code, after)) if is_surrogate(code) => {
                plain.push_str("u0041");
                after
            }
            _ => {
                let mut letters = after.chars();
                plain.extend(letters.next());
                letters.as_str()
            }
        };
    }
    plain.push_str(rest);
    plain
}
