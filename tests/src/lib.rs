//! The loopback server and the suites that run against it.

pub mod described;
pub mod description;
pub mod json;
pub mod mutate;
pub mod schema;
pub mod scripted;
pub mod versions;

/// Compiles what the README shows, as it stands there.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// And what the guide shows of webhooks.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/webhooks.md")]
pub struct Webhooks;

/// And of Canvas Kit.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/canvas-kit.md")]
pub struct CanvasKit;

/// And of everything from the first client to tests: a page a module, so that a failure names its page.
#[cfg(doctest)]
mod guide {
    macro_rules! pages {
        ($($name:ident: $path:literal,)*) => {
            $(#[doc = include_str!(concat!("../../docs/", $path))] struct $name;)*
        };
    }

    pages! {
        Tokens: "guide/tokens-and-regions.md",
        Calling: "guide/calling.md",
        Errors: "guide/errors-and-retries.md",
        RateLimits: "guide/rate-limits.md",
        Paging: "guide/paging-and-search.md",
        Updates: "guide/updates.md",
        Decoding: "guide/decoding.md",
        Testing: "guide/testing-in-memory.md",
        FromNode: "from-node.md",
        Environment: "reference/environment.md",
        Logs: "reference/logs.md",
    }
}
