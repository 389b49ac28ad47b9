//! The options of a server.

use std::convert::Infallible;
use std::fmt;
use std::str::FromStr;

/// About how many bytes of a result are returned at once by default.
pub const DEFAULT_BUDGET: usize = 20_000;

/// The settings of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Which tools are offered.
    pub tools: ToolSet,
    /// What tools may do.
    pub access: Access,
    /// Names of fields whose values are replaced in all results: `email`, `phone`, `*_email`. A `*` at the beginning, at the end
    /// or at both stands for any text. Case is ignored.
    pub redact: Vec<String>,
    /// About how many bytes of a result are returned at once. An agent can ask for the rest.
    pub budget: usize,
}

impl Default for Options {
    /// The default set of tools, reading only, nothing redacted.
    fn default() -> Self {
        Self { tools: ToolSet::default(), access: Access::Read, redact: Vec::new(), budget: DEFAULT_BUDGET }
    }
}

/// What tools may do. Each level includes those before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Read only.
    #[default]
    Read,
    /// Create and change.
    Write,
    /// Delete for good.
    Delete,
}

impl Access {
    /// The level of the options `--allow-writes` and `--allow-deletes`.
    pub fn of(allow_writes: bool, allow_deletes: bool) -> Self {
        match (allow_writes, allow_deletes) {
            (_, true) => Self::Delete,
            (true, false) => Self::Write,
            (false, false) => Self::Read,
        }
    }
}

/// Which tools are offered: names separated by commas.
///
/// `default` is a small set for common tasks, with two tools that find and call any operation. `read` makes a tool of each
/// operation that changes nothing, `all` of every operation. Any other name is a group of operations (`tickets`), an operation
/// (`tickets.search`) or a tool of the default set (`get_ticket`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolSet(Vec<String>);

impl ToolSet {
    /// The names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl Default for ToolSet {
    fn default() -> Self {
        Self(vec!["default".to_owned()])
    }
}

impl FromStr for ToolSet {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let names: Vec<String> =
            text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect();
        Ok(if names.is_empty() { Self::default() } else { Self(names) })
    }
}

impl fmt::Display for ToolSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}
