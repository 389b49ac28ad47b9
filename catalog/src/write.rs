//! Writes a catalog as JSON with one line for each operation and type, so that a diff shows what changed.

use serde::Serialize;

use crate::model::Catalog;

impl Catalog {
    /// The text of the catalog's file.
    ///
    /// # Errors
    /// If a value cannot be written as JSON, which does not happen for the types of this crate.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        let mut text = format!(
            "{{\n\"version\": {},\n\"title\": {},\n",
            serde_json::to_string(&self.version)?,
            serde_json::to_string(&self.title)?
        );
        list(&mut text, "groups", &self.groups)?;
        text.push_str(",\n");
        list(&mut text, "operations", &self.operations)?;
        text.push_str(",\n");
        list(&mut text, "types", &self.types)?;
        text.push_str("\n}\n");
        Ok(text)
    }
}

fn list<T: Serialize>(text: &mut String, name: &str, items: &[T]) -> Result<(), serde_json::Error> {
    text.push_str(&format!("\"{name}\": ["));
    for (index, item) in items.iter().enumerate() {
        text.push_str(if index == 0 { "\n" } else { ",\n" });
        text.push_str(&serde_json::to_string(item)?);
    }
    text.push_str("\n]");
    Ok(())
}
