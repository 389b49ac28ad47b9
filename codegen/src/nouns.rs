//! Numbers with their nouns, for messages.

/// A number with its noun: `1 change`, `2 changes`.
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", plural_ending(count, noun))
}

pub(crate) fn plural_ending(count: usize, noun: &str) -> &'static str {
    match count {
        1 => "",
        _ if noun.ends_with('s') => "es",
        _ => "s",
    }
}
