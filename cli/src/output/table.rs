//! Tables that fit the terminal.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::{Colors, Stdout, place};
use crate::failure::Result;
use crate::time;

/// A table of items. The first items decide its columns and their widths, so that rows can be printed as they arrive.
pub struct Table {
    colors: Colors,
    /// Whether `--fields` names the columns: then all of them are shown.
    fixed: bool,
    columns: Option<Vec<(String, usize)>>,
}

/// The columns that are shown first, where an item has them.
const FIRST: &[&str] = &[
    "id",
    "name",
    "title",
    "label",
    "subject",
    "email",
    "role",
    "state",
    "status",
    "type",
    "open",
    "priority",
    "external_id",
    "company_id",
    "admin_assignee_id",
    "created_at",
    "updated_at",
    "last_seen_at",
];
/// The maximum width of a column. A table of values that are not objects has one column, as wide as the terminal.
const WIDEST: usize = 40;
const GAP: &str = "  ";

impl Table {
    pub fn new(colors: Colors, fixed: bool) -> Self {
        Self { colors, fixed, columns: None }
    }

    /// Prints rows, below a header at first.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn items(&mut self, out: &mut Stdout, items: &[Value], names: &[String]) -> Result {
        let colors = self.colors;
        let (fixed, begun) = (self.fixed, self.columns.is_some());
        let columns = self.columns.get_or_insert_with(|| columns(items, names, fixed, terminal_width()));
        if !begun {
            let names: Vec<String> = columns.iter().map(|(name, width)| colors.bold(&padded(name, *width))).collect();
            out.text(&format!("{}\n", names.join(GAP).trim_end()))?;
        }
        for item in items {
            let cells: Vec<String> = columns
                .iter()
                .map(|(name, width)| {
                    if name.is_empty() {
                        padded(&cell("", item), *width)
                    } else {
                        padded(&cell(name, place(item, name).unwrap_or(&Value::Null)), *width)
                    }
                })
                .collect();
            out.text(&format!("{}\n", cells.join(GAP).trim_end()))?;
        }
        Ok(())
    }
}

/// Prints an object with a line for each field that has a value.
///
/// # Errors
/// Where standard output cannot be written.
pub fn record(out: &mut Stdout, value: &Value, colors: Colors) -> Result {
    let Value::Object(fields) = value else { return out.text(&format!("{}\n", cell("", value))) };
    let mut lines = Vec::new();
    flatten(&mut lines, "", fields);
    let width = lines.iter().map(|(name, _)| name.width()).max().unwrap_or_default();
    let room = terminal_width().saturating_sub(width + GAP.len()).max(20);
    for (name, value) in &lines {
        out.text(&format!("{}{GAP}{}\n", colors.bold(&padded(name, width)), cut(value, room)))?;
    }
    Ok(())
}

fn flatten(lines: &mut Vec<(String, String)>, prefix: &str, fields: &serde_json::Map<String, Value>) {
    for (key, value) in fields {
        let name = format!("{prefix}{key}");
        match value {
            Value::Null => {}
            Value::Object(inner) => flatten(lines, &format!("{name}."), inner),
            Value::Array(items) if items.is_empty() => {}
            value => lines.push((name, cell(key, value))),
        }
    }
}

/// Which columns are shown, and how wide.
fn columns(items: &[Value], names: &[String], fixed: bool, room: usize) -> Vec<(String, usize)> {
    if !items.iter().any(Value::is_object) {
        return vec![(String::new(), room)];
    }
    let mut names: Vec<&String> = names.iter().collect();
    if !fixed {
        // Nested values and empty fields would use width that others need.
        names.retain(|name| {
            let value = |item| place(item, name).filter(|value| !value.is_null());
            items.iter().any(|item| value(item).is_some_and(|value| !value.is_object() && !value.is_array()))
        });
        names.sort_by_key(|name| FIRST.iter().position(|first| first == name).unwrap_or(FIRST.len()));
        // A type that is the same in every row is left out.
        names.retain(|name| *name != "type" || distinct(items, "type"));
    }
    let width = |name: &String| {
        let cells = items.iter().filter_map(|item| place(item, name)).map(|value| cell(name, value).width());
        cells.chain([name.width()]).max().unwrap_or_default().min(WIDEST)
    };
    let mut shown: Vec<(String, usize)> = Vec::new();
    let mut used = 0;
    for name in names {
        let needed = width(name) + if shown.is_empty() { 0 } else { GAP.len() };
        if !fixed && !shown.is_empty() && used + needed > room {
            continue;
        }
        used += needed;
        shown.push((name.clone(), width(name)));
    }
    // The columns of `--fields` are wider than the terminal: the widest are narrowed.
    while fixed && used > room {
        match shown.iter_mut().max_by_key(|(_, width)| *width) {
            Some((_, width)) if *width > 8 => *width -= 1,
            _ => break,
        }
        used -= 1;
    }
    shown
}

fn distinct(items: &[Value], name: &str) -> bool {
    items.windows(2).any(|pair| pair[0].get(name) != pair[1].get(name))
}

/// The value as one line; times as dates.
fn cell(name: &str, value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64() {
            Some(seconds) if name.ends_with("_at") && seconds > 100_000_000 => time::minutes(seconds),
            _ => number.to_string(),
        },
        other => other.to_string(),
    };
    // Control characters of a value must not reach the terminal.
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn padded(text: &str, width: usize) -> String {
    let text = cut(text, width);
    let missing = width.saturating_sub(text.width());
    text + &" ".repeat(missing)
}

/// The text, cut to a width.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    let mut used = 1;
    for c in text.chars() {
        used += c.width().unwrap_or_default();
        if used > width {
            break;
        }
        cut.push(c);
    }
    cut.push('…');
    cut
}

/// The width of the terminal, or 100 where it is not known.
fn terminal_width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0)).max(20)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_most_telling_columns_are_chosen_as_far_as_there_is_room() {
        let items = [
            json!({"type": "contact", "avatar": null, "phone": "+1", "id": "1", "location": {}, "email": "a@example.com"}),
            json!({"type": "contact", "avatar": null, "phone": "+22", "id": "2", "name": "Zoé", "created_at": 1_793_491_200}),
        ];
        let names: Vec<String> =
            ["type", "avatar", "phone", "id", "location", "email", "name", "created_at"].map(String::from).into();
        let shown = |room| columns(&items, &names, false, room).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(shown(80), ["id", "name", "email", "created_at", "phone"]);
        assert_eq!(shown(15), ["id", "name", "phone"]);
        assert_eq!(cell("created_at", &json!(1_793_491_200)), "2026-11-01 00:00");
    }

    #[test]
    fn text_is_cut_by_columns_and_controls_are_spaces() {
        assert_eq!(cut("日本語日本語", 7), "日本語…");
        assert_eq!(padded("é", 3), "é  ");
        assert_eq!(cell("x", &json!("a\u{1b}[31mb\n")), "a [31mb ");
    }
}
