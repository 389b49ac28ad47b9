//! The server: answers the requests of the protocol.

use std::fmt;
use std::sync::Arc;

use intercom_catalog::Catalog;
use intercom_runtime::Client;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult, CompletionInfo,
    ContentBlock, Implementation, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use crate::call::{self, Sending};
use crate::failure::{Failure, did_you_mean};
use crate::options::{Access, Options};
use crate::search::App;
use crate::tools::{Entry, Target};
use crate::truncate::{Rest, resume, truncate};

/// An MCP server for one workspace. Clones share everything.
#[derive(Clone)]
pub struct Server(Arc<Inner>);

struct Inner {
    shared: Shared,
    entries: Vec<Entry>,
}

/// What all tools use.
pub(crate) struct Shared {
    pub client: Client,
    pub catalog: Arc<Catalog>,
    pub options: Options,
    /// The workspace of the token. The first `fetch` asks for it, and later ones again until a call succeeds.
    pub app: OnceCell<Option<App>>,
}

/// An error in [`Options`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionsError(String);

impl fmt::Display for OptionsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for OptionsError {}

impl Server {
    /// A server that calls the API with `client`, whose version should be the catalog's.
    ///
    /// # Errors
    /// Where the options name tools that the catalog does not have.
    pub fn new(client: Client, catalog: Arc<Catalog>, options: Options) -> Result<Self, OptionsError> {
        let shared = Shared { client, catalog, options, app: OnceCell::new() };
        let entries = shared.entries().map_err(|failure| OptionsError(failure.to_string()))?;
        Ok(Self(Arc::new(Inner { shared, entries })))
    }

    /// The tools that are offered: those of [`Options::tools`], as far as [`Options::access`] allows them.
    pub fn tools(&self) -> Vec<Tool> {
        let allowed = self.0.shared.options.access;
        self.0.entries.iter().filter(|entry| entry.needs <= allowed).map(|entry| entry.tool.clone()).collect()
    }

    /// Calls a tool and returns the text for the agent: the result, or what is wrong and what to do.
    async fn call(&self, entry: &Entry, mut arguments: Map<String, Value>) -> Result<String, Failure> {
        let shared = &self.0.shared;
        let cursor = match arguments.shift_remove("result_cursor") {
            None | Some(Value::Null) => None,
            Some(Value::String(cursor)) => Some(cursor),
            Some(other) => return Err(Failure::new(format!("`result_cursor` is a string, not {other}."))),
        };
        // A tool that only reads has no argument `dry_run`.
        let given = if entry.may_write() { arguments.shift_remove("dry_run") } else { None };
        let sending = match given {
            None | Some(Value::Null | Value::Bool(false)) => Sending::Now,
            Some(Value::Bool(true)) => Sending::DryRun,
            Some(other) => return Err(Failure::new(format!("`dry_run` is true or false, not {other}."))),
        };
        let only_reads = shared.only_reads(entry, &arguments);
        if cursor.is_some() && !only_reads {
            return Err(Failure::new(
                "`result_cursor` is for calls that only read; nothing was sent. Read the object with another tool.",
            ));
        }
        let result = match &entry.target {
            Target::Search => shared.search(&arguments).await?,
            Target::Fetch => shared.fetch(&arguments).await?,
            Target::FindOperation => shared.find_operation(&arguments)?,
            Target::CallOperation => shared.call_operation(&arguments, sending).await?,
            Target::Curated(curated, id) => {
                curated.call(shared, call::operation(&shared.catalog, id)?, arguments, sending).await?
            }
            Target::Operation(id) => {
                let operation = call::operation(&shared.catalog, id)?;
                shared.call(operation, call::arguments(operation, arguments)?, sending).await?
            }
        };
        let (result, pointer, skipped) = match cursor {
            Some(cursor) => resume(result, &cursor).map_err(Failure::new)?,
            None => (result, String::new(), 0),
        };
        let rest = match (only_reads, sending) {
            (true, _) => Rest::Cursor,
            (false, Sending::Now) => Rest::Read,
            (false, Sending::DryRun) => Rest::Known,
        };
        Ok(truncate(result, shared.options.budget, &pointer, skipped, rest).to_string())
    }

    fn instructions(&self) -> String {
        let shared = &self.0.shared;
        let may = match shared.options.access {
            Access::Read => {
                "You can only read; the user can allow more by starting the server with --allow-writes or --allow-deletes."
            }
            Access::Write => {
                "You can read and change data; the user can allow deletions by starting the server with --allow-deletes."
            }
            Access::Delete => "You can read, change and delete data.",
        };
        let mut text = format!(
            "Intercom's REST API, version {}, for one workspace. {may} Long results are truncated; `_note` says how to get the rest. The resources under intercom:// document each operation and type.",
            shared.catalog.version
        );
        if !shared.options.redact.is_empty() {
            text.push_str(&format!(" The user redacts these fields in results: {}.", shared.options.redact.join(", ")));
        }
        text
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().enable_resources().enable_completions().build();
        let mut info = ServerConfig::new(capabilities).with_instructions(self.instructions());
        info.server_info = Implementation::new("intercom", env!("CARGO_PKG_VERSION"));
        info.server_info.title = Some("Intercom".to_owned());
        info
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.0.entries.iter().find(|entry| entry.tool.name == name).map(|entry| entry.tool.clone())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(entry) = self.0.entries.iter().find(|entry| entry.tool.name == request.name) else {
            let offered = self.tools();
            let near = did_you_mean(&request.name, offered.iter().map(|tool| &*tool.name));
            return Err(ErrorData::invalid_params(format!("there is no tool `{}`.{near}", request.name), None));
        };
        let result = match self.call(entry, request.arguments.unwrap_or_default()).await {
            Ok(text) => CallToolResult::success(vec![ContentBlock::text(text)]),
            Err(failure) => CallToolResult::error(vec![ContentBlock::text(failure.to_string())]),
        };
        Ok(result.into())
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        self.0.shared.list_resources(request.and_then(|request| request.cursor).as_deref())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let template = request.r#ref.as_resource_uri().unwrap_or_default();
        let mut names = self.0.shared.complete(template, &request.argument.value);
        let total = names.len();
        names.truncate(CompletionInfo::MAX_VALUES);
        let more = names.len() < total;
        let total = u32::try_from(total).ok();
        let info = CompletionInfo::with_pagination(names, total, more);
        info.map(CompleteResult::new).map_err(|error| ErrorData::internal_error(error, None))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        Ok(ListResourceTemplatesResult::with_all_items(Shared::resource_templates()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        self.0.shared.read_resource(&request.uri).map(Into::into)
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("version", &self.0.shared.catalog.version)
            .field("options", &self.0.shared.options)
            .field("tools", &self.0.entries.len())
            .finish_non_exhaustive()
    }
}
