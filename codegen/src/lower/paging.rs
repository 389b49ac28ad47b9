//! Reads `x-sdk-pagination`: the pagination of an operation, and the type of its items.

use openapiv3::Operation as Source;
use serde_json::Value;

use super::Lowering;
use crate::diag::{Error, Result, join};
use crate::ir::{Operation, Paging, Success, Ty};

impl Lowering<'_> {
    /// The pagination that an overlay declares for an operation; `openapi` has checked its structure.
    pub(super) fn paging(&mut self, operation: &Operation, source: &Source) -> Result<Option<Paging>> {
        let Some(entry) = source.extensions.get("x-sdk-pagination") else { return Ok(None) };
        let pointer = join(&operation.pointer, "x-sdk-pagination");
        let text = |key: &str| entry.get(key).and_then(Value::as_str).map(str::to_owned);
        let wrong =
            |message: String| Error::new("", &pointer, message).hint("correct the entry in the pagination overlay");
        let items: Vec<String> = entry
            .get("items")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect();
        let Success::Json(response) = &operation.success else {
            return Err(wrong("only an operation with a JSON response can have pagination".to_owned()));
        };
        let max_per_page = match entry.get("max_per_page").and_then(Value::as_u64).map(u32::try_from).transpose() {
            Ok(max) => max,
            Err(_) => return Err(wrong(format!("`max_per_page` is greater than {}", u32::MAX))),
        };
        let item = items.iter().find_map(|path| self.item_type(response, path));
        let item = item.ok_or_else(|| wrong(format!("the response has no list at {}", items.join(" or "))))?;
        Ok(Some(Paging {
            style: text("style").unwrap_or_default(),
            in_body: text("in").as_deref() == Some("body"),
            position: text("position").unwrap_or_default(),
            per_page: text("per_page"),
            max_per_page,
            items,
            next: text("next").unwrap_or_default(),
            last: text("last"),
            more: text("more"),
            total: text("total"),
            item,
        }))
    }

    /// The type of the items of the list at a dotted path, without null; `None` if there is no list.
    fn item_type(&self, ty: &Ty, path: &str) -> Option<Ty> {
        let ty = path.split('.').try_fold(ty, |ty, key| self.property_type(ty, key))?;
        match self.types.resolve(ty) {
            Ty::List(item) => Some(match &**item {
                Ty::Nullable(item) => (**item).clone(),
                item => item.clone(),
            }),
            _ => None,
        }
    }

    /// The type of a declared property, if the type is a struct that has it.
    pub(super) fn property_type(&self, ty: &Ty, key: &str) -> Option<&Ty> {
        let (_, structure) = self.types.struct_of(ty)?;
        structure.fields.iter().find(|field| field.wire.0 == key).map(|field| &field.ty)
    }
}
