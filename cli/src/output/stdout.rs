//! Standard output, with failures that say so.

use std::io::{BufWriter, StdoutLock, Write};

use crate::failure::{Failure, Result};

/// Standard output, buffered. Its failures are a full disk, or a reader that has gone.
#[derive(Debug)]
pub struct Stdout(BufWriter<StdoutLock<'static>>);

impl Stdout {
    pub fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, std::io::stdout().lock()))
    }

    /// Writes text.
    ///
    /// # Errors
    /// Where it cannot be written, here and below.
    pub fn text(&mut self, text: &str) -> Result {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result {
        self.0.write_all(bytes).map_err(|error| failed(&error))
    }

    /// Lets the reader see what was written.
    pub fn flush(&mut self) -> Result {
        self.0.flush().map_err(|error| failed(&error))
    }

    /// Ends the output.
    pub fn finish(mut self) -> Result {
        self.flush()
    }
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::io("cannot write to standard output", error)
}
