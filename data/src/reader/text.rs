//! Strings.

use std::borrow::Cow;

use super::{Expected, ReadError, Reader};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Marks those of eight bytes that are a quote, a backslash or a control character, by their highest bits. The lowest set bit is
/// exact; bits above it may be set wrongly, because a subtraction borrows from the next byte.
#[inline]
const fn special(eight: u64) -> u64 {
    let quote = eight ^ (ONES * b'"' as u64);
    let backslash = eight ^ (ONES * b'\\' as u64);
    let control = eight.wrapping_sub(ONES * 0x20) & !eight;
    (quote.wrapping_sub(ONES) & !quote | backslash.wrapping_sub(ONES) & !backslash | control) & HIGH
}

/// The number of bytes at the beginning of a text that are not special in a JSON string: no quote, backslash or control
/// character.
#[inline]
pub(crate) fn unescaped_length(text: &[u8]) -> usize {
    let mut rest = text;
    while let Some((eight, after)) = rest.split_first_chunk::<8>() {
        let marks = special(u64::from_le_bytes(*eight));
        if marks != 0 {
            return text.len() - rest.len() + (marks.trailing_zeros() / 8) as usize;
        }
        rest = after;
    }
    text.len() - rest.len() + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count()
}

impl<'a> Reader<'a> {
    /// Reads a string. It is borrowed from the text if it contains no escapes.
    ///
    /// # Errors
    /// If the next value is not a string or contains an unpaired surrogate, or the text is not JSON.
    #[inline]
    pub fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        if self.peek() != Some(b'"') {
            return self.mismatch(Expected::What("a string"));
        }
        self.at += 1;
        let start = self.at;
        self.skip_unescaped();
        if self.byte() == Some(b'"') {
            let text = self.since(start);
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.escaped(start).map(Cow::Owned)
    }

    /// Reads a key; `None` if it contains an unpaired surrogate.
    pub(crate) fn key(&mut self) -> Result<Option<Cow<'a, str>>, ReadError> {
        if self.peek() != Some(b'"') {
            return self.syntax_error("expected a key");
        }
        match self.string() {
            Ok(key) => Ok(Some(key)),
            Err(ReadError::Mismatch) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Skips characters that are not special in a string.
    #[inline]
    fn skip_unescaped(&mut self) {
        self.at += unescaped_length(self.text.as_bytes().get(self.at..).unwrap_or_default());
    }

    /// Reads a string that contains escapes. `start` is the position after its opening quote.
    #[cold]
    fn escaped(&mut self, start: usize) -> Result<String, ReadError> {
        let mut text = String::new();
        let mut from = start;
        let mut is_valid = true;
        loop {
            text.push_str(self.since(from));
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return if is_valid {
                        Ok(text)
                    } else {
                        self.mismatch(Expected::What("a string without unpaired surrogates"))
                    };
                }
                Some(b'\\') => match self.escape()? {
                    Some(c) => text.push(c),
                    None => is_valid = false,
                },
                _ => return self.syntax_error("a string contains a control character"),
            }
            from = self.at;
            self.skip_unescaped();
        }
    }

    /// Reads an escape; `None` if it is an unpaired surrogate.
    fn escape(&mut self) -> Result<Option<char>, ReadError> {
        self.at += 1;
        let c = match self.byte() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape();
            }
            _ => return self.syntax_error("a string contains an invalid escape"),
        };
        self.at += 1;
        Ok(Some(c))
    }

    /// Reads a character from the digits of one or two `\u` escapes, which are code units of UTF-16; `None` if it is an unpaired
    /// surrogate.
    fn unicode_escape(&mut self) -> Result<Option<char>, ReadError> {
        let first = self.hex()?;
        if !(0xd800..0xe000).contains(&first) {
            return Ok(char::from_u32(first));
        }
        let follows = self.text.as_bytes().get(self.at..self.at + 2) == Some(b"\\u");
        if first >= 0xdc00 || !follows {
            return Ok(None);
        }
        let back = self.at;
        self.at += 2;
        let second = self.hex()?;
        if !(0xdc00..0xe000).contains(&second) {
            // The second escape is not a low surrogate, so it is read again as a character of its own.
            self.at = back;
            return Ok(None);
        }
        Ok(char::from_u32(0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00)))
    }

    fn hex(&mut self) -> Result<u32, ReadError> {
        let digits =
            self.text.get(self.at..self.at + 4).filter(|four| four.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
            Some(unit) => {
                self.at += 4;
                Ok(unit)
            }
            None => self.syntax_error("`\\u` is not followed by four hexadecimal digits"),
        }
    }

    /// Skips a string.
    pub(super) fn skip_string(&mut self) -> Result<(), ReadError> {
        self.at += 1;
        loop {
            self.skip_unescaped();
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => drop(self.escape()?),
                _ => return self.syntax_error("a string contains a control character"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::special;

    #[test]
    fn the_first_special_byte_of_eight_is_found() {
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut eight = [b'a', 0xc3, 0xa9, b'!', b'#', b'[', b']', 0x7f];
                eight[place] = byte;
                let marks = special(u64::from_le_bytes(eight));
                let ends = matches!(byte, b'"' | b'\\' | 0..0x20);
                assert_eq!(marks != 0, ends, "{byte} at {place}");
                if ends {
                    assert_eq!(marks.trailing_zeros() / 8, place as u32, "{byte}");
                }
            }
        }
    }
}
