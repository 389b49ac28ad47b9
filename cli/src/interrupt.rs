//! Ctrl-C.

use std::future::Future;
use std::pin::Pin;

/// Resolves when Ctrl-C is pressed.
pub type Interrupt = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Waits for Ctrl-C. A command with a loop creates this future once, before the loop. Tokio replaces the system's handler at the
/// first poll and never restores it, so with a new future in each turn a signal between two turns would be lost.
pub fn ctrl_c() -> Interrupt {
    Box::pin(async {
        // Without a handler the system ends the program at Ctrl-C.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
