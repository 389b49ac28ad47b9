//! Forms with files: bodies of `multipart/form-data`.

use std::collections::VecDeque;
use std::fmt::{self, Write as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::clock::jitter;
use crate::error::Error;
use crate::transport::{Body, BoxError, ByteStream};

/// A form of named parts, sent as `multipart/form-data`.
///
/// ```
/// use intercom_runtime::multipart::{Multipart, Part};
///
/// let form = Multipart::new()
///     .text("format", "csv")
///     .part("file", Part::bytes("id,name\n1,Joe\n").file_name("people.csv").content_type("text/csv"));
/// ```
///
/// A form with a streamed part can only be sent once, so a call with it is never retried, not even if no connection was opened.
#[derive(Clone, Debug, Default)]
pub struct Multipart {
    parts: Vec<(String, Part)>,
}

/// One part of a form: its content, and optionally a file name and a media type.
#[derive(Clone)]
pub struct Part {
    content: Content,
    file_name: Option<String>,
    content_type: Option<String>,
}

#[derive(Clone)]
enum Content {
    Bytes(Bytes),
    Stream { stream: Arc<Mutex<Option<ByteStream>>>, length: Option<u64> },
}

impl Multipart {
    /// Makes a form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text field.
    pub fn text(self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.part(name, Part::bytes(value.to_string()))
    }

    /// Adds a part, usually a file.
    pub fn part(mut self, name: impl Into<String>, part: Part) -> Self {
        self.parts.push((name.into(), part));
        self
    }

    /// Whether the form has no parts.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// A boundary of two random numbers from `jitter`, so that no part contains it by chance.
    pub(crate) fn boundary() -> String {
        format!("----intercom{:016x}{:016x}", jitter().to_bits(), jitter().to_bits())
    }

    /// Whether the form can be sent more than once.
    pub(crate) fn is_replayable(&self) -> bool {
        self.parts.iter().all(|(_, part)| matches!(part.content, Content::Bytes(_)))
    }

    /// Encodes the form as a body; `None` if a streamed part was sent before.
    pub(crate) fn body(&self, boundary: &str) -> Option<Body> {
        let mut pieces = VecDeque::new();
        let mut text = String::new();
        for (name, part) in &self.parts {
            let _ = write!(text, "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", Quoted(name));
            if let Some(file_name) = &part.file_name {
                let _ = write!(text, "; filename=\"{}\"", Quoted(file_name));
            }
            // RFC 7578: the default type of a part is text/plain, which is wrong for most files.
            let default_type = part.file_name.as_ref().map(|_| "application/octet-stream");
            if let Some(content_type) = part.content_type.as_deref().or(default_type) {
                let _ = write!(text, "\r\nContent-Type: {}", Quoted(content_type));
            }
            text.push_str("\r\n\r\n");
            pieces.push_back(Piece::Bytes(std::mem::take(&mut text).into()));
            pieces.push_back(match &part.content {
                Content::Bytes(bytes) => Piece::Bytes(bytes.clone()),
                Content::Stream { stream, length } => {
                    let stream = stream.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).take()?;
                    Piece::Stream(stream, *length)
                }
            });
            text.push_str("\r\n");
        }
        let _ = write!(text, "--{boundary}--\r\n");
        pieces.push_back(Piece::Bytes(text.into()));
        Some(join(pieces))
    }
}

impl Part {
    /// Makes a part with content in memory.
    pub fn bytes(content: impl Into<Bytes>) -> Self {
        Self { content: Content::Bytes(content.into()), file_name: None, content_type: None }
    }

    /// Makes a part whose content is streamed. `length` is its length in bytes, if it is known; otherwise the request uses chunked
    /// transfer encoding.
    pub fn stream(stream: ByteStream, length: Option<u64>) -> Self {
        let content = Content::Stream { stream: Arc::new(Mutex::new(Some(stream))), length };
        Self { content, file_name: None, content_type: None }
    }

    /// Reads a file into memory, and makes a part with its content and its name. The form can be sent again if an attempt fails. Use
    /// [`stream`](Self::stream) for a file that is too large for memory.
    ///
    /// ```no_run
    /// use intercom_runtime::multipart::{Multipart, Part};
    ///
    /// # async fn form() -> Result<Multipart, intercom_runtime::Error> {
    /// let form = Multipart::new().part("file", Part::file("people.csv").await?.content_type("text/csv"));
    /// # Ok(form)
    /// # }
    /// ```
    ///
    /// # Errors
    /// If the file cannot be read; [`source`](std::error::Error::source) is the [`std::io::Error`].
    #[cfg(not(target_arch = "wasm32"))]
    pub async fn file(path: impl Into<std::path::PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        let read = {
            let path = path.clone();
            move || std::fs::read(path)
        };
        // Reading blocks, so it is done on a thread for blocking work if there is a tokio runtime.
        let content = match tokio::runtime::Handle::try_current() {
            Ok(runtime) => runtime.spawn_blocking(read).await.unwrap_or_else(|stopped| Err(stopped.into())),
            Err(_) => read(),
        };
        let content = content.map_err(|error| {
            Error::request(format!("the file `{}` cannot be read", path.display())).with_source(error.into())
        })?;
        Ok(Self::bytes(content).file_name(name.unwrap_or_default()))
    }

