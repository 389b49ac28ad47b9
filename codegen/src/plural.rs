//! Plurals and singulars of English nouns, for names and messages.

use std::borrow::Cow;

/// A number with its noun: `1 change`, `2 changes`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {}", inflected(count, noun))
}

/// A noun as it is written after this number: `change` after 1, else `changes`.
pub(crate) fn inflected(count: usize, noun: &str) -> Cow<'_, str> {
    match count {
        1 => Cow::Borrowed(noun),
        _ => Cow::Owned(plural(noun).unwrap_or_else(|| format!("{noun}es"))),
    }
}

/// The singular of an English plural, by simple rules that suffice for names of lists; `None` for a word that is no plural by
/// these rules.
pub fn singular(plural: &str) -> Option<String> {
    if let Some(stem) = plural.strip_suffix("ies") {
        return Some(format!("{stem}y"));
    }
    if ["sses", "xes", "ches", "shes"].iter().any(|suffix| plural.ends_with(suffix)) {
        return Some(plural[..plural.len() - 2].to_owned());
    }
    let stem = plural.strip_suffix('s')?;
    (!stem.ends_with(['s', 'u', 'i'])).then(|| stem.to_owned())
}

/// The plural of an English word, by simple rules; `None` for a word that ends with `s`, which may be a plural already.
pub fn plural(singular: &str) -> Option<String> {
    if singular.ends_with('s') {
        return None;
    }
    let consonant_and_y = |stem: &&str| !stem.ends_with(['a', 'e', 'i', 'o', 'u']);
    Some(match singular.strip_suffix('y').filter(consonant_and_y) {
        Some(stem) => format!("{stem}ies"),
        None if ["x", "ch", "sh"].iter().any(|suffix| singular.ends_with(suffix)) => format!("{singular}es"),
        None => format!("{singular}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_follow_the_rules_of_english() {
        for (one, several) in
            [("contact", "contacts"), ("company", "companies"), ("survey", "surveys"), ("box", "boxes")]
        {
            assert_eq!((plural(one).as_deref(), singular(several).as_deref()), (Some(several), Some(one)));
        }
        assert_eq!((plural("news"), singular("status")), (None, None));
    }
}
