//! Comma-separated values.

use serde_json::Value;

use super::{Stdout, place};
use crate::failure::{Failure, Result};

/// Rows below a header. Strings are written as they are, objects and lists as JSON, null as an empty cell.
pub struct Rows {
    columns: Vec<String>,
    begun: bool,
}

impl Rows {
    pub fn new(columns: Vec<String>) -> Self {
        Self { columns, begun: false }
    }

    /// Writes a row for each item, below a header at first.
    ///
    /// # Errors
    /// Where standard output cannot be written.
    pub fn items(&mut self, out: &mut Stdout, items: &[Value]) -> Result {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let failed =
            |error: csv::Error| Failure::new(crate::failure::Code::Other, format!("cannot write CSV: {error}"));
        if !self.begun {
            writer.write_record(&self.columns).map_err(failed)?;
            self.begun = true;
        }
        for item in items {
            let row = self.columns.iter().map(|name| cell(place(item, name)));
            writer.write_record(row).map_err(failed)?;
        }
        let text = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
        out.bytes(&text)
    }
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
