//! Builds the command of an operation from the catalog.

use clap::{Arg, ArgAction, Command};
use intercom_catalog::{Catalog, Definition, Location, Operation, Parameter, Property, Schema, Shape};

use super::page::{about, kind, protect_spaces, value_name};
use super::{aliases_in, example, plain, word};
use crate::shorthand;

/// An argument of an operation that the command line gives by a flag, or, for the path, by its place.
#[derive(Debug)]
pub struct Flag<'a> {
    /// The name of the flag without the dashes before it, or of the argument.
    pub name: String,
    /// Its id in clap.
    pub id: String,
    pub target: Target<'a>,
    /// The declarations of the same field by other members of a union.
    pub others: Vec<&'a Property>,
}

/// Where the value goes.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    Parameter(&'a Parameter),
    /// A property of a JSON body, or a part of a form.
    Property(&'a Property),
    /// A property at a dotted path of the body, which a shorthand needs.
    Nested(&'a Property, &'a str),
}

/// The program's own flags of operations. An argument with such a name becomes `--NAME-value`.
const OWN: &[&str] = &[
    "all",
    "api-version",
    "body",
    "color",
    "dry-run",
    "fields",
    "help",
    "limit",
    "no-check",
    "output",
    "profile",
    "quiet",
    "region",
    "resume",
    "to",
    "verbose",
    "version",
    "yes",
];

impl<'a> Flag<'a> {
    pub fn schema(&self) -> &'a Schema {
        match self.target {
            Target::Parameter(parameter) => &parameter.schema,
            Target::Property(property) | Target::Nested(property, _) => &property.schema,
        }
    }

    /// The name as it is sent.
    pub fn wire(&self) -> &'a str {
        match self.target {
            Target::Parameter(parameter) => &parameter.name,
            Target::Property(property) | Target::Nested(property, _) => &property.name,
        }
    }

    /// The name in a usage line: `CONTACT_ID`, `--email`.
    pub fn shown(&self) -> String {
        if self.is_positional() { self.name.to_uppercase().replace('-', "_") } else { format!("--{}", self.name) }
    }

    /// Whether the value stands at its place instead of after a flag.
    pub fn is_positional(&self) -> bool {
        matches!(self.target, Target::Parameter(parameter) if parameter.location == Location::Path)
    }

    /// All declared schemas of the value.
    pub fn schemas(&self) -> impl Iterator<Item = &'a Schema> {
        std::iter::once(self.schema()).chain(self.others.iter().map(|other| &other.schema))
    }

    /// What it means; where members of a union differ, what it means in each.
    fn doc(&self) -> String {
        let own = match self.target {
            Target::Parameter(parameter) => parameter.doc.as_deref(),
            Target::Property(property) | Target::Nested(property, _) => property.doc.as_deref(),
        };
        let mut docs: Vec<&str> = own.into_iter().collect();
        for doc in self.others.iter().filter_map(|other| other.doc.as_deref()) {
            if !docs.contains(&doc) {
                docs.push(doc);
            }
        }
        docs.join(" Or: ")
    }

    fn is_required(&self) -> bool {
        match self.target {
            Target::Parameter(parameter) => parameter.required,
            Target::Property(property) => property.required && property.constant.is_none(),
            Target::Nested(..) => true,
        }
    }

    fn is_deprecated(&self) -> bool {
        match self.target {
            Target::Parameter(parameter) => parameter.deprecated,
            Target::Property(property) | Target::Nested(property, _) => property.deprecated,
        }
    }
}

