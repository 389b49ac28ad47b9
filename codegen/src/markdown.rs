//! Makes arbitrary Markdown safe for rustdoc, and keeps its structure: headings, lists, tables, links, code.
//!
//! rustdoc compiles indented and untagged code as Rust, treats `[word]` as a link to an item, and warns of HTML tags
//! and bare URLs. Those four are neutralised; everything else passes through.

/// The Markdown as rustdoc may show it.
pub(crate) fn for_rustdoc(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    let mut fence: Option<&str> = None;
    for line in markdown.trim().lines() {
        let trimmed = line.trim_start();
        match (fence, fence_of(trimmed)) {
            (None, Some(mark)) => {
                fence = Some(mark);
                text.push_str("```text");
            }
            (Some(open), Some(mark)) if mark.starts_with(open) => {
                fence = None;
                text.push_str("```");
            }
            (Some(_), _) => text.push_str(line),
            (None, None) => {
                // Four spaces would begin a block of code; two are enough for a nested list.
                let indent = if (line.len() - trimmed.len()) >= 2 && is_list_item(trimmed) { "  " } else { "" };
                text.push_str(indent);
                inline(trimmed.trim_end(), &mut text);
            }
        }
        text.push('\n');
    }
    if fence.is_some() {
        text.push_str("```\n");
    }
    text.truncate(text.trim_end().len());
    text
}

fn fence_of(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark))
}

fn is_list_item(line: &str) -> bool {
    line.starts_with("- ")
        || line.starts_with("* ")
        || line.split_once(". ").is_some_and(|(number, _)| is_number(number))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// One line outside of a block of code.
fn inline(mut line: &str, text: &mut String) {
    while let Some(c) = line.chars().next() {
        let taken = code_span(line).or_else(|| link(line)).or_else(|| url(line, text));
        let rest = match taken {
            Some((safe, length)) => {
                text.push_str(&safe);
                length
            }
            None => {
                if matches!(c, '<' | '>' | '[' | ']' | '`') {
                    text.push('\\');
                }
                text.push(c);
                c.len_utf8()
            }
        };
        line = &line[rest..];
    }
}

/// A code span at the start of a line's rest, with its length.
fn code_span(line: &str) -> Option<(String, usize)> {
    let ticks = line.len() - line.trim_start_matches('`').len();
    if ticks == 0 {
        return None;
    }
    let mark = &line[..ticks];
    let end = line[ticks..].find(mark)? + 2 * ticks;
    Some((line[..end].to_owned(), end))
}

/// A link to the web. Of relative links only the text remains, because their targets do not exist here.
fn link(line: &str) -> Option<(String, usize)> {
    let label = line.strip_prefix('[')?;
    let (label, rest) = label.split_once("](")?;
    let (target, _) = rest.split_once(')')?;
    if label.contains(['[', ']', '<', '>', '`']) || target.contains(char::is_whitespace) {
        return None;
    }
    let length = label.len() + target.len() + "[]()".len();
    let web = target.starts_with("https://") || target.starts_with("http://");
    Some((if web { format!("[{label}]({target})") } else { label.to_owned() }, length))
}

/// A bare URL, which becomes a link.
fn url(line: &str, before: &str) -> Option<(String, usize)> {
    if !(line.starts_with("https://") || line.starts_with("http://")) || before.ends_with(char::is_alphanumeric) {
        return None;
    }
    let end = line.find(|c: char| c.is_whitespace() || "<>[]()`\"'|*{}".contains(c)).unwrap_or(line.len());
    let url = line[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']);
    Some((format!("<{url}>"), url.len()))
}

#[cfg(test)]
mod tests {
    use super::for_rustdoc;

    #[test]
    fn structure_passes_through() {
        for text in
            ["# Errors\n\n- 404 when\n- 409", "| a | b |\n|---|---|\n| `x` | y_z |", "*all* `a[0] < b` and ``a`b``"]
        {
            assert_eq!(for_rustdoc(text), text);
        }
    }

    #[test]
    fn what_rustdoc_would_misread_is_neutralised() {
        for (text, expected) in [
            ("a [word] and <br>", r"a \[word\] and \<br\>"),
            ("see https://example.com/a, and", "see <https://example.com/a>, and"),
            ("[guide](https://example.com) [page](doc:errors)", "[guide](https://example.com) page"),
            ("    let x = 1;", "let x = 1;"),
            ("- a\n    - b", "- a\n  - b"),
            ("```rust\nlet x = 1;\n```", "```text\nlet x = 1;\n```"),
            ("```\nopen", "```text\nopen\n```"),
            ("a ` b", r"a \` b"),
        ] {
            assert_eq!(for_rustdoc(text), expected, "{text}");
        }
    }
}
