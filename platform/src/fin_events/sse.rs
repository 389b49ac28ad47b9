//! The parser of event streams (Server-Sent Events), as the HTML standard defines it.

/// Splits an event stream into events. A chunk of bytes may end anywhere, even within a character or a line break.
#[derive(Debug)]
pub struct EventParser {
    /// The bytes of the current line.
    line: Vec<u8>,
    /// Whether the last byte was a CR, so that an LF that follows belongs to the same line break.
    after_carriage_return: bool,
    at_start: bool,
    event: Event,
    has_data: bool,
    last_id: String,
    retry: Option<u64>,
    limit: usize,
}

/// An event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The type of the event; empty means `message`.
    pub event: String,
    /// The data; its lines are joined by line breaks.
    pub data: String,
    /// The last id of the stream, from this event or an earlier one.
    pub id: String,
}

/// The error of an event, or of a line of it, that is larger than the limit of the parser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventTooLarge {
    /// The limit in bytes.
    pub limit: usize,
}

impl std::fmt::Display for EventTooLarge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "an event of the stream is larger than {} bytes", self.limit)
    }
}

impl std::error::Error for EventTooLarge {}

impl Default for EventParser {
    /// Makes a parser for events of up to 1 MiB.
    fn default() -> Self {
        Self::with_limit(1 << 20)
    }
}

impl EventParser {
    /// Makes a parser that refuses events and lines of more than `limit` bytes.
    pub fn with_limit(limit: usize) -> Self {
        Self {
            line: Vec::new(),
            after_carriage_return: false,
            at_start: true,
            event: Event::default(),
            has_data: false,
            last_id: String::new(),
            retry: None,
            limit,
        }
    }

    /// The delay before connecting again, in milliseconds, if the stream has sent one.
    pub fn retry_millis(&self) -> Option<u64> {
        self.retry
    }

    /// Parses a chunk of bytes, and appends the events that it completes.
    ///
    /// # Errors
    /// If an event or a line is larger than the limit. The parser cannot be used afterwards.
    pub fn push(&mut self, chunk: &[u8], events: &mut Vec<Event>) -> Result<(), EventTooLarge> {
        for &byte in chunk {
            let follows = std::mem::take(&mut self.after_carriage_return);
            match byte {
                b'\n' if follows => {}
                b'\n' | b'\r' => {
                    self.after_carriage_return = byte == b'\r';
                    self.end_line(events);
                }
                _ => self.line.push(byte),
            }
            if self.line.len() + self.event.data.len() + self.event.event.len() > self.limit {
                return Err(EventTooLarge { limit: self.limit });
            }
        }
        Ok(())
    }

    fn end_line(&mut self, events: &mut Vec<Event>) {
        let line = std::mem::take(&mut self.line);
        let text = String::from_utf8_lossy(&line);
        let text = match text.strip_prefix('\u{feff}') {
            Some(rest) if self.at_start => rest,
            _ => &text,
        };
        self.at_start = false;
        if text.is_empty() {
            self.dispatch(events);
        } else if !text.starts_with(':') {
            let (name, value) = text.split_once(':').unwrap_or((text, ""));
            self.field(name, value.strip_prefix(' ').unwrap_or(value));
        }
        // Reuses the allocation for the next line.
        self.line = line;
        self.line.clear();
    }

    fn field(&mut self, name: &str, value: &str) {
        match name {
            "event" => value.clone_into(&mut self.event.event),
            "data" => {
                if self.has_data {
                    self.event.data.push('\n');
                }
                self.event.data.push_str(value);
                self.has_data = true;
            }
            "id" if !value.contains('\0') => value.clone_into(&mut self.last_id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = value.parse().ok();
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, events: &mut Vec<Event>) {
        let event = std::mem::take(&mut self.event);
        // The standard says that an event without data is dropped.
        if std::mem::take(&mut self.has_data) {
            events.push(Event { id: self.last_id.clone(), ..event });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(chunks: &[&[u8]]) -> Vec<(String, String, String)> {
        let (mut parser, mut events) = (EventParser::default(), Vec::new());
        for chunk in chunks {
            parser.push(chunk, &mut events).unwrap();
        }
        events.into_iter().map(|event| (event.event, event.data, event.id)).collect()
    }

    fn event(kind: &str, data: &str, id: &str) -> (String, String, String) {
        (kind.to_owned(), data.to_owned(), id.to_owned())
    }

    #[test]
    fn the_examples_of_the_html_standard_are_parsed_as_specified() {
        // HTML, section 9.2.6: three lines of data, then comments, ids, and data without a space.
        assert_eq!(parse(&[b"data: YHOO\ndata: +2\ndata: 10\n\n"]), [event("", "YHOO\n+2\n10", "")]);
        let stream = b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n";
        assert_eq!(
            parse(&[stream]),
            [event("", "first event", "1"), event("", "second event", ""), event("", " third event", "")]
        );
        assert_eq!(parse(&[b"data\n\ndata\ndata\n\ndata:"]), [event("", "", ""), event("", "\n", "")]);
        assert_eq!(parse(&[b"data:test\n\ndata: test\n\n"]), [event("", "test", ""), event("", "test", "")]);
    }

    #[test]
    fn the_events_do_not_depend_on_the_chunks() {
        let stream = "\u{feff}event: add\r\ndata: größe\r\rid: 7\ndata: {\"a\":\r\ndata: 1}\n\n:beat\n\nretry: 250\nfoo: bar\n\n";
        let whole = parse(&[stream.as_bytes()]);
        assert_eq!(whole, [event("add", "größe", ""), event("", "{\"a\":\n1}", "7")]);
        for cut in 0..=stream.len() {
            let (left, right) = stream.as_bytes().split_at(cut);
            assert_eq!(parse(&[left, right]), whole, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = stream.as_bytes().chunks(1).collect();
        assert_eq!(parse(&bytes), whole);
    }

    #[test]
    fn an_incomplete_event_is_not_an_event() {
        assert!(parse(&[b"data: cut off\n"]).is_empty());
    }

    #[test]
    fn retry_is_a_number_of_milliseconds() {
        let (mut parser, mut events) = (EventParser::default(), Vec::new());
        parser.push(b"retry: 250\nretry: soon\n\n", &mut events).unwrap();
        assert_eq!(parser.retry_millis(), Some(250));
    }

    #[test]
    fn an_event_larger_than_the_limit_is_refused() {
        let (mut parser, mut events) = (EventParser::with_limit(100), Vec::new());
        let refused = (0..200).find_map(|_| parser.push(b"data: 1234567890\n", &mut events).err());
        assert_eq!(refused, Some(EventTooLarge { limit: 100 }));
        let mut parser = EventParser::with_limit(100);
        assert!(parser.push(&[b'x'; 101], &mut events).is_err());
    }
}
