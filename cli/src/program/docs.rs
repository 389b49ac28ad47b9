//! `intercom docs`: the page docs/cli.md, made of the program itself.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::arguments::{is_set, matches_one};
use crate::command::{PROGRAM, everything, globals, group_word, plain, word};
use crate::failure::{CODES, Failure, Result};
use crate::operation::print;
use crate::search;
use crate::session::Session;

pub fn command() -> Command {
    Command::new("docs")
        .about("Write the page docs/cli.md")
        .hide(true)
        .arg(Arg::new("to").long("to").value_name("FILE").help("The file; standard output without it"))
        .arg(Arg::new("check").long("check").action(ArgAction::SetTrue).help("Fail where the file is another"))
}

/// # Errors
/// Where the file cannot be written, or is not what it should be.
pub fn run(session: &Session, matches: &ArgMatches) -> Result {
    let text = page(session);
    let Some(path) = matches_one(matches, "to") else { return print(&text) };
    if is_set(matches, "check") {
        let found = std::fs::read_to_string(path).map_err(|error| Failure::unreadable(path, &error))?;
        if found != text {
            return Err(Failure::usage(format!(
                "{path} is not what the program says; run `intercom docs --to {path}`"
            )));
        }
        return Ok(());
    }
    std::fs::write(path, text).map_err(|error| Failure::io(format!("cannot write {path}"), &error))
}

fn page(session: &Session) -> String {
    let catalog = &session.catalog;
    let mut root = everything(catalog).term_width(100).color(clap::ColorChoice::Never);
    root.build();
    let mut text = format!(
        "# The command line\n\n<!-- written by `intercom docs --to docs/cli.md`; a test compares -->\n\n\
         `intercom` calls every operation of the API from a terminal. Its commands are made at run time of the catalog of the \
         version (here {}), so `--api-version` has the operations, arguments and words of another one.\n\n",
        catalog.version
    );
    text.push_str(INTRODUCTION);
    text.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (code, meaning) in CODES {
        text.push_str(&format!("| {code} | {meaning} |\n"));
    }
    text.push_str(&format!("\n## Searches\n\n```text\n{}```\n", search::HELP));
    text.push_str("\n## Commands of the program\n");
    for name in PROGRAM {
        let Some(command) = root.find_subcommand_mut(name).filter(|command| !command.is_hide_set()) else { continue };
        let help = unpadded(&command.render_long_help().to_string());
        text.push_str(&format!("\n### intercom {name}\n\n```text\n{}\n```\n", without_common(&help)));
    }
    text.push_str("\n## A page of an operation\n\n`intercom tags create --help`:\n\n");
    let tags = root.find_subcommand_mut("tags").and_then(|tags| tags.find_subcommand_mut("create"));
    if let Some(create) = tags {
        let help = unpadded(&create.render_long_help().to_string());
        text.push_str(&format!("```text\n{}\n```\n\nEvery page has these options, too:\n\n", without_common(&help)));
        text.push_str("| option | |\n|---|---|\n");
        for option in globals().iter().filter(|option| option.get_id() != "api-version") {
            let name = option.get_long().unwrap_or_default();
            let short = option.get_short().map(|short| format!("`-{short}`, ")).unwrap_or_default();
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            text.push_str(&format!("| {short}`--{name}` | {help} |\n"));
        }
        text.push_str("| `--api-version` | The API version, of those that are compiled in |\n");
    }
    text.push_str(&format!("\n## Operations of {}\n", catalog.version));
    for group in &catalog.groups {
        let name = group_word(&group.name);
        text.push_str(&format!("\n### {name}\n\n| command | |\n|---|---|\n"));
        for operation in catalog.operations_of(&group.name) {
            let summary = plain(operation.summary.as_deref().unwrap_or_default()).replace('|', "\\|");
            text.push_str(&format!("| `intercom {name} {}` | {summary} |\n", word(&operation.method)));
        }
    }
    text
}

/// Help without blanks at the ends of lines.
fn unpadded(help: &str) -> String {
    let lines: Vec<String> = help.replace('\u{a0}', " ").lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n").trim_end().to_owned()
}

/// A page without the options that every page has.
fn without_common(help: &str) -> String {
    let Some((before, from)) = help.split_once("\nCommon options:\n") else { return help.to_owned() };
    let after = from.find("\nExample").map(|at| &from[at..]).unwrap_or_default();
    format!("{}\n{after}", before.trim_end()).trim_end().to_owned()
}

const INTRODUCTION: &str = "\
```console
$ intercom login
$ intercom contacts list --fields id,email,created_at
$ intercom conversations search 'open = true and created_at > 2026-11-01' --all -o csv > open.csv
$ intercom export contacts,conversations --to backup --parts
```

## Arguments

The values of the path stand in their order: `intercom contacts find 63a07ddf05a32042dffac965`. Parameters of the query and fields
of the body are flags with the names of the API, `custom_attributes` as `--custom-attributes`; where the program has a flag of that
name itself, the field is `--NAME-value`. Nested values are given in four ways:

| | |
|---|---|
| `--custom-attributes plan=pro,seats=5` | an object, key by key; the flag may be repeated |
| `ticket_attributes._default_title_=Help` | a field by its path |
| `avatar:=null`, `tags:='[1, 2]'` | the same with JSON as value |
| `--body file.json`, `--body -`, `--body '{…}'` | the whole body; flags win over it |

Lists take the flag several times, or JSON. Times are written as in searches. Every value is checked against the type that the
description declares before anything is sent; `--no-check` sends it as it is. `--dry-run` shows the request.

## Output

| `-o` | of a list | of one object |
|---|---|---|
| `table` (on a terminal) | the columns that fit, times as dates in UTC | a line for each field that has a value |
| `ndjson` (elsewhere) | a line each | one line |
| `json` | one array | indented |
| `csv` | the declared fields as columns, or those of `--fields` | the same |
| `yaml` | a list | a document |

Lists print one page unless `--all` or `--limit` says otherwise; pages are printed as they come. Where a walk ends early, by Ctrl-C
or a failure, the message has a `--resume` that goes on there. Colours follow `--color`, else `NO_COLOR` and the terminal. Failures
are one line on standard error.

## Token, region and profiles

`INTERCOM_ACCESS_TOKEN`, `INTERCOM_REGION` and `INTERCOM_BASE_URL` win over the profile. `intercom login` asks for a token and stores it
with its region under the name that `--profile` says: in the keyring of macOS and Windows, in the Secret Service of a Linux desktop
where the program was built with the feature `secret-service`, else in a file of mode 600, with a warning. The Linux kernel's own
keyring is not used: it forgets at every start. A token is never an argument and never printed.

## Versions

The program has the catalog of the newest numbered version; the features `v2-7` to `v2-16`, `preview` and `all-versions` compile in
others: `cargo install --path cli --features all-versions`.
";
