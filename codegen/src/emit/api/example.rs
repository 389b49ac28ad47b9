//! Emits the example in the documentation of an operation or shorthand: a call with values from the description's examples, or with made-up
//! values where it has none.
//!
//! ```text
//! let contact = client.contacts().create().email("joe@example.com").await?;
//! ```

mod code;
mod values;

use super::arguments::Arguments;
use super::request::{RequestBody, RequestModel};
use crate::emit::paging;
use crate::ir::{ArgumentTarget, Group, Param, RustName, SearchField, Shorthand, Struct, Success, Ty, TypeTable};
use crate::names::{self, Scope};
use crate::plural::plural;
use code::Code;
use serde_json::Value;
use values::Values;

/// The value of a part that is a file.
const FILE: &str = "Part::file(\"products.csv\").await?";

/// The crate and the group in which an example is compiled.
pub(super) struct ExampleContext<'a> {
    pub(super) types: &'a TypeTable,
    pub(super) group: &'a Group,
    /// The name of the crate in paths.
    pub(super) crate_path: &'a str,
}

impl<'a> RequestModel<'a> {
    /// The example of the operation as Markdown; `None` if a required argument has no value that can be shown.
    pub(super) fn operation_example(&self, context: &ExampleContext<'a>) -> Option<String> {
        let values = Values { types: context.types };
        let call = self.call(&values, context.group)?;
        Some(self.example(context, call))
    }

    /// The example of a shorthand, in the same way.
    pub(super) fn shorthand_example(&self, shorthand: &'a Shorthand, context: &ExampleContext<'a>) -> Option<String> {
        let values = Values { types: context.types };
        let arguments = self.shorthand_arguments(shorthand, context.types);
        let given = arguments.all.iter().map(|argument| self.given_value(&values, argument.target, None));
        let given = arguments.passed_code(given.collect::<Option<_>>()?, context.group);
        let call = Code::variable("client", Vec::new())
            .then(context.group.ident.0.clone(), Vec::new())
            .then(shorthand.method.0.clone(), given);
        Some(self.example(context, call))
    }

    /// Writes a complete documentation test that makes a call.
    fn example(&self, context: &ExampleContext<'_>, call: Code) -> String {
        let values = Values { types: context.types };
        let mut lines = self.statements(&values, call);
        let text = lines.join("\n");
        let used: Vec<&str> = ["Attributes", "Client", "Part", "Timestamp", "api", "search", "types"]
            .into_iter()
            .filter(|name| *name == "Client" || mentions(&text, name))
            .collect();
        let path = context.crate_path;
        let mut all = vec![
            "```no_run".to_owned(),
            match &used[..] {
                [only] => format!("# use {path}::{only};"),
                many => format!("# use {path}::{{{}}};", many.join(", ")),
            },
            format!("# async fn example(client: Client) -> {path}::Result<()> {{"),
        ];
        all.append(&mut lines);
        all.extend(["# Ok(())", "# }", "```"].map(str::to_owned));
        all.join("\n")
    }

    /// The value of an argument: from `example` (that of the body), from an example of the parameter or field, or made up. `None` if none
    /// of them can be shown.
    fn given_value(&self, values: &Values<'_>, target: ArgumentTarget<'_>, example: Option<&Value>) -> Option<Code> {
        match target {
            ArgumentTarget::Param(param) => {
                param_value(values, param).or_else(|| values.placeholder(&param.ty, &param.ident))
            }
            ArgumentTarget::Field(field) => match self.query_of(field) {
                Some(query) => search_query(&query.path, &self.operation.search),
                None => values.required(field, example),
            },
            ArgumentTarget::Part(field) if field.ty == Ty::Bytes => Some(Code::leaf(FILE)),
            ArgumentTarget::Part(field) => values.required(field, example),
            ArgumentTarget::Body(ty) => example
                .and_then(|example| values.argument(ty, example))
                .or_else(|| values.placeholder(ty, &RustName("body".to_owned()))),
        }
    }

    /// The call: `client.contacts().create().email(…)`.
    fn call(&self, values: &Values<'a>, group: &Group) -> Option<Code> {
        let example = self.operation.body.as_ref().and_then(|body| body.examples.first()).map(|example| &example.value);
        let arguments = self.arguments(values.types);
        let given = arguments.all.iter().map(|argument| self.given_value(values, argument.target, example));
        let given = arguments.passed_code(given.collect::<Option<_>>()?, group);
        let mut call = Code::variable("client", Vec::new())
            .then(group.ident.0.clone(), Vec::new())
            .then(self.operation.method.0.clone(), given);
        if let (RequestBody::Object(_, structure), Some(example)) = (&self.body, example) {
            for (name, code) in self.optional(values, structure, example) {
                call = call.then(name.0, vec![code]);
            }
        }
        Some(call)
    }

