//! Runs the command of an operation: sends the call and prints the answer.

use clap::ArgMatches;
use intercom_catalog::call::{Answer, Invocation, Refusal};
use intercom_catalog::check::Rules;
use intercom_catalog::{Catalog, Definition, Operation, Schema, Shape};
use intercom_runtime::Download;
use serde_json::Value;

use crate::arguments::{self, is_set, matches_one};
use crate::command::{flags, group_word, word};
use crate::confirm::confirm;
use crate::dry_run::DryRun;
use crate::failure::{Failure, Result};
use crate::nearest::suggestion;
use crate::output::Stdout;
use crate::session::Session;
use crate::walk;

/// Runs the operation.
///
/// # Errors
/// Where an argument does not fit, the call fails, or the output cannot be written.
pub async fn run(session: &Session, operation: &Operation, matches: &ArgMatches) -> Result {
    let catalog = &*session.catalog;
    let arguments = arguments::read(catalog, operation, matches)?;
    let columns = columns(catalog, operation);
    known_fields(&session.output.fields, &columns)?;
    let rules = (!is_set(matches, "no-check")).then_some(Rules::STRICT_REQUEST);
    let refused = |refusal| in_words_of_flags(catalog, operation, refusal);
    if is_set(matches, "dry-run") {
        let dry_run = DryRun::default();
        let client = session.dry_run_client(&dry_run)?;
        let sent = Invocation::checked(&client, catalog, operation, arguments, rules).map_err(refused)?.send().await;
        return match (dry_run.shown(), sent) {
            (Some(request), _) => print(&request),
            (None, Err(error)) => Err(error.into()),
            (None, Ok(_)) => Ok(()),
        };
    }
    let limit = matches.try_get_one::<u64>("limit").ok().flatten();
    let many = is_set(matches, "all") || limit.is_some() || matches_one(matches, "resume").is_some();
    let client = if many { session.throttled_client()? } else { session.client()? };
    let invocation = Invocation::checked(&client, catalog, operation, arguments, rules).map_err(refused)?;
    if operation.deletes {
        confirm(&format!("{} {}", group_word(&operation.group), word(&operation.method)), is_set(matches, "yes"))?;
    }
    if operation.pagination.is_some() {
        return walk::run(session, operation, invocation, matches, &columns).await;
    }
    match invocation.send().await? {
        Answer::Json(response) => match items(&response) {
            Some(items) => {
                let mut list = session.output.list(&columns);
                list.items(items)?;
                list.finish()
            }
            None => session.output.one(&response, &columns),
        },
        Answer::Text(response) => print(&response),
        Answer::Empty(response) => {
            session.note(&format!("done ({})", response.status().as_u16()));
            Ok(())
        }
        Answer::File(download) => store(session, *download, matches_one(matches, "to")).await,
    }
}

/// The items of an answer that is only a list of them: `{"type": "list", "data": […]}`.
fn items(answer: &Value) -> Option<&[Value]> {
    if let Value::Array(items) = answer {
        return Some(items);
    }
    let kind = answer.get("type")?.as_str()?;
    if kind != "list" && !kind.ends_with(".list") && !kind.ends_with("_list") {
        return None;
    }
    let mut lists = answer.as_object()?.values().filter_map(Value::as_array);
    lists.next().filter(|_| lists.next().is_none()).map(Vec::as_slice)
}

/// The declared fields of the answer, or of its items where it is a list; none where they are not declared.
fn columns(catalog: &Catalog, operation: &Operation) -> Vec<String> {
    if let Some(item) = operation.pagination.as_ref().and_then(|pagination| pagination.item.as_deref()) {
        return catalog.type_named(item).map(|ty| names(catalog, &ty.definition)).unwrap_or_default();
    }
    let Some(schema) = operation.success().and_then(|success| success.schema.as_ref()) else { return Vec::new() };
    let Some(ty) = resolved(catalog, schema) else { return Vec::new() };
    let Definition::Object { properties, .. } = ty else { return Vec::new() };
    // The fields of an answer that is only a list are those of its items.
    let lists: Vec<&Schema> = properties
        .iter()
        .filter_map(|property| match &property.schema.shape {
            Shape::List(item) => Some(&**item),
            _ => None,
        })
        .collect();
    let is_list = properties.len() == 2 && properties.iter().any(|property| property.name == "type");
    match lists.as_slice() {
        [item] if is_list => resolved(catalog, item).map(|ty| names(catalog, ty)).unwrap_or_default(),
        _ => names(catalog, ty),
    }
}

