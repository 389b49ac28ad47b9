//! Rust names for the names of a description. A name that is a keyword, reserved or already taken is changed. A type may have a name of
//! the prelude, such as `Option`: a file that defines one writes the names of the prelude with their full paths (`emit/rust.rs`).

pub mod reserved;

use std::collections::{HashMap, HashSet};

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::ir::{RustName, WireName};
use crate::plural::singular;
use reserved::NameKind;

/// Strict and reserved keywords that can be written as a raw identifier (`r#type`).
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that are no identifiers, not even raw ones.
const NEVER_IDENTIFIERS: &[&str] = &["self", "Self", "super", "crate", "_", ""];

/// Names for values that are operators.
const SYMBOLS: &[(&str, &str)] = &[
    ("=", "Equals"),
    ("!=", "NotEquals"),
    ("<", "LessThan"),
    (">", "GreaterThan"),
    ("<=", "LessOrEqual"),
    (">=", "GreaterOrEqual"),
    ("~", "Contains"),
    ("!~", "NotContains"),
    ("^", "StartsWith"),
    ("$", "EndsWith"),
];

/// A field, method, argument or module: snake case, raw where it is a keyword.
pub fn snake(wire: &str) -> RustName {
    let name = leading_letter(ascii_words(wire).to_snake_case(), "n");
    RustName(escape(name))
}

/// A type or variant: upper camel case. A version number keeps its dots as underscores and gets a `V`: `2.10` becomes `V2_10`.
pub fn camel(wire: &str) -> RustName {
    if let Some((_, name)) = SYMBOLS.iter().find(|(symbol, _)| *symbol == wire) {
        return RustName((*name).to_owned());
    }
    let version = wire.contains('.') && wire.chars().all(|c| c.is_ascii_digit() || c == '.');
    if version {
        return RustName(format!("V{}", wire.replace('.', "_")));
    }
    let name = leading_letter(ascii_words(wire).to_upper_camel_case(), "N");
    RustName(match name.as_str() {
        "" => "Empty".to_owned(),
        // The one type name that is a keyword.
        "Self" => "SelfAlt".to_owned(),
        _ => name,
    })
}

/// A variant of an enum. `Unknown` is reserved for values that the description does not list, so a listed value with this name
/// becomes `UnknownValue`.
pub fn variant(wire: &str) -> RustName {
    match camel(wire) {
        name if name.0 == "Unknown" => RustName("UnknownValue".to_owned()),
        name => name,
    }
}

/// The module of a named schema's types, without `r#`.
pub fn type_module(key: &str) -> String {
    Scope::of(NameKind::TypeModule).claim(RustName(snake(key).bare().to_owned())).0
}

/// The name of a group in snake case; its cargo feature has the same name. A reserved name gets the suffix `_group`.
pub fn group(name: &str) -> String {
    let bare = snake(name).bare().to_owned();
    NameKind::Group.instead_of(&bare).unwrap_or(bare)
}

/// The name of an inline type: that of the type or operation around it, then a word for its place, such as the key of the property.
pub fn inline_type(owner: &RustName, part: &str) -> RustName {
    RustName(format!("{}{}", owner.bare(), camel(part).bare()))
}

/// Keeps ASCII letters and digits. Another letter becomes a word with its code point; any other character is a space, which separates
/// words.
fn ascii_words(wire: &str) -> String {
    let mut words = String::with_capacity(wire.len());
    for c in wire.chars() {
        if c.is_ascii_alphanumeric() {
            words.push(c);
        } else if c.is_alphabetic() {
            words.push_str(&format!(" u{:x} ", u32::from(c)));
        } else {
            words.push(' ');
        }
    }
    words
}

fn leading_letter(name: String, prefix: &str) -> String {
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("{prefix}{name}") } else { name }
}

fn escape(name: String) -> String {
    if NEVER_IDENTIFIERS.contains(&name.as_str()) {
        return if name.is_empty() { "empty".to_owned() } else { format!("{name}_") };
    }
    if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }
}

/// The name of an item of a list: the singular of the list's name, or that name with `_item`.
pub fn item(list: &str) -> String {
    singular(list).unwrap_or_else(|| format!("{list}_item"))
}

/// The names of one scope. A later duplicate gets a number (`name_2`); the name of a type or variant gets `Alt`, as often as needed
/// (`NameAlt`, `NameAltAlt`).
#[derive(Debug, Default)]
pub struct Scope {
    kind: Option<NameKind>,
    taken: HashSet<String>,
}

impl Scope {
    /// A scope in which the reserved names of a kind are taken from the start.
    pub fn of(kind: NameKind) -> Self {
        Self { kind: Some(kind), taken: kind.reserved().map(str::to_owned).collect() }
    }