    /// The setters of the body's fields that the example has a value for, with the values.
    fn optional(&self, values: &Values<'_>, structure: &Struct, example: &Value) -> Vec<(RustName, Code)> {
        // The names are claimed in the order of `setters`, so that they are the same.
        let mut scope = Scope::of(paging::setter_kind(self.operation));
        for param in paging::params_with_setter(self.operation) {
            scope.claim(param.ident.clone());
        }
        let mut setters = Vec::new();
        for (_, field) in self.fields_with_setter(structure) {
            let name = scope.claim(field.ident.clone());
            if field.nullable {
                scope.claim(RustName(format!("clear_{}", field.ident.bare())));
            }
            let value = example.get(&field.wire.0).filter(|_| !field.deprecated);
            setters.extend(value.and_then(|value| values.argument(&field.ty, value)).map(|code| (name, code)));
        }
        setters
    }

    /// The statements of the example: a loop over the items if the operation has pagination; otherwise the call, whose response, if it has
    /// a body, becomes a variable.
    fn statements(&self, values: &Values<'_>, call: Code) -> Vec<String> {
        if let Some(paging) = &self.operation.paging {
            let item = variable(values.types, &paging.item).unwrap_or_else(|| "item".to_owned());
            let items = plural(&item).unwrap_or_else(|| "items".to_owned());
            let mut lines = call.then("items", Vec::new()).statement(&format!("let mut {items} = "), "");
            lines.push(format!("while let Some({item}) = {items}.try_next().await? {{"));
            lines.push(format!("    println!(\"{{{}:?}}\");", item.trim_start_matches("r#")));
            lines.push("}".to_owned());
            return lines;
        }
        let binding = match &self.operation.success {
            Success::Json(ty) => {
                format!("let {} = ", variable(values.types, ty).unwrap_or_else(|| "answer".to_owned()))
            }
            Success::Text => "let text = ".to_owned(),
            Success::Download => "let file = ".to_owned(),
            Success::Empty => String::new(),
        };
        call.statement(&binding, ".await?")
    }
}

/// Whether a text has a path that begins with a name, such as `types::Contact`.
fn mentions(text: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = &text[at + name.len()..];
        after.starts_with("::") && !before.is_some_and(|c| word(c) || c == ':')
    })
}

/// The value of the description's example of a parameter, if it has one that can be shown.
fn param_value(values: &Values<'_>, param: &Param) -> Option<Code> {
    let example = param.examples.first().map(|example| &example.value);
    example.or(param.metadata.example.as_ref()).and_then(|value| values.argument(&param.ty, value))
}

/// A search query with one field, preferably a date; `None` if no field has a known type and a suitable operator.
fn search_query(path: &str, fields: &[SearchField]) -> Option<Code> {
    let can = |field: &SearchField, operator: &str| {
        field.operators.is_empty() || field.operators.iter().any(|known| known == operator)
    };
    let usable = |kind: &str, operator: &str| {
        fields
            .iter()
            .find(|field| field.kind == kind && can(field, operator) && !field.wire.0.contains('{'))
            .map(|field| format!("{path}::{}()", field.ident.0))
    };
    let query = usable("date", ">")
        .map(|field| format!("{field}.gt(Timestamp::from_seconds(1_734_537_243))"))
        .or_else(|| usable("string", "=").map(|field| format!("{field}.eq(\"example\")")))
        .or_else(|| usable("boolean", "=").map(|field| format!("{field}.eq(true)")))
        .or_else(|| usable("integer", "=").map(|field| format!("{field}.eq(1)")));
    query.map(Code::leaf)
}

/// The name of a variable for a value of a type of the API; `None` for other types.
fn variable(types: &TypeTable, ty: &Ty) -> Option<String> {
    let id = ty.named()?;
    matches!(ty, Ty::Named(_) | Ty::Boxed(_)).then(|| names::snake(types[id].name.bare()).0)
}

impl Arguments<'_> {
    /// The expressions that a call passes, from those of all arguments: those of the ids in the struct become one.
    fn passed_code(&self, mut values: Vec<Code>, group: &Group) -> Vec<Code> {
        let Some((ty, range)) = self.struct_of_ids() else { return values };
        let names = self.all[range.clone()].iter().map(|argument| argument.name.to_string());
        let fields = names.zip(values[range.clone()].to_vec()).map(|(name, id)| (name, id.then("into", Vec::new())));
        let ids = Code::Struct(format!("api::{}::{ty}", group.ident.bare()), fields.collect());
        values.splice(range, [ids]);
        values
    }
}
