//! Skipping values. Their syntax is checked.

use super::{ReadError, Reader};

impl Reader<'_> {
    /// Skips the next value. The depth of nesting is not limited, since it does not recurse.
    ///
    /// # Errors
    /// If it is not JSON.
    pub fn skip(&mut self) -> Result<(), ReadError> {
        self.expected_closes.clear();
        loop {
            match self.peek() {
                Some(b'"') => self.skip_string()?,
                Some(b'-' | b'0'..=b'9') => drop(self.skip_number()?),
                Some(b't') => self.literal(b"true")?,
                Some(b'f') => self.literal(b"false")?,
                Some(b'n') => self.literal(b"null")?,
                Some(bracket @ (b'{' | b'[')) => {
                    // In ASCII, a closing bracket is the second character after its opening bracket.
                    let close = bracket + 2;
                    self.at += 1;
                    if !self.skip_byte(close) {
                        self.expected_closes.push(close);
                        self.skip_key(close)?;
                        continue;
                    }
                }
                _ => return self.syntax_error("expected a value"),
            }
            // A comma follows, or the closing brackets of the objects and lists that end with this value.
            loop {
                let Some(&close) = self.expected_closes.last() else { return Ok(()) };
                if self.skip_byte(b',') {
                    self.skip_key(close)?;
                    break;
                }
                if !self.skip_byte(close) {
                    return self.syntax_error("expected a comma or the end of the object or list");
                }
                self.expected_closes.pop();
            }
        }
    }

    /// Skips a key and its colon, if `close` is the closing bracket of an object.
    fn skip_key(&mut self, close: u8) -> Result<(), ReadError> {
        if close != b'}' {
            return Ok(());
        }
        if self.peek() != Some(b'"') {
            return self.syntax_error("expected a key");
        }
        self.skip_string()?;
        self.colon()
    }
}