/// The arguments of an operation: those of the path in their order, the query, and the fields of the body.
pub fn flags<'a>(catalog: &'a Catalog, operation: &'a Operation) -> Vec<Flag<'a>> {
    let mut flags: Vec<Flag<'a>> = Vec::new();
    let mut path: Vec<&Parameter> =
        operation.parameters.iter().filter(|parameter| parameter.location == Location::Path).collect();
    path.sort_by_key(|parameter| operation.path.find(&format!("{{{}}}", parameter.name)));
    for parameter in path {
        let (name, id) = (word(&parameter.name), format!("path:{}", parameter.name));
        flags.push(Flag { name, id, target: Target::Parameter(parameter), others: Vec::new() });
    }
    let others = operation.parameters.iter().filter(|parameter| parameter.location != Location::Path);
    let parameters = others.map(|parameter| (&parameter.name, Target::Parameter(parameter)));
    let properties = properties(catalog, operation).into_iter().map(|it| (&it.name, Target::Property(it)));
    let shorthand = shorthand::of(operation);
    let is_free = |wire: &str, target: &Target<'_>| {
        matches!(target, Target::Parameter(_)) || !shorthand.is_some_and(|shorthand| shorthand::has(shorthand, wire))
    };
    for (wire, target) in parameters.chain(properties).filter(|(wire, target)| is_free(wire, target)) {
        let mut name = word(wire.trim_start_matches(['_', '-']));
        // A shorthand has no `--body` of the program: a part of the body is filled in.
        if OWN.contains(&name.as_str()) && !(shorthand.is_some() && name == "body") {
            name.push_str("-value");
        }
        match (flags.iter_mut().find(|flag| flag.name == name && !flag.is_positional()), target) {
            (None, target) => flags.push(Flag { id: format!("flag:{name}"), name, target, others: Vec::new() }),
            // A query parameter has precedence over a field of the body, which can still be given as KEY=VALUE.
            (Some(Flag { target: Target::Parameter(_), .. }), _) => {}
            (Some(flag), Target::Property(property)) => flag.others.push(property),
            (Some(_), _) => {}
        }
    }
    for argument in shorthand.iter().flat_map(|shorthand| &shorthand.takes) {
        if let Some(property) = shorthand::property(catalog, operation, &argument.field) {
            let (name, id) = (word(&argument.name), format!("take:{}", argument.name));
            flags.push(Flag { name, id, target: Target::Nested(property, &argument.field), others: Vec::new() });
        }
    }
    flags
}

/// The properties of a body that flags can set. A union has those of all its members, several of which may have a property of the same
/// name.
pub fn properties<'a>(catalog: &'a Catalog, operation: &'a Operation) -> Vec<&'a Property> {
    let mut found = Vec::new();
    if let Some(body) = &operation.body {
        found.extend(&body.parts);
        if let Some(schema) = &body.schema {
            collect(catalog, schema, &mut found);
        }
    }
    if !operation.search.is_empty() {
        // The query is given in the search language.
        found.retain(|property| !matches!(property.name.as_str(), "query" | "pagination"));
    }
    found.retain(|property| !property.read_only);
    found
}

fn collect<'a>(catalog: &'a Catalog, schema: &'a Schema, found: &mut Vec<&'a Property>) {
    match (&schema.shape, catalog.definition(schema).map(|ty| &ty.definition)) {
        (Shape::Nullable(inner), _) => collect(catalog, inner, found),
        (_, Some(Definition::Alias(schema))) => collect(catalog, schema, found),
        (_, Some(Definition::Object { properties, .. })) => {
            found.extend(properties);
        }
        (_, Some(Definition::Union { alternatives, .. })) => {
            for alternative in alternatives {
                collect(catalog, &alternative.schema, found);
            }
        }
        _ => {}
    }
}

/// The command of an operation. Its arguments are added if `in_full`; a list of commands needs only names and summaries.
pub fn operation(catalog: &Catalog, operation: &Operation, in_full: bool) -> Command {
    let name = word(&operation.method);
    let others = aliases_in(operation, &operation.group).flat_map(|it| [it.to_owned(), word(it)]);
    let mut aliases: Vec<String> = others.chain([operation.method.clone()]).filter(|alias| *alias != name).collect();
    aliases.sort();
    aliases.dedup();
    let command = named(operation, name).aliases(aliases);
    if in_full { with_arguments(command, catalog, operation) } else { command }
}

/// A hidden command for an operation that has an alias in another group, under the alias as the user wrote it.
pub fn aliased(catalog: &Catalog, operation: &Operation, written: &str) -> Command {
    with_arguments(named(operation, written.to_owned()).hide(true), catalog, operation)
}

fn named(operation: &Operation, name: String) -> Command {
    Command::new(name).about(plain(operation.summary.as_deref().unwrap_or(&operation.id)))
}

fn with_arguments(mut command: Command, catalog: &Catalog, operation: &Operation) -> Command {
    let is_union = operation.body.as_ref().and_then(|body| body.schema.as_ref()).is_some_and(|schema| {
        matches!(catalog.definition(schema).map(|ty| &ty.definition), Some(Definition::Union { .. }))
    });
    for flag in flags(catalog, operation) {
        command = command.arg(argument(catalog, &flag, is_union));
    }
    command = own(command, operation).long_about(about(operation));
    let mut after = String::new();
    if let Some(example) = example(catalog, operation) {
        after.push_str(&format!("Example:\n  {}\n\n", protect_spaces(&example)));
    }
    after.push_str(&format!("{} {}, operation {}", operation.http_method, operation.path, operation.id));
    if let Some(reference) = &operation.reference {
        after.push_str(&format!("\n{reference}"));
    }
    command.after_long_help(after)
}

