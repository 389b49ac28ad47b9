//! Writes YAML in which each string is read in the same way by parsers of YAML 1.1 and of YAML 1.2.
//!
//! The versions differ: an unquoted `17:00` is a string in 1.2 and the number 1020 in 1.1. So every ambiguous string is quoted.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Writes a document as YAML in block style, with the keys in their order.
pub fn write(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(object) if !object.is_empty() => write_object(&mut out, object, 0),
        Value::Array(array) if !array.is_empty() => write_array(&mut out, array, 0),
        scalar => {
            write_scalar(&mut out, scalar);
            out.push('\n');
        }
    }
    out
}

fn write_object(out: &mut String, object: &Map<String, Value>, level: usize) {
    for (index, (key, value)) in object.iter().enumerate() {
        // Below the root, the first key follows a dash or an indentation that is already written.
        if index > 0 || level == 0 {
            indent(out, level);
        }
        write_text(out, key);
        out.push(':');
        match value {
            Value::Object(object) if !object.is_empty() => {
                out.push('\n');
                indent(out, level + 1);
                write_object(out, object, level + 1);
            }
            Value::Array(array) if !array.is_empty() => {
                out.push('\n');
                write_array(out, array, level);
            }
            scalar => {
                out.push(' ');
                write_scalar(out, scalar);
                out.push('\n');
            }
        }
    }
}

fn write_array(out: &mut String, array: &[Value], level: usize) {
    for value in array {
        indent(out, level);
        out.push('-');
        match value {
            Value::Object(object) if !object.is_empty() => {
                out.push(' ');
                write_object(out, object, level + 1);
            }
            Value::Array(array) if !array.is_empty() => {
                out.push('\n');
                write_array(out, array, level + 1);
            }
            scalar => {
                out.push(' ');
                write_scalar(out, scalar);
                out.push('\n');
            }
        }
    }
}

fn indent(out: &mut String, level: usize) {
    out.extend(std::iter::repeat_n("  ", level));
}

fn write_scalar(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => write_text(out, text),
        Value::Object(_) => out.push_str("{}"),
        Value::Array(_) => out.push_str("[]"),
        // Null, booleans and numbers are written as in JSON.
        other => {
            let _ = write!(out, "{other}");
        }
    }
}

fn write_text(out: &mut String, text: &str) {
    if is_plain(text) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ' '..='~' => out.push(c),
            // Of the other characters, letters stay readable. The rest is escaped: it may be invisible or a line break.
            c if c.is_alphabetic() => out.push(c),
            c if u32::from(c) <= 0xffff => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
}

/// Whether the text is written without quotes: every parser then reads it as the same string.
fn is_plain(text: &str) -> bool {
    const RESERVED: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let starts_well = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '/' | '$'));
    let ends_well = !text.ends_with([' ', ':']);
    starts_well
        && ends_well
        && text.chars().all(|c| c.is_ascii_alphanumeric() || " _/$.-+:(){}<>@=&?;~*".contains(c))
        && !text.contains(": ")
        && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}
