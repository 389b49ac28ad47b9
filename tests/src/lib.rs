//! Loopback servers for tests, and helpers of the test suites.

pub mod description;
pub mod json;
pub mod mutate;
pub mod schema;
pub mod scripted;
pub mod versions;

/// Compiles the examples of the pages; a failure names its page.
#[cfg(doctest)]
mod pages {
    macro_rules! pages {
        ($($name:ident: $path:literal,)*) => {
            $(#[doc = include_str!(concat!("../../", $path))] struct $name;)*
        };
    }

    pages! {
        Readme: "README.md",
        FromNode: "docs/from-node.md",
        Tokens: "docs/guide/tokens-and-regions.md",
        Calling: "docs/guide/calling.md",
        Errors: "docs/guide/errors-and-retries.md",
        RateLimits: "docs/guide/rate-limits.md",
        Paging: "docs/guide/paging-and-search.md",
        Updates: "docs/guide/updates.md",
        Decoding: "docs/guide/decoding.md",
        Testing: "docs/guide/testing.md",
        Mock: "docs/guide/mock-server.md",
        Webhooks: "docs/guide/webhooks.md",
        CanvasKit: "docs/guide/canvas-kit.md",
        Fin: "docs/guide/fin.md",
        Environment: "docs/reference/environment.md",
        Logs: "docs/reference/logs.md",
    }
}
