//! Checks and follows references to components.

use std::borrow::Cow;

use serde_json::Value;

use super::grammar::Kind;
use crate::diag::{Error, join};

/// An invalid reference: an error without its place.
pub(super) struct Wrong {
    message: String,
    hint: String,
    /// The JSON pointer where there is no component; empty if the reference is invalid for another reason.
    missing: String,
}

impl Wrong {
    pub(super) fn at(self, pointer: String) -> Error {
        Error::new("", pointer, self.message).hint(self.hint).misses(self.missing)
    }
}

/// Checks a reference to a component of the kind.
pub(super) fn check(document: &Value, kind: Kind, text: &str) -> Result<(), Wrong> {
    let Some(section) = kind.section() else { return Ok(()) };
    let wrong = |message: String, hint: &str| Err(Wrong { message, hint: hint.to_owned(), missing: String::new() });
    let Some(inside) = text.strip_prefix("#/") else {
        return wrong(
            format!("the reference `{text}` does not begin with `#/`"),
            &format!(
                "references have the form `#/components/{section}/name`; move a target in another file into this one"
            ),
        );
    };
    let Some((other, name)) = inside.strip_prefix("components/").and_then(|rest| rest.split_once('/')) else {
        return wrong(
            format!("the reference `{text}` does not point to a component"),
            "move its target into `components`",
        );
    };
    if other != section {
        return wrong(
            format!("the reference `{text}` does not point to {}", kind.name()),
            &format!("references begin with `#/components/{section}/` here"),
        );
    }
    let name = decoded(name);
    let components = document.get("components").and_then(|components| components.get(section));
    if let Some(found) = components.and_then(|components| components.get(&*name)) {
        // A schema may refer to itself through its parts; `cycles` checks schemas after lowering.
        let circle = kind != Kind::Schema && components.is_some_and(|components| end(components, text).is_none());
        return if circle && found.get("$ref").is_some() {
            wrong(
                format!("the reference `{text}` is circular, or leads to an invalid reference"),
                "replace the reference by the component itself, or correct the reference that it leads to",
            )
        } else {
            Ok(())
        };
    }
    let (what, hint) = if inside.matches('/').count() > 2 {
        ("points into a component", "move its target into `components`, under a name of its own")
    } else {
        (
            "has no target",
            "add the missing component, or correct the reference, with an overlay in descriptions/overlays, or in the file in descriptions/platform",
        )
    };
    Err(Wrong {
        message: format!("the reference `{text}` {what}"),
        hint: hint.to_owned(),
        missing: join(&format!("/components/{section}"), name),
    })
}

/// Follows a chain of references through the components of one kind and returns the last reference; `None` where the
/// chain is a cycle, or a reference is malformed or has no target.
pub(super) fn end<'a>(components: &'a Value, mut text: &'a str) -> Option<&'a str> {
    // A chain that is longer than the number of components is a cycle.
    for _ in 0..=components.as_object()?.len() {
        let (_, name) = text.strip_prefix("#/components/")?.split_once('/')?;
        match components.get(&*decoded(name))?.get("$ref") {
            Some(next) => text = next.as_str()?,
            None => return Some(text),
        }
    }
    None
}

/// The reference with its component's name unescaped, because lowering compares names as text; `None` where there is nothing to
/// unescape.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let rest = text.strip_prefix("#/components/")?;
    let (section, name) = rest.split_once('/')?;
    match decoded(name) {
        Cow::Borrowed(_) => None,
        Cow::Owned(name) => Some(format!("#/components/{section}/{name}")),
    }
}

/// Decodes the percent-encoding (`%20`) and the escapes of JSON pointers (`~1`) in a name.
fn decoded(name: &str) -> Cow<'_, str> {
    if !name.contains(['~', '%']) {
        return Cow::Borrowed(name);
    }
    let mut bytes = Vec::new();
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let code = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.filter(|_| *first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &after[2..] } else { after };
    }
    let text = String::from_utf8(bytes).unwrap_or_else(|_| name.to_owned());
    Cow::Owned(text.replace("~1", "/").replace("~0", "~"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unescaped() {
        for (written, name) in [("a", "a"), ("a~1b~01", "a/b~1"), ("a%20b%C3%A9", "a bé"), ("%", "%"), ("%ff", "%ff")]
        {
            assert_eq!(decoded(written), name);
        }
        assert_eq!(unescaped("#/components/schemas/a~1b").as_deref(), Some("#/components/schemas/a/b"));
        assert_eq!(unescaped("#/components/schemas/a"), None);
    }
}
