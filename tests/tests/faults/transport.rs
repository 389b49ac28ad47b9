//! Transports, renewed tokens, compressed responses, and the effects of the crate on a program.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use intercom_runtime::transport::{
    Body, BoxError, BoxFuture, HttpTransport, ReqwestTransport, Transport, TransportFuture,
};
use intercom_runtime::{Client, ClientBuilder, Multipart, RequestOptions, Token, TokenSource, multipart::Part};
use intercom_tests::scripted::{Reply, Server};

use super::{GET, POST, builder, call, client, send};

#[test]
fn reqwest_without_tls_works_beside_this_crate() {
    // This panics where a crate of the program enables `reqwest/rustls-no-provider`.
    let _ = reqwest::Client::new();
}

#[tokio::test]
async fn two_hundred_clients_share_one_pool() {
    let server = Server::answering(|_| Reply::json("{}"));
    let transport = HttpTransport::builder().max_idle_per_host(4).build().unwrap();
    for number in 0..200 {
        let client: Client =
            builder(&server).token(format!("token-{number}")).transport(transport.clone()).build().unwrap();
        send(&client, &GET).await.unwrap();
    }
    assert_eq!((server.count(), server.accepted()), (200, 1));
    assert_eq!(server.seen()[199].header("authorization"), Some("Bearer token-199"));
}

#[tokio::test]
async fn a_client_of_reqwest_can_be_brought_along() {
    let server = Server::start([Reply::new(503), Reply::json(r#"{"a":1}"#)]);
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let client = builder(&server).clock(super::clock()).transport(ReqwestTransport::new(http)).build().unwrap();
    let (value, attempts) = send(&client, &GET).await.unwrap();
    assert_eq!((value["a"].as_u64(), attempts), (Some(1), 2));
}

#[tokio::test]
async fn a_proxy_that_was_set_is_used_and_only_for_what_leaves_the_machine() {
    let proxy = Server::answering(|seen| Reply::json("{}").header("x-target", &seen.target));
    let url = proxy.url().replace("http://", "http://joe:pass@");
    let transport = HttpTransport::builder().proxy(url).build().unwrap();
    let builder =
        |base: &str| ClientBuilder::for_version("2.15", "t/1").token("sesame").base_url(base).allow_http(true);
    let away: Client = builder("http://api.example").transport(transport.clone()).build().unwrap();
    send(&away, &GET).await.unwrap();
    let seen = proxy.seen();
    assert_eq!(seen[0].target, "http://api.example/things/1");
    assert_eq!(seen[0].header("proxy-authorization"), Some("Basic am9lOnBhc3M="));

    let home = Server::start([Reply::json("{}")]);
    let client: Client = builder(&home.url()).transport(transport.clone()).build().unwrap();
    send(&client, &GET).await.unwrap();
    assert_eq!((home.count(), proxy.count()), (1, 1));

    // Through a tunnel, the proxy does not see the token.
    let secure: Client = builder("https://api.example").transport(transport).clock(super::clock()).build().unwrap();
    assert!(send(&secure, &POST).await.unwrap_err().is_connect());
    let seen = proxy.seen();
    assert_eq!((seen[1].method.as_str(), seen[1].target.as_str()), ("CONNECT", "api.example:443"));
    assert_eq!(seen[1].header("authorization"), None);
}

/// Forwards requests, and records their addresses.
#[derive(Debug)]
struct Log<T>(T, Arc<Mutex<Vec<String>>>);

impl<T: Transport> Transport for Log<T> {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        self.1.lock().unwrap().push(format!("{} {}", request.method(), request.uri().path()));
        self.0.send(request)
    }
}

#[tokio::test]
async fn the_default_transport_can_be_wrapped() {
    let server = Server::answering(|_| Reply::json("{}"));
    let lines = Arc::default();
    let log = Log(HttpTransport::builder().build().unwrap(), Arc::clone(&lines));
    let client = builder(&server).transport(log).build().unwrap();
    send(&client, &GET).await.unwrap();
    send(&client, &POST).await.unwrap();
    assert_eq!(*lines.lock().unwrap(), ["GET /things/1", "POST /things"]);
}

/// Provides the token `old`, and `new` when that is refused.
#[derive(Default)]
struct Rotating {
    asked: AtomicUsize,
    renewed: AtomicUsize,
    fails: bool,
}

impl TokenSource for Rotating {
    fn token(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            if self.fails {
                return Err("the store of secrets is closed".into());
            }
            let current = if self.renewed.load(Ordering::SeqCst) == 0 { "old-token" } else { "new-token" };
            Ok(Token::new(current)?)
        })
    }

    fn renew<'a>(&'a self, refused: &'a Token) -> BoxFuture<'a, Result<Token, BoxError>> {
        assert_eq!(*refused, Token::new("old-token").unwrap());
        self.renewed.fetch_add(1, Ordering::SeqCst);
        self.token()
    }
}

