//! Standard output, whose failures become failures of the command.

use std::io::{BufWriter, StdoutLock, Write};

use crate::failure::{Failure, Result};

/// Buffered standard output. It fails where a disk is full, or the reader has closed a pipe.
#[derive(Debug)]
pub struct Stdout(BufWriter<StdoutLock<'static>>);

impl Stdout {
    pub fn new() -> Self {
        Self(BufWriter::with_capacity(1 << 16, std::io::stdout().lock()))
    }

    /// Writes text.
    ///
    /// # Errors
    /// If it cannot be written; the same applies to the other methods.
    pub fn text(&mut self, text: &str) -> Result {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result {
        self.0.write_all(bytes).map_err(|error| failed(&error))
    }

    /// Writes the buffer out.
    pub fn flush(&mut self) -> Result {
        self.0.flush().map_err(|error| failed(&error))
    }

    /// Writes the buffer out at the end.
    pub fn finish(mut self) -> Result {
        self.flush()
    }
}

fn failed(error: &std::io::Error) -> Failure {
    Failure::io("cannot write to standard output", error)
}
