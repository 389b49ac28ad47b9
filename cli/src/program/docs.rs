//! `intercom docs`: writes the page docs/cli.md from the commands and the catalog.

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::arguments::{is_set, matches_one};
use crate::command::{OWN_COMMANDS, everything, globals, group_word, plain, restore_spaces, word};
use crate::failure::{CODES, Failure, Result};
use crate::operation::print;
use crate::search;
use crate::session::Session;

pub fn command() -> Command {
    Command::new("docs")
        .about("Write the page docs/cli.md")
        .hide(true)
        .arg(Arg::new("to").long("to").value_name("FILE").help("The file; standard output without it"))
        .arg(Arg::new("check").long("check").action(ArgAction::SetTrue).help("Fail if the file differs"))
}

/// Runs the command.
///
/// # Errors
/// Where the file cannot be written, or, with `--check`, differs.
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
         `intercom` calls every operation of the API from a terminal. Its commands are built at run time from the catalog of an API \
         version, here {}; `--api-version` chooses another version with its own operations and arguments.\n\n",
        catalog.version
    );
    text.push_str(INTRODUCTION);
    text.push_str("\n## Exit codes\n\n| code | meaning |\n|---|---|\n");
    for (code, meaning) in CODES {
        text.push_str(&format!("| {code} | {meaning} |\n"));
    }
    text.push_str(&format!("\n## Searches\n\n```text\n{}```\n", search::HELP));
    text.push_str("\n## Commands of the program\n");
    for name in OWN_COMMANDS {
        let Some(command) = root.find_subcommand_mut(name).filter(|command| !command.is_hide_set()) else { continue };
        let help = unpadded(&command.render_long_help().to_string());
        text.push_str(&format!("\n### intercom {name}\n\n```text\n{}\n```\n", without_common(&help)));
    }
    text.push_str("\n## The help of an operation\n\n`intercom tags create --help`:\n\n");
    let tags = root.find_subcommand_mut("tags").and_then(|tags| tags.find_subcommand_mut("create"));
    if let Some(create) = tags {
        let help = unpadded(&create.render_long_help().to_string());
        text.push_str(&format!("```text\n{}\n```\n\nEvery command has these options, too:\n\n", without_common(&help)));
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

/// Help without spaces at the ends of lines.
fn unpadded(help: &str) -> String {
    let lines: Vec<String> = restore_spaces(help).lines().map(|line| line.trim_end().to_owned()).collect();
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

Path parameters are positional arguments: `intercom contacts find 63a07ddf05a32042dffac965`. Query parameters and fields of the body
are flags with the names of the API, such as `--custom-attributes` for `custom_attributes`. Where the program itself has a flag of that
name, the flag of the field is `--NAME-value`. There are four ways to write nested values:

| | |
|---|---|
| `--custom-attributes plan=pro,seats=5` | keys and values of an object; the flag may be repeated |
| `ticket_attributes._default_title_=Help` | a field by its path |
| `avatar:=null`, `tags:='[1, 2]'` | the same with JSON as value |
| `--body file.json`, `--body -`, `--body '{…}'` | the whole body; flags override its fields |

For a list, repeat the flag or write JSON. Times are written as in searches. Before anything is sent, every value is checked against
the type that the description declares. With `--no-check`, values from `--body` and `KEY:=JSON` are sent unchecked; the value of a flag
must still have its type. `--dry-run` shows the request and sends nothing.

## Output

| `-o` | of a list | of one object |
|---|---|---|
| `table`, the default on a terminal | the columns that fit, times as dates in UTC | a line for each field that has a value |
| `ndjson`, the default elsewhere | a line for each item | one line |
| `json` | one array | indented |
| `csv` | the declared fields as columns, or those of `--fields` | the same |
| `yaml` | a list | a document |

Lists print one page; `--all` fetches all pages, `--limit COUNT` that many items. Pages are printed as they arrive. When a list ends
early after some items, by Ctrl-C or a failure, the message contains the option `--resume CHECKPOINT`, with which the same command
continues. Output is coloured on a terminal unless `NO_COLOR` is set; `--color` overrides both. A failure begins with one line on standard
error; a mistake in a query or in a file of rows shows the place below it.

## Token, region and profiles

`intercom login` asks for a token and stores it with its region as a profile, named by `--profile` or `default`. The token is stored in
the keyring of macOS and Windows; on Linux in the Secret Service of the desktop, if the program was built with the feature
`secret-service`; else, with a warning, in a file of mode 600. `INTERCOM_ACCESS_TOKEN` and `INTERCOM_REGION` override the default profile,
and `--profile` overrides them. `INTERCOM_BASE_URL` replaces the address of any region. A token is never an argument and never printed.

## Versions

The program contains the newest numbered version. The features `v2-7` to `v2-16`, `preview` and `all-versions` compile in others:
`cargo install intercom-cli --features all-versions`.
";
