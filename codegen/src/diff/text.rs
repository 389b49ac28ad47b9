//! The report as text for terminals.

use std::fmt::Write as _;

use super::report::{Sections, joined, sentence};
use super::{Change, Diff, Subject};
use crate::plural::counted;

impl Diff {
    /// The report as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "{} → {}: operations {} → {} ({}), types {} → {}",
            self.old,
            self.new,
            self.operations.0,
            self.operations.1,
            self.balance(),
            self.types.0,
            self.types.1
        );
        if self.is_empty() {
            out.push_str("no changes\n");
            return out;
        }
        let [wire, major, minor, patch] = self.counts();
        let _ = writeln!(
            out,
            "on the wire: {} ({wire} of {})\nin Rust: {} ({major} major, {minor} minor, {patch} patch)",
            self.wire(),
            counted(self.changes.len(), "change"),
            self.rust()
        );
        let sections = Sections::new(self);
        operations(&mut out, "Removed operations", '-', &sections.removed);
        operations(&mut out, "Added operations", '+', &sections.added);
        changes(&mut out, "Breaking changes", &sections.breaking);
        changes(&mut out, "Other changes", &sections.compatible);
        for (title, names) in sections.lists.iter().filter(|(_, names)| !names.is_empty()) {
            let _ = writeln!(out, "\n{title}\n  {}", names.join(", "));
        }
        out
    }
}

fn operations(out: &mut String, title: &str, mark: char, list: &[&Change]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    for change in list {
        let _ = writeln!(out, "  {mark} {}  [{}]", change.subject, change.verdicts());
    }
}

fn changes(out: &mut String, title: &str, list: &[(&Subject, Vec<&Change>)]) {
    if list.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{title}");
    for (subject, changes) in list {
        let _ = writeln!(out, "  {subject}");
        for same in joined(changes) {
            let verdicts = same.first().map(|change| change.verdicts()).unwrap_or_default();
            let _ = writeln!(out, "    {}  [{verdicts}]", sentence(&same));
        }
    }
}