    /// Sets the file name, which makes the part a file.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets the media type of the content. The default for a file is `application/octet-stream`.
    pub fn content_type(mut self, media_type: impl Into<String>) -> Self {
        self.content_type = Some(media_type.into());
        self
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = match &self.content {
            Content::Bytes(bytes) => Some(bytes.len() as u64),
            Content::Stream { length, .. } => *length,
        };
        f.debug_struct("Part").field("file_name", &self.file_name).field("length", &length).finish_non_exhaustive()
    }
}

/// A text in the header of a part, with quotes and line breaks escaped as browsers do.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '"' => f.write_str("%22")?,
                '\r' => f.write_str("%0D")?,
                '\n' => f.write_str("%0A")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

enum Piece {
    Bytes(Bytes),
    Stream(ByteStream, Option<u64>),
}

fn join(pieces: VecDeque<Piece>) -> Body {
    let whole: Option<Vec<&[u8]>> =
        pieces.iter().map(|piece| if let Piece::Bytes(bytes) = piece { Some(&bytes[..]) } else { None }).collect();
    if let Some(whole) = whole {
        return whole.concat().into();
    }
    let length = pieces.iter().try_fold(0, |sum, piece| match piece {
        Piece::Bytes(bytes) => Some(sum + bytes.len() as u64),
        Piece::Stream(_, length) => length.map(|length| sum + length),
    });
    Body::stream(Box::pin(Joined(pieces)), length)
}

/// A stream of the pieces in order.
struct Joined(VecDeque<Piece>);

impl Stream for Joined {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match self.0.front_mut() {
                None => return Poll::Ready(None),
                Some(Piece::Bytes(bytes)) => {
                    let bytes = std::mem::take(bytes);
                    self.0.pop_front();
                    if !bytes.is_empty() {
                        return Poll::Ready(Some(Ok(bytes)));
                    }
                }
                Some(Piece::Stream(stream, _)) => match ready!(stream.as_mut().poll_next(cx)) {
                    Some(chunk) => return Poll::Ready(Some(chunk)),
                    None => drop(self.0.pop_front()),
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_delimited_and_names_are_escaped() {
        let form = Multipart::new()
            .text("a\"\r\nX: y", "1")
            .part("file", Part::bytes("id\n").file_name("p.csv").content_type("text/csv"));
        let body = form.body("B").unwrap();
        assert_eq!(
            std::str::from_utf8(body.as_bytes().unwrap()).unwrap(),
            "--B\r\nContent-Disposition: form-data; name=\"a%22%0D%0AX: y\"\r\n\r\n1\r\n\
             --B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"p.csv\"\r\nContent-Type: text/csv\r\n\r\nid\n\r\n\
             --B--\r\n"
        );
        assert!(form.is_replayable());
    }

    #[test]
    fn the_default_media_type_of_a_file_is_octet_stream() {
        let sent = |part: Part| {
            let body = Multipart::new().part("f", part).body("B").unwrap();
            String::from_utf8(body.as_bytes().unwrap().to_vec()).unwrap()
        };
        assert!(sent(Part::bytes("x").file_name("a.bin")).contains("\r\nContent-Type: application/octet-stream\r\n"));
        assert!(!sent(Part::bytes("x")).contains("Content-Type"), "a text field has none");
    }

    #[tokio::test]
    async fn a_stream_is_sent_once_and_its_length_counts() {
        let content: ByteStream = Box::pin(Body::from("12345"));
        let form = Multipart::new().part("f", Part::stream(content, Some(5)));
        assert!(!form.is_replayable());
        let mut body = form.clone().body("B").unwrap();
        let length = body.len().unwrap();
        let mut read = 0;
        while let Some(chunk) = body.next_chunk().await {
            read += chunk.unwrap().len() as u64;
        }
        assert_eq!(read, length);
        assert!(form.body("B").is_none());
    }

    #[tokio::test]
    async fn a_file_has_its_name_and_can_be_sent_again() {
        let part = Part::file(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).await.unwrap();
        assert_eq!(part.file_name.as_deref(), Some("Cargo.toml"));
        let form = Multipart::new().part("file", part);
        assert!(form.is_replayable());
        let body = form.body("B").unwrap();
        assert!(std::str::from_utf8(body.as_bytes().unwrap()).unwrap().contains("name = \"intercom-runtime\""));

        let error = Part::file("no/such.csv").await.unwrap_err();
        assert!(error.is_request());
        assert_eq!(error.to_string(), "the file `no/such.csv` cannot be read: entity not found");
    }
}
