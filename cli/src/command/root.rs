//! The root command, and the options that every command has.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};
use intercom_catalog::{Catalog, VERSIONS};

use super::{OWN_COMMANDS, aliased, group_of, group_word, operation, operation_of, program, word};
use crate::output::FORMATS;
use crate::words::Words;

/// The options that every command has.
pub fn globals() -> Vec<Arg> {
    let heading = "Common options";
    let option = |name: &'static str| Arg::new(name).long(name).global(true).help_heading(heading);
    vec![
        option("output")
            .short('o')
            .value_name("FORMAT")
            .value_parser(PossibleValuesParser::new(FORMATS))
            .help("The output format; by default a table on a terminal, and ndjson elsewhere"),
        option("fields").value_name("NAMES").help("Print these fields only, such as `id,email,location.country`"),
        option("color")
            .value_name("WHEN")
            .value_parser(PossibleValuesParser::new(["auto", "always", "never"]))
            .help("Whether to use colours; by default on a terminal, unless NO_COLOR is set"),
        option("api-version").value_name("VERSION").help(format!(
            "The API version; {} by default; compiled in: {}",
            default_version(),
            VERSIONS.join(", ")
        )),
        option("profile")
            .value_name("NAME")
            .help("The profile whose token and region are used; it overrides the environment variables. Without it: the profile named `default`"),
        option("region")
            .value_name("REGION")
            .value_parser(PossibleValuesParser::new(["us", "eu", "au"]))
            .help("The region of the workspace; overrides INTERCOM_REGION and the profile"),
        option("quiet").short('q').action(ArgAction::SetTrue).help("Print no notes and no progress on standard error"),
        option("verbose")
            .short('v')
            .action(ArgAction::SetTrue)
            .help("Print the status and time of each request on standard error"),
    ]
}

/// The default version: the newest numbered one that is compiled in.
pub fn default_version() -> &'static str {
    let numbered = VERSIONS.iter().rev().find(|version| version.starts_with(|first: char| first.is_ascii_digit()));
    numbered.or(VERSIONS.last()).copied().unwrap_or_default()
}

/// The command line, with the operations of the group that `words` name.
pub fn root(catalog: &Catalog, words: &Words) -> Command {
    let asked = words.command.as_deref();
    let group = asked.and_then(|asked| group_of(catalog, asked));
    let mut root = root_without_commands(catalog);
    for known in &catalog.groups {
        let mut command = group_command(&known.name, known.doc.as_deref());
        if group == Some(&known.name) {
            command = with_operations(command, catalog, &known.name, words);
        }
        root = root.subcommand(command);
    }
    if let Some(alias) = group.filter(|group| !catalog.groups.iter().any(|known| known.name == **group)) {
        root = root.subcommand(with_operations(group_command(alias, None), catalog, alias, words).hide(true));
    }
    for name in OWN_COMMANDS {
        root = root.subcommand(program(name));
    }
    root
}

/// Adds the operations of a group to its command. Only the operation that `words` name gets its arguments. If they name it by an alias
/// and it is in another group, it is added as a hidden command under the alias.
fn with_operations(mut command: Command, catalog: &Catalog, group: &str, words: &Words) -> Command {
    let asked = words.method.as_deref().and_then(|method| operation_of(catalog, group, method));
    for each in catalog.operations_of(group) {
        command = command.subcommand(operation(catalog, each, asked.is_some_and(|asked| asked.id == each.id)));
    }
    match (asked, words.method.as_deref()) {
        (Some(asked), Some(written)) if asked.group != group => command.subcommand(aliased(catalog, asked, written)),
        _ => command,
    }
}

/// The command line with every operation in full, for man pages.
pub fn everything(catalog: &Catalog) -> Command {
    let mut root = root_without_commands(catalog);
    for group in &catalog.groups {
        let operations = catalog.operations_of(&group.name).map(|each| operation(catalog, each, true));
        root = root.subcommand(group_command(&group.name, group.doc.as_deref()).subcommands(operations));
    }
    root.subcommands(OWN_COMMANDS.iter().map(|name| program(name)))
}

fn root_without_commands(catalog: &Catalog) -> Command {
    Command::new("intercom")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Call Intercom's REST API: every operation is a command.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(false)
        .help_template(template(catalog))
        .args(globals())
}

fn group_command(name: &str, doc: Option<&str>) -> Command {
    let written = group_word(name);
    let mut command = Command::new(written.clone()).subcommand_required(true).arg_required_else_help(true);
    command = command.subcommand_help_heading("Operations").disable_help_subcommand(true);
    if let Some(doc) = doc {
        command = command.about(super::plain(first_sentence(doc))).long_about(super::plain(doc));
    }
    let mut others = vec![name.to_owned(), word(name)];
    others.retain(|other| *other != written && !OWN_COMMANDS.contains(&other.as_str()));
    others.dedup();
    command.aliases(others)
}

/// The first sentence of a group's documentation.
fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or_default().trim()
}

/// The page of `intercom --help`: groups and the program's own commands apart, a line each.
fn template(catalog: &Catalog) -> String {
    let groups = catalog.groups.iter().map(|group| {
        let doc = group.doc.as_deref().map(|doc| super::plain(first_sentence(doc)));
        (group_word(&group.name), doc.unwrap_or_default())
    });
    let own = OWN_COMMANDS.iter().map(|name| (*name, program(name))).filter(|(_, own)| !own.is_hide_set());
    let own = own.map(|(name, own)| (name.to_owned(), own.get_about().map(ToString::to_string).unwrap_or_default()));
    format!(
        "{{about}}\n\n{{usage-heading}} {{usage}}\n\nThe API, by groups of operations:\n{}\nCommands of this program:\n{}\n{{options}}\n\n\
         `intercom GROUP --help` lists the operations of a group, `intercom GROUP OPERATION --help` explains one.\n\
         The token comes from INTERCOM_ACCESS_TOKEN, or from the profile that `intercom login` stores.\n",
        lines(groups),
        lines(own)
    )
}

fn lines(entries: impl Iterator<Item = (String, String)>) -> String {
    // Braces would be placeholders of the template.
    let line = |(name, doc): (String, String)| format!("  {name:26} {}\n", doc.replace(['{', '}'], ""));
    entries.map(line).collect()
}
