//! Ctrl-C.

use std::future::Future;
use std::pin::Pin;

/// Resolves when Ctrl-C is pressed.
pub type Interrupt = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Waits for Ctrl-C. A command that waits in a loop makes one of these before it: a signal between two calls of
/// [`tokio::signal::ctrl_c`] would be lost, since the first call replaces the system's handler for good.
pub fn ctrl_c() -> Interrupt {
    Box::pin(async {
        // Without a handler the system ends the program at Ctrl-C.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
