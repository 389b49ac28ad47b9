//! Finds the command, the operation and the version before clap parses the arguments: they decide which commands are built.

use std::ffi::OsString;

use clap::Arg;

/// The words that decide which commands are built.
#[derive(Debug, Default)]
pub struct Words {
    /// The first word that is no option: a group of the API or a command of the program.
    pub command: Option<String>,
    /// The second one.
    pub method: Option<String>,
    /// The value of `--api-version`.
    pub version: Option<String>,
}

impl Words {
    /// Reads the arguments after the program's name. Options of `globals` may stand anywhere. Any other option is taken for one without a
    /// value: the options of a command come after the words that are looked for, and clap reports unknown ones later.
    pub fn of(arguments: &[OsString], globals: &[Arg]) -> Self {
        let mut found = Self::default();
        let mut words = arguments.iter().map(|argument| argument.to_string_lossy());
        while let Some(word) = words.next() {
            if word == "--" {
                break;
            }
            if let Some(option) = word.strip_prefix('-').filter(|option| !option.is_empty()) {
                let takes_value =
                    |name: &str| globals.iter().any(|global| is(global, name) && global.get_action().takes_values());
                let (name, attached) = match option.strip_prefix('-') {
                    Some(long) => match long.split_once('=') {
                        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                        None => (long.to_owned(), None),
                    },
                    // Short options may stand together; the first that takes a value has the rest as its value.
                    None => {
                        let mut letters = option.char_indices();
                        let found = letters.find(|(_, letter)| takes_value(&letter.to_string()));
                        let Some((_, letter)) = found else { continue };
                        let rest = letters.as_str();
                        (letter.to_string(), (!rest.is_empty()).then(|| rest.to_owned()))
                    }
                };
                let takes_value = takes_value(&name);
                let value = attached.or_else(|| takes_value.then(|| words.next().unwrap_or_default().into_owned()));
                if name == "api-version" {
                    found.version = value;
                }
                continue;
            }
            // In `help GROUP METHOD` the command is GROUP.
            match (&found.command, &found.method) {
                (None, _) if word == "help" => {}
                (None, _) => found.command = Some(word.into_owned()),
                (Some(_), None) => found.method = Some(word.into_owned()),
                _ => {}
            }
        }
        found
    }
}

fn is(argument: &Arg, name: &str) -> bool {
    argument.get_long() == Some(name) || argument.get_short().is_some_and(|short| name == short.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::globals;

    #[test]
    fn the_command_is_found_whatever_stands_around_it() {
        for line in [
            "contacts find 1",
            "-o json contacts find 1",
            "--api-version 2.15 -ojson contacts --all find",
            "--output=json contacts -q find",
            "help contacts find",
            "-qo json contacts find",
            "contacts -qvojson find",
        ] {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let words = Words::of(&arguments, &globals());
            assert_eq!((words.command.as_deref(), words.method.as_deref()), (Some("contacts"), Some("find")), "{line}");
        }
        let words = Words::of(&["--api-version=2.15".into(), "tags".into()], &globals());
        assert_eq!((words.version.as_deref(), words.method), (Some("2.15"), None));
    }
}
