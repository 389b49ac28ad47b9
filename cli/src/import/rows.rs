//! Reads the rows of a file as bodies of requests.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use intercom_catalog::check::{Rules, check_at};
use intercom_catalog::{Catalog, Schema};
use serde_json::{Map, Value};

use crate::arguments::{is_declared, set};
use crate::failure::{Failure, Result};

/// A row of the file.
#[derive(Debug)]
pub struct Row {
    /// Counted from 1, without the header.
    pub number: u64,
    pub body: Value,
    /// Why it is not valid, if it is not.
    pub problem: Option<String>,
}

/// The columns and the fields that they hold.
pub struct Columns<'a> {
    catalog: &'a Catalog,
    schema: &'a Schema,
    /// The fields of columns with other names.
    map: Vec<(String, String)>,
}

impl<'a> Columns<'a> {
    /// Columns that are named like fields, except for those in `map`.
    ///
    /// # Errors
    /// Where an entry is not COLUMN=FIELD, or there is no such field.
    pub fn new(catalog: &'a Catalog, schema: &'a Schema, map: Vec<&str>) -> Result<Self> {
        let mut columns = Self { catalog, schema, map: Vec::new() };
        for entry in map {
            let Some((column, field)) = entry.rsplit_once('=') else {
                return Err(Failure::usage(format!("--map: `{entry}` is not COLUMN=FIELD")));
            };
            let (column, field) = (column.trim(), field.trim());
            columns.known(field).map_err(|problem| Failure::usage(format!("--map: {problem}")))?;
            columns.map.push((column.to_owned(), field.to_owned()));
        }
        Ok(columns)
    }

    fn field<'b>(&'b self, column: &'b str) -> &'b str {
        let column = column.trim().trim_start_matches('\u{feff}');
        self.map.iter().find(|(known, _)| known == column).map_or(column, |(_, field)| field)
    }

    /// Checks that there is a field with this name; an empty one leaves the column out.
    fn known(&self, field: &str) -> Result<(), String> {
        if field.is_empty() { Ok(()) } else { is_declared(self.catalog, self.schema, field) }
    }

    /// Why a body is not valid; `None` where it is.
    fn problem(&self, body: &Value) -> Option<String> {
        let has = |name: &str| body.get(name).is_some_and(|value| !value.is_null() && *value != "");
        if !has("email") && !has("external_id") {
            return Some("has neither an email nor an external_id".to_owned());
        }
        let problems = check_at(self.catalog, self.schema, body, "", Rules::STRICT_REQUEST);
        let problems: Vec<String> =
            problems.iter().map(|problem| problem.to_string().trim_start_matches('/').to_owned()).collect();
        (!problems.is_empty()).then(|| problems.join("; "))
    }
}

/// The rows of a file: JSON lines where the first line is an object, else CSV.
///
/// # Errors
/// Where the file cannot be read, or has a column without a field of that name.
pub fn rows<'a>(path: &Path, columns: &'a Columns<'a>) -> Result<Box<dyn Iterator<Item = Row> + 'a>> {
    let shown = path.display().to_string();
    let failed = |error: std::io::Error| Failure::unreadable(&shown, &error);
    let mut reader = BufReader::with_capacity(1 << 16, File::open(path).map_err(failed)?);
    let begin = reader.fill_buf().map_err(failed)?;
    let first = begin.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        None => Err(Failure::usage(format!("{shown} is empty"))),
        Some(b'{') => Ok(Box::new(json_lines(reader, columns))),
        Some(_) => csv_rows(reader, columns, &shown),
    }
}

fn json_lines<'a>(reader: BufReader<File>, columns: &'a Columns<'a>) -> impl Iterator<Item = Row> + 'a {
    let lines = reader.lines().filter(|line| line.as_ref().map_or(true, |line| !line.trim().is_empty()));
    lines.enumerate().map(|(index, line)| {
        let number = index as u64 + 1;
        let read = line.map_err(|error| error.to_string());
        let read = read.and_then(|line| {
            serde_json::from_str::<Map<String, Value>>(&line).map_err(|error| format!("is not a JSON object: {error}"))
        });
        match read {
            Ok(fields) => {
                let renamed = fields.into_iter().map(|(key, value)| (columns.field(&key).to_owned(), value));
                let body = Value::Object(renamed.filter(|(key, _)| !key.is_empty()).collect());
                let problem = columns.problem(&body);
                Row { number, body, problem }
            }
            Err(problem) => Row { number, body: Value::Null, problem: Some(problem) },
        }
    })
}

fn csv_rows<'a>(
    reader: BufReader<File>,
    columns: &'a Columns<'a>,
    shown: &str,
) -> Result<Box<dyn Iterator<Item = Row> + 'a>> {
    let mut reader = csv::ReaderBuilder::new().from_reader(reader);
    let names = reader.headers().map_err(|error| Failure::usage(format!("{shown} is not CSV: {error}")))?;
    let fields: Vec<String> = names.iter().map(|name| columns.field(name).to_owned()).collect();
    for field in &fields {
        columns.known(field).map_err(|problem| {
            Failure::usage(format!("{shown}: column `{field}`: {problem}; rename it with --map '{field}=FIELD', or leave it out with --map '{field}='"))
        })?;
    }
    Ok(Box::new(reader.into_records().enumerate().map(move |(index, record)| {
        let number = index as u64 + 1;
        let mut body = Value::Object(Map::new());
        let mut problem = None;
        match record {
            Ok(record) => {
                for (field, cell) in
                    fields.iter().zip(&record).filter(|(field, cell)| !field.is_empty() && !cell.is_empty())
                {
                    if let Err(failure) =
                        set(columns.catalog, Some(columns.schema), &mut body, &format!("{field}={cell}"))
                    {
                        problem.get_or_insert(failure.message);
                    }
                }
            }
            Err(error) => problem = Some(format!("is not CSV: {error}")),
        }
        let problem = problem.or_else(|| columns.problem(&body));
        Row { number, body, problem }
    })))
}
