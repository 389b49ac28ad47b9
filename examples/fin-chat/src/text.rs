//! Makes untrusted text safe for a terminal.

/// The text without what a terminal would take as a command.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

/// The text of a reply in HTML: a line for each block, and `*` before the items of lists.
pub(crate) fn of_html(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let (tag, after) = tag.split_once('>').unwrap_or((tag, ""));
        match tag.split([' ', '/']).find(|name| !name.is_empty()).unwrap_or_default() {
            "li" if !tag.starts_with('/') => text.push_str("* "),
            "p" | "li" | "h1" | "h2" | "h3" | "h4" | "pre" | "tr" if tag.starts_with('/') => text.push('\n'),
            "br" | "hr" => text.push('\n'),
            "td" | "th" if tag.starts_with('/') => text.push('\t'),
            _ => {}
        }
        rest = after;
    }
    text.push_str(rest);
    // &amp; last, so that "&amp;lt;" becomes "&lt;" and not "<".
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " "), ("&amp;", "&")];
    let text = entities.iter().fold(text, |text, (entity, character)| text.replace(entity, character));
    printable(&text.replace('\t', " ")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_lines() {
        let html = "<p>Hi <b>Joe</b>,<br/>try:</p><ul><li>a &amp;lt; b</li><li>c</li></ul>";
        assert_eq!(of_html(html), "Hi Joe,\ntry:\n* a &lt; b\n* c");
        assert_eq!(of_html("a < b"), "a");
        assert_eq!(of_html("<p>\u{1b}[2J&#39;x&#39;</p>"), "[2J'x'");
    }
}