fn argument(catalog: &Catalog, flag: &Flag<'_>, is_union: bool) -> Arg {
    let schema = flag.schema();
    let mut help = plain(&flag.doc());
    let mut values: Vec<String> = Vec::new();
    for schema in flag.schemas() {
        let kinds = kind(catalog, schema);
        values
            .extend(kinds.split(" | ").map(str::to_owned).filter(|value| !values.contains(value)).collect::<Vec<_>>());
    }
    let kind = values.join(" | ");
    let list = matches!(schema.shape, Shape::List(_));
    let mut notes = Vec::new();
    if flag.is_required() && !flag.is_positional() && !is_union {
        notes.push("required".to_owned());
    }
    if flag.is_deprecated() {
        notes.push("deprecated".to_owned());
    }
    if list {
        notes.push("may be repeated".to_owned());
    }
    if let Some(default) = &schema.default {
        notes.push(format!("default {default}"));
    }
    if kind.contains(" | ") && kind != "true | false" {
        notes.push(kind);
    }
    if !notes.is_empty() {
        help = format!("{help} [{}]", notes.join("; ")).trim_start().to_owned();
    }
    let mut argument = Arg::new(flag.id.clone());
    if !help.is_empty() {
        argument = argument.help(help);
    }
    if flag.is_positional() {
        return argument.value_name(flag.shown()).required(true).allow_hyphen_values(false);
    }
    let heading = match flag.target {
        Target::Parameter(_) => "Parameters",
        Target::Property(_) | Target::Nested(..) => "Fields of the body",
    };
    let is_required = matches!(flag.target, Target::Nested(..));
    let argument = argument
        .long(flag.name.clone())
        .help_heading(heading)
        .value_name(value_name(catalog, schema))
        .required(is_required);
    if schema.shape == Shape::Boolean {
        return argument.num_args(0..=1).require_equals(true).default_missing_value("true").allow_hyphen_values(false);
    }
    argument.action(ArgAction::Append).allow_hyphen_values(true)
}

/// Adds the program's own arguments that apply to this operation.
fn own(mut command: Command, operation: &Operation) -> Command {
    let heading = "Options";
    let option = |name: &'static str| Arg::new(name).long(name).help_heading(heading);
    if !operation.search.is_empty() {
        command = command.arg(Arg::new("query").value_name("QUERY").allow_hyphen_values(true).help(
            "What to search for, such as 'created_at > 2026-11-01 and role = user'; `intercom help-search` explains it",
        ));
    }
    if operation.body.is_some() && shorthand::of(operation).is_none() {
        command = command.arg(option("body").value_name("FILE").help(
            "The whole body as JSON: a file, `-` for standard input, or the JSON itself; flags override its fields",
        ));
    }
    if operation.body.is_some() {
        command = command.arg(
            Arg::new("set")
                .value_name("KEY=VALUE")
                .num_args(0..)
                .help("Fields of the body by path: `a.b=c`; `a.b:=JSON` for null, lists and strings of digits"),
        );
    }
    if operation.pagination.is_some() {
        command = command
            .arg(option("all").action(ArgAction::SetTrue).help("Fetch all pages"))
            .arg(
                option("limit")
                    .value_name("COUNT")
                    .value_parser(clap::value_parser!(u64).range(1..))
                    .help("Fetch pages until this many items are printed"),
            )
            .arg(
                option("resume")
                    .value_name("CHECKPOINT")
                    .help("Continue at the checkpoint that an earlier run printed"),
            );
    }
    if operation.download {
        command =
            command.arg(option("to").value_name("FILE").help("Where to store the file; standard output without it"));
    }
    if operation.deletes {
        command = command.arg(option("yes").short('y').action(ArgAction::SetTrue).help("Do not ask"));
    }
    command = command.arg(
        option("no-check")
            .action(ArgAction::SetTrue)
            .help("Also send fields and values that the description does not have"),
    );
    command.arg(option("dry-run").action(ArgAction::SetTrue).help("Show the request and send nothing"))
}

/// The required fields of a body that have only one value, with that value; none for a body with alternatives.
pub fn required_constants<'a>(catalog: &'a Catalog, operation: &'a Operation) -> Vec<(&'a str, &'a str)> {
    let has_alternatives = operation.body.as_ref().and_then(|body| body.schema.as_ref()).is_some_and(|schema| {
        match catalog.definition(schema).map(|ty| &ty.definition) {
            Some(Definition::Object { alternatives, .. }) => !alternatives.is_empty(),
            Some(Definition::Union { .. }) => true,
            _ => false,
        }
    });
    if has_alternatives {
        // A constant may tell the alternatives apart, so it must be given.
        return Vec::new();
    }
    let constants = properties(catalog, operation).into_iter().filter(|property| property.required);
    constants.filter_map(|property| Some((property.name.as_str(), property.constant.as_deref()?))).collect()
}
