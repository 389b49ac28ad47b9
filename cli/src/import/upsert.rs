//! Creates a contact, or updates the one that exists.

use intercom_catalog::call::{Answer, Arguments, Invocation, Refusal};
use intercom_catalog::{Catalog, Operation, Schema};
use intercom_runtime::{Client, Error};
use serde_json::{Value, json};

use super::rows::Row;
use crate::failure::{Code, Failure, Result};

/// The result of sending a row.
pub enum Upserted {
    Created,
    Updated,
    /// The API refused it, or it was not valid.
    Refused {
        row: u64,
        why: String,
    },
}

/// The operations of an upsert.
pub struct Upsert<'a> {
    catalog: &'a Catalog,
    create: &'a Operation,
    update: &'a Operation,
    search: &'a Operation,
}

impl<'a> Upsert<'a> {
    /// Finds the operations by their paths.
    ///
    /// # Errors
    /// Where the version has no such operations.
    pub fn new(catalog: &'a Catalog) -> Result<Self> {
        let find = |method: &str, prefix: &str, parameters: usize| {
            let mut operations = catalog.operations.iter();
            let found = operations.find(|operation| {
                operation.http_method == method
                    && operation.path.trim_end_matches('}').split('{').next() == Some(prefix)
                    && operation.path.matches('{').count() == parameters
            });
            found.ok_or_else(|| Failure::usage(format!("API version {} has no {method} {prefix}", catalog.version)))
        };
        Ok(Self {
            catalog,
            create: find("POST", "/contacts", 0)?,
            update: find("PUT", "/contacts/", 1)?,
            search: find("POST", "/contacts/search", 0)?,
        })
    }

    /// The schema of a row.
    ///
    /// # Errors
    /// Where the operation takes no JSON.
    pub fn body(&self) -> Result<&'a Schema> {
        let schema = self.create.body.as_ref().and_then(|body| body.schema.as_ref());
        schema.ok_or_else(|| Failure::usage(format!("{} takes no JSON", self.create.id)))
    }

    /// Sends a row.
    ///
    /// # Errors
    /// Where a call fails for a reason that other rows share, such as a lost connection or a token that is not valid.
    pub async fn row(&self, client: &Client, row: Row) -> Result<Upserted> {
        let Row { number, body, problem } = row;
        if let Some(why) = problem {
            return Ok(Upserted::Refused { row: number, why });
        }
        let conflict = match self.send(client, self.create, None, body.clone()).await {
            Ok(Ok(_)) => return Ok(Upserted::Created),
            Ok(Err(error)) if error.is_conflict() => error,
            Ok(Err(error)) => return refused(number, error),
            Err(refusal) => return Ok(Upserted::Refused { row: number, why: refusal.to_string() }),
        };
        let id = match named(&conflict) {
            Some(id) => Some(id),
            None => self.find(client, &body).await?,
        };
        let Some(id) = id else { return refused(number, conflict) };
        match self.send(client, self.update, Some(id), body).await {
            Ok(Ok(_)) => Ok(Upserted::Updated),
            Ok(Err(error)) => refused(number, error),
            // A body that is valid for a new contact may not be valid for an update.
            Err(refusal) => Ok(Upserted::Refused { row: number, why: refusal.to_string() }),
        }
    }

    /// Sends a call; the inner error is that of the call.
    ///
    /// # Errors
    /// Where the arguments do not fit the operation, so that nothing was sent.
    async fn send(
        &self,
        client: &Client,
        operation: &Operation,
        id: Option<String>,
        body: Value,
    ) -> Result<Result<Value, Error>, Refusal> {
        let mut arguments = Arguments { body: Some(body), ..Arguments::default() };
        if let (Some(id), Some(parameter)) = (id, operation.parameters.iter().find(|parameter| parameter.required)) {
            arguments.path.insert(parameter.name.clone(), Value::from(id));
        }
        let sent = Invocation::new(client, self.catalog, operation, arguments)?.send().await;
        Ok(sent.map(|answer| match answer {
            Answer::Json(response) => response.into_inner(),
            _ => Value::Null,
        }))
    }

    /// Searches the contact of a row, where the refusal does not name its id.
    async fn find(&self, client: &Client, body: &Value) -> Result<Option<String>> {
        for field in ["external_id", "email"] {
            let Some(value) = body.get(field).filter(|value| !value.is_null()) else { continue };
            let query = json!({"query": {"field": field, "operator": "=", "value": value}});
            let found = self.send(client, self.search, None, query).await??;
            if let Some(id) = found["data"][0]["id"].as_str() {
                return Ok(Some(id.to_owned()));
            }
        }
        Ok(None)
    }
}

/// The id that the API names when a contact exists already: `… already exists with id=63a…`.
fn named(error: &Error) -> Option<String> {
    let (_, from) = error.message()?.split_once("id=")?;
    let id: String = from.chars().take_while(char::is_ascii_alphanumeric).collect();
    (!id.is_empty()).then_some(id)
}

/// A row that the API refused; other failures end the import.
fn refused(row: u64, error: Error) -> Result<Upserted> {
    let failure = Failure::from(error);
    match failure.code {
        Code::Refused | Code::NotFound => Ok(Upserted::Refused { row, why: failure.message }),
        _ => Err(failure),
    }
}
