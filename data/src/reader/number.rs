//! Numbers.

use super::{Expected, ReadError, Reader};

/// Integers with up to this many digits always fit into `i64`.
const SAFE_DIGITS: usize = 18;

impl<'a> Reader<'a> {
    /// Reads an integer.
    ///
    /// # Errors
    /// If the next value is not an integer, or is beyond `i64`.
    #[inline]
    pub(crate) fn integer(&mut self, expected: &'static str) -> Result<i64, ReadError> {
        self.peek();
        let start = self.at;
        let negative = self.byte() == Some(b'-');
        self.at += usize::from(negative);
        let digits = self.at;
        let (mut value, mut count) = (0_i64, 0);
        for byte in self.text.as_bytes().get(digits..).unwrap_or_default() {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit));
            count += 1;
        }
        self.at += count;
        let leading_zero = count > 1 && self.text.as_bytes().get(digits) == Some(&b'0');
        if count == 0 || leading_zero || matches!(self.byte(), Some(b'.' | b'e' | b'E')) {
            return self.mismatch(Expected::What(expected));
        }
        if count > SAFE_DIGITS {
            return match self.since(start).parse() {
                Ok(value) => Ok(value),
                Err(_) => self.mismatch(Expected::What(expected)),
            };
        }
        Ok(if negative { -value } else { value })
    }

    /// Reads the text of a number. Also returns whether it is written as an integer, without a fraction and an exponent.
    ///
    /// # Errors
    /// If the next value is not a number.
    pub(crate) fn number(&mut self) -> Result<(&'a str, bool), ReadError> {
        match self.peek() {
            Some(b'-' | b'0'..=b'9') => {
                let start = self.at;
                let integer = self.skip_number()?;
                Ok((self.since(start), integer))
            }
            _ => self.mismatch(Expected::What("a number")),
        }
    }

    /// Reads a number as `f64`.
    ///
    /// # Errors
    /// If the next value is not a number, or is beyond `f64`.
    pub(crate) fn float(&mut self) -> Result<f64, ReadError> {
        let (text, _) = self.number()?;
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(number),
            _ => self.mismatch(Expected::What("a number within the range of f64")),
        }
    }

    /// Skips a number. Returns whether it is written as an integer.
    pub(super) fn skip_number(&mut self) -> Result<bool, ReadError> {
        self.at += usize::from(self.byte() == Some(b'-'));
        match self.byte() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return self.syntax_error("expected digits after the minus sign of a number"),
        }
        if matches!(self.byte(), Some(b'0'..=b'9')) {
            return self.syntax_error("a number has a leading zero");
        }
        let mut integer = true;
        if self.byte() == Some(b'.') {
            integer = false;
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.byte(), Some(b'e' | b'E')) {
            integer = false;
            self.at += 1;
            self.at += usize::from(matches!(self.byte(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(integer)
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.at += 1;
        }
        if self.at == start {
            self.syntax_error("expected digits after the decimal point or the exponent of a number")
        } else {
            Ok(())
        }
    }
}
