//! Finds the cause of an error: a line of the description, or a step of the overlays. The overlays are applied once more for that.

use std::collections::HashMap;

use super::{Change, LeftOut, Overlays, Step};
use crate::diag::{Error, Errors};
use crate::origin::{Origin, Tree};
use crate::version::Version;
use crate::yaml;

impl Overlays {
    /// Finds the line of each error of a document. An error that a step of the overlays caused is placed in the file of the step
    /// instead, and returned with the index of the step.
    pub(crate) fn blame(
        &self,
        errors: &Errors,
        description: &str,
        version: Version,
        left_out: &LeftOut,
    ) -> Vec<(Option<usize>, Error)> {
        let origins = self.origins(description, version, left_out);
        let mut files = HashMap::new();
        let place = |error: &Error| {
            let removed = Some(error.missing())
                .filter(|missing| !missing.is_empty())
                .and_then(|missing| origins.find_exact(missing));
            match removed.unwrap_or_else(|| origins.find(error.pointer())) {
                Origin::Line(line) => (None, error.clone().at_line(Some(line))),
                Origin::Step(index) => {
                    let (file, pointer, name) = match &self.steps[index] {
                        Step::Action(action) => (action.file.as_str(), action.pointer.as_str(), action.target.as_str()),
                        Step::Table(file, _) => (file.as_str(), "/table", file.as_str()),
                        Step::Platform(feature) => (feature.file(), "/feature", feature.file()),
                    };
                    let lines = files.entry(file).or_insert_with(|| self.lines(file));
                    let line = lines.as_ref().and_then(|lines| line(lines, pointer));
                    let message = format!("`{name}` causes an error at {}: {}", error.pointer(), error.message());
                    (Some(index), Error::new(file, pointer, message).hint(error.hint_text()).at_line(line))
                }
            }
        };
        errors.iter().map(place).collect()
    }

    /// The origin of each value of a description after its overlays.
    fn origins(&self, description: &str, version: Version, left_out: &LeftOut) -> Tree {
        let mut origins = yaml::lines(description);
        let Ok(mut document) = yaml::read(description) else { return origins };
        for (index, step) in self.steps.iter().enumerate().filter(|(index, _)| !left_out.contains_key(index)) {
            match step {
                Step::Action(action) if action.is_for(version) => {
                    for place in action.places(&document) {
                        match &action.change {
                            Change::Update(update) => origins.update(&place, update, index),
                            Change::Remove => origins.remove(&place, index),
                        }
                    }
                    if action.apply(&mut document, version).is_err() {
                        // Unreachable: the actions that fail are in `left_out`.
                        break;
                    }
                }
                Step::Action(_) => {}
                Step::Platform(feature) => {
                    let before = document.clone();
                    if feature.apply(&mut document, version).is_ok() {
                        origins.compare(&before, &document, index);
                    }
                }
                Step::Table(_, table) => {
                    let before = document.clone();
                    table.apply(&mut document);
                    origins.compare(&before, &document, index);
                }
            }
        }
        origins
    }

    /// Adds the line to an error in an overlay.
    pub(super) fn at_line(&self, error: Error) -> Error {
        let line = self.lines(error.file()).and_then(|lines| line(&lines, error.pointer()));
        // Where a file cannot be parsed, the parser's position is more precise.
        let line = error.line().or(line);
        error.at_line(line)
    }

    fn lines(&self, file: &str) -> Option<Tree> {
        self.files.iter().find(|overlay| overlay.name == file).map(|overlay| yaml::lines(&overlay.text))
    }
}

fn line(lines: &Tree, pointer: &str) -> Option<usize> {
    match lines.find(pointer) {
        Origin::Line(line) => Some(line),
        Origin::Step(_) => None,
    }
}