/// Accepts `new-token` only.
fn strict() -> Server {
    Server::answering(|seen| match seen.header("authorization") {
        Some("Bearer new-token") => Reply::json("{}"),
        _ => Reply::new(401),
    })
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_for_every_method() {
    for endpoint in [&GET, &POST] {
        let (server, source) = (strict(), Arc::new(Rotating::default()));
        let client = builder(&server).clock(super::clock()).token_source(source.clone()).build().unwrap();
        assert_eq!(send(&client, endpoint).await.unwrap().1, 2);
        assert_eq!(send(&client, endpoint).await.unwrap().1, 1);
        assert_eq!((server.count(), source.renewed.load(Ordering::SeqCst)), (3, 1));
    }
}

#[tokio::test]
async fn a_401_is_not_retried_if_the_token_cannot_be_renewed() {
    // A fixed token.
    let server = strict();
    assert!(send(&client(&server), &GET).await.unwrap_err().is_unauthorized());
    assert_eq!(server.count(), 1);

    // The fresh token is refused, too.
    let server = Server::answering(|_| Reply::new(401));
    let source = Arc::new(Rotating::default());
    let client = builder(&server).clock(super::clock()).token_source(source.clone()).build().unwrap();
    assert!(send(&client, &POST).await.unwrap_err().is_unauthorized());
    assert_eq!((server.count(), source.renewed.load(Ordering::SeqCst)), (2, 1));

    // A call with a token of its own.
    let server = strict();
    let client = builder(&server).token_source(Rotating::default()).build().unwrap();
    let mut own = call(&client, &GET);
    own.options(RequestOptions::new().header("authorization", "Bearer another"));
    assert!(own.send_empty().await.unwrap_err().is_unauthorized());
    assert_eq!(server.count(), 1);

    // A body that can be sent once.
    let server = strict();
    let client = builder(&server).token_source(Rotating::default()).build().unwrap();
    let mut form = call(&client, &POST);
    form.multipart(Multipart::new().part("file", Part::stream(Box::pin(Body::from("content")), Some(7))));
    assert!(form.send_empty().await.unwrap_err().is_unauthorized());
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_source_without_a_token_fails_the_call_before_it_is_sent() {
    let server = strict();
    let source = Rotating { fails: true, ..Rotating::default() };
    let client = builder(&server).clock(super::clock()).token_source(source).build().unwrap();
    let error = send(&client, &GET).await.unwrap_err();
    assert!(error.is_token() && !error.is_request(), "{error:?}");
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "the store of secrets is closed");
    assert_eq!(server.count(), 0);
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn compressed(body: Vec<u8>) -> Reply {
    Reply::json(body).header("content-encoding", "gzip")
}

#[tokio::test]
async fn compressed_answers_are_asked_for_and_decoded() {
    let server = Server::answering(|seen| match seen.method.as_str() {
        "GET" => compressed(gzip(br#"{"a":"b"}"#)),
        _ => compressed(gzip(br#"{"errors":[{"code":"not_found"}]}"#)).with_status(404),
    });
    let client = client(&server);
    assert_eq!(send(&client, &GET).await.unwrap().0["a"], "b");
    assert_eq!(send(&client, &POST).await.unwrap_err().code().unwrap().as_str(), "not_found");
    assert_eq!(server.seen()[0].header("accept-encoding"), Some("gzip"));

    // The header of a caller takes precedence, and downloads are not decompressed.
    let mut own = call(&client, &GET);
    own.options(RequestOptions::new().header("accept-encoding", "identity"));
    own.send_raw().await.unwrap();
    assert_eq!(server.seen()[2].header("accept-encoding"), Some("identity"));
    let file = call(&client, &GET).download().await.unwrap().bytes().await.unwrap();
    assert_eq!(server.seen()[3].header("accept-encoding"), None);
    assert!(file == gzip(br#"{"a":"b"}"#));
}

#[tokio::test]
async fn a_decompression_bomb_in_a_response_is_refused() {
    let bomb = gzip(&vec![b' '; 200 << 20]);
    let server = Server::answering(move |_| compressed(bomb.clone()));
    let client = builder(&server).max_body(1 << 20).build().unwrap();
    assert!(send(&client, &GET).await.unwrap_err().is_too_large());
}

#[tokio::test]
async fn a_compressed_answer_that_is_cut_off_is_lost() {
    let whole = gzip(br#"{"a":"b"}"#);
    let cut = whole[..whole.len() - 6].to_vec();
    let server = Server::answering(move |_| compressed(cut.clone()));
    let error = send(&client(&server), &POST).await.unwrap_err();
    assert!(error.is_connection_lost(), "{error:?}");
    assert_eq!(server.count(), 1, "a POST is not repeated");
}

/// Answers every request with a redirect.
#[derive(Debug)]
struct Redirects(&'static str);

impl Transport for Redirects {
    fn send(&self, request: http::Request<Body>) -> TransportFuture<'_> {
        let is_first = request.uri().host() == Some("api.intercom.io");
        Box::pin(async move {
            assert!(is_first, "the redirect was followed");
            Ok(http::Response::builder().status(302).header("location", self.0).body(Body::empty()).unwrap())
        })
    }
}

#[tokio::test]
async fn a_public_server_cannot_redirect_to_loopback_or_link_local_addresses() {
    for location in
        ["https://169.254.169.254/latest/meta-data", "https://localhost/", "https://[::1]:8443/", "//127.1/"]
    {
        let builder = ClientBuilder::for_version("2.15", "t/1").token("sesame").timeout(Duration::from_secs(5));
        let client: Client = builder.transport(Redirects(location)).build().unwrap();
        let error = send(&client, &GET).await.unwrap_err();
        assert!(error.is_redirect(), "{location}: {error:?}");
    }
}
