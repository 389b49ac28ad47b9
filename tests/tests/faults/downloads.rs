//! Downloads that are interrupted and resumed, stall, or are compressed, and their writers.

use std::io::Write as _;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use intercom_runtime::retry::TokenBucket;
use intercom_runtime::{RequestOptions, RetryPolicy};
use intercom_tests::scripted::{Act, Reply, Seen, Server};

use super::{GET, builder, call, client, clock, is_quiet, real_time};

/// A megabyte that does not repeat itself.
fn file() -> Vec<u8> {
    (0..1_000_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// Serves `file` with ranges, and closes the connection after 300,000 bytes of each response.
fn breaking(file: Vec<u8>, tag: &'static str) -> impl Fn(&Seen) -> Reply {
    move |seen| {
        let start = seen.header("range").map(|range| range.trim_start_matches("bytes=").trim_end_matches('-'));
        let start: usize = start.map_or(0, |start| start.parse().unwrap());
        let rest = &file[start..];
        let reply = Reply::new(if start == 0 { 200 } else { 206 })
            .header("content-length", rest.len())
            .header("content-range", format!("bytes {start}-{}/{}", file.len() - 1, file.len()))
            .header("accept-ranges", "bytes")
            .header("etag", tag);
        let mut bytes = reply.head().into_bytes();
        bytes.extend(&rest[..rest.len().min(300_000)]);
        Reply::raw(bytes)
    }
}

#[tokio::test]
async fn an_interrupted_download_is_resumed() {
    let server = Server::answering(breaking(file(), "\"v1\""));
    let mut download = call(&client(&server), &GET).download().await.unwrap();
    assert_eq!(download.len(), Some(1_000_000));
    let steps = Arc::new(Mutex::new(Vec::new()));
    let hook = steps.clone();
    download.on_progress(move |progress| hook.lock().unwrap().push(progress.received));
    assert!(download.bytes().await.unwrap() == file());

    let steps = steps.lock().unwrap();
    assert!(steps.is_sorted() && steps.last() == Some(&1_000_000));
    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    assert_eq!(seen[1].header("range"), Some("bytes=300000-"));
    assert_eq!(seen[1].header("if-range"), Some("\"v1\""));
    assert_eq!(seen[0].header("range"), None);
}

#[tokio::test]
async fn a_download_without_a_strong_validator_is_not_resumed() {
    for tag in ["W/\"weak\"", ""] {
        let server = Server::answering(breaking(file(), tag));
        let result = call(&client(&server), &GET).download().await.unwrap().bytes().await;
        assert!(result.unwrap_err().is_connection_lost());
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_download_with_a_range_of_the_caller_is_not_resumed() {
    // The server ignores the range of the request.
    for in_options in [false, true] {
        let server = Server::answering(|_| {
            Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\naccept-ranges: bytes\r\netag: \"1\"\r\n\r\nold")
        });
        let mut ranged = call(&client(&server), &GET);
        match in_options {
            true => ranged.options(RequestOptions::new().header("range", "bytes=5-")),
            false => ranged.header("Range", "bytes=5-"),
        }
        let result = ranged.download().await.unwrap().bytes().await;
        assert!(result.unwrap_err().is_connection_lost());
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn a_download_of_a_file_that_has_changed_is_not_resumed() {
    let broken = Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\naccept-ranges: bytes\r\netag: \"1\"\r\n\r\nold");
    let server = Server::start([broken, Reply::new(200).header("etag", "\"2\"").body("new file!")]);
    let error = call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(server.count(), 2);
}

/// A file of nine bytes whose download is interrupted after three, and the response to the request for the rest.
fn with_rest(head: &str, rest: Reply) -> Server {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: 9\r\naccept-ranges: bytes\r\n{head}\r\n\r\nold");
    Server::start([Reply::raw(head), rest])
}

fn part(range: &str, tag: &str, body: &str) -> Reply {
    Reply::new(206).header("content-range", range).header("etag", tag).body(body)
}

#[tokio::test]
async fn a_part_that_is_not_the_rest_of_the_same_file_is_refused() {
    for rest in [
        part("bytes 2-8/9", "\"1\"", "d file!"),
        part("bytes 3-8/9", "\"2\"", " file!"),
        part("bytes 3-8/9", "W/\"1\"", " file!"),
        Reply::new(206).header("content-range", "bytes 3-8/9").body(" file!"),
        part("bytes 3-9/10", "\"1\"", " file!!"),
        part("bytes 3-7/9", "\"1\"", " file"),
        part("bytes 3-8/*", "\"1\"", " file!"),
        part("bytes 10-zz", "\"1\"", " file!"),
        part("bytes 3-zz/9", "\"1\"", " file!"),
        part("bytes 3-8/9", "\"1\"", " file!").header("content-encoding", "gzip"),
        part("bytes 3-8/9", "\"1\"", " file!").header("content-range", "bytes 3-8/9"),
        Reply::new(206).header("etag", "\"1\"").body(" file!"),
    ] {
        let text = format!("{rest:?}");
        let server = with_rest("etag: \"1\"", rest);
        let error = call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap_err();
        assert!(error.is_connection_lost(), "{text}: {error:?}");
        assert_eq!(server.count(), 2);
    }
}

#[tokio::test]
async fn a_part_longer_than_its_range_is_refused_and_a_shorter_one_is_continued() {
    // A part that is too long and one that is too short. Both end with the connection, so HTTP does not detect the wrong length.
    let head = "HTTP/1.1 206 P\r\ncontent-range: bytes 3-8/9\r\netag: \"1\"\r\nconnection: close\r\n\r\n";
    // After the part that is too short, the client requests what is still missing, which is not in the script.
    for (body, is_lost, requests) in [(" file! and more", true, 2), (" fi", false, 3)] {
        let server = with_rest("etag: \"1\"", Reply::raw(format!("{head}{body}")));
        let error = call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap_err();
        assert_eq!((error.is_connection_lost(), server.count()), (is_lost, requests), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_date_identifies_a_file_only_if_it_is_old() {
    let modified = "last-modified: Tue, 14 Nov 2023 22:00:00 GMT";
    let rest = || {
        let rest = Reply::new(206).header("content-range", "bytes 3-8/9").body(" file!");
        rest.header("last-modified", "Tue, 14 Nov 2023 22:00:00 GMT")
    };
    let server = with_rest(&format!("{modified}\r\ndate: Tue, 14 Nov 2023 22:10:00 GMT"), rest());
    assert_eq!(&call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap()[..], b"old file!");
    assert_eq!(server.seen()[1].header("if-range"), Some("Tue, 14 Nov 2023 22:00:00 GMT"));
    for doubtful in [
        modified.to_owned(),
        format!("{modified}\r\ndate: Tue, 14 Nov 2023 22:00:00 GMT"),
        format!("{modified}\r\ndate: Tue, 14 Nov 2023 22:10:00 GMT\r\netag: W/\"1\""),
    ] {
        let server = with_rest(&doubtful, rest());
        let error = call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap_err();
        assert!(error.is_connection_lost(), "{doubtful}");
        assert_eq!(server.count(), 1, "{doubtful}");
    }
}

#[tokio::test]
async fn a_server_that_sends_a_byte_at_a_time_ends_the_download_and_not_the_budget() {
    let server = Server::answering(|seen| {
        let start = seen.header("range").map_or("0", |range| range.trim_start_matches("bytes=").trim_end_matches('-'));
        let start: usize = start.parse().unwrap();
        let reply =
            Reply::new(if start == 0 { 200 } else { 206 }).header("accept-ranges", "bytes").header("etag", "\"1\"");
        let reply = reply.header("content-range", format!("bytes {start}-999/1000"));
        Reply::raw(format!("{}x", reply.header("content-length", 1_000 - start).head()))
    });
    let bucket = Arc::new(TokenBucket::new(10));
    let policy = RetryPolicy::new().budget(bucket.clone());
    let client = builder(&server).clock(clock()).retry(policy).build().unwrap();
    for _ in 0..5 {
        let error = call(&client, &GET).download().await.unwrap().bytes().await.unwrap_err();
        assert!(error.is_connection_lost(), "{error:?}");
    }
    assert_eq!((server.count(), bucket.level()), (15, 10));
}

#[tokio::test]
async fn breaks_without_progress_end_the_download() {
    let broken = Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\naccept-ranges: bytes\r\netag: \"1\"\r\n\r\nold");
    let nothing =
        || Reply::raw("HTTP/1.1 206 P\r\ncontent-length: 6\r\ncontent-range: bytes 3-8/9\r\netag: \"1\"\r\n\r\n");
    let server = Server::start([broken, nothing(), nothing(), nothing(), nothing()]);
    let error = call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn an_interrupted_download_without_ranges_is_lost() {
    let server = Server::start([Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 9\r\netag: \"1\"\r\n\r\nold")]);
    let mut download = call(&client(&server), &GET).download().await.unwrap();
    assert_eq!(&download.next_chunk().await.unwrap().unwrap()[..], b"old");
    assert!(download.next_chunk().await.unwrap().unwrap_err().is_connection_lost());
    assert!(download.next_chunk().await.is_none(), "a stream ends after its error");
}

#[tokio::test]
async fn a_download_that_stalls_without_ranges_is_a_timeout() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nold".to_vec();
    let server = Server::start([Reply::acts([Act::Send(head), Act::Hang])]);
    let client = real_time(&server).attempt_timeout(Duration::from_millis(150)).build().unwrap();
    let error = call(&client, &GET).download().await.unwrap().bytes().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    is_quiet(&server).await;
}

#[tokio::test]
async fn a_slow_download_that_never_stalls_may_take_longer_than_an_attempt() {
    let body = Act::Drip { bytes: b"0123456789".to_vec(), size: 1, every: Duration::from_millis(40) };
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n".to_vec();
    let server = Server::start([Reply::acts([Act::Send(head), body])]);
    let client = real_time(&server).attempt_timeout(Duration::from_millis(200)).build().unwrap();
    assert_eq!(&call(&client, &GET).download().await.unwrap().bytes().await.unwrap()[..], b"0123456789");
}

#[tokio::test]
async fn failures_before_the_first_byte_are_tried_again() {
    let server = Server::start([Reply::new(503), Reply::raw("nonsense"), Reply::new(200).body("file")]);
    assert_eq!(&call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap()[..], b"file");
    assert_eq!(server.count(), 3);
}

#[tokio::test]
async fn a_file_on_another_server_is_downloaded_without_the_token() {
    let files = Server::start([Reply::new(200).body("audio")]);
    let server = Server::start([Reply::new(302).header("location", format!("{}/a.mp3", files.url()))]);
    assert_eq!(&call(&client(&server), &GET).download().await.unwrap().bytes().await.unwrap()[..], b"audio");
    assert_eq!(files.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_download_larger_than_the_bound_is_not_kept_in_memory() {
    let server = Server::answering(|_| Reply::new(200).body(file()));
    let client = builder(&server).max_body(100_000).build().unwrap();
    assert!(call(&client, &GET).download().await.unwrap().bytes().await.unwrap_err().is_too_large());
    let mut kept = Vec::new();
    assert_eq!(call(&client, &GET).download().await.unwrap().write_to(&mut kept).await.unwrap(), 1_000_000);
    assert!(kept == file());
}

#[tokio::test]
async fn gzip_is_decompressed_on_request_only() {
    // Two members, as in a file to which another gzip file was appended.
    let packed = [gzip(b"first,"), gzip(b"second")].concat();
    let sent = packed.clone();
    let server = Server::answering(move |_| Reply::new(200).body(sent.clone()));
    let client = client(&server);
    assert!(call(&client, &GET).download().await.unwrap().bytes().await.unwrap() == packed);
    let text = call(&client, &GET).download().await.unwrap().gunzip().bytes().await.unwrap();
    assert_eq!(&text[..], b"first,second");
}

#[tokio::test]
async fn gzip_that_is_padded_with_zeros_is_whole() {
    let packed = [gzip(b"first,"), gzip(b"second"), vec![0; 10_000]].concat();
    let sent = packed.clone();
    let server = Server::answering(move |_| Reply::new(200).body(sent.clone()));
    let text = call(&client(&server), &GET).download().await.unwrap().gunzip().bytes().await.unwrap();
    assert_eq!(&text[..], b"first,second");
    let more = [packed, gzip(b"third")].concat();
    let server = Server::answering(move |_| Reply::new(200).body(more.clone()));
    let error = call(&client(&server), &GET).download().await.unwrap().gunzip().bytes().await.unwrap_err();
    assert!(error.is_decode(), "{error:?}");
}

#[tokio::test]
async fn gzip_that_is_broken_is_an_error() {
    let whole = gzip(&file());
    let mut changed = whole.clone();
    let last = changed.len() - 5;
    changed[last] ^= 0xff;
    for bad in [b"not gzip at all".to_vec(), whole[..whole.len() / 2].to_vec(), changed] {
        let server = Server::start([Reply::new(200).body(bad)]);
        let error = call(&client(&server), &GET).download().await.unwrap().gunzip().bytes().await.unwrap_err();
        assert!(error.is_decode(), "{error:?}");
        assert!(std::error::Error::source(&error).is_some());
    }
}

#[tokio::test]
async fn a_decompression_bomb_in_a_file_is_bounded() {
    let bomb = gzip(&vec![0; 200 << 20]);
    assert!(bomb.len() < 2 << 20);
    let server = Server::answering(move |_| Reply::new(200).body(bomb.clone()));
    let client = builder(&server).max_body(1 << 20).build().unwrap();
    assert!(call(&client, &GET).download().await.unwrap().gunzip().bytes().await.unwrap_err().is_too_large());
    let mut unpacked = call(&client, &GET).download().await.unwrap().gunzip();
    let mut total = 0;
    while let Some(chunk) = unpacked.next_chunk().await {
        let chunk = chunk.unwrap();
        assert!(chunk.len() <= 8 << 20, "{} bytes at once", chunk.len());
        total += chunk.len();
    }
    assert_eq!(total, 200 << 20);
}

/// Takes some bytes and then no more.
struct FullDisk(usize);

impl tokio::io::AsyncWrite for FullDisk {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        if self.0 == 0 {
            return Poll::Ready(Err(std::io::ErrorKind::StorageFull.into()));
        }
        let count = bytes.len().min(self.0);
        self.0 -= count;
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_writer_that_fails_ends_the_download() {
    let server = Server::answering(|_| Reply::new(200).body(file()));
    let download = call(&client(&server), &GET).download().await.unwrap();
    let error = download.write_to(&mut FullDisk(1_000)).await.unwrap_err();
    assert!(error.is_io() && !error.is_connection_lost(), "{error:?}");
    let source = std::error::Error::source(&error).unwrap().downcast_ref::<std::io::Error>().unwrap();
    assert_eq!(source.kind(), std::io::ErrorKind::StorageFull);
    is_quiet(&server).await;
}
