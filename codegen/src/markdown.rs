//! Rewrites the Markdown of descriptions for rustdoc, and keeps its structure: headings, lists, tables, quotes, links, code.
//!
//! rustdoc compiles indented and untagged code as Rust, treats `[word]` as a link to an item, and warns of HTML tags and bare URLs.
//! Indentation is therefore reduced, blocks of code are tagged as text, brackets and tags are escaped, and bare URLs become links. HTML
//! that has an equivalent in Markdown, such as `<code>`, is replaced by it, and links that do not lead to the web become text.

/// Changes Markdown so that rustdoc shows it without warnings.
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
                // Four spaces would begin a block of code. Two are enough for a nested list. Deeper levels get two as
                // well, so they become one level.
                let indent = if (line.len() - trimmed.len()) >= 2 && is_list_item(trimmed) { "  " } else { "" };
                text.push_str(indent);
                let quoted = trimmed.trim_start_matches(['>', ' ']);
                let depth = trimmed[..trimmed.len() - quoted.len()].matches('>').count();
                text.extend(std::iter::repeat_n("> ", depth));
                inline(quoted.trim_end(), &mut text);
                text.truncate(text.trim_end_matches(' ').len());
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

/// Appends a line, or a part of one, that is not in a block of code.
fn inline(mut line: &str, text: &mut String) {
    while let Some(c) = line.chars().next() {
        let taken = code_span(line).or_else(|| html(line)).or_else(|| link(line)).or_else(|| url(line, text));
        let rest = match taken {
            Some((safe, length)) => {
                text.push_str(&safe);
                length
            }
            None => {
                // `<` begins a tag only before a letter, `/`, `!` or `?`.
                let begins_tag = || line[1..].starts_with(|next: char| next.is_alphabetic() || "/!?".contains(next));
                if matches!(c, '[' | ']' | '`') || c == '<' && begins_tag() {
                    text.push('\\');
                }
                text.push(c);
                c.len_utf8()
            }
        };
        line = &line[rest..];
    }
}

/// A code span at the start of `line`, with its length.
fn code_span(line: &str) -> Option<(String, usize)> {
    let ticks = line.len() - line.trim_start_matches('`').len();
    if ticks == 0 {
        return None;
    }
    let mark = &line[..ticks];
    let end = line[ticks..].find(mark)? + 2 * ticks;
    Some((line[..end].to_owned(), end))
}

/// HTML at the start of `line` that has an equivalent in Markdown. A line break stays HTML, because Markdown has none for
/// the cells of tables.
fn html(line: &str) -> Option<(String, usize)> {
    let rest = line.strip_prefix('<')?;
    let end = rest.find('>')?;
    let tag = rest[..end].trim_end_matches('/').trim_end().to_ascii_lowercase();
    let (mark, after) = match tag.as_str() {
        "br" | "/br" => return Some(("<br>".to_owned(), end + 2)),
        "code" => ("`", &rest[end + 1..]),
        "b" | "strong" => ("**", &rest[end + 1..]),
        "i" | "em" => ("*", &rest[end + 1..]),
        _ => return None,
    };
    let closing = format!("</{tag}>");
    let inner = &after[..after.to_ascii_lowercase().find(&closing)?];
    if inner.trim().is_empty() || inner.contains(['`', '<']) {
        return None;
    }
    let length = line.len() - after.len() + inner.len() + closing.len();
    let shown = match mark {
        "`" => inner.to_owned(),
        _ => {
            let mut shown = String::new();
            inline(inner.trim(), &mut shown);
            shown
        }
    };
    Some((format!("{mark}{shown}{mark}"), length))
}

/// A link at the start of `line`, with its length. Only a link to the web remains one: other targets, such as `doc:errors`, do not
/// exist in rustdoc, so only the text of the link remains.
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

/// A bare URL at the start of `line`, as a link, with its length. `before` is the text before it: inside a word, no URL begins.
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
    fn structure_is_kept() {
        for text in
            ["# Errors\n\n- 404 when\n- 409", "| a | b |\n|---|---|\n| `x` | y_z |", "*all* `a[0] < b` and ``a`b``"]
        {
            assert_eq!(for_rustdoc(text), text);
        }
    }

    #[test]
    fn html_with_an_equivalent_becomes_markdown() {
        for (text, expected) in [
            ("the type <code>a_b</code>, <b>not <i>c</i></b>", r"the type `a_b`, \<b>not *c*\</b>"),
            ("<strong>see [it]</strong> and <EM>x</EM>", r"**see \[it\]** and *x*"),
            ("a</br>b<br/>c<br />d", "a<br>b<br>c<br>d"),
            ("| IN<br>NIN | <= | a > b |", "| IN<br>NIN | <= | a > b |"),
            ("<code>open", r"\<code>open"),
        ] {
            assert_eq!(for_rustdoc(text), expected, "{text}");
        }
    }

    #[test]
    fn tables_quotes_and_code_are_not_escaped() {
        let table =
            "| Operator | Valid Types |\n| :------- | ---- |\n| `=` | All |\n| > | Date |\n| ~ | `a | b` \\| c |";
        assert_eq!(for_rustdoc(table), table);
        let quote = "> 🚧 Take care\n>\n> of `this` <- and that\n>> deeper";
        assert_eq!(for_rustdoc(quote), quote.replace(">>", "> >"));
    }

    #[test]
    fn what_rustdoc_would_misread_is_rewritten() {
        for (text, expected) in [
            ("a [word] and <Foo>", r"a \[word\] and \<Foo>"),
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
