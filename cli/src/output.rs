//! Prints answers: as a table, JSON, JSON lines, CSV or YAML.

mod colors;
mod csv;
mod fields;
mod json;
mod stdout;
mod table;
mod yaml;

pub use colors::Colors;
pub use fields::{pick, place};
pub use stdout::Stdout;

use std::io::IsTerminal as _;

use serde_json::Value;

use crate::failure::Result;

/// The names of the formats.
pub const FORMATS: [&str; 5] = ["table", "json", "ndjson", "csv", "yaml"];

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
    Ndjson,
    Csv,
    Yaml,
}

/// The output options.
#[derive(Clone, Debug)]
pub struct Output {
    pub format: Format,
    /// The fields to print; empty for all.
    pub fields: Vec<String>,
    pub colors: Colors,
}

impl Output {
    /// The output of these options. `format` is one of [`FORMATS`]; without it, a table on a terminal and JSON lines elsewhere.
    pub fn new(format: Option<&str>, fields: Option<&str>, color: Option<&str>) -> Self {
        let terminal = std::io::stdout().is_terminal();
        let format = match format {
            Some("json") => Format::Json,
            Some("ndjson") => Format::Ndjson,
            Some("csv") => Format::Csv,
            Some("yaml") => Format::Yaml,
            Some("table") => Format::Table,
            _ if terminal => Format::Table,
            _ => Format::Ndjson,
        };
        let fields = fields.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
        Self { format, fields: fields.map(str::to_owned).collect(), colors: Colors::new(color, terminal) }
    }

    /// Prints one value.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn one(&self, value: &Value, columns: &[String]) -> Result {
        let mut out = Stdout::new();
        let value = pick(value, &self.fields);
        match self.format {
            Format::Table => table::record(&mut out, &value, self.colors)?,
            Format::Json => out.text(&format!("{}\n", json::pretty(&value, 0, self.colors)))?,
            Format::Ndjson => out.text(&format!("{value}\n"))?,
            Format::Csv => {
                let mut rows = csv::Rows::new(self.columns(columns, &value));
                rows.items(&mut out, std::slice::from_ref(&value))?;
            }
            Format::Yaml => out.text(&yaml::document(&value))?,
        }
        out.finish()
    }

    /// Begins a list, whose items are printed as they arrive. `columns` are the declared fields of an item.
    pub fn list(&self, columns: &[String]) -> List {
        let kind = match self.format {
            Format::Table => Kind::Table(table::Table::new(self.colors, !self.fields.is_empty())),
            Format::Json => Kind::Json,
            Format::Ndjson => Kind::Ndjson,
            Format::Csv => Kind::Csv(None),
            Format::Yaml => Kind::Yaml,
        };
        List { output: self.clone(), columns: columns.to_vec(), out: Stdout::new(), kind, count: 0 }
    }

    /// The columns of rows: those of `--fields`, else the declared fields, else the fields of the first item.
    fn columns(&self, declared: &[String], first: &Value) -> Vec<String> {
        if !self.fields.is_empty() {
            return self.fields.clone();
        }
        if !declared.is_empty() {
            return declared.to_vec();
        }
        first.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    }
}

/// A list that is being printed.
pub struct List {
    output: Output,
    columns: Vec<String>,
    out: Stdout,
    kind: Kind,
    count: u64,
}

enum Kind {
    Table(table::Table),
    Json,
    Ndjson,
    Csv(Option<csv::Rows>),
    Yaml,
}

impl List {
    /// Prints items and flushes them.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn items(&mut self, items: &[Value]) -> Result {
        let items: Vec<Value> = items.iter().map(|item| pick(item, &self.output.fields)).collect();
        let Some(first) = items.first() else { return Ok(()) };
        let out = &mut self.out;
        match &mut self.kind {
            Kind::Table(table) => table.items(out, &items, &self.output.columns(&self.columns, first))?,
            Kind::Json => {
                for (index, item) in items.iter().enumerate() {
                    let before = if self.count == 0 && index == 0 { "[\n  " } else { ",\n  " };
                    out.text(&format!("{before}{}", json::pretty(item, 1, self.output.colors)))?;
                }
            }
            Kind::Ndjson => {
                for item in &items {
                    out.text(&format!("{item}\n"))?;
                }
            }
            Kind::Csv(rows) => {
                let columns = || csv::Rows::new(self.output.columns(&self.columns, first));
                rows.get_or_insert_with(columns).items(out, &items)?;
            }
            Kind::Yaml => {
                for item in &items {
                    out.text(&yaml::item(item))?;
                }
            }
        }
        self.count += items.len() as u64;
        out.flush()
    }

    /// How many items were printed.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Ends the list.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn finish(mut self) -> Result {
        match self.kind {
            Kind::Json if self.count == 0 => self.out.text("[]\n")?,
            Kind::Json => self.out.text("\n]\n")?,
            Kind::Yaml if self.count == 0 => self.out.text("[]\n")?,
            Kind::Csv(None) if !self.output.fields.is_empty() || !self.columns.is_empty() => {
                let mut rows = csv::Rows::new(self.output.columns(&self.columns, &Value::Null));
                rows.items(&mut self.out, &[])?;
            }
            _ => {}
        }
        self.out.finish()
    }
}