/// The definition of a value's type behind lists, nullable values and aliases.
fn resolved<'a>(catalog: &'a Catalog, schema: &'a Schema) -> Option<&'a Definition> {
    match (&schema.shape, catalog.definition(schema).map(|ty| &ty.definition)) {
        (Shape::List(inner) | Shape::Nullable(inner), _) => resolved(catalog, inner),
        (_, Some(Definition::Alias(schema))) => resolved(catalog, schema),
        (_, definition) => definition,
    }
}

fn names(catalog: &Catalog, definition: &Definition) -> Vec<String> {
    match definition {
        Definition::Object { properties, .. } => properties.iter().map(|property| property.name.clone()).collect(),
        Definition::Alias(schema) => resolved(catalog, schema).map(|ty| names(catalog, ty)).unwrap_or_default(),
        Definition::Enum(_) | Definition::Union { .. } => Vec::new(),
    }
}

/// Checks the first part of each name in `--fields` against the declared fields.
fn known_fields(asked: &[String], declared: &[String]) -> Result {
    for name in asked {
        let first = name.split('.').next().unwrap_or_default();
        if !declared.is_empty() && !declared.iter().any(|known| known == first) {
            let meant = suggestion(first, declared.iter().map(String::as_str));
            let known = if meant.is_empty() { format!("; there are {}", declared.join(", ")) } else { meant };
            return Err(Failure::usage(format!("--fields: there is no field `{first}`{known}")));
        }
    }
    Ok(())
}

/// Translates the names of arguments in a refusal to those of the command line.
fn in_words_of_flags(catalog: &Catalog, operation: &Operation, refusal: Refusal) -> Failure {
    let flags = flags(catalog, operation);
    let place = |pointer: &str| {
        let (section, rest) = pointer.trim_start_matches('/').split_once('/').unwrap_or((pointer, ""));
        let (name, rest) = rest.split_once('/').map_or((rest, None), |(name, rest)| (name, Some(rest)));
        let flag = flags.iter().find(|flag| flag.wire() == name && flag.is_positional() == (section == "path"));
        let Some(shown) = flag.map(|flag| flag.shown()) else { return pointer.to_owned() };
        rest.map_or(shown.clone(), |rest| format!("{shown} ({})", rest.replace('/', ".")))
    };
    let problems = refusal.problems().iter().map(|problem| {
        if problem.pointer.is_empty() {
            problem.message.clone()
        } else {
            format!("{}: {}", place(&problem.pointer), problem.message)
        }
    });
    Failure::usage(problems.collect::<Vec<_>>().join("; "))
}

/// Prints text, with a line end if it has none.
///
/// # Errors
/// Where standard output cannot be written.
pub fn print(text: &str) -> Result {
    let mut out = Stdout::new();
    out.text(text)?;
    if !text.ends_with('\n') && !text.is_empty() {
        out.text("\n")?;
    }
    out.finish()
}

/// Stores a download as `path` once it is complete, or writes it to standard output.
async fn store(session: &Session, mut download: Download, path: Option<&str>) -> Result {
    let Some(path) = path else {
        let mut out = Stdout::new();
        while let Some(chunk) = download.next_chunk().await {
            out.bytes(&chunk?)?;
        }
        return out.finish();
    };
    let partial = format!("{path}.part");
    let failed = |error: std::io::Error| Failure::io(format!("cannot write {path}"), &error);
    let mut file = tokio::fs::File::create(&partial).await.map_err(failed)?;
    let written = download.write_to(&mut file).await;
    let written = match written {
        Ok(written) => written,
        Err(error) => {
            let _ = tokio::fs::remove_file(&partial).await;
            return Err(error.into());
        }
    };
    file.sync_all().await.map_err(failed)?;
    tokio::fs::rename(&partial, path).await.map_err(failed)?;
    session.note(&format!("{path}: {written} bytes"));
    Ok(())
}
