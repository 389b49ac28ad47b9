//! Skipping values, with their syntax checked.

use super::{Fault, Reader};

impl Reader<'_> {
    /// Passes over the value that comes next, however deep it is nested.
    ///
    /// # Errors
    /// Where it is not JSON.
    pub fn skip(&mut self) -> Result<(), Fault> {
        self.open.clear();
        loop {
            match self.peek() {
                Some(b'"') => self.skip_string()?,
                Some(b'-' | b'0'..=b'9') => drop(self.skip_number()?),
                Some(b't') => self.literal(b"true")?,
                Some(b'f') => self.literal(b"false")?,
                Some(b'n') => self.literal(b"null")?,
                Some(bracket @ (b'{' | b'[')) => {
                    // The closing brackets are two after the opening ones in ASCII.
                    let close = bracket + 2;
                    self.at += 1;
                    if !self.pass_byte(close) {
                        self.open.push(close);
                        self.skip_key(close)?;
                        continue;
                    }
                }
                _ => return self.broken("a value is expected"),
            }
            // After a value: a comma, or the ends of the objects and lists that it closes.
            loop {
                let Some(&close) = self.open.last() else { return Ok(()) };
                if self.pass_byte(b',') {
                    self.skip_key(close)?;
                    break;
                }
                if !self.pass_byte(close) {
                    return self.broken("a comma or the end of an object or list is missing");
                }
                self.open.pop();
            }
        }
    }

    /// Passes over a key and its colon, where `close` ends an object.
    fn skip_key(&mut self, close: u8) -> Result<(), Fault> {
        if close != b'}' {
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return self.broken("a key is expected");
        }
        self.skip_string()?;
        self.colon()
    }
}