    /// Returns the name, changed if it is reserved or taken. The returned name is then taken.
    pub fn claim(&mut self, name: RustName) -> RustName {
        let name = match self.kind.and_then(|kind| kind.instead_of(&name.0)) {
            Some(other) => other,
            None => name.0,
        };
        let bare = name.strip_prefix("r#").unwrap_or(&name).to_owned();
        let type_like = bare.starts_with(|c: char| c.is_ascii_uppercase());
        let mut candidate = name;
        for count in 2.. {
            if self.taken.insert(candidate.clone()) {
                break;
            }
            candidate = if type_like {
                format!("{bare}{}", "Alt".repeat(count - 1))
            } else {
                format!("{}_{count}", bare.trim_end_matches('_'))
            };
        }
        RustName(candidate)
    }

    /// Whether the name is taken.
    pub fn has(&self, name: &RustName) -> bool {
        self.taken.contains(&name.0)
    }
}

/// The Rust names of types. Those of named schemas are claimed before anything is lowered, so that inline types cannot take them.
#[derive(Debug, Default)]
pub struct TypeNames {
    scope: Scope,
    schemas: HashMap<WireName, RustName>,
}

impl TypeNames {
    /// Names the schemas: by their key, or as `x-sdk-name` says.
    pub fn new<'a>(schemas: impl Iterator<Item = (&'a str, Option<&'a str>)>) -> Self {
        let mut names = Self::default();
        for (key, given) in schemas {
            let name = names.scope.claim(camel(given.unwrap_or(key)));
            names.schemas.insert(WireName(key.to_owned()), name);
        }
        names
    }

    /// The name of a named schema.
    pub fn schema(&self, key: &str) -> RustName {
        self.schemas.get(&WireName(key.to_owned())).cloned().unwrap_or_else(|| camel(key))
    }

    /// A name for an inline type; `kind` is appended where another type has the name.
    pub fn inline(&mut self, name: RustName, kind: &str) -> RustName {
        let name = if self.scope.has(&name) { RustName(format!("{}{kind}", name.0)) } else { name };
        self.scope.claim(name)
    }
}

/// Short names for the alternatives of a union: their names without the words that all of them begin or end with. Each keeps at least
/// one word.
pub fn distinct(names: &[String]) -> Vec<RustName> {
    let words: Vec<Vec<String>> =
        names.iter().map(|name| ascii_words(name).to_snake_case().split('_').map(str::to_owned).collect()).collect();
    let shortest = words.iter().map(Vec::len).min().unwrap_or(0);
    let same = |word: &dyn Fn(&Vec<String>) -> String| words.windows(2).all(|pair| word(&pair[0]) == word(&pair[1]));
    let (mut start, mut end) = (0, 0);
    if words.len() > 1 {
        while start + 1 < shortest && same(&|words| words[start].clone()) {
            start += 1;
        }
        while start + end + 1 < shortest && same(&|words| words[words.len() - 1 - end].clone()) {
            end += 1;
        }
    }
    let mut scope = Scope::of(NameKind::Variant);
    words.iter().map(|words| scope.claim(camel(&words[start..words.len() - end].join("_")))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusual_names_become_identifiers() {
        for (wire, expected) in [
            ("type", "r#type"),
            ("pt-BR", "pt_br"),
            ("self", "self_"),
            ("3rd_party", "n3rd_party"),
            ("", "empty"),
            ("away_mode", "away_mode"),
            ("größe", "gr_uf6_udf_e"),
        ] {
            assert_eq!(snake(wire).0, expected, "{wire}");
            assert!(
                syn::parse_str::<syn::Ident>(snake(wire).bare()).is_ok() || snake(wire).0.starts_with("r#"),
                "{wire}"
            );
        }
        for (wire, expected) in [
            ("=", "Equals"),
            ("!=", "NotEquals"),
            ("2.10", "V2_10"),
            ("Back-office", "BackOffice"),
            ("3rd_party_error", "N3rdPartyError"),
        ] {
            assert_eq!(camel(wire).0, expected);
        }
    }

    #[test]
    fn alternatives_keep_the_words_that_differ() {
        let names = |names: &[&str]| {
            distinct(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>())
                .into_iter()
                .map(|name| name.0)
                .collect::<Vec<_>>()
        };
        assert_eq!(names(&["single_filter_search_request", "multiple_filter_search_request"]), ["Single", "Multiple"]);
        assert_eq!(names(&["news_item", "newsfeed"]), ["NewsItem", "Newsfeed"]);
        assert_eq!(names(&["a_b", "a_b_c"]), ["B", "BC"]);
        assert_eq!(names(&["same", "same"]), ["Same", "SameAlt"]);
    }

    #[test]
    fn a_scope_gives_each_name_once() {
        let mut scope = Scope::default();
        let claims: Vec<_> = ["type", "type", "Type"].iter().map(|name| scope.claim(snake(name)).0).collect();
        assert_eq!(claims, ["r#type", "type_2", "type_3"]);
        let mut scope = Scope::of(NameKind::Setter);
        let claims: Vec<_> = ["send", "send", "name"].iter().map(|name| scope.claim(snake(name)).0).collect();
        assert_eq!(claims, ["set_send", "set_send_2", "name"]);
    }
}
